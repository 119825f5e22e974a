"""Does each cluster's page show its score, its warning signs, who owns its assets in the end, and how firm it is?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.analysis.clusters import ClusterParameters
from kg.analysis.clusters.score import HALF_POINTS_AT, MAX_POINTS
from kg.findings import Cluster, Member, Stability, StabilityTrial, Tie
from kg.operations.questions.clusters import compute_cluster_details, find_clusters
from kg.records import Record, UnreadValue, link_id, node_id
from kg.reports.cluster_report.model import ClusterSection, Report, ReportParameters
from kg.reports.cluster_report.report import build_report
from kg.reports.cluster_report.sections.network import lines_of_ties, network_diagram
from kg.reports.cluster_report.sections.stability import cluster_stability
from kg.reports.context import load_context, report_graph
from kg.reports.phrases import SCORE_PARTS
from kg.reports.render.markdown import html_to_markdown
from tests.stores import store
from tests.unit.reports.example_case import link, load_source, node
from tests.unit.reports.renderings import render_clusters


def unread(record: Record, name: str, words: str) -> Record:
    return replace(record, not_understood=(UnreadValue(name, name, words),))


CASE = [
    node("ann", name="Ann Example"),
    node("kin", name="Kin Example"),
    node("acme", "Enterprise", name="Acme"),
    node("bolt", "Enterprise", name="Bolt"),
    node("yacht", "Vessel", name="Yacht"),
    unread(node("flat", "RealEstate", name="Flat"), "valuation", "a fortune"),
    node("w", "Warrant", number="W-1", issued_on="2001-01-01"),
    link("ann SOUGHT_UNDER w"),
    link("kin FAMILY_OF ann", relation="child"),
    link("ann OWNS acme", share="40..60"),
    unread(link("acme OWNS bolt", share="100"), "share", "150"),
    link("bolt OWNS acme", share="10"),
    link("bolt OWNS yacht", share="50"),
    link("ann OWNS flat", end_date="2005-03-01", start_date="2000"),
    link("kin OWNS flat", start_date="2005-03-02", share="100"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    from kg.ontology import load_ontology
    from kg.stores.sqlite.store import SqliteStore

    path: Path = tmp_path_factory.mktemp("studied") / "graph.sqlite"
    load_source(path, "register", CASE[:-2])
    load_source(path, "land", CASE[-2:])
    with SqliteStore(path, load_ontology()) as store:
        found = find_clusters(store, ClusterParameters())
        studied = compute_cluster_details(store, found, 5, ClusterParameters())
        return build_report(report_graph(store), found, ReportParameters("2024-06-01"), studied)


@pytest.fixture(scope="module")
def page(report: Report) -> ClusterSection:
    return report.clusters[0]


def test_signs_have_names_sources_base_rate_and_innocent_explanations(page: ClusterSection) -> None:
    assert [s.indicator for s in page.signs] == ["circular_holding", "moved_away"]
    circle, moved = page.signs
    assert circle.seen[0].about in (("Acme", "Bolt"), ("Bolt", "Acme"))
    assert set(moved.seen[0].about) == {"Flat", "Ann Example", "Kin Example"}
    assert moved.seen[0].says.startswith("to kin on 2005-03-02")
    assert {e.sources for b in moved.seen[0].because for e in b.evidence} == {("land",), ("register",)}
    assert moved.base_rate == "1 of 1 clusters where it can be seen; in all of them somebody is sought"
    assert len(moved.innocent) == 3 and moved.basis


def test_ownership_is_an_interval_for_benefit_and_title_with_its_chain(page: ClusterSection) -> None:
    told = {(o.person, o.asset): (o.role, o.beneficial.low, round(o.beneficial.high, 1), o.through) for o in page.owned}
    assert told == {
        ("Kin Example", "Flat"): ("relative", 100, 100, ()),
        ("Ann Example", "Yacht"): ("sought", 22.2222, 33.3, ("Acme", "Bolt")),
    }


def test_what_was_not_understood_stands_beside_ownership_and_values_and_in_a_list(report: Report) -> None:
    share = "register says share “150” of Bolt for Acme, which was not understood"
    value = "register says valuation “a fortune” of Flat, which was not understood"
    found = {(entry.bears_on, entry.text) for entry in report.clusters[0].not_understood}
    assert found == {("ownership", share), ("values", value)}
    assert report.figures.not_counted == 1
    assert [row.not_understood for row in report.sources if row.name == "register"] == [2]
    for text in (page := render_clusters(report), html_to_markdown(page)):
        assert f"Not counted: {share}." in text
        assert text.count(share) == 2
        assert value in text


def test_it_is_told_who_falls_off_and_what_a_source_carries(page: ClusterSection) -> None:
    assert {b.text.partition(",")[0]: b.falls_off for b in page.bridges}["Bolt owns Yacht"] == ("Yacht",)
    assert page.firmness is not None
    lost = {t.what: t.leave for t in page.firmness.changes}
    assert "Flat" in lost["without the source land"]


def test_a_source_that_carries_a_cluster_is_named_and_the_others_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load_source(path, "all", CASE)
    with store(path) as opened:
        (cluster,) = find_clusters(opened, ClusterParameters()).clusters
        everybody = tuple(member.id for member in cluster.members)
        shifts = (
            StabilityTrial("without the source all", 0.0, everybody, ()),
            StabilityTrial("weight of control × 0.8", 0.9, everybody[:1], ()),
        )
        told = cluster_stability(
            load_context(report_graph(opened), everybody), cluster, Stability(cluster.id, 13, 0.0, (), shifts)
        )
    assert told is not None
    assert (told.carried_by, told.tried, told.stay, told.least_kept) == (("all",), 12, len(everybody) - 1, "90%")


def test_the_score_is_the_sum_of_its_parts_and_the_words_about_it_are_true(page: ClusterSection) -> None:
    assert page.score is not None
    assert page.score.total == pytest.approx(sum(t.points for t in page.score.terms))
    assert {name: most for name, most, _ in SCORE_PARTS} == MAX_POINTS
    assert all(f"n / (n + {HALF_POINTS_AT[name]:g})" in said for name, _, said in SCORE_PARTS if name in HALF_POINTS_AT)


def test_both_pages_show_it_in_neutral_words(report: Report) -> None:
    for shown in (page := render_clusters(report), html_to_markdown(page)):
        assert "is no measure of guilt" in shown
        assert (
            "A red flag is a reason to look" in shown or "A red flag is a reason to look, and proves nothing" in shown
        )
        assert "Marriage, divorce, inheritance" in shown
        assert "Ultimate beneficial ownership" in shown
        assert "22.22 to 33.33 %" in shown
        assert "Robustness" in shown
    assert {i.name for i in report.indicators} >= {"circular_holding", "moved_away", "shell_layers"}


def test_no_arrow_shows_money_that_a_source_states_as_a_refund(tmp_path: Path) -> None:
    records = [
        node("ann", name="Ann Example"),
        *(node(key, "Enterprise", name=key.title()) for key in ("acme", "bolt")),
        link("ann PAID acme", amount="-5 EUR"),
        link("ann PAID bolt", key="in", amount="5 EUR"),
        link("ann PAID bolt", key="out", amount="-5 EUR"),
        link("ann OWNS acme", key="sold", end_date="2019-01-01"),
        link("ann CONTROLS acme", key="left", status="former"),
    ]
    load_source(tmp_path / "graph.sqlite", "bank", records)
    types = {"ann": "Person", "acme": "Enterprise", "bolt": "Enterprise"}
    members = tuple(Member(node_id("test", key), kind, "counterparty", ()) for key, kind in types.items())
    ann, acme, bolt = (member.id for member in members)
    paid = (("ann PAID acme", acme), ("in", bolt), ("out", bolt))
    ties = (
        *(Tie(link_id("test", key, ""), "PAID", ann, head, 1) for key, head in paid),
        *(Tie(link_id("test", key, ""), kind, ann, acme, 1) for key, kind in (("sold", "OWNS"), ("left", "CONTROLS"))),
    )
    cluster = Cluster("c1", "Cluster 1", members, ties, (), ())
    with store(tmp_path / "graph.sqlite") as opened:
        graph = report_graph(opened)
        lines = network_diagram(load_context(graph, [ann, acme, bolt]), cluster, lines_of_ties(graph, cluster)).lines
    refund = "paid a negative amount (stated with a minus)"
    assert {(line.head, line.kind, line.label, line.directed) for line in lines} == {
        (acme, "other", refund, False),
        (bolt, "payment", "paid", True),
        (bolt, "other", refund, False),
        (acme, "ownership", "owned until 2019-01-01", True),
        (acme, "control", "controlled until an unknown day", True),
    }
    assert {line.kind for line in lines if line.is_over} == {"ownership", "control"}

"""Does the page of a cluster tell payments from and to outside? Everybody in it is invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kg.analysis.clusters import COLUMNS, asset_clusters
from kg.ontology import load_ontology
from kg.records import Provenance
from kg.reports.cluster_report.model import ReportParameters
from kg.reports.cluster_report.report import build_report
from kg.reports.context import report_graph
from kg.reports.render.files import render_cluster_html
from kg.stores.sqlite.store import SqliteStore
from tests.unit.reports.example_case import link, load_source, node

CASE = [
    node("ann", name="Ann Invented"),
    node("flat", "RealEstate", name="Flat 9"),
    node("fund", "Enterprise", name="Fund Invented"),
    node("shop", "Enterprise", name="Shop Invented"),
    node("far", "Enterprise", name="Far Invented"),
    link("ann OWNS flat"),
    link("fund PAID ann", "p1", amount="250000 EUR", date="2023-05-01", said=Provenance(reliability="B")),
    link("fund PAID ann", "p2", amount="50000 EUR", date="2023-06-01"),
    link("fund PAID ann", "p3", amount="1000 EUR", date="2030-06-01"),
    link("ann PAID shop", "p4", amount="900 CAD", date="2022"),
    link("fund PAID far", "p5", amount="7000000 EUR", date="2022"),
]


def test_payments_across_the_border_are_summed_drawn_and_on_the_timeline(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load_source(path, "bank", CASE)
    with SqliteStore(path, load_ontology()) as store:
        found = asset_clusters(store.view(COLUMNS))
        inside = {store.resolve("test:ann"), store.resolve("test:flat")}
        members = tuple(m for m in found.clusters[0].members if m.id in inside)  # as if the others had other ties
        clusters = replace(found, clusters=(replace(found.clusters[0], members=members),))
        graph = report_graph(store, "2024-06-03")
        made = build_report(graph, clusters, ReportParameters("2024-06-03"))
    (section,) = (c for c in made.clusters if any(a.name == "Flat 9" for a in c.assets))
    assert "Fund Invented" not in {e.name for e in section.enterprises}
    assert [(o.direction, o.outside, o.currency, o.total, o.payments, o.first, o.last) for o in section.outside] == [
        ("from", "Fund Invented", "EUR", "300000", 2, "2023-05-01", "2023-06-01"),
        ("to", "Shop Invented", "CAD", "900", 1, "2022", "2022"),
    ]
    told = [event.date for event in section.timeline.events if event.what == "payment"]
    assert told == ["2022", "2023-05-01", "2023-06-01"]
    drawn = {node.name: node.role for node in section.picture.nodes}
    assert (drawn["Fund Invented"], drawn["Shop Invented"]) == ("outside the cluster", "outside the cluster")
    assert "Far Invented" not in drawn
    assert ("Payments", (("2022", 1), ("2023", 2))) in [
        (line.name, tuple((str(y), n) for y, n in line.years)) for line in made.figures.events
    ]
    assert "Payments from and to outside" in render_cluster_html(made, section, "index.html")


def test_a_page_names_posts_victims_and_the_state_asked(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    said = [node("office", "Agency", name="Harbour Office"), link("ann HELD_POST_AT office", role="director")]
    said += [node("o", "Offence", name="fraud of 2004"), link("ann ACCUSED_OF o", stage="charged")]
    said += [link("office VICTIM_OF o"), node("r", "Request", number="RQ-1", sent_to="CH", sent_on="2023")]
    said += [node("again", "Offence", name="fraud of 2004"), link("ann ACCUSED_OF again", stage="cleared")]
    said += [node("mill", "Agency", name="Mill Office"), link("mill VICTIM_OF again")]
    load_source(path, "court", [*CASE[:2], CASE[5], *said, link("r TARGETS flat")])
    with SqliteStore(path, load_ontology()) as store:
        clusters = asset_clusters(store.view(COLUMNS))
        made = build_report(report_graph(store, "2024-06-03"), clusters, ReportParameters("2024-06-03"))
    (section,) = made.clusters
    page = render_cluster_html(made, section, "index.html")
    (ann,) = (person for person in section.people if person.name == "Ann Invented")
    assert [s.text for s in (*ann.victims, *ann.posts)] == [
        "Harbour Office is a victim of fraud of 2004",
        "Ann Invented held a post at Harbour Office, role: director",
    ]
    assert all(s.text in page for s in (*ann.victims, *ann.posts))
    assert "to Switzerland" in section.assets[0].measures[0]

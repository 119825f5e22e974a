"""Does the report say what the graph says, with who says it?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.findings.counts import plural
from kg.records import Provenance, node_id
from kg.reports import phrases
from kg.reports.cluster_report.model import (
    ClusterSection,
    ClusterTableRow,
    NamedCount,
    Report,
    ReportParameters,
)
from kg.reports.cluster_report.report import ALL_INVENTED, SOME_INVENTED, build_report
from kg.reports.cluster_report.sections.jurisdictions import JurisdictionMemberCounts
from kg.reports.context import report_graph
from kg.reports.entries import AssetEntry, EvidenceEntry, PartyEntry
from kg.reports.entries import ContradictingValue as SaidValue
from kg.reports.render.files import render_html, render_json
from tests.stores import store
from tests.unit.reports import example_case
from tests.unit.reports.example_case import DAY, example_clusters, link, node, small_cluster
from tests.unit.reports.renderings import render_markdown

PARAMETERS = ReportParameters("2024-06-01", limit=1)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return _report(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def page(report: Report) -> ClusterSection:
    return report.clusters[0]


def test_the_head_counts_what_the_graph_has(report: Report) -> None:
    figures = report.figures
    assert (figures.people_sought, figures.sought_in_clusters, figures.people_cleared) == (1, 1, 1)
    assert (figures.clusters, figures.clusters_shown, figures.assets, figures.enterprises) == (2, 1, 5, 2)
    assert (figures.contradictions, figures.sources) == (2, 5)
    assert [(c.name, c.number) for c in figures.assets_by_status] == [
        ("identified, not restrained", 3),
        ("said to be proceeds of an offence", 1),
    ]
    assert figures.assets_by_jurisdiction == (NamedCount("Canada", 2), NamedCount("PA", 1))
    assert {lane.name: lane.years[-1] for lane in figures.events} == {
        "Acts of authorities": (2015, 1),
        "Holdings begun or ended": (1999, 1),
    }


def test_a_sought_person_is_told_with_issuer_day_and_kind_of_paper(page: ClusterSection) -> None:
    assert [phrases.pursuit(p) for p in _person(page, "ye").pursuits] == [
        "Sought by Harbour City Prosecutor (China) since 1998-11-03 under warrant W-1998-17.",
        "Sought by INTERPOL since 2005-02 under red notice A-17/2005.",
        "Sought by China since 2015-04-22 under list entry 5 (The hundred).",
    ]


def test_a_person_cleared_is_told_by_whom_and_when(page: ClusterSection) -> None:
    person = _person(page, "mo")
    assert (person.sought, person.procedural_status) == (False, "cleared")
    assert [phrases.clearance(c) for c in person.cleared] == [
        "Cleared by Harbour City Court on 2012-05-01: embezzlement from Harbour Steel.",
        "Cleared by INTERPOL on 2012-05-01: red notice A-18/2005.",
    ]
    assert (person.listed_pursuits, person.listed_accusations) == ((), ())


def test_each_voice_accuses_for_itself(page: ClusterSection) -> None:
    said = [(phrases.accusation(a), a.evidence.sources) for a in _person(page, "ye").accusations]
    assert said == [
        ("Charged by Harbour City Prosecutor since 1998-11-03: embezzlement from Harbour Steel.", ("office",)),
        ("Alleged by The Harbour Post, on an unknown day: embezzlement from Harbour Steel.", ("press",)),
    ]


def test_a_relative_is_said_not_to_be_accused(page: ClusterSection) -> None:
    kin = _person(page, "kin")
    assert (kin.role, kin.note, kin.procedural_status) == ("relative", "Not accused in these sources.", "")
    assert [s.text for s in kin.because] == ["Ye Min is daughter of Ye Shuming, as stated"]
    assert [p.note for p in page.people if p.id != kin.id] == ["", ""]


def test_facts_about_protection_are_nowhere(report: Report) -> None:
    for text in (render_html(report), render_markdown(report), render_json(report).decode()):
        assert "asylum" not in text
        assert "status in" not in text


def test_protected_facts_stay_out_even_from_a_store_that_shows_them(tmp_path: Path) -> None:
    hidden = link("ye OWNS flat", said=Provenance(handling="protected"))
    example_case.load_source(tmp_path / "a.sqlite", "whistle", [hidden])
    example_case.load_example(tmp_path / "a.sqlite")
    with store(tmp_path / "a.sqlite", protected=True) as opened:
        text = render_json(build_report(report_graph(opened), example_clusters(opened), PARAMETERS)).decode()
    assert "asylum" not in text
    assert "Ye Shuming owns Flat 9" not in text


def test_an_enterprise_shows_what_ties_it_to_the_others_strongest_first(page: ClusterSection) -> None:
    acme = next(e for e in page.enterprises if e.name == "Acme Holdings Ltd")
    assert [s.text for s in acme.because] == [
        "Mo Lan directs Acme Holdings Ltd, from 1999-02",
        "Ye Shuming owns Acme Holdings Ltd, 51 %",
        "Acme Holdings Ltd owns Bolt [Trading] `Ltd`, 100 %",
        "Bolt [Trading] `Ltd` owns Acme Holdings Ltd, 49 %",
    ]
    stated = [(d.label, d.values, [e.sources for e in who]) for d in acme.details for who in d.evidence]
    assert stated == [
        ("registration number", ("0099",), [("registry",)]),
        ("incorporation date", ("1999-02",), [("registry",)]),
    ]


def test_an_asset_shows_holder_worth_place_measure_and_allegation(page: ClusterSection) -> None:
    flat = _asset(page, "flat")
    assert [s.text for s in flat.held_by] == ["Ye Min owns Flat 9, 1 Quay Road, 100 %, legal interest"]
    assert [phrases.value(v) for v in flat.values] == [
        "CAD 900,000 (purchase, 2001-06-01)",
        "CAD 1,200,000 to 1,500,000 (market, 2014)",
    ]
    assert [phrases.where(w) for w in flat.where] == ["address in Canada, 1 Quay Road"]
    assert flat.measures == ("freeze by Supreme Court (Canada), ordered 2012-03-04, executed 2012-03-05, lifted 2014",)
    assert [(s.text, s.evidence[0].grade) for s in flat.proceeds] == [
        ("Flat 9, 1 Quay Road is said to be proceeds of embezzlement from Harbour Steel, converted", "C3")
    ]


def test_a_code_of_a_jurisdiction_that_nobody_names_stands_for_itself(page: ClusterSection) -> None:
    assert [phrases.where(w) for w in _asset(page, "yacht").where] == ["flag PA"]


def test_values_are_added_up_within_one_currency_and_kind_only(page: ClusterSection) -> None:
    shown = [(phrases.amount(t.low, t.high), plural(t.assets, t.of), t.first, t.last, t.note) for t in page.totals]
    assert [(t.currency, t.kind, *said) for t, said in zip(page.totals, shown, strict=True)] == [
        ("CAD", "market", "2,000,000 to 2,300,000", "2 assets", "2012-03", "2014", "adds up values of different dates"),
        ("CAD", "purchase", "900,000", "1 asset", "2001-06-01", "2001-06-01", ""),
        ("CAD", "court", "5,000,000", "1 enterprise", "2013", "2013", ""),
        ("USD", "amount", "20,000", "1 asset", "2013-01-07", "2013-01-07", ""),
    ]


def test_every_value_is_listed_with_its_date_and_source(page: ClusterSection) -> None:
    assert [(v.asset, v.when, v.evidence[0].sources) for v in page.values] == [
        ("Flat 9, 1 Quay Road", "2001-06-01", ("registry",)),
        ("Flat 9, 1 Quay Road", "2014", ("registry",)),
        ("House at Elm Row", "2012-03", ("registry",)),
        ("Cash in a locker", "2013-01-07", ("press",)),
        ("Acme Holdings Ltd", "2013", ("registry",)),
    ]


def test_jurisdictions_count_each_sort_of_member(page: ClusterSection) -> None:
    assert page.jurisdictions == (
        JurisdictionMemberCounts("CA", "Canada", 1, 1, 0, 2),
        JurisdictionMemberCounts("CN", "China", 1, 0, 0, 0),
        JurisdictionMemberCounts("JE", "JE", 0, 0, 1, 0),
        JurisdictionMemberCounts("PA", "PA", 0, 0, 0, 1),
    )


def test_ties_are_told_with_every_voice_and_copies_of_one_origin_count_once(page: ClusterSection) -> None:
    cash = next(t for t in page.ties if "Cash" in t.text)
    assert cash.text == "Ye Shuming owns Cash in a locker"
    voice = EvidenceEntry(("mirror", "press"), "wire report 7", "C", "3", "2016-01", DAY, "", "open", True)
    assert (cash.evidence, cash.evidence[0].copy_count) == ((voice,), 1)
    assert [t.weight for t in page.ties[:2]] == ["1", "0.9"]


def test_bridges_and_circular_holdings_are_told(page: ClusterSection) -> None:
    assert len(page.bridges) == 8
    assert page.circular == (("Acme Holdings Ltd", "Bolt [Trading] `Ltd`"),)


def test_contradictions_say_who_says_what(page: ClusterSection) -> None:
    assert [(c.about, c.of, [_said(v) for v in c.values]) for c in page.contradictions] == [
        ("Ye Shuming", "birth date", [("1958-03-02", "office"), ("1959", "press")]),
        ("Ye Shuming and Acme Holdings Ltd: owns", "share", [("30 %", "press"), ("51 %", "registry")]),
    ]


def test_clusters_beyond_the_limit_are_listed(report: Report) -> None:
    assert report.other_clusters == (ClusterTableRow("c2", "Cluster 2", "Mo Lan", 0, 1, 0, 0, 1),)


def test_a_warrant_that_replaces_another_makes_no_old_case_new(tmp_path: Path) -> None:
    warrants = (("1", "2010-01-01", "2012-03-04"), ("2", "2012-03-04", "2014-05-06"), ("3", "2014-05-06", ""))
    others = [node("lu", name="Lu Hai"), *(link(f"lu SOUGHT_UNDER v{n}") for n, _, _ in warrants)]
    others += [
        node(f"v{n}", "Warrant", number=n, issuer="Court", issued_on=on, ended_on=end)
        if end
        else node(f"v{n}", "Warrant", number=n, issuer="Court", issued_on=on)
        for n, on, end in warrants
    ]
    example_case.load_source(tmp_path / "a.sqlite", "others", others)
    (lu,) = (p for p in _report(tmp_path).people_sought if p.name == "Lu Hai")
    assert phrases.pursuit(lu.pursuits[0]) == "Sought by Court since 2010-01-01, now under warrant 3."


def test_everybody_sought_is_listed_in_a_cluster_or_not(tmp_path: Path) -> None:
    others = [node("lu", name="Lu Hai"), node("e2", "ListEntry", number="9"), link("lu SOUGHT_UNDER e2")]
    example_case.load_source(tmp_path / "a.sqlite", "others", others)
    people = _report(tmp_path).people_sought
    assert [(p.name, p.cluster, [phrases.pursuit(s) for s in p.pursuits]) for p in people if p.name == "Lu Hai"] == [
        (
            "Lu Hai",
            "",
            ["Sought by an issuer whom the sources do not name since a day that no source gives under list entry 9."],
        )
    ]
    assert [(p.name, p.other_names, p.cluster) for p in people if p.cluster] == [
        ("Ye Shuming", ("叶 恕明",), "Cluster 1")
    ]


def test_a_report_about_invented_people_only_says_so_though_reference_facts_are_real(report: Report) -> None:
    assert (report.banner, report.mark_invented) == (ALL_INVENTED, False)


def test_where_only_some_are_invented_each_is_marked(tmp_path: Path) -> None:
    mixed = _report(tmp_path, real=("reference", "registry"))
    assert (mixed.banner, mixed.mark_invented) == (SOME_INVENTED, True)
    assert {p.name: p.invented for p in mixed.clusters[0].people} == {
        "Ye Shuming": True,
        "Ye Min": False,
        "Mo Lan": True,
    }


def test_a_report_about_real_people_says_nothing_of_invention(tmp_path: Path) -> None:
    real = _report(tmp_path, real=("reference", "registry", "office", "press", "mirror"))
    assert (real.banner, real.mark_invented) == ("", False)


def test_the_report_does_not_depend_on_the_order_of_loads_and_records(report: Report, tmp_path: Path) -> None:
    again = _report(tmp_path, reverse=True)
    assert replace(again, version=report.version) == report


def test_a_graph_without_clusters_gives_a_report(tmp_path: Path) -> None:
    example_case.load_example(tmp_path / "a.sqlite")
    with store(tmp_path / "a.sqlite") as opened:
        none = build_report(report_graph(opened), replace(example_clusters(opened), clusters=()), PARAMETERS)
    assert (none.clusters, none.figures.clusters, none.figures.people_sought) == ((), 0, 1)


def test_a_limit_of_nothing_lists_every_cluster(tmp_path: Path) -> None:
    none = _report(tmp_path, limit=0)
    assert [c.name for c in none.other_clusters] == ["Cluster 1", "Cluster 2"]


def test_clusters_of_another_version_are_refused(tmp_path: Path) -> None:
    example_case.load_example(tmp_path / "a.sqlite")
    with store(tmp_path / "a.sqlite") as opened:
        old = replace(example_clusters(opened), version=opened.version()._replace(number=1))
        with pytest.raises(InputError, match="the clusters are those of graph version"):
            build_report(report_graph(opened), old, PARAMETERS)


@pytest.mark.parametrize(
    ("day", "limit"), [("2024-13-01", 1), ("../x", 1), ("2024", 1), ("20240601", 1), ("2024-06-01", -1)]
)
def test_a_date_or_limit_that_makes_no_sense_is_refused(day: str, limit: int) -> None:
    with pytest.raises(InputError, match="expected"):
        ReportParameters(day, limit=limit)


def _report(folder: Path, *, reverse: bool = False, real: tuple[str, ...] = ("reference",), limit: int = 1) -> Report:
    example_case.load_example(folder / "a.sqlite", reverse=reverse, real=real)
    with store(folder / "a.sqlite") as opened:
        return build_report(
            report_graph(opened),
            example_clusters(opened, small_cluster(2)),
            ReportParameters("2024-06-01", limit=limit),
        )


def _person(page: ClusterSection, key: str) -> PartyEntry:
    return next(p for p in page.people if p.id == node_id("test", key))


def _asset(page: ClusterSection, key: str) -> AssetEntry:
    return next(a for a in page.assets if a.id == node_id("test", key))


def _said(said: SaidValue) -> tuple[str, str]:
    return said.value, ", ".join(name for e in said.evidence for name in e.sources)

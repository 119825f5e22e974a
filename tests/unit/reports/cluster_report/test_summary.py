"""Does the first page say what is due, what is worth what, and what is stale?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.analysis.clusters import COLUMNS, asset_clusters
from kg.records import Provenance, Record
from kg.reports.cluster_report.model import Report, ReportParameters
from kg.reports.cluster_report.report import build_report
from kg.reports.cluster_report.summary import ReportSummary
from kg.reports.context import report_graph
from kg.reports.render.files import render_cluster_html, render_html
from kg.reports.render.workbook import report_sheets
from tests.unit.reports.example_case import example_clusters, link, load_example, load_source, node
from tests.unit.reports.renderings import render_markdown

DAY = "2024-06-03"

WARRANT = node("w", "Warrant", number="W-1")

CASE = [
    node("ann", name="Ann Example"),
    node("kin", name="Kin Example"),
    node("flat", "RealEstate", name="Flat 9", valuation="purchase 2001 900000 CAD|market 2020 1200000..1500000 CAD"),
    node("car", "Vehicle", name="Car", valuation="market 2021 20000 CAD"),
    node("boat", "Vessel", name="Boat"),
    node("fraud", "Offence", name="fraud of 2004", amount="5000000 CNY", law_of="CN"),
    link("ann OWNS flat", said=Provenance(stated="2023")),
    link("ann OWNS car", said=Provenance(stated="2019-05")),
    link("ann OWNS boat", end_date="2020"),
    link("kin FAMILY_OF ann"),
    link("ann ACCUSED_OF fraud", stage="charged", said_by="Harbour City Prosecutor", date="2010"),
]


def report(path: Path, *more: Record, without: str = "") -> Report:
    from kg.ontology import load_ontology
    from kg.stores.sqlite.store import SqliteStore

    load_source(path, "court", [*(r for r in CASE if r.key != without), *more])
    with SqliteStore(path, load_ontology()) as store:
        return build_report(report_graph(store), asset_clusters(store.view(COLUMNS)), ReportParameters(DAY))


def front(tmp_path: Path, *more: Record, without: str = "") -> ReportSummary:
    return report(tmp_path / "graph.sqlite", *more, without=without).front


def due(found: ReportSummary) -> list[tuple[str, str, str, bool]]:
    return [(a.deadline, a.when, a.what, a.is_soon or a.is_overdue) for a in found.actions]


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (
            {"expires_on": "2024-06-05"},
            ("2024-06-05", "in 2 days", "Renew before it lapses: restraint of Flat 9 (freeze 7)", True),
        ),
        (
            {"expires_on": "2024-06"},
            (
                "2024-06",
                "may be today",
                "Renew or confirm renewal, it may have lapsed: restraint of Flat 9 (freeze 7)",
                True,
            ),
        ),
        (
            {"expires_on": "2024-08"},
            ("2024-08", "in 59 days at the earliest", "Renew before it lapses: restraint of Flat 9 (freeze 7)", False),
        ),
        (
            {"expires_on": "2024-06-01"},
            (
                "2024-06-01",
                "2 days overdue",
                "Renew or confirm renewal, it has lapsed: restraint of Flat 9 (freeze 7)",
                True,
            ),
        ),
        (
            {"ordered_on": "2024-01-01"},
            (
                "",
                "154 days without a report that it was carried out",
                "Confirm execution: restraint of Flat 9 (freeze 7)",
                False,
            ),
        ),
        ({"expires_on": "2024-12"}, None),
        ({"expires_on": "2024-06-05", "lifted_on": "2024-02"}, None),
        ({"ordered_on": "2024-01-01", "executed_on": "2024-01"}, None),
        ({"ordered_on": "2024-05-30"}, None),
    ],
)
def test_a_measure_is_due_when_it_lapses_or_waits(
    tmp_path: Path, says: dict[str, Any], expected: tuple[str, str, str, bool] | None
) -> None:
    measure = node("m", "Measure", name="freeze 7", kind="freeze", **says)
    found = due(front(tmp_path, measure, link("m TARGETS flat")))
    assert found == ([expected] if expected else [])


def test_an_action_names_asset_agency_cluster_and_source(tmp_path: Path) -> None:
    request = node("r", "Request", kind="forfeiture", number="R-1", sent_to="CA", due_on="2024-06-07")
    found = front(
        tmp_path,
        request,
        link("r TARGETS flat"),
        link("r ISSUED_BY police"),
        node("police", "Agency", name="Invented Police"),
    )
    action = found.actions[0]
    assert (action.about, action.agency, action.cluster) == (
        ("Flat 9",),
        "Canada, asked by Invented Police",
        "Cluster 1",
    )
    assert [e.sources for e in action.evidence] == [("court",)]


def test_what_waits_without_a_deadline_stands_apart_with_the_day_from_which_it_waits(tmp_path: Path) -> None:
    request = node("r", "Request", kind="extradition", number="R-1", sent_to="CA", sent_on="2024-01-05")
    made = report(tmp_path / "graph.sqlite", request, link("r TARGETS kin"), link("ann SOUGHT_UNDER w"), WARRANT)
    (waits,) = made.front.actions
    assert (waits.deadline, waits.since, waits.when, waits.is_soon) == (
        "",
        "2024-01-05",
        "150 days without an answer",
        False,
    )
    assert waits.notes == ("Kin Example: relative, not accused in these sources",)
    for page in (render_html(made), render_markdown(made)):
        assert "Nothing is overdue, and no deadline falls within 90 days." in page
        assert page.index("Clusters") < page.index("Overdue answers: no reply or report for more than 90 days")
        assert "Kin Example: relative, not accused in these sources" in page


def test_the_last_day_to_prosecute_is_a_deadline_and_stays_one_until_all_are_convicted(tmp_path: Path) -> None:
    fraud = node("fraud", "Offence", name="fraud of 2004", limitation_date="2024-06-08", law_of="CN")
    found = front(tmp_path, fraud, without="fraud").actions[0]
    assert (found.when, found.about, found.agency) == (
        "in 5 days",
        ("Ann Example",),
        "law of China; Harbour City Prosecutor",
    )
    gone = node("fraud", "Offence", name="fraud of 2004", limitation_date="2024-05")
    (ended,) = front(tmp_path, gone, without="fraud").actions
    assert (ended.deadline, ended.when, ended.what, ended.is_overdue) == (
        "2024-05",
        "3 days ago",
        "Limitation period ended: fraud of 2004",
        True,
    )
    convicted = link("ann ACCUSED_OF fraud", "convicts", stage="convicted", said_by="Harbour City Court", date="2015")
    assert front(tmp_path, gone, convicted, without="fraud").actions == ()


@pytest.mark.parametrize(
    ("says", "orders", "expected"),
    [
        ({"expires_on": "2025-05-10"}, "mt", [("Car",), ("Boat", "in the place of one that lapsed 2024-05-30")]),
        ({"expires_on": "2025-05-10"}, "gb", [("Boat", "Car")]),
        ({}, "mt", [("Car",)]),
        ({"expires_on": "2025-05-10", "lifted_on": "2024-05"}, "mt", [("Boat", "Car")]),
    ],
)
def test_a_measure_that_lapsed_is_not_overdue_where_a_later_one_of_its_authority_took_its_place(
    tmp_path: Path, says: dict[str, Any], orders: str, expected: list[tuple[str, ...]]
) -> None:
    old = node("m1", "Measure", name="freeze 1", kind="freeze", executed_on="2024-01", expires_on="2024-05-30")
    later = node("m2", "Measure", name="freeze 2", kind="freeze", executed_on="2024-05", **says)
    more = [node("mt", "Agency", name="Malta Court"), node("gb", "Agency", name="Other Court")]
    links = [link("m1 TARGETS boat"), link("m1 TARGETS car"), link("m2 TARGETS boat")]
    found = front(tmp_path, old, later, *more, *links, link("m1 ORDERED_BY mt"), link(f"m2 ORDERED_BY {orders}"))
    assert [(*a.about, *a.notes) for a in found.actions] == expected
    assert [a.deadline for a in found.actions if not a.is_overdue] == ["2025-05-10"] * (len(expected) - 1)


@pytest.mark.parametrize(
    ("says", "state"),
    [
        ({"ordered_on": "2023"}, "restrained"),
        ({"ordered_on": "2023", "lifted_on": "2024-01"}, "held"),
        ({"ordered_on": "2025"}, "held"),
        ({"ordered_on": "2023", "final_on": "2024-02", "kind": "forfeiture"}, "final"),
        ({"ordered_on": "2023", "final_on": "2024-02", "returned_on": "2024-03"}, "returned"),
    ],
)
def test_an_asset_counts_in_its_furthest_state_alone(tmp_path: Path, says: dict[str, Any], state: str) -> None:
    said: dict[str, Any] = {"kind": "freeze", **says}
    found = front(tmp_path, node("m", "Measure", **said), link("m TARGETS flat"))
    assert {(a.state, a.currency, a.low, a.high, a.assets) for a in found.apart} == (
        {("alleged", "CNY", "5000000", "5000000", 1)}
        | (
            {("held", "CAD", "920000", "1520000", 2)}
            if state == "held"
            else {(state, "CAD", "900000", "1500000", 1), ("held", "CAD", "20000", "20000", 1)}
        )
    )


@pytest.mark.parametrize(
    ("ends", "more", "is_held"),
    [
        ({"end_date": "2019"}, (), False),
        ({"role": "former owner"}, (), False),
        ({"end_date": "2025"}, (), True),
        ({"end_date": "2012", "start_date": "2010|2015"}, (), True),  # bought again
        ({"end_date": "2019"}, (link("kin OWNS villa", start_date="2019"),), True),
    ],
)
def test_what_each_holder_gave_up_counts_apart_and_in_no_jurisdiction(
    tmp_path: Path, ends: dict[str, Any], more: tuple[Record, ...], is_held: bool
) -> None:
    villa = node("villa", "RealEstate", name="Villa", valuation="market 2015 9000000 CAD")
    made = report(tmp_path / "graph.sqlite", villa, link("ann OWNS villa", **ends), *more)
    found = made.front
    totals = {a.state: (a.low, a.high, a.assets) for a in found.apart if a.currency == "CAD"}
    apart = {"held": ("920000", "1520000", 2), "former": ("9000000", "9000000", 1)}
    assert totals == ({"held": ("9920000", "10520000", 3)} if is_held else apart)
    assert [j.assets for j in found.by_jurisdiction] == [2 + is_held]
    leading, former = found.leading[0], 2 - is_held  # the boat was sold in 2020
    assert (leading.assets, made.figures.assets) == (2 + is_held, 2 + is_held)
    assert (leading.held_formerly, made.figures.held_formerly) == (former, former)
    (row,) = next(sheet for sheet in report_sheets(made) if sheet.name == "Clusters").rows
    assert row[5:7] == (2 + is_held, former)
    told = f"{2 + is_held} assets and {former} held formerly"
    assert render_markdown(made).count(told) == 3  # in the first line, on the first page and beside the cluster
    assert told in render_cluster_html(made, made.clusters[0], "")


def test_what_changes_and_nobody_has_said_anew_for_years_is_stale(tmp_path: Path) -> None:
    found = front(tmp_path).stale
    assert [(s.said, s.about, s.what) for s in found] == [("2019-05", "Ann Example", "owns Car")]


def test_both_pages_tell_all_of_it(tmp_path: Path) -> None:
    made = report(
        tmp_path / "graph.sqlite", node("m", "Measure", kind="freeze", expires_on="2024-06-05"), link("m TARGETS flat")
    )
    for page in (render_html(made), render_markdown(made)):
        assert "There is no earlier report to compare this one with." in page
        assert "Renew before it lapses" in page
        assert "Statuses and currencies are never added together" in page
        assert "Not reconfirmed for 3 years or more" in page


REQUEST: dict[str, Any] = {"kind": "extradition", "number": "R-1", "sent_to": "CA"}


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ({"due_on": "2024-06-02"}, (True, False, -1, "1 day overdue")),
        ({"due_on": "2024-06-03"}, (False, True, 0, "today")),
        ({"due_on": "2024-06-10"}, (False, True, 7, "in 7 days")),
        ({"due_on": "2024-06-11"}, (False, False, 8, "in 8 days")),
        ({"due_on": "2019-06-04"}, (True, False, -1826, "1,826 days overdue")),
        ({"due_on": "2019-06-04|2024-06-11"}, (False, False, 8, "in 8 days")),
        ({"due_on": "2024-06-02", "answer": "refused"}, None),
        ({"due_on": "2024-06-02", "answer": "pending"}, (True, False, -1, "1 day overdue")),
    ],
)
def test_what_is_overdue_is_apart_from_what_is_due_and_stays_until_it_is_met(
    tmp_path: Path, says: dict[str, Any], expected: tuple[bool, bool, int, str] | None
) -> None:
    found = front(tmp_path, node("r", "Request", **REQUEST, **says), link("r TARGETS kin")).actions
    assert [(a.is_overdue, a.is_soon, a.days, a.when) for a in found] == ([expected] if expected else [])


def test_a_deadline_of_somebody_sought_who_is_in_no_cluster_is_due_too(tmp_path: Path) -> None:
    request = node("r", "Request", **REQUEST, due_on="2024-06-07")
    loner = [node("loner", name="Loner Example"), link("loner SOUGHT_UNDER w"), WARRANT]
    (action,) = front(tmp_path, request, link("r TARGETS loner"), *loner).actions
    assert (action.about, action.cluster) == (("Loner Example",), "")


def test_the_first_clusters_are_told_by_name_value_and_source_and_an_accusation_as_one(tmp_path: Path) -> None:
    (first,) = front(tmp_path).leading
    assert (first.standing, first.people, first.by) == (
        "Accused or formerly wanted",
        ("Ann Example",),
        ("charged by Harbour City Prosecutor since 2010: fraud of 2004",),
    )
    assert first.amounts == (
        "identified, not restrained: CAD 920 k to 1.52 M",
        "held formerly, not restrained: 1 asset without a stated value",
        "alleged loss: CNY 5 M",
    )
    assert (first.assets, first.sources) == (2, ("court",))  # the boat was sold in 2020


def test_each_of_several_people_sought_is_told_with_their_own_day(tmp_path: Path) -> None:
    issuer = node("police", "Agency", name="Invented Police")
    papers = [
        node(f"w{day[:4]}", "Warrant", number=f"W-{day[:4]}", issued_on=day) for day in ("2013-05-01", "2014-11-25")
    ]
    more = [
        *(link("ann SOUGHT_UNDER w2013"), link("kin SOUGHT_UNDER w2014")),
        *(link("w2013 ISSUED_BY police"), link("w2014 ISSUED_BY police")),
    ]
    made = report(tmp_path / "graph.sqlite", issuer, *papers, *more)
    (first,) = made.front.leading
    assert dict(zip(first.people, first.by, strict=True)) == {
        "Ann Example": "sought by Invented Police since 2013-05-01",
        "Kin Example": "sought by Invented Police since 2014-11-25",
    }
    told = render_markdown(made)
    assert "**Kin Example**, sought by Invented Police since 2014-11-25; **Ann Example**, sought by Invented" in told


def test_the_timeline_of_the_example_is_in_the_order_of_days(tmp_path: Path) -> None:
    from kg.ontology import load_ontology
    from kg.stores.sqlite.store import SqliteStore

    load_example(tmp_path / "graph.sqlite")
    with SqliteStore(tmp_path / "graph.sqlite", load_ontology()) as store:
        page = build_report(report_graph(store), example_clusters(store), ReportParameters("2024-06-01")).clusters[0]
    told = [(e.date, e.what) for e in page.timeline.events]
    assert told == sorted(told)
    assert ("1998-11-03", "authority") in told
    assert {e.what for e in page.timeline.events} >= {"authority", "holding", "place"}
    assert [(j.jurisdiction, j.currency, j.low, j.high) for j in page.worth_in if j.currency] == [
        ("Canada", "CAD", "1700000", "2300000"),
        ("none is known", "USD", "20000", "20000"),
    ]


def test_the_day_on_which_a_holding_is_stated_is_no_event(tmp_path: Path) -> None:
    stated = link("ann OWNS flat", "stated", start_date="2011-05-03", date="2023-10", share="60")
    page = report(tmp_path / "graph.sqlite", stated).clusters[0]
    assert [e.date for e in page.timeline.events if e.what == "holding"] == ["2011-05-03", "2020"]


def test_a_limitation_is_about_whom_the_offence_is_charged_to_and_no_victim_or_asset(tmp_path: Path) -> None:
    found = front(
        tmp_path,
        node("theft", "Offence", name="theft of 2006", limitation_date="2024-07-01"),
        link("ann ACCUSED_OF theft", stage="charged"),
        link("kin VICTIM_OF theft"),
        link("flat PROCEEDS_OF theft"),
    )
    assert [a.about for a in found.actions if a.deadline == "2024-07-01"] == [("Ann Example",)]


LIMITED = node("theft", "Offence", name="theft of 2006", limitation_date="2024-07-01")
CLEARS = link("ann ACCUSED_OF theft", "clears", stage="cleared", said_by="the court")


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ((CLEARS,), []),
        ((CLEARS, link("ann ACCUSED_OF theft", stage="charged")), []),
        ((CLEARS, link("ann ACCUSED_OF theft", stage="charged", date="2012")), [()]),
        ((CLEARS, link("kin ACCUSED_OF theft", stage="charged")), [("Ann Example: cleared by the court",)]),
    ],
)
def test_a_limitation_is_none_where_all_are_cleared_and_names_who_is(
    tmp_path: Path, says: tuple[Record, ...], expected: list[tuple[str, ...]]
) -> None:
    found = front(tmp_path, LIMITED, *says)
    assert [a.notes for a in found.actions if a.deadline == "2024-07-01"] == expected


def test_what_one_source_clears_of_is_a_loss_as_another_alleges_it(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    theft = node("fraud", "Offence", name="fraud of 2004", amount="9000000 CNY")
    load_source(path, "courier", [theft, link("ann ACCUSED_OF fraud", stage="alleged")])
    found = report(path, link("ann ACCUSED_OF fraud", "clears", stage="cleared", said_by="the court", date="2012"))
    assert [(a.low, a.high) for a in found.front.apart if a.state == "alleged"] == [("9000000", "9000000")]


@pytest.mark.parametrize(
    ("says", "state", "told"),
    [
        ((), "traced", "is said to be proceeds of fraud of 2004"),
        (
            (link("ann ACCUSED_OF fraud", "clears", stage="cleared", date="2012"),),
            "held",
            "everybody accused of it is cleared",
        ),
    ],
)
def test_proceeds_of_what_all_are_cleared_of_are_not_traced(
    tmp_path: Path, says: tuple[Record, ...], state: str, told: str
) -> None:
    page = report(tmp_path / "graph.sqlite", link("flat PROCEEDS_OF fraud"), *says).clusters[0]
    (flat,) = (asset for asset in page.assets if asset.name == "Flat 9")
    assert (flat.state, flat.proceeds[0].text.endswith(told)) == (state, True)


WASH = node("wash", "Offence", name="money laundering", amount="700000 CNY")
WASHED = node("wash", "Offence", name="money laundering", amount="5000000 CNY")
ACCUSED = link("kin ACCUSED_OF wash", stage="alleged", date="2011")
CLEARED = (link("kin ACCUSED_OF wash", "later", stage="cleared", date="2012"),)
PREDICATE = (link("fraud PREDICATE_FOR wash"),)


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ((WASH, ACCUSED), ("5000000", "5700000", 2)),
        ((WASH, ACCUSED, *PREDICATE), ("5000000", "5700000", 2)),
        ((WASHED, ACCUSED, *PREDICATE), ("5000000", "5000000", 1)),
        ((WASH, *CLEARED), ("5000000", "5000000", 1)),
        ((WASH, ACCUSED, link("ann ACCUSED_OF wash", stage="cleared")), ("5000000", "5700000", 2)),
        ((WASH, ACCUSED, *CLEARED), ("5000000", "5000000", 1)),
    ],
)
def test_what_all_are_cleared_of_is_no_loss_and_laundered_money_counts_once(
    tmp_path: Path, says: tuple[Record, ...], expected: tuple[str, str, int]
) -> None:
    found = front(tmp_path, *says)
    assert [(a.low, a.high, a.assets) for a in found.apart if a.state == "alleged"] == [expected]

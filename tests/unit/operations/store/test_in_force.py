"""Do all that say whether a paper is in force say the same of a day? Everybody in it is invented."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from kg.analysis.clusters import ClusterParameters
from kg.clearance import MeasureFacts
from kg.database import connect
from kg.ledger.ledger import Ledger
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.ontology.derive.cypher import labels
from kg.operations import LegalQuery, find_clusters, find_routes, store_as_of
from kg.ports import Store
from kg.records import Record, UnreadValue, node_id
from kg.reports.cluster_report.sections.procedures import procedures
from kg.reports.cluster_report.sections.values_by_status import enforcement_status
from kg.reports.context import load_context, report_graph
from kg.reports.phrases import NOT_COUNTED
from tests.stores import link, load, node, store

DAY, BEFORE, AFTER = "2014-12-05", "2014-12-04", "2014-12-06"

CASES = {
    "without an end": ({"issued_on": "2001"}, {}, True),
    "ends tomorrow": ({"issued_on": "2001", "ended_on": AFTER}, {}, True),
    "ends today": ({"issued_on": "2001", "ended_on": DAY}, {}, False),
    "ended yesterday": ({"issued_on": "2001", "ended_on": BEFORE}, {}, False),
    "ends next year, with the reason known": ({"ended_on": "2015", "end_reason": "expired"}, {}, True),
    "ends in this month": ({"ended_on": "2014-12"}, {}, False),
    "over for a reason without a day": ({"end_reason": "withdrawn"}, {}, False),
    "deleted": ({"review": "deleted"}, {}, False),
    "names the person until tomorrow": ({}, {"end_date": AFTER}, True),
    "names the person until yesterday": ({}, {"end_date": BEFORE}, False),
    "issued tomorrow": ({"issued_on": AFTER}, {}, False),
    "issued today": ({"issued_on": DAY}, {}, True),
}


def _case(paper: dict[str, str], said: dict[str, str]) -> list[Record]:
    return [
        node("ann", name="Ann Invented"),
        node("house", "RealEstate", name="1 Invented Road"),
        node("state", "Jurisdiction", code="CN", name="China"),
        Record("paper", "Notice", {"number": ["N-1"], **{name: [day] for name, day in paper.items()}}),
        link("ann OWNS house", share="100"),
        link("paper ISSUED_BY state"),
        link("ann SOUGHT_UNDER paper", end_date=said["end_date"]) if said else link("ann SOUGHT_UNDER paper"),
    ]


ANN = node_id("test", "ann")


def _answers(opened: Store, day: str) -> dict[str, bool]:
    """Whether each of them has Ann sought on the day, which is that of the store."""
    (told,) = find_routes(opened, LegalQuery("CN", as_of=day), [ANN])
    clusters = find_clusters(opened, ClusterParameters()).clusters
    ann = opened.nodes([ANN])[ANN]
    return {
        "node": bool(ann.sought_under),
        "label in Neo4j": "Fugitive" in labels(load_ontology(), ("Person",), bool(ann.sought_under)),
        "clusters": any(cluster.with_role("sought") for cluster in clusters),
        "routes": any(paper.in_force for paper in told.papers),
    }


@pytest.mark.parametrize(("paper", "said", "expected"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("loaded", [DAY, "2020-01-01"])
def test_all_say_the_same_of_a_day(
    tmp_path: Path, paper: dict[str, str], said: dict[str, str], expected: bool, loaded: str
) -> None:
    load(tmp_path / "graph.sqlite", "list", _case(paper, said), day=loaded)
    with store(tmp_path / "graph.sqlite") as opened:
        asked = [store_as_of(opened, DAY), *([opened] if loaded == DAY else [])]
        for one in asked:
            assert set(_answers(one, DAY).values()) == {expected}, _answers(one, DAY)


def _follow(path: Path, today: str) -> bool:
    with closing(connect(path)) as connection:
        return Ledger(connection, load_ontology()).follow_day(today)


def test_a_paper_that_expires_tonight_keeps_no_label_tomorrow_without_a_load(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "list", _case({"issued_on": "2001", "ended_on": AFTER}, {}), day=DAY)
    assert not _follow(path, DAY)
    with store(path) as opened:
        version = opened.version()
        assert opened.nodes([ANN])[ANN].sought_under
    assert _follow(path, AFTER)
    with store(path) as opened:
        assert (opened.version().number > version.number, opened.contents().as_of) == (True, AFTER)
        assert set(_answers(opened, AFTER).values()) == {False}
    assert not _follow(path, "2030-01-01"), "nothing else will change"
    assert verify(path, load_ontology()).is_clean


def test_a_paper_that_is_issued_later_counts_from_its_day_on(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "list", _case({"issued_on": "2015-01-01", "ended_on": "2016"}, {}), day=DAY)
    sought = []
    for day in ("2014-12-31", "2015-01-01", "2016-01-01"):
        _follow(path, day)
        with store(path) as opened:
            sought.append(bool(opened.nodes([ANN])[ANN].sought_under))
    assert sought == [False, True, False]


@pytest.mark.parametrize("share", [0.0, float("inf")])
def test_a_load_of_others_on_a_later_day_ends_what_has_ended_by_then(tmp_path: Path, share: float) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "list", _case({"ended_on": AFTER}, {}), day=DAY)
    load(path, "other", [node("bob", name="Bob Invented")], day="2015-02-01", rebuild_share=share)
    with store(path) as opened:
        assert not opened.nodes([ANN])[ANN].sought_under
    assert verify(path, load_ontology()).is_clean


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"ordered_on": BEFORE}, True),
        ({"ordered_on": AFTER}, False),
        ({"ordered_on": BEFORE, "lifted_on": AFTER}, True),
        ({"ordered_on": BEFORE, "lifted_on": DAY}, False),
        ({"ordered_on": BEFORE, "expires_on": AFTER}, True),
        ({"ordered_on": BEFORE, "expires_on": DAY}, False),
        ({"ordered_on": BEFORE, "expires_on": DAY, "final_on": BEFORE}, True),
        ({"returned_on": BEFORE}, False),
        ({}, False),
        ({"sought_on": BEFORE}, False),
        ({"sought_on": BEFORE, "ordered_on": BEFORE}, True),
    ],
)
def test_a_measure_is_in_force_until_it_is_lifted_returned_or_expires(dates: dict[str, str], expected: bool) -> None:
    said = {name: [day] for name, day in dates.items()}
    assert MeasureFacts(("freeze",), said).is_in_force(date.fromisoformat(DAY)) is expected


@pytest.mark.parametrize(
    ("said", "unread", "doubt"),
    [
        ({"kind": "freeze", "ordered_on": BEFORE}, "", ""),
        ({"ordered_on": BEFORE}, "kind", "kind"),
        ({"kind": "freeze"}, "ordered_on", "day"),
        ({"kind": "freeze", "ordered_on": BEFORE}, "lifted_on", "end"),
        ({"kind": "freeze", "ordered_on": BEFORE}, "expires_on", "end"),
    ],
)
def test_a_measure_that_was_not_understood_restrains_nothing_and_everybody_says_so(
    tmp_path: Path, said: dict[str, str], unread: str, doubt: str
) -> None:
    path = tmp_path / "graph.sqlite"
    words = (UnreadValue(unread, unread, "warning letter"),) if unread else ()
    measure = Record("m", "Measure", {n: [v] for n, v in said.items()}, not_understood=words)
    load(path, "list", [*_case({"issued_on": "2001"}, {}), measure, link("m TARGETS house")], day=DAY)
    with store(path) as opened:
        house = opened.resolve("test:house")
        assert MeasureFacts.of_node(opened.nodes([opened.resolve("test:m")]).popitem()[1]).doubt == doubt
        context = load_context(report_graph(opened), [house])
        assert enforcement_status(context, house, DAY, ()) == ("held" if doubt else "restrained")
        (told,) = procedures(context, [house])
        assert [d.label for d in told.details if d.label == NOT_COUNTED] == ([NOT_COUNTED] if doubt else [])
        (person,) = find_routes(opened, LegalQuery("CN", as_of=DAY), [ANN])
        (asset,) = person.assets
        assert asset.status == ("held" if doubt else "restrained")
        assert any("was not understood" in risk for risk in asset.risks) is bool(doubt)

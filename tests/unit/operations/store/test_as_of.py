"""Is a graph on another day what its sources say about that day?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kg.analysis.clusters import COLUMNS, ClusterParameters
from kg.errors import InputError
from kg.operations import (
    Workspace,
    compare_cluster_runs,
    compute_cluster_run,
    explain_clusters,
    find_clusters,
    store_as_of,
)
from kg.ports import Store
from kg.records import link_id, node_id
from tests.stores import link, load, node, store

PAPERS = [
    node("ann", name="Ann Example"),
    node("bob", name="Bob Example"),
    node("cid", name="Cid Example"),
    node("dan", name="Dan Example"),
    node("eve", name="Eve Example"),
    node("fay", name="Fay Example"),
    node("from-2012", "Notice", number="N-1", issued_on="2012-03-01"),
    node("from-2016", "Warrant", number="W-1", issued_on="2016"),
    node("to-2015", "Notice", number="N-2", issued_on="2001", ended_on="2015-06", end_reason="executed"),
    node("to-2010", "Notice", number="N-3", issued_on="2001", ended_on="2010"),
    node("cleared", "Notice", number="N-4", issued_on="2001", end_reason="cleared"),
    node("this-year", "Notice", number="N-5", issued_on="2001", ended_on="2014"),
    link("ann SOUGHT_UNDER from-2012"),
    link("bob SOUGHT_UNDER from-2016"),
    link("cid SOUGHT_UNDER to-2015"),
    link("cid SOUGHT_UNDER to-2010"),
    link("dan SOUGHT_UNDER to-2010"),
    link("eve SOUGHT_UNDER cleared"),
    link("fay SOUGHT_UNDER this-year"),
]

NAMES = ("ann", "bob", "cid", "dan", "eve", "fay")


def sought(opened: Store) -> set[str]:
    """By the nodes, which is what the view says too."""
    ids = {node_id("test", name): name for name in NAMES}
    view = opened.view(("sought",))
    by_view = {ids[view.id(int(at))] for at in np.flatnonzero(view.column("sought"))}
    assert by_view == {ids[name] for name, one in opened.nodes(ids).items() if one.sought_under}
    return by_view


def test_who_is_sought_on_a_day_is_whom_a_paper_names_that_was_issued_and_had_not_ended(tmp_path: Path) -> None:
    load(tmp_path / "graph.sqlite", "list", PAPERS, day="2020-01-01")
    with store(tmp_path / "graph.sqlite") as opened:
        assert sought(opened) == {"ann", "bob"}
        assert sought(store_as_of(opened, "2014-12-05")) == {"ann", "cid"}
        assert sought(store_as_of(opened, "2009-12-31")) == {"cid", "dan", "fay"}
        assert sought(store_as_of(opened, "2016-07-01")) == {"ann", "bob"}
        (cid,) = store_as_of(opened, "2014-12-05").nodes([node_id("test", "cid")]).values()
        assert len(cid.sought_under) == 1


@pytest.mark.parametrize("ended", ["", "2016"])
def test_whom_the_issuer_cleared_is_sought_until_the_day_of_its_word(tmp_path: Path, ended: str) -> None:
    case = [
        node("ann", name="Ann Example"),
        node("office", "Agency", name="Office of Inquiry (invented)"),
        node("theft", "Offence", name="embezzlement"),
        node("paper", "Warrant", number="W-1", issued_on="2005"),
        link("ann SOUGHT_UNDER paper", end_date=ended) if ended else link("ann SOUGHT_UNDER paper"),
        link("paper ISSUED_BY office"),
        link("ann ACCUSED_OF theft", stage="cleared", said_by="office of inquiry, INVENTED", date="2012-05-01"),
    ]
    load(tmp_path / "graph.sqlite", "list", case, day="2020-01-01")
    ann = node_id("test", "ann")
    days = ("2004-12-31", "2012-04-30", "2012-05-01", "2014-12-05", "2017-01-01")
    with store(tmp_path / "graph.sqlite") as opened:
        assert not opened.nodes([ann])[ann].sought_under
        assert [bool(store_as_of(opened, day).nodes([ann])[ann].sought_under) for day in days] == [0, 1, 0, 0, 0]


def test_a_word_of_somebody_else_or_of_no_day_makes_nobody_sought_on_another_day(tmp_path: Path) -> None:
    case = [
        node("ann", name="Ann Example"),
        node("theft", "Offence", name="embezzlement"),
        node("a", "Notice", number="N-1", issued_on="2005", issuer="Secretariat (invented)"),
        node("b", "Notice", number="N-2", issued_on="2005", issuer="Court (invented)", ended_on="2016"),
        link("ann SOUGHT_UNDER a"),
        link("ann SOUGHT_UNDER b"),
        link("ann ACCUSED_OF theft", stage="cleared", said_by="Secretariat (invented)"),
    ]
    load(tmp_path / "graph.sqlite", "list", case, day="2020-01-01")
    ann = node_id("test", "ann")
    with store(tmp_path / "graph.sqlite") as opened:
        under = store_as_of(opened, "2014-12-05").nodes([ann])[ann].sought_under
        assert under == (link_id("test", "ann SOUGHT_UNDER b", ""),)


def test_without_a_day_the_store_is_as_it_was_and_what_is_no_day_is_refused(tmp_path: Path) -> None:
    load(tmp_path / "graph.sqlite", "list", PAPERS, day="2020-01-01")
    with store(tmp_path / "graph.sqlite") as opened:
        assert store_as_of(opened, "") is opened
        assert store_as_of(opened, "2014-12-05").contents().as_of == "2014-12-05"
        with pytest.raises(InputError, match="as_of '2014': expected a day such as 2014-12-05"):
            store_as_of(opened, "2014")


def test_what_is_over_weighs_by_the_day_that_was_asked_for(tmp_path: Path) -> None:
    case = [node("ann"), node("flat", "RealEstate"), link("ann OWNS flat", share="100", end_date="2014-12-31")]
    load(tmp_path / "graph.sqlite", "land", case, day="2029-12-27")
    with store(tmp_path / "graph.sqlite") as opened:
        weights = [
            find_clusters(store_as_of(opened, day), ClusterParameters()).clusters[0].ties[0].weight
            for day in ("2014-12-05", "2015-01-01", "", "2044-12-23")
        ]
    assert [round(weight / weights[0], 3) for weight in weights] == [1.0, 0.3, 0.15, 0.075]
    with store(tmp_path / "graph.sqlite") as opened:
        assert opened.view(COLUMNS).as_of == "2029-12-27"


def test_what_a_thing_was_worth_later_is_not_known_yet(tmp_path: Path) -> None:
    said = "purchase 2001 900 CAD|market 2014 1200 CAD|market 2020 5000 CAD|market 2015-01 7 CAD"
    case = [node("ann"), node("flat", "RealEstate", valuation=said), link("ann OWNS flat")]
    load(tmp_path / "graph.sqlite", "land", case, day="2024-01-01")
    with store(tmp_path / "graph.sqlite") as opened:
        flat, chosen, parameters = node_id("test", "flat"), store_as_of(opened, "2014-12-05"), ClusterParameters()
        assert chosen.nodes([flat])[flat].properties["valuation"] == ("market 2014 1200 CAD", "purchase 2001 900 CAD")
        assert opened.nodes([flat])[flat].properties["valuation"] != chosen.nodes([flat])[flat].properties["valuation"]
        found = find_clusters(chosen, parameters)
        (told,) = explain_clusters(chosen, found, found.clusters, parameters)
        assert [(w.kind, w.high) for w in told.worth] == [("market", "1200"), ("purchase", "900")]


@pytest.mark.parametrize(("then", "now", "became"), [("2014-12-05", "", "gone"), ("", "2014-12-05", "born")])
def test_time_and_no_record_does_it_where_one_graph_is_looked_at_from_two_days(
    tmp_path: Path, then: str, now: str, became: str
) -> None:
    case = [
        node("ann", name="Ann Example"),
        node("boat", "Vessel"),
        node("paper", "Warrant", issued_on="2005", ended_on="2016"),
        link("ann OWNS boat"),
        link("ann SOUGHT_UNDER paper"),
    ]
    load(tmp_path / "graph.sqlite", "list", case, day="2020-01-01")
    place, parameters = Workspace(tmp_path / "graph.sqlite"), ClusterParameters(only_sought=True)
    with store(tmp_path / "graph.sqlite") as opened:
        first = compute_cluster_run(place, store_as_of(opened, then), parameters, None)
        second = compute_cluster_run(place, store_as_of(opened, now), parameters, first)
        story = compare_cluster_runs(place, store_as_of(opened, now), first, second)
    assert [(change.kind, change.causes) for change in story.changes] == [(became, ("time",))]

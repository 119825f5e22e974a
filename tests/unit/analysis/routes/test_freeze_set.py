"""Which few things cut a person off from the assets, and what is told apart? Everybody in these cases is invented."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from kg.findings import FreezeSet
from kg.operations.questions.legal import LegalQuery, find_freezes
from kg.records import Record
from tests.stores import load, store
from tests.unit.analysis.routes.legal_case import GRADED, case, find_routes, link, node


def freeze_set(*more: Record | Sequence[Record], day: str = "2014-12-05") -> FreezeSet:
    """The freeze set of Ann."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.sqlite"
        load(path, "case", case(*more), day="2014-12-05")
        with store(path) as opened:
            return find_freezes(opened, LegalQuery("CN", day), "test:ann")


def named(found: FreezeSet) -> list[tuple[str, int, bool]]:
    """The type of each thing to restrain, how many assets are behind it, and whether a relative holds it."""
    return [(one.kind, len(one.assets), one.through_relatives) for one in found.restrain]


HOLDINGS = [
    *(node("firm", "Enterprise", name="Firm (invented)"), node("flat", "RealEstate", name="a flat")),
    *(link("ann OWNS firm", key="owns-firm", said=GRADED), link("firm OWNS flat", key="owns-flat", said=GRADED)),
    *(link("firm OWNS house", key="too", said=GRADED), link("firm REGISTERED_IN jurisdiction:VG", key="reg")),
]


def test_the_freeze_set_is_the_fewest_things_that_cut_a_person_off() -> None:
    assert named(freeze_set()) == [("RealEstate", 1, False)]
    found = freeze_set(HOLDINGS)
    assert sorted(named(found)) == [("Enterprise", 2, False), ("RealEstate", 1, False)]
    assert [one.hosts for one in found.restrain if one.kind == "Enterprise"] == [("VG",)]
    assert (len(found.assets), found.restrained, found.complete) == (2, (), True)


def test_what_is_restrained_or_no_longer_held_is_cut_already_and_relatives_are_told_apart() -> None:
    freeze = [node("f", "Measure", kind="freeze", ordered_on="2012-01-01"), link("f TARGETS firm", key="on-firm")]
    frozen = freeze_set(HOLDINGS, freeze)
    assert (named(frozen), len(frozen.restrained)) == ([("RealEstate", 1, False)], 1)
    assert len(freeze_set(HOLDINGS, freeze, day="2011-12-31").restrained) == 0
    kim = [node("kim", name="Kim Example"), link("ann FAMILY_OF kim"), link("kim OWNS boat", key="owns-boat")]
    boat = [*kim, node("boat", "Vessel", name="a boat")]
    assert sorted(named(freeze_set(boat))) == [("RealEstate", 1, False), ("Vessel", 1, True)]


def test_an_asset_that_is_traced_and_held_by_no_chain_is_told_apart() -> None:
    traced = [node("gem", "Valuable", name="a gem"), link("gem PROCEEDS_OF theft", key="gem-from", tracing="direct")]
    found = freeze_set(traced)
    assert (named(found), len(found.traced_only)) == ([("RealEstate", 1, False)], 1)
    freeze = [node("f", "Measure", kind="freeze", ordered_on="2012-01-01"), link("f TARGETS gem", key="on-gem")]
    assert freeze_set(traced, freeze).restrained == found.traced_only
    one = find_routes(case(*traced, *freeze))
    assert {found.traced_only[0]: "restrained"}.items() <= {a.asset: a.status for a in one.assets}.items()

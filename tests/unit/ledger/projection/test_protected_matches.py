"""Is an identifying value that only a protected record states a possible match, for the protected scope alone?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.ports import LinkQuery
from kg.records import Provenance, Record, node_id
from tests.stores import judge, load, node, store, withdraw

HIDDEN = Provenance(handling="protected")
OPEN = node("open", name="Ada Example", passport_number="X1234567")
OTHER = node("other", name="Ada Sample", passport_number="X 123-4567")
SECRET = node("secret", name="Ada Hidden", passport_number="X1234567", provenance=HIDDEN)
SECOND = node("second", name="Ada Second", passport_number="X1234567", provenance=HIDDEN)
PLAIN = node("plain", name="Ada Plain")
SECRET_OF_PLAIN = node("plain", passport_number="X1234567", provenance=HIDDEN)


def pairs(path: Path, *, protected: bool) -> set[frozenset[str]]:
    """Who may be whom, by keys, as one scope sees it."""
    keys = {node_id("test", key): key for key in ("open", "other", "secret", "second", "plain")}
    with store(path, protected=protected) as opened:
        links = [k for name in keys for k in opened.links(LinkQuery(name, ("POSSIBLY_SAME_AS",)))]
    return {frozenset((keys[link.source_id], keys[link.target_id])) for link in links}


def is_sound(path: Path) -> bool:
    """Whether the graph is the one that is built anew, for both scopes."""
    return all(verify(path, load_ontology(), protected=scope).is_clean for scope in (False, True))


@pytest.mark.parametrize("share", [0.0, 1.0], ids=["rebuilt", "followed"])
@pytest.mark.parametrize(
    ("records", "hidden", "seen"),
    [
        ((OPEN, SECRET), {frozenset(("open", "secret"))}, set()),
        ((SECRET, SECOND), {frozenset(("second", "secret"))}, set()),
        (
            (OPEN, SECRET, node("secret", "Vessel", name="Ada Hidden", provenance=HIDDEN)),
            {frozenset(("open", "secret"))},
            set(),
        ),
        ((OPEN, PLAIN, SECRET_OF_PLAIN), {frozenset(("open", "plain"))}, set()),
        ((OPEN, node("secret", name="A", passport_number="Y1", provenance=HIDDEN)), set(), set()),
    ],
)
def test_a_protected_identifier_matches_in_its_scope_alone(
    records: Sequence[Record], hidden: set[frozenset[str]], seen: set[frozenset[str]], share: float, tmp_path: Path
) -> None:
    path = tmp_path / "a.sqlite"
    load(path, "empty", [node("none", name="None")])
    for number, record in enumerate(records):
        load(path, f"s{number}", [record], rebuild_share=share)
    assert (pairs(path, protected=True), pairs(path, protected=False)) == (hidden, seen)
    assert is_sound(path)


def test_what_everybody_sees_does_not_depend_on_it(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    load(path, "open", [OPEN, OTHER])
    before = pairs(path, protected=False)
    load(path, "hidden", [SECRET], rebuild_share=1.0)
    assert pairs(path, protected=False) == before == {frozenset(("open", "other"))}
    assert len(pairs(path, protected=True)) == 2
    withdraw(path, "hidden", rebuild_share=1.0)
    assert pairs(path, protected=True) == before and is_sound(path)


def test_a_node_of_several_types_matches_too(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    load(path, "open", [OPEN, node("plain", "Enterprise", name="Ada Plain")])
    load(path, "hidden", [SECRET, node("plain", "Person", name="Ada Plain"), SECRET_OF_PLAIN][:2])
    load(path, "more", [SECRET_OF_PLAIN])
    assert len(pairs(path, protected=True)) == 2 and is_sound(path)


def test_those_judged_distinct_are_no_match(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    load(path, "open", [OPEN])
    load(path, "hidden", [SECRET])
    judge(path, "distinct", "test:open", "test:secret")
    assert pairs(path, protected=True) == set() and is_sound(path)

"""What do judgements do to the graph, and which are refused?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError, NotFound
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.records import Provenance, node_id
from tests.stores import judge, judgements, link, load, node, store, store_fixture, undo, withdraw

HIDDEN = Provenance(handling="protected")


@store_fixture
def path(path: Path) -> None:
    load(path, "register", [node("a", name="Ann"), node("b", name="Anna"), node("c", name="Cy"), link("b OWNS d")])
    load(path, "land", [node("d", "RealEstate", name="House"), node("e", name="An Na", referents=("c",))])


def digest(path: Path) -> str:
    found = verify(path, load_ontology())
    assert found.differing == ()
    return found.digest


def ids(*keys: str) -> list[str]:
    return [node_id("test", key) for key in keys]


def test_two_nodes_judged_the_same_are_one_and_the_ids_they_had_lead_to_it(path: Path) -> None:
    judge(path, "same", "test:b", "test:a")
    with store(path) as opened:
        assert {opened.resolve(i) for i in ids("a", "b")} == set(ids("a"))
        found = opened.nodes(ids("a"))[ids("a")[0]]
        assert found.properties["name"] == ("Ann", "Anna")
    digest(path)


def test_undoing_a_judgement_leaves_the_graph_as_if_it_had_never_been_made(path: Path) -> None:
    before = digest(path)
    made = judge(path, "same", "test:a", "test:b")
    assert digest(path) != before
    undone = undo(path, made.number)
    assert (digest(path), undone.undone_by) == (before, "B. Analyst")
    assert judgements(path) == ["1 test:a same test:b undone"]


def test_a_judgement_is_undone_once(path: Path) -> None:
    undo(path, judge(path, "same", "test:a", "test:b").number)
    with pytest.raises(InputError, match="was undone on"):
        undo(path, 1)
    with pytest.raises(NotFound, match="kg judgements"):
        undo(path, 7)


def test_shared_identifying_properties_link_and_never_merge(path: Path) -> None:
    load(path, "visas", [node("p", passport_number="P-12345"), node("q", passport_number="p 12345")])
    with store(path) as opened:
        assert opened.contents().links["POSSIBLY_SAME_AS"] == 1
        assert len(opened.nodes(ids("p", "q"))) == 2
    judge(path, "distinct", "test:p", "test:q")
    with store(path) as opened:
        assert "POSSIBLY_SAME_AS" not in opened.contents().links
    digest(path)


def test_same_over_a_distinct_is_refused_with_the_chain(path: Path) -> None:
    judge(path, "distinct", "test:b", "test:e")
    judge(path, "same", "test:a", "test:b")
    with pytest.raises(InputError) as refused:
        judge(path, "same", "test:a", "test:c")
    assert str(refused.value) == (
        "key same, value 'test:a test:c': it contradicts what stands: test:a = test:b (judgement 2 by A. Analyst on "
        "2014-12-05: compared), test:b ≠ test:e (judgement 1 by A. Analyst on 2014-12-05: compared), test:e = test:c "
        "(land names both, loaded on 2014-12-05)"
    )
    assert len(judgements(path)) == 2


def test_distinct_within_one_node_is_refused_with_the_chain(path: Path) -> None:
    with pytest.raises(
        InputError, match=r"one thing already: test:c = test:e \(land names both, loaded on 2014-12-05\)"
    ):
        judge(path, "distinct", "test:c", "test:e")


def test_a_judgement_said_already_or_about_one_name_is_refused(path: Path) -> None:
    judge(path, "same", "test:a", "test:b")
    with pytest.raises(InputError, match=r"judgement 1 by .* says so already"):
        judge(path, "same", "test:b", "test:a")
    with pytest.raises(InputError, match="nothing to judge"):
        judge(path, "distinct", "test:c", "test:c")


def test_a_judgement_rests_while_a_name_is_gone_and_holds_when_it_is_back(path: Path) -> None:
    judge(path, "same", "test:a", "test:d")
    before = digest(path)
    withdraw(path, "land")
    assert judgements(path) == ["1 test:a same test:d rests"]
    load(path, "land", [node("d", "RealEstate", name="House"), node("e", name="An Na", referents=("c",))])
    assert (judgements(path), digest(path)) == (["1 test:a same test:d holds"], before)


def test_what_rests_still_contradicts(path: Path) -> None:
    load(path, "bridge", [node("m", name="Mi")])
    judge(path, "same", "test:a", "test:m")
    judge(path, "distinct", "test:m", "test:b")
    withdraw(path, "bridge")
    with pytest.raises(InputError, match=r"test:a = test:m .*test:m ≠ test:b"):
        judge(path, "same", "test:a", "test:b")


def test_records_that_join_what_was_judged_distinct_are_followed_and_shown(path: Path) -> None:
    judge(path, "distinct", "test:a", "test:b")
    load(path, "late", [node("f", referents=("a", "b"))])
    assert judgements(path) == ["1 test:a distinct test:b contradicted"]
    digest(path)


def test_judgements_can_be_asked_for_one_node(path: Path) -> None:
    judge(path, "same", "test:a", "test:b")
    judge(path, "distinct", "test:c", "test:d")
    assert judgements(path, ids("a")[0]) == ["1 test:a same test:b holds"]


def test_a_former_id_says_which_name_is_meant(path: Path) -> None:
    judge(path, "same", "test:a", "test:b")
    made = judge(path, "same", ids("b")[0], "test:c")
    assert (made.one.key, made.other.key) == ("b", "c")


def test_a_protected_node_is_never_joined_to_an_open_one(path: Path) -> None:
    load(path, "host", [node("h", name="Hidden", provenance=HIDDEN), node("i", name="Hidden too", provenance=HIDDEN)])
    with pytest.raises(InputError, match="everybody would see"):
        judge(path, "same", "test:a", "test:h")
    before = digest(path)
    judge(path, "same", "test:h", "test:i")
    assert digest(path) == before
    assert judgements(path) == []
    assert judgements(path, protected=True) == ["1 test:h same test:i holds"]
    with store(path) as opened, pytest.raises(NotFound):
        opened.resolve("test:i")


def test_a_judgement_rests_when_one_of_its_records_becomes_protected(path: Path) -> None:
    load(path, "host", [node("h", name="Guest")])
    judge(path, "same", "test:a", "test:h")
    load(path, "host", [node("h", name="Guest", provenance=HIDDEN)])
    digest(path)
    assert judgements(path, protected=True) == ["1 test:a same test:h rests"]
    assert judgements(path) == ["1 test:a same test:h rests"]  # made when everybody saw both
    with store(path) as opened:
        assert opened.nodes(ids("a"))[ids("a")[0]].properties["name"] == ("Ann",)
        with pytest.raises(NotFound):
            opened.resolve("test:h")


def test_a_judgement_about_withdrawn_protected_records_is_not_listed_without_the_scope(path: Path) -> None:
    load(path, "host", [node("h", name="Hidden", provenance=HIDDEN)])
    judge(path, "distinct", "test:a", "test:h")
    withdraw(path, "host")
    assert (judgements(path), len(judgements(path, protected=True))) == ([], 1)


def test_a_judgement_that_rests_is_no_reason_why_a_node_is_one_thing(path: Path) -> None:
    load(path, "press", [node("p", name="Ann P")])
    judge(path, "same", "test:a", "test:p")
    with store(path) as opened:
        assert [j.number for j in opened.judgements(ids("a"))[ids("a")[0]]] == [1]
    withdraw(path, "press")
    with store(path) as opened:
        assert opened.judgements(ids("a")) == {}


def test_unsure_holds_until_records_of_an_end_change_and_is_exactly_undone(path: Path) -> None:
    before = digest(path)
    judge(path, "unsure", "test:a", "test:b")
    assert (judgements(path), digest(path)) == (["1 test:a unsure test:b holds"], before)
    load(path, "elsewhere", [node("z", name="Zed")])
    load(path, "elsewhere", [])
    assert judgements(path) == ["1 test:a unsure test:b holds"]
    load(path, "press", [node("a", name="Ann", birth_date="1970")])
    assert judgements(path) == ["1 test:a unsure test:b reopened"]
    withdraw(path, "press")
    assert judgements(path) == ["1 test:a unsure test:b holds"]
    load(path, "press", [link("a OWNS d")])
    assert judgements(path) == ["1 test:a unsure test:b reopened"]
    assert judge(path, "unsure", "test:a", "test:b").number == 2
    assert judgements(path)[1] == "2 test:a unsure test:b holds"
    withdraw(path, "press")
    undo(path, 1)
    undo(path, 2)
    assert digest(path) == before


def test_unsure_is_said_once_and_never_of_what_is_decided(path: Path) -> None:
    judge(path, "unsure", "test:a", "test:b")
    with pytest.raises(InputError, match=r"judgement 1 by A\. Analyst says so already"):
        judge(path, "unsure", "test:b", "test:a")
    judge(path, "distinct", "test:a", "test:d")
    with pytest.raises(InputError, match=r"contradicts what stands: test:a ≠ test:d \(judgement 2 by A\. Analyst on"):
        judge(path, "unsure", "test:a", "test:d")
    with pytest.raises(InputError, match="one thing already"):
        judge(path, "unsure", "test:c", "test:e")
    judge(path, "same", "test:a", "test:b")
    assert judgements(path)[0] == "1 test:a unsure test:b rests"


def test_every_chain_that_contradicts_is_told(path: Path) -> None:
    judge(path, "same", "test:a", "test:b")
    judge(path, "distinct", "test:a", "test:c")
    judge(path, "distinct", "test:b", "test:e")
    with pytest.raises(InputError, match=r"judgement 2 by .*; and .*judgement 3 by "):
        judge(path, "same", "test:a", "test:e")


def test_what_waits_for_a_second_person_has_no_effect_until_another_confirms_it(path: Path) -> None:
    before = digest(path)
    made = judge(path, "same", "test:a", "test:b", needs_second=True)
    assert (made.waits, digest(path)) == (True, before)
    assert judgements(path) == ["1 test:a same test:b waiting for confirmation"]
    with store(path) as opened:
        assert opened.judgements(ids("a")) == {}
    for by, user in (("A. Analyst", "ann"), (" a.  ANALYST ", "bob"), ("B. Boss", "Ann")):
        with pytest.raises(InputError, match="waits for a second person: expected another --by and another KG_USER"):
            judge(path, "same", "test:b", "test:a", by=by, user=user)
    confirmed = judge(path, "same", "test:b", "test:a", by="B. Boss", user="bob")
    assert (confirmed.number, confirmed.waits, confirmed.confirmed_by) == (1, False, "B. Boss")
    assert (judgements(path), digest(path) != before) == (["1 test:a same test:b holds"], True)
    undo(path, 1)
    assert digest(path) == before


def test_what_waits_keeps_nobody_from_judging_otherwise_and_is_then_not_confirmed(path: Path) -> None:
    judge(path, "same", "test:a", "test:b", needs_second=True)
    judge(path, "distinct", "test:a", "test:b")
    with pytest.raises(InputError, match="contradicts what stands: test:a ≠ test:b"):
        judge(path, "same", "test:a", "test:b", by="B. Boss", user="bob")
    undo(path, 1)
    assert judgements(path) == ["1 test:a same test:b undone", "2 test:a distinct test:b holds"]

"""What is different in the ledger from an earlier moment?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from kg.database import connect
from kg.findings import LedgerChanges, LedgerPosition
from kg.ledger.changes import changes_since, ledger_mark
from kg.ontology import load_ontology
from kg.records import Provenance, node_id
from tests.stores import judge, link, load, node, store_fixture, undo, withdraw

ANN, BOB, ACME = (node_id("test", key) for key in ("ann", "bob", "acme"))

PEOPLE = [node("ann", name="Ann Example"), node("bob", name="Bob Example"), node("acme", "Enterprise", name="Acme")]


@store_fixture
def path(path: Path) -> None:
    load(path, "register", [*PEOPLE, link("ann OWNS acme", share="51"), link("bob OWNS acme", share="49")])
    load(path, "press", [link("ann FAMILY_OF bob")])


def now(path: Path) -> LedgerPosition:
    with closing(connect(path)) as connection:
        return ledger_mark(connection)


def since(path: Path, before: LedgerPosition, *about: str) -> LedgerChanges:
    with closing(connect(path)) as connection:
        return changes_since(connection, load_ontology(), before, about or (ANN, BOB, ACME))


def told(found: LedgerChanges) -> list[tuple[str, str, str]]:
    return [(r.how, r.source, r.key) for r in found.records]


def test_nothing_is_different_from_now(path: Path) -> None:
    found = since(path, now(path))
    assert (dict(found.counts), found.records, found.judged, found.withdrawn) == ({}, (), (), ())


def test_what_came_changed_and_went_is_told_with_what_was_said(path: Path) -> None:
    before = now(path)
    load(path, "register", [*PEOPLE, link("ann OWNS acme", share="40"), link("bob DIRECTS acme")])
    found = since(path, before)
    assert told(found) == [
        ("changed", "register", "ann OWNS acme"),
        ("came", "register", "bob DIRECTS acme"),
        ("went", "register", "bob OWNS acme"),
    ]
    changed = found.records[0]
    assert (changed.before, changed.after, changed.ends) == ({"share": ["51"]}, {"share": ["40"]}, (ANN, ACME))
    assert found.counts == {"register": (1, 1, 1)}


def test_what_came_and_went_meanwhile_or_is_said_again_is_no_change(path: Path) -> None:
    before = now(path)
    load(path, "leak", [link("ann PAID bob")])
    withdraw(path, "leak")
    load(path, "press", [link("ann FAMILY_OF bob")])
    assert told(since(path, before)) == []


def test_a_withdrawn_source_is_named(path: Path) -> None:
    before = now(path)
    withdraw(path, "press")
    found = since(path, before)
    assert (found.withdrawn, told(found)) == (("press",), [("went", "press", "ann FAMILY_OF bob")])


def test_records_about_others_are_counted_and_not_told(path: Path) -> None:
    before = now(path)
    load(path, "leak", [node("cat", name="Cat Example"), link("cat OWNS yacht")])
    found = since(path, before)
    assert (found.records, found.counts) == ((), {"leak": (2, 0, 0)})


def test_protected_records_and_links_to_protected_people_do_not_exist_here(path: Path) -> None:
    before = now(path)
    hidden = Provenance(handling="protected")
    load(path, "court", [node("eve", name="Eve Example", provenance=hidden), link("ann PAID bob", provenance=hidden)])
    load(path, "bank", [link("eve PAID ann")])
    found = since(path, before)
    assert (found.records, dict(found.counts)) == ((), {})


def test_what_becomes_protected_is_not_told_as_gone(path: Path) -> None:
    before = now(path)
    hidden = Provenance(handling="protected")
    load(path, "press", [link("ann FAMILY_OF bob", provenance=hidden)])
    assert told(since(path, before)) == []
    load(path, "register", [PEOPLE[0], node("bob", provenance=hidden, name="Bob Example"), PEOPLE[2]])
    assert all("bob" not in key for _, _, key in told(since(path, before, ANN, BOB, ACME, node_id("test", "bob"))))


def test_judgements_made_and_taken_back_are_told(path: Path) -> None:
    load(path, "leak", [node("ann-2", name="A. Example"), node("bob-2", name="B. Example")])
    judge(path, "same", "test:ann", "test:ann-2")
    before = now(path)
    judge(path, "same", "test:bob", "test:bob-2")
    undo(path, 1)
    found = since(path, before)
    assert ([j.number for j in found.judged], [j.number for j in found.undone]) == ([2], [1])


def test_a_judgement_is_told_when_it_is_made_and_again_when_a_second_person_confirms_it(path: Path) -> None:
    load(path, "leak", [node("bob-2", name="B. Example")])
    before = now(path)
    judge(path, "same", "test:bob", "test:bob-2", needs_second=True)
    assert [(j.number, j.waits) for j in since(path, before).judged] == [(1, True)]
    before = now(path)
    assert since(path, before).judged == ()
    judge(path, "same", "test:bob", "test:bob-2", by="B. Boss", user="bob")
    assert [(j.number, j.waits) for j in since(path, before).judged] == [(1, False)]

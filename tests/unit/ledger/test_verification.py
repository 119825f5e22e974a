"""Does a verification tell whatever differs, and name to each scope only what exists in it?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from kg.database import connect, read_transaction
from kg.database.scopes import scope
from kg.ledger.digests import IN_PROTECTED_SCOPE
from kg.ledger.verification import Verification, graph_digest, verify
from kg.ontology import load_ontology
from kg.records import Provenance, node_id
from tests.stores import link, load, node, store_fixture

HIDDEN = Provenance(handling="protected")


@store_fixture
def path(path: Path) -> None:
    load(path, "mixed", [node("ann", name="Ann"), node("h", name="Guest", provenance=HIDDEN), link("ann OWNS h")])
    load(path, "shelter", [node("i", name="Other guest", provenance=HIDDEN)])


def tampered(path: Path, statement: str, *, protected: bool) -> Verification:
    with closing(connect(path)) as connection:
        assert connection.execute(statement).rowcount > 0
    return verify(path, load_ontology(), protected=protected)


NODE = "UPDATE stored_node SET caption = 'X' WHERE id = '{}'"
RECORD = "UPDATE stored_record SET {} WHERE key = '{}'"
DIGEST = "digest = x'00'"


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        (NODE.format(node_id("test", "h")), node_id("test", "h")),
        (f"UPDATE stored_node SET protected = 0 WHERE id = '{node_id('test', 'h')}'", node_id("test", "h")),
        ("UPDATE stored_link SET body = '{}' WHERE protected", ""),
        (RECORD.format("body = '{}'", "h"), "records of mixed"),
        (RECORD.format("body = '{}'", "i"), "records of shelter"),
        ("DELETE FROM stored_record WHERE key = 'i'", "records of shelter"),
        ("UPDATE load SET digest = 'x' WHERE num = 1", "records of mixed"),
        ("UPDATE load SET digest = 'x' WHERE num = 2", "records of shelter"),
    ],
)
def test_what_is_protected_is_told_but_not_named_without_the_scope(path: Path, statement: str, name: str) -> None:
    open_view = tampered(path, statement, protected=False)
    assert not open_view.is_clean
    told = [*open_view.differing, *open_view.damage.problems]
    assert any(IN_PROTECTED_SCOPE in text for text in told)
    assert not [text for text in told if node_id("test", "h") in text or "shelter" in text or "mixed" in text]
    in_scope = verify(path, load_ontology(), protected=True)
    named = [*in_scope.differing, *in_scope.damage.problems]
    assert not any(IN_PROTECTED_SCOPE in text for text in named)
    assert not name or name in named
    assert open_view.advice == in_scope.advice


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        (NODE.format(node_id("test", "ann")), node_id("test", "ann")),
        (RECORD.format("body = '{}'", "ann"), "records of mixed"),
        ("UPDATE load SET open_digest = 'x' WHERE num = 1", "records of mixed"),
    ],
)
def test_what_is_open_is_named_to_everybody(path: Path, statement: str, name: str) -> None:
    found = tampered(path, statement, protected=False)
    assert [*found.differing, *found.damage.problems] == [name]


@pytest.mark.parametrize("protected", [False, True])
def test_the_digest_is_that_of_the_graph_as_its_scope_sees_it(tmp_path: Path, protected: bool) -> None:
    hidden = node("bo", name="Bo Example", provenance=Provenance(handling="protected"))
    load(
        path := tmp_path / "graph.sqlite",
        "register",
        [node("acme", "Enterprise", name="Acme"), hidden, link("bo OWNS acme")],
    )
    with closing(connect(path)) as connection, scope(connection, protected=protected), read_transaction(connection):
        expected = graph_digest(connection)
    assert verify(path, load_ontology(), protected=protected).digest == expected

"""Does what a Neo4j is to hold take one look-up a node and link to read, and not a pass over the ledger?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from kg.database import connect, read_transaction
from kg.database.scopes import scope
from kg.ontology import load_ontology
from kg.stores.neo4j import CopyScope
from kg.stores.neo4j.projection_reader import ProjectionReader
from tests.stores import link, load, node

STEPS = 100
"""Steps of SQLite's virtual machine between two calls of the progress handler."""


def count_steps(path: Path, people: int, *, protected: bool, what: str) -> int:
    """How many hundred steps SQLite takes to read all nodes or links of a graph with so many people."""
    load(
        path,
        "register",
        [*(node(f"p{i}") for i in range(people)), *(link(f"p{i} FAMILY_OF p0") for i in range(1, people))],
    )
    calls = 0

    def count() -> int:
        nonlocal calls
        calls += 1
        return 0

    with closing(connect(path)) as connection, scope(connection, protected=protected), read_transaction(connection):
        reader = ProjectionReader(connection, CopyScope(load_ontology(), protected))
        connection.set_progress_handler(count, STEPS)
        items = list(reader.nodes() if what == "nodes" else reader.links())
        connection.set_progress_handler(None, STEPS)
    assert len(items) >= people - 1
    return calls


@pytest.mark.parametrize("what", ["nodes", "links"])
@pytest.mark.parametrize("protected", [False, True])
def test_the_work_grows_with_the_graph_and_not_with_its_square(tmp_path: Path, what: str, protected: bool) -> None:
    small = count_steps(tmp_path / "small.sqlite", 100, protected=protected, what=what)
    large = count_steps(tmp_path / "large.sqlite", 400, protected=protected, what=what)
    assert large < 6 * small

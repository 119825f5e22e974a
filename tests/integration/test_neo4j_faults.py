"""Is a sync that was interrupted gone on with, and ends well?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from kg.database import connect
from kg.errors import StoreBusy, StoreError
from kg.ontology import load_ontology
from kg.stores.neo4j import CopyScope, Neo4jConnection, SyncRequest, sync, sync_state_path
from kg.stores.neo4j.sync import batches as outbox
from kg.stores.neo4j_address import Neo4jAddress
from tests import neo4j_copies
from tests.neo4j_server import free_ports
from tests.stores import link, load, node

PEOPLE = [node(f"p{i}", name=f"Person {i}") for i in range(400)]
TIES = [link(f"p{i} FAMILY_OF p{i + 1}") for i in range(399)]


class Stopped(Exception):
    """What stops a sync in the middle."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    load(tmp_path / "graph.sqlite", "register", [*PEOPLE, *TIES])
    return tmp_path / "graph.sqlite"


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MAX_ROWS", 100)


def test_a_sync_that_stops_in_the_middle_is_gone_on_with(
    neo4j: neo4j_copies.Neo4jFixture, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    neo4j_copies.empty(neo4j)
    deliver = outbox.BatchSender._write_batch
    batches = iter(range(100))

    def some(self: outbox.BatchSender, *words: object) -> None:
        if next(batches) == 5:
            raise Stopped
        deliver(self, *words)  # type: ignore[arg-type]  # whatever it takes, it is handed on

    monkeypatch.setattr(outbox.BatchSender, "_write_batch", some)
    with pytest.raises(Stopped):
        neo4j_copies.sync_copy(neo4j, path)
    assert neo4j.run("MATCH (g:KgGraph) RETURN g.state AS state") == [{"state": "syncing"}]
    load(path, "register", PEOPLE[1:])  # and meanwhile the ledger moves on
    assert neo4j_copies.sync_copy(neo4j, path).counts == {"nodes_removed": 1, "links_removed": 100}
    assert neo4j_copies.differences(neo4j, path).is_clean


def test_a_sync_that_another_one_overtakes_stops(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    neo4j_copies.empty(neo4j)
    scope = CopyScope(load_ontology())

    def overtake(phase: str, done: int, total: int | None) -> None:
        if done:
            neo4j.run("MATCH (g:KgGraph) SET g.writer = 'another'")

    with (
        closing(connect(path)) as connection,
        neo4j_copies.connect_to(neo4j) as talk,
        pytest.raises(StoreBusy, match="another kg"),
    ):
        sync(connection, talk, SyncRequest(scope, sync_state_path(path, neo4j.uri), progress=overtake))
    neo4j_copies.sync_copy(neo4j, path)
    assert neo4j_copies.differences(neo4j, path).is_clean


def test_a_sync_with_a_wrong_password_changes_nothing_and_says_so_in_one_line(
    neo4j: neo4j_copies.Neo4jFixture, path: Path
) -> None:
    neo4j_copies.sync_copy(neo4j, path, full=True)
    load(path, "register", PEOPLE[1:])
    wrong = Neo4jAddress(neo4j.uri, neo4j.user, "wrong")
    request = SyncRequest(CopyScope(load_ontology()), sync_state_path(path, neo4j.uri))
    with (
        closing(connect(path)) as connection,
        pytest.raises(StoreError, match=r"refuses the user .*; set KG_NEO4J_USER and KG_NEO4J_PASSWORD$") as told,
        Neo4jConnection(wrong, retry_seconds=0.5) as talk,
    ):
        sync(connection, talk, request)
    assert "\n" not in str(told.value)
    assert "wrong" not in str(told.value)
    assert neo4j_copies.sync_copy(neo4j, path).counts == {"nodes_removed": 1, "links_removed": 399}
    assert neo4j_copies.differences(neo4j, path).is_clean


def test_a_transaction_that_is_refused_in_the_middle_is_gone_on_with(
    neo4j: neo4j_copies.Neo4jFixture, path: Path
) -> None:
    neo4j_copies.empty(neo4j)
    load(path, "twins", [node("t1", name="Person 399"), node("t2", name="Person 0")])
    neo4j.run("CREATE CONSTRAINT not_of_kg FOR (n:Person) REQUIRE n.caption IS UNIQUE")
    try:
        with pytest.raises(StoreError, match=f"the Neo4j at {neo4j.uri} refuses: ") as told:
            neo4j_copies.sync_copy(neo4j, path)
        assert "\n" not in str(told.value)
        assert neo4j.run("MATCH (g:KgGraph) RETURN g.state AS state") == [{"state": "syncing"}]
        assert neo4j.run("MATCH (n:Person) RETURN count(n) > 0 AS some") == [{"some": True}]
    finally:
        neo4j.run("DROP CONSTRAINT not_of_kg")
    done = neo4j_copies.sync_copy(neo4j, path)
    assert 0 < done.counts["nodes_added"] < 402
    assert neo4j_copies.differences(neo4j, path).is_clean


def test_a_neo4j_that_does_not_answer_is_waited_for_and_then_named(path: Path) -> None:
    [port] = free_ports(1)
    with (
        Neo4jConnection(Neo4jAddress(f"bolt://127.0.0.1:{port}"), retry_seconds=0.5) as talk,
        pytest.raises(StoreError, match=f"the Neo4j at bolt://127.0.0.1:{port} does not answer"),
    ):
        talk.read("RETURN 1")

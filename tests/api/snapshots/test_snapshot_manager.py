"""Does the service follow the graph without letting anybody wait, and what if it cannot?"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from kg import database, operations
from kg.errors import StoreBusy, StoreError
from kg.ledger import erasure
from kg.operations import ViewBuilder, Workspace
from kg.operations.store import snapshot, store_copy, view_builder
from kg.records import node_id
from kg_api.snapshots import refresh
from kg_api.snapshots.view_process import start_builder
from tests import neo4j_copies
from tests.api.service_client import ServiceClient, ServiceReply, is_up_to_date, run_service, wait_until
from tests.stores import link, load, node

PEOPLE = [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y"), link("ann OWNS yacht")]
PAIR = "/v1/paths?from=test:ann&to=test:yacht"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    load(tmp_path / "graph.sqlite", "s", PEOPLE)
    return replace(Workspace(tmp_path / "graph.sqlite"), view_cache=tmp_path / "views")


@pytest.fixture(params=["in the service", "in a process"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Graphs are built in the service, as small ones are, and then in a process, as large ones are."""
    if request.param == "in a process":
        monkeypatch.setattr(view_builder, "SMALL_BYTES", 0)


@pytest.fixture
def client(place: Workspace) -> Iterator[ServiceClient]:
    with run_service(place) as client:
        yield client


def _ready(client: ServiceClient) -> Any:
    return client.get("/readyz").data


def _at(client: ServiceClient, number: int) -> bool:
    """Whether that graph answers."""
    return bool(_ready(client)["version"].endswith(f"@{number}"))


def test_a_start_with_the_files_there_makes_none(place: Workspace) -> None:
    made = operations.build_cached_view(place)
    operations.build_cached_clusters(place, made.state)
    files = {f: f.stat().st_mtime_ns for f in made.folder.parent.rglob("*.npy")}
    with run_service(place) as client:
        assert client.get(PAIR).data["found"]
        assert client.get("/v1/clusters").data["total"] == 1
    assert {f: f.stat().st_mtime_ns for f in made.folder.parent.rglob("*.npy")} == files


@pytest.mark.usefixtures("either_way")
def test_after_a_load_every_address_gets_to_the_new_graph_and_none_to_a_gap(
    place: Workspace, client: ServiceClient
) -> None:
    before = _ready(client)
    for part in (before["view"], before["clusters"]):
        assert part.pop("build_seconds") > 0
        assert part == {"version": before["version"], "state": "current", "trouble": None, "age_seconds": 0.0}
    load(place.path, "s", [*PEOPLE, node("bob", name="Bob Example")])
    wait_until(lambda: _at(client, 2))
    found = client.get("/v1/clusters")  # those of the graph before, until the new ones are found
    assert (found.status, found.data["total"]) == (200, 1)
    after = {client.get(address).data["version"] for address in ("/v1/entities?q=bob", PAIR, "/readyz")}
    wait_until(lambda: is_up_to_date(client))
    assert {client.get("/v1/clusters").data["version"]} == after
    assert before["version"] not in after


@pytest.mark.parametrize("large", [False, True])
def test_a_store_that_cannot_be_read_is_not_ready_and_one_in_its_place_is_opened_at_once(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr(refresh, "FIRST_DELAY", 1_000.0)  # a back-off that no test waits for
    monkeypatch.setattr(snapshot, "MAX_CHECKED_BYTES", 0 if large else snapshot.MAX_CHECKED_BYTES)
    other = place.path.with_name("other.sqlite")
    load(place.path, "u", [node(f"n{i}", name=f"Bob Example {i}") for i in range(500)])
    operations.back_up(place, other)
    with run_service(place) as client:
        wait_until(lambda: client.get("/readyz").status == 200)
        os.truncate(place.path, place.path.stat().st_size // 2)
        wait_until(lambda: client.get("/readyz").status == 503)
        told = client.get("/readyz")
        assert "damaged" in told.data["detail"] and told.headers["retry-after"] == "1"
        other.replace(place.path)
        wait_until(lambda: client.get("/v1/entities?q=bob").status == 200)
        wait_until(lambda: client.get("/readyz").status == 200)


def test_a_damaged_file_in_the_place_of_a_good_one_leaves_the_service_ready(place: Workspace) -> None:
    other = place.path.with_name("other.sqlite")
    other.write_bytes(b"These are the notes of somebody." * 1_000)
    with run_service(place) as client:
        wait_until(lambda: is_up_to_date(client))
        other.replace(place.path)
        wait_until(lambda: _ready(client)["view"]["state"] == "failing")
        assert client.get("/v1/entities?q=ann").data["entities"]


def test_a_service_is_ready_when_its_clusters_are_known_too(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    go, build = threading.Event(), ViewBuilder.build_clusters

    def wait(builder: ViewBuilder) -> None:
        go.wait(60)
        build(builder)

    monkeypatch.setattr(ViewBuilder, "build_clusters", wait)
    with run_service(place, wait=False) as client:
        wait_until(lambda: client.get(PAIR).status == 200)
        ready = client.get("/readyz")
        assert (ready.status, ready.headers["retry-after"]) == (503, "1")
        assert "clusters" in ready.data["detail"]
        go.set()
        wait_until(lambda: client.get("/readyz").status == 200)
        assert client.get("/v1/clusters").status == 200
        go.clear()
        load(place.path, "s", [*PEOPLE, node("bob", name="Bob Example")])
        wait_until(partial(_at, client, 2))
        assert {client.get(address).status for address in ("/readyz", "/v1/clusters", PAIR)} == {200}
        go.set()


def test_clusters_that_cannot_be_found_keep_no_service_from_being_ready(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: ViewBuilder) -> None:
        raise StoreError("no room for clusters")

    monkeypatch.setattr(ViewBuilder, "build_clusters", fail)
    with run_service(place) as client:
        ready = client.get("/readyz")
        assert (ready.status, ready.data["clusters"]["state"]) == (200, "failing")
        assert ready.data["clusters"]["trouble"]["reason"] == "no room for clusters"
        assert client.get("/v1/clusters").status == 503


@pytest.mark.usefixtures("either_way")
def test_a_view_that_cannot_be_made_keeps_the_old_one_says_why_and_is_tried_again(
    place: Workspace, client: ServiceClient
) -> None:
    before = _ready(client)["version"]
    assert place.view_cache
    shutil.rmtree(place.view_cache)
    place.view_cache.write_text("a file, and no folder")
    load(place.path, "s", PEOPLE[:2])
    wait_until(lambda: _ready(client)["view"]["state"] == "failing")
    ready = client.get("/readyz")
    trouble = ready.data["view"]["trouble"]
    assert (ready.status, ready.data["version"]) == (200, before)
    assert "set KG_VIEW_CACHE" in trouble["reason"] and trouble["since"] < trouble["next_try"]
    assert client.get(PAIR).data["found"]
    assert len(client.get("/v1/entities/test:ann/links").data["links"]) == 1
    place.view_cache.unlink()
    wait_until(lambda: _ready(client)["view"]["state"] == "current" and _ready(client)["version"] != before)
    assert not client.get(PAIR).data["found"]


def test_after_loads_one_set_of_files_is_left_and_the_log_can_be_emptied(
    place: Workspace, client: ServiceClient
) -> None:
    for turn in range(2):
        load(place.path, "many", [node(f"n-{turn}-{i}") for i in range(300)])
        wait_until(partial(_at, client, turn + 2))
    wait_until(lambda: is_up_to_date(client))
    wait_until(lambda: len(list((place.path.parent / "views").rglob("manifest.json"))) == 2)
    wait_until(partial(_emptied, place.path))
    assert _at(client, 3)


def test_an_entity_of_a_neo4j_is_never_of_two_versions(place: Workspace, neo4j: neo4j_copies.Neo4jFixture) -> None:
    """Who is one with whom stands in the SQLite file alone, and that may be ahead of the Neo4j."""
    neo4j_copies.sync_copy(neo4j, place.path, take_over=True)
    address = f"/v1/entities/{node_id('test', 'ann')}"
    with run_service(replace(place, neo4j=neo4j_copies.address(neo4j)), refresh=False) as client:
        assert client.get(address).data["version"].endswith("@1")
        load(place.path, "s", [*PEOPLE, node("bob", name="Bob Example")])
        ahead = client.get(address)
        assert (ahead.status, ahead.headers["retry-after"]) == (503, "1")
        assert "bring the Neo4j up to date with `kg sync`" in ahead.data["detail"]
        assert client.get(f"{address}/links").data["version"].endswith("@1")
        neo4j_copies.sync_copy(neo4j, place.path)
        assert client.get(address).data["version"].endswith("@2")


@contextmanager
def _loads_without_a_pause(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """A function that says how often the log has begun anew, while loads never pause and any log is long."""
    monkeypatch.setattr(store_copy, "LONG_LOG", 0)
    monkeypatch.setattr(store_copy, "LONG_PART", 1 << 62)
    monkeypatch.setattr(database, "LOG_BYTES", 0)  # each commit copies what it may
    done, began = threading.Event(), set[bytes]()

    def repeat() -> None:
        for number in count():
            if done.is_set():
                return
            load(place.path, "more", [node(f"n-{number}", name=f"Person {number} Example")], delta=True)
            began.add(database.log_path(place.path).read_bytes()[12:24])

    loader = threading.Thread(target=repeat)
    loader.start()
    try:
        yield lambda: len(began)
    finally:
        done.set()
        loader.join()


def _copies(place: Workspace) -> list[Path]:
    assert place.view_cache
    return list(place.view_cache.rglob("copy-*"))


def test_loads_that_never_pause_let_a_long_log_begin_anew_and_leave_no_copy(
    place: Workspace, client: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _loads_without_a_pause(place, monkeypatch) as began:
        wait_until(lambda: client.get(PAIR).status == 200 and began() > 2)
        assert {client.get(address).status for address in ("/readyz", "/v1/clusters", PAIR)} == {200}
        number = int(_ready(client)["version"].rpartition("@")[2])
        found = client.get("/v1/entities", q="person", limit=200)
        assert found.status == 200 and number > 1
    wait_until(lambda: is_up_to_date(client) and not _copies(place))
    wait_until(partial(_emptied, place.path))


def test_without_room_for_a_copy_the_newer_graphs_answer_all_the_same(
    place: Workspace, client: ServiceClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: ViewBuilder) -> str:
        raise StoreError("no space left")

    monkeypatch.setattr(ViewBuilder, "copy", fail)
    with _loads_without_a_pause(place, monkeypatch):
        wait_until(lambda: "grows on: no space left" in caplog.text)
        before = _ready(client)["version"]
        wait_until(lambda: _ready(client)["version"] != before)
        assert _ready(client)["view"]["state"] != "failing"


@pytest.mark.usefixtures("either_way")
def test_a_copy_is_read_while_the_store_goes_on_and_goes_with_its_last_reader(place: Workspace) -> None:
    with start_builder(place, threading.Event()) as builder:
        name = builder.copy()
        load(place.path, "s", PEOPLE[:2])
        builder.build_view()
        builder.build_clusters()
        with closing(operations.Snapshot(place, readers=1, copy=store_copy.find_copy(place, name))) as copied:
            view = operations.load_cached_view(place, copied.state)
            assert view and operations.load_cached_clusters(place, copied.state)
        assert view.view.version.number == 1
        assert builder.begin() != copied.state
        builder.build_view()
    operations.prune_views(place, view.view.version)
    assert not _copies(place)


def _emptied(path: Path) -> bool:
    """Empty the write-ahead log, which goes only if whoever reads rests on the file alone."""
    with closing(sqlite3.connect(path)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy and path.with_name(f"{path.name}-wal").stat().st_size == 0


def test_a_source_can_be_erased_while_the_service_runs(place: Workspace, client: ServiceClient) -> None:
    load(place.path, "secret", [node("qwertzuiop", name="Qwertzuiop Example")])
    wait_until(lambda: is_up_to_date(client) and client.get("/v1/entities", q="qwertzuiop").data["entities"])
    operations.erase(place, "secret")
    wait_until(lambda: is_up_to_date(client) and not client.get("/v1/entities", q="qwertzuiop").data["entities"])
    left = b"".join(f.read_bytes() for f in place.path.parent.glob("graph.sqlite*"))
    assert b"qwertzuiop" not in left.lower()


def test_an_erasure_ends_only_when_no_service_answers_from_a_copy_of_the_source(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(place.path, "secret", [node("qwertzuiop", name="Qwertzuiop Example")])
    name, lease = store_copy.copy_store(place)
    reader = operations.Snapshot(place, readers=1, copy=store_copy.find_copy(place, name))
    del lease
    hasty = replace(place, wait=0.1)
    monkeypatch.setattr(erasure, "_PAUSE", 0.05)
    with pytest.raises(StoreBusy, match="another process uses the store"):
        operations.erase(hasty, "secret")
    with pytest.raises(StoreBusy, match="another process uses the store"):
        operations.erase(hasty, "secret")  # nor does the second attempt end before
    with reader.store() as store:
        assert store.search("qwertzuiop")
    reader.close()
    _, _lease = store_copy.copy_store(place)  # has nothing of the source, and may go on to be read
    operations.erase(hasty, "secret")
    assert not _copies(place)


def test_readers_and_loads_at_once_leave_nothing_torn_and_nothing_lost(place: Workspace, client: ServiceClient) -> None:
    """Every third load takes the holding away; who is told a version is told what that version has, by every way."""
    yacht = client.get("/v1/entities", q="Y").data["entities"][0]["id"]
    asked = {"path": PAIR, "search": "/v1/entities?q=example&limit=100", "links": f"/v1/entities/{yacht}/links"}

    def ask(kind: str) -> tuple[str, ServiceReply]:
        return kind, client.get(asked[kind])

    turns = 6
    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(ask, kind) for kind in [*asked] * 80]
        for turn in range(turns):
            extra = [node(f"bob-{i}", name=f"Bob Example {i}") for i in range(turn + 1)]
            load(place.path, "s", [*(PEOPLE if turn % 3 else PEOPLE[:2]), *extra])
        done = [answer.result() for answer in answers]
    wait_until(lambda: _at(client, turns + 1))
    done += map(ask, asked)
    assert {answer.status for _, answer in done} == {200}
    for kind, answer in done:
        number = int(answer.data["version"].rpartition("@")[2])
        held = number == 1 or (number - 2) % 3 != 0
        if kind == "path":
            assert answer.data["found"] == held
        elif kind == "search":
            assert len(answer.data["entities"]) == number  # Ann, and a Bob for each load
        else:
            assert len(answer.data["links"]) == held

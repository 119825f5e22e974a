"""Does the service keep up with loads that come faster than it can read the graph?"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.api.service_client import ServiceClient, is_up_to_date, run_process, wait_until
from tests.faults.harness import limit_file_size
from tests.stores import link, load, node, store_fixture

PEOPLE = [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y"), link("ann OWNS yacht")]
PAIR = "/v1/paths?from=test:ann&to=test:yacht"
PAUSE = 0.2
"""Seconds between two loads: less than a process takes to start."""

LARGE = "from kg.operations.store import view_builder; view_builder.SMALL_BYTES = 0"
"""Code for a service that takes each graph for a large one, which a process reads."""

MOST_BYTES = 100_000
"""The size beyond which a service, and the processes it starts, can write no file: as on a full disk."""


@store_fixture
def path(path: Path) -> None:
    load(path, "s", PEOPLE)


def _settings(path: Path, views: str = "views") -> dict[str, str]:
    folder = path.parent
    return {"KG_STORE": f"embedded:{path}", "KG_VIEW_CACHE": str(folder / views), "KG_API_RATE": ""}


@contextmanager
def _loads(path: Path) -> Iterator[None]:
    """Load one more person again and again, as long as the block lasts."""
    done, failed = threading.Event(), list[BaseException]()

    def repeat() -> None:
        number = 0
        try:
            while not done.wait(PAUSE):
                number += 1
                load(path, "more", [node(f"n-{number}", name=f"Person {number} Example")], delta=True)
        except BaseException as error:  # noqa: BLE001  # raised again where the test sees it
            failed.append(error)

    loader = threading.Thread(target=repeat)
    loader.start()
    try:
        yield
    finally:
        done.set()
        loader.join()
    assert failed == []


def _number(client: ServiceClient) -> int:
    """The version of the graph that answers a question about paths; it has to be answered."""
    answer = client.get(PAIR)
    assert answer.status == 200, answer.data
    assert answer.data["found"]
    return int(answer.data["version"].rpartition("@")[2])


PATIENCE = 600.0
"""Seconds after which a service that other tests leave little of the machine is taken to stand still."""


def _is_ready(client: ServiceClient) -> bool:
    return client.get("/readyz").status == 200


def _goes_on(client: ServiceClient, graphs: int) -> None:
    """Ask until so many graphs have answered, each newer than the one before; any 503 fails."""
    seen = [_number(client)]
    while len(seen) <= graphs:
        wait_until(lambda: _number(client) != seen[-1], PATIENCE)
        seen.append(_number(client))
    assert seen == sorted(seen)


def test_loads_without_a_pause_keep_no_start_and_no_question_waiting(path: Path) -> None:
    with _loads(path), run_process(_settings(path)) as process:
        wait_until(lambda: _is_ready(process.client), PATIENCE)
        _goes_on(process.client, 2)


def test_two_services_on_one_store_both_go_on(path: Path) -> None:
    """Whether they share their files or not."""
    with (
        _loads(path),
        run_process(_settings(path)) as one,
        run_process(_settings(path)) as same_files,
        run_process(_settings(path, "others")) as other_files,
    ):
        for process in (one, same_files, other_files):
            wait_until(lambda client=process.client: _is_ready(client), PATIENCE)  # type: ignore[misc]  # bound at once
        for process in (one, same_files, other_files):
            _goes_on(process.client, 1)


def test_after_a_kill_of_the_service_or_of_its_process_the_next_start_is_clean(path: Path) -> None:
    with _loads(path), run_process(_settings(path), before=LARGE) as process:
        wait_until(lambda: _is_ready(process.client))
        wait_until(lambda: bool(_children(process.pid)))
        for child in _children(process.pid):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        _goes_on(process.client, 1)
        wait_until(lambda: bool(_children(process.pid)))
        children = _children(process.pid)
        process.kill()
        wait_until(lambda: not any(_is_running(child) for child in children))
    with run_process(_settings(path)) as process:
        wait_until(lambda: is_up_to_date(process.client))
        _number(process.client)
        wait_until(lambda: len(list((path.parent / "views").rglob("manifest.json"))) == 2)
        assert not list((path.parent / "views").rglob("making-*"))


@pytest.mark.parametrize("damage", ["renamed over", "cut short", "removed"])
def test_a_store_that_is_replaced_or_cut_short_ends_no_service_and_the_new_one_is_opened(
    path: Path, damage: str
) -> None:
    other = path.parent / "other" / "graph.sqlite"
    load(other, "s", [*PEOPLE, node("zoe", name="Zoe Example")])
    with run_process(_settings(path)) as process:
        wait_until(lambda: _is_ready(process.client) and is_up_to_date(process.client))
        if damage == "cut short":
            os.truncate(path, path.stat().st_size // 2)
        elif damage == "removed":
            path.unlink()
        for _ in range(20):
            assert process.client.get(PAIR).status in (200, 503)
            assert process.client.get("/v1/entities?q=example").status in (200, 503)
        for name in (f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        other.replace(path)
        wait_until(lambda: _names(process.client, "zoe"))
        assert _is_ready(process.client)


def test_no_room_for_a_view_keeps_the_older_graph_and_says_why(path: Path) -> None:
    with run_process(_settings(path), before=limit_file_size(MOST_BYTES)) as process:
        wait_until(lambda: _is_ready(process.client) and is_up_to_date(process.client))
        before = _number(process.client)
        load(path, "many", [node(f"n-{n}", name=f"Person {n} Example") for n in range(5_000)])
        wait_until(lambda: process.client.get("/readyz").data["view"]["state"] == "failing")
        ready = process.client.get("/readyz")
        assert ready.status == 200
        assert "cannot be written (is the disk full?" in ready.data["view"]["trouble"]["reason"]
        assert ready.data["view"]["age_seconds"] > 0
        assert _number(process.client) == before
        assert not list((path.parent / "views").rglob("making-*"))


def _names(client: ServiceClient, text: str) -> bool:
    answer = client.get("/v1/entities", q=text)
    return answer.status == 200 and bool(answer.data["entities"])


def _children(pid: int) -> list[int]:
    """The processes that a service has started."""
    tasks = Path(f"/proc/{pid}/task")
    return [int(n) for task in tasks.iterdir() for n in (task / "children").read_text().split()]


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False

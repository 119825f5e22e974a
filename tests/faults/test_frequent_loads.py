"""Does the service keep up with loads that come faster than it can read the graph?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.api.service_client import ServiceClient, run_process, wait_until
from tests.stores import link, load, node

PEOPLE = [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y"), link("ann OWNS yacht")]
PAIR = "/v1/paths?from=test:ann&to=test:yacht"
PAUSE = 0.2
"""Seconds between two loads: less than a process takes to start."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "graph.sqlite"
    load(path, "s", PEOPLE)
    return path


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


def _is_ready(client: ServiceClient) -> bool:
    return client.get("/readyz").status == 200


def _goes_on(client: ServiceClient, graphs: int) -> None:
    """Ask until so many graphs have answered, each newer than the one before; any 503 fails."""
    seen = [_number(client)]
    while len(seen) <= graphs:
        wait_until(lambda: _number(client) != seen[-1])
        seen.append(_number(client))
    assert seen == sorted(seen)


def test_loads_without_a_pause_keep_no_start_and_no_question_waiting(path: Path) -> None:
    with _loads(path), run_process(_settings(path)) as process:
        wait_until(lambda: _is_ready(process.client), 60)
        _goes_on(process.client, 2)

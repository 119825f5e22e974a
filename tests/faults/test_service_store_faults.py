"""What does a running service do whose store is cut short, overwritten or replaced?"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.api.service_client import ServiceProcess, run_process, wait_until
from tests.faults.harness import run_kg
from tests.stores import load, node, store_fixture

PEOPLE = [node(f"p{i}", name=f"Ann Example {i}") for i in range(3_000)]
ADDRESSES = ("/readyz", "/v1/entities?q=ann", "/v1/entities/test:p7", "/v1/entities/test:p2999")


@store_fixture
def path(path: Path) -> None:
    load(path, "s", PEOPLE)


def _settings(path: Path) -> dict[str, str]:
    return {"KG_STORE": f"embedded:{path}", "KG_VIEW_CACHE": str(path.parent / "views")}


def _version(process: ServiceProcess) -> str:
    ready = process.client.get("/readyz")
    return str(ready.data["version"]) if ready.status == 200 else ""


def _copy_over(source: Path, target: Path) -> None:
    """Write into the file that is there, as `cp` does, in a process of its own."""
    subprocess.run(["cp", str(source), str(target)], check=True)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.6])
def test_a_store_that_is_cut_short_is_told_and_the_service_lives_to_answer_from_the_restored_one(
    path: Path, tmp_path: Path, share: float
) -> None:
    backup = tmp_path / "backup.sqlite"
    assert run_kg(path, "backup", backup).returncode == 0
    with run_process(_settings(path)) as process:
        wait_until(lambda: _version(process).endswith("@1"))
        os.truncate(path, int(path.stat().st_size * share))
        statuses = set()
        for _ in range(3):
            for address in ADDRESSES:
                answer = process.client.get(address)
                statuses.add(answer.status)
                assert answer.status in (200, 503), answer.data
                if answer.status == 503:
                    assert any(word in answer.data["detail"] for word in ("cut short", "damaged")), answer.data
        assert 503 in statuses or share > 0.5
        assert "is in use" in run_kg(path, "restore", backup, "--yes").stderr
        restored = tmp_path / "restored.sqlite"
        assert run_kg(restored, "restore", backup).returncode == 0
        load(restored, "t", [node("eve", name="Eve Example")])
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        restored.replace(path)
        wait_until(lambda: _version(process).endswith("@2"))
        assert process.client.get("/v1/entities", q="eve").data["entities"][0]["caption"] == "Eve Example"
        process.ask_to_end()
        process.wait()


def test_a_store_that_another_one_is_copied_over_is_followed_or_told(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    load(other, "s", [node(f"n{i}", name=f"Bob Example {i}") for i in range(4_000)])
    load(other, "t", [node("eve", name="Eve Example")])
    with run_process(_settings(path)) as process:
        wait_until(lambda: _version(process).endswith("@1"))
        _copy_over(other, path)

        def is_noticed() -> bool:
            ready = process.client.get("/readyz")
            text = str(ready.data)
            return "@2" in text or "damaged" in text or "cut short" in text

        wait_until(is_noticed)
        process.ask_to_end()
        process.wait()

"""How is a malformed input tried out?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.operations import FileLoadRequest, Workspace, load
from tests.faults.harness import assert_sound, rejects, state

DECLARED = {"name": "inv", "title": "Invented", "namespace": "inv", "invented": True}
BEFORE = ({"source": DECLARED}, {"key": "before", "type": "Person", "properties": {"name": "Ann Example"}})
"""What the source said earlier: it stays when a file cannot be loaded."""


@dataclass(frozen=True)
class ExpectedRefusal:
    """The load ends with 2 and one line that has these words in this order; the source stays as it was."""

    words: str

    def check(self, place: LoadHarness, result: Result) -> None:
        """Assert it."""
        line = refused(result)
        for word in self.words.split(" … "):
            assert word in line, line
        assert state(place.path) == place.before
        assert list(rejects(place.path).glob("*")) == []


@dataclass(frozen=True)
class ExpectedLoad:
    """The load happens with so many records; rows and values that cannot be read are counted and kept with why."""

    records: int
    rows: int = 0
    values: int = 0
    why: str = ""

    def check(self, place: LoadHarness, result: Result) -> None:
        """Assert it."""
        assert (result.exit_code, result.stderr) == (0, ""), (result.exception, result.stderr)
        counts = json.loads(result.stdout)
        found = (counts["nodes"] + counts["links"], counts["rejected"], counts["set_aside"])
        assert found == (self.records, self.rows, self.values), counts
        kept = Path(counts["rejects_file"]).read_bytes().splitlines() if counts["rejects_file"] else []
        assert [json.loads(line)["whole"] for line in kept].count(True) == self.rows
        assert len(kept) == self.rows + self.values
        assert all(self.why in json.loads(line)["reason"] for line in kept), kept
        assert all(json.loads(line)["row"] for line in kept)


class LoadHarness:
    """A store in a folder of its own, in which the source has said something before."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.path = folder, folder / "graph.sqlite"
        monkeypatch.setenv("KG_STORE", f"embedded:{self.path}")
        self.path.write_bytes(_store_before())
        self.path.chmod(0o600)
        self.before = state(self.path)

    def file(self, name: str, content: bytes) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.write_bytes(content)
        return path

    def run(self, *words: object) -> Result:
        """Run a command."""
        return CliRunner().invoke(app, [str(word) for word in words])

    def load(self, path: Path, expected: ExpectedRefusal | ExpectedLoad, *more: object) -> None:
        """Load a file and assert what was expected of it, and that nothing is half done."""
        result = self.run("load", path, *more, "--replace", "--json")
        expected.check(self, result)
        assert_sound(self.path)


@cache
def _store_before() -> bytes:
    """A store with what the source said earlier, made once."""
    with TemporaryDirectory() as name:
        file, store = Path(name) / "before.records.jsonl", Path(name) / "graph.sqlite"
        file.write_bytes(rows(*BEFORE))
        load(Workspace(store), FileLoadRequest((file,)))
        return store.read_bytes()


def refused(result: Result, code: int = 2) -> str:
    """The one line with which a command refuses."""
    assert (result.exit_code, result.stdout) == (code, ""), (result.exception, result.stdout, result.stderr)
    assert result.stderr.startswith("kg: ") and result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def rows(*data: Any) -> bytes:
    """JSON lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in data)

"""Where is kept what could not be read?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import orjson

from kg.operations.workplace import Workplace
from kg.records import Reject


class Rejects:
    """Writes what could not be read to a file that appears when the load is done."""

    def __init__(self, folder: Path, source: str) -> None:
        self._folder, self._source = folder, source
        self._file: IO[bytes] | None = None

    def add(self, reject: Reject) -> None:
        """Keep one reject: file, line, reason, whether the whole row was lost, and the row."""
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", delete=False)  # noqa: SIM115  # closed by keep or drop
        line = {
            "file": reject.file,
            "line": reject.line,
            "reason": reject.reason,
            "whole": reject.whole,
            "row": reject.row,
        }
        self._file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def keep(self) -> str:
        """Give the file its name; empty when nothing was rejected. A load replaces its source's earlier file."""
        target = self._folder / f"{_safe(self._source)}.rejects.jsonl"
        if self._file is None:
            target.unlink(missing_ok=True)
            return ""
        self._file.close()
        Path(self._file.name).replace(target)
        self._file = None
        return str(target)

    def drop(self) -> None:
        """Remove the file of a load that did not happen."""
        if self._file is not None:
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)


@contextmanager
def rejects_of(place: Workplace, source: str) -> Iterator[Rejects]:
    """What a load of `source` rejects; dropped unless it is kept before the end."""
    rejects = Rejects(place.rejects, source)
    try:
        yield rejects
    finally:
        rejects.drop()


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name)

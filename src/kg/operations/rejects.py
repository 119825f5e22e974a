"""Where is kept what could not be read?"""

from __future__ import annotations

import glob
import os
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

    def __init__(self, folder: Path, source: str, *, earlier: bool) -> None:
        self._folder, self._source, self._earlier = folder, source, earlier
        self._file: IO[bytes] | None = None

    def add(self, reject: Reject) -> None:
        """Keep one reject: file, line, reason, whether the whole row was lost, and the row."""
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.NamedTemporaryFile(dir=self._folder, prefix=f".{_safe(self._source)}.", delete=False)  # noqa: SIM115  # closed by keep or drop
            if self._earlier and (target := _target(self._folder, self._source)).is_file():
                self._file.write(target.read_bytes())
        line = {
            "file": reject.file,
            "line": reject.line,
            "reason": reject.reason,
            "whole": reject.whole,
            "row": reject.row,
        }
        self._file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def keep(self) -> str:
        """Give the file its name; empty when nothing was rejected. It replaces the source's earlier file."""
        target = _target(self._folder, self._source)
        if self._file is None:
            if not self._earlier:
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
def rejects_of(place: Workplace, source: str, *, earlier: bool = False) -> Iterator[Rejects]:
    """What a load of `source` rejects; dropped unless it is kept before the end.

    With `earlier`, what its loads before rejected stays in the file: a delta leaves most rows as they were.
    """
    rejects = Rejects(place.rejects, source, earlier=earlier)
    try:
        yield rejects
    finally:
        rejects.drop()


def erase_rejects(place: Workplace, source: str) -> tuple[str, ...]:
    """Overwrite and remove the rejects of a source, also what a load that was killed left; returns the files."""
    target = _target(place.rejects, source)
    left = place.rejects.glob(f".{glob.escape(_safe(source))}.*")
    found = [path for path in (target, *sorted(left)) if path.is_file()]
    for path in found:
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    return tuple(map(str, found))


def _target(folder: Path, source: str) -> Path:
    return folder / f"{_safe(source)}.rejects.jsonl"


def _safe(name: str) -> str:
    """A file's name of its own for each source."""
    return "".join(c if c.isalnum() or c in "-_" else f"%{ord(c):X}%" for c in name)

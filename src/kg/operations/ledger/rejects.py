"""The files with the rows and values that loads rejected."""

from __future__ import annotations

import glob
import hashlib
import io
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

import orjson

from kg.errors import InputError, StoreError
from kg.files import PRIVATE, new_file, overwrite_and_remove, publish, rename
from kg.ledger.loads import find_source
from kg.operations.template import write_new_file
from kg.operations.workspace import Workspace, open_ledger
from kg.records import Reject
from kg.sources.tabular.corrections import RejectedRow, rejects_workbook


class StoredReject(NamedTuple):
    """A reject as its file keeps it."""

    file: str
    line: int
    reason: str
    whole: bool
    row: str
    cell: str = ""
    cells: dict[str, str] | None = None
    remark: bool = False
    """Whether nothing was rejected: what it is about is kept."""


MAX_NAME_LENGTH = 80
"""Longest part of a source's name in the name of its file, in characters; a longer one gets a digest."""


class RejectsFile:
    """Writes the rejects of a load to a file that appears when the load is committed.

    Ledger and file change together. Before the load is committed, the file is complete under a hidden name with the
    load's number; afterwards it gets its own name. If the machine stops between the two, the next load finds the file
    and the ledger says whether its load happened.
    """

    def __init__(self, folder: Path, source: str, *, keep_earlier: bool) -> None:
        self._folder, self._name, self._keep_earlier = folder, safe_file_name(source), keep_earlier
        self._file: IO[bytes] | None = None
        self._partial = folder / f".{safe_file_name(source)}.x{secrets.token_hex(4)}"  # never a load's number
        self._hidden: Path | None = None

    @property
    def _target(self) -> Path:
        return self._folder / f"{self._name}.rejects.jsonl"

    def recover(self, newest: Mapping[str, int]) -> None:
        """Publish or remove the files of loads that were killed; `newest` has the number of each source's last load.

        Only for the one process that holds the writer lock: no other load has a file here then.
        """
        done = {f".{safe_file_name(source)}.{number}": safe_file_name(source) for source, number in newest.items()}
        with _storage_errors(self._folder):
            for found in sorted(self._folder.glob(".*")):
                if found.name in done:
                    _publish(found, self._folder / f"{done[found.name]}.rejects.jsonl")
                else:
                    found.unlink()

    def add(self, reject: Reject) -> None:
        """Write one reject: its place, the reason, whether the whole row was rejected, and the row."""
        line: dict[str, object] = {
            "file": reject.file,
            "line": reject.line,
            "reason": reject.reason,
            "whole": reject.whole,
            "row": reject.row,
        }
        more = {"cell": reject.cell, "cells": reject.cells, "protected": reject.protected, "remark": reject.is_remark}
        line |= {name: value for name, value in more.items() if value}
        with _storage_errors(self._folder):
            self._open_partial().write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def prepare(self, load: int) -> None:
        """Sync the file under the hidden name of a load that is about to be committed."""
        if self._file is None and (self._keep_earlier or not self._target.exists()):
            return
        with _storage_errors(self._folder):
            file = self._open_partial()  # without rejects an empty one, which will replace that of the earlier load
            file.close()
            hidden = self._folder / f".{self._name}.{load}"
            publish(self._partial, hidden)
            self._hidden = hidden

    def commit(self) -> str:
        """Give the prepared file its final name, and return it; empty if nothing was rejected.

        It replaces its source's earlier file.
        """
        if self._hidden is None:
            return ""
        hidden, self._hidden = self._hidden, None
        return str(self._target) if _publish(hidden, self._target) else ""

    def discard(self) -> None:
        """Remove the file of a load that was not committed."""
        if self._file is not None:
            with suppress(OSError):  # what cannot be flushed to a full disk is removed anyway
                self._file.close()
        with suppress(NotADirectoryError):  # something else has the folder's name, and nothing was made
            self._partial.unlink(missing_ok=True)  # also if the interruption came between making it and holding it
        if self._hidden is not None:
            self._hidden.unlink(missing_ok=True)

    def _open_partial(self) -> IO[bytes]:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = new_file(self._partial, PRIVATE)
            if self._keep_earlier and self._target.is_file():
                self._file.write(self._target.read_bytes())
        return self._file


@contextmanager
def open_rejects(workspace: Workspace, source: str, *, keep_earlier: bool = False) -> Iterator[RejectsFile]:
    """The rejects of a load of `source`; discarded unless they are committed in the block.

    With `earlier`, what its loads before rejected stays in the file: a delta leaves most rows as they were.
    """
    _adopt_older_folder(workspace)
    rejects = RejectsFile(workspace.rejects_folder, source, keep_earlier=keep_earlier)
    try:
        yield rejects
    finally:
        rejects.discard()


def erase_rejects(workspace: Workspace, source: str) -> tuple[str, ...]:
    """`overwrite_rejects` in the folder of a workspace."""
    _adopt_older_folder(workspace)
    return overwrite_rejects(workspace.rejects_folder, source)


def rejects_path(folder: Path, source: str) -> Path:
    """Where a folder of rejects has those of a source."""
    return folder / f"{safe_file_name(source)}.rejects.jsonl"


def overwrite_rejects(folder: Path, source: str) -> tuple[str, ...]:
    """Overwrite and remove the rejects of a source in a folder, also those of killed loads; returns the files."""
    target, left = rejects_path(folder, source), folder.glob(f".{glob.escape(safe_file_name(source))}.*")
    found = [path for path in (target, *sorted(left)) if path.is_file()]
    for path in found:
        overwrite_and_remove(path)
    return tuple(map(str, found))


def read_rejects(workspace: Workspace, source: str) -> list[StoredReject]:
    """What the loads of a source rejected, as far as the scope sees it, in the order of the files. Raises NotFound."""
    with open_ledger(workspace) as connection:
        find_source(connection, source)
    _adopt_older_folder(workspace)
    path = rejects_path(workspace.rejects_folder, source)
    found = []
    with _storage_errors(path), path.open("rb") if path.is_file() else io.BytesIO() as lines:
        for line in lines:
            data = orjson.loads(line)
            if not data.pop("protected", False) or workspace.protected:
                found.append(StoredReject(**data))
    return found


def write_rejects_workbook(workspace: Workspace, source: str, name: str) -> int:
    """Write the rows that the loads of a source rejected to a new workbook, to be mended; returns how many there are.

    Raises NotFound, and InputError if the file exists or nothing was rejected.
    """
    found = read_rejects(workspace, source)
    if not found:
        raise InputError(f"nothing of the source {source!r} was rejected; there is nothing to write")
    rows: dict[tuple[str, int, str], RejectedRow] = {}
    for reject in found:
        key = reject.file, reject.line, reject.row
        row = rows.setdefault(key, RejectedRow(*key, reject.cells, ()))
        problems = dict.fromkeys((*row.problems, f"{reject.cell}: {reject.reason}" if reject.cell else reject.reason))
        rows[key] = row._replace(problems=tuple(problems), cells=row.cells or reject.cells)
    write_new_file(name, rejects_workbook(rows.values()))
    return len(rows)


def safe_file_name(name: str) -> str:
    """A source's name as part of a file name, unique for each source."""
    plain = "".join(c if c.isalnum() or c in "-_" else f"%{ord(c):X}%" for c in name)
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return plain if len(plain) <= MAX_NAME_LENGTH else f"{plain[:MAX_NAME_LENGTH]}%{digest[:8]}"


def _adopt_older_folder(workspace: Workspace) -> None:
    """Give the folder of an older kg, which left `.sqlite` out of its name, the name that it has now."""
    plain, folder = workspace.path.with_suffix(""), workspace.rejects_folder
    older = plain.with_name(f"{plain.name}.rejects")
    if workspace.path.suffix == ".sqlite" and older.is_dir() and not folder.exists() and not plain.exists():
        with suppress(FileNotFoundError), _storage_errors(folder):  # another process was faster
            rename(older, folder)


def _publish(hidden: Path, target: Path) -> bool:
    """Give a complete file its final name or, if it is empty, remove the earlier one; returns whether one exists."""
    if hidden.stat().st_size:
        rename(hidden, target)
        return True
    hidden.unlink()
    target.unlink(missing_ok=True)
    return False


@contextmanager
def _storage_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{folder}: cannot keep what was rejected ({error.strerror}); nothing was loaded") from error

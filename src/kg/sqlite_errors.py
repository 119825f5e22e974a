"""What SQLite reports, told as errors of this package, and which SQLite runs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from kg.errors import StoreBusy, StoreDamaged, StoreError

WAL_RESET_FIXES = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The releases that repair the WAL-reset bug: the first one of all later lines, and one of each older line."""

WAL_RESET_WORDS = "has the WAL-reset bug, which kg avoids: it checkpoints only while it holds the writer's lock"

NOTHING_CHANGED = "nothing was changed"

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_CUT_SHORT = {sqlite3.SQLITE_IOERR_SHORT_READ}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT}
_CAUSES = {
    sqlite3.SQLITE_IOERR: "the disk failed to read or write it",
    sqlite3.SQLITE_FULL: "there is no space left for it",
    sqlite3.SQLITE_READONLY: "it may not be written here",
    sqlite3.SQLITE_PERM: "it may not be opened here",
    sqlite3.SQLITE_CANTOPEN: "it, or a file beside it, cannot be opened",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
    sqlite3.SQLITE_TOOBIG: "a value is too large for it",
    sqlite3.SQLITE_INTERRUPT: "it was interrupted",
}
"""What each kind of error means; those that are missing here are told in SQLite's own words."""

HOW_TO_GO_ON = "`kg verify` says what is damaged, `kg restore FILE` puts a backup in its place"


def to_store_error(error: sqlite3.Error, path: Path | None = None, consequence: str = NOTHING_CHANGED) -> StoreError:
    """The error to raise for one of SQLite, told by its code and never by its words."""
    where = f"{path}: " if path else ""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None and isinstance(error, sqlite3.OperationalError):  # Python's own, which shows the text
        return StoreDamaged(f"{where}the store is damaged: a text in it is not UTF-8; {HOW_TO_GO_ON}", consequence)
    code = sqlite3.SQLITE_ERROR if code is None else code
    kind = code & 0xFF
    told = f"{error}, {getattr(error, 'sqlite_errorname', 'no code')}"
    if code in _CUT_SHORT:
        return StoreDamaged(f"{where}the store is cut short ({told}); {HOW_TO_GO_ON}", consequence)
    if kind in _BUSY:
        return StoreBusy(f"{where}another process is writing; try again when it is done")
    if kind == sqlite3.SQLITE_NOTADB:
        return StoreDamaged(f"{where}not a usable SQLite file ({told}); {HOW_TO_GO_ON}", consequence)
    if kind in _DAMAGED:
        return StoreDamaged(f"{where}not a usable SQLite file: it is damaged ({told}); {HOW_TO_GO_ON}", consequence)
    if kind in _CAUSES:
        return StoreError(f"{where}{_CAUSES[kind]} ({told})", consequence)
    return StoreError(f"{where}{error}", consequence)


def has_wal_reset_bug(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether a checkpoint beside a writer may lose pages of the log: SQLite 3.7.0 to 3.51.2, but for repaired ones."""
    newest, *older = WAL_RESET_FIXES
    return (3, 7, 0) <= version < newest and not any(fix <= version < (*fix[:2], 1000) for fix in older)


def describe_sqlite() -> str:
    """Which SQLite runs, in one line."""
    return f"SQLite {sqlite3.sqlite_version}{', which ' + WAL_RESET_WORDS if has_wal_reset_bug() else ''}"

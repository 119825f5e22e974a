"""Put a backup in the place of the store."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.database import NOTHING_CHANGED, get_meta, log_path, set_meta, to_store_error
from kg.errors import InputError, StoreBusy, StoreDamaged
from kg.files import publish
from kg.operations.store.backup import MODE, BackupInfo, check_backup, file_digest
from kg.operations.workspace import Workspace

UNKNOWN_VERSIONS = 1_000
"""How many versions the graph of a store that cannot be read may have had after the backup."""

_LOCK_OFFSET, _LOCK_BYTES = 0x40000000, 512
"""The bytes of a store's file of which SQLite locks some as long as any connection is open."""

_IN_USE = "a service, a load or another command has it open; end those, and restore again"


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What was put in the place of the store, and where the store of before is kept."""

    store: Path
    backup: BackupInfo
    version: str
    """Which graph it is now: with a higher number than any graph of this ledger before, as far as those are known."""
    kept: Path | None


def kept_path(path: Path) -> Path:
    """Where the store of before a restore is kept."""
    return path.with_name(f"{path.name}.before-restore")


def restore(workspace: Workspace, file: Path, *, discard: bool = False) -> RestoreResult:
    """Check a backup and put a copy of it in the place of the store, as a whole or not at all.

    What was there is kept beside it, under a name that ends in `.before-restore`, unless `discard`. Raises what
    `check_backup` raises, and StoreBusy while any process has the store open.
    """
    path = workspace.path
    if path.is_dir() or (file.exists() and path.exists() and file.samefile(path)):
        raise InputError(f"{file} cannot be restored to {path}; expected two files")
    backup = check_backup(file, workspace.progress)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = kept_path(path) if path.exists() and not discard else None
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE))
        shutil.copyfile(file, partial)
        if file_digest(partial, workspace.progress) != backup.sha256:
            raise StoreDamaged(f"{file} changed while it was read", NOTHING_CHANGED)
        with _closed_to_others(path) as before:
            version = _raise_version(partial, before)
            if kept:
                kept.unlink(missing_ok=True)
                os.link(path, kept)
            _move_log_away(path, kept)
            publish(partial, path)
    finally:
        for end in ("", "-journal"):
            partial.with_name(partial.name + end).unlink(missing_ok=True)
    return RestoreResult(path, backup, version, kept)


@contextmanager
def _closed_to_others(path: Path) -> Iterator[tuple[str, int] | None]:
    """Keep every other connection out of the store, if there is one, during the block; its log is in its file then.

    Yields its ledger and the number of its graph; ("", 0) where it is damaged too far to be read, None for no store.
    Who waited opens the file that is there afterwards: see `kg.database.connect`. Raises StoreBusy.
    """
    if not path.exists():
        yield None
        return
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN")
            before = get_meta(connection, "ledger"), int(get_meta(connection, "version"))
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except (sqlite3.Error, KeyError) as error:
            if isinstance(error, sqlite3.Error) and isinstance(to_store_error(error), StoreBusy):
                raise StoreBusy(f"{path} is in use: {_IN_USE}", NOTHING_CHANGED) from error
        else:
            yield before
            return
    with path.open("r+b") as file:  # SQLite cannot lock what it cannot read, so its bytes are locked here
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCK_BYTES, _LOCK_OFFSET)
        except OSError as error:
            raise StoreBusy(f"{path} is in use: {_IN_USE}", NOTHING_CHANGED) from error
        yield "", 0


def _move_log_away(path: Path, kept: Path | None) -> None:
    """Leave no log beside the store that is not its own; that of a damaged store goes with what is kept of it."""
    log, memory = log_path(path), path.with_name(f"{path.name}-shm")
    if kept and log.exists():
        log.replace(log_path(kept))
    for file in (log, memory):
        file.unlink(missing_ok=True)


def _raise_version(partial: Path, before: tuple[str, int] | None) -> str:
    """Give the graph a number that no other graph of its ledger has had: copies and caches know graphs by it."""
    with closing(sqlite3.connect(partial, isolation_level=None)) as connection:
        ledger, number = get_meta(connection, "ledger"), int(get_meta(connection, "version"))
        if before == ("", 0):
            number += UNKNOWN_VERSIONS
        elif before and before[0] == ledger:
            number = max(number, before[1]) + 1
        set_meta(connection, "version", str(number))
    return f"{ledger}@{number}"

"""Put a backup in the place of the store."""

from __future__ import annotations

import fcntl
import re
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.database import (
    APPLICATION_ID,
    COMPANIONS,
    NOTHING_CHANGED,
    OPEN_VERSION,
    OUTDATED,
    SCHEMA_VERSION,
    add_functions,
    get_meta,
    raise_version,
    set_meta,
    to_store_error,
)
from kg.database.scopes import set_scope
from kg.errors import InputError, StoreBusy, StoreDamaged
from kg.files import follow_links, link, new_file, publish, rename
from kg.ledger.projection.rebuild import rebuild_projection
from kg.ledger.verification import graph_digest
from kg.operations.store.attachments import AttachmentFolder
from kg.operations.store.backup import MODE, BackupInfo, check_backup, cited_in, file_digest, partial_store
from kg.operations.workspace import Workspace, attachments_folder, phase_progress

UNKNOWN_VERSIONS = 1_000
"""How many versions the graph of a store that cannot be read may have had after the backup."""

_LOCK_OFFSET, _LOCK_BYTES = 0x40000000, 512
"""The bytes of a store's file of which SQLite locks some as long as any connection is open."""


@dataclass(frozen=True, slots=True)
class _Identity:
    """Which graph a store has: its ledger, and the number of the graph by the name of the number in `meta`."""

    ledger: str
    versions: dict[str, int]


UNKNOWN = _Identity("", {})
"""Of a store that is damaged too far to be read."""

_IN_USE = "a service, a load or another command has it open; end those, and restore again"


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What was put in the place of the store, and where the store of before is kept."""

    store: Path
    backup: BackupInfo
    version: str
    """Which graph it is now: with a higher number than any graph of this ledger before, as far as those are known."""
    digest: str
    """The digest of the graph, as `kg verify` prints it: another one than the backup's if its graph was damaged; empty
    for an older format."""
    kept: Path | None
    missing: tuple[str, ...] = ()
    """Attached files that neither the backup nor the store of before has."""


def kept_stores(path: Path) -> list[Path]:
    """Where stores of before a restore are kept, in the order of the restores."""
    return [kept for _, kept in sorted(_numbered_stores(path))]


def _numbered_stores(path: Path) -> Iterator[tuple[int, Path]]:
    name = re.compile(re.escape(f"{path.name}.before-restore") + r"(?:-([0-9]{1,9}))?(?:-wal)?")
    for file in path.parent.iterdir():
        if found := name.fullmatch(file.name):
            yield int(found[1] or 1), file


def _free_path(path: Path) -> Path:
    """Where the next one is kept: what has been kept is never replaced."""
    number = max((number for number, _ in _numbered_stores(path)), default=0) + 1
    return path.with_name(f"{path.name}.before-restore{f'-{number}' if number > 1 else ''}")


def restore(workspace: Workspace, file: Path, *, discard: bool = False) -> RestoreResult:
    """Check a backup and put a copy of it in the place of the store, as a whole or not at all.

    The graph is made anew from the ledger. What was there is kept beside it, under a name that ends in
    `.before-restore`, with a number where that is taken, unless `discard`. Raises what `check_backup` raises, and
    StoreBusy while any process has the store open.
    """
    path = follow_links(workspace.path)
    if path.is_dir() or (file.exists() and path.exists() and file.samefile(path)):
        raise InputError(f"{file} cannot be restored to {path}; expected two files")
    backup = check_backup(file, workspace.progress, protected=workspace.protected, needs_attachments=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = _free_path(path) if path.exists() and not discard else None
    with partial_store(path) as partial:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else MODE
        with file.open("rb") as source, new_file(partial, mode) as target:
            shutil.copyfileobj(source, target)
        if file_digest(partial, workspace.progress) != backup.sha256:
            raise StoreDamaged(f"{file} changed while it was read", NOTHING_CHANGED)
        with _closed_to_others(path) as before:
            digest = _rebuild_graph(workspace, partial) or backup.digest
            version = _raise_versions(partial, before, protected=workspace.protected)
            folder, cited = AttachmentFolder(attachments_folder(path)), cited_in(partial)
            if kept:
                AttachmentFolder(attachments_folder(kept)).link_all(folder)
                link(path, kept)
            missing = folder.add_missing(AttachmentFolder(attachments_folder(file)), cited)
            _move_log_away(path, kept)
            publish(partial, path)
            folder.remove_all_but(cited)  # the store of before has its own names of them, if it is kept
    told = tuple(problem.text(protected=workspace.protected) for problem in missing)
    return RestoreResult(path, backup, version, digest, kept, told)


@contextmanager
def _closed_to_others(path: Path) -> Iterator[_Identity | None]:
    """Keep every other connection out of the store, if there is one, during the block; its log is in its file then.

    Yields which graph it has; UNKNOWN where it is damaged too far to be read, None for no store.
    Who waited opens the file that is there afterwards: see `kg.database.connect`. Raises StoreBusy, and InputError for
    a file of another program.
    """
    if not path.exists():
        yield None
        return
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            if connection.execute("PRAGMA application_id").fetchone()[0] not in (0, APPLICATION_ID):
                raise InputError(f"{path} is a SQLite file of another program; nothing was changed")
            connection.execute("BEGIN")
            before = _read_identity(connection)
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except (sqlite3.Error, KeyError, ValueError) as error:
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
        yield UNKNOWN


def _move_log_away(path: Path, kept: Path | None) -> None:
    """Leave no log beside the store that is not its own; that of a damaged store goes with what is kept of it."""
    for ending in COMPANIONS:
        log = path.with_name(f"{path.name}{ending}")
        if kept and log.exists() and ending == "-wal":
            rename(log, kept.with_name(f"{kept.name}{ending}"))
        log.unlink(missing_ok=True)


def _read_identity(connection: sqlite3.Connection) -> _Identity:
    rows = connection.execute("SELECT name, value FROM meta WHERE name IN ('version', ?)", (OPEN_VERSION,))
    return _Identity(get_meta(connection, "ledger"), {name: int(number) for name, number in rows})


def _rebuild_graph(workspace: Workspace, partial: Path) -> str:
    """Make the graph anew from the ledger, whatever the backup has; returns its digest.

    That of another format or ontology is made anew when it is first opened; its digest is empty.
    """
    with closing(sqlite3.connect(partial, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")  # what fails here is thrown away
        connection.execute("PRAGMA synchronous = OFF")  # it is flushed as a whole before it gets its name
        is_current = connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        if not is_current or get_meta(connection, "ontology") != workspace.ontology.digest:
            set_meta(connection, "ontology", OUTDATED)
            return ""
        add_functions(connection)
        connection.execute("BEGIN")
        rebuild_projection(connection, workspace.ontology, phase_progress(workspace))
        connection.execute("COMMIT")
        set_scope(connection, protected=workspace.protected)
        return graph_digest(connection)


def _raise_versions(partial: Path, before: _Identity | None, *, protected: bool) -> str:
    """Give the graph numbers that no other graph of its ledger has had: copies and caches know graphs by them.

    Returns the one of the scope, with the ledger. A store of the format before has one number for both scopes.
    """
    with closing(sqlite3.connect(partial, isolation_level=None)) as connection:
        found = _read_identity(connection)
        for name, number in found.versions.items():
            if before is UNKNOWN:
                raise_version(connection, name, number + UNKNOWN_VERSIONS - 1)
            elif before and before.ledger == found.ledger:
                raise_version(connection, name, before.versions.get(name, before.versions["version"]))
        versions = _read_identity(connection).versions
    return f"{found.ledger}@{versions['version'] if protected else versions.get(OPEN_VERSION, versions['version'])}"

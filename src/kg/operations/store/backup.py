"""Back the store up into one file, and check such a file."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.database import (
    APPLICATION_ID,
    COMPANIONS,
    OLDEST_SCHEMA_VERSION,
    OPEN_VERSION,
    SCHEMA_VERSION,
    find_meta,
    get_meta,
    translate_errors,
)
from kg.database.scopes import set_scope
from kg.errors import InputError, NotFound, StoreDamaged, StoreError, StoreTooNew
from kg.files import follow_links, is_stream, new_file, publish, write_atomically
from kg.ledger.integrity import expect_integrity
from kg.ledger.verification import graph_digest
from kg.operations.store.attachments import AttachmentFolder, cited_digests
from kg.operations.workspace import Progress, Workspace, attachments_folder, open_database

MODE = 0o600
"""A backup holds all that the store holds, protected facts too."""

_STEP = 2_000
"""Pages that are copied between two words about how far it is."""

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """What a backup holds."""

    file: Path
    sha256: str
    """Of the file's bytes; also in the file beside it that ends in `.sha256`."""
    bytes: int
    version: str
    """Which graph it is: ledger and number."""
    digest: str
    """The digest of the graph, as `kg verify` prints it; empty for an older format, whose graph is made anew."""
    format: int
    """The format of the store, which a later kg may migrate."""
    attachments: int = 0
    """How many attached files it has, in the folder beside it that ends in `.files`."""
    missing: tuple[str, ...] = ()
    """Attached files that it lacks, because they are missing or changed in the store."""


def back_up(workspace: Workspace, file: Path, *, overwrite: bool = False) -> BackupInfo:
    """Copy the store as it is now, whatever is loaded meanwhile, with judgements, history and protected facts.

    The copy is checked before it takes its name, and its SHA-256 is written beside it. Symbolic links are followed:
    they stay. Raises InputError for a file that is there already unless `overwrite`, and StoreDamaged where the store
    is damaged.
    """
    file = follow_links(file)
    if is_stream(str(file)) or file.is_dir() or (file.exists() and not file.is_file()):
        raise InputError(f"{file}: expected a file to be made")
    if file.exists() and file.samefile(workspace.path):
        raise InputError(f"{file} is the store itself; name another file")
    if file.exists() and not overwrite:
        raise InputError(f"{file} is there already; name another file, or give --overwrite")
    if not file.parent.is_dir():
        raise InputError(f"{file.parent}: there is no such folder; make it first")
    with partial_store(file) as partial:
        new_file(partial, MODE).close()
        with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            copy_database(workspace, copy)
        found = _inspect(partial, str(workspace.path), workspace.progress, protected=workspace.protected)
        content = file_digest(partial, workspace.progress)
        line, before = f"{content}  {file.name}\n", _digest_lines(file) if file.exists() else ""
        write_atomically(digest_path(file), (line + before).encode(), MODE)  # until the file takes its name, for both
        folder, cited = AttachmentFolder(attachments_folder(file)), cited_in(partial)
        missing = folder.add_missing(AttachmentFolder(workspace.attachments_folder), cited)
        publish(partial, file)
        if before:
            write_atomically(digest_path(file), line.encode(), MODE)
        folder.remove_all_but(cited)
    told = tuple(problem.text(protected=workspace.protected) for problem in missing)
    return BackupInfo(file, content, file.stat().st_size, *found, len(cited) - len(missing), told)


def check_backup(
    file: Path, progress: Progress, *, protected: bool = False, needs_attachments: bool = True
) -> BackupInfo:
    """Check that a file is what was written by `back_up`: its SHA-256, its pages, its indexes, its graph, and the
    attached files beside it, which are only reported unless `needs_attachments`.

    Raises NotFound, StoreDamaged for one that is not, StoreTooNew for one of a newer kg.
    """
    file = follow_links(file)
    if not file.is_file():
        raise NotFound(f"there is no backup at {file}")
    expected = read_digests(file)
    content = file_digest(file, progress)
    if content not in expected:
        raise StoreDamaged(f"{file} is not what was backed up: its SHA-256 is {content}, not {expected[0]}")
    found = _inspect(file, str(file), progress, protected=protected, read_only=True)
    folder, cited = AttachmentFolder(attachments_folder(file)), cited_in(file)
    wrong = folder.wrong_of(cited)
    told = tuple(problem.text(protected=protected) for problem in wrong)
    if told and needs_attachments:
        raise StoreDamaged(f"{file} lacks {len(wrong)} of its {len(cited)} attached files: {told[0]}")
    return BackupInfo(file, content, file.stat().st_size, *found, len(cited) - len(wrong), told)


def cited_in(file: Path) -> dict[str, bool]:
    """The attached files that a backup's ledger cites, read without writing anything."""
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    with translate_errors(file), closing(sqlite3.connect(address, uri=True)) as connection:
        known = connection.execute("SELECT 1 FROM pragma_table_info('record') WHERE name = 'protected'").fetchone()
        return cited_digests(connection) if known else {}  # a kg of the format before could attach nothing


@contextmanager
def partial_store(file: Path) -> Iterator[Path]:
    """A path beside `file` for a store that is to take its name; what is still there after the block is removed."""
    partial = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        yield partial
    finally:
        for end in ("", *COMPANIONS):
            partial.with_name(partial.name + end).unlink(missing_ok=True)


def digest_path(file: Path) -> Path:
    """Where the SHA-256 of a backup is, in the form that `sha256sum --check` reads."""
    return file.with_name(f"{file.name}.sha256")


def read_digests(file: Path) -> list[str]:
    """The SHA-256 that was written beside a backup, and that of the file that it was about to replace if its writer was
    stopped. Raises NotFound and StoreDamaged.
    """
    if not digest_path(file).exists():
        raise NotFound(f"there is no {digest_path(file)}; a backup is checked against it")
    digests = [words[0].lower() for line in _digest_lines(file).splitlines() if (words := line.split())]
    if not digests or any(len(digest) != 64 for digest in digests):
        raise StoreDamaged(f"{digest_path(file)} holds no SHA-256")
    return digests


def _digest_lines(file: Path) -> str:
    try:
        return digest_path(file).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def file_digest(file: Path, progress: Progress) -> str:
    """The SHA-256 of a file's bytes."""
    digest, total = hashlib.sha256(), file.stat().st_size
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
            progress("reading the file", opened.tell(), total)
    return digest.hexdigest()


def copy_database(workspace: Workspace, copy: sqlite3.Connection) -> None:
    """Copy one moment of the store into an empty database; nothing of it is flushed to the disk."""

    def tell(_status: int, remaining: int, total: int) -> None:
        workspace.progress("copying", total - remaining, total)

    with open_database(workspace) as connection:
        copy.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")  # one moment of the store: else each commit begins the copy anew
        connection.execute("SELECT 1 FROM meta").fetchone()
        connection.backup(copy, pages=_STEP, progress=tell)
        connection.rollback()
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it


def _inspect(
    file: Path, name: str, progress: Progress, *, protected: bool, read_only: bool = False
) -> tuple[str, str, int]:
    """Version and digest of the graph as a scope sees it, and format of a store's file, which is checked first.

    With `read_only`, nothing is written or locked, so that it may be on a medium that cannot be written.
    """
    progress("checking the file", 0, None)
    address = f"{file.absolute().as_uri()}?{'mode=ro&immutable=1' if read_only else 'mode=rw'}"
    with translate_errors(Path(name)), closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StoreError(f"{name} is no store of kg")
        form = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if form > SCHEMA_VERSION:
            raise StoreTooNew(
                f"{name} was written by a newer kg (format {form}; this one reads up to {SCHEMA_VERSION})"
            )
        if form < OLDEST_SCHEMA_VERSION:
            raise StoreError(f"{name} was written by an older kg (format {form}; this one reads {SCHEMA_VERSION})")
        expect_integrity(connection, name, writable=not read_only, protected=protected)
        progress("reading the graph", 0, None)
        version, is_current = "version", form == SCHEMA_VERSION
        if is_current:
            set_scope(connection, protected=protected)
        elif not protected and find_meta(connection, OPEN_VERSION):
            version = OPEN_VERSION
        digest = graph_digest(connection)  # one of an older format is read as a whole, whatever the scope
        graph = f"{get_meta(connection, 'ledger')}@{get_meta(connection, version)}"
        return graph, digest if is_current else "", form

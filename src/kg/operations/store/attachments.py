"""The attached files beside the store, each under the SHA-256 of its bytes."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import sqlite3
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, BinaryIO

from kg.database import connect, translate_errors, write_transaction
from kg.errors import InputError, InputLocation, StoreDamaged, StoreError
from kg.files import PRIVATE, link, lock_descriptor, new_file, overwrite_and_remove, publish

DOCUMENTS_NAMESPACE = "document"
"""The namespace of attached documents. A key is the SHA-256, so that one file is one document, whoever attached it."""

DOCUMENT_TYPE = "Document"

IN_SCOPE = "an attachment in the protected scope (KG_SCOPE=protected names it)"
"""What stands for an attachment that does not exist for everybody."""

_DIGEST = re.compile("[0-9a-f]{64}")
_PARTIAL = ".part"
_BLOCK = 1 << 20

_CITED = """SELECT DISTINCT r.key, r.protected FROM {schema}record r JOIN {schema}source s ON s.num = r.source
    JOIN {schema}namespace n ON n.num = s.namespace
    WHERE n.name = ? AND r.type = ? AND length(r.key) = 64"""

_NAMED = """SELECT r.body ->> '$.properties.file_name[0]' FROM record r JOIN source s ON s.num = r.source
    JOIN namespace n ON n.num = s.namespace
    WHERE n.name = ? AND r.type = ? AND r.key = ? AND r.protected = 0 ORDER BY 1 LIMIT 1"""


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A copy that has no name yet, of a file that is being attached."""

    partial: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class AttachmentProblem:
    """What is wrong with an attachment, or with a file in their folder."""

    sha256: str
    problem: str
    protected: bool = False
    name: str = ""
    """What the file was called; empty where only the protected scope knows it."""

    def text(self, *, protected: bool) -> str:
        """In words, as a scope may know it."""
        if self.protected and not protected:
            return f"{IN_SCOPE}: {self.problem}"
        return f"{attachment_text(self.sha256, self.name)}: {self.problem}"


def attachment_text(digest: str, name: str) -> str:
    """`attachment deed.pdf, SHA-256 ab12…`: which file it is, and what its digest has to be."""
    return f"attachment {name}, SHA-256 {digest}" if name else f"attachment {digest}"


class AttachmentFolder:
    """The folder of attached files: `ab/abcd…`, for its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def file(self, digest: str) -> Path:
        """Where the file with a digest is, or would be."""
        return self.path / digest[:2] / digest

    def digests(self) -> Iterator[str]:
        """The digests after which files are named here, sorted."""
        for found in sorted(self.path.glob("??/*")):
            if _DIGEST.fullmatch(found.name) and found.parent.name == found.name[:2]:
                yield found.name

    @contextmanager
    def stage(self, source: BinaryIO, name: str) -> Iterator[StagedFile]:
        """A copy of an open file; it is removed at the end of the block unless it was published.

        Raises InputError for a file that changes while it is read, StoreError where it cannot be kept.
        """
        partial = self.path / f".{secrets.token_hex(8)}{_PARTIAL}"
        try:
            with self.errors():
                self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
                copy = new_file(partial, PRIVATE)
            with copy:
                lock_descriptor(copy.fileno())  # while it is held, nobody takes it for the copy of a killed process
                yield self._copy(source, name, copy, partial)
        finally:
            with suppress(FileNotFoundError, NotADirectoryError):
                partial.unlink()

    def keep(self, staged: StagedFile) -> bool:
        """Publish a staged file under its digest; False where it is here already. One with other bytes is replaced."""
        target = self.file(staged.sha256)
        with self.errors():
            if target.is_file() and file_sha256(target) == staged.sha256:
                return False
            target.parent.mkdir(mode=0o700, exist_ok=True)
            publish(staged.partial, target)
        return True

    def problem_of(self, digest: str) -> str:
        """What is wrong with the file of a digest; empty if it is here, with the bytes that were attached."""
        path = self.file(digest)
        try:
            if path.is_symlink() or not path.is_file():
                return "its file is missing"
            return "" if file_sha256(path) == digest else "its file is not what was attached"
        except OSError as error:
            return f"its file cannot be read ({error.strerror})"

    def wrong_of(
        self, cited: Mapping[str, bool], name_of: Callable[[str], str] = lambda digest: ""
    ) -> list[AttachmentProblem]:
        """What is wrong with the files of some digests; of each, whether only the protected scope knows it."""
        return [
            AttachmentProblem(digest, problem, is_protected, name_of(digest))
            for digest, is_protected in cited.items()
            if (problem := self.problem_of(digest))
        ]

    def uncited(self, cited: Collection[str]) -> list[str]:
        """The digests of the files here that are not cited."""
        return [digest for digest in self.digests() if digest not in cited]

    def overwrite_uncited(self, cited: Collection[str]) -> tuple[str, ...]:
        """Overwrite and remove the files that are not cited, and what killed processes left; returns their digests."""
        with self.errors():
            uncited = tuple(self.uncited(cited))
            for digest in uncited:
                overwrite_and_remove(self.file(digest))
            for partial in self.path.glob(f".*{_PARTIAL}"):
                _remove_left(partial)
        return uncited

    def add_missing(self, other: AttachmentFolder, digests: Mapping[str, bool]) -> tuple[AttachmentProblem, ...]:
        """Copy the files of `digests` that are not here from another folder; returns what could not be copied."""
        problems = []
        for digest, is_protected in digests.items():
            if not self.problem_of(digest):
                continue
            if problem := other.problem_of(digest):
                problems.append(AttachmentProblem(digest, problem, is_protected))
                continue
            with other.file(digest).open("rb") as source, self.stage(source, digest) as staged:
                if staged.sha256 == digest:
                    self.keep(staged)
        return tuple(problems)

    def link_all(self, other: AttachmentFolder) -> None:
        """Give every file of another folder on this file system a second name here."""
        with self.errors():
            for digest in other.digests():
                self.file(digest).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with suppress(FileExistsError):
                    link(other.file(digest), self.file(digest))

    def remove_uncited(self, connection: sqlite3.Connection) -> tuple[str, ...]:
        """Overwrite and remove the files that no record of the ledger cites, and what killed processes left.

        Returns their digests. Nobody can attach a file meanwhile.
        """
        if not self.path.is_dir():
            return ()
        with write_transaction(connection):
            return self.overwrite_uncited(cited_digests(connection))

    def remove_all_but(self, cited: Collection[str]) -> None:
        """Remove the files that a copy of a store does not cite."""
        with self.errors():
            for digest in self.uncited(cited):
                self.file(digest).unlink()

    def problems(self, connection: sqlite3.Connection) -> tuple[AttachmentProblem, ...]:
        """Attachments of the ledger whose file is missing or changed, and files that no record cites."""
        found = self._find_problems(connection)
        if not found:
            return ()
        with write_transaction(connection):  # nothing is attached or erased meanwhile
            return self._find_problems(connection)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Raise what the system says about the folder as a StoreError."""
        try:
            yield
        except OSError as error:
            raise StoreError(f"{error.filename or self.path}: {error.strerror}; attachments are kept here") from error

    def _find_problems(self, connection: sqlite3.Connection) -> tuple[AttachmentProblem, ...]:
        cited = cited_digests(connection)
        wrong = self.wrong_of(cited, lambda digest: _file_name(connection, digest))
        return *wrong, *(AttachmentProblem(digest, "no record cites this file") for digest in self.uncited(cited))

    def _copy(self, source: BinaryIO, name: str, copy: IO[bytes], partial: Path) -> StagedFile:
        before, digest, size = os.fstat(source.fileno()), hashlib.sha256(), 0
        while block := _read(source, name):
            digest.update(block)
            size += len(block)
            with self.errors():
                copy.write(block)
        with self.errors():
            copy.flush()
        after = os.fstat(source.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != after.st_size:
            raise InputError("changed while it was read; attach it again", InputLocation(name))
        return StagedFile(partial, digest.hexdigest(), size)


def cited_digests(connection: sqlite3.Connection, schema: str = "main.") -> dict[str, bool]:
    """The digests of all attached files that the ledger knows, also withdrawn ones, and whether only the protected
    scope knows them.
    """
    rows = connection.execute(_CITED.format(schema=schema), (DOCUMENTS_NAMESPACE, DOCUMENT_TYPE))
    return documents_of(rows)


def documents_of(rows: Iterable[tuple[str, bool]]) -> dict[str, bool]:
    """The digests among the keys of documents (key, whether protected), and whether each is protected in every row."""
    found: dict[str, bool] = {}
    for key, is_protected in rows:
        if _DIGEST.fullmatch(key):
            found[key] = bool(is_protected) and found.get(key, True)
    return found


@contextmanager
def open_regular_file(path: Path) -> Iterator[BinaryIO]:
    """A file to attach. Raises InputError for what is none, or cannot be read; a symbolic link is not followed."""
    location = InputLocation(str(path))
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as error:
        if error.errno == errno.ELOOP and path.is_symlink():
            raise InputError("is a symbolic link; expected the file that it leads to", location) from None
        raise InputError(f"cannot be read ({error.strerror})", location) from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        kind = "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
        raise InputError(f"is {kind}; expected a file", location)
    with os.fdopen(descriptor, "rb") as file:
        yield file


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _file_name(connection: sqlite3.Connection, digest: str) -> str:
    """What a file was called when it was attached, by a record that everybody sees; empty where there is none."""
    row = connection.execute(_NAMED, (DOCUMENTS_NAMESPACE, DOCUMENT_TYPE, digest)).fetchone()
    return str(row[0] or "") if row else ""


def expect_attached(folder: AttachmentFolder, digest: str, name: str) -> Path:
    """The file of a digest, which was called `name`. Raises StoreDamaged where it is missing or changed."""
    if problem := folder.problem_of(digest):
        raise StoreDamaged(f"{attachment_text(digest, name)}: {problem}; `kg verify` checks all of them")
    return folder.file(digest)


def _read(source: BinaryIO, name: str) -> bytes:
    try:
        return source.read(_BLOCK)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", InputLocation(name)) from None


def _remove_left(partial: Path) -> None:
    """Remove the copy of a process that was killed; one that is still being written is locked."""
    with suppress(FileNotFoundError), partial.open("rb") as file:
        if lock_descriptor(file.fileno(), wait=False):
            overwrite_and_remove(partial)


def check_of_exhibits(path: Path, folder: AttachmentFolder) -> Callable[[str], str]:
    """What is wrong with an attached file, by its SHA-256; a digest that a source only states is of no attached file.

    Each file is read once, when it is first asked for. Beside a Neo4j whose SQLite file is elsewhere, none is here.
    """
    if not path.is_file():
        return lambda digest: ""
    with translate_errors(path), closing(connect(path)) as connection:
        cited = cited_digests(connection)
    return cache(lambda digest: folder.problem_of(digest) if digest in cited else "")

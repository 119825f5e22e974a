"""Parses statements, and finds the newest one on each record."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.database import scratch_database
from kg.errors import InputError, InputLocation
from kg.records import Reject
from kg.sources.files.json_objects import read_objects
from kg.sources.rows import Progress, SourceRow, as_object, ignore_progress, key_problem

BODS_VERSION = "0.4"
RECORD_TYPES = ("entity", "person", "relationship")
STATUSES = ("new", "updated", "closed")
"""Status of a record, in the order in which statements of one date apply."""

RELATIONSHIP = "relationship"
_NODE_TYPES = {
    "registeredEntity": "Enterprise",
    "legalEntity": "Enterprise",
    "arrangement": "Arrangement",
    "state": "Agency",
    "stateBody": "Agency",
}
"""Type of an entity to node type; anonymous and unknown ones are a Party, and every trust is an Arrangement."""

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class BodsStatement:
    """One statement on a record."""

    row: SourceRow
    data: dict[str, Any]
    key: str
    """The record's id."""
    record_type: str
    details: dict[str, Any]

    @property
    def is_closed(self) -> bool:
        """Whether it closes the record."""
        return self.data.get("recordStatus") == "closed"

    @property
    def kind(self) -> str:
        """The node type that the record describes, or `relationship`."""
        if self.record_type == RELATIONSHIP:
            return RELATIONSHIP
        return "Person" if self.record_type == "person" else node_type(self.details)

    @property
    def rank(self) -> str:
        """Sort key of the statements on one record: the newest last, whatever their order in the files."""
        status = self.data.get("recordStatus")
        dates = (self.data.get("statementDate"), as_object(self.data.get("publicationDetails")).get("publicationDate"))
        place = STATUSES.index(status) if status in STATUSES else 0
        return "\x1f".join((*map(_sortable_date, dates), str(place), str(self.data.get("statementId"))))


def node_type(details: dict[str, Any]) -> str:
    """The node type of an entity record."""
    entity_type = as_object(details.get("entityType"))
    if entity_type.get("subtype") == "trust":
        return "Arrangement"
    return _NODE_TYPES.get(str(entity_type.get("type")), "Party")


class StatementIndex:
    """The newest statement on each record, and the type of the record; moved to disk when it is large."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.record_kind = lru_cache(100_000)(self._record_kind)
        """The type of a record: a node type, `relationship`, or empty if there is no statement on it."""
        connection.execute(
            "CREATE TABLE newest (record BLOB PRIMARY KEY, rank TEXT NOT NULL, number INTEGER NOT NULL,"
            " kind TEXT NOT NULL) WITHOUT ROWID"
        )

    def fill(self, files: Sequence[Path]) -> None:
        """Read all statements once. Raises InputError where a file cannot be read, or is of another version."""
        insert = """INSERT INTO newest VALUES (?, ?, ?, ?) ON CONFLICT (record) DO UPDATE
            SET rank = excluded.rank, number = excluded.number, kind = excluded.kind WHERE excluded.rank > rank"""
        batch: list[tuple[bytes, str, int, str]] = []
        self._db.execute("BEGIN")
        for number, found in enumerate(_read_statements(files, ignore_progress)):
            if isinstance(found, BodsStatement):
                batch.append((_record_digest(found.key), found.rank, number, found.kind))
            if len(batch) == _BATCH:
                self._db.executemany(insert, batch)
                batch.clear()
        self._db.executemany(insert, batch)
        self._db.execute("COMMIT")

    def newest(self, files: Sequence[Path], progress: Progress) -> Iterator[BodsStatement | Reject]:
        """The newest statement on each record, in the order of the files, and every reject."""
        numbers = self._db.execute("SELECT number FROM newest ORDER BY number")
        wanted = next(numbers, (-1,))[0]
        for number, found in enumerate(_read_statements(files, progress)):
            if isinstance(found, Reject):
                yield found
            elif number == wanted:
                wanted = next(numbers, (-1,))[0]
                yield found

    def _record_kind(self, key: str) -> str:
        row = self._db.execute("SELECT kind FROM newest WHERE record = ?", (_record_digest(key),)).fetchone()
        return row[0] if row else ""


@contextmanager
def open_index(files: Sequence[Path]) -> Iterator[StatementIndex]:
    """The index of some files, for the duration of the block."""
    with scratch_database() as connection:
        statements = StatementIndex(connection)
        statements.fill(files)
        yield statements


def _read_statements(files: Sequence[Path], progress: Progress) -> Iterator[BodsStatement | Reject]:
    return (_parse_statement(row) for path in files for row in read_objects(path, progress))


def _parse_statement(row: SourceRow) -> BodsStatement | Reject:
    data = row.parse_object()
    if isinstance(data, Reject):
        return data
    _check_version(row, data)
    key, kind, details = (data.get(name) for name in ("recordId", "recordType", "recordDetails"))
    if problem := key_problem(key):
        return row.reject(f"key recordId, value {key!r:.80}: {problem}")
    if kind not in RECORD_TYPES:
        return row.reject(f"key recordType, value {kind!r:.80}: expected one of {', '.join(RECORD_TYPES)}")
    if not isinstance(details, dict):
        return row.reject("key recordDetails: expected a JSON object")
    if "recordStatus" in data and data["recordStatus"] not in STATUSES:
        status = data["recordStatus"]
        return row.reject(f"key recordStatus, value {status!r:.80}: expected one of {', '.join(STATUSES)}")
    return BodsStatement(row, data, str(key), str(kind), details)


def _check_version(row: SourceRow, data: dict[str, Any]) -> None:
    """Raises InputError for a statement of another version, which has another structure."""
    version = as_object(data.get("publicationDetails")).get("bodsVersion")
    if "statementID" in data or "statementType" in data or version not in (None, BODS_VERSION):
        found, place = version or "0.1, 0.2 or 0.3", InputLocation(row.file, row.line, "publicationDetails.bodsVersion")
        raise InputError(f"is BODS {found}; expected BODS {BODS_VERSION}", place)


def _sortable_date(text: object) -> str:
    """A date, with or without a time, as text that sorts; any other text as it is."""
    try:
        moment = datetime.fromisoformat(str(text or ""))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return str(text or "")


def _record_digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()

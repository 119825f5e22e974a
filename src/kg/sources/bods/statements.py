"""Parses statements, and finds the newest one on each record."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from kg.database import scratch_database
from kg.errors import InputError, InputLocation
from kg.ontology.memo import Memo
from kg.ontology.values import date_or_empty
from kg.records import Deletion, Reject
from kg.sources.bods.earlier_versions import (
    EARLIER_RECORD_TYPES,
    current_code,
    current_structure,
    is_earlier,
    replaced_statements,
)
from kg.sources.files.json_objects import read_objects
from kg.sources.files.lines import are_small
from kg.sources.rows import Progress, SourceRow, as_object, ignore_progress, json_text, key_problem

BODS_VERSIONS = ("0.1", "0.2", "0.3", "0.4")
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
    """The record's id; before 0.4, which has no records, the statement's own."""
    record_type: str
    details: dict[str, Any]
    is_earlier: bool = False
    """Whether it has the structure of a version before 0.4."""
    replaces: tuple[str, ...] = ()
    """The ids of the statements that it replaces, before 0.4."""
    replaced_on: str = ""
    """The day of the statement that replaces this one; empty for a statement that none replaces."""

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

    @property
    def content(self) -> bytes:
        """A digest of what it says of the record."""
        said = orjson.dumps([self.record_type, self.details], option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(said, digest_size=16).digest()


def node_type(details: dict[str, Any]) -> str:
    """The node type of an entity record."""
    entity_type = as_object(details.get("entityType"))
    if entity_type.get("subtype") == "trust":
        return "Arrangement"
    return _NODE_TYPES.get(str(entity_type.get("type")), "Party")


class StatementIndex:
    """The newest statement on each record, and the type of the record; moved to disk when it is large.

    Before 0.4, a statement is the newest unless another one replaces it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.record_kind = lru_cache(100_000)(self._record_kind)
        """The type of a record: a node type, `relationship`, or empty if there is no statement on it."""
        connection.execute(
            "CREATE TABLE newest (record BLOB PRIMARY KEY, rank TEXT NOT NULL, number INTEGER NOT NULL,"
            " kind TEXT NOT NULL, content BLOB NOT NULL, says TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL)"
            " WITHOUT ROWID"
        )
        connection.execute(
            "CREATE TABLE replaced (old TEXT PRIMARY KEY, new TEXT NOT NULL, rank TEXT NOT NULL, day TEXT NOT NULL,"
            " says TEXT NOT NULL)"
            " WITHOUT ROWID"
        )
        self._has_replaced = False
        self._held: list[BodsStatement | Reject] | None = None
        """All that small files hold."""
        self._ended = set[str]()
        """The keys of replaced relationships of which something is read as ended."""
        self._last_replacing: SourceRow | None = None
        """The last row that replaces others."""
        self._last_earlier: SourceRow | None = None
        """The last row of a version before 0.4."""

    def fill(self, files: Sequence[Path], progress: Progress) -> None:
        """Read all statements once; small files are not read again, and `progress` is told of them.

        Raises InputError where a file cannot be read, or is of a later version.
        """
        insert = """INSERT INTO newest VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (record) DO UPDATE
            SET rank = excluded.rank, number = excluded.number, kind = excluded.kind, content = excluded.content,
            says = excluded.says, file = excluded.file, line = excluded.line WHERE excluded.rank > rank"""
        supersede = """INSERT INTO replaced VALUES (?, ?, ?, ?, ?) ON CONFLICT (old) DO UPDATE
            SET new = excluded.new, rank = excluded.rank, day = excluded.day, says = excluded.says
            WHERE excluded.rank > rank"""
        batch: list[tuple[bytes, str, int, str, bytes, str, str, int]] = []
        self._held = list(_read_statements(files, progress)) if are_small(files) else None
        self._db.execute("BEGIN")
        for number, found in enumerate(self._statements(files, ignore_progress)):
            if isinstance(found, BodsStatement):
                place = found.row.file, found.row.element or found.row.line
                says = json_text(_holding(found.details)) if found.record_type == RELATIONSHIP else ""
                batch.append((_record_digest(found.key), found.rank, number, found.kind, found.content, says, *place))
                self._last_earlier = found.row if found.is_earlier else self._last_earlier
                stated = found.data.get("statementDate")
                for old in found.replaces:
                    rank = f"{found.rank}\x1f{found.key}"
                    day = date_or_empty(stated) if isinstance(stated, str) else ""
                    self._db.execute(supersede, (old, found.key, rank, day, says))
                    self._has_replaced, self._last_replacing = True, found.row
            if len(batch) == _BATCH:
                self._db.executemany(insert, batch)
                batch.clear()
        self._db.executemany(insert, batch)
        self._db.execute("CREATE INDEX replacing ON replaced (new)")
        self._db.execute("COMMIT")

    def newest(self, files: Sequence[Path], progress: Progress) -> Iterator[BodsStatement | Reject]:
        """The newest statement on each record, in the order of the files, and every reject; then how many are older.

        A relationship that another statement replaces, whose day is known, comes with that day and with the interests
        that the other no longer states.
        """
        older, last, replaced, last_replaced, left_out, last_left = 0, None, 0, None, 0, None
        numbers = self._db.execute("SELECT number FROM newest ORDER BY number")
        wanted = next(numbers, (-1,))[0]
        for number, found in enumerate(self._statements(files, progress)):
            if isinstance(found, Reject):
                yield found
                continue
            is_newest = number == wanted
            wanted = next(numbers, (-1,))[0] if is_newest else wanted
            if not is_newest and (problem := self._contradiction(found)):
                yield found.row.reject(problem)
            elif is_newest and self._current_key(found.key) == found.key:
                yield found
            elif is_newest and found.record_type == RELATIONSHIP and (ended := self._ended_part(found)):
                replaced, last_replaced = replaced + 1, found.row
                self._ended.add(found.key)
                yield ended
            elif self._is_older(found):
                older, last = older + 1, found.row
                if not found.is_earlier and self._states_more(found):
                    left_out, last_left = left_out + 1, found.row
        if last_replaced:
            some = "1 relationship" if replaced == 1 else f"{replaced:,} relationships, the last of them here"
            reason = "replaced by newer statements; what these no longer state ended on their day, or before as stated"
            yield last_replaced.reject(f"{some}: {reason}").as_advice()
        if last_left:
            some = "1 older statement states" if left_out == 1 else f"{left_out:,} older statements state"
            reason = (
                f"{some} interests that the newest on the record leaves out, the last of them here: it counts as a "
                "whole, as an interest that ended has its endDate, so they are not read"
            )
            yield last_left.reject(reason).as_advice()
        if last:
            told = "1 statement is" if older == 1 else f"{older:,} statements are"
            yield last.reject(f"{told} replaced by newer ones, the last of them here, and not read").as_advice()

    def taken_back(self) -> Iterator[Deletion | Reject]:
        """What a delta takes back: the relationships that its statements replace, but those read here; then a remark.

        A replaced statement on a party stays, because its key, and those that it stands for, still mean the party.
        """
        if self._last_earlier:
            order = (
                "before BODS 0.4 only the order of the loads tells which statement is newer; load deltas oldest first"
            )
            yield self._last_earlier.reject(order).as_advice()
        if self._last_replacing is None:
            return
        pairs = self._db.execute("SELECT old, new FROM replaced ORDER BY old").fetchall()
        gone = [old for old, new in pairs if self.record_kind(new) == RELATIONSHIP and self._current_key(old) != old]
        yield from (Deletion(key) for key in gone if key not in self._ended)
        problem = (
            "statements replace others: of replaced relationships that are not in these files nothing stays, also of "
            "interests that ended, and what replaced statements said of parties stays; load all statements as a whole "
            "to have both as they were"
        )
        yield self._last_replacing.reject(problem).as_advice()

    def _statements(self, files: Sequence[Path], progress: Progress) -> Iterable[BodsStatement | Reject]:
        return _read_statements(files, progress) if self._held is None else self._held

    def _ended_part(self, found: BodsStatement) -> BodsStatement | None:
        """A replaced relationship with the interests that ended when it was replaced: the newer statement has none of
        their type, or is about other parties. None for none, without a known day, and in a circle of statements.
        """
        key = found.key
        row = self._db.execute("SELECT day, says FROM replaced WHERE old = ?", (key,)).fetchone()
        if not row or not row[0] or self._is_in_circle(key):
            return None
        if interests := self._left_out(found, row[1]):
            return replace(found, details={**found.details, "interests": interests}, replaced_on=row[0])
        return None

    def _left_out(self, found: BodsStatement, says: str) -> list[dict[str, Any]]:
        """The interests of a relationship of which a newer statement has none of their type, or of other parties."""
        *newer, types = orjson.loads(says)
        same = all(map(self._mean_one, _holding(found.details)[:2], newer))
        return [i for i in _interests(found.details) if not (same and current_code(str(i.get("type"))) in types)]

    def _states_more(self, found: BodsStatement) -> bool:
        """Whether an older statement on a relationship states interests that the newest on the record does not."""
        row = self._db.execute("SELECT says FROM newest WHERE record = ?", (_record_digest(found.key),)).fetchone()
        return found.record_type == RELATIONSHIP and bool(row and row[0] and self._left_out(found, row[0]))

    def _mean_one(self, one: object, other: object) -> bool:
        """Whether two ends of relationships are one party, or unspecified in the same words."""
        if isinstance(one, str) and isinstance(other, str):
            return self._current_key(one) == self._current_key(other)
        return one == other

    def _is_in_circle(self, key: str) -> bool:
        """Whether statements that replace each other lead back to the one with this id."""
        return self._current_key(key) in {key, *self.replaced_keys(key)}

    def _is_older(self, found: BodsStatement) -> bool:
        """Whether a statement is another one than the newest on its record."""
        rank = self._db.execute("SELECT rank FROM newest WHERE record = ?", (_record_digest(found.key),)).fetchone()
        return self._current_key(found.key) != found.key or (
            rank is not None and _moment(rank[0]) != _moment(found.rank)
        )

    def _contradiction(self, found: BodsStatement) -> str:
        """Why a statement that does not count is not an older one but contradicts the one that does; else empty."""
        query = "SELECT rank, content, file, line FROM newest WHERE record = ?"
        rank, content, file, line = self._db.execute(query, (_record_digest(found.key),)).fetchone()
        if _moment(rank) != _moment(found.rank) or content == found.content:
            return ""
        place = f"{'element' if found.row.element else 'line'} {line}"
        where = place if file == found.row.file else f"{place} of {file}"
        if rank == found.rank:
            return f"contradicts {where}, which has the same id and day; the first counts"
        return (
            f"contradicts {where}, another statement of the same day on record {found.key!r:.80}; the one whose "
            "statementId is last in the order of the alphabet counts"
        )

    def replaced_keys(self, key: str) -> tuple[str, ...]:
        """The ids of all statements that the statement with this id stands for, directly or through others."""
        chain = """WITH RECURSIVE chain (id) AS (SELECT old FROM replaced WHERE new = ?
            UNION SELECT old FROM replaced JOIN chain ON new = chain.id) SELECT id FROM chain ORDER BY id"""
        found = self._db.execute(chain, (key,)) if self._has_replaced else ()
        return tuple(old for (old,) in found if old != key)

    def _current_key(self, key: str) -> str:
        """The id of the statement that stands for the one with this id; of a circle, the last by its text."""
        seen: list[str] = []
        while self._has_replaced and key not in seen:
            seen.append(key)
            row = self._db.execute("SELECT new FROM replaced WHERE old = ?", (key,)).fetchone()
            if row is None:
                return key
            key = row[0]
        return max(seen[seen.index(key) :]) if seen else key

    def _record_kind(self, key: str) -> str:
        digests = map(_record_digest, dict.fromkeys((self._current_key(key), key)))
        rows = (self._db.execute("SELECT kind FROM newest WHERE record = ?", (d,)).fetchone() for d in digests)
        return next((row[0] for row in rows if row), "")


@contextmanager
def open_index(files: Sequence[Path], progress: Progress) -> Iterator[StatementIndex]:
    """The index of some files, for the duration of the block."""
    with scratch_database() as connection:
        statements = StatementIndex(connection)
        statements.fill(files, progress)
        yield statements


def _read_statements(files: Sequence[Path], progress: Progress) -> Iterator[BodsStatement | Reject]:
    return (_parse_statement(row) for path in files for row in read_objects(path, progress, lists=("statements",)))


def _parse_statement(row: SourceRow) -> BodsStatement | Reject:
    data = row.parse_object()
    if isinstance(data, Reject):
        return data
    _check_version(row, data)
    earlier = is_earlier(data)
    type_name, key_name = ("statementType", "statementID") if earlier else ("recordType", "recordId")
    types = tuple(EARLIER_RECORD_TYPES) if earlier else RECORD_TYPES
    kind, key = data.get(type_name), data.get(key_name)
    if problem := key_problem(key):
        return row.reject(f"key {key_name}, value {key!r:.80}: {problem}")
    if kind not in types:
        return row.reject(f"key {type_name}, value {kind!r:.80}: expected one of {', '.join(types)}")
    replaces = replaced_statements(data) if earlier else ()
    data = current_structure(data) if earlier else data
    details = data.get("recordDetails")
    if not isinstance(details, dict):
        return row.reject("key recordDetails: expected a JSON object")
    if "recordStatus" in data and data["recordStatus"] not in STATUSES:
        status = data["recordStatus"]
        return row.reject(f"key recordStatus, value {status!r:.80}: expected one of {', '.join(STATUSES)}")
    return BodsStatement(row, data, str(key), str(data["recordType"]), details, earlier, replaces)


def _check_version(row: SourceRow, data: dict[str, Any]) -> None:
    """Raises InputError for a statement of a later version, which has another structure."""
    version = as_object(data.get("publicationDetails")).get("bodsVersion")
    if version not in (None, "") and ".".join(str(version).split(".")[:2]) not in BODS_VERSIONS:
        place = InputLocation(row.file, row.line, "publicationDetails.bodsVersion")
        raise InputError(f"is BODS {version}; expected one of {', '.join(BODS_VERSIONS)}", place)


def _holding(details: dict[str, Any]) -> tuple[object, object, list[str]]:
    """Who has the interests of a relationship, in what, and their types in the words of 0.4."""
    types = sorted({current_code(str(i.get("type"))) for i in _interests(details)})
    return details.get("interestedParty"), details.get("subject"), types


def _interests(details: dict[str, Any]) -> list[dict[str, Any]]:
    listed = details.get("interests")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _sortable_date(value: object) -> str:
    """A date, with or without a time, as text that sorts; any other text as it is."""
    return _SORTABLE[str(value or "")]


def _sortable(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return text


_SORTABLE = Memo(_sortable)


def _moment(rank: str) -> str:
    """A rank without the statement's id: equal where neither of two statements is newer."""
    return rank.rpartition("\x1f")[0]


def _record_digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()

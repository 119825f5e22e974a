"""The temporary tables into which a load puts what it reads."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple, Protocol, TypeGuard

from kg.ledger.rules.single_record import GRAPH_COLUMNS, SingleRecords
from kg.ledger.stage.line_cache import LineCache
from kg.ledger.stage.line_outcomes import LineOutcomes
from kg.ledger.stage.numbers import FileNumbers, KnownMaps, NamespaceNumbers, ProvenanceNumbers, StageNumbers
from kg.ledger.stage.rows import (
    LARGER_SHARE,
    NULL_COLUMNS,
    STAGE_COLUMNS,
    ShareColumn,
    ShareScale,
    SourceNames,
    StageBatch,
    StageBuilder,
    WordCounts,
    add_shares,
    possible_fractions,
)
from kg.ontology import Ontology
from kg.records import ReadResult, Reject

BATCH = 5_000
"""Rows that are inserted at once."""

_MANY = 50_000
"""Rows of which it is first told by hashes whether any are about one record."""

_KEY_AND_PART = itemgetter(STAGE_COLUMNS.index("key"), STAGE_COLUMNS.index("part"))

_STAGE = f"""CREATE TEMP TABLE stage (
    num INTEGER PRIMARY KEY, row INTEGER NOT NULL, line INTEGER, key TEXT NOT NULL, part TEXT NOT NULL,
    type TEXT NOT NULL, from_ns INTEGER, from_key TEXT, to_ns INTEGER, to_key TEXT, body TEXT NOT NULL,
    said INTEGER, digest BLOB NOT NULL, merges INTEGER NOT NULL, protected INTEGER NOT NULL, file INTEGER,
    named INTEGER NOT NULL, row_key TEXT, {", ".join(GRAPH_COLUMNS)})"""
"""`row_key` is the key of a row that is staged under its identity. The columns of `GRAPH_COLUMNS` are filled where the
graph is built from the stage."""


class BatchedReadings(Protocol):
    """Readings of which some come as batches that other processes made. Iterated, they are read in this process."""

    def __iter__(self) -> Iterator[ReadResult]: ...

    def batches(
        self, known: KnownMaps, names: SourceNames | None, lines: LineCache
    ) -> Iterator[StageBatch | ReadResult]:
        """Batches and single results, in the order of the files.

        Lines that are known are kept in `lines` instead. With the `names` of source and namespace, rows have the
        columns of the graph too.
        """
        ...


def are_batched(readings: Iterable[ReadResult] | BatchedReadings) -> TypeGuard[BatchedReadings]:
    """Whether readings come as batches."""
    return hasattr(readings, "batches")


class StageCounts(NamedTuple):
    """What the ontology has no place for, and what may be wrong, in what was staged: as in `LoadResult`."""

    equal_events: int
    unmapped: dict[str, int]
    not_understood: dict[str, int]
    negative_amounts: dict[str, tuple[int, int]]
    fraction_shares: dict[str, str]
    small_shares: dict[str, tuple[int, str]]


class StagedRows(NamedTuple):
    """What was staged."""

    counts: StageCounts
    open_counts: StageCounts
    """Those of open records alone."""
    may_repeat: bool
    """Whether two rows may be about one record; False where none are."""


def stage_records(
    connection: sqlite3.Connection,
    ontology: Ontology,
    readings: Iterable[ReadResult] | BatchedReadings,
    on_reject: Callable[[Reject], None],
    lines: LineCache,
    names: SourceNames,
) -> StagedRows:
    """Put records into a temporary table and hand rejects to `on_reject`; the graph is not touched.

    The counts have what lines stated that are kept in `lines`. The keys that a delta takes back go into the temporary
    table `deleted`; what it says of them afterwards is staged.
    `names` are those of source and namespace. Of a source's first records, what the graph keeps is staged too.
    """
    is_first = not has_records(connection, names[0])
    stage = _Stage(connection, ontology, on_reject, names, lines.outcomes, is_first=is_first)
    if are_batched(readings):
        for found in readings.batches(stage.known, names if is_first else None, lines):
            if isinstance(found, StageBatch):
                stage.add_batch(found)
            else:
                stage.add(found)
    else:
        for reading in readings:
            stage.add(reading)
    stage.finish()
    stage.add_counts(*lines.counts())
    if connection.execute("SELECT 1 FROM temp.deleted LIMIT 1").fetchone():  # what a later line withdraws or replaces
        superseded = "num <= (SELECT d.num FROM temp.deleted d WHERE d.key = stage.key)"
        connection.execute(f"DELETE FROM temp.stage WHERE {superseded}")
    return StagedRows(stage.result(only_open=False), stage.result(only_open=True), stage.may_repeat())


def has_records(connection: sqlite3.Connection, source: str) -> bool:
    """Whether a source, which need not be there, has records in force."""
    query = "SELECT 1 FROM source s JOIN record r ON r.source = s.num WHERE s.name = ? AND r.until IS NULL LIMIT 1"
    return connection.execute(query, (source,)).fetchone() is not None


def index_stage(connection: sqlite3.Connection) -> None:
    """Index the staged rows by the records that they are about, unless they are."""
    connection.execute("CREATE INDEX IF NOT EXISTS temp.stage_key ON stage (key, part, digest)")


class _Stage:
    """The temporary tables `stage` and `deleted`, made anew, and what was counted while they were filled."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        ontology: Ontology,
        on_reject: Callable[[Reject], None],
        names: SourceNames,
        outcomes: LineOutcomes,
        *,
        is_first: bool,
    ) -> None:
        for table in ("deleted", "stage"):
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
        connection.execute("CREATE TEMP TABLE deleted (key TEXT PRIMARY KEY, num INTEGER NOT NULL) WITHOUT ROWID")
        connection.execute(_STAGE)
        self._db, self._ontology, self._on_reject = connection, ontology, on_reject
        numbers = NamespaceNumbers(connection), FileNumbers(connection), ProvenanceNumbers(connection, *names)
        self._numbers = StageNumbers(*numbers)
        self.known = KnownMaps(*(found.known for found in numbers))
        self.counts, self.open_counts = WordCounts(), WordCounts()
        self.shares: dict[ShareColumn, ShareScale] = {}
        self._staged = self._row_count = 0
        self._hashes = array("q")
        self._single, self._outcomes = SingleRecords(ontology, *names) if is_first else None, outcomes
        self._columns = (*STAGE_COLUMNS, *GRAPH_COLUMNS) if is_first else STAGE_COLUMNS
        self._builder = StageBuilder(ontology, self._numbers, 0, self._single)

    def add(self, reading: ReadResult) -> None:
        """Stage what was read in this process."""
        if isinstance(reading, Reject):
            self._on_reject(reading)
            return
        self._builder.add(reading)
        if self._builder.size >= BATCH:
            self._insert(self._builder.take())

    def add_batch(self, batch: StageBatch) -> None:
        """Stage what another process made."""
        self.finish()
        for reject in batch.rejects:
            self._on_reject(reject)
        batch.give_numbers(self._numbers)
        self._outcomes.add(batch.lines, self._staged + 1)
        before = self._row_count
        self._insert(batch, before)
        self._row_count += before
        self._builder = StageBuilder(self._ontology, self._numbers, self._row_count, self._single)

    def finish(self) -> None:
        """Stage what is left."""
        self._insert(self._builder.take())

    def _insert(self, batch: StageBatch, before: int = 0) -> None:
        """Insert the rows of a batch, whose rows of files come after so many others."""
        deleted = [(key, self._staged + count) for key, count in batch.deletions]
        self._db.executemany("INSERT OR REPLACE INTO temp.deleted VALUES (?, ?)", deleted)
        values = ", ".join("nullif(?, 0)" if column in NULL_COLUMNS else "?" for column in self._columns[1:])
        insert = f"INSERT INTO temp.stage ({', '.join(self._columns)}) VALUES (? + {before}, {values})"
        self._db.executemany(insert, batch.rows)
        self._hashes.extend(map(hash, map(_KEY_AND_PART, batch.rows)))
        self._staged, self._row_count = self._staged + len(batch.rows), batch.row_count
        self.counts.add(batch.counts)
        self.open_counts.add(batch.open_counts)
        for column, scale in batch.shares.items():
            add_shares(self.shares, column, scale)

    def may_repeat(self) -> bool:
        """As in `StagedRows`. Of many rows it is told by hashes, which takes a fifth of the time of an index."""
        if len(self._hashes) < _MANY:
            return True
        import numpy as np  # here, because a small load does not need it

        found = np.sort(np.frombuffer(self._hashes, np.int64))
        return bool((found[1:] == found[:-1]).any())

    def add_counts(self, counts: WordCounts, larger_shares: Iterable[tuple[str, str]]) -> None:
        """Count what open records state that are not staged."""
        self.counts.add(counts)
        self.open_counts.add(counts)
        for kind, name in larger_shares:
            add_shares(self.shares, (kind, name, True), LARGER_SHARE)

    def result(self, *, only_open: bool) -> StageCounts:
        """What was counted, of all records or of open ones alone."""
        counts = self.open_counts if only_open else self.counts
        return StageCounts(
            counts.equal_events,
            counts.unmapped,
            counts.not_understood,
            counts.negative_amounts(),
            *possible_fractions(self.shares, only_open=only_open),
        )

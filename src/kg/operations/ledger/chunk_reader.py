"""Reads chunks of whole lines into staged rows, in any process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from kg.errors import InputError
from kg.ledger.rules.single_record import SingleRecords
from kg.ledger.stage.line_outcomes import DIGEST_SIZE, LineOutcomes, RowNotes, find_outcomes
from kg.ledger.stage.numbers import KnownMaps, KnownNumbers, StageNumbers
from kg.ledger.stage.rows import SourceNames, StageBatch, StageBuilder
from kg.operations.ledger.inputs import LoadInputs
from kg.operations.ledger.protection import mark_protected
from kg.sources import Connector, ReadContext
from kg.sources.files.chunks import LineChunk
from kg.sources.line_reader import LineReader, Parts
from kg.sources.rows import SourceRow


@dataclass(frozen=True, slots=True)
class ReaderSetup:
    """What each process that reads is told at its start."""

    connector: Connector
    files: tuple[Path, ...]
    context: ReadContext
    inputs: LoadInputs
    names: SourceNames | None
    """Of the source and its namespace, if rows have the columns of the graph too."""
    digest_key: bytes = b""
    """The key of the digests of lines, by which a later load knows them; empty where none is to know them."""

    def line_digests(self, rows: Iterable[SourceRow]) -> Iterator[tuple[SourceRow, bytes]]:
        """Rows with the digest of each and of what reads it."""
        start = blake2b(digest_size=DIGEST_SIZE, key=self.digest_key)
        for row in rows:
            digest = start.copy()
            digest.update(row.raw)
            yield row, digest.digest()


class ChunkResult(NamedTuple):
    """What was read of a chunk, up to an error that ended it."""

    batch: StageBatch
    left: Parts
    error: InputError | None


class ChunkReader:
    """Reads the lines of chunks with one line reader."""

    def __init__(self, setup: ReaderSetup, reader: LineReader) -> None:
        self._setup, self._reader = setup, reader
        self._single = SingleRecords(setup.context.ontology, *setup.names) if setup.names else None

    def read(
        self,
        chunk: LineChunk,
        known: KnownMaps,
        count_blank: Callable[[int], None],
    ) -> ChunkResult:
        """The staged rows of a chunk and what its lines left."""
        setup, numbers = self._setup, [KnownNumbers(names) for names in known]
        notes, digests = RowNotes() if setup.digest_key else None, dict[int, bytes]()
        builder = StageBuilder(setup.context.ontology, StageNumbers(*numbers), 0, self._single, notes)
        rows, error = chunk.rows(count_blank), None
        if notes:
            rows = self._with_digests(rows, digests)
        readings = setup.inputs.with_places_shown(self._reader.read(rows))
        try:
            context, names = setup.context, setup.inputs.names
            for reading in mark_protected(
                readings, names, context.ontology, invented=context.invented, day=context.day
            ):
                builder.add(reading)
        except InputError as raised:
            error = raised
        batch = builder.take()
        batch.namespaces, batch.files, batch.provenances = (found.new for found in numbers)
        if notes:
            others = {reject.line for reject in batch.rejects} | self._reader.uncached_lines()
            batch.lines = LineOutcomes() if batch.deletions else find_outcomes(batch.rows, notes, digests, others)
        return ChunkResult(batch, self._reader.take_left(), error)

    def _with_digests(self, rows: Iterator[SourceRow], digests: dict[int, bytes]) -> Iterator[SourceRow]:
        for row, digest in self._setup.line_digests(rows):
            digests[row.line] = digest
            yield row

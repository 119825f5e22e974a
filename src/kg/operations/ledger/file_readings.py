"""What is read from the files of a load, each time that it is iterated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from kg.errors import InputError, InputLocation
from kg.ledger.stage.line_cache import LineCache
from kg.ledger.stage.numbers import KnownMaps
from kg.ledger.stage.rows import SourceNames, StageBatch
from kg.operations.ledger import changed_lines, reader_processes
from kg.operations.ledger.chunk_reader import ReaderSetup
from kg.operations.ledger.inputs import FileLoadRequest, LoadInputs
from kg.operations.ledger.protection import mark_protected
from kg.operations.ledger.reader_processes import default_readers, learn, read_here, read_in_processes
from kg.operations.workspace import Workspace
from kg.records import ReadResult, Reject
from kg.sources import Connector, ReadContext, SourceDeclaration, choose_connector
from kg.sources.files.chunks import CHUNK, LineChunk
from kg.sources.payments import Directions


class FileReadings:
    """What connectors read from the files of a load, each time that it is iterated."""

    def __init__(
        self,
        workspace: Workspace,
        request: FileLoadRequest,
        source: SourceDeclaration,
        inputs: LoadInputs,
        before: Callable[[], None],
        stated_in_force: Callable[[str], str],
    ) -> None:
        """`request` has a day; `before` is called when they are first read; `stated_in_force` is as in ReadContext."""
        self._stated_in_force = stated_in_force
        self._workspace, self._request, self._source, self._inputs = workspace, request, source, inputs
        self._before: Callable[[], None] | None = before
        self._changed: dict[str, list[LineChunk]] = {}
        """By connector, the lines that `batches` read, where it did not read all."""

    def __iter__(self) -> Iterator[ReadResult]:
        """What `batches` reads, in this process."""
        context, groups = self._begin()
        readings = (reading for connector, files in groups for reading in self._read_again(connector, files, context))
        return _require_rows(self._request, self._checked(readings), lambda: bool(self._changed))

    def batches(
        self, known: KnownMaps, names: SourceNames | None, lines: LineCache
    ) -> Iterator[StageBatch | ReadResult]:
        """The same, of which other processes read what is large and can be cut; as in BatchedReadings."""
        context, found_groups = self._begin()
        groups = [*found_groups]
        may_cache = len(groups) == 1 and not self._request.delta  # lines of two formats may be about one record
        found = (
            reading
            for connector, group in groups
            for reading in self._read_group(
                ReaderSetup(connector, tuple(group), context, self._inputs, names),
                known,
                lines,
                may_cache=may_cache,
            )
        )
        return _require_rows(self._request, found, lambda: lines.has_kept)

    def _read_group(
        self,
        setup: ReaderSetup,
        known: KnownMaps,
        lines: LineCache,
        *,
        may_cache: bool,
    ) -> Iterator[StageBatch | ReadResult]:
        connector, context = setup.connector, setup.context
        count = default_readers() if self._workspace.readers is None else self._workspace.readers
        size = sum(map(_file_size, setup.files))
        is_cached = may_cache and size >= changed_lines.MIN_SIZE
        is_large = bool(count) and size >= reader_processes.MIN_SIZE
        may_cut = (is_cached or is_large) and not self._request.reverse
        reader = connector.line_reader(setup.files, context) if may_cut else None
        is_cached = is_cached and reader is not None and reader.shares_keys
        chunks = None
        if reader is not None and is_cached:
            setup = replace(setup, digest_key=changed_lines.line_digest_key(connector, context))
            chunks = changed_lines.changed_chunks(setup, reader, lines)
        if chunks is not None:
            self._changed[connector.name] = chunks
            context.progress(size)
            size = sum(chunk.wanted_size for chunk in chunks)
            is_large = is_large and size >= reader_processes.MIN_SIZE
        if reader is None or not (is_large or is_cached):
            yield from self._checked(self._read_whole(connector, setup.files, context))
            return
        with reader.left() as left:
            if is_large:
                yield from read_in_processes(setup, reader, min(count, size // CHUNK + 1), known, left, chunks)
            else:
                yield from read_here(setup, reader, known, left, chunks)
            yield from self._checked(left.read())

    def _read_again(self, connector: Connector, files: Sequence[Path], context: ReadContext) -> Iterator[ReadResult]:
        """The lines that were read, or all where `batches` has not been called."""
        chunks = self._changed.get(connector.name)
        reader = None if chunks is None else connector.line_reader(files, context)
        if reader is None or chunks is None:
            yield from self._read_whole(connector, files, context)
            return
        learn(ReaderSetup(connector, tuple(files), context, self._inputs, None), reader, chunks)
        with reader.left() as left:
            for chunk in chunks:
                yield from reader.read(chunk.rows())
                if more := reader.take_left():
                    left.add(more)
            yield from left.read()

    def _read_whole(self, connector: Connector, files: Sequence[Path], context: ReadContext) -> Iterator[ReadResult]:
        """All of the files, read in this process, which alone can ask the ledger."""
        if self._request.delta:
            context = replace(context, stated_in_force=self._stated_in_force)
        if self._request.reverse and any(link.reverse for table in connector.table for link in table.link):
            problem = "the declaration says itself which payments go the other way; leave --reverse out"
            raise InputError(problem, InputLocation(connector.shown, key="reverse"))
        found = connector.read(files, context)
        return Directions(context.ontology, self._request.reverse).read(found) if self._request.reverse else found

    def _checked(self, readings: Iterator[ReadResult]) -> Iterator[ReadResult]:
        shown = self._inputs.with_places_shown(readings)
        return mark_protected(
            shown,
            self._inputs.names,
            self._workspace.ontology,
            invented=self._source.invented,
            day=self._request.day,
        )

    def _begin(self) -> tuple[ReadContext, Iterator[tuple[Connector, Sequence[Path]]]]:
        """What readers are given, and the files of each connector."""
        if self._before:
            self._before()
            self._before = None
        total = sum(map(_file_size, self._request.files))
        done = 0

        def add_progress(size: int) -> None:
            nonlocal done
            done += size
            self._workspace.progress("reading", done, total)

        context = ReadContext(
            self._workspace.ontology,
            self._source.namespace,
            add_progress,
            self._source.invented,
            self._request.day,
            self._request.delta,
            reverse=self._request.reverse,
        )
        return context, _group_by_connector(self._request)


_Found = TypeVar("_Found", bound=StageBatch | ReadResult)


def _require_rows(
    request: FileLoadRequest, readings: Iterator[_Found], has_others: Callable[[], bool]
) -> Iterator[_Found]:
    """The same results. Raises InputError at their end if no row was read, and there are no others: an empty file, or
    one of another kind, would withdraw the whole source.
    """
    found, first = False, None
    for reading in readings:
        if isinstance(reading, StageBatch):
            found = found or not reading.is_empty
            first = first or next(iter(reading.rejects), None)
        elif not isinstance(reading, Reject):
            found = True
        elif first is None:
            first = reading
        yield reading
        if found:
            yield from readings
            return
    found = found or has_others()
    if not found and first is not None:
        raise InputError(f"no row can be read; the first: {first.reason}", InputLocation(first.file, first.line))
    if not found and not request.delta:
        raise InputError("holds no rows; `kg withdraw` withdraws a source", InputLocation(str(request.files[0])))


def _file_size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # its reader reports the error


def _group_by_connector(request: FileLoadRequest) -> Iterator[tuple[Connector, Sequence[Path]]]:
    """The files grouped by connector; those of a delta stay in the given order."""
    chosen = [(choose_connector(path, request.connector), path) for path in request.files]
    if not request.delta:
        first = {connector.name: n for n, (connector, _) in reversed([*enumerate(chosen)])}
        chosen.sort(key=lambda pair: first[pair[0].name])
    elif tables := [path for connector, path in chosen if connector.reads_tables]:
        raise InputError("is a table, and a table is a snapshot; leave --delta out", InputLocation(str(tables[0])))
    for _, pairs in groupby(chosen, key=lambda pair: pair[0].name):
        group = list(pairs)
        yield group[0][0], [path for _, path in group]

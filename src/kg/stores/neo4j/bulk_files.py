"""Write the whole graph into files that neo4j-admin imports."""

from __future__ import annotations

import gc
import os
import signal
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from kg.database import connect, detect_writes, read_transaction, translate_errors
from kg.database.scopes import scope as scope_of
from kg.errors import KgError, StoreBusy, StoreError
from kg.files import write_atomically
from kg.ontology import Ontology
from kg.ontology.derive.cypher import GRAPH, schema_page
from kg.records import id_ranges
from kg.stores.neo4j.csv_files import ELEMENT_SEPARATOR, CsvFile, ImportFile
from kg.stores.neo4j.graph_rows import GraphRow, link_rows, node_rows
from kg.stores.neo4j.projection_items import CopyScope
from kg.stores.neo4j.projection_reader import IdRange, ProjectionReader
from kg.stores.neo4j.sync.contents import COMPLETE, format_version, version_properties
from kg.stores.neo4j.sync.tombstones import chunked

NODES, LINKS = "nodes", "links"
ARGUMENTS = "import.args"
SCHEMA = "schema.cypher"

PART_SIZE = 250_000
"""How many numbers of nodes or links one process writes at a time, into files of its own."""

MAX_ROWS_IN_ONE_PROCESS = 50_000
"""Up to so many nodes and links, one process is faster: others take time to start."""

CHUNK = 5_000
MAX_PROCESSES = 8

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class BulkFilesRequest:
    """The graph to write, and the folder for its files."""

    store: Path
    scope: CopyScope
    folder: Path
    """An empty folder."""
    progress: Progress = lambda phase, done, total: None


@dataclass(frozen=True, slots=True)
class BulkFiles:
    """What was written."""

    version: str
    nodes: int
    links: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _WorkerTask:
    """The parts that one process writes; each has a number, so that no two files share a name."""

    store: Path
    scope: CopyScope
    folder: Path
    parts: tuple[tuple[str, int, IdRange], ...]


def write_bulk_files(request: BulkFilesRequest) -> BulkFiles:
    """Write nodes, links, the version node, the arguments of the import and the schema, from one snapshot.

    Large graphs are written by several processes. Raises StoreError, and StoreBusy where somebody changed the graph
    just when these began.
    """
    with (
        translate_errors(request.store),
        detect_writes(request.store) as was_written,
        closing(connect(request.store)) as connection,
        scope_of(connection, protected=request.scope.protected),
        read_transaction(connection),
    ):
        properties = version_properties(connection, request.scope)
        parts, reader = list(_parts(connection)), ProjectionReader(connection, request.scope)
        total = reader.count()
        written = [write_version_node(request.folder, properties)]
        done = 0

        def report(rows: int) -> None:
            nonlocal done
            done += rows
            request.progress("writing files", done, total)

        if total > MAX_ROWS_IN_ONE_PROCESS:
            written += _write_in_processes(request, parts, report, was_written)
        else:
            for part in parts:
                written += _write(reader, request.folder, part, report)
    return finish_bulk_files(request.folder, request.scope.ontology, written, format_version(properties))


def finish_bulk_files(folder: Path, ontology: Ontology, written: Sequence[ImportFile], version: str) -> BulkFiles:
    """Write the arguments of the import and the schema beside the files of nodes, of links, and of the version node."""
    files = sorted(written, key=lambda file: file.name)
    options = ["--delimiter=TAB", f"--array-delimiter=U+{ord(ELEMENT_SEPARATOR):04X}", "--id-type=string"]
    arguments = "\n".join([*options, *(file.import_argument() for file in files), ""])
    write_atomically(folder / ARGUMENTS, arguments.encode())
    write_atomically(folder / SCHEMA, schema_page(ontology).encode())
    names = (name for file in files for name in (file.header, file.name))
    counts = {what: sum(f.rows for f in files if f.name.startswith(what)) for what in (NODES, LINKS)}
    return BulkFiles(version, counts[NODES] - 1, counts[LINKS], tuple(sorted([*names, ARGUMENTS, SCHEMA])))


def _parts(connection: sqlite3.Connection) -> Iterator[tuple[str, int, IdRange]]:
    for what, table in ((NODES, "node"), (LINKS, "link")):
        rows = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for number, ids in enumerate(id_ranges(rows // PART_SIZE + 1), 1):
            yield what, number, ids


def _write(
    reader: ProjectionReader, folder: Path, part: tuple[str, int, IdRange], report: Callable[[int], None]
) -> list[ImportFile]:
    """Write the files of one part."""
    what, number, ids = part
    ontology, files = reader.scope.ontology, PartFiles(folder, f"{what}-{number:02}")
    for chunk in chunked((reader.nodes if what == NODES else reader.links)(ids), CHUNK):
        rows = node_rows(reader.connection, reader.scope, chunk) if what == NODES else link_rows(ontology, chunk)
        files.add(rows)
        report(len(chunk))
    return files.finish()


class PartFiles:
    """The files of one part: one for each kind of row, and another if a key has values of several types."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder, self._prefix = folder, prefix
        self._of: dict[tuple[str, ...], list[CsvFile]] = {}
        self._names: dict[str, int] = {}

    def add(self, rows: Iterable[GraphRow]) -> None:
        """Add rows, and write them."""
        for row in rows:
            files = self._of.setdefault(row.kind, [])
            if not any(file.add(row) for file in files):
                files.append(self._new(row.kind))
                files[-1].add(row)
        for file in self._all():
            file.flush()

    def finish(self) -> list[ImportFile]:
        """Write the headers."""
        return [file.finish() for file in self._all()]

    def _all(self) -> list[CsvFile]:
        return [file for files in self._of.values() for file in files]

    def _new(self, labels: tuple[str, ...]) -> CsvFile:
        self._names[labels[0]] = number = self._names.get(labels[0], 0) + 1
        name = f"{self._prefix}-{labels[0]}"
        return CsvFile(self._folder, name if number == 1 else f"{name}-{number}", labels)


def write_version_node(folder: Path, properties: dict[str, Any]) -> ImportFile:
    """The version node as `kg sync` writes it, without the token that identifies a Neo4j."""
    lines = CsvFile(folder, f"{NODES}-{GRAPH}", (GRAPH,))
    lines.add(GraphRow((GRAPH,), "graph", {"id": "graph", **properties, "state": COMPLETE, "token": ""}))
    return lines.finish()


def _write_in_processes(
    request: BulkFilesRequest,
    parts: list[tuple[str, int, IdRange]],
    report: Callable[[int], None],
    was_written: Callable[[], bool],
) -> list[ImportFile]:
    """Write the parts in as many processes as there are processors, all from the same graph version."""
    count = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, len(parts), MAX_PROCESSES)
    tasks = [_WorkerTask(request.store, request.scope, request.folder, tuple(parts[i::count])) for i in range(count)]
    written: list[ImportFile] = []
    with _start_workers(tasks) as channels:
        started, open_channels = 0, set(channels)
        while open_channels:
            for channel in wait(list(open_channels)):
                assert isinstance(channel, Connection)
                try:
                    message = channel.recv()
                except EOFError:
                    reason = "a process that wrote files ended early; is there enough memory?"
                    raise StoreError(reason) from None
                match message:
                    case KgError():
                        raise message
                    case "started":
                        started += 1
                        if started == count and was_written():
                            raise StoreBusy(f"{request.store} was written to when the export began; run it again")
                    case int():
                        report(message)
                    case list():
                        written += message
                        open_channels.discard(channel)
    return written


@contextmanager
def _start_workers(tasks: Sequence[_WorkerTask]) -> Iterator[list[Connection]]:
    """Start processes that report over these channels; they are terminated when the block ends."""
    context, processes, channels = get_context("spawn"), [], []
    try:
        for task in tasks:
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_run_worker, args=(task, theirs), daemon=True)
            process.start()
            theirs.close()
            processes.append(process)
            channels.append(ours)
        yield channels
    finally:
        for process in processes:
            process.terminate()
            process.join()
        for channel in channels:
            channel.close()


def _run_worker(task: _WorkerTask, channel: Connection) -> None:
    """The work of one process: it sends that it has started, then counts of rows, at last the files."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one hears it, and ends both
    gc.disable()  # rows have no cycles
    try:
        with (
            translate_errors(task.store),
            closing(connect(task.store)) as connection,
            scope_of(connection, protected=task.scope.protected),
            read_transaction(connection),
        ):
            connection.execute("SELECT max(num) FROM load").fetchone()
            channel.send("started")
            reader = ProjectionReader(connection, task.scope)
            written = [file for part in task.parts for file in _write(reader, task.folder, part, channel.send)]
        channel.send(written)
    except KgError as error:
        channel.send(error)
    except BrokenPipeError:
        return  # nobody waits for these files any more

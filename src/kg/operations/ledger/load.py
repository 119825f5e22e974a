"""Loads of files into the ledger, withdrawals, and verification."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from kg.database import translate_errors
from kg.errors import InputError, InputLocation
from kg.ledger.integrity import repair as repair_store
from kg.ledger.ledger import Ledger, raise_on_reject
from kg.ledger.loads import LoadEntry, LoadRequest, LoadResult, find_source, newest_content
from kg.ledger.loads import list_loads as ledger_loads
from kg.ledger.stage import SourceNames, StageBatch
from kg.ledger.verification import Verification
from kg.ledger.verification import verify as verify_ledger
from kg.operations.ledger import reader_processes
from kg.operations.ledger.inputs import LoadInputs, input_digest, open_inputs
from kg.operations.ledger.protection import mark_protected
from kg.operations.ledger.reader_processes import ReaderSetup, default_readers, rare_collections, read_in_processes
from kg.operations.ledger.rejects import open_rejects
from kg.operations.store.attachments import AttachmentFolder
from kg.operations.workspace import Workspace, bring_up_to_date, open_database, open_ledger, phase_progress, today
from kg.records import ReadResult, Reject
from kg.resources import data_dir
from kg.sources import Connector, ReadContext, SourceDeclaration, choose_connector, common_source
from kg.sources.files.chunks import CHUNK
from kg.sources.rows import key_problem

MAX_CASE_REFERENCE = 200
"""Longest reference of a case, in characters."""


@dataclass(frozen=True, slots=True)
class FileLoadRequest:
    """Files to load as one source's complete snapshot, or as a delta."""

    files: tuple[Path, ...]
    """Files, and folders and zip archives of them."""
    connector: str = ""
    """The connector that reads them; chosen by their names when empty."""
    source: str = ""
    """Name of the source; needed unless the files or their connector declare it."""
    namespace: str = ""
    """The source's own name unless given."""
    strict: bool = False
    """Stop at the first row or value that cannot be read, and load nothing."""
    day: str = ""
    """Day of the load, UTC; today when empty."""
    delta: bool = False
    """Whether the files, in their order, add, replace and remove rows; all other rows stay."""
    replace: bool = False
    """Whether the files may withdraw most of what the source said, or all of it under other names."""
    if_changed: bool = False
    """Whether to load nothing if the source's newest load brought the same files, read in the same way."""
    case_reference: str = ""
    """The case that the load is for; empty for none."""
    declaration: SourceDeclaration | None = None
    """The source as a list of files, such as the demo set's, declares it; as the files declare it when None."""


def load(workspace: Workspace, request: FileLoadRequest) -> LoadResult:
    """Load files as the source's snapshot, or apply them as a delta; as a whole or not at all.

    Folders and zip archives are the files in them that a connector reads. Raises InputError where a file cannot be
    read at all or declares no source, StrictReject when `strict`.
    """
    _validate_file_names(request.files)
    if len(case := request.case_reference) > MAX_CASE_REFERENCE or not case.isprintable():
        problem = f"expected one line of at most {MAX_CASE_REFERENCE} characters"
        raise InputError(problem, InputLocation(key="--case", value=case))
    with open_inputs(request.files, request.connector, workspace.progress) as given:
        inputs = given if request.delta else given.without_copies(request.connector)
        return _load_inputs(workspace, replace(request, files=inputs.files), inputs)


def _load_inputs(workspace: Workspace, request: FileLoadRequest, inputs: LoadInputs) -> LoadResult:
    source = _resolve_source(request)
    content = input_digest(inputs.files, request.connector, [source.namespace, str(request.delta)])
    if request.if_changed and content and workspace.path.exists():
        with open_ledger(workspace) as connection:
            number, newest = newest_content(connection, source.name)
        if newest == content:
            return LoadResult(source.name, day=request.day or today(), same_as=number)
    with (
        rare_collections(),
        open_database(workspace, create=True) as connection,
        open_rejects(workspace, source.name, keep_earlier=request.delta) as rejects,
    ):
        load_request = LoadRequest(
            source.name,
            source.namespace,
            source.title,
            source.invented,
            inputs.names,
            request.day or today(),
            request.delta,
            content,
            workspace.user,
            request.case_reference.strip(),
            may_replace=request.replace,
        )
        on_reject = raise_on_reject if request.strict else rejects.add
        ledger = Ledger(connection, workspace.ontology, protected=workspace.protected)

        def recover() -> None:
            rejects.recover({entry.source: entry.number for entry in ledger_loads(connection)})

        readings = _FileReadings(workspace, request, source, inputs, recover)
        result = ledger.load(load_request, readings, on_reject, phase_progress(workspace), rejects.prepare)
        result.rejects_file = rejects.commit()
        result.unread_files, result.copies = list(inputs.unread), dict(inputs.copies)
        return result


def withdraw(workspace: Workspace, source: str) -> LoadResult:
    """Withdraw everything a source said. Raises NotFound."""
    with open_database(workspace) as connection:
        return Ledger(connection, workspace.ontology, protected=workspace.protected).withdraw(
            source, today(), phase_progress(workspace), workspace.user
        )


def list_loads(workspace: Workspace, source: str = "") -> list[LoadEntry]:
    """Every load and withdrawal, oldest first; only those of one source where it is named. Raises NotFound."""
    with open_ledger(workspace) as connection:
        if source:
            find_source(connection, source)
        return [entry for entry in ledger_loads(connection) if source in ("", entry.source)]


def verify(workspace: Workspace, *, repair: bool = False) -> Verification:
    """Check the file, compare the projection with one rebuilt from the ledger, and check the attached files.

    With `repair`, the indexes and the projection are made anew first, and files that no record cites are removed.
    Raises StoreDamaged where the ledger itself is damaged so far that they cannot be made from it.
    """
    folder = AttachmentFolder(workspace.attachments_folder)
    with translate_errors(workspace.path):
        if repair:
            with open_database(workspace) as connection:
                repair_store(connection, workspace.ontology, phase_progress(workspace))
                folder.remove_uncited(connection)
        bring_up_to_date(workspace)
        found = verify_ledger(
            workspace.path, workspace.ontology, phase_progress(workspace), protected=workspace.protected
        )
        if not found.damage.is_whole:
            return found
        workspace.progress("checking attached files", 0, None)
        with open_database(workspace) as connection:
            problems = folder.problems(connection)
        told = dict.fromkeys(problem.text(protected=workspace.protected) for problem in problems)
        return replace(found, attachments=tuple(told))


def reference_load_request() -> FileLoadRequest:
    """The reference facts that came with this package."""
    folder = data_dir("graph") / "reference"
    files = tuple(choose_connector(folder / "agencies.csv").matching_files(folder))
    return FileLoadRequest(files, replace=True)  # whole, however much another version had


def _resolve_source(request: FileLoadRequest) -> SourceDeclaration:
    """The source that the files belong to. Raises InputError where none is declared, or under an invalid name."""
    source = _resolve_declaration(request)
    for key, value in (("source", source.name), ("namespace", source.namespace)):
        if problem := key_problem(value):
            raise InputError(problem, InputLocation(key=key, value=value))
    return source


def _resolve_declaration(request: FileLoadRequest) -> SourceDeclaration:
    _validate_file_names(request.files)
    declared = request.declaration or common_source(request.files, request.connector)
    if request.source:
        title, invented = (declared.title, declared.invented) if declared else (request.source, False)
        return SourceDeclaration(name=request.source, title=title, namespace=request.namespace, invented=invented)
    if declared is None:
        raise InputError("these files declare no source; name it with --source", InputLocation(str(request.files[0])))
    return declared.model_copy(update={"namespace": request.namespace or declared.namespace})


def _validate_file_names(files: Sequence[Path]) -> None:
    """Raise InputError for a file name that cannot be printed, and for a file that is given twice."""
    for path in files:
        if not key_problem(path.name or path.resolve().name):  # `.` has no name
            continue
        raise InputError("expected a file name in UTF-8 without control characters", InputLocation(ascii(str(path))))
    if twice := [path for path in files if files.count(path) > 1]:
        raise InputError("is given twice", InputLocation(str(twice[0])))


class _FileReadings:
    """What connectors read from the files of a load, each time that it is iterated."""

    def __init__(
        self,
        workspace: Workspace,
        request: FileLoadRequest,
        source: SourceDeclaration,
        inputs: LoadInputs,
        before: Callable[[], None],
    ) -> None:
        """`before` is called when they are first read."""
        self._workspace, self._request, self._source, self._inputs = workspace, request, source, inputs
        self._before: Callable[[], None] | None = before

    def __iter__(self) -> Iterator[ReadResult]:
        context, groups = self._begin()
        readings = (reading for connector, files in groups for reading in connector.read(files, context))
        return _require_rows(self._request, self._checked(readings))

    def batches(
        self, namespaces: Mapping[str, int], files: Mapping[str, int], names: SourceNames | None
    ) -> Iterator[StageBatch | ReadResult]:
        """The same, of which other processes read what is large and can be cut; the maps as in BatchedReadings."""
        context, groups = self._begin()
        found = (
            reading
            for connector, group in groups
            for reading in self._read_group(
                ReaderSetup(connector, tuple(group), context, self._inputs, names), (namespaces, files)
            )
        )
        return _require_rows(self._request, found)

    def _read_group(
        self, setup: ReaderSetup, numbers: tuple[Mapping[str, int], Mapping[str, int]]
    ) -> Iterator[StageBatch | ReadResult]:
        connector, files, context = setup.connector, setup.files, setup.context
        count = default_readers() if self._workspace.readers is None else self._workspace.readers
        size = sum(map(_file_size, files))
        is_large = size >= reader_processes.MIN_SIZE
        reader = connector.line_reader(files, context) if count and is_large else None
        if reader is None:
            yield from self._checked(connector.read(files, context))
            return
        with reader.left() as left:
            yield from read_in_processes(setup, reader, min(count, size // CHUNK + 1), numbers, left)
            yield from self._checked(left.read())

    def _checked(self, readings: Iterator[ReadResult]) -> Iterator[ReadResult]:
        shown = self._inputs.with_places_shown(readings)
        return mark_protected(
            shown,
            self._inputs.names,
            self._workspace.ontology,
            invented=self._source.invented,
            day=self._request.day or today(),
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
            self._request.day or today(),
            self._request.delta,
        )
        return context, _group_by_connector(self._request)


_Found = TypeVar("_Found", bound=StageBatch | ReadResult)


def _require_rows(request: FileLoadRequest, readings: Iterator[_Found]) -> Iterator[_Found]:
    """The same results. Raises InputError at their end if no row was read: an empty file, or one of another kind, would
    withdraw the whole source.
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

"""Loads of files into the ledger, withdrawals, and verification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kg.database import translate_errors
from kg.errors import InputError, InputLocation
from kg.ledger.integrity import repair as repair_store
from kg.ledger.ledger import Ledger, raise_on_reject
from kg.ledger.loads import LoadEntry, LoadRequest, LoadResult, find_source, newest_content, stated_in_force
from kg.ledger.loads import list_loads as ledger_loads
from kg.ledger.verification import Verification
from kg.ledger.verification import verify as verify_ledger
from kg.operations.ledger.file_readings import FileReadings
from kg.operations.ledger.inputs import FileLoadRequest, LoadInputs, input_digest, open_inputs
from kg.operations.ledger.reader_processes import rare_collections
from kg.operations.ledger.rejects import open_rejects
from kg.operations.store.attachments import AttachmentFolder
from kg.operations.workspace import Workspace, bring_up_to_date, open_database, open_ledger, phase_progress, today
from kg.resources import data_dir
from kg.sources import SourceDeclaration, choose_connector, common_source
from kg.sources.rows import key_problem

__all__ = ["FileLoadRequest", "list_loads", "load", "reference_load_request", "verify", "withdraw"]

MAX_CASE_REFERENCE = 200
"""Longest reference of a case, in characters."""


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
        return _load_inputs(workspace, replace(request, files=inputs.files, day=request.day or today()), inputs)


def _load_inputs(workspace: Workspace, request: FileLoadRequest, inputs: LoadInputs) -> LoadResult:
    source = _resolve_source(request)
    content = input_digest(inputs.files, request.connector, [source.namespace, str(request.delta), request.reverse])
    if request.if_changed and content and workspace.path.exists():
        with open_ledger(workspace) as connection:
            number, newest = newest_content(connection, source.name)
        if newest == content:
            return LoadResult(source.name, day=request.day, same_as=number)
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
            request.day,
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

        def stated(key: str) -> str:
            return stated_in_force(connection, source.name, key, protected=workspace.protected)

        readings = FileReadings(workspace, request, source, inputs, recover, stated)
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

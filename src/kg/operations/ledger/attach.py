"""Attach a file to a node or a link: keep it, and record who says that it shows something."""

from __future__ import annotations

import hashlib
import mimetypes
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from kg.database.scopes import scope
from kg.errors import InputError, InputLocation, KgError
from kg.identity import format_ref
from kg.ledger.judgements import choose_name
from kg.ledger.ledger import Ledger, raise_on_reject
from kg.ledger.loads import LoadRequest, LoadResult
from kg.ontology.handling import PROTECTED
from kg.ontology.model import HANDLINGS
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.operations.store.attachments import (
    DOCUMENT_TYPE,
    DOCUMENTS_NAMESPACE,
    AttachmentFolder,
    StagedFile,
    open_regular_file,
)
from kg.operations.workspace import Workspace, open_database, open_sqlite_store, phase_progress, today
from kg.records import CREDIBILITIES, DOCUMENTS, NO_PROVENANCE, RELIABILITIES, Provenance, Record, Ref, node_id
from kg.sources.rows import MAX_KEY, key_problem
from kg.stores.sqlite.store import SqliteStore

SOURCE = "attachments"
"""The source of what is attached, unless another is named."""

PROTECTED_SOURCE = "attachments-protected"
"""The same for what only the protected scope may see: then nobody else knows of the source either."""


UNKNOWN_MEDIA_TYPE = "application/octet-stream"

_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")

_TEXTS = {"origin": "text", "page": "text", "stated": "date", "url": "url"}
"""The value types of what a provenance states in words."""

_MEDIA_TYPES = mimetypes.MimeTypes(filenames=())
"""The types that Python knows, and not those that this machine adds."""


@dataclass(frozen=True, slots=True)
class AttachRequest:
    """A file, what it shows, and who says so."""

    file: Path
    to: str
    """A node as `Store.resolve` takes it, or the id of a link."""
    source: str = ""
    """SOURCE, or PROTECTED_SOURCE, when empty."""
    title: str = ""
    """The file's name when empty."""
    media_type: str = ""
    """By the ending of the file's name when empty."""
    provenance: Provenance = NO_PROVENANCE
    """The page too. Without a handling code other than open, that of what it is attached to."""
    day: str = ""
    """Day of the load, UTC; today when empty."""
    invented: bool = False
    """Whether a new source that says so states nothing about the real world."""


@dataclass(frozen=True, slots=True)
class AttachResult:
    """What was attached to what."""

    document: str
    """Id of the document's node."""
    to: tuple[str, ...]
    """Ids of the nodes that it shows something about: one, or both ends of a link."""
    source: str
    sha256: str
    size: int
    media_type: str
    is_new_file: bool
    """False where the same bytes were kept already."""
    changed: int
    """Records that were added or changed; 0 where all of this was recorded before."""


@dataclass(frozen=True, slots=True)
class _Target:
    nodes: tuple[str, ...]
    about: str
    """Id of a link; empty for a node."""
    protected: bool


def attach(workspace: Workspace, request: AttachRequest) -> AttachResult:
    """Keep a copy of a file beside the store, and record that it documents a node, or the two ends of a link.

    Copy and record come together or not at all. A file that is attached twice is kept once. Raises NotFound and
    InputError for what it is attached to, InputError for what is no file and for a source of another kind.
    """
    _validate(request)
    request = _cleaned(request)
    with open_sqlite_store(workspace) as store:
        target = _resolve(store, request.to)
    if target.protected and request.provenance.handling != PROTECTED:
        request = replace(request, provenance=replace(request.provenance, handling=PROTECTED))
    if not request.source:
        is_protected = request.provenance.handling == PROTECTED
        request = replace(request, source=PROTECTED_SOURCE if is_protected else SOURCE)
    folder = AttachmentFolder(workspace.attachments_folder)
    with (
        open_regular_file(request.file) as file,
        folder.stage(file, str(request.file)) as staged,
        open_database(workspace, create=True) as connection,
    ):
        _require_own_namespace(connection, request.source)
        with scope(connection, protected=workspace.protected):
            names = [choose_name(connection, node, request.to) for node in target.nodes]
            known = _known_document(connection, request.source, staged.sha256)
        document = _document(request, staged, known)
        result, is_new = _record(
            workspace, request, folder, staged, connection, [document, *_links(request, staged, names, target.about)]
        )
    return AttachResult(
        node_id(DOCUMENTS_NAMESPACE, staged.sha256),
        target.nodes,
        request.source,
        staged.sha256,
        staged.size,
        document.properties["media_type"][0],
        is_new,
        result.total_changed,
    )


def _record(
    workspace: Workspace,
    request: AttachRequest,
    folder: AttachmentFolder,
    staged: StagedFile,
    connection: sqlite3.Connection,
    records: list[Record],
) -> tuple[LoadResult, bool]:
    """Publish the file within the transaction of the load, so that both happen or neither."""
    kept: list[bool] = []
    title = "Attached files" if request.source in (SOURCE, PROTECTED_SOURCE) else request.source
    day = request.day or today()
    load = LoadRequest(
        request.source,
        DOCUMENTS_NAMESPACE,
        title,
        request.invented,
        (request.file.name,),
        day,
        delta=True,
        user=workspace.user,
    )
    ledger = Ledger(connection, workspace.ontology, protected=True)

    def keep(_load: int) -> None:
        kept.append(folder.keep(staged))

    try:
        result = ledger.load(load, records, raise_on_reject, phase_progress(workspace), keep)
    except BaseException:
        if kept == [True]:
            with suppress(KgError):
                folder.remove_uncited(connection)
        raise
    return result, kept == [True]


def _validate(request: AttachRequest) -> None:
    if key_problem(request.file.name):
        raise InputError(
            "expected a file name in UTF-8 without control characters", InputLocation(ascii(str(request.file)))
        )
    if request.source and (problem := key_problem(request.source)):
        raise InputError(problem, InputLocation(key="--source", value=request.source))
    for option, value, known in (
        ("--reliability", request.provenance.reliability, RELIABILITIES),
        ("--credibility", request.provenance.credibility, CREDIBILITIES),
        ("--handling", request.provenance.handling, HANDLINGS),
    ):
        if value and value not in known:
            raise InputError(f"expected one of {', '.join(known)}", InputLocation(key=option, value=value))
    if request.media_type and not _MEDIA_TYPE.fullmatch(request.media_type):
        raise InputError(
            "expected a media type such as application/pdf", InputLocation(key="--media-type", value=request.media_type)
        )


def _cleaned(request: AttachRequest) -> AttachRequest:
    """The request with canonical values, and a title. Raises InputError for one that has none."""
    said = request.provenance
    texts: dict[str, Any] = {name: _clean(f"--{name}", getattr(said, name), kind) for name, kind in _TEXTS.items()}
    return replace(request, title=_clean("--title", request.title, "name"), provenance=replace(said, **texts))


def _clean(option: str, value: str, kind: str) -> str:
    try:
        return VALUE_TYPES[kind].clean(value) if value else ""
    except BadValue as error:
        raise InputError(str(error), InputLocation(key=option, value=value)) from None


def _guess_media_type(file_name: str) -> str:
    found, packed = _MEDIA_TYPES.guess_type(file_name)
    return (
        f"application/{packed}"
        if packed in ("gzip", "zstd")
        else UNKNOWN_MEDIA_TYPE
        if packed
        else found or UNKNOWN_MEDIA_TYPE
    )


def _resolve(store: SqliteStore, name: str) -> _Target:
    """The node or link that a file is attached to."""
    if found := store.links_by_id([name]).get(name):
        ends = (found.source_id, found.target_id)
        return _Target(tuple(dict.fromkeys(ends)), name, found.protected)
    node = store.resolve(name)
    return _Target((node,), "", store.nodes([node])[node].protected)


def _require_own_namespace(connection: sqlite3.Connection, source: str) -> None:
    """Raise InputError for a source that is loaded from files: its next load would take the attachment back."""
    query = "SELECT n.name FROM main.source s JOIN main.namespace n ON n.num = s.namespace WHERE s.name = ?"
    row = connection.execute(query, (source,)).fetchone()
    if row and row[0] != DOCUMENTS_NAMESPACE:
        advice = f"name another source, such as {source}-documents"
        problem = f"is loaded from files, and its next load would take the attachment back; {advice}"
        raise InputError(problem, InputLocation(key="--source", value=source))


def _known_document(connection: sqlite3.Connection, source: str, digest: str) -> dict[str, Any]:
    """What a source said of these bytes when it attached them before, as far as the scope sees it; else empty."""
    query = """SELECT r.body FROM record r JOIN source s ON s.num = r.source
        WHERE s.name = ? AND r.key = ? AND r.part = '' AND r.until IS NULL"""
    row = connection.execute(query, (source, digest)).fetchone()
    return dict(orjson.loads(row[0])) if row else {}


def _document(request: AttachRequest, staged: StagedFile, known: Mapping[str, Any]) -> Record:
    """The record of the document. What an earlier attachment said of it stays, unless the request says otherwise."""
    given = replace(request.provenance, page="")
    before = Provenance.from_json(known.get("said", {}))
    if before.handling == PROTECTED != given.handling:
        problem = "has attached this file as protected; attach it with --handling protected, or under another source"
        raise InputError(problem, InputLocation(key="--source", value=request.source))
    file_name = _clean("FILE", request.file.name, "text")
    properties = {
        "name": [file_name.rpartition(".")[0] or file_name],
        "file_name": [file_name],
        "media_type": [_guess_media_type(file_name)],
        **known.get("properties", {}),
        **({"name": [request.title]} if request.title else {}),
        **({"media_type": [request.media_type]} if request.media_type else {}),
        "sha256": [staged.sha256],
        "size": [str(staged.size)],
    }
    says_nothing = given == replace(NO_PROVENANCE, handling=given.handling)
    said = before if known and says_nothing else replace(given, handling=before.handling if known else given.handling)
    return Record(staged.sha256, DOCUMENT_TYPE, properties, provenance=said)


def _links(request: AttachRequest, staged: StagedFile, names: Sequence[Ref], about: str) -> Iterator[Record]:
    """A link from the document to each node; the same file, page and node make the same link again."""
    page = request.provenance.page
    properties = {"page": [page] if page else [], "about": [about] if about else []}
    for name in names:
        key = " ".join(filter(None, (staged.sha256, format_ref(name), page and f"page {page}", about)))
        if len(key) > MAX_KEY:
            key = f"{staged.sha256} {hashlib.sha256(key.encode()).hexdigest()}"
        ends = (Ref(DOCUMENTS_NAMESPACE, staged.sha256), name)
        yield Record(key, DOCUMENTS, properties, ends=ends, provenance=request.provenance)

"""Make an ordinary store of a piece of a lake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from kg.database import (
    OPEN_STATUS_DAY,
    PIECE,
    STATUS_DAY,
    connect,
    set_meta,
    translate_errors,
    write_transaction,
)
from kg.errors import InputError, StoreError
from kg.files import publish
from kg.ledger.judgements import insert_judgement
from kg.ledger.ledger import Ledger
from kg.ledger.loads import LoadRequest
from kg.operations.lake.attachments import lake_files
from kg.operations.lake.project import EngineOptions, open_run
from kg.operations.store.attachments import AttachmentFolder
from kg.operations.store.backup import cited_in, partial_store
from kg.operations.workspace import Workspace, attachments_folder
from kg.records import NOT_UNDERSTOOD, Judgement, Provenance, ReadResult, Record, Ref, Reject, UnreadValue

if TYPE_CHECKING:
    from kg.lake.engines import Engine
    from kg.lake.events import Lake
    from kg.lake.graph import LakeGraph
    from kg.lake.piece import Piece


@dataclass(frozen=True, slots=True)
class PullRequest:
    """Which piece of a lake, and where to."""

    lake: Path
    target: Path
    """The SQLite file, which is not there yet."""
    names: tuple[str, ...]
    """Ids, `namespace:key` or whole names."""
    depth: int = 1
    """How many links away from them a node may be."""


@dataclass(frozen=True, slots=True)
class PullResult:
    """What a piece has, and what was cut off at its edge."""

    target: str
    lake: str
    load: int
    starts: tuple[str, ...]
    """The ids of the nodes around which it is."""
    depth: int
    nodes: int
    records: int
    judgements: int
    attachments: int
    """Files that are attached to what the piece has."""
    missing: tuple[str, ...]
    """Those of them that the lake lacks."""
    cut_links: int
    """Links that lead out of the piece, and are not in it."""
    cut_nodes: int
    """Nodes of the piece that have such links."""
    cut_types: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return asdict(self)


def pull(workspace: Workspace, request: PullRequest, options: EngineOptions) -> PullResult:
    """Make a store of the nodes near some, with all their records, where every command works.

    Raises NotFound and InputError for a name, InputError for a piece that is too large, StoreError for a target that
    exists.
    """
    from kg.lake.events import Lake
    from kg.lake.graph import find_graph, read_graph
    from kg.lake.piece import find_nodes, select_piece
    from kg.lake.projection import in_force

    if request.target.exists():
        raise StoreError(f"{request.target} is there already; expected a new file")
    if not request.names:
        raise InputError("which piece? expected ids or names, or --around ID DEPTH")
    lake, graph = Lake(request.lake), find_graph(request.lake)
    with open_run(lake, options, graph.load) as engine:
        in_force(engine, lake, graph.load)
        read_graph(engine, request.lake, graph)
        starts = find_nodes(engine, request.names, protected=workspace.protected)
        piece = select_piece(
            engine,
            workspace.ontology,
            starts,
            request.depth,
            graph.day(protected=workspace.protected),
            protected=workspace.protected,
            progress=lambda phase: workspace.progress(phase, 0, None),
        )
        described = _described(request, graph, piece, protected=workspace.protected)
        written = write_piece(workspace, request.target, engine, lake, graph, described)
    return PullResult(
        str(request.target),
        str(request.lake),
        graph.load,
        tuple(sorted(starts)),
        request.depth,
        len(piece.nodes),
        written.records,
        written.judgements,
        written.attachments,
        written.missing,
        sum(piece.cut.values()),
        len(piece.cut),
        dict(sorted(piece.cut_types.items())),
    )


class WrittenPiece(NamedTuple):
    """What the store of a piece has, and the attached files that it lacks, in words."""

    records: int
    judgements: int
    attachments: int
    missing: tuple[str, ...]


def write_piece(  # noqa: PLR0913  # everything that a store is made of
    workspace: Workspace,
    path: Path,
    engine: Engine,
    lake: Lake,
    graph: LakeGraph,
    described: Mapping[str, Any],
    *,
    has_files: bool = True,
) -> WrittenPiece:
    """Make a new store of the nodes of the view `member`, by default with the files attached to them.

    `described` is what the store says of itself. Raises StoreError.
    """
    from kg.lake.piece import member_names, piece_records, piece_remarks

    records = list(piece_records(engine, protected=workspace.protected))
    remarks = piece_remarks(engine, protected=workspace.protected)
    names = {Ref(*name) for name in member_names(engine)}
    loads = _loads(lake, graph.load, records, remarks)
    with translate_errors(path), partial_store(path) as partial:
        judgements = _write_store(workspace, partial, lake, graph, loads, names, described)
        folder, cited = AttachmentFolder(attachments_folder(path)), cited_in(partial) if has_files else {}
        missing = folder.add_missing(lake_files(lake.folder), cited)
        publish(partial, path)
    told = tuple(problem.text(protected=workspace.protected) for problem in missing)
    return WrittenPiece(len(records), judgements, len(cited) - len(missing), told)


def _described(request: PullRequest, graph: LakeGraph, piece: Piece, *, protected: bool) -> dict[str, Any]:
    """What the store says of itself."""
    cut = {"nodes": len(piece.cut), "links": sum(piece.cut.values()), "protected": protected}
    return {"lake": str(request.lake.absolute()), "load": graph.load, "depth": request.depth, "cut": cut}


def _write_store(  # noqa: PLR0913  # everything that a store is made of
    workspace: Workspace,
    path: Path,
    lake: Lake,
    graph: LakeGraph,
    loads: Iterable[tuple[tuple[int, LoadRequest], list[ReadResult]]],
    names: set[Ref],
    described: Mapping[str, Any],
) -> int:
    """Fill a new store with what loads brought; returns how many judgements it has."""
    with closing(connect(path, create=True)) as connection:
        with write_transaction(connection):
            set_meta(connection, STATUS_DAY, graph.protected_day)
            set_meta(connection, OPEN_STATUS_DAY, graph.open_day)
            set_meta(connection, PIECE, orjson.dumps(described).decode())
            found = list(_judgements(lake, graph.load, names, protected=workspace.protected))
            for judgement, is_protected in found:
                insert_judgement(connection, judgement, protected=is_protected)
        ledger = Ledger(connection, workspace.ontology, protected=True)
        for request, rows in loads:
            workspace.progress("loading the piece", request[0], None)
            ledger.load(request[1], rows)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return len(found)


def _loads(
    lake: Lake,
    load: int,
    records: Iterable[Mapping[str, Any]],
    remarks: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]],
) -> Iterator[tuple[tuple[int, LoadRequest], list[ReadResult]]]:
    """The records by load, in the order of the loads, and what was noted of them.

    A row of which parts came later comes with the last of them.
    """
    sources, details = lake.sources(), {(entry.source, entry.number): entry for entry in lake.loads(load)}
    by_load: dict[tuple[int, str], list[ReadResult]] = {}
    for (source, key), rows in groupby(
        sorted(records, key=lambda row: (row["source"], row["key"])), key=lambda row: (row["source"], row["key"])
    ):
        row_records = list(rows)
        last = max(row["load"] for row in row_records)
        of_load = by_load.setdefault((last, source), [])
        of_load += map(record_of_row, row_records)
        of_load += map(_remark_of_row, remarks.get((source, key), ()))
    begun = set[str]()
    for (number, source), found in sorted(by_load.items()):
        about, entry = sources[source], details[source, number]
        request = LoadRequest(
            *(source, about.namespace, about.title, about.invented, tuple(entry.details["files"]), entry.day),
            delta=source in begun,
            user=entry.details["user"],
            case_reference=entry.details["case_reference"],
        )
        begun.add(source)
        yield (number, request), found


def _remark_of_row(row: Mapping[str, Any]) -> Reject:
    """A remark on a record, as it was made when that was loaded; its row is not kept."""
    of_row = row["file"], row["line"], row["body"], ""
    return Reject(*of_row, whole=False, protected=row["protected"], is_advice=True, about=row["key"])


def record_of_row(row: Mapping[str, Any]) -> Record:
    """A record as its source's reader made it."""
    body = orjson.loads(row["body"])
    ends = None
    if row["from_key"] is not None:
        ends = Ref(row["from_ns"], row["from_key"]), Ref(row["to_ns"], row["to_key"])
    return Record(
        row["key"],
        row["type"],
        body.get("properties", {}),
        part=row["part"],
        ends=ends,
        other=body.get("other", {}),
        referents=tuple(body.get("referents", ())),
        provenance=Provenance.from_json(body.get("said", {})),
        not_understood=tuple(UnreadValue(*value) for value in body.get(NOT_UNDERSTOOD, ())),
    )


def _judgements(lake: Lake, load: int, names: set[Ref], *, protected: bool) -> Iterator[tuple[Judgement, bool]]:
    """The judgements about two names of the piece that stand, and whether only the protected scope sees them."""
    columns = {field.name for field in fields(Judgement)} - {"one", "other"}
    for body in lake.judgements(load):
        one, other = Ref(body["one_ns"], body["one_key"]), Ref(body["other_ns"], body["other_key"])
        is_hidden = body["seen"] is None
        if {one, other} <= names and not body["undone"] and (protected or not is_hidden):
            rest = {name: value for name, value in body.items() if name in columns}
            yield Judgement(one=one, other=other, **rest), is_hidden

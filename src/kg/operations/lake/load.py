"""Load files into a lake, by the readers that load them into a SQLite file."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import InputError
from kg.ledger.loads import (
    STORED_RECORD,
    EarlierLoad,
    LoadResult,
    PaymentTurnover,
    ReplacedLoad,
    StoredRecord,
    find_replaced,
)
from kg.operations.lake.export import export_lake
from kg.operations.lake.project import EngineOptions, open_run
from kg.operations.lake.withdraw import went_events
from kg.operations.ledger.load import FileLoadRequest, load
from kg.operations.ledger.rejects import rejects_path
from kg.operations.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

    from kg.lake.engines import Engine
    from kg.lake.events import Commit, Lake, LakeLoad, LakeSource

_SAME = "r.source = n.source AND r.key = n.key AND r.part = n.part"
_CAME = f"""SELECT n.* FROM said n LEFT JOIN record r ON {_SAME}
    WHERE n.came AND (r.digest IS NULL OR r.digest <> n.digest)"""
_WENT = f"""SELECT r.key, r.part, r.protected FROM record r LEFT JOIN said n ON {_SAME}
    WHERE r.source = {{source}} AND n.key IS NULL"""
_OLD_PAYMENTS = f"""SELECT count(*) AS every, count(n.key) AS stay FROM record r LEFT JOIN said n ON {_SAME}
    WHERE r.source = {{source}} AND r.type IN ({{types}}) AND (NOT r.protected OR {{protected}})"""
_OLD_RECORDS = f"""SELECT {STORED_RECORD} FROM record r LEFT JOIN said n ON {_SAME}
    WHERE r.source = {{source}} AND n.key IS NULL AND (NOT r.protected OR {{protected}})"""
_NEW_PAYMENTS = f"""SELECT {STORED_RECORD} FROM said r LEFT JOIN record n ON {_SAME}
    WHERE n.key IS NULL AND r.type IN ({{types}}) AND (NOT r.protected OR {{protected}})"""
_COUNTS = f"""SELECT count(*) AS every, sum(CASE WHEN r.digest IS NULL THEN 1 ELSE 0 END) AS added,
    sum(CASE WHEN r.digest <> n.digest THEN 1 ELSE 0 END) AS changed FROM said n LEFT JOIN record r ON {_SAME}"""


class LakeLoadResult(NamedTuple):
    """What a load into a lake did."""

    result: LoadResult
    """As of a load into a SQLite file; unresolved links are counted when the graph is made."""
    load: int
    """The number of the load."""
    version: int
    """The version of the lake's table."""


def load_into_lake(workspace: Workspace, folder: Path, request: FileLoadRequest) -> LakeLoadResult:
    """Load files as a source's snapshot into a lake, which is made when absent; as a whole or not at all.

    They are read, and repeated rows told apart, in a store of their own, which is gone afterwards; only what came and
    went is written. Raises InputError for a delta, for files that cannot be read and for those that would replace all
    that the source says, StoreBusy where somebody else wrote to the same source meanwhile.
    """
    from kg.lake.events import Commit, Lake, open_or_create
    from kg.lake.graph import scratch_folder

    if request.delta:
        raise InputError("a lake takes snapshots; leave --delta out")
    lake = open_or_create(folder)
    is_whole = lake.status().get("scope", "protected" if workspace.protected else "open") == "protected"
    with scratch_folder(folder) as scratch:
        reading = replace(workspace, path=scratch / "read.sqlite", neo4j=None, view_cache=None)
        result = load(reading, request)
        export_lake(replace(reading, protected=True), str(scratch / "said"), protected=is_whole)
        said = Lake(scratch / "said")
        commit = Commit(lake, [result.source])
        with open_run(lake, EngineOptions(), lake.last_load()) as engine:
            changes = _find_changes(engine, lake, said, result.source)
            payments = _payment_turnover(engine, result.source, workspace)
            result.replaced = _count_changes(lake, changes, result, payments, request, protected=workspace.protected)
            _write_changes(commit, changes)
            _write_remarks(commit, changes, said)
        commit.write_events(list(_events(lake, said, changes, is_whole=is_whole)))
        version = commit.finish().version
        result.rejects_file = _keep_rejects(folder, result)
    return LakeLoadResult(result, changes.load, version)


class _Changes(NamedTuple):
    """What a load of a source changes."""

    source: str
    namespace: str
    load: int
    """The number that it gets."""
    came: pa.Table
    went: pa.Table
    details: dict[str, Any]
    """What the columns of the load are to be."""


def _find_changes(engine: Engine, lake: Lake, said: Lake, source: str) -> _Changes:
    from kg.lake.engines import sql_text
    from kg.lake.projection import in_force
    from kg.lake.tables import EVENT_FIELDS, RECORD

    about = said.sources().get(source)
    namespace = about.namespace if about else ""
    _check_namespace(lake, source, namespace)
    last = lake.last_load()
    in_force(engine, lake, last)
    engine.read("said", said.files(RECORD), EVENT_FIELDS)
    came, went = engine.rows(_CAME), engine.rows(_WENT.format(source=sql_text(source)))
    entry = _only_load(said)
    details = dict(entry.details) if entry else {}
    for prefix, condition in (("", ""), ("open_", " WHERE NOT n.protected")):
        (counts,) = engine.rows(_COUNTS + condition).to_pylist()
        added, changed = (int(counts[name] or 0) for name in ("added", "changed"))
        gone = went.num_rows - (sum(went["protected"].to_pylist()) if prefix else 0)
        details |= {f"{prefix}added": added, f"{prefix}changed": changed, f"{prefix}withdrawn": gone}
        details[f"{prefix}unchanged"] = counts["every"] - added - changed
    return _Changes(source, namespace, last + 1, came, went, details)


def _payment_turnover(engine: Engine, source: str, workspace: Workspace) -> PaymentTurnover:
    """What came and went of the payments of the source, as a scope sees it."""
    from kg.lake.engines import sql_text

    types = ", ".join(map(sql_text, sorted(workspace.ontology.with_trait("payment"))))
    values = {"source": sql_text(source), "types": types, "protected": str(workspace.protected)}
    (old,) = engine.rows(_OLD_PAYMENTS.format(**values)).to_pylist()
    came, went = (
        [StoredRecord(**row) for row in engine.rows(query.format(**values)).to_pylist()]
        for query in (_NEW_PAYMENTS, _OLD_RECORDS)
    )
    return PaymentTurnover(old["every"] - old["stay"], old["stay"], len(came)).without_again(went, came)


def _count_changes(
    lake: Lake,
    changes: _Changes,
    result: LoadResult,
    payments: PaymentTurnover,
    request: FileLoadRequest,
    *,
    protected: bool,
) -> ReplacedLoad | None:
    """Give the result of reading what came and went in the lake, as a scope sees it; returns what was replaced.

    Raises InputError.
    """
    prefix = "" if protected else "open_"
    for name in ("added", "changed", "unchanged", "withdrawn"):
        setattr(result, name, changes.details[prefix + name])
    result.waiting = result.waiting_for_reference = 0
    earlier = [
        EarlierLoad(entry.number if protected else entry.details["seen"], tuple(entry.details["files"]))
        for entry in reversed(lake.loads())
        if entry.source == changes.source and entry.kind != "withdrawal" and (protected or entry.details["seen"])
    ]
    return find_replaced(result, changes.details.get("files", ()), earlier, payments, may_replace=request.replace)


def _write_changes(commit: Commit, changes: _Changes) -> None:
    from kg.lake.tables import RECORD

    source, load = changes.source, changes.load
    if changes.came.num_rows:
        commit.write(RECORD, _numbered(changes.came, load, commit.moment), source)
    if changes.went.num_rows:
        shared = {"source": source, "namespace": changes.namespace, "load": load, "moment": commit.moment}
        commit.write(RECORD, went_events(changes.went, shared), source)


def _write_remarks(commit: Commit, changes: _Changes, said: Lake) -> None:
    import pyarrow.parquet as pq

    from kg.lake.tables import EVENT_FIELDS, REMARK

    for file in said.files(REMARK):
        noted = pq.read_table(file, schema=EVENT_FIELDS, partitioning=None)
        commit.write(REMARK, _numbered(noted, changes.load, commit.moment), changes.source)


def _check_namespace(lake: Lake, source: str, namespace: str) -> None:
    known = lake.sources().get(source)
    if known and namespace and known.namespace != namespace:
        raise InputError(f"{source} has the namespace {known.namespace!r}, not {namespace!r}; withdraw it first")


def _only_load(said: Lake) -> LakeLoad | None:
    """The load of what was read; None where only the protected scope sees it, and the lake is of open facts."""
    return next(iter(said.loads()), None)


def _events(lake: Lake, said: Lake, changes: _Changes, *, is_whole: bool) -> Iterator[dict[str, Any]]:
    from kg.lake.events import event
    from kg.lake.tables import LOAD, SOURCE, STATUS

    source, number = changes.source, changes.load
    about = said.sources().get(source)
    if about is None:
        raise InputError(f"{source} has protected facts alone, and this lake has none; nothing was loaded")
    known = lake.sources().get(source)
    if known != about:
        yield event(SOURCE, source, source, number, _about(about), about.namespace)
    seen = max((entry.details["seen"] or 0 for entry in lake.loads()), default=0) + 1
    yield event(LOAD, source, str(number), number, {**changes.details, "seen": None if about.protected else seen})
    if not lake.status():
        yield event(STATUS, "", "ledger", number, f"lake {uuid.uuid4()}")
        yield event(STATUS, "", "scope", number, "protected" if is_whole else "open")
    yield event(STATUS, "", "own", number, number)


def _about(source: LakeSource) -> dict[str, Any]:
    return {"title": source.title, "invented": source.invented, "protected": source.protected}


def _numbered(table: pa.Table, load: int, moment: int) -> Iterator[pa.RecordBatch]:
    """Events with the number of their load."""
    import pyarrow as pa

    from kg.lake.tables import EVENT_FIELDS

    for batch in table.select(EVENT_FIELDS.names).cast(EVENT_FIELDS).to_batches(max_chunksize=20_000):
        arrays = dict(zip(EVENT_FIELDS.names, batch.columns, strict=True))
        arrays |= {name: pa.array([value] * len(batch)) for name, value in (("load", load), ("moment", moment))}
        yield pa.RecordBatch.from_arrays(list(arrays.values()), schema=EVENT_FIELDS)


def _keep_rejects(folder: Path, result: LoadResult) -> str:
    """Put the rejects of a load in the place of its source's earlier ones; returns where they are, if there are any."""
    from kg.files import rename
    from kg.lake.events import REJECTS_FOLDER

    kept = rejects_path(folder / REJECTS_FOLDER, result.source)
    if not result.rejects_file:
        kept.unlink(missing_ok=True)
        return ""
    kept.parent.mkdir(exist_ok=True)
    rename(Path(result.rejects_file), kept)
    return str(kept)

"""Withdraw a source from a lake, and erase it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import expect_source
from kg.operations.lake.attachments import cited_in_lake, lake_files
from kg.operations.lake.project import EngineOptions, open_run
from kg.operations.ledger.rejects import overwrite_rejects

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class LakeWithdrawal:
    """What was withdrawn from a lake, and what an erasure removed."""

    source: str
    load: int
    """The number of the withdrawal; 0 where nothing of the source was in force."""
    withdrawn: int
    version: int
    erased_files: int = 0
    rewritten_files: int = 0
    judgements: int = 0
    attachments: int = 0
    """Attached files that nothing else cites."""
    checked_files: int = 0
    """How many files were read to see that nothing of the source is left."""


def withdraw_from_lake(folder: Path, source: str, day: str, user: str = "") -> LakeWithdrawal:
    """End every record of a source in a lake: the graph is then as if it had never been loaded. Raises NotFound."""
    from kg.lake.events import Commit, Lake, event
    from kg.lake.projection import in_force
    from kg.lake.tables import LOAD, STATUS

    lake = Lake(folder)
    expect_source(source, lake.sources())
    about, number = lake.sources()[source], lake.last_load() + 1
    counts = {"all": 0, "open": 0}

    commit = Commit(lake, [source])
    with open_run(lake, EngineOptions(), lake.last_load()) as engine:
        in_force(engine, lake, lake.last_load())
        quoted = source.replace("'", "''")
        table = engine.rows(f"SELECT key, part, protected FROM record WHERE source = '{quoted}'")
    if not table.num_rows:
        return LakeWithdrawal(source, 0, 0, lake.version)
    counts["all"] = table.num_rows
    counts["open"] = table.num_rows - sum(table["protected"].to_pylist())
    shared = {"source": source, "namespace": about.namespace, "load": number, "moment": commit.moment}
    commit.write("record", went_events(table, shared), source)
    seen = None if about.protected else max((e.details["seen"] or 0 for e in lake.loads()), default=0) + 1
    details = {
        **_no_counts(),
        "kind": "withdrawal",
        "day": day,
        "files": [],
        "withdrawn": counts["all"],
        "open_withdrawn": counts["open"],
        "digest": format(0, "064x"),
        "open_digest": format(0, "064x"),
        "seen": seen,
        "user": user,
    }
    own = event(STATUS, "", "own", number, number)  # what no export knows
    commit.write_events([event(LOAD, source, str(number), number, details), own])
    return LakeWithdrawal(source, number, counts["all"], commit.finish().version)


def _no_counts() -> dict[str, Any]:
    """The columns of a load that brought nothing."""
    names = ("added", "changed", "unchanged", "withdrawn", "rejected", "set_aside", "links")
    counts = {f"{prefix}{name}": 0 for prefix in ("", "open_") for name in names}
    return {**counts, "content": "", "case_reference": "", "user": ""}


def went_events(table: pa.Table, shared: Mapping[str, Any]) -> Iterator[pa.RecordBatch]:
    """Events of records (key, part, protected) that went, which share their source, load and moment."""
    import pyarrow as pa

    from kg.lake.tables import EVENT_FIELDS

    for batch in table.to_batches(max_chunksize=20_000):
        rows = [{**shared, "came": False, **row} for row in batch.to_pylist()]
        yield pa.RecordBatch.from_pylist(rows, schema=EVENT_FIELDS)


def erase_from_lake(folder: Path, source: str) -> LakeWithdrawal:
    """Remove every event of a source from the files and the log of a lake, and every graph made of them.

    Files that hold nothing else are removed, others are rewritten; attached files that nothing else cites and the rows
    that its loads rejected go too. Then every file that is left is read, to prove it.
    Nobody else may write to the lake meanwhile. Earlier versions of the table are gone, earlier loads are not.
    Raises NotFound, and StoreError if something of the source is left.
    """
    from kg.lake.erasure import erase_source, prove_erased
    from kg.lake.events import REJECTS_FOLDER, Lake
    from kg.lake.graph import projection_lock, remove_graphs

    lake = Lake(folder)
    expect_source(source, lake.sources())
    with projection_lock(folder):
        remove_graphs(folder)
        erased, left = erase_source(lake, source), Lake(folder)
        cited = cited_in_lake(left)
        attachments = lake_files(folder).overwrite_uncited(cited)
        overwrite_rejects(folder / REJECTS_FOLDER, source)
        checked = prove_erased(folder, source, cited)
    files = erased.removed, erased.rewritten, erased.judgements, len(attachments), checked
    return LakeWithdrawal(source, 0, 0, left.version, *files)

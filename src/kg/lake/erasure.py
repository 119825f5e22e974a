"""Remove a source from the files and the log of a lake, and prove it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kg.errors import StoreError
from kg.files import overwrite_and_remove
from kg.lake.events import ATTACHED_FOLDER, LEDGER_FOLDER, Commit, Lake
from kg.lake.tables import EVENT_FIELDS, JUDGEMENT, KIND, KINDS, LOAD, RECORD, REMARK, SOURCE

_LOG = "_delta_log"


@dataclass(frozen=True, slots=True)
class ErasedSource:
    """What an erasure did, in files and judgements."""

    removed: int
    rewritten: int
    judgements: int


def erase_source(lake: Lake, source: str) -> ErasedSource:
    """Remove the events of a source, and judgements about names that only it used. Raises StoreError."""
    root = lake.folder / LEDGER_FOLDER
    namespace = lake.sources()[source].namespace
    commit = Commit(lake, ["", *lake.sources()])
    removed, rewritten = list[str](), 0
    for kind in (RECORD, REMARK, LOAD, SOURCE):
        for path in lake.files(kind):
            rest = _without(path, source)
            if rest is None:
                continue
            removed.append(str(Path(path).relative_to(root)))
            if rest.num_rows:
                commit.write(kind, rest.to_batches(), "")
                rewritten += 1
    gone, hidden = _unused_judgements(lake, source, namespace)
    judgements = 0
    for path in lake.files(JUDGEMENT):
        table = pq.read_table(path, schema=EVENT_FIELDS, partitioning=None)
        rows = table.to_pylist()
        kept = [_hidden(row) if row["key"] in hidden else row for row in rows if row["key"] not in gone]
        if kept != rows:
            judgements = len(gone)
            removed.append(str(Path(path).relative_to(root)))
            if kept:
                commit.write(JUDGEMENT, [pa.RecordBatch.from_pylist(kept, schema=EVENT_FIELDS)])
                rewritten += 1
    if removed:
        commit.finish(removed)
    newest = Lake(lake.folder)
    live = {path for kind in KINDS for path in newest.files(kind)}
    for file in root.glob(f"{KIND}=*/*"):
        if str(file) not in live:
            overwrite_and_remove(file)
    newest.clean_log()
    return ErasedSource(len(removed) - rewritten, rewritten, judgements)


def prove_erased(folder: Path, source: str, cited: Collection[str] = ()) -> int:
    """Read every file of a lake, whether the log names it or not; returns how many. Raises StoreError for a trace.

    Of attached files, only those stay whose digests records cite.
    """
    checked, attached = 0, folder / ATTACHED_FOLDER
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        checked += 1
        if path.is_relative_to(attached):
            has_trace = path.name not in cited
        elif path.suffix == ".parquet" and _LOG not in path.parts:
            has_trace = "source" in pq.read_schema(path).names and _without(str(path), source) is not None
        elif path.suffix == ".parquet":
            has_trace = _says(pq.read_table(path, partitioning=None).to_pylist(), source)
        else:
            has_trace = orjson.dumps(source) in path.read_bytes()
        if has_trace:
            raise StoreError(f"{path} still has something of {source}; erase it again, while nobody else writes")
    return checked


def _says(value: Any, text: str) -> bool:
    """Whether a text stands anywhere in a value."""
    if isinstance(value, dict):
        return any(_says(part, text) for part in (*value.keys(), *value.values()))
    if isinstance(value, list | tuple):
        return any(_says(part, text) for part in value)
    return bool(value == text)


def _without(path: str, source: str) -> pa.Table | None:
    """The events of a file without those of a source; None if it has none of them."""
    metadata = pq.read_metadata(path)
    column = metadata.schema.names.index("source")
    stated = [metadata.row_group(i).column(column).statistics for i in range(metadata.num_row_groups)]
    if stated and all(s is not None and s.has_min_max and not s.min <= source <= s.max for s in stated):
        return None
    table = pq.read_table(path, schema=EVENT_FIELDS, partitioning=None)
    is_other = pc.fill_null(pc.not_equal(table["source"], source), True)
    return None if pc.all(is_other).as_py() in (True, None) else table.filter(is_other)


def _unused_judgements(lake: Lake, source: str, namespace: str) -> tuple[set[str], set[str]]:
    """The numbers of judgements about names that no other source uses, and of those about names that no open record
    of another source uses.
    """
    judged: dict[str, set[str]] = defaultdict(set)
    for judgement in lake.judgements():
        for end in ("one", "other"):
            if judgement[f"{end}_ns"] == namespace:
                judged[judgement[f"{end}_key"]].add(str(judgement["number"]))
    if not judged:
        return set(), set()
    used, used_openly = set[str](), set[str]()
    columns = ["source", "namespace", "key", "came", "from_key", "body", "protected", "merges"]
    for path in lake.files(RECORD):
        for row in _judged_rows(path, columns, source, namespace, judged):
            names = {row["key"], *orjson.loads(row["body"]).get("referents", ())} & judged.keys()
            used |= names
            used_openly |= set() if row["protected"] else names
    gone = {number for key in judged.keys() - used for number in judged[key]}
    return gone, {number for key in judged.keys() - used_openly for number in judged[key]} - gone


def _judged_rows(
    path: str, columns: list[str], source: str, namespace: str, judged: Iterable[str]
) -> Iterable[dict[str, Any]]:
    """The records of nodes of other sources that came under a judged name, or may have one as a referent."""
    table = pq.read_table(path, columns=columns, partitioning=None)
    chosen = pc.and_(pc.equal(table["namespace"], namespace), pc.not_equal(table["source"], source))
    chosen = pc.and_(chosen, pc.and_(table["came"], pc.is_null(table["from_key"])))
    named = pc.or_(pc.is_in(table["key"], pa.array(sorted(judged))), table["merges"])
    return list(table.filter(pc.and_(chosen, pc.fill_null(named, False))).to_pylist())


def _hidden(row: dict[str, Any]) -> dict[str, Any]:
    body = {**orjson.loads(row["body"]), "seen": None}
    return {**row, "body": orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()}

"""Write the graph of a lake as files that neo4j-admin imports, a part of them by each worker of an engine."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa

from kg.errors import InputError
from kg.exports.target import atomic_folder
from kg.files import is_stream, rename
from kg.findings.contradictions import MAX_HOLDERS, share_sentences
from kg.lake.engines import sql_texts
from kg.lake.steps import Step, sorted_groups
from kg.ontology import load_ontology
from kg.operations.exports.bulk import BulkExportResult, finish_bulk_export
from kg.operations.lake.project import EngineOptions, open_run
from kg.operations.lake.sources import lake_sources
from kg.operations.workspace import Workspace
from kg.stores.neo4j.bulk_files import CHUNK, LINKS, NODES, PartFiles, finish_bulk_files, write_version_node
from kg.stores.neo4j.csv_files import ImportFile
from kg.stores.neo4j.graph_rows import GraphRow, link_rows, node_row
from kg.stores.neo4j.projection_items import (
    FORMAT,
    SEPARATOR,
    CopyScope,
    ItemBuilder,
    ProjectionItem,
    RecordRow,
    holders_in_dispute,
)
from kg.stores.neo4j.sync.contents import format_version
from kg.stores.neo4j.sync.tombstones import chunked
from kg.stores.remarks import Remarks, group_remarks

if TYPE_CHECKING:
    from kg.lake.engines import Engine
    from kg.lake.events import Lake
    from kg.lake.graph import LakeGraph

PARTS = "parts"
"""The folder in which workers write; what a worker that failed left there is not kept."""

_LINK = ("id", "type", "tail", "head", "body", "protected")
_FACTS = ("share_low", "share_high", "first_day", "last_day", "reliability", "interest", "credibility")
_RECORD = ("source", "namespace", "key", "part", "type", "load", "body")
_WRITTEN = pa.schema({"kind": pa.string(), "header": pa.string(), "name": pa.string(), "rows": pa.int64()})

NODE, NAME, IDENTIFIER, CLAIM, NOTED, HOLDING = range(6)
"""What a row about a node is: the node itself, one of its names, an identifier, a record about it, what was noted of
that, or a link by which somebody holds it with one of its records."""

_WIDTH = 14
"""Columns of a row about a node, beside its id and what the row is; all are text, empty where they are not used."""


@dataclass(frozen=True)
class BulkStep:
    """What each worker needs to write files."""

    folder: str
    protected: bool
    days: Mapping[tuple[str, int], str]
    """The day of each load, by source and number."""
    judgements: Mapping[tuple[str, str], Sequence[tuple[Any, ...]]]
    """The judgements that merged names, by the first of them."""

    def nodes(self, table: pa.Table) -> Iterator[pa.RecordBatch]:
        """Write the nodes of rows about them, of which all of a node are there; returns the files."""
        yield self._write(NODES, self._node_rows(table))

    def links(self, table: pa.Table) -> Iterator[pa.RecordBatch]:
        """Write links, of which all rows are there, one for each record; returns the files."""
        items = self._items(table)
        yield self._write(
            LINKS, (row for some in chunked(items, CHUNK) for row in link_rows(self._scope.ontology, some))
        )

    @cached_property
    def _scope(self) -> CopyScope:
        return CopyScope(load_ontology(), self.protected)

    @cached_property
    def _builder(self) -> ItemBuilder:
        return ItemBuilder(self._scope)

    def _write(self, what: str, rows: Iterable[GraphRow]) -> pa.RecordBatch:
        files = PartFiles(Path(self.folder), f"{what}-{secrets.token_hex(8)}")
        for some in chunked(rows, CHUNK):
            files.add(some)
        written = [
            {"kind": SEPARATOR.join(file.kind), "header": file.header, "name": file.name, "rows": file.rows}
            for file in files.finish()
        ]
        return pa.RecordBatch.from_pylist(written, schema=_WRITTEN)

    def _node_rows(self, table: pa.Table) -> Iterator[GraphRow]:
        columns = ["id", "row", *(f"c{number}" for number in range(_WIDTH))]
        for _, rows in sorted_groups(table, columns, 1):
            by_kind: dict[int, list[tuple[str, ...]]] = {}
            for _, kind, *values in rows:
                by_kind.setdefault(kind, []).append(tuple(values))
            if NODE not in by_kind:
                continue  # a record or link of a node that the scope does not have
            node, node_type, caption, body, sought, protected, *_ = by_kind[NODE][0]
            names = {f"{namespace}{SEPARATOR}{key}" for namespace, key, *_ in by_kind[NAME]}
            remarks = group_remarks(row[:3] for row in by_kind.get(NOTED, ()))
            records = [self._record(row, remarks) for row in by_kind.get(CLAIM, ())]
            judged = sorted(one for name in by_kind[NAME] for one in self.judgements.get((name[0], name[1]), ()))
            row = node, node_type, caption, body, sought, protected == "1"
            item = self._builder.node(0, row, names, records, judged, self._shares(by_kind.get(HOLDING, ())))
            identifiers = {value for value, *_ in by_kind.get(IDENTIFIER, ())}
            yield node_row(self._scope.ontology, item, identifiers)

    def _shares(self, rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
        """What the shares of those who hold a thing contradict, in words."""
        if not rows:
            return ()
        items, names = [], dict[str, str]()
        for link, some in groupby(sorted(rows), key=itemgetter(0)):
            of_link = list(some)
            _, link_type, tail, head, body, protected, caption, *_ = of_link[0]
            names[tail] = caption
            records = [self._record(row[7:], {}) for row in of_link]
            items.append(
                self._builder.link((link, link_type, tail, head, body, protected == "1"), (None,) * 7, records)
            )
        found, holders = holders_in_dispute(map(self._builder.holding, items))
        return tuple(share_sentences(found, {holder: names[holder] for holder in holders}))

    def _items(self, table: pa.Table) -> Iterator[ProjectionItem]:
        columns = [*_LINK, *_FACTS, *(f"record_{name}" for name in _RECORD), "noted"]
        for _, rows in sorted_groups(table, columns, 1):
            of_link = list(rows)
            first, facts, end = of_link[0], len(_LINK), len(_LINK) + len(_FACTS)
            stated = dict.fromkeys(row[end:-1] for row in of_link if row[end] is not None)
            remarks = group_remarks((row[end], row[end + 2], row[-1]) for row in of_link if row[-1] is not None)
            records = [self._record(row, remarks) for row in stated]
            yield self._builder.link(first[:facts], tuple(first[facts:end]), records)

    def _record(self, row: Sequence[Any], remarks: Remarks) -> RecordRow:
        source, namespace, key, part, record_type, load, body = row[: len(_RECORD)]
        day, noted = self.days[source, int(load)], remarks.get((source, key), ())
        return source, namespace, key, part, record_type, day, body, noted


def export_lake_bulk(
    workspace: Workspace, folder: Path, target: str, options: EngineOptions, *, protected: bool = False
) -> BulkExportResult:
    """Write the newest graph of a lake as files for `neo4j-admin database import`.

    The nodes and links are those that `kg export neo4j-admin` writes of a SQLite file with the same records. The
    version node names the lake, so that no `kg sync` takes the copy for one of another graph.

    Raises InputError for a folder that cannot be, or protected facts without their scope; NotFound without a graph.
    """
    from kg.lake.events import Lake
    from kg.lake.graph import find_graph, read_graph
    from kg.lake.projection import in_force

    if protected and not workspace.protected:
        raise InputError("protected facts are exported only in the protected scope; set KG_SCOPE=protected")
    if is_stream(target):
        raise InputError("files for neo4j-admin are many; expected the name of a folder")
    lake, graph = Lake(folder), find_graph(folder)
    scope = CopyScope(workspace.ontology, protected)
    with atomic_folder(target) as inside, open_run(lake, options, graph.load) as engine:
        in_force(engine, lake, graph.load)
        read_graph(engine, folder, graph)
        parts = inside / PARTS
        parts.mkdir()
        workspace.progress("writing nodes and links", 0, None)
        written = _write_parts(engine, lake, graph, parts, protected=protected)
        for file in written:
            for name in (file.header, file.name):
                rename(parts / name, inside / name)
        rmtree(parts)
        properties = _version(engine, lake, graph, scope)
        written.append(write_version_node(inside, properties))
        files = finish_bulk_files(inside, workspace.ontology, written, format_version(properties))
        return finish_bulk_export(target, inside, files, protected=protected)


def _write_parts(engine: Engine, lake: Lake, graph: LakeGraph, folder: Path, *, protected: bool) -> list[ImportFile]:
    from kg.lake.graph import view_scope
    from kg.lake.projection import standing_judgements

    judgements: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for one in standing_judgements(lake, graph.load):
        if one["kind"] == "same":
            names = ("kind", "one_ns", "one_key", "other_ns", "other_key", "by", "why", "day")
            judgements.setdefault((one["one_ns"], one["one_key"]), []).append(
                (one["number"], *(one[name] for name in names))
            )
    days = {(entry.source, entry.number): entry.day for entry in lake.loads(graph.load)}
    step = BulkStep(str(folder.absolute()), protected, days, judgements)
    view_scope(engine, protected=protected)
    engine.view("scope_remark", f"SELECT * FROM remark{'' if protected else ' WHERE NOT protected'}")
    for view, query in _views_of_doubt():
        engine.view(view, query)
    engine.grouped("bulk_nodes", " UNION ALL ".join(_node_queries(protected)), ("id",), Step(step.nodes, _WRITTEN))
    engine.grouped("bulk_links", _LINKS, ("id",), Step(step.links, _WRITTEN))
    both = engine.rows("SELECT * FROM bulk_nodes UNION ALL SELECT * FROM bulk_links").to_pylist()
    return [ImportFile(tuple(f["kind"].split(SEPARATOR)), f["header"], f["name"], f["rows"]) for f in both]


def _views_of_doubt() -> Iterator[tuple[str, str]]:
    """Views of the records of links, and of the things of which holders may contradict each other."""
    fields = ", ".join(f"r.{name} AS record_{name}" for name in _RECORD)
    join = "r.namespace = l.namespace AND r.key = l.key AND r.part = l.part AND r.from_key IS NOT NULL"
    yield "linked_record", f"SELECT l.id, {fields} FROM scope_link l JOIN record r ON {join}"
    types = sql_texts(sorted(load_ontology().with_trait("ownership", "benefit")))
    yield "holding", f"SELECT * FROM scope_link WHERE type IN ({types})"
    yield "said_again", "SELECT id FROM linked_record GROUP BY id HAVING count(*) > 1"
    yield (
        "doubtful",
        f"""SELECT h.head FROM holding h LEFT JOIN said_again s ON s.id = h.id GROUP BY h.head
        HAVING count(*) <= {MAX_HOLDERS} AND (coalesce(sum(h.share_high), 0) > 100
        OR count(*) > count(DISTINCT h.tail) OR count(s.id) > 0)""",
    )


_LINKS = f"""SELECT {", ".join(f"l.{name}" for name in (*_LINK, *_FACTS))},
    {", ".join(f"r.record_{name}" for name in _RECORD)}, k.body AS noted FROM scope_link l
    LEFT JOIN linked_record r ON r.id = l.id
    LEFT JOIN scope_remark k ON k.source = r.record_source AND k.key = r.record_key"""


def _node_queries(protected: bool) -> Iterator[str]:
    """Queries for the rows about nodes, one for each kind of row."""
    record = [f"r.{name}" if name != "load" else "CAST(r.load AS STRING)" for name in _RECORD]
    record_of_link = [f"r.record_{n}" if n != "load" else "CAST(r.record_load AS STRING)" for n in _RECORD]
    flag = "CASE WHEN {}.protected THEN '1' ELSE '' END"
    yield _row(NODE, "n.id", ["n.id", "n.type", "n.caption", "n.body", "n.sought", flag.format("n")], "scope_node n")
    yield _row(NAME, "m.id", ["m.namespace", "m.key"], "graph_name m")
    yield _row(IDENTIFIER, "i.id", ["i.value"], "graph_identifier i")
    if protected:
        yield _row(IDENTIFIER, "i.id", ["i.value"], "graph_protected_identifier i")
    names = "record r JOIN graph_name m ON m.namespace = r.namespace AND m.key = r.key WHERE r.from_key IS NULL"
    yield _row(CLAIM, "m.id", record, names)
    noted = names.replace(" WHERE ", " JOIN scope_remark k ON k.source = r.source AND k.key = r.key WHERE ")
    yield _row(NOTED, "m.id", ["k.source", "k.key", "k.body"], noted)
    link = ["l.id", "l.type", "l.tail", "l.head", "l.body", flag.format("l"), "t.caption"]
    held = """holding l JOIN doubtful d ON d.head = l.head JOIN linked_record r ON r.id = l.id
        JOIN scope_node t ON t.id = l.tail"""
    yield _row(HOLDING, "l.head", [*link, *record_of_link], held)


def _row(kind: int, node: str, columns: Sequence[str], tables: str) -> str:
    every = [*columns, *["''"] * (_WIDTH - len(columns))]
    named = ", ".join(f"{column} AS c{number}" for number, column in enumerate(every))
    return f"SELECT {node} AS id, {kind} AS row, {named} FROM {tables}"


def _version(engine: Engine, lake: Lake, graph: LakeGraph, scope: CopyScope) -> dict[str, Any]:
    """The properties of the version node: that of a lake, which no ledger is."""
    ledger = str(lake.status()["ledger"])

    def known(*, protected: bool) -> str:
        sources = lake_sources(engine, lake, graph.load, protected=protected)
        return orjson.dumps({"waiting": sources.waiting, "sources": [asdict(one) for one in sources.infos]}).decode()

    return {
        "ledger": ledger if ledger.startswith("lake ") else f"lake {ledger}",
        "number": graph.load,
        "as_of": graph.day(protected=scope.protected),
        "known": known(protected=False),
        "known_protected": known(protected=True) if scope.protected else "",
        "protected": scope.protected,
        "ontology": scope.ontology.digest,
        "format": FORMAT,
    }

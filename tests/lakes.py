"""How do tests compare a lake with the SQLite file whose ledger it has?"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from kg.lake.events import Lake
from kg.lake.graph import LakeGraph
from kg.lake.tables import EVENT_FIELDS, GRAPH_TABLES, KINDS
from kg.ledger.rules.merge import stored_words
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.operations.lake.export import export_lake
from kg.operations.lake.project import EngineOptions, project_lake
from kg.operations.workspace import Workspace

_STORED = {
    "node": "SELECT id, type, caption, body, protected, caption_protected, sought, sought_protected FROM node",
    "link": """SELECT link.id, link.type, t.id, h.id, n.name, link.key, link.part, link.body, link.protected, derived,
        share_low, share_high, first_day, last_day, reliability, interest, credibility FROM link
        JOIN node t ON t.num = tail JOIN node h ON h.num = head LEFT JOIN namespace n ON n.num = link.ns""",
    "name": "SELECT node.id, node.protected, n.name, atom.key FROM atom JOIN node ON node.num = atom.node"
    " JOIN namespace n ON n.num = atom.ns",
    "waiting": "SELECT ln.name, link_key, link_part, n.name, waiting.key, scopes FROM waiting"
    " JOIN namespace n ON n.num = waiting.ns JOIN namespace ln ON ln.num = link_ns",
    "identifier": "SELECT node.id, node.protected, value, property, identifies, sources FROM identifier"
    " JOIN node ON node.num = identifier.node",
    "protected_identifier": "SELECT node.id, node.protected, value FROM protected_identifier JOIN node"
    " ON node.num = protected_identifier.node",
}
"""The tables of SQLite, with the columns of those of a lake; search words follow from nodes."""


def stored_tables(store: Path) -> dict[str, list[str]]:
    """The rows of the graph in a SQLite file, by table."""
    ontology = load_ontology()
    with closing(sqlite3.connect(store)) as connection:
        tables = {table: _texts(connection.execute(query)) for table, query in _STORED.items()}
        words: dict[str, list[tuple[Any, ...]]] = {"words": [], "protected_words": []}
        for node, kind, body, protected in connection.execute("SELECT id, type, body, protected FROM node"):
            for table, text in zip(words, stored_words(ontology, kind, json.loads(body)), strict=True):
                words[table] += [(node, protected, text)] if text else []
    return tables | {table: _texts(rows) for table, rows in words.items()}


def lake_tables(lake: Path, graph: LakeGraph) -> dict[str, list[str]]:
    """The rows of a graph in a lake, by table."""
    found = {}
    for table, columns in GRAPH_TABLES.items():
        if table not in (*_STORED, "words", "protected_words"):
            continue
        rows: list[dict[str, Any]] = []
        for path in (lake / graph.folder / table).glob("*.parquet"):
            rows += pq.read_table(path, partitioning=None).to_pylist()
        found[table] = _texts(tuple(row[name] for name in columns.split(", ")) for row in rows)
    return found


def _texts(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    def plain(value: Any) -> Any:
        return int(value) if isinstance(value, bool) else value

    return sorted(json.dumps([plain(value) for value in row]) for row in rows)


def bulk_rows(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each node or link but the version node: the arguments that it is imported with, and its values by column."""
    for argument in (folder / "import.args").read_text().splitlines():
        if "=./" not in argument or "KgGraph" in argument:
            continue
        kind, _, files = argument.rpartition("=")
        header, name = ((folder / file).read_text(encoding="utf-8") for file in files.split(","))
        columns = header.rstrip("\n").split("\t")
        for line in name.rstrip("\n").split("\n"):
            yield kind, sorted(f"{c}={v}" for c, v in zip(columns, line.split("\t"), strict=False) if v)


def sums_of_store(store: Path) -> tuple[str, str]:
    """The sums of the graph in a SQLite file, as everybody and as the protected scope sees it."""
    found = [verify(store, load_ontology(), protected=protected) for protected in (False, True)]
    assert [one.differing for one in found] == [(), ()]
    return found[0].graph_sum, found[1].graph_sum


def written_events(lake: Path) -> list[str]:
    """Every event of a lake."""
    tables = (
        (kind, pq.read_table(path, schema=EVENT_FIELDS, partitioning=None))
        for kind in KINDS
        for path in Lake(lake).files(kind)
    )
    return sorted(f"{kind} {row}" for kind, table in tables for row in table.to_pylist())


def export(store: Path, lake: Path) -> None:
    """Export everything of a store into a lake."""
    export_lake(Workspace(store, protected=True), str(lake), protected=True)


def assert_equal(store: Path, lake: Path, options: EngineOptions | None = None, *, whole: bool = False) -> LakeGraph:
    """Project a lake and see that each table and both sums are those of a store; returns the graph."""
    graph = project_lake(lake, options or EngineOptions(), whole=whole)
    assert lake_tables(lake, graph) == stored_tables(store)
    assert (graph.open.graph_sum, graph.protected.graph_sum) == sums_of_store(store)
    return graph

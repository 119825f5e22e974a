"""Write all nodes of a new projection, numbered in the order of their ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from kg.database import PROJECTION_INDEXES, SORTED_NODES, create_indexes, set_meta
from kg.ledger.projection.staged_graph import (
    ATOMS_ALONE,
    IDENTIFIERS_ALONE,
    NODES_ALONE,
    WORDS_ALONE,
    StagedGraph,
)
from kg.ledger.projection.writer import BATCH, text_once
from kg.ledger.rules.merge import MergedNode
from kg.names import indexed_words
from kg.records import Ref, node_id

_STAGING_TABLES = {
    "made": "id TEXT, type TEXT, caption TEXT, record INTEGER, body TEXT, protected INTEGER, words TEXT,"
    " caption_protected TEXT",
    "hidden": "id TEXT, words TEXT",
    "hidden_marks": "value TEXT, id TEXT",
    "named": "key TEXT, ns INTEGER, id TEXT",
    "former": "id TEXT, node TEXT",
    "marked": "value TEXT, property TEXT, id TEXT, identifies INTEGER, sources TEXT",
}

_NODE_COLUMNS = "id, type, caption, record, body, protected, caption_protected"
_MADE = f"SELECT {_NODE_COLUMNS} FROM temp.made"
_WORDS = "SELECT node.num, words FROM temp.made JOIN node ON node.id = made.id WHERE words <> ''"
_ATOMS = "SELECT key, ns, node.num FROM temp.named JOIN node ON node.id = named.id"
_IDENTIFIERS = """SELECT value, property, node.num, identifies, sources
    FROM temp.marked JOIN node ON node.id = marked.id"""
_FORMER_AND_PROTECTED = """
INSERT INTO redirect (id, node) SELECT former.id, node.num FROM temp.former JOIN node ON node.id = former.node
    ORDER BY former.id;
INSERT INTO protected_name (rowid, tokens) SELECT node.num, words FROM temp.hidden JOIN node ON node.id = hidden.id
    ORDER BY node.num;
INSERT INTO protected_identifier (value, node)
    SELECT value, node.num FROM temp.hidden_marks JOIN node ON node.id = hidden_marks.id
"""


class NodeWriter:
    """Collects the nodes of a new projection in any order; `write` inserts them into its empty tables."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._namespaces = dict[str, int](connection.execute("SELECT name, num FROM namespace"))
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _STAGING_TABLES}
        self._inserts = {
            table: f"INSERT INTO temp.{table} VALUES ({', '.join('?' * len(columns.split(',')))})"
            for table, columns in _STAGING_TABLES.items()
        }
        for table, columns in _STAGING_TABLES.items():
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
            connection.execute(f"CREATE TEMP TABLE {table} ({columns})")

    def add_node(self, merged: MergedNode, names: Collection[Ref]) -> None:
        """Add a node with these names."""
        rows, node, hidden = self._rows, merged.id, merged.protected_names
        row = (node, merged.type, merged.caption, *text_once(merged), merged.protected)
        rows["made"].append((*row, indexed_words(merged.search_words), hidden.caption if hidden else None))
        if hidden:
            rows["hidden"] += ((node, indexed_words(words)) for words in [hidden.search_words] if words)
            rows["hidden_marks"] += ((value, node) for value in hidden.identifiers)
        for name in names:
            rows["named"].append((name.key, self._namespaces[name.namespace], node))
            if len(names) > 1 and (former := node_id(*name)) != node:
                rows["former"].append((former, node))
        rows["marked"] += ((i.value, i.property, node, i.identifies, i.sources) for i in merged.identifiers)
        if len(rows["made"]) >= BATCH:
            self._flush()

    def write(self, alone: StagedGraph | None = None) -> None:
        """Number the nodes and write them with their names, former ids and identifiers; those of `alone` too."""
        self._flush()
        values = alone.values if alone else {}

        def insert(into: str, made: str, staged: str, order: str) -> int:
            rows = f"{made} UNION ALL {staged}" if alone else made
            return self._db.execute(f"INSERT INTO {into} {rows} ORDER BY {order}", values).rowcount

        count = insert(f"stored_node ({_NODE_COLUMNS})", _MADE, NODES_ALONE, "1")
        create_indexes(self._db, {"node_id": PROJECTION_INDEXES["node_id"]})
        insert("name (rowid, tokens)", _WORDS, WORDS_ALONE, "1")
        insert("atom (key, ns, node)", _ATOMS, ATOMS_ALONE, "1, 2")
        insert("identifier (value, property, node, identifies, sources)", _IDENTIFIERS, IDENTIFIERS_ALONE, "3, 2, 1")
        for statement in _FORMER_AND_PROTECTED.split(";\n"):
            self._db.execute(statement)
        for table in _STAGING_TABLES:
            self._db.execute(f"DROP TABLE temp.{table}")
        set_meta(self._db, SORTED_NODES, str(count))

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            self._db.executemany(self._inserts[table], rows)
            rows.clear()

"""Write all nodes of a new projection, numbered in the order of their ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from kg.database import PROJECTION_INDEXES, SORTED_NODES, create_indexes, set_meta
from kg.ledger.projection.writer import BATCH
from kg.ledger.rules.merge import MergedNode
from kg.records import Ref, node_id

_STAGING_TABLES = {
    "made": "id TEXT, type TEXT, caption TEXT, body TEXT, protected INTEGER, words TEXT, caption_protected TEXT",
    "hidden": "id TEXT, words TEXT",
    "hidden_marks": "value TEXT, id TEXT",
    "named": "key TEXT, ns INTEGER, id TEXT",
    "former": "id TEXT, node TEXT",
    "marked": "value TEXT, property TEXT, id TEXT, identifies INTEGER, sources TEXT",
}

_INSERTS = """
INSERT INTO name (rowid, tokens) SELECT node.num, words FROM temp.made JOIN node ON node.id = made.id
    WHERE words <> '' ORDER BY node.num;
INSERT INTO atom (key, ns, node) SELECT key, ns, node.num FROM temp.named JOIN node ON node.id = named.id
    ORDER BY key, ns;
INSERT INTO redirect (id, node) SELECT former.id, node.num FROM temp.former JOIN node ON node.id = former.node
    ORDER BY former.id;
INSERT INTO identifier (value, property, node, identifies, sources)
    SELECT value, property, node.num, identifies, sources FROM temp.marked JOIN node ON node.id = marked.id;
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
        row = (node, merged.type, merged.caption, merged.body, merged.protected, merged.search_words)
        rows["made"].append((*row, hidden.caption if hidden else None))
        if hidden:
            rows["hidden"] += ((node, words) for words in [hidden.search_words] if words)
            rows["hidden_marks"] += ((value, node) for value in hidden.identifiers)
        for name in names:
            rows["named"].append((name.key, self._namespaces[name.namespace], node))
            if len(names) > 1 and (former := node_id(*name)) != node:
                rows["former"].append((former, node))
        rows["marked"] += ((i.value, i.property, node, i.identifies, i.sources) for i in merged.identifiers)
        if len(rows["made"]) >= BATCH:
            self._flush()

    def write(self) -> None:
        """Number the nodes and write them with their names, former ids and identifiers."""
        self._flush()
        columns = "id, type, caption, body, protected, caption_protected"
        count = self._db.execute(f"INSERT INTO node ({columns}) SELECT {columns} FROM temp.made ORDER BY id").rowcount
        create_indexes(self._db, {"node_id": PROJECTION_INDEXES["node_id"]})
        for statement in _INSERTS.split(";\n"):
            self._db.execute(statement)
        for table in _STAGING_TABLES:
            self._db.execute(f"DROP TABLE temp.{table}")
        set_meta(self._db, SORTED_NODES, str(count))

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            self._db.executemany(self._inserts[table], rows)
            rows.clear()

"""Write the nodes and links that one staged record states alone, by statements over the whole stage."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

import orjson

from kg.records import LINK_SLOTS, WAITS_FOR_ALL, WAITS_IN_SCOPE, Ref

_NODES, _LINKS = "s.from_key IS NULL", "s.from_key IS NOT NULL"
_ALONE = "FROM temp.stage s WHERE s.graph_id IS NOT NULL AND"

NODES_ALONE = f"""SELECT s.graph_id, s.type, s.caption, iif(s.graph_body IS NULL, s.num + :offset, NULL), s.graph_body,
    0, NULL {_ALONE} {_NODES}"""
"""Rows of node, without their numbers, in the columns of `temp.made`."""

_NUMBERED = "JOIN node ON node.id = s.graph_id"
WORDS_ALONE = f"SELECT node.num, s.words FROM temp.stage s {_NUMBERED} WHERE {_NODES} AND s.words <> ''"
ATOMS_ALONE = f"SELECT s.key, :namespace, node.num FROM temp.stage s {_NUMBERED} WHERE {_NODES}"
IDENTIFIERS_ALONE = f"""SELECT i.value ->> 0, i.value ->> 1, node.num, i.value ->> 2, :sources
    FROM temp.stage s {_NUMBERED} CROSS JOIN json_each(s.identifiers) i WHERE {_NODES} AND s.identifiers IS NOT NULL"""

_ENDS = f"""INSERT INTO temp.ends SELECT s.num, a.node, b.node FROM temp.stage s
    LEFT JOIN atom a ON a.key = s.from_key AND a.ns = s.from_ns
    LEFT JOIN atom b ON b.key = s.to_key AND b.ns = s.to_ns WHERE s.graph_id IS NOT NULL AND {_LINKS}"""
_IS_HIDDEN = "e.tail IN (SELECT num FROM temp.hidden_node) OR e.head IN (SELECT num FROM temp.hidden_node)"
_WRITE_LINKS = f"""INSERT INTO stored_link (num, id, type, tail, head, record, body, protected, share_low, share_high,
    first_day, last_day, reliability, interest, credibility)
    SELECT s.number + {(LINK_SLOTS - 1) // 2} * {{}}, s.graph_id,
        (SELECT t.num FROM link_type t WHERE t.name = s.type), e.tail, e.head, s.num + :offset, s.graph_body,
        {_IS_HIDDEN}, s.share_low, s.share_high, s.first_day, s.last_day, s.reliability, s.interest, s.credibility
    FROM temp.ends e JOIN temp.stage s ON s.num = e.num WHERE e.tail IS NOT NULL AND e.head IS NOT NULL ORDER BY 1"""
_ALIKE = "row_number() OVER (PARTITION BY s.number ORDER BY s.graph_id)"
"""Which of the links whose ids begin alike a link is. It is not asked for while there are none."""
_WRITE_TYPES = f"INSERT OR IGNORE INTO link_type (name) SELECT DISTINCT s.type {_ALONE} {_LINKS}"
_WRITE_WAITING = f"""INSERT OR IGNORE INTO waiting (key, ns, link_ns, link_key, link_part, scopes)
    SELECT iif(end.n, s.to_key, s.from_key) AS key, iif(end.n, s.to_ns, s.from_ns) AS ns, :namespace, s.key, s.part,
        {WAITS_FOR_ALL} + (e.tail IS NULL OR e.head IS NULL) * {WAITS_IN_SCOPE}
    FROM temp.ends e JOIN temp.stage s ON s.num = e.num CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1) end
    WHERE e.tail IS NULL OR e.head IS NULL OR {_IS_HIDDEN} ORDER BY 1, 2, 3, 4, 5"""


class StagedRecords(NamedTuple):
    """The records of a load that are still in the temporary table `stage`: all that their source has in force."""

    source: str
    namespace: str
    offset: int
    """What is added to the number of a staged record to get that of the record in the ledger."""


class StagedGraph:
    """What records of the stage state alone; `merged` is the query for the numbers of all other records in force.

    Where another record in force says something of the same thing, or a judgement or referent makes it one with
    another, it is left to merging.
    """

    merged = "SELECT num FROM temp.merged"

    def __init__(self, connection: sqlite3.Connection, staged: StagedRecords) -> None:
        self._db, self._staged = connection, staged
        query = "SELECT num FROM namespace WHERE name = ?"
        (self._namespace,) = connection.execute(query, (staged.namespace,)).fetchone()
        self.values = {
            "namespace": self._namespace,
            "offset": staged.offset,
            "sources": orjson.dumps([staged.source]).decode(),
        }
        """The parameters of the statements."""

    def leave_nodes(self, names: Iterable[Ref]) -> None:
        """Leave to merging what has any of `names`, and every node that another record describes too."""
        keys = ((name.key,) for name in names if name.namespace == self._staged.namespace)
        self._leave(_NODES, keys)

    def leave_links(self) -> None:
        """Leave to merging every link that another source states too."""
        self._leave(_LINKS, ())

    def write_links(self, hidden_nodes: Iterable[int]) -> None:
        """Write the links and those that wait for an end; `hidden_nodes` exist in the protected scope alone."""
        self._create("hidden_node", "num INTEGER PRIMARY KEY")
        self._db.executemany("INSERT INTO temp.hidden_node VALUES (?)", ((num,) for num in hidden_nodes))
        self._create("ends", "num INTEGER PRIMARY KEY, tail INTEGER, head INTEGER")
        self._db.execute(_ENDS)
        self._db.execute(_WRITE_TYPES)
        try:
            self._db.execute(_WRITE_LINKS.format(1), self.values)
        except sqlite3.IntegrityError:
            self._db.execute(_WRITE_LINKS.format(_ALIKE), self.values)
        self._db.execute(_WRITE_WAITING, self.values)

    def _leave(self, which: str, keys: Iterable[tuple[str]]) -> None:
        offset = self._staged.offset
        self._create("shared_key", "key TEXT PRIMARY KEY", "WITHOUT ROWID")
        insert = "INSERT OR IGNORE INTO temp.shared_key"
        self._db.executemany(f"{insert} VALUES (?)", keys)
        of_others = f"""SELECT s.key FROM source JOIN record s ON s.source = source.num
            WHERE source.namespace = ? AND s.until IS NULL AND s.num <= ? AND {which}"""
        self._db.execute(f"{insert} {of_others}", (self._namespace, offset))
        if which == _NODES:  # a row that describes one thing in several parts
            self._db.execute(f"{insert} SELECT s.key FROM temp.stage s WHERE {which} AND s.part <> ''")
        self._db.execute(
            f"""UPDATE temp.stage AS s SET graph_id = NULL WHERE {which} AND s.graph_id IS NOT NULL
            AND s.key IN (SELECT key FROM temp.shared_key)"""
        )
        self._create("merged", "num INTEGER PRIMARY KEY")
        self._db.execute(
            f"INSERT INTO temp.merged SELECT s.num FROM record s WHERE num <= ? AND until IS NULL AND {which}",
            (offset,),
        )
        left = f"INSERT INTO temp.merged SELECT s.num + ? FROM temp.stage s WHERE s.graph_id IS NULL AND {which}"
        self._db.execute(left, (offset,))

    def _create(self, table: str, columns: str, kind: str = "") -> None:
        self._db.execute(f"DROP TABLE IF EXISTS temp.{table}")
        self._db.execute(f"CREATE TEMP TABLE {table} ({columns}) {kind}")

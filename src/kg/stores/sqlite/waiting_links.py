"""Which links are unresolved: an end of theirs is not described by any record?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby

from kg.handling import PROTECTED
from kg.ontology import Ontology
from kg.ports import WaitingLink
from kg.records import Ref

_RECORDS = """FROM waiting w JOIN record r ON r.key = w.link_key AND r.part = w.link_part AND r.until IS NULL
    AND r.from_key IS NOT NULL JOIN source s ON s.num = r.source AND s.namespace = w.link_ns"""

_PROTECTED_END = """SELECT 1 FROM atom JOIN node ON node.num = atom.node
    WHERE node.protected AND atom.key = r.{end}_key AND atom.ns = r.{end}_ns"""
"""The end that exists is a node that only protected records describe."""


class WaitingLinks:
    """The unresolved links that one scope may see."""

    def __init__(self, connection: sqlite3.Connection, ontology: Ontology, *, protected: bool) -> None:
        self._db = connection
        # Names of types are words of the ontology, no input.
        types = ", ".join(f"'{name}'" for name in sorted(ontology.protected_links))
        is_protected = f"r.type IN ({types}) OR json_extract(r.body, '$.said.handling') IS '{PROTECTED}'"
        is_protected += "".join(f" OR EXISTS ({_PROTECTED_END.format(end=end)})" for end in ("from", "to"))
        self._where = "WHERE 1" if protected else f"WHERE NOT ({is_protected})"

    def count(self) -> int:
        """How many links are unresolved."""
        query = f"SELECT count(*) FROM (SELECT DISTINCT w.link_ns, w.link_key, w.link_part {_RECORDS} {self._where})"
        return int(self._db.execute(query).fetchone()[0])

    def count_by_source(self) -> dict[str, int]:
        """How many links of each source are unresolved; a link that two sources state counts for both."""
        distinct = f"SELECT DISTINCT s.name AS name, w.link_key, w.link_part {_RECORDS} {self._where}"
        return dict(self._db.execute(f"SELECT name, count(*) FROM ({distinct}) GROUP BY name"))

    def links(self, source: str = "", limit: int = 100) -> list[WaitingLink]:
        """Unresolved links, of one source or of all, by source, key and part."""
        only = "AND s.name = ?" if source else ""
        ends = f"""SELECT s.name, r.key, r.part, r.type, e.name, w.key {_RECORDS} JOIN namespace e ON e.num = w.ns
            {self._where} {only} AND NOT EXISTS (SELECT 1 FROM atom WHERE atom.key = w.key AND atom.ns = w.ns)
            ORDER BY s.name, r.key, r.part, e.name, w.key LIMIT ?"""
        rows = self._db.execute(ends, (*((source,) if source else ()), 2 * limit + 1))  # a link has at most two
        return list(self._grouped(rows))[:limit]

    def _grouped(self, rows: sqlite3.Cursor) -> Iterator[WaitingLink]:
        for (source, key, part, link_type), ends in groupby(rows, key=lambda row: row[:4]):
            yield WaitingLink(source, key, part, link_type, tuple(Ref(space, end) for *_, space, end in ends))

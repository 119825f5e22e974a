"""The remarks on what a source's loads read and kept, each with the record that it is about."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from kg.ontology import Ontology
from kg.records import Reject

_BATCH = 1_000
_LINK_KEPT = "; the link is kept as it is"
_ENDS = """FROM temp.stage s JOIN atom a ON a.key = s.from_key AND a.ns = s.from_ns
    JOIN atom b ON b.key = s.to_key AND b.ns = s.to_ns JOIN node t ON t.num = a.node JOIN node h ON h.num = b.node
    WHERE s.from_key IS NOT NULL"""
"""The staged links with the nodes at their ends, where both are there."""

_ALL_KINDS = """SELECT DISTINCT l.type, t.type, h.type FROM link l
    JOIN temp.kind t ON t.num = l.tail JOIN temp.kind h ON h.num = l.head"""

_COLUMNS = "key, kind, reason, file, line, protected"


class StagedRemarks:
    """The remarks of a load, in a temporary table until its source and its records are written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE IF EXISTS temp.staged_remark")
        connection.execute(f"CREATE TEMP TABLE staged_remark ({_COLUMNS})")
        self._db = connection
        self._rows: list[tuple[str, str, str, str, int, bool]] = []

    def add(self, reject: Reject) -> None:
        """Keep a remark; other rejects are left to the file of rejects."""
        if not reject.is_remark:
            return
        self._rows.append((reject.about, reject.kind, reject.reason, reject.file, reject.line, reject.protected))
        if len(self._rows) >= _BATCH:
            self._insert()

    def on_ends(self, ontology: Ontology, source: str, *, delta: bool) -> Iterator[Reject]:
        """A remark on each link with an end of a type that no such link has, once the graph has what is staged.

        Those on links of lines that were not read again, as they are known, stand as they were.
        """
        self._insert()
        for link, tail, head in sorted(self._kinds_of_ends()):
            ends = ((tail, False), (head, True))
            if not any(ontology.contradicts_end(link, kind, head=is_head) for kind, is_head in ends):
                continue
            query = f"""SELECT s.key, coalesce((SELECT name FROM main.file WHERE num = s.file), ''), s.line,
                max(s.protected, t.protected, h.protected) {_ENDS}
                AND s.type = ? AND t.type = ? AND h.type = ? ORDER BY s.num"""
            problem = f"{ontology.end_types_text(link, tail, head)}{_LINK_KEPT}"
            for key, file, line, protected in self._db.execute(query, (link, tail, head)).fetchall():
                if not self._is_told(file, line):
                    yield Reject(file, line, problem, "", protected=bool(protected), about=key).as_advice()
        if delta:
            return  # what it does not name stands as it was
        known = f"""SELECT reason, file, line, m.protected, key FROM main.remark m
            JOIN main.source s ON s.num = m.source
            WHERE s.name = ? AND reason LIKE '%{_LINK_KEPT}' AND key NOT IN (SELECT key FROM temp.stage)
            AND EXISTS (SELECT 1 FROM main.record r WHERE r.source = s.num AND r.key = m.key AND r.until IS NULL)"""
        for reason, file, line, protected, key in self._db.execute(known, (source,)).fetchall():
            yield Reject(file, line, reason, "", protected=bool(protected), about=key).as_advice()

    def _kinds_of_ends(self) -> list[tuple[str, str, str]]:
        """The types of links with those of the nodes at their ends: of the staged ones, or of all where most are."""
        query = "SELECT (SELECT max(num) FROM main.record) <= 2 * (SELECT max(num) FROM temp.stage)"
        if not self._db.execute(query).fetchone()[0]:
            return self._db.execute(f"SELECT DISTINCT s.type, t.type, h.type {_ENDS}").fetchall()
        self._db.execute("CREATE TEMP TABLE kind (num INTEGER PRIMARY KEY, type TEXT NOT NULL)")
        self._db.execute("INSERT INTO temp.kind SELECT num, type FROM node")  # a tenth of the pages of node
        found = self._db.execute(_ALL_KINDS).fetchall()
        self._db.execute("DROP TABLE temp.kind")
        return found

    def _is_told(self, file: str, line: int) -> bool:
        """Whether the reader of the row has told so already, with its cell."""
        query = """SELECT 1 FROM temp.staged_remark
            WHERE line = ? AND (file = ? OR file LIKE '%/' || ?) AND reason LIKE '% goes from %'"""
        return self._db.execute(query, (line, file, file)).fetchone() is not None

    def replace(self, source: str, *, delta: bool) -> None:
        """Put them in the place of those on the source, or, for a delta, of those on the records that it names."""
        self._insert()
        named = "AND key IN (SELECT key FROM temp.stage UNION SELECT key FROM temp.deleted)" if delta else ""
        of_source = "(SELECT num FROM main.source WHERE name = ?)"
        self._db.execute(f"DELETE FROM main.remark WHERE source = {of_source} {named}", (source,))
        self._db.execute(
            f"""INSERT INTO main.remark (source, {_COLUMNS})
            SELECT {of_source}, {_COLUMNS} FROM temp.staged_remark ORDER BY rowid""",
            (source,),
        )
        self._db.execute("DROP TABLE temp.staged_remark")

    def _insert(self) -> None:
        self._db.executemany("INSERT INTO temp.staged_remark VALUES (?, ?, ?, ?, ?, ?)", self._rows)
        self._rows.clear()


def forget_remarks(connection: sqlite3.Connection, source: int) -> None:
    """Remove the remarks on a source, given by its number, that says nothing any more."""
    connection.execute("DELETE FROM main.remark WHERE source = ?", (source,))

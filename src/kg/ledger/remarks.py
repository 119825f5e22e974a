"""The remarks on what a source's loads read and kept, each with the record that it is about."""

from __future__ import annotations

import sqlite3

from kg.records import Reject

_BATCH = 1_000
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

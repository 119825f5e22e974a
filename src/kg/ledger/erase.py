"""How is a source purged, and what else knew of it?"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import orjson

from kg.database import writing
from kg.ledger.loads import find_source


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A report that was written: its files, the day it states, and the sources it named."""

    files: tuple[str, ...]
    day: str
    sources: tuple[str, ...]


def note_report(connection: sqlite3.Connection, entry: ReportEntry) -> None:
    """Remember that a report was written, so that whoever erases a source learns which reports named it."""
    row = (orjson.dumps(entry.files).decode(), entry.day, orjson.dumps(entry.sources).decode())
    with writing(connection):
        version = "(SELECT value FROM meta WHERE name = 'version')"
        connection.execute(f"INSERT INTO report (files, day, version, sources) VALUES (?, ?, {version}, ?)", row)


def reports_naming(connection: sqlite3.Connection, source: str) -> list[ReportEntry]:
    """The reports that named a source, oldest first."""
    rows = connection.execute("SELECT files, day, sources FROM report ORDER BY num")
    entries = (ReportEntry(tuple(orjson.loads(f)), day, tuple(orjson.loads(s))) for f, day, s in rows)
    return [entry for entry in entries if source in entry.sources]


def purge(connection: sqlite3.Connection, name: str) -> None:
    """Remove every trace of a withdrawn source from the file: records, loads, judgements only it gave names to.

    What deleted rows leave on the disk is overwritten: pages, search index and write-ahead log. Raises NotFound.
    """
    connection.execute("PRAGMA secure_delete = ON")
    with writing(connection):
        source = find_source(connection, name)
        for table in ("record", "load"):
            connection.execute(f"DELETE FROM {table} WHERE source = ?", (source,))
        connection.execute("DELETE FROM source WHERE num = ?", (source,))
        unused = "(SELECT num FROM namespace WHERE num NOT IN (SELECT namespace FROM source))"
        connection.execute(f"DELETE FROM judgement WHERE one_ns IN {unused} OR other_ns IN {unused}")
        connection.execute("INSERT INTO name (name) VALUES ('optimize')")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

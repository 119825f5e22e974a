"""Purge a source from the ledger and the disk, and list the reports that named it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import orjson

from kg.database import set_meta, write_transaction
from kg.errors import StoreBusy
from kg.ledger.loads import find_source
from kg.records import JURISDICTION_NAMESPACE

_PENDING_SCRUBS = "unscrubbed"
_SCRUB_DELAYED = (
    "another process uses the store, so the erased source's traces on the disk are left; erase it again after it"
)

_UNUSED = """({end}_ns = ?1 AND NOT EXISTS (SELECT 1 FROM record r WHERE r.source IN (
    SELECT num FROM source WHERE namespace = ?1) AND r.from_key IS NULL AND {which} (r.key = {end}_key
    OR EXISTS (SELECT 1 FROM json_each(r.body, '$.referents') WHERE value = {end}_key))))"""
_UNUSED_ENDS, _UNUSED_OPEN_ENDS = (
    " OR ".join(_UNUSED.format(end=end, which=which) for end in ("one", "other"))
    for which in ("", "NOT r.protected AND")
)
"""True of judgements about names of a namespace that no record, or no open one, uses any longer as its key or as a
referent, in force or not."""

_PURGE_NAMESPACES = """DELETE FROM namespace WHERE name <> ? AND num NOT IN (
    SELECT namespace FROM source UNION SELECT from_ns FROM record WHERE from_ns IS NOT NULL
    UNION SELECT to_ns FROM record WHERE to_ns IS NOT NULL
    UNION SELECT one_ns FROM judgement UNION SELECT other_ns FROM judgement)"""
"""Those that nothing uses any longer."""


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A report that was written: its files, the day it states, and the sources it named."""

    files: tuple[str, ...]
    day: str
    sources: tuple[str, ...]


def record_report(connection: sqlite3.Connection, entry: ReportEntry) -> None:
    """Record that a report was written, so that `kg withdraw --erase` can list the reports that named a source."""
    row = (orjson.dumps(entry.files).decode(), entry.day, orjson.dumps(entry.sources).decode())
    with write_transaction(connection):
        version = "(SELECT value FROM meta WHERE name = 'version')"
        connection.execute(f"INSERT INTO report (files, day, version, sources) VALUES (?, ?, {version}, ?)", row)


def reports_naming(connection: sqlite3.Connection, source: str) -> list[ReportEntry]:
    """The reports that named a source, oldest first."""
    rows = connection.execute("SELECT files, day, sources FROM report ORDER BY num")
    entries = (ReportEntry(tuple(orjson.loads(f)), day, tuple(orjson.loads(s))) for f, day, s in rows)
    return [entry for entry in entries if source in entry.sources]


def purge(connection: sqlite3.Connection, name: str, *, protected: bool = False) -> tuple[int, int]:
    """Remove the rows of a withdrawn source: records, loads, judgements about names that no other source uses.

    Returns how many records and judgements there were, as far as the scope sees them. What they leave on the
    disk stays there until `scrub`.
    Raises NotFound.
    """
    connection.execute("PRAGMA secure_delete = ON")
    with write_transaction(connection):
        source = find_source(connection, name)
        namespace = connection.execute("SELECT namespace FROM source WHERE num = ?", (source,)).fetchone()[0]
        records = _count(connection, "record WHERE source = ? AND (? OR NOT protected)", source, protected)
        connection.execute("DELETE FROM record WHERE source = ?", (source,))
        connection.execute("DELETE FROM load WHERE source = ?", (source,))
        connection.execute("DELETE FROM source WHERE num = ?", (source,))
        # What everybody sees goes with the last open record of a name; what is left then only the scope sees.
        unseen = f"judgement WHERE seen IS NOT NULL AND ({_UNUSED_OPEN_ENDS})"
        judgements = _count(connection, unseen, namespace)
        connection.execute(f"UPDATE {unseen.replace(' WHERE', ' SET seen = NULL WHERE', 1)}", (namespace,))
        deleted = connection.execute(f"DELETE FROM judgement WHERE {_UNUSED_ENDS}", (namespace,)).rowcount
        judgements = deleted if protected else judgements
        connection.execute(_PURGE_NAMESPACES, (JURISDICTION_NAMESPACE,))
        connection.execute("INSERT INTO name (name) VALUES ('optimize')")
        set_meta(connection, _PENDING_SCRUBS, orjson.dumps([*pending_scrubs(connection), name]).decode())
    return records, judgements


def _count(connection: sqlite3.Connection, which: str, *values: object) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {which}", values).fetchone()[0])


def pending_scrubs(connection: sqlite3.Connection) -> list[str]:
    """The sources whose rows were removed and whose traces on the disk were not yet overwritten."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (_PENDING_SCRUBS,)).fetchone()
    return list(orjson.loads(row[0])) if row else []


def scrub(connection: sqlite3.Connection) -> None:
    """Overwrite what removed rows left on the disk: free pages, search index, write-ahead log.

    Raises StoreBusy while another process reads the store or writes to it; what is left is then still noted.
    """
    connection.execute("PRAGMA secure_delete = ON")
    try:
        connection.execute("VACUUM")
        _truncate_log(connection)
        with write_transaction(connection):
            connection.execute("DELETE FROM meta WHERE name = ?", (_PENDING_SCRUBS,))
        _truncate_log(connection)
    except sqlite3.OperationalError as error:
        raise StoreBusy(f"{_SCRUB_DELAYED} ({error})") from None


def _truncate_log(connection: sqlite3.Connection) -> None:
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreBusy(_SCRUB_DELAYED)

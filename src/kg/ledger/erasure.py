"""Purge a source from the ledger and the disk, and list the reports that named it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from kg.database import set_meta, write_transaction
from kg.errors import StoreBusy
from kg.ledger.loads import find_source
from kg.records import JURISDICTION_NAMESPACE

_PENDING_SCRUBS = "unscrubbed"
_SCRUB_DELAYED = (
    "another process uses the store, so the erased source's traces on the disk are left; erase it again after it"
)


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A report that was written: its files, the day it states, and the sources it named."""

    files: tuple[str, ...]
    day: str
    sources: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {"files": list(self.files), "day": self.day, "sources": list(self.sources)}


class PurgeCounts(NamedTuple):
    """How many rows of the ledger were removed."""

    records: int
    judgements: int


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


def purge(connection: sqlite3.Connection, name: str) -> PurgeCounts:
    """Remove the rows of a withdrawn source: records, loads, judgements about names that no other source uses.

    What they leave on the disk stays there until `scrub`. Raises NotFound.
    """
    connection.execute("PRAGMA secure_delete = ON")
    with write_transaction(connection):
        source = find_source(connection, name)
        namespace = connection.execute("SELECT namespace FROM source WHERE num = ?", (source,)).fetchone()[0]
        records = connection.execute("DELETE FROM record WHERE source = ?", (source,)).rowcount
        connection.execute("DELETE FROM load WHERE source = ?", (source,))
        connection.execute("DELETE FROM source WHERE num = ?", (source,))
        judgements = _purge_judgements(connection, namespace)
        _purge_namespaces(connection)
        connection.execute("INSERT INTO name (name) VALUES ('optimize')")
        set_meta(connection, _PENDING_SCRUBS, orjson.dumps([*pending_scrubs(connection), name]).decode())
    return PurgeCounts(records, judgements)


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


def _purge_judgements(connection: sqlite3.Connection, namespace: int) -> int:
    """Remove the judgements about names of the namespace that no record uses any longer, in force or not."""
    count = 0
    rows = connection.execute("SELECT num, one_ns, one_key, other_ns, other_key FROM judgement").fetchall()
    for num, one_ns, one_key, other_ns, other_key in rows:
        keys = [key for space, key in ((one_ns, one_key), (other_ns, other_key)) if space == namespace]
        if any(not _is_used(connection, namespace, key) for key in keys):
            count += connection.execute("DELETE FROM judgement WHERE num = ?", (num,)).rowcount
    return count


def _is_used(connection: sqlite3.Connection, namespace: int, key: str) -> bool:
    """Whether a record of a source of the namespace has the key, or names it as a referent."""
    query = """SELECT 1 FROM record WHERE source IN (SELECT num FROM source WHERE namespace = ?1) AND from_key IS NULL
        AND (key = ?2 OR EXISTS (SELECT 1 FROM json_each(body, '$.referents') WHERE value = ?2)) LIMIT 1"""
    return connection.execute(query, (namespace, key)).fetchone() is not None


def _purge_namespaces(connection: sqlite3.Connection) -> None:
    """Remove the names of namespaces that nothing uses any longer."""
    connection.execute(
        """DELETE FROM namespace WHERE name <> ? AND num NOT IN (
            SELECT namespace FROM source UNION SELECT from_ns FROM record WHERE from_ns IS NOT NULL
            UNION SELECT to_ns FROM record WHERE to_ns IS NOT NULL
            UNION SELECT one_ns FROM judgement UNION SELECT other_ns FROM judgement)""",
        (JURISDICTION_NAMESPACE,),
    )

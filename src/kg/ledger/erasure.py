"""Purge a source from the ledger and the disk, and list the reports that named it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import orjson

from kg.database import (
    checkpoint,
    keep_numbers,
    log_path,
    merge_search_indexes,
    read_json,
    set_meta,
    to_store_error,
    write_transaction,
)
from kg.errors import StoreBusy, StoreError
from kg.ledger.loads import find_source
from kg.ledger.remarks import forget_remarks
from kg.ledger.stage.line_cache import forget_lines
from kg.records import JURISDICTION_NAMESPACE

_PENDING_SCRUBS = "unscrubbed"
_SCRUB_DELAYED = (
    "another process uses the store, so the erased source's traces on the disk are left; erase it again after it"
)

_WAIT = 2.0
"""Seconds that the copying of the log waits for a writer."""

_PAUSE = 1.0
"""Seconds between two attempts, and by how much each pause is longer: a slow service has to come in between."""

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
    SELECT namespace FROM source UNION SELECT from_ns FROM record_kind UNION SELECT to_ns FROM record_kind
    UNION SELECT one_ns FROM judgement UNION SELECT other_ns FROM judgement)"""
"""Those that nothing uses any longer."""


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """Something that somebody did: an export, a report or an erasure."""

    day: str
    kind: str
    user: str
    what: str
    protected: bool = False
    """Whether only the protected scope sees it."""


def record_activity(connection: sqlite3.Connection, entry: ActivityEntry) -> None:
    """Record that somebody did something."""
    row = (entry.day, entry.kind, entry.user, entry.what, entry.protected)
    connection.execute("INSERT INTO activity (day, kind, user, what, protected) VALUES (?, ?, ?, ?, ?)", row)


def list_activities(connection: sqlite3.Connection) -> list[ActivityEntry]:
    """What was done, as the connection's scope sees it, oldest first."""
    rows = connection.execute("SELECT day, kind, user, what, protected FROM activity ORDER BY num")
    return [ActivityEntry(day, kind, user, what, bool(hidden)) for day, kind, user, what, hidden in rows]


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
    entries = (ReportEntry(tuple(read_json(f, list)), day, tuple(read_json(s, list))) for f, day, s in rows)
    return [entry for entry in entries if source in entry.sources]


def purge(
    connection: sqlite3.Connection, name: str, entry: ActivityEntry | None = None, *, protected: bool = False
) -> tuple[int, int]:
    """Remove the rows of a withdrawn source: records, loads, judgements about names that no other source uses.

    Returns how many records and judgements there were, as far as the scope sees them. `entry` says who does it. What
    they leave on the disk stays there until `scrub`.
    Raises NotFound.
    """
    connection.execute("PRAGMA secure_delete = ON")
    with write_transaction(connection):
        source = find_source(connection, name)
        namespace = connection.execute("SELECT namespace FROM source WHERE num = ?", (source,)).fetchone()[0]
        records = _count(connection, "record WHERE source = ? AND (? OR NOT protected)", source, protected)
        keep_numbers(connection)
        forget_lines(connection, source)
        connection.execute("DELETE FROM stored_record WHERE source = ?", (source,))
        connection.execute("DELETE FROM record_kind WHERE num NOT IN (SELECT kind FROM stored_record)")
        connection.execute("DELETE FROM provenance WHERE source = ?", (name,))
        connection.execute("DELETE FROM load WHERE source = ?", (source,))
        forget_remarks(connection, source)
        connection.execute("DELETE FROM source WHERE num = ?", (source,))
        connection.execute("DELETE FROM file WHERE num NOT IN (SELECT file FROM record WHERE file IS NOT NULL)")
        if entry:
            record_activity(connection, entry)
        # What everybody sees goes with the last open record of a name; what is left then only the scope sees.
        unseen = f"judgement WHERE seen IS NOT NULL AND ({_UNUSED_OPEN_ENDS})"
        judgements = _count(connection, unseen, namespace)
        connection.execute(f"UPDATE {unseen.replace(' WHERE', ' SET seen = NULL WHERE', 1)}", (namespace,))
        deleted = connection.execute(f"DELETE FROM judgement WHERE {_UNUSED_ENDS}", (namespace,)).rowcount
        judgements = deleted if protected else judgements
        connection.execute("DELETE FROM suggestion")  # they may tell what is erased, and are made anew at will
        connection.execute(_PURGE_NAMESPACES, (JURISDICTION_NAMESPACE,))
        merge_search_indexes(connection)
        set_meta(connection, _PENDING_SCRUBS, orjson.dumps([*pending_scrubs(connection), name]).decode())
    return records, judgements


def _count(connection: sqlite3.Connection, which: str, *values: object) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {which}", values).fetchone()[0])


def pending_scrubs(connection: sqlite3.Connection) -> list[str]:
    """The sources whose rows were removed and whose traces on the disk were not yet overwritten."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (_PENDING_SCRUBS,)).fetchone()
    return list(read_json(row[0], list)) if row else []


def scrub(connection: sqlite3.Connection, remove_copies: Callable[[Sequence[str]], int] = lambda sources: 0) -> None:
    """Overwrite what removed rows left on the disk: free pages, search index, write-ahead log.

    `remove_copies` removes what is copied with a source, and says how many copies are left because somebody reads them.
    Raises StoreBusy while another process reads the store, a copy, or writes to it; what is left is then still noted.
    """
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA journal_size_limit = 0")  # a log that begins anew keeps nothing of the one before
    try:
        connection.execute("VACUUM")
        sources = pending_scrubs(connection)
        pending = orjson.dumps(sources).decode()

        def note() -> None:
            set_meta(connection, _PENDING_SCRUBS, pending)

        _restart_log(connection, note, note)
        _wait_until(connection, lambda: not remove_copies(sources))  # no copy is begun any longer of what was erased
        forget = partial(connection.execute, "DELETE FROM meta WHERE name = ?", (_PENDING_SCRUBS,))
        _restart_log(connection, forget, note)
        checkpoint(_path(connection))
    except (sqlite3.Error, StoreBusy) as error:
        raised = error if isinstance(error, StoreError) else to_store_error(error)
        if isinstance(raised, StoreBusy):
            raise StoreBusy(_SCRUB_DELAYED) from error
        raise raised from error


def _restart_log(connection: sqlite3.Connection, write: Callable[[], object], undo: Callable[[], object]) -> None:
    """Copy the log into the file and write something, which begins the log anew; what did not is undone.

    Readers that still need the log, a service for one, have the time that a writer waits for another one to go on to
    the newest version. Raises StoreBusy if they do not.
    """
    path, before = _path(connection), _log_number(_path(connection))

    def is_restarted() -> bool:
        if checkpoint(path, timeout=_WAIT).is_complete:
            with write_transaction(connection):
                write()
            if before is None or _log_number(path) != before:
                return True
            with write_transaction(connection):
                undo()
        return False

    _wait_until(connection, is_restarted)


def _wait_until(connection: sqlite3.Connection, is_done: Callable[[], bool]) -> None:
    """Try as long as a writer waits for another one. Raises StoreBusy."""
    end, pause = time.monotonic() + connection.execute("PRAGMA busy_timeout").fetchone()[0] / 1000, _PAUSE
    while not is_done():
        if time.monotonic() > end:
            raise StoreBusy(_SCRUB_DELAYED)
        time.sleep(pause)
        pause += _PAUSE


def _log_number(path: Path) -> bytes | None:
    """What the header of the write-ahead log has anew each time that it begins anew; None for an empty log."""
    try:
        with log_path(path).open("rb") as file:
            return file.read(24)[12:] or None  # checkpoint number and salts
    except FileNotFoundError:
        return None


def _path(connection: sqlite3.Connection) -> Path:
    return Path(connection.execute("PRAGMA database_list").fetchone()[2])

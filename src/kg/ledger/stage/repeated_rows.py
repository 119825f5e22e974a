"""Rows of a load that repeat or contradict what another row of it says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from kg.database.views import record_body
from kg.ledger.stage.table import index_stage
from kg.records import ReadResult, Record, Reject

_COUNT_REPEATS = """CREATE TEMP TABLE repeated AS SELECT key, part, min(digest) <> max(digest) AS differs
    FROM temp.stage GROUP BY key, part HAVING count(*) > 1"""

_REPEATS = "temp.stage s CROSS JOIN temp.repeated r ON r.key = s.key AND r.part = s.part"
"""The repeated records; CROSS JOIN makes SQLite read the stage once and look each record up."""


class RefusedRow(NamedTuple):
    """A row that contradicts an earlier one."""

    reason: str
    line: int
    body: str
    """The content of the record that differs."""
    protected: bool
    """Whether the row has a protected record."""
    kept: int
    """The number of the row that it contradicts; its own where it contradicts itself."""


def number_rows(readings: Iterable[ReadResult]) -> Iterator[tuple[int, ReadResult]]:
    """Each result with the number of its row; a record without a row is a row of its own."""
    number, row = 0, None
    for reading in readings:
        if isinstance(reading, Record) and (reading.row is None or reading.row is not row):
            number, row = number + 1, reading.row
        yield number, reading


def refuse_conflicting_rows(connection: sqlite3.Connection, *, may_repeat: bool = True) -> dict[int, RefusedRow]:
    """Remove whole rows that contradict an earlier one from the stage; returns them by number.

    There are none where no two rows are about one record, which `may_repeat` tells.

    Open records stay as if there were no protected ones: a row whose protected record contradicts another one loses its
    protected records alone.
    """
    if not may_repeat:
        connection.execute("DROP TABLE IF EXISTS temp.repeated")
        connection.execute("CREATE TEMP TABLE repeated (key TEXT, part TEXT, differs INTEGER)")
        return {}
    _count_repeats(connection)
    if not connection.execute("SELECT 1 FROM temp.repeated WHERE differs LIMIT 1").fetchone():
        return {}
    connection.execute("CREATE INDEX temp.repeated_key ON repeated (key, part)")
    refused: dict[int, RefusedRow] = {}
    kept: dict[tuple[str, str], tuple[bytes, int]] = {}
    for protected in (False, True):
        refused |= _remove_rows(connection, _conflicting_records(connection, kept, protected), protected)
    return dict(sorted(refused.items()))


def _count_repeats(connection: sqlite3.Connection) -> None:
    """Make the table of what is repeated, after rows with one identity and other content got back their own keys."""
    connection.execute("DROP TABLE IF EXISTS temp.repeated")
    index_stage(connection)
    connection.execute(_COUNT_REPEATS)
    differing = "row_key IS NOT NULL AND key IN (SELECT key FROM temp.repeated WHERE differs)"
    if connection.execute(f"UPDATE temp.stage SET key = row_key, row_key = NULL WHERE {differing}").rowcount:
        connection.execute("DROP TABLE temp.repeated")
        connection.execute(_COUNT_REPEATS)


def keep_known_keys(connection: sqlite3.Connection, source: str) -> None:
    """Give back their own keys to rows of a delta with one identity, and to those that the source has under theirs."""
    _count_repeats(connection)
    in_force = """SELECT r.key FROM record r JOIN source s ON s.num = r.source
        WHERE s.name = ? AND r.until IS NULL AND r.from_key IS NOT NULL"""
    connection.execute(f"UPDATE temp.stage SET key = row_key WHERE row_key IN ({in_force})", (source,))


def _conflicting_records(
    connection: sqlite3.Connection, kept: dict[tuple[str, str], tuple[bytes, int]], protected: bool
) -> list[tuple[int, int, int]]:
    """The rows that contradict an earlier row or themselves, with the numbers of the record that does and that row."""
    query = f"""SELECT s.row, s.num, s.key, s.part, s.digest FROM {_REPEATS}
        WHERE r.differs AND s.protected = ? ORDER BY s.num"""
    found: list[tuple[int, int, int]] = []
    for row, records in groupby(connection.execute(query, (protected,)), key=lambda record: record[0]):
        said: dict[tuple[str, str], tuple[bytes, int]] = {}
        clash, other = 0, 0
        for _, num, key, part, digest in records:
            first, of_row = said.setdefault((key, part), kept.get((key, part), (digest, row)))
            if not clash and first != digest:
                clash, other = num, of_row
        if clash:
            found.append((row, clash, other))
        else:
            kept.update(said)
    return found


def _remove_rows(
    connection: sqlite3.Connection, found: list[tuple[int, int, int]], protected: bool
) -> dict[int, RefusedRow]:
    """Remove rows, or only their protected records, and return them."""
    connection.execute("DROP TABLE IF EXISTS temp.refused")
    connection.execute("CREATE TEMP TABLE refused (row INTEGER PRIMARY KEY, num INTEGER, kept INTEGER)")
    connection.executemany("INSERT INTO temp.refused VALUES (?, ?, ?)", found)
    of_rows = "row IN (SELECT row FROM temp.refused)"
    hidden = dict(connection.execute(f"SELECT row, max(protected) FROM temp.stage WHERE {of_rows} GROUP BY row"))
    query = f"""SELECT f.row, r.key, r.part, r.line, {record_body("r")}, f.kept FROM temp.refused f
        JOIN temp.stage r ON r.num = f.num"""
    rows = {
        row: RefusedRow(_reason(key, part), line, body, bool(hidden[row]), kept)
        for row, key, part, line, body, kept in connection.execute(query)
    }
    connection.execute(f"DELETE FROM temp.stage WHERE {of_rows}{' AND protected' if protected else ''}")
    return rows


def _reason(key: str, part: str) -> str:
    return f"key {key!r}{f' ({part})' if part else ''} occurs again with other content; the first is kept"


def reject_rows(refused: Mapping[int, RefusedRow], readings: Iterable[ReadResult], files: str) -> Iterator[Reject]:
    """A reject for each refused row, with the text that its file has; for that the `readings` are read again.

    A row that is not among them is shown by the content of its record that differs.
    """
    left = dict(refused)
    places = dict.fromkeys((row.kept for row in refused.values()), ("", 0))
    for number, reading in number_rows(readings) if left else ():
        if number in places and isinstance(reading, Record) and reading.row is not None:
            place = reading.row.reject("")
            places[number] = place.file, place.line
        if number in left and isinstance(reading, Record) and reading.row is not None:
            row = left.pop(number)
            reject = replace(reading.row.reject(row.reason), protected=row.protected)
            file, line = places[row.kept]
            if file not in ("", reject.file):
                reject = replace(reject, reason=f"{row.reason}, which is in {file}:{line}")
            yield reject
        if not left:
            return
    for row in left.values():
        yield Reject(files, row.line, row.reason, row.body, protected=row.protected)


class RepeatedRecord(NamedTuple):
    """A record that a load has twice."""

    key: str
    line: int
    """Of the row that is left out."""
    counted_line: int
    """Of the row that counts."""
    is_row: bool
    """Whether the whole row is equal to the other one."""


class Repeats(NamedTuple):
    """How often a load says what it has said."""

    equal_rows: int
    """Rows that are equal to another, however many records each has."""
    records: int
    """Other repeated records, such as parties that several rows name."""
    examples: tuple[RepeatedRecord, ...]
    """The first of both."""


_NO_REPEATS = Repeats(0, 0, ())
EXAMPLES = 3
"""How many repeated records are named, of rows and of others."""


def remove_equal_records(connection: sqlite3.Connection) -> tuple[Repeats, Repeats]:
    """Remove records that an earlier one equals; of open and protected ones an open one stays.

    Call it after `refuse_conflicting_rows`. Returns what was removed, and the open ones of it.
    """
    if not connection.execute("SELECT 1 FROM temp.repeated LIMIT 1").fetchone():
        return _NO_REPEATS, _NO_REPEATS
    connection.execute("CREATE INDEX IF NOT EXISTS temp.repeated_key ON repeated (key, part)")
    connection.execute("DROP TABLE IF EXISTS temp.surplus")
    connection.execute(
        f"""CREATE TEMP TABLE surplus AS SELECT num, key, part, protected, named, first AS counted FROM (
        SELECT s.num, s.key, s.part, s.protected, s.named,
            first_value(s.num) OVER (PARTITION BY s.key, s.part ORDER BY s.protected, s.num) AS first
        FROM {_REPEATS}) WHERE num <> first"""
    )
    found = _count_surplus(connection, "1"), _count_surplus(connection, "NOT protected")
    connection.execute("DELETE FROM temp.stage WHERE num IN (SELECT num FROM temp.surplus)")
    return found


def _count_surplus(connection: sqlite3.Connection, condition: str) -> Repeats:
    query = f"""SELECT (SELECT coalesce(sum(times), 0) FROM (SELECT max(times) AS times FROM (
            SELECT key, count(*) AS times FROM temp.surplus WHERE {condition} AND NOT named GROUP BY key, part)
            GROUP BY key)),
        (SELECT count(*) FROM temp.surplus WHERE {condition} AND named)"""
    rows, records = connection.execute(query).fetchone()
    return Repeats(rows, records, _examples(connection, condition))


def _examples(connection: sqlite3.Connection, condition: str) -> tuple[RepeatedRecord, ...]:
    """The first repeated records of the table `surplus`."""
    query = f"""SELECT u.key, s.line, c.line, NOT u.named FROM (SELECT * FROM temp.surplus WHERE {condition}) u
        JOIN temp.stage s ON s.num = u.num JOIN temp.stage c ON c.num = u.counted
        WHERE u.named = ?
        GROUP BY u.key, s.line, c.line ORDER BY min(u.num) LIMIT {EXAMPLES}"""
    rows = (row for named in (False, True) for row in connection.execute(query, (named,)))
    return tuple(RepeatedRecord(key, line, counted, bool(is_row)) for key, line, counted, is_row in rows)


def keep_last_rows(connection: sqlite3.Connection) -> tuple[Repeats, Repeats]:
    """Of rows that begin with the same record, and of other repeated records, keep the last, as a delta demands.

    Returns what was removed because it is repeated, and the open ones of it that repeated an open one.
    """
    every, only_open = (_replaced_rows(connection, which) for which in ("1", "NOT protected"))
    if every.records:
        connection.execute(
            """DELETE FROM temp.stage WHERE row IN (SELECT row FROM (
            SELECT s.row, max(s.row) OVER (PARTITION BY s.key, s.part) AS last
            FROM temp.stage s WHERE s.num IN (SELECT min(num) FROM temp.stage GROUP BY row)) WHERE row < last)"""
        )
        connection.execute(
            "DELETE FROM temp.stage WHERE num NOT IN (SELECT max(num) FROM temp.stage GROUP BY key, part)"
        )
    return every, only_open


def _replaced_rows(connection: sqlite3.Connection, condition: str) -> Repeats:
    """The records that a later one of a delta replaces."""
    connection.execute("DROP TABLE IF EXISTS temp.surplus")
    connection.execute(
        f"""CREATE TEMP TABLE surplus AS SELECT num, key, protected, 1 AS named, last AS counted FROM (
        SELECT num, key, protected, max(num) OVER (PARTITION BY key, part) AS last FROM temp.stage WHERE {condition})
        WHERE num < last"""
    )
    count = int(connection.execute("SELECT count(*) FROM temp.surplus").fetchone()[0])
    return Repeats(0, count, _examples(connection, "1"))

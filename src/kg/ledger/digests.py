"""By which digest are two contents known to be the same?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from kg.ledger.rules.content_digest import content_digest, record_digest

IN_PROTECTED_SCOPE = "protected facts (KG_SCOPE=protected names them)"
"""What stands for whatever differs and does not exist for everybody."""

RECORDS_OF = "records of "
"""How what is said of a source begins whose records are not those that were loaded."""

_RECORDS = """SELECT r.type, f.name, from_key, t.name, to_key, body, digest, {hidden} FROM {in_}record r
    LEFT JOIN {in_}namespace f ON f.num = from_ns LEFT JOIN {in_}namespace t ON t.num = to_ns WHERE +r.source = ?"""
"""What the digest of each record of a source is made from, and the digest; also of those that are not in force.
The plus keeps SQLite from finding them by an index, which may be damaged."""

_NEWEST_LOADS = """SELECT s.num, s.name, load.digest, load.open_digest, s.protected
    FROM {in_}source s JOIN {in_}load ON load.source = s.num
    WHERE load.num = (SELECT max(num) FROM {in_}load WHERE source = s.num) ORDER BY s.name"""


def source_digest(connection: sqlite3.Connection, source: int, schema: str = "main.", which: str = "") -> str:
    """The same digest, computed from all records in force of a source (its number); `which` is a condition of SQL."""
    query = f"SELECT key, part, digest FROM {schema}record WHERE source = ? AND until IS NULL {which}"
    return content_digest("", connection.execute(query, (source,)), ())


def changed_records(connection: sqlite3.Connection, schema: str = "main.") -> Iterator[tuple[str, bool]]:
    """The sources of which a record, in force or not, is no longer what its own digest says, and whether only
    protected ones are.
    """
    query = _RECORDS.format(in_=schema, hidden="r.protected" if _knows_scopes(connection, schema) else "1")
    for source, name in connection.execute(f"SELECT num, name FROM {schema}source ORDER BY name").fetchall():
        records = connection.execute(query, (source,))
        changed = {bool(row[7]) for row in records if record_digest(row[0], row[1:5], row[5]) != row[6]}
        if changed:
            yield f"{RECORDS_OF}{name}", False not in changed


def sources_with_other_digest(connection: sqlite3.Connection, schema: str = "main.") -> Iterator[tuple[str, bool]]:
    """The sources whose records differ from the digest of their newest load, and whether only protected ones do."""
    if not _knows_scopes(connection, schema):
        return
    for source, name, digest, open_digest, is_hidden in connection.execute(_NEWEST_LOADS.format(in_=schema)).fetchall():
        found = source_digest(connection, source, schema)
        open_found = source_digest(connection, source, schema, "AND NOT protected")
        if not is_hidden and open_found != open_digest:
            yield f"{RECORDS_OF}{name}", False
        elif found != digest:
            yield f"{RECORDS_OF}{name}", True


def visible_names(found: Iterable[tuple[str, bool]], *, protected: bool) -> tuple[str, ...]:
    """The names of what was found, each once; without the scope those of protected things are not told."""
    return tuple(dict.fromkeys(_unnamed(name) if hidden and not protected else name for name, hidden in found))


def _unnamed(name: str) -> str:
    return f"{RECORDS_OF if name.startswith(RECORDS_OF) else ''}{IN_PROTECTED_SCOPE}"


def _knows_scopes(connection: sqlite3.Connection, schema: str) -> bool:
    """Whether the file notes which records are protected; those of format 6 do not."""
    return int(connection.execute(f"PRAGMA {schema}user_version").fetchone()[0]) > 6

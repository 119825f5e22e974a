"""What does a scope see of the SQLite file? Views of the same names as its tables show that and nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from kg.database import OPEN_COUNTS, OPEN_STATUS_DAY, OPEN_VERSION, STATUS_DAY
from kg.ontology.handling import without_protected
from kg.records import WAITS_FOR_ALL, WAITS_IN_SCOPE

_BODY = """CASE WHEN instr(merged_body, '"protected"') THEN visible_body(merged_body) ELSE body END AS body"""
_OF_OPEN_NODE = "NOT EXISTS (SELECT 1 FROM {file}.stored_node n WHERE n.num = {table}.node AND n.protected)"
_COUNTS = ", ".join(f"open_{name} AS {name}" for name in OPEN_COUNTS)

_OPEN_VIEWS = {
    "meta": f"""SELECT name, CASE name WHEN 'version' THEN (SELECT value FROM {{file}}.meta m
        WHERE m.name = '{OPEN_VERSION}') WHEN '{STATUS_DAY}' THEN (SELECT value FROM {{file}}.meta m
        WHERE m.name = '{OPEN_STATUS_DAY}') ELSE value END AS value FROM {{file}}.meta""",
    "source": "SELECT num, name, namespace, title, invented FROM {file}.source WHERE NOT protected",
    "load": f"""SELECT seen AS num, source, kind, day, files, {_COUNTS}, seen, content, user, case_reference
        FROM {{file}}.load
        WHERE seen IS NOT NULL""",
    "record": """SELECT num, source, key, part, type, from_ns, from_key, to_ns, to_key, body, digest, merges,
        (SELECT seen FROM {file}.load WHERE load.num = record.since) AS since,
        (SELECT seen FROM {file}.load WHERE load.num = record.until) AS until, until AS ended, protected, file, line,
        has_unread
        FROM {file}.record WHERE NOT protected""",
    "judgement": """SELECT seen AS num, kind, one_ns, one_key, other_ns, other_key, by, why, day, undone, undone_by,
        undone_why, seen, user, undone_user, waits, confirmed, confirmed_by, confirmed_why, confirmed_user,
        open_ends AS ends FROM {file}.judgement WHERE seen IS NOT NULL""",
    "suggestion": "SELECT * FROM {file}.suggestion WHERE NOT protected",
    "remark": "SELECT num, source, key, kind, reason, file, line FROM {file}.remark WHERE NOT protected",
    "activity": "SELECT num, day, kind, user, what, protected FROM {file}.activity WHERE NOT protected",
    "node": f"SELECT num, id, type, caption, {_BODY}, sought, protected FROM {{file}}.node WHERE NOT protected",
    "atom": f"SELECT key, ns, node FROM {{file}}.atom WHERE {_OF_OPEN_NODE.format(file='{file}', table='atom')}",
    "redirect": f"SELECT id, node FROM {{file}}.redirect WHERE {_OF_OPEN_NODE.format(file='{file}', table='redirect')}",
    "link": f"""SELECT num, id, type, tail, head, ns, key, part, {_BODY}, protected, derived, share_low, share_high,
        first_day, last_day, reliability, interest, credibility, type_number FROM {{file}}.link WHERE NOT protected""",
    "waiting": f"""SELECT key, ns, link_ns, link_key, link_part FROM {{file}}.waiting
        WHERE scopes & {WAITS_FOR_ALL}""",
}
"""What everybody sees is as if nothing protected had ever been loaded or judged.

`ended` of a record is for conditions: by it SQLite uses the indexes, and not by `until`, which is looked up."""

_PROTECTED_VIEWS = {
    "suggestion": "SELECT * FROM {file}.suggestion WHERE protected",
    "record": "SELECT *, until AS ended FROM {file}.record",
    "node": """SELECT num, id, type, coalesce(caption_protected, caption) AS caption, body, sought_protected AS sought,
        protected FROM {file}.node""",
    "waiting": f"""SELECT key, ns, link_ns, link_key, link_part FROM {{file}}.waiting
        WHERE scopes & {WAITS_IN_SCOPE}""",
}

_VIEWS = {False: _OPEN_VIEWS, True: _PROTECTED_VIEWS}


def set_scope(connection: sqlite3.Connection, *, protected: bool, file: str = "main") -> None:
    """From now on, names of tables without a schema show what one scope sees of the database `file`."""
    try:
        connection.execute("SELECT visible_body('{}')")
    except sqlite3.OperationalError:  # not there yet; it cannot be made anew while a statement runs
        connection.create_function("visible_body", 1, _visible_body, deterministic=True)
    _drop_views(connection)
    for name, query in _VIEWS[protected].items():
        connection.execute(f"CREATE TEMP VIEW {name} AS {query.format(file=file)}")


@contextmanager
def scope(connection: sqlite3.Connection, *, protected: bool) -> Iterator[None]:
    """The same for a block, on a connection that sees the whole file or one scope outside it."""
    before = _scope_of(connection)
    if before is protected:
        yield
        return
    set_scope(connection, protected=protected)
    try:
        yield
    finally:
        if before is None:
            _drop_views(connection)
        else:
            set_scope(connection, protected=before)


@contextmanager
def whole_file(connection: sqlite3.Connection) -> Iterator[None]:
    """For a block, names of tables mean the tables themselves again, on a connection that sees one scope outside it."""
    before = _scope_of(connection)
    _drop_views(connection)
    try:
        yield
    finally:
        if before is not None:
            set_scope(connection, protected=before)


def _scope_of(connection: sqlite3.Connection) -> bool | None:
    """The scope whose views the connection has; None for none."""
    names = {row[0] for row in connection.execute("SELECT name FROM temp.sqlite_master WHERE type = 'view'")}
    return next((is_protected for is_protected, views in _VIEWS.items() if names == views.keys()), None)


def _drop_views(connection: sqlite3.Connection) -> None:
    for name in _OPEN_VIEWS:
        connection.execute(f"DROP VIEW IF EXISTS temp.{name}")


def _visible_body(text: str) -> str:
    """A body of a node, a link or a record without what protected claims say; empty for one that is damaged, which its
    reader tells: what SQLite makes of an error here says nothing.
    """
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError:
        return ""
    return orjson.dumps(without_protected(body), option=orjson.OPT_SORT_KEYS).decode()

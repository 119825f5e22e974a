"""What the SQLite file knows of its sources and their unresolved links, and its as-of day."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import orjson

from kg.database import STATUS_DAY, find_meta, read_json
from kg.ports import SourceInfo, WaitingLink
from kg.records import Ref

_ENDS_AT_NODE = {"": ("to", "from"), "out": ("from",), "in": ("to",)}
"""Which end of a link is at a node, by the direction in which it is asked for."""

_RECORDS = """FROM waiting w CROSS JOIN source s ON s.namespace = w.link_ns
    CROSS JOIN record r ON r.source = s.num AND r.key = w.link_key AND r.part = w.link_part AND r.ended IS NULL
    AND r.from_key IS NOT NULL"""


def as_of(connection: sqlite3.Connection) -> str:
    """Day of the newest load that changed what a source with records in force says; empty when there is none.

    A load that changes nothing does not move it: one graph version has one day. If a paper has begun or ended since
    then, it is the day on which the last one did.
    """
    row = connection.execute(
        """SELECT coalesce(max(day), '') FROM load WHERE kind <> 'withdrawal' AND added + changed + withdrawn > 0
        AND EXISTS (SELECT 1 FROM record WHERE record.source = load.source AND ended IS NULL)"""
    ).fetchone()
    return str(row[0]) and max(str(row[0]), find_meta(connection, STATUS_DAY))


def content_digest(connection: sqlite3.Connection) -> str:
    """A digest of what the graph is made from: the same for two files that differ in no load and no judgement."""
    digest = hashlib.sha256()
    for query in (
        """SELECT s.name, s.title, s.invented, n.name, l.num, l.day, l.digest FROM source s
            JOIN namespace n ON n.num = s.namespace JOIN load l ON l.source = s.num
            WHERE l.num IN (SELECT max(num) FROM load GROUP BY source) ORDER BY s.name""",
        """SELECT j.num, kind, a.name, one_key, b.name, other_key, undone, waits FROM judgement j
            JOIN namespace a ON a.num = one_ns JOIN namespace b ON b.num = other_ns ORDER BY j.num""",
    ):
        for row in connection.execute(query):
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def list_sources(connection: sqlite3.Connection) -> Iterator[SourceInfo]:
    """Every source, by name, as the connection's scope sees it."""
    rows = connection.execute(
        """SELECT s.name, n.name, s.title, s.invented,
            (SELECT coalesce(sum(added - withdrawn), 0) FROM load WHERE load.source = s.num),
            (SELECT coalesce(max(day), '') FROM load WHERE load.source = s.num),
            (SELECT count(*) FROM load WHERE load.source = s.num),
            (SELECT digest FROM load WHERE load.source = s.num ORDER BY num DESC LIMIT 1),
            (SELECT coalesce(max(day), '') FROM load WHERE load.source = s.num AND added + changed + withdrawn > 0)
        FROM source s JOIN namespace n ON n.num = s.namespace ORDER BY s.name"""
    )
    waiting, unread = WaitingLinks(connection).count_by_source(), _count_unread(connection)
    remarks = _count_remarks(connection)
    for name, namespace, title, invented, records, day, loads, digest, changed in rows.fetchall():
        counts = waiting.get(name, 0), digest or "", changed, unread.get(name, {}), remarks.get(name, {})
        yield SourceInfo(name, namespace, title, bool(invented), records, day, loads, *counts)


def _count_unread(connection: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """By source: how many values of its records could not be read, by type and property; from the index of these."""
    found: dict[str, dict[str, int]] = {}
    rows = connection.execute(
        """SELECT s.name, r.type || '.' || iif(json_extract(v.value, '$[1]') = '', json_extract(v.value, '$[0]'),
            json_extract(v.value, '$[1]')) AS what, count(*)
        FROM record r CROSS JOIN source s ON s.num = r.source, json_each(r.body, '$.not_understood') v
        WHERE r.ended IS NULL AND r.has_unread GROUP BY s.name, what ORDER BY s.name, what"""
    )
    for source, what, count in rows:
        found.setdefault(source, {})[what] = count
    return found


def _count_remarks(connection: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """By source: how many remarks there are on what it says, by kind."""
    found: dict[str, dict[str, int]] = {}
    query = """SELECT s.name, r.kind, count(*) FROM remark r JOIN source s ON s.num = r.source
        GROUP BY s.name, r.kind ORDER BY s.name, r.kind"""
    for source, kind, count in connection.execute(query):
        found.setdefault(source, {})[kind] = count
    return found


def count_rejected_rows(connection: sqlite3.Connection, sources: Collection[str]) -> dict[str, int]:
    """How many rows were rejected at the last load of each source; sources without any are left out."""
    query = """SELECT s.name, load.rejected FROM load JOIN source s ON s.num = load.source
        WHERE load.num IN (SELECT max(num) FROM load GROUP BY source) AND load.rejected > 0
        AND s.name IN (SELECT value FROM json_each(?)) ORDER BY s.name"""
    return dict(connection.execute(query, (orjson.dumps(sorted(sources)).decode(),)).fetchall())


class WaitingLinks:
    """The unresolved links that the scope of a connection sees."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def count(self) -> int:
        """How many links are unresolved."""
        query = f"SELECT count(*) FROM (SELECT DISTINCT w.link_ns, w.link_key, w.link_part {_RECORDS})"
        return int(self._db.execute(query).fetchone()[0])

    def count_by_source(self) -> dict[str, int]:
        """How many links of each source are unresolved; a link that two sources state counts for both."""
        distinct = f"SELECT DISTINCT s.name AS name, w.link_key, w.link_part {_RECORDS}"
        return dict(self._db.execute(f"SELECT name, count(*) FROM ({distinct}) GROUP BY name"))

    def links(self, source: str = "", limit: int = 100) -> list[WaitingLink]:
        """Unresolved links, of one source or of all, by source, key and part."""
        return self._select("AND s.name = ?" if source else "", (source,) if source else (), limit)

    def links_of(
        self, nodes: Sequence[str], types: Sequence[str], limit: int = 100, direction: str = ""
    ) -> list[WaitingLink]:
        """Unresolved links of some types at one of some nodes, in one direction if given, by source, key and part.

        Links to jurisdictions are left out: a register has one for each record.
        """
        at = [f"atom.key = r.{end}_key AND atom.ns = r.{end}_ns" for end in _ENDS_AT_NODE[direction]]
        ends = " OR ".join(
            f"""EXISTS (SELECT 1 FROM atom JOIN node ON node.num = atom.node WHERE {end}
            AND node.id IN (SELECT value FROM json_each(?)))"""
            for end in at
        )
        others = "AND w.ns NOT IN (SELECT num FROM namespace WHERE name = 'jurisdiction')"
        only = f"{others} AND r.type IN ({', '.join('?' * len(types))}) AND ({ends})"
        return self._select(only, (*types, *[orjson.dumps(nodes).decode()] * len(at)), limit)

    def _select(self, only: str, asked: tuple[str, ...], limit: int) -> list[WaitingLink]:
        ends = f"""SELECT s.name, r.key, r.part, r.type, e.name, w.key {_RECORDS} JOIN namespace e ON e.num = w.ns
            WHERE NOT EXISTS (SELECT 1 FROM atom WHERE atom.key = w.key AND atom.ns = w.ns)
            {only} ORDER BY s.name, r.key, r.part, e.name, w.key LIMIT ?"""
        rows = self._db.execute(ends, (*asked, 2 * limit + 1))  # a link has at most two
        found = [
            WaitingLink(source, key, part, link_type, tuple(Ref(space, end) for *_, space, end in ends))
            for (source, key, part, link_type), ends in groupby(rows.fetchall(), key=lambda row: row[:4])
        ]
        return [self._with_place(link) for link in found[:limit]]

    def _with_place(self, link: WaitingLink) -> WaitingLink:
        """The link with the end that is there and with its file and line."""
        query = """SELECT fn.name, r.from_key, tn.name, r.to_key, f.name, r.line, r.body FROM record r
            JOIN source s ON s.num = r.source LEFT JOIN file f ON f.num = r.file
            JOIN namespace fn ON fn.num = r.from_ns JOIN namespace tn ON tn.num = r.to_ns
            WHERE s.name = ? AND r.key = ? AND r.part = ? AND r.ended IS NULL"""
        row = self._db.execute(query, (link.source, link.key, link.part)).fetchone()
        if row is None:
            return link
        start = Ref(*row[:2])
        end = next((ref for ref in (start, Ref(*row[2:4])) if ref not in link.missing), None)
        caption = """SELECT node.caption FROM atom JOIN namespace n ON n.num = atom.ns JOIN node ON node.num = atom.node
            WHERE n.name = ? AND atom.key = ?"""
        called = self._db.execute(caption, end).fetchone() if end else None
        place = ":".join(filter(None, (row[4], str(row[5] or "")))) if row[4] else ""
        present = (end, called[0] if called else "") if end else None
        return replace(link, present=present, place=place, starts_there=end == start, stated=_stated(row[6]))


def _stated(body: str) -> dict[str, tuple[str, ...]]:
    """The values that a record states, by property, with the words of those that were not understood."""
    stated = read_json(body)
    found = {name: tuple(values) for name, values in stated.get("properties", {}).items()}
    for name, of, words in stated.get("not_understood", ()):
        found[of or name] = (*found.get(of or name, ()), words)
    return found

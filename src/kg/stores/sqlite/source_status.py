"""What the SQLite file knows of its sources, and its as-of day."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator

from kg.ontology import Ontology
from kg.ports import SourceInfo
from kg.stores.sqlite.waiting_links import WaitingLinks


def as_of(connection: sqlite3.Connection) -> str:
    """Day of the newest load that changed what a source with records in force says; empty when there is none.

    A load that changes nothing does not move it: one graph version has one day.
    """
    row = connection.execute(
        """SELECT coalesce(max(day), '') FROM load WHERE kind <> 'withdrawal' AND added + changed + withdrawn > 0
        AND EXISTS (SELECT 1 FROM record WHERE record.source = load.source AND until IS NULL)"""
    ).fetchone()
    return str(row[0])


def content_digest(connection: sqlite3.Connection) -> str:
    """A digest of what the graph is made from: the same for two files that differ in no load and no judgement."""
    digest = hashlib.sha256()
    for query in (
        """SELECT s.name, s.title, s.invented, n.name, l.num, l.day, l.digest FROM source s
            JOIN namespace n ON n.num = s.namespace JOIN load l ON l.source = s.num
            WHERE l.num IN (SELECT max(num) FROM load GROUP BY source) ORDER BY s.name""",
        """SELECT j.num, kind, a.name, one_key, b.name, other_key, undone FROM judgement j
            JOIN namespace a ON a.num = one_ns JOIN namespace b ON b.num = other_ns ORDER BY j.num""",
    ):
        for row in connection.execute(query):
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def list_sources(connection: sqlite3.Connection, ontology: Ontology, *, protected: bool) -> Iterator[SourceInfo]:
    """Every source, by name, as those with this scope may see it."""
    rows = connection.execute(
        """SELECT s.name, n.name, s.title, s.invented,
            (SELECT coalesce(sum(added - withdrawn), 0) FROM load WHERE load.source = s.num),
            (SELECT coalesce(max(day), '') FROM load WHERE load.source = s.num),
            (SELECT count(*) FROM load WHERE load.source = s.num),
            (SELECT digest FROM load WHERE load.source = s.num ORDER BY num DESC LIMIT 1),
            (SELECT coalesce(max(day), '') FROM load WHERE load.source = s.num AND added + changed + withdrawn > 0)
        FROM source s JOIN namespace n ON n.num = s.namespace ORDER BY s.name"""
    )
    waiting = WaitingLinks(connection, ontology, protected=protected).count_by_source()
    for name, namespace, title, invented, records, day, loads, digest, changed in rows.fetchall():
        counted = waiting.get(name, 0)
        yield SourceInfo(name, namespace, title, bool(invented), records, day, loads, counted, digest or "", changed)

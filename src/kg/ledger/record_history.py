"""Which records were added, withdrawn or changed since a load?"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from kg.findings import CausingRecord
from kg.records import link_id, node_id

_SELECT_EVENTS = """SELECT s.name, n.name, r.key, r.part, r.from_key IS NOT NULL, r.until IS NULL, l.day,
        (SELECT node.id FROM atom JOIN node ON node.num = atom.node WHERE atom.key = r.key AND atom.ns = n.num)
    FROM record r JOIN source s ON s.num = r.source JOIN namespace n ON n.num = s.namespace
    JOIN load l ON l.num = coalesce(r.until, r.since)
    WHERE (r.since > ?1 AND r.until IS NULL OR r.since <= ?1 AND r.until > ?1)
    ORDER BY s.name, r.key, r.part, r.until IS NULL"""


def newest_load(connection: sqlite3.Connection) -> int:
    """The number of the newest load or withdrawal; 0 before the first."""
    return int(connection.execute("SELECT coalesce(max(num), 0) FROM load").fetchone()[0])


def record_events(connection: sqlite3.Connection, since: int, subjects: Collection[str]) -> list[CausingRecord]:
    """What happened after load number `since` to records about some nodes and links, by source and key.

    A record that went and came again is one that changed. Ids are those of now, or for nodes that are no more, those
    that they had by themselves.
    """
    found: dict[tuple[str, str, str], CausingRecord] = {}
    for source, namespace, key, part, is_link, is_in_force, day, node in connection.execute(_SELECT_EVENTS, (since,)):
        about = link_id(namespace, key, part) if is_link else node or node_id(namespace, key)
        if about in subjects:
            row_key = (source, key, part)
            change = "changed" if row_key in found else "came" if is_in_force else "went"
            found[row_key] = CausingRecord(about, change, source, namespace, key, day)
    return [found[row_key] for row_key in sorted(found)]

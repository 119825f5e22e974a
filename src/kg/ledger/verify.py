"""Is the projection what the ledger says?"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import orjson

from kg.database import create_projection
from kg.ledger.merge import dumps
from kg.ledger.projection import Progress, project_all
from kg.ontology import Ontology

MAX_NAMED = 100
"""How many differing ids a verification names."""

_NODES = "SELECT id, type, caption, body, sought, protected FROM node ORDER BY id"
_LINKS = """SELECT link.id, link.type, t.id, h.id, link.body, link.protected FROM link
    JOIN node t ON t.num = link.tail JOIN node h ON h.num = link.head ORDER BY link.id"""

_OTHERS = {
    "names": "SELECT node.id, n.name, atom.key FROM atom JOIN node ON node.num = atom.node"
    " JOIN namespace n ON n.num = atom.ns ORDER BY 1, 2, 3",
    "redirects": "SELECT node.id, redirect.id FROM redirect JOIN node ON node.num = redirect.node ORDER BY 1, 2",
    "waiting links": "SELECT waiting.link_key, waiting.link_part, n.name, waiting.key FROM waiting"
    " JOIN namespace n ON n.num = waiting.ns ORDER BY 1, 2, 3, 4",
    "identifiers": "SELECT node.id, property, value, identifies, sources FROM identifier"
    " JOIN node ON node.num = identifier.node ORDER BY 1, 2, 3, 5",
    "link columns": "SELECT id, share_low, share_high, first_day, last_day, reliability, interest FROM link ORDER BY 1",
    "search words": "SELECT node.id, name.tokens FROM name JOIN node ON node.num = name.rowid ORDER BY 1",
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found; `differing` names ids, and lists other than nodes and links by what they hold."""

    digest: str
    nodes: int
    links: int
    differing: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether the projection is what the ledger says."""
        return not self.differing


def graph_lines(connection: sqlite3.Connection) -> Iterator[bytes]:
    """The graph as canonical JSON lines: nodes by id, then links by id."""
    for node, node_type, caption, body, sought, protected in connection.execute(_NODES):
        line = {"id": node, "type": node_type, "caption": caption, "sought": orjson.loads(sought)}
        yield dumps({**line, **orjson.loads(body), "node_protected": bool(protected)}).encode()
    for link, link_type, tail, head, body, protected in connection.execute(_LINKS):
        line = {"id": link, "type": link_type, "from": tail, "to": head, "link_protected": bool(protected)}
        yield dumps({**line, **orjson.loads(body)}).encode()


def graph_digest(connection: sqlite3.Connection) -> str:
    """SHA-256 of the graph's canonical JSON lines; equal graphs have equal digests, whatever their history."""
    return _digest(graph_lines(connection))


def verify(path: Path, ontology: Ontology, progress: Progress = lambda phase, done: None) -> Verification:
    """Build the projection anew beside the store at `path` and compare every row of it. The store is only read."""
    with (
        tempfile.TemporaryDirectory(prefix="kg-verify-") as folder,
        closing(sqlite3.connect(path, isolation_level=None)) as stored,
        closing(sqlite3.connect(Path(folder) / "expected.sqlite", isolation_level=None)) as expected,
    ):
        stored.execute("BEGIN")
        create_projection(expected)
        expected.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT)")
        expected.execute("ATTACH ? AS ledger", (str(path),))
        expected.execute("BEGIN")
        project_all(expected, ontology, progress)
        progress("comparing", 0)
        return _compare(stored, expected)


def _compare(stored: sqlite3.Connection, expected: sqlite3.Connection) -> Verification:
    differing = list(_differing(graph_lines(stored), graph_lines(expected)))
    for what, query in _OTHERS.items():
        if _digest(map(_row, stored.execute(query))) != _digest(map(_row, expected.execute(query))):
            differing.append(what)
    nodes, links = (stored.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("node", "link"))
    return Verification(graph_digest(stored), nodes, links, tuple(differing[:MAX_NAMED]))


def _row(row: tuple[object, ...]) -> bytes:
    return orjson.dumps(row)


def _differing(left: Iterator[bytes], right: Iterator[bytes]) -> Iterator[str]:
    """Ids whose lines are on one side only or differ; both sides are sorted, nodes before links."""
    a, b = next(left, None), next(right, None)
    while a is not None or b is not None:
        if a == b:
            a, b = next(left, None), next(right, None)
            continue
        key_a, key_b = _key(a), _key(b)
        if key_a == key_b:
            yield key_a[1]
            a, b = next(left, None), next(right, None)
        elif key_a < key_b:
            yield key_a[1]
            a = next(left, None)
        else:
            yield key_b[1]
            b = next(right, None)


def _key(line: bytes | None) -> tuple[int, str]:
    """What lines are sorted by; the end sorts last."""
    if line is None:
        return (2, "")
    data = orjson.loads(line)
    return (1 if "link_protected" in data else 0, data["id"])


def _digest(lines: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line + b"\n")
    return digest.hexdigest()

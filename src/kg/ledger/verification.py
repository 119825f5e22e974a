"""Verify that the file is whole, and that the projection is what the ledger gives."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from kg.database import (
    LEDGER_INDEXES,
    OPEN_STATUS_DAY,
    PROJECTION_INDEXES,
    SEARCH_INDEXES,
    STATUS_DAY,
    add_functions,
    create_projection,
    read_json,
    to_store_error,
)
from kg.database.scopes import set_scope
from kg.database.views import create_temporary_views
from kg.errors import StoreDamaged
from kg.ledger.digests import RECORDS_OF, changed_records, sources_with_other_digest, visible_names
from kg.ledger.integrity import IntegrityReport, check_integrity
from kg.ledger.projection.rebuild import Progress, rebuild_projection
from kg.ledger.rules.graph_digest import digest_and_sum, link_line, node_line
from kg.ontology import Ontology

MAX_NAMED = 100
"""How many differing ids a verification names."""

ATTACHMENT_ADVICE = (
    "attach a missing or changed file again, or restore a backup; "
    "`kg verify --repair` removes files that no record cites"
)
"""What to do about attached files that are not as the ledger says."""

_NODES = "SELECT id, type, caption, sought, body, protected FROM {in_}node ORDER BY id"
_LINKS = """SELECT link.id, link.type, t.id, h.id, link.body, link.protected FROM {in_}link AS link
    JOIN {in_}node AS t ON t.num = link.tail JOIN {in_}node AS h ON h.num = link.head ORDER BY link.num"""

_OTHER_TABLES = {
    "names": "SELECT node.id, n.name, atom.key FROM {in_}atom AS atom"
    " LEFT JOIN {in_}node AS node ON node.num = atom.node LEFT JOIN namespace n ON n.num = atom.ns ORDER BY 1, 2, 3",
    "redirects": "SELECT node.id, redirect.id FROM {in_}redirect AS redirect"
    " LEFT JOIN {in_}node AS node ON node.num = redirect.node ORDER BY 1, 2",
    "waiting links": "SELECT link_key, link_part, ln.name, n.name, waiting.key, scopes FROM {in_}waiting AS waiting"
    " LEFT JOIN namespace n ON n.num = waiting.ns LEFT JOIN namespace ln ON ln.num = link_ns ORDER BY 1, 2, 3, 4, 5",
    "sought status": "SELECT id, sought_protected FROM {in_}node ORDER BY 1",
    "captions": "SELECT id, caption_protected FROM {in_}node WHERE caption_protected IS NOT NULL ORDER BY 1",
    "identifiers": "SELECT node.id, value, property, identifies, sources FROM {in_}identifier AS identifier"
    " LEFT JOIN {in_}node AS node ON node.num = identifier.node"
    " UNION ALL SELECT node.id, value, '', 2, '' FROM {in_}protected_identifier AS identifier"
    " LEFT JOIN {in_}node AS node ON node.num = identifier.node ORDER BY 1, 2, 3, 5",
    "link columns": "SELECT link.id, n.name, key, part, derived, share_low, share_high, first_day, last_day,"
    " reliability, interest, credibility FROM {in_}link AS link LEFT JOIN namespace n ON n.num = link.ns ORDER BY 1",
}
"""The other tables of a projection, with rows that refer to no node."""

STORED, EXPECTED = "ledger.", ""
"""What stands before names of tables of the store, and of the new projection, while they are compared: its nodes and
links are temporary views, since what records state alone is in the store."""

_EXPECTED_FILE = "main."


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a verification; `differing` has ids of nodes and links, and the names of other tables.

    Where the file itself is damaged, nothing is compared: `damage` says what is, and there is no digest and no count.
    """

    digest: str
    graph_sum: str
    """The sum of the digests of the same lines, which does not depend on their order: a lake has it too."""
    nodes: int
    links: int
    differing: tuple[str, ...]
    damage: IntegrityReport = field(default_factory=IntegrityReport)
    attachments: tuple[str, ...] = ()
    """What is wrong with attached files: missing, changed, or cited by no record."""

    @property
    def is_clean(self) -> bool:
        """Whether the file is whole, the projection is what the ledger gives, and every attached file is there."""
        return self.damage.is_whole and not self.differing and not self.attachments

    @property
    def advice(self) -> str:
        """What to do about what was found."""
        if self.damage.is_whole and not self.differing:
            return ATTACHMENT_ADVICE if self.attachments else ""
        if not self.damage.ledger and not any(name.startswith(RECORDS_OF) for name in self.differing):
            return "the ledger is whole: `kg verify --repair` makes the rest anew from it"
        if self.damage.is_repairable:
            return "only indexes and what is made from the ledger are damaged: `kg verify --repair` makes them anew"
        return "the ledger itself is damaged: `kg restore FILE` puts a backup in its place"


def graph_lines(connection: sqlite3.Connection, in_: str = "") -> Iterator[bytes]:
    """The graph as canonical JSON lines: nodes by id, then links by id."""
    for *row, sought, body, protected in connection.execute(_NODES.format(in_=in_)):
        yield node_line(row, read_json(sought, list), read_json(body), protected=bool(protected))
    for *row, body, protected in connection.execute(_LINKS.format(in_=in_)):
        yield link_line(row, read_json(body), protected=bool(protected))


def graph_digest(connection: sqlite3.Connection, in_: str = "") -> str:
    """SHA-256 of the graph's canonical JSON lines; equal graphs have equal digests, whatever their history."""
    return digest_and_sum(graph_lines(connection, in_))[0]


def verify(
    path: Path, ontology: Ontology, progress: Progress = lambda phase, done: None, *, protected: bool = False
) -> Verification:
    """Build the projection anew beside the store at `path` and compare every row of it.

    What differs in protected facts is told without the scope too, but not named. Digest and counts are of what one
    scope sees. The store is opened for reading only, and what is compared is one moment of it, also while a load runs.
    """
    with (
        tempfile.TemporaryDirectory(prefix="kg-verify-") as folder,
        closing(_open_comparison(Path(folder) / "expected.sqlite", path)) as connection,
    ):
        connection.execute("BEGIN")
        progress("checking the file", 0)
        damage = check_integrity(connection, STORED.rstrip("."), writable=False)
        if damage.is_whole:
            damage = IntegrityReport(visible_names(changed_records(connection, STORED), protected=protected))
        if not damage.is_whole:
            return Verification("", "", 0, 0, (), damage)
        rebuild_projection(connection, ontology, progress)
        progress("comparing", 0)
        return _compare(connection, protected=protected)


def _open_comparison(new: Path, path: Path) -> sqlite3.Connection:
    """An empty projection in a file of its own, with the store attached for reading as `ledger`."""
    connection = sqlite3.connect(new.as_uri(), uri=True, isolation_level=None)
    add_functions(connection)
    for pragma in ("journal_mode = OFF", "synchronous = OFF"):  # it is thrown away, whatever comes
        connection.execute(f"PRAGMA main.{pragma}")
    create_projection(connection)
    create_temporary_views(connection, STORED, _EXPECTED_FILE)
    connection.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT)")
    connection.execute("ATTACH ? AS ledger", (f"{path.absolute().as_uri()}?mode=ro",))
    days = (STATUS_DAY, OPEN_STATUS_DAY)  # as of which it is said who is sought
    connection.execute("INSERT INTO meta SELECT name, value FROM ledger.meta WHERE name IN (?, ?)", days)
    return connection


def _compare(connection: sqlite3.Connection, *, protected: bool) -> Verification:
    try:
        lines = graph_lines(connection, STORED), graph_lines(connection, EXPECTED)
        differing = list(visible_names(_differing_ids(*lines), protected=protected))
    except StoreDamaged:  # a node or link that cannot even be parsed
        return Verification("", "", 0, 0, (), IntegrityReport(projection=("table node or link: not JSON",)))
    for what, query in _OTHER_TABLES.items():
        rows = (connection.execute(query.format(in_=in_)) for in_ in (STORED, EXPECTED))
        sides = (digest_and_sum(map(orjson.dumps, found))[0] for found in rows)
        if len(set(sides)) > 1:
            differing.append(what)
    if any(
        len({_search_index_digest(connection, i, index) for i in (STORED, EXPECTED)}) > 1 for index in SEARCH_INDEXES
    ):
        differing.append("search index")
    differing += visible_names(sources_with_other_digest(connection, STORED), protected=protected)
    indexes = {row[0] for row in connection.execute("SELECT name FROM ledger.sqlite_master WHERE type = 'index'")}
    differing += [f"index {name}" for name in (*LEDGER_INDEXES, *PROJECTION_INDEXES) if name not in indexes]
    set_scope(connection, protected=protected, file="ledger")
    if protected:  # its links are those of the file
        connection.execute(f"CREATE TEMP VIEW link AS SELECT * FROM {STORED}link")
    nodes, links = (connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("node", "link"))
    return Verification(*digest_and_sum(graph_lines(connection)), nodes, links, tuple(differing[:MAX_NAMED]))


def _search_index_digest(connection: sqlite3.Connection, in_: str, index: str) -> int | None:
    """A sum over what an index of search words holds, to be compared within this process; None if it is damaged."""
    connection.execute(
        f"CREATE VIRTUAL TABLE temp.words USING fts5vocab({(in_ or _EXPECTED_FILE)[:-1]}, {index}, instance)"
    )
    try:
        query = f"SELECT term, node.id FROM temp.words LEFT JOIN {in_}node AS node ON node.num = doc"
        return sum(map(hash, connection.execute(query))) % (1 << 64)
    except sqlite3.DatabaseError as error:
        if isinstance(to_store_error(error), StoreDamaged):
            return None
        raise
    finally:
        connection.execute("DROP TABLE temp.words")


def _differing_ids(left: Iterator[bytes], right: Iterator[bytes]) -> Iterator[tuple[str, bool]]:
    """Ids whose lines are on one side only or differ, and whether they are protected on one of them.

    Both sides are sorted, nodes before links.
    """
    a, b = next(left, None), next(right, None)
    while a is not None or b is not None:
        if a == b:
            a, b = next(left, None), next(right, None)
            continue
        key_a, key_b = _sort_key(a), _sort_key(b)
        if key_a == key_b:
            yield key_a[1], _is_protected_line(a) or _is_protected_line(b)
            a, b = next(left, None), next(right, None)
        elif key_a < key_b:
            yield key_a[1], _is_protected_line(a)
            a = next(left, None)
        else:
            yield key_b[1], _is_protected_line(b)
            b = next(right, None)


def _sort_key(line: bytes | None) -> tuple[int, str]:
    """The sort key of a line; the end sorts last."""
    if line is None:
        return (2, "")
    data = orjson.loads(line)
    return (1 if "link_protected" in data else 0, data["id"])


def _is_protected_line(line: bytes | None) -> bool:
    """Whether everybody sees nothing of a node or link, or of the part in which it differs."""
    data = orjson.loads(line or b"{}")
    return bool(data.get("node_protected") or data.get("link_protected"))

"""How does the SQLite file answer?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from kg.database import WAIT_SECONDS, connect, get_meta, reading
from kg.errors import InputError, NotFound, QuestionError
from kg.ontology import Ontology
from kg.ports import Contents, LinkQuery, SourceInfo, WaitingLink
from kg.records import Claim, GraphVersion, Judgement, Link, Node
from kg.stores.row_decoder import Sight, judgement
from kg.stores.sqlite.link_pages import Linking
from kg.stores.sqlite.name_search import Searching
from kg.stores.sqlite.source_status import as_of, sources, state
from kg.stores.sqlite.view_arrays import Frame, open_view, state_key
from kg.stores.sqlite.waiting_links import Waiting
from kg.view import GraphView

_NODE = "SELECT num, id, type, caption, body, sought, protected FROM node"
_LINK = """SELECT link.id, link.type, t.id, h.id, link.body, link.protected FROM link
    JOIN node t ON t.num = link.tail JOIN node h ON h.num = link.head"""
_RECORD = """SELECT s.name, n.name, r.key, r.part, r.type, l.day, r.body FROM record r JOIN source s ON s.num = r.source
    JOIN namespace n ON n.num = s.namespace JOIN load l ON l.num = r.since WHERE r.until IS NULL"""

_JUDGED = """SELECT j.num, j.kind, a.name, j.one_key, b.name, j.other_key, j.by, j.why, j.day FROM node
    JOIN atom ON atom.node = node.num JOIN judgement j ON j.one_key = atom.key AND j.one_ns = atom.ns
    JOIN atom far ON far.node = node.num AND far.key = j.other_key AND far.ns = j.other_ns
    JOIN namespace a ON a.num = j.one_ns JOIN namespace b ON b.num = j.other_ns
    WHERE node.id = ? AND j.undone = '' AND j.kind = 'same' """
"""Both names mean the node: a judgement that rests joins nothing."""

_TIED = """SELECT 1 FROM link WHERE link.tail = node.num AND link.type IN ({types})
    AND link.head = (SELECT num FROM node place WHERE place.id = ?)"""
"""The node has a link to a jurisdiction."""

CANDIDATES = 20
"""How many nodes with one name are looked at before somebody has to choose."""


class EmbeddedStore:
    """The graph in one SQLite file. `protected` opens the protected scope; without it such facts do not exist here.

    `shared` is for threads that use it one after the other.
    """

    def __init__(
        self,
        path: Path,
        ontology: Ontology,
        *,
        protected: bool = False,
        wait: float = WAIT_SECONDS,
        shared: bool = False,
    ) -> None:
        self._db = connect(path, wait=wait, shared=shared)
        self._ontology = ontology
        self._protected = protected
        self._sight = Sight(ontology, protected)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> EmbeddedStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def one_moment(self) -> AbstractContextManager[None]:
        """While it is open, every answer is of the moment of the first one."""
        return reading(self._db)

    @property
    def connection(self) -> sqlite3.Connection:
        """For what only the ledger knows, at the moment of which the store answers."""
        return self._db

    @property
    def ontology(self) -> Ontology:
        """The ontology that the store answers by."""
        return self._ontology

    @property
    def protected(self) -> bool:
        """Whether it answers with what only the protected scope may see."""
        return self._protected

    def version(self) -> GraphVersion:
        """Which ledger, and how often its projection has changed."""
        return GraphVersion(get_meta(self._db, "ledger"), int(get_meta(self._db, "version")))

    def state(self) -> str:
        """What tells this graph, as this scope sees it, from every other, also from one of the same version."""
        with reading(self._db):
            return state_key(self.version(), self._ontology, state(self._db), protected=self._protected)

    def contents(self) -> Contents:
        """Counts, sources and version."""
        with reading(self._db):
            hidden = self._hidden("node", "WHERE")
            nodes = dict(self._db.execute(f"SELECT type, count(*) FROM node {hidden} GROUP BY type ORDER BY type"))
            hidden = self._hidden("link", "WHERE")
            if not self._protected:  # as in the view, a link to somebody hidden does not exist
                nobody = "(SELECT num FROM node WHERE protected)"
                hidden += f" AND tail NOT IN {nobody} AND head NOT IN {nobody}"
            links = dict(self._db.execute(f"SELECT type, count(*) FROM link {hidden} GROUP BY type ORDER BY type"))
            return Contents(self.version(), self.as_of(), nodes, links, self._waiting().count(), tuple(self._sources()))

    def as_of(self) -> str:
        """Day of the newest load of a source that has records in force; empty when there is none."""
        return as_of(self._db)

    def search(self, text: str, kinds: Sequence[str] = (), limit: int = 20, jurisdiction: str = "") -> list[Node]:
        """Nodes by name or identifier: whole identifiers and names first, then parts of names; each by id."""
        types = sorted(frozenset[str]().union(*(self._kinds(k) for k in kinds)))
        only = f"AND node.type IN ({', '.join('?' * len(types))})" if kinds else ""
        ties = self._ontology.leading_to("Jurisdiction") if jurisdiction else ()
        if jurisdiction:
            only += f" AND EXISTS ({_TIED.format(types=', '.join('?' * len(ties)))} {self._hidden('link')})"
        with reading(self._db):
            values = (*types, *ties, *((jurisdiction,) if jurisdiction else ()))
            return [self._sight.node(row[1:]) for row in self._searching(only, values).rows(text, limit)]

    def resolve(self, name: str) -> str:
        """The canonical id for an id (a former one too), a `namespace:key`, or a name only one node has.

        Raises NotFound, or InputError naming the candidates when there are several.
        """
        with reading(self._db):
            num = self._number(name)
            found = list(self._by_number({num: 0}).values()) if num is not None else self._exactly(name)
        if not found:
            raise NotFound(f"nothing is called {name!r}", "try `kg search`")
        if len(found) > 1:
            listed = ", ".join(f"{n.id} ({n.type} {n.caption})" for n in found[:5])
            raise InputError(f"{name!r} names {len(found)} nodes; give one id: {listed}")
        return found[0].id

    def nodes(self, ids: Iterable[str]) -> dict[str, Node]:
        """The nodes with these canonical ids; absent ones are left out."""
        rows = self._each(f"{_NODE} WHERE id = ? {self._hidden('node')}", ids)
        return {row[1]: self._sight.node(row[1:]) for row in rows}

    def links(self, query: LinkQuery) -> list[Link]:
        """The links of one node, in and out, in the order of their ids."""
        with reading(self._db):
            linking = Linking(self._db, self._ontology, protected=self._protected)
            return [self._sight.link(row) for row in linking.rows(query)]

    def links_by_id(self, ids: Iterable[str]) -> dict[str, Link]:
        """The links with these ids; absent ones are left out."""
        hidden = self._hidden("link") + self._hidden("t") + self._hidden("h")
        return {row[0]: self._sight.link(row) for row in self._each(f"{_LINK} WHERE link.id = ? {hidden}", ids)}

    def claims(self, ids: Sequence[str]) -> dict[str, list[Claim]]:
        """The records behind each node or link, by source and key."""
        with reading(self._db):
            found = {name: self._sight.claims(self._claims(name)) for name in ids}
        return {name: claims for name, claims in found.items() if claims}

    def waiting(self, source: str = "", limit: int = 100) -> list[WaitingLink]:
        """Links with an end that no record describes yet, of one source or of all. Raises NotFound for the source."""
        with reading(self._db):
            known = {info.name for info in self._sources()}
            if source and source not in known:
                raise NotFound(f"there is no source {source!r}; sources: {', '.join(sorted(known)) or 'none'}")
            return self._waiting().links(source, limit)

    def judgements(self, ids: Sequence[str]) -> dict[str, list[Judgement]]:
        """The standing judgements by which nodes are one thing, by canonical id; nodes without any are left out."""
        query = f"{_JUDGED} {self._hidden('node')} ORDER BY j.num"
        with reading(self._db):
            found = {name: [judgement(row) for row in self._db.execute(query, (name,))] for name in ids}
        return {name: judged for name, judged in found.items() if judged}

    def view(self, columns: Sequence[str] = ()) -> GraphView:
        """The whole graph as arrays, with the columns asked for."""
        with reading(self._db):
            frame = Frame(self._ontology, self.version(), self.as_of(), self)
            return open_view(self._db, frame, columns, self._protected)

    def _waiting(self) -> Waiting:
        return Waiting(self._db, self._ontology, protected=self._protected)

    def _hidden(self, table: str, joint: str = "AND") -> str:
        return "" if self._protected else f" {joint} NOT {table}.protected"

    def _each(self, query: str, values: Iterable[str]) -> Iterator[Any]:
        for value in values:
            yield from self._db.execute(query, (value,))

    def _sources(self) -> Iterator[SourceInfo]:
        return sources(self._db, self._ontology, protected=self._protected)

    def _kinds(self, kind: str) -> frozenset[str]:
        if kind not in self._ontology.nodes:
            raise QuestionError("type", kind, f"expected one of {', '.join(self._ontology.nodes)}")
        return self._ontology.kinds_of(kind)

    def _by_number(self, numbers: Iterable[int]) -> dict[int, Node]:
        rows = (self._db.execute(f"{_NODE} WHERE num = ? {self._hidden('node')}", (n,)).fetchone() for n in numbers)
        return {row[0]: self._sight.node(row[1:]) for row in rows if row is not None}

    def _number(self, name: str) -> int | None:
        for query in ("SELECT num FROM node WHERE id = ?", "SELECT node FROM redirect WHERE id = ?"):
            if row := self._db.execute(query, (name.lower(),)).fetchone():
                return int(row[0])
        query = "SELECT node FROM atom JOIN namespace n ON n.num = atom.ns WHERE n.name = ? AND key = ?"
        for at in (i for i, c in enumerate(name) if c == ":"):  # namespaces and keys may have colons of their own
            if row := self._db.execute(query, (name[:at], name[at + 1 :])).fetchone():
                return int(row[0])
        return None

    def _exactly(self, name: str) -> list[Node]:
        found = [self._sight.node(row[1:]) for row in self._searching().exactly(name, CANDIDATES)]
        return sorted(found, key=lambda n: n.id)

    def _searching(self, only: str = "", values: Sequence[str] = ()) -> Searching:
        return Searching(self._db, f"{only} {self._hidden('node')}", values)

    def _is_link(self, name: str) -> bool:
        """Whether it is the id of a link that may be seen."""
        hidden = self._hidden("link") + self._hidden("t") + self._hidden("h")
        query = f"""SELECT 1 FROM link JOIN node t ON t.num = link.tail JOIN node h ON h.num = link.head
            WHERE link.id = ? {hidden}"""
        return self._db.execute(query, (name,)).fetchone() is not None

    def _claims(self, name: str) -> Iterator[Sequence[Any]]:
        if self._is_link(name):
            query = """SELECT link.key, n.name, link.part FROM link JOIN namespace n ON n.num = link.ns
                WHERE link.id = ?"""
            which = "r.from_key IS NOT NULL AND r.key = ? AND n.name = ? AND r.part = ?"
        else:
            query = f"""SELECT atom.key, n.name FROM node JOIN atom ON atom.node = node.num
                JOIN namespace n ON n.num = atom.ns WHERE node.id = ? {self._hidden("node")}"""
            which = "r.from_key IS NULL AND r.key = ? AND n.name = ?"
        for names in self._db.execute(query, (name,)).fetchall():
            yield from self._db.execute(f"{_RECORD} AND {which}", names)

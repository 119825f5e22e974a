"""The graph in one SQLite file, as a store."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from kg.database import LOCK_TIMEOUT, connect, data_version, get_meta, read_transaction
from kg.database.scopes import set_scope
from kg.database.views import FIRST_VALUE, in_link_slots, of_link_types
from kg.errors import expect_source
from kg.minors import AGE_OF_MAJORITY, BIRTH_DATE, may_be_minor
from kg.ontology import Ontology
from kg.ontology.values import identifier_key
from kg.ports import Contents, LinkQuery, SourceInfo, WaitingLink
from kg.records import Claim, GraphVersion, Judgement, Link, Node
from kg.stores.graph_store import MAX_CANDIDATES, GraphStore, graph_fingerprint
from kg.stores.name_search import MAX_RANKED, NameSearch
from kg.stores.remarks import read_remarks
from kg.stores.row_decoder import RowDecoder, is_undisputed, tells_damage
from kg.stores.sqlite.link_pages import LinkPager
from kg.stores.sqlite.name_search import FoundNode, NameIndex, Rows, expect_absence
from kg.stores.sqlite.parties import PartyReader
from kg.stores.sqlite.source_status import WaitingLinks, as_of, content_digest, count_rejected_rows, list_sources

if TYPE_CHECKING:
    from kg.view import GraphView

_ASKED = "(SELECT value AS asked FROM json_each(?)) CROSS JOIN"
"""The ids that are asked for, in their order, each looked up by an index."""

_ASKED_LINKS = f"""(SELECT value AS asked, link_number(value) AS first FROM json_each(?) LIMIT -1)
    CROSS JOIN link ON link.num {in_link_slots("first")} AND link.id = asked"""
"""Links by the ids that are asked for. The limit, which is none, keeps SQLite from computing a number twice."""

_NODES_BY_NUMBER, _NODES_BY_ID = (
    f"SELECT num, id, type, caption, body, sought, protected FROM {_ASKED} node ON node.{key} = asked"
    for key in ("num", "id")
)
_MILLENNIUM = 2000
_SAYING = """SELECT node.id, node.type, node.caption, node.body, node.sought, node.protected FROM node
    WHERE node.num IN (SELECT num FROM stored_node WHERE body GLOB :text
        OR record IN (SELECT num FROM stored_record WHERE body GLOB :text))"""
"""The nodes that say something, looked for where each text is kept: putting them together takes longer."""
_HOLDERS = f"""WITH RECURSIVE above(held, num, links) AS (
    SELECT held.id, held.num, 0 FROM {_ASKED} node held ON held.id = asked
    UNION SELECT held, link.tail, links + 1 FROM above
        CROSS JOIN link ON link.head = above.num AND {of_link_types("link", "{types}")} WHERE links < ?)
    SELECT held, node.id, node.type, node.caption, node.body, node.sought, node.protected
    FROM (SELECT DISTINCT held, num FROM above WHERE links > 0) holder
    CROSS JOIN node ON node.num = holder.num AND instr(node.body, '"{BIRTH_DATE}"')"""
_RELATIVES = " UNION ".join(
    f"""SELECT one.id, node.id, node.type, node.caption, node.body, node.sought, node.protected
    FROM {_ASKED} node one ON one.id = asked CROSS JOIN link ON link.{near} = one.num
    AND {of_link_types("link", "{types}")}
    CROSS JOIN node ON node.num = link.{far} AND instr(node.body, '"{BIRTH_DATE}"')"""
    for near, far in (("head", "tail"), ("tail", "head"))
)
_BY_ID, _BY_FORMER_ID = (
    f"SELECT asked, {number} FROM {_ASKED} {table} ON {table}.id = asked"
    for table, number in (("node", "num"), ("redirect", "node"))
)
_BY_KEY = "SELECT node FROM atom JOIN namespace n ON n.num = atom.ns WHERE n.name = ? AND key = ?"
_LINKS = f"""SELECT link.id, link.type, t.id, h.id, link.body, link.protected FROM {_ASKED_LINKS}
    JOIN node t ON t.num = link.tail JOIN node h ON h.num = link.head"""
_CLAIM_COLUMNS = "asked, s.name, n.name, r.key, r.part, r.type, l.day, r.body"
_CLAIMS_OF = """CROSS JOIN source s ON s.namespace = {0}.ns CROSS JOIN record r ON r.source = s.num AND r.key = {0}.key
    CROSS JOIN namespace n ON n.num = s.namespace CROSS JOIN load l ON l.num = r.since WHERE r.ended IS NULL"""
_CLAIMS_OF_NODES = f"""SELECT {_CLAIM_COLUMNS} FROM {_ASKED} node ON node.id = asked
    CROSS JOIN atom ON atom.node = node.num {_CLAIMS_OF.format("atom")} AND r.from_key IS NULL"""
_CLAIMS_OF_LINKS = f"""SELECT {_CLAIM_COLUMNS} FROM {_ASKED_LINKS}
    CROSS JOIN node t ON t.num = link.tail CROSS JOIN node h ON h.num = link.head
    {_CLAIMS_OF.format("link")} AND r.part = link.part AND r.from_key IS NOT NULL"""

_JUDGED = f"""SELECT asked, j.num, j.kind, a.name, j.one_key, b.name, j.other_key, j.by, j.why, j.day
    FROM {_ASKED} node ON node.id = asked JOIN atom ON atom.node = node.num
    JOIN judgement j ON j.one_key = atom.key AND j.one_ns = atom.ns
    JOIN atom far ON far.node = node.num AND far.key = j.other_key AND far.ns = j.other_ns
    JOIN namespace a ON a.num = j.one_ns JOIN namespace b ON b.num = j.other_ns
    WHERE j.undone = '' AND NOT j.waits AND j.kind = 'same' ORDER BY j.num"""
"""Both names belong to the node: a judgement that has no effect now is left out."""

_SHARES = f"""SELECT id, share_low, share_high, body FROM {_ASKED_LINKS} WHERE derived IS NULL"""
"""The shares of links that records state."""

_HAS_JURISDICTION = f"""SELECT 1 FROM link WHERE link.tail = node.num AND {of_link_types("link", "{types}")}
    AND link.head = (SELECT num FROM node place WHERE place.id = ?)"""
"""The node has a link to a jurisdiction."""


MAX_CHECKED = 20
"""Of several names that nothing has, so many are looked for without the indexes too: each reads whole tables."""


def _of_types(types: Sequence[str]) -> str:
    return f"AND node.type IN ({', '.join('?' * len(types))})"


class SqliteStore(GraphStore):
    """The graph in one SQLite file. `protected` opens the protected scope; without it such facts do not exist here.

    `shared` is for threads that use it one after the other. If it is not, what is not found is looked for once more
    without the indexes, so that a damaged one is told. `prepare` is given the connection before the scope is set.
    """

    def __init__(
        self,
        path: Path,
        ontology: Ontology,
        *,
        protected: bool = False,
        wait: float = LOCK_TIMEOUT,
        shared: bool = False,
        prepare: Callable[[sqlite3.Connection], None] = lambda _: None,
    ) -> None:
        self._db = connect(path, timeout=wait, shared=shared)
        try:
            prepare(self._db)
            set_scope(self._db, protected=protected)
        except BaseException:
            self._db.close()
            raise
        self._ontology = ontology
        self._protected = protected
        self._shared = shared
        self._decoder = RowDecoder(ontology, protected)
        self._kept: tuple[object, dict[str, str]] = (None, {})

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def read_transaction(self) -> AbstractContextManager[None]:
        """One read transaction: every answer in the block is of the same snapshot."""
        return read_transaction(self._db)

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, for questions to the ledger in the same read transaction."""
        return self._db

    @property
    def protected(self) -> bool:
        """Whether the store answers in the protected scope."""
        return self._protected

    def version(self) -> GraphVersion:
        """Which ledger, and how often its projection has changed."""
        return GraphVersion(get_meta(self._db, "ledger"), int(get_meta(self._db, "version")))

    def state(self) -> str:
        """A digest that identifies the graph as this scope sees it, also among graphs of one version."""
        return self._keep("state", self._find_state)

    def _find_state(self) -> str:
        return graph_fingerprint(self.version(), self._ontology, content_digest(self._db), protected=self._protected)

    def _keep(self, name: str, find: Callable[[], str]) -> str:
        """What was found about the whole graph, found once for as long as nobody writes, this connection included.

        The version tells what this connection wrote and took back.
        """
        with read_transaction(self._db):
            now = (data_version(self._db), self._db.total_changes, self.version())
            if now != self._kept[0]:
                self._kept = (now, {})
            kept = self._kept[1]
            if name not in kept:
                kept[name] = find()
            return kept[name]

    def contents(self) -> Contents:
        """Counts, sources and version."""
        with read_transaction(self._db):
            nodes, links = (
                dict(self._db.execute(f"SELECT type, count(*) FROM {table} GROUP BY type ORDER BY type"))
                for table in ("node", "link")
            )
            return Contents(
                self.version(), self.as_of(), nodes, links, self._waiting_links().count(), tuple(self._sources())
            )

    def search(self, text: str, kinds: Sequence[str] = (), limit: int = 20, jurisdiction: str = "") -> list[Node]:
        """Nodes by name or identifier: whole identifiers and names first, then parts of names."""
        with read_transaction(self._db):
            return self._numbered(self._search_rows(text, kinds, limit, jurisdiction))

    def count_found(self, text: str, kinds: Sequence[str] = (), jurisdiction: str = "") -> dict[str, int]:
        """How many of the first results of a search, as many as pages show, are of each type."""
        with read_transaction(self._db):
            found = self._search_rows(text, kinds, MAX_RANKED - 1, jurisdiction)
        return dict(Counter(sorted(node_type for _, _, node_type in found)))

    def _search_rows(self, text: str, kinds: Sequence[str], limit: int, jurisdiction: str) -> list[FoundNode]:
        types = self._subtypes(kinds)
        only = _of_types(types) if kinds else ""
        link_types = self._ontology.leading_to("Jurisdiction") if jurisdiction else ()
        if jurisdiction:
            to_jurisdiction = _HAS_JURISDICTION.format(types=", ".join("?" * len(link_types)))
            only += f" AND EXISTS ({to_jurisdiction})"
        values = (*types, *link_types, *((jurisdiction,) if jurisdiction else ()))
        rows = self._name_search(max(limit, MAX_RANKED), only, values).search(text, limit)
        if not rows and not self._shared:
            expect_absence(self._db, self._decoder, text, protected=self._protected)
        return rows

    def _name_search(self, limit: int, only: str = "", values: Sequence[str] = ()) -> NameSearch[FoundNode]:
        index = NameIndex(self._db, limit, only, values, protected=self._protected)
        return NameSearch(self._ontology, itemgetter(2), index.by_identifier, index.by_words)

    def find_by_words(self, query: str, kinds: Sequence[str] = (), limit: int = 300) -> dict[str, Node]:
        """The first nodes, by id, whose search words match a full-text query."""
        with read_transaction(self._db):
            return self._decoded(self._index_of_types(kinds, limit).by_words(query))

    def find_by_each(self, queries: Iterable[str], kinds: Sequence[str], limit: int) -> tuple[dict[str, Node], int]:
        """What `find_by_words` finds for any of some queries, and for how many of them there are more than `limit`."""
        with read_transaction(self._db):
            index = self._index_of_types(kinds, limit + 1)
            found = [list(index.by_words(query).values()) for query in queries]
            nodes = self._numbered(sorted({one for some in found for one in some[:limit]}))
        return {node.id: node for node in nodes}, sum(len(some) > limit for some in found)

    def find_by_identifier(self, value: str, kinds: Sequence[str] = (), limit: int = 300) -> dict[str, Node]:
        """The first nodes, by id, that have an identifier."""
        key = identifier_key(value)
        with read_transaction(self._db):
            return self._decoded(self._index_of_types(kinds, limit).by_identifier(key)) if key else {}

    def count_countries(self, types: Iterable[str]) -> tuple[dict[str, int], int]:
        """How many nodes of some types are citizens of, or registered in, each jurisdiction; how many of any at all."""
        with read_transaction(self._db):
            return PartyReader(self._db, self._ontology, protected=self._protected).country_counts(types)

    def _index_of_types(self, kinds: Sequence[str], limit: int) -> NameIndex:
        types = self._subtypes(kinds)
        only, values = (_of_types(types), types) if kinds else ("", [])
        return NameIndex(self._db, limit, only, values, protected=self._protected)

    def _decoded(self, rows: Rows) -> dict[str, Node]:
        return {node.id: node for node in self._numbered(rows.values())}

    def _numbered(self, found: Iterable[FoundNode]) -> list[Node]:
        """The nodes that were found, in their order."""
        return list(self._by_number(number for number, _, _ in found).values())

    def _by_number(self, numbers: Iterable[int]) -> dict[int, Node]:
        rows = self._db.execute(_NODES_BY_NUMBER, (_as_json(numbers),)).fetchall()
        nodes = self._shielded_nodes(self._decoder.node(row[1:]) for row in rows)
        return dict(zip((row[0] for row in rows), nodes, strict=True))

    def nodes(self, ids: Iterable[str]) -> dict[str, Node]:
        """The nodes with these canonical ids; absent ones are left out."""
        return {node.id: node for node in self._shielded_nodes(self.raw_nodes(ids))}

    def raw_nodes(self, ids: Iterable[str]) -> list[Node]:
        """Nodes with all that may be seen in the scope, names of minors too."""
        return [self._decoder.node(row[1:]) for row in self._db.execute(_NODES_BY_ID, (_as_json(ids),))]

    def find_holders(self, held: Sequence[str], types: Sequence[str], most: int, day: date) -> dict[str, list[Node]]:
        """By the ids of some nodes, those from which at most `most` links lead to them, born late enough."""
        query = _HOLDERS.format(types=", ".join("?" * len(types)))
        return self._born_late(self._db.execute(query, (_as_json(held), *types, most)) if held else (), day)

    def find_relatives(self, people: Sequence[str], types: Sequence[str], day: date) -> dict[str, list[Node]]:
        """By the ids of some nodes, those born late enough that links of some types connect with them."""
        query, asked = _RELATIVES.format(types=", ".join("?" * len(types))), (_as_json(people), *types)
        return self._born_late(self._db.execute(query, (*asked, *asked)) if people else (), day)

    def _born_late(self, rows: Iterable[Sequence[Any]], day: date) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for name, *row in rows:
            if may_be_minor(row[3], day):
                found.setdefault(name, []).append(self._decoder.node(row))
        return found

    def find_born_late(self, day: date) -> list[Node]:
        """Every node with a date of birth that may be less than 18 years before a day, as it is."""
        is_of_last_millennium = day.year - AGE_OF_MAJORITY - 1 < _MILLENNIUM  # else only years from 2000 on can be late
        late = "" if is_of_last_millennium else f"{FIRST_VALUE}[2-9]*"
        rows = self._db.execute(_SAYING, {"text": f"*{BIRTH_DATE}*{late}"})
        return [self._decoder.node(row) for row in rows if may_be_minor(row[3], day)]

    def raw_links(self, query: LinkQuery) -> list[Link]:
        """The links of one node, with all words that may be seen in the scope."""
        with read_transaction(self._db):
            linking = LinkPager(self._db, self._ontology)
            return [self._decoder.link(row) for row in linking.rows(query)]

    def raw_links_by_id(self, ids: Iterable[str]) -> list[Link]:
        return [self._decoder.link(row) for row in self._db.execute(_LINKS, (_as_json(ids),))]

    def claims(self, ids: Sequence[str]) -> dict[str, list[Claim]]:
        """The records behind each node or link, by source and key."""
        with read_transaction(self._db):
            rows = self._rows_by_id((_CLAIMS_OF_LINKS, _CLAIMS_OF_NODES), ids)
            remarks = read_remarks(self._db, (row[2] for of_name in rows.values() for row in of_name))
        noted = {name: [(*row, remarks.get((row[0], row[2]), ())) for row in some] for name, some in rows.items()}
        found = ((name, self._decoder.claims(of_name)) for name, of_name in noted.items())
        return self._shielded_claims({name: claims for name, claims in found if claims})

    def undisputed_shares(self, ids: Sequence[str]) -> dict[str, tuple[float, float]]:
        """The lowest and highest percentage of links of which claims say no more than columns."""
        return _undisputed_shares(self._db.execute(_SHARES, (_as_json(sorted(ids)),)))

    def waiting_links(self, source: str = "", limit: int = 100) -> list[WaitingLink]:
        """Links with an end that no record describes yet, of one source or of all. Raises NotFound for the source."""
        with read_transaction(self._db):
            if source:
                expect_source(source, (info.name for info in self._sources()))
            return [self._with_visible_caption(link) for link in self._waiting_links().links(source, limit)]

    def waiting_links_of(
        self, nodes: Sequence[str], types: Sequence[str], limit: int = 100, direction: str = ""
    ) -> list[WaitingLink]:
        """Links of some types between some nodes and what no record describes yet, in one direction if given."""
        with read_transaction(self._db):
            found = self._waiting_links().links_of(nodes, types, limit, direction)
            return [self._with_visible_caption(link) for link in found]

    def rejected_rows(self, sources: Collection[str]) -> dict[str, int]:
        """How many rows were rejected at the last load of each source; sources without any are left out."""
        return count_rejected_rows(self._db, sources)

    def _with_visible_caption(self, link: WaitingLink) -> WaitingLink:
        """An unresolved link, with the end that is there, if one is, and its words, as everybody is told of them."""
        present, near = link.present, ""
        if present is not None:
            name = ":".join(present[0])
            (node,) = self._find_named([name])[name]
            present, near = (present[0], node.caption), node.id
        (told,) = self._shielded_links([Link(link.key, link.type, near, near, link.stated, (), ())])
        return replace(link, present=present, stated=told.properties)

    def judgements(self, ids: Sequence[str]) -> dict[str, list[Judgement]]:
        """The judgements in effect that merge names into one node, by canonical id; nodes without any are left out."""
        return {name: list(map(Judgement.from_row, rows)) for name, rows in self._rows_by_id((_JUDGED,), ids).items()}

    def _graph_day(self) -> str:
        return self._keep("day", lambda: as_of(self._db))

    def _read_view(self, columns: Sequence[str]) -> GraphView:
        with read_transaction(self._db):
            return super()._read_view(columns)

    def _read_arrays(self, columns: Sequence[str]) -> dict[str, Any]:
        from kg.stores.sqlite.view_arrays import read_arrays

        return read_arrays(self._db, self._ontology, columns)

    def _waiting_links(self) -> WaitingLinks:
        return WaitingLinks(self._db)

    def _rows_by_id(self, queries: Iterable[str], ids: Sequence[str]) -> dict[str, list[Sequence[Any]]]:
        """The rows that queries give for some ids, without the id that is their first column; ids without any left out.

        The ids keep their order.
        """
        found: dict[str, list[Sequence[Any]]] = {name: [] for name in ids}
        with read_transaction(self._db):
            for query in queries:
                for name, *row in self._db.execute(query, (_as_json(found),)):
                    found[name].append(row)
        return {name: rows for name, rows in found.items() if rows}

    def _sources(self) -> Iterator[SourceInfo]:
        return list_sources(self._db)

    def _find_named(self, names: Collection[str]) -> dict[str, list[Node]]:
        with read_transaction(self._db):
            numbers, search = self._find_numbers(names), self._name_search(MAX_RANKED)
            by_name = {name: self._find_by_name(search, name) for name in names if name not in numbers}
            if not self._shared:
                for name in [name for name, some in by_name.items() if not some][:MAX_CHECKED]:
                    expect_absence(self._db, self._decoder, name, protected=self._protected)
            found = by_name | {name: [(number, "", "")] for name, number in numbers.items()}
            nodes = self._by_number(one[0] for some in found.values() for one in some)
        return {name: [nodes[number] for number, _, _ in some] for name, some in found.items()}

    @staticmethod
    def _find_by_name(search: NameSearch[FoundNode], name: str) -> list[FoundNode]:
        by_id = search.find_exact(name)
        return [by_id[node] for node in sorted(by_id)[:MAX_CANDIDATES]]

    def _find_numbers(self, names: Iterable[str]) -> dict[str, int]:
        """The numbers of nodes by their ids, former ids and keys, whichever of them names are, in this order."""
        ids = {name: name.lower() for name in names}
        numbers = {query: dict(self._db.execute(query, (_as_json(ids.values()),))) for query in (_BY_ID, _BY_FORMER_ID)}
        found = {}
        for name, own in ids.items():
            number = next((known[own] for known in numbers.values() if own in known), None)
            number = self._number_of_key(name) if number is None else number
            if number is not None:
                found[name] = number
        return found

    def _number_of_key(self, name: str) -> int | None:
        for at in (i for i, c in enumerate(name) if c == ":"):  # namespaces and keys may have colons of their own
            if row := self._db.execute(_BY_KEY, (name[:at], name[at + 1 :])).fetchone():
                return int(row[0])
        return None


def _as_json(ids: Iterable[str] | Iterable[int]) -> str:
    """Each id or number once, as a parameter of `json_each`."""
    return orjson.dumps(list(dict.fromkeys(ids))).decode()


@tells_damage
def _undisputed_shares(rows: Iterable[Any]) -> dict[str, tuple[float, float]]:
    """The shares of rows of `_SHARES` of which claims say no more than columns."""
    unknown = (math.nan, math.nan)
    return {name: unknown if low is None else (low, high) for name, low, high, body in rows if is_undisputed(body)}

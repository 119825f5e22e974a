"""All people and companies of the file, one after the other, and what their links say in short."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from kg.database.views import of_link_types
from kg.minors import is_minor_node
from kg.ontology import Ontology
from kg.ports import COUNTRY_TRAITS
from kg.records import POSSIBLY_SAME, Node
from kg.stores.row_decoder import RowDecoder
from kg.stores.sqlite.source_status import as_of

_NODE = "SELECT num, id, type, caption, body, sought, protected FROM node"
_POST = "HELD_POST_AT"
MAX_LINKS = 200
"""Links of one party beyond these are not read."""


class PartyLinks(NamedTuple):
    """What the links of a party say in short."""

    countries: tuple[int, ...]
    """Numbers of the nodes of its jurisdictions."""
    has_post: bool
    has_links: bool


class PartyReader:
    """Reads parties as one scope sees them."""

    def __init__(self, connection: sqlite3.Connection, ontology: Ontology, *, protected: bool) -> None:
        self._db, self._ontology = connection, ontology
        self._decoder = RowDecoder(ontology, protected)
        self._of_country = sorted(ontology.with_trait(*COUNTRY_TRAITS))

    def parties(self) -> Iterator[tuple[int, Node]]:
        """All people and companies with their numbers in the file, in the order of these; no minors."""
        types = sorted(self._ontology.kinds_of("Party"))
        day = date.fromisoformat(as_of(self._db) or date.max.isoformat())
        for row in self._db.execute(f"{_NODE} WHERE type IN ({_marks(types)}) ORDER BY num", types):
            node = self._decoder.node(row[1:])
            if not is_minor_node(node, day):
                yield row[0], node

    def party(self, number: int) -> Node:
        """One of them."""
        return self._decoder.node(self._db.execute(f"{_NODE} WHERE num = ?", (number,)).fetchone()[1:])

    def link_summary(self, number: int) -> PartyLinks:
        """What the links of a party say, as far as a comparison can weigh it."""
        countries, has_post, has_links = [], False, False
        for kind, head in self._db.execute(f"SELECT type, head FROM link WHERE tail = ? LIMIT {MAX_LINKS}", (number,)):
            if kind in self._of_country:
                countries.append(head)
            elif kind != POSSIBLY_SAME:
                has_post |= kind == _POST
                has_links |= kind != _POST
        if not has_links:
            has_links = bool(self._db.execute("SELECT 1 FROM link WHERE head = ? LIMIT 1", (number,)).fetchone())
        return PartyLinks(tuple(dict.fromkeys(countries)), has_post, has_links)

    def _tails(self, link_type: str) -> frozenset[str]:
        """The types of nodes that a type of link leads from."""
        return frozenset[str]().union(*map(self._ontology.kinds_of, self._ontology.links[link_type].from_))

    def country_counts(self, types: Iterable[str]) -> tuple[dict[str, int], int]:
        """How many nodes of some types are citizens of, or registered in, each jurisdiction; how many of any at all."""
        kinds = sorted(types)
        leading = [name for name in self._of_country if not self._tails(name).isdisjoint(kinds)]
        others = any(not self._tails(name) <= set(kinds) for name in leading)
        join, of_types = ("JOIN node n ON n.num = tail", f"AND n.type IN ({_marks(kinds)})") if others else ("", "")
        linked = f"SELECT head, tail FROM link {join} WHERE {of_link_types('link', _marks(leading))} {of_types}"
        links = set(self._db.execute(linked, (*leading, *(kinds if others else ()))))
        counts, parties = Counter(place for place, _ in links), {party for _, party in links}
        places = {number: self.party(number) for number in counts}
        return {places[number].first("code") or places[number].caption: n for number, n in counts.items()}, len(parties)


def _marks(values: Iterable[str]) -> str:
    return ", ".join("?" for _ in values)

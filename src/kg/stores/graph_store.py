"""What the store of each database shares: the answer to a name, the view, and the day as of which it answers."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Self

from kg.errors import InputError, NotFound, QuestionError
from kg.minors import (
    BIRTH_DATE,
    HOLDING_TRAITS,
    PAPER_TRAITS,
    PERSON,
    NamesChild,
    child_namer,
    describe_minor,
    has_words,
    holdable_types,
    is_called_after,
    is_minor_node,
    is_paper,
    names_nobody,
    names_of,
    parents_of,
    whole_namer,
    withhold_claim,
    withhold_paper,
    withhold_person,
    withhold_words,
    withhold_words_of_claim,
)
from kg.ontology import Ontology
from kg.ports import AsOf, LinkQuery, Store, ViewSource
from kg.records import Claim, GraphVersion, Link, Node
from kg.stores.row_decoder import RowDecoder

if TYPE_CHECKING:
    from kg.view import GraphView

MAX_CANDIDATES = 20
"""How many nodes of one name are looked for when there is to be one."""

_MAX_NAMERS = 16
_NAMERS: dict[tuple[str, date], NamesChild] = {}
"""What tells the names of children, by the state of a graph and the day."""


def graph_fingerprint(version: GraphVersion, ontology: Ontology, state: str, *, protected: bool) -> str:
    """A digest that differs between any two graphs, and between scopes."""
    return hashlib.sha256(f"{version} {ontology.digest} {protected} {state}".encode()).hexdigest()


def _only_node(name: str, found: Sequence[Node]) -> str | NotFound | InputError:
    """The id of the one node that has a name; else the error that says so."""
    if not found:
        return NotFound(f"no entity is named {name!r}", "try `kg search`")
    if len(found) > 1:
        listed = ", ".join(f"{n.id} ({n.type} {n.caption})" for n in found[:5])
        return InputError(f"{name!r} names {len(found)} nodes; give one id: {listed}")
    return found[0].id


class GraphStore(Store):
    """The store of a database. A copy of it may have another view source, or answer as of a day."""

    _ontology: Ontology
    _protected: bool
    _decoder: RowDecoder
    _view_source: ViewSource | None = None
    _asked_day: str = ""
    _known_namer: tuple[object, NamesChild] = (None, names_nobody)

    @abstractmethod
    def close(self) -> None:
        """Close the file or connection."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def ontology(self) -> Ontology:
        """The types of its nodes and links."""
        return self._ontology

    @property
    def perspective(self) -> AsOf | None:
        """As of what the store answers; None for the day of the graph."""
        return self._decoder.as_of

    def with_view(self, source: ViewSource) -> Self:
        """The same store with views from `source`."""
        same = copy(self)
        same._view_source = source
        return same

    def with_as_of(self, as_of: AsOf | None) -> Self:
        """The same store as of a chosen day; as of the day of the graph where it is None."""
        same = copy(self)
        same._decoder = replace(self._decoder, as_of=as_of)
        return same

    def with_asked_day(self, day: str) -> Self:
        """The same store for a question about a day, `YYYY-MM-DD`: who was under 18 on it is told as a child.

        The rest of the answer stays as of the day of the store.
        """
        same = copy(self)
        same._asked_day = day
        return same

    def as_of(self) -> str:
        """The chosen day, else that of the newest load of a source that has records in force; empty when none has."""
        return self.perspective.day if self.perspective else self._graph_day()

    def resolve(self, name: str) -> str:
        """The canonical id for an id (a former one too), a `namespace:key`, or a name only one node has.

        Raises NotFound, or InputError naming the candidates when there are several.
        """
        found = self.resolve_each([name])[name]
        if isinstance(found, str):
            return found
        raise found

    def resolve_each(self, names: Iterable[str]) -> dict[str, str | NotFound | InputError]:
        """What `resolve` answers to each of some names, or the error that it raises; together, which is cheaper."""
        asked = dict.fromkeys(names)
        found = self._find_named(asked)
        return {name: _only_node(name, found[name]) for name in asked}

    def view(self, columns: Sequence[str] = ()) -> GraphView:
        """The whole graph as arrays, with at least the columns asked for.

        A Neo4j raises StoreBusy if it changes. Raises InputError for a column that does not exist.
        """
        from kg.view import LINK_COLUMNS, NODE_COLUMNS  # here, because most questions need no arrays

        for name in columns:
            if name not in NODE_COLUMNS + LINK_COLUMNS:
                raise InputError(f"there is no column {name!r}; columns: {', '.join(NODE_COLUMNS + LINK_COLUMNS)}")
        view = self._view_source(columns).with_records(self) if self._view_source else self._read_view(columns)
        return self.perspective.view(view) if self.perspective else view

    def _withhold_minors(self, nodes: Iterable[Node]) -> list[Node]:
        """Some nodes as everybody is told of them: without names and numbers of who may be under 18.

        Nor is what they hold told by its name and number, where its name has a name of theirs.
        That is on the day asked for, or on that of the graph if it is earlier. The protected scope is told all.
        """
        found = list(nodes)
        if self._protected or not found:
            return found
        by_id = {n.id: n for n in found}
        about = [n.id for n in found if is_paper(self._ontology, n.type)]
        things = [n.id for n in found if n.type in self._holdable_types]
        if not about and not things and not any(n.properties.get(BIRTH_DATE) for n in found):
            return found
        day, withheld = self._day_of_minors(), dict[str, Node]()
        for paper, people in self._holders(about, PAPER_TRAITS).items():
            if any(is_minor_node(one, day) for one in people):
                withheld[paper] = withhold_paper(self._ontology, by_id[paper])
        for thing, holders in self._holders(things, HOLDING_TRAITS).items():
            if (told := self._withhold_thing(by_id[thing], holders, day)) is not None:
                withheld[thing] = told
        return [self._withhold(node, day, withheld) for node in found]

    def _withhold(self, node: Node, day: date, withheld: Mapping[str, Node]) -> Node:
        if is_minor_node(node, day):
            return withhold_person(node, self._describe_minor(node.id, day))
        return withheld.get(node.id, node)

    def _withhold_thing(self, thing: Node, holders: Iterable[Node], day: date) -> Node | None:
        """A thing without its name and number where it is called after a holder under 18; else None."""
        for child in holders:
            if is_minor_node(child, day) and is_called_after(thing, names_child := self._child_namer(child, day)):
                return withhold_paper(self._ontology, thing, names_child)
        return None

    def _child_namer(self, child: Node, day: date) -> NamesChild:
        adults = self._adult_relatives(child.id, day)[1].values()
        names = chain(*(names_of(self._ontology, adult) for adult in adults))
        return child_namer(names_of(self._ontology, child), names)

    @cached_property
    def _holdable_types(self) -> frozenset[str]:
        return holdable_types(self._ontology)

    def _describe_minor(self, person: str, day: date) -> str:
        parents, adults = self._adult_relatives(person, day)
        return describe_minor([adults[p].caption for p in parents if p in adults], [n.caption for n in adults.values()])

    def _adult_relatives(self, person: str, day: date) -> tuple[Collection[str], Mapping[str, Node]]:
        """The ids of the parents of a person, and the relatives who are of age, by id."""
        kinship = tuple(sorted(self._ontology.with_trait("kinship")))
        parents, relatives = parents_of(person, self._raw_links(LinkQuery(person, kinship, limit=50)))
        return parents, {n.id: n for n in self._raw_nodes(sorted(relatives)) if not is_minor_node(n, day)}

    def _withhold_claims(self, claims: Mapping[str, list[Claim]]) -> dict[str, list[Claim]]:
        """What records say of some nodes and links, without names and numbers of who may be under 18."""
        if self._protected:
            return dict(claims)
        about = {name for name, said in claims.items() if any(self._may_be_withheld(claim.type) for claim in said)}
        claims = self._withhold_words_of_claims(claims)
        if not about:
            return claims
        withheld = {node.id: node for node in self._withhold_minors(self._raw_nodes(sorted(about))) if node.withheld}
        return {
            name: [withhold_claim(self._ontology, claim, withheld[name]) for claim in said]
            if name in withheld
            else said
            for name, said in claims.items()
        }

    def _withhold_words_of_claims(self, claims: Mapping[str, list[Claim]]) -> dict[str, list[Claim]]:
        """What records say, of links without words that have the whole name of a child."""
        links = self._ontology.links
        names = self._names_children if any(one.type in links for said in claims.values() for one in said) else None
        if names is None or names is names_nobody:
            return dict(claims)
        return {
            name: [withhold_words_of_claim(one, names) if one.type in links else one for one in said]
            for name, said in claims.items()
        }

    def _withhold_words(self, links: list[Link]) -> list[Link]:
        """Links without words that have the whole name of a child, such as the purpose of a payment."""
        if self._protected or not any(map(has_words, links)):
            return links
        names = self._names_children
        return links if names is names_nobody else [withhold_words(link, names) for link in links]

    @property
    def _names_children(self) -> NamesChild:
        """Whether a text has the whole name of anybody who may be under 18; kept while the graph is the same."""
        day = self._day_of_minors()
        asked = (self.version(), day)
        if self._known_namer[0] != asked:
            key = (self.state(), day)
            if key not in _NAMERS:
                names = chain(*(names_of(self._ontology, one) for one in self._minors(day)))
                if len(_NAMERS) >= _MAX_NAMERS:
                    _NAMERS.clear()
                _NAMERS[key] = whole_namer(names)
            self._known_namer = (asked, _NAMERS[key])
        return self._known_namer[1]

    def links(self, query: LinkQuery) -> list[Link]:
        """The links of one node, in and out, in the order of their ids."""
        return self._withhold_words(self._raw_links(query))

    def links_by_id(self, ids: Iterable[str]) -> dict[str, Link]:
        """The links with these ids; absent ones are left out."""
        return {link.id: link for link in self._withhold_words(self._raw_links_by_id(ids))}

    def _may_be_withheld(self, record_type: str) -> bool:
        is_held = record_type in self._holdable_types
        return is_held or record_type == PERSON or is_paper(self._ontology, record_type)

    def _day_of_minors(self) -> date:
        chosen = self.perspective.day if self.perspective else ""
        days = [day for day in (self._graph_day(), chosen, self._asked_day) if day]
        return date.fromisoformat(min(days)) if days else date.max

    @abstractmethod
    def _holders(self, held: Sequence[str], traits: Sequence[str]) -> Mapping[str, Sequence[Node]]:
        """By the ids of some nodes, those with a date of birth from which links of some traits lead to them."""

    @abstractmethod
    def _minors(self, day: date) -> Iterable[Node]:
        """Everybody who may be under 18 on a day, as they are."""

    @abstractmethod
    def _raw_links(self, query: LinkQuery) -> list[Link]:
        """The links of one node, with all words that may be seen in the scope."""

    @abstractmethod
    def _raw_links_by_id(self, ids: Iterable[str]) -> list[Link]:
        """Links by their ids, with all words that may be seen in the scope."""

    @abstractmethod
    def _raw_nodes(self, ids: Iterable[str]) -> list[Node]:
        """Nodes with all that may be seen in the scope, names of minors too."""

    def _read_view(self, columns: Sequence[str]) -> GraphView:
        from kg.view import GraphView

        ontology = self._ontology
        return GraphView(
            ontology=ontology,
            version=self.version(),
            as_of=self.as_of(),
            node_types=ontology.node_names,
            link_types=ontology.link_names,
            **self._read_arrays(columns),
        ).with_records(self)

    def _subtypes(self, kinds: Iterable[str]) -> list[str]:
        """The node types that are of any of these kinds. Raises QuestionError for one that does not exist."""
        for kind in kinds:
            if kind not in self._ontology.nodes:
                raise QuestionError("type", kind, f"expected one of {', '.join(self._ontology.nodes)}")
        return sorted(frozenset[str]().union(*map(self._ontology.kinds_of, kinds)))

    @abstractmethod
    def _graph_day(self) -> str: ...

    @abstractmethod
    def _find_named(self, names: Collection[str]) -> dict[str, list[Node]]:
        """For each name the node with this id, former id or key, else those with this identifier or name, by id."""

    @abstractmethod
    def _read_arrays(self, columns: Sequence[str]) -> dict[str, Any]:
        """The arrays of a view by field."""

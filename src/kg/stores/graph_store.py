"""What the store of each database shares: the answer to a name, the view, and the day as of which it answers."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from kg.errors import InputError, NotFound, QuestionError
from kg.minors import has_words
from kg.ontology import Ontology
from kg.ports import AsOf, LinkQuery, Store, ViewSource
from kg.records import Claim, GraphVersion, Link, Node
from kg.stores.minors_shield import MinorsShield
from kg.stores.row_decoder import RowDecoder

if TYPE_CHECKING:
    from kg.view import GraphView

MAX_CANDIDATES = 20
"""How many nodes of one name are looked for when there is to be one."""


_MAX_NAMESAKES = 5
"""Nodes of one name that are offered, each with its key in a source."""


def graph_fingerprint(version: GraphVersion, ontology: Ontology, state: str, *, protected: bool) -> str:
    """A digest that differs between any two graphs, and between scopes."""
    return hashlib.sha256(f"{version} {ontology.digest} {protected} {state}".encode()).hexdigest()


def _only_node(
    name: str, found: Sequence[Node], claims: Callable[[Sequence[str]], Mapping[str, Sequence[Claim]]]
) -> str | NotFound | InputError:
    """The id of the one node that has a name; else the error that says so. `claims` reads those of some nodes."""
    if not found:
        return NotFound(f"no entity is named {name!r}", "try `kg search`")
    if len(found) > 1:
        first = found[:_MAX_NAMESAKES]
        said = claims([n.id for n in first])
        keys = {n.id: min((f"{c.namespace}:{c.key}" for c in said.get(n.id, ())), default="") for n in first}
        listed = ", ".join(f"{n.id} ({', '.join(filter(None, (f'{n.type} {n.caption}', keys[n.id])))})" for n in first)
        listed += f" and {len(found) - len(first)} more" if len(found) > len(first) else ""
        return InputError(f"{name!r} names {len(found)} nodes; give one id: {listed}")
    return found[0].id


class GraphStore(Store):
    """The store of a database. A copy of it may have another view source, or answer as of a day."""

    _ontology: Ontology
    _protected: bool
    _decoder: RowDecoder
    _view_source: ViewSource | None = None
    _asked_day: str = ""

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
        return {name: _only_node(name, found[name], self.claims) for name in asked}

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

    @property
    def _shield(self) -> MinorsShield | None:
        """What keeps the names of minors from everybody; None where there are none, and in the protected scope.

        It is for the day asked for, or for that of the graph if it is earlier.
        """
        if self._protected:
            return None
        chosen = self.perspective.day if self.perspective else ""
        own_day = self._graph_day()
        days = [date.fromisoformat(day) for day in (own_day, chosen, self._asked_day) if day]
        graph_day = date.fromisoformat(own_day) if own_day else date.max
        shield = MinorsShield(self, min(days, default=date.max), graph_day)
        return shield if shield.has_minors else None

    def _shielded_nodes(self, nodes: Iterable[Node]) -> list[Node]:
        """Some nodes as everybody is told of them."""
        found = list(nodes)
        shield = self._shield if found else None
        return shield.nodes(found) if shield else found

    def _shielded_claims(self, claims: Mapping[str, list[Claim]]) -> dict[str, list[Claim]]:
        """What records say of some nodes and links, as everybody is told of it."""
        shield = self._shield if claims else None
        return shield.claims(claims) if shield else dict(claims)

    def _shielded_links(self, links: list[Link]) -> list[Link]:
        """Some links as everybody is told of them."""
        shield = self._shield if any(map(has_words, links)) else None
        return shield.links(links) if shield else links

    def links(self, query: LinkQuery) -> list[Link]:
        """The links of one node, in and out, in the order of their ids."""
        return self._shielded_links(self.raw_links(query))

    def links_by_id(self, ids: Iterable[str]) -> dict[str, Link]:
        """The links with these ids; absent ones are left out."""
        return {link.id: link for link in self._shielded_links(self.raw_links_by_id(ids))}

    @abstractmethod
    def find_holders(
        self, held: Sequence[str], types: Sequence[str], most: int, day: date
    ) -> Mapping[str, Sequence[Node]]:
        """By the ids of some nodes, those from which at most `most` links lead to them, born late enough.

        The links are of some types. Late enough is what may be less than 18 years before `day`; names of minors are
        in it.
        """

    @abstractmethod
    def find_relatives(self, people: Sequence[str], types: Sequence[str], day: date) -> Mapping[str, Sequence[Node]]:
        """By the ids of some nodes, those born late enough that links of some types connect with them."""

    @abstractmethod
    def find_born_late(self, day: date) -> list[Node]:
        """Every node with a date of birth that may be less than 18 years before a day, as it is."""

    @abstractmethod
    def raw_links(self, query: LinkQuery) -> list[Link]:
        """The links of one node, with all words that may be seen in the scope."""

    @abstractmethod
    def raw_links_by_id(self, ids: Iterable[str]) -> list[Link]:
        """Links by their ids, with all words that may be seen in the scope."""

    @abstractmethod
    def raw_nodes(self, ids: Iterable[str]) -> list[Node]:
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

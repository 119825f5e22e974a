"""What does every store answer?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kg.ontology.model import HANDLINGS
from kg.records import Claim, GraphVersion, Judgement, Link, Node, Provenance, Record, Ref

if TYPE_CHECKING:
    from kg.errors import InputError, NotFound
    from kg.ontology import Ontology
    from kg.view import GraphView


COUNTRY_TRAITS = ("citizenship", "registration")
"""Traits of links to the jurisdictions that a party is of."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source and what the ledger holds of it."""

    name: str
    namespace: str
    title: str
    invented: bool
    """Whether everything in it is made up, for demonstration."""
    records: int
    last_load: str
    """Day of the source's newest load."""
    loads: int = 0
    """How often it was loaded or withdrawn."""
    waiting: int = 0
    """Its links with an end that no record describes yet."""
    digest: str = ""
    """Of its records in force, as `kg.ledger.digests` makes it."""
    changed: str = ""
    """Day of the newest load that changed what it says."""
    not_understood: Mapping[str, int] = field(default_factory=dict)
    """How many values of its records in force could not be read, by `Type.property` or, without one, `Type.name`."""
    remarks: Mapping[str, int] = field(default_factory=dict)
    """How many remarks there are on what it says, by kind: on values that were read and kept."""


@dataclass(frozen=True, slots=True)
class WaitingLink:
    """A link of one source with an end, or two, that no record describes yet."""

    source: str
    key: str
    part: str
    type: str
    missing: tuple[Ref, ...]
    present: tuple[Ref, str] | None = None
    """The end that is there, and what it is called; None if both are missing."""
    place: str = ""
    """File and line where it was read last; empty where they are not known."""
    starts_there: bool = False
    """Whether the end that is there is the one where the link starts."""
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the source states of the link, by property; the words of a value that was not understood too."""

    @property
    def missing_names(self) -> str:
        """The ends that no record describes yet: `desk:p1`, or `desk:p1, desk:p2`."""
        return ", ".join(map(":".join, self.missing))

    @property
    def ends(self) -> tuple[str, str]:
        """Where the link starts and ends: what is there as it is called, and `missing_names` for what is not."""
        there = self.present[1] if self.present else self.missing_names
        return (there, self.missing_names) if self.starts_there else (self.missing_names, there)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store holds."""

    version: GraphVersion
    as_of: str
    nodes: Mapping[str, int]
    """Nodes by type."""
    links: Mapping[str, int]
    """Links by type."""
    waiting: int
    """Links with an end that no record describes yet."""
    sources: tuple[SourceInfo, ...]


@dataclass(frozen=True, slots=True)
class LinkQuery:
    """A query for the links of one node."""

    node_id: str
    types: tuple[str, ...] = ()
    """Only these types; all when empty."""
    limit: int = 1000
    after: str = ""
    """Only links whose ids come after this one."""
    direction: str = ""
    """Only links that lead `out` of the node, or `in` to it; both when empty."""
    as_of: str = ""
    """Only links that may hold on this day, and events until then, `YYYY-MM-DD`; undated links are included."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of the graph; everything visible by default."""

    sources: tuple[str, ...] = ()
    """Only what these sources say."""
    node_types: frozenset[str] = frozenset()
    """Only nodes of these types, and links between them."""
    link_types: frozenset[str] = frozenset()
    """Only links of these types; without node types, only the nodes at their ends."""
    handling: str = "restricted"
    """The strictest handling code that is included."""

    def includes(self, source: str, handling: str) -> bool:
        """Whether a claim of this source with this handling code is included."""
        strict = HANDLINGS.index(handling) <= HANDLINGS.index(self.handling)
        return strict and (not self.sources or source in self.sources)


class RecordInForce(NamedTuple):
    """A record in force, and the types of the nodes at its ends; empty where it is no link or its end is absent."""

    record: Record
    end_types: tuple[str, str] = ("", "")


class DescribedNode(NamedTuple):
    """A node and the provenance of each claim about it."""

    node: Node
    said: tuple[Provenance, ...]


class LinkWithEnds(NamedTuple):
    """A link with the types of the nodes at its ends."""

    link: Link
    end_types: tuple[str, str]
    other: Mapping[str, tuple[str, ...]]
    """Values the ontology has no property for."""
    derived: bool
    """Whether the projection derived it: no record states it."""


ViewSource = Callable[[Sequence[str]], "GraphView"]
"""Returns the graph as arrays, with at least the columns named."""


class AsOf(Protocol):
    """A day other than that of the graph, and what nodes, claims and arrays are as of it."""

    @property
    def day(self) -> str:
        """The day, `YYYY-MM-DD`."""

    def node(self, node: Node) -> Node:
        """A node as of the day."""

    def claim(self, claim: Claim) -> Claim:
        """A claim as of the day."""

    def view(self, view: GraphView) -> GraphView:
        """The graph as arrays as of the day."""


class PartyStore(Protocol):
    """What a store answers of people and companies, for those who compare them."""

    @property
    def ontology(self) -> Ontology:
        """The types of its nodes and links."""

    def contents(self) -> Contents:
        """Counts, sources and version."""

    def find_by_each(self, queries: Iterable[str], kinds: Sequence[str], limit: int) -> tuple[dict[str, Node], int]:
        """What `find_by_words` finds for any of some queries, and for how many of them there are more than `limit`."""

    def find_by_identifier(self, value: str, kinds: Sequence[str] = (), limit: int = 300) -> dict[str, Node]:
        """The first nodes, in the order of their ids, that have an identifier; by id."""

    def count_countries(self, types: Iterable[str]) -> tuple[dict[str, int], int]:
        """How many nodes of some types are citizens of, or registered in, each jurisdiction; how many of any at all.

        A jurisdiction is named by its code, else as it is called.
        """

    def nodes(self, ids: Iterable[str]) -> dict[str, Node]:
        """The nodes with these canonical ids; absent ones are left out."""

    def links(self, query: LinkQuery) -> list[Link]:
        """The links of one node, in and out, in the order of their ids."""

    def claims(self, ids: Sequence[str]) -> dict[str, list[Claim]]:
        """The records behind each node or link, by source and key."""


class Store(PartyStore, Protocol):
    """One graph that answers. Protected facts are left out unless the store was opened with that scope."""

    def version(self) -> GraphVersion:
        """Which ledger, and how often its projection has changed."""

    def state(self) -> str:
        """A digest that identifies the graph as this scope sees it, also among graphs of one version.

        A copy of a file may have gone another way, and the day of the newest load changes also where it brings nothing.
        """

    def as_of(self) -> str:
        """The chosen day, else that of the graph; empty where no source has records in force."""

    def search(self, text: str, kinds: Sequence[str] = (), limit: int = 20, jurisdiction: str = "") -> list[Node]:
        """Nodes by name or identifier, best first; ties in the order of their ids.

        Papers that show the name of somebody else come last. With the id of a jurisdiction, only nodes with a link to
        it.
        """

    def count_found(self, text: str, kinds: Sequence[str] = (), jurisdiction: str = "") -> dict[str, int]:
        """How many of the first 1,000 results of a search are of each type."""

    def find_by_words(self, query: str, kinds: Sequence[str] = (), limit: int = 300) -> dict[str, Node]:
        """The first nodes, in the order of their ids, whose search words match a full-text query; by id.

        `kg.names` makes such queries.
        """

    def resolve(self, name: str) -> str:
        """The canonical id for an id (a former one too), a `namespace:key`, or a name only one node has.

        Raises NotFound, or InputError naming the candidates when there are several.
        """

    def resolve_each(self, names: Iterable[str]) -> dict[str, str | NotFound | InputError]:
        """What `resolve` answers to each of some names, or the error that it raises; together, which is cheaper."""

    def links_by_id(self, ids: Iterable[str]) -> dict[str, Link]:
        """The links with these ids; absent ones are left out."""

    def waiting_links_of(
        self, nodes: Sequence[str], types: Sequence[str], limit: int = 100, *, into: bool = False
    ) -> list[WaitingLink]:
        """Links of some types between one of some nodes and what no record describes yet; `into`: that end at the node.

        Without `into`, those to jurisdictions that are not loaded are left out. A graph in Neo4j has none of them.
        """

    def rejected_rows(self, sources: Collection[str]) -> dict[str, int]:
        """How many rows were rejected at the last load of each source; sources without any are left out.

        A graph in Neo4j does not know.
        """

    def undisputed_shares(self, ids: Sequence[str]) -> dict[str, tuple[float, float]]:
        """Lowest and highest percentage, NaN where none is stated, of links of which claims say no more than columns.

        Those are links that one record states, with one share at most and one day of each kind, none of which is the
        day of the statement, and not as indirect; others are left out.
        """

    def judgements(self, ids: Sequence[str]) -> dict[str, list[Judgement]]:
        """The judgements in effect that merge names into one node, by canonical id; nodes without any are left out."""

    def view(self, columns: Sequence[str] = ()) -> GraphView:
        """The whole graph as arrays, with the columns asked for."""

    @property
    def perspective(self) -> AsOf | None:
        """As of what the store answers; None for the day of the graph."""

    def with_view(self, source: ViewSource) -> Store:
        """The same store with views from `source`."""

    def with_asked_day(self, day: str) -> Store:
        """The same store for a question about a day: who was under 18 on it is told as a child."""

    def with_as_of(self, as_of: AsOf | None) -> Store:
        """The same store as of a chosen day; as of the day of the graph where it is None."""

"""What a store tells of who may be under 18, of what is theirs, and in words that name them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import chain, product
from typing import NamedTuple, Protocol, TypeVar

from kg.minors import (
    ADDRESS,
    ADDRESS_TRAITS,
    BIRTH_DATE,
    HOLDING_TRAITS,
    KIN,
    MAX_HOLDINGS,
    PAPER_TRAITS,
    PERSON,
    REACHES,
    Kin,
    NameFinder,
    NamesChild,
    Reach,
    both_finders,
    child_namer,
    describe_minor,
    finder_namer,
    has_free_text,
    has_words,
    holdable_types,
    is_called_after,
    is_kin_name,
    is_minor_node,
    is_paper,
    kin_of,
    names_nobody,
    names_of,
    narrative_types,
    number_finder,
    numbers_of,
    redact_claim,
    whole_name_finder,
    whole_namer,
    withhold_address,
    withhold_caption,
    withhold_names,
    withhold_names_of_claim,
    withhold_paper,
    withhold_person,
    withhold_sentences,
    withhold_words,
    withhold_words_of_claim,
    word_namer,
)
from kg.ontology import Ontology
from kg.ports import LinkQuery
from kg.records import Claim, Link, Node, Record

_Statement = TypeVar("_Statement", Claim, Record)

MAX_NEAR = 200
"""Links of a node beyond the first ones lead to no child that its words may name by a given name."""

MAX_RELATIVES = 50
"""Relatives beyond the first ones neither describe a child nor tell which of its names the family shares."""


class UnshieldedGraph(Protocol):
    """A graph with the names of minors in it."""

    @property
    def ontology(self) -> Ontology:
        """The types of its nodes and links."""

    def state(self) -> str:
        """Identifies the graph."""

    def raw_nodes(self, ids: Iterable[str]) -> list[Node]:
        """Nodes by their ids."""

    def raw_links(self, query: LinkQuery) -> list[Link]:
        """The links of one node."""

    def raw_links_by_id(self, ids: Iterable[str]) -> list[Link]:
        """Links by their ids."""

    def find_born_late(self, day: date) -> list[Node]:
        """Every node with a date of birth that may be less than 18 years before a day."""

    def find_holders(
        self, held: Sequence[str], types: Sequence[str], most: int, day: date
    ) -> Mapping[str, Sequence[Node]]:
        """By the ids of some nodes, those born so late from which at most so many links lead to them."""

    def find_relatives(self, people: Sequence[str], types: Sequence[str], day: date) -> Mapping[str, Sequence[Node]]:
        """By the ids of some nodes, those born so late that links connect with them, whichever way."""


class Withheld(NamedTuple):
    """What is not told of a node: name and number of a child, of a child's thing or paper, or sentences that name one.

    `redacted_node` is None where only sentences are not told.
    """

    redacted_node: Node | None
    names_child: NamesChild


class _Finders(NamedTuple):
    """What finds everybody who may be under 18, in one state of a graph."""

    names: NameFinder
    """Whole names, and numbers."""
    may_name: NamesChild
    """Whether a text has a word that may be the given name of one of them."""
    anybody: bool
    """Whether there is anybody."""


_MAX_FINDERS = 16
_FINDERS: dict[tuple[str, date], _Finders] = {}
"""By the state of a graph and the day."""


class MinorsShield:
    """Takes out of answers what names somebody who may be under 18 on a day.

    Dates of birth more than a year after `graph_day` are taken for unknown ones, whatever day is asked about.
    """

    def __init__(self, graph: UnshieldedGraph, day: date, graph_day: date) -> None:
        self._graph, self._ontology, self._day, self._graph_day = graph, graph.ontology, day, graph_day
        self._namers: dict[str, NamesChild] = {}
        self._near: dict[tuple[str, ...], tuple[NamesChild, ...]] = {}

    @property
    def has_minors(self) -> bool:
        """Whether there is anybody who may be under 18; if not, everything is told as it is."""
        return self._finders.anybody

    def nodes(self, found: list[Node]) -> list[Node]:
        """Some nodes as everybody is told of them."""
        withheld = self.withheld(found)
        return [self.node(node, withheld.get(node.id)) for node in found]

    def claims(self, claims: Mapping[str, list[Claim]]) -> dict[str, list[Claim]]:
        """What records say of some nodes and links, as everybody is told of it."""
        links = self._ontology.links
        about = {name for name, some in claims.items() if any(claim.type not in links for claim in some)}
        withheld = self.withheld(self._graph.raw_nodes(sorted(about))) if about else {}
        return {
            n: [
                self._without_named_remarks(self.redact_claim(one, n, withheld.get(n)), n, withheld.get(n))
                for one in some
            ]
            for n, some in claims.items()
        }

    def _without_named_remarks(self, claim: Claim, own_id: str, withheld: Withheld | None) -> Claim:
        """A claim without remarks that quote what is not told: of what is withheld without any."""
        if not claim.remarks:
            return claim
        is_link = claim.type in self._ontology.links
        told = () if withheld else tuple(t for t in claim.remarks if not self._is_named(t, own_id, is_link=is_link))
        return replace(claim, remarks=told)

    def _is_named(self, text: str, own_id: str, *, is_link: bool) -> bool:
        return self._names_in_link(text, own_id, ()) if is_link else self._sentence_namer(own_id, None)(text)

    def links(self, links: list[Link]) -> list[Link]:
        """Links without words that name a child, such as the purpose of a payment."""
        return [
            withhold_words(link, self.link_namer(link.source_id, link.target_id)) if has_words(link) else link
            for link in links
        ]

    def link_namer(self, *ends: str) -> NamesChild:
        """What tells that words of a link name a child: any by the whole name, one near its ends by the given name."""
        return lambda text: self.names_children(text) or self._names_near(text, ends)

    def node(self, node: Node, withheld: Withheld | None) -> Node:
        """A node as everybody is told of it."""
        if withheld and withheld.redacted_node:
            return withheld.redacted_node
        if has_free_text(self._ontology, node):
            namer = self._sentence_namer(node.id, withheld)
            node = withhold_sentences(self._ontology, withhold_caption(self._ontology, node, namer), namer)
        if withheld is None and node.type not in self._narrative:
            return node
        return withhold_names(self._ontology, node, self._name_namer(node.id, withheld))

    def redact_claim(
        self, claim_or_record: _Statement, own_id: str, withheld: Withheld | None, ends: Sequence[str] = ()
    ) -> _Statement:
        """What a record says of a node or link, as everybody is told of it.

        `own_id` is the id of that node or link, `ends` those of a link's ends where they are known already.
        """
        if claim_or_record.type in self._ontology.links:
            return withhold_words_of_claim(claim_or_record, lambda text: self._names_in_link(text, own_id, ends))
        if withheld and withheld.redacted_node:
            return redact_claim(self._ontology, claim_or_record, withheld.redacted_node, withheld.names_child)
        if has_free_text(self._ontology, claim_or_record):
            namer = self._sentence_namer(own_id, withheld)
            claim_or_record = withhold_sentences(self._ontology, claim_or_record, namer)
        if withheld is None and claim_or_record.type not in self._narrative:
            return claim_or_record
        return withhold_names_of_claim(self._ontology, claim_or_record, self._name_namer(own_id, withheld))

    def _names_in_link(self, text: str, link_id: str, ends: Sequence[str]) -> bool:
        if self.names_children(text):
            return True
        if not ends and self.may_name(text):
            ends = [end for link in self._graph.raw_links_by_id([link_id]) for end in (link.source_id, link.target_id)]
        return self._names_near(text, ends)

    def _sentence_namer(self, node_id: str, withheld: Withheld | None) -> NamesChild:
        """What tells that a sentence about a node names a child.

        Any child is named by its whole name or a number, unless it is the node that is called so, and one near the
        node by its given name.
        """
        of_kin = withheld.names_child if withheld else names_nobody
        return lambda text: of_kin(text) or self._is_told_of_child(text, node_id) or self._names_near(text, (node_id,))

    def _is_told_of_child(self, text: str, node_id: str) -> bool:
        found = set(self._find_children(text))
        if not found:
            return False
        called = frozenset(chain(*(names_of(self._ontology, one) for one in self._graph.raw_nodes([node_id]))))
        return any(not any(map(whole_namer((name,)), called)) for name in found)

    def _names_near(self, text: str, node_ids: Sequence[str]) -> bool:
        return self.may_name(text) and any(names(text) for names in self._namers_near(node_ids))

    def _namers_near(self, node_ids: Sequence[str]) -> tuple[NamesChild, ...]:
        """What tells the names of children whom links connect with some nodes, or with people linked to one alone."""
        key = tuple(node_ids)
        if key not in self._near:
            ends = set(node_ids)
            if len(node_ids) == 1:
                for link in self._graph.raw_links(LinkQuery(node_ids[0], limit=MAX_NEAR)):
                    ends |= {link.source_id, link.target_id}
            people = {n.id: n for n in self._graph.raw_nodes(sorted(ends)) if PERSON in (n.type, *n.types)}
            kin = self._graph.find_relatives(sorted(people), self._types(KIN.traits), self._day)
            people |= {n.id: n for n in chain(*kin.values())}
            children = (n for _, n in sorted(people.items()) if self._is_minor(n))
            self._near[key] = tuple(map(self._child_namer, children))
        return self._near[key]

    def _name_namer(self, node_id: str, withheld: Withheld | None) -> NamesChild:
        """What tells that a name of an adult relative, or of what tells of others, names a child.

        An adult may be called as a child is: only a name such as `Mother of Bo` names the child. A paper may be called
        after an adult to whom it is linked, and who has the name of a child.
        """
        if withheld:
            return lambda text: is_kin_name(text) and withheld.names_child(text)
        return lambda text: (
            not all(self._is_of_adult(name, node_id) for name in self._find_children(text))
            or self._names_near(text, (node_id,))
        )

    def _is_of_adult(self, name: str, node_id: str) -> bool:
        ends = {end for link in self._graph.raw_links(LinkQuery(node_id)) for end in (link.source_id, link.target_id)}
        has_name = whole_namer((name,))
        people = (n for n in self._graph.raw_nodes(sorted(ends - {node_id})) if PERSON in (n.type, *n.types))
        called = [
            one
            for one in people
            if any(has_name(text) and not is_kin_name(text) for text in names_of(self._ontology, one))
        ]
        return bool(called) and not any(map(self._is_minor, called))

    def withheld(self, found: Sequence[Node]) -> dict[str, Withheld]:
        """What is not told of some nodes, by id, besides whole names in the words of papers and proceedings."""
        told: dict[str, Withheld] = {}
        by_id = {node.id: node for node in found}
        papers = [n.id for n in found if is_paper(self._ontology, n.type)]
        for paper, people in self._graph.find_holders(papers, self._types(PAPER_TRAITS), 1, self._day).items():
            if any(map(self._is_minor, people)):
                told[paper] = self._of_paper(by_id[paper], names_nobody)
        things = [n.id for n in found if n.type in self._holdable]
        holding = self._types(HOLDING_TRAITS)
        for thing, holders in self._graph.find_holders(things, holding, MAX_HOLDINGS, self._day).items():
            for child in filter(self._is_minor, holders):
                if is_called_after(by_id[thing], names_child := self._child_namer(child)):
                    told.setdefault(thing, self._of_paper(by_id[thing], names_child))
        addresses = [n.id for n in found if n.type == ADDRESS]
        location = self._types(ADDRESS_TRAITS)
        for address, people in self._graph.find_holders(addresses, location, 1, self._day).items():
            if any(map(self._is_minor, people)) and self._is_of_children_alone(address, location):
                told[address] = Withheld(withhold_address(by_id[address]), names_nobody)
        adults = [n.id for n in found if n.type == PERSON and self._may_name_kin(n)]
        for adult, kin in self._graph.find_relatives(adults, self._types(KIN.traits), self._day).items():
            if children := list(filter(self._is_minor, kin)):
                told[adult] = self._of_relative(children)
        told |= {n.id: self._of_person(n) for n in found if n.properties.get(BIRTH_DATE) and self._is_minor(n)}
        return told

    def everything_withheld(self) -> dict[str, Withheld]:
        """The same of the whole graph, found from everybody who may be under 18."""
        minors = {node.id: node for node in self._minors()}
        ids = dict.fromkeys(minors)
        for name, reach in product(minors, REACHES):
            ids |= self._reached([name], reach)
        return self.withheld(self._graph.raw_nodes(sorted(ids)))

    def _is_of_children_alone(self, address: str, types: tuple[str, ...]) -> bool:
        ends = [link.source_id for link in self._graph.raw_links(LinkQuery(address, types, direction="in"))]
        return all(map(self._is_minor, self._graph.raw_nodes(sorted(set(ends)))))

    def _reached(self, start: Sequence[str], reach: Reach) -> dict[str, None]:
        """The ids of what may be withheld for some nodes."""
        found, ahead = dict[str, None](), list(start)
        for _ in range(reach.most):
            way = "" if reach.both_ways else "out"
            queries = (LinkQuery(one, self._types(reach.traits), direction=way) for one in ahead)
            links = (link for query in queries for link in self._all_links(query))
            ends = dict.fromkeys(end for link in links for end in (link.source_id, link.target_id) if end not in start)
            ahead = [end for end in ends if end not in found]
            found |= ends
        return found

    def _all_links(self, query: LinkQuery) -> Iterator[Link]:
        """All links of a query, read in pages."""
        while page := self._graph.raw_links(query):
            yield from page
            if len(page) < query.limit:
                return
            query = replace(query, after=page[-1].id)

    @cached_property
    def names_children(self) -> NamesChild:
        """Whether a text has the whole name of anybody who may be under 18."""
        return finder_namer(self._find_children)

    @property
    def _find_children(self) -> NameFinder:
        """Finds the whole names and the numbers of everybody who may be under 18."""
        return self._finders.names

    @property
    def may_name(self) -> NamesChild:
        """Whether a text has a word that may be the given name of somebody who may be under 18."""
        return self._finders.may_name

    @cached_property
    def _finders(self) -> _Finders:
        """What finds everybody who may be under 18; kept while the graph is the same."""
        key = (self._graph.state(), self._day)
        found = _FINDERS.get(key)
        if found is None:
            minors = self._minors()
            names = frozenset(chain(*(names_of(self._ontology, one) for one in minors)))
            papers = dict.fromkeys(chain(*(self._reached([one.id], Reach(PAPER_TRAITS)) for one in minors)))
            numbered = [*minors, *self._graph.raw_nodes(sorted(papers))]
            numbers = frozenset(chain(*(numbers_of(self._ontology, one) for one in numbered)))
            if len(_FINDERS) >= _MAX_FINDERS:
                _FINDERS.clear()  # another thread may clear them meanwhile
            finder = both_finders(whole_name_finder(names), number_finder(numbers))
            found = _FINDERS[key] = _Finders(finder, word_namer(names), bool(minors))
        return found

    @cached_property
    def _holdable(self) -> frozenset[str]:
        return holdable_types(self._ontology)

    @cached_property
    def _narrative(self) -> frozenset[str]:
        return narrative_types(self._ontology)

    def _may_name_kin(self, adult: Node) -> bool:
        return has_free_text(self._ontology, adult) or any(map(is_kin_name, names_of(self._ontology, adult)))

    def _types(self, traits: Collection[str]) -> tuple[str, ...]:
        return tuple(sorted(self._ontology.with_trait(*traits)))

    def _is_minor(self, node: Node) -> bool:
        return is_minor_node(node, self._day, self._graph_day)

    def _minors(self) -> list[Node]:
        return list(filter(self._is_minor, self._graph.find_born_late(self._day)))

    def _of_person(self, child: Node) -> Withheld:
        kin, adults = self._adult_relatives(child.id)
        told = {name: n.caption for name, n in adults.items() if not is_kin_name(n.caption)}
        family = [caption for name, caption in told.items() if name not in kin.others]
        is_grown = not is_minor_node(child, self._graph_day)
        day = self._day.isoformat() if is_grown else ""
        described = describe_minor([told[p] for p in kin.parents if p in told], family, day)
        return Withheld(withhold_person(child, described), names_nobody)

    def _of_paper(self, node: Node, names_child: NamesChild) -> Withheld:
        return Withheld(withhold_paper(self._ontology, node, names_child), names_child)

    def _of_relative(self, children: Sequence[Node]) -> Withheld:
        namers = [self._child_namer(child) for child in children]
        return Withheld(None, lambda text: any(names(text) for names in namers))

    def _child_namer(self, child: Node) -> NamesChild:
        """What tells a name of a child; kept, since all relatives and things of a child ask for it."""
        if child.id not in self._namers:
            adults = self._adult_relatives(child.id)[1].values()
            names = chain(*(names_of(self._ontology, adult) for adult in adults))
            shared = (name for name in names if not is_kin_name(name))
            self._namers[child.id] = child_namer(names_of(self._ontology, child), shared)
        return self._namers[child.id]

    def _adult_relatives(self, person: str) -> tuple[Kin, Mapping[str, Node]]:
        """The ids of the relatives of a person, and those who are of age, by id: the first ones."""
        query = LinkQuery(person, self._types(KIN.traits), limit=MAX_RELATIVES)
        kin = kin_of(person, self._graph.raw_links(query))
        return kin, {n.id: n for n in self._graph.raw_nodes(sorted(kin.relatives)) if not self._is_minor(n)}

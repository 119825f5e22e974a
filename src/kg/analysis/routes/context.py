"""What do sources claim about some people, their assets, and the papers and proceedings that concern them?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from string import ascii_uppercase
from typing import NamedTuple

import numpy as np

from kg.clearance import NAME_PROPERTIES
from kg.findings.statements import unread_sentence
from kg.names import name_words
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import JURISDICTION_NAMESPACE, Claim, node_id
from kg.view import GraphView

PERSON_LINK_TRAITS = ("pursuit", "accusation", "presence", "citizenship", "status", "procedure")
ASSET_LINK_TRAITS = ("location", "registration", "proceeds", "encumbrance", "procedure")
"""Traits of the links whose claims decide facts about people and about assets."""

CASE_NODE_TYPES = ("Offence", "Sought", "Measure", "Request", "Case", "Determination")
"""Types of the nodes whose own claims and links are read too."""


class AdjacentLink(NamedTuple):
    """A link from one node to another, as positions in the view."""

    link: int
    far: int


class CaseContext:
    """The part of a graph that the routes of a batch of people depend on, with its claims read at once."""

    def __init__(self, view: GraphView, people: Iterable[int], assets: Iterable[int]) -> None:
        self.view = view
        self._adjacent: dict[tuple[int, bool], dict[str, list[AdjacentLink]]] = {}
        self._ids: dict[int, str] = {}
        self._codes: dict[int, str] = {}
        self._jurisdiction_types = view.ontology.kinds_of("Jurisdiction")
        self._values: dict[tuple[int, str], tuple[str, ...]] = {}
        self._claims: dict[str, Sequence[Claim]] = {}
        self._has_unread = False
        self._case_types = frozenset[str]().union(*map(view.ontology.kinds_of, CASE_NODE_TYPES))
        self._sought_under_by_person: Mapping[str, frozenset[str]] = {}
        self._read_claims(list(people), assets)

    def id(self, node: int) -> str:
        """The canonical id of a node."""
        found = self._ids.get(node)
        if found is None:
            found = self._ids[node] = self.view.id(node)
        return found

    def outgoing(self, node: int, kind: str) -> list[AdjacentLink]:
        """The links of a type that leave a node."""
        return self._adjacent_by_type(node, True).get(kind, [])

    def incoming(self, node: int, kind: str) -> list[AdjacentLink]:
        """The links of a type that arrive at a node."""
        return self._adjacent_by_type(node, False).get(kind, [])

    def claims(self, node: int) -> Sequence[Claim]:
        """The claims about a node; none for one that is neither a person, an asset nor in a case about them."""
        return self._claims.get(self.id(node), ())

    def holders(self, node: int, kind: str, day: date) -> list[int]:
        """Who holds a node by links of a type that are in force on the day; their claims are read too."""
        steps = self.incoming(node, kind)
        over = self.view.not_in_force(np.array([step.link for step in steps], dtype=np.int64), day.toordinal())
        found = [step.far for step, ended in zip(steps, over.tolist(), strict=True) if not ended]
        if unread := [name for name in map(self.id, found) if name not in self._claims]:
            self._claims.update(self.view.records.claims(unread))
        return found

    def link_claims(self, link: int) -> Sequence[Claim]:
        """The claims about a link."""
        return self._claims.get(self.view.link_id(link), ())

    def sought_under(self, person: int) -> frozenset[str] | None:
        """The links by which the graph has a person as sought, whether or not this scope may see why the others ended.

        None where the graph does not tell.
        """
        return self._sought_under_by_person.get(self.id(person))

    def texts(self, claim: Claim, name: str) -> tuple[str, ...]:
        """The valid values of one property of a claim, in their canonical spelling."""
        said = claim.properties.get(name)
        kind = self.view.ontology.properties(claim.type).get(name) if said else None
        return tuple(_clean_texts(kind.type, said)) if said and kind else ()

    def first_text(self, claim: Claim, name: str) -> str:
        """The first of those values; empty without one."""
        return next(iter(self.texts(claim, name)), "")

    def merged_texts(self, node: int, name: str) -> tuple[str, ...]:
        """The values of a property of a node by all claims together."""
        found = self._values.get((node, name))
        if found is None:
            texts = (text for claim in self.claims(node) for text in self.texts(claim, name))
            found = self._values[node, name] = tuple(dict.fromkeys(texts))
        return found

    def sources(self, node: int) -> tuple[str, ...]:
        """The sources that describe a node."""
        return tuple(sorted({claim.source for claim in self.claims(node)}))

    def name_of(self, node: int) -> str:
        """What a node whose claims were read is called, as everywhere; else its id."""
        claims = [(claim.source, claim.provenance.to_json(), claim.properties) for claim in self.claims(node)]
        types = tuple(dict.fromkeys(claim.type for claim in self.claims(node)))
        ordered = ((kind, *(other for other in types if other != kind)) for kind in types)
        names = (self.view.ontology.claimed_caption(kinds, claims) for kinds in ordered)
        return next(filter(None, names), self.view.id(node))

    def unread_near(self, node: int) -> Iterator[str]:
        """A sentence for each value of a node, of its links and of the papers at their ends that could not be read."""
        if not self._has_unread:
            return
        yield from self._unread_sentences(self.claims(node), self.name_of(node))
        for out in (True, False):
            for kind, steps in self._adjacent_by_type(node, out).items():
                about = f"{self.name_of(node)} ({self.view.ontology.links[kind].caption})"
                for step in steps:
                    yield from self._unread_sentences(self.link_claims(step.link), about)
                    if self.view.type(step.far) in self._case_types:
                        yield from self._unread_sentences(self.claims(step.far), self.name_of(step.far))

    def _unread_sentences(self, claims: Iterable[Claim], about: str) -> Iterator[str]:
        return (unread_sentence(value, about) for claim in claims for value in claim.not_understood)

    def jurisdiction_code(self, node: int) -> str:
        """The code of a jurisdiction, from an id that is made from it, else from claims; empty for any other node."""
        if self.view.type(node) not in self._jurisdiction_types:
            return ""
        if node not in self._codes:
            self._codes[node] = _codes_by_id().get(self.view.id(node)) or self._claimed_code(self.view.id(node))
        return self._codes[node]

    def _claimed_code(self, node: str) -> str:
        claims = self.view.records.claims([node]).get(node, ())
        texts = (text for claim in claims for text in _clean_texts("jurisdiction", claim.properties.get("code", ())))
        return next(texts, "")

    def issuing_jurisdictions(self, node: int, kind: str) -> tuple[str, ...]:
        """The jurisdictions whose agencies issued a paper or ordered a measure; `kind` is the type of that link."""
        return tuple(sorted({c for step in self.outgoing(node, kind) for c in self.jurisdictions_of(step.far)}))

    def jurisdictions_of(self, node: int) -> Iterator[str]:
        """The jurisdictions that an agency, or a larger one that it belongs to, is an agency of."""
        seen, ahead = set[int](), [node]
        while ahead:
            one = ahead.pop()
            if one in seen:
                continue
            seen.add(one)
            if code := self.jurisdiction_code(one):
                yield code
            ahead += [step.far for step in self.outgoing(one, "AGENCY_OF")]

    def states_of_agencies(self) -> Mapping[tuple[str, ...], frozenset[str]]:
        """The jurisdictions of each agency in the graph, by the words of each of its names; read once for a view."""
        kept = self.view.remembered
        if "states_of_agencies" not in kept:
            kept["states_of_agencies"] = self._find_states_of_agencies()
        found: Mapping[tuple[str, ...], frozenset[str]] = kept["states_of_agencies"]
        return found

    def _find_states_of_agencies(self) -> Mapping[tuple[str, ...], frozenset[str]]:
        found: dict[tuple[str, ...], frozenset[str]] = {}
        agencies = np.flatnonzero(self.view.nodes_of("Agency")).tolist()
        claims = self.view.records.claims([self.id(node) for node in agencies])
        for node in agencies:
            states = frozenset(self.jurisdictions_of(node))
            for claim in claims.get(self.id(node), ()):
                for name in (text for of in NAME_PROPERTIES for text in self.texts(claim, of)):
                    found[name_words(name)] = found.get(name_words(name), frozenset()) | states
        return found

    def _adjacent_by_type(self, node: int, out: bool) -> dict[str, list[AdjacentLink]]:
        found = self._adjacent.get((node, out))
        if found is None:
            rows = self.view.outgoing if out else self.view.incoming
            part = slice(rows.start[node], rows.start[node + 1])
            found = {}
            ends = zip(rows.kind[part].tolist(), rows.links[part].tolist(), rows.far[part].tolist(), strict=True)
            for kind, link, far in ends:
                found.setdefault(self.view.link_types[kind], []).append(AdjacentLink(link, far))
            self._adjacent[node, out] = found
        return found

    def _read_claims(self, people: Sequence[int], assets: Iterable[int]) -> None:
        """Read the claims about people, assets, their papers and proceedings, victims, and the links between them."""
        ontology = self.view.ontology
        nodes, links, papers = dict[int, None](), dict[int, None](), dict[int, None]()
        for some, traits in ((people, PERSON_LINK_TRAITS), (assets, ASSET_LINK_TRAITS)):
            wanted = ontology.with_trait(*traits)
            for node in some:
                nodes[node] = None
                for step in self._adjacent_of_types(node, wanted):
                    links[step.link] = None
                    if self.view.type(step.far) in self._case_types:
                        papers[step.far] = None
        for paper in list(papers):
            for kind in ("VICTIM_OF", "PREDICATE_FOR"):
                papers |= {step.far: None for step in self.incoming(paper, kind)}
            nodes |= {s.far: None for kind in ("ISSUED_BY", "ORDERED_BY") for s in self.outgoing(paper, kind)}
        ids = [self.view.id(n) for n in (nodes | papers)] + [self.view.link_id(k) for k in links]
        self._claims.update(self.view.records.claims(list(dict.fromkeys(ids))))
        self._has_unread = any(claim.not_understood for claims in self._claims.values() for claim in claims)
        named = self.view.records.nodes([self.view.id(person) for person in people])
        self._sought_under_by_person = {node: frozenset(told.sought_under) for node, told in named.items()}

    def _adjacent_of_types(self, node: int, wanted: Collection[str]) -> Iterator[AdjacentLink]:
        sides = (self._adjacent_by_type(node, out) for out in (True, False))
        return (step for side in sides for kind, steps in side.items() if kind in wanted for step in steps)


@lru_cache(maxsize=1)
def _codes_by_id() -> Mapping[str, str]:
    """Every two-letter code by the id that is made from it."""
    return {node_id(JURISDICTION_NAMESPACE, a + b): a + b for a in ascii_uppercase for b in ascii_uppercase}


def _clean_texts(kind: str, values: Iterable[str]) -> Iterator[str]:
    return (text for text in (_clean_text(kind, value) for value in values) if text is not None)


@lru_cache(maxsize=65_536)
def _clean_text(kind: str, value: str) -> str | None:
    """The canonical spelling of a value; None for one that is not valid, which the load reported as a reject."""
    try:
        return VALUE_TYPES[kind].clean(value)
    except BadValue:
        return None

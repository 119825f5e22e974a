"""What is the evidence for a path and against it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import numpy as np

from kg.analysis.paths.coherence import Coherence
from kg.analysis.paths.costs import StepCosts
from kg.analysis.paths.traversal import Traversal
from kg.analysis.validity import Period, claim_validity, combined_validity
from kg.findings import CostTerm, Hop, HopLink, PathContradiction, RankedPath
from kg.ontology.disagreement import EXCLUSIVE, contradict
from kg.ontology.model import Property
from kg.ontology.values import BadValue
from kg.records import Claim, Judgement

HOLDING_TRAITS = ("ownership", "benefit", "control")
"""Traits of links by which one end holds the other."""

Claims = Mapping[str, Sequence[Claim]]


Pair = tuple[int, int]


@dataclass(frozen=True)
class PathEvidence:
    """Describes paths, given as positions in the view, by their links and claims; `day` is an ordinal, or 0."""

    traversal: Traversal
    costs: StepCosts
    day: int

    def describe(self, paths: Sequence[Sequence[int]]) -> list[RankedPath]:
        """Each path with its terms, dates, origins and contradictions; `rivals` is left empty.

        Paths between the same two ends share most of their hops, so what is needed of each is looked up once.
        """
        view = self.traversal.view
        hops = {pair: self.traversal.links_between(*pair).tolist() for path in paths for pair in pairwise(path)}
        links = sorted({link for hop in hops.values() for link in hop})
        nodes = sorted({node for path in paths for node in path})
        facts = _PathFacts(
            hops=hops,
            cost=dict(zip(links, self.costs.link_costs(np.array(links, np.intp)).tolist(), strict=True)),
            link_claims=view.records.claims([view.link_id(link) for link in links]),
            node_claims=view.records.claims([view.id(node) for node in nodes]),
            judgements=view.records.judgements([view.id(node) for node in nodes]),
            coherence=Coherence(self.traversal),
        )
        return [self._describe_path(path, facts) for path in paths]

    def _describe_path(self, nodes: Sequence[int], facts: _PathFacts) -> RankedPath:
        view, pairs = self.traversal.view, list(pairwise(nodes))
        links = [facts.hops[pair] for pair in pairs]
        cheapest = [min((facts.cost[link], link) for link in hop)[1] for hop in links]
        terms = tuple(self._terms(cheapest, nodes[1:-1]))
        ids = tuple(view.id(node) for node in nodes)
        names = [view.link_id(link) for hop in links for link in hop]
        kind = self._path_kind(nodes, links)
        return RankedPath(
            nodes=ids,
            hops=tuple(self._hop(pair, hop, facts.link_claims) for pair, hop in zip(pairs, links, strict=True)),
            cost=round(sum(term.cost for term in terms), 6),
            terms=terms,
            kind=kind,
            supports_holding=kind != "association",
            coherent=facts.coherence.of_path(nodes),
            weakest=max(range(len(cheapest)), key=lambda i: (facts.cost[cheapest[i]], -i), default=-1),
            origins=len(_origins(claim for name in names for claim in facts.link_claims.get(name, ()))),
            contradictions=tuple(self._path_contradictions(nodes, links, facts)),
            judgements=tuple(sorted({j.number for name in ids for j in facts.judgements.get(name, ())})),
            rivals=(),
        )

    def _terms(self, links: Iterable[int], between: Iterable[int]) -> Iterator[CostTerm]:
        for link in links:
            yield from self.costs.link_terms(link)
        for node in between:
            yield from self.costs.node_terms(node)

    def _hop(self, ends: Pair, links: Iterable[int], claims: Claims) -> Hop:
        view = self.traversal.view
        names = [view.link_id(link) for link in links]
        shown = (
            HopLink(
                name,
                view.type_of_link(link),
                bool(view.tail[link] == ends[0]),
                self._link_validity(link, claims.get(name, ())),
            )
            for link, name in zip(links, names, strict=True)
        )
        origins = _origins(claim for name in names for claim in claims.get(name, ()))
        return Hop(view.id(ends[0]), view.id(ends[1]), tuple(shown), len(origins))

    def _link_validity(self, link: int, claims: Iterable[Claim]) -> str:
        """Whether a link was in force on the day, by all its dated claims together."""
        if not self.day:
            return ""
        event = bool(self.traversal.view.event_types[self.traversal.view.link_type[link]])
        if not claims:
            first, last = self.traversal.view.column("dates")[link].tolist()
            return "maybe" if first or last else "undated"
        return (
            combined_validity(claim_validity(claim, Period(self.day, self.day), is_event=event) for claim in claims)
            or "undated"
        )

    def _path_kind(self, nodes: Sequence[int], links: Sequence[Sequence[int]]) -> str:
        """What the path is, by the directions of its links; any link of a hop counts."""
        view = self.traversal.view
        holds, pays = view.link_types_with(*HOLDING_TRAITS), view.link_types_with("payment")
        held, paid = [], []
        for (here, _), hop in zip(pairwise(nodes), links, strict=True):
            held.append({bool(view.tail[link] == here) for link in hop if holds[view.link_type[link]]})
            paid.append({bool(view.tail[link] == here) for link in hop if pays[view.link_type[link]]})
        if links and any(all(way in ways for ways in held) for way in (True, False)):
            return "holding"
        money = [flow for flow, hold in zip(paid, held, strict=True) if not hold]
        if money and any(all(way in ways for ways in money) for way in (True, False)):
            return "money trace" if all(p or h for p, h in zip(paid, held, strict=True)) else "association"
        return "association"

    def _path_contradictions(
        self, nodes: Sequence[int], links: Sequence[Sequence[int]], facts: _PathFacts
    ) -> Iterator[PathContradiction]:
        view = self.traversal.view
        subjects = [(view.id(node), view.type(node), facts.node_claims) for node in nodes]
        subjects += [(view.link_id(link), view.type_of_link(link), facts.link_claims) for hop in links for link in hop]
        for subject, kind, claims in subjects:
            if subject not in facts.contradictions:
                known = view.ontology.properties(kind)
                facts.contradictions[subject] = tuple(_find_contradictions(subject, known, claims.get(subject, ())))
            yield from facts.contradictions[subject]


@dataclass(frozen=True)
class _PathFacts:
    """What is looked up once for all paths of an answer."""

    hops: Mapping[Pair, list[int]]
    cost: Mapping[int, int]
    """The cost of each link."""
    link_claims: Claims
    """Of links."""
    node_claims: Claims
    """Of nodes."""
    judgements: Mapping[str, Sequence[Judgement]]
    coherence: Coherence
    contradictions: dict[str, tuple[PathContradiction, ...]] = field(default_factory=dict)
    """By node or link, as far as they have been described."""


def _find_contradictions(
    subject: str, known: Mapping[str, Property], claims: Iterable[Claim]
) -> Iterator[PathContradiction]:
    """The properties of one node or link of which claims state values that cannot all be true, by name."""
    said: dict[str, set[str]] = {}
    for claim in claims:
        for name, raws in claim.properties.items():
            if name in known and known[name].type in EXCLUSIVE:
                said.setdefault(name, set()).update(raws)
    for name in sorted(name for name, raws in said.items() if len(raws) > 1):
        values = sorted({text for raw in said[name] if (text := _clean_value(known[name], raw))})
        if contradict(known[name], values):
            yield PathContradiction(subject, name, tuple(values))


def _clean_value(known: Property, raw: str) -> str:
    try:
        return known.clean(raw)
    except BadValue:
        return ""


def _origins(claims: Iterable[Claim]) -> set[str]:
    """The independent origins of claims; a claim without one originates from its source."""
    return {claim.provenance.origin or f"source {claim.source}" for claim in claims}


def day_ordinal(day: str) -> int:
    """A day as a proleptic ordinal, 0 for none."""
    return date.fromisoformat(day).toordinal() if day else 0

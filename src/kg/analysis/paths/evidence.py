"""What is the evidence for a path and against it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

import numpy as np

from kg.analysis.paths.coherence import Coherence
from kg.analysis.paths.costs import StepCosts
from kg.analysis.paths.merges import needed_judgements
from kg.analysis.paths.traversal import Traversal
from kg.analysis.validity import Period, claim_validity, combined_validity
from kg.findings import Contradiction, CostTerm, Hop, HopLink, RankedPath
from kg.findings.contradictions import claimed_properties, end_contradictions, find_contradictions
from kg.ontology.values import are_negative
from kg.records import Claim, Judgement
from kg.view import GraphView

HOLDING_TRAITS = ("ownership", "benefit", "control")
"""Traits of links by which one end holds the other."""

Claims = Mapping[str, Sequence[Claim]]
Pair = tuple[int, int]


def describe_paths(
    traversal: Traversal, costs: StepCosts, paths: Sequence[Sequence[int]], asked_in: tuple[str, str] = ("", "")
) -> list[RankedPath]:
    """Each path, given as positions in the view, with its terms, dates, origins and contradictions, without `rivals`.

    `asked_in`: the namespaces of the names by which its two ends are asked for; empty where that is none.

    Paths between the same two ends share most of their hops, so what is needed of each is looked up once.
    """
    view = traversal.view
    hops = {pair: traversal.links_between(*pair).tolist() for path in paths for pair in pairwise(path)}
    links = sorted({link for hop in hops.values() for link in hop})
    nodes = [view.id(node) for node in sorted({node for path in paths for node in path})]
    link_costs = dict(zip(links, costs.link_costs(np.array(links, np.intp)).tolist(), strict=True))
    cheapest = {pair: min((link_costs[link], link) for link in hop)[1] for pair, hop in hops.items()}
    evidence = _PathEvidence(
        view=view,
        costs=costs,
        hops=hops,
        cheapest=cheapest,
        link_costs=link_costs,
        link_terms=costs.link_terms(sorted(set(cheapest.values()))),
        link_claims=view.records.claims([view.link_id(link) for link in links]),
        node_claims=view.records.claims(nodes),
        judgements=view.records.judgements(nodes),
        coherence=Coherence(traversal),
        asked_in=asked_in,
    )
    return [evidence.describe(path) for path in paths]


@dataclass(frozen=True)
class _PathEvidence:
    """What is looked up once for all paths of an answer."""

    view: GraphView
    costs: StepCosts
    hops: Mapping[Pair, list[int]]
    cheapest: Mapping[Pair, int]
    link_costs: Mapping[int, int]
    link_terms: Mapping[int, tuple[CostTerm, ...]]
    """Of the cheapest links."""
    link_claims: Claims
    node_claims: Claims
    judgements: Mapping[str, Sequence[Judgement]]
    coherence: Coherence
    asked_in: tuple[str, str]
    contradictions: dict[str, tuple[Contradiction, ...]] = field(default_factory=dict)
    """By node or link, as far as they have been described."""

    def describe(self, nodes: Sequence[int]) -> RankedPath:
        view, pairs = self.view, list(pairwise(nodes))
        links = [self.hops[pair] for pair in pairs]
        cheapest = [self.cheapest[pair] for pair in pairs]
        terms = tuple(term for link in cheapest for term in self.link_terms[link])
        terms += tuple(term for node in nodes[1:-1] for term in self.costs.node_terms(node))
        ids = tuple(view.id(node) for node in nodes)
        names = [view.link_id(link) for hop in links for link in hop]
        kind = self._path_kind(nodes, links)
        return RankedPath(
            nodes=ids,
            hops=tuple(self._hop(pair, hop) for pair, hop in zip(pairs, links, strict=True)),
            cost=round(sum(term.cost for term in terms), 6),
            terms=terms,
            kind=kind,
            supports_holding=kind != "association",
            coherent=self.coherence.of_path(nodes),
            weakest=max(range(len(cheapest)), key=lambda i: (self.link_costs[cheapest[i]], -i), default=-1),
            origins=self._count_origins(names),
            contradictions=tuple(self._contradictions(nodes, links)),
            judgements=tuple(sorted(self._judgements(ids, links))),
            rivals=(),
        )

    def _judgements(self, nodes: Sequence[str], links: Sequence[Sequence[int]]) -> set[int]:
        """The judgements that put the hops of the path, and the names in the question, together."""
        if not any(name in self.judgements for name in nodes):
            return set()
        ids = [[self.view.link_id(link) for link in hop] for hop in links]
        hops = [{claim.namespace for name in hop for claim in self.link_claims.get(name, ())} for hop in ids]
        start, goal = ({name} if name else set[str]() for name in self.asked_in)
        found = set[int]()
        for name, *uses in zip(nodes, [start, *hops], [*hops, goal], strict=True):
            judged = self.judgements.get(name, ())
            found |= needed_judgements(judged, self.node_claims.get(name, ()), [use for use in uses if use])
        return found

    def _hop(self, ends: Pair, links: Iterable[int]) -> Hop:
        view, shown = self.view, []
        for link in links:
            forward = bool(view.tail[link] == ends[0])
            shown.append(HopLink(view.link_id(link), view.type_of_link(link), forward, self._link_validity(link)))
        return Hop(view.id(ends[0]), view.id(ends[1]), tuple(shown), self._count_origins(link.id for link in shown))

    def _count_origins(self, links: Iterable[str]) -> int:
        """The number of independent origins of links; a claim without one originates from its source."""
        claims = (claim for link in links for claim in self.link_claims.get(link, ()))
        return len({claim.provenance.origin or f"source {claim.source}" for claim in claims})

    def _link_validity(self, link: int) -> str:
        """Whether a link was in force on the day, by all its dated claims together."""
        view, day = self.view, self.costs.day
        if not day:
            return ""
        claims = self.link_claims.get(view.link_id(link), ())
        if not claims:
            return "maybe" if view.column("dates")[link].any() else "undated"
        event = bool(view.event_types[view.link_type[link]])
        return combined_validity(claim_validity(c, Period(day, day), is_event=event) for c in claims) or "undated"

    def _path_kind(self, nodes: Sequence[int], links: Sequence[Sequence[int]]) -> str:
        """What the path is, by the directions of its links; any link of a hop counts."""
        view = self.view
        holds, pays = view.link_types_with(*HOLDING_TRAITS), view.link_types_with("payment")
        held, paid = [], []
        for (here, _), hop in zip(pairwise(nodes), links, strict=True):
            held.append({bool(view.tail[link] == here) for link in hop if holds[view.link_type[link]]})
            payments = [link for link in hop if pays[view.link_type[link]] and not self._is_negative(link)]
            paid.append({bool(view.tail[link] == here) for link in payments})
        if links and any(all(way in ways for ways in held) for way in (True, False)):
            return "holding"
        money = [flow for flow, hold in zip(paid, held, strict=True) if not hold]
        if money and any(all(way in ways for ways in money) for way in (True, False)):
            return "money trace" if all(p or h for p, h in zip(paid, held, strict=True)) else "association"
        return "association"

    def _is_negative(self, link: int) -> bool:
        """Whether every amount of a payment is below zero: a refund or correction shows no money that went its way."""
        known = self.view.ontology.properties(self.view.type_of_link(link))
        return are_negative(
            claimed_properties(known, self.link_claims.get(self.view.link_id(link), ())).get("amount", ())
        )

    def _contradictions(self, nodes: Sequence[int], links: Sequence[Sequence[int]]) -> Iterator[Contradiction]:
        of_nodes = ((self.view.id(node), self._of_node(node)) for node in nodes)
        of_links = ((self.view.link_id(link), self._of_link(link)) for hop in links for link in hop)
        for about, found in chain(of_nodes, of_links):
            if about not in self.contradictions:
                self.contradictions[about] = tuple(found)
            yield from self.contradictions[about]

    def _of_node(self, node: int) -> Iterator[Contradiction]:
        name = self.view.id(node)
        yield from self._of_claims(name, self._types(node), self.node_claims.get(name, ()))

    def _of_link(self, link: int) -> Iterator[Contradiction]:
        view, name, kind = self.view, self.view.link_id(link), self.view.type_of_link(link)
        yield from self._of_claims(name, (kind,), self.link_claims.get(name, ()))
        ends = (self._types(int(end[link])) for end in (view.tail, view.head))
        yield from end_contradictions(view.ontology, kind, name, *ends)

    def _of_claims(self, about: str, types: tuple[str, ...], claims: Sequence[Claim]) -> Iterator[Contradiction]:
        known = self.view.ontology.merged_properties(types)
        return find_contradictions(known, about, claimed_properties(known, claims), types)

    def _types(self, node: int) -> tuple[str, ...]:
        """Of a node of a path, all that its claims state."""
        claims = self.node_claims.get(self.view.id(node), ())
        return self.view.ontology.most_specific(c.type for c in claims) or (self.view.type(node),)

"""What speaks for a path, and what against it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from kg.analysis.coherence import Coherence
from kg.analysis.path_costs import Costs
from kg.analysis.terrain import Terrain
from kg.analysis.times import Period, agreed, held
from kg.findings import Hop, HopLink, PathContradiction, RankedPath, Term
from kg.ontology.disagreement import contradict
from kg.ontology.values import BadValue
from kg.records import Claim

HOLDING = ("ownership", "benefit", "control")
"""Traits by which one end of a hop holds the other."""

Claims = Mapping[str, Sequence[Claim]]


@dataclass(frozen=True)
class Evidence:
    """Tells of paths, given as positions in the view, what their links and claims say; `day` is an ordinal, or 0."""

    terrain: Terrain
    costs: Costs
    day: int

    def tell(self, nodes: Sequence[int]) -> RankedPath:
        """The path with its terms, dates, origins and contradictions; `rivals` is left empty."""
        view = self.terrain.view
        links = [self.terrain.links(*pair).tolist() for pair in pairwise(nodes)]
        claims = view.claims([view.link_id(link) for hop in links for link in hop])
        priced = [dict(zip(hop, self.costs.of_links(np.array(hop)).tolist(), strict=True)) for hop in links]
        cheapest = [min((price, link) for link, price in prices.items())[1] for prices in priced]
        terms = tuple(self._terms(cheapest, nodes[1:-1]))
        ids = tuple(view.id(node) for node in nodes)
        kind = self._kind(nodes, links)
        judged = view.judgements(ids)
        return RankedPath(
            nodes=ids,
            hops=tuple(self._hop(here, hop, claims) for here, hop in zip(pairwise(nodes), links, strict=True)),
            cost=round(sum(term.cost for term in terms), 6),
            terms=terms,
            kind=kind,
            supports_holding=kind != "association",
            coherent=Coherence(self.terrain).of(nodes),
            weakest=max(range(len(cheapest)), key=lambda i: (priced[i][cheapest[i]], -i), default=-1),
            origins=len(_origins(claim for said in claims.values() for claim in said)),
            contradictions=tuple(self._contradictions(ids, links, claims)),
            judgements=tuple(sorted({j.number for some in judged.values() for j in some})),
            rivals=(),
        )

    def _terms(self, links: Iterable[int], between: Iterable[int]) -> Iterator[Term]:
        for link in links:
            yield from self.costs.link_terms(link)
        for node in between:
            yield from self.costs.node_terms(node)

    def _hop(self, ends: tuple[int, int], links: Iterable[int], claims: Claims) -> Hop:
        view = self.terrain.view
        names = [view.link_id(link) for link in links]
        shown = (
            HopLink(
                name, view.type_of_link(link), bool(view.tail[link] == ends[0]), self._holds(link, claims.get(name, ()))
            )
            for link, name in zip(links, names, strict=True)
        )
        origins = _origins(claim for name in names for claim in claims.get(name, ()))
        return Hop(view.id(ends[0]), view.id(ends[1]), tuple(shown), len(origins))

    def _holds(self, link: int, claims: Iterable[Claim]) -> str:
        """Whether a link held on the day: what all its dated claims say of it together."""
        if not self.day:
            return ""
        event = bool(self.terrain.view.events[self.terrain.view.link_type[link]])
        if not claims:
            first, last = self.terrain.view.column("dates")[link].tolist()
            return "maybe" if first or last else "undated"
        return agreed(held(claim, Period(self.day, self.day), event=event) for claim in claims) or "undated"

    def _kind(self, nodes: Sequence[int], links: Sequence[Sequence[int]]) -> str:
        """What the path is, by the ways its links point: a hop counts for all that any of its links says."""
        view = self.terrain.view
        holds, pays = view.types_with(*HOLDING), view.types_with("payment")
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

    def _contradictions(
        self, nodes: Sequence[str], links: Sequence[Sequence[int]], claims: Claims
    ) -> Iterator[PathContradiction]:
        view = self.terrain.view
        about_nodes = view.claims(list(nodes))
        kinds = {node: view.type(view.index(node)) for node in nodes}
        kinds |= {view.link_id(link): view.type_of_link(link) for hop in links for link in hop}
        for thing, kind in kinds.items():
            for name, known in view.ontology.properties(kind).items():
                raws = [
                    r for c in (*claims.get(thing, ()), *about_nodes.get(thing, ())) for r in c.properties.get(name, ())
                ]
                values = sorted({text for raw in raws if (text := _clean(known.clean, raw))})
                if contradict(known, values):
                    yield PathContradiction(thing, name, tuple(values))


def _clean(clean: object, raw: str) -> str:
    try:
        return str(clean(raw))  # type: ignore[operator]  # a bound Property.clean
    except BadValue:
        return ""


def _origins(claims: Iterable[Claim]) -> set[str]:
    """What claims go back to; one without an origin is its source's own word."""
    return {claim.said.origin or f"source {claim.source}" for claim in claims}


def ordinal(day: str) -> int:
    """A day as a proleptic ordinal, 0 for none."""
    return date.fromisoformat(day).toordinal() if day else 0

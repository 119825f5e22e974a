"""What does the page about the portfolio say?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from kg.findings import ROUTE_STATES, Gap, PersonRoutes, Portfolio
from kg.records import Node
from kg.reports.legal.entries import PortfolioLine, PortfolioPage
from kg.reports.legal.person import LegalPages, build_gap_line
from kg.reports.names import display_name


def build_portfolio_page(
    legal: LegalPages, chosen: Portfolio, found: Sequence[PersonRoutes], gaps: Sequence[Gap], most: int = 20
) -> PortfolioPage:
    """The page, with the first `most` gaps. `found`: everybody, those left out too."""
    nodes = legal.store.nodes([one.person for one in found])
    people = {one.person: one for one in found}
    counted = Counter((a.route.id, a.state) for one in found for a in one.routes)
    return PortfolioPage(
        heading=legal.heading,
        objective=chosen.objective,
        weights=", ".join(f"{kind} {weight:g}" for kind, weight in chosen.weights.items()),
        value=f"{chosen.value:g}",
        bound=f"{chosen.bound:g}",
        guarantee=chosen.guarantee,
        chosen=tuple(_portfolio_line(nodes, people[c.person], f"{c.gain:g}", c.adds) for c in chosen.chosen),
        left_out=tuple((_portfolio_line(nodes, people[person], "", {}), why) for person, why in chosen.left_out),
        counts=tuple(
            (route, tuple(counted[route, state] for state in ROUTE_STATES))
            for route in dict.fromkeys(r for r, _ in counted)
        ),
        gaps=tuple(build_gap_line(gap) for gap in gaps[:most]),
    )


def _portfolio_line(nodes: Mapping[str, Node], one: PersonRoutes, gain: str, adds: Mapping[str, int]) -> PortfolioLine:
    states = Counter(a.state for a in one.routes)
    return PortfolioLine(
        name=display_name(nodes[one.person]),
        file=f"person-{one.person}.html",
        id=one.person,
        gain=gain,
        adds=", ".join(f"{number} {kind}" for kind, number in adds.items()),
        states=(states["open"], states["needs"], states["blocked"]),
    )

"""What does the page about the portfolio say?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from kg.findings import STATES, Gap, PersonRoutes, Portfolio
from kg.records import Node
from kg.reports.legal.entries import PersonLine, PortfolioPage
from kg.reports.legal.person import Legal, gap_line
from kg.reports.names import called


def portfolio_page(
    legal: Legal, chosen: Portfolio, found: Sequence[PersonRoutes], gaps: Sequence[Gap], most: int = 20
) -> PortfolioPage:
    """The page, with the first `most` gaps. `found`: everybody, those left out too."""
    nodes = legal.store.nodes([one.person for one in found])
    people = {one.person: one for one in found}
    counted = Counter((a.route.id, a.state) for one in found for a in one.answers)
    return PortfolioPage(
        heading=legal.heading,
        objective=chosen.objective,
        weights=", ".join(f"{kind} {weight:g}" for kind, weight in chosen.weights.items()),
        value=f"{chosen.value:g}",
        bound=f"{chosen.bound:g}",
        guarantee=chosen.guarantee,
        chosen=tuple(_line(nodes, people[c.person], f"{c.gain:g}", c.adds) for c in chosen.chosen),
        left_out=tuple((_line(nodes, people[person], "", {}), why) for person, why in chosen.left_out),
        counts=tuple(
            (route, tuple(counted[route, state] for state in STATES)) for route in dict.fromkeys(r for r, _ in counted)
        ),
        gaps=tuple(gap_line(gap) for gap in gaps[:most]),
    )


def _line(nodes: Mapping[str, Node], one: PersonRoutes, gain: str, adds: Mapping[str, int]) -> PersonLine:
    states = Counter(a.state for a in one.answers)
    return PersonLine(
        name=called(nodes[one.person]),
        file=f"person-{one.person}.html",
        id=one.person,
        gain=gain,
        adds=", ".join(f"{number} {kind}" for kind, number in adds.items()),
        states=(states["open"], states["needs"], states["blocked"]),
    )

"""What is on the page about the portfolio?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from kg.findings import Gap, PersonRoutes, Portfolio, RouteState
from kg.reports.legal.entries import PortfolioPage
from kg.reports.legal.person import LegalPages
from kg.reports.names import display_name


def build_portfolio_page(
    legal: LegalPages, portfolio: Portfolio, found: Sequence[PersonRoutes], gaps: Sequence[Gap], most: int = 20
) -> PortfolioPage:
    """The page, with the first `most` gaps. `found` has everybody, also those who were left out."""
    nodes = legal.store.nodes([one.person for one in found])
    counts = defaultdict[str, Counter[RouteState]](Counter)
    for answer in (answer for one in found for answer in one.routes):
        counts[answer.route.id][answer.state] += 1
    return PortfolioPage(
        heading=legal.heading,
        portfolio=portfolio,
        names={id_: display_name(node) for id_, node in nodes.items()},
        states={one.person: Counter(answer.state for answer in one.routes) for one in found},
        counts=counts,
        gaps=tuple(gaps[:most]),
    )

"""What is on the page about the portfolio, and how are the legal pages written into a folder?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.files import write_atomically
from kg.findings import ROUTE_STATES, FirstFreeze, Gap, PersonRoutes, Portfolio, RouteState, interval_text
from kg.reports.legal.person import LegalHeading, LegalPages, PersonPage, person_file
from kg.reports.render.environment import render

PORTFOLIO_FILE = "portfolio.html"


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """Whom to work on, how that was chosen, who was left out, and what most routes wait for."""

    heading: LegalHeading
    portfolio: Portfolio
    names: Mapping[str, str]
    """Names of people, and of the assets to freeze first, by id."""
    states: Mapping[str, Mapping[RouteState, int]]
    """How many routes of each person are in each state."""
    counts: Mapping[str, Mapping[RouteState, int]]
    """How many people and assets have each route in each state, by the name of the route."""
    gaps: tuple[Gap, ...]

    def worth(self, freeze: FirstFreeze) -> str:
        """What can be recovered of an asset, in words."""
        return interval_text(freeze.low, freeze.high) if freeze.valued else "no value stated"


def build_portfolio_page(
    legal: LegalPages, portfolio: Portfolio, found: Sequence[PersonRoutes], gaps: Sequence[Gap], most: int = 20
) -> PortfolioPage:
    """The page, with the first `most` gaps. `found` has everybody, also those who were left out."""
    assets = (freeze.asset for freeze in portfolio.first_freezes)
    nodes = legal.store.nodes(dict.fromkeys((*(one.person for one in found), *assets)))
    counts = defaultdict[str, Counter[RouteState]](Counter)
    for answer in (answer for one in found for answer in one.routes):
        counts[answer.route.name][answer.state] += 1
    return PortfolioPage(
        heading=legal.heading,
        portfolio=portfolio,
        names=legal.graph.names_of(nodes),
        states={one.person: Counter(answer.state for answer in one.routes) for one in found},
        counts=counts,
        gaps=tuple(gaps[:most]),
    )


def write_pages(folder: Path, portfolio: PortfolioPage, people: Sequence[PersonPage]) -> tuple[Path, ...]:
    """Write `portfolio.html` and `person-ID.html` for each person, each whole or not at all; the paths.

    Raises InputError when the folder cannot be written.
    """
    made = {PORTFOLIO_FILE: to_html(portfolio)} | {page.file: to_html(page) for page in people}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(write_atomically(folder / name, text.encode()) for name, text in made.items())
    except OSError as error:
        problem = f"the pages cannot be written: {error.strerror or error}"
        raise InputError(problem, InputLocation(file=str(error.filename or folder))) from None


def to_html(page: PortfolioPage | PersonPage, *, standalone: bool = False) -> str:
    """One page that needs nothing else; a page that stands alone leads to no other. Every name in it is escaped."""
    template = "legal_person.html.j2" if isinstance(page, PersonPage) else "legal_portfolio.html.j2"
    return render(
        template,
        page=page,
        heading=page.heading,
        person_file=person_file,
        standalone=standalone,
        route_states=ROUTE_STATES,
    )

"""What do a person's page and the portfolio page hold?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.findings import Gap, LegalStatement, PersonRoutes, Portfolio, RouteAnswer, RouteState
from kg.law import FactDefinition


@dataclass(frozen=True, slots=True)
class LegalHeading:
    """What is at the top of every legal page."""

    requesting: str
    hosts: tuple[str, ...]
    """Only these; empty for any."""
    day: str
    version: str
    banner: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssetCard:
    """An asset in one host: how it is held and traced, what was done about it, and its routes."""

    name: str
    kind: str
    held: tuple[LegalStatement, ...]
    traced: tuple[LegalStatement, ...]
    measures: tuple[LegalStatement, ...]
    routes: tuple[RouteAnswer, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What the law allows about one person, and what stands against it."""

    heading: LegalHeading
    found: PersonRoutes
    facts: Mapping[str, FactDefinition]
    name: str
    other_names: tuple[str, ...]
    relatives: tuple[str, ...]
    routes: tuple[RouteAnswer, ...]
    """Those about the person, not about an asset."""
    assets: Mapping[str, tuple[AssetCard, ...]]
    """By host."""
    gaps: tuple[Gap, ...]
    next_step: str

    @property
    def file(self) -> str:
        """The name of the file."""
        return person_file(self.found.person)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Every competent authority, once."""
        return tuple(dict.fromkeys(a.text for route in self.found.routes for a in route.agencies if a.names))

    @property
    def sources(self) -> tuple[tuple[str, str, str], ...]:
        """Name or row, title and address of every source, by name."""
        found: dict[str, tuple[str, str, str]] = {}
        for route in self.found.routes:
            for cited in route.sources:
                found.setdefault(cited.source, (cited.source, cited.title, cited.url))
        return tuple(found[name] for name in sorted(found))


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """Whom to work on, how that was chosen, who was left out, and what most routes wait for."""

    heading: LegalHeading
    portfolio: Portfolio
    names: Mapping[str, str]
    """Names of people by id."""
    states: Mapping[str, Mapping[RouteState, int]]
    """How many routes of each person are in each state."""
    counts: Mapping[str, Mapping[RouteState, int]]
    """How many people and assets have each route in each state, by the id of the route."""
    gaps: tuple[Gap, ...]


def person_file(person: str) -> str:
    """The name of the file about a person."""
    return f"person-{person}.html"

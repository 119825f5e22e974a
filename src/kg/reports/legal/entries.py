"""What is on a strategy page and on a portfolio page?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One thing that somebody says, with who and where."""

    text: str
    sources: tuple[str, ...] = ()
    grade: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as a question with its answer, and what is said about it."""

    question: str
    answer: str
    lines: tuple[StatementLine, ...]


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question that a route waits for, and whom to ask."""

    question: str
    whom: str
    lines: tuple[StatementLine, ...]


@dataclass(frozen=True, slots=True)
class RouteCard:
    """One route with everything for and against it."""

    id: str
    name: str
    name_zh: str
    state: str
    range: tuple[str, ...]
    host: str
    because: tuple[str, ...]
    """What blocks it, or what is missing, as questions with answers; empty when it is open."""
    supports: tuple[FactLine, ...]
    opposes: tuple[FactLine, ...]
    missing: tuple[QuestionLine, ...]
    host_decides: tuple[str, ...]
    flags: tuple[str, ...]
    instruments: tuple[StatementLine, ...]
    summary: str
    """Why it stands so, in a few words."""
    basis: tuple[str, ...]
    obstacles: tuple[str, ...]
    outcome: str
    carriers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssetCard:
    """An asset in one host: how it is held and traced, what was done about it, and its routes."""

    id: str
    name: str
    kind: str
    held: tuple[StatementLine, ...]
    traced: tuple[StatementLine, ...]
    measures: tuple[StatementLine, ...]
    routes: tuple[RouteCard, ...]


@dataclass(frozen=True, slots=True)
class GapLine:
    """A question, whom to ask, and how many routes wait for it or would open."""

    question: str
    whom: str
    host: str
    routes: int
    opens: int


@dataclass(frozen=True, slots=True)
class LegalHeading:
    """What stands at the top of every legal page."""

    requesting: str
    hosts: tuple[str, ...]
    """Only these; empty for any."""
    day: str
    version: str
    banner: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What can be done by law about one person, and what stands against it."""

    heading: LegalHeading
    id: str
    name: str
    other_names: tuple[str, ...]
    papers: tuple[StatementLine, ...]
    said: tuple[StatementLine, ...]
    cleared: tuple[StatementLine, ...]
    relatives: tuple[str, ...]
    routes: tuple[RouteCard, ...]
    assets: Mapping[str, tuple[AssetCard, ...]]
    """By host."""
    gaps: tuple[GapLine, ...]
    next_step: str
    agencies: tuple[str, ...]
    sources: tuple[tuple[str, str, str], ...]
    """Name or row, title, address."""

    @property
    def file(self) -> str:
        """The file's name."""
        return f"person-{self.id}.html"


@dataclass(frozen=True, slots=True)
class PortfolioLine:
    """One person on the portfolio page."""

    name: str
    file: str
    id: str
    gain: str
    adds: str
    states: tuple[int, int, int]
    """Routes open, in need of facts, blocked."""


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """Whom to work on, how that was chosen, who was left out, and what most routes wait for."""

    heading: LegalHeading
    objective: str
    weights: str
    value: str
    bound: str
    guarantee: str
    chosen: tuple[PortfolioLine, ...]
    left_out: tuple[tuple[PortfolioLine, str], ...]
    counts: tuple[tuple[str, tuple[int, ...]], ...]
    """Each route with its number of open, needing, blocked and person-initiated answers."""
    gaps: tuple[GapLine, ...]

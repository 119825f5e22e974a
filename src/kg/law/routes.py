"""What is a legal route?"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kg.law.conditions import Condition, fact_names, parse_condition
from kg.law.facts import AgencyKind, AgencyWork


class RouteFilePart(BaseModel):
    """A part of a route's file. Unknown keys and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, ignored_types=(cached_property,))


class RouteAgencies(RouteFilePart):
    """The competent authorities of a route: agencies of these kinds that do some of this work."""

    work: list[AgencyWork] = Field(min_length=1)
    host: list[AgencyKind] = []
    requesting: list[AgencyKind] = []


class RouteSource(RouteFilePart):
    """Where the route is described, and how much of that was read."""

    title: str
    url: str = ""
    date: str = ""
    basis: str
    note: str = ""


class RouteFlag(RouteFilePart):
    """A warning that is shown with a route when a condition is met; it decides nothing."""

    when: Any
    says: str = Field(min_length=1)


class Route(RouteFilePart):
    """One way in which the law can deal with a person or an asset. An open route is not a recommended one."""

    id: str
    name: str = Field(min_length=1)
    name_zh: str = ""
    group: Literal["return_of_person", "prosecution", "locating", "asset", "information"]
    subject: Literal["person", "asset"]
    place: Literal["host", "requesting"] = "host"
    """Whose authorities decide it."""
    requesting: list[str] = []
    """The only requesting jurisdictions that have it; all when empty."""
    valid_from: date | None = None
    """First day on which the law has it."""
    valid_to: date | None = None
    """Last day."""
    person_initiated: bool = False
    """Whether only the person can begin it: it then has one state and is in no gap and no portfolio."""
    when: Any
    instruments: list[str] = []
    """Facts about the law that name the instrument it rests on."""
    shows: list[str] = []
    """Facts that are shown beside the condition and decide nothing."""
    agencies: RouteAgencies
    legal_basis: list[str] = Field(min_length=1)
    obstacles: list[str] = []
    outcome: str = Field(min_length=1)
    flags: list[RouteFlag] = []
    source: RouteSource

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"routes/{self.id}.toml"

    @cached_property
    def condition(self) -> Condition:
        """Its condition. Raises InputError for an invalid condition."""
        return parse_condition(self.when, self.file, "when")

    @cached_property
    def warnings(self) -> tuple[tuple[Condition, str], ...]:
        """The condition and text of each flag."""
        return tuple((parse_condition(f.when, self.file, f"flags[{i}].when"), f.says) for i, f in enumerate(self.flags))

    @cached_property
    def named_facts(self) -> tuple[tuple[str, str], ...]:
        """Each fact that the file names, with its key."""
        flagged = [pair for i, (c, _) in enumerate(self.warnings) for pair in fact_names(c, f"flags[{i}].when")]
        listed = [
            (name, f"{key}[{i}]") for key in ("instruments", "shows") for i, name in enumerate(getattr(self, key))
        ]
        return (*fact_names(self.condition), *flagged, *listed)

    @cached_property
    def deciding_facts(self) -> tuple[str, ...]:
        """The facts that its condition names, each once, in order."""
        return tuple(dict.fromkeys(name for name, _ in fact_names(self.condition)))

    def is_valid_on(self, day: date) -> bool:
        """Whether the law has it on a day."""
        return not ((self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to))

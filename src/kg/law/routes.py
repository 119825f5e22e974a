"""What is a legal route?"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kg.law.conditions import Condition, fact_names, parse_condition
from kg.law.facts import AgencyKind, AgencyWork


class RouteFilePart(BaseModel):
    """A part of a route's file: no key that is not known, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, ignored_types=(cached_property,))


class RouteAgencies(RouteFilePart):
    """Who carries a route: agencies of these kinds that do one of these works."""

    work: list[AgencyWork] = Field(min_length=1)
    host: list[AgencyKind] = []
    requesting: list[AgencyKind] = []


class RouteSource(RouteFilePart):
    """Where the route is described, and what of it was read."""

    title: str
    url: str = ""
    date: str = ""
    basis: str
    note: str = ""


class RouteFlag(RouteFilePart):
    """A warning that a route carries when a condition is met; it decides nothing."""

    when: Any
    says: str = Field(min_length=1)


class Route(RouteFilePart):
    """One way in which the law may go about a person or an asset; `open` is never `recommended`."""

    id: str
    name: str = Field(min_length=1)
    name_zh: str = ""
    group: Literal["return_of_person", "prosecution", "locating", "asset", "information"]
    subject: Literal["person", "asset"]
    place: Literal["host", "requesting"] = "host"
    """Before whose authorities it runs."""
    requesting: list[str] = []
    """The only requesting jurisdictions that have it; all when empty."""
    valid_from: date | None = None
    """First day on which the law has it."""
    valid_to: date | None = None
    """Last day."""
    person_initiated: bool = False
    """Whether only the person can set it off: it has one state and counts nowhere."""
    when: Any
    instruments: list[str] = []
    """Facts about law that name the instrument it rests on."""
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
        """Its file, for people."""
        return f"routes/{self.id}.toml"

    @cached_property
    def condition(self) -> Condition:
        """What it needs. Raises InputError for a condition that is none."""
        return parse_condition(self.when, self.file, "when")

    @cached_property
    def warnings(self) -> tuple[tuple[Condition, str], ...]:
        """Each flag's condition and words."""
        return tuple((parse_condition(f.when, self.file, f"flags[{i}].when"), f.says) for i, f in enumerate(self.flags))

    @cached_property
    def named_facts(self) -> tuple[tuple[str, str], ...]:
        """Each fact the file names, with the key at which it stands."""
        flagged = [pair for i, (c, _) in enumerate(self.warnings) for pair in fact_names(c, f"flags[{i}].when")]
        listed = [
            (name, f"{key}[{i}]") for key in ("instruments", "shows") for i, name in enumerate(getattr(self, key))
        ]
        return (*fact_names(self.condition), *flagged, *listed)

    @cached_property
    def deciding_facts(self) -> tuple[str, ...]:
        """The facts its condition names, each once, in order."""
        return tuple(dict.fromkeys(name for name, _ in fact_names(self.condition)))

    def is_valid_on(self, day: date) -> bool:
        """Whether the law has it on a day."""
        return not ((self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to))

"""What is a legal route?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from kg.errors import InputError, InputLocation
from kg.law.conditions import Condition, fact_names, parse_condition, polarities
from kg.law.facts import AgencyKind, AgencyWork, FactDefinition
from kg.toml_files import read_toml
from kg.toml_files.models import TomlModel, validate


class RouteFilePart(TomlModel):
    """A part of a route's file; values of another type are refused."""

    model_config = ConfigDict(strict=True)


class RouteAgencies(RouteFilePart):
    """The competent authorities of a route: agencies of these kinds that do some of this work."""

    work: list[AgencyWork] = Field(min_length=1)
    host: list[AgencyKind] = Field([])
    requesting: list[AgencyKind] = Field([])


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

    internal_keys: ClassVar[tuple[str, ...]] = ("id",)

    id: str
    name: str = Field(min_length=1)
    name_zh: str = ""
    group: Literal["return_of_person", "prosecution", "locating", "asset", "information"]
    subject: Literal["person", "asset"]
    place: Literal["host", "requesting"] = "host"
    """Whose authorities decide it."""
    requesting: list[str] = Field(default_factory=list)
    """The only requesting jurisdictions that have it; all when empty."""
    valid_from: date | None = None
    """First day on which the law has it."""
    valid_to: date | None = None
    """Last day."""
    person_initiated: bool = False
    """Whether only the person can begin it: it then has one state and is in no gap and no portfolio."""
    when: Any
    instruments: list[str] = Field(default_factory=list)
    """Facts about the law that name the instrument it rests on."""
    shows: list[str] = Field(default_factory=list)
    """Facts that are shown beside the condition and decide nothing."""
    follows: str = ""
    """A step that another route has to bring about before it is this one's turn, such as a confiscation."""
    stages: list[str] = Field(default_factory=list)
    """The stages of stages.toml that it passes, in order."""
    agencies: RouteAgencies
    legal_basis: list[str] = Field(min_length=1)
    obstacles: list[str] = Field(default_factory=list)
    outcome: str = Field(min_length=1)
    flags: list[RouteFlag] = Field(default_factory=list)
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
        instruments = ((name, f"instruments[{i}]") for i, name in enumerate(self.instruments))
        shows = ((name, f"shows[{i}]") for i, name in enumerate(self.shows))
        return (*fact_names(self.condition), *flagged, *instruments, *shows)

    @cached_property
    def fact_names(self) -> tuple[str, ...]:
        """The facts that the file names, each once, in order."""
        return tuple(dict.fromkeys(name for name, _ in self.named_facts))

    @cached_property
    def deciding_facts(self) -> tuple[str, ...]:
        """The facts that its condition names, each once, in order."""
        return tuple(dict.fromkeys(name for name, _ in fact_names(self.condition)))

    @cached_property
    def polarities(self) -> Mapping[str, bool]:
        """For each fact of its condition, whether yes speaks for the route."""
        return polarities(self.condition)

    def is_valid_on(self, day: date) -> bool:
        """Whether the law has it on a day."""
        return not ((self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to))


def read_routes(folder: Path, facts: Mapping[str, FactDefinition]) -> Mapping[str, Route]:
    """Every route, by id. Raises InputError as `read_facts` does, also for a fact that the registry lacks."""
    found = {}
    for path in sorted((folder / "routes").glob("*.toml")):
        shown = f"routes/{path.name}"
        data, place = read_toml(path, shown), InputLocation(shown)
        if "id" in data:
            raise InputError("the file's name is the route's id; leave this key out", replace(place, key="id"))
        found[path.stem] = validate(Route, {"id": path.stem, **data}, place)
        _check_route(found[path.stem], facts)
    if not found:
        raise InputError("expected a file for each route", InputLocation(str(folder / "routes")))
    return found


def _check_route(route: Route, facts: Mapping[str, FactDefinition]) -> None:
    if route.follows and route.follows not in route.deciding_facts:
        place = InputLocation(route.file, key="follows", value=route.follows)
        raise InputError("expected a fact that the condition names", place)
    for name, key in route.named_facts:
        place = InputLocation(route.file, key=key, value=name)
        if name not in facts:
            raise InputError("expected a fact that facts.toml has", place)
        if route.subject == "person" and facts[name].about == "asset":
            raise InputError("expected a fact about a person or the law", place)
        if key.startswith("instruments") and facts[name].about != "law":
            raise InputError("expected a fact about the law", place)
    if route.valid_from and route.valid_to and route.valid_to < route.valid_from:
        place = InputLocation(route.file, key="valid_to", value=str(route.valid_to))
        raise InputError("expected a day on or after valid_from", place)

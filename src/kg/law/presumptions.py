"""Which facts does a rule presume, where no record says anything else?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from kg.errors import InputError, InputLocation
from kg.law.conditions import Condition, fact_names, parse_condition
from kg.law.facts import FactDefinition
from kg.law.routes import Route, RouteSource
from kg.toml_files.models import TomlModel, read_tables

FILE = "presumptions.toml"


class Presumption(TomlModel):
    """A rule by which a fact counts as answered until a record says otherwise. It never opens a route."""

    model_config = ConfigDict(strict=True)
    internal_keys: ClassVar[tuple[str, ...]] = ("id",)

    id: str
    fact: str
    answer: Literal["yes", "no"]
    when: Any
    """The condition under which the rule holds."""
    routes: list[str] = Field(default_factory=list)
    """Only for these routes; for all if empty."""
    says: str = Field(min_length=1)
    """The rule, in words."""
    rebuttal: str = Field(min_length=1)
    """What stands against it."""
    source: RouteSource

    @cached_property
    def condition(self) -> Condition:
        """The condition under which the rule holds."""
        return parse_condition(self.when, FILE, f"{self.id}.when")

    @cached_property
    def fact_names(self) -> tuple[str, ...]:
        """The facts that its condition names."""
        return tuple(name for name, _ in fact_names(self.condition))

    def is_for(self, route: Route) -> bool:
        """Whether it speaks for a route that names its fact."""
        wanted = route.polarities.get(self.fact)
        return wanted == (self.answer == "yes") and (not self.routes or route.id in self.routes)


def read_presumptions(folder: Path, facts: Mapping[str, FactDefinition]) -> Sequence[Presumption]:
    """Every presumption; none where a folder has no file of them.

    Raises InputError for a mistake, and for a presumption of a protected fact or of one about the law.
    """
    if not (folder / FILE).exists():
        return ()
    found = []
    for _, presumption in read_tables(folder / FILE, FILE, Presumption, "id"):
        _check_facts(presumption, facts)
        found.append(presumption)
    return found


def _check_facts(presumption: Presumption, facts: Mapping[str, FactDefinition]) -> None:
    for fact, key in ((presumption.fact, "fact"), *fact_names(presumption.condition)):
        if fact not in facts:
            place = InputLocation(FILE, key=f"{presumption.id}.{key}", value=fact)
            raise InputError("expected a fact that facts.toml has", place)
    presumed = facts[presumption.fact]
    if presumed.is_protected or presumed.about == "law":
        place = InputLocation(FILE, key=f"{presumption.id}.fact", value=presumption.fact)
        raise InputError("expected a fact that is neither protected nor about the law", place)

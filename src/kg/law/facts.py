"""Which facts may a route name, who can answer them, and how are they found?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Any, ClassVar, Literal, get_args

from pydantic import ConfigDict, Field, field_validator

from kg.errors import InputError, InputLocation
from kg.law.conditions import UNKNOWN, YES, Answer, Condition, fact_names, parse_condition
from kg.toml_files.models import TomlModel, read_tables

PLACEHOLDERS = ("requesting", "host", "day")

AgencyKind = Literal[
    "anti_corruption",
    "asset_recovery",
    "central_authority",
    "court",
    "customs",
    "financial_intelligence",
    "immigration",
    "insolvency",
    "international",
    "police",
    "prosecutor",
    "tax",
]
"""Kinds of agency: those in agencies.csv and two more."""

AgencyWork = Literal[
    "assistance",
    "asset_return",
    "civil",
    "extradition",
    "forfeiture",
    "insolvency",
    "intelligence",
    "notices",
    "prosecution",
    "pursuit",
    "removal",
    "tax",
]

AGENCY_WORK: tuple[str, ...] = get_args(AgencyWork)
"""What an agency can do for a route: the words of agency_work.csv and two more."""


class FactDefinition(TomlModel):
    """One fact: a question with the answers yes, no and unknown."""

    model_config = ConfigDict(strict=True)
    internal_keys: ClassVar[tuple[str, ...]] = ("name",)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    question: str = Field(min_length=1)
    yes: str = ""
    """The answer yes in words; `{requesting}`, `{host}` and `{day}` are filled in. The question and `Yes` if empty."""
    no: str = ""
    """The answer no in words."""
    about: Literal["law", "person", "asset"]
    """Whether it is about two jurisdictions on a day, about a person there, or about an asset there."""
    side: Literal["host", "requesting", "either"]
    """Whose agency can answer it."""
    ask: list[AgencyKind] = Field(min_length=1)
    """Kinds of agency that can answer it."""
    work: list[AgencyWork] = Field(default_factory=list)
    """The work of the international bodies that can answer it."""
    found: str = Field(min_length=1)
    """How the software finds the answer."""
    role: Literal["case", "bar", "step"] = "case"
    """What a fact about a person or asset is to a route.

    `case` has to be known. A `bar` is raised by a record or not at all. A `step` is done in the course of the route and
    is never missing before its turn.
    """
    teeth: Any = None
    """A condition on facts about the law under which a bar has to be known though no record raises it."""
    doubt_counts: bool = False
    """Whether a step of which something is said without settling it has to be known."""
    rests_on: list[str] = Field(default_factory=list)
    """Facts about the law without which nobody can answer it."""
    speaks: Literal["for", "against"] = "for"
    """Whether a yes speaks for or against a route that shows it without being decided by it."""
    dated: bool = False
    """Whether an answer without a date is doubt."""
    handling: Literal["open", "protected"] = "open"
    """A protected fact is decided by the host, never asked for, and shown with the protected scope alone."""

    @field_validator("yes", "no")
    @classmethod
    def _check_placeholders(cls, text: str) -> str:
        blanks = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if not blanks <= set(PLACEHOLDERS):
            raise ValueError(f"expected no blanks but {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}")
        return text

    def answer_text(self, answer: Answer, requesting: str, host: str, day: str) -> str:
        """An answer in words; empty for `unknown`."""
        if answer == UNKNOWN:
            return ""
        text = self.yes if answer == YES else self.no
        filled = text.format(requesting=requesting, host=host or "the host", day=day)
        return filled or f"{self.question} {answer.capitalize()}"

    @cached_property
    def teeth_condition(self) -> Condition | None:
        """The condition under which a bar has to be known."""
        return None if self.teeth is None else parse_condition(self.teeth, "facts.toml", f"{self.name}.teeth")

    @property
    def is_protected(self) -> bool:
        """Whether it may be shown with the protected scope alone."""
        return self.handling == "protected"


def read_facts(folder: Path) -> Mapping[str, FactDefinition]:
    """The registry of facts, by name. Raises InputError that names file, key, value and what was expected."""
    found = dict(read_tables(folder / "facts.toml", "facts.toml", FactDefinition, "name"))
    for fact in found.values():
        _check_law_facts(fact, found)
    return found


def _check_law_facts(fact: FactDefinition, facts: Mapping[str, FactDefinition]) -> None:
    """Raises InputError where a fact depends on something that is no fact about the law."""
    teeth = fact_names(fact.teeth_condition, "teeth") if fact.teeth_condition else ()
    for name, key in (*teeth, *((name, f"rests_on[{i}]") for i, name in enumerate(fact.rests_on))):
        if name not in facts or facts[name].about != "law":
            place = InputLocation("facts.toml", key=f"{fact.name}.{key}", value=name)
            raise InputError("expected a fact about the law that facts.toml has", place)
    if fact.about == "law" and (fact.role != "case" or fact.teeth_condition or fact.rests_on):
        place = InputLocation("facts.toml", key=f"{fact.name}.role", value=fact.role)
        raise InputError("a fact about the law has no role, teeth or rests_on", place)

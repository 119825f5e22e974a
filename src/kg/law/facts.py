"""Which facts may a route name, who can answer them, and how are they found?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import ClassVar, Literal, get_args

from pydantic import ConfigDict, Field, field_validator

from kg.errors import InputError, InputLocation
from kg.law.conditions import UNKNOWN, YES, Answer
from kg.toml_files import TomlModel, read_toml, validate

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

    @property
    def is_protected(self) -> bool:
        """Whether it may be shown with the protected scope alone."""
        return self.handling == "protected"


def read_facts(folder: Path) -> Mapping[str, FactDefinition]:
    """The registry of facts, by name. Raises InputError that names file, key, value and what was expected."""
    found = {}
    for name, data in read_toml(folder / "facts.toml", "facts.toml").items():
        place = InputLocation("facts.toml", key=name)
        if not isinstance(data, dict):
            raise InputError("expected a table", replace(place, value=str(data)))
        found[name] = validate(FactDefinition, {"name": name, **data}, place)
    return found

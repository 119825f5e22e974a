"""Which facts may a route name, who can answer them, and how are they found?"""

from __future__ import annotations

from string import Formatter
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from kg.law.logic import UNKNOWN, YES, Answer

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

AGENCY_KINDS: tuple[str, ...] = get_args(AgencyKind)
"""Kinds of agency: those of agencies.csv, and two that no row there has."""


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
"""What an agency can do for a route: words of agency_work.csv, and two that no row there has."""


class FactDefinition(BaseModel):
    """One fact: a question with the answers yes, no and unknown."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    question: str = Field(min_length=1)
    yes: str = ""
    """The answer yes in words; `{requesting}`, `{host}` and `{day}` are filled in. The question with it when empty."""
    no: str = ""
    """The answer no in words."""
    about: Literal["law", "person", "asset"]
    """What it is about: two jurisdictions and a day; a person there; an asset there."""
    side: Literal["host", "requesting", "either"]
    """Whose agency can answer it."""
    ask: list[AgencyKind] = Field(min_length=1)
    """Kinds of agency that can."""
    work: list[AgencyWork] = []
    """What an international body has to do to be asked; it is of no jurisdiction, and named."""
    found: str = Field(min_length=1)
    """How the software finds the answer."""
    speaks: Literal["for", "against"] = "for"
    """For or against a route that only shows it, when it is yes; one that it decides, by how the route names it."""
    dated: bool = False
    """Whether an answer without its day is doubt."""
    handling: Literal["open", "protected"] = "open"
    """A protected fact is decided by the host, never asked for and never shown without that scope."""

    @field_validator("yes", "no")
    @classmethod
    def _check_placeholders(cls, text: str) -> str:
        blanks = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if not blanks <= set(PLACEHOLDERS):
            raise ValueError(f"expected no blanks but {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}")
        return text

    def answer_text(self, answer: Answer, requesting: str, host: str, day: str) -> str:
        """An answer in words; empty where there is none."""
        if answer == UNKNOWN:
            return ""
        text = self.yes if answer == YES else self.no
        filled = text.format(requesting=requesting, host=host or "the host", day=day)
        return filled or f"{self.question} {answer.capitalize()}"

    @property
    def is_protected(self) -> bool:
        """Whether it may only be seen with the protected scope."""
        return self.handling == "protected"

"""Which facts may a route name, who can answer them, and how are they found?"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

KINDS = (
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
)
"""Kinds of agency: those of agencies.csv, and two that no row there has."""

KindName = Literal[
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


class FactKind(BaseModel):
    """One fact: a question with the answers yes, no and unknown."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    question: str = Field(min_length=1)
    about: Literal["law", "person", "asset"]
    """What it is about: two jurisdictions and a day; a person there; an asset there."""
    side: Literal["host", "requesting", "either"]
    """Whose agency can answer it."""
    ask: list[KindName] = Field(min_length=1)
    """Kinds of agency that can."""
    found: str = Field(min_length=1)
    """How the software finds the answer."""
    speaks: Literal["for", "against"] = "for"
    """For or against a route that only shows it, when it is yes; one that it decides, by how the route names it."""
    dated: bool = False
    """Whether an answer without its day is doubt."""
    handling: Literal["open", "protected"] = "open"
    """A protected fact is decided by the host, never asked for and never shown without that scope."""

    @property
    def protected(self) -> bool:
        """Whether it may only be seen with the protected scope."""
        return self.handling == "protected"

"""Does whoever issued a paper say that the person is cleared?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.names import name_words
from kg.ontology.values import date_span

CLEARED = "cleared"
"""The stage of an accusation that takes a person off a list when the list's own issuer says it."""

ACCUSATION_PROPERTIES = ("stage", "said_by", "date")
"""The properties of an accusation that `Issue.cleared_by` takes, in its order."""

NAME_PROPERTIES = ("name", "alias")
"""The properties by which a body that issues papers is called."""


@dataclass(frozen=True, slots=True)
class PaperIssue:
    """By whom a paper was issued, under every name there is, and when. All texts are canonical values."""

    issuer_names: frozenset[tuple[str, ...]]
    issued_on: tuple[str, ...] = ()

    @classmethod
    def from_names(cls, names: Iterable[str], days: Iterable[str] = ()) -> PaperIssue:
        """Names are compared word by word: case, width, spacing and punctuation make no difference."""
        return cls(frozenset(name_words(name) for name in names) - {()}, tuple(days))

    def is_cleared_by(self, stages: Iterable[str], said_by: Iterable[str], days: Iterable[str] = ()) -> bool:
        """Whether one accusation, as one source tells it, is the issuer's word that the person is cleared.

        What was said on a day before the paper was issued is about something older, and ends nothing.
        """
        if CLEARED not in stages or self.issuer_names.isdisjoint(name_words(name) for name in said_by):
            return False
        said = [date_span(day).last for day in days]
        return not said or not self.issued_on or max(said) >= min(date_span(day).first for day in self.issued_on)

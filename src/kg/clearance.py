"""Is a warrant, notice, list entry or measure in force on a day, and does an issuer say that a person is cleared?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kg.names import name_words
from kg.ontology.values import date_span, is_reached
from kg.records import Node

CLEARED = "cleared"
"""The stage of an accusation that takes a person off a list when the list's own issuer says it."""

DELETED = "deleted"
"""The state of review of a notice that is over."""

ACCUSATION_PROPERTIES = ("stage", "said_by", "date")
"""The properties of an accusation that `Issue.cleared_by` takes, in its order."""

LATER_STEPS = ("ordered_on", "executed_on", "appealed_on", "final_on", "lifted_on", "returned_on")
"""The days of a measure that come after the application."""

MEASURE_ENDS = ("lifted_on", "returned_on", "expires_on")
"""The days on which a measure may end."""

MeasureStatus = Literal["held", "restrained", "final", "returned"]
"""How far a measure has taken an asset, as in `kg.findings.ASSET_STATUSES`."""

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


@dataclass(frozen=True, slots=True)
class PaperDates:
    """When a warrant, notice or list entry is in force for a person, by all that is said of it; texts are canonical."""

    issued_on: tuple[str, ...] = ()
    ended_on: tuple[str, ...] = ()
    """Days on which it ceases to be in force."""
    named_until: tuple[str, ...] = ()
    """Until when it names the person."""
    reasons: tuple[str, ...] = ()
    """Why it is over; `deleted` if a commission deleted it."""
    clearances: tuple[tuple[str, ...], ...] = ()
    """The days of each statement by which its issuer clears the person: none if a statement has no day."""

    def is_in_force(self, day: date) -> bool:
        """Whether it is in force on a day: issued, and not over. An end to come ends nothing yet.

        A reason without a day means that it is over. A date that may have come by the day counts as come.
        """
        if any(is_reached(text, day) is False for text in self.issued_on) or (self.reasons and not self.ended_on):
            return False
        if any(is_reached(text, day) is not False for text in (*self.ended_on, *self.named_until)):
            return False
        return not any(all(is_reached(text, day) is not False for text in days) for days in self.clearances)

    @property
    def turning_days(self) -> tuple[date, ...]:
        """The days on which the answer may change."""
        texts = (*self.issued_on, *self.ended_on, *self.named_until, *(t for days in self.clearances for t in days))
        return tuple(date_span(text).first for text in texts)


def has_come(texts: Iterable[str], day: date) -> bool:
    """Whether one of some dates may have come by a day."""
    return any(is_reached(text, day) is not False for text in texts)


TOLD_WITH: Mapping[str, tuple[str, ...]] = {"ended_on": ("end_reason", "review"), "answered_on": ("answer", "ground")}
"""What is known only once a day has come, by the date."""

DAYS_AHEAD = frozenset(("expires_on", "due_on", "limitation_date"))
"""Dates that are told before they come."""


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What sources say of a measure; texts are canonical."""

    kinds: tuple[str, ...]
    """`freeze`, `seizure`, `forfeiture`, `return` or `sanction`; several if sources differ."""
    dates: Mapping[str, Iterable[str]]
    """`ordered_on`, `lifted_on` and the other days; further properties have no meaning here."""
    unread: frozenset[str] = frozenset()
    """Properties of which a source gives a value that was not understood."""

    @classmethod
    def of_node(cls, node: Node) -> MeasureFacts:
        """Those of a measure's node."""
        unread = frozenset(value.property for value in node.not_understood)
        return cls(node.properties.get("kind", ()), node.properties, unread)

    @property
    def doubt(self) -> str:
        """Which of `kind`, `day` and `end` is not known, so that nobody can say whether it is in force; else empty.

        Whatever its kind is, a measure is one against property: only a kind that was not understood may be another
        thing, such as a warning.
        """
        if "kind" in self.unread and not self.kinds:
            return "kind"
        if not any(tuple(self.dates.get(name, ())) for name in ("sought_on", *LATER_STEPS, "expires_on")):
            return "day"
        unread_ends = (name for name in MEASURE_ENDS if name in self.unread)
        return "end" if any(not tuple(self.dates.get(name, ())) for name in unread_ends) else ""

    def is_in_force(self, day: date) -> bool:
        """Whether it is in force on a day; an end to come ends nothing, and what is in doubt is not.

        It has to be ordered or executed, if a day of that is known, and is over when it is lifted, when assets are
        returned and, unless it is final, when it expires. An application alone restrains nothing.
        """
        if self.doubt or is_application(self.dates):
            return False
        begun = [text for name in ("ordered_on", "executed_on") for text in self.dates.get(name, ())]
        if begun and not has_come(begun, day):
            return False
        over = has_come((text for name in ("lifted_on", "returned_on") for text in self.dates.get(name, ())), day)
        final = has_come(self.dates.get("final_on", ()), day)
        return not over and (final or not has_come(self.dates.get("expires_on", ()), day))

    def status(self, day: date) -> MeasureStatus:
        """How far it has taken an asset by a day; one that is over, in doubt, or to come, has no effect."""
        if has_come(self.dates.get("returned_on", ()), day) or (
            "return" in self.kinds and has_come(self.dates.get("executed_on", ()), day)
        ):
            return "returned"
        if not self.is_in_force(day):
            return "held"
        is_final = "forfeiture" in self.kinds and has_come(self.dates.get("final_on", ()), day)
        return "final" if is_final else "restrained"


def is_application(dates: Mapping[str, Iterable[str]]) -> bool:
    """Whether a measure was applied for and no more, by its dates: no order, execution or end of it has a day."""
    return bool(tuple(dates.get("sought_on", ()))) and not any(tuple(dates.get(name, ())) for name in LATER_STEPS)

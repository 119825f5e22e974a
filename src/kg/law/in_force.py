"""Is an agreement, a convention or a rule in force on a day?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kg.law.citations import Citation
from kg.law.dates import is_reached, is_surely_reached
from kg.law.logic import NO, UNKNOWN, YES, Answer
from kg.law.tables import LawRow
from kg.ontology.values import date_span

ForceWord = Literal["yes", "no", "suspended", "signed only", "unknown"]

_ANSWER_BY_WORD: dict[ForceWord, Answer] = {
    "yes": YES,
    "no": NO,
    "suspended": NO,
    "signed only": NO,
    "unknown": UNKNOWN,
}

WEAKEST_FIRST: tuple[ForceWord, ...] = ("no", "suspended", "signed only", "unknown", "yes")

OLDER_TREATIES_BEFORE = date(2005, 1, 1)
"""A treaty of the United States in force before this day may have replaced one that no row has."""


@dataclass(frozen=True, slots=True)
class ForceStatus:
    """One of five answers, the reason, and the rows that it rests on. Only `yes` binds; `unknown` is never `no`."""

    word: ForceWord
    instrument: str
    """The instrument or rule, and the jurisdictions."""
    reason: str
    sources: tuple[Citation, ...] = ()
    checked: str = ""
    """Day up to which the source supports it."""

    @property
    def answer(self) -> Answer:
        """Whether it binds: suspended and signed only do not."""
        return _ANSWER_BY_WORD[self.word]


def agreement_status(rows: Sequence[LawRow], instrument: str, day: date) -> ForceStatus:
    """Whether an agreement is in force, by the rows about its two parties."""
    ended = next((r for r in rows if r.get("terminated") and _covers_day(r, day)), None)
    if ended and ended.get("suspended_from") and is_reached(ended["suspended_from"], day) is not False:
        return _current_status(ended, instrument, day)
    if ended:
        return _status_of_row(
            ended, instrument, "yes", f"in force from {ended['in_force']} until {ended['terminated']}"
        )
    current = [r for r in rows if not r.get("terminated")]
    if not current:
        return ForceStatus(
            "unknown", instrument, "no source was read about these two" if not rows else "no row covers the day"
        )
    return _current_status(current[0], instrument, day)


def _covers_day(row: LawRow, day: date) -> bool:
    return is_surely_reached(row.get("in_force", ""), day) and is_reached(row["terminated"], day) is False


def _current_status(row: LawRow, instrument: str, day: date) -> ForceStatus:
    status, checked = row["status"], row.get("status_as_of", "")
    if status == "none":
        return _status_when_checked(row, instrument, day, "no", "no agreement was known")
    if status == "signed":
        signed = row.get("signed", "")
        if signed and is_reached(signed, day) is not True:
            return _status_of_row(
                row, instrument, "unknown", f"signed on {signed}; whether an older one applied before is not known"
            )
        return _status_when_checked(row, instrument, day, "signed only", "signed, not in force")
    suspended = row.get("suspended_from", "") or (checked if status == "suspended" else "")
    if suspended and is_reached(suspended, day) is not False:
        if is_reached(suspended, day):
            return _status_of_row(row, instrument, "suspended", f"suspended from {suspended}")
        return _status_of_row(row, instrument, "unknown", f"suspended in {suspended}, the day is not known")
    if status == "suspended" and not row.get("suspended_from"):
        return _status_of_row(row, instrument, "unknown", f"suspended by {checked}; since when is not known")
    if status == "terminated":
        return _status_of_row(row, instrument, "unknown", "terminated on a day that is not known")
    return _status_in_force(row, instrument, day)


def _status_in_force(row: LawRow, instrument: str, day: date) -> ForceStatus:
    start = row.get("in_force", "")
    if not start:
        latest = row.get("in_force_by", "") or row.get("status_as_of", "")
        if is_surely_reached(latest, day):
            return _status_of_row(row, instrument, "yes", f"in force by {latest}; the day is not established")
        return _status_of_row(
            row, instrument, "unknown", f"in force by {latest or 'an unknown day'}; before it nothing is known"
        )
    begun = is_reached(start, day)
    if begun:
        return _status_of_row(row, instrument, "yes", f"in force from {start}")
    if begun is None:
        return _status_of_row(row, instrument, "unknown", f"entered into force in {start}, the day is not known")
    if "US" in (row["party_a"], row["party_b"]) and date_span(start).first < OLDER_TREATIES_BEFORE:
        return _status_of_row(
            row, instrument, "unknown", f"enters into force on {start}; an older treaty may have applied before"
        )
    return _status_of_row(row, instrument, "no", f"enters into force on {start}")


def _status_when_checked(row: LawRow, instrument: str, day: date, word: ForceWord, reason: str) -> ForceStatus:
    """The status by a row that is known up to the day on which it was checked."""
    checked = row.get("status_as_of", "")
    if checked and day <= date_span(checked).last:
        return _status_of_row(row, instrument, word, f"{reason} as of {checked}")
    return _status_of_row(
        row, instrument, "unknown", f"{reason} when last checked, on {checked or 'a day that is not known'}"
    )


def _status_of_row(row: LawRow, instrument: str, word: ForceWord, reason: str) -> ForceStatus:
    return ForceStatus(word, instrument, reason, (Citation.from_row(row),), row.get("status_as_of", ""))


def convention_status(row: LawRow | None, instrument: str, day: date) -> ForceStatus:
    """Whether a convention is in force for one jurisdiction."""
    if row is None:
        return ForceStatus("unknown", instrument, "no source was read about it")
    start = row.get("in_force", "")
    if start:
        begun = is_reached(start, day)
        words: dict[bool | None, tuple[ForceWord, str]] = {
            True: ("yes", f"in force from {start}"),
            False: ("no", f"enters into force on {start}"),
            None: ("unknown", f"enters into force in {start}, the day is not known"),
        }
        return _status_of_row(row, instrument, *words[begun])
    if row.get("mode") == "signature_only":
        return _status_when_checked(row, instrument, day, "signed only", "signed, not bound")
    return _status_of_row(row, instrument, "unknown", "no day of entry into force is known")


def weaker_status(statuses: Iterable[ForceStatus], instrument: str) -> ForceStatus:
    """Whether a convention is in force between two jurisdictions: the weaker of the two answers."""
    found = list(statuses)
    for word in WEAKEST_FIRST:
        deciding = [s for s in found if s.word == word]
        if deciding:
            shown = found if word == "yes" else deciding
            reason = "; ".join(f"{s.instrument}: {s.reason}" for s in shown)
            checked = min(s.checked for s in shown)
            return ForceStatus(word, instrument, reason, tuple(c for s in shown for c in s.sources), checked)
    return ForceStatus("unknown", instrument, "no source was read about it")


def rule_status(rows: Sequence[LawRow], instrument: str, day: date) -> tuple[str, ForceStatus]:
    """What a rule of one jurisdiction's law answers on a day (`yes`, `no`, a number), and its status.

    The text is empty where no row covers the day. A row without a first day holds from the day it was checked.
    """
    for row in rows:
        start = row.get("valid_from", "") or row.get("status_as_of", "")
        end = row.get("valid_to", "")
        if is_surely_reached(start, day) and not (end and is_reached(end, day) is not False):
            word: ForceWord = "no" if row["answer"] == "no" else "yes"
            return row["answer"], _status_of_row(row, instrument, word, row.get("statement", ""))
    return "", ForceStatus(
        "unknown", instrument, "no source was read about it" if not rows else "no row covers the day"
    )

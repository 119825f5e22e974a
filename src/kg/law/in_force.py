"""Is an agreement, a convention or a rule in force on a day?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kg.law.conditions import NO, UNKNOWN, YES, Answer
from kg.law.tables import Citation, LawRow
from kg.ontology.values import date_span, is_reached

ForceWord = Literal["yes", "no", "ended", "suspended", "signed only", "unknown"]

WEAKEST_FIRST: tuple[ForceWord, ...] = ("no", "ended", "suspended", "signed only", "unknown", "yes")

OLDER_TREATIES_BEFORE = date(2005, 1, 1)
"""A treaty of the United States in force before this day may have replaced one that no row has."""

MEMBERSHIP = "egmont"
"""The kind of a row about a member of the Egmont Group."""


@dataclass(frozen=True, slots=True)
class ForceStatus:
    """One of six answers, the reason, and the rows that it rests on. Only `yes` binds; `unknown` is never `no`."""

    word: ForceWord
    instrument: str
    """The instrument or rule, and the jurisdictions."""
    reason: str
    sources: tuple[Citation, ...] = ()
    checked: str = ""
    """Day up to which the source supports it."""
    is_lasting: bool = False
    """Whether no later look could find anything else."""

    @property
    def answer(self) -> Answer:
        """Whether it binds: what is suspended, ended or signed only does not."""
        return YES if self.word == "yes" else UNKNOWN if self.word == "unknown" else NO

    @property
    def text(self) -> str:
        """The instrument, the answer and its reason, and when somebody last looked."""
        return force_text(self.instrument, self.word, self.reason, self.checked)

    def stale_warning(self, day: date) -> str:
        """That nobody looked since before the day whether an absence lasts; empty where somebody did.

        An old check changes no answer: an agreement that is made later has a first day of its own.
        """
        if self.word not in ("no", "suspended", "signed only") or not self.sources or self.is_lasting:
            return ""
        if not self.checked:
            return f"{self.instrument}: on which day this was looked at is not known; look again"
        if date_span(self.checked).last >= day:
            return ""
        return f"{self.instrument}: last looked at on {self.checked}, before {day}; look again"


def force_text(instrument: str, answer: str, reason: str, checked: str) -> str:
    """`extradition treaty CN–US: no (no agreement is known; last checked 2020)`."""
    return f"{instrument}: {answer} ({reason}{f'; last checked {checked}' if checked else ''})"


def is_surely_reached(text: str, day: date) -> bool:
    """Whether there is a date and `day` is on or after it, however the date is read."""
    return bool(text) and is_reached(text, day) is True


def agreement_status(rows: Sequence[LawRow], instrument: str, day: date) -> ForceStatus:
    """Whether an agreement is in force, by the rows about its parties: the one that still counts, else an ended one."""
    ended = [row for row in rows if row.get("terminated") or row["status"] == "terminated"]
    for row in ended:
        if is_surely_reached(row.get("in_force", ""), day) and not _may_have_ended(row, day):
            return _former_status(row, instrument, day)
    if current := next((row for row in rows if row not in ended), None):
        return _current_status(current, instrument, day)
    if ended:
        return _former_status(ended[-1], instrument, day)
    return ForceStatus("unknown", instrument, "no source was read about these two")


def _may_have_ended(row: LawRow, day: date) -> bool:
    end = row.get("terminated", "")
    return not end or is_reached(end, day) is not False


def _former_status(row: LawRow, instrument: str, day: date) -> ForceStatus:
    """The status by a row about an agreement that ended."""
    end = row.get("terminated", "")
    if end and is_reached(end, day):
        return _status_of_row(row, instrument, "ended", f"ended on {end}")
    if not end and is_surely_reached(row.get("status_as_of", ""), day):
        return _status_of_row(row, instrument, "ended", f"ended by {row['status_as_of']}, on a day that is not known")
    if not end or is_reached(end, day) is None:
        reason = f"ended in {end}, the day is not known" if end else "ended on a day that is not known"
        return _status_of_row(row, instrument, "unknown", reason)
    if (suspended := _suspension(row)) and is_reached(suspended, day) is not False:
        return _current_status(row, instrument, day)
    word, reason = _word_in_force(row, day)
    return _status_of_row(row, instrument, word, f"{reason} until {end}" if word == "yes" else reason)


def _suspension(row: LawRow) -> str:
    """The first day of a suspension; for one whose day no source has, that on which it was seen."""
    return row.get("suspended_from", "") or (row.get("status_as_of", "") if row["status"] == "suspended" else "")


def _current_status(row: LawRow, instrument: str, day: date) -> ForceStatus:
    status, signed, suspended = row["status"], row.get("signed", ""), _suspension(row)
    word: ForceWord = "unknown"
    if status == "none":
        word, reason = "no", "no agreement is known"
    elif status == "signed":
        if not signed or is_reached(signed, day) is True:
            word, reason = "signed only", f"signed{f' on {signed}' if signed else ''}, not in force"
        else:
            reason = f"signed on {signed}; whether an older one applied before is not known"
    elif suspended and is_reached(suspended, day):
        word, reason = "suspended", f"suspended from {suspended}"
    elif suspended and is_reached(suspended, day) is None:
        reason = f"suspended in {suspended}, the day is not known"
    elif status == "suspended" and not row.get("suspended_from"):
        reason = f"suspended by {row.get('status_as_of') or 'an unknown day'}; since when is not known"
    else:
        word, reason = _word_in_force(row, day)
    return _status_of_row(row, instrument, word, reason)


def _word_in_force(row: LawRow, day: date) -> tuple[ForceWord, str]:
    start = row.get("in_force", "")
    if not start:
        latest = row.get("in_force_by", "") or row.get("status_as_of", "")
        if row.get("kind") == MEMBERSHIP:
            word: ForceWord = "yes" if is_surely_reached(latest, day) else "unknown"
            return word, f"known to be a member {_on(latest)}; since when is not known"
        if is_surely_reached(latest, day):
            return "yes", f"in force by {latest}; the day is not established"
        return "unknown", f"in force by {latest or 'an unknown day'}; before it nothing is known"
    if row.get("kind") == MEMBERSHIP and is_reached(start, day) is False:
        return "no", f"a member from {start}"
    is_american = "US" in (row["party_a"], row["party_b"])
    if is_reached(start, day) is False and is_american and date_span(start).first < OLDER_TREATIES_BEFORE:
        return "unknown", f"enters into force {_on(start)}; an older treaty may have applied before"
    return _word_from_start(start, day, f"entered into force in {start}, the day is not known")


def _word_from_start(start: str, day: date, unclear: str) -> tuple[ForceWord, str]:
    match is_reached(start, day):
        case True:
            return "yes", f"in force from {start}"
        case False:
            return "no", f"enters into force {_on(start)}"
    return "unknown", unclear


def _on(day: str) -> str:
    """`on 2014-06-30`, `in 2014`; a date of any precision."""
    return f"{'on' if len(day) == len('2014-06-30') else 'in'} {day}" if day else "on an unknown day"


def _status_of_row(row: LawRow, instrument: str, word: ForceWord, reason: str) -> ForceStatus:
    return ForceStatus(word, instrument, reason, (Citation.from_row(row),), row.get("status_as_of", ""))


def convention_status(row: LawRow | None, instrument: str, day: date) -> ForceStatus:
    """Whether a convention is in force for one jurisdiction."""
    if row is None:
        return ForceStatus("unknown", instrument, "no source was read about it")
    start, signed = row.get("in_force", ""), row.get("signed", "")
    if start:
        word = _word_from_start(start, day, f"enters into force in {start}, the day is not known")
        return _status_of_row(row, instrument, *word)
    if row.get("mode") == "none":
        return _status_of_row(row, instrument, "no", "no party")
    if row.get("mode") == "signature_only":
        if signed and is_reached(signed, day) is False:
            return _status_of_row(row, instrument, "no", f"signed only on {signed}")
        return _status_of_row(row, instrument, "signed only", "signed, not bound")
    return _status_of_row(row, instrument, "unknown", "no day of entry into force is known")


def weaker_status(statuses: Sequence[ForceStatus], instrument: str) -> ForceStatus:
    """Whether a convention is in force between two jurisdictions: the weaker of the two answers."""
    word = min((status.word for status in statuses), key=WEAKEST_FIRST.index)
    shown = [status for status in statuses if status.word == word]
    reason = "; ".join(f"{status.instrument}: {status.reason}" for status in shown)
    checked = min(status.checked for status in shown)
    return ForceStatus(word, instrument, reason, tuple(c for status in shown for c in status.sources), checked)


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
    return "", ForceStatus("unknown", instrument, "no row covers the day" if rows else "no source was read about it")

"""Does an agreement, a convention or a rule bind on a day?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kg.law.citations import Citation
from kg.law.dates import reached, surely
from kg.law.logic import NO, UNKNOWN, YES, Answer
from kg.law.tables import Row
from kg.ontology.values import date_span

Word = Literal["yes", "no", "suspended", "signed only", "unknown"]

_ANSWERS: dict[Word, Answer] = {"yes": YES, "no": NO, "suspended": NO, "signed only": NO, "unknown": UNKNOWN}

WEAKEST_FIRST: tuple[Word, ...] = ("no", "suspended", "signed only", "unknown", "yes")

OLDER_TREATIES = date(2005, 1, 1)
"""A treaty of the United States that entered into force before may have replaced one that no row tells of."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One of five answers, why, and the rows behind it. Only `yes` binds; `unknown` is never `no`."""

    word: Word
    what: str
    """Which instrument or rule, between whom."""
    why: str
    sources: tuple[Citation, ...] = ()
    checked: str = ""
    """Day up to which the source supports it."""

    @property
    def answer(self) -> Answer:
        """Whether it binds: suspended and signed only do not."""
        return _ANSWERS[self.word]

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {
            "what": self.what,
            "in_force": self.word,
            "why": self.why,
            "checked": self.checked,
            "rows": [source.row for source in self.sources],
        }


def between(rows: Sequence[Row], what: str, day: date) -> Standing:
    """Whether the agreement that some rows about one pair tell of is in force between the two."""
    ended = next((r for r in rows if r.get("terminated") and _within(r, day)), None)
    if ended and ended.get("suspended_from") and reached(ended["suspended_from"], day) is not False:
        return _current(ended, what, day)
    if ended:
        return _said(ended, what, "yes", f"in force from {ended['in_force']} until {ended['terminated']}")
    current = [r for r in rows if not r.get("terminated")]
    if not current:
        return Standing("unknown", what, "no source was read about these two" if not rows else "no row covers the day")
    return _current(current[0], what, day)


def _within(row: Row, day: date) -> bool:
    return surely(row.get("in_force", ""), day) and reached(row["terminated"], day) is False


def _current(row: Row, what: str, day: date) -> Standing:
    status, checked = row["status"], row.get("status_as_of", "")
    if status == "none":
        return _up_to(row, what, day, "no", "no agreement was known")
    if status == "signed":
        signed = row.get("signed", "")
        if signed and reached(signed, day) is not True:
            return _said(row, what, "unknown", f"signed on {signed}; whether an older one applied before is not known")
        return _up_to(row, what, day, "signed only", "signed, not in force")
    suspended = row.get("suspended_from", "") or (checked if status == "suspended" else "")
    if suspended and reached(suspended, day) is not False:
        if reached(suspended, day):
            return _said(row, what, "suspended", f"suspended from {suspended}")
        return _said(row, what, "unknown", f"suspended in {suspended}, the day is not known")
    if status == "suspended" and not row.get("suspended_from"):
        return _said(row, what, "unknown", f"suspended by {checked}; since when is not known")
    if status == "terminated":
        return _said(row, what, "unknown", "terminated on a day that is not known")
    return _in_force(row, what, day)


def _in_force(row: Row, what: str, day: date) -> Standing:
    start = row.get("in_force", "")
    if not start:
        latest = row.get("in_force_by", "") or row.get("status_as_of", "")
        if surely(latest, day):
            return _said(row, what, "yes", f"in force by {latest}; the day is not established")
        return _said(row, what, "unknown", f"in force by {latest or 'an unknown day'}; before it nothing is known")
    begun = reached(start, day)
    if begun:
        return _said(row, what, "yes", f"in force from {start}")
    if begun is None:
        return _said(row, what, "unknown", f"entered into force in {start}, the day is not known")
    if "US" in (row["party_a"], row["party_b"]) and date_span(start).first < OLDER_TREATIES:
        return _said(row, what, "unknown", f"enters into force on {start}; an older treaty may have applied before")
    return _said(row, what, "no", f"enters into force on {start}")


def _up_to(row: Row, what: str, day: date, word: Word, why: str) -> Standing:
    """A claim that holds up to the day on which it was checked."""
    checked = row.get("status_as_of", "")
    if checked and day <= date_span(checked).last:
        return _said(row, what, word, f"{why} as of {checked}")
    return _said(row, what, "unknown", f"{why} when last checked, on {checked or 'a day that is not known'}")


def _said(row: Row, what: str, word: Word, why: str) -> Standing:
    return Standing(word, what, why, (Citation.of(row),), row.get("status_as_of", ""))


def bound(row: Row | None, what: str, day: date) -> Standing:
    """Whether a convention is in force for one jurisdiction."""
    if row is None:
        return Standing("unknown", what, "no source was read about it")
    start = row.get("in_force", "")
    if start:
        begun = reached(start, day)
        words: dict[bool | None, tuple[Word, str]] = {
            True: ("yes", f"in force from {start}"),
            False: ("no", f"enters into force on {start}"),
            None: ("unknown", f"enters into force in {start}, the day is not known"),
        }
        return _said(row, what, *words[begun])
    if row.get("mode") == "signature_only":
        return _up_to(row, what, day, "signed only", "signed, not bound")
    return _said(row, what, "unknown", "no day of entry into force is known")


def both(standings: Iterable[Standing], what: str) -> Standing:
    """Whether a convention binds two jurisdictions to each other: the weaker of the two answers."""
    found = list(standings)
    for word in WEAKEST_FIRST:
        deciding = [s for s in found if s.word == word]
        if deciding:
            shown = found if word == "yes" else deciding
            why = "; ".join(f"{s.what}: {s.why}" for s in shown)
            checked = min(s.checked for s in shown)
            return Standing(word, what, why, tuple(c for s in shown for c in s.sources), checked)
    return Standing("unknown", what, "no source was read about it")


def rule(rows: Sequence[Row], what: str, day: date) -> tuple[str, Standing]:
    """What a rule of one jurisdiction's law answers on a day: its text (`yes`, `no`, a number), and its standing.

    The text is empty where no row covers the day. A row without a first day holds from the day it was checked.
    """
    for row in rows:
        start = row.get("valid_from", "") or row.get("status_as_of", "")
        end = row.get("valid_to", "")
        if surely(start, day) and not (end and reached(end, day) is not False):
            word: Word = "no" if row["answer"] == "no" else "yes"
            return row["answer"], _said(row, what, word, row.get("statement", ""))
    return "", Standing("unknown", what, "no source was read about it" if not rows else "no row covers the day")

"""Where may a person be, whose national are they, and are they alive?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from kg.analysis.routes.case import Ask, says, since
from kg.findings import Statement
from kg.law import NO, UNKNOWN, YES
from kg.law.dates import reached
from kg.records import Claim

RECENT = timedelta(days=365)
"""A sighting is worth a question for so long."""


def seats(ask: Ask) -> Iterator[tuple[str, str, Claim]]:
    """Each place where the person may be on the day: code, how sure (resident, suspected, sighted), and who says so.

    A residence or a suspicion counts while it lasts; a sighting for a year.
    """
    for step, claim in ask.link_claims(ask.around.out(ask.person, "PRESENT_IN")):
        how = ask.around.first(claim, "how") or "suspected"
        lasts = _sighted_lately(ask, claim) if how == "sighted" else ask.holds(claim)
        if lasts and (code := ask.around.code(step.far)):
            yield code, how, claim


def _sighted_lately(ask: Ask, claim: Claim) -> bool:
    seen = ask.around.texts(claim, "date") or ask.around.texts(claim, "start_date")
    long_ago = ask.day - RECENT
    return any(reached(text, ask.day) is not False and reached(text, long_ago) is not True for text in seen)


def hosts(ask: Ask) -> tuple[str, ...]:
    """Every jurisdiction but the requesting one where the person may be on the day."""
    return tuple(sorted({code for code, _, _ in seats(ask)} - {ask.requesting}))


def _present(ask: Ask) -> Iterator[Statement]:
    for code, how, claim in seats(ask):
        text = f"{how} in {code}{since(ask, claim, 'start_date', 'date')}"
        if how != "resident":
            yield says(UNKNOWN, text, claim)
        else:
            yield says(YES if code == ask.host else NO, text, claim)


def _abroad(ask: Ask) -> Iterator[Statement]:
    for code, how, claim in seats(ask):
        text = f"{how} in {code}{since(ask, claim, 'start_date', 'date')}"
        sure = NO if code == ask.requesting else YES
        yield says(sure if how == "resident" else UNKNOWN, text, claim)


def _death(ask: Ask) -> Iterator[Statement]:
    """About the record, so that it is known where nobody says it."""
    died = False
    for claim in ask.around.claims(ask.person):
        for text in ask.around.texts(claim, "death_date"):
            died = True
            come = reached(text, ask.day)
            answer = {True: YES, False: NO, None: UNKNOWN}[come]
            yield says(answer, f"died {text}", claim)
    if not died:
        yield Statement(NO, "no source records a death")


def _own_national(ask: Ask) -> Iterator[Statement]:
    for step, claim in ask.link_claims(ask.around.out(ask.person, "CITIZEN_OF")):
        if ask.around.code(step.far) != ask.host or not ask.begun(claim, "start_date", "date"):
            continue
        how = ask.around.first(claim, "acquired_by")
        text = f"citizen of {ask.host}{f' by {how}' if how else ''}{since(ask, claim, 'start_date')}"
        lost = ask.past(claim, "lost_on") or not ask.holds(claim)
        yield says(NO if lost else YES, f"was {text}, lost" if lost else text, claim)


def _nationality(ask: Ask) -> Iterator[Statement]:
    for step, claim in ask.link_claims(ask.around.out(ask.person, "CITIZEN_OF")):
        if ask.holds(claim) and not ask.past(claim, "lost_on"):
            yield says(YES, f"citizen of {ask.around.code(step.far)}{since(ask, claim, 'start_date')}", claim)


_UNDECIDED = ("pending", "appeal", "applied", "application")
_REFUSED = ("refused", "rejected", "denied")
_PROTECTIONS = ("asylum", "refugee", "protection", "withholding")


def _protected(ask: Ask) -> Iterator[Statement]:
    """A status that says neither is shown as doubt: a residence permit is no protection and no bar."""
    for step, claim in ask.link_claims(ask.around.out(ask.person, "HAS_STATUS_IN")):
        if ask.around.code(step.far) != ask.host or not ask.begun(claim, "decided_on", "start_date"):
            continue
        kind = ask.around.first(claim, "kind")
        yield says(_status(kind.lower()), f"{kind}{since(ask, claim, 'decided_on')}", claim)


def _status(kind: str) -> str:
    """No only where one protection and nothing else was refused: asylum may be denied and withholding granted."""
    if any(word in kind for word in _UNDECIDED):
        return UNKNOWN
    about = [word for word in _PROTECTIONS if word in kind]
    if any(word in kind for word in _REFUSED):
        return NO if len(about) == 1 and "granted" not in kind else UNKNOWN
    return YES if about or "granted" in kind else UNKNOWN


PRESENCE_FACTS: Mapping[str, Callable[[Ask], Iterator[Statement]]] = {
    "death_recorded": _death,
    "present_in_host": _present,
    "abroad": _abroad,
    "own_national": _own_national,
    "nationality_resolved": _nationality,
    "protected_from_return": _protected,
}

"""Where may a person be, whose national are they, and are they alive?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from kg.analysis.routes.case import FactQuery, claim_statement, since_text
from kg.findings import LegalStatement
from kg.law import NO, UNKNOWN, YES
from kg.law.dates import is_reached
from kg.records import Claim

SIGHTING_VALIDITY = timedelta(days=365)
"""A sighting is worth a question for so long."""


def whereabouts(ask: FactQuery) -> Iterator[tuple[str, str, Claim]]:
    """Each place where the person may be on the day: code, how sure (resident, suspected, sighted), and who says so.

    A residence or a suspicion counts while it lasts; a sighting for a year.
    """
    for step, claim in ask.link_claims(ask.context.outgoing(ask.person, "PRESENT_IN")):
        how = ask.context.first_text(claim, "how") or "suspected"
        lasts = _is_recent_sighting(ask, claim) if how == "sighted" else ask.is_current(claim)
        if lasts and (code := ask.context.jurisdiction_code(step.far)):
            yield code, how, claim


def _is_recent_sighting(ask: FactQuery, claim: Claim) -> bool:
    seen = ask.context.texts(claim, "date") or ask.context.texts(claim, "start_date")
    long_ago = ask.day - SIGHTING_VALIDITY
    return any(is_reached(text, ask.day) is not False and is_reached(text, long_ago) is not True for text in seen)


def person_hosts(ask: FactQuery) -> tuple[str, ...]:
    """Every jurisdiction but the requesting one where the person may be on the day."""
    return tuple(sorted({code for code, _, _ in whereabouts(ask)} - {ask.requesting}))


def _present_in_host(ask: FactQuery) -> Iterator[LegalStatement]:
    for code, how, claim in whereabouts(ask):
        text = f"{how} in {code}{since_text(ask, claim, 'start_date', 'date')}"
        if how != "resident":
            yield claim_statement(UNKNOWN, text, claim)
        else:
            yield claim_statement(YES if code == ask.host else NO, text, claim)


def _abroad(ask: FactQuery) -> Iterator[LegalStatement]:
    for code, how, claim in whereabouts(ask):
        text = f"{how} in {code}{since_text(ask, claim, 'start_date', 'date')}"
        sure = NO if code == ask.requesting else YES
        yield claim_statement(sure if how == "resident" else UNKNOWN, text, claim)


def _death_recorded(ask: FactQuery) -> Iterator[LegalStatement]:
    """About the record, so that it is known where nobody says it."""
    died = False
    for claim in ask.context.claims(ask.person):
        for text in ask.context.texts(claim, "death_date"):
            died = True
            come = is_reached(text, ask.day)
            answer = {True: YES, False: NO, None: UNKNOWN}[come]
            yield claim_statement(answer, f"died {text}", claim)
    if not died:
        yield LegalStatement(NO, "no source records a death")


def _own_national(ask: FactQuery) -> Iterator[LegalStatement]:
    for step, claim in ask.link_claims(ask.context.outgoing(ask.person, "CITIZEN_OF")):
        if ask.context.jurisdiction_code(step.far) != ask.host or not ask.has_begun(claim, "start_date", "date"):
            continue
        how = ask.context.first_text(claim, "acquired_by")
        text = f"citizen of {ask.host}{f' by {how}' if how else ''}{since_text(ask, claim, 'start_date')}"
        lost = ask.is_past(claim, "lost_on") or not ask.is_current(claim)
        yield claim_statement(NO if lost else YES, f"was {text}, lost" if lost else text, claim)


def _nationality_resolved(ask: FactQuery) -> Iterator[LegalStatement]:
    for step, claim in ask.link_claims(ask.context.outgoing(ask.person, "CITIZEN_OF")):
        if ask.is_current(claim) and not ask.is_past(claim, "lost_on"):
            yield claim_statement(
                YES,
                f"citizen of {ask.context.jurisdiction_code(step.far)}{since_text(ask, claim, 'start_date')}",
                claim,
            )


_PENDING_WORDS = ("pending", "appeal", "applied", "application")
_REFUSED_WORDS = ("refused", "rejected", "denied")
_PROTECTION_WORDS = ("asylum", "refugee", "protection", "withholding")


def _protected_from_return(ask: FactQuery) -> Iterator[LegalStatement]:
    """A status that says neither is shown as doubt: a residence permit is no protection and no bar."""
    for step, claim in ask.link_claims(ask.context.outgoing(ask.person, "HAS_STATUS_IN")):
        if ask.context.jurisdiction_code(step.far) != ask.host or not ask.has_begun(claim, "decided_on", "start_date"):
            continue
        kind = ask.context.first_text(claim, "kind")
        yield claim_statement(_status_answer(kind.lower()), f"{kind}{since_text(ask, claim, 'decided_on')}", claim)


def _status_answer(kind: str) -> str:
    """No only where one protection and nothing else was refused: asylum may be denied and withholding granted."""
    if any(word in kind for word in _PENDING_WORDS):
        return UNKNOWN
    about = [word for word in _PROTECTION_WORDS if word in kind]
    if any(word in kind for word in _REFUSED_WORDS):
        return NO if len(about) == 1 and "granted" not in kind else UNKNOWN
    return YES if about or "granted" in kind else UNKNOWN


PRESENCE_FACTS: Mapping[str, Callable[[FactQuery], Iterator[LegalStatement]]] = {
    "death_recorded": _death_recorded,
    "present_in_host": _present_in_host,
    "abroad": _abroad,
    "own_national": _own_national,
    "nationality_resolved": _nationality_resolved,
    "protected_from_return": _protected_from_return,
}

"""Where may a person be, whose national are they, and are they alive?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from kg.analysis.routes.case import FactFunction, FactQuery, begun_text, claim_statement, since_text
from kg.findings import LegalStatement
from kg.law import NO, UNKNOWN, YES
from kg.ontology.values import is_reached
from kg.records import Claim

SIGHTING_VALIDITY = timedelta(days=365)
"""A sighting counts for this long."""


def whereabouts(query: FactQuery) -> Iterator[tuple[str, str, Claim]]:
    """Each place where the person may be on the day: code, how (resident, suspected, sighted), and the claim.

    A residence or a suspicion counts while it lasts; a sighting for a year.
    """
    for link, claim in query.link_claims(query.context.outgoing(query.person, "PRESENT_IN")):
        how = query.context.first_text(claim, "how") or "suspected"
        lasts = _is_recent_sighting(query, claim) if how == "sighted" else query.is_current(claim)
        if lasts and (code := query.context.jurisdiction_code(link.far)):
            yield code, how, claim


def _is_recent_sighting(query: FactQuery, claim: Claim) -> bool:
    seen = query.context.texts(claim, "date") or query.context.texts(claim, "start_date")
    long_ago = query.day - SIGHTING_VALIDITY
    return any(is_reached(text, query.day) is not False and is_reached(text, long_ago) is not True for text in seen)


def person_hosts(query: FactQuery) -> tuple[str, ...]:
    """Every jurisdiction but the requesting one where the person may be on the day."""
    return tuple(sorted({code for code, _, _ in whereabouts(query)} - {query.requesting}))


def _present_in_host(query: FactQuery) -> Iterator[LegalStatement]:
    for code, how, claim in whereabouts(query):
        text = f"{how} in {code}{begun_text(query, claim)}"
        sure = YES if code == query.host else NO
        yield claim_statement(sure if how == "resident" else UNKNOWN, text, claim)
    yield from query.unread_about(query.person, "PRESENT_IN")


def _abroad(query: FactQuery) -> Iterator[LegalStatement]:
    for code, how, claim in whereabouts(query):
        text = f"{how} in {code}{begun_text(query, claim)}"
        sure = NO if code == query.requesting else YES
        yield claim_statement(sure if how == "resident" else UNKNOWN, text, claim)
    yield from query.unread_about(query.person, "PRESENT_IN")


def death_statements(query: FactQuery) -> Iterator[LegalStatement]:
    """What the sources record by the day: where none records a death, the answer is no."""
    told = ((text, claim, is_reached(text, query.day)) for text, claim in query.texts_about(query.person, "death_date"))
    deaths = [(text, claim, come) for text, claim, come in told if come is not False]
    for text, claim, come in deaths:
        yield claim_statement(YES if come else UNKNOWN, f"died {text}", claim)
    unread = list(query.unread_about(query.person, "death_date"))
    yield from unread
    if not deaths and not unread:
        yield LegalStatement(NO, "no source records a death")


def _own_national(query: FactQuery) -> Iterator[LegalStatement]:
    for link, claim in query.link_claims(query.context.outgoing(query.person, "CITIZEN_OF")):
        if query.context.jurisdiction_code(link.far) != query.host or not query.is_known(claim):
            continue
        how = query.context.first_text(claim, "acquired_by")
        text = f"citizen of {query.host}{f' by {how}' if how else ''}{begun_text(query, claim)}"
        lost = query.is_past(claim, "lost_on") or not query.is_current(claim)
        yield claim_statement(NO if lost else YES, f"was {text}, lost" if lost else text, claim)
    yield from query.unread_about(query.person, "CITIZEN_OF")


def _nationality_resolved(query: FactQuery) -> Iterator[LegalStatement]:
    for link, claim in query.link_claims(query.context.outgoing(query.person, "CITIZEN_OF")):
        if query.is_current(claim) and not query.is_past(claim, "lost_on"):
            code = query.context.jurisdiction_code(link.far)
            yield claim_statement(YES, f"citizen of {code}{begun_text(query, claim)}", claim)
    yield from query.unread_about(query.person, "CITIZEN_OF")


_PENDING_WORDS = ("pending", "appeal", "applied", "application")
_REFUSED_WORDS = ("refused", "rejected", "denied")
_PROTECTION_WORDS = ("asylum", "refugee", "protection", "withholding")


def _protected_from_return(query: FactQuery) -> Iterator[LegalStatement]:
    """Any other status is doubt: a residence permit is neither protection nor a bar."""
    for link, claim in query.link_claims(query.context.outgoing(query.person, "HAS_STATUS_IN")):
        is_here = query.context.jurisdiction_code(link.far) == query.host
        if is_here and query.has_begun(claim, "start_date") and query.is_still_to_come(claim, "decided_on"):
            if query.context.texts(claim, "start_date"):
                yield claim_statement(UNKNOWN, f"not decided yet{since_text(query, claim, 'start_date')}", claim)
        elif is_here and query.has_begun(claim, "decided_on", "start_date"):
            kind = query.context.first_text(claim, "kind")
            text = f"{kind}{since_text(query, claim, 'decided_on')}"
            yield claim_statement(_status_answer(kind.lower()), text, claim)
    yield from query.unread_about(query.person, "HAS_STATUS_IN")


def _status_answer(kind: str) -> str:
    """No only where one protection alone was refused: asylum may be denied and withholding of removal granted."""
    if any(word in kind for word in _PENDING_WORDS):
        return UNKNOWN
    about = [word for word in _PROTECTION_WORDS if word in kind]
    if any(word in kind for word in _REFUSED_WORDS):
        return NO if len(about) == 1 and "granted" not in kind else UNKNOWN
    return YES if about or "granted" in kind else UNKNOWN


PRESENCE_FACTS: Mapping[str, FactFunction] = {
    "death_recorded": death_statements,
    "present_in_host": _present_in_host,
    "abroad": _abroad,
    "own_national": _own_national,
    "nationality_resolved": _nationality_resolved,
    "protected_from_return": _protected_from_return,
}

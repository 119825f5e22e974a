"""Which requests about a person or asset were sent, and which measures were ordered, with what result by the day?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kg.analysis.routes.case import FactFunction, FactQuery, claim_statement
from kg.clearance import MeasureFacts, MeasureStatus, is_application
from kg.findings import LegalStatement
from kg.law import NO, UNKNOWN, YES
from kg.ontology.values import is_reached
from kg.records import Claim

MEASURE_DAYS = ("ordered_on", "executed_on", "lifted_on", "final_on", "returned_on", "expires_on")
"""The days of a measure. One whose order has no day is not known before the first of the others."""

EXECUTED = ("executed", "partly_executed")
"""Answers to a request that was carried out, wholly or in part."""


class SentRequest(NamedTuple):
    """A request that was sent by the day, as one claim describes it."""

    kind: str
    issuers: tuple[str, ...]
    addressee: str
    answer: str
    ground: str
    answered_on: str
    """The day of the answer; empty where it is not known, or where there is none by the day."""
    text: str
    claim: Claim


class OrderedMeasure(NamedTuple):
    """A measure that was ordered by the day, as all claims together describe it."""

    kind: str
    ordering: tuple[str, ...]
    is_lifted: bool
    is_final: bool
    is_returned: bool
    status: MeasureStatus
    """How far it has taken what it is about by the day."""
    is_over: bool
    """Whether it restrains nothing any more: lifted, returned, or expired before it was final."""
    is_doubtful: bool
    """Whether nobody can say if it is in force: its kind, day or end is not known."""
    expires: tuple[str, ...]
    """When it lapses unless it is renewed."""
    text: str
    claim: Claim


def find_requests(query: FactQuery, target: int) -> Iterator[SentRequest]:
    """Requests about a person or asset that were sent by the day.

    Of one that is answered after the day, neither the outcome nor its ground is known: it is pending.
    """
    context = query.context
    for link in context.incoming(target, "TARGETS"):
        if context.view.type(link.far) != "Request":
            continue
        issuers = context.issuing_jurisdictions(link.far, "ISSUED_BY")
        for claim in context.claims(link.far):
            if not query.has_begun(claim, "sent_on") or query.is_still_to_come(claim, "sent_on", "answered_on"):
                continue
            answered = query.has_begun(claim, "answered_on")
            answer = context.first_text(claim, "answer") if answered else "pending"
            ground = context.first_text(claim, "ground") if answered else ""
            text = f"{context.name_of(link.far)}{f': {answer}' if answer else ''}"
            addressee = context.first_text(claim, "sent_to")
            text += f" ({ground})" if ground else ""
            day = context.first_text(claim, "answered_on") if answered else ""
            yield SentRequest(context.first_text(claim, "kind"), issuers, addressee, answer, ground, day, text, claim)


def find_measures(query: FactQuery, target: int) -> Iterator[OrderedMeasure]:
    """Measures against a person or asset that are not ordered after the day; an application alone is none."""
    context = query.context
    for link in context.incoming(target, "TARGETS"):
        if context.view.type(link.far) != "Measure" or not context.claims(link.far):
            continue
        days = {name: context.merged_texts(link.far, name) for name in MEASURE_DAYS}
        known = [text for name, texts in days.items() if name != "expires_on" for text in texts]
        sought = context.merged_texts(link.far, "sought_on")
        if is_application({**days, "sought_on": sought}):
            continue
        if any(is_reached(text, query.day) is False for text in days["ordered_on"]) or (
            not days["ordered_on"] and known and all(is_reached(text, query.day) is False for text in known)
        ):
            continue
        past = {n: any(is_reached(text, query.day) is True for text in texts) for n, texts in days.items()}
        kinds = context.merged_texts(link.far, "kind")
        kind = next(iter(kinds), "")
        ordering = context.issuing_jurisdictions(link.far, "ORDERED_BY")
        text = context.name_of(link.far)
        text += f" of {days['ordered_on'][0]}" if days["ordered_on"] else ""
        unread = frozenset(value.property for claim in context.claims(link.far) for value in claim.not_understood)
        facts = MeasureFacts(kinds, days, unread)
        ends = {"lifted": "lifted_on", "final": "final_on", "returned": "returned_on"}
        if not past["final_on"]:
            ends["expired"] = "expires_on"
        for word, name in ends.items():
            text += f", {word} {days[name][0]}" if past[name] else ""
        first = context.claims(link.far)[0]
        yield OrderedMeasure(
            kind=kind,
            ordering=ordering,
            is_lifted=past["lifted_on"],
            is_final=past["final_on"],
            is_returned=past["returned_on"] or (kind == "return" and past["executed_on"]),
            status=facts.status(query.day),
            is_over=not facts.doubt and not facts.is_in_force(query.day),
            is_doubtful=bool(facts.doubt),
            expires=days["expires_on"],
            text=text,
            claim=first,
        )


def _own_requests(query: FactQuery, target: int) -> Iterator[SentRequest]:
    return (r for r in find_requests(query, target) if query.requesting in r.issuers and r.addressee == query.host)


def _request_refused(query: FactQuery) -> Iterator[LegalStatement]:
    for target in (query.person, *((query.asset,) if query.asset >= 0 else ())):
        for request in _own_requests(query, target):
            yield claim_statement(YES if request.answer == "refused" else UNKNOWN, request.text, request.claim)


def _asset_refusal_stands(query: FactQuery) -> Iterator[LegalStatement]:
    """A refusal since which the host executed no request about the asset is doubt: its ground may have gone."""
    answered = [(request.answered_on, request) for request in _own_requests(query, query.asset)]
    executed = max((day for day, request in answered if request.answer in EXECUTED), default="")
    for day, request in answered:
        if request.answer == "refused" and (not day or day > executed):
            yield claim_statement(UNKNOWN, f"{request.text}{f', {day}' if day else ''}", request.claim)


def _requested(query: FactQuery, kind: str) -> Iterator[LegalStatement]:
    requests = _own_requests(query, query.person)
    return (claim_statement(YES, request.text, request.claim) for request in requests if request.kind == kind)


def _extradition_refused_as_national(query: FactQuery) -> Iterator[LegalStatement]:
    for request in _own_requests(query, query.person):
        if request.kind == "extradition" and request.answer == "refused":
            answer = UNKNOWN if not request.ground else YES if _NATIONALITY.search(request.ground) else NO
            yield claim_statement(answer, request.text, request.claim)


_NATIONALITY = re.compile(r"national|citizen|国民|国籍|公民", re.IGNORECASE)


def _competing_request(query: FactQuery) -> Iterator[LegalStatement]:
    """A question of priority, which the host decides: it bars nothing."""
    for request in find_requests(query, query.person):
        others = [code for code in request.issuers if code != query.requesting]
        is_pending = request.addressee == query.host and request.answer in ("pending", "")
        if request.kind == "extradition" and others and is_pending:
            yield claim_statement(YES, f"{request.text}, by {', '.join(others)}", request.claim)


def _already_frozen(query: FactQuery) -> Iterator[LegalStatement]:
    for measure in find_measures(query, query.asset):
        if measure.kind in ("freeze", "seizure") and query.host in measure.ordering:
            yield claim_statement(
                UNKNOWN if measure.is_doubtful else NO if measure.is_over else YES, measure.text, measure.claim
            )


def _freezing_order_or_grounds(query: FactQuery) -> Iterator[LegalStatement]:
    for measure in find_measures(query, query.asset):
        if measure.kind in ("freeze", "seizure", "forfeiture") and query.requesting in measure.ordering:
            yield claim_statement(NO if measure.is_lifted else YES, measure.text, measure.claim)
        elif measure.kind in ("freeze", "seizure") and query.host in measure.ordering and not measure.is_lifted:
            yield claim_statement(YES, f"{measure.text}: the host's court saw grounds", measure.claim)
    for request in _own_requests(query, query.asset):
        if request.kind in ("freeze", "mutual_assistance") and request.answer in EXECUTED:
            yield claim_statement(UNKNOWN, request.text, request.claim)


def _forfeited(query: FactQuery, by: str) -> Iterator[LegalStatement]:
    for measure in find_measures(query, query.asset):
        if measure.kind == "forfeiture" and by in measure.ordering:
            answer = NO if measure.is_lifted else YES if measure.is_final else UNKNOWN
            yield claim_statement(answer, measure.text, measure.claim)


def _already_returned(query: FactQuery) -> Iterator[LegalStatement]:
    """What the sources record: where none records a return, the answer is no."""
    returns = [m for m in find_measures(query, query.asset) if m.kind == "return" and m.is_returned]
    for measure in returns:
        yield claim_statement(YES, measure.text, measure.claim)
    if not returns:
        yield LegalStatement(NO, "no source records a return")


PROCEDURAL_FACTS: Mapping[str, FactFunction] = {
    "request_refused": _request_refused,
    "asset_refusal_stands": _asset_refusal_stands,
    "extradition_requested": lambda query: _requested(query, "extradition"),
    "extradition_refused_as_national": _extradition_refused_as_national,
    "removal_asked_for": lambda query: _requested(query, "removal"),
    "competing_request": _competing_request,
    "already_frozen": _already_frozen,
    "freezing_order_or_grounds": _freezing_order_or_grounds,
    "confiscated_in_host": lambda query: _forfeited(query, query.host),
    "final_order_of_requesting": lambda query: _forfeited(query, query.requesting),
    "already_returned": _already_returned,
}

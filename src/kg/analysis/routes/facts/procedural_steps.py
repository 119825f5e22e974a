"""Which requests were made about a person or asset, which measures ordered, and what came of them by the day?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kg.analysis.routes.case import FactFunction, FactQuery, claim_statement
from kg.findings import LegalStatement
from kg.law import NO, UNKNOWN, YES
from kg.law.dates import is_reached
from kg.records import Claim


class SentRequest(NamedTuple):
    """A request that was sent by the day, as one claim tells of it."""

    kind: str
    issuers: tuple[str, ...]
    addressee: str
    answer: str
    ground: str
    text: str
    claim: Claim


class OrderedMeasure(NamedTuple):
    """A measure that was ordered by the day, as all claims together tell of it."""

    kind: str
    ordering: tuple[str, ...]
    is_lifted: bool
    is_final: bool
    is_returned: bool
    text: str
    claim: Claim


def find_requests(query: FactQuery, target: int) -> Iterator[SentRequest]:
    """Those that target a person or asset. An answer after the day is none yet."""
    around = query.context
    for step in around.incoming(target, "TARGETS"):
        if around.view.type(step.far) != "Request":
            continue
        by = around.issuing_jurisdictions(step.far, "ISSUED_BY")
        for claim in around.claims(step.far):
            if not query.has_begun(claim, "sent_on"):
                continue
            answered = query.has_begun(claim, "answered_on")
            answer = around.first_text(claim, "answer") if answered else "pending"
            text = f"{around.name_of(step.far)}{f': {answer}' if answer else ''}"
            to, ground = around.first_text(claim, "sent_to"), around.first_text(claim, "ground")
            text += f" ({ground})" if ground else ""
            yield SentRequest(around.first_text(claim, "kind"), by, to, answer, ground, text, claim)


def find_measures(query: FactQuery, target: int) -> Iterator[OrderedMeasure]:
    """Those that target a person or asset and are not ordered after the day."""
    around = query.context
    for step in around.incoming(target, "TARGETS"):
        if around.view.type(step.far) != "Measure" or not around.claims(step.far):
            continue
        days = {n: around.merged_texts(step.far, n) for n in ("ordered_on", "lifted_on", "final_on", "returned_on")}
        if any(is_reached(text, query.day) is False for text in days["ordered_on"]):
            continue
        past = {n: any(is_reached(text, query.day) is True for text in texts) for n, texts in days.items()}
        kind = next(iter(around.merged_texts(step.far, "kind")), "")
        by = around.issuing_jurisdictions(step.far, "ORDERED_BY")
        when = f" of {days['ordered_on'][0]}" if days["ordered_on"] else ""
        for word, name in (("lifted", "lifted_on"), ("final", "final_on"), ("returned", "returned_on")):
            when += f", {word} {days[name][0]}" if past[name] else ""
        text = f"{around.name_of(step.far)}{when}"
        first = around.claims(step.far)[0]
        yield OrderedMeasure(kind, by, past["lifted_on"], past["final_on"], past["returned_on"], text, first)


def _own_requests(query: FactQuery, target: int) -> Iterator[SentRequest]:
    """Requests of the requesting jurisdiction to the host."""
    return (r for r in find_requests(query, target) if query.requesting in r.issuers and r.addressee == query.host)


def _request_refused(query: FactQuery) -> Iterator[LegalStatement]:
    for target in (query.person, *((query.asset,) if query.asset >= 0 else ())):
        for sent in _own_requests(query, target):
            yield claim_statement(YES if sent.answer == "refused" else UNKNOWN, sent.text, sent.claim)


def _extradition_requested(query: FactQuery) -> Iterator[LegalStatement]:
    for sent in _own_requests(query, query.person):
        if sent.kind == "extradition":
            yield claim_statement(YES, sent.text, sent.claim)


def _extradition_refused_as_national(query: FactQuery) -> Iterator[LegalStatement]:
    for sent in _own_requests(query, query.person):
        if sent.kind == "extradition" and sent.answer == "refused":
            yield claim_statement(YES if "national" in sent.ground.lower() else UNKNOWN, sent.text, sent.claim)


def _removal_requested(query: FactQuery) -> Iterator[LegalStatement]:
    for sent in _own_requests(query, query.person):
        if sent.kind == "removal":
            yield claim_statement(YES, sent.text, sent.claim)


def _competing_request(query: FactQuery) -> Iterator[LegalStatement]:
    for sent in find_requests(query, query.person):
        others = [code for code in sent.issuers if code != query.requesting]
        if sent.kind == "extradition" and others and sent.addressee == query.host and sent.answer in ("pending", ""):
            yield claim_statement(YES, f"{sent.text}, by {', '.join(others)}", sent.claim)


def _already_frozen(query: FactQuery) -> Iterator[LegalStatement]:
    for step in find_measures(query, query.asset):
        if step.kind in ("freeze", "seizure") and query.host in step.ordering:
            yield claim_statement(NO if step.is_lifted else YES, step.text, step.claim)


def _freezing_order_or_grounds(query: FactQuery) -> Iterator[LegalStatement]:
    for step in find_measures(query, query.asset):
        if step.kind in ("freeze", "seizure", "forfeiture") and query.requesting in step.ordering:
            yield claim_statement(NO if step.is_lifted else YES, step.text, step.claim)
        elif step.kind in ("freeze", "seizure") and query.host in step.ordering and not step.is_lifted:
            yield claim_statement(YES, f"{step.text}: the host's court saw grounds", step.claim)
    for sent in _own_requests(query, query.asset):
        if sent.kind in ("freeze", "mutual_assistance") and sent.answer in ("executed", "partly_executed"):
            yield claim_statement(UNKNOWN, sent.text, sent.claim)


def _confiscated_in_host(query: FactQuery) -> Iterator[LegalStatement]:
    for step in find_measures(query, query.asset):
        if step.kind == "forfeiture" and query.host in step.ordering:
            yield claim_statement(NO if step.is_lifted else YES if step.is_final else UNKNOWN, step.text, step.claim)


def _final_order_of_requesting(query: FactQuery) -> Iterator[LegalStatement]:
    for step in find_measures(query, query.asset):
        if step.kind == "forfeiture" and query.requesting in step.ordering:
            yield claim_statement(NO if step.is_lifted else YES if step.is_final else UNKNOWN, step.text, step.claim)


def _already_returned(query: FactQuery) -> Iterator[LegalStatement]:
    """About the record, so that it is known where nobody says it."""
    found = [step for step in find_measures(query, query.asset) if step.kind == "return" and step.is_returned]
    for step in found:
        yield claim_statement(YES, step.text, step.claim)
    if not found:
        yield LegalStatement(NO, "no source records a return")


PROCEDURAL_FACTS: Mapping[str, FactFunction] = {
    "request_refused": _request_refused,
    "extradition_requested": _extradition_requested,
    "extradition_refused_as_national": _extradition_refused_as_national,
    "removal_asked_for": _removal_requested,
    "competing_request": _competing_request,
    "already_frozen": _already_frozen,
    "freezing_order_or_grounds": _freezing_order_or_grounds,
    "confiscated_in_host": _confiscated_in_host,
    "final_order_of_requesting": _final_order_of_requesting,
    "already_returned": _already_returned,
}

"""Which requests were made about a person or asset, which measures ordered, and what came of them by the day?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from kg.analysis.routes.case import Ask, says
from kg.findings import Statement
from kg.law import NO, UNKNOWN, YES
from kg.law.dates import reached
from kg.records import Claim


class Sent(NamedTuple):
    """A request that was sent by the day, as one claim tells of it."""

    kind: str
    by: tuple[str, ...]
    to: str
    answer: str
    ground: str
    text: str
    claim: Claim


class Ordered(NamedTuple):
    """A measure that was ordered by the day, as all claims together tell of it."""

    kind: str
    by: tuple[str, ...]
    lifted: bool
    final: bool
    returned: bool
    text: str
    claim: Claim


def requests(ask: Ask, target: int) -> Iterator[Sent]:
    """Those that target a person or asset. An answer after the day is none yet."""
    around = ask.around
    for step in around.into(target, "TARGETS"):
        if around.view.type(step.far) != "Request":
            continue
        by = around.bodies(step.far, "ISSUED_BY")
        for claim in around.claims(step.far):
            if not ask.begun(claim, "sent_on"):
                continue
            answered = ask.begun(claim, "answered_on")
            answer = around.first(claim, "answer") if answered else "pending"
            text = f"{around.called(step.far)}{f': {answer}' if answer else ''}"
            to, ground = around.first(claim, "sent_to"), around.first(claim, "ground")
            text += f" ({ground})" if ground else ""
            yield Sent(around.first(claim, "kind"), by, to, answer, ground, text, claim)


def measures(ask: Ask, target: int) -> Iterator[Ordered]:
    """Those that target a person or asset and are not ordered after the day."""
    around = ask.around
    for step in around.into(target, "TARGETS"):
        if around.view.type(step.far) != "Measure" or not around.claims(step.far):
            continue
        days = {n: around.values(step.far, n) for n in ("ordered_on", "lifted_on", "final_on", "returned_on")}
        if any(reached(text, ask.day) is False for text in days["ordered_on"]):
            continue
        past = {n: any(reached(text, ask.day) is True for text in texts) for n, texts in days.items()}
        kind = next(iter(around.values(step.far, "kind")), "")
        by = around.bodies(step.far, "ORDERED_BY")
        when = f" of {days['ordered_on'][0]}" if days["ordered_on"] else ""
        for word, name in (("lifted", "lifted_on"), ("final", "final_on"), ("returned", "returned_on")):
            when += f", {word} {days[name][0]}" if past[name] else ""
        text = f"{around.called(step.far)}{when}"
        first = around.claims(step.far)[0]
        yield Ordered(kind, by, past["lifted_on"], past["final_on"], past["returned_on"], text, first)


def _sent(ask: Ask, target: int) -> Iterator[Sent]:
    """Requests of the requesting jurisdiction to the host."""
    return (r for r in requests(ask, target) if ask.requesting in r.by and r.to == ask.host)


def _refused(ask: Ask) -> Iterator[Statement]:
    for target in (ask.person, *((ask.asset,) if ask.asset >= 0 else ())):
        for sent in _sent(ask, target):
            yield says(YES if sent.answer == "refused" else UNKNOWN, sent.text, sent.claim)


def _extradition_asked(ask: Ask) -> Iterator[Statement]:
    for sent in _sent(ask, ask.person):
        if sent.kind == "extradition":
            yield says(YES, sent.text, sent.claim)


def _refused_as_national(ask: Ask) -> Iterator[Statement]:
    for sent in _sent(ask, ask.person):
        if sent.kind == "extradition" and sent.answer == "refused":
            yield says(YES if "national" in sent.ground.lower() else UNKNOWN, sent.text, sent.claim)


def _removal_asked(ask: Ask) -> Iterator[Statement]:
    for sent in _sent(ask, ask.person):
        if sent.kind == "removal":
            yield says(YES, sent.text, sent.claim)


def _competing(ask: Ask) -> Iterator[Statement]:
    for sent in requests(ask, ask.person):
        others = [code for code in sent.by if code != ask.requesting]
        if sent.kind == "extradition" and others and sent.to == ask.host and sent.answer in ("pending", ""):
            yield says(YES, f"{sent.text}, by {', '.join(others)}", sent.claim)


def _frozen(ask: Ask) -> Iterator[Statement]:
    for step in measures(ask, ask.asset):
        if step.kind in ("freeze", "seizure") and ask.host in step.by:
            yield says(NO if step.lifted else YES, step.text, step.claim)


def _grounds(ask: Ask) -> Iterator[Statement]:
    for step in measures(ask, ask.asset):
        if step.kind in ("freeze", "seizure", "forfeiture") and ask.requesting in step.by:
            yield says(NO if step.lifted else YES, step.text, step.claim)
        elif step.kind in ("freeze", "seizure") and ask.host in step.by and not step.lifted:
            yield says(YES, f"{step.text}: the host's court saw grounds", step.claim)
    for sent in _sent(ask, ask.asset):
        if sent.kind in ("freeze", "mutual_assistance") and sent.answer in ("executed", "partly_executed"):
            yield says(UNKNOWN, sent.text, sent.claim)


def _confiscated(ask: Ask) -> Iterator[Statement]:
    for step in measures(ask, ask.asset):
        if step.kind == "forfeiture" and ask.host in step.by:
            yield says(NO if step.lifted else YES if step.final else UNKNOWN, step.text, step.claim)


def _final_order(ask: Ask) -> Iterator[Statement]:
    for step in measures(ask, ask.asset):
        if step.kind == "forfeiture" and ask.requesting in step.by:
            yield says(NO if step.lifted else YES if step.final else UNKNOWN, step.text, step.claim)


def _returned(ask: Ask) -> Iterator[Statement]:
    """About the record, so that it is known where nobody says it."""
    found = [step for step in measures(ask, ask.asset) if step.kind == "return" and step.returned]
    for step in found:
        yield says(YES, step.text, step.claim)
    if not found:
        yield Statement(NO, "no source records a return")


TAKEN_FACTS: Mapping[str, Callable[[Ask], Iterator[Statement]]] = {
    "request_refused": _refused,
    "extradition_requested": _extradition_asked,
    "extradition_refused_as_national": _refused_as_national,
    "removal_asked_for": _removal_asked,
    "competing_request": _competing,
    "already_frozen": _frozen,
    "freezing_order_or_grounds": _grounds,
    "confiscated_in_host": _confiscated,
    "final_order_of_requesting": _final_order,
    "already_returned": _returned,
}

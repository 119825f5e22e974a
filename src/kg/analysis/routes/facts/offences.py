"""Of what is a person accused, under whose law, and what follows from it?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from kg.analysis.routes.case import Accused, Ask, says, since
from kg.findings import Statement
from kg.law import NO, UNKNOWN, YES
from kg.law.dates import reached
from kg.records import Claim

ARTICLE = re.compile(r"UNCAC\s+(?:art(?:icle|\.)?\s*)?(\d+)", re.IGNORECASE)
OFFENCES_OF_UNCAC = range(15, 26)
"""Articles 15 to 25 describe offences."""


def accused_of(ask: Ask) -> Sequence[Accused]:
    """The offences, each with what is said by the day; one of which all claims say cleared is none."""
    if ask.case.accused is None:
        ask.case.accused = tuple(_accused_of(ask))
    return ask.case.accused


def _accused_of(ask: Ask) -> Iterator[Accused]:
    for step in ask.around.out(ask.person, "ACCUSED_OF"):
        said = [(claim, ask.around.first(claim, "stage")) for claim in ask.around.link_claims(step.link)]
        told = [(claim, stage) for claim, stage in said if stage != "cleared" and ask.begun(claim, "date")]
        if told:
            yield Accused(step.far, tuple(c for c, _ in told), tuple(s for _, s in told))


OF_A_CHARGE = frozenset(
    ("limitation_passed_requesting", "penalty_threshold_met", "penalty_two_years", "offence_in_uncac")
)
"""Facts that are answered for each offence under the requesting jurisdiction's law, because they are about it alone."""

OF_A_LOCAL_OFFENCE = frozenset(("limitation_passed_host", "offence_under_host_law"))
"""Those that are about each offence under the host's law."""


def charges(ask: Ask) -> tuple[int, ...]:
    """The offences under the requesting jurisdiction's law, or under no stated law, of which the person is accused."""
    return tuple(accused.node for accused in under(ask, ask.requesting, or_unsaid=True))


def local_offences(ask: Ask) -> tuple[int, ...]:
    """Those under the host's law."""
    return tuple(accused.node for accused in under(ask, ask.host))


def _of(chosen: int, found: Iterator[Accused]) -> Iterator[Accused]:
    return (accused for accused in found if chosen in (-1, accused.node))


def under(ask: Ask, law_of: str, *, or_unsaid: bool = False) -> Iterator[Accused]:
    """Those under one jurisdiction's law; also those of which no source says whose law, if wished."""
    for accused in accused_of(ask):
        laws = ask.around.values(accused.node, "law_of")
        if law_of in laws or (or_unsaid and not laws):
            yield accused


def articles(ask: Ask, offence: int) -> tuple[int, ...]:
    """Articles of the Convention against Corruption that sources map an offence to."""
    said = ask.around.values(offence, "convention_article")
    return tuple(int(number) for text in said for number in ARTICLE.findall(text))


def _stated(ask: Ask) -> Iterator[Statement]:
    for accused in under(ask, ask.requesting, or_unsaid=True):
        for claim in accused.claims:
            stage = ask.around.first(claim, "stage") or "accused"
            yield says(YES, f"{stage}{since(ask, claim, 'date')}: {ask.around.called(accused.node)}", claim)


def _tried(ask: Ask) -> Iterator[Statement]:
    """That somebody was convicted or cleared is doubt: whether it is final and about the same conduct is not said."""
    for step, claim in ask.link_claims(ask.around.out(ask.person, "ACCUSED_OF")):
        stage = ask.around.first(claim, "stage")
        if stage in ("convicted", "cleared") and ask.begun(claim, "date"):
            by = ask.around.first(claim, "said_by") or claim.source
            text = f"{stage} by {by}{since(ask, claim, 'date')}: {ask.around.called(step.far)}"
            yield says(UNKNOWN, text, claim)


def _in_uncac(ask: Ask) -> Iterator[Statement]:
    for accused in _of(ask.charge, under(ask, ask.requesting, or_unsaid=True)):
        for claim in ask.around.claims(accused.node):
            for text in ask.around.texts(claim, "convention_article"):
                if any(int(number) in OFFENCES_OF_UNCAC for number in ARTICLE.findall(text)):
                    yield says(YES, f"{ask.around.called(accused.node)}: {text}", claim)


def _under_host_law(ask: Ask) -> Iterator[Statement]:
    for accused in _of(ask.local, under(ask, ask.host)):
        for claim in accused.claims:
            stage = ask.around.first(claim, "stage") or "alleged"
            answer = YES if stage in ("charged", "convicted") else UNKNOWN
            yield says(answer, f"{stage}{since(ask, claim, 'date')}: {ask.around.called(accused.node)}", claim)


def _limitation(ask: Ask, found: Iterator[Accused]) -> Iterator[Statement]:
    for accused in found:
        for claim in ask.around.claims(accused.node):
            for text in ask.around.texts(claim, "limitation_date"):
                come = reached(text, ask.day)
                answer = NO if come is False or text == ask.day.isoformat() else YES if come else UNKNOWN
                yield says(answer, f"{ask.around.called(accused.node)}: can be prosecuted until {text}", claim)


def _limitation_requesting(ask: Ask) -> Iterator[Statement]:
    yield from _limitation(ask, _of(ask.charge, under(ask, ask.requesting, or_unsaid=True)))


def _limitation_host(ask: Ask) -> Iterator[Statement]:
    yield from _limitation(ask, _of(ask.local, under(ask, ask.host)))


NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_TERM = re.compile(rf"\b(\d+|{'|'.join(NUMBERS)}|twenty-five|thirty)\b[\s-]*(year|month)", re.IGNORECASE)
FOREVER = 12 * 1000


def months(penalty: str) -> int | None:
    """The highest penalty that words tell of, in months; None where they tell of none."""
    if re.search(r"\b(death|life)\b", penalty, re.IGNORECASE):
        return FOREVER
    found = [_number(word) * (12 if unit.lower() == "year" else 1) for word, unit in _TERM.findall(penalty)]
    return max(found, default=None)


def _number(word: str) -> int:
    more = {"twenty-five": 25, "thirty": 30}
    word = word.lower()
    return int(word) if word.isdigit() else more.get(word) or NUMBERS.index(word) + 1


def _penalties(ask: Ask) -> Iterator[tuple[int, str, str, Claim]]:
    """The offence, what a claim says of its penalty, that in words, and the claim."""
    for accused in under(ask, ask.requesting, or_unsaid=True):
        for claim in ask.around.claims(accused.node):
            for text in ask.around.texts(claim, "maximum_penalty"):
                yield accused.node, text, f"{ask.around.called(accused.node)}: {text}", claim


_DEATH = re.compile(r"\b(death|capital|execut\w*)\b|死刑", re.IGNORECASE)


def _death(ask: Ask) -> Iterator[Statement]:
    """No only where the penalty of each offence is known and is not death; what another says does not dispute it."""
    told = list(_penalties(ask))
    deadly = {offence for offence, penalty, _, _ in told if _DEATH.search(penalty)}
    known = {offence for offence, penalty, _, _ in told if months(penalty) is not None}
    open_ones = any(accused.node not in known for accused in under(ask, ask.requesting, or_unsaid=True))
    for offence, penalty, text, claim in told:
        if _DEATH.search(penalty):
            yield says(YES, text, claim)
        else:
            doubt = open_ones or bool(deadly - {offence}) or months(penalty) is None
            yield says(UNKNOWN if doubt else NO, text, claim)


def _reaches(ask: Ask, least: int, words: str) -> Iterator[Statement]:
    for offence, penalty, text, claim in _penalties(ask):
        if ask.charge not in (-1, offence):
            continue
        found = months(penalty)
        answer = UNKNOWN if found is None else YES if found >= least else NO
        yield says(answer, f"{text}; {words}", claim)


def _threshold(ask: Ask) -> Iterator[Statement]:
    for code in (ask.host, ask.requesting):
        least, standing = ask.law.rule(code, "penalty_threshold_months", ask.day)
        if least.isdigit():
            yield Statement(UNKNOWN, f"threshold: {least} months ({standing.why})", citations=standing.sources)
            yield from _reaches(ask, int(least), f"{least} months are needed")
            return


def _two_years(ask: Ask) -> Iterator[Statement]:
    yield from _reaches(ask, 24, "24 months are needed")


OFFENCE_FACTS: Mapping[str, Callable[[Ask], Iterator[Statement]]] = {
    "offence_stated": _stated,
    "offence_in_uncac": _in_uncac,
    "tried_already": _tried,
    "offence_under_host_law": _under_host_law,
    "limitation_passed_requesting": _limitation_requesting,
    "limitation_passed_host": _limitation_host,
    "death_penalty_possible": _death,
    "penalty_threshold_met": _threshold,
    "penalty_two_years": _two_years,
}

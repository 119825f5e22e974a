"""Of which offences is a person accused, under whose law, and which facts follow from that?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kg.analysis.routes.case import AccusedOffence, FactFunction, FactQuery, claim_statement, since_text
from kg.findings import LegalStatement
from kg.law import NO, UNKNOWN, YES
from kg.law.dates import is_reached
from kg.records import Claim

ARTICLE = re.compile(r"UNCAC\s+(?:art(?:icle|\.)?\s*)?(\d+)", re.IGNORECASE)
UNCAC_OFFENCE_ARTICLES = range(15, 26)
"""The articles that describe offences: 15 to 25."""


def accused_offences(query: FactQuery) -> Sequence[AccusedOffence]:
    """The offences, each with the accusing claims by the day; one that every claim calls cleared is left out."""
    if query.case.accused_offences is None:
        query.case.accused_offences = tuple(_find_accused_offences(query))
    return query.case.accused_offences


def _find_accused_offences(query: FactQuery) -> Iterator[AccusedOffence]:
    for link in query.context.outgoing(query.person, "ACCUSED_OF"):
        stages = [(claim, query.context.first_text(claim, "stage")) for claim in query.context.link_claims(link.link)]
        accusing = [(claim, stage) for claim, stage in stages if stage != "cleared" and query.has_begun(claim, "date")]
        if accusing:
            yield AccusedOffence(link.far, tuple(c for c, _ in accusing), tuple(s for _, s in accusing))


CHARGE_FACTS = frozenset(
    ("limitation_passed_requesting", "penalty_threshold_met", "penalty_two_years", "offence_in_uncac")
)
"""Facts about a single offence under the requesting jurisdiction's law, answered for each such offence."""

LOCAL_OFFENCE_FACTS = frozenset(("limitation_passed_host", "offence_under_host_law"))
"""Facts about a single offence under the host's law."""


def charges(query: FactQuery) -> tuple[int, ...]:
    """Offences under the requesting jurisdiction's law, or no stated law, that the person is accused of."""
    return tuple(accused.node for accused in offences_under(query, query.requesting, or_unknown=True))


def local_offences(query: FactQuery) -> tuple[int, ...]:
    """Offences under the host's law that the person is accused of."""
    return tuple(accused.node for accused in offences_under(query, query.host))


def _only(chosen: int, found: Iterator[AccusedOffence]) -> Iterator[AccusedOffence]:
    return (accused for accused in found if chosen in (-1, accused.node))


def offences_under(query: FactQuery, law_of: str, *, or_unknown: bool = False) -> Iterator[AccusedOffence]:
    """Offences under one jurisdiction's law; with `or_unknown`, also those whose law no source states."""
    for accused in accused_offences(query):
        laws = query.context.merged_texts(accused.node, "law_of")
        if law_of in laws or (or_unknown and not laws):
            yield accused


def uncac_articles(query: FactQuery, offence: int) -> tuple[int, ...]:
    """Articles of the Convention against Corruption that sources assign to an offence."""
    texts = query.context.merged_texts(offence, "convention_article")
    return tuple(int(number) for text in texts for number in ARTICLE.findall(text))


def _offence_stated(query: FactQuery) -> Iterator[LegalStatement]:
    for accused in offences_under(query, query.requesting, or_unknown=True):
        for claim in accused.claims:
            stage = query.context.first_text(claim, "stage") or "accused"
            yield claim_statement(
                YES, f"{stage}{since_text(query, claim, 'date')}: {query.context.name_of(accused.node)}", claim
            )


def _tried_already(query: FactQuery) -> Iterator[LegalStatement]:
    """A conviction or clearance is doubt: no source says whether it is final and about the same conduct."""
    for link, claim in query.link_claims(query.context.outgoing(query.person, "ACCUSED_OF")):
        stage = query.context.first_text(claim, "stage")
        if stage in ("convicted", "cleared") and query.has_begun(claim, "date"):
            by = query.context.first_text(claim, "said_by") or claim.source
            text = f"{stage} by {by}{since_text(query, claim, 'date')}: {query.context.name_of(link.far)}"
            yield claim_statement(UNKNOWN, text, claim)


def _offence_in_uncac(query: FactQuery) -> Iterator[LegalStatement]:
    for accused in _only(query.charge, offences_under(query, query.requesting, or_unknown=True)):
        for claim in query.context.claims(accused.node):
            for text in query.context.texts(claim, "convention_article"):
                if any(int(number) in UNCAC_OFFENCE_ARTICLES for number in ARTICLE.findall(text)):
                    yield claim_statement(YES, f"{query.context.name_of(accused.node)}: {text}", claim)


def _under_host_law(query: FactQuery) -> Iterator[LegalStatement]:
    for accused in _only(query.local_offence, offences_under(query, query.host)):
        for claim in accused.claims:
            stage = query.context.first_text(claim, "stage") or "alleged"
            answer = YES if stage in ("charged", "convicted") else UNKNOWN
            yield claim_statement(
                answer, f"{stage}{since_text(query, claim, 'date')}: {query.context.name_of(accused.node)}", claim
            )


def _limitation(query: FactQuery, found: Iterator[AccusedOffence]) -> Iterator[LegalStatement]:
    for accused in found:
        for claim in query.context.claims(accused.node):
            for text in query.context.texts(claim, "limitation_date"):
                come = is_reached(text, query.day)
                answer = NO if come is False or text == query.day.isoformat() else YES if come else UNKNOWN
                yield claim_statement(
                    answer, f"{query.context.name_of(accused.node)}: can be prosecuted until {text}", claim
                )


def _limitation_requesting(query: FactQuery) -> Iterator[LegalStatement]:
    yield from _limitation(query, _only(query.charge, offences_under(query, query.requesting, or_unknown=True)))


def _limitation_host(query: FactQuery) -> Iterator[LegalStatement]:
    yield from _limitation(query, _only(query.local_offence, offences_under(query, query.host)))


NUMBER_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_TERM = re.compile(rf"\b(\d+|{'|'.join(NUMBER_WORDS)}|twenty-five|thirty)\b[\s-]*(year|month)", re.IGNORECASE)
LIFE_IN_MONTHS = 12 * 1000


def penalty_months(penalty: str) -> int | None:
    """The highest penalty in a text, in months; None where the text has none."""
    if re.search(r"\b(death|life)\b", penalty, re.IGNORECASE):
        return LIFE_IN_MONTHS
    found = [_parse_number(word) * (12 if unit.lower() == "year" else 1) for word, unit in _TERM.findall(penalty)]
    return max(found, default=None)


def _parse_number(word: str) -> int:
    more = {"twenty-five": 25, "thirty": 30}
    word = word.lower()
    return int(word) if word.isdigit() else more.get(word) or NUMBER_WORDS.index(word) + 1


def _penalties(query: FactQuery) -> Iterator[tuple[int, str, str, Claim]]:
    """Each offence, the penalty by one claim, a sentence about it, and the claim."""
    for accused in offences_under(query, query.requesting, or_unknown=True):
        for claim in query.context.claims(accused.node):
            for text in query.context.texts(claim, "maximum_penalty"):
                yield accused.node, text, f"{query.context.name_of(accused.node)}: {text}", claim


_DEATH = re.compile(r"\b(death|capital|execut\w*)\b|死刑", re.IGNORECASE)


def _death_penalty_possible(query: FactQuery) -> Iterator[LegalStatement]:
    """No only where the penalty of each offence is known and is not death; different offences dispute nothing."""
    statements = list(_penalties(query))
    deadly = {offence for offence, penalty, _, _ in statements if _DEATH.search(penalty)}
    known = {offence for offence, penalty, _, _ in statements if penalty_months(penalty) is not None}
    open_ones = any(accused.node not in known for accused in offences_under(query, query.requesting, or_unknown=True))
    for offence, penalty, text, claim in statements:
        if _DEATH.search(penalty):
            yield claim_statement(YES, text, claim)
        else:
            doubt = open_ones or bool(deadly - {offence}) or penalty_months(penalty) is None
            yield claim_statement(UNKNOWN if doubt else NO, text, claim)


def _penalty_reaches(query: FactQuery, minimum: int, words: str) -> Iterator[LegalStatement]:
    for offence, penalty, text, claim in _penalties(query):
        if query.charge not in (-1, offence):
            continue
        found = penalty_months(penalty)
        answer = UNKNOWN if found is None else YES if found >= minimum else NO
        yield claim_statement(answer, f"{text}; {words}", claim)


def _penalty_threshold(query: FactQuery) -> Iterator[LegalStatement]:
    for code in (query.host, query.requesting):
        least, standing = query.law.rule(code, "penalty_threshold_months", query.day)
        if least.isdigit():
            yield LegalStatement(UNKNOWN, f"threshold: {least} months ({standing.reason})", citations=standing.sources)
            yield from _penalty_reaches(query, int(least), f"{least} months are needed")
            return


def _two_years(query: FactQuery) -> Iterator[LegalStatement]:
    yield from _penalty_reaches(query, 24, "24 months are needed")


OFFENCE_FACTS: Mapping[str, FactFunction] = {
    "offence_stated": _offence_stated,
    "offence_in_uncac": _offence_in_uncac,
    "tried_already": _tried_already,
    "offence_under_host_law": _under_host_law,
    "limitation_passed_requesting": _limitation_requesting,
    "limitation_passed_host": _limitation_host,
    "death_penalty_possible": _death_penalty_possible,
    "penalty_threshold_met": _penalty_threshold,
    "penalty_two_years": _two_years,
}

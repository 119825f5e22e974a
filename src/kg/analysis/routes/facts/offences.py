"""Of which offences is a person accused, under whose law, and which facts follow from that?"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.analysis.routes.case import AccusedOffence, FactFunction, FactQuery, claim_statement, offence_text
from kg.analysis.routes.facts.speakers import accusation_text, speaker_doubt
from kg.findings import LegalStatement
from kg.law import NO, UNKNOWN, YES
from kg.ontology.values import is_reached
from kg.records import Claim

ARTICLE = re.compile(r"UNCAC\s+(?:art(?:icle|\.)?\s*)?(\d+)", re.IGNORECASE)
UNCAC_OFFENCE_ARTICLES = range(15, 26)
"""The articles that describe offences: 15 to 25."""
UNCAC_MANDATORY_ARTICLES = (15, 17, 23, 25)
"""Of these, the ones that every party has to punish: bribery, embezzlement, laundering, obstruction of justice."""


def accused_offences(query: FactQuery) -> Sequence[AccusedOffence]:
    """The offences, each with the accusing claims by the day; one that every claim calls cleared is left out."""
    context = query.context
    if query.case.accused_offences is None:
        found = []
        for link in context.outgoing(query.person, "ACCUSED_OF"):
            claims = [claim for claim in context.link_claims(link.link) if query.is_stated(claim, "date")]
            if accusing := tuple(c for c in claims if context.first_text(c, "stage") != "cleared"):
                found.append(AccusedOffence(link.far, accusing))
        query.case.accused_offences = tuple(found)
    return query.case.accused_offences


CHARGE_FACTS = frozenset(
    (
        *("limitation_passed_requesting", "penalty_threshold_met", "notice_threshold_met"),
        *("offence_in_uncac", "offence_parties_must_punish"),
    )
)
"""Facts about a single offence under the requesting jurisdiction's law, answered for each such offence."""

LOCAL_OFFENCE_FACTS = frozenset(("limitation_passed_host", "offence_under_host_law"))
"""Facts about a single offence under the host's law."""


def charges(query: FactQuery) -> list[AccusedOffence]:
    """Offences under the requesting jurisdiction's law, or no stated law; the one of the query if it has one."""
    found = offences_under(query, query.requesting, or_unknown=True)
    return [accused for accused in found if query.charge in (-1, accused.node)]


def local_offences(query: FactQuery) -> list[AccusedOffence]:
    """Offences under the host's law; the one of the query if it has one."""
    return [a for a in offences_under(query, query.host) if query.local_offence in (-1, a.node)]


class Conviction(NamedTuple):
    """A claim that the person was convicted of an offence."""

    offence: int
    claim: Claim
    doubt: str
    """Why it is not known to be the word of the state whose law it is; empty where an authority of it says so."""

    def stated_as(self, query: FactQuery, words: str) -> str:
        """`convicted on 2013-06-14: laundering`; with a doubt, who says so, and the doubt."""
        if not self.doubt:
            return offence_text(query, words, self.claim, self.offence)
        if query.context.texts(self.claim, "said_by"):
            return f"{accusation_text(query, self.claim, self.offence)}; {self.doubt}"
        return f"{offence_text(query, words, self.claim, self.offence)}; {self.doubt}"


def convictions(query: FactQuery, law_of: str) -> Iterator[Conviction]:
    """Each claim that the person was convicted of an offence under one jurisdiction's law."""
    for accused in offences_under(query, law_of):
        for claim in accused.claims:
            if query.context.first_text(claim, "stage") == "convicted":
                yield Conviction(accused.node, claim, speaker_doubt(query, claim, accused.node, law_of))


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
    """Only what an authority of the requesting state says answers it; what others say is told as theirs."""
    for accused in charges(query):
        for claim in accused.claims:
            doubt = speaker_doubt(query, claim, accused.node, query.requesting)
            if query.context.texts(claim, "said_by"):
                text = accusation_text(query, claim, accused.node)
            else:
                text = offence_text(query, query.context.first_text(claim, "stage") or "accused", claim, accused.node)
            yield claim_statement(UNKNOWN if doubt else YES, f"{text}; {doubt}" if doubt else text, claim)


def _tried_already(query: FactQuery) -> Iterator[LegalStatement]:
    """A conviction or clearance is doubt: no source says whether it is final and about the same conduct."""
    for link, claim in query.link_claims(query.context.outgoing(query.person, "ACCUSED_OF")):
        stage = query.context.first_text(claim, "stage")
        if stage in ("convicted", "cleared") and query.is_stated(claim, "date"):
            yield claim_statement(UNKNOWN, accusation_text(query, claim, link.far), claim)


def _offence_texts(
    query: FactQuery, offences: Sequence[AccusedOffence], name: str
) -> Iterator[tuple[int, str, str, Claim]]:
    """Each offence, a value that a claim about it has for a property, a sentence with the value, and the claim."""
    for accused in offences:
        for text, claim in query.texts_about(accused.node, name):
            yield accused.node, text, f"{query.context.name_of(accused.node)}: {text}", claim


def _under_articles(query: FactQuery, articles: Container[int]) -> Iterator[LegalStatement]:
    for _, article, text, claim in _offence_texts(query, charges(query), "convention_article"):
        if any(int(number) in articles for number in ARTICLE.findall(article)):
            yield claim_statement(YES, text, claim)


def _under_host_law(query: FactQuery) -> Iterator[LegalStatement]:
    for accused in local_offences(query):
        for claim in accused.claims:
            stage = query.context.first_text(claim, "stage") or "alleged"
            text, doubt = offence_text(query, stage, claim, accused.node), ""
            if stage in ("charged", "convicted"):
                doubt = speaker_doubt(query, claim, accused.node, query.host)
                if doubt and query.context.texts(claim, "said_by"):
                    text = accusation_text(query, claim, accused.node)
                text = f"{text}; {doubt}" if doubt else text
            yield claim_statement(YES if stage in ("charged", "convicted") and not doubt else UNKNOWN, text, claim)


def _limitation(query: FactQuery, offences: Sequence[AccusedOffence]) -> Iterator[LegalStatement]:
    for offence, day, _, claim in _offence_texts(query, offences, "limitation_date"):
        come = is_reached(day, query.day)
        answer = NO if come is False or day == query.day.isoformat() else YES if come else UNKNOWN
        yield claim_statement(answer, f"{query.context.name_of(offence)}: can be prosecuted until {day}", claim)
    for accused in offences:
        yield from query.unread_about(accused.node, "limitation_date")


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


_DEATH = re.compile(r"\b(death|capital|execut\w*)\b|死刑", re.IGNORECASE)


def _death_penalty_possible(query: FactQuery) -> Iterator[LegalStatement]:
    """No only where the penalty of each offence is known and is not death; different offences dispute nothing."""
    statements = list(_offence_texts(query, charges(query), "maximum_penalty"))
    deadly = {offence for offence, penalty, _, _ in statements if _DEATH.search(penalty)}
    known = {offence for offence, penalty, _, _ in statements if penalty_months(penalty) is not None}
    open_ones = any(accused.node not in known for accused in charges(query))
    for offence, penalty, text, claim in statements:
        doubt = open_ones or bool(deadly - {offence}) or penalty_months(penalty) is None
        yield claim_statement(YES if _DEATH.search(penalty) else UNKNOWN if doubt else NO, text, claim)


def _penalty_reaches(
    query: FactQuery, minimum: int, offences: Sequence[AccusedOffence] | None = None
) -> Iterator[LegalStatement]:
    counted = charges(query) if offences is None else offences
    for _, penalty, text, claim in _offence_texts(query, counted, "maximum_penalty"):
        found = penalty_months(penalty)
        answer = UNKNOWN if found is None else YES if found >= minimum else NO
        yield claim_statement(answer, f"{text}; {minimum} months are needed", claim)


def _penalty_threshold(query: FactQuery) -> Iterator[LegalStatement]:
    """The host's threshold alone counts: that of the requesting state says nothing about another's law."""
    least, standing = query.law.rule(query.host, "penalty_threshold_months", query.day)
    if least.isdigit():
        yield LegalStatement(UNKNOWN, f"threshold: {least} months ({standing.reason})", citations=standing.sources)
        yield from _penalty_reaches(query, int(least))


PROSECUTED_MONTHS, SENTENCED_MONTHS = 24, 6
"""Least penalty for a red notice: the highest that the law has, and for a sentenced person the one imposed."""


def _notice_threshold(query: FactQuery) -> Iterator[LegalStatement]:
    """For a person who was sentenced the sentence counts, not the penalty that the law has."""
    sentenced = {one.offence for one in convictions(query, query.requesting) if not one.doubt}
    offences = charges(query)
    for accused in (a for a in offences if a.node in sentenced):
        for claim in accused.claims:
            for sentence in query.context.texts(claim, "sentence"):
                months = penalty_months(sentence)
                answer = UNKNOWN if months is None else YES if months >= SENTENCED_MONTHS else NO
                text = f"{query.context.name_of(accused.node)}: sentenced to {sentence}"
                yield claim_statement(answer, f"{text}; {SENTENCED_MONTHS} months are needed", claim)
    yield from _penalty_reaches(query, PROSECUTED_MONTHS, [a for a in offences if a.node not in sentenced])


OFFENCE_FACTS: Mapping[str, FactFunction] = {
    "offence_stated": _offence_stated,
    "offence_in_uncac": lambda query: _under_articles(query, UNCAC_OFFENCE_ARTICLES),
    "offence_parties_must_punish": lambda query: _under_articles(query, UNCAC_MANDATORY_ARTICLES),
    "tried_already": _tried_already,
    "offence_under_host_law": _under_host_law,
    "limitation_passed_requesting": lambda query: _limitation(query, charges(query)),
    "limitation_passed_host": lambda query: _limitation(query, local_offences(query)),
    "death_penalty_possible": _death_penalty_possible,
    "penalty_threshold_met": _penalty_threshold,
    "notice_threshold_met": _notice_threshold,
}

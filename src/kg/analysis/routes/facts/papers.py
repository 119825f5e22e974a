"""Who seeks a person on the day, who says that they are cleared, and is a warrant in force?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from kg.analysis.routes.case import FactFunction, FactQuery, claim_statement, since_text
from kg.analysis.routes.context import AdjacentLink
from kg.analysis.routes.facts.offences import convictions
from kg.analysis.routes.facts.speakers import accusation_text
from kg.clearance import ACCUSATION_PROPERTIES, CLEARED, DELETED, NAME_PROPERTIES, PaperDates, PaperIssue
from kg.findings import LegalStatement, Paper
from kg.findings.accusations import UNDATED, stage_date
from kg.findings.statements import stated_days
from kg.law import NO, UNKNOWN, YES
from kg.ontology.values import is_reached
from kg.records import Claim

ONE_YEAR = timedelta(days=365)
PAPER_WORDS = {"Warrant": "warrant", "Notice": "notice", "ListEntry": "list entry"}
REVIEWS = {"pending": "under review", "blocked": "blocked"}


def find_papers(query: FactQuery) -> tuple[Paper, ...]:
    """Every warrant, notice and list entry that names the person and was issued by the day, with its status on the day.

    A paper ends when a record says that it did, that a commission deleted it, or that it names the person no longer;
    or when its issuer says that the person is cleared.
    """
    return tuple(paper for _, paper in _issued_papers(query))


def is_active(query: FactQuery, paper: Paper) -> bool:
    """Whether the requesting jurisdiction seeks the person by this paper; one of unknown issuer counts."""
    return paper.in_force and (not paper.issuers or query.requesting in paper.issuers)


def _issued_papers(query: FactQuery) -> Iterator[tuple[int, Paper]]:
    known = query.case.papers
    for link in query.context.outgoing(query.person, "SOUGHT_UNDER"):
        issued = query.context.merged_texts(link.far, "issued_on")
        if all(is_reached(text, query.day) is not False for text in issued):
            if link.link not in known:
                known[link.link] = _build_paper(query, link)
            yield link.far, known[link.link]


def _build_paper(query: FactQuery, link: AdjacentLink) -> Paper:
    context, node = query.context, link.far
    named_until = tuple(t for claim in context.link_claims(link.link) for t in context.texts(claim, "end_date"))
    deleted = (state for state in context.merged_texts(node, "review") if state == DELETED)
    clearing = [
        context.texts(claim, "date") or stated_days(claim.provenance) for claim in _clearing_claims(query, node)
    ]
    dates = PaperDates(
        issued_on=context.merged_texts(node, "issued_on"),
        ended_on=context.merged_texts(node, "ended_on"),
        named_until=named_until,
        reasons=context.merged_texts(node, "end_reason") or tuple(deleted),
        clearances=tuple(map(tuple, clearing)),
    )
    ended = [t for t in (*dates.ended_on, *named_until) if is_reached(t, query.day) is not False]
    is_over = bool(ended) or (bool(dates.reasons) and not dates.ended_on)
    come = sorted((days for days in clearing if _has_come(days, query.day)), key=lambda days: days[:1] or ("z",))
    cleared = next(((days or ("an unknown day",))[0] for days in come), "")
    return Paper(
        id=context.view.id(node),
        kind=context.view.type(node),
        name=context.name_of(node),
        issuers=context.issuing_jurisdictions(node, "ISSUED_BY"),
        since=next(iter(dates.issued_on), ""),
        ended=ended[0] if ended else cleared if cleared and not is_over else "",
        reason=dates.reasons[0] if is_over and dates.reasons else "cleared" if cleared else "",
        in_force=dates.is_in_force(query.day) and not _ended_out_of_scope(query, link, dates),
        sources=context.sources(node),
    )


def _has_come(days: Sequence[str], day: date) -> bool:
    return all(is_reached(text, day) is not False for text in days)


def _clearing_claims(query: FactQuery, paper: int) -> Iterator[Claim]:
    """The claims, of any day, by which the issuer of a paper clears the person."""
    context = query.context
    bodies = [link.far for link in context.outgoing(paper, "ISSUED_BY")]
    names = [name for body in bodies for of in NAME_PROPERTIES for name in context.merged_texts(body, of)]
    names += context.merged_texts(paper, "issuer")
    issue = PaperIssue.from_names(names, context.merged_texts(paper, "issued_on"))
    for _, claim in query.link_claims(context.outgoing(query.person, "ACCUSED_OF")):
        if issue.is_cleared_by(*(context.texts(claim, name) for name in ACCUSATION_PROPERTIES)):
            yield claim


def _ended_out_of_scope(query: FactQuery, link: AdjacentLink, dates: PaperDates) -> bool:
    """Whether a paper was ended by a claim that this scope may not see.

    On the graph's day it is then in force by everything visible, though the graph has nobody sought under it. What
    ended it is not shown.
    """
    own_day = query.context.view.as_of
    if query.case.question.protected or not own_day or not dates.is_in_force(date.fromisoformat(own_day)):
        return False
    under = query.context.sought_under(query.person)
    return under is not None and query.context.view.link_id(link.link) not in under


def accusation_statements(query: FactQuery) -> Iterator[LegalStatement]:
    """The accusations that clear nobody, each with its stage (alleged, charged, convicted), by whom and since when."""
    return (statement for stage, statement in _stage_statements(query) if stage != CLEARED)


def _stage_statements(query: FactQuery) -> Sequence[tuple[str, LegalStatement]]:
    """What is said of the person's accusations by the day, each with its stage; put into words once for a case."""
    if query.case.accusations is None:
        query.case.accusations = tuple(_find_stage_statements(query))
    return query.case.accusations


def _find_stage_statements(query: FactQuery) -> Iterator[tuple[str, LegalStatement]]:
    for link, claim in query.link_claims(query.context.outgoing(query.person, "ACCUSED_OF")):
        if query.is_stated(claim, "date"):
            stage = query.context.first_text(claim, "stage") or "accused"
            said = claim_statement(YES, accusation_text(query, claim, link.far, undated=UNDATED), claim)
            yield stage, replace(said, links=(query.context.view.link_id(link.link),))


def clearance_statements(query: FactQuery) -> Iterator[LegalStatement]:
    """Who says that the person is cleared, and which paper was deleted or withdrawn, or is under review.

    The answer is yes only for a clearance: a withdrawn paper or a review clears nobody.
    """
    for stage, statement in _stage_statements(query):
        if stage == CLEARED:
            yield statement
    for link in query.context.outgoing(query.person, "SOUGHT_UNDER"):
        for claim in query.context.claims(link.far):
            reason, review = query.context.first_text(claim, "end_reason"), query.context.first_text(claim, "review")
            outcome = reason if reason in ("cleared", "deleted", "withdrawn") else review
            if outcome and query.is_stated(claim, "ended_on"):
                yield _paper_outcome(query, link.far, outcome, claim)


def _paper_outcome(query: FactQuery, paper: int, outcome: str, claim: Claim) -> LegalStatement:
    """What became of a paper: `warrant withdrawn on 2019-02-03: EAW-44 of 2018-01-02`."""
    kind = query.context.view.type(paper)
    issued = next(iter(query.context.merged_texts(paper, "issued_on")), "")
    day = since_text(query, claim, "ended_on").removeprefix(" since ")
    when = stage_date(CLEARED, day) or ("" if outcome in REVIEWS else UNDATED)
    text = f"{PAPER_WORDS.get(kind, kind)} {REVIEWS.get(outcome, outcome)}{when}: {query.context.name_of(paper)}"
    return claim_statement(YES if outcome == CLEARED else UNKNOWN, text + (f" of {issued}" if issued else ""), claim)


def _warrant_or_judgment(query: FactQuery) -> Iterator[LegalStatement]:
    """An ended warrant is no; a list entry or a notice is doubt: it may rest on a warrant that no source shows."""
    for node, paper in _issued_papers(query):
        if paper.issuers and query.requesting not in paper.issuers:
            continue
        text = f"{paper.name}{f' of {paper.since}' if paper.since else ''}"
        for claim in query.context.claims(node)[:1]:
            if paper.kind != "Warrant" and paper.in_force:
                yield claim_statement(UNKNOWN, f"{text}, which is no warrant", claim)
            elif paper.in_force:
                yield claim_statement(YES, text, claim)
            elif paper.kind == "Warrant":
                yield claim_statement(NO, f"{text}, ended ({paper.reason})", claim)
    for one in convictions(query, query.requesting):
        yield claim_statement(UNKNOWN if one.doubt else YES, one.stated_as(query, "judgment"), one.claim)


def _wanted_for_a_year(query: FactQuery) -> Iterator[LegalStatement]:
    for node, paper in _issued_papers(query):
        if paper.kind == "Warrant" and paper.in_force and query.requesting in paper.issuers:
            for text, claim in query.texts_about(node, "issued_on"):
                answer = {True: YES, False: NO, None: UNKNOWN}[is_reached(text, query.day - ONE_YEAR)]
                yield claim_statement(answer, f"warrant of {text}", claim)


def _review_allows_notice(query: FactQuery) -> Iterator[LegalStatement]:
    """Deleted or blocked is no and pending is unknown; a notice in force without a known review is yes.

    The outcome of a review that ended the notice later is not known yet.
    """
    for node, paper in _issued_papers(query):
        state = next(iter(query.context.merged_texts(node, "review")), "")
        if any(is_reached(text, query.day) is False for text in query.context.merged_texts(node, "ended_on")):
            state = ""
        deleted = not paper.in_force and paper.reason in ("deleted", "cleared")
        answer = NO if deleted or state in ("deleted", "blocked") else UNKNOWN if state == "pending" else YES
        if paper.kind == "Notice" and (answer != YES or paper.in_force):
            for claim in query.context.claims(node)[:1]:
                text = f"{paper.name}: {state or paper.reason or 'in force, no review known'}"
                yield claim_statement(answer, text, claim)


PAPER_FACTS: Mapping[str, FactFunction] = {
    "warrant_or_judgment": _warrant_or_judgment,
    "wanted_for_a_year": _wanted_for_a_year,
    "review_allows_notice": _review_allows_notice,
    "cleared": clearance_statements,
}

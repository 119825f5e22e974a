"""Who seeks a person on the day, who says that they are cleared, and is there a warrant?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from kg.analysis.routes.case import Ask, says, since
from kg.analysis.routes.context import Step
from kg.analysis.routes.facts.offences import under
from kg.clearance import CALLED, WORD, Issue
from kg.findings import Paper, Statement
from kg.law import NO, UNKNOWN, YES
from kg.law.dates import reached
from kg.records import Claim

YEAR = timedelta(days=365)


def papers(ask: Ask) -> tuple[Paper, ...]:
    """Every warrant, notice and list entry that names the person and was issued by the day, each as it stands on it.

    A paper ends when a record says that it did, that a commission deleted it, or that it names the person no longer;
    or when its issuer says that the person is cleared.
    """
    return tuple(_paper(ask, step) for step in ask.around.out(ask.person, "SOUGHT_UNDER") if _issued(ask, step.far))


def active(ask: Ask, paper: Paper) -> bool:
    """Whether a paper puts the person on the requesting jurisdiction's active list; one of no known issuer does."""
    return paper.in_force and (not paper.issuers or ask.requesting in paper.issuers)


def _issued(ask: Ask, paper: int) -> bool:
    return all(reached(text, ask.day) is not False for text in ask.around.values(paper, "issued_on"))


def _paper(ask: Ask, step: Step) -> Paper:
    known = ask.case.papers
    if step.link not in known:
        known[step.link] = _as_it_stands(ask, step)
    return known[step.link]


def _as_it_stands(ask: Ask, step: Step) -> Paper:
    around, node = ask.around, step.far
    days = around.values(node, "ended_on")
    named_until = [t for claim in around.link_claims(step.link) for t in around.texts(claim, "end_date")]
    ended = [t for t in (*days, *named_until) if reached(t, ask.day) is not False]
    deleted = tuple(state for state in around.values(node, "review") if state == "deleted")
    reasons = around.values(node, "end_reason") or deleted
    over = bool(ended) or (bool(reasons) and not days)
    words = list(_clearing(ask, node))
    cleared = next((ask.around.first(c, "date") or "a day not said" for c in words if ask.begun(c, "date")), "")
    told = bool(days or named_until or reasons or words)
    return Paper(
        id=around.view.id(node),
        kind=around.view.type(node),
        name=around.called(node),
        issuers=around.bodies(node, "ISSUED_BY"),
        since=next(iter(around.values(node, "issued_on")), ""),
        ended=ended[0] if ended else cleared if cleared and not over else "",
        reason=reasons[0] if over and reasons else "cleared" if cleared else "",
        in_force=not (over or cleared or (not told and _ended_unseen(ask, step))),
        sources=around.sources(node),
    )


def _clearing(ask: Ask, paper: int) -> Iterator[Claim]:
    """What says, on whatever day, that whoever issued a paper cleared the person."""
    around = ask.around
    bodies = [step.far for step in around.out(paper, "ISSUED_BY")]
    names = [name for body in bodies for of in CALLED for name in around.values(body, of)]
    issue = Issue.of((*names, *around.values(paper, "issuer")), around.values(paper, "issued_on"))
    for _, claim in ask.link_claims(around.out(ask.person, "ACCUSED_OF")):
        if issue.cleared_by(*(around.texts(claim, name) for name in WORD)):
            yield claim


def _ended_unseen(ask: Ask, step: Step) -> bool:
    """Whether what this scope does not see ended a paper: nothing that it sees does, and nobody is sought under it.

    What ended it, and when, is not told.
    """
    if ask.case.question.protected:
        return False
    under = ask.around.sought_under(ask.person)
    return under is not None and ask.around.view.link_id(step.link) not in under


def accusations(ask: Ask) -> Iterator[Statement]:
    """What is said against the person, by whom and since when: alleged, charged, convicted or cleared."""
    for step, claim in ask.link_claims(ask.around.out(ask.person, "ACCUSED_OF")):
        if not ask.begun(claim, "date"):
            continue
        stage = ask.around.first(claim, "stage") or "accused"
        by = ask.around.first(claim, "said_by") or claim.source
        answer = NO if stage == "cleared" else YES
        yield says(answer, f"{stage} by {by}{since(ask, claim, 'date')}: {ask.around.called(step.far)}", claim)


def clearances(ask: Ask) -> Iterator[Statement]:
    """Who says that the person is cleared, and which paper an authority deleted, withdrew or ended."""
    for found in accusations(ask):
        if found.answer == NO:
            yield replace(found, answer=YES)
    for step in ask.around.out(ask.person, "SOUGHT_UNDER"):
        for claim in ask.around.claims(step.far):
            reason, review = ask.around.first(claim, "end_reason"), ask.around.first(claim, "review")
            said = reason if reason in ("cleared", "deleted", "withdrawn") else review if review else ""
            if said and ask.begun(claim, "ended_on"):
                text = f"{ask.around.called(step.far)}: {said}{since(ask, claim, 'ended_on')}"
                yield says(YES if said == "cleared" else UNKNOWN, text, claim)


def _warrant(ask: Ask) -> Iterator[Statement]:
    """A warrant that ended is no; a list entry or a notice is doubt: it may rest on a warrant that no source shows."""
    for step in ask.around.out(ask.person, "SOUGHT_UNDER"):
        if not _issued(ask, step.far):
            continue
        paper = _paper(ask, step)
        if paper.issuers and ask.requesting not in paper.issuers:
            continue
        text = f"{paper.name}{f' of {paper.since}' if paper.since else ''}"
        stands = YES if paper.in_force else NO
        for claim in list(ask.around.claims(step.far))[:1]:
            if paper.kind == "Warrant":
                yield says(stands, text if paper.in_force else f"{text}, ended ({paper.reason})", claim)
            elif paper.in_force:
                yield says(UNKNOWN, f"{text}, which is no warrant", claim)
    for accused in under(ask, ask.requesting):
        for claim in accused.claims:
            if ask.around.first(claim, "stage") == "convicted":
                yield says(YES, f"judgment{since(ask, claim, 'date')}: {ask.around.called(accused.node)}", claim)


def _wanted(ask: Ask) -> Iterator[Statement]:
    for step in ask.around.out(ask.person, "SOUGHT_UNDER"):
        if ask.around.view.type(step.far) != "Warrant" or ask.requesting not in ask.around.bodies(
            step.far, "ISSUED_BY"
        ):
            continue
        if not _issued(ask, step.far) or not _paper(ask, step).in_force:
            continue
        for claim in ask.around.claims(step.far):
            for text in ask.around.texts(claim, "issued_on"):
                answer = {True: YES, False: NO, None: UNKNOWN}[reached(text, ask.day - YEAR)]
                yield says(answer, f"warrant of {text}", claim)


def _review(ask: Ask) -> Iterator[Statement]:
    """Deleted or blocked is no, pending is undecided; a notice in force that nobody says is under review is yes."""
    for step in ask.around.out(ask.person, "SOUGHT_UNDER"):
        if ask.around.view.type(step.far) != "Notice" or not _issued(ask, step.far):
            continue
        name, paper = ask.around.called(step.far), _paper(ask, step)
        state = next(iter(ask.around.values(step.far, "review")), "")
        deleted = not paper.in_force and paper.reason in ("deleted", "cleared")
        answer = NO if deleted or state in ("deleted", "blocked") else UNKNOWN if state == "pending" else YES
        if answer == YES and not paper.in_force:
            continue
        for claim in list(ask.around.claims(step.far))[:1]:
            yield says(answer, f"{name}: {state or paper.reason or 'in force, no review known'}", claim)


def _cleared(ask: Ask) -> Iterator[Statement]:
    yield from clearances(ask)


PAPER_FACTS: Mapping[str, Callable[[Ask], Iterator[Statement]]] = {
    "warrant_or_judgment": _warrant,
    "wanted_for_a_year": _wanted,
    "review_allows_notice": _review,
    "cleared": _cleared,
}

"""Which answers did somebody give?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.analysis.routes.case import Ask, says, since
from kg.findings import Statement
from kg.law import UNKNOWN, FactKind
from kg.records import Claim


def determined(ask: Ask, fact: FactKind) -> Iterator[Statement]:
    """What determinations say, by the day, of a fact about the person or asset for these two jurisdictions."""
    around = ask.around
    about = ask.asset if fact.about == "asset" else ask.person
    if about < 0 or fact.about == "law":
        return
    for step in around.into(about, "DETERMINES"):
        for claim in around.claims(step.far):
            if fact.name not in around.texts(claim, "fact") or not _applies(ask, claim):
                continue
            undated = fact.dated and not around.texts(claim, "decided_on")
            for answer in around.texts(claim, "answer"):
                by = around.first(claim, "decided_by")
                text = f"{answer}{f', says {by}' if by else ''}{since(ask, claim, 'decided_on')}"
                yield says(UNKNOWN if undated else answer, f"{text}, without a day" if undated else text, claim)


def unread(ask: Ask, about: Sequence[int]) -> Iterator[str]:
    """Determinations about some nodes that answer no fact the law knows, as a misspelt one does not."""
    for step in (step for node in about for step in ask.around.into(node, "DETERMINES")):
        for claim in ask.around.claims(step.far):
            if not any(name in ask.law.facts for name in ask.around.texts(claim, "fact")):
                said = next(iter(claim.properties.get("fact", ())), "")
                where = f"Determination {ask.around.id(step.far)} of {claim.source}"
                yield f"{where} answers nothing: fact {said!r} is no name of facts.toml"


def _applies(ask: Ask, claim: Claim) -> bool:
    """Whether a determination holds on the day and between the two; without a jurisdiction it is about any."""
    pairs = ((ask.around.texts(claim, "host"), ask.host), (ask.around.texts(claim, "requesting"), ask.requesting))
    fits = all(not said or code in said for said, code in pairs)
    return fits and ask.begun(claim, "decided_on") and not ask.past(claim, "ended_on")

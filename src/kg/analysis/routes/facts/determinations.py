"""Which answers did somebody give?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.analysis.routes.case import FactQuery, claim_statement, since_text
from kg.findings import LegalStatement
from kg.law import UNKNOWN, FactDefinition
from kg.records import Claim


def determination_statements(ask: FactQuery, fact: FactDefinition) -> Iterator[LegalStatement]:
    """What determinations say, by the day, of a fact about the person or asset for these two jurisdictions."""
    around = ask.context
    about = ask.asset if fact.about == "asset" else ask.person
    if about < 0 or fact.about == "law":
        return
    for step in around.incoming(about, "DETERMINES"):
        for claim in around.claims(step.far):
            if fact.name not in around.texts(claim, "fact") or not _applies(ask, claim):
                continue
            undated = fact.dated and not around.texts(claim, "decided_on")
            for answer in around.texts(claim, "answer"):
                by = around.first_text(claim, "decided_by")
                text = f"{answer}{f', says {by}' if by else ''}{since_text(ask, claim, 'decided_on')}"
                yield claim_statement(
                    UNKNOWN if undated else answer, f"{text}, without a day" if undated else text, claim
                )


def unknown_determinations(ask: FactQuery, about: Sequence[int]) -> Iterator[str]:
    """Determinations about some nodes that answer no fact the law knows, as a misspelt one does not."""
    for step in (step for node in about for step in ask.context.incoming(node, "DETERMINES")):
        for claim in ask.context.claims(step.far):
            if not any(name in ask.law.facts for name in ask.context.texts(claim, "fact")):
                said = next(iter(claim.properties.get("fact", ())), "")
                where = f"Determination {ask.context.id(step.far)} of {claim.source}"
                yield f"{where} answers nothing: fact {said!r} is no name of facts.toml"


def _applies(ask: FactQuery, claim: Claim) -> bool:
    """Whether a determination holds on the day and between the two; without a jurisdiction it is about any."""
    pairs = ((ask.context.texts(claim, "host"), ask.host), (ask.context.texts(claim, "requesting"), ask.requesting))
    fits = all(not said or code in said for said, code in pairs)
    return fits and ask.has_begun(claim, "decided_on") and not ask.is_past(claim, "ended_on")

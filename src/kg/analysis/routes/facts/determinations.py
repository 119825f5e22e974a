"""Which answers did somebody give?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.analysis.routes.case import FactQuery, claim_statement, since_text
from kg.findings import LegalStatement
from kg.law import UNKNOWN, FactDefinition
from kg.records import Claim


def determination_statements(query: FactQuery, fact: FactDefinition) -> Iterator[LegalStatement]:
    """What determinations say, by the day, of a fact about the person or asset for these two jurisdictions."""
    around = query.context
    about = query.asset if fact.about == "asset" else query.person
    if about < 0 or fact.about == "law":
        return
    for step in around.incoming(about, "DETERMINES"):
        for claim in around.claims(step.far):
            if fact.name not in around.texts(claim, "fact") or not _applies(query, claim):
                continue
            undated = fact.dated and not around.texts(claim, "decided_on")
            for answer in around.texts(claim, "answer"):
                by = around.first_text(claim, "decided_by")
                text = f"{answer}{f', says {by}' if by else ''}{since_text(query, claim, 'decided_on')}"
                yield claim_statement(
                    UNKNOWN if undated else answer, f"{text}, without a day" if undated else text, claim
                )


def unknown_determinations(query: FactQuery, about: Sequence[int]) -> Iterator[str]:
    """Determinations about some nodes that answer no fact the law knows, as a misspelt one does not."""
    for step in (step for node in about for step in query.context.incoming(node, "DETERMINES")):
        for claim in query.context.claims(step.far):
            if not any(name in query.law.facts for name in query.context.texts(claim, "fact")):
                said = next(iter(claim.properties.get("fact", ())), "")
                where = f"Determination {query.context.id(step.far)} of {claim.source}"
                yield f"{where} answers nothing: fact {said!r} is no name of facts.toml"


def _applies(query: FactQuery, claim: Claim) -> bool:
    """Whether a determination holds on the day and between the two; without a jurisdiction it is about any."""
    pairs = (
        (query.context.texts(claim, "host"), query.host),
        (query.context.texts(claim, "requesting"), query.requesting),
    )
    fits = all(not said or code in said for said, code in pairs)
    return fits and query.has_begun(claim, "decided_on") and not query.is_past(claim, "ended_on")

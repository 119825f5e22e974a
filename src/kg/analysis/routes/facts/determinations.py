"""Which answers to facts did officials or others give?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.analysis.routes.case import FactQuery, claim_statement, since_text
from kg.analysis.routes.context import AdjacentLink
from kg.findings import LegalStatement
from kg.law import UNKNOWN, FactDefinition
from kg.records import Claim


def determination_statements(query: FactQuery, fact: FactDefinition) -> Iterable[LegalStatement]:
    """What determinations say by the day about a fact of the person or asset, for these two jurisdictions."""
    context = query.context
    about = query.asset if fact.about == "asset" else query.person
    if about < 0 or fact.about == "law":
        return ()
    links = context.incoming(about, "DETERMINES")
    return _statements(query, fact, links) if links else ()


def _statements(query: FactQuery, fact: FactDefinition, links: Sequence[AdjacentLink]) -> Iterator[LegalStatement]:
    context = query.context
    for link in links:
        for claim in context.claims(link.far):
            if fact.name not in context.texts(claim, "fact") or not _applies(query, claim):
                continue
            undated = fact.dated and not context.texts(claim, "decided_on")
            by = context.first_text(claim, "decided_by")
            for answer in context.texts(claim, "answer"):
                text = f"{answer}{f', says {by}' if by else ''}{since_text(query, claim, 'decided_on')}"
                text += ", without a day" if undated else ""
                yield claim_statement(UNKNOWN if undated else answer, text, claim)


def unknown_determinations(query: FactQuery, about: Sequence[int]) -> Iterator[str]:
    """Warnings about determinations that answer no known fact, as a misspelt one does not."""
    for link in (link for node in about for link in query.context.incoming(node, "DETERMINES")):
        for claim in query.context.claims(link.far):
            if not any(name in query.law.facts for name in query.context.texts(claim, "fact")):
                name = next(iter(claim.properties.get("fact", ())), "")
                where = f"Determination {query.context.id(link.far)} of {claim.source}"
                yield f"{where} answers nothing: fact {name!r} is no name of facts.toml"


def _applies(query: FactQuery, claim: Claim) -> bool:
    """Whether a determination is valid on the day between the two; one without a jurisdiction is valid for any."""
    hosts, requesting = query.context.texts(claim, "host"), query.context.texts(claim, "requesting")
    fits = (not hosts or query.host in hosts) and (not requesting or query.requesting in requesting)
    return fits and query.has_begun(claim, "decided_on") and not query.is_past(claim, "ended_on")

"""How good is the evidence for each element of a case?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.analysis.routes.case import FactQuery
from kg.analysis.routes.chains import chain_to
from kg.analysis.routes.facts.assets import proceeds_of
from kg.analysis.routes.facts.offences import accused_offences
from kg.analysis.routes.facts.papers import find_papers
from kg.analysis.routes.facts.presence import whereabouts
from kg.analysis.routes.facts.procedural_steps import find_measures
from kg.analysis.routes.facts.speakers import speaker_doubt
from kg.findings import EVIDENCE_GRADES, ElementEvidence, ElementName, EvidenceGrade
from kg.findings.statements import only_alleges
from kg.records import Claim

PURSUED_STAGES = ("investigated", "charged", "convicted")
"""Stages of an accusation that are more than an allegation."""

CLAIM_DAYS = ("date", "start_date", "issued_on")
"""Properties that date a claim. One without them counts from the day on which its source stated it."""

IDENTIFYING = ("birth_date", "passport_number", "national_number")
"""Properties that tell one person from another."""


def case_elements(query: FactQuery, assets: Sequence[int]) -> Iterator[ElementEvidence]:
    """The evidence for each element about a person and about some assets."""
    yield from _person_elements(query)
    view = query.context.view
    chains = {asset: [view.link_id(link) for link in chain_to(query.case.predecessors, asset)] for asset in assets}
    links = [link for chain in chains.values() for link in chain]
    told = view.records.claims(list(dict.fromkeys(links))) if links else {}
    for asset, chain in chains.items():
        yield from _asset_elements(replace(query, asset=asset), [told.get(link, ()) for link in chain])


def _person_elements(query: FactQuery) -> Iterator[ElementEvidence]:
    """The evidence for who the person is, what was done and for how much, where the person is, and the papers."""
    context = query.context
    identity = [c for c in context.claims(query.person) if any(context.texts(c, name) for name in IDENTIFYING)]
    yield _element(query, "identity", identity)
    accused = accused_offences(query)
    acts = [claim for one in accused for claim in one.claims]
    convicted = any(_is_courts_word(query, one.node, claim) for one in accused for claim in one.claims)
    pursued = [claim for claim in acts if context.first_text(claim, "stage") in PURSUED_STAGES]
    yield _element(query, "act", pursued, alleged=acts, court=convicted)
    offences = (claim for one in accused for claim in context.claims(one.node))
    yield _element(query, "amount", [claim for claim in offences if context.texts(claim, "amount")])
    places = list(whereabouts(query))
    yield _element(query, "presence", [c for _, how, c in places if how == "resident"], alleged=[c for *_, c in places])
    papers = [step.far for step in context.outgoing(query.person, "SOUGHT_UNDER")]
    in_force = {paper.id for paper in find_papers(query) if paper.in_force}
    held = [claim for node in papers if context.view.id(node) in in_force for claim in context.claims(node)]
    yield _element(query, "papers", held, court=convicted)


def _is_courts_word(query: FactQuery, offence: int, claim: Claim) -> bool:
    """Whether an authority of the state whose law an offence is under says that the person was convicted of it."""
    if query.context.first_text(claim, "stage") != "convicted":
        return False
    laws = query.context.merged_texts(offence, "law_of")
    return any(not speaker_doubt(query, claim, offence, law) for law in laws)


def _asset_elements(query: FactQuery, chain: Sequence[Sequence[Claim]]) -> Iterator[ElementEvidence]:
    """The evidence that an asset comes from an offence, and that the person holds it, by the claims of each link."""
    final = any(measure.is_final and not measure.is_lifted for measure in find_measures(query, query.asset))
    tracing = [claim for _, claims, _ in proceeds_of(query) for claim in claims]
    yield _element(query, "tracing", tracing, court=final and bool(tracing))
    weakest = min((_element(query, "holder", claims) for claims in chain), key=_rank, default=None)
    yield weakest or _element(query, "holder", ())


def _rank(element: ElementEvidence) -> int:
    return EVIDENCE_GRADES.index(element.grade)


def _element(
    query: FactQuery, name: ElementName, claims: Sequence[Claim], alleged: Sequence[Claim] = (), *, court: bool = False
) -> ElementEvidence:
    """The grade of an element by the claims made by the day that state it, and those that only allege it."""
    claims, alleged = ([c for c in some if query.is_stated(c, *CLAIM_DAYS)] for some in (claims, alleged))
    firm = [claim for claim in claims if not only_alleges(claim)]
    origins = _origins(firm)
    grade: EvidenceGrade = "none"
    if court:
        grade = "court finding"
    elif len(origins) > 1:
        grade = "two independent origins"
    elif origins:
        grade = "one source"
    elif claims or alleged:
        grade = "alleged"
    return ElementEvidence(name, query.subject_id, grade, tuple(sorted(_origins(firm or claims or alleged))))


def _origins(claims: Iterable[Claim]) -> set[str]:
    """Where claims come from: sources that have it from one place are one origin."""
    return {claim.provenance.origin or claim.source for claim in claims}

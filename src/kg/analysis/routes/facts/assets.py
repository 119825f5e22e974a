"""Where is an asset, from which offence does it come, and who holds it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain

from kg.analysis.routes.case import AccusedOffence, FactFunction, FactQuery, claim_statement, since_text
from kg.analysis.routes.chains import KINSHIP_TRAITS, chain_to
from kg.analysis.routes.context import CaseContext
from kg.analysis.routes.facts.offences import accused_offences, convictions, uncac_articles
from kg.analysis.routes.facts.presence import death_statements
from kg.analysis.routes.facts.procedural_steps import find_measures
from kg.analysis.routes.facts.state_ownership import is_agency, state_owned_because
from kg.findings import LegalStatement
from kg.findings.accusations import StatedStage, last_stages
from kg.findings.legal.recoverable import tracing_claims
from kg.findings.statements import only_alleges
from kg.law import NO, UNKNOWN, YES, Answer
from kg.ontology.words import type_label
from kg.records import CREDIBILITIES, RELIABILITIES, Claim

LOCATION_LINK_TYPES = ("LOCATED_IN", "REGISTERED_IN")
EMBEZZLEMENT, LAUNDERING = 17, 23
"""Articles of the Convention against Corruption that article 57(3)(a) refers to."""


def asset_locations(query: FactQuery) -> Iterator[tuple[str, Claim, bool]]:
    """Each jurisdiction where a claim places the asset: its code, the claim, and whether it is true on the day."""
    for kind in LOCATION_LINK_TYPES:
        for link, claim in query.link_claims(query.context.outgoing(query.asset, kind)):
            if (code := query.context.jurisdiction_code(link.far)) and query.is_known(claim):
                yield code, claim, query.is_current(claim)


def asset_hosts(query: FactQuery) -> tuple[str, ...]:
    """Every jurisdiction where the asset may be on the day."""
    return tuple(sorted({code for code, _, lasts in asset_locations(query) if lasts}))


def _asset_in_host(query: FactQuery) -> Iterator[LegalStatement]:
    for code, claim, lasts in asset_locations(query):
        if lasts:
            text = f"in {code}{since_text(query, claim, 'start_date')}"
            yield claim_statement(YES if code == query.host else NO, text, claim)
        elif code == query.host:
            yield claim_statement(NO, f"no longer in {code}", claim)
    yield from query.unread_about(query.asset, *LOCATION_LINK_TYPES)


def proceeds_of(query: FactQuery) -> Iterator[tuple[AccusedOffence, tuple[Claim, ...], int]]:
    """Each offence that the person is accused of and that the asset is said to come from, with claims and link."""
    accused = {found.node: found for found in accused_offences(query)}
    for link in query.context.outgoing(query.asset, "PROCEEDS_OF"):
        if found := accused.get(link.far):
            claims = tuple(c for c in query.context.link_claims(link.link) if query.is_known(c))
            if claims:
                yield found, claims, link.link


def traced_by(query: FactQuery) -> list[Claim]:
    """The claims by which the asset is traced to offences that the person is accused of, and not cleared."""
    proceeds = (claims for accused, claims, _ in proceeds_of(query) if _goes_on(query, accused.node))
    return tracing_claims(chain.from_iterable(proceeds), query.day)


def _goes_on(query: FactQuery, offence: int) -> bool:
    """Whether somebody goes on to accuse the person of an offence by the day."""
    links = (s for s in query.context.outgoing(query.person, "ACCUSED_OF") if s.far == offence)
    said = [c for _, c in query.link_claims(links) if query.is_stated(c, "date")]
    return bool(last_stages(said, partial(_stated_stage, query.context))[0])


def _stated_stage(context: CaseContext, claim: Claim) -> StatedStage:
    stage, day, start = (context.first_text(claim, name) for name in ("stage", "date", "start_date"))
    return StatedStage(stage, day or start, frozenset((claim.source, *context.texts(claim, "said_by"))))


def _traced_to_offence(query: FactQuery) -> Iterator[LegalStatement]:
    """The path is asset, offence, person. The text names its weakest step, which is the one with the worse grade."""
    view, traced = query.context.view, traced_by(query)
    accusing = {s.far: view.link_id(s.link) for s in query.context.outgoing(query.person, "ACCUSED_OF")}
    for accused, claims, link in proceeds_of(query):
        for claim in claims:
            tracing = query.context.first_text(claim, "tracing")
            how = f" ({tracing})" if tracing else ""
            steps = [("the asset to the offence", claim), *(("the offence to the person", c) for c in accused.claims)]
            words, weakest = max(steps, key=lambda step: grade_rank(step[1]))
            graded = f"{weakest.provenance.reliability}{weakest.provenance.credibility}" or "not graded"
            text = f"proceeds{how} of {query.context.name_of(accused.node)}"
            text += f"; weakest step: {words}, {graded}, {weakest.source}"
            answer = YES if claim in traced else UNKNOWN
            yield claim_statement(answer, text, claim, view.link_id(link), accusing[accused.node])


def grade_rank(claim: Claim) -> tuple[int, int]:
    """The rank of a claim by its grade, best first; one that is unknown or not graded comes last."""
    reliability = claim.provenance.reliability or RELIABILITIES[-1]
    credibility = claim.provenance.credibility or CREDIBILITIES[-1]
    return RELIABILITIES.index(reliability), CREDIBILITIES.index(credibility)


def _held_for_person(query: FactQuery) -> Iterator[LegalStatement]:
    view, links = query.context.view, chain_to(query.case.predecessors, query.asset)
    if links:
        kinds = [view.type_of_link(link) for link in links]
        weakest = RELIABILITIES[max(int(view.column("reliability")[link]) for link in links) - 1]
        is_kin = not view.ontology.with_trait(*KINSHIP_TRAITS).isdisjoint(kinds)
        kin = f"; through a relative, {_relative_note(query, links[0])}" if is_kin else ""
        steps = ", ".join(map(type_label, kinds))
        text = f"chain of {len(links)}: {steps}; weakest step graded {weakest}{kin}"
        yield LegalStatement(YES, text, links=tuple(view.link_id(link) for link in links))


def _relative_note(query: FactQuery, kinship: int) -> str:
    """Whether any source names the relative at the other end of a link in a paper or an accusation, of any day."""
    view = query.context.view
    (relative,) = {int(view.tail[kinship]), int(view.head[kinship])} - {query.person}
    part = slice(view.outgoing.start[relative], view.outgoing.start[relative + 1])
    is_named = bool(view.link_types_with("pursuit", "accusation")[view.outgoing.kind[part]].any())
    return "whom a paper or an accusation names" if is_named else "who is not accused in these sources"


def _third_party_rights(query: FactQuery) -> Iterator[LegalStatement]:
    for link, claim in query.link_claims(query.context.incoming(query.asset, "ENCUMBERS")):
        if query.is_current(claim):
            amount = query.context.first_text(claim, "amount")
            size = f": {amount}" if amount else ""
            text = f"a right of a third party burdens it{size}{since_text(query, claim, 'start_date')}"
            yield claim_statement(UNKNOWN, text, claim, query.context.view.link_id(link.link))


def _embezzled_public_funds(query: FactQuery) -> Iterator[LegalStatement]:
    """Whose the funds were is a fact about the offence; one embezzlement is enough for what comes from several.

    Of an asset that no source traces, all offences have to agree: then it does not matter from which of them it comes.
    """
    stated = [(a.node, [c for c in claims if not only_alleges(c)]) for a, claims, _ in proceeds_of(query)]
    traced = [(offence, claims[0]) for offence, claims in stated if claims]
    offences = traced or [(accused.node, accused.claims[0]) for accused in accused_offences(query)]
    found = [(*_embezzled_by_offence(query, offence), claim) for offence, claim in offences]
    answers = {answer for answer, *_ in found}
    decided = YES if traced and YES in answers else answers.pop() if len(answers) == 1 else UNKNOWN
    for answer, text, claim in found:
        if text:
            told = text if traced else f"if it comes from it: {text}"
            yield claim_statement(answer if answer == decided else UNKNOWN, told, claim)


def _embezzled_by_offence(query: FactQuery, offence: int) -> tuple[Answer, str]:
    """Whether an offence is embezzlement of public funds, in words; no words where no article is stated."""
    if not (found := uncac_articles(query, offence)):
        return UNKNOWN, ""
    name, numbers = query.context.name_of(offence), ", ".join(map(str, found))
    if not _is_embezzlement(query, offence):
        return NO, f"{name} is under UNCAC {numbers}, not embezzlement of public funds"
    if harmed := _public_victims(query, offence):
        return YES, f"{name}, UNCAC {numbers}; harmed: {', '.join(harmed)}"
    return UNKNOWN, f"{name}, UNCAC {numbers}; that the funds were public is not said"


def _is_embezzlement(query: FactQuery, offence: int) -> bool:
    found = uncac_articles(query, offence)
    predicates = [link.far for link in query.context.incoming(offence, "PREDICATE_FOR")]
    laundered = LAUNDERING in found and any(EMBEZZLEMENT in uncac_articles(query, node) for node in predicates)
    return EMBEZZLEMENT in found or laundered


def _public_victims(query: FactQuery, offence: int) -> list[str]:
    """Agencies and enterprises of the state harmed by an offence, or by the one that its proceeds come from."""
    offences = (offence, *(link.far for link in query.context.incoming(offence, "PREDICATE_FOR")))
    harmed = [link.far for node in offences for link in query.context.incoming(node, "VICTIM_OF")]
    found = []
    for node in dict.fromkeys(harmed):
        if is_agency(query, node):
            found.append(query.context.name_of(node))
        elif reason := state_owned_because(query, node):
            found.append(f"{query.context.name_of(node)} ({reason})")
    return found


def _convicted_in_host(query: FactQuery) -> Iterator[LegalStatement]:
    linked = {accused.node for accused, _, _ in proceeds_of(query)}
    for one in convictions(query, query.host):
        text = one.stated_as(query, "convicted")
        if one.offence in linked:
            yield claim_statement(UNKNOWN if one.doubt else YES, text, one.claim)
        else:
            yield claim_statement(UNKNOWN, f"{text}; not linked to this asset", one.claim)


def _final_judgment_of_requesting(query: FactQuery) -> Iterator[LegalStatement]:
    for one in convictions(query, query.requesting):
        text = f"{one.stated_as(query, 'convicted')}; whether it is final is not said"
        yield claim_statement(UNKNOWN, text, one.claim)


def _died_unconvicted(query: FactQuery) -> Iterator[LegalStatement]:
    """A conviction or a final order of anybody, by the day, leaves what was confiscated to be enforced."""
    stages = (query.context.first_text(c, "stage") for a in accused_offences(query) for c in a.claims)
    is_judged = "convicted" in stages or any(
        m.kind == "forfeiture" and m.is_final and not m.is_lifted for m in find_measures(query, query.asset)
    )
    for statement in death_statements(query):
        yield replace(statement, answer=NO) if is_judged and statement.answer == YES else statement


ASSET_FACTS: Mapping[str, FactFunction] = {
    "asset_in_host": _asset_in_host,
    "traced_to_offence": _traced_to_offence,
    "held_for_person": _held_for_person,
    "third_party_rights_considered": _third_party_rights,
    "embezzled_public_funds": _embezzled_public_funds,
    "convicted_in_host": _convicted_in_host,
    "died_unconvicted": _died_unconvicted,
    "final_judgment_of_requesting": _final_judgment_of_requesting,
}

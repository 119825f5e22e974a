"""Where is an asset, from which offence does it come, and who holds it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kg.analysis.routes.case import AccusedOffence, FactFunction, FactQuery, claim_statement, since_text
from kg.analysis.routes.chains import AssetChain
from kg.analysis.routes.facts.offences import accused_offences, offences_under, uncac_articles
from kg.findings import LegalStatement
from kg.law import NO, UNKNOWN, YES
from kg.records import CREDIBILITIES, RELIABILITIES, Claim

LOCATION_LINK_TYPES = ("LOCATED_IN", "REGISTERED_IN")
EMBEZZLEMENT, LAUNDERING = 17, 23
"""Articles of the Convention against Corruption that article 57(3)(a) refers to."""


def asset_locations(query: FactQuery) -> Iterator[tuple[str, Claim, bool]]:
    """Each jurisdiction where a claim places the asset: its code, the claim, and whether it is true on the day."""
    for kind in LOCATION_LINK_TYPES:
        for link, claim in query.link_claims(query.context.outgoing(query.asset, kind)):
            if (code := query.context.jurisdiction_code(link.far)) and query.has_begun(claim, "start_date", "date"):
                yield code, claim, query.is_current(claim)


def asset_hosts(query: FactQuery) -> tuple[str, ...]:
    """Every jurisdiction where the asset may be on the day."""
    return tuple(sorted({code for code, _, lasts in asset_locations(query) if lasts}))


def _asset_in_host(query: FactQuery) -> Iterator[LegalStatement]:
    for code, claim, lasts in asset_locations(query):
        if lasts:
            yield claim_statement(
                YES if code == query.host else NO, f"in {code}{since_text(query, claim, 'start_date')}", claim
            )
        elif code == query.host:
            yield claim_statement(NO, f"no longer in {code}", claim)


def proceeds_of(query: FactQuery) -> Iterator[tuple[AccusedOffence, tuple[Claim, ...], int]]:
    """Each offence that the person is accused of and that the asset is said to come from, with claims and link."""
    accused = {found.node: found for found in accused_offences(query)}
    for link in query.context.outgoing(query.asset, "PROCEEDS_OF"):
        if found := accused.get(link.far):
            claims = tuple(c for c in query.context.link_claims(link.link) if query.has_begun(c, "date", "start_date"))
            if claims:
                yield found, claims, link.link


def _traced_to_offence(query: FactQuery) -> Iterator[LegalStatement]:
    """The path is asset, offence, person. The text names its weakest step, which is the one with the worse grade."""
    view = query.context.view
    accusing = {s.far: view.link_id(s.link) for s in query.context.outgoing(query.person, "ACCUSED_OF")}
    for accused, claims, link in proceeds_of(query):
        for claim in claims:
            tracing = query.context.first_text(claim, "tracing")
            weakest = _weakest_step(
                ("the asset to the offence", claim), *(("the offence to the person", c) for c in accused.claims)
            )
            how = f" ({tracing})" if tracing else ""
            text = f"proceeds{how} of {query.context.name_of(accused.node)}; weakest step: {weakest}"
            yield claim_statement(YES, text, claim, view.link_id(link), accusing[accused.node])


def _weakest_step(*steps: tuple[str, Claim]) -> str:
    words, claim = max(steps, key=lambda step: grade_rank(step[1]))
    graded = f"{claim.provenance.reliability}{claim.provenance.credibility}" or "not graded"
    return f"{words}, {graded}, {claim.source}"


def grade_rank(claim: Claim) -> tuple[int, int]:
    """The rank of a claim by its grade, best first; one that is unknown or not graded comes last."""
    reliability, credibility = (
        claim.provenance.reliability or RELIABILITIES[-1],
        claim.provenance.credibility or CREDIBILITIES[-1],
    )
    return RELIABILITIES.index(reliability), CREDIBILITIES.index(credibility)


def _held_for_person(query: FactQuery) -> Iterator[LegalStatement]:
    found = query.case.reachable.chain_to(query.context.view, query.asset)
    if found is not None:
        yield LegalStatement(YES, _chain_text(found), links=found.links)


def _chain_text(found: AssetChain) -> str:
    steps = ", ".join(kind.lower().replace("_", " ") for kind in found.link_types)
    weakest = RELIABILITIES[found.weakest_grade - 1]
    kin = "; through a relative, who is not accused in these sources" if found.is_through_kin else ""
    return f"chain of {len(found.links)}: {steps}; weakest step graded {weakest}{kin}"


def _third_party_rights(query: FactQuery) -> Iterator[LegalStatement]:
    for link, claim in query.link_claims(query.context.incoming(query.asset, "ENCUMBERS")):
        if query.is_current(claim):
            amount = query.context.first_text(claim, "amount")
            size = f": {amount}" if amount else ""
            text = f"a right of a third party burdens it{size}{since_text(query, claim, 'start_date')}"
            yield claim_statement(UNKNOWN, text, claim, query.context.view.link_id(link.link))


def _embezzled_public_funds(query: FactQuery) -> Iterator[LegalStatement]:
    """If an asset comes from several offences, one embezzlement is enough: the others dispute nothing."""
    statements = list(_embezzled_by_offence(query))
    some = any(statement.answer == YES for statement in statements)
    yield from (replace(s, answer=UNKNOWN) if some and s.answer == NO else s for s in statements)


def _embezzled_by_offence(query: FactQuery) -> Iterator[LegalStatement]:
    for accused, claims, _ in proceeds_of(query):
        found = uncac_articles(query, accused.node)
        if not found:
            continue
        name, numbers = query.context.name_of(accused.node), ", ".join(map(str, found))
        if not _is_embezzlement(query, accused.node):
            yield claim_statement(NO, f"{name} is under UNCAC {numbers}, not embezzlement of public funds", claims[0])
        elif harmed := _public_victims(query, accused.node):
            yield claim_statement(YES, f"{name}, UNCAC {numbers}; harmed: {', '.join(harmed)}", claims[0])
        else:
            yield claim_statement(
                UNKNOWN, f"{name}, UNCAC {numbers}; that the funds were public is not said", claims[0]
            )


def _is_embezzlement(query: FactQuery, offence: int) -> bool:
    found = uncac_articles(query, offence)
    predicates = [link.far for link in query.context.incoming(offence, "PREDICATE_FOR")]
    laundered = LAUNDERING in found and any(EMBEZZLEMENT in uncac_articles(query, node) for node in predicates)
    return EMBEZZLEMENT in found or laundered


def _public_victims(query: FactQuery, offence: int) -> list[str]:
    """Agencies and state-owned enterprises harmed by an offence, or by the one that its proceeds come from."""
    offences = (offence, *(link.far for link in query.context.incoming(offence, "PREDICATE_FOR")))
    harmed = [link.far for node in offences for link in query.context.incoming(node, "VICTIM_OF")]
    return [
        query.context.name_of(node)
        for node in harmed
        if query.context.view.type(node) == "Agency" or "yes" in query.context.merged_texts(node, "state_owned")
    ]


def _convicted_in_host(query: FactQuery) -> Iterator[LegalStatement]:
    for accused in offences_under(query, query.host):
        for claim in accused.claims:
            if query.context.first_text(claim, "stage") == "convicted":
                text = f"convicted{since_text(query, claim, 'date')}: {query.context.name_of(accused.node)}"
                linked = any(found.node == accused.node for found, _, _ in proceeds_of(query))
                yield claim_statement(
                    YES if linked else UNKNOWN, text if linked else f"{text}; not linked to this asset", claim
                )


def _final_judgment_of_requesting(query: FactQuery) -> Iterator[LegalStatement]:
    for accused in offences_under(query, query.requesting):
        for claim in accused.claims:
            if query.context.first_text(claim, "stage") == "convicted":
                text = f"convicted{since_text(query, claim, 'date')}: {query.context.name_of(accused.node)}"
                yield claim_statement(UNKNOWN, f"{text}; whether it is final is not said", claim)


ASSET_FACTS: Mapping[str, FactFunction] = {
    "asset_in_host": _asset_in_host,
    "traced_to_offence": _traced_to_offence,
    "held_for_person": _held_for_person,
    "third_party_rights_considered": _third_party_rights,
    "embezzled_public_funds": _embezzled_public_funds,
    "convicted_in_host": _convicted_in_host,
    "final_judgment_of_requesting": _final_judgment_of_requesting,
}

"""Where is an asset, how does it go back to an offence, and who holds it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from kg.analysis.routes.case import Accused, Ask, says, since
from kg.analysis.routes.chains import Chain
from kg.analysis.routes.facts.offences import accused_of, articles, under
from kg.findings import Statement
from kg.law import NO, UNKNOWN, YES
from kg.records import CREDIBILITIES, RELIABILITIES, Claim

PLACES = ("LOCATED_IN", "REGISTERED_IN")
EMBEZZLEMENT, LAUNDERING = 17, 23
"""Articles of the Convention against Corruption that article 57(3)(a) names."""


def places(ask: Ask) -> Iterator[tuple[str, Claim, bool]]:
    """Each jurisdiction where the asset is said to be: its code, who says so, and whether it lasts over the day."""
    for kind in PLACES:
        for step, claim in ask.link_claims(ask.around.out(ask.asset, kind)):
            if (code := ask.around.code(step.far)) and ask.begun(claim, "start_date", "date"):
                yield code, claim, ask.holds(claim)


def hosts(ask: Ask) -> tuple[str, ...]:
    """Every jurisdiction where the asset may be on the day."""
    return tuple(sorted({code for code, _, lasts in places(ask) if lasts}))


def _in_host(ask: Ask) -> Iterator[Statement]:
    for code, claim, lasts in places(ask):
        if lasts:
            yield says(YES if code == ask.host else NO, f"in {code}{since(ask, claim, 'start_date')}", claim)
        elif code == ask.host:
            yield says(NO, f"no longer in {code}", claim)


def yielded_by(ask: Ask) -> Iterator[tuple[Accused, tuple[Claim, ...], int]]:
    """Each offence that the person is accused of and the asset is said to come from, with who says so and the link."""
    accused = {found.node: found for found in accused_of(ask)}
    for step in ask.around.out(ask.asset, "PROCEEDS_OF"):
        if found := accused.get(step.far):
            claims = tuple(c for c in ask.around.link_claims(step.link) if ask.begun(c, "date", "start_date"))
            if claims:
                yield found, claims, step.link


def _traced(ask: Ask) -> Iterator[Statement]:
    """The path is asset, offence, person. Its weakest step is that of the worse grade, which is said."""
    view = ask.around.view
    accusing = {s.far: view.link_id(s.link) for s in ask.around.out(ask.person, "ACCUSED_OF")}
    for accused, claims, link in yielded_by(ask):
        for claim in claims:
            tracing = ask.around.first(claim, "tracing")
            weakest = _weakest(
                ("the asset to the offence", claim), *(("the offence to the person", c) for c in accused.claims)
            )
            how = f" ({tracing})" if tracing else ""
            text = f"proceeds{how} of {ask.around.called(accused.node)}; weakest step: {weakest}"
            yield says(YES, text, claim, view.link_id(link), accusing[accused.node])


def _weakest(*steps: tuple[str, Claim]) -> str:
    words, claim = max(steps, key=lambda step: grade(step[1]))
    graded = f"{claim.said.reliability}{claim.said.credibility}" or "not graded"
    return f"{words}, {graded}, {claim.source}"


def grade(claim: Claim) -> tuple[int, int]:
    """How good a claim is, best first; what is unknown or not graded comes last."""
    reliability, credibility = claim.said.reliability or RELIABILITIES[-1], claim.said.credibility or CREDIBILITIES[-1]
    return RELIABILITIES.index(reliability), CREDIBILITIES.index(credibility)


def _held(ask: Ask) -> Iterator[Statement]:
    found = ask.case.reach.to(ask.around.view, ask.asset)
    if found is not None:
        yield Statement(YES, _told(found), links=found.links)


def _told(found: Chain) -> str:
    steps = ", ".join(kind.lower().replace("_", " ") for kind in found.kinds)
    weakest = RELIABILITIES[found.weakest - 1]
    kin = "; through a relative, who is not accused in these sources" if found.through_kin else ""
    return f"chain of {len(found.links)}: {steps}; weakest step graded {weakest}{kin}"


def _third_parties(ask: Ask) -> Iterator[Statement]:
    for step, claim in ask.link_claims(ask.around.into(ask.asset, "ENCUMBERS")):
        if ask.holds(claim):
            amount = ask.around.first(claim, "amount")
            text = (
                f"a right of a third party burdens it{f': {amount}' if amount else ''}{since(ask, claim, 'start_date')}"
            )
            yield says(UNKNOWN, text, claim, ask.around.view.link_id(step.link))


def _embezzled(ask: Ask) -> Iterator[Statement]:
    """Of several offences that an asset comes from, one that is embezzlement is enough: the others dispute nothing."""
    told = list(_embezzled_by_offence(ask))
    some = any(statement.answer == YES for statement in told)
    yield from (replace(s, answer=UNKNOWN) if some and s.answer == NO else s for s in told)


def _embezzled_by_offence(ask: Ask) -> Iterator[Statement]:
    for accused, claims, _ in yielded_by(ask):
        found = articles(ask, accused.node)
        if not found:
            continue
        name, numbers = ask.around.called(accused.node), ", ".join(map(str, found))
        if not _embezzlement(ask, accused.node):
            yield says(NO, f"{name} is under UNCAC {numbers}, not embezzlement of public funds", claims[0])
        elif harmed := _public_victims(ask, accused.node):
            yield says(YES, f"{name}, UNCAC {numbers}; harmed: {', '.join(harmed)}", claims[0])
        else:
            yield says(UNKNOWN, f"{name}, UNCAC {numbers}; that the funds were public is not said", claims[0])


def _embezzlement(ask: Ask, offence: int) -> bool:
    found = articles(ask, offence)
    predicates = [step.far for step in ask.around.into(offence, "PREDICATE_FOR")]
    laundered = LAUNDERING in found and any(EMBEZZLEMENT in articles(ask, node) for node in predicates)
    return EMBEZZLEMENT in found or laundered


def _public_victims(ask: Ask, offence: int) -> list[str]:
    """Agencies and state-owned enterprises that were harmed by an offence, or by that which its proceeds come from."""
    offences = (offence, *(step.far for step in ask.around.into(offence, "PREDICATE_FOR")))
    harmed = [step.far for node in offences for step in ask.around.into(node, "VICTIM_OF")]
    return [
        ask.around.called(node)
        for node in harmed
        if ask.around.view.type(node) == "Agency" or "yes" in ask.around.values(node, "state_owned")
    ]


def _convicted_in_host(ask: Ask) -> Iterator[Statement]:
    for accused in under(ask, ask.host):
        for claim in accused.claims:
            if ask.around.first(claim, "stage") == "convicted":
                text = f"convicted{since(ask, claim, 'date')}: {ask.around.called(accused.node)}"
                linked = any(found.node == accused.node for found, _, _ in yielded_by(ask))
                yield says(YES if linked else UNKNOWN, text if linked else f"{text}; not linked to this asset", claim)


def _final_judgment(ask: Ask) -> Iterator[Statement]:
    for accused in under(ask, ask.requesting):
        for claim in accused.claims:
            if ask.around.first(claim, "stage") == "convicted":
                text = f"convicted{since(ask, claim, 'date')}: {ask.around.called(accused.node)}"
                yield says(UNKNOWN, f"{text}; whether it is final is not said", claim)


ASSET_FACTS: Mapping[str, Callable[[Ask], Iterator[Statement]]] = {
    "asset_in_host": _in_host,
    "traced_to_offence": _traced,
    "held_for_person": _held,
    "third_party_rights_considered": _third_parties,
    "embezzled_public_funds": _embezzled,
    "convicted_in_host": _convicted_in_host,
    "final_judgment_of_requesting": _final_judgment,
}

"""Which assets should a freeze be asked for first?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kg.analysis.portfolio.values import ValueScale
from kg.findings import FirstFreeze, LinkedAsset, PersonRoutes, RouteAnswer, most_complete_first

FREEZE_STAGES = ("freeze", "civil_freeze")
"""Stages in which an asset is restrained."""


def first_freezes(found: Iterable[PersonRoutes], scale: ValueScale, limit: int) -> tuple[FirstFreeze, ...]:
    """At most `limit` linked assets that no measure restrains and for which some route to a freeze is not blocked.

    Those at risk come first, then by the band of their value, then what lapses first, then by id. An asset that several
    people are linked to comes once. People whom somebody calls cleared have none.
    """
    listed: dict[str, FirstFreeze] = {}
    order: dict[str, tuple[bool, float, str, str]] = {}
    for person in found:
        for asset in (asset for asset in person.assets if asset.status in ("held", "traced")):
            if (answer := _freeze_route(person, asset.asset)) is None:
                continue
            if known := listed.get(asset.asset):
                listed[asset.asset] = _joined(known, person)
                continue
            listed[asset.asset] = _first_freeze(person, asset, answer, scale)
            lapse = min((lapse.day for lapse in person.limitations), default="9999")
            order[asset.asset] = (not asset.risks, -scale.points(asset), lapse, asset.asset)
    return tuple(listed[name] for name in sorted(listed, key=order.__getitem__)[:limit])


def _freeze_route(person: PersonRoutes, asset: str) -> RouteAnswer | None:
    """The route to a freeze of an asset that is furthest, one that ends in it before one that passes through it.

    None where each is blocked, or the person is not pursued.
    """
    if not person.sought or any(statement.answer == "yes" for statement in person.clearances):
        return None
    about = [
        answer
        for answer in person.routes
        if answer.subject == asset and answer.state != "blocked" and set(FREEZE_STAGES) & set(answer.route.stages)
    ]
    ending = [answer for answer in about if answer.route.stages[-1] in FREEZE_STAGES]
    return next(iter(most_complete_first(ending or about)), None)


def _first_freeze(person: PersonRoutes, asset: LinkedAsset, answer: RouteAnswer, scale: ValueScale) -> FirstFreeze:
    interval = scale.interval(asset)
    low, high = interval or (0, 0)
    return FirstFreeze(
        asset=asset.asset,
        people=(person.person,),
        host=answer.host,
        status=asset.status,
        low=f"{low:f}",
        high=f"{high:f}",
        valued=interval is not None,
        risks=asset.risks,
        lapses=person.limitations,
        route=answer.route.name,
        state=answer.state,
        next_action=answer.stage.text if answer.stage else "",
        missing=tuple(fact.question for fact in answer.missing),
        note="; ".join(dict.fromkeys(statement.text for statement in person.came_off)),
    )


def _joined(known: FirstFreeze, person: PersonRoutes) -> FirstFreeze:
    return replace(known, people=(*known.people, person.person))

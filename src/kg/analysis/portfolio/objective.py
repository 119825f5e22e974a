"""What does working on a person cover, and how much does it count?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from kg.analysis.portfolio.values import ValueScale
from kg.findings import PersonRoutes

Elements = Mapping[tuple[str, str], float]
"""The weight of each element, by its kind and id."""

WEIGHTS: Mapping[str, float] = {"harm": 3.0, "asset": 1.0, "lapse": 1.0, "risk": 1.0, "person": 1.0}
"""What one element counts.

`harm`: somebody harmed by an offence that the person is accused of. `asset`: each step of the band of an asset that a
chain or a tracing links to the person, with a route in its host that is not blocked. `lapse`: something that ends
within a year. `risk`: such an asset that may be moved out of reach. `person`: a person with a route of return or
prosecution that is not blocked. How few facts are missing counts for nothing: nobody comes first because their case is
easy.
"""

OBJECTIVE = (
    "the weight of everything that the chosen people cover: those harmed, linked assets with a route that is not"
    " blocked by the band of their recoverable value, what lapses within a year, assets at risk of dissipation, people"
    " with a route that is not blocked. What two of them share counts once, at its most. How easy a case is does not"
    " count."
)


def covered_elements(person: PersonRoutes, scale: ValueScale, weights: Mapping[str, float] = WEIGHTS) -> Elements:
    """What one person covers; nothing where every route is blocked."""
    found: dict[tuple[str, str], float] = {}
    live = live_assets(person)
    for asset in (asset for asset in person.assets if asset.asset in live and asset.status != "returned"):
        found["asset", asset.asset] = weights["asset"] * scale.points(asset)
        found |= {("lapse", f"{asset.asset} {lapse.day}"): weights["lapse"] for lapse in asset.lapses}
        if asset.risks:
            found["risk", asset.asset] = weights["risk"]
    if has_person_route(person):
        found["person", person.person] = weights["person"]
    if not found:
        return {}
    found |= {("lapse", f"{person.person} {lapse.what} {lapse.day}"): weights["lapse"] for lapse in person.limitations}
    return found | {("harm", f"{harm.offence} {harm.victim}"): weights["harm"] for harm in person.harms}


def live_assets(person: PersonRoutes) -> frozenset[str]:
    """The linked assets with a route in a host that is not blocked."""
    linked = person.linked_assets
    return frozenset(
        answer.subject
        for answer in person.routes
        if answer.route.subject == "asset"
        and answer.subject in linked
        and answer.route.place == "host"
        and answer.state not in ("blocked", "person_initiated_only")
    )


def has_person_route(person: PersonRoutes) -> bool:
    """Whether some route of return or prosecution in a host is not blocked."""
    return any(
        answer.route.group in ("return_of_person", "prosecution")
        and answer.route.place == "host"
        and answer.state not in ("blocked", "person_initiated_only")
        for answer in person.routes
    )


def union(some: Iterable[Elements]) -> dict[tuple[str, str], float]:
    """What several people cover together: each element once, at its most."""
    found: dict[tuple[str, str], float] = {}
    for elements in some:
        for element, weight in elements.items():
            found[element] = max(weight, found.get(element, 0.0))
    return found


def total_weight(elements: Elements) -> float:
    """The sum of the weights of some elements."""
    return math.fsum(elements.values())


def gain_of(elements: Elements, taken: Elements) -> float:
    """What some elements add to those that are covered already."""
    return math.fsum(max(0.0, weight - taken.get(element, 0.0)) for element, weight in elements.items())

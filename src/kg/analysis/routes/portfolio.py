"""Whom should one work on when only so many people can be?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from kg.errors import InputError
from kg.findings import ExcludedPerson, PersonRoutes, Portfolio, PortfolioPerson

WEIGHTS: Mapping[str, float] = {"harm": 3.0, "asset": 2.0, "person": 1.0}
"""What one element counts.

`harm`: somebody harmed by an offence that the person is accused of. `asset`: an asset that a chain or a tracing links
to the person, with a route in its host that is not blocked. `person`: a person with a route of return or prosecution
that is not blocked. How few facts are missing counts for nothing: nobody comes first because their case is easy.
"""

OBJECTIVE = (
    "the weight of everything that the chosen people cover: those harmed, assets with a route that is not blocked,"
    " people with one. An asset counts where a chain or a tracing links it to the person. What two of them share counts"
    " once. How easy a case is does not count."
)
GUARANTEE = (
    "greedy choice: at least 1 - 1/e (63 %) of the best possible, because the objective is monotone and submodular"
    " (Nemhauser, Wolsey and Fisher, Mathematical Programming 14 (1978) 265); the bound printed is that of Leskovec"
    " et al., KDD 2007, section 3.2: the value plus the largest gains that are left"
)

CoveredElements = frozenset[tuple[str, str]]
"""Kind and id of each element."""


def choose_portfolio(found: Iterable[PersonRoutes], limit: int, weights: Mapping[str, float] = WEIGHTS) -> Portfolio:
    """Choose at most `limit` people greedily by what they add to those chosen before; ties are broken by id.

    These people are left out, each with the reason: whoever is not sought, is cleared by anybody, has died, has nothing
    that is not blocked, or adds less than those chosen. Raises InputError for a limit or weight below zero.
    """
    if limit < 0 or min(weights.values(), default=0.0) < 0:
        raise InputError("expected a limit and weights of 0 or more")
    covers: dict[str, CoveredElements] = {}
    left_out: dict[str, str] = {}
    for person in found:
        covered, why = covered_elements(person), exclusion_reason(person)
        if why or not covered:
            left_out[person.person] = why or "every route is blocked"
        else:
            covers[person.person] = covered
    chosen, value = choose_greedily(covers, limit, weights)
    taken = frozenset[tuple[str, str]]().union(*(covers[c.person] for c in chosen))
    gains = {p: total_weight(e - taken, weights) for p, e in covers.items() if p not in {c.person for c in chosen}}
    left_out |= {p: f"would add {gain:g}" for p, gain in gains.items()}
    bound = value + sum(sorted(gains.values(), reverse=True)[:limit])
    everything = total_weight(frozenset[tuple[str, str]]().union(*covers.values()), weights)
    return Portfolio(
        limit=limit,
        objective=OBJECTIVE,
        weights=weights,
        chosen=tuple(chosen),
        value=value,
        bound=min(bound, everything),
        guarantee=GUARANTEE,
        left_out=tuple(ExcludedPerson(person, why) for person, why in sorted(left_out.items())),
    )


def choose_greedily(
    covers: Mapping[str, CoveredElements], limit: int, weights: Mapping[str, float]
) -> tuple[list[PortfolioPerson], float]:
    """Choose whoever adds most next, until the limit is reached or nobody adds anything, and add up the gains."""
    chosen: list[PortfolioPerson] = []
    taken, left = frozenset[tuple[str, str]](), dict(sorted(covers.items()))
    while left and len(chosen) < limit:
        person = max(left, key=lambda p: total_weight(left[p] - taken, weights))
        new = left.pop(person) - taken
        gain = total_weight(new, weights)
        if gain <= 0:
            break
        chosen.append(PortfolioPerson(person, gain, dict(sorted(Counter(kind for kind, _ in new).items()))))
        taken |= new
    return chosen, math.fsum(c.gain for c in chosen)


def total_weight(some: CoveredElements, weights: Mapping[str, float]) -> float:
    """The sum of the weights of some elements."""
    return math.fsum(weights.get(kind, 0.0) for kind, _ in some)


def covered_elements(person: PersonRoutes) -> CoveredElements:
    """What one person covers; nothing where every route is blocked."""
    found, linked = set(), person.linked_assets
    for answer in person.routes:
        if answer.state in ("blocked", "person_initiated_only") or answer.route.place != "host":
            continue
        if answer.route.subject == "asset" and answer.subject in linked:
            found.add(("asset", answer.subject))
        elif answer.route.group in ("return_of_person", "prosecution"):
            found.add(("person", person.person))
    harms = {("harm", f"{harm.offence} {harm.victim}") for harm in person.harms}
    return frozenset(found | harms) if found else frozenset()


def exclusion_reason(person: PersonRoutes) -> str:
    """Why a person is left out before any choice; empty where there is no reason."""
    if not person.sought:
        return "no warrant, notice or listing is in force"
    if any(statement.answer == "yes" for statement in person.clearances):
        return "somebody says that this person is cleared: look at that first"
    if any("death_recorded" in answer.decided_by and answer.state == "blocked" for answer in person.routes):
        return "the sources record that this person has died"
    return "" if person.routes else "not on the active list of the requesting jurisdiction"

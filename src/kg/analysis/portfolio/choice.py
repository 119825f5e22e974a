"""Whom should one work on when only so many people, or so many working days, can be spent?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from kg.analysis.portfolio.first_freezes import first_freezes
from kg.analysis.portfolio.objective import (
    OBJECTIVE,
    WEIGHTS,
    Elements,
    covered_elements,
    gain_of,
    live_assets,
    total_weight,
    union,
)
from kg.analysis.portfolio.values import ValueScale, values_by_status
from kg.errors import InputError
from kg.findings import ExcludedPerson, PersonRoutes, Portfolio, PortfolioPerson, WorkBudget

NO_BUDGET = WorkBudget(0, 10, 3)
"""No budget; what a case would take by the assumptions that are made unless others are given."""

GUARANTEE = (
    "greedy choice: at least 1 - 1/e (63 %) of the best possible, because the objective is monotone and submodular"
    " (Nemhauser, Wolsey and Fisher, Mathematical Programming 14 (1978) 265); the bound printed is that of Leskovec"
    " et al., KDD 2007, section 3.2: the value plus the largest gains that are left"
)

BUDGET_GUARANTEE = (
    "the better of two greedy choices, by gain and by gain for each working day: without a limit on people at least"
    " (1 - 1/e)/2 (31 %) of the best possible (Leskovec et al., KDD 2007, section 3.1); the bound printed is that of"
    " section 3.2: the value plus the largest gains that are left, as far as the days go"
)

Choice = tuple[tuple[str, float], ...]
"""The people that are chosen, in order, each with what they add."""


def choose_portfolio(
    found: Iterable[PersonRoutes],
    limit: int,
    scale: ValueScale,
    budget: WorkBudget = NO_BUDGET,
    weights: Mapping[str, float] = WEIGHTS,
) -> Portfolio:
    """Choose at most `limit` people greedily by what they add to those chosen before; ties are broken by id.

    With a budget, no more than its working days are spent. These people are left out, each with the reason: whoever is
    not sought, is cleared by anybody, came off by a record, has nothing that is not blocked, or adds less than those
    chosen. Raises InputError for a limit, a budget or a weight below zero.
    """
    if limit < 0 or min(weights.values(), default=0.0) < 0:
        raise InputError("expected a limit and weights of 0 or more")
    if min(budget.days, budget.per_person, budget.per_asset) < 0 or (budget.days and not budget.per_person):
        raise InputError("expected working days of 0 or more, and 1 or more for each person")
    people = {person.person: person for person in found}
    covers: dict[str, Elements] = {}
    left_out: dict[str, str] = {}
    for name, person in people.items():
        covered, why = covered_elements(person, scale, weights), exclusion_reason(person)
        if why or not covered:
            left_out[name] = why or "every route is blocked"
        else:
            covers[name] = covered
    costs = {name: budget.per_person + budget.per_asset * len(live_assets(people[name])) for name in covers}
    choice = choose_greedily(covers, limit, costs, budget.days)
    taken = union(covers[name] for name, _ in choice)
    chosen = {name for name, _ in choice}
    gains = {name: gain_of(elements, taken) for name, elements in covers.items() if name not in chosen}
    left_out |= {name: f"would add {gain:g}" for name, gain in gains.items()}
    value = math.fsum(gain for _, gain in choice)
    return Portfolio(
        limit=limit,
        budget=budget,
        objective=OBJECTIVE,
        weights=weights,
        currency=scale.currency,
        chosen=tuple(_described(choice, people, covers, costs, scale)),
        value=value,
        bound=min(value + most_left(gains, costs, limit, budget.days), total_weight(union(covers.values()))),
        guarantee=BUDGET_GUARANTEE if budget.days else GUARANTEE,
        values=values_by_status((asset for name in chosen for asset in people[name].assets), scale),
        first_freezes=first_freezes(people.values(), scale, limit),
        left_out=tuple(ExcludedPerson(person, why) for person, why in sorted(left_out.items())),
        rates=scale.rates,
    )


def _described(
    choice: Choice,
    people: Mapping[str, PersonRoutes],
    covers: Mapping[str, Elements],
    costs: Mapping[str, int],
    scale: ValueScale,
) -> Iterable[PortfolioPerson]:
    taken: dict[tuple[str, str], float] = {}
    for name, gain in choice:
        added = Counter(kind for (kind, of), weight in covers[name].items() if weight > taken.get((kind, of), 0.0))
        taken = union((taken, covers[name]))
        person = people[name]
        lapses = {*person.limitations, *(lapse for asset in person.assets for lapse in asset.lapses)}
        yield PortfolioPerson(
            person=name,
            gain=gain,
            adds=dict(sorted(added.items())),
            values=values_by_status(person.assets, scale),
            lapses=tuple(sorted(lapses, key=lambda lapse: (lapse.day, lapse.what))),
            days=costs[name],
        )


def choose_greedily(covers: Mapping[str, Elements], limit: int, costs: Mapping[str, int], days: int) -> Choice:
    """Choose whoever adds most next, until the limit is reached, the days are spent or nobody adds anything.

    With working days, the better of two choices: by what they add, and by that for each day that they cost.
    """
    by_gain = _choose_by(covers, limit, costs, days, lambda _, gain: gain)
    if not days:
        return by_gain
    by_ratio = _choose_by(covers, limit, costs, days, lambda name, gain: gain / costs[name])
    return max(by_gain, by_ratio, key=lambda choice: math.fsum(gain for _, gain in choice))


def _choose_by(
    covers: Mapping[str, Elements],
    limit: int,
    costs: Mapping[str, int],
    days: int,
    worth: Callable[[str, float], float],
) -> Choice:
    chosen: list[tuple[str, float]] = []
    taken: dict[tuple[str, str], float] = {}
    left, spent = dict(sorted(covers.items())), 0
    while left and len(chosen) < limit:
        gains = {name: gain_of(elements, taken) for name, elements in left.items()}
        fitting = [name for name in left if gains[name] > 0 and (not days or spent + costs[name] <= days)]
        if not fitting:
            break
        person = max(fitting, key=lambda name: worth(name, gains[name]))
        chosen.append((person, gains[person]))
        spent += costs[person]
        taken = union((taken, left.pop(person)))
    return tuple(chosen)


def most_left(gains: Mapping[str, float], costs: Mapping[str, int], limit: int, days: int) -> float:
    """The most that any choice could still add: the largest gains, and no more than the days allow, parts included."""
    within_limit = math.fsum(sorted(gains.values(), reverse=True)[:limit])
    if not days:
        return within_limit
    within_days, rest = 0.0, float(days)
    for name in sorted(gains, key=lambda name: -gains[name] / costs[name]):
        part = min(1.0, rest / costs[name])
        within_days, rest = within_days + part * gains[name], rest - part * costs[name]
    return min(within_limit, within_days)


def exclusion_reason(person: PersonRoutes) -> str:
    """Why a person is left out before any choice; empty where there is no reason."""
    if not person.sought:
        return "no warrant, notice or listing is in force"
    if any(statement.answer == "yes" for statement in person.clearances):
        return "somebody says that this person is cleared: look at that first"
    if person.came_off:
        told = "; ".join(dict.fromkeys(statement.text for statement in person.came_off))
        sources = sorted({name for statement in person.came_off for name in statement.sources})
        return f"the sources record that this person {told}" + (f" [{', '.join(sources)}]" if sources else "")
    return "" if person.routes else "not on the active list of the requesting jurisdiction"

"""Do bounds of traced money hold in every order, amount and opening balance that they allow?"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from itertools import combinations, permutations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.analysis.flows import tracing
from kg.analysis.flows.bounds import ANYTHING, NOTHING, UNBOUNDED, Bounds, exactly, total
from kg.analysis.flows.orders import Movement
from kg.analysis.flows.rules import empty_account, other_lot, traced_lot
from kg.analysis.flows.tracing import Tracing, trace
from kg.findings.flows import TRACING_RULES

SOURCE = "thief"
NAMES = (SOURCE, "a", "b", "c")

CHANCES = st.integers(0, 10**9).map(random.Random)
"""Not those of Hypothesis, which mostly choose the least."""

rules = pytest.mark.parametrize("rule", TRACING_RULES)


@st.composite
def payments(draw: st.DrawFn, most_days: int = 4, widths: tuple[int, ...] = (0, 1, 2), most: int = 8) -> list[Movement]:
    """Some payments among four, some of which may be on several days or of several amounts."""
    found = []
    for i in range(draw(st.integers(1, most))):
        payer = draw(st.sampled_from((SOURCE, SOURCE, "a", "a", "b", "c")))
        payee = draw(st.sampled_from([name for name in (*NAMES, "shop") if name != payer]))
        first, amount = draw(st.integers(1, most_days)), draw(st.integers(1, 6))
        last = first + draw(st.sampled_from(widths))
        high = amount + draw(st.sampled_from((0, 0, 3)) if widths != (0,) else st.just(0))
        bounds = Bounds(Fraction(amount), Fraction(high))
        found.append(
            Movement(str(i), payer, payee, first, last, bounds, draw(st.sampled_from(("USD", "USD", "USD", "EUR"))))
        )
    return found


Amounts = dict[str, Fraction]


def live_through(
    rule: str, made: Sequence[tuple[Movement, int]], opening: int
) -> tuple[Amounts, dict[tuple[str, str], Fraction]]:
    """What one course of events says by the words of the rule: traced, by payment, and by account in the end."""
    purses: dict[tuple[str, str], list[tuple[Fraction, Fraction]]] = {}
    traced = {}
    for movement, amount in made:
        start = [(Fraction(opening), Fraction(0))] if opening else []
        payer = purses.setdefault((movement.payer, movement.currency), list(start))
        payee = purses.setdefault((movement.payee, movement.currency), list(start))
        if movement.payer == SOURCE:
            taken = [(Fraction(amount), Fraction(amount))]
        else:
            taken = take(rule, payer, Fraction(amount))
        traced[movement.id] = sum((t for _, t in taken), Fraction(0))
        if movement.payee != SOURCE:
            payee += taken
    left = {name: sum((t for _, t in purse), Fraction(0)) for name, purse in purses.items() if name[0] != SOURCE}
    return traced, left


def take(rule: str, purse: list[tuple[Fraction, Fraction]], amount: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Take an amount out of a purse, whose parts are (amount, traced)."""
    balance = sum((a for a, _ in purse), Fraction(0))
    if balance < amount:
        purse.append((amount - balance, Fraction(0)))
        balance = amount
    held = sum((t for _, t in purse), Fraction(0))
    if rule != "fifo":
        gone = held * amount / balance if rule == "pro-rata" else max(Fraction(0), amount - (balance - held))
        purse[:] = [(balance - amount, held - gone)]
        return [(amount, gone)]
    taken = []
    while amount:
        first, marked = purse.pop(0)
        part = min(first, amount)
        assert marked in (0, first)
        taken.append((part, part if marked else Fraction(0)))
        if part < first:
            purse.insert(0, (first - part, first - part if marked else Fraction(0)))
        amount -= part
    return taken


@rules
@given(payments(), CHANCES, st.booleans())
def test_bounds_hold_in_every_course_of_events(
    rule: str, movements: list[Movement], chance: random.Random, unknown: bool
) -> None:
    found = trace(movements, [SOURCE], rule, ANYTHING if unknown else NOTHING)
    hold_in_some_courses(found, rule, movements, chance, unknown)


@rules
@given(payments(), CHANCES, st.booleans(), st.sampled_from([(1, 1, 2), (120, 1, 480), (120, 120, 1), (3, 120, 480)]))
def test_bounds_hold_where_not_all_is_told_apart(
    rule: str, movements: list[Movement], chance: random.Random, unknown: bool, limits: tuple[int, int, int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in zip(("MAX_STATES", "MAX_ORDERS", "MAX_COURSES"), limits, strict=True):
            patch.setattr(tracing, name, limit)
        found = trace(movements, [SOURCE], rule, ANYTHING if unknown else NOTHING)
    hold_in_some_courses(found, rule, movements, chance, unknown)


def hold_in_some_courses(
    found: Tracing, rule: str, movements: Sequence[Movement], chance: random.Random, unknown: bool
) -> None:
    """Live through courses of events, and hold the bounds against them."""
    for _ in range(5):
        days = {m.id: (chance.randint(m.first, m.last), chance.random()) for m in movements}
        order = sorted(movements, key=lambda m: days[m.id])
        made = [(m, chance.randint(int(m.amount.low), int(m.amount.high))) for m in order]
        lived, left = live_through(rule, made, chance.choice((0, 0, 1, 5)) if unknown else 0)
        for account, amount in left.items():
            low, high = found.held.get(account, NOTHING)
            assert low <= amount <= high, (account, amount)
        for name, amount in lived.items():
            low, high = found.traced.get(name, NOTHING)
            assert low <= amount <= high, (name, amount)


@rules
@given(payments(most_days=30, widths=(0,)))
def test_payments_of_known_order_are_counted_exactly(rule: str, movements: list[Movement]) -> None:
    apart = [m._replace(first=10 * i + 1, last=10 * i + 1) for i, m in enumerate(movements)]
    lived, _ = live_through(rule, [(m, int(m.amount.low)) for m in apart], 0)
    found = trace(apart, [SOURCE], rule)
    assert {n: exactly(amount) for n, amount in lived.items() if amount} == dict(found.traced)
    paid = sum((m.amount.low for m in apart if m.payer == SOURCE), Fraction(0))
    back = sum((lived[m.id] for m in apart if m.payee == SOURCE), Fraction(0))
    assert sum((held.low for held in found.held.values()), back) == paid


@pytest.mark.parametrize("rule", [rule for rule in TRACING_RULES if rule != "fifo"])
@given(payments(most_days=3, widths=(0, 0, 2), most=5))
def test_bounds_of_few_payments_are_reached(rule: str, movements: list[Movement]) -> None:
    """By the rules for which it does not matter in which order an account got what it did not pay on meanwhile."""
    known = [m._replace(amount=exactly(m.amount.low), currency="USD") for m in movements]
    lived = list[dict[str, Fraction]]()
    left = list[dict[tuple[str, str], Fraction]]()
    for order in permutations(known):
        if all(a.first <= b.last for a, b in combinations(order, 2)):
            one = live_through(rule, [(m, int(m.amount.low)) for m in order], 0)
            lived.append(one[0])
            left.append(one[1])
    found = trace(known, [SOURCE], rule)
    assert not found.widened
    for m in known:
        assert found.traced.get(m.id, NOTHING) == hull(one[m.id] for one in lived), m
    for name in left[0]:
        assert found.held.get(name, NOTHING) == hull(one[name] for one in left), name


def hull(amounts: Iterable[Fraction]) -> Bounds:
    """The least and the greatest of some amounts."""
    several = list(amounts)
    return Bounds(min(several), max(several))


@rules
@settings(max_examples=40)
@given(payments(), st.booleans())
def test_no_more_is_traced_than_was_paid(rule: str, movements: list[Movement], unknown: bool) -> None:
    found = trace(movements, [SOURCE], rule, ANYTHING if unknown else NOTHING)
    by_id = {m.id: m for m in movements}
    given = sum((m.amount.high for m in movements if m.payer == SOURCE), Fraction(0))
    for name, (low, high) in found.traced.items():
        assert 0 <= low <= high <= by_id[name].amount.high
    assert sum((held.low for held in found.held.values()), Fraction(0)) <= given
    assert all(held.high <= given for held in found.held.values())


@given(payments(widths=(0,), most_days=20))
def test_rules_agree_where_nothing_is_mixed(movements: list[Movement]) -> None:
    apart = [m._replace(first=10 * i + 1, last=10 * i + 1) for i, m in enumerate(movements)]
    only: list[Movement] = []
    for m in apart:
        held = trace(only, [SOURCE], "fifo").held.get((m.payer, m.currency), NOTHING).low
        if m.payer == SOURCE or held >= m.amount.low:  # nobody spends what did not come from the source
            only.append(m)
    one, *others = (trace(only, [SOURCE], rule) for rule in TRACING_RULES)
    assert all(other == one for other in others)


@rules
@given(payments(), CHANCES)
def test_the_order_of_input_changes_nothing(rule: str, movements: list[Movement], chance: random.Random) -> None:
    mixed = list(movements)
    chance.shuffle(mixed)
    assert trace(mixed, [SOURCE], rule) == trace(movements, [SOURCE], rule)


@rules
def test_many_payments_of_one_month_have_bounds_without_any_order(rule: str) -> None:
    circle = [
        Movement(f"{i}", *pair, 1, 30, exactly(Fraction(10)), "USD")
        for i, pair in enumerate([("a", "b"), ("b", "c"), ("c", "a")] * 5)
    ]
    movements = [Movement("in", SOURCE, "a", 1, 30, exactly(Fraction(25)), "USD"), *circle]
    found: Tracing = trace(movements, [SOURCE], rule)
    assert found.unordered == {m.id for m in movements}
    assert {found.traced[m.id] for m in circle} == {Bounds(Fraction(0), Fraction(10))}
    assert set(found.held.values()) == {Bounds(Fraction(0), Fraction(25))}


@rules
def test_an_amount_that_nobody_states_bounds_nothing(rule: str) -> None:
    movements = [
        Movement("in", SOURCE, "a", 1, 1, ANYTHING, "USD"),
        Movement("out", "a", "b", 2, 2, exactly(Fraction(7)), "USD"),
        Movement("on", "b", "c", 3, 3, ANYTHING, "USD"),
    ]
    found = trace(movements, [SOURCE], rule)
    assert found.traced["in"].high == UNBOUNDED
    assert found.traced["out"] == Bounds(Fraction(0), Fraction(7)) == found.traced["on"]


STEPS = st.lists(
    st.tuples(st.sampled_from(("traced", "other", "out", "out")), st.integers(1, 4)), min_size=2, max_size=6
)


@pytest.mark.parametrize("rule", ["fifo", "lowest-balance"])
@given(STEPS)
def test_bounds_with_an_unknown_opening_balance_are_those_of_some_opening_balance(
    rule: str, steps: list[tuple[str, int]]
) -> None:
    """Of one account and known payments: no wider than what every opening balance, tried one by one, gives."""
    found = pass_through(rule, ANYTHING, steps)
    tried = [pass_through(rule, exactly(Fraction(half, 2)), steps) for half in range(60)]
    assert found == [reduce(Bounds.hull, each) for each in zip(*tried, strict=True)]


@settings(max_examples=25)
@given(STEPS)
@example([("traced", 1), ("out", 2), ("other", 1), ("out", 2)])
@example([("out", 1), ("out", 4), ("traced", 1), ("out", 1), ("out", 1)])
def test_proportions_with_an_unknown_opening_balance_are_near_those_of_some_opening_balance(
    steps: list[tuple[str, int]],
) -> None:
    """Of one account and known payments: at most by half wider than the largest of balances tried one by one.

    Nobody whom it pays pays it: in what they return, traced money hangs on their own opening balance.
    """
    ends = {"traced": (SOURCE, "a"), "other": ("other", "a"), "out": ("a", "shop")}
    made = [Movement(str(i), *ends[kind], i, i, exactly(Fraction(n)), "USD") for i, (kind, n) in enumerate(steps)]
    found = trace(made, [SOURCE], "pro-rata", ANYTHING)
    openings = [exactly(Fraction(n, 8)) for n in (*range(40), *range(40, 120, 8), 200, 500, 2000)]
    tried = [trace(made, [SOURCE], "pro-rata", opening) for opening in openings]
    for movement in (m for m in made if m.payer == "a"):
        highs = [one.traced.get(movement.id, NOTHING).high for one in tried]
        assert found.traced.get(movement.id, NOTHING).high <= max(highs) * Fraction(3, 2), movement


def pass_through(rule: str, opening: Bounds, steps: list[tuple[str, int]]) -> list[Bounds]:
    """How much of each payment out of an account is traced."""
    account, taken = empty_account(rule, opening), []
    for kind, whole in steps:
        amount = exactly(Fraction(whole))
        if kind == "out":
            lots, account = account.pay_out(amount)
            taken.append(total(lot.traced for lot in lots))
        else:
            account = account.pay_in((traced_lot(amount) if kind == "traced" else other_lot(amount),))
    return taken

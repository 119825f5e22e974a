"""Whom to work on under a budget, what is frozen first, and who comes off?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis.portfolio import WEIGHTS, ValueScale, choose_portfolio
from kg.analysis.portfolio.choice import NO_BUDGET, choose_greedily, most_left
from kg.analysis.portfolio.objective import Elements, covered_elements, gain_of, total_weight, union
from kg.errors import InputError
from kg.findings import STATUS_LABELS, ExcludedPerson, PersonRoutes, Portfolio, WorkBudget
from kg.law import load_law
from kg.records import Record
from tests.unit.analysis.routes.legal_case import GRADED, case, determination, find_routes, link, node, resident

DAY = date(2014, 12, 5)

TRACED = STATUS_LABELS["traced"]


def scale(currency: str = "USD") -> ValueScale:
    """The scale of the day."""
    return ValueScale(load_law().rates, DAY, currency)


def choose(people: Sequence[PersonRoutes], limit: int, budget: WorkBudget = NO_BUDGET) -> Portfolio:
    """The portfolio of some people on the day."""
    return choose_portfolio(people, limit, scale(), budget)


def house(**values: str) -> Record:
    """The house, with a value."""
    return node("house", "RealEstate", name="a house", said=GRADED, **values)


def test_the_portfolio_says_what_it_weighs_and_whom_it_left_out() -> None:
    one = find_routes(case(resident("US")))
    chosen = choose([one], 1)
    assert [(c.gain, dict(c.adds)) for c in chosen.chosen] == [(5.0, {"harm": 1, "asset": 1, "person": 1})]
    assert (chosen.value, chosen.bound, chosen.left_out) == (5.0, 5.0, ())
    assert choose([one], 0).left_out == (ExcludedPerson(one.person, "would add 5"),)


@pytest.mark.parametrize(("stage", "date"), [("charged", "2015-01-01"), ("cleared", "2013")])
def test_nobody_counts_as_harmed_by_what_is_not_laid_to_the_person_on_the_day(stage: str, date: str) -> None:
    accused = link("ann ACCUSED_OF theft", "accused", stage=stage, said_by="the prosecutor", date=date)
    one = find_routes(case(resident("US"), accused, without=["accused"]))
    assert one.harms == ()
    assert find_routes(case(resident("US"))).harms != ()


def test_whoever_is_cleared_by_anybody_is_left_out_with_that_reason_and_nothing_of_theirs_is_frozen_first() -> None:
    cleared = link("ann ACCUSED_OF theft", key="c", stage="cleared", said_by="a court (invented)", date="2013")
    chosen = choose([find_routes(case(resident("US"), cleared))], 5)
    assert (chosen.chosen, chosen.first_freezes) == ((), ())
    assert [one.why for one in chosen.left_out] == ["somebody says that this person is cleared: look at that first"]


def test_how_few_facts_are_missing_moves_nobody_up() -> None:
    easy = [*determination("dual_criminality", "yes"), *determination("freezing_order_or_grounds", "yes", "house")]
    hard, eased = find_routes(case(resident("US"))), find_routes(case(resident("US"), easy))
    assert covered_elements(hard, scale()) == covered_elements(eased, scale())


def test_an_asset_that_neither_a_chain_nor_a_tracing_links_to_the_person_counts_for_nothing() -> None:
    far = [
        *(node("kim", name="Kim Example"), node("cal", name="Cal Example")),
        *(link("ann FAMILY_OF kim"), link("kim FAMILY_OF cal"), link("cal OWNS house")),
    ]
    one = find_routes(case(resident("US"), far, without=["owns", "from"]))
    assert [kind for kind, _ in covered_elements(one, scale())].count("asset") == 0
    assert {answer.route.subject for answer in one.routes} == {"person", "asset"}
    assert choose([one], 1).first_freezes == ()


def test_voluntary_return_alone_is_no_element() -> None:
    one = find_routes(case(resident("US"), without=["house", "owns", "there", "from"]))
    kept = tuple(a for a in one.routes if a.route.id == "voluntary_return")
    alone = PersonRoutes(one.person, one.papers, (), (), one.harms, kept)
    assert covered_elements(alone, scale()) == {}


@pytest.mark.parametrize(
    ("records", "without", "host", "why"),
    [
        ([node("ann", name="Ann Example", death_date="2014-01-01")], ["ann"], "", "died 2014-01-01"),
        ([resident("CN", start_date="2013-04-01")], [], "", "is in CN again (resident)"),
        ([resident("US", end_date="2013-05-06")], [], "US", "left US: there until 2013-05-06"),
        ([resident("US"), determination("tried_already", "yes", host="US")], [], "", "was tried already: yes"),
    ],
    ids=("died", "back", "left", "tried"),
)
def test_whoever_died_left_or_was_tried_comes_off_by_the_record(
    records: list[Record | Sequence[Record]], without: list[str], host: str, why: str
) -> None:
    chosen = choose([find_routes(case(*records, without=without), host=host)], 5)
    assert chosen.chosen == ()
    assert [one.why for one in chosen.left_out] == [f"the sources record that this person {why} [case]"]


def test_whoever_is_said_to_be_in_two_places_or_left_another_host_stays() -> None:
    both = [resident("CN", start_date="2013-04-01"), resident("US")]
    assert find_routes(case(*both)).came_off == ()
    assert find_routes(case(resident("CA", end_date="2013")), host="US").came_off == ()
    doubtful = link("ann PRESENT_IN jurisdiction:CN", how="suspected", start_date="2013-04-01")
    assert find_routes(case(doubtful)).came_off == ()


def test_the_assets_of_the_dead_are_still_to_be_frozen() -> None:
    dead = node("ann", name="Ann Example", death_date="2014-01-01")
    (first,) = choose([find_routes(case(resident("US"), dead, without=["ann"]))], 5).first_freezes
    assert (first.status, first.valued, first.note) == ("traced", False, "died 2014-01-01")


# --- values -----------------------------------------------------------------------------------------------------------


def told_values(*more: Record, without: Sequence[str] = ()) -> list[str]:
    """What the first person chosen has, by status."""
    (one,) = choose([find_routes(case(resident("US"), *more, without=without))], 1).chosen
    return [value.text for value in one.values]


def test_values_are_told_in_one_currency_as_an_interval_at_a_dated_rate() -> None:
    priced = house(valuation="market 2013 1000000..1200000 HKD")
    one = find_routes(case(resident("US"), priced, without=["house"]))
    found = choose([one], 1)
    assert found.rates == ("1 USD = 7.74926 to 7.76763 HKD, 2014-07-01 to 2014-09-30 (exchange_rates.csv)",)
    # 1,000,000 / 7.76763 downwards and 1,200,000 / 7.74926 upwards
    assert [value.text for value in found.values] == [f"{TRACED}: 128,739 to 154,854 (1 asset)"]
    euros = choose_portfolio([one], 1, scale("EUR"))
    low, high = 1000000 / 7.76763 * 0.730566, 1200000 / 7.74926 * 0.794724
    assert [(v.low, v.high) for v in euros.values] == [(str(math.floor(low)), str(math.ceil(high)))]


def test_what_is_only_held_is_certain_for_nothing_and_a_share_or_a_charge_makes_less_of_it() -> None:
    priced = house(valuation="market 2013 1000000 USD")
    assert told_values(priced, without=["house", "from"]) == [
        "identified, not restrained: 0 to 1,000,000 (1 asset)",
    ]
    held = link("ann OWNS house", key="owns", share="40..60", said=GRADED)
    freeze = [
        *(node("f", "Measure", name="freeze 1", kind="freeze", ordered_on="2012-01-01"), link("f TARGETS house")),
        *(node("court", "Agency", name="Court (invented)"), link("f ORDERED_BY court")),
        link("court AGENCY_OF jurisdiction:US", key="court-of"),
    ]
    assert told_values(priced, held, *freeze, without=["house", "owns", "from"]) == [
        "restrained: 400,000 to 600,000 (1 asset)",
    ]
    bank = [node("bank", "Enterprise", name="Bank (invented)"), link("bank ENCUMBERS house", amount="300000 USD")]
    assert told_values(priced, *bank, without=["house"]) == [f"{TRACED}: 700,000 to 1,000,000 (1 asset)"]
    mixed = link("house PROCEEDS_OF theft", key="from", tracing="commingled", said=GRADED)
    assert told_values(priced, mixed, without=["house", "from"]) == [f"{TRACED}: 0 to 1,000,000 (1 asset)"]


def test_a_value_of_a_later_day_and_one_without_a_rate_count_for_nothing() -> None:
    later = house(valuation="market 2015 1000000 USD")
    assert told_values(later, without=["house"]) == [f"{TRACED}: 0 (1 asset, 1 without a value)"]
    pataca = house(valuation="market 2013 1000000 MOP")
    assert told_values(pataca, without=["house"]) == [
        f"{TRACED}: 0 (1 asset); not converted: MOP 1000000",
    ]


def test_a_larger_value_counts_for_more_and_a_returned_one_for_nothing() -> None:
    def gain(value: str, *more: Record) -> float:
        return choose([find_routes(case(resident("US"), house(valuation=value), *more, without=["house"]))], 1).value

    assert [gain(f"market 2013 {n} USD") for n in (50_000, 500_000, 5_000_000)] == [5.0, 6.0, 7.0]
    back = [
        *(node("r", "Measure", name="return 1", kind="return", ordered_on="2012", returned_on="2013"),),
        link("r TARGETS house"),
    ]
    assert gain("market 2013 5000000 USD", *back) == 4.0


# --- what is urgent ---------------------------------------------------------------------------------------------------


def test_what_lapses_within_a_year_and_what_may_be_moved_count_and_are_told() -> None:
    account = [
        *(node("acc", "BankAccount", name="an account", said=GRADED), link("ann OWNS acc", key="holds", said=GRADED)),
        link("acc LOCATED_IN jurisdiction:US", key="in-us", said=GRADED),
        link("acc PROCEEDS_OF theft", key="acc-from", tracing="direct", said=GRADED),
        *(node("kim", name="Kim Example"), link("acc PAID kim", key="paid", date="2014-03-02", said=GRADED)),
        link("acc PAID kim", key="refund", date="2014-03-05", amount="-20 USD", said=GRADED),
    ]
    theft = node("theft", "Offence", name="embezzlement", law_of="CN", limitation_date="2015-03-01")
    found = choose([find_routes(case(resident("US"), account, theft, without=["theft"]))], 3)
    (one,) = found.chosen
    assert dict(one.adds) == {"harm": 1, "asset": 2, "person": 1, "lapse": 1, "risk": 1}
    assert [(lapse.day, lapse.what) for lapse in one.lapses] == [
        ("2015-03-01", "time for prosecution ends: embezzlement")
    ]
    first, second = found.first_freezes
    assert first.risks == (
        "it can be moved at once (bank account)",
        "1 paid out of it since the person is sought, the last on 2014-03-02",
    )
    assert (second.risks, first.state, first.host) == ((), "needs", "US")
    assert first.next_action.startswith("stage 2 of 2, freeze: central authority of CN applies for a freezing")


def test_a_freeze_that_lapses_counts_and_one_that_has_lapsed_restrains_nothing() -> None:
    def found(expires: str) -> Portfolio:
        freeze = [
            node("f", "Measure", name="freeze 1", kind="freeze", ordered_on="2012-01-01", expires_on=expires),
            *(link("f TARGETS house"), node("court", "Agency", name="Court (invented)")),
            *(link("f ORDERED_BY court"), link("court AGENCY_OF jurisdiction:US", key="court-of")),
        ]
        return choose([find_routes(case(resident("US"), freeze))], 1)

    (one,) = (soon := found("2015-02-01")).chosen
    assert [(lapse.day, lapse.what) for lapse in one.lapses] == [
        ("2015-02-01", "lapses unless it is renewed: freeze 1 of 2012-01-01, on a house")
    ]
    assert soon.first_freezes == ()
    (first,) = found("2014-02-01").first_freezes
    assert first.risks == ("no longer restrained: freeze 1 of 2012-01-01, expired 2014-02-01",)


@pytest.mark.parametrize(
    ("answer", "sent_to", "restrained"),
    [("executed", "US", True), ("partly_executed", "US", True), ("refused", "US", False), ("executed", "FR", False)],
)
def test_what_another_state_ordered_counts_where_the_host_executed_its_request(
    answer: str, sent_to: str, restrained: bool
) -> None:
    order = [
        node("f", "Measure", name="freeze 1", kind="freeze", ordered_on="2012-01-01"),
        *(link("f TARGETS house"), node("court", "Agency", name="Court (invented)")),
        *(link("f ORDERED_BY court"), link("court AGENCY_OF jurisdiction:CN", key="court-of")),
        node("r", "Request", name="MLA 1", kind="freeze", sent_to=sent_to, sent_on="2012", answer=answer),
        *(link("r TARGETS house"), link("r ISSUED_BY jurisdiction:CN")),
    ]
    found = choose([find_routes(case(resident("US"), order))], 1)
    assert [value.status for value in found.values] == ["restrained" if restrained else "traced"]
    risk = "freeze 1 of 2012-01-01, ordered by CN: no record says that US executes it"
    assert [first.risks for first in found.first_freezes] == ([] if restrained else [(risk,)])


# --- the choice -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("budget", [WorkBudget(-1, 10, 3), WorkBudget(5, 0, 3)])
def test_a_limit_or_a_budget_below_zero_is_refused(budget: WorkBudget) -> None:
    with pytest.raises(InputError, match="0 or more"):
        choose([], -1)
    with pytest.raises(InputError, match="0 or more, and 1 or more for each person"):
        choose([], 1, budget)


def test_a_budget_of_working_days_is_kept_and_told() -> None:
    one = find_routes(case(resident("US")))
    kept = choose([one], 5, WorkBudget(13, 10, 3))
    assert [c.days for c in kept.chosen] == [13]
    short = choose([one], 5, WorkBudget(12, 10, 3))
    assert (short.chosen, short.left_out[0].why) == ((), "would add 5")
    assert short.bound == pytest.approx(5 * 12 / 13)


KINDS = st.sampled_from(sorted(WEIGHTS))
COVERS = st.dictionaries(
    st.sampled_from("abcdefg"),
    st.dictionaries(st.tuples(KINDS, st.sampled_from("123456")), st.sampled_from((0.5, 1.0, 2.5)), max_size=6),
    max_size=7,
)


@given(COVERS, st.integers(0, 4), st.sampled_from((0, 3, 6)), st.lists(st.integers(1, 4), min_size=7, max_size=7))
@settings(max_examples=60)
def test_greedy_keeps_its_bound_and_the_printed_bound_is_one(
    covers: dict[str, Elements], limit: int, days: int, prices: list[int]
) -> None:
    costs = dict(zip("abcdefg", prices, strict=True))
    best = max(
        total_weight(union(covers[person] for person in some))
        for size in range(min(limit, len(covers)) + 1)
        for some in combinations(covers, size)
        if not days or sum(costs[person] for person in some) <= days
    )
    choice = choose_greedily(covers, limit, costs, days)
    value = math.fsum(gain for _, gain in choice)
    taken = union(covers[person] for person, _ in choice)
    gains = {person: gain_of(elements, taken) for person, elements in covers.items()}
    assert value == pytest.approx(total_weight(taken))
    assert not days or sum(costs[person] for person, _ in choice) <= days
    assert value <= best + 1e-9
    assert best <= value + most_left(gains, costs, limit, days) + 1e-9
    if not days:
        assert (1 - 1 / math.e) * best <= value + 1e-9
    elif limit >= len(covers):
        assert (1 - 1 / math.e) / 2 * best <= value + 1e-9

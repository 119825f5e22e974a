"""What may be added up?"""

from __future__ import annotations

from kg.reports.cluster_report.sections.valuations import MIXED_DATES_NOTE, value_totals
from kg.reports.entries import AssetValue, ValueTotal


def worth(asset: str, when: str, low: str, high: str = "", /, currency: str = "USD", **said: str) -> AssetValue:
    return AssetValue(
        asset_id=asset,
        asset=asset,
        of=said.get("of", "assets"),
        kind=said.get("kind", "market"),
        when=when,
        low=low,
        high=high or low,
        currency=currency,
        basis=said.get("basis", ""),
        evidence=(),
    )


def test_only_the_newest_value_of_an_asset_counts() -> None:
    assert _sums(worth("flat", "2001", "1"), worth("flat", "2014-06", "5"), worth("flat", "2009", "100")) == [
        ("5", "5", 1)
    ]


def test_a_year_is_as_new_as_its_last_day() -> None:
    assert _sums(worth("flat", "2014-06-30", "1"), worth("flat", "2014", "2")) == [("2", "2", 1)]


def test_values_of_one_date_that_disagree_give_a_range() -> None:
    assert _sums(worth("flat", "2014", "5", "6"), worth("flat", "2014", "9")) == [("5", "9", 1)]


def test_currencies_kinds_bases_and_enterprises_stay_apart() -> None:
    found = [
        worth("a", "2014", "1"),
        worth("b", "2014", "2", currency="CAD"),
        worth("c", "2014", "4", kind="court"),
        worth("d", "2014", "8", basis="net"),
        worth("e", "2014", "16", of="enterprises"),
        worth("f", "2014", "32"),
    ]
    assert _sums(*found) == [("2", "2", 1), ("4", "4", 1), ("33", "33", 2), ("8", "8", 1), ("16", "16", 1)]


def test_a_sum_over_several_dates_says_so() -> None:
    total = value_totals([worth("a", "2009-05", "1"), worth("b", "2014", "2.5", "3")])
    assert total == (ValueTotal("USD", "market", "", "assets", "3.5", "4", 2, "2009-05", "2014", MIXED_DATES_NOTE),)


def test_a_sum_over_one_date_says_nothing() -> None:
    assert [t.note for t in value_totals([worth("a", "2014", "1"), worth("b", "2014", "2")])] == [""]


def test_a_sum_with_a_value_that_has_no_date_says_so() -> None:
    total = value_totals([worth("a", "", "1"), worth("b", "2014", "2")])[0]
    assert (total.first, total.last, total.note) == ("2014", "2014", MIXED_DATES_NOTE)


def test_large_sums_stay_exact() -> None:
    many = [worth(str(i), "2014", "100000000000000000000.01") for i in range(3)]
    assert _sums(*many) == [("300000000000000000000.03", "300000000000000000000.03", 3)]


def _sums(*found: AssetValue) -> list[tuple[str, str, int]]:
    return [(t.low, t.high, t.assets) for t in value_totals(found)]

"""Are values added up only where they may be?"""

from __future__ import annotations

from decimal import Decimal

from kg.findings.valuation import ValueSum, newest, stated_values, value_group, value_sums
from kg.ontology import load_ontology
from kg.ontology.values import valuation
from kg.records import Node


def test_the_newest_of_each_asset_is_added_up_and_mixed_dates_are_told() -> None:
    said = [
        ("flat", "assets", "market 2010 100 USD"),
        ("flat", "assets", "market 2014 120..150 USD"),
        ("van", "assets", "market 2013-06 10 USD"),
        ("acme", "enterprises", "market 2014 7 USD"),
    ]
    assert value_sums((asset, of, valuation(text)) for asset, of, text in said) == (
        ValueSum("USD", "assets", "market", "", Decimal(130), Decimal(160), 2, "2013-06", "2014", True),
        ValueSum("USD", "enterprises", "market", "", Decimal(7), Decimal(7), 1, "2014", "2014", False),
    )


def test_sources_that_disagree_about_the_newest_date_are_all_kept() -> None:
    values = [valuation(f"market {day} {amount} USD") for day, amount in (("2014", 5), ("2014-12-31", 7), ("2013", 9))]
    assert newest(values) == values[:2]
    assert newest([]) == []


def test_cash_is_worth_its_amount_on_the_day_it_was_found() -> None:
    cash = Node("safe", "Cash", "safe", {"amount": ("250000 USD",), "found_on": ("2013-02-05",)}, {}, ())
    (stated,) = stated_values(load_ontology(), cash)
    assert (stated.property, stated.text, stated.valuation.when) == ("amount", "250000 USD", "2013-02-05")
    assert value_group(load_ontology(), cash) == "assets"

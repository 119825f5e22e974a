"""What are assets said to be worth, and which of these values may be added up?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from kg.ontology import Ontology
from kg.ontology.values import Valuation, date_span, money, valuation
from kg.records import Node

VALUATION = "valuation"


class StatedValue(NamedTuple):
    """One value of a node, with the property and the canonical text that state it."""

    property: str
    text: str
    valuation: Valuation


class ValueSum(NamedTuple):
    """The values of several assets of one group, in one currency, of one kind and on one basis.

    `first` and `last` are the earliest and the latest date of these values, empty where none has a date. `is_mixed`
    says whether values of different dates, or without any, are added up.
    """

    currency: str
    of: str
    kind: str
    basis: str
    low: Decimal
    high: Decimal
    assets: int
    first: str
    last: str
    is_mixed: bool


def stated_values(ontology: Ontology, node: Node) -> Iterator[StatedValue]:
    """Every valuation of a node, and every amount of money that it consists of, such as cash; the day of an amount is
    the day on which it was found."""
    for text in node.properties.get(VALUATION, ()):
        yield StatedValue(VALUATION, text, valuation(text))
    for name in (name for name in value_properties(ontology, node.type) if name != VALUATION):
        for text in node.properties.get(name, ()):
            amount, currency = money(text)
            kind = name.replace("_", " ")
            yield StatedValue(name, text, Valuation(kind, node.first("found_on"), amount, amount, currency, ""))


def value_properties(ontology: Ontology, node_type: str) -> list[str]:
    """The properties of a type that state what a node is worth: valuations, and amounts of money."""
    kinds = ontology.properties(node_type)
    return [name for name, kind in kinds.items() if name == VALUATION or kind.type == "money"]


def value_group(ontology: Ontology, node: Node) -> str:
    """`enterprises` or `assets`, which are added up apart: the value of an enterprise includes what it owns."""
    return "enterprises" if ontology.is_a(node.type, "Enterprise") else "assets"


def newest(values: Iterable[Valuation]) -> list[Valuation]:
    """The values of the latest date; several where sources disagree about that date. Empty for no values."""
    by_day: defaultdict[str, list[Valuation]] = defaultdict(list)
    for value in values:
        by_day[date_span(value.when).last.isoformat() if value.when else ""].append(value)
    return by_day[max(by_day)] if by_day else []


def value_sums(values: Iterable[tuple[str, str, Valuation]]) -> tuple[ValueSum, ...]:
    """The newest values of each asset, added up within one currency, group, kind and basis, never across them.

    `values`: the id of each asset, its group (see `value_group`) and a value. Sorted by currency, group, kind, basis.
    """
    groups = defaultdict[tuple[str, str, str, str], defaultdict[str, list[Valuation]]](lambda: defaultdict(list))
    for asset, of, value in values:
        groups[value.currency, of, value.kind, value.basis][asset].append(value)
    return tuple(_sum(key, [newest(each) for each in groups[key].values()]) for key in sorted(groups))


def _sum(key: tuple[str, str, str, str], assets: Sequence[Sequence[Valuation]]) -> ValueSum:
    low = sum((min(value.low for value in each) for each in assets), Decimal(0))
    high = sum((max(value.high for value in each) for each in assets), Decimal(0))
    dates = {value.when for each in assets for value in each}
    first, last = min(dates - {""}, default=""), max(dates)
    is_mixed = len(assets) > 1 and (first != last or "" in dates)
    return ValueSum(*key, low, high, len(assets), first, last, is_mixed)

"""Convert properties to keys and native values of Neo4j, so that people can write plain Cypher."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from kg.ontology import Ontology
from kg.ontology.derive.cypher import PROVENANCE, TEXTS
from kg.ontology.values import date_span, money, percent_interval, valuation

MAX_INTEGER = 2**63 - 1
"""Neo4j's integers have 64 bits."""

NO_MINOR_UNIT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
"""Currencies without a minor unit, by ISO 4217."""

THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
"""Currencies whose minor unit is a thousandth, by ISO 4217."""

NativeValues = dict[str, Any]


def native_values(ontology: Ontology, types: tuple[str, ...], properties: Mapping[str, Sequence[str]]) -> NativeValues:
    """The keys and values of a node's or link's properties.

    The first value stands under the property's name, all of them as texts under `_all` where there are several. What
    is exact is native: a day is a date, a share a float. What is not is a text, with its bounds beside it.
    """
    known = ontology.merged_properties(types)
    found: NativeValues = {}
    for name, values in properties.items():
        if values and name in known:
            found |= _CONVERSIONS[known[name].type](name, sorted(values))
            if len(values) > 1:
                found[f"{name}_all"] = sorted(values)
    return found


def provenance_values(said: Iterable[Mapping[str, Any]]) -> NativeValues:
    """The keys and values of the provenance of all claims about a node or link, as those of its properties.

    So the plain keys of grades have the best ones.
    """
    stated = [one for one in said if not one.keys() <= _RECORD_NAME]
    found: NativeValues = {}
    for name in PROVENANCE if stated else ():
        if values := {one[name] for one in stated if one.get(name)}:
            found |= _provenance_value(name, tuple(sorted(values)))
    return found


_RECORD_NAME = {"source", "namespace", "key"}


@lru_cache(maxsize=10_000)
def _provenance_value(name: str, values: tuple[str, ...]) -> NativeValues:
    """Many records of a source share each."""
    texts = sorted({text for value in values if (text := one_line(value))})
    if not texts:
        return {}
    several = {f"{name}_all": texts} if len(texts) > 1 else {}
    try:
        return _CONVERSIONS[PROVENANCE[name]](name, texts) | several
    except ValueError:  # a day that an older kg kept as it was written
        return {f"{name}_text": texts[0]} | several


def one_line(text: str) -> str:
    """Control characters, which files for the import cannot have, become spaces."""
    return text if text.isprintable() else " ".join("".join(c if c.isprintable() else " " for c in text).split())


def minor_units(amount: Decimal, currency: str) -> int | None:
    """An amount in the smallest unit of its currency; None where that would not be exact, or is beyond 64 bits."""
    digits = 0 if currency in NO_MINOR_UNIT.split() else 3 if currency in THREE_DIGITS.split() else 2
    minor = amount.scaleb(digits)
    exact = minor == minor.to_integral_value() and abs(minor) <= MAX_INTEGER
    return int(minor) if exact else None


def native_number(text: str) -> int | float:
    """A canonical number: an integer if it is one that Neo4j can hold."""
    value = Decimal(text)
    whole = value == value.to_integral_value() and abs(value) <= MAX_INTEGER
    return int(value) if whole else float(value)


def _date(name: str, values: Sequence[str]) -> NativeValues:
    """The day, or the text of a month or year; and the first and last day that any of the values may mean."""
    spans = [date_span(text) for text in values]
    span = spans[0]
    exact = {name: span.first} if span.first == span.last else {f"{name}_text": span.text}
    return {**exact, f"{name}_first": min(s.first for s in spans), f"{name}_last": max(s.last for s in spans)}


def _percent(name: str, values: Sequence[str]) -> NativeValues:
    """The share, or the text of a band; and the lowest and highest of all the values."""
    bands = [percent_interval(text) for text in values]
    band = bands[0]
    exact: NativeValues = {name: float(band.low)} if band.low == band.high else {f"{name}_text": values[0]}
    lowest, highest = min(b.low for b in bands), max(b.high for b in bands)
    return {**exact, f"{name}_low": float(lowest), f"{name}_high": float(highest)}


def _money(name: str, values: Sequence[str]) -> NativeValues:
    amount, currency = money(values[0])
    minor = minor_units(amount, currency)
    return _without_none({name: values[0], f"{name}_minor": minor, f"{name}_currency": currency})


def _valuation(name: str, values: Sequence[str]) -> NativeValues:
    """The text of the newest valuation, its bounds in minor units and its currency."""
    text = max(values, key=lambda v: (date_span(valuation(v).when).last, v))
    worth = valuation(text)
    bounds = {
        f"{name}_low_minor": minor_units(worth.low, worth.currency),
        f"{name}_high_minor": minor_units(worth.high, worth.currency),
    }
    return _without_none({name: text, **bounds, f"{name}_currency": worth.currency})


_CONVERSIONS: Mapping[str, Callable[[str, Sequence[str]], NativeValues]] = {
    **dict.fromkeys(TEXTS, lambda name, values: {name: values[0]}),
    "number": lambda name, values: {name: native_number(values[0])},
    "flag": lambda name, values: {name: values[0] == "yes"},
    "date": _date,
    "percent": _percent,
    "money": _money,
    "valuation": _valuation,
}


def _without_none(values: NativeValues) -> NativeValues:
    return {key: value for key, value in values.items() if value is not None}

"""Codes of currencies."""

from __future__ import annotations

import csv
from functools import lru_cache

from kg.ontology.values.texts import BadValue
from kg.resources import data_dir

ALIASES = {"RMB": "CNY"}
"""Common texts for a code."""


def currency_code(text: str, expected: str) -> str:
    """The code that a text in upper case means. Raises BadValue for one that no currency has or had."""
    code = ALIASES.get(text, text)
    if code not in currency_codes():
        raise BadValue(f"expected {expected}; {text} is not the code of a currency")
    return code


@lru_cache(maxsize=1)
def currency_codes() -> frozenset[str]:
    """Every code, including those of former currencies, in which older amounts are stated."""
    with (data_dir("graph") / "reference" / "currencies.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))

"""The tables of graph/reference/names."""

from __future__ import annotations

import csv
from functools import lru_cache

from kg.resources import data_dir


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a table about names, by its columns."""
    with (data_dir("graph") / "reference" / "names" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def english_given_names() -> frozenset[str]:
    """The given names that are usual in English, in small letters."""
    return frozenset(row["name"].lower() for row in read_table("english_given_names.csv"))

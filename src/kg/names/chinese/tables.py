"""The tables of graph/reference/names."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from kg.resources import data_dir


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the tables, by its columns."""
    with (data_dir("graph") / "reference" / "names" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)

"""The tables of graph/reference/names."""

from __future__ import annotations

import csv

from kg.resources import data_dir


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a table about names, by its columns."""
    with (data_dir("graph") / "reference" / "names" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

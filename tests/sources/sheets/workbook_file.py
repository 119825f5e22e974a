"""Which workbook holds these cells?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook


class FormattedValue(NamedTuple):
    """A value with a number format."""

    value: Any
    number_format: str


def save_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook with these sheets."""
    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(number, column)
                cell.value = value.value if isinstance(value, FormattedValue) else value
                if isinstance(value, FormattedValue):
                    cell.number_format = value.number_format
    book.save(path)
    return path

"""What is read of a cell of a workbook whose format shows something else?"""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from kg.sources.files.workbook_cells import cell_text

_BY_SIZE = '[>=1000000]0.0,,"M";[>=1000]0,"K";0'
_ACCOUNTS = r'_-* #,##0.00\ "€"_-;-* #,##0.00\ "€"_-;_-* "-"??\ "€"_-;_-@_-'


@pytest.mark.parametrize(
    ("number", "number_format", "shown"),
    [
        (12, '0" Mio."', "shows as 0 Mio."),
        (12, r"0 \T\€", "shows as 0 T€"),
        (7, '0"000"', "shows as 0000"),
        (7, '"-"0', "shows as -0"),
        (7, "(0)", "shows as (0)"),
        (12_000_000, '0,,"M"', "shows in thousands or millions"),
        (5000, _BY_SIZE, "shows in thousands or millions"),
        (5, _BY_SIZE, ""),
        (7, ";;;", "does not show"),
        (7, _ACCOUNTS, ""),
        (0, _ACCOUNTS, ""),
        (-7, '0;"-"0', ""),
        (7, '#,##0",-"', ""),
        (7, '0" shares"', ""),
        (7, "[$-409]#,##0", ""),
    ],
)
def test_a_number_that_is_shown_as_another_has_a_problem(number: float, number_format: str, shown: str) -> None:
    cell = Workbook().worksheets[0].cell(1, 1, number)
    cell.number_format = number_format
    found = cell_text(cell, cell)
    assert (found.text, bool(found.problem)) == (str(number), bool(shown))
    assert shown in found.problem
    assert "$" not in found.currency

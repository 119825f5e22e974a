"""How do the cells and columns of every workbook look that kg writes?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.styles import Alignment, Font, PatternFill

TEXT_FORMAT = "@"
"""Otherwise spreadsheet programs drop leading zeros, and read days where there are none."""

MAX_WIDTH = 60
"""Characters that fit beside each other in the widest column."""


@cache
def _bold() -> Font:
    from openpyxl.styles import Font

    return Font(bold=True)


@cache
def _wrapped() -> Alignment:
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=True, vertical="top")


@cache
def _warning() -> PatternFill:
    from openpyxl.styles import PatternFill

    return PatternFill("solid", fgColor="FFF2CC")


def style_heading(cell: Any) -> None:
    """Print it bold."""
    cell.font = _bold()


def wrap_cell(cell: Any) -> None:
    """Break its text into lines, from the top of the row."""
    cell.alignment = _wrapped()


def mark_wrong(cell: Any) -> None:
    """Colour it as one to be mended."""
    cell.fill = _warning()


def keep_as_text(cell: Any) -> None:
    """Make its text no formula, also when it begins with `=`."""
    if isinstance(cell.value, str):
        cell.data_type = "s"


def freeze_headings(page: Any, *, columns: int = 0) -> None:
    """Keep the first row in sight, and so many columns."""
    page.freeze_panes = f"{'ABCDEFGH'[columns]}2"


def style_column(
    page: Any, number: int, width: int | None = None, *, is_text: bool = False, is_hidden: bool = False
) -> Any:
    """Set how wide a column is, counted from 1, in characters, and what it holds and shows; returns its dimension."""
    from openpyxl.utils import get_column_letter

    dimension = page.column_dimensions[get_column_letter(number)]
    if width is not None:
        dimension.width = min(MAX_WIDTH, width)
    if is_text:
        dimension.number_format = TEXT_FORMAT
    if is_hidden:
        dimension.hidden = True
    return dimension

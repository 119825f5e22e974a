"""Reads the rows of a workbook's sheets."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar
from xml.etree.ElementTree import ParseError

import orjson

from kg.errors import InputError, InputLocation
from kg.records import Reject
from kg.sources.files.lines import Progress
from kg.sources.rows import SourceRow
from kg.sources.tabular.mapped_row import MappedRow
from kg.sources.tabular.mapping import TableMapping
from kg.sources.tabular.workbook_cells import CellText, cell_text, column_letters

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_READ_ERRORS = (zipfile.BadZipFile, zlib.error, ParseError, EOFError, KeyError, ValueError, TypeError, IndexError)
"""Errors of openpyxl for a damaged workbook, or a file that is none."""

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
"""First bytes of workbooks in the old format or with a password."""


class SheetReader(Protocol):
    """A reader of the rows of one table."""

    @property
    def table(self) -> TableMapping:
        """The table whose rows it reads."""


AnySheetReader = TypeVar("AnySheetReader", bound=SheetReader)


class _SheetRows(NamedTuple):
    """A sheet and its rows, each as cells with values and as cells with formulas."""

    location: str
    rows: Iterator[tuple[Any, Any]]


def read_workbook(
    path: Path, readers: Sequence[AnySheetReader], is_ignored: Callable[[str], bool], progress: Progress
) -> Iterator[tuple[AnySheetReader, MappedRow | Reject]]:
    """The rows of each sheet with the reader of its table; a sheet without a table is a reject.

    Raises InputError where the workbook cannot be read, no sheet is a table, or a sheet lacks a column.
    """
    with _open_workbook(path, data_only=True) as values, _open_workbook(path, data_only=False) as formulas:
        known = False
        for sheet, written in zip(values.worksheets, formulas.worksheets, strict=True):
            fitting = [r for r in readers if _reads_sheet(r.table, path, sheet.title)]
            if len(fitting) > 1:
                raise InputError(
                    "is several tables; make their patterns differ", InputLocation(f"{path}:{sheet.title}")
                )
            for each in (sheet, written):
                each.reset_dimensions()
            rows = zip_longest(sheet.iter_rows(), written.iter_rows(), fillvalue=())
            found = _SheetRows(f"{path}:{sheet.title}", rows)
            known = known or bool(fitting)
            if fitting:
                for line in _read_sheet(found, fitting[0].table):
                    yield fitting[0], line
            elif not is_ignored(sheet.title) and any(cell.value is not None for row, _ in rows for cell in row):
                reason = f"no table reads a sheet of this name; expected {', '.join(_sheet_patterns(readers))}"
                yield readers[0], Reject(found.location, 1, reason, sheet.title)
        if not known:
            raise InputError(
                f"no sheet is a table; expected {', '.join(_sheet_patterns(readers))}", InputLocation(str(path))
            )
    progress(path.stat().st_size)


def _reads_sheet(table: TableMapping, path: Path, title: str) -> bool:
    return table.matches_sheet(title) if table.sheets else table.matches_file(path.name)


def _sheet_patterns(readers: Sequence[SheetReader]) -> list[str]:
    return [pattern for reader in readers for pattern in reader.table.sheets]


@contextmanager
def _open_workbook(path: Path, *, data_only: bool) -> Iterator[Workbook]:
    """A workbook, opened for reading. Errors in it become InputErrors that name the file."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    with _open_file(path) as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of features such as drop-down lists, which have no values
                yield load_workbook(file, read_only=True, data_only=data_only)
        except (*_READ_ERRORS, InvalidFileException) as error:
            raise InputError(f"cannot be read as a workbook: {error}", InputLocation(str(path))) from None


def _open_file(path: Path) -> IO[bytes]:
    place = InputLocation(str(path))
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise InputError("there is no such file", place) from None
    except IsADirectoryError:
        raise InputError("is a folder; expected a file", place) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", place) from None
    if file.read(4) == _OLE_SIGNATURE:
        file.close()
        raise InputError("is an old workbook, or one with a password; save it as .xlsx without one", place)
    file.seek(0)
    return file


def _read_sheet(sheet: _SheetRows, table: TableMapping) -> Iterator[MappedRow]:
    """The rows below the header, which is the first row that is not empty."""
    heading: dict[int, str] = {}
    letters: dict[str, str] = {}
    for number, (row, written) in enumerate(sheet.rows, start=1):
        cells = [cell_text(cell, raw) for cell, raw in zip_longest(row, written)]
        if heading:
            yield _read_row(sheet, number, cells, heading, letters)
        elif any(cell.text for cell in cells):
            heading = _read_header(sheet, number, cells, table)
            letters = {name: column_letters(column) for column, name in heading.items()}


def _read_header(sheet: _SheetRows, number: int, cells: Sequence[CellText], table: TableMapping) -> dict[int, str]:
    named = {column: cell.text for column, cell in enumerate(cells, start=1) if cell.text}
    for name in table.required_columns():
        if name not in named.values():
            raise InputError(f"expected a column {name}", InputLocation(sheet.location, number))
    for column, name in named.items():
        if list(named.values()).count(name) > 1:
            place = InputLocation(f"{sheet.location}!{column_letters(column)}{number}")
            raise InputError(f"column {name} occurs more than once", place)
    return named


def _read_row(
    sheet: _SheetRows, number: int, cells: Sequence[CellText], heading: dict[int, str], letters: dict[str, str]
) -> MappedRow:
    filled = {
        heading.get(n, f"column {column_letters(n)}"): c for n, c in enumerate(cells, start=1) if c.text or c.problem
    }
    texts = {name: cell.text for name, cell in filled.items() if not cell.problem}
    raw = orjson.dumps({name: cell.text for name, cell in filled.items()})
    notes = {name: cell.warning for name, cell in filled.items() if cell.warning}
    line = MappedRow(SourceRow(sheet.location, number, raw), texts, letters, notes)
    for name, cell in filled.items():
        if cell.problem:
            line.reject_value([name], cell.text, cell.problem)
    return line

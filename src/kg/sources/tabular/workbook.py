"""How are the rows of a workbook's sheets read, and which traps do its cells hold?"""

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

from kg.errors import InputError, Place
from kg.records import Reject
from kg.sources.files.lines import Progress
from kg.sources.rows import Row
from kg.sources.tabular.mapped_row import Line
from kg.sources.tabular.mapping import Table
from kg.sources.tabular.workbook_cells import Shown, letters_of, shown

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_BROKEN = (zipfile.BadZipFile, zlib.error, ParseError, EOFError, KeyError, ValueError, TypeError, IndexError)
"""What openpyxl lets through when a workbook is none, or damaged."""

_OLD = b"\xd0\xcf\x11\xe0"
"""How the workbooks of old, and those under a password, begin."""


class Reader(Protocol):
    """Whatever makes claims of the lines of one table."""

    @property
    def table(self) -> Table:
        """The table whose lines it takes."""


Of = TypeVar("Of", bound=Reader)


class _Sheet(NamedTuple):
    """A sheet and its rows: what the cells hold, and what they were written as."""

    place: str
    rows: Iterator[tuple[Any, Any]]


def lines_of(
    path: Path, readers: Sequence[Of], ignored: Callable[[str], bool], progress: Progress
) -> Iterator[tuple[Of, Line | Reject]]:
    """The rows of each sheet with the reader of its table; a sheet that none reads is a reject.

    Raises InputError where the workbook cannot be read, no sheet is a table, or a sheet lacks a column.
    """
    with _book(path, data_only=True) as values, _book(path, data_only=False) as formulas:
        known = False
        for sheet, written in zip(values.worksheets, formulas.worksheets, strict=True):
            fitting = [r for r in readers if _reads(r.table, path, sheet.title)]
            if len(fitting) > 1:
                raise InputError("is several tables; make their patterns differ", Place(f"{path}:{sheet.title}"))
            for each in (sheet, written):
                each.reset_dimensions()
            rows = zip_longest(sheet.iter_rows(), written.iter_rows(), fillvalue=())
            found = _Sheet(f"{path}:{sheet.title}", rows)
            known = known or bool(fitting)
            if fitting:
                for line in _lines(found, fitting[0].table):
                    yield fitting[0], line
            elif not ignored(sheet.title) and any(cell.value is not None for row, _ in rows for cell in row):
                reason = f"no table reads a sheet of this name; expected {', '.join(_names(readers))}"
                yield readers[0], Reject(found.place, 1, reason, sheet.title)
        if not known:
            raise InputError(f"no sheet is a table; expected {', '.join(_names(readers))}", Place(str(path)))
    progress(path.stat().st_size)


def _reads(table: Table, path: Path, title: str) -> bool:
    return table.reads_sheet(title) if table.sheets else table.reads(path.name)


def _names(readers: Sequence[Reader]) -> list[str]:
    return [pattern for reader in readers for pattern in reader.table.sheets]


@contextmanager
def _book(path: Path, *, data_only: bool) -> Iterator[Workbook]:
    """A workbook that is only read. Its own mistakes become errors that name the file."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    with _opened(path) as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what a reader of values has no use for, such as drop-down lists
                yield load_workbook(file, read_only=True, data_only=data_only)
        except (*_BROKEN, InvalidFileException) as error:
            raise InputError(f"cannot be read as a workbook: {error}", Place(str(path))) from None


def _opened(path: Path) -> IO[bytes]:
    place = Place(str(path))
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise InputError("there is no such file", place) from None
    except IsADirectoryError:
        raise InputError("is a folder; expected a file", place) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", place) from None
    if file.read(4) == _OLD:
        file.close()
        raise InputError("is an old workbook, or one with a password; save it as .xlsx without one", place)
    file.seek(0)
    return file


def _lines(sheet: _Sheet, table: Table) -> Iterator[Line]:
    """The rows below the heading, which is the first row that says anything."""
    heading: dict[int, str] = {}
    letters: dict[str, str] = {}
    for number, (row, written) in enumerate(sheet.rows, start=1):
        cells = [shown(cell, raw) for cell, raw in zip_longest(row, written)]
        if heading:
            yield _line(sheet, number, cells, heading, letters)
        elif any(cell.text for cell in cells):
            heading = _heading(sheet, number, cells, table)
            letters = {name: letters_of(column) for column, name in heading.items()}


def _heading(sheet: _Sheet, number: int, cells: Sequence[Shown], table: Table) -> dict[int, str]:
    named = {column: cell.text for column, cell in enumerate(cells, start=1) if cell.text}
    for name in table.required():
        if name not in named.values():
            raise InputError(f"expected a column {name}", Place(sheet.place, number))
    for column, name in named.items():
        if list(named.values()).count(name) > 1:
            place = Place(f"{sheet.place}!{letters_of(column)}{number}")
            raise InputError(f"column {name} stands there more than once", place)
    return named


def _line(sheet: _Sheet, number: int, cells: Sequence[Shown], heading: dict[int, str], letters: dict[str, str]) -> Line:
    said = {heading.get(n, f"column {letters_of(n)}"): c for n, c in enumerate(cells, start=1) if c.text or c.problem}
    texts = {name: cell.text for name, cell in said.items() if not cell.problem}
    raw = orjson.dumps({name: cell.text for name, cell in said.items()})
    notes = {name: cell.note for name, cell in said.items() if cell.note}
    line = Line(Row(sheet.place, number, raw), texts, letters, notes)
    for name, cell in said.items():
        if cell.problem:
            line.set_aside([name], cell.text, cell.problem)
    return line

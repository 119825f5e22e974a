"""Reads the rows of a workbook's sheets."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count, zip_longest
from pathlib import Path
from typing import IO, Any, NamedTuple, cast
from xml.etree.ElementTree import ParseError

import orjson
from openpyxl import Workbook
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import ARC_STYLE
from openpyxl.xml.functions import SubElement, fromstring, localname, tostring

from kg.errors import InputError, InputLocation
from kg.ontology.words import closest, fold_word, read_words, words_of_types
from kg.records import Reject
from kg.sources.files.cells import EMPTY_CELL, CellText, column_letter, missing_column, unnamed_column
from kg.sources.files.lines import BINARY_WORKBOOK, MAX_SIGNATURE, open_error, other_kind
from kg.sources.files.workbook_cells import cell_text
from kg.sources.files.workbook_limits import MAX_CELLS, MAX_ROWS, SheetLayout, WorkbookTooLarge, check_workbook
from kg.sources.rows import Progress, SourceRow
from kg.sources.tabular.corrections import CORRECTS_COLUMN
from kg.sources.tabular.mapped_row import MappedRow, heading_problems, row_of_cells
from kg.sources.tabular.mapping import SourceMapping, TableMapping, name_matches, told_patterns
from kg.sources.tabular.payment_rows import DebitCreditColumns, name_columns

_READ_ERRORS = (zipfile.BadZipFile, zlib.error, ParseError, EOFError, KeyError, ValueError, TypeError, IndexError)
"""Errors of openpyxl for a damaged workbook, or a file that is none."""

_PART = "_worksheet_path"
"""Where openpyxl keeps the part that a sheet is read from; it has no public name."""

_NAME_IT = "name it in ignore_sheets of the declaration"
_READ_ANYWAY = "it is read like the others; delete what no longer holds"

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
"""First bytes of workbooks in the old format or with a password."""


def read_workbook(
    path: Path, tables: Sequence[TableMapping], declaration: SourceMapping, progress: Progress
) -> Iterator[tuple[int, MappedRow | Reject]]:
    """The rows of each sheet with the position of its table; a sheet without a table is a reject.

    Raises InputError where the workbook cannot be read, no sheet is a table, or a sheet lacks a column.
    """
    _require_workbook(path)
    marks = _check_limits(path)
    with _open_workbook(path, data_only=True) as values, _open_workbook(path, data_only=False) as formulas:
        names = told_patterns(pattern for table in tables for pattern in table.sheets)
        patterns = ", ".join(names)
        struck = _struck_styles(values)
        any_known, any_read, left_out = False, False, list[InputError]()
        for sheet, written in zip(values.worksheets, formulas.worksheets, strict=True):
            location, title = f"{path}:{sheet.title}", sheet.title.strip()
            if name_matches(title, declaration.ignore_sheets):
                continue
            fitting = [
                n
                for n, t in enumerate(tables)
                if name_matches(*((title, t.sheets) if t.sheets else (path.name, t.files)))
            ]
            if len(fitting) > 1:
                raise InputError("is several tables; make their patterns differ", InputLocation(location))
            rows = _rows_of_sheet(location, sheet, written)
            any_known = any_known or bool(fitting)
            if fitting:
                marked = _Marks(marks.get(getattr(sheet, _PART, "").lstrip("/")), struck)
                if sheet.sheet_state != "visible":
                    yield fitting[0], Reject(location, 0, f"the sheet is hidden; {_READ_ANYWAY}", "").as_advice()
                numbered, table = enumerate(rows, start=1), tables[fitting[0]]
                heading = _read_heading(numbered, declaration, table, marked)
                if error := _lacks_column(location, heading, declaration.required_columns_of(table)):
                    if title.lower() in table.sheets or len(values.worksheets) == 1:
                        raise error
                    left_out.append(error)
                    reason = f"the sheet is left out: {error.problem}; if it is no such table, {_NAME_IT}"
                    yield fitting[0], Reject(location, heading.line, reason, sheet.title)
                    continue
                any_read = True
                for line in _read_sheet(location, numbered, heading, declaration, table, marked):
                    yield fitting[0], line
            elif any(c.value is not None for row, _ in rows for c in row):
                reason = f"no table reads a sheet of this name{_name_meant(title, names)}; expected {patterns}"
                yield 0, Reject(location, 1, reason, sheet.title)
        if left_out and not any_read:
            raise left_out[0]
        if not any_known:
            titles = ", ".join(f"{s.title!r}{_name_meant(s.title, names)}" for s in values.worksheets[:5])
            raise InputError(
                f"no sheet is a table; it has {titles}, expected {patterns}; of other tables say what "
                "their columns mean in a declaration (docs/tables.md), and load it with --as FILE.toml",
                InputLocation(str(path)),
            )
    progress(path.stat().st_size)


def single_sheet(path: Path) -> tuple[str, list[tuple[SourceRow, dict[str, str]]]] | None:
    """The name of the only sheet of a workbook that is not empty, and the rows below its heading with their cells by
    column, as texts; None where several have cells.

    Raises InputError where the workbook cannot be read, or a heading occurs twice.
    """
    _require_workbook(path)
    _check_limits(path)
    with _open_workbook(path, data_only=True) as values, _open_workbook(path, data_only=False) as formulas:
        found = None
        for sheet, written in zip(values.worksheets, formulas.worksheets, strict=True):
            pairs = _rows_of_sheet(f"{path}:{sheet.title}", sheet, written)
            texts = ([cell_text(cell, raw).text for cell, raw in zip_longest(*pair)] for pair in pairs)
            rows = [(number, cells) for number, cells in enumerate(texts, start=1) if any(cells)]
            if rows and found:
                return None
            found = (sheet.title.strip(), _below_heading(path, rows)) if rows else found
        return found


def _below_heading(path: Path, rows: Sequence[tuple[int, list[str]]]) -> list[tuple[SourceRow, dict[str, str]]]:
    (line, first), *below = rows
    heading = _Heading(line, {column: text for column, text in enumerate(first, start=1) if text})
    _require_unique(str(path), heading)
    found = []
    for number, cells in below:
        texts = {name: cells[n - 1] if n <= len(cells) else "" for n, name in heading.names.items()}
        found.append((SourceRow(str(path), number, orjson.dumps(texts), texts), texts))
    return found


def _name_meant(title: str, names: Sequence[str]) -> str:
    """The name of a sheet that was probably meant, such as `enterprises` for `Companies`; empty if there is none."""
    word = fold_word(title)
    one = f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
    kinds = words_of_types("nodes", read_words()["nodes"])
    known = kinds.get(word) or kinds.get(one)
    meant = closest(f"{known.type.lower()}s", names) if known else f"{one}s" if f"{one}s" in names else ""
    return f" (if it is {meant}, call it so)" if meant else ""


def _require_workbook(path: Path) -> None:
    """Raise InputError, which says what the file is and what to do, for one that is no workbook of Excel."""
    with _open_file(path) as file:
        start = file.read(MAX_SIGNATURE)
        if problem := other_kind(start, archives=False):
            raise InputError(problem, InputLocation(str(path)))
        if not start.startswith(b"PK"):
            problem = "is text, not a workbook; if it is a table, name it .csv or .tsv" if start.strip() else "is empty"
            raise InputError(problem, InputLocation(str(path)))
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "xl/workbook.bin" in names:
                raise InputError(BINARY_WORKBOOK, InputLocation(str(path)))
            if "[Content_Types].xml" not in names:
                problem = "is a zip archive, not a workbook of Excel; save the table as XLSX or CSV, or name it .zip"
                raise InputError(problem, InputLocation(str(path)))
            if not any(name.startswith("xl/") for name in names):
                problem = "is a document, not a workbook; copy its table into a workbook or sheet (`kg template`)"
                raise InputError(problem, InputLocation(str(path)))


def _check_limits(path: Path) -> dict[str, SheetLayout]:
    """What each part of a workbook marks besides its cells. Raises InputError for one that exceeds a limit."""
    with _open_file(path) as file:
        try:
            return check_workbook(file)
        except WorkbookTooLarge as error:
            raise InputError(str(error), InputLocation(str(path))) from None
        except _READ_ERRORS as error:
            raise InputError(f"cannot be read as a workbook: {error}", InputLocation(str(path))) from None


def _rows_of_sheet(location: str, sheet: Any, written: Any) -> Iterator[tuple[Any, Any]]:
    """The rows of a sheet: values, and formulas; whatever it says of its own size."""
    for each in (sheet, written):
        each.reset_dimensions()
    return _within_limits(location, zip_longest(sheet.iter_rows(), written.iter_rows(), fillvalue=()))


def _within_limits(location: str, rows: Iterator[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """The rows, with the empty ones between others. Raises InputError for more than a sheet can have."""
    cells = 0
    for number, pair in enumerate(rows, start=1):
        cells += len(pair[0]) + 1
        if number > MAX_ROWS or cells > MAX_CELLS:
            problem = f"expected at most {MAX_ROWS:,} rows and {MAX_CELLS:,} cells, empty ones counted"
            raise InputError(problem, InputLocation(location, number))
        yield pair


@contextmanager
def _open_workbook(path: Path, *, data_only: bool) -> Iterator[Workbook]:
    """A workbook, opened for reading. Errors in it become InputErrors that name the file."""
    with _open_file(path) as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of features such as drop-down lists, which have no values
                reader = ExcelReader(file, read_only=True, data_only=data_only, keep_links=False)
                reader.archive = _PlainArchive(file)
                reader.read()
                yield reader.wb
        except (*_READ_ERRORS, InvalidFileException) as error:
            raise InputError(f"cannot be read as a workbook: {error}", InputLocation(str(path))) from None


class _PlainArchive(zipfile.ZipFile):
    """A workbook whose styles have neither colours nor borders, of which openpyxl refuses what other programs write."""

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        content = super().read(name, pwd)
        return _plain_styles(content) if name == ARC_STYLE else content


def _plain_styles(content: bytes) -> bytes:
    styles = fromstring(content)
    for parent in [*styles.iter()]:
        parent[:] = [child for child in parent if localname(child) not in _COLORS]
        for child in (child for child in parent if localname(child) in _EMPTIED):
            child.clear()
            if localname(child) == "fill":  # one without a kind is refused
                SubElement(child, f"{child.tag.removesuffix('fill')}patternFill")
    return cast("bytes", tostring(styles))  # not text, as its types have it


_COLORS, _EMPTIED = ("dxfs", "colors", "color"), ("fill", "border")
"""Elements of styles: those that are left out, and those of which nothing but their number counts."""


def _open_file(path: Path) -> IO[bytes]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise open_error(path, error) from None
    if file.read(4) == _OLE_SIGNATURE:
        file.close()
        problem = "is an old workbook, or one with a password; save it as .xlsx without one"
        raise InputError(problem, InputLocation(str(path)))
    file.seek(0)
    return file


def _struck_styles(book: Any) -> frozenset[int]:
    """The numbers of the styles of a workbook that strike a cell through; openpyxl has no public name for them."""
    fonts = getattr(book, "_fonts", ())
    styles = enumerate(getattr(book, "_cell_styles", ()))
    return frozenset(n for n, style in styles if style.fontId < len(fonts) and fonts[style.fontId].strike)


class _Marks:
    """What a sheet marks besides its cells, asked for row by row."""

    def __init__(self, marks: SheetLayout | None, struck: frozenset[int]) -> None:
        """`struck` are the numbers of styles."""
        self._hidden, self._struck = marks.hidden if marks else (), struck
        self._hidden_columns = marks.hidden_columns if marks else ()
        ranges = marks.merged if marks else ()
        self._starts = defaultdict[int, list[tuple[int, str, int]]](list)
        """By first row, the last one, the name, and the column of each range; 0 where it has several columns."""
        for name in ranges:
            with suppress(ValueError):  # what is no range merges nothing
                left, first, right, last = range_boundaries(name)
                column = left if left is not None and left == right else 0
                self._starts[first or 1].append((last or MAX_ROWS, name, column))
        self._current = list[tuple[int, str, int, CellText | None]]()

    def remarks(self, number: int, row: Sequence[Any]) -> Iterator[str]:
        """What is to be said of a row that is hidden or struck through, and read all the same."""
        if number in self._hidden:
            yield f"the row is hidden; {_READ_ANYWAY}"
        if self._struck and any(getattr(cell, "_style_id", None) in self._struck for cell in row):
            yield f"a cell is struck through; {_READ_ANYWAY}"

    def is_hidden_column(self, number: int) -> bool:
        """Whether a column, counted from 1, is hidden."""
        return any(first <= number <= last for first, last in self._hidden_columns)

    def merged(self, number: int, cells: Sequence[CellText]) -> Iterator[tuple[str, int, CellText | None]]:
        """The ranges that have cells of this row whose value is not its own, each with its column, 0 for several, and
        its value.

        Rows are asked for in ascending order.
        """
        starts = self._starts.pop(number, ())
        self._current = [each for each in self._current if each[0] >= number]
        yield from ((name, column, value) for _, name, column, value in self._current)
        for last, name, column in starts:
            value = cells[column - 1] if column and column <= len(cells) else None
            self._current.append((last, name, column, value))
            if not column:
                yield name, 0, None


class _Heading(NamedTuple):
    """The row of a sheet that names its columns."""

    line: int
    names: Mapping[int, str]
    """By the number of the column, from 1; none where a sheet has no such row."""
    sides: DebitCreditColumns | None = None
    """The columns of amounts for debit and for credit, where it has two."""

    def cell(self, column: int) -> str:
        """The name of the cell that names a column, such as `B1`."""
        return f"{column_letter(column)}{self.line}"


_NumberedRows = Iterator[tuple[int, tuple[Any, Any]]]
"""The rows of a sheet with their numbers: values, and formulas."""


def _read_heading(rows: _NumberedRows, declaration: SourceMapping, table: TableMapping, marks: _Marks) -> _Heading:
    """The first row that is not empty after those of the preamble; those after it are left in `rows`."""
    preamble = (table.format or declaration.format).preamble
    for number, (row, written) in rows:
        if number <= preamble:
            continue
        list(marks.merged(number, ()))  # they may reach into the rows below
        texts = [cell_text(cell, raw).text for cell, raw in zip_longest(row, written)]
        names = {column: text for column, text in enumerate(texts, start=1) if text}
        if names:
            named, sides = name_columns([*names.values()], declaration, table)
            return _Heading(number, dict(zip(names, named, strict=True)), sides)
    return _Heading(0, {})


def _lacks_column(location: str, heading: _Heading, required: Sequence[str]) -> InputError | None:
    """What is wrong with a heading that lacks a column; None for one that lacks none."""
    place = InputLocation(location, heading.line)
    problem = missing_column([*heading.names.values()], required, place) if heading.names else ""
    return InputError(problem, place) if problem else None


def _read_sheet(
    location: str,
    rows: _NumberedRows,
    heading: _Heading,
    declaration: SourceMapping,
    table: TableMapping,
    marks: _Marks,
) -> Iterator[MappedRow | Reject]:
    """What is told of the heading, and the rows below it.

    A row with merged cells is a reject, but the first of several with one merged cell each: a spreadsheet program keeps
    their value there alone, and nobody says whether it is meant for each row or once. In a column of the keys of ends
    it is meant for each.
    """
    keys = table.end_columns()
    letters = {name: column_letter(column) for column, name in heading.names.items()}
    yield from _heading_remarks(location, heading, declaration, table, marks)
    blank = dict.fromkeys(heading.names.values(), "")
    for number, (row, written) in rows:
        cells = [cell_text(cell, raw) for cell, raw in zip_longest(row, written)]
        joined = list(marks.merged(number, cells))
        repeated = [each for each in joined if each[2] and heading.names.get(each[1]) in keys]
        if any(cell.text for cell in cells):
            for _, column, value in repeated:
                cells += [EMPTY_CELL] * (column - len(cells))
                cells[column - 1] = value or EMPTY_CELL
        names = (heading.names.get(n, unnamed_column(n)) for n in count(1))
        filled = {name: cell for name, cell in zip(names, cells, strict=False) if cell.text or cell.problem}
        texts = {name: cell.text for name, cell in filled.items()}
        source_row = SourceRow(location, number, orjson.dumps(texts), {**blank, **texts})
        for remark in marks.remarks(number, row) if filled else ():
            yield Reject(location, number, remark, source_row.text()).as_advice()
        if filled and (name := next((each[0] for each in joined if each not in repeated), "")):
            yield source_row.reject(f"cells {name} are merged; unmerge them, and fill each cell that has the value")
            continue
        for name, *_ in repeated if filled else ():
            yield source_row.remark(f"cells {name} are merged; their value is read in this row too")
        found = row_of_cells(source_row, filled, letters)
        yield heading.sides.apply(found) if heading.sides else found


def _heading_remarks(
    location: str, heading: _Heading, declaration: SourceMapping, table: TableMapping, marks: _Marks
) -> Iterator[Reject]:
    """Remarks on columns that were probably meant, and on hidden ones.

    Raises InputError for a column that occurs twice, and for one that may be that of a handling code.
    """
    _require_unique(location, heading)
    names, columns = [*heading.names.values()], [*heading.names]
    if declaration.ends == "here":
        handling = declaration.handling_columns_of(table)
        for position, problem, is_refused in heading_problems(names, declaration.columns_of(table), handling):
            cell = heading.cell(columns[position - 1])
            if is_refused:
                raise InputError(problem, InputLocation(f"{location}!{cell}"))
            yield Reject(location, heading.line, problem, "", whole=False, cell=cell)
    for column, name in heading.names.items():
        if marks.is_hidden_column(column) and name != CORRECTS_COLUMN:
            problem, cell = f"column {name} is hidden; {_READ_ANYWAY}", heading.cell(column)
            yield Reject(location, heading.line, problem, "", cell=cell).as_advice()


def _require_unique(location: str, heading: _Heading) -> None:
    """Raise InputError for a column that occurs twice."""
    names = [*heading.names.values()]
    for column, name in heading.names.items():
        if names.count(name) > 1:
            place = InputLocation(f"{location}!{heading.cell(column)}")
            raise InputError(f"column {name} occurs more than once", place)

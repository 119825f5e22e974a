"""Rows that were rejected, as a workbook to mend them in; and the mended rows, which replace them in the next load."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kg.files import office_file, office_text
from kg.records import Reject
from kg.sources.tabular.claims import content_digest
from kg.sources.tabular.mapped_row import MappedRow
from kg.sources.tabular.mapping import WORKBOOK_ENDINGS
from kg.workbook_styles import (
    MAX_WIDTH,
    TEXT_FORMAT,
    freeze_headings,
    keep_as_text,
    mark_wrong,
    style_column,
    style_heading,
    wrap_cell,
)

PROBLEM_COLUMN, CORRECTS_COLUMN = "problem", "corrects row"
"""Columns of such a workbook: what is wrong with a row, and the digest of the row that it replaces."""

OTHER_SHEET = "Other problems"
"""Title of the sheet with what is no row of a table."""

_PEEK, _MAX_PARTS = 1024 * 1024, 100
"""Bytes of a file, or of a part of a workbook, in which the headings are looked for; and the most parts."""
_COLUMN_OF_REASON = re.compile(r"columns? (.+?)(?:, value |: )")
_MAX_TITLE = 31


class RejectedRow(NamedTuple):
    """A row that was rejected or has rejected values, as the file of rejects keeps it, and what is wrong with it."""

    file: str
    line: int
    row: str
    cells: Mapping[str, str] | None
    problems: tuple[str, ...]


class Corrections:
    """The mended rows of a load, by the digest of the row that each replaces.

    A mended row is read in the place of the row that it replaces: the others of that file tell how dates, amounts and
    directions are meant.
    """

    def __init__(self) -> None:
        self._mended = defaultdict[str, dict[tuple[str, int], tuple[int, MappedRow]]](dict)
        self._found: dict[str, tuple[tuple[str, int], list[tuple[int, MappedRow]]]] = {}
        """By digest, the file and line of the first row that is replaced, and what is read there."""

    def __bool__(self) -> bool:
        return bool(self._mended)

    def collect(self, lines: Iterable[tuple[int, MappedRow | Reject]]) -> None:
        """Keep the mended rows among the rows of a file."""
        for table, line in lines:
            self._take(table, line)

    def apply(self, lines: Iterable[tuple[int, MappedRow | Reject]]) -> Iterator[tuple[int, MappedRow | Reject]]:
        """The rows of a file without mended ones, which stand in the place of rows that they replace.

        A file may be read twice.
        """
        for table, line in lines:
            if self._take(table, line):
                continue
            if not self._mended:
                yield table, line
                continue
            digest = row_digest(line.row if isinstance(line, Reject) else line.source_row.text())
            if digest not in self._mended:
                yield table, line
                continue
            place = (line.file, line.line) if isinstance(line, Reject) else line.place
            if digest not in self._found:
                self._found[digest] = place, []
                self._found[digest][1].extend(self._last(digest, place))
            first, rows = self._found[digest]
            yield from rows if place == first else ()

    def problems(self) -> Iterator[tuple[int, Reject]]:
        """A reject for each mended row whose row was not found."""
        for digest, lines in self._mended.items():
            for table, line in lines.values() if digest not in self._found else ():
                problem = (
                    "none of the other files has the row that this corrects: load it together with them, or delete it "
                    "here if it is mended there"
                )
                yield table, line.source_row.reject(problem)

    def _take(self, table: int, line: MappedRow | Reject) -> bool:
        """Whether a row is a mended one, which is kept."""
        if not isinstance(line, MappedRow) or not (digest := line.cells.pop(CORRECTS_COLUMN, "")):
            return False
        line.cells.pop(PROBLEM_COLUMN, None)
        self._mended[digest].setdefault(line.place, (table, line))
        return True

    def _last(self, digest: str, place: tuple[str, int]) -> Iterator[tuple[int, MappedRow]]:
        """The mended rows for a row; of one that was mended again, only the later."""
        for table, line in self._mended[digest].values():
            again = row_digest(line.source_row.text())
            if again in self._mended and again not in self._found:
                self._found[again] = place, []
                yield from self._last(again, place)
            elif line.cells and again not in self._found:
                line.replaces = place
                yield table, line


def row_digest(row: str) -> str:
    """What a mended row names the row by that it replaces."""
    return content_digest([row])


def is_correction(path: Path) -> bool:
    """Whether a file seems to have mended rows: it is then read before the others."""
    name = CORRECTS_COLUMN.encode()
    try:
        with path.open("rb") as file:
            if path.suffix.lower() not in WORKBOOK_ENDINGS:
                return name in file.read(_PEEK)
            with zipfile.ZipFile(file) as archive:
                parts = [n for n in archive.namelist() if n.startswith(("xl/worksheets/sheet", "xl/sharedStrings"))]
                return any(name in _beginning(archive, part) for part in parts[:_MAX_PARTS])
    except (OSError, KeyError, ValueError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False  # who reads it will say so


def _beginning(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as stream:
        return stream.read(_PEEK)


def rejects_workbook(rows: Iterable[RejectedRow]) -> bytes:
    """A workbook with the rows of each sheet, what is wrong in the first column, and the wrong cells marked."""
    from openpyxl import Workbook

    by_sheet = defaultdict[str, list[RejectedRow]](list)
    for row in rows:
        by_sheet[_sheet_title(row)].append(row)
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, found in by_sheet.items():
        page = book.create_sheet(title)
        columns = list(dict.fromkeys(name for row in found for name in _row_cells(row)))
        page.append([PROBLEM_COLUMN, *columns, CORRECTS_COLUMN])
        freeze_headings(page, columns=1)
        for row in found:
            cells = _row_cells(row)
            problems = "\n".join(row.problems)
            page.append([office_text(t) for t in (problems, *(cells.get(c, "") for c in columns), row_digest(row.row))])
            for name in _wrong_columns(row, columns):
                mark_wrong(page.cell(page.max_row, columns.index(name) + 2))
        for line in page.iter_rows():
            for cell in line:
                cell.number_format = TEXT_FORMAT
                keep_as_text(cell)
            wrap_cell(line[0])
        for cell in page[1]:
            style_heading(cell)
        last = len(columns) + 2
        for number in range(1, last + 1):
            style_column(page, number, MAX_WIDTH if number == 1 else 18, is_text=True, is_hidden=number == last)
    return office_file(book.save)


def _sheet_title(row: RejectedRow) -> str:
    if row.cells is None:
        return OTHER_SHEET
    name = row.file.rpartition("/")[2]
    title = name.rpartition(":")[2] if ".xlsx:" in name.lower() else name.rpartition(".")[0]
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:_MAX_TITLE].strip() or OTHER_SHEET


def _row_cells(row: RejectedRow) -> Mapping[str, str]:
    if row.cells is None:
        return {"file": row.file, "line": str(row.line or ""), "row": row.row}
    return {name: text for name, text in row.cells.items() if name not in (PROBLEM_COLUMN, CORRECTS_COLUMN)}


def _wrong_columns(row: RejectedRow, columns: list[str]) -> list[str]:
    named = (found[1] for problem in row.problems if (found := _COLUMN_OF_REASON.search(problem)))
    return [name for names in named for name in names.split(", ") if name in columns]

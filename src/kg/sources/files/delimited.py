"""Reads the rows of delimited text files."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from pydantic import Field, model_validator

from kg.errors import InputError, InputLocation
from kg.records import Reject, UnreadValue
from kg.sources.files.cells import require_columns, unnamed_column
from kg.sources.files.lines import read_lines
from kg.sources.files.parquet import ParquetTable, is_parquet
from kg.sources.rows import Progress, SourceRow
from kg.toml_files.models import TomlModel


class Dialect(TomlModel):
    """How the cells of a file are separated, quoted and encoded; the `format` of a `source.toml`."""

    delimiter: str = ","
    """If empty, the comma, semicolon, tab or vertical bar that occurs most often in the header."""
    quote: str = '"'
    """Empty if cells are never quoted."""
    escape: str = ""
    """The character before a quote inside a cell; empty if such a quote is doubled."""
    fallback_escape: str = ""
    """An escape that is tried on a row that has not the cells of the header without it."""
    encoding: str = "utf-8"
    preamble: int = Field(0, ge=0, le=100)
    """Lines before the header."""
    columns: tuple[str, ...] = ()
    """Names of the columns of files without a header."""
    nulls: tuple[str, ...] = ()
    """Texts of cells that are empty."""
    footers: tuple[str, ...] = ()
    """Beginnings of the first cell of rows that end a file and are not of its table."""

    @model_validator(mode="after")
    def _check(self) -> Dialect:
        for name in ("delimiter", "quote", "escape", "fallback_escape"):
            if len(getattr(self, name)) > 1:
                raise ValueError(f"{name} {getattr(self, name)!r}: expected one character, or none")
        try:
            has_ascii = codecs.lookup(self.encoding).name and "\n,".encode(self.encoding) == b"\n,"
        except (LookupError, UnicodeError):
            has_ascii = False
        if not has_ascii:
            raise ValueError(f"encoding {self.encoding!r}: expected one that Python knows and that includes ASCII")
        return self

    def reader(self, lines: Iterator[str], header: str) -> Iterator[list[str]]:
        """The rows of some lines, of which the first is `header`."""
        return self._reader(lines, header, self.escape, doubled=not self.escape)

    def mended(self, text: str, header: str, width: int) -> list[str]:
        """The cells of one row of this width with the fallback escape; none where it is no such row."""
        lines = (f"{line}\n" for line in text.split("\n"))
        try:
            rows = list(self._reader(lines, header, self.fallback_escape, doubled=True)) if self.fallback_escape else []
        except csv.Error:
            return []
        return rows[0] if len(rows) == 1 and len(rows[0]) == width else []

    def _reader(self, lines: Iterator[str], header: str, escape: str, *, doubled: bool) -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self.delimiter or guess_delimiter(header),
            quotechar=self.quote or None,
            escapechar=escape or None,
            doublequote=doubled,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            strict=True,
        )


COMMA_DIALECT = Dialect()

_DELIMITER_LINE = re.compile(rb'"?sep=([,;|\t])"?\s*', re.IGNORECASE)
_DELIMITERS = ",;\t|"
_NO_LETTER = re.compile("[\udc80-\udcff]")
"""A byte that is no letter in the encoding that was expected."""


def read_table(
    path: Path,
    columns: Sequence[str],
    progress: Progress,
    dialect: Dialect = COMMA_DIALECT,
    headless: Sequence[Sequence[str]] = (),
    rename: Callable[[Sequence[str]], Sequence[str]] = lambda names: names,
) -> Iterator[tuple[SourceRow, dict[str, str]] | Reject]:
    """The rows below the header with their cells by column, lazily; a row of another width or encoding is a reject.

    Blank lines above the header are skipped, and so is `sep=;`, the line in which Excel names the delimiter. A first
    row that lacks `columns` and is as long as one of `headless` is no header; that has the columns. `rename` gives the
    columns other names.
    Raises InputError where the header lacks one of `columns`; other columns are allowed.
    """
    if is_parquet(path):
        yield from _read_parquet(path, columns, progress, dialect)
        return
    lines = _LineSource(path, progress, dialect)
    dialect = lines.dialect
    reader = dialect.reader(lines.texts(), lines.header)
    place = InputLocation(str(path), line=lines.number + 1)
    header, first = _read_header(reader, dialect, columns, headless, place, rename)
    nulls, width, file = frozenset(dialect.nulls), len(header), str(path)
    while True:
        start = place.line or 1 if first else lines.number + 1
        if not first:
            lines.row_lines.clear()
        try:
            cells = first.pop() if first else next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells, problem = [], f"cannot be read as a row of a table: {lines.unclosed_quote(start) or error}"
        else:
            problem = f"expected {width} cells, not {len(cells)}" if len(cells) not in (0, width) else ""
        row = SourceRow(file, start, lines.row_bytes())
        if problem and not (dialect.footers and cells and cells[0].startswith(dialect.footers)):
            is_row = bool(cells)
            cells = dialect.mended(lines.row_text(), lines.header, width)
            if not cells:  # what is no row may be several: each of its lines is lost
                yield from (each.reject(problem) for each in ([row] if is_row else lines.rows(file, start)))
                continue
        if not cells:
            continue
        if not row.raw.isascii() and any(map(_NO_LETTER.search, cells)):
            yield row.reject(_encoding_problem(dialect.encoding, row.raw))
        elif len(cells) == width:
            if len(lines.row_lines) > 1 and (problem := lines.swallowed_rows(start, width)):
                yield replace(row.reject(problem), whole=False, value=UnreadValue("", "", ""))  # rows may be lost
            named = zip(header, cells, strict=True)
            yield row, {c: "" if text.strip() in nulls else text for c, text in named} if nulls else dict(named)


def _encoding_problem(encoding: str, raw: bytes) -> str:
    """What is wrong with a row whose bytes are no text of an encoding, and what to do."""
    try:
        raw.decode(encoding)
    except UnicodeDecodeError as error:
        found = " ".join(f"{byte:02X}" for byte in raw[error.start : error.end])
        advice = "save the table as CSV UTF-8, or name its `encoding` in the declaration"
        return f"expected {encoding.upper()}, not the byte {found}; {advice}"
    return f"expected {encoding.upper()}"


def read_header(path: Path) -> set[str]:
    """The names in the first line of a delimited file, or of the columns of a Parquet file."""
    if is_parquet(path):
        return set(ParquetTable(path).header)
    first = next(_split_at_returns(read_lines(path), b'"'))[1].decode("utf-8", "replace")
    return {column.strip() for column in next(csv.reader([first]), [])}


def _read_parquet(
    path: Path, columns: Sequence[str], progress: Progress, dialect: Dialect
) -> Iterator[tuple[SourceRow, dict[str, str]] | Reject]:
    table, nulls = ParquetTable(path, columns), frozenset(dialect.nulls)
    blank = dict.fromkeys(table.header, "")
    for row, cells in table.rows(progress, columns):
        wrong = next((name for name, cell in cells.items() if cell.problem), "")
        if wrong:
            yield row.reject(f"column {wrong}, value {cells[wrong].text!r:.80}: {cells[wrong].problem}")
        else:
            yield row, blank | {c: cell.text for c, cell in cells.items() if cell.text.strip() not in nulls}


def _read_header(
    reader: Iterator[list[str]],
    dialect: Dialect,
    columns: Sequence[str],
    headless: Sequence[Sequence[str]],
    place: InputLocation,
    rename: Callable[[Sequence[str]], Sequence[str]],
) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the first row if it is no header. Raises InputError for one that is missing."""
    try:
        header = list(dialect.columns) or [column.strip() for column in next(reader)]
    except csv.Error as error:
        raise InputError(f"expected a header row: {error}", place) from None
    row = header
    if "" in header:
        header = [name or unnamed_column(number) for number, name in enumerate(header, start=1)]
    header = list(rename(header))
    first: list[list[str]] = []
    if not set(columns) <= set(header):
        known = next((names for names in headless if len(names) == len(header)), None)
        header, first = (list(known), [row]) if known else (header, first)
    if len(header) == 1 and (other := _other_delimiter(header[0])) and columns:
        problem = f"expected cells separated by {dialect.delimiter!r}, not {other!r}; name it in the `format`"
        raise InputError(problem, place)
    require_columns(header, columns, place)
    return header, first


def guess_delimiter(header: str) -> str:
    """The delimiter that occurs most often in a header: a comma, a semicolon, a tab or a vertical bar."""
    return max(_DELIMITERS, key=header.count)


def _other_delimiter(header: str) -> str:
    """The delimiter that a header of one cell seems to have; empty if it has none."""
    return guess_delimiter(header) if any(sign in header for sign in _DELIMITERS) else ""


class _LineSource:
    """The lines of a file as text for the csv reader, from the header on; remembers the bytes of the current row."""

    def __init__(self, path: Path, progress: Progress, dialect: Dialect) -> None:
        found = _split_at_returns(read_lines(path, progress), dialect.quote.encode())
        start = next(found)  # a file without any line is an error
        for _ in range(dialect.preamble):
            start = _following(found, path, start[0])
        while (named := _DELIMITER_LINE.fullmatch(start[1])) or not start[1].strip():
            if named:
                dialect = dialect.model_copy(update={"delimiter": named[1].decode()})
            start = _following(found, path, start[0])
        self.dialect, self._encoding = dialect, dialect.encoding
        self.header = start[1].decode(dialect.encoding, "surrogateescape")
        self._lines = chain((start,), found)
        self.row_lines: list[bytes] = []
        self.number = start[0] - 1

    def texts(self) -> Iterator[str]:
        """The lines with their ends."""
        encoding, row_lines = self._encoding, self.row_lines
        for number, line in self._lines:
            self.number = number
            row_lines.append(line)
            yield line.decode(encoding, "surrogateescape") + "\n"

    def unclosed_quote(self, start: int) -> str:
        """Where the quote was opened that the current row, from line `start`, leaves open; empty if there is none."""
        quote, opened = self.dialect.quote, 0
        for number, line in enumerate(self._row_texts() if quote else (), start=start):
            if line.count(quote) % 2:
                opened = 0 if opened else number
        if not opened or opened == self.number:
            return ""
        count = self.number - opened
        return (
            f"the quote opened in line {opened} is not closed; {count} more line{'s'[: count > 1]} went into its cell"
        )

    def rows(self, file: str, start: int) -> list[SourceRow]:
        """Each line of the current row, which begins in line `start`, as one of its own."""
        return [SourceRow(file, number, line) for number, line in enumerate(self.row_lines, start=start)]

    def swallowed_rows(self, start: int, width: int) -> str:
        """What tells that a quoted cell of the current row has taken in other rows of as many cells; empty if nothing.

        The last line is none of them, as it may be the rest of a row whose first cell has several lines.
        """
        sign = self.dialect.delimiter or guess_delimiter(self.header)
        inside = [line for line in self._row_texts()[1:-1] if line.count(sign) == width - 1 and f"{sign} " not in line]
        if width < 2 or not inside:
            return ""
        return (
            f"a quote opened in line {start} is closed in line {self.number}, and lines between look like rows "
            f"({len(inside)}); they were read as one cell; if that is wrong, take the quote away or double it"
        )

    def _row_texts(self) -> list[str]:
        return [line.decode(self._encoding, "surrogateescape") for line in self.row_lines]

    def row_bytes(self) -> bytes:
        return b"\n".join(self.row_lines)

    def row_text(self) -> str:
        return self.row_bytes().decode(self._encoding, "surrogateescape")


def _split_at_returns(lines: Iterator[tuple[int, bytes]], quote: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines, of which some may end with CR alone, as old programs write it; one in quotes is part of a cell."""
    more = 0
    for number, line in lines:
        start, seen, is_quoted = 0, 0, False
        while (at := line.find(b"\r", seen)) >= 0:
            if quote and line.count(quote, seen, at) % 2:
                is_quoted = not is_quoted
            seen = at + 1
            if not is_quoted:
                yield number + more, line[start:at]
                start, more = seen, more + 1
        yield number + more, line[start:]


def _following(lines: Iterator[tuple[int, bytes]], path: Path, number: int) -> tuple[int, bytes]:
    """The line after the one of this number. Raises InputError where there is none."""
    found = next(lines, None)
    if found is None:
        raise InputError("expected a header row", InputLocation(str(path), line=number + 1))
    return found

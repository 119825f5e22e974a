"""Reads the rows of delimited text files."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from pydantic import model_validator

from kg.errors import InputError, InputLocation
from kg.records import Reject
from kg.sources.files.lines import read_lines
from kg.sources.rows import Progress, SourceRow
from kg.toml_files import TomlModel


class Dialect(TomlModel):
    """How the cells of a file are separated, quoted and encoded; the `format` of a `source.toml`."""

    delimiter: str = ","
    """If empty, the comma, semicolon or tab that occurs most often in the header."""
    quote: str = '"'
    """Empty if cells are never quoted."""
    escape: str = ""
    """The character before a quote inside a cell; empty if such a quote is doubled."""
    encoding: str = "utf-8"

    @model_validator(mode="after")
    def _check(self) -> Dialect:
        for name in ("delimiter", "quote", "escape"):
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
        return csv.reader(
            lines,
            delimiter=self.delimiter or max(",;\t", key=header.count),
            quotechar=self.quote or None,
            escapechar=self.escape or None,
            doublequote=not self.escape,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            strict=True,
        )


COMMA_DIALECT = Dialect()


def read_table(
    path: Path,
    columns: Sequence[str],
    progress: Progress,
    dialect: Dialect = COMMA_DIALECT,
    headless: Sequence[Sequence[str]] = (),
) -> Iterator[tuple[SourceRow, dict[str, str]] | Reject]:
    """The rows below the header with their cells by column, lazily; a row of another width or encoding is a reject.

    A first row that lacks `columns` and is as long as one of `headless` is no header; that has the columns.
    Raises InputError where the header lacks one of `columns`; other columns are allowed.
    """
    lines = _LineSource(path, progress, dialect.encoding)
    reader = dialect.reader(lines, lines.first_line)
    try:
        header = [column.strip() for column in next(reader)]
    except csv.Error as error:
        raise InputError(f"expected a header row: {error}", InputLocation(str(path), line=1)) from None
    first: list[list[str]] = []
    if not set(columns) <= set(header):
        known = next((names for names in headless if len(names) == len(header)), None)
        header, first = (list(known), [header]) if known else (header, first)
    require_columns(header, columns, InputLocation(str(path), line=1))
    while True:
        start = 1 if first else lines.number + 1
        if not first:
            lines.row_lines.clear()
        try:
            cells = first.pop() if first else next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield SourceRow(str(path), start, lines.row_bytes()).reject(f"cannot be read as a row of a table: {error}")
            continue
        row = SourceRow(str(path), start, lines.row_bytes())
        if not cells:
            continue
        if any("\udc80" <= c <= "\udcff" for cell in cells if not cell.isascii() for c in cell):
            yield row.reject(f"expected {dialect.encoding.upper()}")
        elif len(cells) != len(header):
            yield row.reject(f"expected {len(header)} cells, not {len(cells)}")
        else:
            yield row, dict(zip(header, cells, strict=True))


class _LineSource:
    """The lines of a file as text for the csv reader; remembers the bytes of the current row."""

    def __init__(self, path: Path, progress: Progress, encoding: str) -> None:
        found = read_lines(path, progress)
        start = next(found)  # a file without any line is an error
        self._encoding = encoding
        self.first_line = start[1].decode(encoding, "surrogateescape")
        self._lines = chain((start,), found)
        self.row_lines: list[bytes] = []
        self.number = 0

    def __iter__(self) -> _LineSource:
        return self

    def __next__(self) -> str:
        self.number, line = next(self._lines)
        self.row_lines.append(line)
        return line.decode(self._encoding, "surrogateescape") + "\n"

    def row_bytes(self) -> bytes:
        return b"\n".join(self.row_lines)


def require_columns(header: Sequence[str], columns: Sequence[str], place: InputLocation) -> None:
    """Raises InputError where a header lacks one of `columns`, or has a column twice."""
    for column in columns:
        if column not in header:
            raise InputError(f"expected a column {column}", place)
    if twice := [c for c in header if header.count(c) > 1]:
        raise InputError(f"column {twice[0]} occurs more than once", place)

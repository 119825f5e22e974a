"""A list that is a table of its own form, as a sheet of people or companies that `kg load` reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.files import write_atomically
from kg.names import name_words
from kg.ontology.words import column_words, fold_word
from kg.records import Reject
from kg.sources import choose_connector
from kg.sources.files.delimited import Dialect, read_table
from kg.sources.rows import SourceRow, ignore_progress
from kg.sources.tabular.mapping import WORKBOOK_ENDINGS, name_matches

_PEOPLE, _COMPANIES = "persons", "enterprises"
_KEY = "key"
_TABLES = {".csv", ".tsv", ".txt"}

_COMPANY_COLUMNS = frozenset(
    {
        *("registered in", "registration number", "incorporation date", "incorporated in", "legal form"),
        *("company", "company name", "company number", "enterprise", "lei"),
    }
)
"""Headings that only a table of companies has."""

_Rows = Iterable[tuple[SourceRow, dict[str, str]]]


def as_sheet(file: Path, folder: Path, number: int) -> tuple[Path, int]:
    """The list as a sheet, written into `folder`, and how many of its rows have no key; a file that is none of its own
    form as it is.

    Each row keeps its line; one without a key has its line as one. Raises InputError for a file that nothing reads.
    """
    if not file.exists():
        raise InputError("there is no such file", InputLocation(str(file)))
    found = _own_table(file)
    if not found:
        return file, 0
    sheet, rows = found
    text, line, without_key = io.StringIO(newline=""), 0, 0
    writer = csv.writer(text, lineterminator="\n")
    for row, cells in rows:
        keyed = _with_key(_join_names(cells))
        if any(cells.values()) and all(text in ("", name) for name, text in cells.items()):
            keyed = {name: name for name in keyed}  # the headings again, which who reads the sheet skips and tells
        if not keyed[_KEY].strip():
            keyed[_KEY] = f"line {row.line}" + f" of file {number}" * (number > 1)
            without_key += 1
        if not line:
            writer.writerow(keyed)
            if any(" ".join(name_words(name)) in _COMPANY_COLUMNS for name in keyed):
                sheet = _COMPANIES
            line = 2 + sum(name.count("\n") for name in keyed)
        text.write("\n" * (row.line - line))
        writer.writerow(keyed.values())
        line = max(line, row.line) + 1 + sum(cell.count("\n") for cell in keyed.values())
    if not line:
        raise InputError("has no rows below its header", InputLocation(str(file)))
    (folder / str(number)).mkdir()
    return write_atomically(folder / str(number) / f"{sheet}.csv", text.getvalue().encode()), without_key


def _own_table(file: Path) -> tuple[str, _Rows] | None:
    """The rows of a table that is no sheet of `kg template`, or a sheet of parties without keys, and the sheet that
    they are read as; None of any other file that `kg load` reads.
    """
    suffix = file.suffix.lower()
    try:
        connector = choose_connector(file)
    except InputError:
        if suffix not in _TABLES:
            raise
        return _PEOPLE, _rows_of_table(file)
    if connector.name != "sheets":
        return None
    title, rows = file.stem, list[tuple[SourceRow, dict[str, str]]]()
    if suffix in WORKBOOK_ENDINGS:
        from kg.sources.tabular.workbook import single_sheet  # here, because most lists are no workbooks

        title, rows = single_sheet(file) or ("", [])
    tables = [table.sheets for table in connector.table if name_matches(title, table.sheets)]
    if title and not tables:
        return _PEOPLE, rows
    sheet = next((name for name in (_PEOPLE, _COMPANIES) if any(name in names for names in tables)), None)
    if sheet is None:
        return None
    rows = rows or list(_rows_of_table(file))
    return (sheet, rows) if rows and _key_of(rows[0][1]) is None else None


def _rows_of_table(file: Path) -> Iterator[tuple[SourceRow, dict[str, str]]]:
    for found in read_table(file, (), ignore_progress, Dialect(delimiter="")):
        if isinstance(found, Reject):
            raise InputError(found.reason, InputLocation(str(file), line=found.line))
        yield found


def _key_of(headings: Iterable[str]) -> str | None:
    """The heading of the column with keys."""
    known = column_words((_KEY,))
    return next((heading for heading in headings if fold_word(heading) in known), None)


def _with_key(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row, its key first; an empty one where it has none."""
    own = _key_of(cells)
    key = cells[own] if own is not None else ""
    return {_KEY: key, **{column: text for column, text in cells.items() if column != own}}


def _join_names(cells: Mapping[str, str]) -> Mapping[str, str]:
    """The cells of a row in which all names but the first, of any script and form, are in one column."""
    known = column_words(("name", "alias"))
    columns = {column: meant for column in cells if (meant := known.get(fold_word(column)))}
    first = next((column for column, meant in columns.items() if meant == "name"), "")
    others: Sequence[str] = [column for column in columns if column != first]
    if len(others) < 2:
        return cells
    kept = {column: text for column, text in cells.items() if column not in others}
    return {**kept, "alias": "; ".join(text for column in others if (text := cells[column].strip()))}

"""A row of a mapped table, and the readers of its values."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from html.entities import html5
from itertools import chain, islice
from typing import NamedTuple

from kg.errors import InputError, InputLocation
from kg.ontology.memo import Memo
from kg.ontology.values import (
    VALUE_TYPES,
    BadValue,
    ShareForm,
    is_missing,
    is_shortened,
    is_unnamed,
    number_problem,
    share_form,
)
from kg.ontology.words import closest, column_words, fold_text, fold_word, may_be_total
from kg.records import Reject, UnreadValue
from kg.sources.files.cells import CellText
from kg.sources.rows import SourceRow, json_text, key_form, key_problem, quote_value
from kg.sources.tabular.conversions import CONVERSIONS, DATE_CONVERSIONS, has_short_year, is_part
from kg.sources.tabular.mapping import CellMapping, Conditions, SourceMapping, TableMapping


@dataclass(slots=True)
class MappedRow:
    """One row of a table while it is mapped: its cells, which of them were used, and its rejects."""

    source_row: SourceRow
    cells: dict[str, str]
    """By column, without white space around them; empty cells are left out."""
    column_letters: Mapping[str, str] = field(default_factory=dict)
    """Column to its letter in a sheet that people fill in."""
    warnings: Mapping[str, str] = field(default_factory=dict)
    """Column to a warning that applies if its cell is an identifier."""
    currencies: Mapping[str, str] = field(default_factory=dict)
    """Column to the sign or code of the currency in which its cell is shown."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """Column to the heading of its cell in the file, where that is another."""
    used_columns: set[str] = field(default_factory=set)
    raw_values: dict[str, list[str]] = field(default_factory=dict)
    """Texts of used columns that are also kept under the column's name."""
    rejects: list[Reject] = field(default_factory=list)
    lost: list[Reject] = field(default_factory=list)
    """Why an event that the row tells, such as a payment, cannot be read."""
    replaces: tuple[str, int] | None = None
    """Of a mended row, the file and line of the row that it replaces."""

    @property
    def place(self) -> tuple[str, int]:
        """The file and line whose other rows tell how this one is read."""
        return self.replaces or (self.source_row.file, self.source_row.line)

    def is_empty(self, column: str) -> bool:
        """Whether a cell is empty also in the file."""
        return not (self.source_row.cells or {}).get(self.headings.get(column, column), "").strip()

    def keep_raw(self, column: str, text: str) -> None:
        """Keep a text under its column's name."""
        self.raw_values.setdefault(column, []).append(text)

    def reject_value(self, columns: Sequence[str], value: str, reason: str, about: str = "") -> None:
        """Reject one value; the rest of the row is read. `about` is as `UnreadValue.property`."""
        words = UnreadValue(", ".join(columns), about, json_text(value))
        self.rejects.append(self._value_reject(columns, value, reason, words))

    def add_warning(self, columns: Sequence[str], value: str) -> None:
        """Report the warning on an identifier, which is kept."""
        for column in columns:
            if column in self.warnings:
                self.rejects.append(self._value_reject([column], value, self.warnings[column]))

    def add_remark(self, columns: Sequence[str], value: str, remark: str) -> None:
        """Report a remark, if there is one, on a value that is kept."""
        if remark:
            self.rejects.append(self._value_reject(columns, value, remark).as_advice())

    def _value_reject(
        self, columns: Sequence[str], value: str, reason: str, words: UnreadValue | None = None
    ) -> Reject:
        return self.cell_reject(columns, f", value {quote_value(value)}: {reason}", words)

    def cell_reject(self, columns: Sequence[str], problem: str, words: UnreadValue | None = None) -> Reject:
        """A reject for some cells; it names the cell of a sheet that people fill in, else the line.

        `words`: the value that could not be read.
        """
        name = ", ".join(self.headings.get(column, column) for column in columns)
        reason = f"column{'s' if len(columns) > 1 else ''} {name}{problem}"
        letter = next((self.column_letters[c] for c in columns if c in self.column_letters), "")
        row = self.source_row
        cell = f"{letter}{row.line}" if letter else ""
        return Reject(row.file, row.line, reason, row.text(), whole=False, value=words, cells=row.cells, cell=cell)

    def unused_values(self, ignored: Iterable[str]) -> dict[str, list[str]]:
        """The cells that were not used, under their columns' names."""
        left = {c: [text] for c, text in self.cells.items() if c not in self.used_columns and c not in ignored}
        return {**left, **self.raw_values}


class BareShares:
    """What a bare 1, or another number below 10, among the shares of one column means: the others of it tell."""

    def __init__(self, column: str, *, is_percent: bool) -> None:
        """`is_percent`: whether the column is declared as one in per cent, so that a bare 0.5 is not understood."""
        self._column, self._is_percent = column, is_percent
        self._seen: set[ShareForm] = set()
        self._has_large = False
        """Whether there are bare numbers of 10 and more, which are no parts of anything."""

    def add(self, row: MappedRow) -> bool:
        """Take the share of a row; whether how it is read depends on others."""
        text = row.cells.get(self._column, "")
        small = _SMALL.fullmatch(text)
        if not small or small[1] != "1":
            form = share_form(text) if text else ""
            self._seen.add(form)
            self._has_large = self._has_large or (form == "number" and not small)
        return small is not None

    def apply(self, row: MappedRow) -> None:
        """Read a 1 as the whole among fractions such as `1/2`; set it aside where it may be either.

        A number from 2 to 9 is set aside among fractions, unless larger ones tell that numbers are per cent.
        """
        text = row.cells.get(self._column, "")
        small = _SMALL.fullmatch(text)
        if not small:
            return
        if small[1] != "1":
            if "fraction" in self._seen and not self._has_large:
                row.reject_value([self._column], text, _NUMBER_OF.format(text))
                del row.cells[self._column]
            return
        has_decimals = "decimal" in self._seen and (self._is_percent or "fraction" in self._seen)
        if "fraction" in self._seen and not has_decimals and self._seen.isdisjoint(("number", "percent")):
            row.cells[self._column] = "100"
            row.keep_raw(self._column, text)
            row.add_remark([self._column], text, _ONE_WHOLE)
        elif "fraction" in self._seen or has_decimals or ("percent" in self._seen and "number" not in self._seen):
            others = {
                "fraction": "fractions",
                "decimal": "values below 1",
                "percent": "shares with a sign for per cent",
            }
            found = next(words for form, words in others.items() if form in self._seen)
            row.reject_value([self._column], text, _ONE_OF.format(found))
            del row.cells[self._column]
        elif self._is_percent and "number" not in self._seen:
            row.add_remark([self._column], text, _ONE_ALONE)


_SMALL = re.compile(r"([1-9])(?:[.,]0+)?", re.ASCII)
_NUMBER_OF = "may be per cent or a number of parts, because the column has fractions; write {} % if it is per cent"
_WRITE_WHOLE = "write 100 % for the whole, or 1 %"
_ONE_OF = f"it may be the whole, because the column has {{}}, or one per cent; {_WRITE_WHOLE}"
_ONE_ALONE = f"is read as one per cent, and no share of the column is above 1; {_WRITE_WHOLE}"
_ONE_WHOLE = "is read as the whole, as the other shares of the column are fractions"


def row_of_cells(row: SourceRow, filled: Mapping[str, CellText], letters: Mapping[str, str]) -> MappedRow:
    """A row of cells that its file stores as something else than text; those with a problem are rejected."""
    texts = {name: text for name, cell in filled.items() if not cell.problem and (text := cell.text.strip())}
    notes = {name: cell.warning for name, cell in filled.items() if cell.warning}
    currencies = {name: cell.currency for name, cell in filled.items() if cell.currency}
    line = MappedRow(row, texts, letters, notes, currencies)
    for name, cell in filled.items():
        if cell.problem:
            line.reject_value([name], cell.text, cell.problem)
    return line


_MEANINGS = 16_384
"""Texts of a column, such as dates, whose meanings are remembered."""


class _Meaning(NamedTuple):
    """What a text of a cell means."""

    value: str
    problem: str = ""
    is_kept: bool = False
    """Whether the text says more than the value, and is kept too."""


class ValueReader:
    """Reads the values of one property, key or end from rows."""

    def __init__(self, cell: CellMapping, lookups: Mapping[str, Mapping[str, str]]) -> None:
        self.columns = cell.columns
        self.column = cell.column
        """Its only column; empty for a text that several are put together to."""
        self._cell, self._split = cell, cell.split
        self._empty_texts = {text.casefold() for text in cell.empty}
        known = lookups[cell.lookup] if cell.lookup else cell.values
        self._translations = {fold_text(word): value for word, value in known.items()}
        self._convert = CONVERSIONS.get(cell.convert)
        self._guesses_century = cell.convert in DATE_CONVERSIONS and cell.pivot is not None
        self._reads_country = cell.convert == "country"
        self._reads_citizenship = cell.convert == "citizenship"
        self._left = cell.unlisted == "left" and self._convert is None
        self._takes_all = not (self._empty_texts or self._left)
        self._is_plain = self._takes_all and not (self._translations or self._convert)
        self._meanings = Memo(self._find_meaning, _MEANINGS)

    def read(self, row: MappedRow) -> list[str]:
        """The values of a row; those that cannot be read become rejects of the row."""
        raw = self.written(row.cells)
        if not raw:
            return []
        texts = [raw]
        if self._split and self._split in raw:
            texts = list(dict.fromkeys(part for p in _split(raw, self._split) if (part := p.strip())))
        if self._takes_all:
            row.used_columns.update(self.columns)
            return texts if self._is_plain else self._translate_all(texts, row)
        unknown = {
            t
            for t in texts
            if t.casefold() in self._empty_texts or (self._left and fold_text(t) not in self._translations)
        }
        known = [text for text in texts if text not in unknown]
        if known or not texts:
            row.used_columns.update(self.columns)
            for text in (t for t in texts if t in unknown):
                row.keep_raw(self.columns[0], text)
        return self._translate_all(known, row)

    def written(self, cells: dict[str, str]) -> str:
        """The text of some cells that values are read from; empty where one is."""
        return cells.get(self.column, "") if self.column else self._cell.fill(cells)

    def _translate_all(self, texts: Sequence[str], row: MappedRow) -> list[str]:
        found: list[str] = []
        for text in texts:
            meaning = self._meanings[text]
            if meaning.problem:
                row.reject_value(self.columns, text, meaning.problem)
                continue
            if meaning.is_kept:
                row.keep_raw(self.columns[0], text)
            if meaning.value:
                found.append(meaning.value)
        return list(dict.fromkeys(found)) if len(found) > 1 else found

    def half_filled(self, row: MappedRow) -> list[str]:
        """The filled columns of some that are only read together, such as an amount and a currency; none if all are."""
        filled = [column for column in self.columns if row.cells.get(column)]
        return [] if self._cell.join or len(filled) == len(self.columns) else filled

    def empty_cell_remarks(self, filled: Sequence[str], row: MappedRow) -> list[Reject]:
        """A remark on each cell beside filled ones that is empty also in the file."""
        why = f"expected a value too, because {', '.join(filled)} has one; that is kept as it is"
        return [row.cell_reject([c], f": {why}") for c in self.columns if c not in filled and row.is_empty(c)]

    def with_written_currency(self, filled: Sequence[str], row: MappedRow) -> str:
        """The text of cells of which only that of the currency is empty, because the amount names it; else empty."""
        empty = [column for column in self.columns if column not in filled]
        for column in filled if len(empty) == 1 else ():
            with suppress(BadValue):
                amount, _, currency = VALUE_TYPES["money"].clean(row.cells[column]).rpartition(" ")
                return self._cell.fill({**row.cells, column: amount, empty[0]: currency})
        return ""

    def _find_meaning(self, text: str) -> _Meaning:
        if self._translations:
            known = self._translations.get(fold_text(text))
            if known is not None:
                return _Meaning(known)
        elif self._convert is None:
            return _Meaning(text)
        if self._convert is None:
            problem = f"expected one of {list_limited(self._translations)}{meant(text, self._translations)}"
            return _Meaning("", problem)
        try:
            value = self._convert(text, self._cell.pivot)
        except BadValue as error:
            return _Meaning("", str(error))
        is_kept = (
            (self._guesses_century and has_short_year(text))
            or (self._reads_country and is_part(text))
            or (self._reads_citizenship and _STATUS.search(text) is not None)
        )
        return _Meaning(value, is_kept=is_kept)


def _split(text: str, separator: str) -> list[str]:
    """The values of a cell; a `;` that ends a code of HTML such as `&amp;` separates none."""
    parts = text.split(separator)
    if separator != ";" or "&" not in text:
        return parts
    found = parts[:1]
    for part in parts[1:]:
        if (code := _CODE_BEGUN.search(found[-1])) and (code[1].startswith("#") or f"{code[1]};" in html5):
            found[-1] += f";{part}"
        else:
            found.append(part)
    return found


_CODE_BEGUN = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30})\Z", re.ASCII)


_STATUS = re.compile(r"british\b.*\b(?:overseas|territor|protected|subject|dependent)", re.IGNORECASE)
"""Words for a status that gives less than citizenship, which the code of the state does not tell."""


class RowCondition:
    """The condition of a claim, compiled for many rows: all of `when` and nothing of `unless`."""

    def __init__(self, when: Conditions, unless: Conditions) -> None:
        self._when = {column: _compile_patterns(patterns) for column, patterns in when.items()}
        self._unless = {column: _compile_patterns(patterns) for column, patterns in unless.items()}

    def matches(self, cells: Mapping[str, str]) -> bool:
        """Whether the cells of a row meet it."""
        return all(pattern.match(fold_text(cells.get(c, ""))) for c, pattern in self._when.items()) and not any(
            pattern.match(fold_text(cells.get(c, ""))) for c, pattern in self._unless.items()
        )


def _compile_patterns(patterns: Sequence[str]) -> re.Pattern[str]:
    """One expression for all patterns. Only `*` is special; alone it stands for any text but the empty one."""
    globs = (re.sub(r"^\*+$", "?*", re.sub(r"[?[]", r"[\g<0>]", fold_text(pattern))) for pattern in patterns)
    return re.compile("|".join(map(fnmatch.translate, globs)) if patterns else r"(?!)")


def rename_headings(headings: Sequence[str], columns: tuple[str, ...]) -> list[str]:
    """The headings of a sheet that people fill in, by the names of its columns: case, spaces and other words are read.

    A heading that means a column which another one names keeps its own name, and so does one that means none; a second
    name is an alias.
    """
    known, taken = column_words(columns), set(headings)
    found = []
    for heading in headings:
        name = known.get(fold_word(heading), heading)
        if name == "name" != heading and name in taken and "alias" in known:
            name = "alias"  # a name in another script or form beside the first
        found.append(name if name not in taken else heading)
        taken.add(found[-1])
    return found


def heading_problems(
    headings: Sequence[str], columns: tuple[str, ...], handling: Sequence[str]
) -> Iterator[tuple[int, str, bool]]:
    """The position, from 1, of each heading that is like the name of a column, and what was probably meant.

    The last item says whether the column may be one of `handling`: then its rows would be open to everybody.
    """
    known = column_words(columns)
    for number, heading in enumerate(headings, start=1):
        name = closest(fold_word(heading), known) if heading and heading not in columns else ""
        if name and known[name] in handling:
            yield number, f"column {heading}: did you mean {known[name]}? Give it that name, and no other column", True
        elif name and known[name] not in headings:
            yield number, f"column {heading}: did you mean {known[name]}? Its cells are kept under its own name", False


_HEADING_AGAIN = "the row repeats the headings; it is skipped"
_SECOND_HEADING = "the row is a second heading; the rows below it are read by its columns"


class SecondHeadings:
    """Finds headings within a table, and names the cells of the rows below by them."""

    def __init__(self, declaration: SourceMapping, table: TableMapping) -> None:
        self._is_filled_in, self._columns = declaration.ends == "here", declaration.columns_of(table)
        self._required, self._handling = declaration.required_columns_of(table), declaration.handling_columns_of(table)
        tables = [table, *(other for other in declaration.table if other is not table)] if self._is_filled_in else []
        words = [column_words(declaration.columns_of(each)) for each in tables]
        self._words, *self._other_words = words or [{fold_word(column): column for column in self._columns}]
        self._every_word = frozenset(chain(self._words, *self._other_words, map(str.casefold, self._columns)))
        self._file = ""
        self._names: Mapping[str, str] = {}
        """Column to what the last heading calls it; empty below the first one."""
        self._problem = ""
        """Why the rows below the last heading cannot be read."""

    def read(self, row: MappedRow) -> MappedRow | Reject:
        """The row by the heading above it, or what is told of it. The rows of a file are given one after another.

        Raises InputError for a heading that may mean the column of a handling code.
        """
        if row.source_row.file != self._file:
            self._file, self._names, self._problem = row.source_row.file, {}, ""
        if len(row.cells) > 1 and self._begins_with_name(row.cells):
            own = self._count_names(row.cells, self._words)
            other = max((self._count_names(row.cells, words) for words in self._other_words), default=0)
            is_other = other == len(row.cells) > max(own, 2)
            if is_other or (own and (len(row.cells) - own) * 4 <= len(row.cells)):
                return self._begin(row, is_other=is_other)
        if self._problem:
            is_hidden = any(name in self._handling for name in self._names.values())
            return replace(row.source_row.reject(self._problem), protected=is_hidden)
        return self._renamed(row) if self._names else row

    def _begins_with_name(self, cells: Mapping[str, str]) -> bool:
        """Whether one of the first two cells is probably the name of a column, by a look that costs little."""
        for column, text in islice(cells.items(), 2):
            if (word := text.casefold()) in self._every_word or word == column.casefold():
                return True
        return False

    def _count_names(self, cells: Mapping[str, str], words: Mapping[str, str]) -> int:
        """How many cells are names of columns; 0 where they are names of one only."""
        headings = {fold_word(column): column for column in cells} if words is self._words else {}
        folded = map(fold_word, cells.values())
        found = [name for word in folded if (name := words.get(word) or headings.get(word, ""))]
        return len(found) if len(set(found)) > 1 else 0

    def _begin(self, row: MappedRow, *, is_other: bool) -> Reject:
        """What is told of a heading, by which the rows below it are read."""
        texts = list(row.cells.values())
        found = rename_headings(texts, self._columns) if self._is_filled_in else texts
        pairs = zip(row.cells, found, strict=True)
        names = {column: column if fold_word(name) == fold_word(column) else name for column, name in pairs}
        missing = [column for column in self._required if column not in names.values()]
        self._names, self._problem = {}, ""
        if all(column == name for column, name in names.items()):
            return row.source_row.remark(_HEADING_AGAIN)
        for _, problem, is_refused in heading_problems([*names.values()], self._columns, self._handling):
            if is_refused:
                raise InputError(problem, InputLocation(row.source_row.file, row.source_row.line))
        self._names = names
        if not (is_other or missing or len(set(names.values())) < len(names)):
            return row.source_row.remark(_SECOND_HEADING)
        why = "of another table" if is_other else f"without the column {missing[0]}" if missing else "with a name twice"
        self._problem = f"is below a second heading, in row {row.source_row.line}, {why}; give it its own sheet or file"
        return row.source_row.reject(f"is a second heading, {why}; the rows below it are not read")

    def _renamed(self, row: MappedRow) -> MappedRow:
        """The row with its columns called as in the last heading; one without a name there is called by its letter."""
        letters = row.column_letters

        def name(column: str) -> str:
            return self._names.get(column) or (f"column {letters[column]}" if column in letters else column)

        columns = [*row.cells, *(row.source_row.cells or ())]
        called = {column: name(column) for column in dict.fromkeys(columns)}
        cells = row.source_row.cells
        renamed = None if cells is None else {called[column]: text for column, text in cells.items()}
        problems = [replace(reject, cells=renamed) for reject in row.rejects]
        return replace(
            row,
            source_row=row.source_row._replace(cells=renamed),
            cells={called[column]: text for column, text in row.cells.items()},
            column_letters={name(column): letter for column, letter in letters.items()},
            warnings={called[column]: text for column, text in row.warnings.items()},
            currencies={called[column]: text for column, text in row.currencies.items()},
            rejects=problems,
        )


_NOBODY = "stands where nobody is named, and is no key: rows that have it would be joined"


class _KeyFacts(NamedTuple):
    """What is known of a text as the key of somebody or something."""

    problem: str
    """What is wrong with it; empty when nothing is."""
    may_be_total: bool


_SOUND = _KeyFacts("", may_be_total=False)
"""Of most texts; one for all."""


def _key_facts(text: str) -> _KeyFacts:
    problem = key_problem(text) or (_NOBODY if is_unnamed(text) else number_problem(text))
    is_total = may_be_total(text)
    return _KeyFacts(problem, is_total) if problem or is_total else _SOUND


KEY_FACTS = Memo(_key_facts, 65_536)

_GROUPED_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?", re.IGNORECASE)


class KeyReader(ValueReader):
    """Reads keys from rows, and tells what is wrong with them by the cells of which they are made."""

    def __init__(self, cell: CellMapping, lookups: Mapping[str, Mapping[str, str]], *, joins_groups: bool) -> None:
        """With `joins_groups`, an IBAN in groups of letters is the same key as one without spaces."""
        super().__init__(cell, lookups)
        self._joins_groups = joins_groups
        self._made_of = () if self.column or self._translations else self.columns
        """The columns whose cells are looked at; where there are none, the key is."""

    def read(self, row: MappedRow) -> list[str]:
        """The keys of a row, as those of `ValueReader`."""
        found = super().read(row)
        return found if all(map(str.isascii, found)) else [*map(key_form, found)]

    def problem(self, text: str, row: MappedRow) -> str:
        """What is wrong with a key of a row; empty when nothing is."""
        if not self._made_of:
            return KEY_FACTS[text].problem
        cells = [cell for column in self._made_of if (cell := row.cells.get(column, ""))]
        if problem := key_problem(text):
            return problem
        if len(cells) < 2:
            return KEY_FACTS[cells[0]].problem if cells else ""
        # zeros may be a part of a number, and NA is Namibia
        is_nobody = all(map(is_missing, cells)) or (
            not self._cell.join and any(len(cell) > 2 and is_missing(cell) for cell in cells)
        )
        return _NOBODY if is_nobody else next((number_problem(cell) for cell in cells if is_shortened(cell)), "")

    def written(self, cells: dict[str, str]) -> str:
        for column in self.columns if self._joins_groups else ():
            if " " in (text := cells.get(column, "")) and _GROUPED_IBAN.fullmatch(text):
                cells = {**cells, column: "".join(text.split())}
        return super().written(cells)


def meant(text: str, known: Iterable[str]) -> str:
    """The one of some words that was probably meant, to end a message with; empty if there is none."""
    found = closest(fold_word(text), known)
    return f"; did you mean {found}?" if found else ""


def list_limited(known: Iterable[str], limit: int = 12) -> str:
    """The first of some texts, and how many more there are."""
    names = sorted(known)
    return ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")

"""What do the cells of one row say, which of them were used, and what was wrong with them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.ontology.values import BadValue
from kg.records import Reject
from kg.sources.rows import Row, shown_value
from kg.sources.tabular.conversions import CONVERSIONS, DATES, short_year
from kg.sources.tabular.mapping import Cell, Conditions

NO_PLACES: Mapping[str, str] = {}


@dataclass(slots=True)
class Line:
    """One row of a table, while its claims are made."""

    row: Row
    cells: dict[str, str]
    """By column, without white space around them; empty cells are left out."""
    letters: Mapping[str, str] = field(default_factory=lambda: NO_PLACES)
    """Column to its letter in a workbook's sheet."""
    notes: Mapping[str, str] = field(default_factory=lambda: NO_PLACES)
    """Column to what may be wrong with its cell if it is an identifier."""
    used: set[str] = field(default_factory=set)
    kept: dict[str, list[str]] = field(default_factory=dict)
    """Texts of used columns that stay under the source's own name."""
    rejects: list[Reject] = field(default_factory=list)

    def keep(self, column: str, text: str) -> None:
        """Let a text stay under the source's own name."""
        self.kept.setdefault(column, []).append(text)

    def set_aside(self, columns: Sequence[str], value: str, reason: str) -> None:
        """One value cannot be read; the rest of the row can."""
        self.rejects.append(self.fault(columns, f", value {shown_value(value)}: {reason}"))

    def remark(self, columns: Sequence[str], value: str) -> None:
        """Say what may be wrong with an identifier, which is kept."""
        for column in columns:
            if column in self.notes:
                self.rejects.append(self.fault([column], f", value {shown_value(value)}: {self.notes[column]}"))

    def fault(self, columns: Sequence[str], problem: str) -> Reject:
        """A problem with some cells; in a workbook the cell is named, elsewhere the line."""
        name = ", ".join(columns)
        reason = f"column{'s' if len(columns) > 1 else ''} {name}{problem}"
        letter = next((self.letters[c] for c in columns if c in self.letters), "")
        file = f"{self.row.file}!{letter}{self.row.line}" if letter else self.row.file
        return Reject(file, 0 if letter else self.row.line, reason, self.row.text(), whole=False)

    def unused(self, ignored: Iterable[str]) -> dict[str, list[str]]:
        """What nothing has used, under the file's own names."""
        left = {c: [text] for c, text in self.cells.items() if c not in self.used and c not in ignored}
        return {**left, **self.kept}


class Values:
    """Where the values of one property, key or end come from, made ready for many rows."""

    def __init__(self, cell: Cell, lookups: Mapping[str, Mapping[str, str]]) -> None:
        self.columns = cell.columns
        self._cell, self._column = cell, cell.column
        self._empty = {text.casefold() for text in cell.empty}
        known = lookups[cell.lookup] if cell.lookup else cell.values
        self._known = {folded(theirs): ours for theirs, ours in known.items()}
        self._convert = CONVERSIONS.get(cell.convert)
        self._guesses = cell.convert in DATES and cell.pivot is not None
        self._plain = not (cell.split or self._empty or self._known or self._convert)

    def of(self, line: Line) -> list[str]:
        """The values of a row; those that cannot be read become its rejects."""
        raw = line.cells.get(self._column, "") if self._column else self._cell.filled(line.cells)
        if not raw:
            return []
        if self._plain:
            line.used.update(self.columns)
            return [raw]
        parts = (p.strip() for p in raw.split(self._cell.split)) if self._cell.split else (raw,)
        texts = list(dict.fromkeys(part for part in parts if part))
        said = [text for text in texts if not self._says_nothing(text)]
        if said or not texts:
            line.used.update(self.columns)
            for text in texts:
                if text not in said:
                    line.keep(self.columns[0], text)
        return list(dict.fromkeys(value for text in said if (value := self._read(text, line))))

    def _says_nothing(self, text: str) -> bool:
        left = self._cell.unlisted == "left" and self._convert is None
        return text.casefold() in self._empty or (left and folded(text) not in self._known)

    def _read(self, text: str, line: Line) -> str:
        known = self._known.get(folded(text))
        if known is not None:
            return known
        if self._convert is None and not self._known:
            return text
        try:
            if self._convert is None:
                raise BadValue(f"expected one of {listed(self._known)}")
            value = self._convert(text, self._cell.pivot)
        except BadValue as error:
            line.set_aside(self.columns, text, str(error))
            return ""
        if self._guesses and short_year(text):
            line.keep(self.columns[0], text)
        return value


class Fit(NamedTuple):
    """Which rows something is for."""

    when: Sequence[tuple[str, Sequence[Sequence[str]]]]
    unless: Sequence[tuple[str, Sequence[Sequence[str]]]]

    @classmethod
    def of(cls, when: Conditions, unless: Conditions) -> Fit:
        """Made ready for many rows: column to patterns, each split at its stars."""
        return cls(_split(when), _split(unless))

    def fits(self, cells: Mapping[str, str]) -> bool:
        """Whether all of `when` and nothing of `unless` fits."""
        return all(_any(cells.get(column, ""), patterns) for column, patterns in self.when) and not any(
            _any(cells.get(column, ""), patterns) for column, patterns in self.unless
        )


def _split(conditions: Conditions) -> Sequence[tuple[str, Sequence[Sequence[str]]]]:
    return [(column, [folded(pattern).split("*") for pattern in patterns]) for column, patterns in conditions.items()]


def _any(text: str, patterns: Sequence[Sequence[str]]) -> bool:
    plain = folded(text)
    return any(_matches(plain, pieces) for pieces in patterns)


def _matches(text: str, pieces: Sequence[str]) -> bool:
    """Whether a text is the pieces in their order with anything between them."""
    if len(pieces) == 1 or not text:
        return text == pieces[0] and len(pieces) == 1
    first, *middle, last = pieces
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def folded(text: str) -> str:
    """A text as texts of tables are compared: without case, white space folded."""
    return " ".join(text.split()).casefold()


def listed(known: Iterable[str], limit: int = 12) -> str:
    """The first of some texts, and how many more there are."""
    names = sorted(known)
    return ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")

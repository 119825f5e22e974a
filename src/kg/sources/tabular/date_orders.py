"""In which order a column of a table writes day and month, where its own dates tell."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from kg.findings.counts import plural
from kg.ontology import Ontology
from kg.ontology.values import FRACTION_WORDS
from kg.ontology.values.dates import MONTHS
from kg.records import Reject
from kg.sources.tabular.decimal_signs import AMBIGUOUS_BYTES, DecimalSign
from kg.sources.tabular.mapped_row import BareShares, MappedRow
from kg.sources.tabular.mapping import TableMapping
from kg.sources.tabular.mapping_lint import cells_of_types

_NUMBERS = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4}|\d\d)(?=$|[T ,]+\d?\d:)", re.ASCII)
DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
_WORDS = {DAY_FIRST: "day first", MONTH_FIRST: "month first"}

EITHER = "the column has dates with the day first and others with the month first, and this one may be either"


@dataclass(slots=True)
class ColumnOrder:
    """What the dates of one column tell."""

    proofs: dict[str, int] = field(default_factory=dict)
    """By order, the line of the first date that can have no other."""
    ambiguous: int = 0
    """Dates that may have either."""

    def add(self, text: str, line: int) -> None:
        """Take a cell."""
        orders = _possible_orders(text)
        if len(orders) == 1:
            self.proofs.setdefault(orders[0], line)
        self.ambiguous += len(orders) > 1

    @property
    def proven(self) -> str:
        """The only order that its dates prove; empty for none or both."""
        return next(iter(self.proofs)) if len(self.proofs) == 1 else ""


class DateOrders:
    """The orders of the columns of one table of a file, and what follows for its cells."""

    def __init__(self, columns: Mapping[str, str], amounts: Sequence[str], shares: Mapping[str, str]) -> None:
        """`columns`: those with dates that may be written with numbers alone, and the conversion declared for each.

        `amounts`: those with amounts of money, of which the decimal sign is found out too. `shares`: those with shares,
        of which the meaning of bare numbers below 10 is, and the conversion declared for each.
        """
        self.bare_shares = {column: BareShares(column, is_percent=bool(name)) for column, name in shares.items()}
        self._columns = columns
        self.signs = {column: DecimalSign() for column in amounts}
        self._found = {column: ColumnOrder() for column in columns}

    @property
    def columns(self) -> Mapping[str, str]:
        """The columns with dates, and the conversion declared for each."""
        return self._columns

    def add(self, row: MappedRow) -> bool:
        """Take a row; whether how it is read may depend on others: a date of it has two readings, or not the one that
        was declared.
        """
        depends = False
        for one in self.bare_shares.values():
            depends = one.add(row) or depends
        for column, sign in self.signs.items():
            if text := row.cells.get(column, ""):
                depends = sign.add(text, row.place[1]) or depends
        for column, found in self._found.items():
            if (text := row.cells.get(column, "")) and self._may_be_read(column, text):
                before = found.ambiguous
                found.add(text, row.place[1])
                depends = depends or before < found.ambiguous or self._is_odd(column, text)
        return depends

    def _may_be_read(self, column: str, text: str) -> bool:
        """Whether a year of two digits, if it has one, does not keep a date from being read."""
        return self._columns[column] != "" or (found := _NUMBERS.match(text)) is None or len(found[4]) > 2

    def _is_odd(self, column: str, text: str) -> bool:
        declared, orders = self._columns[column], _possible_orders(text)
        return declared in _WORDS and len(orders) == 1 and declared not in orders

    def apply(self, row: MappedRow) -> None:
        """Write the dates of a row so that they have one reading where the column proves an order not declared.

        Where it proves both, a date that may be either is set aside. The words of the source are kept. So are amounts
        whose decimal sign the column proves, and bare numbers below 10 among fractions.
        """
        for one in self.bare_shares.values():
            one.apply(row)
        for column, sign in self.signs.items():
            if sign.ambiguous and (text := row.cells.get(column, "")) and (plain := sign.read(text)) != text:
                row.cells[column] = plain
                row.keep_raw(column, text)
        for column, found in self._found.items():
            text = row.cells.get(column, "") if found.proofs else ""
            if not (text and self._may_be_read(column, text) and (parts := _NUMBERS.match(text))):
                continue
            orders = _possible_orders(text)
            if not orders and parts[1].zfill(2) != parts[3].zfill(2):
                continue
            is_either = len(orders) > 1
            if len(found.proofs) == 2:
                if is_either:
                    row.reject_value([column], text, EITHER)
                    del row.cells[column]
                elif orders and self._columns[column] in _WORDS:
                    row.cells[column] = _unambiguous(parts, orders[0])
            elif found.proven != self._columns[column] and (is_either or self._columns[column] in _WORDS):
                row.cells[column] = _unambiguous(parts, found.proven)
                if is_either:
                    row.keep_raw(column, text)

    def remarks(self, file: str) -> Iterator[Reject]:
        """What the columns tell, once they have been read."""
        for column, sign in self.signs.items():
            if sign.ambiguous and len(sign.proofs) == 1:
                (proven, line), *_ = sign.proofs.items()
                amounts = plural(sign.ambiguous, "amounts")
                what = f"the amount in line {line} has a decimal {proven}, so {amounts} with three digits after a point"
                yield Reject(
                    file, 0, f"column {column}: {what} {'is' if sign.ambiguous == 1 else 'are'} read so too", ""
                ).as_advice()
        for column, found in self._found.items():
            if not found.ambiguous or not found.proofs or found.proven == self._columns[column]:
                continue
            said = [f"the date in line {line} has the {_WORDS[order]}" for order, line in found.proofs.items()]
            dates, are = ("date", "is") if found.ambiguous == 1 else ("dates", "are")
            count = f"{found.ambiguous:,} {dates} that may be either {are}"
            what = f"read with the {_WORDS[found.proven]} too" if found.proven else "not understood"
            yield Reject(file, 0, f"column {column}: {' and '.join(said)}, so {count} {what}", "").as_advice()


def hold_dates(
    rows: Iterable[tuple[int, MappedRow | Reject]],
    new_orders: Sequence[Callable[[], DateOrders]],
    in_order: Sequence[bool],
) -> Iterator[tuple[int, MappedRow | Reject]]:
    """All rows, last those with dates whose order the others of their column tell, and what the columns tell.

    `new_orders`: makes the orders of a file, by table. `in_order`: whether its rows keep their order, which tells
    totals.
    """
    orders_of: dict[tuple[int, str], DateOrders] = {}
    held: list[tuple[int, MappedRow, DateOrders]] = []
    holding = set[tuple[int, str]]()
    for table, line in rows:
        if isinstance(line, MappedRow):
            place = table, line.place[0]
            if (orders := orders_of.get(place)) is None:
                orders = orders_of[place] = new_orders[table]()
            is_held = orders.add(line) or place in holding
            if is_held and in_order[table]:
                holding.add(place)
            if is_held:
                held.append((table, line, orders))
                continue
        yield table, line
    for table, line, orders in held:
        orders.apply(line)
        yield table, line
    for (table, file), orders in orders_of.items():
        yield from ((table, remark) for remark in orders.remarks(file))


def may_matter(
    chunks: Iterable[bytes], declared: Collection[str], *, amounts: bool = False, shares: bool = False
) -> bool:
    """Whether a file may have dates of another order than those `declared`, or of one that none declares.

    With `amounts`, or amounts whose point may separate groups or begin the decimals; with `shares`, or a bare 1, or
    both a fraction and another bare number below 10.
    """
    has_number = has_fraction = False
    pattern = _odd_dates(frozenset(order if order in _WORDS else "" for order in declared))
    end = b"\n"
    for chunk in chunks:
        if b"\0" in chunk or pattern.search(end + chunk):  # UTF-16 is looked at in any case
            return True
        if amounts and AMBIGUOUS_BYTES.search(end + chunk):
            return True
        if shares:
            if _BARE_ONE.search(end + chunk):
                return True
            has_number = has_number or _BARE_NUMBER.search(end + chunk) is not None
            has_fraction = has_fraction or _has_fraction(end + chunk)
            if has_number and has_fraction:
                return True
        end = chunk[-12:]
    return False


_BARE_ONE, _BARE_NUMBER = (
    re.compile(rb"(?<![0-9A-Za-z./%%-])%s(?:[.,]0+)?(?![0-9A-Za-z./%%-])" % digit) for digit in (b"1", b"[2-9]")
)


_FRACTION = re.compile(rb"(?:(?<=[0-9])|(?<=[0-9] ))/ ?[0-9]|\xc2[\xbc-\xbe]|\xe2\x85[\x90-\x9e]")
"""What a fraction has, also `½`."""


def _has_fraction(content: bytes) -> bool:
    """Whether a text may have a fraction, also in words: looked for one by one, in a tenth of the time of a pattern."""
    lower = content.lower()
    return _FRACTION.search(content) is not None or any(word in lower for word in _fraction_words())


@cache
def _fraction_words() -> tuple[bytes, ...]:
    forms = {form for word in FRACTION_WORDS for form in (word, word.upper(), word.capitalize())}
    return tuple(sorted({form.encode().lower() for form in forms}))


@cache
def _odd_dates(declared: frozenset[str]) -> re.Pattern[bytes]:
    """Begins with the separator, which is rarer than digits, and looks back from there: five times as fast."""
    day, number = rb"(?:1[3-9]|[23]\d|00)", rb"\d\d?"
    after_day, after_number = rb"(?<=\D%s[-/.])" % day, rb"(?:(?<=\D\d[-/.])|(?<=\D\d\d[-/.]))"
    forms = {"": (after_number, number), DAY_FIRST: (after_number, day), MONTH_FIRST: (after_day, number)}
    return re.compile(rb"([-/.])(?:%s)\1\d\d" % b"|".join(b"".join(forms[order]) for order in sorted(declared)))


def date_columns(table: TableMapping, ontology: Ontology) -> dict[str, str]:
    """The columns whose whole cells are dates, and the conversion that is declared for each; empty for none."""
    return _columns_of(table, ontology, "date", ("", "date", DAY_FIRST, MONTH_FIRST))


def share_columns(table: TableMapping, ontology: Ontology) -> dict[str, str]:
    """The columns whose whole cells are shares, and the conversion that is declared for each; empty for none."""
    return _columns_of(table, ontology, "percent", ("", "percent"))


def _columns_of(
    table: TableMapping, ontology: Ontology, value_type: str, conversions: Collection[str]
) -> dict[str, str]:
    """The columns that alone are read as properties of a type, and the conversion that is declared for each."""
    found: dict[str, str] = {}
    for _, cell in cells_of_types(table.claims, ontology, (value_type,)):
        if cell.column and cell.convert in conversions:
            found.setdefault(cell.column, cell.convert)
    return found


def _possible_orders(text: str) -> list[str]:
    """The orders in which a date of numbers alone can be read; none where both read the same. An unknown day is 0.

    A day that the calendar does not have, such as 30.02.1969, can be read in neither.
    """
    if not (found := _NUMBERS.match(text)) or (first := int(found[1])) == (second := int(found[3])):
        return []
    pairs = {DAY_FIRST: (first, second), MONTH_FIRST: (second, first)}
    return [order for order, pair in pairs.items() if _has_day(found[4], *pair)]


def _has_day(year: str, day: int, month: int) -> bool:
    """Whether a month has a day; in a year of two digits, whose century is not known, February has 29."""
    if not 1 <= month <= 12:
        return False
    in_leap = len(year) == 2 or isleap(int(year))
    return day <= (29 if in_leap else 28) if month == 2 else day <= 31 - (month in (4, 6, 9, 11))


def _unambiguous(parts: re.Match[str], order: str) -> str:
    """The date in the order of ISO 8601; with the month as a word where its year has two digits."""
    day, month = (parts[1], parts[3]) if order == DAY_FIRST else (parts[3], parts[1])
    if not 1 <= int(month) <= 12:
        return parts.string
    rest = parts.string[parts.end() :]
    if len(parts[4]) > 2:
        return f"{parts[4]}-{month.zfill(2)}-{day.zfill(2)}{rest}"
    return f"{day}-{MONTHS[int(month) - 1][:3].upper()}-{parts[4]}{rest}"

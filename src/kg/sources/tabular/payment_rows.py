"""What the rows of a table of payments tell together: which are totals, and whom debit and credit are of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from kg.ontology import Ontology
from kg.ontology.values import money
from kg.ontology.words import fold_text, fold_word, has_only_total_words, has_total_word, is_total, may_be_total
from kg.records import USES_OF_ACCOUNTS, Record, Reject
from kg.sources.tabular.mapped_row import MappedRow, rename_headings
from kg.sources.tabular.mapping import ClaimMapping, LinkMapping, SourceMapping, TableMapping
from kg.sources.tabular.mapping_lint import cells_of_types

FEWEST_SUMMED = 2
"""An amount that one row above has too is no sum: `Total,p1,100` may be a payment as the equal one before it is."""

FEWEST_ROWS = 3
"""An amount that is the sum of fewer rows above, in a row without a word for a total, may be one by chance."""


@dataclass(slots=True)
class _Sums:
    """What the rows above add up to: all, and those below the last total."""

    every: Decimal = Decimal(0)
    rows: int = 0
    since: Decimal = Decimal(0)
    rows_since: int = 0

    def add(self, amount: Decimal) -> None:
        self.every, self.rows = self.every + amount, self.rows + 1
        self.since, self.rows_since = self.since + amount, self.rows_since + 1

    def rows_of(self, amount: Decimal) -> int:
        """How many rows above have an amount together; 0 where none do."""
        return self.rows_since if amount == self.since else self.rows if amount == self.every else 0


class TotalRows:
    """Adds up the payments of a table, in each file and currency, by the claim that makes them and in all."""

    def __init__(
        self, ontology: Ontology, table: TableMapping, links: Sequence[LinkMapping], end_columns: Collection[str]
    ) -> None:
        """`links`: those that are payments; `end_columns`: the columns that alone name an end of one."""
        self._ends = frozenset(end_columns)
        self._payments = {name: ontology.properties_of_type(name, "money") for name in ontology.with_trait("payment")}
        self._texts = _columns_of(links, ontology, "text")
        self._looked_at = self._ends | self._texts
        self._more = self._texts | _columns_of(links, ontology, "identifier")
        read = {column for cell in table.cells() for column in cell.columns}
        self._read = (read - _columns_of(table.node, ontology, "text")) | self._looked_at
        """The columns of a row with one end that say nothing of totals, or are looked at in each row."""
        self._sums = defaultdict[tuple[str, str, str], _Sums](_Sums)

    def problem(self, file: str, cells: Mapping[str, str], records: Sequence[Record]) -> tuple[str, bool]:
        """What is wrong with a row that may be a total, and whether it surely is one; nothing for others.

        A row that names who paid and who was paid is none. Another is one if an end or a text begins with a word for
        totals and the amount is the sum of rows above, or if it says nothing else beside an account. Of a row with one
        end, also a column counts that is read for no payment.
        """
        amounts = list(self._amounts(file, records))
        if not amounts:
            return "", False
        lacks_end = any(not ref.key for record in records for ref in record.ends or ())
        others = cells.keys() - self._read if lacks_end else set[str]()
        looked_at = {c: text for c, text in cells.items() if c in self._looked_at or c in others}
        total = {c for c, text in looked_at.items() if is_total(text)}
        words = {c: text for c, text in looked_at.items() if c in total or may_be_total(text, notes=False)}
        rows = max(self._sums[place].rows_of(amount) for place, amount in amounts)
        is_sum = rows >= (FEWEST_SUMMED if words else FEWEST_ROWS)
        is_alone = bool(total) and lacks_end and self._says_nothing_else(cells, total, others)
        for place, amount in amounts:
            if is_alone or (words and is_sum):
                self._sums[place].since, self._sums[place].rows_since = Decimal(0), 0
            else:
                self._sums[place].add(amount)
        if is_alone or (words and is_sum and (lacks_end or total & self._ends)):
            text = words[min(total or words, key=[*cells].index)]
            return f"is a total or balance ({text}), and no payment", True
        has_word = lacks_end and any(has_total_word(text) for c, text in looked_at.items() if c not in self._ends)
        if (words and self._ends.isdisjoint(words)) or has_word:
            return "the row is read; delete it if it is a total or the like", False
        if is_sum:
            return f"its amount is the sum of {rows:,} rows above; the row is read, delete it if it is a total", False
        return "", False

    def _says_nothing_else(self, cells: Mapping[str, str], total: set[str], others: set[str]) -> bool:
        """Whether a row of which the cells `total` are words for totals says nothing else, beside an account.

        Where one of them is an end, no other end may be named. Where all are among `others`, which are read for no
        payment, these say nothing else either.
        """
        more = self._more | self._ends if total & self._ends else self._more
        if any(column in cells and column not in total for column in more):
            return False
        return not total <= others or all(has_only_total_words(cells[column]) for column in others)

    def _amounts(self, file: str, records: Iterable[Record]) -> Iterator[tuple[tuple[str, str, str], Decimal]]:
        for record in records:
            for name, known in self._payments.get(record.type, {}).items():
                for raw in record.properties.get(name, ()):
                    if (text := known.texts[raw]) is None:
                        continue
                    amount, currency = money(text)
                    claim = record.part.partition(":")[0]
                    yield from (((file, currency, of), amount) for of in dict.fromkeys((claim, "")))


def _columns_of(claims: Iterable[ClaimMapping], ontology: Ontology, value_type: str) -> frozenset[str]:
    """The columns that values of a type are read from for some claims; keys of accounts are none."""
    cells = cells_of_types(claims, ontology, (value_type,))
    return frozenset(c for name, cell in cells if name not in USES_OF_ACCOUNTS for c in cell.columns)


_UNKNOWN = "is kept and says nothing here: it is not clear whose account the sheet is of; `from` is read as who paid"

_GUESSED = (
    "no row says debit, so the sheet is taken to be of the account that all credits have in `from`: `to` is read as "
    "who paid; empty these cells if `from` paid"
)


class DebitCreditColumns(NamedTuple):
    """Two columns of amounts, for debit and for credit, in the place of one of amounts and one of the word."""

    amount: str
    direction: str
    headings: tuple[str, str]
    """What the columns of debit and of credit are called: words that the column of the word takes."""

    @classmethod
    def of(cls, headings: Sequence[str], table: TableMapping) -> DebitCreditColumns | None:
        """Those of a table by its headings; None where it has none, or several."""
        for link in table.link if table.rows_are_links else ():
            amount = next((column for cell in link.property_cells.get("amount", ()) for column in cell.columns), "")
            if link.type.has_reverse and amount and not {amount, link.type.column} & {*headings}:
                words = {fold_word(word): kind.reverse for word, kind in link.type.values.items()}
                found = [[name for name in headings if words.get(fold_word(name)) is side] for side in (False, True)]
                if all(len(names) == 1 for names in found):
                    return cls(amount, link.type.column, (found[0][0], found[1][0]))
        return None

    def renamed(self, headings: Sequence[str]) -> list[str]:
        """The headings, of which that of debit is the one of amounts, and that of credit the one of the word."""
        names = dict(zip(self.headings, (self.amount, self.direction), strict=True))
        return [names.get(name, name) for name in headings]

    def apply(self, row: MappedRow) -> MappedRow | Reject:
        """The row of these headings with its amount in the one column and the word for its side in the other.

        A side that is empty may have zeros or a dash; a row with an amount on both is refused.
        """
        columns = (self.amount, self.direction)
        own = dict(zip(columns, self.headings, strict=True))
        if cells := row.source_row.cells:
            cells = {own.get(name, name): text for name, text in cells.items()}
            row = replace(row, source_row=row.source_row._replace(cells=cells), headings=own)
        written = [row.cells.get(column, "") for column in columns]
        has_amount = [re.search("[1-9]", text) is not None for text in written]
        if all(has_amount):
            return row.source_row.reject(f"expected an amount in one of {' and '.join(self.headings)}, not in both")
        if not any(written):
            return row
        side = int(has_amount[1] or not written[0])
        given = dict(zip(columns, (written[side], self.headings[side]), strict=True))
        if written == [*self.headings]:  # repeated, as on each page
            given = dict(zip(columns, columns, strict=True))

        def moved(said: Mapping[str, str]) -> Mapping[str, str]:
            return {**said, self.amount: said[columns[side]]} if columns[side] in said else said

        return replace(
            row,
            headings={**own, self.amount: self.headings[side]},
            cells={**row.cells, **given},
            column_letters=moved(row.column_letters),
            warnings=moved(row.warnings),
            currencies=moved(row.currencies),
        )


def name_columns(
    headings: Sequence[str], declaration: SourceMapping, table: TableMapping
) -> tuple[list[str], DebitCreditColumns | None]:
    """What the columns of a file are called for a table, by its headings; and those for debit and credit, if any."""
    is_filled_in = declaration.ends == "here"
    names = rename_headings(headings, declaration.columns_of(table)) if is_filled_in else [*headings]
    sides = DebitCreditColumns.of(names, table)
    return (sides.renamed(names) if sides else names), sides


class CreditRows:
    """Holds back rows with a word for credit until the others of the sheet tell whose account it is of.

    A bank's list of one account has it in the first column of every row: there a credit goes the other way. Where the
    account is in the second column of credits, the columns say it already.
    """

    def __init__(self, table: TableMapping) -> None:
        self._link = next((link for link in table.link if link.type.has_reverse and link.from_ and link.to), None)
        self._words = {w: k.reverse for w, k in self._link.type.words.items()} if self._link else {}
        self._read = frozenset(table.all_columns())
        self._unread = dict[tuple[str, str], tuple[MappedRow, set[bool | None]]]()
        """Of each file without the column of the words, by other column: its first row, and what its words are for."""
        self._held: list[MappedRow] = []
        self._payers = defaultdict[str, set[str]](set)
        """Who pays in the rows of each file that have a word for debit."""
        self._ends = defaultdict[str, tuple[set[str], set[str]]](lambda: (set(), set()))
        """Both ends in the rows that have one for credit."""

    def take(self, row: MappedRow) -> bool:
        """Whether a row is held back: each below a credit too, as their order tells totals. Every row is shown once."""
        if self._link is None:
            return False
        (file, _), is_credit = row.place, self._is_credit(row)
        if self._column not in (row.source_row.cells or ()):
            for column in row.cells.keys() - self._read:
                word = fold_text(row.cells[column])
                self._unread.setdefault((file, column), (row, set()))[1].add(self._words.get(word))
        if is_credit:
            for known, end in zip(self._ends[file], self._ends_of(row), strict=True):
                known.add(end)
        elif is_credit is not None:
            self._payers[file].add(self._ends_of(row)[0])
        if file in self._ends:
            self._held.append(row)
        return file in self._ends

    def remarks(self) -> Iterator[Reject]:
        """A remark on each column that has nothing but words for debit and credit, under a name that is not known."""
        for (_, column), (row, sides) in self._unread.items():
            if sides == {False, True}:
                problem = f"says debit and credit, and is not read: call it {self._column}"
                yield row.cell_reject([column], f": {problem}").as_advice()

    def rows(self) -> Iterator[MappedRow]:
        """The rows held back; the word is taken out of those that it does not turn."""
        guessed = set[str]()
        for row in self._held:
            if not self._is_credit(row):
                yield row
                continue
            payer, payee = self._ends_of(row)
            file, _ = row.place
            first, second = self._ends[file]
            own = self._payers[file] or (first if len(first) == 1 < len(second) else set[str]())
            if payer in own and payee not in own:
                if not (self._payers[file] or file in guessed):
                    guessed.add(file)
                    row.add_remark([self._column], row.cells[self._column], _GUESSED)
            else:
                if payee not in own or payer in own:
                    row.add_remark([self._column], row.cells[self._column], _UNKNOWN)
                row.keep_raw(self._column, row.cells.pop(self._column))
            yield row

    def _is_credit(self, row: MappedRow) -> bool | None:
        """Whether a row has a word for credit, not for debit; None where it has neither."""
        return self._words.get(fold_text(row.cells.get(self._column, "")))

    @property
    def _column(self) -> str:
        return self._link.type.column if self._link else ""

    def _ends_of(self, row: MappedRow) -> tuple[str, str]:
        assert self._link and self._link.from_ and self._link.to
        ends = (self._link.from_, self._link.to)
        payer, payee = (row.cells.get(end.column, "") if end.column else end.fill(row.cells) for end in ends)
        return payer, payee

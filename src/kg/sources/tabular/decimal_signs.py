"""Which sign begins the decimals of a column of amounts, where its own amounts tell."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from kg.ontology import Ontology
from kg.ontology.values import decimal_point
from kg.sources.files.cells import NUMBER_WARNING
from kg.sources.tabular.mapped_row import MappedRow
from kg.sources.tabular.mapping import TableMapping
from kg.sources.tabular.mapping_lint import cells_of_types

COMMA, POINT = "comma", "point"

EITHER = re.compile(r"(?<![0-9.,'’])(?<![0-9.,'’]\s)([1-9][0-9]{0,2})\.([0-9]{3})(?![0-9.,'’])")
"""An amount whose point may separate groups or begin the decimals; it begins decimals after a zero."""

_ZERO = r"(?<![0-9.,'’])(?<![0-9.,'’]\s)0{}[0-9]{{3}}(?![0-9.,'’])"
"""No group begins with a zero alone."""

_PROOFS = {
    COMMA: re.compile(
        r"[0-9]\.[0-9]{3},[0-9]|[0-9]\.[0-9]{3}\.[0-9]{3}|[0-9],(?:[0-9]{1,2}|[0-9]{4,})(?![0-9.,])|"
        + _ZERO.format(",")
    ),
    POINT: re.compile(
        r"[0-9],[0-9]{3}\.[0-9]|[0-9],[0-9]{3},[0-9]{3}|[0-9]\.(?:[0-9]{1,2}|[0-9]{4,})(?![0-9.,])|"
        + _ZERO.format(r"\.")
    ),
}

AMBIGUOUS_BYTES = re.compile(rb"[0-9]\.[0-9]{3}(?![0-9])")


@dataclass(slots=True)
class DecimalSign:
    """What the amounts of one column tell."""

    proofs: dict[str, int] = field(default_factory=dict)
    """By sign, the line of the first amount that can have no other."""
    ambiguous: int = 0
    """Amounts that may have either."""

    def add(self, text: str, line: int) -> bool:
        """Take a cell; whether how it is read depends on others."""
        if EITHER.search(text):
            self.ambiguous += 1
            return True
        for sign, proof in _PROOFS.items():
            if proof.search(text):
                self.proofs.setdefault(sign, line)
        return False

    def read(self, text: str) -> str:
        """The text with an amount that has one reading, where the column proves a sign; else the text."""
        if len(self.proofs) != 1:
            return text
        return EITHER.sub(r"\1\2" if COMMA in self.proofs else r"\1.\g<2>0", text)


def point_numbers(row: MappedRow, columns: Mapping[str, str]) -> None:
    """Write the numbers of some columns that their file stores as such so that their point only begins decimals.

    `columns`: with the conversion that is declared for each; a decimal comma, where that reads one.
    """
    for column in columns:
        if row.warnings.get(column) == NUMBER_WARNING and "." in (text := row.cells.get(column, "")):
            is_comma = columns[column] == "decimal_comma"
            row.cells[column] = text.replace(".", ",") if is_comma else decimal_point(text)


def amount_columns(table: TableMapping, ontology: Ontology) -> list[str]:
    """The columns that amounts of money are read from without a conversion."""
    return [column for column, convert in number_columns(table, ontology, ("money",)).items() if not convert]


def number_columns(
    table: TableMapping, ontology: Ontology, value_types: Collection[str] = ("money", "valuation", "number")
) -> dict[str, str]:
    """The columns that values of some types are read from, with the conversion that is declared for each."""
    found = dict[str, str]()
    for _, cell in cells_of_types(table.claims, ontology, value_types):
        found |= {} if cell.values else dict.fromkeys(cell.columns, cell.convert)
    return found

"""Which sign begins the decimals of a column of amounts, where its own amounts tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg.ontology import Ontology
from kg.sources.tabular.mapping import TableMapping
from kg.sources.tabular.mapping_lint import possible_types

COMMA, POINT = "comma", "point"

EITHER = re.compile(r"(?<![0-9.,'’ ])([0-9]{1,3})\.([0-9]{3})(?![0-9.,'’])")
"""An amount whose point may separate groups or begin the decimals; not after a zero alone."""

_PROOFS = {
    COMMA: re.compile(r"[0-9]\.[0-9]{3},[0-9]|[0-9]\.[0-9]{3}\.[0-9]{3}|[0-9],(?:[0-9]{1,2}|[0-9]{4,})(?![0-9.,])"),
    POINT: re.compile(r"[0-9],[0-9]{3}\.[0-9]|[0-9],[0-9]{3},[0-9]{3}|[0-9]\.(?:[0-9]{1,2}|[0-9]{4,})(?![0-9.,])"),
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
        if EITHER.search(text) and not text.lstrip("-+( ").startswith("0."):
            self.ambiguous += 1
            return True
        for sign, proof in _PROOFS.items():
            if proof.search(text):
                self.proofs.setdefault(sign, line)
        return False

    def read(self, text: str) -> str:
        """The text with an amount that has one reading, where the column proves a sign; else the text."""
        if len(self.proofs) != 1 or text.lstrip("-+( ").startswith("0."):
            return text
        return EITHER.sub(r"\1\2" if COMMA in self.proofs else r"\1.\g<2>0", text)


def amount_columns(table: TableMapping, ontology: Ontology) -> list[str]:
    """The columns that amounts of money are read from without a conversion."""
    found = dict[str, None]()
    for claim in table.claims:
        known = [ontology.properties(name) for name in possible_types(claim, ontology)]
        for name, cells in claim.property_cells.items():
            if any(name in properties and properties[name].type == "money" for properties in known):
                found |= dict.fromkeys(c for cell in cells if not (cell.convert or cell.values) for c in cell.columns)
    return [*found]

"""The cells of a row of the reference tables, and the claims of a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import JURISDICTION_NAMESPACE, Ref


class InvalidRow(ValueError):
    """A row whose claims cannot be read; the message says what was expected."""


@dataclass(slots=True)
class ReferenceClaim:
    """One node or link that a row claims."""

    key: str
    type: str
    properties: dict[str, list[str]] = field(default_factory=dict)
    part: str = ""
    ends: tuple[Ref, Ref] | None = None
    referents: tuple[str, ...] = ()
    is_shared: bool = False
    """Whether many rows make the same claim: it is kept once, as in the first of them."""


class ReferenceCells:
    """The cells of a row that are not empty; remembers which have been used."""

    def __init__(self, cells: Mapping[str, str], namespace: str) -> None:
        self._left = {name: text for name, text in cells.items() if text.strip()}
        self.namespace = namespace

    def get(self, column: str) -> str:
        """A cell, without marking it as used; empty if there is none."""
        return self._left.get(column, "")

    def take(self, column: str) -> str:
        """A cell, marked as used; empty if there is none."""
        return self._left.pop(column, "")

    def take_all(self, columns: Mapping[str, str]) -> dict[str, list[str]]:
        """The cells under the ontology's property names; equal values of two columns count once."""
        found: dict[str, list[str]] = {}
        for column, name in columns.items():
            text = self.take(column)
            if text and text not in found.setdefault(name, []):
                found[name].append(text)
        return {name: texts for name, texts in found.items() if texts}

    def unused(self) -> dict[str, list[str]]:
        """The cells that were not used, under the file's own names."""
        return {name: [text] for name, text in self._left.items()}

    def jurisdiction(self, column: str) -> Ref:
        """The jurisdiction whose code is in a cell. Raises InvalidRow where it is none."""
        text = self.take(column)
        try:
            return Ref(JURISDICTION_NAMESPACE, VALUE_TYPES["jurisdiction"].clean(text))
        except BadValue as error:
            raise InvalidRow(f"column {column}, value {text!r}: {error}") from None

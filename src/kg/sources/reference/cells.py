"""What is in a row's cells, and what can a row claim?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import JURISDICTION_NAMESPACE, Ref


class InvalidRow(ValueError):
    """A row that claims nothing that can be read; the message says what was expected."""


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
    """Many rows claim it alike: it is kept once, as the first of them says it."""


class ReferenceCells:
    """The cells of a row; empty ones mean that nothing was established. Knows which have been used."""

    def __init__(self, cells: Mapping[str, str], namespace: str) -> None:
        self._left = {name: text for name, text in cells.items() if text.strip()}
        self.namespace = namespace

    def get(self, column: str) -> str:
        """A cell, which stays unused; empty if there is none."""
        return self._left.get(column, "")

    def take(self, column: str) -> str:
        """A cell, which is used from now on; empty if there is none."""
        return self._left.pop(column, "")

    def take_all(self, columns: Mapping[str, str]) -> dict[str, list[str]]:
        """The cells under our property names; values that two columns share count once."""
        found: dict[str, list[str]] = {}
        for column, name in columns.items():
            text = self.take(column)
            if text and text not in found.setdefault(name, []):
                found[name].append(text)
        return {name: texts for name, texts in found.items() if texts}

    def unused(self) -> dict[str, list[str]]:
        """What nothing has used, under the file's own names."""
        return {name: [text] for name, text in self._left.items()}

    def jurisdiction(self, column: str) -> Ref:
        """The jurisdiction whose code a cell holds. Raises WrongRow where it is none."""
        text = self.take(column)
        try:
            return Ref(JURISDICTION_NAMESPACE, VALUE_TYPES["jurisdiction"].clean(text))
        except BadValue as error:
            raise InvalidRow(f"column {column}, value {text!r}: {error}") from None

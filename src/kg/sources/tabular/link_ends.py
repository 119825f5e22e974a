"""Do the links of a load end where the ontology allows it, at rows of the same load?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.ontology import Ontology
from kg.records import CURATED, Record, Ref, Reject
from kg.sources.tabular.mapped_row import Line


class _Met(NamedTuple):
    """A link and the row that says it."""

    record: Record
    line: Line


class Ends:
    """Remembers the nodes and links of a load, so it is for tables that people fill in, not for registers."""

    def __init__(self, ontology: Ontology, namespace: str) -> None:
        self._ontology, self._namespace = ontology, namespace
        self._types: dict[str, str] = {}
        self._links: list[_Met] = []

    def met(self, record: Record, line: Line) -> None:
        """Take note of a record and its row."""
        if record.ends is None:
            self._types.setdefault(record.key, record.type)
            self._types.update(dict.fromkeys(record.referents, record.type))
        else:
            self._links.append(_Met(record, line))

    def problems(self) -> Iterator[Reject]:
        """A remark for each end that is no row of the load, and for each link that cannot stand between its ends."""
        for record, line in self._links:
            ends = record.ends or ()
            for ref in dict.fromkeys(ends):
                if ref.namespace == self._namespace and ref.key not in self._types:
                    yield _fault(line, ref.key, "no row of these files has this key; the link waits for one")
            if problem := self._misplaced(record.type, [self._type(ref) for ref in ends]):
                yield _fault(line, next(iter(ends)).key, problem)

    def _misplaced(self, name: str, types: list[str]) -> str:
        if not all(types) or self._ontology.allows(name, types[0], types[1]):
            return ""
        link = self._ontology.links[name]
        expected = f"{name} goes from {' or '.join(link.from_)} to {' or '.join(link.to)}"
        return f"{expected}, not from {types[0]} to {types[1]}"

    def _type(self, ref: Ref) -> str:
        if ref.namespace == self._namespace:
            return self._types.get(ref.key, "")
        return "Jurisdiction" if ref.namespace == CURATED else ""


def _fault(line: Line, key: str, problem: str) -> Reject:
    columns = [c for c, text in line.cells.items() if text == key] or list(line.cells)
    return line.fault(columns[:1], f", value {key!r}: {problem}")

"""Checks that the ends of links are rows of the same load, of types that the ontology allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.ontology import Ontology
from kg.ontology.handling import is_protected_type_or_code
from kg.records import JURISDICTION_NAMESPACE, Record, Ref, Reject
from kg.sources.tabular.mapped_row import MappedRow


class LinkEndChecker:
    """Keeps the nodes and links of a load in memory, so it is for tables that people fill in, not for registers."""

    def __init__(self, ontology: Ontology, namespace: str) -> None:
        self._ontology, self._namespace = ontology, namespace
        self._types: dict[str, str] = {}
        self._links: list[tuple[Record, tuple[Ref, Ref], MappedRow]] = []

    def add(self, record: Record, row: MappedRow) -> None:
        """Add a record and its row."""
        if record.ends is None:
            self._types.setdefault(record.key, record.type)
            self._types.update(dict.fromkeys(record.referents, record.type))
        else:
            self._links.append((record, record.ends, row))

    def problems(self) -> Iterator[Reject]:
        """A remark for each end that is no row of the load, and for each link with ends of the wrong types."""
        unknown = "no row of these files has this key; the link is unresolved until one has"
        for record, ends, row in self._links:
            is_hidden = is_protected_type_or_code(self._ontology, record.type, record.provenance.handling)
            for ref in dict.fromkeys(ends):
                if ref.namespace == self._namespace and ref.key not in self._types:
                    yield replace(_end_reject(row, ref.key, unknown), protected=is_hidden)
            if problem := self._type_problem(record.type, [self._node_type(ref) for ref in ends]):
                yield replace(_end_reject(row, ends[0].key, problem), protected=is_hidden)

    def _type_problem(self, name: str, types: list[str]) -> str:
        if not all(types) or self._ontology.allows(name, types[0], types[1]):
            return ""
        link = self._ontology.links[name]
        expected = f"{name} goes from {' or '.join(link.from_)} to {' or '.join(link.to)}"
        return f"{expected}, not from {types[0]} to {types[1]}"

    def _node_type(self, ref: Ref) -> str:
        if ref.namespace == self._namespace:
            return self._types.get(ref.key, "")
        return "Jurisdiction" if ref.namespace == JURISDICTION_NAMESPACE else ""


def _end_reject(row: MappedRow, key: str, problem: str) -> Reject:
    columns = [c for c, text in row.cells.items() if text == key] or list(row.cells)
    return row.cell_reject(columns[:1], f", value {key!r}: {problem}")

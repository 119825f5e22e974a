"""Reads the provenance of the rows of a mapped table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TypeVar

from kg.ontology.handling import PROTECTED
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.ontology.words import fold_text, fold_word, words_of_grades
from kg.records import NO_PROVENANCE, Provenance
from kg.sources.rows import GRADES
from kg.sources.tabular.claims import ValueReaderFactory
from kg.sources.tabular.mapped_row import MappedRow, ValueReader, meant
from kg.sources.tabular.mapping import CellMapping

_CACHE_SIZE = 10_000
_Kept = TypeVar("_Kept")
_UNTIL_READ = "; until then the row is protected"
"""A row whose handling code cannot be read must not become open."""


class ProvenanceReader:
    """Reads provenance; equal rows share one object."""

    def __init__(self, cells: Mapping[str, Sequence[CellMapping]], value_reader: ValueReaderFactory) -> None:
        self._readers = {name: [value_reader(c) for c in found] for name, found in cells.items()}
        self._columns_of = {
            name: tuple(dict.fromkeys(c for cell in found for c in cell.columns)) for name, found in cells.items()
        }
        self._columns = tuple(dict.fromkeys(chain.from_iterable(self._columns_of.values())))
        self._cache: dict[tuple[str | None, ...], tuple[Provenance, frozenset[str]]] = {}
        self._texts: dict[tuple[str | None, ...], tuple[str, ...]] = {}
        """By name and cells, the texts of a part of a provenance: an address may differ in each row, others do not."""

    def read(self, row: MappedRow) -> Provenance:
        """The provenance of one row; invalid dates, addresses and grades become rejects."""
        if not self._readers:
            return NO_PROVENANCE
        cells = tuple(map(row.cells.get, self._columns))
        if cells in self._cache:
            provenance, used = self._cache[cells]
            row.used_columns |= used
            return provenance
        found = {name: self._part(name, row) for name in self._readers}
        datasets = found.pop("datasets", ())
        provenance = Provenance(datasets=datasets, **{name: texts[0] for name, texts in found.items() if texts})
        if not row.rejects and not row.raw_values:
            _remember(self._cache, cells, (provenance, frozenset(row.used_columns.intersection(self._columns))))
        return provenance

    def _part(self, name: str, row: MappedRow) -> tuple[str, ...]:
        columns = self._columns_of[name]
        cells = (name, *map(row.cells.get, columns))
        texts = self._texts.get(cells)
        if texts is None:
            problems = len(row.rejects) + len(row.raw_values)
            texts = tuple(self._read_texts(name, self._readers[name], row))
            if len(row.rejects) + len(row.raw_values) == problems and row.used_columns.issuperset(columns):
                _remember(self._texts, cells, texts)
        else:
            row.used_columns.update(columns)
        return texts

    def _read_texts(self, name: str, readers: list[ValueReader], row: MappedRow) -> list[str]:
        found: list[str] = []
        for source, text in ((s, t) for s in readers for t in s.read(row)):
            if found and name != "datasets":
                row.keep_raw(source.columns[0], text)  # only the first value can be used
                continue
            try:
                found.append(_clean_value(name, text))
            except BadValue as error:
                row.reject_value(source.columns, text, f"{error}{_UNTIL_READ if name == 'handling' else ''}", name)
                found += [PROTECTED] if name == "handling" else []
        return found


def _remember(cache: dict[tuple[str | None, ...], _Kept], cells: tuple[str | None, ...], kept: _Kept) -> None:
    if len(cache) > _CACHE_SIZE:
        cache.clear()
    cache[cells] = kept


def _clean_value(name: str, text: str) -> str:
    """The canonical text of a value of provenance. Raises BadValue."""
    if name in GRADES:
        word = text.strip().upper() if name != "handling" else fold_text(text)
        if word in GRADES[name]:
            return word
        words = words_of_grades(name, tuple(GRADES[name]))
        if found := words.get(fold_word(text)):
            return found
        raise BadValue(f"expected one of {', '.join(GRADES[name])}{meant(text, words)}")
    return VALUE_TYPES[{"stated": "date", "url": "url"}.get(name, "text")].clean(text)

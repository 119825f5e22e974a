"""Reads the rows of mapped tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.records import Record, Reject
from kg.sources.context import ReadContext
from kg.sources.files.delimited import read_table
from kg.sources.rows import PropertyChecks, key_problem
from kg.sources.tabular.claims import LinkBuilder, MappingContext, NodeBuilder, content_digest
from kg.sources.tabular.link_ends import LinkEndChecker
from kg.sources.tabular.mapped_row import MappedRow, RowCondition, ValueReader
from kg.sources.tabular.mapping import SourceMapping, TableMapping
from kg.sources.tabular.mapping_lint import check_mapping
from kg.sources.tabular.provenance import ProvenanceReader

_CACHE_SIZE = 10_000


def read_tables(declaration: SourceMapping, files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """The claims of each row of each file, and a reject for what could not be read; lazily.

    Raises InputError where the declaration does not fit the ontology, or a file is none of its tables.
    """
    check_mapping(declaration, context.ontology)
    tables = [TableReader(declaration, t, context) for t in declaration.table]
    ends = LinkEndChecker(context.ontology, context.namespace) if declaration.ends == "here" else None
    for path in files:
        for reader, line in _read_rows(declaration, tables, path, context):
            for result in [line] if isinstance(line, Reject) else reader.read_row(line):
                if ends and isinstance(result, Record) and isinstance(line, MappedRow):
                    ends.add(result, line)
                yield result
    if ends:
        yield from ends.problems()


class TableReader:
    """Reads the claims of the rows of one table."""

    def __init__(self, declaration: SourceMapping, table: TableMapping, context: ReadContext) -> None:
        self.table = table
        self.dialect = table.format or declaration.format
        values = partial(ValueReader, lookups=declaration.values)
        world = MappingContext(context.ontology, context.namespace, PropertyChecks(context.ontology), values)
        self._key = values(table.key) if table.key else None
        self._skip = RowCondition.compile(table.skip, {}) if table.skip else None
        self._provenance = ProvenanceReader(declaration.said, table.said, values)
        is_link = all(node.key for node in table.node)
        self._builders: list[NodeBuilder | LinkBuilder] = [NodeBuilder(node, world) for node in table.node]
        self._builders += [
            LinkBuilder(link, world, "" if is_link and n == 0 else link.label, is_row=is_link)
            for n, link in enumerate(table.link)
        ]

        self._conditions = tuple(dict.fromkeys(c for claim in table.claims for c in (*claim.when, *claim.unless)))
        self._cache: dict[tuple[str | None, ...], list[NodeBuilder | LinkBuilder]] = {}

    def read_row(self, row: MappedRow) -> Sequence[Record | Reject]:
        """The records and rejects of one row."""
        if not row.cells:
            return [replace(reject, whole=True) for reject in row.rejects]
        if self._skip and self._skip.matches(row.cells):
            return []
        key = self._row_key(row)
        if not key:
            return [replace(reject, whole=True) for reject in row.rejects[:1]]
        provenance = self._provenance.read(row)
        records = [record for claim in self._matching_builders(row) for record in claim.build(key, row)]
        if not records:
            problems = row.rejects or [row.source_row.reject("no claim of the mapping matches this row")]
            return [replace(problems[0], whole=True)]
        own = next((r for r in records if r.key == key), records[0])
        own.other = row.unused_values(self.table.ignore)
        for record in records:
            record.provenance = provenance
            if record.ends is None and record.key != key:
                record.part = content_digest(record.body())  # equal claims of several rows are one record
        return [*dict.fromkeys(row.rejects), *records]

    def _row_key(self, row: MappedRow) -> str:
        """The key of the row; empty, with a reject, if there is none."""
        if self._key is None:
            return content_digest(sorted(row.cells.items()))
        found = self._key.read(row)
        problem = key_problem(found[0]) if found else "expected the key of the row, not an empty cell"
        if problem and not row.rejects:
            row.rejects.append(row.cell_reject(self._key.columns, f": {problem}"))
        return "" if problem else found[0]

    def _matching_builders(self, row: MappedRow) -> list[NodeBuilder | LinkBuilder]:
        """The builders whose conditions a row meets; cached by the columns of all conditions."""
        cells = tuple(map(row.cells.get, self._conditions))
        if cells not in self._cache:
            if len(self._cache) > _CACHE_SIZE:
                self._cache.clear()
            self._cache[cells] = self._select_builders(row.cells)
        return self._cache[cells]

    def _select_builders(self, cells: Mapping[str, str]) -> list[NodeBuilder | LinkBuilder]:
        """The builders whose conditions are met; the `otherwise` ones only if no other condition is."""
        fitting = [c for c in self._builders if c.condition.matches(cells)]
        conditional = any(c.claim.when for c in fitting if not c.claim.otherwise)
        return [c for c in fitting if not c.claim.otherwise or not conditional]


def _read_rows(
    declaration: SourceMapping, readers: Sequence[TableReader], path: Path, context: ReadContext
) -> Iterator[tuple[TableReader, MappedRow | Reject]]:
    if path.suffix.lower() == ".xlsx":
        from kg.sources.tabular.workbook import read_workbook

        yield from read_workbook(path, readers, declaration.is_ignored_sheet, context.progress)
        return
    reader = _reader_of_file(declaration, readers, path)
    for found in read_table(path, reader.table.required_columns(), context.progress, reader.dialect):
        yield reader, found if isinstance(found, Reject) else MappedRow(found.row, non_empty_cells(found.cells))


def non_empty_cells(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells that are not empty, without white space around them."""
    return {column: text for column, cell in cells.items() if (text := cell.strip())}


def _reader_of_file(declaration: SourceMapping, readers: Sequence[TableReader], path: Path) -> TableReader:
    """The reader of a file: by the file's name, or the only one."""
    fitting = [r for r in readers if r.table.matches_file(path.name)] or (list(readers) if len(readers) == 1 else [])
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise InputError(
            f"is several tables of {declaration.shown}; make their patterns differ", InputLocation(str(path))
        )
    known = ", ".join(pattern for r in readers for pattern in r.table.files)
    raise InputError(f"is no table of {declaration.shown}; expected a file called {known}", InputLocation(str(path)))

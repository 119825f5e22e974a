"""Reads the rows of mapped tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.ontology.handling import PROTECTED
from kg.records import Provenance, Record, Reject
from kg.sources.files.delimited import read_table
from kg.sources.files.parquet import ParquetTable, is_parquet
from kg.sources.rows import PropertyChecks, ReadContext, keep_unread, key_problem
from kg.sources.tabular.claims import LinkBuilder, MappingContext, NodeBuilder, RowKeys, content_digest
from kg.sources.tabular.link_ends import LinkEndChecker
from kg.sources.tabular.mapped_row import MappedRow, RowCondition, ValueReader, row_of_cells
from kg.sources.tabular.mapping import SourceMapping, TableMapping, file_matches
from kg.sources.tabular.mapping_lint import mapping_problems
from kg.sources.tabular.provenance import ProvenanceReader

_CACHE_SIZE = 10_000


def read_tables(declaration: SourceMapping, files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """The claims of each row of each file, and a reject for what could not be read; lazily.

    Raises InputError where the declaration does not fit the ontology, or a file is none of its tables.
    """
    for place, problem in mapping_problems(declaration, context.ontology):
        raise InputError(problem, place)
    keys = RowKeys(context.ontology)
    tables = [TableReader(declaration, t, context, keys) for t in declaration.table]
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

    def __init__(
        self, declaration: SourceMapping, table: TableMapping, context: ReadContext, row_keys: RowKeys
    ) -> None:
        self.table = table
        self._row_keys = row_keys
        self.dialect = table.format or declaration.format
        values = partial(ValueReader, lookups=declaration.values)
        world = MappingContext(context.ontology, context.namespace, PropertyChecks(context.ontology), values)
        self._key = values(table.key) if table.key else None
        self._skip = RowCondition(table.skip, {}) if table.skip else None
        self._provenance = ProvenanceReader({**declaration.said.cells(), **table.said.cells()}, values)
        is_link = all(node.key for node in table.node)
        self._builders: list[NodeBuilder | LinkBuilder] = [NodeBuilder(node, world) for node in table.node]
        self._builders += [
            LinkBuilder(link, world, "" if is_link and n == 0 else link.label, is_row=is_link)
            for n, link in enumerate(table.link)
        ]
        self._conditions = tuple(dict.fromkeys(c for claim in table.claims for c in (*claim.when, *claim.unless)))
        self._matching_builders = lru_cache(_CACHE_SIZE)(self._select_builders)

    def read_row(self, row: MappedRow) -> Sequence[Record | Reject]:
        """The records and rejects of one row."""
        if not row.cells:
            return [replace(reject, whole=True) for reject in row.rejects]
        if self._skip and self._skip.matches(row.cells):
            return []
        key = self._row_key(row)
        provenance = self._provenance.read(row)
        if not key:
            return self._mark(row, provenance, [replace(reject, whole=True) for reject in row.rejects[:1]])
        builders = self._matching_builders(*(row.cells.get(column, "") for column in self._conditions))
        records, unclaimed = _build_records(builders, key, row)
        if not records:
            problems = row.rejects or [r for b in builders if isinstance(b, LinkBuilder) for r in b.missing_ends(row)]
            problems = problems or [row.source_row.reject("no claim of the mapping matches this row")]
            return self._mark(row, provenance, [replace(problems[0], whole=True)])
        own = next((r for r in records if r.key == key), records[0])
        own.other = row.unused_values(self.table.ignore)
        keep_unread(own, unclaimed)
        for record in records:
            record.provenance, record.row = provenance, row.source_row
            if record.key != key:  # equal claims of several rows are one record
                digest = content_digest(record.body())
                record.part = ":".join(filter(None, (record.part, digest)))
                record.named = True
        if self._key is None:
            self._row_keys.count_events(key, [record for record in records if record.key == key])
        return [*self._mark(row, provenance, dict.fromkeys(row.rejects)), *records]

    def _mark(self, row: MappedRow, provenance: Provenance, rejects: Iterable[Reject]) -> list[Reject]:
        """The rejects of a row, protected as the claims would be that could not be read."""
        found = list(rejects)
        if not found or not (
            provenance.handling == PROTECTED or any(builder.claims_protected(row) for builder in self._builders)
        ):
            return found
        return [replace(reject, protected=True) for reject in found]

    def _row_key(self, row: MappedRow) -> str:
        """The key of the row; empty, with a reject, if there is none."""
        if self._key is None:
            return content_digest(sorted(row.cells.items()))
        found = self._key.read(row)
        problem = key_problem(found[0]) if found else "expected the key of the row, not an empty cell"
        if problem and not row.rejects:
            row.rejects.append(row.cell_reject(self._key.columns, f": {problem}"))
        return "" if problem else found[0]

    def _select_builders(self, *texts: str) -> list[NodeBuilder | LinkBuilder]:
        """The builders whose conditions some cells meet; the `otherwise` ones only if no other condition is met."""
        cells = dict(zip(self._conditions, texts, strict=True))
        fitting = [c for c in self._builders if c.condition.matches(cells)]
        conditional = any(c.claim.when for c in fitting if not c.claim.otherwise)
        return [c for c in fitting if not c.claim.otherwise or not conditional]


def _build_records(
    builders: Sequence[NodeBuilder | LinkBuilder], key: str, row: MappedRow
) -> tuple[list[Record], list[Reject]]:
    """The records, each with the words that could not be read for it, and the rejects that belong to none of them."""
    records, unclaimed = list[Record](), list(row.rejects)
    for builder in builders:
        before = len(row.rejects)
        found = builder.build(key, row)
        if len(row.rejects) > before:
            for record in found:
                keep_unread(record, row.rejects[before:])
            unclaimed += [] if found else row.rejects[before:]
        records += found
    return records, unclaimed


def _read_rows(
    declaration: SourceMapping, readers: Sequence[TableReader], path: Path, context: ReadContext
) -> Iterator[tuple[TableReader, MappedRow | Reject]]:
    if path.suffix.lower() == ".xlsx":
        from kg.sources.tabular.workbook import read_workbook

        tables = [reader.table for reader in readers]
        for table, line in read_workbook(path, tables, declaration.ignore_sheets, context.progress):
            yield readers[table], line
        return
    reader = _reader_of_file(declaration, readers, path)
    if is_parquet(path):
        nulls = frozenset(reader.dialect.nulls)
        parquet = ParquetTable(path, reader.table.required_columns())
        for row, cells in parquet.rows(context.progress, reader.table.all_columns(), reader.table.separators()):
            yield reader, row_of_cells(row, {c: cell for c, cell in cells.items() if cell.text not in nulls}, {})
        return
    for found in read_table(path, reader.table.required_columns(), context.progress, reader.dialect):
        if isinstance(found, Reject):
            yield reader, found
        else:
            yield reader, MappedRow(found[0], {c: text for c, cell in found[1].items() if (text := cell.strip())})


def _reader_of_file(declaration: SourceMapping, readers: Sequence[TableReader], path: Path) -> TableReader:
    """The reader of a file: by the file's name, or the only one."""
    fitting = [r for r in readers if file_matches(path, r.table.files)] or list(readers)
    if len(fitting) == 1:
        return fitting[0]
    shown, known = declaration.shown, ", ".join(pattern for r in readers for pattern in r.table.files)
    if any(file_matches(path, r.table.files) for r in readers):
        raise InputError(f"is several tables of {shown}; make their patterns differ", InputLocation(str(path)))
    raise InputError(f"is no table of {shown}; expected a file called {known}", InputLocation(str(path)))

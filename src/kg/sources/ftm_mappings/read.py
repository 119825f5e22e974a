"""Reads the rows of CSV files by a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.database import scratch_database
from kg.errors import InputError, InputLocation
from kg.records import Deletion, Record, Reject
from kg.sources.files.delimited import Dialect, read_table
from kg.sources.files.lines import uncompressed_name
from kg.sources.files.parquet import table_name
from kg.sources.ftm.read import FtmReader
from kg.sources.ftm.spool import EntitySpool
from kg.sources.ftm_mappings.mapped_entities import QueryRunner, add_unused
from kg.sources.ftm_mappings.mapping import MappingFile, Query
from kg.sources.rows import ReadContext

_DIALECT = Dialect(delimiter="")


def read_mapped(
    mapping: MappingFile, files: Sequence[Path], context: ReadContext
) -> Iterator[Record | Reject | Deletion]:
    """The records of the entities that the queries make of each row; what several rows say of one entity is merged.

    Raises InputError for a file that no query reads, or that lacks a column.
    """
    queries = {path: _queries_of(mapping, path, files) for path in files}
    with scratch_database() as connection:
        reader = FtmReader(context, EntitySpool(connection))
        for path, found in queries.items():
            runners = [QueryRunner(query, mapping.dataset, reader.targets) for query in found]
            columns = list(dict.fromkeys(column for query in found for column in query.columns))
            for line in read_table(path, columns, context.progress, _DIALECT):
                if isinstance(line, Reject):
                    yield line
                    continue
                row, cells = line[0], {name: text for name, cell in line[1].items() if (text := cell.strip())}
                passed = [runner for runner in runners if runner.matches(cells)]
                made = [runner.entities(row, cells) for runner in passed]
                entities = [entity for each, _ in made for entity in each]
                if entities:
                    add_unused(entities[0], cells, set(columns))
                elif passed:
                    yield row.reject("no entity of the mapping has a key in this row")
                for _, rejects in made if entities else ():
                    yield from rejects
                for entity in entities:
                    yield from reader.store(row, entity, inner=True)
        yield from reader.read_merged()


def _queries_of(mapping: MappingFile, path: Path, files: Sequence[Path]) -> list[Query]:
    """The queries that read a file: by its name, or all where there is only one file."""
    name = table_name(uncompressed_name(path.name))
    named = [query for query in mapping.queries if name in query.file_names or path.name in query.file_names]
    known = dict.fromkeys(name for query in mapping.queries for name in query.file_names)
    if named:
        return named
    if len(known) == 1 and len(files) == 1:
        return list(mapping.queries)
    problem = f"is read by no query of {mapping.shown}; expected a file called {', '.join(known)}"
    raise InputError(problem, InputLocation(str(path)))

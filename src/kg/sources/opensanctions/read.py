"""Reads statements, packs and simple targets; the file's name says which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.database import scratch_database
from kg.records import Deletion, Record, Reject
from kg.sources.files.delimited import read_table
from kg.sources.ftm.read import FtmReader
from kg.sources.opensanctions.simple_targets import COLUMNS, simple_entity
from kg.sources.opensanctions.statement_claims import StatementClaims
from kg.sources.opensanctions.statements import Statement, StatementSpool, scattered_keys, statements
from kg.sources.rows import ReadContext, SourceRow, keep_unread
from kg.sources.tabular.mapping import file_matches


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject | Deletion]:
    """The claims of each entity that statements describe, and one entity for each row of simple targets.

    Files of statements are read twice: first for the entities whose rows are not next to each other; these are read
    after all others. Raises InputError where a file lacks a column.
    """
    simple = [path for path in files if file_matches(path, ("*.simple.csv",))]
    reader = FtmReader(context)
    for path in simple:
        for found in read_table(path, COLUMNS, context.progress):
            yield from [found] if isinstance(found, Reject) else _read_target(reader, *found)
    of_statements = [path for path in files if path not in simple]
    if of_statements:
        yield from _read_statements(reader, of_statements, context)


def _read_target(reader: FtmReader, row: SourceRow, cells: dict[str, str]) -> Iterator[Record | Reject]:
    entity, rejects = simple_entity(row, cells, reader.targets(cells["schema"]))
    readings = reader.read_entity(row, entity)
    if record := next((reading for reading in readings if isinstance(reading, Record)), None):
        keep_unread(record, rejects)
        yield from rejects
    yield from readings


def _read_statements(
    reader: FtmReader, files: Sequence[Path], context: ReadContext
) -> Iterator[Record | Reject | Deletion]:
    claims = StatementClaims(reader)
    scattered = scattered_keys(files)
    with scratch_database() as connection:
        spool = StatementSpool(connection)
        group: list[Statement] = []
        for found in statements(files, context.progress):
            if isinstance(found, Reject):
                yield found
            elif found.key in scattered:
                spool.add(found)
            else:
                if group and group[0].key != found.key:
                    yield from claims.read(group)
                    group = []
                group.append(found)
        yield from claims.read(group)
        for scattered_group in spool.groups():
            yield from claims.read(scattered_group)

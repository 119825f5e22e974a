"""Reads the tables of graph/reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.records import Provenance, Record, Reject
from kg.sources.files.delimited import read_table
from kg.sources.files.parquet import table_name
from kg.sources.reference.claims import TABLES, InvalidRow, ReferenceCells
from kg.sources.rows import PropertyChecks, ReadContext, SourceRow, keep_unread, key_problem

_ISO = "ISO 3166-1 and Unicode CLDR"
"""Origin of the rows of jurisdictions.csv, which cite no page."""


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """The claims of each row; a convention once, however many rows name it.

    `source_title` becomes the origin, `source_url` and `source_date` address and date. Columns without a place in the
    ontology stay in `other` of the row's first claim: a second source, and `confidence`, which grades the compiler's
    reading and is not the credibility of the information.
    """
    checks, seen = PropertyChecks(context.ontology), set[str]()
    for path in files:
        if table_name(path.name) not in TABLES:
            raise InputError(f"expected a file called {', '.join(TABLES)}", InputLocation(str(path)))
        for found in read_table(path, TABLES[table_name(path.name)].columns, context.progress):
            yield from [found] if isinstance(found, Reject) else _read_row(*found, context, checks, seen)


def _read_row(
    row: SourceRow, texts: dict[str, str], context: ReadContext, checks: PropertyChecks, seen: set[str]
) -> Iterator[Record | Reject]:
    cells, rejects = ReferenceCells(texts, context.namespace), list[Reject]()
    provenance = _provenance(row, cells, rejects)
    table = TABLES[table_name(Path(row.file).name)]
    try:
        records = list(table.read_claims(cells))
    except InvalidRow as error:
        yield row.reject(str(error))
        return
    if problem := next(filter(None, (key_problem(record.key) for record in records)), ""):
        yield row.reject(f"column {next(iter(texts))}: {problem}")
        return
    yield from rejects
    unused = cells.unused()
    for record in records:
        if record.type == table.shared_type:
            if record.key in seen:
                continue
            seen.add(record.key)
        else:
            record.other, unused = unused, {}
        record.properties, bad = checks.validate(row, record.type, record.properties)
        record.provenance, record.line, record.row = provenance, row.line, row
        keep_unread(record, [*rejects, *bad])
        yield from bad
        yield record


def _provenance(row: SourceRow, cells: ReferenceCells, rejects: list[Reject]) -> Provenance:
    url, date = cells.take("source_url"), cells.take("source_date")
    return Provenance(
        origin=cells.take("source_title") or (_ISO if cells.get("alpha2") else ""),
        url=row.clean("source_url", url, "url", rejects, "url") if url else "",
        stated=row.clean("source_date", date, "date", rejects, "stated") if date else "",
    )

"""How do the tables of graph/reference become records?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import InputError, Place
from kg.records import Record, Reject, Said
from kg.sources.connector import Context
from kg.sources.files.delimited import table
from kg.sources.reference.cells import Cells, Claim, WrongRow
from kg.sources.reference.claims import TABLES
from kg.sources.rows import Checks, Row, key_problem

_ISO = "ISO 3166-1 and Unicode CLDR"
"""What the rows of jurisdictions.csv go back to; they cite no page."""


def read(files: Sequence[Path], context: Context) -> Iterator[Record | Reject]:
    """The claims of each row; a convention once, however many rows name it.

    `source_title` becomes the origin, `source_url` and `source_date` where and when it was said. What has no place in
    the ontology stays in `other` of the row's first claim: a second source, and `confidence`, which grades the
    compiler's reading; it is no credibility of the information, so nothing is made of it.
    """
    checks, seen = Checks(context.ontology), set[str]()
    for path in files:
        if path.name not in TABLES:
            raise InputError(f"expected a file called {', '.join(TABLES)}", Place(str(path)))
        for found in table(path, TABLES[path.name].columns, context.progress):
            yield from [found] if isinstance(found, Reject) else _row(found.row, found.cells, context, checks, seen)


def _row(
    row: Row, texts: dict[str, str], context: Context, checks: Checks, seen: set[str]
) -> Iterator[Record | Reject]:
    cells, rejects = Cells(texts, context.namespace), list[Reject]()
    said = _said(row, cells, rejects)
    try:
        claims = list(TABLES[Path(row.file).name].claims(cells))
    except WrongRow as error:
        yield row.reject(str(error))
        return
    if problem := next((key_problem(claim.key) for claim in claims if key_problem(claim.key)), ""):
        yield row.reject(f"column {next(iter(texts))}: {problem}")
        return
    yield from rejects
    left = cells.rest()
    for claim in claims:
        if claim.shared and claim.key in seen:
            continue
        properties, odd = checks.sift(row, claim.type, claim.properties)
        yield from odd
        if claim.shared:
            seen.add(claim.key)
            yield _record(claim, properties, {}, said, row.line)
        else:
            yield _record(claim, properties, left, said, row.line)
            left = {}


def _record(
    claim: Claim, properties: dict[str, list[str]], other: dict[str, list[str]], said: Said, line: int
) -> Record:
    return Record(claim.key, claim.type, properties, claim.part, claim.ends, other, claim.referents, said, line)


def _said(row: Row, cells: Cells, rejects: list[Reject]) -> Said:
    url, date = cells.take("source_url"), cells.take("source_date")
    return Said(
        origin=cells.take("source_title") or (_ISO if cells.get("alpha2") else ""),
        url=row.cleaned("source_url", url, "url", rejects) if url else "",
        stated=row.cleaned("source_date", date, "date", rejects) if date else "",
    )

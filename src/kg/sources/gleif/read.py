"""Reads legal entities, their relationships and reporting exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.records import Provenance, Record, Reject
from kg.sources.files.json_objects import ResultPages
from kg.sources.gleif.documents import FIELDS_BY_KIND, LeiFields, day_of, read_documents
from kg.sources.gleif.entities import add_entity
from kg.sources.gleif.relationships import add_exception, add_relationship
from kg.sources.record_builder import RecordBuilder
from kg.sources.rows import PropertyChecks, ReadContext, SourceRow, key_problem

ORIGIN = "GLEIF"
_READERS = {"entity": add_entity, "relationship": add_relationship, "exception": add_exception}


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """A node for each legal entity, a link for each relationship, a claim for each reporting exception.

    Raises InputError for a table that is none of GLEIF's.
    """
    checks, pages = PropertyChecks(context.ontology), ResultPages()
    for path in files:
        for found in read_documents(path, context.progress, pages):
            if isinstance(found, Reject):
                yield found
            else:
                yield from _read_row(*found, checks, context.namespace)
    yield from pages.missing()


def _read_row(row: SourceRow, fields: LeiFields, checks: PropertyChecks, namespace: str) -> list[Record | Reject]:
    kind = fields.kind()
    if not kind:
        expected = ", ".join(names[-1] for names in FIELDS_BY_KIND.values())
        return [row.reject(f"expected one of the fields {expected}")]
    for name in FIELDS_BY_KIND[kind]:
        if key_problem(fields.peek(name)):
            return [row.reject(f"expected a value of {name}, as text without control characters")]
    builder = RecordBuilder(row, checks, namespace)
    updated = day_of(fields.peek("Registration.LastUpdateDate"))
    lei = fields.peek("LEI") or fields.peek("Relationship.StartNode.NodeID")
    builder.provenance = Provenance(
        origin=ORIGIN,
        stated=builder.clean("Registration.LastUpdateDate", updated, "date", "stated"),
        url=f"https://search.gleif.org/#/record/{lei}" if lei.isalnum() else "",
    )
    _READERS[kind](fields, builder)
    return builder.results

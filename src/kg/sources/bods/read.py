"""Reads statements of the Beneficial Ownership Data Standard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kg.records import Deletion, Provenance, Record, Reject
from kg.sources.bods.parties import read_party
from kg.sources.bods.relationships import RelationshipReader
from kg.sources.bods.statements import RELATIONSHIP, open_index
from kg.sources.record_builder import RecordBuilder
from kg.sources.rows import PropertyChecks, ReadContext, json_text


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject | Deletion]:
    """The newest statement on each record: a node for a person or entity, a link for each interest of a relationship.

    Large files are read twice: first for which statement is the newest and what each record is about. A record's id is
    its key; before 0.4, a statement's id, and a delta takes back what it replaces. Raises InputError for a file of a
    later version.
    """
    checks = PropertyChecks(context.ontology)
    with open_index(files, context.progress) as known:
        relationships = RelationshipReader(context.ontology, known)
        for found in known.newest(files, context.progress):
            if isinstance(found, Reject):
                yield found
                continue
            builder = RecordBuilder(found.row, checks, context.namespace)
            statement = replace(found, data=dict(found.data))
            builder.provenance = _take_provenance(statement.data, builder)
            if context.delta and (problem := _newer_in_force(statement.key, builder.provenance.stated, context)):
                yield found.row.reject(problem)
                continue
            if statement.record_type == RELATIONSHIP:
                relationships.read(statement, builder)
            else:
                read_party(statement, builder, known.replaced_keys(statement.key))
            yield from builder.results
        if context.delta:
            yield from known.taken_back()


def _newer_in_force(key: str, stated: str, context: ReadContext) -> str:
    """Why a statement of a delta is left aside: what is in force on its record was stated later. Else empty."""
    in_force = context.stated_in_force(key) if stated else ""
    known = min(len(stated), len(in_force))
    if stated[:known] >= in_force[:known]:
        return ""
    return f"is of {stated}, and what is in force on {key!r:.80} was stated on {in_force}: the newer statement stays"


def _take_provenance(data: dict[str, Any], builder: RecordBuilder) -> Provenance:
    """The provenance of a statement. Values that are used are removed from it; the remaining ones are flattened.

    The publisher is the origin: what a register publishes goes back to that register. The date is that of the
    statement, else of its publication; the address is that of the statement's source.
    """
    published, source = builder.take_object(data, "publicationDetails"), builder.take_object(data, "source")
    publisher = builder.take_object(published, "publisher")
    stated, released = builder.take_text(data, "statementDate"), builder.take_text(published, "publicationDate")
    provenance = Provenance(
        origin=builder.take_text(publisher, "name"),
        stated=builder.clean("statementDate", stated, "date") or builder.clean("publicationDate", released, "date"),
        url=builder.clean("source.url", builder.take_text(source, "url"), "url"),
    )
    for name in ("recordId", "recordType", "recordDetails", "bodsVersion"):
        data.pop(name, None)
        published.pop(name, None)
    if data.get("recordStatus") != "closed":
        data.pop("recordStatus", None)  # whether a record is new or updated is not a claim
    asserted = [json_text(who.get("name") or who) for who in builder.take_objects(source, "assertedBy")]
    flat: dict[str, Any] = {
        "source.type": ", ".join(builder.take_texts(source, "type")),
        "source.assertedBy": "; ".join(asserted),
        "publisher.url": builder.take_text(publisher, "url"),
        "annotations": builder.take_objects(data, "annotations"),
    }
    flat |= {f"source.{n}": v for n, v in source.items()} | {f"publicationDetails.{n}": v for n, v in published.items()}
    data.update({name: value for name, value in flat.items() if value})
    return provenance

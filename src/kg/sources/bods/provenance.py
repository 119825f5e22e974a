"""The provenance of a statement."""

from __future__ import annotations

from typing import Any

from kg.records import Provenance
from kg.sources.record_builder import RecordBuilder, json_text

_HANDLED_KEYS = ("recordId", "recordType", "recordDetails", "bodsVersion")


def take_provenance(data: dict[str, Any], builder: RecordBuilder) -> Provenance:
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
    for name in _HANDLED_KEYS:
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

"""Who says it, where and when, by the words around a statement?"""

from __future__ import annotations

from typing import Any

from kg.records import Said
from kg.sources.record_builder import Gathering, plain

_USED = ("recordId", "recordType", "recordDetails", "bodsVersion")


def take_said(data: dict[str, Any], found: Gathering) -> Said:
    """How the source stands behind a statement; what is used is taken out of it, and what is left is made flat.

    The publisher is the origin: what a register publishes goes back to that register. The date is that of the
    statement, else of its publication; the address is that of the statement's source.
    """
    published, source = found.inner(data, "publicationDetails"), found.inner(data, "source")
    publisher = found.inner(published, "publisher")
    stated, released = found.text(data, "statementDate"), found.text(published, "publicationDate")
    said = Said(
        origin=found.text(publisher, "name"),
        stated=found.cleaned("statementDate", stated, "date") or found.cleaned("publicationDate", released, "date"),
        url=found.cleaned("source.url", found.text(source, "url"), "url"),
    )
    for name in _USED:
        data.pop(name, None)
        published.pop(name, None)
    if data.get("recordStatus") != "closed":
        data.pop("recordStatus", None)  # whether a record is new or has been said before is no claim about its thing
    asserted = [plain(who.get("name") or who) for who in found.several(source, "assertedBy")]
    flat: dict[str, Any] = {
        "source.type": ", ".join(found.texts(source, "type")),
        "source.assertedBy": "; ".join(asserted),
        "publisher.url": found.text(publisher, "url"),
        "annotations": found.several(data, "annotations"),
    }
    flat |= {f"source.{n}": v for n, v in source.items()} | {f"publicationDetails.{n}": v for n, v in published.items()}
    data.update({name: value for name, value in flat.items() if value})
    return said

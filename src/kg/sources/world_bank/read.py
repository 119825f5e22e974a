"""Reads the firms and individuals that the World Bank lists as ineligible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from kg.ontology.values.jurisdictions import code_of_country
from kg.records import Provenance, Record, Reject
from kg.sources.files.json_objects import read_objects
from kg.sources.record_builder import RecordBuilder, Texts, remaining
from kg.sources.rows import PropertyChecks, ReadContext, SourceRow, key_problem

ORIGIN = "World Bank"
LIST = "ZPROCSUPP"
"""The key of the list in an answer of the bank's service."""

_ADDRESS = ("SUPP_ADDR", "SUPP_CITY", "SUPP_STATE_CODE", "SUPP_ZIP_CODE")
_WITHOUT_END = "2999"
"""The year in which exclusions end that have no end."""


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """For each row: who is listed, its country, and the exclusion as a measure."""
    checks = PropertyChecks(context.ontology)
    for path in files:
        for row in read_objects(path, context.progress):
            data = row.parse_object()
            for found in [data] if isinstance(data, Reject) else _listed(row, data):
                if isinstance(found, Reject):
                    yield found
                    continue
                line, supplier = found
                builder = RecordBuilder(line, checks, context.namespace)
                _read_supplier(supplier, builder)
                yield from builder.results


def _listed(row: SourceRow, data: dict[str, Any]) -> Iterator[tuple[SourceRow, dict[str, Any]] | Reject]:
    """The rows of an answer; an object that is none is one row itself."""
    held: Any = data
    while isinstance(held, dict) and (inner := held.get("response", held.get(LIST))) is not None:
        held = inner
    if held is data:
        yield row, data
        return
    for supplier in held if isinstance(held, list) else [held]:
        line = SourceRow(row.file, row.line, orjson.dumps(supplier))
        yield (line, supplier) if isinstance(supplier, dict) else line.reject("expected a supplier, a JSON object")


def _read_supplier(supplier: dict[str, Any], builder: RecordBuilder) -> None:
    data = dict(supplier)
    key = builder.take_text(data, "SUPP_ID")
    if key_problem(key):
        builder.reject_row("expected a supplier with SUPP_ID, as text or number")
        return
    builder.provenance = Provenance(origin=ORIGIN)
    kind = "Person" if builder.take_text(data, "SUPP_TYPE_CODE") == "I" else "Enterprise"
    name, more = builder.take_text(data, "SUPP_NAME"), builder.take_text(data, "ADD_SUPP_INFO")
    address = [text for part in _ADDRESS if (text := builder.take_text(data, part))]
    country, land = builder.take_text(data, "COUNTRY_NAME"), builder.take_text(data, "LAND1")
    code = code_of_country(country) or code_of_country(land)
    if (country or land) and not code:
        expected = "expected the English name of a jurisdiction, or its code"
        builder.reject_value("COUNTRY_NAME", country or land, expected, "LOCATED_IN")
    reason, ends = builder.take_text(data, "DEBAR_REASON"), builder.take_text(data, "DEBAR_TO_DATE")
    if ends.startswith(_WITHOUT_END):
        data["DEBAR_TO_DATE"], ends = ends, ""
    measure: Texts = {
        "name": [f"World Bank exclusion {key}"],
        "kind": ["sanction"],
        "authority": [ORIGIN],
        "program": ["Ineligible for contracts financed by the World Bank"],
        "reason": [reason],
        "ordered_on": [builder.take_text(data, "DEBAR_FROM_DATE")],
        "expires_on": [ends],
    }
    properties: Texts = {"name": [name], "topic": ["debarment"], "summary": [more], "address": [", ".join(address)]}
    builder.add_node(key, kind, properties, {})
    if code:
        builder.add_jurisdiction_link(key, "country", "LOCATED_IN", code)
    listing = f"{key}/exclusion"
    builder.add_node(listing, "Measure", measure, remaining(data))
    builder.add_link((listing, "target"), "TARGETS", (listing, key), {})

"""Writes a source's records in the native format, without loss."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import orjson

from kg.exports.summary import ExportCounts
from kg.ontology import Ontology
from kg.ports import RecordInForce, SourceInfo
from kg.records import NOT_UNDERSTOOD, Record, UnreadValue, Values


def write_records(
    stream: IO[bytes], ontology: Ontology, source: SourceInfo, rows: Iterable[RecordInForce], counts: ExportCounts
) -> None:
    """Write the declaration of the source, and one line for each record."""
    declared = {"name": source.name, "title": source.title, "namespace": source.namespace, "invented": source.invented}
    stream.write(_line({"source": declared}))
    for record, _ in rows:
        (counts.links if record.ends else counts.nodes)[record.type] += 1
        counts.count_unread(record.type, _valid_and_unread(ontology, record)[1])
        stream.write(_line(record_json(ontology, record, source.namespace)))


def record_json(ontology: Ontology, record: Record, namespace: str) -> dict[str, Any]:
    """A record as a line of the native format; ends in the file's own `namespace` are plain keys."""
    properties, unread = _valid_and_unread(ontology, record)
    parts: dict[str, Any] = {"part": record.part, "properties": properties, "other": record.other}
    parts[NOT_UNDERSTOOD] = [{name: getattr(value, name) for name in ("name", "property", "words")} for value in unread]
    parts |= {"referents": list(record.referents), **record.provenance.to_json()}
    shown = (e.key if e.namespace == namespace else [e.namespace, e.key] for e in record.ends or ())
    ends = dict(zip(("from", "to"), shown, strict=False))
    return {"key": record.key, "type": record.type, **ends, **{name: part for name, part in parts.items() if part}}


def _valid_and_unread(ontology: Ontology, record: Record) -> tuple[Values, tuple[UnreadValue, ...]]:
    """Properties, and values that could not be read. A value that the present ontology no longer accepts becomes one of
    the latter, as in the graph."""
    known = ontology.properties(record.type)
    bad = {
        name: invalid
        for name, values in record.properties.items()
        if name in known and (invalid := [v for v in values if known[name].texts[v] is None])
    }
    if not bad:
        return record.properties, record.not_understood
    sound = {name: [v for v in vs if v not in bad.get(name, ())] for name, vs in record.properties.items()}
    unread = {UnreadValue(name, name, value) for name, values in bad.items() for value in values}
    return {name: values for name, values in sound.items() if values}, tuple(sorted({*record.not_understood, *unread}))


def _line(data: dict[str, Any]) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_APPEND_NEWLINE)

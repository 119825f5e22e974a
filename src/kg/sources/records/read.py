"""Reads lines of the native format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from kg.errors import InputLocation
from kg.ontology import Ontology
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import JURISDICTION_NAMESPACE, NO_PROVENANCE, Provenance, Record, Ref, Reject
from kg.sources.connector import FixedSource, ReadContext, SourceDeclaration
from kg.sources.files.lines import read_lines
from kg.sources.grades import GRADES
from kg.sources.rows import PropertyChecks, SourceRow, json_problem, key_problem
from kg.toml_files import validate

_PROVENANCE_KEYS = ("origin", "reliability", "credibility", "handling", "stated", "url", "datasets")
KEYS = ("key", "part", "type", "from", "to", "properties", "other", "referents", *_PROVENANCE_KEYS)
"""Every key a line may have; only `key` and `type` must be there, and on a link `from` and `to`."""


class _InvalidRecord(ValueError):
    """A line that is not a record; the message says what was expected."""


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """One record for each line. A first line `{"source": {…}}` is the file's declaration and no record."""
    checks = PropertyChecks(context.ontology)
    for path in files:
        for number, raw in read_lines(path, context.progress):
            if raw and not raw.isspace():
                yield from _read_line(SourceRow(str(path), number, raw), context, checks)


def declared(path: Path) -> SourceDeclaration | None:
    """The source that the first line declares, if any. Raises InputError where the declaration is not valid."""
    _, first = next(read_lines(path))
    header = _source_header(first)
    if header is None:
        return None
    return validate(FixedSource, header, InputLocation(str(path), line=1, key="source")).declaration()


def _source_header(raw: bytes) -> object:
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None  # `read` says what is wrong with the line
    return data["source"] if isinstance(data, dict) and set(data) == {"source"} else None


def _read_line(row: SourceRow, context: ReadContext, checks: PropertyChecks) -> list[Record | Reject]:
    if row.line == 1 and _source_header(row.raw) is not None:
        return []
    try:
        data = orjson.loads(row.raw)
        record, bad = _parse_record(row, data, context)
    except orjson.JSONDecodeError as error:
        return [row.reject_json(error)]
    except _InvalidRecord as error:
        return [row.reject(str(error))]
    known = context.ontology.properties(record.type)
    record.other = {**record.other, **{n: v for n, v in record.properties.items() if n not in known}}
    claimed = {n: v for n, v in record.properties.items() if n in known}
    record.properties, rejects = checks.validate(row, record.type, claimed)
    return [*bad, *rejects, record]


def _parse_record(row: SourceRow, data: object, context: ReadContext) -> tuple[Record, list[Reject]]:
    if not isinstance(data, dict):
        raise _InvalidRecord("expected a JSON object")
    if problem := json_problem(row.raw, data):
        raise _InvalidRecord(problem)
    if unknown := [name for name in data if name not in KEYS]:
        raise _InvalidRecord(f"key {unknown[0]}: expected one of {', '.join(KEYS)}")
    if problem := key_problem(data.get("key")):
        raise _InvalidRecord(f"key key, value {data.get('key')!r:.80}: {problem}")
    if data.get("part") and (problem := key_problem(data["part"])):
        raise _InvalidRecord(f"key part, value {data['part']!r:.80}: {problem}")
    bad: list[Reject] = []
    record = Record(
        key=data["key"],
        type=_type(data, context.ontology),
        properties=_parse_values(row, data, "properties", bad),
        part=_parse_text(data, "part"),
        ends=_parse_ends(data, context),
        other=_parse_values(row, data, "other", bad),
        referents=_parse_keys(data, "referents"),
        provenance=_parse_provenance(data),
        line=row.line,
    )
    return record, bad


def _type(data: Mapping[str, Any], ontology: Ontology) -> str:
    name = _parse_text(data, "type")
    known = ontology.links.get(name) or ontology.nodes.get(name)
    if known is None or known.abstract:
        raise _InvalidRecord(
            f"key type, value {name!r}: expected a type of the ontology that is not abstract (see kg ref)"
        )
    is_link = name in ontology.links
    given = [end for end in ("from", "to") if end in data]
    if given != (["from", "to"] if is_link else []):
        raise _InvalidRecord(
            f"type {name} is a {'link: expected from and to' if is_link else 'node: it has no from and to'}"
        )
    return name


def _parse_ends(data: Mapping[str, Any], context: ReadContext) -> tuple[Ref, Ref] | None:
    if "from" not in data:
        return None
    return _parse_end(data, "from", context.namespace), _parse_end(data, "to", context.namespace)


def _parse_end(data: Mapping[str, Any], name: str, namespace: str) -> Ref:
    """A key of the source's own namespace, or a pair of namespace and key."""
    end = [namespace, data[name]] if isinstance(data[name], str) else data[name]
    if not isinstance(end, list) or len(end) != 2 or any(key_problem(part) for part in end):
        raise _InvalidRecord(f'key {name}: expected a key, or a pair such as ["jurisdiction", "US"]')
    return (
        Ref(JURISDICTION_NAMESPACE, _canonical(name, end[1], "jurisdiction"))
        if end[0] == JURISDICTION_NAMESPACE
        else Ref(*end)
    )


def _parse_values(row: SourceRow, data: Mapping[str, Any], name: str, bad: list[Reject]) -> dict[str, list[str]]:
    """The texts under `properties` or `other`; anything that is not text becomes a reject."""
    given = data.get(name, {})
    if not isinstance(given, dict):
        raise _InvalidRecord(f"key {name}: expected an object of texts or lists of texts")
    found = {n: v if isinstance(v, list) else [v] for n, v in given.items()}
    bad += (
        row.reject_value(n, v, "expected text, or a list of texts")
        for n, vs in found.items()
        for v in vs
        if not isinstance(v, str)
    )
    return {n: texts for n, vs in found.items() if (texts := [v for v in vs if isinstance(v, str)])}


def _parse_provenance(data: Mapping[str, Any]) -> Provenance:
    if not any(name in data for name in _PROVENANCE_KEYS):
        return NO_PROVENANCE
    for name, expected in GRADES.items():
        if name in data and data[name] not in expected:
            raise _InvalidRecord(f"key {name}, value {data[name]!r}: expected one of {', '.join(expected)}")
    texts = {name: _parse_text(data, name) for name in _PROVENANCE_KEYS if name in data and name != "datasets"}
    for name, kind in (("stated", "date"), ("url", "url")):
        if texts.get(name):
            texts[name] = _canonical(name, texts[name], kind)
    return Provenance(**texts, datasets=_parse_keys(data, "datasets"))


def _canonical(name: str, value: str, kind: str) -> str:
    try:
        return VALUE_TYPES[kind].clean(value)
    except BadValue as error:
        raise _InvalidRecord(f"key {name}, value {value!r}: {error}") from None


def _parse_text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise _InvalidRecord(f"key {name}: expected text")
    return value


def _parse_keys(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = data.get(name, [])
    if not isinstance(found, list) or any(key_problem(key) for key in found):
        raise _InvalidRecord(f"key {name}: expected a list of texts")
    return tuple(found)

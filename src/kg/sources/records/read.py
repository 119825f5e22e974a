"""Reads lines of the native format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import orjson

from kg.errors import InputLocation
from kg.ontology import Ontology
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import (
    JURISDICTION_NAMESPACE,
    NO_PROVENANCE,
    NOT_UNDERSTOOD,
    Provenance,
    Record,
    Ref,
    Reject,
    UnreadValue,
)
from kg.sources.connector import SourceDeclaration
from kg.sources.files.json_objects import read_rows
from kg.sources.files.lines import read_lines
from kg.sources.line_reader import LineReader, PlainLineReader
from kg.sources.rows import (
    GRADES,
    PropertyChecks,
    ReadContext,
    SourceRow,
    keep_unread,
    key_problem,
    may_be_handling,
    texts_under,
)
from kg.toml_files.models import validate

_PROVENANCE_KEYS = ("origin", "reliability", "credibility", "handling", "stated", "url", "page", "datasets")
KEYS = ("key", "part", "type", "from", "to", "properties", "other", NOT_UNDERSTOOD, "referents", *_PROVENANCE_KEYS)
"""Every key a line may have; only `key` and `type` must be there, and on a link `from` and `to`."""

UNREAD_KEYS = ("name", "property", "words")
"""The keys of a value that could not be read."""


class _InvalidRecord(ValueError):
    """A line that is not a record; the message says what was expected."""


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """One record for each line. A first line `{"source": {…}}` is the file's declaration and no record."""
    return RecordLineReader(context).read(row for path in files for row in read_rows(path, context.progress))


def line_reader(files: Sequence[Path], context: ReadContext) -> LineReader | None:
    """What reads the lines of these files in several processes."""
    return RecordLineReader(context)


class RecordLineReader(PlainLineReader):
    """Reads lines with a record each."""

    shares_keys: ClassVar[bool] = True

    def __init__(self, context: ReadContext) -> None:
        self._context, self._checks = context, PropertyChecks(context.ontology)

    def read(self, rows: Iterable[SourceRow]) -> Iterator[Record | Reject]:
        """The records and rejects of some lines."""
        for row in rows:
            if row.line > 1 or _source_header(row.raw) is None:
                yield from _read_line(row, self._context, self._checks)

    def shared_keys(self, row: SourceRow) -> Iterable[str]:
        """The key of a line."""
        return texts_under(row, "key")


def declared(path: Path) -> SourceDeclaration | None:
    """The source that the first line declares, if any. Raises InputError where the declaration is not valid."""
    _, first = next(read_lines(path))
    header = _source_header(first)
    if header is None:
        return None
    return validate(SourceDeclaration, header, InputLocation(str(path), line=1, key="source"))


def _source_header(raw: bytes) -> object:
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None  # `read` says what is wrong with the line
    return data["source"] if isinstance(data, dict) and set(data) == {"source"} else None


def _read_line(row: SourceRow, context: ReadContext, checks: PropertyChecks) -> list[Record | Reject]:
    data = row.parse_object()
    if isinstance(data, Reject):
        return [data]
    try:
        record, bad = _parse_record(row, data, context)
    except _InvalidRecord as error:
        return [row.reject(str(error))]
    known, given = context.ontology.properties(record.type), record.properties
    record.other = {**record.other, **{n: v for n, v in given.items() if n not in known}}
    if misplaced := next(filter(may_be_handling, record.other), ""):
        problem = f"property {misplaced}: a handling code stands beside the properties, as key handling"
        return [row.reject_hidden(problem)]
    claimed = {n: v for n, v in given.items() if n in known}
    record.properties, rejects = checks.validate(row, record.type, claimed)
    keep_unread(record, [*bad, *rejects])
    return [*bad, *rejects, record]


def _parse_record(row: SourceRow, data: dict[str, Any], context: ReadContext) -> tuple[Record, list[Reject]]:
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
        ends=(_parse_end(data, "from", context), _parse_end(data, "to", context)) if "from" in data else None,
        other=_parse_values(row, data, "other", bad),
        referents=_parse_keys(data, "referents"),
        provenance=_parse_provenance(data),
        line=row.line,
        row=row,
        not_understood=_parse_unread(data),
    )
    return record, bad


def _type(data: Mapping[str, Any], ontology: Ontology) -> str:
    name = _parse_text(data, "type")
    known = ontology.links.get(name) or ontology.nodes.get(name)
    if known is None or known.abstract:
        expected = "expected a type of the ontology that is not abstract (see kg ref)"
        raise _InvalidRecord(f"key type, value {name!r}: {expected}")
    given = [end for end in ("from", "to") if end in data]
    if name in ontology.links and len(given) < 2:
        raise _InvalidRecord(f"type {name} is a link: expected from and to")
    if name in ontology.nodes and given:
        raise _InvalidRecord(f"type {name} is a node: it has no from and to")
    return name


def _parse_end(data: Mapping[str, Any], name: str, context: ReadContext) -> Ref:
    """A key of the source's own namespace, or a pair of namespace and key."""
    end = [context.namespace, data[name]] if isinstance(data[name], str) else data[name]
    if not isinstance(end, list) or len(end) != 2 or any(key_problem(part) for part in end):
        raise _InvalidRecord(f'key {name}: expected a key, or a pair such as ["jurisdiction", "US"]')
    return Ref(end[0], _canonical(name, end[1], "jurisdiction") if end[0] == JURISDICTION_NAMESPACE else end[1])


def _parse_values(row: SourceRow, data: Mapping[str, Any], name: str, bad: list[Reject]) -> dict[str, list[str]]:
    """The texts under `properties` or `other`; anything that is not text becomes a reject."""
    given = data.get(name, {})
    if not isinstance(given, dict):
        raise _InvalidRecord(f"key {name}: expected an object of texts or lists of texts")
    found = {n: v if isinstance(v, list) else [v] for n, v in given.items()}
    bad += (
        row.reject_value(n, v, "expected text, or a list of texts", n if name == "properties" else "")
        for n, vs in found.items()
        for v in vs
        if not isinstance(v, str)
    )
    return {n: texts for n, vs in found.items() if (texts := [v for v in vs if isinstance(v, str)])}


def _parse_unread(data: Mapping[str, Any]) -> tuple[UnreadValue, ...]:
    """Values that another reader could not read, as `kg export` writes them."""
    found = data.get(NOT_UNDERSTOOD, [])
    if not isinstance(found, list) or not all(map(_is_unread, found)):
        raise _InvalidRecord(
            f"key {NOT_UNDERSTOOD}: expected a list of objects with {', '.join(UNREAD_KEYS)}, all texts"
        )
    return tuple(sorted({UnreadValue(*(value[name] for name in UNREAD_KEYS)) for value in found}))


def _is_unread(value: object) -> bool:
    return (
        isinstance(value, dict) and value.keys() == {*UNREAD_KEYS} and all(isinstance(v, str) for v in value.values())
    )


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

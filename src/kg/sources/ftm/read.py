"""Reads FollowTheMoney entities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from kg.database import scratch_database
from kg.errors import InputError, InputLocation
from kg.ontology.derive.ftm import EXTENSION_KEY, EdgeRule, NodeRule, ftm_mapping
from kg.records import JURISDICTION_NAMESPACE, NO_PROVENANCE, Deletion, Provenance, Record, Ref, Reject
from kg.sources.countries import UNKNOWN_PLACE, state_code
from kg.sources.files.json_objects import read_rows
from kg.sources.files.lines import read_lines
from kg.sources.ftm.extension import KgExtension
from kg.sources.ftm.nested import EntitySpool, is_nested, unnest
from kg.sources.ftm.properties import PropertyMapper, country_code, is_not_state
from kg.sources.ftm.provenance import metadata_values, read_provenance, valid_keys
from kg.sources.record_builder import Texts
from kg.sources.rows import PropertyChecks, ReadContext, SourceRow, keep_unread, key_problem

DELTA_OPERATIONS = ("ADD", "MOD", "DEL")
"""Operations of a delta file: add a row, replace it, delete it."""


_PROVENANCE_PROPERTIES = {"sourceUrl", "publisher", "modifiedAt", "retrievedAt"}
_MAX_INDEX_LINES = 100_000
"""More lines than an index of delta files has."""

_PLAIN_BRACES = 2
"""Opening braces of a line with one entity and its properties; nested objects and texts may bring more."""


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject | Deletion]:
    """One node record for an entity and one link record for each value that links it; for an entity of an edge
    schema one link record for each pair of its ends.

    A property-made link is the part `<property>:<value>` of its row, a pair the part `<source>→<target>`, however
    many there are. Values are sorted: FollowTheMoney gives their order no meaning. A line of a delta file has the
    keys `op` and `entity`; one that cannot be read changes nothing. Entities that hold others instead of their ids
    are split; they are read after all others, each once.

    Raises InputError for the index file of deltas.
    """
    with scratch_database() as connection:
        reader = _FtmReader(context, EntitySpool(connection))
        for path in files:
            for row in read_rows(path, context.progress):
                if row.line == 1:
                    _reject_index_file(path, row.raw)
                yield from reader.read_row(row)
        yield from reader.read_nested()


def _reject_index_file(path: Path, first: bytes) -> None:
    """Raises InputError for the index of a source's delta files, which may span several lines."""
    stripped = first.strip()
    text = b"\n".join(raw for _, raw in islice(read_lines(path), _MAX_INDEX_LINES)) if stripped == b"{" else stripped
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        return  # the reader says of each line what is wrong with it
    if isinstance(data, dict) and isinstance(data.get("versions"), dict) and not data.keys() & {"id", "op"}:
        raise InputError(
            "is the index of delta files, no data; load the files it names, oldest first, with --delta",
            InputLocation(str(path), line=1, key="versions"),
        )


class _EntityRow(NamedTuple):
    row: SourceRow
    key: str
    data: dict[str, Any]
    values: Texts
    rejects: list[Reject]


class _FtmReader:
    def __init__(self, context: ReadContext, spool: EntitySpool) -> None:
        mapping, checks = ftm_mapping(context.ontology), PropertyChecks(context.ontology)
        self._namespace = context.namespace
        self._rules: Mapping[str, NodeRule | EdgeRule] = {**mapping.nodes, **mapping.edges}
        self._mappers = {s: PropertyMapper(context.ontology, checks, r.type, r.fields) for s, r in self._rules.items()}
        self._targets = {
            schema: {**self._mappers[schema].targets, **_link_targets(r)} for schema, r in self._rules.items()
        }
        self._extension = KgExtension(context.ontology, checks)
        self._spool = spool

    def read_row(self, row: SourceRow) -> Sequence[Record | Reject | Deletion]:
        """The records and rejects of one line."""
        data = row.parse_object()
        if isinstance(data, Reject):
            return [data]
        if "op" in data:
            return self._read_delta(row, data)
        if row.raw.count(b"{") > _PLAIN_BRACES and is_nested(data) and not key_problem(data.get("id")):
            for entity in unnest(data, self._rules):
                self._spool.add(row, entity)
            return ()
        return self._read_entity(row, data)

    def read_nested(self) -> Iterator[Record | Reject | Deletion]:
        """The records and rejects of nested entities, and of those that contained them."""
        for row, entity, rejects in self._spool.merged():
            yield from rejects
            yield from self._read_entity(row, entity)

    def _read_delta(self, row: SourceRow, data: dict[str, Any]) -> Sequence[Record | Reject | Deletion]:
        """The changes in a line of a delta file."""
        operation, entity = data["op"], data.get("entity")
        if operation not in DELTA_OPERATIONS:
            return [row.reject(f"key op, value {operation!r:.80}: expected one of {', '.join(DELTA_OPERATIONS)}")]
        if not isinstance(entity, dict):
            return [row.reject("key entity: expected a JSON object")]
        if problem := key_problem(entity.get("id")):
            return [row.reject(f"key id, value {entity.get('id')!r:.80}: {problem}")]
        if operation == "DEL":
            return [Deletion(entity["id"])]
        readings = self._read_entity(row, entity)
        if any(isinstance(reading, Record) for reading in readings):
            return [Deletion(entity["id"]), *readings]  # the whole row: nothing of what it was before stays
        return readings

    def _read_entity(self, row: SourceRow, data: dict[str, Any]) -> Sequence[Record | Reject]:
        key, schema, properties = data.get("id"), data.get("schema"), data.get("properties", {})
        if problem := key_problem(key):
            return [row.reject(f"key id, value {key!r:.80}: {problem}")]
        if not isinstance(properties, dict):
            return [row.reject("key properties: expected a JSON object")]
        if not isinstance(schema, str):
            return [row.reject(f"key schema, value {schema!r:.80}: expected the name of a schema")]
        rule = self._rules.get(schema)
        if rule is None:
            return [row.reject(f"schema {schema} has no type in the ontology")]
        if EXTENSION_KEY in data and (problem := self._extension.problem(data)):
            return [row.reject(problem)]
        rejects: list[Reject] = []
        values = _text_values(row, properties, rejects, self._targets[schema])
        entity = _EntityRow(row, data["id"], data, values, rejects)
        readings = self._read_node(entity, rule) if isinstance(rule, NodeRule) else self._read_edge(entity, rule)
        if not rejects or not isinstance(readings[0], Record):
            return readings
        for record in readings[:1] if isinstance(rule, NodeRule) else readings:
            if isinstance(record, Record):
                keep_unread(record, rejects)
        return [*rejects, *readings]

    def _read_node(self, entity: _EntityRow, rule: NodeRule) -> list[Record]:
        row, key, data, values, rejects = entity
        provenance = self._provenance(entity)
        properties = self._mappers[data["schema"]].map_properties(row, values, rejects)
        links = self._read_links(entity, rule, provenance)
        referents = valid_keys(row, data, "referents", rejects) if "referents" in data else ()
        other = {**metadata_values(data), **values} if _has_metadata(data) else values
        node = Record(key, rule.type, properties, "", None, other, referents, provenance, row.line)
        if EXTENSION_KEY in data:
            rejects += self._extension.apply(row, data[EXTENSION_KEY], node)
        return [node, *links]

    def _read_links(self, entity: _EntityRow, rule: NodeRule, provenance: Provenance) -> list[Record]:
        row, key, _, values, rejects = entity
        records: list[Record] = []
        for name in [n for n in values if n in rule.links]:
            link, found = rule.links[name], values.pop(name)
            if link.curated:
                found, left = _split_countries(found)
                unknown = [v for v in left if not country_code(v) and not is_not_state(v)]
                rejects += (row.reject_value(name, value, UNKNOWN_PLACE, link.type) for value in unknown)
                left = [value for value in left if value not in unknown]
                values |= {name: left} if left else {}
            for value in _valid_keys(row, name, found, rejects, link.type):
                near, far = Ref(self._namespace, key), Ref(self._namespace, value)
                if link.curated:
                    far = Ref(JURISDICTION_NAMESPACE, state_code(country_code(value)))
                ends, part = (far, near) if link.reverse else (near, far), f"{name}:{value}"
                records.append(Record(key, link.type, {}, part, ends, provenance=provenance, line=row.line))
        return records

    def _read_edge(self, entity: _EntityRow, rule: EdgeRule) -> Sequence[Record | Reject]:
        row, key, data, values, rejects = entity
        pair = next((p for p in rule.ends if values.get(p[0]) and values.get(p[1])), None)
        if pair is None:
            expected = ", or ".join(f"{source} and {target}" for source, target in rule.ends)
            return [row.reject(f"schema {data['schema']} links two ends; expected {expected}")]
        tails, heads = (_valid_keys(row, name, values.pop(name), rejects, rule.type) for name in pair)
        if not tails or not heads:
            return [row.reject(f"schema {data['schema']} links two ends; {' and '.join(pair)} hold no key")]
        provenance = self._provenance(entity)
        properties = self._mappers[data["schema"]].map_properties(row, values, rejects)
        other = {**metadata_values(data), **values} if _has_metadata(data) else values
        if "referents" in data and (referents := valid_keys(row, data, "referents", rejects)):
            other["referents"] = list(referents)  # names of the link, which is never merged
        records = []
        for tail, head in product(tails, heads):
            part, ends = f"{tail}→{head}", (Ref(self._namespace, tail), Ref(self._namespace, head))
            records.append(Record(key, rule.type, properties, part, ends, other, (), provenance, row.line))
        if EXTENSION_KEY in data:
            rejects += self._extension.apply_to_links(row, data[EXTENSION_KEY], records)
        return records

    def _provenance(self, entity: _EntityRow) -> Provenance:
        row, _, data, values, rejects = entity
        provenance = NO_PROVENANCE
        if _has_metadata(data) or not _PROVENANCE_PROPERTIES.isdisjoint(values):
            provenance = read_provenance(row, data, values, rejects)
        return self._extension.with_grades(provenance, data[EXTENSION_KEY]) if EXTENSION_KEY in data else provenance


def _text_values(
    row: SourceRow, properties: dict[str, Any], rejects: list[Reject], targets: Mapping[str, str]
) -> Texts:
    """The values of each property, sorted, each once; values other than text become rejects."""
    for name, found in list(properties.items()):
        if type(found) is list and len(found) == 1 and type(found[0]) is str:
            continue
        del properties[name]
        listed = found if isinstance(found, list) else [found]
        about = targets.get(name, "")
        rejects += (
            row.reject_value(name, v, "expected text in a list", about) for v in listed if not isinstance(v, str)
        )
        if texts := sorted({v for v in listed if isinstance(v, str)}):
            properties[name] = texts
    return properties


def _split_countries(found: Sequence[str]) -> tuple[list[str], list[str]]:
    """The countries that become links, one for each state, and those that are kept as the source wrote them.

    The latter are parts of a state, or no countries. A part becomes a link to its state where that is not named itself.
    """
    places = {value: country_code(value) for value in found}
    named = {place for place in places.values() if place == state_code(place)} - {""}
    linked = [value for value, place in places.items() if place in named]
    for value, place in sorted(places.items()):
        if place and state_code(place) not in named:
            named.add(state_code(place))
            linked.append(value)
    return linked, [value for value, place in places.items() if not place or place != state_code(place)]


def _valid_keys(row: SourceRow, name: str, found: list[str], rejects: list[Reject], about: str) -> list[str]:
    rejects += (row.reject_value(name, key, key_problem(key), about) for key in found if key_problem(key))
    return [key for key in found if not key_problem(key)]


def _link_targets(rule: NodeRule | EdgeRule) -> dict[str, str]:
    """The properties that become links, and their types."""
    return {name: link.type for name, link in rule.links.items()} if isinstance(rule, NodeRule) else {}


def _has_metadata(data: dict[str, Any]) -> bool:
    """Whether there is any key beside id, schema and properties, of which the last may be absent."""
    return len(data) > (3 if "properties" in data else 2)

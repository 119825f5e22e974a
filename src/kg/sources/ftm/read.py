"""Reads FollowTheMoney entities."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import orjson

from kg.database import scratch_database
from kg.errors import InputError, InputLocation
from kg.ontology import Ontology
from kg.ontology.derive.ftm import (
    EXTENSION_KEY,
    MATCHER,
    MATCHER_PROPERTY,
    SCHEMA_NAME,
    EdgeRule,
    NodeRule,
    ftm_mapping,
)
from kg.ontology.values import percent_interval
from kg.ontology.words import closest
from kg.records import (
    JURISDICTION_NAMESPACE,
    NO_PROVENANCE,
    PAYMENT_ACCOUNTS,
    POSSIBLY_SAME,
    Deletion,
    Provenance,
    Record,
    Ref,
    Reject,
)
from kg.sources.countries import state_code
from kg.sources.files.cells import MAX_EXACT_NUMBER
from kg.sources.files.json_objects import RESULTS, ResultPages, has_object_lines, list_rows, read_objects, with_results
from kg.sources.files.lines import are_small, read_lines
from kg.sources.ftm.extension import KgExtension, may_be_extension
from kg.sources.ftm.fragments import KeyDigests, repeated_ids, survey_ids
from kg.sources.ftm.line_shapes import PlainLines
from kg.sources.ftm.nested import is_nested, unnest
from kg.sources.ftm.properties import PropertyMapper, country_code, country_problem, split_countries
from kg.sources.ftm.provenance import PROVENANCE_PROPERTIES, metadata_values, read_provenance, valid_keys
from kg.sources.ftm.schemata import ancestors
from kg.sources.ftm.spool import EntitySpool, Spool, SpooledEntities
from kg.sources.line_reader import Left, LineReader, Parts
from kg.sources.payments import account_links, unnamed_counterparty
from kg.sources.record_builder import Texts
from kg.sources.rows import (
    Progress,
    PropertyChecks,
    ReadContext,
    SourceRow,
    as_object,
    ignore_progress,
    json_text,
    keep_unread,
    key_problem,
    quote_names,
    texts_under,
)

DELTA_OPERATIONS = ("ADD", "MOD", "DEL")
"""Operations of a delta file: add a row, replace it, delete it."""


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
    are split. They, and entities that several lines say, are merged and read after all others, each once.

    Raises InputError for an index file.
    """
    for path in files:
        _reject_index_file(path)
    pages = ResultPages()
    held = list(_rows(files, context.progress, pages)) if are_small(files) else None
    repeated = repeated_ids([survey_ids(row.raw for row in (_rows(files) if held is None else held))])
    with scratch_database() as connection:
        reader = FtmReader(context, EntitySpool(connection), repeated)
        for row in _rows(files, context.progress, pages) if held is None else held:
            yield from reader.read_row(row)
        yield from reader.read_merged()
    yield from pages.missing()


def _rows(
    files: Sequence[Path], progress: Progress = ignore_progress, pages: ResultPages | None = None
) -> Iterator[SourceRow]:
    return (found for path in files for row in read_objects(path, progress, pages=pages) for found in _entity_rows(row))


def _entity_rows(row: SourceRow, pages: ResultPages | None = None) -> Iterable[SourceRow]:
    """The entities of an answer of an API that lists them under any name; any other row alone."""
    if RESULTS in row.raw:
        return with_results([row], pages)
    if not 0 <= row.raw.find(b"[") < row.raw.find(b'"id"'):  # an entity with its id before its values, as most have it
        return (row,)
    data = row.parse_object()
    if isinstance(data, Reject) or not data.keys().isdisjoint(("id", "schema", "op")):
        return (row,)
    lists = [(key, value) for key, value in data.items() if isinstance(value, list) and value]
    found = [(k, v) for k, v in lists if all(isinstance(each, dict) and "schema" in each for each in v)]
    return list_rows(row, *found[0]) if len(found) == 1 else (row,)


def line_reader(files: Sequence[Path], context: ReadContext) -> LineReader | None:
    """What reads the lines of these files in several processes; None where they are no lines. Raises as `read` does."""
    for path in files:
        _reject_index_file(path)
    return FtmLineReader(context) if all(map(has_object_lines, files)) else None


class FtmLineReader:
    """Reads lines with entities; what several lines say is left."""

    surveys: ClassVar[bool] = True
    shares_keys: ClassVar[bool] = True

    def __init__(self, context: ReadContext) -> None:
        self._context = context
        self._spool, self._pages, self._page_lines = SpooledEntities(), ResultPages(), set[int]()
        self._reader = FtmReader(context, self._spool)

    def survey(self, rows: Iterable[SourceRow]) -> Parts:
        """Digests of the ids of some lines."""
        return survey_ids(found.raw for row in rows for found in _entity_rows(row))

    def combine(self, surveys: Iterable[Parts]) -> Parts:
        """Digests of the ids that several lines have."""
        return (repeated_ids((plain, nested) for plain, nested in surveys).to_bytes(),)

    def learn(self, known: Parts) -> None:
        """Take the ids that several lines have."""
        self._reader = FtmReader(self._context, self._spool, KeyDigests.from_bytes(known[0]))

    def read(self, rows: Iterable[SourceRow]) -> Iterator[Record | Reject | Deletion]:
        """The records and rejects of some lines."""
        read = self._reader.read_row
        for row in rows:
            if RESULTS in row.raw:
                self._page_lines.add(row.line)
            for found in _entity_rows(row, self._pages):
                yield from read(found)

    def take_left(self) -> Parts:
        """Entities that other lines have too, and how many results answers of an API list."""
        self._reader.renamed.clear()
        self._page_lines.clear()
        taken = self._spool.take(), self._pages.take()
        return taken if any(taken) else ()

    def uncached_lines(self) -> set[int]:
        """Their lines, and those of entities whose records have another key than their id."""
        return self._spool.lines() | self._reader.renamed | self._page_lines

    def shared_keys(self, row: SourceRow) -> Iterable[str]:
        """The ids in a line, at any depth, and the keys that kg wrote beside them."""
        return texts_under(row, "id", "key")

    @contextmanager
    def left(self) -> Iterator[Left]:
        """For a block, a place for these entities."""
        with scratch_database() as connection:
            yield _LeftEntities(self._context, EntitySpool(connection))


class _LeftEntities:
    """Entities that several lines have, kept until all lines have been read."""

    def __init__(self, context: ReadContext, spool: EntitySpool) -> None:
        self._context, self._spool, self._pages = context, spool, ResultPages()

    def add(self, parts: Parts) -> None:
        """Keep what was taken."""
        entities, pages = parts or ((), {})
        self._spool.add_all(entities)
        self._pages.add_taken(pages)

    def read(self) -> Iterator[Record | Reject | Deletion]:
        """The records and rejects of the entities, each once, and whether a page is missing."""
        yield from FtmReader(self._context, self._spool).read_merged()
        yield from self._pages.missing()


def _reject_index_file(path: Path) -> None:
    """Raises InputError for the index of delta files or of data sets, which may span several lines."""
    stripped = next(read_lines(path))[1].strip()
    text = b"\n".join(raw for _, raw in islice(read_lines(path), _MAX_INDEX_LINES)) if stripped == b"{" else stripped
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        return  # the reader says of each line what is wrong with it
    if not isinstance(data, dict) or data.keys() & {"id", "schema", "op"}:
        return
    if isinstance(data.get("versions"), dict):
        problem = "is the index of delta files, no data; load the files it names, oldest first, with --delta"
        raise InputError(problem, InputLocation(str(path), line=1, key="versions"))
    if key := next((name for name in ("resources", "datasets") if isinstance(data.get(name), list)), ""):
        problem = "is the index of a data set, no data; load a file that it names, such as entities.ftm.json"
        raise InputError(problem, InputLocation(str(path), line=1, key=key))


class _EntityRow(NamedTuple):
    row: SourceRow
    key: str
    data: dict[str, Any]
    values: Texts
    rejects: list[Reject]


class FtmReader:
    """Reads entities into records; with a spool also lines, whose entities may come in parts."""

    def __init__(self, context: ReadContext, spool: Spool | None = None, repeated: Container[object] = ()) -> None:
        mapping, checks = ftm_mapping(context.ontology), PropertyChecks(context.ontology)
        self._ontology = context.ontology
        self._namespace = context.namespace
        self._rules: Mapping[str, NodeRule | EdgeRule] = {**mapping.nodes, **mapping.edges}
        self._mappers = {s: PropertyMapper(context.ontology, checks, r.type, r.fields) for s, r in self._rules.items()}
        self._targets = {
            schema: {**self._mappers[schema].targets, **_link_targets(r)} for schema, r in self._rules.items()
        }
        self._general = {a for schema in self._rules for a in ancestors(schema)} - self._rules.keys()
        """Schemata without a type; a part of an entity may have one, where another part has a descendant of it."""
        self._numeric = _numeric_properties(context.ontology)
        self._payments = context.ontology.with_trait("payment")
        self._extension = KgExtension(context.ontology, checks)
        self._spool = spool
        self._repeated = repeated
        self.renamed = set[int]()
        """The lines of entities whose records have another key than their id."""
        self.plain = PlainLines(context.ontology, context.namespace, self._rules, self._mappers)

    def rule(self, schema: str) -> NodeRule | EdgeRule:
        """What becomes of entities of a schema. Raises KeyError for one that is not read."""
        return self._rules[schema]

    def targets(self, schema: str) -> Mapping[str, str]:
        """Each property of a schema to the property or link type that its values become."""
        return self._targets.get(schema, {})

    def read_row(self, row: SourceRow) -> Sequence[Record | Reject | Deletion]:
        """The records and rejects of one line."""
        return self.plain.read(row, self._repeated) or self.read_any_row(row)

    def read_any_row(self, row: SourceRow) -> Sequence[Record | Reject | Deletion]:
        """The same of a line that need not be plain."""
        data = row.parse_object()
        if isinstance(data, Reject):
            return [data]
        if "op" in data:
            return self._read_delta(row, data)
        if row.raw.count(b"{") > _PLAIN_BRACES and is_nested(data) and not key_problem(data.get("id")):
            return [reject for entity in unnest(data, self._rules) for reject in self.store(row, entity, inner=True)]
        if data.get("id") in self._repeated:
            return self.store(row, data)
        return self.read_entity(row, data)

    def store(self, row: SourceRow, entity: dict[str, Any], *, inner: bool = False) -> Sequence[Reject]:
        """Keep an entity until all are read; returns a reject where it cannot be read."""
        if problem := self.problem(entity, self._general):
            return [row.reject(problem)]
        if self._spool:
            self._spool.add(row, entity, inner=inner)
        return ()

    def read_merged(self) -> Iterator[Record | Reject | Deletion]:
        """The records and rejects of entities that were stored."""
        for row, entity, rejects in self._spool.merged() if isinstance(self._spool, EntitySpool) else ():
            yield from rejects
            if entity is None:
                continue
            readings = self.read_entity(row, entity)
            if isinstance(readings[0], Reject) and readings[0].whole:
                readings = [replace(readings[0], line=f.line, file=f.file, row=f.text()) for f in row.rows()]
            yield from readings

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
        readings = self.read_entity(row, entity)
        if any(isinstance(reading, Record) for reading in readings):
            return [Deletion(entity["id"]), *readings]  # the whole row: nothing of what it was before stays
        return readings

    def read_entity(self, row: SourceRow, data: dict[str, Any]) -> Sequence[Record | Reject]:
        """The records of an entity, whose properties are used up, or a reject."""
        if problem := self.problem(data):
            return [row.reject(problem)]
        rule = self._rules[data["schema"]]
        rejects: list[Reject] = []
        values = _text_values(row, data.get("properties", {}), rejects, self._targets[data["schema"]], self._numeric)
        entity = _EntityRow(row, data["id"], data, values, rejects)
        if EXTENSION_KEY in data and as_object(data[EXTENSION_KEY]).get("key", data["id"]) != data["id"]:
            self.renamed.add(row.line)
        readings = self._read_node(entity, rule) if isinstance(rule, NodeRule) else self._read_edge(entity, rule)
        if isinstance(readings[0], Record) and (name := next(filter(may_be_extension, readings[0].other), "")):
            problem = f"key {name}: a handling code is {EXTENSION_KEY}.handling, beside the properties"
            return [row.reject_hidden(problem)]
        if not rejects or not isinstance(readings[0], Record):
            return readings
        for record in readings[:1] if isinstance(rule, NodeRule) else readings:
            if isinstance(record, Record):
                keep_unread(record, rejects)
        return [*rejects, *readings]

    def problem(self, data: dict[str, Any], general: Container[str] = ()) -> str:
        """Why an entity cannot be read; empty if it can. `general`: schemata without a type that it may have."""
        key, schema = data.get("id"), data.get("schema")
        if key is None and schema is None and "properties" not in data:
            return f"expected an entity with id and schema, not an object with {quote_names(data) or 'nothing'}"
        if problem := key_problem(key):
            return f"key id, value {key!r:.80}: {problem}"
        if not isinstance(data.get("properties", {}), dict):
            return "key properties: expected a JSON object"
        if not isinstance(schema, str):
            return f"key schema, value {schema!r:.80}: expected the name of a schema"
        if schema not in self._rules and schema not in general:
            close = closest(schema, self._rules)
            return f"schema {schema} has no type in the ontology{f'; did you mean {close}?' if close else ''}"
        if schema in self._rules and self._rules[schema].type == POSSIBLY_SAME and _is_suggestion(data):
            return f"schema {schema}: {_NO_CLAIM}"
        return self._extension.problem(data) if EXTENSION_KEY in data else ""

    def _read_node(self, entity: _EntityRow, rule: NodeRule) -> list[Record]:
        row, key, data, values, rejects = entity
        provenance = self._provenance(entity)
        properties = self._mappers[data["schema"]].map_properties(row, values, rejects)
        links = self._read_links(entity, rule, provenance)
        referents = valid_keys(row, data, "referents", rejects) if "referents" in data else ()
        other = {**metadata_values(data), **values} if _has_metadata(data) else values
        if rule.is_general:
            other = {SCHEMA_NAME: [data["schema"]], **other}
        node = Record(key, rule.type, properties, "", None, other, referents, provenance, row.line, row)
        if EXTENSION_KEY in data:
            rejects += self._extension.apply(row, data[EXTENSION_KEY], node)
        return [node, *links]

    def _read_links(self, entity: _EntityRow, rule: NodeRule, provenance: Provenance) -> list[Record]:
        row, key, _, values, rejects = entity
        records: list[Record] = []
        for name in [n for n in values if n in rule.links]:
            link, found = rule.links[name], values.pop(name)
            if link.curated:
                found, left = map(list, split_countries(tuple(found)))
                unknown = {
                    word: problem for word in left if not country_code(word) and (problem := country_problem(word))
                }
                rejects += (row.reject_value(name, word, problem, link.type) for word, problem in unknown.items())
                left = [word for word in left if word not in unknown]
                values |= {name: left} if left else {}
            for value in _valid_keys(row, name, found, rejects, link.type):
                near, far = Ref(self._namespace, key), Ref(self._namespace, value)
                if link.curated:
                    far = Ref(JURISDICTION_NAMESPACE, state_code(country_code(value)))
                ends, part = (far, near) if link.reverse else (near, far), f"{name}:{value}"
                said: Texts = {"relation": [link.words]} if link.words else {}
                records.append(Record(key, link.type, said, part, ends, provenance=provenance, line=row.line, row=row))
        return records

    def _read_edge(self, entity: _EntityRow, rule: EdgeRule) -> Sequence[Record | Reject]:
        row, key, data, values, rejects = entity
        pair = next((p for p in rule.ends if values.get(p[0]) and values.get(p[1])), None)
        unnamed = pair is None and rule.type in self._payments and not values.keys().isdisjoint(rule.fields.amounts)
        if unnamed:
            pair = next((p for p in rule.ends if values.get(p[0]) or values.get(p[1])), None)
        if pair is None:
            expected = ", or ".join(f"{source} and {target}" for source, target in rule.ends)
            return [row.reject(f"schema {data['schema']} links two ends; expected {expected}")]
        before = len(rejects)
        tails, heads = (
            _valid_keys(row, name, values.pop(name), rejects, rule.type) if name in values or not unnamed else [key]
            for name in pair
        )
        if not tails or not heads:
            problem = rejects[before].reason if len(rejects) > before else f"{' and '.join(pair)} hold no key"
            return [row.reject(f"schema {data['schema']} links two ends; {problem}")]
        provenance = self._provenance(entity)
        accounts = {
            own: _valid_keys(row, name, values.pop(name), rejects, own)
            for name, own in PAYMENT_ACCOUNTS.items()
            if name in values
        }
        properties = {**self._mappers[data["schema"]].map_properties(row, values, rejects), **accounts}
        if rule.words:
            properties["relation"] = sorted({rule.words, *properties.get("relation", ())})
        if len(tails) > 1 or len(heads) > 1:
            self._divide(row, rule, {pair[0]: len(tails), pair[1]: len(heads)}, properties, rejects)
        other = {**metadata_values(data), **values} if _has_metadata(data) else values
        if "referents" in data and (referents := valid_keys(row, data, "referents", rejects)):
            other["referents"] = list(referents)  # names of the link, which is never merged
        records = []
        for tail, head in product(tails, heads):
            part, ends = f"{tail}→{head}", (Ref(self._namespace, tail), Ref(self._namespace, head))
            records.append(Record(key, rule.type, properties, part, ends, other, (), provenance, row.line, row))
        if EXTENSION_KEY in data:
            rejects += self._extension.apply_to_links(row, data[EXTENSION_KEY], records)
        if unnamed and records:
            records.append(unnamed_counterparty(records[0], key))
        if accounts:
            records += [link for r in records if r.ends for link in account_links(r, accounts)]
        return records

    def _divide(
        self, row: SourceRow, rule: EdgeRule, ends: Mapping[str, int], properties: Texts, rejects: list[Reject]
    ) -> None:
        """Make of what an entity says of several ends together what is true of each of its links.

        `ends`: how many there are under each property, the near end first. A share is at most that of all near ends;
        an amount is nobody's alone, and its words are not understood.
        """
        known = self._ontology.properties(rule.type)
        for name in [n for n in properties if n in known]:
            kind = known[name].type
            counted = {end: n for end, n in ends.items() if n > 1 and (kind == "money" or end == next(iter(ends)))}
            if kind not in ("money", "percent") or not counted:
                continue
            who = f"names {' and '.join(f'{n} values of {end}' for end, n in counted.items())}"
            stated = properties.pop(name)
            if kind == "money":
                problem = f"the row {who}; the amount is of them together, and of none alone"
                rejects += (row.reject_value(name, text, problem, name) for text in stated)
                continue
            most = [f"0..{percent_interval(text).high}" for raw in stated if (text := known[name].texts[raw])]
            properties[name] = list(dict.fromkeys(most))
            problem = f"the row {who}; it may be of them together: each is read as having up to that much"
            rejects += (row.reject_value(name, text, problem, name) for text in stated)

    def _provenance(self, entity: _EntityRow) -> Provenance:
        row, _, data, values, rejects = entity
        provenance = NO_PROVENANCE
        if _has_metadata(data) or not PROVENANCE_PROPERTIES.isdisjoint(values):
            provenance = read_provenance(row, data, values, rejects)
        return self._extension.with_grades(provenance, data[EXTENSION_KEY]) if EXTENSION_KEY in data else provenance


@cache
def _numeric_properties(ontology: Ontology) -> frozenset[str]:
    """The properties whose values may be numbers: dates, shares, amounts, codes."""
    kinds = ("date", "percent", "money", "valuation", "number", "identifier")
    types = (*ontology.nodes, *ontology.links)
    return frozenset(n for t in types for n, known in ontology.properties(t).items() if known.type in kinds)


def _text_values(
    row: SourceRow,
    properties: dict[str, Any],
    rejects: list[Reject],
    targets: Mapping[str, str],
    numeric: Container[str],
) -> Texts:
    """The values of each property, sorted, each once; values other than text become rejects, but for numbers of
    properties of the ontology that are `numeric`.
    """
    for name, found in list(properties.items()):
        if type(found) is list and len(found) == 1 and type(found[0]) is str:
            continue
        listed = found if isinstance(found, list) else [found]
        about = targets.get(name, "")
        if about in numeric:
            listed = [json_text(v) if type(v) in (int, float) and abs(v) < MAX_EXACT_NUMBER else v for v in listed]
        rejects += (
            row.reject_value(name, v, "expected text in a list", about) for v in listed if not isinstance(v, str)
        )
        if texts := sorted({v for v in listed if isinstance(v, str)}):
            properties[name] = texts
        else:
            del properties[name]
    return properties


def _valid_keys(row: SourceRow, name: str, found: list[str], rejects: list[Reject], about: str) -> list[str]:
    if not any(map(key_problem, found)):
        return found
    rejects += (row.reject_value(name, key, key_problem(key), about) for key in found if key_problem(key))
    return [key for key in found if not key_problem(key)]


def _is_suggestion(data: dict[str, Any]) -> bool:
    """Whether a pair is what kg found by itself and exported, which no source says."""
    properties = data.get("properties", {})
    return properties.get(MATCHER_PROPERTY) == [MATCHER] or (
        data.get("datasets") == [] and "confidenceScore" in properties
    )


_NO_CLAIM = "is a suggestion that kg exported, no claim of a source; `kg candidates --write` finds such pairs again"


def _link_targets(rule: NodeRule | EdgeRule) -> dict[str, str]:
    """The properties that become links, and their types."""
    return {name: link.type for name, link in rule.links.items()} if isinstance(rule, NodeRule) else {}


def _has_metadata(data: dict[str, Any]) -> bool:
    """Whether there is any key beside id, schema and properties, of which the last may be absent."""
    return len(data) > (3 if "properties" in data else 2)

"""How do FollowTheMoney entities become records?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from kg.errors import InputError, Place
from kg.ontology.derive.ftm import EdgeRule, NodeRule, ftm_mapping
from kg.records import CURATED, OPEN, Deletion, Record, Ref, Reject, Said
from kg.sources.connector import Context
from kg.sources.countries import state
from kg.sources.files.lines import lines
from kg.sources.ftm.extension import KEY, Ours
from kg.sources.ftm.nested import Spool, is_nested, unfold
from kg.sources.ftm.properties import Plan, code
from kg.sources.ftm.provenance import Sayings, Texts, extras, keys
from kg.sources.rows import Checks, Row, flaw, key_problem

OPERATIONS = ("ADD", "MOD", "DEL")
"""What a line of a delta file can do: bring a row, replace it whole, take it back."""


_INDEX_LINES = 100_000
"""More lines than the index of a source's deltas has."""


def read(files: Sequence[Path], context: Context) -> Iterator[Record | Reject | Deletion]:
    """One node record for an entity and one link record for each value that links it; for an entity of an edge
    schema one link record for each pair of its ends.

    A property-made link is the part `<property>:<value>` of its row, a pair the part `<source>→<target>`, however
    many there are. Values are sorted: FollowTheMoney gives their order no meaning. A line of a delta file has the
    keys `op` and `entity`; one that cannot be read changes nothing. Entities that hold others instead of their ids
    come apart; they are read after all others, each once.

    Raises InputError for the index file of deltas.
    """
    with closing(Spool()) as spool:
        reader = _Reader(context, spool)
        for path in files:
            file = str(path)
            for number, raw in lines(path, context.progress):
                if number == 1:
                    _refuse_index(path, raw)
                if raw and not raw.isspace():
                    yield from reader.entity(Row(file, number, raw))
        yield from reader.nested()


def _refuse_index(path: Path, first: bytes) -> None:
    """Raise InputError for the file that lists where the deltas of a source are; it may be spread over its lines."""
    stripped = first.strip()
    text = b"\n".join(raw for _, raw in islice(lines(path), _INDEX_LINES)) if stripped == b"{" else stripped
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        return  # the reader says of each line what is wrong with it
    if isinstance(data, dict) and isinstance(data.get("versions"), dict) and not data.keys() & {"id", "op"}:
        raise InputError(
            "is the index of delta files, no data; load the files it names, oldest first, with --delta",
            Place(str(path), line=1, key="versions"),
        )


_BRACES = 2
"""A line has more of them if it has anything in it besides an entity and its properties, or a text with braces."""


class _Entity(NamedTuple):
    row: Row
    key: str
    data: dict[str, Any]
    values: Texts
    rejects: list[Reject]


class _Reader:
    def __init__(self, context: Context, spool: Spool) -> None:
        mapping, checks = ftm_mapping(context.ontology), Checks(context.ontology)
        rules: Mapping[str, NodeRule | EdgeRule] = {**mapping.nodes, **mapping.edges}
        self._namespace = context.namespace
        self._rules = rules
        self._plans = {s: Plan(context.ontology, checks, rule.type, rule.fields) for s, rule in rules.items()}
        self._sayings = Sayings()
        self._ours = Ours(context.ontology, checks)
        self._spool = spool

    def entity(self, row: Row) -> Sequence[Record | Reject | Deletion]:
        """The records and rejects of one line."""
        try:
            data = orjson.loads(row.raw)
        except orjson.JSONDecodeError as error:
            return [row.reject_json(error)]
        if not isinstance(data, dict):
            return [row.reject("expected a JSON object")]
        if problem := flaw(row.raw, data):
            return [row.reject(problem)]
        if "op" in data:
            return self._change(row, data)
        if row.raw.count(b"{") > _BRACES and is_nested(data) and not key_problem(data.get("id")):
            for entity in unfold(data, self._rule):
                self._spool.add(row.file, row.line, entity)
            return ()
        return self._entity(row, data)

    def nested(self) -> Iterator[Record | Reject | Deletion]:
        """The records and rejects of the entities that came out of others, and of those that held them."""
        for row, entity, rejects in self._spool.joined():
            yield from rejects
            yield from self._entity(row, entity)

    def _rule(self, schema: object) -> NodeRule | EdgeRule | None:
        return self._rules.get(schema) if isinstance(schema, str) else None

    def _change(self, row: Row, data: dict[str, Any]) -> Sequence[Record | Reject | Deletion]:
        """What a line of a delta file changes."""
        operation, entity = data["op"], data.get("entity")
        if operation not in OPERATIONS:
            return [row.reject(f"key op, value {operation!r:.80}: expected one of {', '.join(OPERATIONS)}")]
        if not isinstance(entity, dict):
            return [row.reject("key entity: expected a JSON object")]
        if problem := key_problem(entity.get("id")):
            return [row.reject(f"key id, value {entity.get('id')!r:.80}: {problem}")]
        if operation == "DEL":
            return [Deletion(entity["id"])]
        made = self._entity(row, entity)
        if any(isinstance(reading, Record) for reading in made):
            return [Deletion(entity["id"]), *made]  # the whole row: nothing of what it was before stays
        return made

    def _entity(self, row: Row, data: dict[str, Any]) -> Sequence[Record | Reject]:
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
        if KEY in data and (problem := self._ours.problem(data)):
            return [row.reject(problem)]
        rejects: list[Reject] = []
        entity = _Entity(row, data["id"], data, _texts(row, properties, rejects), rejects)
        made = self._node(entity, rule) if isinstance(rule, NodeRule) else self._edge(entity, rule)
        return [*rejects, *made] if rejects and isinstance(made[0], Record) else made

    def _node(self, entity: _Entity, rule: NodeRule) -> list[Record]:
        row, key, data, values, rejects = entity
        said = self._said(entity)
        properties = self._plans[data["schema"]].properties(row, values, rejects)
        links = self._links(entity, rule, said)
        referents = keys(row, data, "referents", rejects) if "referents" in data else ()
        other = {**extras(data), **values} if _has_more(data) else values
        node = Record(key, rule.type, properties, other=other, referents=referents, said=said, line=row.line)
        if KEY in data:
            rejects += self._ours.apply(row, data[KEY], node)
        return [node, *links]

    def _links(self, entity: _Entity, rule: NodeRule, said: Said) -> list[Record]:
        row, key, _, values, rejects = entity
        made: list[Record] = []
        for name in [n for n in values if n in rule.links]:
            link, left = rule.links[name], list[str]()
            near = Ref(self._namespace, key)
            found = values.pop(name)
            if link.curated:
                found, left = _states(found)
            for value in found:
                far = Ref(CURATED, state(code(value))) if link.curated else Ref(self._namespace, value)
                if problem := key_problem(value):
                    rejects.append(row.set_aside(name, value, problem))
                else:
                    ends = (far, near) if link.reverse else (near, far)
                    made.append(Record(key, link.type, {}, f"{name}:{value}", ends, said=said, line=row.line))
            if left:
                values[name] = left
        return made

    def _edge(self, entity: _Entity, rule: EdgeRule) -> Sequence[Record | Reject]:
        row, key, data, values, rejects = entity
        pair = next((p for p in rule.ends if values.get(p[0]) and values.get(p[1])), None)
        if pair is None:
            expected = ", or ".join(f"{source} and {target}" for source, target in rule.ends)
            return [row.reject(f"schema {data['schema']} links two ends; expected {expected}")]
        tails, heads = (_ends(row, name, values.pop(name), rejects) for name in pair)
        if not tails or not heads:
            return [row.reject(f"schema {data['schema']} links two ends; {' and '.join(pair)} hold no key")]
        said = self._said(entity)
        properties = self._plans[data["schema"]].properties(row, values, rejects)
        other = {**extras(data), **values} if _has_more(data) else values
        if "referents" in data and (referents := keys(row, data, "referents", rejects)):
            other["referents"] = list(referents)  # names of the link, which is never merged
        space = self._namespace
        made = [
            Record(key, rule.type, properties, f"{t}→{h}", (Ref(space, t), Ref(space, h)), other, (), said, row.line)
            for t in tails
            for h in heads
        ]
        if KEY in data:
            rejects += self._ours.apply_to_link(row, data[KEY], made)
        return made

    def _said(self, entity: _Entity) -> Said:
        row, _, data, values, rejects = entity
        said = self._sayings.of(row, data, values, rejects) if _says(data, values) else OPEN
        return self._ours.said(said, data[KEY]) if KEY in data else said


def _texts(row: Row, properties: dict[str, Any], rejects: list[Reject]) -> Texts:
    """Each property's values, sorted and once each; what is no text becomes a reject."""
    odd = [
        n for n, found in properties.items() if type(found) is not list or len(found) != 1 or type(found[0]) is not str
    ]
    for name in odd:
        found = properties.pop(name)
        found = found if isinstance(found, list) else [found]
        rejects += (row.set_aside(name, v, "expected text in a list") for v in found if not isinstance(v, str))
        if texts := sorted({v for v in found if isinstance(v, str)}):
            properties[name] = texts
    return properties


def _states(found: Sequence[str]) -> tuple[list[str], list[str]]:
    """Which of some countries give a link to a state, one each; and which are kept as the source wrote them.

    The latter are no countries, or parts of one. A part gives a link to its state where that is not named itself.
    """
    places = {value: code(value) for value in found}
    named = {place for place in places.values() if place == state(place)} - {""}
    linked = [value for value, place in places.items() if place in named]
    for value, place in sorted(places.items()):
        if place and state(place) not in named:
            named.add(state(place))
            linked.append(value)
    return linked, [value for value, place in places.items() if not place or place != state(place)]


def _ends(row: Row, name: str, found: list[str], rejects: list[Reject]) -> list[str]:
    rejects += (row.set_aside(name, key, key_problem(key)) for key in found if key_problem(key))
    return [key for key in found if not key_problem(key)]


def _has_more(data: dict[str, Any]) -> bool:
    """Whether anything stands around id, schema and properties, of which the last may be absent."""
    return len(data) > (3 if "properties" in data else 2)


def _says(data: dict[str, Any], values: Texts) -> bool:
    """Whether an entity says anything of who says it: most rows without the keys of an export do not."""
    return _has_more(data) or not _SAYING.isdisjoint(values)


_SAYING = {"sourceUrl", "publisher", "modifiedAt", "retrievedAt"}

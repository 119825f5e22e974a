"""Reads plain lines by their shape, which is worked out once."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from kg.ontology import Ontology
from kg.ontology.derive.ftm import SCHEMA_NAME, EdgeRule, LinkRule, NodeRule
from kg.ontology.memo import Memo
from kg.records import JURISDICTION_NAMESPACE, NO_PROVENANCE, POSSIBLY_SAME, Provenance, Record, Ref, Reject
from kg.sources.countries import state_code
from kg.sources.ftm.extension import may_be_extension
from kg.sources.ftm.properties import (
    PAYMENT_ACCOUNTS,
    PropertyMapper,
    country_code,
    is_not_jurisdiction,
    split_countries,
)
from kg.sources.ftm.provenance import PROVENANCE_PROPERTIES, metadata_values, read_provenance, valid_keys
from kg.sources.record_builder import Texts
from kg.sources.rows import MAX_DEPTH, MAX_KEY, SourceRow, key_problem

_MAX_SHAPES = 4_096
"""Shapes that are remembered; files have a few dozen."""

_PLAIN_KEYS = (("id", "schema", "properties", "datasets"), ("id", "schema", "properties"))
"""Keys of lines that say nothing beside the properties but their data sets."""


class _Field(NamedTuple):
    name: str
    target: str
    texts: Memo[str | None]
    """What the property makes of values."""
    is_jurisdiction: bool


class _Shape(NamedTuple):
    """What lines of one schema with the same keys and properties, in the same order, become."""

    type: str
    schema: str
    names: int
    """How many keys such a line has in all."""
    fields: tuple[_Field, ...]
    money: tuple[tuple[str, tuple[str, ...]], ...]
    links: tuple[tuple[str, LinkRule], ...]
    ends: tuple[str, str] | None
    """The properties with the ends of an edge; None for a node."""
    rest: tuple[str, ...]
    """Properties that the type has no place for, or that only say where the claim comes from."""
    words: str
    is_general: bool
    only_datasets: bool
    """Whether nothing but the data sets can make a provenance, and nothing beside the properties is kept."""
    has_referents: bool


class PlainLines:
    """Reads lines of which nothing is odd; whatever is not plain is for the reader that knows all cases."""

    def __init__(
        self,
        ontology: Ontology,
        namespace: str,
        rules: Mapping[str, NodeRule | EdgeRule],
        mappers: Mapping[str, PropertyMapper],
    ) -> None:
        self._ontology, self._namespace, self._rules, self._mappers = ontology, namespace, rules, mappers
        self._shapes: dict[tuple[Any, ...], _Shape | None] = {}

    def read(self, row: SourceRow, repeated: Container[object]) -> list[Record] | None:
        """The records of a line; None for one that is not plain, or whose id other lines have too."""
        raw = row.raw
        try:
            data = orjson.loads(raw)
            properties, schema = data["properties"], data["schema"]
            names = (schema, tuple(data), tuple(properties))
            shape = self._shapes[names]
        except KeyError:
            shape = self._new_shape(data)
        except (orjson.JSONDecodeError, TypeError):
            return None
        if shape is None or raw.count(b'":') != shape.names or raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
            return None
        key = data["id"]
        if type(key) is not str or not _is_key(key) or key in repeated:
            return None
        for name, found in properties.items():
            if type(found) is not list or len(found) != 1 or type(found[0]) is not str:
                if type(found) is not list or not found or any(type(value) is not str for value in found):
                    return None
                properties[name] = sorted({*found})
        return self._records(shape, row, data, properties)

    def _records(self, shape: _Shape, row: SourceRow, data: dict[str, Any], values: Texts) -> list[Record] | None:
        """The records of a line whose values are lists of texts; None where one cannot be read."""
        key, rejects = data["id"], list[Reject]()
        provenance, kept = _provenance(shape, row, data, values, rejects), Texts()
        for name, target, texts, is_jurisdiction in shape.fields:
            found = values[name]
            for value in found:
                if texts[value] is None or (is_jurisdiction and is_not_jurisdiction(value)):
                    return None
            kept[target] = sorted({*kept[target], *found}) if target in kept else found
        for target, amounts in shape.money:
            self._mappers[shape.schema].take_money(row, values, target, amounts, kept, rejects)
        other = {name: values[name] for name in shape.rest if name in values} if shape.rest else {}
        if not shape.only_datasets and (stated := metadata_values(data)):
            other = {**stated, **other}
        if shape.ends is not None:
            records = self._links_of_edge(shape, row, key, values, (kept, other, provenance))
        else:
            records = self._links_of_node(shape, row, key, values, provenance)
            if records is not None:
                referents = valid_keys(row, data, "referents", rejects) if shape.has_referents else ()
                other = {SCHEMA_NAME: [shape.schema], **other} if shape.is_general else other
                records.insert(0, Record(key, shape.type, kept, "", None, other, referents, provenance, row.line, row))
        return None if rejects or (other and any(map(may_be_extension, other))) else records

    def _links_of_edge(
        self, shape: _Shape, row: SourceRow, key: str, values: Texts, claim: tuple[Texts, Texts, Provenance]
    ) -> list[Record] | None:
        kept, other, provenance = claim
        assert shape.ends is not None
        tails, heads = values[shape.ends[0]], values[shape.ends[1]]
        if len(tails) > 1 or len(heads) > 1 or not (_is_key(tails[0]) and _is_key(heads[0])):
            return None  # what several ends share is not of each
        tail, head = tails[0], heads[0]
        if shape.words:
            kept["relation"] = sorted({shape.words, *kept.get("relation", ())})
        space = self._namespace
        part, ends = f"{tail}→{head}", (Ref(space, tail), Ref(space, head))
        return [Record(key, shape.type, kept, part, ends, other, (), provenance, row.line, row)]

    def _links_of_node(
        self, shape: _Shape, row: SourceRow, key: str, values: Texts, provenance: Provenance
    ) -> list[Record] | None:
        records: list[Record] = []
        for name, link in shape.links:
            found = values[name]
            if link.curated:
                linked, left = split_countries(tuple(found))
                if left:
                    return None
                ends = [_country(value) for value in linked]
            else:
                linked = found
                if not all(map(_is_key, found)):
                    return None
                ends = [Ref(self._namespace, value) for value in found]
            near = Ref(self._namespace, key)
            for value, far in zip(linked, ends, strict=True):
                said: Texts = {"relation": [link.words]} if link.words else {}
                pair = (far, near) if link.reverse else (near, far)
                records.append(Record(key, link.type, said, f"{name}:{value}", pair, {}, (), provenance, row.line, row))
        return records

    def _new_shape(self, data: Any) -> _Shape | None:
        """The shape of a line, remembered; None where such lines are not plain."""
        if not isinstance(data, dict) or not isinstance(properties := data.get("properties"), dict):
            return None
        schema = data.get("schema")
        if not isinstance(schema, str) or "id" not in data:
            return None
        if len(self._shapes) >= _MAX_SHAPES:
            self._shapes.clear()
        names = (schema, tuple(data), tuple(properties))
        self._shapes[names] = shape = self._work_out(schema, tuple(data), tuple(properties))
        return shape

    def _work_out(self, schema: str, keys: tuple[str, ...], names: tuple[str, ...]) -> _Shape | None:
        rule = self._rules.get(schema)
        if rule is None or "op" in keys or any(map(may_be_extension, keys)):
            return None
        if not {*self._mappers[schema].values}.isdisjoint(names) or rule.type == POSSIBLY_SAME:
            return None
        pair = None
        if isinstance(rule, EdgeRule):
            pair = next((pair for pair in rule.ends if pair[0] in names and pair[1] in names), None)
            if pair is None or "referents" in keys or not PAYMENT_ACCOUNTS.keys().isdisjoint({*names} - {*pair}):
                return None
        known, types = self._mappers[schema].fields, self._ontology.properties(rule.type)
        fields = [name for name in names if name in known and name not in (pair or ())]
        rule_links = rule.links if isinstance(rule, NodeRule) else {}
        links = {name: rule_links[name] for name in names if name not in fields and name in rule_links}
        used = {*fields, *links, *(pair or ())}
        money = {target: found for target, found in rule.fields.money.items() if not {*found}.isdisjoint(names)}
        return _Shape(
            rule.type,
            schema,
            len(keys) + len(names),
            tuple(
                _Field(name, known[name], types[known[name]].texts, types[known[name]].type == "jurisdiction")
                for name in fields
            ),
            tuple(money.items()),
            tuple(links.items()),
            pair,
            tuple(name for name in names if name not in used),
            rule.words if isinstance(rule, EdgeRule) else "",
            isinstance(rule, NodeRule) and rule.is_general,
            sorted(keys) in map(sorted, _PLAIN_KEYS) and PROVENANCE_PROPERTIES.isdisjoint(names),
            "referents" in keys,
        )


def _provenance(
    shape: _Shape, row: SourceRow, data: dict[str, Any], values: Texts, rejects: list[Reject]
) -> Provenance:
    if not shape.only_datasets:
        return read_provenance(row, data, values, rejects)
    datasets = data.get("datasets")
    if type(datasets) is list and len(datasets) == 1 and type(datasets[0]) is str and datasets[0] != data["id"]:
        return _from_data_set(datasets[0]) or read_provenance(row, data, values, rejects)
    return read_provenance(row, data, values, rejects) if datasets else NO_PROVENANCE


@lru_cache(maxsize=4_096)
def _from_data_set(name: str) -> Provenance | None:
    """One object for all lines that name one data set; None where the name is no key."""
    return None if key_problem(name) else Provenance(datasets=(name,))


def _is_key(text: str) -> bool:
    """Whether a text is a key without any sign that is not printed; `key_problem` knows the others."""
    return len(text) <= MAX_KEY and text.isprintable() and not text.isspace() and text != ""


@lru_cache(maxsize=4_096)
def _country(value: str) -> Ref:
    """The end of a link to a country."""
    return Ref(JURISDICTION_NAMESPACE, state_code(country_code(value)))

"""Builds FollowTheMoney entities for nodes and links."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from kg.exports.summary import NO_END, NO_LINK, NO_SCHEMA, ExportCounts
from kg.ontology import Ontology
from kg.ontology.derive.ftm import CURRENCIES, EXTENSION_KEY, SCHEMA_NAME, FtmFields, LinkRule, ftm_mapping, schema_for
from kg.ontology.model import FtmLink
from kg.ontology.values import money
from kg.records import COUNTERPARTY, NO_PROVENANCE, NOT_UNDERSTOOD, Provenance, UnreadValue, Values

NARROW_PROPERTIES = {"payerAccount": "BankAccount", "beneficiaryAccount": "BankAccount", "post": "Post"}
"""Properties of FollowTheMoney's edges that accept a single node type, where others accept several."""

EXTENSION_PROVENANCE = ("reliability", "credibility", "handling", "page")
"""What of a provenance FollowTheMoney has no property for."""

_GENERAL_EDGE = "UnknownLink"
"""The schema of links that may end at anything."""

_RESERVED_PROPERTIES = ("sourceUrl", "modifiedAt", "retrievedAt", "publisher", "currency")
"""Properties that readers treat as provenance or currency."""

Entity = dict[str, Any]


class EntityInput(NamedTuple):
    """The type, values and provenance of one node or link."""

    type: str
    properties: Values
    other: Values
    provenance: Provenance
    not_understood: Sequence[UnreadValue] = ()


class FtmEntityBuilder:
    """Builds entities by the `ftm` keys of the ontology, and counts what they cannot hold."""

    def __init__(self, ontology: Ontology, counts: ExportCounts) -> None:
        mapping = ftm_mapping(ontology)
        self.ontology = ontology
        self.counts = counts
        self._nodes, self._edges = mapping.nodes, mapping.edges
        self._schemata = {name: schema_for(ontology, name) for name in ontology.node_names}
        links = ontology.links.values()
        self._edge_forms = {t.name: edges for t in links if (edges := [f for f in t.ftm if f.edge])}
        self.property_links = {t.name: t.ftm[0].reverse for t in links if t.ftm and t.name not in self._edge_forms}
        """Link types that FollowTheMoney has only as properties: of the node at the tail, or at the head if true."""
        self._link_properties_cache: dict[tuple[str, LinkRule], list[str]] = {}
        self._reserved_names: dict[str, frozenset[str]] = {}

    def property_link_types(self, *, reverse: bool) -> tuple[str, ...]:
        """The link types that are properties of the node at the tail, or at the head if `reverse`."""
        return tuple(name for name, at_head in self.property_links.items() if at_head == reverse)

    def schema_of(self, node_type: str) -> str | None:
        """The schema of a node type, or of the nearest type it extends; None if there is none."""
        return self._schemata.get(node_type)

    def is_edge(self, link_type: str) -> bool:
        """Whether a link type has an edge schema."""
        return link_type in self._edge_forms

    def build_node(self, key: str, what: EntityInput) -> Entity | None:
        """The entity of a node; None, counted, if its type has no schema."""
        if what.type == COUNTERPARTY:
            return None  # a payment without that end says the same
        schema = self.schema_of(what.type)
        if schema is None:
            self.counts.count_lost(what.type, NO_SCHEMA)
            return None
        rule = self._nodes[schema]
        if rule.is_general and (kept := what.other.get(SCHEMA_NAME)):
            said = self._nodes.get(kept[0])
            if said and said.is_general and len(kept) == 1:
                schema, rule = kept[0], said
                what = what._replace(other={n: v for n, v in what.other.items() if n != SCHEMA_NAME})
        return self._build_entity(key, schema, what, rule.type, rule.fields, rule.links)

    def build_edge(
        self, key: str, what: EntityInput, ends: tuple[str, str], end_types: tuple[str, str]
    ) -> Entity | None:
        """The entity of a link; None, counted, if its type has no edge schema or an end has no schema."""
        forms = self._edge_forms.get(what.type)
        if not forms:
            self.counts.count_lost(what.type, NO_LINK)
            return None
        named = [end for end in end_types if end and end != COUNTERPARTY]
        if any(self.schema_of(end) is None for end in named):
            self.counts.count_lost(what.type, NO_END)
            return None
        form = next((f for f in forms if _fits_ends(f, end_types)), forms[0])
        if any(self._nodes[self.schema_of(end) or ""].is_general for end in named):
            form = next((f for f in forms if f.edge == _GENERAL_EDGE), form)
        rule = self._edges[form.edge or ""]
        taken = {name: rule for pair in rule.ends for name in pair}
        entity = self._build_entity(key, form.edge or "", what, rule.type, rule.fields, taken)
        properties = entity["properties"]
        kind = self.ontology.links[what.type]
        if form.role and kind.words(what.properties) is kind:
            stated = properties.get("role", [])
            if form.role in stated:  # so that who reads it knows that a source says it too
                entity[EXTENSION_KEY].setdefault("properties", {})["role"] = [form.role]
            properties["role"] = sorted({*stated, form.role})
        of_ends = zip((form.source or "", form.target or ""), ends, end_types, strict=True)
        properties.update({name: [end] for name, end, kind in of_ends if kind != COUNTERPARTY})
        return entity

    def link_properties(self, node_type: str, rule: LinkRule) -> list[str]:
        """The properties of a node type for a kind of link, the best first."""
        if (node_type, rule) not in self._link_properties_cache:
            schema = self.schema_of(node_type)
            rules = self._nodes[schema].links if schema else {}
            order = [f.property for f in self.ontology.links[rule.type].ftm]
            fitting = (name for name, known in rules.items() if known == rule)
            self._link_properties_cache[node_type, rule] = sorted(fitting, key=order.index)
        return self._link_properties_cache[node_type, rule]

    def _build_entity(
        self, key: str, schema: str, what: EntityInput, read_as: str, fields: FtmFields, taken: Mapping[str, Any]
    ) -> Entity:
        properties: dict[str, list[str]] = {}
        extension: dict[str, Any] = {} if what.type == read_as else {"type": what.type}
        left: dict[str, list[str]] = {}
        unread = list(what.not_understood)
        for name, raws in what.properties.items():
            texts, bad = _clean_values(self.ontology, what.type, name, raws)
            rest = self._add_values(what.type, fields, name, texts, properties)
            if rest:
                left[name] = rest
            unread += (UnreadValue(name, name, value) for value in bad)
        if left:
            extension["properties"] = left
        entity: Entity = {"id": key, "schema": schema, "properties": properties}
        if what.other:
            if schema not in self._reserved_names:
                amounts = (n for names in fields.money.values() for n in names)
                self._reserved_names[schema] = frozenset((*fields.properties, *taken, *amounts, *_RESERVED_PROPERTIES))
            _add_other(entity, what, self._reserved_names[schema], extension)
        _add_provenance(entity, what.provenance, extension)
        if unread:
            self.counts.count_unread(what.type, unread)
            extension[NOT_UNDERSTOOD] = sorted({value[:3] for value in unread})
        if extension:
            entity[EXTENSION_KEY] = extension
        return entity

    def _add_values(
        self, type_name: str, fields: FtmFields, name: str, texts: Sequence[str], properties: dict[str, list[str]]
    ) -> list[str]:
        """Add canonical values of one property to `properties`; returns those that FollowTheMoney has no place for."""
        known = self.ontology.properties(type_name)
        if name not in known:
            return list(texts)
        prop = known[name]
        if prop.type == "money":
            return self._add_money(fields, name, texts, properties)
        target = next((n for n in prop.ftm if fields.properties.get(n) == name), None)
        if target is None:
            return list(texts)
        bands = [t for t in texts if prop.type == "percent" and ".." in t]
        plain = [t.lower() if prop.type == "jurisdiction" else t for t in texts if t not in bands]
        if plain:
            properties[target] = sorted({*properties.get(target, ()), *plain})
        return bands

    def _add_money(
        self, fields: FtmFields, name: str, texts: Sequence[str], properties: dict[str, list[str]]
    ) -> list[str]:
        """Add amounts of one currency: an entity names its currency once."""
        target = next((n for n in fields.money.get(name, ()) if n not in CURRENCIES), None)
        currencies = {money(text).currency for text in texts}
        if target is None or len(currencies) != 1 or "currency" in properties:
            return list(texts)
        properties[target] = [text.rpartition(" ")[0] for text in texts]
        properties["currency"] = sorted(currencies)
        return []


def entity_line(entity: Entity) -> bytes:
    """An entity as a line with sorted keys, so that equal entities have equal bytes."""
    return orjson.dumps(entity, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SORT_KEYS)


def _fits_ends(form: FtmLink, end_types: tuple[str, str]) -> bool:
    """Whether the form has narrow properties exactly for the ends that need one."""
    sides = zip((form.source, form.target), end_types, strict=True)
    return all(
        NARROW_PROPERTIES.get(name or "") == (end if end in NARROW_PROPERTIES.values() else None) for name, end in sides
    )


def _clean_values(ontology: Ontology, type_name: str, name: str, raws: Sequence[str]) -> tuple[list[str], list[str]]:
    """The canonical values, sorted, each once, and the values that the ontology does not accept."""
    prop = ontology.properties(type_name).get(name)
    texts = {raw: prop.texts[raw] if prop else raw for raw in raws}
    return sorted({t for t in texts.values() if t is not None}), [raw for raw in raws if texts[raw] is None]


def _add_other(entity: Entity, what: EntityInput, known: Collection[str], extension: dict[str, Any]) -> None:
    """Add values without a property of the ontology; those with FollowTheMoney's names become properties again."""
    properties = entity["properties"]
    for name, values in what.other.items():
        if name in ("first_seen", "last_change") and len(values) == 1 and what.provenance.stated:
            entity[name] = values[0]
        elif name == "target" and list(values) == ["true"]:
            entity[name] = True
        elif name in known or name in properties or name in ("first_seen", "last_change", "target", EXTENSION_KEY):
            extension.setdefault("other", {}).setdefault(name, []).extend(values)
        else:
            properties[name] = sorted(set(values))


def _add_provenance(entity: Entity, provenance: Provenance, extension: dict[str, Any]) -> None:
    """Add address, date and publisher as properties, and grades and handling code, which have none, as extension."""
    if provenance == NO_PROVENANCE:
        return
    places = {"sourceUrl": provenance.url, "modifiedAt": provenance.stated, "publisher": provenance.origin}
    entity["properties"].update({name: [value] for name, value in places.items() if value})
    extension.update({n: v for n, v in provenance.to_json().items() if n in EXTENSION_PROVENANCE})

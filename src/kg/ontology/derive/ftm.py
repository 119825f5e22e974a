"""The mapping between the ontology and FollowTheMoney."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kg.errors import InputLocation, OntologyError
from kg.ontology.model import Ontology, Property

CURRENCIES = {"amountEur": "EUR", "amountUsd": "USD"}
"""FollowTheMoney properties that hold an amount and imply its currency; others go with the property `currency`."""

SCHEMA_NAME = "schema"
"""The name under which a node of the most general type keeps its schema."""

MATCHER_PROPERTY, MATCHER = "matcher", "kg"
"""What an entity Similar has that is no claim of a source: kg itself compared its two ends."""

EXTENSION_KEY = "kg"
"""Key beside an entity's properties, with what FollowTheMoney has no place for."""


@dataclass(frozen=True)
class FtmFields:
    """The properties of the ontology that FollowTheMoney's properties are read into."""

    properties: Mapping[str, str]
    """FollowTheMoney's name to the ontology's."""
    money: Mapping[str, tuple[str, ...]]
    """The ontology's name to FollowTheMoney's names for the amount, the best first."""

    @cached_property
    def amounts(self) -> frozenset[str]:
        """All of FollowTheMoney's names for an amount."""
        return frozenset(name for names in self.money.values() for name in names)


@dataclass(frozen=True, slots=True)
class LinkRule:
    """The link for each value of a property."""

    type: str
    reverse: bool
    """From the value to the entity."""
    curated: bool
    """The value is a curated key such as a jurisdiction's code, not the id of an entity."""
    words: str = ""
    """What the link says in its property `relation`."""


@dataclass(frozen=True, slots=True)
class NodeRule:
    """How entities of a schema become nodes."""

    type: str
    fields: FtmFields
    links: Mapping[str, LinkRule]
    is_general: bool = False
    """Whether the type is the one that all others extend, so that only the schema says what the node is."""


@dataclass(frozen=True, slots=True)
class EdgeRule:
    """How entities of a schema become links."""

    type: str
    fields: FtmFields
    ends: tuple[tuple[str, str], ...]
    """Pairs of properties with the two ends; the first pair that an entity has is used."""
    words: str = ""
    """What the link says in its property `relation`, besides what the entity says."""


@dataclass(frozen=True, slots=True)
class FtmMapping:
    """Every schema that the ontology has a type for."""

    nodes: Mapping[str, NodeRule]
    edges: Mapping[str, EdgeRule]


def ftm_mapping(ontology: Ontology) -> FtmMapping:
    """The mapping that the `ftm` keys of the ontology's files make together, inheritance resolved.

    A name that a type and one it extends both claim goes to the special one. Raises OntologyError when two claims
    on one schema or property stand side by side.
    """
    return FtmMapping(nodes=_node_rules(ontology), edges=_edge_rules(ontology))


class LinkRole(NamedTuple):
    """What an edge states beside the ends because it stands for a link type without a schema of its own."""

    role: str
    words: str
    """What its reader adds as `relation`."""


def link_roles(ontology: Ontology) -> Mapping[str, Mapping[str, LinkRole]]:
    """The link type that an edge is read as, to the types that it stands for by a role."""
    rules, found = _edge_rules(ontology), dict[str, dict[str, LinkRole]]()
    for link in ontology.links.values():
        for form in link.ftm:
            if form.edge and form.role:
                rule = rules[form.edge]
                found.setdefault(rule.type, {})[link.name] = LinkRole(form.role, rule.words)
    return found


def schema_for(ontology: Ontology, node_type: str) -> str | None:
    """The schema a node is written as: its type's own, else that of the nearest type it extends, else none.

    The type that all others extend stands for nothing else, so its schemata are no other type's.
    """
    lineage = [t for t in ontology.lineage(node_type) if t == node_type or ontology.nodes[t].extends]
    return next((ontology.nodes[t].ftm[0] for t in lineage if ontology.nodes[t].ftm), None)


def _node_rules(ontology: Ontology) -> dict[str, NodeRule]:
    rules: dict[str, NodeRule] = {}
    for node in ontology.nodes.values():
        layers = [ontology.nodes[t].properties for t in reversed(ontology.lineage(node.name))]
        for schema in node.ftm:
            if schema in rules:
                raise _duplicate_error(f"nodes/{node.name}.toml", schema, rules[schema].type)
            fields = _fields(ontology, f"nodes/{node.name}.toml", node.name, layers)
            rules[schema] = NodeRule(node.name, fields, _link_rules(ontology, node.name, schema), not node.extends)
    return rules


def _edge_rules(ontology: Ontology) -> dict[str, EdgeRule]:
    rules: dict[str, EdgeRule] = {}
    shared = [t.properties for t in ontology.links.values() if t.abstract]
    edges = [(link, form) for link in ontology.links.values() for form in link.ftm if form.edge and not form.role]
    for link, edge in edges:
        known = rules.get(edge.edge or "")
        if known and known.type != link.name:
            raise _duplicate_error(f"links/{link.name}.toml", edge.edge or "", known.type)
        fields = _fields(ontology, f"links/{link.name}.toml", link.name, [*shared, link.properties])
        pair = (edge.source or "", edge.target or "")
        rules[edge.edge or ""] = EdgeRule(link.name, fields, (*(known.ends if known else ()), pair), edge.words)
    return rules


def _fields(ontology: Ontology, file: str, type_name: str, layers: Iterable[Mapping[str, Property]]) -> FtmFields:
    current = ontology.properties(type_name)
    properties: dict[str, str] = {}
    money: dict[str, tuple[str, ...]] = {}
    for layer in layers:
        claimed: dict[str, str] = {}
        for name in layer:
            if current[name].type == "money":
                money[name] = current[name].ftm
                continue
            for ftm_name in current[name].ftm:
                if ftm_name in claimed:
                    raise _duplicate_error(file, ftm_name, claimed[ftm_name])
                claimed[ftm_name] = name
        properties.update(claimed)
    return FtmFields(properties, {name: ftm_name for name, ftm_name in money.items() if ftm_name})


def _link_rules(ontology: Ontology, node_type: str, schema: str) -> dict[str, LinkRule]:
    """For each property of a schema, the link whose end is the most special supertype of the node."""
    lineage = ontology.lineage(node_type)
    best: dict[str, tuple[int, LinkRule]] = {}
    for link in ontology.links.values():
        for form in link.ftm:
            near, far = (link.to, link.from_) if form.reverse else (link.from_, link.to)
            fits = [lineage.index(t) for t in near if t in lineage]
            if form.property is None or not fits or (form.schema and schema not in form.schema):
                continue
            rule = LinkRule(link.name, form.reverse, any(ontology.nodes[t].key for t in far), form.words)
            known = best.get(form.property)
            if known and known[0] == min(fits):
                raise _duplicate_error(f"links/{link.name}.toml", form.property, known[1].type)
            if not known or min(fits) < known[0]:
                best[form.property] = (min(fits), rule)
    return {name: rule for name, (_, rule) in best.items()}


def _duplicate_error(file: str, value: str, other: str) -> OntologyError:
    return OntologyError(f"{other} claims the same name of FollowTheMoney", InputLocation(file, key="ftm", value=value))

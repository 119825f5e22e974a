"""The ontology in Neo4j: labels, property keys, constraints and indexes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from kg.ontology.model import Ontology, Property

ROOT = "Entity"
"""The label of every node of the graph; `id` is unique in it."""

FUGITIVE = "Fugitive"
WITHDRAWN = "Withdrawn"
"""The label of a node that no source describes any longer, but that users have attached data to."""

GRAPH = "KgGraph"
"""The label of the version node, of which there is one."""

TEXTS = ("text", "name", "identifier", "url", "jurisdiction", "currency")
"""Value types whose canonical texts are stored in Neo4j."""

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(TEXTS, ("", "_all")),
    "number": ("", "_all"),
    "flag": ("", "_all"),
    "date": ("", "_text", "_first", "_last", "_all"),
    "percent": ("", "_text", "_low", "_high", "_all"),
    "money": ("", "_minor", "_currency", "_all"),
    "valuation": ("", "_low_minor", "_high_minor", "_currency", "_all"),
}
"""Suffixes of the keys with the values of a property, by value type."""

PROVENANCE = {
    "reliability": "text",
    "credibility": "text",
    "origin": "text",
    "stated": "date",
    "url": "url",
    "page": "text",
}
"""What nodes and links carry of the provenance of their claims, with its value type. The first grade is the best."""

INTERNAL = "zz_kg_"
"""How the keys begin that nobody but kg reads: Browser lists keys by name, so these come last."""

_INTERNAL_NODE_KEYS = ("body", "claims", "digest", "identifiers", "judgements", "names", "sought", "words")
_INTERNAL_LINK_KEYS = ("body", "claims", "digest", "facts")

CONTRADICTIONS = "contradictions"
"""What is said of a node or link and cannot all be true, in words."""

REMARKS = "remarks"
"""What loads noted of its values and kept as it is, in words."""

NODE_KEYS = (
    *("id", "caption", "sources", "kg_protected", "kg_type", "not_understood", CONTRADICTIONS, REMARKS),
    *(f"{start}{name}" for name in _INTERNAL_NODE_KEYS for start in (INTERNAL, "kg_")),
)
"""Keys of nodes besides those of the ontology's properties and of provenance; internal ones also under their names in
copies of an older format, from which they are removed."""

LINK_KEYS = (
    *("id", "sources", "kg_protected", "not_understood", CONTRADICTIONS, REMARKS),
    *(f"{start}{name}" for name in _INTERNAL_LINK_KEYS for start in (INTERNAL, "kg_")),
)
"""The same of links."""

NAMES_INDEX = "names"
WORDS_INDEX = "search_words"
EXACT_INDEX = "search_exact"
OLD_INDEXES = ("kg_words", "kg_exact")
"""Indexes of copies of an older format, on keys that are no longer written."""

_SEARCHED_TEXTS = ("full", "bank")
"""Texts that are not names, but by which people search for nodes."""

_HEAD = """// Constraints and indexes of the graph in Neo4j. Made from the ontology by `kg generate`; do not edit.
// `kg sync` creates those that are missing. To create them by hand, paste this file into Neo4j Browser."""


def labels(ontology: Ontology, types: Iterable[str], sought: bool) -> tuple[str, ...]:
    """The labels of a node: its types and all their supertypes, most special first; Fugitive for a wanted person."""
    found = dict.fromkeys(name for node_type in types for name in ontology.lineage(node_type))
    return (*found, FUGITIVE) if sought else tuple(found)


def owned_labels(ontology: Ontology) -> tuple[str, ...]:
    """Every label that kg sets and removes."""
    return (*ontology.nodes, FUGITIVE)


@lru_cache(maxsize=4)
def owned_keys(ontology: Ontology, links: bool = False) -> tuple[str, ...]:
    """Every key that kg writes on nodes, or on links. All others belong to users."""
    types = ontology.links if links else ontology.nodes
    found = {key for name in types for p, prop in ontology.properties(name).items() for key in keys(p, prop)}
    found |= {name + suffix for name, kind in PROVENANCE.items() for suffix in SUFFIXES[kind]}
    return tuple(sorted(found | set(LINK_KEYS if links else NODE_KEYS)))


def keys(name: str, prop: Property) -> tuple[str, ...]:
    """The keys with the values of a property."""
    return tuple(name + suffix for suffix in SUFFIXES[prop.type])


def schema_page(ontology: Ontology) -> str:
    """The text of `cypher/schema.cypher`."""
    return "\n".join([_HEAD, *(f"{statement};" for statement in schema(ontology).values())]) + "\n"


def schema(ontology: Ontology) -> dict[str, str]:
    """Statements that create what the graph needs, by the name of the constraint or index."""
    return dict([*_constraints(ontology), *_identifying(ontology), *_full_text(ontology)])


def _constraints(ontology: Ontology) -> Iterator[tuple[str, str]]:
    for label in (ROOT, WITHDRAWN, GRAPH):
        name = f"{label.lower()}_id"
        yield name, f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
    for link in ontology.link_names:
        name = f"{link.lower()}_id"
        yield name, f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR ()-[r:{link}]-() REQUIRE r.id IS UNIQUE"


def _identifying(ontology: Ontology) -> Iterator[tuple[str, str]]:
    """An index for each identifying property, on the type that defines it."""
    for node_type in ontology.nodes.values():
        for prop, rule in sorted(node_type.properties.items()):
            if rule.identifies or prop == node_type.key:
                name = f"{node_type.name.lower()}_{prop}"
                yield name, f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{node_type.name}) ON (n.{prop})"


def _full_text(ontology: Ontology) -> Iterator[tuple[str, str]]:
    named = {
        key
        for name in ontology.nodes
        for p, prop in ontology.properties(name).items()
        if prop.type == "name" or p in _SEARCHED_TEXTS
        for key in keys(p, prop)
    }
    for index, fields, analyzer in (
        (NAMES_INDEX, sorted(named), "cjk"),
        (WORDS_INDEX, ["zz_kg_words"], "whitespace"),
        (EXACT_INDEX, ["zz_kg_identifiers", "zz_kg_names"], "keyword"),
    ):
        on = ", ".join(f"n.{key}" for key in fields)
        create = f"CREATE FULLTEXT INDEX {index} IF NOT EXISTS FOR (n:{ROOT}) ON EACH [{on}]"
        yield index, f"{create}\n  OPTIONS {{indexConfig: {{`fulltext.analyzer`: '{analyzer}'}}}}"

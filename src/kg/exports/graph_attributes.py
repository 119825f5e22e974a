"""The attributes of nodes and links in graph files: their declarations, and their values as text of XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

import orjson

from kg.exports.columns import VALUE_SEPARATOR, link_label, numeric_bounds, property_columns, unread_json
from kg.ontology import Ontology
from kg.records import NOT_UNDERSTOOD, Link, Node

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow, not even escaped."""

_NEEDS_ESCAPE = re.compile(rf"[&<>\r]|{_NOT_XML.pattern}")
"""Characters that have to be replaced in the text of an element."""

_TEXTS = {"other": "string", NOT_UNDERSTOOD: "string"}
NODE_KEYS = {"label": "string", "type": "string", "sources": "string", "sought": "boolean", **_TEXTS}
LINK_KEYS = {"label": "string", "type": "string", "sources": "string", "symmetric": "boolean", **_TEXTS}
"""Keys of every node and every link beside its properties. Gephi shows `label`."""


@dataclass(frozen=True, slots=True)
class GraphAnnotations:
    """Additions to a graph file: a description of the whole, and keys of single nodes and links."""

    description: str = ""
    node_types: frozenset[str] | None = None
    link_types: frozenset[str] | None = None
    """The types in the file, if known; properties of other types are not declared."""
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Id of a node or link to more keys with their texts; no property may have their names."""


NO_ANNOTATIONS = GraphAnnotations()


@dataclass(frozen=True, slots=True)
class GraphAttribute:
    """One declared attribute."""

    id: str
    kind: str
    """`node` or `edge`."""
    name: str
    type: str
    """`string`, `double` or `boolean`."""


class GraphAttributes:
    """The attributes of a graph file: what is declared, and the values of each node and link."""

    def __init__(self, ontology: Ontology, annotations: GraphAnnotations) -> None:
        self._ontology, self._notes = ontology, annotations.notes
        self._declared: dict[tuple[str, str], GraphAttribute] = {}
        more = dict.fromkeys(sorted({name for keys in annotations.notes.values() for name in keys}), "string")
        for kind, usual, names, there in (
            ("node", NODE_KEYS, ontology.node_names, annotations.node_types),
            ("edge", LINK_KEYS, ontology.link_names, annotations.link_types),
        ):
            fixed, types = {**usual, **more}, [name for name in names if there is None or name in there]
            named = {name: form for type_name in types for name, form in property_columns(ontology, type_name).items()}
            for name, form in {**fixed, **{n: f for n, f in sorted(named.items()) if n not in fixed}}.items():
                self._declare(kind, name, form)
            for clash in fixed.keys() & named.keys():
                self._declare(kind, f"{clash}_", "string")

    def declared(self) -> tuple[GraphAttribute, ...]:
        """Every attribute, those of nodes first."""
        return tuple(self._declared.values())

    def of_node(self, node: Node) -> Iterator[tuple[GraphAttribute, str]]:
        """The attributes of a node that have a value, with it."""
        common = {"label": node.caption, "type": node.type, "sources": VALUE_SEPARATOR.join(node.sources)}
        fixed = {**common, "sought": _xml_boolean(bool(node.sought_under)), **_json_texts(node, node.other)}
        return self._values("node", {**fixed, **self._notes.get(node.id, {})}, node)

    def of_link(self, link: Link, other: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[GraphAttribute, str]]:
        """The attributes of a link that have a value, with it; `other`: its values without a property."""
        kind = self._ontology.links[link.type]
        common = {"label": link_label(kind, link), "type": link.type, "sources": VALUE_SEPARATOR.join(link.sources)}
        fixed = {**common, "symmetric": _xml_boolean(not kind.directed), **_json_texts(link, other)}
        return self._values("edge", {**fixed, **self._notes.get(link.id, {})}, link)

    def _declare(self, kind: str, name: str, form: str) -> None:
        self._declared[kind, name] = GraphAttribute(f"{kind[0]}{len(self._declared)}", kind, name, form)

    def _values(self, kind: str, fixed: Mapping[str, str], item: Node | Link) -> Iterator[tuple[GraphAttribute, str]]:
        """A property with the name of a fixed attribute gets an underscore."""
        texts = {f"{n}_" if n in fixed else n: VALUE_SEPARATOR.join(values) for n, values in item.properties.items()}
        known, numbers = self._ontology.properties(item.type), dict[str, str]()
        for name, values in item.properties.items():
            numbers |= numeric_bounds(known, name, values)
        for name, value in {**fixed, **texts, **numbers}.items():
            if value and (attribute := self._declared.get((kind, name))):
                yield attribute, value


def xml_text(value: str) -> str:
    """A text as the content of an element; a character that XML does not allow becomes U+FFFD."""
    return escape(_NOT_XML.sub("\ufffd", value), {"\r": "&#13;"}) if _NEEDS_ESCAPE.search(value) else value


def xml_attribute(value: str) -> str:
    """A text as the value of an attribute, in quotation marks."""
    return quoteattr(_NOT_XML.sub("\ufffd", value))


def _xml_boolean(value: bool) -> str:
    return "true" if value else "false"


def _json_texts(item: Node | Link, other: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Values without a property, and values that could not be read, as JSON; empty for none."""
    unnamed = orjson.dumps(other, option=orjson.OPT_SORT_KEYS).decode() if other else ""
    return {"other": unnamed, NOT_UNDERSTOOD: unread_json(item.not_understood)}

"""Make the rows of nodes and links as Neo4j stores them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from kg.database import read_json
from kg.findings.contradictions import find_contradictions
from kg.ontology import Ontology, Property
from kg.ontology.derive.cypher import CONTRADICTIONS, REMARKS, labels
from kg.ontology.handling import PROTECTED
from kg.ontology.search_words import search_words
from kg.records import NOT_UNDERSTOOD, UnreadValue, node_id
from kg.stores.neo4j.native_values import native_values, one_line, provenance_values
from kg.stores.neo4j.projection_items import SEPARATOR, CopyScope, ProjectionItem
from kg.stores.row_decoder import tells_damage

MAX_INDEXED_LENGTH = 8_000
"""The maximum length of a name or identifier in the exact index, in characters."""


class GraphRow(NamedTuple):
    """One node or link to send; `kind` has the labels of a node, or the one type of a link."""

    kind: tuple[str, ...]
    id: str
    properties: dict[str, Any]
    tail: str = ""
    head: str = ""
    weight: int = 0
    """Bytes, roughly."""

    def parameters(self) -> dict[str, Any]:
        """The row as a parameter of a query."""
        ends = {"tail": self.tail, "head": self.head} if self.tail else {}
        return {"id": self.id, **ends, "p": self.properties}


@tells_damage
def node_rows(connection: sqlite3.Connection, scope: CopyScope, items: Sequence[ProjectionItem]) -> list[GraphRow]:
    """The rows of some nodes."""
    numbers = orjson.dumps([item.num for item in items]).decode()
    identifiers: dict[int, set[str]] = {}
    for prefix in ("", "protected_") if scope.protected else ("",):
        query = f"SELECT node, value FROM {prefix}identifier WHERE node IN (SELECT value FROM json_each(?))"
        for num, value in connection.execute(query, (numbers,)):
            identifiers.setdefault(num, set()).add(value)
    return [node_row(scope.ontology, item, identifiers.get(item.num, ())) for item in items]


@tells_damage
def link_rows(ontology: Ontology, items: Iterable[ProjectionItem]) -> list[GraphRow]:
    """The rows of some links."""
    return [_link(ontology, item) for item in items]


def node_row(ontology: Ontology, item: ProjectionItem, identifiers: Iterable[str]) -> GraphRow:
    """The row of a node with these comparable identifiers."""
    body, sought = read_json(item.body), read_json(item.sought, list)
    types, values = tuple(body.get("types", ())) or (item.type,), _properties(body)
    words = search_words(ontology, types, values)
    properties = {
        **provenance_values(body.get("said", ())),
        **native_values(ontology, types, values),
        **_common_properties(item, body, ontology.merged_properties(types), types),
        "caption": item.caption,
        "kg_type": item.type,
    }
    if names := [n for n in (*item.names, *_former_ids(item)) if len(n) < MAX_INDEXED_LENGTH]:
        properties["zz_kg_names"] = names
    if item.judgements:
        properties["zz_kg_judgements"] = item.judgements
    if words:
        properties["zz_kg_words"] = words
    if findable := sorted(i for i in identifiers if len(i) < MAX_INDEXED_LENGTH):
        properties["zz_kg_identifiers"] = findable
    if sought:
        properties["zz_kg_sought"] = sought
    return GraphRow(labels(ontology, types, bool(sought)), item.id, properties, weight=_weight(item) + len(words))


def _link(ontology: Ontology, item: ProjectionItem) -> GraphRow:
    body = read_json(item.body)
    properties = {
        **provenance_values(body.get("said", ())),
        **native_values(ontology, (item.type,), _properties(body)),
        **_common_properties(item, body, ontology.properties(item.type)),
    }
    if item.facts:
        properties["zz_kg_facts"] = list(item.facts)
    return GraphRow((item.type,), item.id, properties, item.tail, item.head, _weight(item))


def _common_properties(
    item: ProjectionItem, body: dict[str, Any], known: Mapping[str, Property], types: Sequence[str] = ()
) -> dict[str, Any]:
    """The properties that nodes and links share. A key without a value is absent, because files have no empty lists."""
    properties = {"id": item.id, "zz_kg_body": item.body, "zz_kg_digest": item.digest}
    if sources := body.get("sources") or sorted({s["source"] for s in body.get("said", ())}):
        properties["sources"] = sources
    if item.claims != "[]":
        properties["zz_kg_claims"] = item.claims
    if item.protected:
        properties["kg_protected"] = True
    if item.remarks:
        properties[REMARKS] = list(map(_on_one_line, item.remarks))
    if unread := [value for part in (body, body.get(PROTECTED, {})) for value in part.get(NOT_UNDERSTOOD, ())]:
        properties[NOT_UNDERSTOOD] = sorted({_unread_text(UnreadValue(*value)) for value in unread})
    said = (one.says for one in find_contradictions(known, item.id, _properties(body), types))
    if contradictions := [*said, *item.shares]:
        properties[CONTRADICTIONS] = contradictions
    return properties


def _unread_text(value: UnreadValue) -> str:
    """`share: 150 (source)`."""
    return _on_one_line(f"{value.property or value.name}: {value.words} ({value.source})")


def _on_one_line(text: str) -> str:
    return " ".join(one_line(text).split())


def _properties(body: dict[str, Any]) -> dict[str, list[str]]:
    """All values, with those of protected claims if the scope has them."""
    protected = body.get("protected", {}).get("properties")
    values: dict[str, list[str]] = body.get("properties", {})
    if not protected:
        return values
    return {name: sorted({*values.get(name, ()), *protected.get(name, ())}) for name in {*values, *protected}}


def _former_ids(item: ProjectionItem) -> Iterable[str]:
    """The ids that the node's names have, or would have, alone."""
    if len(item.names) < 2:
        return ()
    ids = (node_id(*name.split(SEPARATOR, 1)) for name in item.names)
    return sorted(former for former in ids if former != item.id)


def _weight(item: ProjectionItem) -> int:
    return 2 * len(item.body) + len(item.claims) + 300

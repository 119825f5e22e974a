"""What the graph keeps of a node or link that one record states alone, made while the record is at hand."""

from __future__ import annotations

from typing import Any

from kg.ledger.projection.merge import SourceRecord, canonical_json, merge_link, merge_node
from kg.ontology import Ontology
from kg.records import Record, link_id, node_id

GRAPH_COLUMNS = (
    "graph_id",
    "graph_body",
    "caption",
    "words",
    "identifiers",
    "share_low",
    "share_high",
    "first_day",
    "last_day",
    "reliability",
    "interest",
    "credibility",
)
"""The columns of the stage that `graph_cells` fills. `graph_id` is NULL for a record that has to be merged.
`identifiers` is a JSON array of [value, property, whether it identifies], NULL where there are none."""

Cells = tuple[str | int | float | None, ...]

NO_CELLS: Cells = (None,) * len(GRAPH_COLUMNS)

_OF_NODE: Cells = (None,) * 7
_OF_LINK: Cells = (None,) * 3


def merges(ontology: Ontology, record: Record) -> bool:
    """Whether a record may make its thing one with others: by referents, or by a key that is curated."""
    return record.ends is None and (bool(record.referents) or ontology.nodes[record.type].key is not None)


def graph_cells(
    ontology: Ontology, source: str, namespace: str, record: Record, body: dict[str, Any], *, protected: bool
) -> Cells:
    """The cells of `GRAPH_COLUMNS` for a record of a source, whose `body` is at hand.

    All are None where the record is merged in any case: it is protected, has names of others, or may still get another
    key. Whether another record says something of the same thing is seen when all are staged.
    """
    if protected or record.identity or merges(ontology, record):
        return NO_CELLS
    stated = SourceRecord(source, namespace, record.key, record.type, body)
    if record.ends is not None:
        link = merge_link(ontology, [stated])
        return (link_id(namespace, record.key, record.part), link.body, *_OF_LINK, *link.facts)
    node = merge_node(ontology, node_id(namespace, record.key), [stated])
    found = [[i.value, i.property, i.identifies] for i in node.identifiers]
    identifiers = canonical_json(found) if found else None
    return (node.id, node.body, node.caption, node.search_words, identifiers, *_OF_NODE)

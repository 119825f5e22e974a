"""What the graph keeps of a node or link that one record states alone, made while the record is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import orjson

from kg.database.views import provenance_texts
from kg.ledger.rules.merge import (
    LinkFacts,
    canonical_json,
    grades,
    link_facts,
    merge_single_node,
    single_claims,
)
from kg.names import indexed_words
from kg.ontology import Ontology
from kg.ontology.words import HOLDING_WORDS
from kg.records import NO_PROVENANCE, Provenance, Record, link_id, link_number, node_id

GRAPH_COLUMNS = (
    *("graph_id", "graph_body", "caption", "words", "identifiers"),
    *("share_low", "share_high", "first_day", "last_day", "reliability", "interest", "credibility", "number"),
)
"""The columns of the stage that `SingleRecords` fills. `graph_id` is 0 for a record that has to be merged.
`graph_body` is 0 where the record states the node or link word for word.
`number` is that of a link, as `link_number` has it.
`identifiers` is a JSON array of [value, property, whether it identifies], 0 where there are none. What a node or a link
does not have is 0."""

Cells = tuple[str | int | float | None, ...]

NO_CELLS: Cells = (0,) * len(GRAPH_COLUMNS)

_OF_NODE: Cells = (0,) * 8
_OF_LINK: Cells = (0,) * 3

_FACT_PROPERTIES = ("share", "date", "start_date", "end_date", "interest", *HOLDING_WORDS)
"""The properties that the facts of a link follow from, besides its provenance."""


PROVENANCES = 4_096
"""Provenances whose parts are remembered."""


class _ProvenanceParts(NamedTuple):
    """What follows from the provenance of a record."""

    before_key: str
    """As in `ProvenanceTexts`."""
    after_key: str
    facts: LinkFacts
    """Of a link without shares and days."""


@cache
def _facts_of_grades(reliability: str, credibility: str) -> LinkFacts:
    """The facts of a link without shares and days, from the grades of its only claim, which is open."""
    stated = {"reliability": reliability, "credibility": credibility}
    return link_facts({}, *grades([{name: grade for name, grade in stated.items() if grade}]))


class SingleRecords:
    """Makes the cells of `GRAPH_COLUMNS` for the records of one source, which most things have one of."""

    def __init__(self, ontology: Ontology, source: str, namespace: str) -> None:
        self._ontology, self._source, self._namespace = ontology, source, namespace
        self._merging = {name for name, node in ontology.nodes.items() if node.key is not None}
        self._parts: dict[Provenance, _ProvenanceParts] = {}
        self._last: tuple[Provenance | None, _ProvenanceParts] = (None, self._parts_of(NO_PROVENANCE))

    def cells(self, record: Record, body: Mapping[str, Any], *, protected: bool) -> Cells:
        """The cells of a record, whose `body` is at hand without its provenance.

        All are 0 where the record is merged in any case: it is protected, has names of others, or may still get
        another key. Whether another record says something of the same thing is seen when all are staged.
        """
        if protected or record.identity or record.referents or record.type in self._merging:
            return NO_CELLS
        if record.provenance is not self._last[0]:
            self._last = record.provenance, self._parts_of(record.provenance)
        said = self._last[1]
        properties, merged = single_claims(self._ontology.properties(record.type), body, self._source)
        text: str | int = 0
        if merged != body:
            start = f"{canonical_json(merged)[:-1]}," if merged else "{"
            text = f"{start}{said.before_key}{orjson.dumps(record.key).decode()}{said.after_key}"
        if record.ends is None:
            node = merge_single_node(self._ontology, record.type, record.key, properties)
            identifiers = canonical_json(node.identifiers) if node.identifiers else 0
            words = indexed_words(node.search_words)
            return (node_id(self._namespace, record.key), text, node.caption, words, identifiers, *_OF_NODE)
        facts = said.facts
        if not properties.keys().isdisjoint(_FACT_PROPERTIES):
            kind = self._ontology.links[record.type]
            facts = link_facts(properties, facts.reliability, facts.credibility, kind)
        link = link_id(self._namespace, record.key, record.part)
        return (link, text, *_OF_LINK, *facts, link_number(link))

    def _parts_of(self, provenance: Provenance) -> _ProvenanceParts:
        """What follows from a provenance, which most records of a source have in common."""
        if (found := self._parts.get(provenance)) is None:
            texts = provenance_texts(provenance.to_json(), self._source, self._namespace)
            facts = _facts_of_grades(provenance.reliability, provenance.credibility)
            found = _ProvenanceParts(texts.before_key, texts.after_key, facts)
            if len(self._parts) == PROVENANCES:
                self._parts.clear()
            self._parts[provenance] = found
        return found

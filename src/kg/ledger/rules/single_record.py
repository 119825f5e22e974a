"""What the graph keeps of a node or link that one record states alone, made while the record is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from kg.ledger.rules.merge import (
    LinkFacts,
    SourceRecord,
    canonical_json,
    grades,
    link_facts,
    merge_single_node,
    provenance_of,
    single_claims,
)
from kg.ontology import Ontology
from kg.records import Provenance, Record, link_id, node_id

GRAPH_COLUMNS = (
    *("graph_id", "graph_body", "caption", "words", "identifiers"),
    *("share_low", "share_high", "first_day", "last_day", "reliability", "interest", "credibility"),
)
"""The columns of the stage that `SingleRecords` fills. `graph_id` is NULL for a record that has to be merged.
`identifiers` is a JSON array of [value, property, whether it identifies], NULL where there are none."""

Cells = tuple[str | int | float | None, ...]

NO_CELLS: Cells = (None,) * len(GRAPH_COLUMNS)

_OF_NODE: Cells = (None,) * 7
_OF_LINK: Cells = (None,) * 3

_FACT_PROPERTIES = ("share", "date", "start_date", "end_date", "interest")
"""The properties that the facts of a link follow from, besides its provenance."""


class SingleRecords:
    """Makes the cells of `GRAPH_COLUMNS` for the records of one source, which most things have one of."""

    def __init__(self, ontology: Ontology, source: str, namespace: str) -> None:
        self._ontology, self._source, self._namespace = ontology, source, namespace
        self._merging = {name for name, node in ontology.nodes.items() if node.key is not None}
        self._said: Provenance | None = None
        self._before_key = self._after_key = ""
        self._facts = LinkFacts(None, None, 0, 0, 0, 0, 0)

    def cells(self, record: Record, body: Mapping[str, Any], claims: str, *, protected: bool) -> Cells:
        """The cells of a record, whose `body` is at hand without its provenance, and as canonical JSON in `claims`.

        All are None where the record is merged in any case: it is protected, has names of others, or may still get
        another key. Whether another record says something of the same thing is seen when all are staged.
        """
        if protected or record.identity or record.referents or record.type in self._merging:
            return NO_CELLS
        if record.provenance is not self._said:
            self._remember(record.provenance)
        properties, merged = single_claims(self._ontology.properties(record.type), body, self._source)
        text = claims if merged == body else canonical_json(merged)
        said = f'"said":[{self._before_key}{orjson.dumps(record.key).decode()}{self._after_key}]}}'
        text = f"{text[:-1]},{said}" if merged else f"{{{said}"
        if record.ends is None:
            node = merge_single_node(self._ontology, record.type, record.key, properties)
            identifiers = canonical_json(node.identifiers) if node.identifiers else None
            return (node_id(self._namespace, record.key), text, node.caption, node.search_words, identifiers, *_OF_NODE)
        facts = self._facts
        if not properties.keys().isdisjoint(_FACT_PROPERTIES):
            facts = link_facts(properties, facts.reliability, facts.credibility)
        return (link_id(self._namespace, record.key, record.part), text, *_OF_LINK, *facts)

    def _remember(self, provenance: Provenance) -> None:
        """Make what follows from a provenance, which most records of a source have in common."""
        self._said = provenance
        stated = provenance_of(SourceRecord(self._source, self._namespace, "", "", {"said": provenance.to_json()}))
        before = {name: value for name, value in stated.items() if name < "key"}
        after = {name: value for name, value in stated.items() if name > "key"}
        self._before_key = f'{canonical_json(before)[:-1]}{"," if before else ""}"key":'
        self._after_key = f",{canonical_json(after)[1:]}"
        self._facts = link_facts({}, *grades([stated]))

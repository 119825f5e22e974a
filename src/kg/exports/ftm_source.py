"""Writes one source's records as FollowTheMoney entities, under the source's own keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import IO, NamedTuple

from kg.exports.ftm_entities import Entity, EntityInput, FtmEntityBuilder, entity_line
from kg.exports.summary import (
    DUPLICATE_LINK,
    LINK_DETAILS,
    NO_LINK,
    NO_NODE,
    OTHER_NAMESPACE,
    REPEATED_NODE,
    STRICTER_HANDLING,
)
from kg.ontology.derive.ftm import EXTENSION_KEY, LinkRule
from kg.ontology.model import HANDLINGS
from kg.ports import RecordInForce, SourceInfo
from kg.records import JURISDICTION_NAMESPACE, Record, Ref


class SourceRecords(NamedTuple):
    """A source's records by key, and the links that become properties of nodes, sorted by those nodes' keys."""

    by_key: Iterable[RecordInForce]
    by_tail: Iterable[RecordInForce]
    """Links of `property_link_types(reverse=False)`, by the key at the tail."""
    by_head: Iterable[RecordInForce]
    """Links of `property_link_types(reverse=True)`, by the key at the head."""


def write_source(stream: IO[bytes], builder: FtmEntityBuilder, source: SourceInfo, records: SourceRecords) -> None:
    """Write a source's entities by key, one a line.

    A row's node comes first, then its links. A link's id is its row's key where that names nothing else, else
    `key#part`; which part of which row it is stands under `kg`.
    """
    writer = _SourceWriter(builder, source, records)
    for key, group in groupby(records.by_key, key=lambda kept: kept.record.key):
        for entity in writer.row_entities(key, list(group)):
            stream.write(entity_line(entity))
    writer.finish()


class _LinksByEnd:
    """Links that become properties of a node, taken when the rows reach the node's key."""

    def __init__(self, records: Iterable[RecordInForce], reverse: bool) -> None:
        self._records = iter(records)
        self.reverse = reverse
        self._next = next(self._records, None)

    def links_before(self, key: str | None) -> Iterator[Record]:
        """The links before `key` (None: all remaining ones), whose node has no row."""
        while self._next is not None and (key is None or near_end(self._next.record, self.reverse).key < key):
            yield self._advance(self._next)

    def links_at(self, key: str) -> Iterator[Record]:
        """The links at `key`, in any namespace."""
        while self._next is not None and near_end(self._next.record, self.reverse).key == key:
            yield self._advance(self._next)

    def _advance(self, kept: RecordInForce) -> Record:
        self._next = next(self._records, None)
        return kept.record


class _SourceWriter:
    def __init__(self, builder: FtmEntityBuilder, source: SourceInfo, records: SourceRecords) -> None:
        self._builder, self._counts = builder, builder.counts
        self._source = source
        self._links_by_end = (_LinksByEnd(records.by_tail, False), _LinksByEnd(records.by_head, True))

    def row_entities(self, key: str, kept: Sequence[RecordInForce]) -> Iterator[Entity]:
        """The entities of one row, with the links that other rows claim of its node."""
        nodes = [k.record for k in kept if k.record.ends is None]
        links = [k for k in kept if k.record.ends is not None]
        entity = self._node_entity(nodes)
        own = list[RecordInForce]()
        if entity is not None:
            for k in links:
                if stated := self._own_property(nodes[0], k.record):
                    own.append(k)
                    _add_value(entity, *stated)
                    self._counts.links[k.record.type] += 1
        for beside in self._links_by_end:
            for link in beside.links_before(key):
                self._counts.count_lost(link.type, self._loss_reason(link, beside.reverse))
            for link in beside.links_at(key):
                self._add_link_property(entity, nodes, link, beside.reverse)
        if entity is not None:
            yield entity
        edges = [k for k in links if k not in own and k.record.type not in self._builder.property_links]
        entities = [(k.record, edge) for k in edges if (edge := self._edge_entity(k)) is not None]
        for record, edge in entities:
            if entity is not None or (len(entities) > 1 and record.part):
                edge["id"] = f"{key}#{record.part}"
                edge[EXTENSION_KEY] = {"key": key, **edge.get(EXTENSION_KEY, {})}
            yield edge

    def finish(self) -> None:
        """Count the links that come after the last row."""
        for beside in self._links_by_end:
            for link in beside.links_before(None):
                self._counts.count_lost(link.type, self._loss_reason(link, beside.reverse))

    def _node_entity(self, nodes: Sequence[Record]) -> Entity | None:
        for again in nodes[1:]:
            self._counts.count_lost(again.type, REPEATED_NODE)
        if not nodes:
            return None
        record = nodes[0]
        content = EntityInput(record.type, record.properties, record.other, record.provenance, record.not_understood)
        entity = self._builder.build_node(record.key, content)
        if entity is not None:
            self._counts.nodes[record.type] += 1
            if referents := sorted({*record.referents} - {record.key}):
                entity["referents"] = referents
            if record.part:
                entity.setdefault(EXTENSION_KEY, {})["part"] = record.part
            self._set_datasets(entity, record)
        return entity

    def _own_property(self, node: Record, link: Record) -> tuple[str, str] | None:
        """The property and value of a link that a reader would make from a property of the node, else None."""
        name, _, value = link.part.partition(":")
        if link.key != node.key or link.properties or link.other or link.provenance != node.provenance:
            return None
        if link.not_understood:
            return None
        for reverse in (False, True):
            this, far = near_end(link, reverse), near_end(link, not reverse)
            same = value.upper().replace("_", "-") if far.namespace == JURISDICTION_NAMESPACE else value
            own = Ref(self._source.namespace, node.key)
            fits = this == own and far.key == same and not self._is_other_namespace(far)
            rule = LinkRule(link.type, reverse, far.namespace == JURISDICTION_NAMESPACE)
            if fits and name in self._builder.link_properties(node.type, rule):
                return name, value
        return None

    def _add_link_property(self, entity: Entity | None, nodes: Sequence[Record], link: Record, reverse: bool) -> None:
        """Add a link of any row as a property of this row's node."""
        if entity is None or near_end(link, reverse).namespace != self._source.namespace:
            reason = NO_LINK if nodes and entity is None else self._loss_reason(link, reverse)
            self._counts.count_lost(link.type, reason)
            return
        node, far = nodes[0], near_end(link, not reverse)
        if self._own_property(node, link) is not None:
            return
        curated = far.namespace == JURISDICTION_NAMESPACE
        names = self._builder.link_properties(node.type, LinkRule(link.type, reverse, curated))
        value = far.key.lower() if curated else far.key
        if not names:
            self._counts.count_lost(link.type, NO_LINK)
        elif self._is_other_namespace(far):
            self._counts.count_lost(link.type, OTHER_NAMESPACE)
        elif HANDLINGS.index(link.provenance.handling) > HANDLINGS.index(node.provenance.handling):
            self._counts.count_lost(link.type, STRICTER_HANDLING)
        elif value in entity["properties"].get(names[0], ()):
            self._counts.count_lost(link.type, DUPLICATE_LINK)
        else:
            self._counts.links[link.type] += 1
            for name in [*link.properties, *link.other, *(value.name for value in link.not_understood)]:
                self._counts.count_lost(f"{link.type}.{name}", LINK_DETAILS)
            if link.provenance != node.provenance:
                self._counts.count_lost(f"{link.type}: grades, dates and addresses", LINK_DETAILS)
            _add_value(entity, names[0], value)

    def _loss_reason(self, link: Record, reverse: bool) -> str:
        return NO_NODE if near_end(link, reverse).namespace == self._source.namespace else OTHER_NAMESPACE

    def _is_other_namespace(self, end: Ref) -> bool:
        return end.namespace not in (JURISDICTION_NAMESPACE, self._source.namespace)

    def _edge_entity(self, kept: RecordInForce) -> Entity | None:
        """The edge entity of a link, with the key of its row as id; None, counted, if there is none."""
        link = kept.record
        tail, head = near_end(link, False), near_end(link, True)
        if self._builder.is_edge(link.type) and any(end.namespace != self._source.namespace for end in (tail, head)):
            self._counts.count_lost(link.type, OTHER_NAMESPACE)
            return None
        content = EntityInput(link.type, link.properties, link.other, link.provenance, link.not_understood)
        entity = self._builder.build_edge(link.key, content, (tail.key, head.key), kept.end_types)
        if entity is not None:
            self._counts.links[link.type] += 1
            if link.part != f"{tail.key}→{head.key}":
                entity[EXTENSION_KEY] = {"part": link.part, **entity.get(EXTENSION_KEY, {})}
            self._set_datasets(entity, link)
        return entity

    def _set_datasets(self, entity: Entity, record: Record) -> None:
        entity["datasets"] = list(record.provenance.datasets or (self._source.name,))


def near_end(link: Record, reverse: bool) -> Ref:
    """The end of a link whose node has it as a property."""
    assert link.ends is not None  # callers pass only links
    return link.ends[1 if reverse else 0]


def _add_value(entity: Entity, name: str, value: str) -> None:
    entity["properties"][name] = sorted({*entity["properties"].get(name, ()), value})

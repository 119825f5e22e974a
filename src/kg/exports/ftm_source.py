"""How does one source's word become FollowTheMoney, claim by claim and under its own keys?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import IO, NamedTuple

from kg.exports.ftm_entities import OURS, Entity, Forms, Told, line
from kg.exports.summary import AGAIN, DETAIL, ELSEWHERE, NO_LINK, NO_NODE, SEVERAL, STRICTER
from kg.ontology.derive.ftm import LinkRule
from kg.ontology.lint import HANDLINGS
from kg.ports import Kept, SourceInfo
from kg.records import CURATED, Record, Ref


class Rows(NamedTuple):
    """A source's records, and its links that only a property of a node can say once more by that node's key."""

    by_key: Iterable[Kept]
    by_tail: Iterable[Kept]
    """Those of `Forms.said_by(reverse=False)`, by the key at the tail."""
    by_head: Iterable[Kept]
    """Those of `Forms.said_by(reverse=True)`, by the key at the head."""


def write_source(stream: IO[bytes], forms: Forms, source: SourceInfo, rows: Rows) -> None:
    """Write a source's entities by key, one a line.

    A row's node comes first, then its links. A link's id is its row's key where that names nothing else, else
    `key#part`; which part of which row it is stands under `kg`.
    """
    writer = _Writer(forms, source, rows)
    for key, group in groupby(rows.by_key, key=lambda kept: kept.record.key):
        for entity in writer.row(key, list(group)):
            stream.write(line(entity))
    writer.finish()


class _Beside:
    """Links that are said as properties of a node, taken as the rows reach the node's key."""

    def __init__(self, rows: Iterable[Kept], reverse: bool) -> None:
        self._rows = iter(rows)
        self.reverse = reverse
        self._next = next(self._rows, None)

    def before(self, key: str | None) -> Iterator[Record]:
        """The links before `key` (None: all that are left), of which there is no row."""
        while self._next is not None and (key is None or near(self._next.record, self.reverse).key < key):
            yield self._take(self._next)

    def at(self, key: str) -> Iterator[Record]:
        """The links at `key`, in whatever namespace."""
        while self._next is not None and near(self._next.record, self.reverse).key == key:
            yield self._take(self._next)

    def _take(self, kept: Kept) -> Record:
        self._next = next(self._rows, None)
        return kept.record


class _Writer:
    def __init__(self, forms: Forms, source: SourceInfo, rows: Rows) -> None:
        self._forms, self._tally = forms, forms.tally
        self._source = source
        self._beside = (_Beside(rows.by_tail, False), _Beside(rows.by_head, True))

    def row(self, key: str, kept: Sequence[Kept]) -> Iterator[Entity]:
        """The entities of one row, with the links that other rows say of its node."""
        nodes = [k.record for k in kept if k.record.ends is None]
        said = [k for k in kept if k.record.ends is not None]
        entity = self._node(nodes)
        own = []
        if entity is not None:
            own = [k for k in said if self._own(nodes[0], k.record) is not None]
            for k in own:
                self._say_own(entity, nodes[0], k.record)
        for beside in self._beside:
            for link in beside.before(key):
                self._tally.lose(link.type, self._unsaid(link, beside.reverse))
            for link in beside.at(key):
                self._attach(entity, nodes, link, beside.reverse)
        if entity is not None:
            yield entity
        edges = [k for k in said if k not in own and k.record.type not in self._forms.as_properties]
        made = [(k.record, made_of) for k in edges if (made_of := self._edge(k)) is not None]
        for record, edge in made:
            if entity is not None or (len(made) > 1 and record.part):
                edge["id"] = f"{key}#{record.part}"
                edge[OURS] = {"key": key, **edge.get(OURS, {})}
            yield edge

    def finish(self) -> None:
        """Count the links that come after the last row."""
        for beside in self._beside:
            for link in beside.before(None):
                self._tally.lose(link.type, self._unsaid(link, beside.reverse))

    def _node(self, nodes: Sequence[Record]) -> Entity | None:
        for again in nodes[1:]:
            self._tally.lose(again.type, SEVERAL)
        if not nodes:
            return None
        record = nodes[0]
        entity = self._forms.node(record.key, Told(record.type, record.properties, record.other, record.said))
        if entity is not None:
            self._tally.nodes[record.type] += 1
            if referents := sorted({*record.referents} - {record.key}):
                entity["referents"] = referents
            if record.part:
                entity.setdefault(OURS, {})["part"] = record.part
            self._say_dataset(entity, record)
        return entity

    def _own(self, node: Record, link: Record) -> tuple[str, str] | None:
        """The property and value that made a link, where it is said exactly as a reader makes it."""
        name, _, value = link.part.partition(":")
        if link.key != node.key or link.properties or link.other or link.said != node.said:
            return None
        for reverse in (False, True):
            this, far = near(link, reverse), near(link, not reverse)
            same = value.upper().replace("_", "-") if far.namespace == CURATED else value
            fits = this == Ref(self._source.namespace, node.key) and far.key == same and not self._is_elsewhere(far)
            rule = LinkRule(link.type, reverse, far.namespace == CURATED)
            if fits and name in self._forms.properties_of(node.type, rule):
                return name, value
        return None

    def _say_own(self, entity: Entity, node: Record, link: Record) -> None:
        name, value = self._own(node, link) or ("", "")
        _add(entity, name, value)
        self._tally.links[link.type] += 1

    def _attach(self, entity: Entity | None, nodes: Sequence[Record], link: Record, reverse: bool) -> None:
        """Say a link of whatever row as a property of this row's node."""
        if entity is None or near(link, reverse).namespace != self._source.namespace:
            self._tally.lose(link.type, NO_LINK if nodes and entity is None else self._unsaid(link, reverse))
            return
        node, far = nodes[0], near(link, not reverse)
        if self._own(node, link) is not None:
            return
        names = self._forms.properties_of(node.type, LinkRule(link.type, reverse, far.namespace == CURATED))
        value = far.key.lower() if far.namespace == CURATED else far.key
        if not names:
            self._tally.lose(link.type, NO_LINK)
        elif self._is_elsewhere(far):
            self._tally.lose(link.type, ELSEWHERE)
        elif HANDLINGS.index(link.said.handling) > HANDLINGS.index(node.said.handling):
            self._tally.lose(link.type, STRICTER)
        elif value in entity["properties"].get(names[0], ()):
            self._tally.lose(link.type, AGAIN)
        else:
            self._tally.links[link.type] += 1
            self._count_details(link, node)
            _add(entity, names[0], value)

    def _unsaid(self, link: Record, reverse: bool) -> str:
        return NO_NODE if near(link, reverse).namespace == self._source.namespace else ELSEWHERE

    def _is_elsewhere(self, end: Ref) -> bool:
        return end.namespace not in (CURATED, self._source.namespace)

    def _count_details(self, link: Record, node: Record) -> None:
        for name in [*link.properties, *link.other]:
            self._tally.lose(f"{link.type}.{name}", DETAIL)
        if link.said != node.said:
            self._tally.lose(f"{link.type}: grades, dates and addresses", DETAIL)

    def _edge(self, kept: Kept) -> Entity | None:
        """The entity of an edge schema for a link, with its row's key as its id; None, counted, when there is none."""
        link = kept.record
        tail, head = near(link, False), near(link, True)
        if self._forms.is_edge(link.type) and any(end.namespace != self._source.namespace for end in (tail, head)):
            self._tally.lose(link.type, ELSEWHERE)
            return None
        told = Told(link.type, link.properties, link.other, link.said)
        entity = self._forms.edge(link.key, told, (tail.key, head.key), kept.end_types)
        if entity is not None:
            self._tally.links[link.type] += 1
            if link.part != f"{tail.key}→{head.key}":
                entity[OURS] = {"part": link.part, **entity.get(OURS, {})}
            self._say_dataset(entity, link)
        return entity

    def _say_dataset(self, entity: Entity, record: Record) -> None:
        entity["datasets"] = list(record.said.datasets or (self._source.name,))


def near(link: Record, reverse: bool) -> Ref:
    """The end of a link at which a property says it."""
    assert link.ends is not None  # only links come here
    return link.ends[1 if reverse else 0]


def _add(entity: Entity, name: str, value: str) -> None:
    entity["properties"][name] = sorted({*entity["properties"].get(name, ()), value})

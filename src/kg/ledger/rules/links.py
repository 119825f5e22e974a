"""Which link do the records of one key and part make, where does it lead, and in which scopes does it wait?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Generic, NamedTuple, TypeVar

from kg.ledger.rules.merge import MergedLink, SourceRecord, is_protected, merge_link
from kg.ontology import Ontology
from kg.records import WAITS_FOR_ALL, WAITS_IN_SCOPE, Ref, link_id

NodeKey = TypeVar("NodeKey", int, str)
"""What a projection tells its nodes apart by."""


class LinkKey(NamedTuple):
    """What identifies a link: the namespace, the row's key, and which of the row's claims it is."""

    namespace: str
    key: str
    part: str

    @property
    def id(self) -> str:
        """The link's canonical id."""
        return link_id(self.namespace, self.key, self.part)


class LinkRecord(NamedTuple, Generic[NodeKey]):
    """One link record in force, with the nodes at its ends where they exist."""

    record: SourceRecord
    part: str
    end_names: tuple[Ref, Ref]
    nodes: tuple[NodeKey | None, NodeKey | None]

    @property
    def link_key(self) -> LinkKey:
        """What identifies the link."""
        return LinkKey(self.record.namespace, self.record.key, self.part)


class DecidedLink(NamedTuple, Generic[NodeKey]):
    """What the records of one link key make."""

    key: LinkKey
    end_names: tuple[Ref, Ref]
    nodes: tuple[NodeKey, NodeKey] | None
    """The nodes at its ends; None where one does not exist."""
    merged: MergedLink | None
    """None where an end does not exist."""
    scopes: int
    """In which scopes it waits for its ends, for both: if the end that exists goes, it waits for that one too."""
    record: int
    """The number of a record that states it; 0 where records have none."""


def decide_links(
    ontology: Ontology, rows: Iterable[LinkRecord[NodeKey]], is_hidden: Callable[[NodeKey], bool]
) -> Iterator[DecidedLink[NodeKey]]:
    """The links that records of one key state; `is_hidden` says whether only protected records describe a node."""

    def order(row: LinkRecord[NodeKey]) -> tuple[object, ...]:
        """Open records first: a protected record must not decide where a visible link leads."""
        return row.record.namespace, row.part, is_protected(ontology, row.record), row.end_names, row.record.source

    for key, group in _by_link_key(rows, order):
        first = group[0]
        tail, head = first.nodes
        nodes = None if tail is None or head is None else (tail, head)
        has_hidden_end = nodes is not None and (is_hidden(nodes[0]) or is_hidden(nodes[1]))
        scopes = WAITS_IN_SCOPE if nodes is None else 0
        if (nodes is None or has_hidden_end) and not is_protected(ontology, first.record):
            scopes |= WAITS_FOR_ALL  # for everybody, an end that only protected records describe does not exist
        merged = None if nodes is None else merge_link(ontology, [row.record for row in group])
        if merged is not None and has_hidden_end:
            merged = merged._replace(protected=True)
        yield DecidedLink(key, first.end_names, nodes, merged, scopes, first.record.number)


def _by_link_key(
    rows: Iterable[LinkRecord[NodeKey]], order: Callable[[LinkRecord[NodeKey]], tuple[object, ...]]
) -> Iterator[tuple[LinkKey, list[LinkRecord[NodeKey]]]]:
    found = list(rows)
    if len(found) == 1:  # most keys say one link; sorting and grouping would take as long as the rest
        yield found[0].link_key, found
        return
    for unit, group in groupby(sorted(found, key=order), key=lambda row: row.link_key):
        yield unit, list(group)

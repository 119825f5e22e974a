"""What do other sources say of what one source newly reports, or reports no longer?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from kg.findings import RecordChange
from kg.records import Link, Values
from kg.reports.context import ReportGraph

TRANSFER_TYPES = ("date", "money")
"""Value types by which two sources tell of one event; words that they use for it differ."""


class OtherSources:
    """The statements of other sources about the nodes and links that changed records are about."""

    def __init__(self, graph: ReportGraph, records: Sequence[RecordChange]) -> None:
        self._ontology, self._came = graph.ontology, defaultdict[str, set[str]](set)
        self._went = defaultdict[str | tuple[str, str], list[RecordChange]](list)
        for record in records:
            if record.how == "came":
                self._came[record.about].add(record.source)
            elif record.how == "went":
                self._went[record.ends or record.about].append(record)
        self._links = _parallel_links(graph, (r for r in records if r.ends and r.how != "changed"))
        nodes = {r.about for r in records if r.ends is None and r.how != "changed"}
        self._nodes = graph.store.nodes(sorted(nodes))
        self._claims = graph.store.claims(sorted({r.about for r in records if r.ends is None and r.how == "came"}))
        self._told = set[tuple[str, str]]()

    def knew(self, change: RecordChange) -> bool:
        """Whether another source reported by the last report what one newly reports.

        A payment of another source stands for one of this source: the next one alike is another payment.
        """
        gone = [one for one in self._went[change.ends or change.about] if one.source != change.source]
        if change.ends is None:
            node = self._nodes.get(change.about)
            return bool(gone) or (node is not None and not set(node.sources) <= self._came[change.about])
        if any(one.type == change.type and self._agree(change.type, change.after, one.before) for one in gone):
            return True
        for link in self._links.get(change.about, ()):
            earlier = {*link.sources} - self._came[link.id] - {change.source}
            if earlier and (change.source, link.id) not in self._told and self._same(change.after, link):
                if self._ontology.links[link.type].event:
                    self._told.add((change.source, link.id))
                return True
        return False

    def still_report(self, change: RecordChange) -> tuple[str, ...]:
        """The other sources that report what one reports no longer."""
        if change.ends is None:
            node = self._nodes.get(change.about)
            sources = {*node.sources} if node and not node.protected else set[str]()
        else:
            same = (link for link in self._links.get(change.about, ()) if self._same(change.before, link))
            sources = {source for link in same for source in link.sources}
        return tuple(sorted(sources - {change.source}))

    def values_left(self, change: RecordChange) -> Values:
        """What is stated of a node now; empty for a link."""
        node = self._nodes.get(change.about)
        return node.properties if node else {}

    def values_before(self, change: RecordChange) -> Mapping[str, set[str]]:
        """By property, what other sources than those that came stated of a node."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for claim in self._claims.get(change.about, ()):
            if claim.source not in self._came[change.about] and claim.provenance.handling != "protected":
                for name, raws in claim.properties.items():
                    found[name] |= {*raws}
        return found

    def _same(self, said: Values, link: Link) -> bool:
        return self._agree(link.type, said, link.properties)

    def _agree(self, kind: str, one: Values, other: Values) -> bool:
        """Whether two statements about the same nodes are about one link: of an event, its days and sums are equal."""
        known = self._ontology.properties(kind)
        stated = (self._ontology.canonical_properties(kind, values) for values in (one, other))
        both = [{name: {*texts} for name, texts in each.items()} for each in stated]
        if self._ontology.links[kind].event:
            facts = [{n: v for n, v in said.items() if known[n].type in TRANSFER_TYPES} for said in both]
            return bool(facts[0]) and facts[0] == facts[1]
        return all(values & both[1][name] for name, values in both[0].items() if name in both[1])


def _parallel_links(graph: ReportGraph, records: Iterable[RecordChange]) -> dict[str, list[Link]]:
    """By the link of each record, the links of its type between its ends that are in the graph; itself too."""
    view, found = graph.view, dict[str, list[str]]()
    for record in records:
        at = [int(n) for end in record.ends or () for n in graph.indices([end])]
        if len(at) == 2 and record.type in graph.ontology.links:  # both ends
            types = np.array([name == record.type for name in view.link_types], bool)
            found[record.about] = [view.link_id(int(link)) for link in view.outgoing.between(at[0], at[1], types)]
    links = graph.store.links_by_id(sorted({link for each in found.values() for link in each}))
    public = {i: link for i, link in links.items() if not link.protected}
    return {about: [public[i] for i in ids if i in public] for about, ids in found.items()}

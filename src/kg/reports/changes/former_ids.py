"""Which nodes are now what the last report called by other ids, since nodes were merged or split?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from kg.findings import Clusters
from kg.ports import Store
from kg.records import node_id
from kg.reports.changes.enforcement import AssetStatus
from kg.reports.changes.previous_report import PreviousReport, RecordKeys
from kg.reports.cluster_report.sections.values_by_status import STATUS_ORDER


def record_keys(store: Store, members: Iterable[str], others: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The `namespace:key` of each open record about some nodes, by id: they follow a node that is merged or split.

    Nodes of one key that is that of their id are left out: the id follows it.
    """
    found: dict[str, tuple[str, ...]] = {}
    for node, claims in store.claims(sorted({*members, *others})).items():
        keys = {(c.namespace, c.key) for c in claims if c.provenance.handling != "protected"}
        if {node_id(*key) for key in keys} != {node}:
            found[node] = tuple(sorted(map(":".join, keys)))
    return found


class Successors:
    """What each of the nodes of an earlier report has become."""

    def __init__(self, store: Store, keys: RecordKeys, nodes: Iterable[str], members: Collection[str] = ()) -> None:
        """`keys`: what `record_keys` gave then; `nodes`: those asked about; `members`: those of clusters now."""
        named = {name for node in nodes for name in (node, *keys.get(node, ()))}
        found = store.resolve_each(sorted(named))
        self._now = {name: node for name, node in found.items() if isinstance(node, str)}
        self._keys, self._members = keys, members

    def of(self, node: str) -> tuple[str, ...]:
        """Members of clusters first, then the one that kept its id; the node itself if no record of it is left."""
        found = {self._now[name] for name in (*self._keys.get(node, ()), node) if name in self._now}
        return tuple(sorted(found, key=lambda now: (now not in self._members, now != node, now))) or (node,)

    def members_of(self, node: str) -> tuple[str, ...]:
        """Those that are members of clusters now; all if none is: who is split off into none does not leave one."""
        found = self.of(node)
        return tuple(now for now in found if now in self._members) or found


def with_present_ids(previous: PreviousReport, successors: Successors) -> PreviousReport:
    """The last report by the ids of now: what was said of a node was said of all that its records have become.

    `successors`: of its `named_nodes` at least.
    """
    assets: dict[str, AssetStatus] = {}
    for asset, status in previous.assets.items():
        for now in successors.of(asset):
            furthest = (s for s in (assets.get(now), status) if s)
            assets[now] = max(furthest, key=lambda s: STATUS_ORDER.index(s.status))
    return replace(
        previous,
        assets=assets,
        cleared=tuple(
            dict.fromkeys(
                (now, of_now, day)
                for person, of, day in previous.cleared
                for now in successors.of(person)
                for of_now in successors.of(of)
            )
        ),
        contradictions=tuple(
            one._replace(about_ids=tuple(successors.of(i)[0] for i in one.about_ids)) for one in previous.contradictions
        ),
        successors={person: successors.of(person) for person in previous.sought},
    )


def clusters_by_present_ids(before: Clusters, now: Clusters, successors: Successors) -> Clusters:
    """The clusters of an earlier run by the ids of now. A node that was two of several clusters counts in the first.

    Who was merged or split has the role of now: that another one follows is no change beside the judgement.
    """
    became = {m.id: successors.members_of(m.id) for cluster in before.clusters for m in cluster.members}
    others = {new for old, several in became.items() if several != (old,) for new in several}
    roles = {m.id: m.role for cluster in now.clusters for m in cluster.members if m.id in others}
    placed, found = set[str](), []
    for cluster in before.clusters:
        members = {
            new: replace(m, id=new, role=roles.get(new, m.role)) for m in cluster.members for new in became[m.id]
        }
        kept = tuple(m for new, m in members.items() if new not in placed)
        placed |= members.keys()
        found.append(replace(cluster, members=kept))
    return replace(before, clusters=tuple(found))

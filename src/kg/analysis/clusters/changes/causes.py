"""Was a cluster changed by records, by time or by the method?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.findings import Cluster, ClusterChange, ClusterChanges, Clusters

MemberSet = frozenset[str]


def with_causes(
    story: ClusterChanges, before: Clusters, now: Clusters, same_conditions: Iterable[MemberSet] | None
) -> ClusterChanges:
    """The changes with the causes of each change of members.

    `same_conditions`: the members of the clusters of today's records on the day of the earlier run and with its
    parameters; None where day and parameters are the same, so that records are the only cause. If the members that a
    cluster had or has are grouped there as they are now, records are the cause; if they are grouped as before, time or
    the method is; else both are.
    """
    then, here = _Partition(map(_member_set, before.clusters)), _Partition(map(_member_set, now.clusters))
    same = here if same_conditions is None else _Partition(same_conditions)
    besides = (*(("time",) if story.as_of_before != story.as_of else ()), *(("method",) if story.method else ()))
    olds, news = ({c.id: _member_set(c) for c in found.clusters} for found in (before, now))

    def causes(change: ClusterChange) -> tuple[str, ...]:
        region = _union_of_members(olds, change.before) | _union_of_members(news, change.after[:1])
        if same.parts_of(region) == here.parts_of(region):
            return ("records",)
        return besides if same.parts_of(region) == then.parts_of(region) else ("records", *besides)

    return replace(
        story, changes=tuple(c if c.kind == "unchanged" else replace(c, causes=causes(c)) for c in story.changes)
    )


class _Partition:
    """The cluster that each member is in."""

    def __init__(self, clusters: Iterable[MemberSet]) -> None:
        self._cluster_of = {member: number for number, some in enumerate(clusters) for member in some}

    def parts_of(self, region: MemberSet) -> set[MemberSet]:
        """The groups of some nodes that are in one cluster each."""
        parts: defaultdict[int, set[str]] = defaultdict(set)
        for member in region:
            if member in self._cluster_of:
                parts[self._cluster_of[member]].add(member)
        return {frozenset(part) for part in parts.values()}


def _member_set(cluster: Cluster) -> MemberSet:
    return frozenset(m.id for m in cluster.members)


def _union_of_members(known: Mapping[str, MemberSet], ids: Iterable[str]) -> MemberSet:
    return frozenset[str]().union(*(known[i] for i in ids if i in known))

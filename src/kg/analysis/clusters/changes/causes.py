"""Did records, time or the method make a cluster what it is?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.findings import Change, Cluster, Clusters, Story

Members = frozenset[str]


def with_causes(told: Story, before: Clusters, now: Clusters, steady: Iterable[Members] | None) -> Story:
    """The story with the causes of each change of members.

    `steady`: the members of the clusters of today's records on the day of the earlier run and by its parameters; None
    where day and parameters are the same, so that records did all. Among the members that a cluster had and has, where
    `steady` is as it is now, records did it; where it is as before, time or the method did; else both did.
    """
    then, here = _Homes(map(_members, before.clusters)), _Homes(map(_members, now.clusters))
    same = here if steady is None else _Homes(steady)
    besides = (
        *(("time",) if told.as_of_before != told.as_of else ()),
        *(("method",) if told.method else ()),
    )
    olds, news = ({c.id: _members(c) for c in found.clusters} for found in (before, now))

    def causes(change: Change) -> tuple[str, ...]:
        region = _members_of(olds, change.before) | _members_of(news, change.after[:1])
        if same.among(region) == here.among(region):
            return ("records",)
        return besides if same.among(region) == then.among(region) else ("records", *besides)

    return replace(
        told,
        changes=tuple(c if c.kind == "unchanged" else replace(c, causes=causes(c)) for c in told.changes),
    )


class _Homes:
    """Which clusters there are, and the one that each member is in."""

    def __init__(self, clusters: Iterable[Members]) -> None:
        self._home = {member: number for number, some in enumerate(clusters) for member in some}

    def among(self, region: Members) -> set[Members]:
        """How a region is cut: the parts of it that are in one cluster each."""
        parts: defaultdict[int, set[str]] = defaultdict(set)
        for member in region:
            if member in self._home:
                parts[self._home[member]].add(member)
        return {frozenset(part) for part in parts.values()}


def _members(cluster: Cluster) -> Members:
    return frozenset(m.id for m in cluster.members)


def _members_of(known: Mapping[str, Members], ids: Iterable[str]) -> Members:
    return frozenset[str]().union(*(known[i] for i in ids if i in known))

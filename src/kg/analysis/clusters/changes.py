"""What became of each cluster between two runs, and what caused it: records, time or the method?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count

from kg.findings import Cluster, ClusterChange, ClusterChanges, Clusters, MemberFlow, PreviousCluster
from kg.findings.changes import CHANGE_KINDS
from kg.records import derived_id

MIN_OVERLAP = 0.1
"""Least overlap (Jaccard index) of a cluster then and now that count as the same."""


def keep_ids(before: Clusters, now: Clusters) -> Clusters:
    """The clusters now with the ids that they had before; a new one gets an id that no cluster had.

    Each pair of a cluster then and one now with shared members gets its Jaccard index, the shared members divided by
    all members of either, as in Greene, Doyle and Cunningham, "Tracking the evolution of communities in dynamic social
    networks", ASONAM 2010. The pair with the highest index is matched first, then the best of the remaining, down to
    MIN_OVERLAP. Of equal pairs the one with more shared members comes first, then the smaller id before, then the
    smaller first member now; so the result depends on no order.
    """
    kept = dict(_match_clusters(before, now))
    taken = {cluster.id for cluster in before.clusters}
    ids = {at: before.clusters[old].id for at, old in kept.items()}
    fresh = sorted((_member_ids(c)[0], at) for at, c in enumerate(now.clusters) if at not in kept)
    for _, at in fresh:
        ids[at] = _new_id(now.clusters[at], taken)
        taken.add(ids[at])
    return replace(now, clusters=tuple(replace(c, id=ids[at]) for at, c in enumerate(now.clusters)))


def compare_runs(before: Clusters, now: Clusters) -> ClusterChanges:
    """The change of each cluster, without causes and records. `now` has the ids that `keep_ids` gave."""
    changes = [_unchanged(cluster) for cluster in now.clusters] if before is now else _find_changes(before, now)
    names = sorted({*before.parameters, *now.parameters})
    told = [(name, str(before.parameters.get(name, "")), str(now.parameters.get(name, ""))) for name in names]
    return ClusterChanges(
        version_before=str(before.version),
        version=str(now.version),
        as_of_before=before.as_of,
        as_of=now.as_of,
        method=tuple(one for one in told if one[1] != one[2]),
        changes=tuple(changes),
        clusters=(len(before.clusters), len(now.clusters)),
    )


def _find_changes(before: Clusters, now: Clusters) -> list[ClusterChange]:
    kin = _RunMatch(before, now)
    changes = [_change_into(kin, cluster) for cluster in now.clusters]
    told_of = {old for change in changes for old in change.before}
    changes += [_disappearance(cluster) for cluster in before.clusters if cluster.id not in told_of]
    order = {cluster.id: at for at, cluster in enumerate(now.clusters)}
    changes.sort(key=lambda c: (CHANGE_KINDS.index(c.kind), order.get(c.id, len(order)), c.id))
    return [_with_flows(change, kin) for change in changes]


def _unchanged(cluster: Cluster) -> ClusterChange:
    """What `_find_changes` says of a cluster of which nothing changed."""
    score, size = _total_score(cluster), len(cluster.members)
    was = (PreviousCluster(cluster.id, cluster.name, size, size),)
    ids = (cluster.id,)
    return ClusterChange("unchanged", cluster.name, ids, ids, score=(score, score), members=size, was=was)


class _RunMatch:
    """Which cluster most of each cluster came from, and which one most of it went to.

    `successor`: for a cluster before, the one now that has more than half of its members; `predecessor`: for a cluster
    now, the one before that more than half of its members were in.
    """

    def __init__(self, before: Clusters, now: Clusters) -> None:
        self.before = {cluster.id: cluster for cluster in before.clusters}
        self.now = {cluster.id: cluster for cluster in now.clusters}
        self.cluster_before, self.cluster_now = _cluster_of_member(before.clusters), _cluster_of_member(now.clusters)
        self.successor = _majority_clusters(before.clusters, self.cluster_now)
        self.predecessor = _majority_clusters(now.clusters, self.cluster_before)
        self.merged: defaultdict[str, list[str]] = defaultdict(list)
        self.split: defaultdict[str, list[str]] = defaultdict(list)
        for old, new in sorted(self.successor.items()):
            self.merged[new].append(old)
        for new, old in sorted(self.predecessor.items()):
            self.split[old].append(new)


def _change_into(match: _RunMatch, cluster: Cluster) -> ClusterChange:
    merged = [old for old in match.merged.get(cluster.id, ()) if old in match.before]
    origin = match.predecessor.get(cluster.id, "")
    parts = match.split.get(origin, [])
    if len(merged) > 1:
        return _change_between("merged", cluster, [match.before[old] for old in merged], (cluster.id,))
    if origin and len(parts) > 1:
        after = (cluster.id, *(part for part in parts if part != cluster.id))
        return _change_between("split", cluster, [match.before[origin]], after)
    old = match.before.get(cluster.id) or match.before.get(origin)
    return _change_between("" if old else "born", cluster, [old] if old else [], (cluster.id,))


def _change_between(kind: str, now: Cluster, before: Sequence[Cluster], after: tuple[str, ...]) -> ClusterChange:
    """The change from some clusters to one; an empty kind is decided by whether more members came or left."""
    was = {m.id: m.role for old in before for m in old.members}
    roles = {m.id: m.role for m in now.members}
    came, left = tuple(sorted(roles.keys() - was.keys())), tuple(sorted(was.keys() - roles.keys()))
    weighed = {t.id: t.weight for old in before for t in old.ties}
    weighs = {t.id: t.weight for t in now.ties}
    kind = kind or ("unchanged" if not came and not left else "grown" if len(came) >= len(left) else "shrunk")
    both = sorted(weighs.keys() & weighed.keys())
    signs, had = {s.indicator for s in now.signs}, {s.indicator for old in before for s in old.signs}
    return ClusterChange(
        kind=kind,
        name=now.name,
        before=tuple(old.id for old in before),
        after=after,
        came=came,
        left=left,
        roles=tuple((m, was[m], roles[m]) for m in sorted(roles.keys() & was.keys()) if was[m] != roles[m]),
        ties_came=tuple(sorted(weighs.keys() - weighed.keys())),
        ties_left=tuple(sorted(weighed.keys() - weighs.keys())),
        ties_weigh=tuple((t, weighed[t], weighs[t]) for t in both if weighed[t] != weighs[t]),
        score=(max((_total_score(old) for old in before), default=0.0), _total_score(now)),
        signs_came=tuple(sorted(signs - had)),
        signs_left=tuple(sorted(had - signs)),
    )


def _disappearance(old: Cluster) -> ClusterChange:
    return ClusterChange(
        kind="gone",
        name=old.name,
        before=(old.id,),
        after=(),
        left=tuple(sorted(m.id for m in old.members)),
        ties_left=tuple(sorted(t.id for t in old.ties)),
        score=(_total_score(old), 0.0),
        signs_left=tuple(sorted({s.indicator for s in old.signs})),
    )


def _with_flows(change: ClusterChange, match: _RunMatch) -> ClusterChange:
    """The change with the clusters that its members came from and went to."""
    now = match.now.get(change.after[0]) if change.after else None
    members = {m.id for m in now.members} if now else set[str]()
    was = [(old, {m.id for m in match.before[old].members}) for old in change.before]
    return replace(
        change,
        members=len(members),
        was=tuple(PreviousCluster(old, match.before[old].name, len(some), len(some & members)) for old, some in was),
        came_from=_flows(change.came, match.cluster_before, match.before),
        went_to=_flows(change.left, match.cluster_now, match.now),
    )


def _flows(
    members: Sequence[str], cluster_of: Mapping[str, str], clusters: Mapping[str, Cluster]
) -> tuple[MemberFlow, ...]:
    """Members by the cluster they are in: most first, then by id; those in no cluster last."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for member in members:
        found[cluster_of.get(member, "")].append(member)
    order = sorted(found, key=lambda home: (not home, -len(found[home]), home))
    return tuple(MemberFlow(home, clusters[home].name if home else "", tuple(found[home])) for home in order)


def _match_clusters(before: Clusters, now: Clusters) -> Iterable[tuple[int, int]]:
    """The matched clusters: positions of each cluster now and of the one it was."""
    homes = {m.id: at for at, cluster in enumerate(before.clusters) for m in cluster.members}
    pairs = []
    for at, cluster in enumerate(now.clusters):
        shared = Counter(homes[m.id] for m in cluster.members if m.id in homes)
        for old, both in shared.items():
            whole = len(cluster.members) + len(before.clusters[old].members) - both
            if both / whole >= MIN_OVERLAP:
                pairs.append((-both / whole, -both, before.clusters[old].id, _member_ids(cluster)[0], at, old))
    done_now: set[int] = set()
    done_before: set[int] = set()
    for *_, at, old in sorted(pairs):
        if at not in done_now and old not in done_before:
            done_now.add(at)
            done_before.add(old)
            yield at, old


def _new_id(cluster: Cluster, taken: set[str]) -> str:
    """The cluster's own id or, if that is taken, one derived from its first member that gives a new id."""
    members = _member_ids(cluster)
    seeds = chain(((member,) for member in members), ((members[0], str(again)) for again in count(2)))
    made = (derived_id("cluster", *seed) for seed in seeds)
    return next(each for each in chain((cluster.id,), made) if each not in taken)


def _cluster_of_member(clusters: Sequence[Cluster]) -> Mapping[str, str]:
    return {m.id: cluster.id for cluster in clusters for m in cluster.members}


def _majority_clusters(clusters: Sequence[Cluster], cluster_of: Mapping[str, str]) -> dict[str, str]:
    """For each cluster the one that has more than half of its members, if there is one."""
    found = {}
    for cluster in clusters:
        shared = Counter(cluster_of[m.id] for m in cluster.members if m.id in cluster_of)
        for other, both in shared.items():
            if 2 * both > len(cluster.members):
                found[cluster.id] = other
    return found


def _member_ids(cluster: Cluster) -> list[str]:
    return sorted(m.id for m in cluster.members)


def _total_score(cluster: Cluster) -> float:
    return cluster.score.total if cluster.score else 0.0


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

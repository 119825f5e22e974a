"""Which cluster is which of an earlier run, and what became of it?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from kg.findings import Change, Cluster, Clusters, Flow, Story, Was
from kg.findings.cluster_changes import KINDS
from kg.records import derived_id

LEAST = 0.1
"""Least overlap (Jaccard) with which a cluster goes on as the one it was."""


def keep_ids(before: Clusters, now: Clusters) -> Clusters:
    """The clusters of now under the ids of those they were; a new one gets an id that no cluster had before.

    Every pair of a cluster then and one now that share members is weighed by Jaccard's index, the members they share of
    all that either has, as in Greene, Doyle and Cunningham, "Tracking the evolution of communities in dynamic social
    networks", ASONAM 2010. The best pair goes on, then the best of those left, and so on down to LEAST. Ties go to the
    pair that shares more members, then to the smaller id before, then to the smaller first member now; so nothing
    depends on any order.
    """
    kept = dict(_matched(before, now))
    taken = {cluster.id for cluster in before.clusters}
    renamed: dict[int, str] = {}
    fresh = sorted((_members(c)[0], at) for at, c in enumerate(now.clusters) if at not in kept)
    for _, at in fresh:
        renamed[at] = _fresh(now.clusters[at], taken)
        taken.add(renamed[at])
    ids = {**{at: before.clusters[old].id for at, old in kept.items()}, **renamed}
    return replace(now, clusters=tuple(replace(c, id=ids[at]) for at, c in enumerate(now.clusters)))


def story(before: Clusters, now: Clusters) -> Story:
    """What became of each cluster. `now` has the ids that `keep_ids` gave; no record is named yet."""
    kin = _Kin(before, now)
    changes = [_of_new(kin, cluster) for cluster in now.clusters]
    told_of = {old for change in changes for old in change.before}
    changes += [_gone(cluster) for cluster in before.clusters if cluster.id not in told_of]
    order = {cluster.id: at for at, cluster in enumerate(now.clusters)}
    changes.sort(key=lambda c: (KINDS.index(c.kind), order.get(c.id, len(order)), c.id))
    names = sorted({*before.parameters, *now.parameters})
    told = [(name, str(before.parameters.get(name, "")), str(now.parameters.get(name, ""))) for name in names]
    return Story(
        version_before=str(before.version),
        version=str(now.version),
        as_of_before=before.as_of,
        as_of=now.as_of,
        method=tuple(one for one in told if one[1] != one[2]),
        changes=tuple(_placed(change, kin) for change in changes),
        clusters=(len(before.clusters), len(now.clusters)),
    )


class _Kin:
    """Where most of each cluster came from, and where most of it went.

    `went`: for a cluster before, the one now that has more than half of its members; `came`: for a cluster now, the one
    before that more than half of its members were in.
    """

    def __init__(self, before: Clusters, now: Clusters) -> None:
        self.before = {cluster.id: cluster for cluster in before.clusters}
        self.now = {cluster.id: cluster for cluster in now.clusters}
        self.homes_before, self.homes_now = _homes(before.clusters), _homes(now.clusters)
        self.went = _mostly(before.clusters, self.homes_now)
        self.came = _mostly(now.clusters, self.homes_before)
        self.merged: defaultdict[str, list[str]] = defaultdict(list)
        self.split: defaultdict[str, list[str]] = defaultdict(list)
        for old, new in sorted(self.went.items()):
            self.merged[new].append(old)
        for new, old in sorted(self.came.items()):
            self.split[old].append(new)


def _of_new(kin: _Kin, cluster: Cluster) -> Change:
    merged = [old for old in kin.merged.get(cluster.id, ()) if old in kin.before]
    origin = kin.came.get(cluster.id, "")
    parts = kin.split.get(origin, [])
    if len(merged) > 1:
        return _compared("merged", cluster, [kin.before[old] for old in merged], (cluster.id,))
    if origin and len(parts) > 1:
        return _compared("split", cluster, [kin.before[origin]], (cluster.id, *(p for p in parts if p != cluster.id)))
    old = kin.before.get(cluster.id) or kin.before.get(origin)
    if old is None:
        return _compared("born", cluster, [], (cluster.id,))
    return _compared("", cluster, [old], (cluster.id,))


def _compared(kind: str, now: Cluster, olds: Sequence[Cluster], after: tuple[str, ...]) -> Change:
    """The change from some clusters to one; without a kind, by whether more came or left."""
    was = {m.id: m.role for old in olds for m in old.members}
    roles = {m.id: m.role for m in now.members}
    came, left = tuple(sorted(roles.keys() - was.keys())), tuple(sorted(was.keys() - roles.keys()))
    weighed = {t.id: t.weight for old in olds for t in old.ties}
    weighs = {t.id: t.weight for t in now.ties}
    kind = kind or ("unchanged" if not came and not left else "grown" if len(came) >= len(left) else "shrunk")
    both = sorted(weighs.keys() & weighed.keys())
    signs, had = {s.indicator for s in now.signs}, {s.indicator for old in olds for s in old.signs}
    return Change(
        kind=kind,
        name=now.name,
        before=tuple(old.id for old in olds),
        after=after,
        came=came,
        left=left,
        roles=tuple((m, was[m], roles[m]) for m in sorted(roles.keys() & was.keys()) if was[m] != roles[m]),
        ties_came=tuple(sorted(weighs.keys() - weighed.keys())),
        ties_left=tuple(sorted(weighed.keys() - weighs.keys())),
        ties_weigh=tuple((t, weighed[t], weighs[t]) for t in both if weighed[t] != weighs[t]),
        score=(max((_score(old) for old in olds), default=0.0), _score(now)),
        signs_came=tuple(sorted(signs - had)),
        signs_left=tuple(sorted(had - signs)),
    )


def _gone(old: Cluster) -> Change:
    return Change(
        kind="gone",
        name=old.name,
        before=(old.id,),
        after=(),
        left=tuple(sorted(m.id for m in old.members)),
        ties_left=tuple(sorted(t.id for t in old.ties)),
        score=(_score(old), 0.0),
        signs_left=tuple(sorted({s.indicator for s in old.signs})),
    )


def _placed(change: Change, kin: _Kin) -> Change:
    """The change with where its members were and are."""
    now = kin.now.get(change.after[0]) if change.after else None
    members = {m.id for m in now.members} if now else set[str]()
    was = [(old, {m.id for m in kin.before[old].members}) for old in change.before]
    return replace(
        change,
        members=len(members),
        was=tuple(Was(old, kin.before[old].name, len(some), len(some & members)) for old, some in was),
        came_from=_flows(change.came, kin.homes_before, kin.before),
        went_to=_flows(change.left, kin.homes_now, kin.now),
    )


def _flows(members: Sequence[str], homes: Mapping[str, str], clusters: Mapping[str, Cluster]) -> tuple[Flow, ...]:
    """Members by the cluster they are in: most first, then by id; those in none come last."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for member in members:
        found[homes.get(member, "")].append(member)
    order = sorted(found, key=lambda home: (not home, -len(found[home]), home))
    return tuple(Flow(home, clusters[home].name if home else "", tuple(found[home])) for home in order)


def _matched(before: Clusters, now: Clusters) -> Iterable[tuple[int, int]]:
    """Each cluster now that goes on, with the one it was, as positions."""
    homes = {m.id: at for at, cluster in enumerate(before.clusters) for m in cluster.members}
    pairs = []
    for at, cluster in enumerate(now.clusters):
        shared = Counter(homes[m.id] for m in cluster.members if m.id in homes)
        for old, count in shared.items():
            whole = len(cluster.members) + len(before.clusters[old].members) - count
            if count / whole >= LEAST:
                pairs.append((-count / whole, -count, before.clusters[old].id, _members(cluster)[0], at, old))
    done_now: set[int] = set()
    done_before: set[int] = set()
    for *_, at, old in sorted(pairs):
        if at not in done_now and old not in done_before:
            done_now.add(at)
            done_before.add(old)
            yield at, old


def _fresh(cluster: Cluster, taken: set[str]) -> str:
    """Its own id, or if that is taken one from the first of its members that gives a new one."""
    made = (derived_id("cluster", *parts) for parts in _seeds(cluster))
    return next(each for each in chain((cluster.id,), made) if each not in taken)


def _seeds(cluster: Cluster) -> Iterable[tuple[str, ...]]:
    yield from ((member,) for member in _members(cluster))
    again = 2
    while True:
        yield (_members(cluster)[0], str(again))
        again += 1


def _homes(clusters: Sequence[Cluster]) -> Mapping[str, str]:
    return {m.id: cluster.id for cluster in clusters for m in cluster.members}


def _mostly(clusters: Sequence[Cluster], homes: Mapping[str, str]) -> dict[str, str]:
    """For each cluster the one that has more than half of its members, if any does."""
    found = {}
    for cluster in clusters:
        shared = Counter(homes[m.id] for m in cluster.members if m.id in homes)
        for other, count in shared.items():
            if 2 * count > len(cluster.members):
                found[cluster.id] = other
    return found


def _members(cluster: Cluster) -> list[str]:
    return sorted(m.id for m in cluster.members)


def _score(cluster: Cluster) -> float:
    return cluster.score.total if cluster.score else 0.0

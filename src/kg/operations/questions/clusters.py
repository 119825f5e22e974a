"""How are clusters explained, tried, and told from one run to the next?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, NotFound, Place
from kg.ledger.record_history import moves, newest_load
from kg.operations.questions.find_clusters import find_clusters
from kg.operations.workspace import Workplace, open_file
from kg.ports import Store

if TYPE_CHECKING:
    from kg.analysis.clusters.parameters import ClusterParameters
    from kg.findings import Change, Cluster, Clusters, Explanation, Story, Studied
    from kg.operations.store.view_cache import KeptFindings

TRIED = 50
"""Clusters of a report whose stability is tried, the first ones: each try cuts the network around them again."""

RUN = "kg-clusters"
"""What a kept run says it is."""


@dataclass(frozen=True, slots=True)
class ClusterRun:
    """The clusters of one run, and the newest load that they know of."""

    clusters: Clusters
    load: int

    def to_json(self) -> dict[str, Any]:
        """Plain data, as `read_run` reads it again."""
        return {"kind": RUN, "load": self.load, **self.clusters.to_json()}


def cluster_run(
    place: Workplace, store: Store, parameters: ClusterParameters, previous: ClusterRun | None = None
) -> ClusterRun:
    """Find the clusters; those that go on from an earlier run keep their ids."""
    from kg.analysis.clusters.changes.comparison import keep_ids

    found = find_clusters(store, parameters)
    if previous:
        found = keep_ids(previous.clusters, found)
    with open_file(place) as connection:
        return ClusterRun(found, newest_load(connection))


def read_run(path: Path) -> ClusterRun:
    """A run that `kg clusters --json` wrote. Raises InputError for any other file."""
    import orjson

    from kg.findings import Clusters

    try:
        data = orjson.loads(path.read_bytes())
        if data["kind"] != RUN:
            raise KeyError("kind")
        return ClusterRun(Clusters.from_json(data), int(data["load"]))
    except OSError as error:
        raise InputError(f"the run cannot be read: {error.strerror}", Place(file=str(path))) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError("expected what `kg clusters --json` writes", Place(file=str(path))) from None


def tell_story(place: Workplace, store: Store, before: ClusterRun, now: ClusterRun) -> Story:
    """What became of each cluster, and whether records, time or the method did it.

    The clusters of now are those of `store`. If day or parameters are not those of the earlier run, today's records
    are looked at once more as the earlier run looked: what is different there, records did. Which records did it is
    told where both runs are of one ledger.
    """
    from kg.analysis.clusters.changes.causes import with_causes
    from kg.analysis.clusters.changes.comparison import story
    from kg.findings import RecordMove

    told = story(before.clusters, now.clusters)
    if any(change.kind != "unchanged" for change in told.changes):
        told = with_causes(told, before.clusters, now.clusters, _steady(store, told, before.clusters))
    if before.clusters.version.ledger != now.clusters.version.ledger:
        return told
    wanted = {name for change in told.changes for name in _moved(change)}
    with open_file(place) as connection:
        found = tuple(moves(connection, before.load, wanted, protected=place.protected))
    by_about: defaultdict[str, list[RecordMove]] = defaultdict(list)
    for move in found:
        by_about[move.about].append(RecordMove(*move))
    return replace(told, changes=tuple(_with_records(change, by_about) for change in told.changes))


def _steady(store: Store, told: Story, before: Clusters) -> tuple[frozenset[str], ...] | None:
    """The members of the clusters of today's records, as the earlier run would find them; None if that is as now.

    None of them where a version with other parameters made that run: then nothing can be told apart.
    """
    from kg.analysis.clusters.asset_clusters import COLUMNS, ClusterParameters, memberships
    from kg.operations.store.as_of import looking_from

    if told.as_of_before == told.as_of and not told.method:
        return None
    try:
        parameters = ClusterParameters.from_json(before.parameters)
    except InputError:
        return ()
    return memberships(looking_from(store, before.as_of, before.version).view(COLUMNS), parameters)


def _moved(change: Change) -> set[str]:
    """Members and ties of a cluster that came, left or weigh otherwise."""
    moved = {*change.came, *change.left, *change.ties_came, *change.ties_left}
    return moved | {name for name, _, _ in (*change.roles, *change.ties_weigh)}


def _with_records(change: Change, by_about: Mapping[str, Sequence[Any]]) -> Change:
    return replace(change, records=tuple(m for name in sorted(_moved(change)) for m in by_about.get(name, ())))


def find_cluster(store: Store, found: Clusters, name: str) -> Cluster:
    """The cluster with this id or name, or the one that a node of this name is in. Raises NotFound."""
    for cluster in found.clusters:
        if name in (cluster.id, cluster.name, cluster.name.removeprefix("Cluster ")):
            return cluster
    try:
        node = store.resolve(name)
    except NotFound:
        none = f"no cluster has the number or id {name!r}, and nothing is called so"
        raise NotFound(none, "try `kg search`") from None
    home = next((c for c in found.clusters if any(m.id == node for m in c.members)), None)
    if home is None:
        raise NotFound(f"{name!r} is in no cluster of graph {found.version}")
    return home


def explain_clusters(
    store: Store, found: Clusters, wanted: Sequence[Cluster], parameters: ClusterParameters, *, tried: bool = False
) -> tuple[Explanation, ...]:
    """Some clusters in full, in the order given; with `tried` also how they hold up, which takes longer."""
    from kg.analysis.clusters.asset_clusters import COLUMNS
    from kg.analysis.clusters.context import surroundings
    from kg.analysis.clusters.explanation import explain
    from kg.analysis.clusters.stability import stability

    if not wanted:
        return ()
    view = store.view(COLUMNS)
    known = surroundings(view, found, parameters)
    explained = explain(view, found, wanted, known)
    if not tried:
        return explained
    held = stability(view, wanted, parameters, known)
    return tuple(replace(each, stability=how) for each, how in zip(explained, held, strict=True))


def explain_kept(
    store: Store, kept: KeptFindings, cluster: Cluster, late: Callable[[], bool] | None = None
) -> Explanation:
    """One of the clusters that are kept, in full; with `late`, which says that time is up, also how it holds up."""
    from kg.analysis.clusters.asset_clusters import COLUMNS
    from kg.analysis.clusters.explanation import explain
    from kg.analysis.clusters.parameters import ClusterParameters
    from kg.analysis.clusters.stability import stability

    view = store.view(COLUMNS)
    (explained,) = explain(view, kept.clusters, [cluster], kept.around)
    if late is None:
        return explained
    (held,) = stability(view, [cluster], ClusterParameters(), kept.around, late)
    return replace(explained, stability=held)


def mentioned(cluster: Cluster, told: Explanation) -> set[str]:
    """The ids of all nodes that a cluster and what is told of it name."""
    places = {place.id for place in told.jurisdictions}
    about = {node for sign in cluster.signs for node in sign.about}
    moved = {node for shift in (told.stability.shifts if told.stability else ()) for node in shift.came}
    return {m.id for m in cluster.members} | places | about | moved | {*told.agencies, *told.measures}


def study_clusters(store: Store, found: Clusters, limit: int, parameters: ClusterParameters) -> Studied:
    """What a report says of its first `limit` clusters besides what each says itself."""
    from kg.analysis.clusters.asset_clusters import COLUMNS
    from kg.analysis.clusters.connectivity import falls_off
    from kg.analysis.clusters.context import surroundings
    from kg.analysis.clusters.stability import stability
    from kg.analysis.ownership.inside_cluster import held_inside
    from kg.findings import Studied

    view = store.view(COLUMNS)
    known = surroundings(view, found, parameters)
    wanted = found.clusters[:limit]
    return Studied(
        held=held_inside(view, wanted),
        falls_off={cluster.id: falls_off(cluster) for cluster in wanted},
        stability={held.cluster: held for held in stability(view, wanted[:TRIED], parameters, known)},
    )

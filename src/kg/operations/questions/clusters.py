"""How are clusters explained, tried, and told from one run to the next?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, InputLocation, NotFound
from kg.ledger.record_history import newest_load, record_events
from kg.operations.workspace import Workspace, open_database
from kg.ports import Store

if TYPE_CHECKING:
    from kg.analysis.clusters.parameters import ClusterParameters
    from kg.findings import Cluster, ClusterChange, ClusterChanges, ClusterDetails, ClusterExplanation, Clusters
    from kg.operations.store.view_cache import CachedClusters

STABILITY_LIMIT = 50
"""Clusters of a report whose stability is tried, the first ones: each try cuts the network around them again."""

RUN_KIND = "kg-clusters"
"""What a kept run says it is."""


@dataclass(frozen=True, slots=True)
class ClusterRun:
    """The clusters of one run, and the newest load that they know of."""

    clusters: Clusters
    load: int

    def to_json(self) -> dict[str, Any]:
        """Plain data, as `read_cluster_run` reads it again."""
        from pydantic import TypeAdapter

        from kg.findings import Clusters

        return {"kind": RUN_KIND, "load": self.load, **TypeAdapter(Clusters).dump_python(self.clusters, mode="json")}


def find_clusters(store: Store, parameters: ClusterParameters) -> Clusters:
    """The clusters of assets that are held together."""
    from kg.analysis.clusters.asset_clusters import COLUMNS, asset_clusters

    return asset_clusters(store.view(COLUMNS), parameters)


def compute_cluster_run(
    workspace: Workspace, store: Store, parameters: ClusterParameters, previous: ClusterRun | None = None
) -> ClusterRun:
    """Find the clusters; those that go on from an earlier run keep their ids."""
    from kg.analysis.clusters.changes.comparison import keep_ids

    found = find_clusters(store, parameters)
    if previous:
        found = keep_ids(previous.clusters, found)
    with open_database(workspace) as connection:
        return ClusterRun(found, newest_load(connection))


def read_cluster_run(path: Path) -> ClusterRun:
    """A run that `kg clusters --json` wrote. Raises InputError for any other file."""
    import orjson
    from pydantic import TypeAdapter

    from kg.findings import Clusters

    try:
        data = orjson.loads(path.read_bytes())
        if data["kind"] != RUN_KIND:
            raise KeyError("kind")
        found = TypeAdapter(Clusters).validate_python(data)
        return ClusterRun(replace(found, clusters=tuple(found.clusters)), int(data["load"]))
    except OSError as error:
        raise InputError(f"the run cannot be read: {error.strerror}", InputLocation(file=str(path))) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError("expected what `kg clusters --json` writes", InputLocation(file=str(path))) from None


def compare_cluster_runs(workspace: Workspace, store: Store, before: ClusterRun, now: ClusterRun) -> ClusterChanges:
    """What became of each cluster, and whether records, time or the method did it.

    The clusters of now are those of `store`. If day or parameters are not those of the earlier run, today's records
    are looked at once more as the earlier run looked: what is different there, records did. Which records did it is
    told where both runs are of one ledger.
    """
    from kg.analysis.clusters.changes.causes import with_causes
    from kg.analysis.clusters.changes.comparison import compare_runs
    from kg.findings import CausingRecord

    told = compare_runs(before.clusters, now.clusters)
    if any(change.kind != "unchanged" for change in told.changes):
        told = with_causes(told, before.clusters, now.clusters, _memberships_as_before(store, told, before.clusters))
    if before.clusters.version.ledger != now.clusters.version.ledger:
        return told
    wanted = {name for change in told.changes for name in _changed_ids(change)}
    with open_database(workspace) as connection:
        found = tuple(record_events(connection, before.load, wanted, protected=workspace.protected))
    by_about: defaultdict[str, list[CausingRecord]] = defaultdict(list)
    for move in found:
        by_about[move.subject].append(CausingRecord(*move))
    return replace(told, changes=tuple(_with_records(change, by_about) for change in told.changes))


def _memberships_as_before(store: Store, told: ClusterChanges, before: Clusters) -> tuple[frozenset[str], ...] | None:
    """The members of the clusters of today's records, as the earlier run would find them; None if that is as now.

    None of them where a version with other parameters made that run: then nothing can be told apart.
    """
    from kg.analysis.clusters.asset_clusters import COLUMNS, ClusterParameters, cluster_members
    from kg.operations.store.as_of import view_as_of_run

    if told.as_of_before == told.as_of and not told.method:
        return None
    try:
        parameters = ClusterParameters.from_json(before.parameters)
    except InputError:
        return ()
    return cluster_members(view_as_of_run(store, before.as_of, before.version, COLUMNS), parameters)


def _changed_ids(change: ClusterChange) -> set[str]:
    """Members and ties of a cluster that came, left or weigh otherwise."""
    moved = {*change.came, *change.left, *change.ties_came, *change.ties_left}
    return moved | {name for name, _, _ in (*change.roles, *change.ties_weigh)}


def _with_records(change: ClusterChange, moves_by_id: Mapping[str, Sequence[Any]]) -> ClusterChange:
    return replace(change, records=tuple(m for name in sorted(_changed_ids(change)) for m in moves_by_id.get(name, ())))


def find_cluster(store: Store, clusters: Clusters, name: str) -> Cluster:
    """The cluster with this id or name, or the one that a node of this name is in. Raises NotFound."""
    for cluster in clusters.clusters:
        if name in (cluster.id, cluster.name, cluster.name.removeprefix("Cluster ")):
            return cluster
    try:
        node = store.resolve(name)
    except NotFound:
        none = f"no cluster has the number or id {name!r}, and nothing is called so"
        raise NotFound(none, "try `kg search`") from None
    home = next((c for c in clusters.clusters if any(m.id == node for m in c.members)), None)
    if home is None:
        raise NotFound(f"{name!r} is in no cluster of graph {clusters.version}")
    return home


def explain_clusters(
    store: Store,
    clusters: Clusters,
    wanted: Sequence[Cluster],
    parameters: ClusterParameters,
    *,
    with_stability: bool = False,
) -> tuple[ClusterExplanation, ...]:
    """Some clusters in full, in the order given; with `tried` also how they hold up, which takes longer."""
    from kg.analysis.clusters.asset_clusters import COLUMNS
    from kg.analysis.clusters.context import cluster_context
    from kg.analysis.clusters.explanation import explain
    from kg.analysis.clusters.stability import stability

    if not wanted:
        return ()
    view = store.view(COLUMNS)
    known = cluster_context(view, clusters, parameters)
    explained = explain(view, clusters, wanted, known)
    if not with_stability:
        return explained
    held = stability(view, wanted, parameters, known)
    return tuple(replace(each, stability=how) for each, how in zip(explained, held, strict=True))


def explain_cached_cluster(
    store: Store, cached: CachedClusters, cluster: Cluster, late: Callable[[], bool] | None = None
) -> ClusterExplanation:
    """One of the clusters that are kept, in full; with `late`, which says that time is up, also how it holds up."""
    from kg.analysis.clusters.asset_clusters import COLUMNS
    from kg.analysis.clusters.explanation import explain
    from kg.analysis.clusters.parameters import ClusterParameters
    from kg.analysis.clusters.stability import stability

    view = store.view(COLUMNS)
    (explained,) = explain(view, cached.clusters, [cluster], cached.context)
    if late is None:
        return explained
    (held,) = stability(view, [cluster], ClusterParameters(), cached.context, late)
    return replace(explained, stability=held)


def mentioned_node_ids(cluster: Cluster, explanation: ClusterExplanation) -> set[str]:
    """The ids of all nodes that a cluster and what is told of it name."""
    places = {place.id for place in explanation.jurisdictions}
    about = {node for sign in cluster.signs for node in sign.about}
    moved = {node for shift in (explanation.stability.shifts if explanation.stability else ()) for node in shift.came}
    return {m.id for m in cluster.members} | places | about | moved | {*explanation.agencies, *explanation.measures}


def compute_cluster_details(
    store: Store, clusters: Clusters, limit: int, parameters: ClusterParameters
) -> ClusterDetails:
    """What a report says of its first `limit` clusters besides what each says itself."""
    from kg.analysis.clusters.asset_clusters import COLUMNS
    from kg.analysis.clusters.connectivity import cut_off_members
    from kg.analysis.clusters.context import cluster_context
    from kg.analysis.clusters.stability import stability
    from kg.analysis.ownership.inside_cluster import holdings_inside
    from kg.findings import ClusterDetails

    view = store.view(COLUMNS)
    known = cluster_context(view, clusters, parameters)
    wanted = clusters.clusters[:limit]
    return ClusterDetails(
        holdings=holdings_inside(view, wanted),
        cut_off_members={cluster.id: cut_off_members(cluster) for cluster in wanted},
        stability={held.cluster: held for held in stability(view, wanted[:STABILITY_LIMIT], parameters, known)},
    )

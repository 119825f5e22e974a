"""Clusters: found, explained, and compared with an earlier run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, InputLocation, NotFound
from kg.ledger.changes import newest_load, record_events
from kg.operations.questions.lookup import name_not_found
from kg.operations.workspace import Workspace, open_ledger
from kg.ports import Store

if TYPE_CHECKING:
    from kg.analysis.clusters import ClusterParameters
    from kg.findings import Cluster, ClusterChange, ClusterChanges, ClusterDetails, ClusterExplanation, Clusters
    from kg.operations.store.view_cache import CachedClusters

STABILITY_LIMIT = 50
"""How many clusters of a report get stability trials: each trial partitions the network around them again."""

RUN_KIND = "kg-clusters"
"""The kind that a written run states."""


@dataclass(frozen=True, slots=True)
class ClusterRun:
    """The clusters of one run, and the newest load that it includes."""

    clusters: Clusters
    load: int

    def to_json(self) -> dict[str, Any]:
        """The parts of the document that `read_cluster_run` reads; findings are parts of it as they are."""
        found = {field.name: getattr(self.clusters, field.name) for field in fields(self.clusters)}
        return {"kind": RUN_KIND, "load": self.load, **found, "version": str(self.clusters.version)}

    def to_bytes(self) -> bytes:
        """The document itself."""
        import orjson

        return orjson.dumps(self.to_json(), option=orjson.OPT_APPEND_NEWLINE)


def find_clusters(store: Store, parameters: ClusterParameters) -> Clusters:
    """The clusters of assets that are held together."""
    from kg.analysis.clusters import COLUMNS, asset_clusters

    return asset_clusters(store.view(COLUMNS), parameters)


def compute_cluster_run(
    workspace: Workspace,
    store: Store,
    parameters: ClusterParameters,
    previous: ClusterRun | None = None,
    *,
    same_software: bool = False,
) -> ClusterRun:
    """Find the clusters; those that continue clusters of an earlier run keep their ids.

    `same_software`: whether the earlier run was made by this version of kg. If graph, day and parameters are the same
    too, its clusters are those of this run.
    """
    from kg.analysis.clusters import keep_ids

    if previous and same_software and _would_find_the_same(store, parameters, previous.clusters):
        found = previous.clusters
    else:
        found = find_clusters(store, parameters)
        found = keep_ids(previous.clusters, found) if previous else found
    with open_ledger(workspace) as connection:
        return ClusterRun(found, newest_load(connection))


def _would_find_the_same(store: Store, parameters: ClusterParameters, earlier: Clusters) -> bool:
    is_same_graph = (earlier.version, earlier.as_of) == (store.version(), store.as_of())
    return store.perspective is None and is_same_graph and dict(earlier.parameters) == parameters.to_json()


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
    """How each cluster changed, and whether records, time or the method caused it.

    The clusters of `now` are those of `store`. If day or parameters differ from the earlier run, today's records are
    clustered once more with those of the earlier run: differences that remain are caused by records. The records are
    named where both runs are of one ledger.
    """
    from kg.analysis.clusters import compare_runs, with_causes
    from kg.findings import CausingRecord

    told = compare_runs(before.clusters, now.clusters)
    if any(change.kind != "unchanged" for change in told.changes):
        told = with_causes(told, before.clusters, now.clusters, _memberships_as_before(store, told, before.clusters))
    if before.clusters.version.ledger != now.clusters.version.ledger:
        return told
    wanted = {name for change in told.changes for name in _changed_ids(change)}
    with open_ledger(workspace) as connection:
        found = record_events(connection, before.load, wanted)
    by_about: defaultdict[str, list[CausingRecord]] = defaultdict(list)
    for move in found:
        by_about[move.about].append(move)
    return replace(told, changes=tuple(_with_records(change, by_about) for change in told.changes))


def _memberships_as_before(store: Store, told: ClusterChanges, before: Clusters) -> tuple[frozenset[str], ...] | None:
    """The members of the clusters that the earlier run would find in today's records; None if that is as now.

    Empty where a version with other parameters made that run: causes can then not be separated.
    """
    from kg.analysis.clusters import COLUMNS, ClusterParameters, cluster_members
    from kg.operations.store.as_of import view_as_of_run

    if told.as_of_before == told.as_of and not told.method:
        return None
    try:
        parameters = ClusterParameters.from_json(before.parameters)
    except InputError:
        return ()
    return cluster_members(view_as_of_run(store, before.as_of, before.version, COLUMNS), parameters)


def _changed_ids(change: ClusterChange) -> set[str]:
    """Ids of the members and ties that were added to a cluster, removed from it, or changed in role or weight."""
    moved = {*change.came, *change.left, *change.ties_came, *change.ties_left}
    return moved | {name for name, _, _ in (*change.roles, *change.ties_weigh)}


def _with_records(change: ClusterChange, moves_by_id: Mapping[str, Sequence[Any]]) -> ClusterChange:
    """With the records about it. One may tell a tie that begins by the later day only: it is a cause beside time."""
    records = tuple(m for name in sorted(_changed_ids(change)) for m in moves_by_id.get(name, ()))
    causes = change.causes
    if causes and "records" not in causes and any(name in moves_by_id for name in change.ties_came):
        causes = ("records", *causes)
    return replace(change, records=records, causes=causes)


def find_cluster(store: Store, clusters: Clusters, name: str) -> Cluster:
    """The cluster with this id or name, or the one that a node of this name is in. Raises NotFound."""
    for cluster in clusters.clusters:
        if name in (cluster.id, cluster.name, cluster.name.removeprefix("Cluster ")):
            return cluster
    try:
        node = store.resolve(name)
    except NotFound:
        raise name_not_found(store, name, f"no cluster or entity is named {name!r}") from None
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
    """Explanations of clusters, in the order given; with their stability on request, which takes longer."""
    from kg.analysis.clusters import COLUMNS, cluster_context, explain, stability

    if not wanted:
        return ()
    view = store.view(COLUMNS)
    known = cluster_context(view, clusters, parameters)
    explained = explain(view, clusters, wanted, known)
    if not with_stability:
        return explained
    trials = stability(view, wanted, parameters, known)
    return tuple(replace(each, stability=trial) for each, trial in zip(explained, trials, strict=True))


def explain_cached_cluster(
    store: Store, cached: CachedClusters, cluster: Cluster, late: Callable[[], bool] | None = None
) -> ClusterExplanation:
    """The explanation of a cached cluster; with its stability where `late` is given, which says that time is up."""
    from kg.analysis.clusters import COLUMNS, ClusterParameters, explain, stability

    view = store.view(COLUMNS)
    (explained,) = explain(view, cached.clusters, [cluster], cached.context)
    if late is None:
        return explained
    (trials,) = stability(view, [cluster], ClusterParameters(), cached.context, late)
    return replace(explained, stability=trials)


def mentioned_node_ids(cluster: Cluster, explanation: ClusterExplanation) -> set[str]:
    """The ids of all nodes that a cluster and its explanation name."""
    places = {place.id for place in explanation.jurisdictions}
    about = {node for sign in cluster.signs for node in sign.about}
    moved = {node for shift in (explanation.stability.shifts if explanation.stability else ()) for node in shift.came}
    return {m.id for m in cluster.members} | places | about | moved | {*explanation.agencies, *explanation.measures}


def compute_cluster_details(
    store: Store, clusters: Clusters, limit: int, parameters: ClusterParameters, trials: int = STABILITY_LIMIT
) -> ClusterDetails:
    """What a report adds to its first `limit` clusters: ownership inside, cut-off members, stability.

    `trials`: how many of them get stability trials, at most STABILITY_LIMIT.
    """
    from kg.analysis.clusters import COLUMNS, cluster_context, cut_off_members, stability
    from kg.analysis.ownership import holdings_inside
    from kg.findings import ClusterDetails

    view = store.view(COLUMNS)
    wanted = clusters.clusters[:limit]
    tried = wanted[: min(trials, STABILITY_LIMIT)]
    found = stability(view, tried, parameters, cluster_context(view, clusters, parameters)) if tried else ()
    return ClusterDetails(
        holdings=holdings_inside(view, wanted),
        cut_off_members={cluster.id: cut_off_members(cluster) for cluster in wanted},
        stability={each.cluster: each for each in found},
    )

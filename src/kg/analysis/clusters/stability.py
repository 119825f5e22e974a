"""Does a cluster hold when weights move by a fifth, or when one source is withdrawn?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kg.analysis.clusters.context import ClusterContext, member_positions
from kg.analysis.clusters.network.holding_network import HoldingNetwork, subnetwork
from kg.analysis.clusters.network.partition import partition
from kg.analysis.clusters.parameters import ClusterParameters
from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out
from kg.errors import OutOfTime
from kg.findings import Cluster, Stability, StabilityTrial
from kg.records import RELIABILITIES
from kg.view import GraphView

Nodes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Weights = NDArray[np.float64]

WEIGHT_FACTORS = (0.8, 1.2)

MAX_LINKS = 20_000
"""Links of the surroundings up to which everything a cluster is connected to is cut again; beyond that only the cluster
and those that it is tied to."""

MAX_SHIFTS = 10
"""Shifts told of each cluster."""

CLAIM_BATCH = 1_000
"""Nodes and links whose claims are read at once; between two such the time is looked at."""


@dataclass(frozen=True)
class LocalNetwork:
    """The part of the network that is cut again: `links`, int64 into the network, ascending."""

    view: GraphView
    network: HoldingNetwork
    links: Nodes
    parameters: ClusterParameters
    timed_out: TimeoutCheck

    def partition(
        self, weight: Weights, remaining: Flags | None = None, parameters: ClusterParameters | None = None
    ) -> Nodes:
        """The community of each node if its links weigh so, and only those `left` are there; both by `links`."""
        here = slice(None) if remaining is None else remaining
        part = subnetwork(self.view, self.network, self.links[here], weight[here])
        return partition(self.view, part, parameters or self.parameters)


def stability(
    view: GraphView,
    clusters: Sequence[Cluster],
    parameters: ClusterParameters,
    context: ClusterContext,
    timed_out: TimeoutCheck = no_timeout,
) -> tuple[Stability, ...]:
    """How some clusters hold up, in the order given; the view must be the one they were found in, with COLUMNS.

    Tried are: other seeds of Leiden; every trait's weight a fifth lower and a fifth higher; and every source that says
    anything about them withdrawn, with the nodes and links that only it knows, other links at the best grade that is
    left. A source that says everything around them is not tried: nothing would be left. What a source says of a share,
    or who is who because of it, is not taken back. When `late` says that time is up, nothing more is tried, and the
    answer says so.
    """
    inside = {cluster.id: member_positions(view, cluster) for cluster in clusters}
    if not inside:
        return ()
    around = LocalNetwork(
        view, context.network, _local_links(context, np.concatenate(list(inside.values()))), parameters, timed_out
    )
    shifts: defaultdict[str, list[StabilityTrial]] = defaultdict(list)
    core = {name: np.zeros(len(nodes), np.int64) for name, nodes in inside.items()}
    tried, cut = 0, ""
    try:
        for what, group in _run_trials(around):
            tried += 1
            for name, nodes in inside.items():
                shift, stayed = _compare_cluster(view, what, nodes, group)
                core[name] += stayed
                if shift.kept < 1:
                    shifts[name].append(shift)
    except OutOfTime:
        cut = "time"
    return tuple(
        _stability_of(view, cluster.id, inside[cluster.id][core[cluster.id] == tried], shifts[cluster.id], (tried, cut))
        for cluster in clusters
    )


def _stability_of(
    view: GraphView, name: str, core: Nodes, shifts: Sequence[StabilityTrial], done: tuple[int, str]
) -> Stability:
    worst = sorted(shifts, key=lambda s: (s.kept, s.what))
    return Stability(
        cluster=name,
        tried=done[0],
        least_kept=worst[0].kept if worst else 1.0,
        core=tuple(view.id(int(node)) for node in core),
        shifts=tuple(worst[:MAX_SHIFTS]),
        cut=done[1],
    )


def _run_trials(local: LocalNetwork) -> Iterator[tuple[str, Nodes]]:
    """What is tried, and the communities it gives. Raises OutOfTime where there is no time for the next."""
    for what, cut in _trials(local):
        raise_if_timed_out(local.timed_out)
        yield what, cut()


def _trials(local: LocalNetwork) -> Iterator[tuple[str, Callable[[], Nodes]]]:
    """What is to be tried, and what tries it."""
    plain = local.network.weight[local.links]
    other = replace(local.parameters, seed=local.parameters.seed + local.parameters.trials)
    yield "other seeds", partial(local.partition, plain, parameters=other)
    types = local.view.link_type[local.network.links[local.links]]
    for trait, _ in local.parameters.trait_weights:
        of_trait = local.view.link_types_with(trait)[types]
        if of_trait.any():
            for factor in WEIGHT_FACTORS:
                weight = np.where(of_trait, plain * factor, plain)
                yield f"weight of {trait} × {factor}", partial(local.partition, weight)
    for source, weight, left in _source_withdrawals(local):
        yield f"without the source {source}", partial(local.partition, weight, left)


def _source_withdrawals(local: LocalNetwork) -> Iterator[tuple[str, Weights, Flags]]:
    """Each source with what the links weigh without it, and which are left; by name."""
    network = local.network
    weight, rests = network.weight[local.links], _dependencies(local)
    grade = np.array((1.0, *local.parameters.reliability_factors))
    said = _source_grades(local, sorted({name for on in rests for name in on}))
    for source in sorted({name for by in said.values() for name in by}):
        lost = {name for name, by in said.items() if set(by) == {source}}
        left = np.array([lost.isdisjoint(on) for on in rests], bool)
        if not left.any():
            continue
        factor = np.ones(len(rests))
        for at, (link, *_) in enumerate(rests):
            by = said.get(link, {})
            if source in by and len(by) > 1:
                rest = min(g for name, g in by.items() if name != source)
                factor[at] = grade[rest] / grade[min(by.values())]
        yield source, weight * factor, left


def _dependencies(local: LocalNetwork) -> list[tuple[str, ...]]:
    """For each link the ids of all that has to be there for it: itself, its ends, and the other link to a paper."""
    view, network, at = local.view, local.network, local.links
    columns = (network.links[at], network.tail[at], network.head[at], network.via[at])
    return [
        (view.link_id(link), view.id(tail), view.id(head), *((view.link_id(via),) if via >= 0 else ()))
        for link, tail, head, via in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _source_grades(local: LocalNetwork, ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """The sources that say each node or link, each with the best grade it gives, 1 (A) to 6 (F, or none).

    Raises OutOfTime where there is no time to read them.
    """
    found: dict[str, dict[str, int]] = {}
    for some in (ids[start : start + CLAIM_BATCH] for start in range(0, len(ids), CLAIM_BATCH)):
        raise_if_timed_out(local.timed_out)
        for name, claims in local.view.records.claims(some).items():
            said = found.setdefault(name, {})
            for claim in claims:
                grade = RELIABILITIES.index(claim.provenance.reliability or RELIABILITIES[-1]) + 1
                said[claim.source] = min(grade, said.get(claim.source, grade))
    return found


def _compare_cluster(view: GraphView, what: str, nodes: Nodes, group: Nodes) -> tuple[StabilityTrial, Flags]:
    """How a cluster compares with the community now that has most of it, and which members stayed: bool (nodes)."""
    names, counts = np.unique(group[nodes], return_counts=True)
    now = np.flatnonzero(group == names[np.argmax(counts)])
    stayed = np.isin(nodes, now)
    came = np.setdiff1d(now, nodes)
    kept = float(stayed.sum()) / (len(nodes) + len(came))
    left = tuple(view.id(int(node)) for node in nodes[~stayed])
    return StabilityTrial(what, round(kept, 4), left, tuple(view.id(int(node)) for node in came)), stayed


def _local_links(context: ClusterContext, inside: Nodes) -> Nodes:
    """The links among everything the members are connected to, or where that is too much, among their neighbours'
    clusters.
    """
    network, home = context.network, context.cluster_position
    links = np.flatnonzero(np.isin(context.component[network.tail], context.component[inside]))
    if len(links) <= MAX_LINKS:
        return links
    near = np.zeros(network.nodes, bool)
    near[inside] = True
    touching = near[network.tail] | near[network.head]
    near[network.tail[touching]] = near[network.head[touching]] = True
    homes = np.unique(home[near & (home >= 0)])
    near |= np.isin(home, homes)
    return np.flatnonzero(near[network.tail] & near[network.head])

"""How robust is a cluster when weights change by a fifth, or when one source is withdrawn?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from kg.analysis.clusters.context import ClusterContext, member_positions
from kg.analysis.clusters.network.holding_network import HoldingNetwork, subnetwork
from kg.analysis.clusters.network.partition import partition
from kg.analysis.clusters.parameters import ClusterParameters
from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out
from kg.errors import OutOfTime
from kg.findings import Cluster, Stability, StabilityTrial
from kg.findings.cluster_explanation import WITHOUT_SOURCE
from kg.records import RELIABILITIES
from kg.view import BoolArray, FloatArray, GraphView, IntArray

WEIGHT_FACTORS = (0.8, 1.2)

MAX_LINKS = 20_000
"""Most links of the connected components for which all of them are partitioned again; beyond that only the clusters and
those that they are linked to."""

MAX_SHIFTS = 10
"""Most trials listed of each cluster."""

CLAIM_BATCH = 1_000
"""Nodes and links whose claims are read at once, before the time is checked."""


@dataclass(frozen=True)
class LocalNetwork:
    """The part of the network that is partitioned again; `links`: int64, into the network, ascending."""

    view: GraphView
    network: HoldingNetwork
    links: IntArray
    parameters: ClusterParameters
    timed_out: TimeoutCheck

    def partition(
        self, weight: FloatArray, remaining: BoolArray | None = None, parameters: ClusterParameters | None = None
    ) -> IntArray:
        """The community of each node with other weights and only the `remaining` links; both by `links`."""
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
    """How robust some clusters are, in the order given; the view must be the one they were found in, with COLUMNS.

    The trials are: other seeds of Leiden; the weight of each trait a fifth lower and a fifth higher; and each source
    about them withdrawn, with the nodes and links that only it states, other links at the best remaining grade. A
    source that states everything around them is not tried: nothing would remain. Shares and identities that rest on a
    source are not taken back. When the time is up, no further trial is made, and the answer says so.
    """
    inside = {cluster.id: member_positions(view, cluster) for cluster in clusters}
    if not inside:
        return ()
    links = _local_links(context, np.concatenate(list(inside.values())))
    around = LocalNetwork(view, context.network, links, parameters, timed_out)
    shifts: defaultdict[str, list[StabilityTrial]] = defaultdict(list)
    core = {name: np.zeros(len(nodes), np.int64) for name, nodes in inside.items()}
    tried, cut = 0, ""
    try:
        for what, trial in _trials(around):
            raise_if_timed_out(timed_out)
            group = trial()
            tried += 1
            for name, nodes in inside.items():
                shift, stayed = _compare_cluster(view, what, nodes, group)
                core[name] += stayed
                if shift.kept < 1:
                    shifts[name].append(shift)
    except OutOfTime:
        cut = "time"
    found = []
    for name in (cluster.id for cluster in clusters):
        worst = sorted(shifts[name], key=lambda s: (s.kept, s.what))
        always = tuple(view.id(node) for node in inside[name][core[name] == tried].tolist())
        least = worst[0].kept if worst else 1.0
        found.append(Stability(name, tried, least, always, tuple(worst[:MAX_SHIFTS]), cut))
    return tuple(found)


def _trials(local: LocalNetwork) -> Iterator[tuple[str, Callable[[], IntArray]]]:
    """The name of each trial, and the function that runs it."""
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
        yield f"{WITHOUT_SOURCE}{source}", partial(local.partition, weight, left)


def _source_withdrawals(local: LocalNetwork) -> Iterator[tuple[str, FloatArray, BoolArray]]:
    """Each source, by name, with the weights without it and the remaining links."""
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
    """For each link the ids that it depends on: its own, its ends', and the other link to a shared document."""
    view, network, at = local.view, local.network, local.links
    columns = (network.links[at], network.tail[at], network.head[at], network.via[at])
    return [
        (view.link_id(link), view.id(tail), view.id(head), *((view.link_id(via),) if via >= 0 else ()))
        for link, tail, head, via in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _source_grades(local: LocalNetwork, ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """The sources that state each node or link, each with its best grade, 1 (A) to 6 (F, or none).

    Raises OutOfTime when the time is up before all are read.
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


def _compare_cluster(view: GraphView, what: str, nodes: IntArray, group: IntArray) -> tuple[StabilityTrial, BoolArray]:
    """How a cluster compares with the community that has most of its members, and which stayed: bool (nodes)."""
    names, counts = np.unique(group[nodes], return_counts=True)
    now = np.flatnonzero(group == names[np.argmax(counts)])
    stayed = np.isin(nodes, now)
    came = np.setdiff1d(now, nodes)
    kept = float(stayed.sum()) / (len(nodes) + len(came))
    left = tuple(view.id(int(node)) for node in nodes[~stayed])
    return StabilityTrial(what, round(kept, 4), left, tuple(view.id(int(node)) for node in came)), stayed


def _local_links(context: ClusterContext, inside: IntArray) -> IntArray:
    """The links of everything that the members are connected to; where that is too much, of their neighbours' clusters
    only."""
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

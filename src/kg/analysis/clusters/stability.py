"""Does a cluster hold when weights move by a fifth, or when one source is withdrawn?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kg.analysis.clusters.context import Surroundings, positions
from kg.analysis.clusters.network.holding_network import HoldingNetwork, part_of
from kg.analysis.clusters.network.partition import partition
from kg.analysis.clusters.parameters import ClusterParameters
from kg.analysis.timeout import Late, expect_time, in_time
from kg.errors import OutOfTime
from kg.findings import Cluster, Shift, Stability
from kg.records import RELIABILITIES
from kg.view import GraphView

Nodes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Weights = NDArray[np.float64]

FIFTH = (0.8, 1.2)

MOST_LINKS = 20_000
"""Links of the surroundings up to which everything a cluster is connected to is cut again; beyond that only the cluster
and those that it is tied to."""

TOLD = 10
"""Shifts told of each cluster."""

BATCH = 1_000
"""Nodes and links whose claims are read at once; between two such the time is looked at."""


@dataclass(frozen=True)
class Around:
    """The part of the network that is cut again: `links`, int64 into the network, ascending."""

    view: GraphView
    network: HoldingNetwork
    links: Nodes
    parameters: ClusterParameters
    late: Late

    def cut(self, weight: Weights, left: Flags | None = None, parameters: ClusterParameters | None = None) -> Nodes:
        """The community of each node if its links weigh so, and only those `left` are there; both by `links`."""
        here = slice(None) if left is None else left
        part = part_of(self.view, self.network, self.links[here], weight[here])
        return partition(self.view, part, parameters or self.parameters)


def stability(
    view: GraphView,
    wanted: Sequence[Cluster],
    parameters: ClusterParameters,
    known: Surroundings,
    late: Late = in_time,
) -> tuple[Stability, ...]:
    """How some clusters hold up, in the order given; the view must be the one they were found in, with COLUMNS.

    Tried are: other seeds of Leiden; every trait's weight a fifth lower and a fifth higher; and every source that says
    anything about them withdrawn, with the nodes and links that only it knows, other links at the best grade that is
    left. A source that says everything around them is not tried: nothing would be left. What a source says of a share,
    or who is who because of it, is not taken back. When `late` says that time is up, nothing more is tried, and the
    answer says so.
    """
    inside = {cluster.id: positions(view, cluster) for cluster in wanted}
    if not inside:
        return ()
    around = Around(view, known.network, _around(known, np.concatenate(list(inside.values()))), parameters, late)
    shifts: defaultdict[str, list[Shift]] = defaultdict(list)
    core = {name: np.zeros(len(nodes), np.int64) for name, nodes in inside.items()}
    tried, cut = 0, ""
    try:
        for what, group in _tries(around):
            tried += 1
            for name, nodes in inside.items():
                shift, stayed = _shift(view, what, nodes, group)
                core[name] += stayed
                if shift.kept < 1:
                    shifts[name].append(shift)
    except OutOfTime:
        cut = "time"
    return tuple(
        _told(view, cluster.id, inside[cluster.id][core[cluster.id] == tried], shifts[cluster.id], (tried, cut))
        for cluster in wanted
    )


def _told(view: GraphView, name: str, core: Nodes, shifts: Sequence[Shift], done: tuple[int, str]) -> Stability:
    worst = sorted(shifts, key=lambda s: (s.kept, s.what))
    return Stability(
        cluster=name,
        tried=done[0],
        least_kept=worst[0].kept if worst else 1.0,
        core=tuple(view.id(int(node)) for node in core),
        shifts=tuple(worst[:TOLD]),
        cut=done[1],
    )


def _tries(around: Around) -> Iterator[tuple[str, Nodes]]:
    """What is tried, and the communities it gives. Raises OutOfTime where there is no time for the next."""
    for what, cut in _trials(around):
        expect_time(around.late)
        yield what, cut()


def _trials(around: Around) -> Iterator[tuple[str, Callable[[], Nodes]]]:
    """What is to be tried, and what tries it."""
    plain = around.network.weight[around.links]
    other = replace(around.parameters, seed=around.parameters.seed + around.parameters.trials)
    yield "other seeds", partial(around.cut, plain, parameters=other)
    types = around.view.link_type[around.network.links[around.links]]
    for trait, _ in around.parameters.trait_weights:
        of_trait = around.view.types_with(trait)[types]
        if of_trait.any():
            for factor in FIFTH:
                weight = np.where(of_trait, plain * factor, plain)
                yield f"weight of {trait} × {factor}", partial(around.cut, weight)
    for source, weight, left in _withdrawals(around):
        yield f"without the source {source}", partial(around.cut, weight, left)


def _withdrawals(around: Around) -> Iterator[tuple[str, Weights, Flags]]:
    """Each source with what the links weigh without it, and which are left; by name."""
    network = around.network
    weight, rests = network.weight[around.links], _rests(around)
    grade = np.array((1.0, *around.parameters.reliability_factors))
    said = _grades(around, sorted({name for on in rests for name in on}))
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


def _rests(around: Around) -> list[tuple[str, ...]]:
    """For each link the ids of all that has to be there for it: itself, its ends, and the other link to a paper."""
    view, network, at = around.view, around.network, around.links
    columns = (network.links[at], network.tail[at], network.head[at], network.via[at])
    return [
        (view.link_id(link), view.id(tail), view.id(head), *((view.link_id(via),) if via >= 0 else ()))
        for link, tail, head, via in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _grades(around: Around, ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """The sources that say each node or link, each with the best grade it gives, 1 (A) to 6 (F, or none).

    Raises OutOfTime where there is no time to read them.
    """
    found: dict[str, dict[str, int]] = {}
    for some in (ids[start : start + BATCH] for start in range(0, len(ids), BATCH)):
        expect_time(around.late)
        for name, claims in around.view.claims(some).items():
            said = found.setdefault(name, {})
            for claim in claims:
                grade = RELIABILITIES.index(claim.said.reliability or RELIABILITIES[-1]) + 1
                said[claim.source] = min(grade, said.get(claim.source, grade))
    return found


def _shift(view: GraphView, what: str, nodes: Nodes, group: Nodes) -> tuple[Shift, Flags]:
    """How a cluster compares with the community now that has most of it, and which members stayed: bool (nodes)."""
    names, counts = np.unique(group[nodes], return_counts=True)
    now = np.flatnonzero(group == names[np.argmax(counts)])
    stayed = np.isin(nodes, now)
    came = np.setdiff1d(now, nodes)
    kept = float(stayed.sum()) / (len(nodes) + len(came))
    left = tuple(view.id(int(node)) for node in nodes[~stayed])
    return Shift(what, round(kept, 4), left, tuple(view.id(int(node)) for node in came)), stayed


def _around(known: Surroundings, inside: Nodes) -> Nodes:
    """The links among everything the members are connected to, or where that is too much, among their neighbours'
    clusters.
    """
    network, home = known.network, known.home
    links = np.flatnonzero(np.isin(known.part[network.tail], known.part[inside]))
    if len(links) <= MOST_LINKS:
        return links
    near = np.zeros(network.nodes, bool)
    near[inside] = True
    touching = near[network.tail] | near[network.head]
    near[network.tail[touching]] = near[network.head[touching]] = True
    homes = np.unique(home[near & (home >= 0)])
    near |= np.isin(home, homes)
    return np.flatnonzero(near[network.tail] & near[network.head])

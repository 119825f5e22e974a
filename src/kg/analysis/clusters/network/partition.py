"""Which nodes of the network belong to one community?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import graspologic_native
import numpy as np

from kg.analysis.clusters.network.components import components, find_roots
from kg.analysis.clusters.network.holding_network import HoldingNetwork
from kg.analysis.clusters.parameters import ITERATIONS, RANDOMNESS, TRIAL_PAIRS, ClusterParameters
from kg.view import LEGAL, BoolArray, FloatArray, GraphView, IntArray


def partition(view: GraphView, network: HoldingNetwork, parameters: ClusterParameters) -> IntArray:
    """The smallest node of each node's community: int64 (nodes). A node without holding links is alone.

    A community of `communities` that only payments hold together is split into the parts that other links connect:
    payments strengthen what other links connect, but draw nobody in.
    """
    group = communities(view, network, parameters)
    together = network.non_payment & (group[network.low] == group[network.high])
    return components(network.nodes, network.low[together], network.high[together])


def communities(view: GraphView, network: HoldingNetwork, parameters: ClusterParameters) -> IntArray:
    """One node of each node's community, the same for all its nodes: int64 (nodes).

    First each node whose only neighbour owns it joins its owner. The rest is partitioned by Leiden (Traag, Waltman and
    van Eck, "From Louvain to Leiden", Sci. Rep. 9 (2019) 5233), each connected component separately, under the constant
    Potts model (Traag, Van Dooren and Nesterov, "Narrow scope for resolution-limit-free community
    detection", Phys. Rev. E 84 (2011) 016114): two groups of m and n nodes are kept apart if the weight between them
    is below resolution · m · n. Of several seeds the best partition counts. A community depends only on what it is
    connected to.
    """
    owner, left = follow_single_owners(view, network)
    group = np.arange(network.nodes)
    for low, high, weight in _components(network, owner, left):
        nodes, ends = np.unique(np.concatenate((low, high)), return_inverse=True)
        group[nodes] = nodes[_best_of_seeds(ends[: len(low)], ends[len(low) :], weight, parameters)]
    return group[owner]


def follow_single_owners(view: GraphView, network: HoldingNetwork) -> tuple[IntArray, BoolArray]:
    """The owner that each node joins, or the node itself: int64 (nodes); and which pairs remain: bool (pairs).

    A node joins its only neighbour if it is an asset that this neighbour owns, by more than a legal interest and in
    force; and so on upwards. Of two that could join each other the smaller stays. Payments make no neighbour here: an
    account that pays strangers still belongs to its owner.
    """
    owned_high, owned_low = _owned_ends(view, network)
    structural = np.flatnonzero(network.structural)
    ends = np.concatenate((network.low[structural], network.high[structural]))
    degree, last_pair = np.bincount(ends, minlength=network.nodes), _xor_of_pairs(network, structural)
    owner, left = np.arange(network.nodes), np.ones(len(network.low), bool)
    leaves = np.flatnonzero(degree == 1)
    while len(leaves):
        pair = last_pair[leaves]
        is_high = network.high[pair] == leaves
        follows = np.where(is_high, owned_high[pair], owned_low[pair]) & left[pair]
        other = np.where(is_high, network.low[pair], network.high[pair])
        follows &= ~(~is_high & (degree[other] == 1) & owned_high[pair])
        leaves, pair, other = leaves[follows], pair[follows], other[follows]
        owner[leaves], left[pair], degree[leaves] = other, False, 0
        np.subtract.at(degree, other, 1)
        np.bitwise_xor.at(last_pair, other, pair)
        leaves = np.unique(other[degree[other] == 1])
    return find_roots(owner), left


def modularity(network: HoldingNetwork, community: IntArray) -> float:
    """Newman's modularity of a partition on the weighted network, at resolution 1; 0 without links."""
    total = network.pair_weight.sum()
    if not total:
        return 0.0
    inside = network.pair_weight[community[network.low] == community[network.high]].sum()
    ends = np.concatenate((community[network.low], community[network.high]))
    strength = np.bincount(ends, weights=np.tile(network.pair_weight, 2))
    return float(inside / total - np.square(strength / (2 * total)).sum())


def _owned_ends(view: GraphView, network: HoldingNetwork) -> tuple[BoolArray, BoolArray]:
    """Whether the higher node of each pair is an asset that the lower owns, and vice versa: bool (pairs) each."""
    at = network.links  # only these: a small part of the graph may be partitioned many times
    owns = view.link_types_with("ownership")[view.link_type[at]] & (view.column("interest")[at] != LEGAL)
    counts = owns & view.nodes_of("Asset")[view.head[at]] & ~network.not_in_force & (network.pair >= 0)
    found = []
    for way in (network.tail < network.head, network.tail > network.head):
        owned = np.zeros(len(network.low), bool)
        owned[network.pair[counts & way]] = True
        found.append(owned)
    return found[0], found[1]


def _xor_of_pairs(network: HoldingNetwork, pairs: IntArray) -> IntArray:
    """The exclusive or of the numbers of each node's pairs: with one pair left, the number of that pair."""
    combined = np.zeros(network.nodes, np.int64)
    np.bitwise_xor.at(combined, network.low[pairs], pairs)
    np.bitwise_xor.at(combined, network.high[pairs], pairs)
    return combined


def _components(
    network: HoldingNetwork, owner: IntArray, left: BoolArray
) -> Iterator[tuple[IntArray, IntArray, FloatArray]]:
    """Lower nodes, higher nodes and weights of each connected component of the remaining pairs, in order.

    A node that has joined its single owner counts as that owner, with its payments.
    """
    low, high, weight = _merge_edges(owner[network.low[left]], owner[network.high[left]], network.pair_weight[left])
    part = components(network.nodes, low, high)[low]
    order = np.argsort(part, kind="stable")
    cuts = np.flatnonzero(np.diff(part[order])) + 1
    for some in np.split(order, cuts) if len(order) else ():
        yield low[some], high[some], weight[some]


def _merge_edges(one: IntArray, other: IntArray, weight: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Edges with the lower end first, sorted, parallel ones once with their total weight; without loops."""
    apart = one != other
    low, high = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
    nodes = int(high.max(initial=0)) + 1
    keys, inverse = np.unique(low * nodes + high, return_inverse=True)
    total = np.zeros(len(keys))
    np.add.at(total, inverse, weight[apart])
    return keys // nodes, keys % nodes, total


def _best_of_seeds(low: IntArray, high: IntArray, weight: FloatArray, parameters: ClusterParameters) -> IntArray:
    """The partition of `leiden` with the best of several seeds; the first of equally good ones."""
    trials = parameters.trials if len(low) <= TRIAL_PAIRS else 1
    seeds = (replace(parameters, seed=parameters.seed + more) for more in range(trials))
    found = [leiden(low, high, weight, each) for each in seeds]
    return max(found, key=lambda group: potts_quality(low, high, weight, group, parameters)) if trials > 1 else found[0]


def potts_quality(
    low: IntArray, high: IntArray, weight: FloatArray, community: IntArray, parameters: ClusterParameters
) -> float:
    """The objective of the constant Potts model: the weight inside communities minus `resolution` for each pair."""
    size = np.bincount(community).astype(np.float64)
    inside = weight[community[low] == community[high]].sum()
    return float(inside - parameters.resolution * (size * (size - 1)).sum() / 2)


def leiden(
    low: IntArray, high: IntArray, weight: FloatArray, parameters: ClusterParameters, *, use_modularity: bool = False
) -> IntArray:
    """The smallest node of each node's community, of nodes numbered from 0: int64 (nodes). One without edges is alone.

    Under the constant Potts model, or by modularity at resolution 1.
    """
    names = [str(i) for i in range(int(high.max()) + 1)]
    edges = [(names[a], names[b], w) for a, b, w in zip(low.tolist(), high.tolist(), weight.tolist(), strict=True)]
    _, found = graspologic_native.leiden(
        edges,
        resolution=1.0 if use_modularity else parameters.resolution,
        randomness=RANDOMNESS,
        iterations=ITERATIONS,
        use_modularity=use_modularity,
        seed=parameters.seed,
        trials=1,
    )
    labels = [found.get(name, -1 - at) for at, name in enumerate(names)]
    _, first, group = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(first[group])

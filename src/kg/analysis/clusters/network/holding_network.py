"""Which links hold parties and assets together, and how strongly? Here is the hub penalty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.analysis.clusters.network.components import components
from kg.analysis.clusters.parameters import (
    DOCUMENT_WEIGHT,
    LEAST_SHARE,
    LEGAL_FACTOR,
    OVER_FACTOR,
    PAYMENT_HALF,
    ClusterParameters,
)
from kg.view import DAYS_PER_YEAR, LEGAL, BoolArray, FloatArray, GraphView, IntArray

COLUMNS = ("share", "dates", "reliability", "interest", "sought")
"""Columns that the view must have been opened with."""

HOLDING_TRAITS = ("ownership", "benefit")
"""Traits of links that state who holds how much."""

STRUCTURE, PAYMENTS, DOCUMENTS = range(3)
"""The layers of the network: ownership, benefit, control and kinship; payments; documents that two parties share.
Neighbours are counted, and hubs weighed down, in each layer separately."""


class NetworkEdges(NamedTuple):
    """The links of a `HoldingNetwork`, before they are weighed."""

    links: IntArray
    tail: IntArray
    head: IntArray
    via: IntArray
    layer: NDArray[np.uint8]


@dataclass(frozen=True)
class HoldingNetwork:
    """The links that can hold a cluster together, and the pairs of nodes that they connect.

    `links`: int64 (links), into the view, ascending; a shared document is the link of the second party that has it.
    `tail`, `head`: int64, the two nodes connected: the link's ends, or the two parties that share. `via`: int64, the
    other link to a shared document, -1 for other links. `layer`: uint8, one of STRUCTURE, PAYMENTS, DOCUMENTS. `pair`:
    int64, into the pairs; -1 for a link from a node to itself. `weight`: float64, with both hub factors.
    `not_in_force`: bool, whether the link ended before the day of the graph or begins after it. `low`, `high`: int64
    (pairs), the two nodes, low < high, sorted. `pair_weight`: float64 (pairs). `structural`, `non_payment`: bool
    (pairs), whether any of its links is of the layer STRUCTURE, or is no payment. `degree`: int64 (nodes of the view),
    the number of distinct neighbours.
    """

    nodes: int
    links: IntArray
    tail: IntArray
    head: IntArray
    via: IntArray
    layer: NDArray[np.uint8]
    pair: IntArray
    weight: FloatArray
    not_in_force: BoolArray
    low: IntArray
    high: IntArray
    pair_weight: FloatArray
    structural: BoolArray
    non_payment: BoolArray
    degree: IntArray


def holding_network(view: GraphView, parameters: ClusterParameters) -> HoldingNetwork:
    """The holding links of a view with their weights.

    The weight of a link between i and j is trait · share · interest · recency · reliability · h(i) · h(j), with the hub
    factor h(i) = min(1, hub_degree / degree(i)): beyond `hub_degree` neighbours a node divides a fixed weight among
    them. This is the resource allocation index of Zhou, Lü and Zhang, "Predicting missing links via local information",
    Eur. Phys. J. B 71 (2009) 623, without a penalty for ordinary holders. Neighbours are counted in each layer
    separately: whom somebody pays says nothing about what they own. Of several links of one type between two nodes the
    strongest counts; different types add up. n payments between two nodes have n / (n + PAYMENT_HALF) of the largest
    weight of payments. Raises InputError if a column is missing.
    """
    said = base_weights(view, parameters)
    edges = _network_edges(view, said, parameters)
    weight = said[edges.links] * _hub_factors(edges, len(view.ids), parameters)
    weight *= _payment_factors(_pairs(edges.tail, edges.head, len(view.ids))[2], edges.layer)
    return _build_network(view, edges, weight, not_in_force(view)[edges.links])


def subnetwork(view: GraphView, network: HoldingNetwork, positions: IntArray, weight: FloatArray) -> HoldingNetwork:
    """The network of the links at some positions, with other weights."""
    edges = NetworkEdges(*(getattr(network, name)[positions] for name in NetworkEdges._fields))
    return _build_network(view, edges, weight, network.not_in_force[positions])


def _build_network(
    view: GraphView, edges: NetworkEdges, weight: FloatArray, link_not_in_force: BoolArray
) -> HoldingNetwork:
    """The network of links with their weights."""
    low, high, pair = _pairs(edges.tail, edges.head, len(view.ids))
    return HoldingNetwork(
        nodes=len(view.ids),
        **edges._asdict(),
        pair=pair,
        weight=weight,
        not_in_force=link_not_in_force,
        low=low,
        high=high,
        pair_weight=_pair_weights(pair, view.link_type[edges.links], weight, len(low)),
        structural=_pairs_with(pair, edges.layer == STRUCTURE, len(low)),
        non_payment=_pairs_with(pair, edges.layer != PAYMENTS, len(low)),
        degree=_degrees(low, high, len(view.ids)),
    )


def base_weights(view: GraphView, parameters: ClusterParameters) -> FloatArray:
    """The weight of each link of the view before hub factors: float64 (links), 0 for links that hold nothing."""
    trait_weights = dict(parameters.trait_weights)
    kinds = (view.ontology.links[name].traits for name in view.link_types)
    by_type = np.array([max((trait_weights.get(trait, 0.0) for trait in traits), default=0.0) for traits in kinds])
    middle = np.where(np.isnan(share := view.column("share")), (0.0, 100.0), share).mean(axis=1) / 100
    held = LEAST_SHARE + (1 - LEAST_SHARE) * middle
    grades = np.array((1.0, *parameters.reliability_factors))
    factors = (
        np.where(view.links_with(*HOLDING_TRAITS), held, 1.0),
        np.where(view.column("interest") == LEGAL, LEGAL_FACTOR, 1.0),
        recency_factors(view, parameters),
        grades[view.column("reliability")],
    )
    member = view.nodes_of("Party", "Asset")
    weight: FloatArray = by_type[view.link_type] * (member[view.tail] & member[view.head])
    paper = view.nodes_of("IdentityDocument")[view.head] & view.nodes_of("Party")[view.tail]
    weight[paper & view.links_with("identity")] = DOCUMENT_WEIGHT
    for factor in factors:
        weight *= factor
    return weight


def recency_factors(view: GraphView, parameters: ClusterParameters) -> FloatArray:
    """The factor of each link by its dates: float64 (links), 1 for a link that is in force or has no dates.

    A link that is over has OVER_FACTOR, an event 1; both lose half in each `half_life` years from the last day. One
    that begins later is none yet: 0.
    """
    left = np.where(not_in_force(view), OVER_FACTOR, 1.0)
    if view.as_of:
        day, (first, last) = date.fromisoformat(view.as_of).toordinal(), view.column("dates").T
        gone = np.maximum(day - last, 0) * (last > 0)
        left *= 0.5 ** (gone / (DAYS_PER_YEAR * parameters.half_life))
        left[first > day] = 0.0
    return np.asarray(left)


def not_in_force(view: GraphView) -> BoolArray:
    """Which links ended before the day of the graph or begin after it: bool (links of the view)."""
    links = np.arange(len(view.link_ids))
    day = date.fromisoformat(view.as_of).toordinal() if view.as_of else 0
    return view.not_in_force(links, day) if day else np.zeros(len(links), bool)


def _network_edges(view: GraphView, base: FloatArray, parameters: ClusterParameters) -> NetworkEdges:
    """Every link that connects two nodes directly or through a shared document, ascending."""
    links = np.flatnonzero((base > 0) & ~view.links_with("identity"))
    tail, head = view.tail[links].astype(np.int64), view.head[links].astype(np.int64)
    layer = np.where(view.links_with("payment")[links], PAYMENTS, STRUCTURE).astype(np.uint8)
    direct = NetworkEdges(links, tail, head, np.full(len(links), -1), layer)
    shared = _shared_documents(view, parameters.hub_degree)
    both = [np.concatenate((getattr(direct, name), getattr(shared, name))) for name in NetworkEdges._fields]
    order = np.argsort(both[0], kind="stable")
    return NetworkEdges(*(column[order] for column in both))


def _hub_factors(edges: NetworkEdges, nodes: int, parameters: ClusterParameters) -> FloatArray:
    """The product of the hub factors of both ends of each link."""
    factor = np.ones(len(edges.tail))
    for each in (STRUCTURE, PAYMENTS, DOCUMENTS):
        some = edges.layer == each
        tail, head = edges.tail[some], edges.head[some]
        low, high, _ = _pairs(tail, head, nodes)
        hub = np.minimum(1.0, parameters.hub_degree / np.maximum(_degrees(low, high, nodes), 1))
        factor[some] = hub[tail] * hub[head]
    return factor


def _payment_factors(pair: IntArray, layer: NDArray[np.uint8]) -> FloatArray:
    """The factor of each payment by the number of payments of its pair; 1 for other links: float64 (links)."""
    factor = np.ones(len(pair))
    some = (layer == PAYMENTS) & (pair >= 0)
    count = np.bincount(pair[some], minlength=1)[pair[some]]
    factor[some] = count / (count + PAYMENT_HALF)
    return factor


def _pairs_with(pair: IntArray, wanted: BoolArray, pairs: int) -> BoolArray:
    """Which pairs have any of some links: bool (pairs)."""
    having = np.zeros(pairs, bool)
    having[pair[wanted & (pair >= 0)]] = True
    return having


def _degrees(low: IntArray, high: IntArray, nodes: int) -> IntArray:
    return np.bincount(low, minlength=nodes) + np.bincount(high, minlength=nodes)


def _pairs(tail: IntArray, head: IntArray, nodes: int) -> tuple[IntArray, IntArray, IntArray]:
    """The lower and the higher node of each connected pair, and the pair of each link."""
    key = np.minimum(tail, head) * nodes + np.maximum(tail, head)
    apart = tail != head
    keys, inverse = np.unique(key[apart], return_inverse=True)
    pair = np.full(len(key), -1, np.int64)
    pair[apart] = inverse
    return keys // max(nodes, 1), keys % max(nodes, 1), pair


def _pair_weights(pair: IntArray, link_type: NDArray[np.uint8], weight: FloatArray, pairs: int) -> FloatArray:
    key = pair * 256 + link_type
    order = np.lexsort((weight, key))
    order = order[pair[order] >= 0]
    strongest = order[np.append(key[order][1:] != key[order][:-1], True)] if len(order) else order
    total = np.zeros(pairs)
    np.add.at(total, pair[strongest], weight[strongest])
    return total


def _shared_documents(view: GraphView, max_holders: int) -> NetworkEdges:
    """Each party that has a document that another has, with the first that has it, and both links to the document.

    Documents that more than `max_holders` parties have are left out. Two documents count as one if they are possibly
    the same, as documents with the same number are.
    """
    identity = view.links_with("identity")
    party, paper = view.nodes_of("Party"), view.nodes_of("IdentityDocument")
    same = np.flatnonzero(identity & paper[view.tail] & paper[view.head])
    has = np.flatnonzero(identity & party[view.tail] & paper[view.head])
    one = components(len(view.ids), view.tail[same].astype(np.int64), view.head[same].astype(np.int64))
    which, holder = one[view.head[has]], view.tail[has].astype(np.int64)
    order = np.lexsort((has, holder, which))
    has, which, holder = has[order], which[order], holder[order]
    fresh = np.append(True, (which[1:] != which[:-1]) | (holder[1:] != holder[:-1]))[: len(has)]
    has, which, holder = has[fresh], which[fresh], holder[fresh]
    _, first, count = np.unique(which, return_index=True, return_counts=True)
    start, size = np.repeat(first, count), np.repeat(count, count)
    later = (np.arange(len(has)) > start) & (size <= max_holders)
    layer = np.full(np.count_nonzero(later), DOCUMENTS, np.uint8)
    return NetworkEdges(has[later], holder[later], holder[start[later]], has[start[later]], layer)

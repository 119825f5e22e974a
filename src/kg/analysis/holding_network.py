"""Which links hold parties and assets together, and how strongly?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from kg.analysis.cluster_parameters import ClusterParameters
from kg.view import GraphView

COLUMNS = ("share", "dates", "reliability", "interest", "sought")
"""Columns that the view must have been opened with."""

HOLDING = ("ownership", "benefit")
"""Traits of links that say how much is held, and by whom."""

LEGAL, BENEFICIAL = 1, 2
"""What the column `interest` says."""


@dataclass(frozen=True)
class HoldingNetwork:
    """The links that can hold a cluster together, and the pairs of nodes they join.

    `links`: int64 (holding links), into the view, ascending. `tail`, `head`: int32, their ends. `pair`: int64, into
    the pairs; -1 for a link from a node to itself. `weight`: float64, with both hub factors. `over`: bool, whether the
    link ended before the day of the graph or begins after it. `low`, `high`: int64 (pairs), the two ends, low < high,
    sorted. `pair_weight`: float64 (pairs). `degree`: int64 (nodes of the view), number of distinct neighbours.
    """

    nodes: int
    links: NDArray[np.int64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    pair: NDArray[np.int64]
    weight: NDArray[np.float64]
    over: NDArray[np.bool_]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    pair_weight: NDArray[np.float64]
    degree: NDArray[np.int64]


def holding_network(view: GraphView, parameters: ClusterParameters) -> HoldingNetwork:
    """The holding links of a view with their weights.

    A link between i and j weighs trait · share · interest · over · reliability · h(i) · h(j), with the hub factor
    h(i) = min(1, hub_degree / degree(i)): beyond `hub_degree` neighbours a node has one fixed amount of pull to spread
    over all of them, which is the resource allocation index of Zhou, Lü and Zhang, "Predicting missing links via local
    information", Eur. Phys. J. B 71 (2009) 623, here without a penalty on ordinary holders. Several links of one type
    between two nodes count once, by the strongest; different types add up. Raises InputError if a column is missing.
    """
    said = said_weights(view, parameters)
    links = np.flatnonzero(said)
    tail, head = view.tail[links], view.head[links]
    low, high, pair = _pairs(tail, head, len(view.ids))
    degree = np.bincount(low, minlength=len(view.ids)) + np.bincount(high, minlength=len(view.ids))
    hub = np.minimum(1.0, parameters.hub_degree / np.maximum(degree, 1))
    weight = said[links] * hub[tail] * hub[head]
    return HoldingNetwork(
        nodes=len(view.ids),
        links=links,
        tail=tail,
        head=head,
        pair=pair,
        weight=weight,
        over=over(view)[links],
        low=low,
        high=high,
        pair_weight=_pair_weights(pair, view.link_type[links], weight, len(low)),
        degree=degree,
    )


def said_weights(view: GraphView, parameters: ClusterParameters) -> NDArray[np.float64]:
    """What each link says about holding together, before hubs are weighed down: float64 (links), 0 for none."""
    by_trait = _by_type(view, parameters)[view.link_type]
    middle = np.where(np.isnan(share := view.column("share")), (0.0, 100.0), share).mean(axis=1) / 100
    held = parameters.least_share + (1 - parameters.least_share) * middle
    grades = np.array((1.0, *parameters.reliability_factors))
    factors = (
        np.where(view.links_with(*HOLDING), held, 1.0),
        np.where(view.column("interest") == LEGAL, parameters.legal_factor, 1.0),
        np.where(over(view), parameters.over_factor, 1.0),
        grades[view.column("reliability")],
    )
    member = view.nodes_of("Party", "Asset")
    weight: NDArray[np.float64] = by_trait * (member[view.tail] & member[view.head])
    for factor in factors:
        weight *= factor
    return weight


def over(view: GraphView) -> NDArray[np.bool_]:
    """Which links ended before the day of the graph or begin after it: bool (links)."""
    links = np.arange(len(view.link_ids))
    return view.over(links, date.fromisoformat(view.as_of).toordinal()) if view.as_of else np.zeros(len(links), bool)


def _by_type(view: GraphView, parameters: ClusterParameters) -> NDArray[np.float64]:
    weights = dict(parameters.trait_weights)
    kinds = (view.ontology.links[name] for name in view.link_types)
    return np.array([max((weights.get(trait, 0.0) for trait in kind.traits), default=0.0) for kind in kinds])


def _pairs(
    tail: NDArray[np.int32], head: NDArray[np.int32], nodes: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Lower and higher end of each pair of linked nodes, and the pair of each link."""
    key = np.minimum(tail, head).astype(np.int64) * nodes + np.maximum(tail, head)
    apart = tail != head
    keys, inverse = np.unique(key[apart], return_inverse=True)
    pair = np.full(len(key), -1, np.int64)
    pair[apart] = inverse
    return keys // max(nodes, 1), keys % max(nodes, 1), pair


def _pair_weights(
    pair: NDArray[np.int64], link_type: NDArray[np.uint8], weight: NDArray[np.float64], pairs: int
) -> NDArray[np.float64]:
    key = pair * 256 + link_type
    order = np.lexsort((weight, key))
    order = order[pair[order] >= 0]
    strongest = order[np.append(key[order][1:] != key[order][:-1], True)] if len(order) else order
    total = np.zeros(pairs)
    np.add.at(total, pair[strongest], weight[strongest])
    return total

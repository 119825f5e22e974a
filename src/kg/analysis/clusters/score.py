"""Which cluster should be looked at first, and why?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kg.analysis.clusters.network.holding_network import HoldingNetwork
from kg.analysis.clusters.parameters import ClusterParameters
from kg.findings import RedFlag, Score, ScoreTerm
from kg.view import FloatArray, GraphView, IntArray

MAX_POINTS = {"sought": 40.0, "assets": 20.0, "signs": 20.0, "evidence": 10.0, "cohesion": 10.0}
"""Points that each term can give at most; 100 together."""

HALF_POINTS_AT = {"sought": 1.0, "assets": 5.0, "signs": 1.0}
"""The count that gives half of the points: n gives n / (n + half)."""


@dataclass(frozen=True)
class CommunityScores:
    """The terms of every community's score, 0 to 1: float64 (nodes), by the community's smallest node."""

    parts: Mapping[str, FloatArray]

    def of_cluster(self, cluster: int) -> Score:
        """The score of one cluster."""
        parts = {name: float(self.parts[name][cluster]) for name in MAX_POINTS}
        terms = tuple(ScoreTerm(n, round(part, 4), round(MAX_POINTS[n] * part, 2)) for n, part in parts.items())
        return Score(round(sum(term.points for term in terms), 2), terms)

    def totals(self, clusters: IntArray) -> FloatArray:
        """The scores of some clusters, rounded as they are shown: float64 (clusters)."""
        points = [np.round(most * self.parts[name][clusters], 2) for name, most in MAX_POINTS.items()]
        return np.asarray(np.sum(points, axis=0).round(2))


def score_communities(
    view: GraphView,
    parameters: ClusterParameters,
    network: HoldingNetwork,
    community: IntArray,
    counts: Mapping[str, IntArray],
    signs: Mapping[int, Sequence[RedFlag]],
) -> CommunityScores:
    """The scores of all communities; `counts`: how many sought people and held assets each has, int64 (nodes).

    - sought, assets: their number, of assets without what each known holder gave up.
    - signs: the number of different red flags.
    - evidence: the mean factor of the reliability of its ties' best sources.
    - cohesion: the part of the weight of its members' links that stays inside: 1 minus the conductance
      (Kannan, Vempala and Vetta, "On clusterings: good, bad and spectral", J. ACM 51 (2004) 497).
    """
    count = {name: counts[name].astype(np.float64) for name in ("sought", "assets")}
    count["signs"] = np.zeros(len(community))
    for cluster, found in signs.items():
        count["signs"][cluster] = len({sign.indicator for sign in found})
    parts = {name: count[name] / (count[name] + half) for name, half in HALF_POINTS_AT.items()}
    parts["evidence"] = _reliability_part(view, parameters, network, community)
    parts["cohesion"] = _cohesion_part(network, community)
    return CommunityScores(parts)


def _reliability_part(
    view: GraphView, parameters: ClusterParameters, network: HoldingNetwork, community: IntArray
) -> FloatArray:
    inside = community[network.tail] == community[network.head]
    grades = np.array((1.0, *parameters.reliability_factors))[view.column("reliability")[network.links[inside]]]
    where = community[network.tail[inside]]
    number = np.bincount(where, minlength=len(community))
    return np.bincount(where, weights=grades, minlength=len(community)) / np.maximum(number, 1)


def _cohesion_part(network: HoldingNetwork, community: IntArray) -> FloatArray:
    one, other = community[network.low], community[network.high]
    inside = np.bincount(one, weights=np.where(one == other, network.pair_weight, 0), minlength=len(community))
    touching = np.bincount(one, weights=network.pair_weight, minlength=len(community))
    touching += np.bincount(other, weights=np.where(one == other, 0, network.pair_weight), minlength=len(community))
    return np.divide(inside, touching, out=np.zeros(len(community)), where=touching > 0)

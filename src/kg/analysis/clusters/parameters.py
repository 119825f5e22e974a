"""How are links weighed, how is the network partitioned, and which of these numbers can be set?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from kg.errors import InputError
from kg.records import RELIABILITIES

DOCUMENT_WEIGHT = 0.3
"""Weight of an identity document that two parties share."""

PAYMENT_HALF = 1.0
"""The number of payments between two nodes that has half of the largest weight of payments."""

LEAST_SHARE = 0.1
"""Factor of a holding of 0 %; it grows evenly with the middle of the interval to 1 at 100 %. An unstated share is 0 to
100 %."""

LEGAL_FACTOR = 0.5
"""Factor of a mere legal interest: somebody else has the benefit."""

OVER_FACTOR = 0.3
"""Factor of a link that ended before the day of the graph or begins after it. A link without dates is in force."""

RANDOMNESS = 0.001
"""How far Leiden may deviate from the best move while it refines."""

ITERATIONS = 1
"""Runs of Leiden, each from the partition of the one before."""

TRIAL_PAIRS = 20_000
"""Pairs of the largest component that is partitioned with several seeds: in a larger one, the part that another seed
would change is small."""

PROFESSIONAL_CLUSTERS = 3
"""Clusters in which a professional serves enterprises, at least."""

CIRCULAR_LENGTH = 12
"""Most nodes of a circular holding that is listed."""

CONSTANTS: Mapping[str, float | int] = {
    "paper_weight": DOCUMENT_WEIGHT,
    "payment_half": PAYMENT_HALF,
    "least_share": LEAST_SHARE,
    "legal_factor": LEGAL_FACTOR,
    "over_factor": OVER_FACTOR,
    "randomness": RANDOMNESS,
    "iterations": ITERATIONS,
    "trial_pairs": TRIAL_PAIRS,
    "professional_clusters": PROFESSIONAL_CLUSTERS,
    "circular_length": CIRCULAR_LENGTH,
}
"""What nobody sets, by the names under which answers state it beside the parameters."""


@dataclass(frozen=True)
class ClusterParameters:
    """What can be set: the main weights, the fineness of the partition, and which clusters are reported.

    `kg.analysis.clusters.network.holding_network` has the formula of the weights.
    """

    trait_weights: tuple[tuple[str, float], ...] = (
        ("ownership", 1.0),
        ("benefit", 1.0),
        ("control", 0.6),
        ("kinship", 0.6),
        ("payment", 0.2),
    )
    """The weight of a link by its traits; of several the strongest counts. Only links between parties and assets have a
    weight. Places, citizenship, registration, proceedings and possible identity have none: a namesake does not join a
    cluster before somebody has decided who it is."""
    half_life: float = 15.0
    """Years in which a link that is not in force, or an event, loses half of its weight."""
    reliability_factors: tuple[float, ...] = (1.0, 0.9, 0.75, 0.5, 0.25, 0.75)
    """Factor of each grade from A to F. F is unknown, not low, and counts like the middle."""
    hub_degree: int = 20
    """Most neighbours of a node that is no hub."""
    resolution: float = 0.0075
    """Weight per pair of nodes below which two groups are separate clusters; a higher value gives smaller clusters."""
    seed: int = 1
    """Seed of Leiden, above 0."""
    trials: int = 5
    """Seeds tried, from `seed` on, in a component of at most TRIAL_PAIRS pairs; the best partition counts."""
    professional_enterprises: int = 10
    """Enterprises that a professional controls, or is the legal holder of, at least."""
    minimum_members: int = 2
    """Fewest members of a cluster that is reported."""
    only_sought: bool = False
    """Whether only clusters with a person who is sought are reported."""
    circular_limit: int = 100
    """Most circular holdings listed of one cluster."""

    def __post_init__(self) -> None:
        """Raises InputError for a value out of range."""
        weights = [weight for _, weight in self.trait_weights]
        _require(bool(weights) and min(weights) > 0, "trait_weights", "weights above 0")
        _require(all(0 < f <= 1 for f in self.reliability_factors), "reliability_factors", "above 0, at most 1")
        _require(len(self.reliability_factors) == len(RELIABILITIES), "reliability_factors", "one for each grade")
        for name in ("resolution", "half_life"):
            _require(getattr(self, name) > 0, name, "above 0")
        for name in ("hub_degree", "seed", "trials", "minimum_members", "circular_limit"):
            _require(getattr(self, name) >= 1, name, "1 or more")

    def to_json(self) -> Mapping[str, float | int | str]:
        """Every parameter and constant as one number or word; a weight or factor by its trait or grade."""
        plain = {**CONSTANTS, **{f.name: getattr(self, f.name) for f in fields(self)}}
        for trait, weight in plain.pop("trait_weights"):
            plain[f"weight_{trait}"] = weight
        for grade, factor in zip(RELIABILITIES, plain.pop("reliability_factors"), strict=True):
            plain[f"reliability_{grade}"] = factor
        return dict(sorted(plain.items()))

    @classmethod
    def from_json(cls, data: Mapping[str, float | int | str]) -> ClusterParameters:
        """The parameters that `to_json` returned. Raises InputError for those of a version with others."""
        plain = dict(data)
        weights = [(n.removeprefix("weight_"), float(plain.pop(n))) for n in data if n.startswith("weight_")]
        grades = [float(plain.pop(f"reliability_{g}", 0.0)) for g in RELIABILITIES]
        constants = {name: plain.pop(name, None) for name in CONSTANTS}
        expected = {f.name for f in fields(cls)} - {"trait_weights", "reliability_factors"}
        if constants != CONSTANTS or set(plain) != expected:
            raise InputError("cluster parameters: expected those of this version")
        return cls(trait_weights=tuple(weights), reliability_factors=tuple(grades), **plain)  # type: ignore[arg-type]  # each is of its field's type, as JSON kept it


def _require(holds: bool, name: str, expected: str) -> None:
    if not holds:
        raise InputError(f"cluster parameter {name}: expected {expected}")

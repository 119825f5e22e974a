"""What can be set about asset clusters, and why is it set as it is?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from kg.errors import InputError
from kg.records import RELIABILITIES


@dataclass(frozen=True)
class ClusterParameters:
    """How links are weighed, how the network is cut, and which clusters are kept.

    The weight of a link is a product of what it says: its trait, the share held, the interest, whether it is over, the
    reliability of its best source, and the hub factor of each end (the formula is in
    `kg.analysis.clusters.network.holding_network`).
    """

    trait_weights: tuple[tuple[str, float], ...] = (
        ("ownership", 1.0),
        ("benefit", 1.0),
        ("control", 0.6),
        ("kinship", 0.6),
        ("payment", 0.2),
    )
    """What holds a cluster together, and how strongly; a link type with several traits counts by the strongest. Only
    links between parties and assets count. Places, citizenship, registration and proceedings hold nothing together, nor
    does that two may be one: a namesake is not drawn in before somebody has decided."""
    paper_weight: float = 0.3
    """Weight of an identity paper that two parties share."""
    payment_half: float = 1.0
    """So many payments between two weigh half of what payments can weigh."""
    least_share: float = 0.1
    """Factor of a holding of 0 %; 100 % has 1, and between them it grows evenly with the middle of the interval.
    A share that nobody states is 0 to 100 %."""
    legal_factor: float = 0.5
    """Factor of a mere legal interest: the benefit is somebody else's."""
    over_factor: float = 0.3
    """Factor of a link that ended before the day of the graph, or begins after it. A link without dates is not over."""
    half_life: float = 15.0
    """Years in which a link that is over, or an event, loses half of its weight."""
    reliability_factors: tuple[float, ...] = (1.0, 0.9, 0.75, 0.5, 0.25, 0.75)
    """Factor of each grade from A to F. F is unknown, not low, and counts like the middle."""
    hub_degree: int = 20
    """Number of neighbours up to which a node is no hub."""
    resolution: float = 0.0075
    """Weight per pair of nodes below which two groups are kept apart; higher gives smaller clusters."""
    randomness: float = 0.001
    """How far Leiden may stray from the best move while it refines."""
    iterations: int = 1
    """Runs of Leiden, each starting from the partition before."""
    seed: int = 1
    """Seed of Leiden, above 0."""
    trials: int = 5
    """Seeds tried, from `seed` on, in a component of at most `trial_pairs` pairs; the best cut counts."""
    trial_pairs: int = 20_000
    """A larger component is cut once: there a part that another seed would cut better is a small part of the whole."""
    professional_enterprises: int = 10
    """A party that controls, or is the legal holder of, at least so many enterprises …"""
    professional_clusters: int = 3
    """… in at least so many clusters is a professional."""
    minimum_members: int = 2
    """Fewest members of a cluster that is kept."""
    only_sought: bool = False
    """Whether to keep only clusters with a person who is sought."""
    circular_length: int = 12
    """Most nodes on a circular holding that is listed."""
    circular_limit: int = 100
    """Most circular holdings listed for one cluster."""

    def __post_init__(self) -> None:
        """Raises InputError for a value that makes no sense."""
        weights = [weight for _, weight in self.trait_weights]
        factors = (self.least_share, self.legal_factor, self.over_factor, *self.reliability_factors)
        _require(bool(weights) and min(weights) > 0, "trait_weights", "weights above 0")
        _require(all(0 < f <= 1 for f in factors), "factors", "above 0, at most 1")
        _require(len(self.reliability_factors) == len(RELIABILITIES), "reliability_factors", "one for each grade")
        for name in ("resolution", "randomness", "paper_weight", "payment_half", "half_life"):
            _require(getattr(self, name) > 0, name, "above 0")
        for name in (
            "hub_degree",
            "iterations",
            "seed",
            "trials",
            "minimum_members",
            "circular_length",
            "circular_limit",
        ):
            _require(getattr(self, name) >= 1, name, "1 or more")

    def to_json(self) -> Mapping[str, float | int | str]:
        """Every parameter as one number or word; a weight or factor stands under its trait or grade."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        for trait, weight in plain.pop("trait_weights"):
            plain[f"weight_{trait}"] = weight
        for grade, factor in zip(RELIABILITIES, plain.pop("reliability_factors"), strict=True):
            plain[f"reliability_{grade}"] = factor
        return dict(sorted(plain.items()))

    @classmethod
    def from_json(cls, data: Mapping[str, float | int | str]) -> ClusterParameters:
        """What `to_json` made plain. Raises InputError for what a version of other parameters wrote."""
        plain = dict(data)
        weights = [(n.removeprefix("weight_"), float(plain.pop(n))) for n in data if n.startswith("weight_")]
        grades = [float(plain.pop(f"reliability_{g}", 0.0)) for g in RELIABILITIES]
        if set(plain) != {f.name for f in fields(cls)} - {"trait_weights", "reliability_factors"}:
            raise InputError("cluster parameters: expected those of this version")
        return cls(trait_weights=tuple(weights), reliability_factors=tuple(grades), **plain)  # type: ignore[arg-type]  # each is of its field's type, as JSON kept it


def _require(holds: bool, name: str, expected: str) -> None:
    if not holds:
        raise InputError(f"cluster parameter {name}: expected {expected}")

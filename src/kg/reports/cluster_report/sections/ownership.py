"""What do the people sought, their kin and nominees own of a cluster's assets in the end?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.findings import Cluster, Holding, Share
from kg.reports.context import Surroundings
from kg.reports.entries import Evidence
from kg.reports.evidence import voices


@dataclass(frozen=True, slots=True)
class Owned:
    """What one person owns of one asset through all chains: each share an interval in percent."""

    asset_id: str
    asset: str
    person_id: str
    person: str
    role: str
    beneficial: Share
    legal: Share
    through: tuple[str, ...]
    """What stands between them on the largest chain; empty where the asset is held directly."""
    more: bool
    """Whether there are other chains."""
    evidence: tuple[Evidence, ...]
    """Who says the steps of that chain."""


def owned(around: Surroundings, cluster: Cluster, holdings: Sequence[Holding]) -> tuple[Owned, ...]:
    """The holdings asset by asset, in the order of the members; the largest of each first."""
    order = {m.id: i for i, m in enumerate(cluster.members)}
    roles: Mapping[str, str] = {m.id: m.role for m in cluster.members}
    seen = [h for h in holdings if _shown(around, h)]
    seen.sort(key=lambda h: (order[h.held], -max(h.beneficial.high, h.legal.high), order[h.holder]))
    return tuple(_owned(around, holding, roles[holding.holder]) for holding in seen)


def steps(holdings: Iterable[Holding]) -> set[str]:
    """The links on the chains that are told."""
    return {link for h in holdings for chain in h.chains[:1] for step in chain.steps for link in step.links}


def _shown(around: Surroundings, holding: Holding) -> bool:
    return {holding.holder, holding.held} <= around.nodes.keys() and steps([holding]) <= around.links.keys()


def _owned(around: Surroundings, holding: Holding, role: str) -> Owned:
    chain = holding.chains[0].steps if holding.chains else ()
    claims = (c for step in chain for link in step.links for c in around.claims.get(link, ()))
    return Owned(
        asset_id=holding.held,
        asset=around.called(holding.held),
        person_id=holding.holder,
        person=around.called(holding.holder),
        role=role,
        beneficial=holding.beneficial,
        legal=holding.legal,
        through=tuple(around.called(step.held) for step in chain[:-1]),
        more=holding.more_chains or len(holding.chains) > 1,
        evidence=voices(claims, around.sources),
    )

"""What do the people sought, their relatives and nominees ultimately own of a cluster's assets?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.findings import Cluster, Holding, Share
from kg.findings.statements import undated_end_sentences
from kg.reports.context import ReportContext
from kg.reports.entries import EvidenceEntry
from kg.reports.evidence import evidence_entries


@dataclass(frozen=True, slots=True)
class OwnershipEntry:
    """What one person owns of one asset through all chains; each share is an interval in per cent."""

    asset_id: str
    asset: str
    person_id: str
    person: str
    role: str
    beneficial: Share
    legal: Share
    through: tuple[str, ...]
    """The entities between them on the largest chain; empty if the asset is held directly."""
    more: bool
    """Whether there are other chains."""
    evidence: tuple[EvidenceEntry, ...]
    """Who says the links of that chain."""
    doubts: tuple[str, ...] = ()
    """The links of that chain that are stated to be over, and count."""


def ownership_entries(
    context: ReportContext, cluster: Cluster, holdings: Sequence[Holding]
) -> tuple[OwnershipEntry, ...]:
    """The holdings asset by asset, in the order of the members; the largest of each first."""
    order = {m.id: i for i, m in enumerate(cluster.members)}
    nodes, links = context.nodes.keys(), context.links.keys()
    visible = [h for h in holdings if {h.holder, h.held} <= nodes and chain_link_ids([h]) <= links]
    visible.sort(key=lambda h: (order[h.held], -max(h.beneficial.high, h.legal.high), order[h.holder]))
    return tuple(_ownership_entry(context, h, cluster.members[order[h.holder]].role) for h in visible)


def chain_link_ids(holdings: Iterable[Holding]) -> set[str]:
    """The links on the largest chain of each holding."""
    return {link for h in holdings for chain in h.chains[:1] for step in chain.steps for link in step.links}


def _ownership_entry(context: ReportContext, holding: Holding, role: str) -> OwnershipEntry:
    chain = holding.chains[0].steps if holding.chains else ()
    links = [context.links[link] for step in chain for link in step.links]
    claims = (c for link in links for c in context.claims.get(link.id, ()))
    return OwnershipEntry(
        asset_id=holding.held,
        asset=context.display_name(holding.held),
        person_id=holding.holder,
        person=context.display_name(holding.holder),
        role=role,
        beneficial=holding.beneficial,
        legal=holding.legal,
        through=tuple(context.display_name(step.held) for step in chain[:-1]),
        more=holding.more_chains or len(holding.chains) > 1,
        evidence=evidence_entries(claims, context.sources),
        doubts=tuple(dict.fromkeys(undated_end_sentences(links, context.nodes))),
    )

"""What do sought people, their relatives and nominees own of the assets of their cluster, through all chains?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kg.analysis.ownership.chains import ChainGraph, ChainSearchResult, build_chains, largest_chains
from kg.analysis.ownership.effective import OwnershipQuestion, direct_shares, holdings_of
from kg.analysis.ownership.integrated import integrated_ownership
from kg.analysis.ownership.shares import DirectShares, holding_links
from kg.analysis.ownership.topological_order import reachable_nodes
from kg.findings import NO_SHARE, Cluster, Holding, Share
from kg.view import BoolArray, GraphView, IntArray

HOLDER_ROLES = ("sought", "relative", "nominee")
"""Roles of the members whose holdings are computed, in a cluster with somebody sought."""

SharesByPair = dict[tuple[int, int], dict[str, Share]]
"""The share under each interest, by holder and what it holds."""


@dataclass(frozen=True)
class _HoldingsBelow:
    """Everything that the holders of all clusters own, computed once; nodes are positions in the view."""

    view: GraphView
    direct: Mapping[str, DirectShares]
    graphs: Mapping[str, ChainGraph]
    shares: SharesByPair
    owned_nodes: frozenset[int]
    """Nodes that anybody owns."""


def holdings_inside(view: GraphView, clusters: Sequence[Cluster], as_of: str = "") -> dict[str, tuple[Holding, ...]]:
    """By cluster, what each such member owns of each asset: largest first, each with its largest chain.

    An enterprise that owns other members is a step of the chains to them and not listed. The shares are those of
    `holdings_of`, computed for all clusters at once, so that a thousand clusters take seconds. The view must have
    COLUMNS.
    """
    direct = holding_links(view)
    asked = {
        c.id: ([view.index(m.id) for m in c.with_role(*HOLDER_ROLES)], _cluster_assets(view, c, direct))
        for c in clusters
        if c.with_role("sought")
    }
    holders = np.unique(np.array([n for some, _ in asked.values() for n in some], np.int64))
    below = _compute_below(view, direct, holders, as_of)
    return {name: tuple(_cluster_holdings(below, *some, as_of)) for name, some in asked.items()}


def _cluster_assets(view: GraphView, cluster: Cluster, direct: BoolArray) -> frozenset[int]:
    """The assets of a cluster; enterprises only where they own no other member."""
    members = {view.index(m.id): m for m in cluster.members}
    hold = {n for n in members if any(direct[k] and int(view.head[k]) in members for k in view.outgoing.of(n))}
    is_a = view.ontology.is_a
    return frozenset(
        n for n, m in members.items() if is_a(m.type, "Asset") and not (n in hold and is_a(m.type, "Enterprise"))
    )


def _compute_below(view: GraphView, holding: BoolArray, holders: IntArray, as_of: str) -> _HoldingsBelow:
    reached = reachable_nodes(len(view.ids), holders, view.tail[holding], view.head[holding])
    # The shares of others in the same things are needed too: they limit what can be left for anybody.
    direct = direct_shares(view, holding & reached[view.head], as_of)
    found: defaultdict[tuple[int, int], dict[str, Share]] = defaultdict(dict)
    for name, some in direct.items():
        integrated = integrated_ownership(some)
        mine = np.flatnonzero(np.isin(integrated.holder, holders))
        columns = (integrated.holder, integrated.held, integrated.low, integrated.high)
        for holder, held, low, high in zip(*(column[mine].tolist() for column in columns), strict=True):
            found[holder, held][name] = Share.from_fractions(low, high)
    searches = {name: ChainGraph.from_shares(some, upwards=False) for name, some in direct.items()}
    owned = frozenset(n for some in direct.values() for n in np.unique(some.held).tolist())
    return _HoldingsBelow(view, direct, searches, dict(found), owned)


def _cluster_holdings(
    below: _HoldingsBelow, holders: Iterable[int], assets: frozenset[int], as_of: str
) -> list[Holding]:
    found: list[Holding] = []
    for holder in holders:
        if holder in below.owned_nodes:
            # Nobody owns a person; a party of unknown kind may have an owner, who is then left out of the question.
            question = OwnershipQuestion(below.view.id(holder), as_of, most_chains=1, most=len(below.view.ids))
            found += holdings_of(below.view, question, among=assets).holdings
        else:
            found += _holdings_of(below, holder, assets)
    return sorted(found, key=lambda h: (-max(h.beneficial.high, h.legal.high), h.held, h.holder))


def _holdings_of(below: _HoldingsBelow, holder: int, assets: frozenset[int]) -> list[Holding]:
    amounts = {held: below.shares[holder, held] for held in sorted(assets) if (holder, held) in below.shares}
    if not amounts:
        return []
    searches = {name: largest_chains(some, holder, 1) for name, some in below.graphs.items()}
    holdings = (_holding(below, searches, (holder, held), found) for held, found in amounts.items())
    return [h for h in holdings if max(h.beneficial.high, h.legal.high) > 0]


def _holding(
    below: _HoldingsBelow, searches: Mapping[str, ChainSearchResult], ends: tuple[int, int], found: Mapping[str, Share]
) -> Holding:
    view, (holder, held) = below.view, ends
    paths = {interest: search.chains.get(held, ()) for interest, search in searches.items()}
    return Holding(
        holder=view.id(holder),
        held=view.id(held),
        place="person" if view.ontology.is_a(view.type(holder), "Person") else "last known",
        beneficial=found.get("beneficial", NO_SHARE),
        legal=found.get("legal", NO_SHARE),
        chains=tuple(build_chains(view, below.direct, paths)),
        more_chains=any(held in some.incomplete or some.is_truncated for some in searches.values()),
    )

"""What do the people sought in a cluster, their kin and its nominees own of its assets, through all chains?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.analysis.ownership.chains import ChainGraph, ChainSearchResult, build_chain, largest_chains, to_percent
from kg.analysis.ownership.effective import OwnershipQuestion, direct_shares, holdings_of
from kg.analysis.ownership.integrated import integrated_ownership
from kg.analysis.ownership.shares import COLUMNS, DirectShares, holding_links
from kg.analysis.ownership.topological_order import reachable_nodes
from kg.findings import NO_SHARE, Cluster, Holding, OwnershipChain, Share
from kg.view import GraphView

__all__ = ["COLUMNS", "holdings_inside"]

HOLDER_ROLES = ("sought", "relative", "nominee")
"""Roles of the members that are asked about, in a cluster with somebody sought."""

SharesByPair = dict[tuple[int, int], dict[str, Share]]
"""A holder and what it holds, with the share under each interest."""


@dataclass(frozen=True)
class _HoldingsBelow:
    """Everything that some holders hold, under each interest: asked about once for all of them."""

    view: GraphView
    direct: Mapping[str, DirectShares]
    graphs: Mapping[str, ChainGraph]
    shares: SharesByPair
    owned_nodes: frozenset[int]
    """What somebody holds."""


def holdings_inside(view: GraphView, clusters: Sequence[Cluster], as_of: str = "") -> dict[str, tuple[Holding, ...]]:
    """By cluster, what each such member holds of each asset: largest first, each with its largest chain.

    An enterprise through which other members are held is a step to them, and told as such. The shares are those of
    `held_by`; they are worked out at once, so that a thousand clusters take seconds. The view must have COLUMNS.
    """
    direct = holding_links(view)
    asked = {
        c.id: (_cluster_holders(view, c), _cluster_assets(view, c, direct)) for c in clusters if c.with_role("sought")
    }
    holders = np.unique(np.array([n for some, _ in asked.values() for n in some], np.int64))
    below = _compute_below(view, direct, holders, as_of)
    return {name: tuple(_cluster_holdings(below, *some, as_of)) for name, some in asked.items()}


def _cluster_holders(view: GraphView, cluster: Cluster) -> list[int]:
    return [view.index(m.id) for m in cluster.with_role(*HOLDER_ROLES)]


def _cluster_assets(view: GraphView, cluster: Cluster, direct: NDArray[np.bool_]) -> frozenset[int]:
    """The assets; of enterprises those that hold no other member."""
    members = {view.index(m.id): m for m in cluster.members}
    hold = {n for n in members if any(direct[k] and int(view.head[k]) in members for k in view.outgoing.of(n))}
    is_a = view.ontology.is_a
    return frozenset(
        n for n, m in members.items() if is_a(m.type, "Asset") and not (n in hold and is_a(m.type, "Enterprise"))
    )


def _compute_below(
    view: GraphView, holding: NDArray[np.bool_], holders: NDArray[np.int64], as_of: str
) -> _HoldingsBelow:
    reached = reachable_nodes(len(view.ids), holders, view.tail[holding], view.head[holding])
    # What others hold of the same things matters too: it is part of what is left to anybody.
    direct = direct_shares(view, holding & reached[view.head], as_of)
    found: defaultdict[tuple[int, int], dict[str, Share]] = defaultdict(dict)
    for name, some in direct.items():
        all_of_it = integrated_ownership(some)
        mine = np.flatnonzero(np.isin(all_of_it.holder, holders))
        columns = (all_of_it.holder, all_of_it.held, all_of_it.low, all_of_it.high)
        for holder, held, low, high in zip(*(column[mine].tolist() for column in columns), strict=True):
            found[holder, held][name] = to_percent(low, high)
    ways = {name: ChainGraph.from_shares(some, upwards=False) for name, some in direct.items()}
    owned = frozenset(n for some in direct.values() for n in np.unique(some.held).tolist())
    return _HoldingsBelow(view, direct, ways, dict(found), owned)


def _cluster_holdings(
    below: _HoldingsBelow, holders: Iterable[int], assets: frozenset[int], as_of: str
) -> list[Holding]:
    found: list[Holding] = []
    for holder in holders:
        if holder in below.owned_nodes:
            # A person is owned by nobody. A party of unsaid kind that is, is asked about as if nobody owned it.
            question = OwnershipQuestion(below.view.id(holder), as_of, most_chains=1, most=len(below.view.ids))
            names = {below.view.id(n) for n in assets}
            found += [h for h in holdings_of(below.view, question).holdings if h.held in names]
        else:
            found += _holdings_of(below, holder, assets)
    return sorted(found, key=lambda h: (-max(h.beneficial.high, h.legal.high), h.held, h.holder))


def _holdings_of(below: _HoldingsBelow, holder: int, assets: frozenset[int]) -> list[Holding]:
    amounts = {held: below.shares[holder, held] for held in sorted(assets) if (holder, held) in below.shares}
    if not amounts:
        return []
    ways = {name: largest_chains(some, holder, 1) for name, some in below.graphs.items()}
    holdings = (_holding(below, ways, (holder, held), found) for held, found in amounts.items())
    return [h for h in holdings if max(h.beneficial.high, h.legal.high) > 0]


def _holding(
    below: _HoldingsBelow, ways: Mapping[str, ChainSearchResult], ends: tuple[int, int], found: Mapping[str, Share]
) -> Holding:
    view, (holder, held) = below.view, ends
    return Holding(
        holder=view.id(holder),
        held=view.id(held),
        place="person" if view.ontology.is_a(view.type(holder), "Person") else "last known",
        beneficial=found.get("beneficial", NO_SHARE),
        legal=found.get("legal", NO_SHARE),
        chains=tuple(_largest_chains(below, ways, held)),
        more_chains=any(held in some.incomplete or some.is_truncated for some in ways.values()),
    )


def _largest_chains(below: _HoldingsBelow, ways: Mapping[str, ChainSearchResult], held: int) -> list[OwnershipChain]:
    """The largest chain under each interest; told once where it is the same."""
    told_of: dict[OwnershipChain, list[str]] = {}
    for name, some in ways.items():
        for row in some.chains.get(held, ())[:1]:
            told_of.setdefault(build_chain(below.direct[name], below.view, row, ()), []).append(name)
    return [OwnershipChain(tuple(names), chain.steps, chain.share) for chain, names in told_of.items()]

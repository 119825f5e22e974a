"""What do the people sought in a cluster, their kin and its nominees own of its assets, through all chains?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.analysis.ownership.chains import Found, Ways, chains, percent, told
from kg.analysis.ownership.effective import OwnershipQuestion, direct_shares, held_by
from kg.analysis.ownership.integrated import integrated
from kg.analysis.ownership.shares import COLUMNS, Shares, holding_links
from kg.analysis.ownership.topological_order import reach
from kg.findings import NOTHING, Chain, Cluster, Holding, Share
from kg.view import GraphView

__all__ = ["COLUMNS", "held_inside"]

HOLDERS = ("sought", "relative", "nominee")
"""Roles of the members that are asked about, in a cluster with somebody sought."""

Pairs = dict[tuple[int, int], dict[str, Share]]
"""A holder and what it holds, with the share under each interest."""


@dataclass(frozen=True)
class _Below:
    """Everything that some holders hold, under each interest: asked about once for all of them."""

    view: GraphView
    direct: Mapping[str, Shares]
    ways: Mapping[str, Ways]
    found: Pairs
    owned: frozenset[int]
    """What somebody holds."""


def held_inside(view: GraphView, wanted: Sequence[Cluster], as_of: str = "") -> dict[str, tuple[Holding, ...]]:
    """By cluster, what each such member holds of each asset: largest first, each with its largest chain.

    An enterprise through which other members are held is a step to them, and told as such. The shares are those of
    `held_by`; they are worked out at once, so that a thousand clusters take seconds. The view must have COLUMNS.
    """
    direct = holding_links(view)
    asked = {c.id: (_holders(view, c), _things(view, c, direct)) for c in wanted if c.with_role("sought")}
    holders = np.unique(np.array([n for some, _ in asked.values() for n in some], np.int64))
    below = _below(view, direct, holders, as_of)
    return {name: tuple(_held(below, *some, as_of)) for name, some in asked.items()}


def _holders(view: GraphView, cluster: Cluster) -> list[int]:
    return [view.index(m.id) for m in cluster.with_role(*HOLDERS)]


def _things(view: GraphView, cluster: Cluster, direct: NDArray[np.bool_]) -> frozenset[int]:
    """The assets; of enterprises those that hold no other member."""
    members = {view.index(m.id): m for m in cluster.members}
    hold = {n for n in members if any(direct[k] and int(view.head[k]) in members for k in view.outgoing.of(n))}
    is_a = view.ontology.is_a
    return frozenset(
        n for n, m in members.items() if is_a(m.type, "Asset") and not (n in hold and is_a(m.type, "Enterprise"))
    )


def _below(view: GraphView, holding: NDArray[np.bool_], holders: NDArray[np.int64], as_of: str) -> _Below:
    reached = reach(len(view.ids), holders, view.tail[holding], view.head[holding])
    # What others hold of the same things matters too: it is part of what is left to anybody.
    direct = direct_shares(view, holding & reached[view.head], as_of)
    found: defaultdict[tuple[int, int], dict[str, Share]] = defaultdict(dict)
    for name, some in direct.items():
        all_of_it = integrated(some)
        mine = np.flatnonzero(np.isin(all_of_it.holder, holders))
        columns = (all_of_it.holder, all_of_it.held, all_of_it.low, all_of_it.high)
        for holder, held, low, high in zip(*(column[mine].tolist() for column in columns), strict=True):
            found[holder, held][name] = percent(low, high)
    ways = {name: Ways.of(some, up=False) for name, some in direct.items()}
    owned = frozenset(n for some in direct.values() for n in np.unique(some.held).tolist())
    return _Below(view, direct, ways, dict(found), owned)


def _held(below: _Below, holders: Iterable[int], things: frozenset[int], as_of: str) -> list[Holding]:
    found: list[Holding] = []
    for holder in holders:
        if holder in below.owned:
            # A person is owned by nobody. A party of unsaid kind that is, is asked about as if nobody owned it.
            question = OwnershipQuestion(below.view.id(holder), as_of, most_chains=1, most=len(below.view.ids))
            names = {below.view.id(n) for n in things}
            found += [h for h in held_by(below.view, question).holdings if h.held in names]
        else:
            found += _of_one(below, holder, things)
    return sorted(found, key=lambda h: (-max(h.beneficial.high, h.legal.high), h.held, h.holder))


def _of_one(below: _Below, holder: int, things: frozenset[int]) -> list[Holding]:
    amounts = {held: below.found[holder, held] for held in sorted(things) if (holder, held) in below.found}
    if not amounts:
        return []
    ways = {name: chains(some, holder, 1) for name, some in below.ways.items()}
    holdings = (_holding(below, ways, (holder, held), found) for held, found in amounts.items())
    return [h for h in holdings if max(h.beneficial.high, h.legal.high) > 0]


def _holding(below: _Below, ways: Mapping[str, Found], ends: tuple[int, int], found: Mapping[str, Share]) -> Holding:
    view, (holder, held) = below.view, ends
    return Holding(
        holder=view.id(holder),
        held=view.id(held),
        place="person" if view.ontology.is_a(view.type(holder), "Person") else "last known",
        beneficial=found.get("beneficial", NOTHING),
        legal=found.get("legal", NOTHING),
        chains=tuple(_largest(below, ways, held)),
        more_chains=any(held in some.more or some.ended for some in ways.values()),
    )


def _largest(below: _Below, ways: Mapping[str, Found], held: int) -> list[Chain]:
    """The largest chain under each interest; told once where it is the same."""
    told_of: dict[Chain, list[str]] = {}
    for name, some in ways.items():
        for row in some.rows.get(held, ())[:1]:
            told_of.setdefault(told(below.direct[name], below.view, row, ()), []).append(name)
    return [Chain(tuple(names), chain.steps, chain.share) for chain, names in told_of.items()]

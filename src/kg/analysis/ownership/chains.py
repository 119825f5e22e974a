"""Through which chains does somebody own something?"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kg.analysis.ownership.shares import DirectShares
from kg.analysis.ownership.topological_order import reachable_nodes
from kg.findings import OwnershipChain, OwnershipStep, Share
from kg.view import GraphView, IntArray

PairPath = tuple[int, ...]
"""Positions of pairs in `DirectShares`, from the holder to what it holds."""

MAX_PARTIAL_CHAINS = 20_000
"""Most partial chains that one search looks at."""


@dataclass(frozen=True)
class ChainGraph:
    """The pairs of `DirectShares` in one direction, ready for searches: `adjacency` has the pairs of each node."""

    adjacency: Mapping[int, Sequence[int]]
    ends: Sequence[int]
    low: Sequence[float]
    high: Sequence[float]
    upwards: bool
    targets: frozenset[int] | None = None
    """The nodes to which chains are wanted; all when None."""

    @classmethod
    def from_shares(cls, direct: DirectShares, *, upwards: bool, targets: IntArray | None = None) -> ChainGraph:
        """Upwards from what is held to its holders, or downwards; with `targets`, only pairs that lead to these."""
        near, far = (direct.held, direct.holder) if upwards else (direct.holder, direct.held)
        pairs = np.arange(len(near))
        if targets is not None:
            nodes = max(near.max(initial=0), far.max(initial=0), targets.max(initial=0)) + 1
            pairs = pairs[reachable_nodes(int(nodes), targets, far, near)[far]]
        beside = defaultdict[int, list[int]](list)
        for pair, at in zip(pairs.tolist(), near[pairs].tolist(), strict=True):
            beside[at].append(pair)
        wanted = None if targets is None else frozenset(targets.tolist())
        return cls(dict(beside), far.tolist(), direct.low.tolist(), direct.high.tolist(), upwards, wanted)


@dataclass(frozen=True)
class ChainSearchResult:
    """The chains between one node and others, by the other node, largest first; `incomplete`: nodes with more."""

    chains: dict[int, list[PairPath]]
    incomplete: frozenset[int]
    is_truncated: bool
    """Whether the search ended before all chains were found: there may be further ones to any node."""


def largest_chains(graph: ChainGraph, node: int, most: int) -> ChainSearchResult:
    """The `most` largest chains that lead to `node` (upwards) or from it and pass no node twice.

    Best-first search by the upper bound of the share, then the lower bound, then fewer steps, then the order of pairs.
    A chain never grows when it is extended, so the first to reach a node is the largest.
    """
    ends, low, high = graph.ends, graph.low, graph.high
    found, passages, more = defaultdict[int, list[PairPath]](list), Counter[int](), set[int]()
    heap: list[tuple[float, float, int, PairPath, int, frozenset[int]]]
    heap = [(-1.0, -1.0, 0, (), node, frozenset((node,)))]
    looked = 0
    while heap and looked < MAX_PARTIAL_CHAINS:
        minus_high, minus_low, length, row, at, passed = heapq.heappop(heap)
        looked += 1
        if row:
            if passages[at] == most:
                more.add(at)
                continue  # every extension of it is smaller than chains that are known
            passages[at] += 1
            if graph.targets is None or at in graph.targets:
                found[at].append(row[::-1] if graph.upwards else row)
        for pair in graph.adjacency.get(at, ()):
            if ends[pair] not in passed:
                share = (minus_high * high[pair], minus_low * low[pair])
                heapq.heappush(heap, (*share, length + 1, (*row, pair), ends[pair], passed | {ends[pair]}))
    return ChainSearchResult(dict(found), frozenset(more), bool(heap))


def build_chains(
    view: GraphView, direct: Mapping[str, DirectShares], paths: Mapping[str, Sequence[PairPath]]
) -> list[OwnershipChain]:
    """The chains of each interest; one that is the same under both interests is listed once."""
    merged: dict[OwnershipChain, list[str]] = {}
    for interest, found in paths.items():
        for path in found:
            merged.setdefault(_build_chain(direct[interest], view, path), []).append(interest)
    return [replace(chain, interests=tuple(interests)) for chain, interests in merged.items()]


def _build_chain(direct: DirectShares, view: GraphView, path: PairPath) -> OwnershipChain:
    """A chain in ids and percentages, without interests."""
    steps, low, high = [], 1.0, 1.0
    for pair in path:
        ends = view.id(int(direct.holder[pair])), view.id(int(direct.held[pair]))
        links = tuple(view.link_id(int(link)) for link in direct.links_of(pair))
        least, most = float(direct.low[pair]), float(direct.high[pair])
        steps.append(OwnershipStep(*ends, Share.from_fractions(least, most), links))
        low, high = low * least, high * most
    return OwnershipChain((), tuple(steps), Share.from_fractions(low, high))

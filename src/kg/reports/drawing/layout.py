"""Where does each node of a drawn network stand, so that no two overlap?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

MAX_COLUMNS = 4
"""As many columns of names as are readable on paper."""

SWEEP_COUNT = 12
"""Rounds of moving each node towards its neighbours. More rounds make no visible difference."""

NODE_HEIGHT, BEND_HEIGHT = 1.0, 0.35
"""Height that a node takes in its column, and that a line takes which passes the column."""

Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Column (from 0) and height (from 0, in rows) of each node, and how lines run that pass columns.

    `bends`: for an edge, the heights at which it passes each column between its ends. `rows`: height of the whole.
    """

    column: Mapping[str, int]
    height: Mapping[str, float]
    bends: Mapping[Edge, Sequence[float]]
    rows: float


def layout(nodes: Sequence[str], holding: Iterable[Edge], other: Iterable[Edge]) -> Layout:
    """Holders stand left of what they hold, nodes with the same neighbours near each other.

    `holding` decides the columns: a node stands one further than the furthest of its holders; where that makes more
    than COLUMNS, neighbouring columns are folded into one. Then the order within columns follows the mean of the
    neighbours, sweep by sweep (Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system
    structures", IEEE Trans. SMC 11 (1981) 109), and heights are as near to it as order and room allow. No chance is in
    it: the order of `nodes` breaks ties.
    """
    held = sorted({(a, b) for a, b in holding if a != b})
    edges = sorted({(a, b) for a, b in (*held, *other) if a != b})
    column = _columns(nodes, held)
    chains = {edge: _bend_points(edge, column) for edge in edges}
    placed = {name: column[name] for name in nodes}
    beside: defaultdict[str, list[str]] = defaultdict(list)
    for edge, between in chains.items():
        row = [edge[0], *(name for name, _ in between), edge[1]]
        placed |= dict(between)
        for one, next_ in pairwise(row):
            beside[one].append(next_)
            beside[next_].append(one)
    height = _heights(placed, beside, frozenset(nodes))
    top = min((height[n] - (NODE_HEIGHT if n in column else BEND_HEIGHT) / 2 for n in placed), default=0.0)
    rows = max((height[n] + NODE_HEIGHT / 2 for n in placed), default=0.0) - top
    bends = {edge: [height[name] - top for name, _ in between] for edge, between in chains.items()}
    return Layout(column, {n: height[n] - top for n in nodes}, bends, rows)


def _columns(nodes: Sequence[str], held: Sequence[Edge]) -> dict[str, int]:
    """Depth under the holders, each circle cut where it comes back to a node on the way, folded into COLUMNS."""
    depth = dict.fromkeys(nodes, 0)
    below: defaultdict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(nodes, 0)
    for one, other in _acyclic_edges(nodes, held):
        below[one].append(other)
        waiting[other] += 1
    ready = [name for name in nodes if not waiting[name]]
    for name in ready:  # grows while it is walked
        for other in below[name]:
            depth[other] = max(depth[other], depth[name] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    deepest = max(depth.values(), default=0)
    if deepest < MAX_COLUMNS:
        return depth
    return {name: round(d * (MAX_COLUMNS - 1) / deepest) for name, d in depth.items()}


def _acyclic_edges(nodes: Sequence[str], held: Sequence[Edge]) -> list[Edge]:
    """The edges without those that lead back to a node on the way: what is left has no circle."""
    below: defaultdict[str, list[str]] = defaultdict(list)
    entered = set()
    for one, other in held:
        below[one].append(other)
        entered.add(other)
    state: dict[str, int] = {}
    kept: list[Edge] = []
    for start in (*(n for n in nodes if n not in entered), *nodes):
        stack = [(start, iter(below[start]))] if start not in state else []
        state.setdefault(start, 1)
        while stack:
            here, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[here] = 2
                stack.pop()
            elif state.get(following) != 1:
                kept.append((here, following))
                if following not in state:
                    state[following] = 1
                    stack.append((following, iter(below[following])))
    return kept


def _bend_points(edge: Edge, column: Mapping[str, int]) -> list[tuple[str, int]]:
    """A place in each column that a line passes, named after the edge."""
    first, last = column[edge[0]], column[edge[1]]
    step = 1 if last > first else -1
    return [(f"{edge[0]}>{edge[1]}>{at}", at) for at in range(first + step, last, step)]


def _heights(placed: Mapping[str, int], beside: Mapping[str, Sequence[str]], nodes: frozenset[str]) -> dict[str, float]:
    columns: list[list[str]] = [[] for _ in range(MAX_COLUMNS)]
    for name, at in placed.items():
        columns[at].append(name)
    rank = {name: i for i, name in enumerate(placed)}
    height = {name: float(i) for names in columns for i, name in enumerate(names)}
    for sweep in range(SWEEP_COUNT):
        order = columns if sweep % 2 == 0 else columns[::-1]
        for names in order:
            wish = {n: fmean(height[b] for b in beside.get(n) or [n]) for n in names}
            names.sort(key=lambda n: (round(wish[n], 6), rank[n]))
            height |= _spread(names, wish, nodes)
    return height


def _spread(names: Sequence[str], wish: Mapping[str, float], nodes: frozenset[str]) -> dict[str, float]:
    """Heights in the order of `names`, each with room of its own, as near to the wishes as that allows.

    Least squares with the distances taken off: pool adjacent violators (Ayer et al. 1955).
    """
    offsets, at, before = list[float](), 0.0, 0.0
    for i, name in enumerate(names):
        room = NODE_HEIGHT if name in nodes else BEND_HEIGHT
        at += (before + room) / 2 if i else 0.0
        offsets.append(at)
        before = room
    blocks: list[tuple[float, int]] = []
    for name, offset in zip(names, offsets, strict=True):
        total, count = wish[name] - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            total, count = total + blocks[-1][0], count + blocks[-1][1]
            blocks.pop()
        blocks.append((total, count))
    bases = [total / count for total, count in blocks for _ in range(count)]
    return {name: base + offset for name, base, offset in zip(names, bases, offsets, strict=True)}

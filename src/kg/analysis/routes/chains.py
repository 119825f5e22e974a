"""By which chain of links does a person hold an asset?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from kg.view import GraphView, Neighbours

HOLDING_TRAITS = ("ownership", "control", "benefit", "stewardship")
KINSHIP_TRAITS = ("kinship",)
MAX_CHAIN_LENGTH = 6
MAX_NODES = 2_000
"""The most nodes reached from one person: a chain through a hub that controls thousands tells nothing."""


Predecessors = Mapping[int, tuple[int, int]]
"""For each node that was reached from a person, the link and the node it was reached by."""


def chain_to(predecessors: Predecessors, asset: int) -> list[int]:
    """The links from the person to an asset; none where it was not reached."""
    links = list[int]()
    link, node = predecessors.get(asset, (-1, asset))
    while link >= 0:
        links.append(link)
        link, node = predecessors[node]
    return links[::-1]


def relatives_on_chains(view: GraphView, person: str, day: date) -> Mapping[str, str]:
    """For each node that a person reaches on the day through a relative alone, that relative; all by id."""
    start, kin = view.index(person), view.link_types_with(*KINSHIP_TRAITS)
    own = find_reachable(view, start, day, kinship=False)
    relatives: dict[int, int] = {}
    for node, (link, before) in find_reachable(view, start, day).items():
        if before == start and kin[view.link_type[link]]:
            relatives[node] = node
        elif before in relatives:
            relatives[node] = relatives[before]
    return {view.id(node): view.id(one) for node, one in relatives.items() if node != one and node not in own}


def find_reachable(view: GraphView, person: int, day: date, *, kinship: bool = True) -> Predecessors:
    """Search breadth first from a person along the links that are current on the day.

    Kinship counts on the first link, unless `kinship` is false.
    """
    held, kin = view.link_types_with(*HOLDING_TRAITS), view.link_types_with(*KINSHIP_TRAITS)
    found: dict[int, tuple[int, int]] = {person: (-1, -1)}
    frontier, sides = (
        [person],
        [(view.outgoing, held | kin), (view.incoming, kin)] if kinship else [(view.outgoing, held)],
    )
    for _ in range(MAX_CHAIN_LENGTH):
        reached: list[int] = []
        for node in frontier:
            for link, far in _next_links(view, node, sides, day.toordinal()):
                if far not in found and len(found) < MAX_NODES:
                    found[far] = (link, node)
                    reached.append(far)
        frontier, sides = reached, [(view.outgoing, held)]
    return found


def find_holdings(view: GraphView, person: int, day: date) -> tuple[Mapping[int, Sequence[int]], bool]:
    """What the person and everything reached from them hold directly on the day, and whether that is all.

    It goes as far as `find_reachable`, with every holder of a node and not only the first one found.
    """
    held, kin = view.link_types_with(*HOLDING_TRAITS), view.link_types_with(*KINSHIP_TRAITS)
    found: dict[int, Sequence[int]] = {}
    seen, frontier, sides = {person}, [person], [(view.outgoing, held | kin), (view.incoming, kin)]
    for _ in range(MAX_CHAIN_LENGTH):
        reached: dict[int, None] = {}
        for node in frontier:
            ends = {far for _, far in _next_links(view, node, sides, day.toordinal())} - {node}
            found[node] = sorted(ends)
            reached |= dict.fromkeys(end for end in found[node] if end not in seen)
        if len(seen) + len(reached) > MAX_NODES:
            return found, False
        seen.update(reached)
        frontier, sides = list(reached), [(view.outgoing, held)]
    return found, not any(_next_links(view, node, sides, day.toordinal()) for node in frontier)


def _next_links(
    view: GraphView, node: int, sides: Iterable[tuple[Neighbours, np.ndarray]], on: int
) -> list[tuple[int, int]]:
    pairs = list[tuple[int, int]]()
    for rows, wanted in sides:
        part = slice(rows.start[node], rows.start[node + 1])
        fine = wanted[rows.kind[part]]
        pairs += zip(rows.links[part][fine].tolist(), rows.far[part][fine].tolist(), strict=True)
    over = view.not_in_force(np.array([link for link, _ in pairs], dtype=np.int64), on)
    return [pair for pair, ended in zip(pairs, over.tolist(), strict=True) if not ended]

"""By which chain of links does a person hold an asset?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from kg.view import GraphView

HOLDING_TRAITS = ("ownership", "control", "benefit", "stewardship")
KINSHIP_TRAITS = ("kinship",)
MAX_CHAIN_LENGTH = 6
MAX_NODES = 2_000
"""The most nodes reached from one person: a chain through a hub that controls thousands tells nothing."""


@dataclass(frozen=True, slots=True)
class AssetChain:
    """The links from a person to an asset."""

    links: tuple[str, ...]
    link_types: tuple[str, ...]
    weakest_grade: int
    """1 (A) to 6 (F, unknown), of the worst link's best source."""
    is_through_kin: bool


@dataclass(frozen=True, slots=True)
class ReachableNodes:
    """What one person holds, directly or through others: each node with the link and node it was reached by."""

    person: int
    predecessors: Mapping[int, tuple[int, int]]

    def chain_to(self, view: GraphView, asset: int) -> AssetChain | None:
        """The chain to an asset; None where it was not reached."""
        if asset not in self.predecessors:
            return None
        links, node = list[int](), asset
        while node != self.person:
            link, node = self.predecessors[node]
            links.append(link)
        links.reverse()
        kinds = tuple(view.type_of_link(k) for k in links)
        weakest = max(int(view.column("reliability")[k]) for k in links)
        kin = view.ontology.with_trait(*KINSHIP_TRAITS)
        return AssetChain(tuple(view.link_id(k) for k in links), kinds, weakest, any(k in kin for k in kinds))


def find_reachable(view: GraphView, person: int, day: date) -> ReachableNodes:
    """Search breadth first from a person along the links that are current on the day; kinship counts on the first."""
    held, kin = view.link_types_with(*HOLDING_TRAITS), view.link_types_with(*KINSHIP_TRAITS)
    came: dict[int, tuple[int, int]] = {person: (-1, -1)}
    ahead, on = [person], day.toordinal()
    for depth in range(MAX_CHAIN_LENGTH):
        further: list[int] = []
        for node in ahead:
            for link, far in _next_links(view, node, held, kin if depth == 0 else None, on):
                if far not in came and len(came) < MAX_NODES:
                    came[far] = (link, node)
                    further.append(far)
        ahead = further
    return ReachableNodes(person, came)


def _next_links(view: GraphView, node: int, held: np.ndarray, kin: np.ndarray | None, on: int) -> list[tuple[int, int]]:
    rows = view.outgoing
    part = slice(rows.start[node], rows.start[node + 1])
    wanted = held if kin is None else held | kin
    fine = wanted[rows.kind[part]]
    pairs = list(zip(rows.links[part][fine].tolist(), rows.far[part][fine].tolist(), strict=True))
    if kin is not None:
        back = view.incoming
        part = slice(back.start[node], back.start[node + 1])
        fine = kin[back.kind[part]]
        pairs += zip(back.links[part][fine].tolist(), back.far[part][fine].tolist(), strict=True)
    if not pairs:
        return []
    over = view.not_in_force(np.array([link for link, _ in pairs]), on)
    return [pair for pair, ended in zip(pairs, over.tolist(), strict=True) if not ended]

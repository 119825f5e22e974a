"""By which chain does a person hold an asset?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from kg.view import GraphView

TRAITS = ("ownership", "control", "benefit", "stewardship")
KIN = ("kinship",)
LONGEST = 6
WIDEST = 2_000
"""Nodes looked at from one person: a chain through a hub that controls thousands says nothing."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Links from a person to an asset: their ids and types, the worst grade among them, and whether one is kinship."""

    links: tuple[str, ...]
    kinds: tuple[str, ...]
    weakest: int
    """1 (A) to 6 (F, unknown), of the worst link's best source."""
    through_kin: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """What one person holds, directly or through others: each node with the link and the node it was reached by."""

    person: int
    came: Mapping[int, tuple[int, int]]

    def to(self, view: GraphView, asset: int) -> Chain | None:
        """The chain to an asset, none where it was not reached."""
        if asset not in self.came:
            return None
        links, node = list[int](), asset
        while node != self.person:
            link, node = self.came[node]
            links.append(link)
        links.reverse()
        kinds = tuple(view.type_of_link(k) for k in links)
        weakest = max(int(view.column("reliability")[k]) for k in links)
        kin = view.ontology.with_trait(*KIN)
        return Chain(tuple(view.link_id(k) for k in links), kinds, weakest, any(k in kin for k in kinds))


def reach(view: GraphView, person: int, day: date) -> Reach:
    """Breadth first from a person, the way that links point, over links that are not over on the day; kin one step."""
    held, kin = view.types_with(*TRAITS), view.types_with(*KIN)
    came: dict[int, tuple[int, int]] = {person: (-1, -1)}
    ahead, on = [person], day.toordinal()
    for depth in range(LONGEST):
        further: list[int] = []
        for node in ahead:
            for link, far in _steps(view, node, held, kin if depth == 0 else None, on):
                if far not in came and len(came) < WIDEST:
                    came[far] = (link, node)
                    further.append(far)
        ahead = further
    return Reach(person, came)


def _steps(view: GraphView, node: int, held: np.ndarray, kin: np.ndarray | None, on: int) -> list[tuple[int, int]]:
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
    over = view.over(np.array([link for link, _ in pairs]), on)
    return [pair for pair, ended in zip(pairs, over.tolist(), strict=True) if not ended]

"""Why do two names mean one thing?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kg.records import Ref


class Bond(NamedTuple):
    """Something that makes two names one: what it is, in words."""

    one: Ref
    other: Ref
    words: str


def chain(bonds: Iterable[Bond], start: Ref, goal: Ref) -> list[Bond]:
    """A shortest row of bonds from one name to another, each turned the way it is walked; empty if there is none."""
    beside: dict[Ref, list[Bond]] = {}
    for bond in sorted(bonds):
        beside.setdefault(bond.one, []).append(bond)
        beside.setdefault(bond.other, []).append(Bond(bond.other, bond.one, bond.words))
    came: dict[Ref, Bond] = {}
    queue = deque([start])
    while queue and goal not in came:
        for bond in beside.get(queue.popleft(), ()):
            if bond.other not in came and bond.other != start:
                came[bond.other] = bond
                queue.append(bond.other)
    return _back(came, goal)


def in_words(bonds: Sequence[Bond]) -> str:
    """A chain on one line: `a:1 = b:2 (register names it a referent), b:2 = …`."""
    return ", ".join(f"{named(b.one)} = {named(b.other)} ({b.words})" for b in bonds)


def named(name: Ref) -> str:
    """A name as people write it, `namespace:key`."""
    return f"{name.namespace}:{name.key}"


def _back(came: Mapping[Ref, Bond], goal: Ref) -> list[Bond]:
    bonds: list[Bond] = []
    while goal in came:
        bonds.append(came[goal])
        goal = came[goal].one
    return bonds[::-1]

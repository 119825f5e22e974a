"""Why are two names equivalent?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kg.records import Ref


class Equivalence(NamedTuple):
    """Why two names are equivalent, in words."""

    one: Ref
    other: Ref
    reason: str


def shortest_chain(equivalences: Iterable[Equivalence], start: Ref, goal: Ref) -> list[Equivalence]:
    """A shortest chain of equivalences from one name to another, each in the direction of the chain; empty if none."""
    neighbours: dict[Ref, list[Equivalence]] = {}
    for bond in sorted(equivalences):
        neighbours.setdefault(bond.one, []).append(bond)
        neighbours.setdefault(bond.other, []).append(Equivalence(bond.other, bond.one, bond.reason))
    reached_by: dict[Ref, Equivalence] = {}
    queue = deque([start])
    while queue and goal not in reached_by:
        for bond in neighbours.get(queue.popleft(), ()):
            if bond.other not in reached_by and bond.other != start:
                reached_by[bond.other] = bond
                queue.append(bond.other)
    return _trace_back(reached_by, goal)


def format_chain(equivalences: Sequence[Equivalence]) -> str:
    """A chain on one line: `a:1 = b:2 (register names it a referent), b:2 = …`."""
    return ", ".join(f"{format_ref(b.one)} = {format_ref(b.other)} ({b.reason})" for b in equivalences)


def format_ref(ref: Ref) -> str:
    """A name as people write it, `namespace:key`."""
    return f"{ref.namespace}:{ref.key}"


def _trace_back(reached_by: Mapping[Ref, Equivalence], goal: Ref) -> list[Equivalence]:
    bonds: list[Equivalence] = []
    while goal in reached_by:
        bonds.append(reached_by[goal])
        goal = reached_by[goal].one
    return bonds[::-1]

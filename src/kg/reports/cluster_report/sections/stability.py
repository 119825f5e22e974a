"""How firm is a cluster, and what falls off when a claim or a source is withdrawn?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.findings import Cluster, Shift, Stability
from kg.reports.context import Surroundings
from kg.reports.entries import Statement
from kg.reports.evidence import statement

NAMED = 8
"""Members named that fall off or leave; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Bridge(Statement):
    """A link without which the cluster falls in two, and who falls off then."""

    falls_off: tuple[str, ...] = ()
    falls_off_left_out: int = 0


@dataclass(frozen=True, slots=True)
class Tried:
    """One change of the weights or the sources that changes the cluster."""

    what: str
    kept: str
    """How much of both memberships agrees."""
    leave: tuple[str, ...]
    leave_left_out: int
    come: int
    """Others that come."""


@dataclass(frozen=True, slots=True)
class Firmness:
    """How a cluster holds up under everything that was tried."""

    tried: int
    stay: int
    """Members that stay together whatever was tried."""
    members: int
    least_kept: str
    changes: tuple[Tried, ...]
    """Those that change it, the largest change first."""


def bridges(
    around: Surroundings, cluster: Cluster, falls_off: Mapping[str, Sequence[str]], most: int
) -> tuple[Bridge, ...]:
    """The first `most` links without which the cluster falls apart: those without which most falls off."""
    order = first_bridges(cluster, falls_off, most)
    return tuple(_bridge(around, link, falls_off.get(link, ())) for link in order if link in around.links)


def first_bridges(cluster: Cluster, falls_off: Mapping[str, Sequence[str]], most: int) -> list[str]:
    """The links that `bridges` tells."""
    return sorted(cluster.bridges, key=lambda i: -len(falls_off.get(i, ())))[:most]


def firmness(around: Surroundings, cluster: Cluster, held: Stability | None) -> Firmness | None:
    """What was tried of a cluster; None where nothing was."""
    if held is None:
        return None
    return Firmness(
        tried=held.tried,
        stay=len(held.core),
        members=len(cluster.members),
        least_kept=f"{held.least_kept:.0%}",
        changes=tuple(_tried(around, shift) for shift in held.shifts),
    )


def _bridge(around: Surroundings, link: str, off: Sequence[str]) -> Bridge:
    said = statement(around, around.links[link])
    return Bridge(said.id, said.text, said.evidence, said.weight, *_named(around, off))


def _tried(around: Surroundings, shift: Shift) -> Tried:
    leave, more = _named(around, shift.left)
    return Tried(shift.what, f"{shift.kept:.0%}", leave, more, len(shift.came))


def _named(around: Surroundings, ids: Iterable[str]) -> tuple[tuple[str, ...], int]:
    names = [around.called(node) for node in ids if node in around.nodes]
    return tuple(names[:NAMED]), max(0, len(names) - NAMED)

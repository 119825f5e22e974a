"""Could all hops of a path have held at once, and does money on it flow on in time?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from kg.analysis.terrain import Terrain

FOREVER = 10_000_000
"""A day after all others."""

Days = tuple[tuple[int, int], ...]
"""Spans of days, first and last, in order and apart."""

ALWAYS: Days = ((0, FOREVER),)


class Story(NamedTuple):
    """What is known of a path so far."""

    days: Days = ALWAYS
    """When all its hops that last may have held at once."""
    flow: int = 0
    """Which way money flows: 1 as the path goes, -1 against it, 0 where none has."""
    paid: int = 0
    """The day of the last payment that fits; 0 where none is known."""
    sure: bool = True
    """Whether every hop has dates."""


class Coherence:
    """Follows a path hop by hop.

    A hop that lasts needs a day on which one of its links and all hops before it may have held. A hop of payments alone
    needs one that flows the way the money before it flowed and is not earlier (against the flow: not later).
    """

    def __init__(self, terrain: Terrain) -> None:
        self._terrain = terrain
        self._payment = terrain.view.types_with("payment")
        self._hops: dict[tuple[int, int], tuple[list[tuple[int, int]], list[tuple[int, int, int]]]] = {}

    def after(self, story: Story, here: int, there: int) -> Story | None:
        """The story with one more hop, between two nodes of the view; None if it cannot have been so."""
        lasting, payments = self._hop(here, there)
        if lasting and (days := _common(story.days, _union(lasting))):
            return story._replace(days=days, sure=story.sure and all(any(span) for span in lasting))
        return _paid(story, payments)

    def of(self, nodes: Sequence[int]) -> str:
        """`yes`, `maybe` where a hop has no dates, or `no`, for a path of nodes of the view."""
        story = Story()
        for here, there in pairwise(nodes):
            after = self.after(story, here, there)
            if after is None:
                return "no"
            story = after
        return "yes" if story.sure else "maybe"

    def _hop(self, here: int, there: int) -> tuple[list[tuple[int, int]], list[tuple[int, int, int]]]:
        """The spans of the links that last, and of payments, with the way each flows; 0 where a day is unknown."""
        if (here, there) not in self._hops:
            view = self._terrain.view
            links = self._terrain.links(here, there)
            spans = view.column("dates")[links].tolist()
            rows = [
                (
                    link,
                    (
                        first,
                        0 if view.events[view.link_type[link]] and not self._payment[view.link_type[link]] else last,
                    ),
                )
                for link, (first, last) in zip(links.tolist(), spans, strict=True)
            ]
            lasting = [(first, last) for link, (first, last) in rows if not self._payment[view.link_type[link]]]
            payments = [
                (first, last, 1 if view.tail[link] == here else -1)
                for link, (first, last) in rows
                if self._payment[view.link_type[link]]
            ]
            self._hops[here, there] = lasting, payments
        return self._hops[here, there]


def _union(spans: Iterable[tuple[int, int]]) -> Days:
    merged: list[tuple[int, int]] = []
    for first, last in sorted((first, last or FOREVER) for first, last in spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        elif first <= last:
            merged.append((first, last))
    return tuple(merged)


def _common(one: Days, other: Days) -> Days:
    found = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple(span for span in found if span[0] <= span[1])


def _paid(story: Story, payments: Iterable[tuple[int, int, int]]) -> Story | None:
    """The story after the payment that leaves most room for the next: the earliest that fits, upstream the latest."""
    best: Story | None = None
    for first, last, flow in payments:
        if story.flow not in (0, flow):
            continue
        sure = story.sure and bool(first or last)
        if not (first or last):
            fits = story._replace(flow=flow, sure=sure)
        elif flow > 0 and (last or FOREVER) >= story.paid:
            fits = story._replace(flow=flow, paid=max(story.paid, first), sure=sure)
        elif flow < 0 and first <= (story.paid or FOREVER):
            fits = story._replace(flow=flow, paid=min(story.paid or FOREVER, last or FOREVER), sure=sure)
        else:
            continue
        if best is None or _room(fits) < _room(best):
            best = fits
    return best


def _room(story: Story) -> tuple[bool, int, bool]:
    """Smaller for a story that leaves more room; money that flows on comes before money that flows back."""
    return story.flow < 0, story.paid if story.flow > 0 else -(story.paid or FOREVER), not story.sure

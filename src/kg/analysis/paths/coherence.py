"""Could all hops of a path have held at once, and does money on it flow on in time?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from kg.analysis.paths.traversal import Terrain

FOREVER = 10_000_000
"""A day after all others."""

Days = tuple[tuple[int, int], ...]
"""Spans of days, first and last, in order and apart."""

ALWAYS: Days = ((0, FOREVER),)


class Story(NamedTuple):
    """One way in which a path so far may have been."""

    days: Days = ALWAYS
    """When all its hops that last may have held at once."""
    flow: int = 0
    """Which way money flows: 1 as the path goes, -1 against it, 0 where none has."""
    paid: int = 0
    """The day of the last payment that fits; 0 where none is known."""
    sure: bool = True
    """Whether every hop has dates."""


Stories = tuple[Story, ...]
"""All ways in which a path so far may have been, but for those that leave no more room than another."""

BEGINNING: Stories = (Story(),)


class Coherence:
    """Follows a path hop by hop, in all ways in which it may have been.

    A hop that lasts needs a day on which one of its links and all hops before it may have held. A hop of a payment
    needs one that flows the way the money before it flowed and is not earlier (against the flow: not later). Where a
    hop has links of both sorts, either will do.
    """

    def __init__(self, terrain: Terrain) -> None:
        self._terrain = terrain
        self._payment = terrain.view.types_with("payment")
        self._hops: dict[tuple[int, int], _Hop] = {}

    def after(self, stories: Stories, here: int, there: int) -> Stories | None:
        """The stories with one more hop, between two nodes of the view; None if it cannot have been so."""
        hop = self._hop(here, there)
        found = {story for before in stories for story in (*_held(before, hop), *_paid(before, hop))}
        return _with_most_room(found) or None

    def of(self, nodes: Sequence[int]) -> str:
        """`yes`, `maybe` where it takes a hop without dates, or `no`, for a path of nodes of the view."""
        stories = BEGINNING
        for here, there in pairwise(nodes):
            after = self.after(stories, here, there)
            if after is None:
                return "no"
            stories = after
        return "yes" if any(story.sure for story in stories) else "maybe"

    def _hop(self, here: int, there: int) -> _Hop:
        if (here, there) not in self._hops:
            view = self._terrain.view
            links = self._terrain.links(here, there)
            kinds, spans = view.link_type[links], view.column("dates")[links].copy()
            spans[view.events[kinds] & ~self._payment[kinds], 1] = 0  # what has happened stays true
            pays = self._payment[kinds]
            lasting = [tuple(span) for span in spans[~pays].tolist()]
            flows = [1 if tail == here else -1 for tail in view.tail[links[pays]].tolist()]
            self._hops[here, there] = _Hop(
                dated=_union((first, last) for first, last in lasting if first or last),
                undated=any(not (first or last) for first, last in lasting),
                payments=[(*span, flow) for span, flow in zip(spans[pays].tolist(), flows, strict=True)],
            )
        return self._hops[here, there]


class _Hop(NamedTuple):
    """What the links of a hop say of time."""

    dated: Days
    """When any of the dated links that last may have held."""
    undated: bool
    """Whether there is a link that lasts, nobody says when."""
    payments: list[tuple[int, int, int]]
    """First and last day of each payment, 0 where unknown, and the way it flows."""


def _union(spans: Iterable[tuple[int, int]]) -> Days:
    merged: list[tuple[int, int]] = []
    for first, last in sorted((first, last or FOREVER) for first, last in spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        elif first <= last:
            merged.append((first, last))
    return tuple(merged)


def _held(story: Story, hop: _Hop) -> Iterator[Story]:
    """The story after a link that lasts."""
    found = ((max(a, c), min(b, d)) for a, b in story.days for c, d in hop.dated)
    if days := tuple(span for span in found if span[0] <= span[1]):
        yield story._replace(days=days)
    if hop.undated:
        yield story._replace(sure=False)


def _paid(story: Story, hop: _Hop) -> Iterator[Story]:
    """The story after each payment that fits, as early as it may have been; against the flow as late."""
    for first, last, flow in hop.payments:
        if story.flow not in (0, flow):
            continue
        if not (first or last):
            yield story._replace(flow=flow, sure=False)
        elif flow > 0 and (last or FOREVER) >= story.paid:
            yield story._replace(flow=flow, paid=max(story.paid, first))
        elif flow < 0 and first <= (story.paid or FOREVER):
            yield story._replace(flow=flow, paid=min(story.paid or FOREVER, last or FOREVER))


def _with_most_room(stories: Iterable[Story]) -> Stories:
    """Of stories that differ in the last payment alone, the one after which most may follow; in a fixed order."""
    best: dict[tuple[Days, int, bool], Story] = {}
    for story in sorted(stories, key=_room):
        best.setdefault((story.days, story.flow, story.sure), story)
    return tuple(best.values())


def _room(story: Story) -> tuple[Days, int, bool, int]:
    """Smaller for a story that leaves more room after its last payment."""
    paid = story.paid if story.flow >= 0 else -(story.paid or FOREVER)
    return story.days, story.flow, story.sure, paid

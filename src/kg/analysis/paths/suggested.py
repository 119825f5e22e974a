"""The graph with suggestions as links, for paths that are to follow them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from kg.records import POSSIBLY_SAME, RELIABILITIES
from kg.view import GraphView

PROBABILITY = "probability"
"""The column of links that has the probability of each suggestion: float64 (links), 1 for what sources state."""

_UNKNOWN = len(RELIABILITIES)
_FILLED_WITH = {"share": np.nan, "dates": 0, "reliability": _UNKNOWN, "interest": 0, "credibility": _UNKNOWN}


class SuggestedLink(NamedTuple):
    """Two nodes that may be one."""

    id: str
    one: str
    other: str
    probability: float


def with_suggested_links(view: GraphView, suggested: Iterable[SuggestedLink]) -> GraphView:
    """The same view with further links; the degrees of nodes, which tell hubs, stay as they are.

    Suggestions about nodes that the view does not have are left out.
    """
    found = sorted((s for s in suggested if _has(view, s.one) and _has(view, s.other)), key=lambda s: s.id)
    types = view.link_types if POSSIBLY_SAME in view.link_types else (*view.link_types, POSSIBLY_SAME)
    ids = np.concatenate([view.link_ids, np.array([s.id.encode() for s in found], view.link_ids.dtype)])
    order = np.argsort(ids, kind="stable")

    def joined(old: np.ndarray, new: list[int]) -> np.ndarray:
        return np.concatenate([old, np.array(new, old.dtype)])[order]

    columns = {
        name: np.concatenate([old, np.full((len(found), *old.shape[1:]), _FILLED_WITH[name], old.dtype)])[order]
        if name in _FILLED_WITH
        else old
        for name, old in view.columns.items()
    }
    columns[PROBABILITY] = np.concatenate([np.ones(len(view.link_ids)), [s.probability for s in found]])[order]
    more = replace(
        view,
        link_types=types,
        link_ids=ids[order],
        link_type=joined(view.link_type, [types.index(POSSIBLY_SAME)] * len(found)),
        tail=joined(view.tail, [view.index(s.one) for s in found]),
        head=joined(view.head, [view.index(s.other) for s in found]),
        columns=columns,
    )
    return more.with_neighbours(more.outgoing, more.incoming, view.degree)


def _has(view: GraphView, node: str) -> bool:
    at = int(np.searchsorted(view.ids, np.bytes_(node.encode())))
    return at < len(view.ids) and bool(view.ids[at] == np.bytes_(node.encode()))

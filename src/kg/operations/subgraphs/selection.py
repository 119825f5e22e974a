"""What became of some nodes that somebody had drawn, and which links are between them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.validity import require_day
from kg.errors import NotFound
from kg.operations.questions.suggestions import outdated_suggestions
from kg.operations.subgraphs.summaries import Check, find_positions, summarize_links, summarize_nodes, unlimited
from kg.ports import Store

if TYPE_CHECKING:
    from kg.operations.answers.subgraphs import SubgraphAnswer
    from kg.view import GraphView, IntArray

MAX_LINKS = 5_000
"""Links of an answer, first by id; the others are counted."""


@dataclass(frozen=True)
class SelectedNodes:
    """The nodes that a request names, and the names that name none."""

    positions: IntArray
    """In the view, sorted."""
    moved: dict[str, str]
    """The ids of nodes that are named otherwise."""
    gone: list[str]


def select_nodes(store: Store, view: GraphView, names: Sequence[str], field: str = "nodes") -> SelectedNodes:
    """The nodes that somebody names by id, former id, `namespace:key`, or a name that only one node has.

    Names of nothing are told, and are no error. Raises InputError for a name that several nodes have.
    """
    positions = find_positions(view, names)
    others = dict[str, int]()
    for i in np.flatnonzero(positions < 0).tolist():
        others.setdefault(names[i], i)
    moved, gone = dict[str, str](), list[str]()
    for name, found in store.resolve_each(others).items():
        if isinstance(found, str):
            moved[name] = found
        elif isinstance(found, NotFound):
            gone.append(name)
        else:
            raise found.with_field(f"{field}.{others[name]}", name)
    here = np.concatenate((positions[positions >= 0], find_positions(view, list(moved.values()))))
    return SelectedNodes(np.unique(here), moved, gone)


def select_subgraph(store: Store, names: Sequence[str], as_of: str = "", check: Check = unlimited) -> SubgraphAnswer:
    """Some nodes, the links between them that may hold on a day, and what is no more or has another id by now.

    `check` is called between pieces of work, and may raise.
    Raises InputError for a name that several nodes have, and for what is no day.
    """
    from kg.analysis.neighbourhood import COLUMNS, links_among
    from kg.operations.answers.subgraphs import GoneNodes, SubgraphAnswer

    require_day(as_of)
    view = store.view(COLUMNS)
    chosen = select_nodes(store, view, names)
    check()
    ids = [view.id(int(at)) for at in chosen.positions]
    links = [view.link_id(int(link)) for link in links_among(view, chosen.positions, chosen.positions, as_of)]
    return SubgraphAnswer(
        version=str(store.version()),
        as_of=as_of,
        day=as_of or store.as_of(),
        nodes=summarize_nodes(store, ids, as_of, check),
        links=summarize_links(store, store.links_by_id(links[:MAX_LINKS]).values(), as_of, check),
        links_left_out=max(0, len(links) - MAX_LINKS),
        moved=chosen.moved,
        gone=GoneNodes(count=len(chosen.gone), nodes=chosen.gone),
        outdated_suggestions=outdated_suggestions(store, ids),
    )

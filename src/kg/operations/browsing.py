"""What comes next in a list that is too long to show at once?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.ports import Store
from kg.records import Node

if TYPE_CHECKING:
    from kg.view import GraphView

DEEPEST_SEARCH = 1_000
"""Results of one search that can be paged through; who has more to look at should ask for more words."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some results of a search, and whether there are more after them."""

    nodes: tuple[Node, ...]
    more: bool
    seen: int
    """Results up to the end of this page."""


def search_page(
    store: Store, text: str, kinds: Sequence[str] = (), after: tuple[int, str] = (0, ""), limit: int = 20
) -> SearchPage:
    """The results after the node that an earlier page ended with, given how many results there were up to it.

    The order of results does not depend on how many are asked for, so the node is looked for and not its place: what a
    load adds before it meanwhile is on no page, and what stays is on exactly one. Raises InputError where the node is
    no longer among the results.
    """
    seen, last = after
    found = store.search(text, kinds, min(DEEPEST_SEARCH, seen + limit) + 1)
    ids = [node.id for node in found]
    if last and last not in ids[:seen]:
        found = store.search(text, kinds, DEEPEST_SEARCH + 1)
        ids = [node.id for node in found]
    if last and last not in ids:
        raise InputError(f"cursor: the graph has changed, and {last!r} is no longer among the results; search again")
    start = ids.index(last) + 1 if last else 0
    page = tuple(found[start : start + limit])[: max(0, DEEPEST_SEARCH - start)]
    end = start + len(page)
    return SearchPage(page, len(found) > end and end < DEEPEST_SEARCH, end)


def nodes_of_kind(store: Store, view: GraphView, kind: str, after: str = "", limit: int = 100) -> list[Node]:
    """The first nodes of a kind, or of a type that extends it, whose ids come after `after`, in the order of ids."""
    import numpy as np

    start = int(np.searchsorted(view.ids, np.bytes_(after.encode()), side="right"))
    some = np.flatnonzero(view.nodes_of(kind)[start:])[:limit] + start
    found = store.nodes([view.id(int(node)) for node in some])
    return [found[name] for name in sorted(found)]

"""Which links do some nodes have, and who are their neighbours that matter most?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.validity import require_day
from kg.errors import QuestionError
from kg.operations.questions.lookup import resolve_nodes
from kg.operations.questions.suggestions import outdated_suggestions
from kg.operations.subgraphs.summaries import Check, find_positions, summarize_links, summarize_nodes, unlimited
from kg.ports import Store

if TYPE_CHECKING:
    from kg.analysis.neighbourhood import NeighbourQuery
    from kg.operations.answers.subgraphs import NeighbourhoodsAnswer
    from kg.view import GraphView, IntArray

LINKS_PER_NODE, FEW_LINKS = 2, 20
"""Links of an answer for each neighbour that it may have, and some besides: answers stay small."""


@dataclass(frozen=True, slots=True)
class NeighbourhoodQuery:
    """Whose neighbours are wanted, which of them, and what is drawn already."""

    nodes: tuple[str, ...]
    """By id, former id, `namespace:key`, or a name that only one node has."""
    types: tuple[str, ...] = ()
    """Links of these types; all when empty."""
    others: tuple[str, ...] = ()
    """Neighbours of these types or of types that extend them; all when empty."""
    direction: str = ""
    """Only links that lead `out` of the nodes, or `in` to them; both when empty."""
    as_of: str = ""
    """Only links that may hold on this day."""
    each: int = 12
    """Most new neighbours of a node over links of one type that lead one way to nodes of one type."""
    limit: int = 60
    """Most new neighbours in all."""
    drawn: tuple[str, ...] = ()
    """Ids of nodes that are drawn already: none of them is new, and links to them are told."""


def find_neighbourhoods(store: Store, query: NeighbourhoodQuery, check: Check = unlimited) -> NeighbourhoodsAnswer:
    """The neighbours of some nodes that matter most, counts of all their links, and links to what is drawn.

    `check` is called between pieces of work, and may raise.
    Raises NotFound and InputError for names, types and days.
    """
    from kg.analysis.neighbourhood import COLUMNS, choose_neighbours, links_of_node, mask_of
    from kg.operations.answers.subgraphs import GoneNodes, LinkCountOut, NeighbourhoodsAnswer, NodeNeighbourhood

    require_day(query.as_of)
    asked = resolve_nodes(store, query.nodes)
    view = store.view(COLUMNS)
    wanted = _neighbour_query(view, query)
    nodes = np.array([view.index(name) for name in dict.fromkeys(asked.values())], np.int64)
    before = find_positions(view, query.drawn)
    drawn = np.union1d(nodes, before[before >= 0])
    check()
    own = {int(node): links_of_node(view, int(node), query.as_of) for node in nodes}
    check()
    chosen = choose_neighbours(view, list(own.values()), wanted, mask_of(view, drawn))
    links, left_out = _links_between(view, nodes, chosen, drawn, query)
    check()
    is_drawn = mask_of(view, np.union1d(drawn, chosen))
    counts = {
        view.id(node): [
            LinkCountOut(
                **count.group._asdict(), links=count.links, drawn=count.drawn, left_out=count.links - count.drawn
            )
            for count in links_at.counts(is_drawn)
        ]
        for node, links_at in own.items()
    }
    names = [view.id(int(node)) for node in (*nodes, *chosen)]
    gone = [name for name, at in zip(query.drawn, before, strict=True) if at < 0]
    return NeighbourhoodsAnswer(
        version=str(store.version()),
        as_of=query.as_of,
        day=query.as_of or store.as_of(),
        nodes=summarize_nodes(store, names, query.as_of, check),
        links=summarize_links(store, store.links_by_id(links).values(), query.as_of, check),
        links_left_out=left_out,
        moved={name: node for name, node in asked.items() if name != node},
        gone=GoneNodes(count=len(gone), nodes=gone),
        outdated_suggestions=outdated_suggestions(store, names),
        neighbourhoods=[
            NodeNeighbourhood(node=node, asked=name, total=sum(c.links for c in counts[node]), counts=counts[node])
            for name, node in asked.items()
        ],
    )


def _neighbour_query(view: GraphView, query: NeighbourhoodQuery) -> NeighbourQuery:
    """The query with types that exist. Raises QuestionError."""
    from kg.analysis.neighbourhood import NeighbourQuery

    ontology = view.ontology
    for field, names, known in (
        ("types", query.types, ontology.link_names),
        ("others", query.others, tuple(ontology.nodes)),
    ):
        if unknown := sorted(set(names) - set(known)):
            raise QuestionError(field, unknown[0], f"expected one of {', '.join(known)}")
    others = frozenset[str]().union(*map(ontology.kinds_of, query.others))
    return NeighbourQuery(frozenset(query.types), others, query.direction, query.each, query.limit)


def _links_between(
    view: GraphView, nodes: IntArray, chosen: IntArray, drawn: IntArray, query: NeighbourhoodQuery
) -> tuple[list[str], int]:
    """The ids of the links that are told, and how many more there are.

    First come those of the nodes asked about, then those to what was drawn, then those between neighbours.
    """
    from kg.analysis.neighbourhood import links_among, mask_of

    found = links_among(view, np.union1d(drawn, chosen), np.union1d(nodes, chosen), query.as_of)
    ends = view.tail[found], view.head[found]
    of_asked, of_drawn = (np.any([mask_of(view, some)[end] for end in ends], axis=0) for some in (nodes, drawn))
    most = LINKS_PER_NODE * query.limit + FEW_LINKS
    told = found[np.lexsort((~of_drawn, ~of_asked))][:most]
    return [view.link_id(int(link)) for link in told], len(found) - len(told)

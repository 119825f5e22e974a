"""How are several nodes connected?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.analysis.validity import require_day
from kg.operations.question_result import QuestionResult
from kg.operations.questions.lookup import claims_of_shared, resolve_node, resolve_nodes
from kg.operations.questions.paths import view_to_walk
from kg.operations.questions.suggestions import suggestion_link
from kg.operations.subgraphs.summaries import summarize_links, summarize_nodes
from kg.ports import Store

if TYPE_CHECKING:
    from kg.analysis.paths import Budget, PathQuestion
    from kg.findings import ConnectingNetwork
    from kg.operations.answers.subgraphs import ConnectionsAnswer


def find_connections(
    store: Store, names: Sequence[str], limits: PathQuestion, limit: int = 10, budget: Budget | None = None
) -> QuestionResult[ConnectingNetwork]:
    """The most credible paths that connect 2 to 10 nodes, each named by id, `namespace:key` or a name only one has.

    `limits`: of each path, as `path_limits` makes them; its nodes to avoid are named in the same way. Raises NotFound
    and InputError for names, limits and what is no day.
    """
    from kg.analysis.paths import DEFAULT_BUDGET, connecting_network

    require_day(limits.as_of)
    nodes = list(dict.fromkeys(resolve_nodes(store, names).values()))
    avoided = tuple(resolve_node(store, "avoid", name) for name in limits.avoid)
    asked = replace(limits, avoid=avoided)
    view, suggested = view_to_walk(store, asked)
    found = connecting_network(view, nodes, asked, limit, budget or DEFAULT_BUDGET)
    passed = dict.fromkeys((*nodes, *(node for one in found.paths for node in one.path.nodes)))
    ids = dict.fromkeys(link.id for one in found.paths for hop in one.path.hops for link in hop.links)
    links = store.links_by_id(ids)
    links |= {link.id: link for one in suggested if (link := suggestion_link(one.match)).id in ids}
    return QuestionResult(found, store.nodes(passed), links, claims_of_shared(store, links.values()))


def connections_answer(store: Store, found: QuestionResult[ConnectingNetwork]) -> ConnectionsAnswer:
    """The connections with their nodes and links in short."""
    from kg.operations.answers.subgraphs import ConnectingPathOut, ConnectionsAnswer

    network = found.finding
    same = ("as_of", "depth", "pairs", "more", "cut")
    return ConnectionsAnswer(
        version=str(network.version),
        asked=list(network.asked),
        paths=[
            ConnectingPathOut(**{"from": one.start}, to=one.goal, joins=one.joins, path=one.path)
            for one in network.paths
        ],
        shared=list(network.shared),
        unconnected=list(network.unconnected),
        nodes=summarize_nodes(store, found.nodes, network.as_of),
        links=summarize_links(store, found.links.values(), network.as_of),
        **{name: getattr(network, name) for name in same},
    )

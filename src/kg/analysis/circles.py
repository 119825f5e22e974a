"""Which holdings run in a circle, and which link is the only one between two halves?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import networkx as nx

Edge = tuple[int, int]


def circular_holdings(edges: Sequence[Edge], longest: int, limit: int) -> tuple[list[tuple[int, ...]], bool]:
    """The simple cycles of a directed graph, each from its smallest node on, sorted; and whether any may be missing.

    At most `limit` cycles of at most `longest` nodes, found inside strongly connected components by Johnson's method as
    NetworkX has it. Which ones are left out depends on the edges alone, not on their order.
    """
    graph = nx.DiGraph(sorted(edges))
    rounds = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]
    looped = nx.number_of_selfloops(graph)
    if not rounds and not looped:
        return [], False
    found = list(islice(nx.simple_cycles(graph, length_bound=longest), limit + 1))
    cut = len(found) > limit or any(len(part) > longest for part in rounds)
    return sorted(_from_smallest(cycle) for cycle in found[:limit]), cut


def bridges(edges: Sequence[Edge]) -> set[Edge]:
    """The edges of a connected undirected graph (each once, lower node first) whose loss would cut it in two.

    A tree is told by its number of edges; anything else goes through NetworkX's chain decomposition (Schmidt 2013).
    """
    nodes = {node for edge in edges for node in edge}
    if len(edges) == len(nodes) - 1:
        return set(edges)
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_edges_from(sorted(edges))
    found: Iterable[Edge] = nx.bridges(graph)
    return {(min(edge), max(edge)) for edge in found}


def _from_smallest(cycle: Sequence[int]) -> tuple[int, ...]:
    at = cycle.index(min(cycle))
    return (*cycle[at:], *cycle[:at])

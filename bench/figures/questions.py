"""What is asked of the graph: which names are searched, and between whom are paths sought?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from bench.generate.seeded_random import SeededRandom
from kg.analysis.paths import DEFAULT_ENDPOINT_KINDS, DEFAULT_EXCLUDED_TRAITS, PathQuestion
from kg.analysis.paths.bidirectional import shortest_distance
from kg.analysis.paths.question import traversal_of
from kg.view import GraphView

MOST_DRAWN = 100
"""Pairs that are drawn for each that is wanted, before the rest is given up: some distances are rare."""

_NAMED = "SELECT caption FROM node WHERE type IN ('Person', 'Company', 'Enterprise') AND num >= ? LIMIT 1"


def search_terms(store: Path, count: int) -> list[str]:
    """Names of people and companies of the store, in turns whole, one word, the beginning of one, and those of two."""
    dice = SeededRandom("figures", "typed")
    with closing(sqlite3.connect(store)) as connection:
        highest = connection.execute("SELECT max(num) FROM node").fetchone()[0]
        found = [connection.execute(_NAMED, (dice.between(1, highest),)).fetchone() for _ in range(count)]
    return [_as_search_term(row[0], at % 4, dice) for at, row in enumerate(found) if row]


def _as_search_term(name: str, way: int, dice: SeededRandom) -> str:
    words = name.split()
    word = words[dice.below(len(words))]
    return (name, word, _prefix(word), " ".join(map(_prefix, words[:2])))[way]


def _prefix(word: str) -> str:
    return word[: max(2, len(word) * 2 // 3)]


def pairs(view: GraphView, count: int) -> list[tuple[str, str]]:
    """Pairs of people and companies, drawn from all of them."""
    dice = SeededRandom("figures", "pairs")
    parties = np.flatnonzero(view.nodes_of("Person", "Enterprise"))
    drawn = [(int(parties[dice.below(len(parties))]), int(parties[dice.below(len(parties))])) for _ in range(count)]
    return [(view.id(one), view.id(other)) for one, other in drawn if one != other]


def pairs_at_distance(view: GraphView, count: int, distances: range) -> list[tuple[str, str]]:
    """Pairs of people and companies at these distances, as many of each as there are, in the order they were drawn."""
    dice = SeededRandom("figures", "apart")
    parties = np.flatnonzero(view.nodes_of("Person", "Enterprise"))
    wanted = {distance: -(-count // len(distances)) for distance in distances}
    found: list[tuple[str, str]] = []
    for _ in range(MOST_DRAWN * count):
        one, other = (view.id(int(parties[dice.below(len(parties))])) for _ in range(2))
        length = distance(view, one, other, max(distances))
        if wanted.get(length):
            wanted[length] -= 1
            found.append((one, other))
        if len(found) >= count:
            break
    return found[:count]


def distance(view: GraphView, start: str, goal: str, max_depth: int = 6) -> int:
    """The number of links on a shortest path, 0 where there is none."""
    question = PathQuestion(start, goal, max_depth)
    return max(0, shortest_distance(traversal_of(view, question), max_depth)[0])


class NetworkxBaseline:
    """NetworkX's two-sided search over the links that paths walk, without the nodes they do not go through."""

    def __init__(self, view: GraphView) -> None:
        import networkx as nx

        walked = view.links_of_types(set(view.link_types) - view.ontology.with_trait(*DEFAULT_EXCLUDED_TRAITS))
        closed = view.nodes_of(*DEFAULT_ENDPOINT_KINDS)
        walked &= ~closed[view.tail] & ~closed[view.head]
        self._graph: nx.Graph[str] = nx.Graph()
        self._graph.add_nodes_from(view.ids.astype(str).tolist())
        ends = (view.ids[side[walked]].astype(str).tolist() for side in (view.tail, view.head))
        self._graph.add_edges_from(zip(*ends, strict=True))
        self._search = nx.bidirectional_shortest_path
        self._none = nx.NetworkXNoPath

    def path(self, start: str, goal: str) -> list[str]:
        """The nodes of a shortest path; empty where there is none."""
        try:
            return list(self._search(self._graph, start, goal))
        except self._none:
            return []

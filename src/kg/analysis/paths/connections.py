"""How are several nodes connected, by the most credible paths?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from kg.analysis.paths.question import PathQuestion
from kg.analysis.paths.ranking import DEFAULT_BUDGET, DEFAULT_WEIGHTS, Budget, Ranking, ranked_paths
from kg.errors import QuestionError
from kg.findings.paths import ConnectingNetwork, ConnectingPath, SharedNode
from kg.identity import DisjointSets
from kg.view import GraphView

MIN_ENDS, MAX_ENDS = 2, 10
"""How many nodes can be connected."""

MAX_CONNECTING = 100
"""Most paths of a network."""


def connecting_network(
    view: GraphView, nodes: Sequence[str], question: PathQuestion, most: int = 10, budget: Budget = DEFAULT_BUDGET
) -> ConnectingNetwork:
    """The most credible paths between each two of some nodes, over none of the others: at most `most`.

    Paths that join what was not connected before are kept first, so that few paths connect as many as can be. The ends
    of `question` are not looked at. Raises InputError for limits that make no sense.
    """
    if not MIN_ENDS <= len(nodes) <= MAX_ENDS or not 1 <= most <= MAX_CONNECTING:
        expected = f"expected {MIN_ENDS} to {MAX_ENDS} different nodes, and 1 to {MAX_CONNECTING} paths"
        raise QuestionError("nodes", len(nodes), expected)
    pairs = list(combinations(nodes, 2))
    ranking = Ranking("credible", max(1, most // len(pairs)), sample=0)
    found, cuts, more, looked_at = list[ConnectingPath](), list[str](), False, 0
    searched = list[tuple[str, str]]()
    for start, goal in pairs:
        if budget.timed_out():
            cuts.append("time")
            break
        others = tuple(node for node in nodes if node not in (start, goal))
        asked = replace(question, start=start, goal=goal, avoid=(*question.avoid, *others))
        answer = ranked_paths(view, asked, ranking, DEFAULT_WEIGHTS, budget)
        found += (ConnectingPath(start, goal, False, replace(path, rivals=())) for path in answer.paths)
        if answer.cut:
            cuts.append(answer.cut)
        else:
            searched.append((start, goal))
        more |= answer.more
        looked_at += 1
    chosen = _choose(found, nodes, most)
    return ConnectingNetwork(
        version=view.version,
        as_of=question.as_of,
        asked=tuple(nodes),
        depth=question.max_depth,
        paths=tuple(chosen),
        shared=tuple(_shared_nodes(chosen, nodes)),
        unconnected=tuple(_unconnected(searched, found)),
        pairs=looked_at,
        more=more or len(chosen) < len(found) or looked_at < len(pairs),
        cut="time" if "time" in cuts else cuts[0] if cuts else "",
    )


def _choose(found: Iterable[ConnectingPath], nodes: Sequence[str], most: int) -> list[ConnectingPath]:
    """At most `most` paths, from the most credible on; those that join parts are kept before others."""
    ranked = sorted(found, key=lambda one: (one.path.cost, nodes.index(one.start), nodes.index(one.goal)))
    joined, told = DisjointSets[str](), list[ConnectingPath]()
    for one in ranked:
        told.append(replace(one, joins=joined.find(one.start) != joined.find(one.goal)))
        joined.union((one.start, one.goal))
    kept = sorted(range(len(told)), key=lambda i: (not told[i].joins, i))[:most]
    return [told[i] for i in sorted(kept)]


def _shared_nodes(paths: Iterable[ConnectingPath], nodes: Sequence[str]) -> Iterator[SharedNode]:
    ends: defaultdict[str, set[str]] = defaultdict(set)
    for one in paths:
        for node in one.path.nodes[1:-1]:
            ends[node] |= {one.start, one.goal}
    for node in sorted(ends, key=lambda node: (-len(ends[node]), node)):
        if len(ends[node]) > 2:
            yield SharedNode(node, tuple(sorted(ends[node], key=nodes.index)))


def _unconnected(pairs: Iterable[tuple[str, str]], paths: Iterable[ConnectingPath]) -> Iterator[tuple[str, str]]:
    """The pairs that no path connects, not even through others."""
    joined = DisjointSets[str]()
    for one in paths:
        joined.union((one.start, one.goal))
    return (pair for pair in pairs if joined.find(pair[0]) != joined.find(pair[1]))

"""Do paths through the view and paths in Cypher on a real Neo4j find the same?"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import islice
from math import prod

import numpy as np
import pytest

from kg import operations
from kg.analysis.paths import DEFAULT_ENDPOINT_KINDS, DEFAULT_EXCLUDED_TRAITS, PathQuestion, Ranking, ranked_paths
from kg.findings import RankedPath
from kg.ontology import load_ontology
from kg.ontology.derive.cypher import schema
from kg.records import Record
from kg.view import GraphView, NoRecords
from tests import neo4j_copies
from tests.neo4j_server import Neo4jServer
from tests.stores import link, load, node

DEEPEST = 5
PAIRS = 12
"""Pairs of each set of which every answer is compared."""

ONLY_ENDS = " OR ".join(f"n:{kind}" for kind in DEFAULT_ENDPOINT_KINDS)
ALL_SHORTEST = f"""MATCH (a:Entity {{id: $a}}), (b:Entity {{id: $b}})
MATCH p = allShortestPaths((a)-[:TYPES*..{DEEPEST}]-(b))
WHERE all(n IN nodes(p) WHERE n = a OR n = b OR NOT ({ONLY_ENDS}))
RETURN DISTINCT [n IN nodes(p) | n.id] AS nodes"""
SHORTEST = f"""MATCH p = SHORTEST {{k}} (
  (a:Entity {{{{id: $a}}}}) ((x)-[:TYPES]-(y)){{{{1,{DEEPEST}}}}} (b:Entity {{{{id: $b}}}})
  WHERE NOT b IN x AND NOT a IN y AND all(n IN x WHERE single(m IN x WHERE m = n))
    AND none(n IN tail(x) WHERE {ONLY_ENDS}))
RETURN [n IN nodes(p) | n.id] AS nodes, length(p) AS links"""
"""Paths of which none passes a node twice; parallel links make several of one."""


@pytest.fixture(scope="module", params=["generated", "demo"])
def view(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, neo4j_server: Neo4jServer
) -> GraphView:
    """A set in the Neo4j, as the SQLite file beside it has it."""
    if request.param == "demo":
        _, path = request.getfixturevalue("neo4j_with_demo")
    else:
        path = tmp_path_factory.mktemp("paths") / "graph.sqlite"
        load(path, "generated", _generated())
        neo4j_server.wipe(keep=schema(load_ontology()))
        neo4j_copies.sync_copy(neo4j_server, path)
    with operations.open_uncached_store(operations.Workspace(path)) as store:
        view = store.view(("dates", "reliability", "credibility"))
        return view.with_records(NoRecords())


def _generated() -> Iterator[Record]:
    """Many links of several types among few: most pairs have several shortest paths, and some links are parallel."""
    dice = random.Random(6)
    people, firms = [f"p{i}" for i in range(60)], [f"c{i}" for i in range(60)]
    yield from (node(key, name=key) for key in people)
    yield from (node(key, "Enterprise", name=key) for key in firms)
    yield from (node(key, "Agency", name=key) for key in ("office", "court"))
    for number in range(220):
        kind, heads = dice.choice([("OWNS", firms), ("DIRECTS", firms), ("FAMILY_OF", people)])
        tail, head = dice.sample([*people, *firms] if kind == "OWNS" else people, 1)[0], dice.choice(heads)
        if tail != head:
            yield link(f"{tail} {kind} {head}", key=f"l{number}")


def _pairs(view: GraphView) -> list[tuple[str, str]]:
    """Pairs of people and companies with a path of two to four links between them."""
    dice, found = random.Random(7), list[tuple[str, str]]()
    parties = np.flatnonzero(view.nodes_of("Person", "Enterprise")).tolist()
    while len(found) < PAIRS:
        start, goal = map(view.id, dice.sample(parties, 2))
        paths = _ranked(view, start, goal, most=1)
        if paths and 2 <= len(paths[0].hops) <= 4:
            found.append((start, goal))
    return found


def _ranked(
    view: GraphView, start: str, goal: str, *, most: int, only_shortest: bool = False
) -> tuple[RankedPath, ...]:
    ranking = Ranking("shortest", most, only_shortest, sample=0)
    return ranked_paths(view, PathQuestion(start, goal, DEEPEST), ranking).paths


def _walked(view: GraphView, query: str) -> str:
    types = sorted(set(view.link_types) - view.ontology.with_trait(*DEFAULT_EXCLUDED_TRAITS))
    return query.replace("TYPES", "|".join(types))


def test_all_shortest_paths_are_those_of_cypher(view: GraphView, neo4j_server: Neo4jServer) -> None:
    for start, goal in _pairs(view):
        rows = neo4j_server.run(_walked(view, ALL_SHORTEST), a=start, b=goal)
        ours = [path.nodes for path in _ranked(view, start, goal, most=1000, only_shortest=True)]
        assert sorted(ours) == sorted(tuple(row["nodes"]) for row in rows)
        assert len(ours) == len(set(ours))


def test_the_paths_of_the_two_least_lengths_are_those_of_cypher(view: GraphView, neo4j_server: Neo4jServer) -> None:
    query = _walked(view, SHORTEST.format(k="2 GROUPS"))
    for start, goal in _pairs(view)[: PAIRS // 2]:
        theirs = {tuple(row["nodes"]) for row in neo4j_server.run(query, a=start, b=goal)}
        ours = _ranked(view, start, goal, most=1000)
        lengths = sorted({len(path.hops) for path in ours})[:2]
        assert {path.nodes for path in ours if len(path.hops) in lengths} == theirs


def test_the_k_shortest_paths_have_the_lengths_of_cypher(view: GraphView, neo4j_server: Neo4jServer) -> None:
    query = _walked(view, SHORTEST.format(k="7"))
    for start, goal in _pairs(view)[: PAIRS // 2]:
        theirs = sorted(row["links"] for row in neo4j_server.run(query, a=start, b=goal))
        assert list(islice(_lengths(_ranked(view, start, goal, most=7)), 7)) == theirs


def _lengths(paths: Sequence[RankedPath]) -> Iterator[int]:
    """How long each path is, as often as Cypher sees it: once for each choice among parallel links."""
    for path in paths:
        yield from [len(path.hops)] * prod(len(hop.links) for hop in path.hops)

"""How is one node connected to another?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.analysis.paths.bidirectional import count_reaching, shortest_node_path
from kg.analysis.paths.coherence import INITIAL_SCENARIOS, Coherence, PathScenarios
from kg.analysis.paths.corridor import Corridor, CostFunction, cut_corridor
from kg.analysis.paths.costs import COST_SCALE, PathWeights, StepCosts
from kg.analysis.paths.evidence import PathEvidence, day_ordinal
from kg.analysis.paths.question import (
    COLUMNS,
    DEFAULT_ENDPOINT_KINDS,
    DEFAULT_EXCLUDED_TRAITS,
    MAX_DEPTH,
    PathQuestion,
    traversal_of,
)
from kg.analysis.paths.search import BestFirstSearch, StepFilter, accept_every_step
from kg.analysis.paths.traversal import Traversal
from kg.analysis.timeout import TimeoutCheck, no_timeout
from kg.errors import InputError, QuestionError
from kg.findings import ChanceBaseline, Hop, HopLink, PathAnswer, RankedPath, RankedPaths
from kg.view import GraphView

__all__ = [
    "COLUMNS",
    "DEFAULT_ENDPOINT_KINDS",
    "DEFAULT_EXCLUDED_TRAITS",
    "MAX_DEPTH",
    "RANKINGS",
    "Budget",
    "PathQuestion",
    "PathWeights",
    "Ranking",
    "ranked_paths",
    "shortest_path",
]

RANKINGS = ("credible", "shortest", "coherent", "hub-free")
"""`credible`: least cost. `shortest`: fewest links, of those the most credible. `coherent`: credible among the paths
whose hops may all have held at once and whose payments follow each other in time. `hub-free`: shortest among the paths
that pass no hub."""

BY_LENGTH = ("shortest", "hub-free")
"""The rankings in which fewer links come first, whatever they cost."""

LINK_SURCHARGE = 1_000 * COST_SCALE
"""What a link costs more than any path can in nats, where the number of links comes first."""

RIVAL_MARGIN = math.log(1.25)
"""Paths whose costs differ by less are nearly as credible: one is at most a quarter more likely than the other."""


@dataclass(frozen=True)
class Ranking:
    """By what paths are put in order, and how many are wanted."""

    name: str = "credible"
    most: int = 10
    """Most paths listed, 1 to 1000."""
    only_shortest: bool = False
    """Whether to list only paths with as few links as the first."""
    sample: int = 100
    """People asked for the chance baseline; none when 0."""

    def __post_init__(self) -> None:
        """Raises InputError for a ranking that is none."""
        if self.name not in RANKINGS:
            raise QuestionError("ranking", self.name, f"expected one of {', '.join(RANKINGS)}")
        if self.only_shortest and self.name not in BY_LENGTH:
            rankings = f"expected one of {', '.join(BY_LENGTH)} with only_shortest"
            raise QuestionError("ranking", self.name, rankings)
        if not 1 <= self.most <= 1000 or self.sample < 0:
            raise InputError(f"most {self.most}, sample {self.sample}: expected 1 to 1000 paths, 0 or more people")


@dataclass(frozen=True)
class Budget:
    """When a search gives up, and says so."""

    nodes: int = 2_000_000
    """Most nodes reached from both ends together."""
    steps: int = 200_000
    """Most partial paths looked at."""
    timed_out: TimeoutCheck = no_timeout


DEFAULT_RANKING, DEFAULT_WEIGHTS, DEFAULT_BUDGET = Ranking(), PathWeights(), Budget()


def shortest_path(view: GraphView, question: PathQuestion) -> PathAnswer:
    """A path with fewest links, walking links in both directions; columns are needed for filters by date or grade only.

    Of several it is the one whose node ids come first in order, whatever the order of the input. Every link between two
    neighbours on the path that may be walked is on the hop, over or not. No path within the limits is an answer:
    `found` is False.
    Raises NotFound for a start or goal that is not in the view, and InputError for a depth, trait or kind that is none.
    """
    terrain = traversal_of(view, question)
    if question.through:
        raise InputError("through: a single shortest path is not led through nodes; ask for a ranking")
    nodes, explored = shortest_node_path(terrain, question.max_depth)
    return PathAnswer(
        version=view.version,
        as_of=view.as_of,
        start=question.start,
        goal=question.goal,
        limits=question.limits(view.ontology),
        found=bool(nodes),
        nodes=tuple(view.id(node) for node in nodes),
        hops=tuple(_hop(terrain, one, other) for one, other in pairwise(nodes)),
        explored=explored,
    )


def ranked_paths(
    view: GraphView,
    question: PathQuestion,
    ranking: Ranking = DEFAULT_RANKING,
    weights: PathWeights = DEFAULT_WEIGHTS,
    budget: Budget = DEFAULT_BUDGET,
) -> RankedPaths:
    """The first paths between two nodes that pass no node twice, by one ranking, each with what speaks for and against.

    The view must have the columns COLUMNS. Parallel links are one hop, which costs what its cheapest costs. Equal
    graphs give equal answers; only a budget of time makes an answer depend on the machine, and `cut` says that it did.
    Raises NotFound for a node that is not in the view, and InputError for a limit that makes no sense.
    """
    if ranking.name == "hub-free" and not question.max_degree:
        question = replace(question, max_degree=weights.hub_degree)
    terrain = traversal_of(view, question)
    costs = StepCosts.as_of(view, weights, question.as_of)
    found = _search(terrain, question, ranking, costs, budget)
    evidence = PathEvidence(terrain, costs, day_ordinal(question.as_of or view.as_of))
    paths = evidence.describe(found.paths)
    wanted = bool(paths and ranking.sample)
    chance, whole = _chance_baseline(terrain, ranking.sample, len(paths[0].hops), budget) if wanted else (None, True)
    return RankedPaths(
        version=view.version,
        as_of=view.as_of,
        start=question.start,
        goal=question.goal,
        ranking=ranking.name,
        limits=question.limits(view.ontology),
        paths=tuple(_with_rivals(paths)),
        explored=found.explored,
        steps=found.steps,
        cut=found.cut or ("" if whole else "time"),
        more=found.more or bool(found.cut),
        chance=chance,
    )


@dataclass
class _SearchResult:
    """Paths as positions in the view, and how they were found."""

    paths: list[list[int]]
    explored: int = 0
    steps: int = 0
    cut: str = ""
    more: bool = False


def _search(
    traversal: Traversal, question: PathQuestion, ranking: Ranking, costs: StepCosts, budget: Budget
) -> _SearchResult:
    if ranking.name not in BY_LENGTH:
        return _search_within_depth(traversal, question.max_depth, ranking, costs, budget)
    nodes, explored = shortest_node_path(traversal, question.max_depth)
    found = _SearchResult([], explored=explored)
    # Where fewer links come first, no corridor need be deeper than the paths that are wanted.
    for depth in range(len(nodes) - 1, question.max_depth + 1) if nodes else ():
        steps = found.steps
        found = _search_within_depth(traversal, depth, ranking, costs, replace(budget, steps=budget.steps - steps))
        found.steps += steps
        if found.more or found.cut or (ranking.only_shortest and found.paths):
            break
        if len(found.paths) == ranking.most and depth < question.max_depth:
            found.more = True  # longer ones, if there are any: nobody has looked
            break
    return found


def _search_within_depth(
    traversal: Traversal, depth: int, ranking: Ranking, costs: StepCosts, budget: Budget
) -> _SearchResult:
    """The first paths of at most so many links."""
    corridor = cut_corridor(
        traversal, depth, _step_cost_function(costs, traversal, ranking), budget.nodes, budget.timed_out
    )
    if isinstance(corridor, int):
        return _SearchResult([], explored=corridor, cut="nodes" if corridor > budget.nodes else "time")
    stops = [corridor.position(node) for node in traversal.waypoints if node not in traversal.ends]
    if -1 in stops:
        return _SearchResult([], explored=corridor.explored)
    keep, known = _coherence_filter(traversal, corridor) if ranking.name == "coherent" else (accept_every_step, ())
    search = BestFirstSearch(corridor, tuple(dict.fromkeys(stops)), keep, known)
    found = _SearchResult([], explored=corridor.explored)
    _collect_paths(search, found, ranking, budget)
    found.steps = search.steps
    return found


def _collect_paths(search: BestFirstSearch, result: _SearchResult, ranking: Ranking, budget: Budget) -> None:
    """Take paths until there are enough, the budget is spent or there are no more."""
    for path in search.paths(lambda steps: steps > budget.steps or (steps % 256 == 0 and budget.timed_out())):
        if path is None:
            result.cut = "steps" if search.steps > budget.steps else "time"
            return
        nodes = search.corridor.nodes[list(path)].tolist()
        if ranking.only_shortest and result.paths and len(nodes) > len(result.paths[0]):
            return
        if len(result.paths) == ranking.most:
            result.more = True
            return
        result.paths.append(nodes)


def _step_cost_function(costs: StepCosts, traversal: Traversal, ranking: Ranking) -> CostFunction:
    goal = traversal.ends[1]
    a_link = LINK_SURCHARGE if ranking.name in BY_LENGTH else 0

    def price(links: NDArray[np.int32], here: NDArray[np.intp], there: NDArray[np.intp]) -> NDArray[np.int64]:
        passing = np.where(there == goal, 0, costs.node_costs(there))
        return np.asarray(costs.link_costs(links) + passing + a_link)

    return price


def _coherence_filter(traversal: Traversal, corridor: Corridor) -> tuple[StepFilter, Any]:
    coherence, nodes = Coherence(traversal), corridor.nodes.tolist()

    def after(stories: PathScenarios, here: int, there: int) -> PathScenarios | None:
        return coherence.extend(stories, nodes[here], nodes[there])

    return after, INITIAL_SCENARIOS


def _with_rivals(paths: Sequence[RankedPath]) -> list[RankedPath]:
    def near(path: RankedPath) -> tuple[int, ...]:
        return tuple(i for i, p in enumerate(paths, 1) if p is not path and abs(p.cost - path.cost) < RIVAL_MARGIN)

    return [replace(path, rivals=near(path)) for path in paths]


def _chance_baseline(traversal: Traversal, sample: int, hops: int, budget: Budget) -> tuple[ChanceBaseline, bool]:
    """How many of some people, evenly spread over ids, which are digests and so in no order of merit, come as near.

    And whether all of them were asked before time was up.
    """
    people = np.flatnonzero(traversal.view.nodes_of("Person"))
    people = people[~np.isin(people, traversal.ends)]
    asked = (
        people[np.unique(np.linspace(0, len(people) - 1, min(sample, len(people))).astype(int))]
        if len(people)
        else people
    )
    reach, done = count_reaching(traversal, asked, hops, budget.timed_out) if hops else (0, len(asked))
    return ChanceBaseline(people=done, reach=reach, hops=hops), done == len(asked)


def _hop(traversal: Traversal, one: int, other: int) -> Hop:
    view = traversal.view
    links = (
        HopLink(view.link_id(link), view.type_of_link(link), bool(view.tail[link] == one))
        for link in traversal.links_between(one, other).tolist()
    )
    return Hop(view.id(one), view.id(other), tuple(links))

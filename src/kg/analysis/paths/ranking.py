"""How is one node connected to another?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.analysis.paths.bidirectional import count_reaching, shortest_distance
from kg.analysis.paths.coherence import INITIAL_SCENARIOS, Coherence, PathScenarios
from kg.analysis.paths.corridor import Corridor, CostFunction, cut_corridor
from kg.analysis.paths.costs import COST_SCALE, PathWeights, StepCosts
from kg.analysis.paths.evidence import describe_paths
from kg.analysis.paths.question import PathQuestion, traversal_of
from kg.analysis.paths.search import BestFirstSearch, StepFilter
from kg.analysis.paths.traversal import Traversal
from kg.analysis.timeout import TimeoutCheck, no_timeout
from kg.errors import InputError, QuestionError
from kg.findings import ChanceBaseline, RankedPath, RankedPaths
from kg.view import GraphView, IntArray, unique

RANKINGS = ("credible", "shortest", "coherent", "hub-free")
"""`credible`: least cost. `shortest`: fewest links, then least cost. `coherent`: least cost among the paths whose links
may all have been in force at once and whose payments follow each other in time. `hub-free`: shortest among the paths
that pass no hub."""

BY_LENGTH = ("shortest", "hub-free")
"""The rankings in which fewer links come first, whatever they cost."""

LINK_SURCHARGE = 1_000 * COST_SCALE
"""Added to the cost of each link where fewer links come first: more than the parts of any path can cost."""

RIVAL_MARGIN = math.log(1.25)
"""Paths whose costs differ by less are nearly as credible: one is at most a quarter more likely than the other."""


@dataclass(frozen=True)
class Ranking:
    """The order of paths, and how many are listed."""

    name: str = "credible"
    most: int = 10
    """Most paths listed, 1 to 1000."""
    only_shortest: bool = False
    """Whether only paths with as few links as the first are listed."""
    sample: int = 100
    """People in the sample of the chance baseline; 0 for no baseline."""

    def __post_init__(self) -> None:
        """Raises InputError for an unknown ranking or a number out of range."""
        if self.name not in RANKINGS:
            raise QuestionError("ranking", self.name, f"expected one of {', '.join(RANKINGS)}")
        if self.only_shortest and self.name not in BY_LENGTH:
            raise QuestionError("ranking", self.name, f"expected one of {', '.join(BY_LENGTH)} with only_shortest")
        if not 1 <= self.most <= 1000 or self.sample < 0:
            raise InputError(f"most {self.most}, sample {self.sample}: expected 1 to 1000 paths, 0 or more people")


@dataclass(frozen=True)
class Budget:
    """When a search ends before it is complete; the answer says so."""

    nodes: int = 2_000_000
    """Most nodes reached from both ends together."""
    steps: int = 200_000
    """Most partial paths taken from the queue."""
    timed_out: TimeoutCheck = no_timeout


DEFAULT_RANKING, DEFAULT_WEIGHTS, DEFAULT_BUDGET = Ranking(), PathWeights(), Budget()


def ranked_paths(
    view: GraphView,
    question: PathQuestion,
    ranking: Ranking = DEFAULT_RANKING,
    weights: PathWeights = DEFAULT_WEIGHTS,
    budget: Budget = DEFAULT_BUDGET,
) -> RankedPaths:
    """The first simple paths between two nodes by one ranking, each with the evidence for and against it.

    The view must have the columns COLUMNS. Parallel links are one hop, which costs what its cheapest link costs. Equal
    graphs give equal answers; only a time limit makes an answer depend on the machine, and `cut` then says so.
    Raises NotFound for a node that is not in the view, and InputError for a limit that makes no sense.
    """
    if ranking.name == "hub-free" and not question.max_degree:
        question = replace(question, max_degree=weights.hub_degree)
    traversal = traversal_of(view, question)
    costs = StepCosts.as_of(view, weights, question.as_of)
    found = _search(traversal, question, ranking, costs, budget)
    paths = describe_paths(traversal, costs, found.paths, question.asked_in)
    chance, is_complete = None, True
    if paths and ranking.sample:
        chance, is_complete = _chance_baseline(traversal, ranking.sample, len(paths[0].hops), budget)
    return RankedPaths(
        version=view.version,
        as_of=view.as_of,
        start=question.start,
        goal=question.goal,
        ranking=ranking.name,
        limits=question.limits(view.ontology),
        paths=tuple(replace(path, rivals=_rivals(path, paths)) for path in paths),
        explored=found.explored,
        steps=found.steps,
        cut=found.cut or ("" if is_complete else "time"),
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
    distance, explored = shortest_distance(traversal, question.max_depth)
    found = _SearchResult([], explored=explored)
    # Where fewer links come first, the corridor need not be deeper than the longest path listed.
    for depth in range(distance, question.max_depth + 1) if distance >= 0 else ():
        steps = found.steps
        found = _search_within_depth(traversal, depth, ranking, costs, replace(budget, steps=budget.steps - steps))
        found.steps += steps
        if found.more or found.cut or (ranking.only_shortest and found.paths):
            break
        if len(found.paths) == ranking.most and depth < question.max_depth:
            found.more = True  # there may be longer ones
            break
    return found


def _search_within_depth(
    traversal: Traversal, depth: int, ranking: Ranking, costs: StepCosts, budget: Budget
) -> _SearchResult:
    """The first paths of at most `depth` links."""
    step_costs = _step_cost_function(costs, traversal, ranking)
    corridor = cut_corridor(traversal, depth, step_costs, budget.nodes, budget.timed_out)
    if isinstance(corridor, int):
        return _SearchResult([], explored=corridor, cut="nodes" if corridor > budget.nodes else "time")
    stops = [corridor.position(node) for node in traversal.waypoints if node not in traversal.ends]
    if -1 in stops:
        return _SearchResult([], explored=corridor.explored)
    search = BestFirstSearch(corridor, tuple(dict.fromkeys(stops)))
    if ranking.name == "coherent":
        search.step_filter, search.state = _coherence_filter(traversal, corridor)
    found = _SearchResult([], explored=corridor.explored)
    for path in search.paths(lambda steps: steps > budget.steps or (steps % 256 == 0 and budget.timed_out())):
        if path is None:
            found.cut = "steps" if search.steps > budget.steps else "time"
            break
        nodes = corridor.nodes[list(path)].tolist()
        if ranking.only_shortest and found.paths and len(nodes) > len(found.paths[0]):
            break
        if len(found.paths) == ranking.most:
            found.more = True
            break
        found.paths.append(nodes)
    found.steps = search.steps
    return found


def _step_cost_function(costs: StepCosts, traversal: Traversal, ranking: Ranking) -> CostFunction:
    goal = traversal.ends[1]
    surcharge = LINK_SURCHARGE if ranking.name in BY_LENGTH else 0

    def price(links: NDArray[np.int32], sources: NDArray[np.intp], targets: NDArray[np.intp]) -> IntArray:
        passing = np.where(targets == goal, 0, costs.node_costs(targets))
        return np.asarray(costs.link_costs(links) + passing + surcharge)

    return price


def _coherence_filter(traversal: Traversal, corridor: Corridor) -> tuple[StepFilter, Any]:
    coherence, nodes = Coherence(traversal), corridor.nodes.tolist()

    def step_after(scenarios: PathScenarios, sources: int, targets: int) -> PathScenarios | None:
        return coherence.extend(scenarios, nodes[sources], nodes[targets])

    return step_after, INITIAL_SCENARIOS


def _rivals(path: RankedPath, paths: Sequence[RankedPath]) -> tuple[int, ...]:
    return tuple(i for i, p in enumerate(paths, 1) if p is not path and abs(p.cost - path.cost) < RIVAL_MARGIN)


def _chance_baseline(traversal: Traversal, sample: int, hops: int, budget: Budget) -> tuple[ChanceBaseline, bool]:
    """How many of some people are within `hops` links of the goal; and whether all were tried before the time was up.

    The people are evenly spread over all ids, which are digests and so in random order.
    """
    people = np.flatnonzero(traversal.view.nodes_of("Person"))
    people = people[(people != traversal.ends[0]) & (people != traversal.ends[1])]
    if len(people):
        people = people[unique(np.linspace(0, len(people) - 1, min(sample, len(people))).astype(int))]
    reach, tried = count_reaching(traversal, people, hops, budget.timed_out) if hops else (0, len(people))
    return ChanceBaseline(people=tried, reach=reach, hops=hops), tried == len(people)

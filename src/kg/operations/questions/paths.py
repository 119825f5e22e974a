"""How are two nodes connected, as a person asks it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.errors import QuestionError
from kg.operations.questions.lookup import node_named
from kg.ports import Store
from kg.records import Link, Node

if TYPE_CHECKING:
    from kg.analysis.paths.ranking import Budget, PathQuestion, Ranking
    from kg.findings import RankedPaths


@dataclass(frozen=True, slots=True)
class PathsFound:
    """A path question answered, with the nodes and links that the answer names."""

    answer: RankedPaths
    nodes: Mapping[str, Node]
    links: Mapping[str, Link]


def find_paths(store: Store, question: PathQuestion, ranking: Ranking, budget: Budget | None = None) -> PathsFound:
    """The first paths between two nodes by a ranking.

    Every node of the question is named by id, `namespace:key` or a name that only one node has. Raises NotFound and
    InputError for names and limits.
    """
    from kg.analysis.paths.ranking import BUDGET, COLUMNS, WEIGHTS, ranked_paths

    asked = replace(
        question,
        start=node_named(store, "from", question.start),
        goal=node_named(store, "to", question.goal),
        through=tuple(node_named(store, "through", name) for name in question.through),
        avoid=tuple(node_named(store, "avoid", name) for name in question.avoid),
    )
    answer = ranked_paths(store.view(COLUMNS), asked, ranking, WEIGHTS, budget or BUDGET)
    nodes = [node for path in answer.paths for node in path.nodes]
    links = [link.id for path in answer.paths for hop in path.hops for link in hop.links]
    return PathsFound(answer, store.nodes((asked.start, asked.goal, *nodes)), store.links_by_id(dict.fromkeys(links)))


def walked_too(walk: tuple[str, ...]) -> tuple[str, ...]:
    """The traits that stay out of a question where some that are usually left out are asked for. Raises InputError."""
    from kg.analysis.paths.ranking import NOT_WALKED

    unknown = sorted(set(walk) - set(NOT_WALKED))
    if unknown:
        expected = f"expected a trait that is left out, one of {', '.join(NOT_WALKED)}"
        raise QuestionError("walk", unknown[0], expected)
    return tuple(trait for trait in NOT_WALKED if trait not in walk)

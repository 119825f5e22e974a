"""How is one node connected to another?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kg.analysis.two_sided_search import Walk, shortest
from kg.errors import InputError, NotFound
from kg.findings import Hop, HopLink, PathAnswer
from kg.ontology import Ontology
from kg.view import GraphView

NOT_WALKED = ("agreement", "citizenship", "identity", "location", "presence", "registration", "status")
"""Traits of links that are not walked unless asked: being in one place is no connection, and that two nodes may be one
is a question of its own."""

NOT_THROUGH = ("Agency", "Agreement", "Jurisdiction")
"""Kinds of node that may be an end of a path and not a step on it: everybody is near everybody through a state. A kind
is a step after all where a trait of NOT_WALKED is asked for whose links lead to it."""

DEEPEST = 12
"""Most links that a path may be asked to have."""


@dataclass(frozen=True)
class PathQuestion:
    """From which node to which, by canonical ids, and within which limits.

    A link type is not walked if it has any of `exclude_traits`. A node of a kind in `not_through`, or of a type that
    extends one, can only be an end; None stands for NOT_THROUGH.
    """

    start: str
    goal: str
    max_depth: int = 6
    """Most links on the path, 1 to 12."""
    exclude_traits: tuple[str, ...] = NOT_WALKED
    not_through: tuple[str, ...] | None = None


def shortest_path(view: GraphView, question: PathQuestion) -> PathAnswer:
    """A path with fewest links, walking links in both directions; no columns of the view are needed.

    Of several it is the one whose node ids come first in order, whatever the order of the input. Every link between two
    neighbours on the path that may be walked is on the hop, over or not. No path within the limits is an answer:
    `found` is False.
    Raises NotFound for a start or goal that is not in the view, and InputError for a depth, trait or kind that is none.
    """
    only_ends = _closed(view.ontology, question)
    walk = _walk(view, question, only_ends)
    nodes, explored = shortest(walk, question.max_depth)
    return PathAnswer(
        version=view.version,
        as_of=view.as_of,
        start=question.start,
        goal=question.goal,
        limits={
            "max_depth": question.max_depth,
            "exclude_traits": tuple(sorted(question.exclude_traits)),
            "not_through": only_ends,
        },
        found=bool(nodes),
        nodes=tuple(view.id(node) for node in nodes),
        hops=tuple(_hop(walk, one, other) for one, other in pairwise(nodes)),
        explored=explored,
    )


def _walk(view: GraphView, question: PathQuestion, only_ends: tuple[str, ...]) -> Walk:
    ontology = view.ontology
    if not 1 <= question.max_depth <= DEEPEST:
        raise InputError(f"max_depth {question.max_depth}: expected 1 to {DEEPEST}")
    _expect_known("exclude_traits", question.exclude_traits, ontology.traits)
    _expect_known("not_through", only_ends, ontology.nodes)
    closed = frozenset[str]().union(*(ontology.kinds_of(kind) for kind in only_ends))
    return Walk(
        view=view,
        types=_none_of(view.link_types, ontology.with_trait(*question.exclude_traits)),
        nodes=_none_of(view.node_types, closed),
        ends=(_find(view, question.start), _find(view, question.goal)),
    )


def _closed(ontology: Ontology, question: PathQuestion) -> tuple[str, ...]:
    """The kinds of node that can only be ends, sorted."""
    if question.not_through is not None:
        return tuple(sorted(question.not_through))
    asked_for = (ontology.links[name] for name in ontology.with_trait(*set(NOT_WALKED) - set(question.exclude_traits)))
    opened = {kind for link in asked_for for kind in (*link.from_, *link.to)}
    return tuple(sorted(set(NOT_THROUGH) - opened))


def _hop(walk: Walk, one: int, other: int) -> Hop:
    view = walk.view
    links = (
        HopLink(view.link_id(link), view.type_of_link(link), bool(view.tail[link] == one))
        for link in walk.links(one, other).tolist()
    )
    return Hop(view.id(one), view.id(other), tuple(links))


def _find(view: GraphView, node_id: str) -> int:
    try:
        return view.index(node_id)
    except KeyError:
        raise NotFound(f"no node with the id {node_id!r} in graph {view.version}") from None


def _expect_known(name: str, values: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise InputError(f"{name} {unknown[0]!r}: expected one of {', '.join(known)}")


def _none_of(names: Iterable[str], excluded: frozenset[str]) -> NDArray[np.bool_]:
    return np.array([name not in excluded for name in names], bool)

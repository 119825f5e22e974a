"""What can be asked about paths, and which links and nodes may a path use?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from kg.analysis.paths.traversal import Traversal
from kg.analysis.validity import require_day
from kg.errors import QuestionError
from kg.ontology import Ontology
from kg.records import RELIABILITIES
from kg.view import BoolArray, GraphView

DEFAULT_EXCLUDED_TRAITS = (
    "agreement",
    "citizenship",
    "documentation",
    "identity",
    "location",
    "presence",
    "registration",
    "status",
)
"""Traits of links that are left out by default: being in one place is no connection, and whether two nodes are one and
the same is another question."""

DEFAULT_ENDPOINT_KINDS = ("Agency", "Agreement", "Jurisdiction")
"""Kinds of node that can be an end of a path but no step on it: through a state everybody is near everybody. A kind can
be a step where a trait of DEFAULT_EXCLUDED_TRAITS whose links lead to it is asked for."""

MAX_DEPTH = 12
"""Most links that a path can have."""

MAX_WAYPOINTS = 3
"""Most nodes that a path can be made to pass."""

COLUMNS = ("dates", "reliability", "credibility")
"""Columns that the view must have for filters by date or grade, and for rankings."""


@dataclass(frozen=True)
class PathQuestion:
    """The two ends of the paths, by canonical id, and the limits.

    A path may follow a link type that has none of `exclude_traits`, is none of `exclude_types` and, where `only_traits`
    or `only_types` name any, is one of those. A node of a kind in `not_through`, or of a type that extends one, can
    only be an end; None stands for DEFAULT_ENDPOINT_KINDS.
    """

    start: str
    goal: str
    max_depth: int = 6
    """Most links on the path, 1 to 12."""
    exclude_traits: tuple[str, ...] = DEFAULT_EXCLUDED_TRAITS
    not_through: tuple[str, ...] | None = None
    only_traits: tuple[str, ...] = ()
    only_types: tuple[str, ...] = ()
    exclude_types: tuple[str, ...] = ()
    only_through: tuple[str, ...] = ()
    """If any are given, only nodes of these kinds can be steps."""
    through: tuple[str, ...] = ()
    """Ids of nodes that the path must pass, in any order; at most MAX_WAYPOINTS."""
    avoid: tuple[str, ...] = ()
    """Ids of nodes that the path must not pass."""
    as_of: str = ""
    """A day, `YYYY-MM-DD`: each link may have been in force on it or happened by then; one without dates may."""
    min_reliability: str = ""
    """The lowest grade of a link's best source, A to E; F includes links that nobody graded. Any grade when empty."""
    max_degree: int = 0
    """Most links that an intermediate node may have; any number when 0."""
    keep_direction: tuple[str, ...] = ()
    """Traits whose links are followed from tail to head only, as money flows."""
    asked_in: tuple[str, str] = ("", "")
    """The namespaces of the names by which the two ends are asked for; empty where those were ids or captions."""

    def limits(self, ontology: Ontology) -> Mapping[str, int | str | tuple[str, ...]]:
        """The limits as an answer states them: sets sorted, limits without effect left out."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("start", "goal", "asked_in")}
        plain["not_through"] = endpoint_kinds(ontology, self)
        always = ("max_depth", "exclude_traits", "not_through")
        return {
            name: tuple(sorted(value)) if isinstance(value, tuple) else value
            for name, value in plain.items()
            if value or name in always
        }


def traversal_of(view: GraphView, question: PathQuestion) -> Traversal:
    """The links and nodes of a view that an answer may use.

    Raises NotFound for a node that is not in the view, and InputError for a limit that makes no sense.
    """
    validate_question(view.ontology, question)
    walked = walkable_types(view.ontology, question)
    start, goal = (view.index(node) for node in (question.start, question.goal))
    return Traversal(
        view=view,
        walkable_types=view.link_types_of(walked),
        one_way_types=view.link_types_with(*question.keep_direction),
        step_types=_step_types(view, question),
        ends=(start, goal),
        avoided=tuple(view.index(node) for node in question.avoid),
        waypoints=tuple(view.index(node) for node in question.through),
        day=date.fromisoformat(question.as_of).toordinal() if question.as_of else 0,
        lowest_reliability=RELIABILITIES.index(question.min_reliability) + 1 if question.min_reliability else 0,
        max_degree=question.max_degree,
    )


def endpoint_kinds(ontology: Ontology, question: PathQuestion) -> tuple[str, ...]:
    """The kinds of node that can only be ends of a path, sorted."""
    if question.not_through is not None:
        return tuple(sorted(question.not_through))
    asked_for = ontology.with_trait(*set(DEFAULT_EXCLUDED_TRAITS) - set(question.exclude_traits))
    opened = {kind for name in asked_for for kind in (*ontology.links[name].from_, *ontology.links[name].to)}
    return tuple(sorted(set(DEFAULT_ENDPOINT_KINDS) - opened))


def walkable_types(ontology: Ontology, question: PathQuestion) -> frozenset[str]:
    """The link types that a path may follow."""
    names = frozenset(ontology.link_names) - ontology.with_trait(*question.exclude_traits)
    if question.only_traits or question.only_types:
        names &= ontology.with_trait(*question.only_traits) | frozenset(question.only_types)
    return names - frozenset(question.exclude_types)


def _step_types(view: GraphView, question: PathQuestion) -> BoolArray:
    def kinds(names: Sequence[str]) -> frozenset[str]:
        return frozenset[str]().union(*(view.ontology.kinds_of(kind) for kind in names))

    closed, opened = kinds(endpoint_kinds(view.ontology, question)), kinds(question.only_through)
    return np.array([n not in closed and (not opened or n in opened) for n in view.node_types], bool)


def validate_question(ontology: Ontology, question: PathQuestion) -> None:
    """Raise InputError for limits and names that make no sense."""
    if not 1 <= question.max_depth <= MAX_DEPTH:
        raise QuestionError("max_depth", question.max_depth, f"expected 1 to {MAX_DEPTH}")
    if question.max_degree < 0:
        raise QuestionError("max_degree", question.max_degree, "expected 0 or more")
    if len(question.through) > MAX_WAYPOINTS:
        raise QuestionError("through", len(question.through), f"expected at most {MAX_WAYPOINTS} nodes")
    if both := sorted({*question.through, question.start, question.goal} & set(question.avoid)):
        raise QuestionError("avoid", both[0], "the path must pass it")
    for name in ("exclude_traits", "only_traits", "keep_direction"):
        _require_known(name, getattr(question, name), ontology.traits)
    for name in ("only_types", "exclude_types"):
        _require_known(name, getattr(question, name), ontology.link_names)
    for name in ("not_through", "only_through"):
        _require_known(name, getattr(question, name) or (), ontology.nodes)
    if question.min_reliability:
        _require_known("min_reliability", (question.min_reliability,), RELIABILITIES)
    require_day(question.as_of)


def _require_known(name: str, values: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise QuestionError(name, unknown[0], f"expected one of {', '.join(known)}")

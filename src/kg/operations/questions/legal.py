"""Which legal routes are there about a person, and which facts are missing?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, InputLocation, QuestionError
from kg.operations.questions.lookup import resolve_node
from kg.ports import Store
from kg.records import JURISDICTION_NAMESPACE, node_id

if TYPE_CHECKING:
    from kg.analysis.routes import RouteQuestion
    from kg.findings import Clusters, Gap, PersonRoutes, Portfolio
    from kg.law import LawBook
    from kg.operations.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LegalQuery:
    """Which jurisdiction requests, on which day, from which hosts, and by which law."""

    requesting: str
    as_of: str = ""
    """The day of the graph when empty."""
    hosts: tuple[str, ...] = ()
    """Only these; any when empty."""
    routes: tuple[str, ...] = ()
    """Only these; all when empty."""
    law: Path | None = None
    """A folder in the form of graph/reference; that of this package when None."""
    protected: bool = False
    """Whether protected facts may be seen."""


def find_routes(
    store: Store, query: LegalQuery, people: Sequence[str] = (), clusters: Clusters | None = None
) -> Iterator[PersonRoutes]:
    """Every route about some people, given by id, `namespace:key` or name, or about everybody whom a paper names.

    Raises NotFound and InputError. Clusters are found with the default parameters unless they are given.
    """
    from kg.analysis.clusters import ClusterParameters
    from kg.analysis.routes import REQUIRED_COLUMNS, find_legal_routes
    from kg.operations.questions.clusters import find_clusters

    law, view = load_queried_law(query), store.view(REQUIRED_COLUMNS)
    question = build_route_question(store, query, view.as_of)
    ids = [resolve_node(store, "id", person) for person in people]
    for named, found in zip(people, ids, strict=True):
        if not view.ontology.is_a(view.type(view.index(found)), "Person"):
            kind = view.type(view.index(found))
            raise InputError(f"{named!r} is a {kind}; expected a person").with_field("id", named)
    known = clusters or find_clusters(store, ClusterParameters())
    return find_legal_routes(view, known, law, question, ids)


def requesting_code(workspace: Workspace, asked: str) -> str:
    """The code of the jurisdiction that requests: that of the question, else KG_REQUESTING. Raises QuestionError."""
    if not asked and not workspace.requesting:
        expected = "expected the code of the jurisdiction that requests, such as CN, or KG_REQUESTING to name one"
        raise QuestionError("requesting", "", expected)
    return asked or workspace.requesting


def find_gaps(store: Store, query: LegalQuery, clusters: Clusters | None = None) -> tuple[Gap, ...]:
    """The questions that most routes about everybody wait for."""
    from kg.analysis.routes import count_gaps

    return count_gaps(find_routes(store, query, (), clusters))


def find_portfolio(store: Store, query: LegalQuery, limit: int, clusters: Clusters | None = None) -> Portfolio:
    """Whom to work on, when only `limit` people can be."""
    from kg.analysis.routes import choose_portfolio

    return choose_portfolio(find_routes(store, query, (), clusters), limit)


def load_queried_law(query: LegalQuery) -> LawBook:
    """The law of a query. Raises InputError that names what is no folder, or file, key and value."""
    from kg.law import load_law

    if query.law is not None and not query.law.is_dir():
        problem = "expected a folder with tables and routes, in the form of graph/reference"
        raise InputError(problem, InputLocation(key="law", value=str(query.law)))
    return load_law(query.law)


def build_route_question(store: Store, query: LegalQuery, day: str) -> RouteQuestion:
    """The query with its codes and day validated; `day` is that of the graph.

    Raises InputError for an invalid day and an unknown jurisdiction.
    """
    from kg.analysis.routes import RouteQuestion

    law = load_queried_law(query)
    return RouteQuestion(
        requesting=_parse_jurisdiction(store, law, "requesting", query.requesting),
        day=_parse_day(query.as_of or day),
        hosts=tuple(dict.fromkeys(_parse_jurisdiction(store, law, "host", code) for code in query.hosts)),
        routes=query.routes,
        protected=query.protected,
    )


def _parse_jurisdiction(store: Store, law: LawBook, name: str, text: str) -> str:
    """A code that the reference tables or the graph have; for a part of a jurisdiction, the whole is enough."""
    from kg.ontology.values import VALUE_TYPES, BadValue

    place = InputLocation(key=name, value=text)
    try:
        code = VALUE_TYPES["jurisdiction"].clean(text)
    except BadValue as error:
        raise InputError(str(error), place) from None
    if code.partition("-")[0] not in law.jurisdictions and not store.nodes([node_id(JURISDICTION_NAMESPACE, code)]):
        raise InputError("expected a jurisdiction that jurisdictions.csv or the graph has, such as CN", place)
    return code


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QuestionError("as_of", text, "expected a day such as 2014-12-05") from None

"""What can be done by law about somebody, and what is missing?"""

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

DISCLAIMERS = (
    "This is research, not legal advice. Open means that no legal obstacle is recorded, and recommends nothing.",
    "Alleged, charged, convicted and cleared are shown as somebody says, and since when.",
)
"""What holds wherever a route is shown."""


@dataclass(frozen=True, slots=True)
class LegalQuery:
    """Who requests, as of which day, of which hosts; and whose law is asked."""

    requesting: str
    as_of: str = ""
    """The day of the graph when empty."""
    hosts: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    law: Path | None = None
    """A folder like graph/reference; that of this package when None."""
    protected: bool = False


def find_routes(
    store: Store, order: LegalQuery, people: Sequence[str] = (), clusters: Clusters | None = None
) -> Iterator[PersonRoutes]:
    """Every route about each person, named by id, `namespace:key` or a name; about everybody in any paper when none is.

    Raises NotFound and InputError. Clusters are found with the usual parameters unless they are given.
    """
    from kg.analysis.clusters import ClusterParameters
    from kg.analysis.routes import REQUIRED_COLUMNS, find_legal_routes
    from kg.operations.questions.clusters import find_clusters

    law, view = load_queried_law(order), store.view(REQUIRED_COLUMNS)
    question = build_route_question(store, order, view.as_of)
    ids = [resolve_node(store, "id", person) for person in people]
    for named, found in zip(people, ids, strict=True):
        if not view.ontology.is_a(view.type(view.index(found)), "Person"):
            kind = view.type(view.index(found))
            raise InputError(f"{named!r} is a {kind}; expected a person").with_field("id", named)
    known = clusters or find_clusters(store, ClusterParameters())
    return find_legal_routes(view, known, law, question, ids)


def find_gaps(store: Store, order: LegalQuery, clusters: Clusters | None = None) -> tuple[Gap, ...]:
    """The questions that most routes about everybody wait for."""
    from kg.analysis.routes import count_gaps

    return count_gaps(find_routes(store, order, (), clusters))


def find_portfolio(store: Store, order: LegalQuery, limit: int, clusters: Clusters | None = None) -> Portfolio:
    """Whom to work on, when only `limit` people can be."""
    from kg.analysis.routes import choose_portfolio

    return choose_portfolio(find_routes(store, order, (), clusters), limit)


def load_queried_law(order: LegalQuery) -> LawBook:
    """The law that an order asks. Raises InputError that names what is no folder, or file, key and value."""
    from kg.law import load_law

    if order.law is not None and not order.law.is_dir():
        problem = "expected a folder with tables and routes, in the form of graph/reference"
        raise InputError(problem, InputLocation(key="law", value=str(order.law)))
    return load_law(order.law)


def build_route_question(store: Store, order: LegalQuery, day: str) -> RouteQuestion:
    """The question of an order, checked; `day` is that of the graph.

    Raises InputError for what is no day and no jurisdiction.
    """
    from kg.analysis.routes import RouteQuestion

    law = load_queried_law(order)
    return RouteQuestion(
        requesting=_parse_jurisdiction(store, law, "requesting", order.requesting),
        day=_parse_day(order.as_of or day),
        hosts=tuple(dict.fromkeys(_parse_jurisdiction(store, law, "host", code) for code in order.hosts)),
        routes=order.routes,
        protected=order.protected,
    )


def _parse_jurisdiction(store: Store, law: LawBook, name: str, said: str) -> str:
    """A code that the tables of the law or the graph know; of a part of a jurisdiction, the whole is enough."""
    from kg.ontology.values import VALUE_TYPES, BadValue

    place = InputLocation(key=name, value=said)
    try:
        code = VALUE_TYPES["jurisdiction"].clean(said)
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

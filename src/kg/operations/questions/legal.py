"""Which legal routes are there about a person, and which facts are missing?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, InputLocation, QuestionError
from kg.findings.counts import plural
from kg.ontology.values.jurisdictions import state_code
from kg.operations.questions.lookup import resolve_node
from kg.operations.workspace import today
from kg.ports import Store
from kg.records import JURISDICTION_NAMESPACE, node_id

if TYPE_CHECKING:
    from kg.analysis.routes import OwnerShares, RouteQuestion
    from kg.findings import (
        Clusters,
        FreezeSet,
        Gap,
        PersonRoutes,
        PersonStanding,
        Portfolio,
        RouteNeeds,
        StatusValue,
    )
    from kg.law import LawBook
    from kg.law.survey import LawFinding, LawMatrix
    from kg.operations.answers import LegalFrame
    from kg.operations.workspace import Workspace
    from kg.view import GraphView

MAX_OWNERS = 1_000
"""The most owners of an enterprise that are looked at."""


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
    ids = _resolve_people(store, view, people)
    known = clusters or find_clusters(store, ClusterParameters())
    return find_legal_routes(view, known, law, question, ids, owner_shares(view))


def person_standings(store: Store, query: LegalQuery, people: Iterable[str]) -> Mapping[str, PersonStanding]:
    """Who seeks, clears or accuses some people, given by id, on the day of the query; by id. Raises InputError."""
    from kg.analysis.routes import REQUIRED_COLUMNS, find_standings

    law, view = load_queried_law(query), store.view(REQUIRED_COLUMNS)
    return find_standings(view, law, build_route_question(store, query, view.as_of), people)


def assets_through_relatives(store: Store, query: LegalQuery, person: str) -> Mapping[str, str]:
    """For each node that a person, given by id, reaches through a relative alone, the id of that relative."""
    from kg.analysis.routes import REQUIRED_COLUMNS, relatives_on_chains

    view = store.view(REQUIRED_COLUMNS)
    return relatives_on_chains(view, person, build_route_question(store, query, view.as_of).day)


def _resolve_people(store: Store, view: GraphView, people: Sequence[str]) -> list[str]:
    """The ids of some people. Raises NotFound, and InputError for a node that is no person."""
    ids = [resolve_node(store, "id", person) for person in people]
    for named, found in zip(people, ids, strict=True):
        if not view.ontology.is_a(view.type(view.index(found)), "Person"):
            kind = view.type(view.index(found))
            raise InputError(f"{named!r} is a {kind}; expected a person").with_field("id", named)
    return ids


def legal_frame(store: Store, query: LegalQuery) -> LegalFrame:
    """The frame of the answers to a query. Raises InputError for an invalid day and an unknown jurisdiction."""
    from kg.operations.answers import LegalFrame

    question = build_route_question(store, query, store.as_of())
    day = question.day.isoformat()
    return LegalFrame(store.version(), question.requesting, day, missing_reference_notes(store, query))


def missing_reference_notes(store: Store, query: LegalQuery) -> tuple[str, ...]:
    """That no source describes a jurisdiction of the query, so that links to it wait and hosts are not known."""
    law = load_queried_law(query)
    codes = [_parse_jurisdiction(store, law, "requesting", query.requesting)]
    codes += [_parse_jurisdiction(store, law, "host", code) for code in query.hosts]
    ids = {code: node_id(JURISDICTION_NAMESPACE, state_code(code)) for code in codes}
    described = store.nodes(ids.values())
    missing = [code for code, id_ in ids.items() if id_ not in described]
    if not missing:
        return ()
    waiting = store.contents().waiting
    wait = f"{plural(waiting, 'links')} of this graph wait{'s' if waiting == 1 else ''} for an end"
    return (
        f"No source describes {', '.join(missing)}: {wait}, and hosts read as not known. Load the reference facts:"
        " kg load --reference.",
    )


def owner_shares(view: GraphView) -> OwnerShares:
    """The owners of a node on a day, by what each owns at least."""
    from kg.analysis.ownership import OwnershipQuestion, owners_of

    def shares(node: str, day: date) -> dict[str, float]:
        found = owners_of(view, OwnershipQuestion(node, day.isoformat(), most=MAX_OWNERS, most_chains=0))
        return {one.holder: max(one.legal.low, one.beneficial.low) for one in found.holdings}

    return shares


def requesting_code(workspace: Workspace, asked: str) -> str:
    """The code of the jurisdiction that requests: that of the question, else KG_REQUESTING. Raises QuestionError."""
    if not asked and not workspace.requesting:
        expected = (
            "expected the code of the jurisdiction that requests, such as CN (kg: --requesting CN), or KG_REQUESTING"
        )
        raise QuestionError("requesting", "", expected)
    return asked or workspace.requesting


def find_gaps(
    store: Store, query: LegalQuery, clusters: Clusters | None = None
) -> tuple[tuple[Gap, ...], tuple[RouteNeeds, ...]]:
    """The questions that most routes about everybody wait for, and how differently cases lack something, by route."""
    from kg.analysis.routes import NeedsCounter, count_gaps

    counter = NeedsCounter()
    gaps = count_gaps(counter.count(find_routes(store, query, (), clusters)))
    return gaps, counter.needs()


@dataclass(frozen=True, slots=True)
class PortfolioQuery:
    """How many people can be worked on, in how many working days, and in which currency values are told."""

    limit: int
    days: int = 0
    """Working days all together; 0 for no budget."""
    days_per_person: int = 10
    days_per_asset: int = 3
    """For each linked asset with a route that is not blocked."""
    currency: str = "USD"


def find_portfolio(
    store: Store, query: LegalQuery, asked: PortfolioQuery, clusters: Clusters | None = None
) -> Portfolio:
    """Whom to work on. Raises InputError, also for a currency of which the table has no rates."""
    return choose_from(store, query, asked, find_routes(store, query, (), clusters))


def choose_from(store: Store, query: LegalQuery, asked: PortfolioQuery, found: Iterable[PersonRoutes]) -> Portfolio:
    """The portfolio of people whose routes were found already. Raises InputError as `find_portfolio` does."""
    from kg.analysis.portfolio import ValueScale, choose_portfolio, values_by_status
    from kg.findings import WorkBudget
    from kg.law.exchange_rates import BASE

    law, day = load_queried_law(query), build_route_question(store, query, store.contents().as_of).day
    if asked.currency != BASE and law.rates.rate(asked.currency, day) is None:
        expected = f"expected {BASE}, or a currency of which exchange_rates.csv has a rate by {day}, such as EUR"
        raise QuestionError("currency", asked.currency, expected)
    budget = WorkBudget(asked.days, asked.days_per_person, asked.days_per_asset)
    scale, people = ValueScale(law.rates, day, asked.currency), {one.person: one for one in found}
    portfolio = choose_portfolio(people.values(), asked.limit, scale, budget)

    def through_relatives(person: str) -> tuple[StatusValue, ...]:
        reached = assets_through_relatives(store, query, person)
        return values_by_status((a for a in people[person].assets if a.asset in reached and not a.is_traced), scale)

    chosen = [replace(one, through_relatives=through_relatives(one.person)) for one in portfolio.chosen]
    return replace(portfolio, chosen=tuple(chosen))


def find_freezes(store: Store, query: LegalQuery, person: str) -> FreezeSet:
    """The freeze set of a person, given by id, `namespace:key` or name. Raises NotFound and InputError."""
    from kg.analysis.routes import REQUIRED_COLUMNS, find_freeze_set

    view = store.view(REQUIRED_COLUMNS)
    question = build_route_question(store, query, view.as_of)
    return find_freeze_set(view, load_queried_law(query), question, _resolve_people(store, view, (person,))[0])


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
    code = _clean_code(name, text)
    if not _is_in_tables(law, code) and not store.nodes([node_id(JURISDICTION_NAMESPACE, code)]):
        problem = "expected a jurisdiction that jurisdictions.csv or the graph has, such as CN"
        raise InputError(problem, InputLocation(key=name, value=text))
    return code


def _known_code(law: LawBook, name: str, text: str) -> str:
    """A code that the reference tables have."""
    code = _clean_code(name, text)
    if not _is_in_tables(law, code):
        problem = "expected a jurisdiction that jurisdictions.csv has, such as CN"
        raise InputError(problem, InputLocation(key=name, value=text))
    return code


def _clean_code(name: str, text: str) -> str:
    from kg.ontology.values import VALUE_TYPES, BadValue

    try:
        return VALUE_TYPES["jurisdiction"].clean(text)
    except BadValue as error:
        raise InputError(str(error), InputLocation(key=name, value=text)) from None


def _is_in_tables(law: LawBook, code: str) -> bool:
    return state_code(code) in law.jurisdictions


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QuestionError("as_of", text, "expected a day such as 2014-12-05") from None


def find_binding_law(one: str, other: str, as_of: str = "", law: Path | None = None) -> tuple[LawFinding, ...]:
    """What binds two jurisdictions on a day, today by default, and why. Raises InputError."""
    from kg.law.survey import what_binds

    book = load_queried_law(LegalQuery("", law=law))
    codes = [_known_code(book, name, code) for name, code in (("one", one), ("other", other))]
    return what_binds(book, codes[0], codes[1], _parse_day(as_of or today()))


def find_law_holes(hosts: Sequence[str] = (), as_of: str = "", law: Path | None = None) -> LawMatrix:
    """Which rules of hosts no row answers on a day, today by default. Raises InputError."""
    from kg.law.survey import HOSTS, find_holes

    book = load_queried_law(LegalQuery("", law=law))
    chosen = tuple(dict.fromkeys(_known_code(book, "host", code) for code in hosts)) or HOSTS
    return find_holes(book, chosen, _parse_day(as_of or today()))

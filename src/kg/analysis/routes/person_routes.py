"""Which routes are there about each person and their assets, and how does each stand?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from kg.analysis.routes.case import Ask, Case
from kg.analysis.routes.context import Around
from kg.analysis.routes.engine import Engine, engine_of
from kg.analysis.routes.facts import assets as asset_places
from kg.analysis.routes.facts import presence
from kg.analysis.routes.facts.determinations import unread
from kg.analysis.routes.facts.offences import accused_of
from kg.analysis.routes.facts.papers import accusations, active, clearances, papers
from kg.analysis.routes.question import RouteQuestion
from kg.errors import InputError, Place
from kg.findings import Clusters, PersonRoutes, RouteAnswer
from kg.law import LawBook, Route
from kg.view import GraphView

BATCH = 200
"""People whose claims are read at once."""


def legal_routes(
    view: GraphView, clusters: Clusters, law: LawBook, question: RouteQuestion, people: Sequence[str] = ()
) -> Iterator[PersonRoutes]:
    """Each person with every route, in the order of ids; everybody whom some paper names, when `people` is empty.

    The view must have the columns COLUMNS. Assets are those of the person's cluster. Who is not on the requesting
    jurisdiction's active list on the day has no routes. Raises InputError for a route that does not exist.
    """
    if unknown := sorted(set(question.routes) - law.routes.keys()):
        raise InputError(f"expected one of {', '.join(law.routes)}", Place(key="route", value=unknown[0]))
    chosen = [view.index(name) for name in sorted(people)] if people else _named(view)
    return _routes(view, _assets_of(view, clusters, chosen), law, question, chosen)


def _routes(
    view: GraphView, held: Mapping[int, tuple[int, ...]], law: LawBook, question: RouteQuestion, people: Sequence[int]
) -> Iterator[PersonRoutes]:
    engine = engine_of(law, question)
    batches = iter(people)
    while batch := list(islice(batches, BATCH)):
        around = Around(view, batch, [asset for person in batch for asset in held.get(person, ())])
        for person in batch:
            yield _person(Case(around, person, question, law, engine.about_law), engine, held.get(person, ()))


def _named(view: GraphView) -> list[int]:
    """Everybody whom a warrant, notice or list entry names, whether it is in force or not."""
    named = np.unique(view.tail[view.links_with("pursuit")])
    return [int(node) for node in named[view.nodes_of("Person")[named]]]


def _assets_of(view: GraphView, clusters: Clusters, people: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
    wanted = {view.id(person): person for person in people}
    found: dict[int, tuple[int, ...]] = {}
    for cluster in clusters.with_any(wanted.keys()):
        some = [wanted[m.id] for m in cluster.members if m.id in wanted]
        if some:
            assets = tuple(view.index(m.id) for m in cluster.with_role("asset"))
            found |= dict.fromkeys(some, assets)
    return found


def _person(case: Case, engine: Engine, assets: Sequence[int]) -> PersonRoutes:
    ask = Ask(case, "")
    listed = papers(ask)
    harms = tuple(
        f"{case.around.view.id(accused.node)} {case.around.view.id(harmed.far)}"
        for accused in accused_of(ask)
        for harmed in case.around.into(accused.node, "VICTIM_OF")
    )
    return PersonRoutes(
        person=case.around.view.id(case.person),
        papers=listed,
        clearances=tuple(dict.fromkeys(clearances(ask))),
        accusations=tuple(dict.fromkeys(accusations(ask))),
        harms=harms,
        answers=tuple(_answers(case, engine, assets)) if any(active(ask, paper) for paper in listed) else (),
        unread=tuple(dict.fromkeys(unread(ask, (case.person, *assets)))),
    )


def _answers(case: Case, engine: Engine, assets: Sequence[int]) -> Iterator[RouteAnswer]:
    places = presence.hosts(Ask(case, ""))
    for route in engine.routes("person"):
        for host in _hosts(case.question, route, places):
            yield engine.answer(Ask(case, host), route)
    for asset in assets:
        where = asset_places.hosts(Ask(case, "", asset))
        for route in engine.routes("asset"):
            for host in _hosts(case.question, route, where):
                if not case.question.hosts or host in where or route.place == "requesting":
                    yield engine.answer(Ask(case, host, asset), route)


def _hosts(question: RouteQuestion, route: Route, places: Sequence[str]) -> Sequence[str]:
    if route.place == "requesting":
        return (question.requesting,)
    if question.hosts:
        return question.hosts
    return [p for p in places if p != question.requesting] or ("",)

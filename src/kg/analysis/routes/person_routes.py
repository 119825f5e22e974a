"""Which routes are there about each person and their assets, and in which state is each?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

import numpy as np

from kg.analysis.routes.case import Case, FactQuery, OwnerShares, RouteQuestion, no_owners
from kg.analysis.routes.context import CaseContext
from kg.analysis.routes.elements import case_elements
from kg.analysis.routes.engine import RouteEngine, engine_for
from kg.analysis.routes.facts.assets import asset_hosts
from kg.analysis.routes.facts.determinations import unknown_determinations
from kg.analysis.routes.facts.offences import accused_offences
from kg.analysis.routes.facts.papers import accusation_statements, clearance_statements, find_papers, is_active
from kg.analysis.routes.facts.presence import person_hosts
from kg.analysis.routes.freeze_set import is_end_asset, proceeds_of_accusations
from kg.analysis.routes.recoverable import came_off_records, limitation_dates, linked_assets
from kg.errors import InputError, InputLocation
from kg.findings import Clusters, OffenceVictim, Paper, PersonRoutes, PersonStanding, RouteAnswer
from kg.findings.legal.routes import LINKING_ELEMENTS
from kg.law import LawBook, Route
from kg.ontology.values import date_span
from kg.view import GraphView

BATCH_SIZE = 200
"""People whose claims are read at once."""


def find_legal_routes(
    view: GraphView,
    clusters: Clusters,
    law: LawBook,
    question: RouteQuestion,
    people: Sequence[str] = (),
    owners: OwnerShares = no_owners,
) -> Iterator[PersonRoutes]:
    """Each person with every route, in the order of ids; everybody whom a paper names when `people` is empty.

    The view must have the columns REQUIRED_COLUMNS. The assets are those of the person's cluster, and those
    that are traced to what the person is accused of. `owners` tells
    which enterprises are the state's. A person whom no paper of the requesting jurisdiction in force on the day names
    has no routes. Raises InputError for a route that does not exist.
    """
    if unknown := sorted(set(question.routes) - law.routes.keys()):
        raise InputError(f"expected one of {', '.join(law.routes)}", InputLocation(key="route", value=unknown[0]))
    chosen = [view.index(name) for name in sorted(people)] if people else _people_in_papers(view)
    return _routes(view, _assets_by_person(view, clusters, chosen), law, question, chosen, owners)


def find_standings(
    view: GraphView, law: LawBook, question: RouteQuestion, people: Iterable[str]
) -> Mapping[str, PersonStanding]:
    """How some people, given by id, stand on the day of the question, by id; the view as for `find_legal_routes`."""
    engine, batches = engine_for(law, question), iter([view.index(name) for name in dict.fromkeys(people)])
    found: dict[str, PersonStanding] = {}
    while batch := list(islice(batches, BATCH_SIZE)):
        context = CaseContext(view, batch, ())
        for person in batch:
            query = FactQuery(Case(context, person, question, law, no_owners, engine.law_answers, {}), "")
            found[view.id(person)] = PersonStanding(
                person=view.id(person),
                papers=find_papers(query),
                clearances=tuple(dict.fromkeys(clearance_statements(query))),
                accusations=tuple(dict.fromkeys(accusation_statements(query))),
            )
    return found


def _routes(
    view: GraphView,
    assets: Mapping[int, Sequence[int]],
    law: LawBook,
    question: RouteQuestion,
    people: Sequence[int],
    owners: OwnerShares,
) -> Iterator[PersonRoutes]:
    engine, state_owned = engine_for(law, question), dict[int, str]()
    batches = iter(people)
    while batch := list(islice(batches, BATCH_SIZE)):
        context = CaseContext(view, batch, [asset for person in batch for asset in assets.get(person, ())])
        for person in batch:
            case = Case(context, person, question, law, owners, engine.law_answers, state_owned)
            yield _person_routes(case, engine, assets.get(person, ()))


def _people_in_papers(view: GraphView) -> list[int]:
    """Everybody whom a warrant, notice or list entry names, whether it is in force or not."""
    named = np.unique(view.tail[view.links_with("pursuit")])
    return [int(node) for node in named[view.nodes_of("Person")[named]]]


def _assets_by_person(view: GraphView, clusters: Clusters, people: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
    wanted = {view.id(person): person for person in people}
    found: dict[int, tuple[int, ...]] = {}
    for cluster in clusters.containing_any(wanted.keys()):
        assets = tuple(view.index(member.id) for member in cluster.with_role("asset"))
        found |= {wanted[member.id]: assets for member in cluster.members if member.id in wanted}
    for person in wanted.values():
        traced = (node for node in sorted(proceeds_of_accusations(view, person)) if is_end_asset(view, view.type(node)))
        found[person] = tuple(dict.fromkeys((*found.get(person, ()), *traced)))
    return found


def _person_routes(case: Case, engine: RouteEngine, assets: Sequence[int]) -> PersonRoutes:
    query = FactQuery(case, "")
    papers = find_papers(query)
    harms = tuple(
        OffenceVictim(case.context.view.id(accused.node), case.context.view.id(harmed.far))
        for accused in accused_offences(query)
        for harmed in case.context.incoming(accused.node, "VICTIM_OF")
    )
    evidence = tuple(case_elements(query, assets))
    tied = {one.about for one in evidence if one.element in LINKING_ELEMENTS and one.grade != "none"}
    linked = [asset for asset in assets if case.context.id(asset) in tied]
    return PersonRoutes(
        person=case.context.view.id(case.person),
        papers=papers,
        clearances=tuple(dict.fromkeys(clearance_statements(query))),
        accusations=tuple(dict.fromkeys(accusation_statements(query))),
        harms=harms,
        routes=tuple(_answers(case, engine, assets)) if any(is_active(query, paper) for paper in papers) else (),
        evidence=evidence,
        assets=tuple(linked_assets(query, linked, _wanted_since(papers))),
        limitations=tuple(dict.fromkeys(limitation_dates(query))),
        came_off=tuple(dict.fromkeys(came_off_records(query))),
        not_understood=tuple(dict.fromkeys(s for n in (case.person, *assets) for s in case.context.unread_near(n))),
        unread=tuple(dict.fromkeys(unknown_determinations(query, (case.person, *assets)))),
    )


def _wanted_since(papers: Iterable[Paper]) -> date | None:
    """The last day on which the first paper may have been issued; None where no day is known."""
    days = [date_span(paper.since).last for paper in papers if paper.since]
    return min(days, default=None)


def _answers(case: Case, engine: RouteEngine, assets: Sequence[int]) -> Iterator[RouteAnswer]:
    whereabouts = person_hosts(FactQuery(case, ""))
    for route in engine.routes["person"]:
        for host in _hosts(case.question, route, whereabouts):
            yield engine.answer(FactQuery(case, host), route)
    for asset in assets:
        locations = asset_hosts(FactQuery(case, "", asset))
        for route in engine.routes["asset"]:
            for host in _hosts(case.question, route, locations):
                if not case.question.hosts or host in locations or route.place == "requesting":
                    yield engine.answer(FactQuery(case, host, asset), route)


def _hosts(question: RouteQuestion, route: Route, possible: Sequence[str]) -> Sequence[str]:
    if route.place == "requesting":
        return (question.requesting,)
    if question.hosts:
        return question.hosts
    return [code for code in possible if code != question.requesting] or ("",)

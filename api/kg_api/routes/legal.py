"""Which legal routes are open, what stands first about a person, which facts are missing, and whom to work on?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from kg.errors import StoreUnfit
from kg.operations import (
    LegalQuery,
    PortfolioQuery,
    build_person_dossier,
    find_freezes,
    find_gaps,
    find_portfolio,
    find_routes,
    legal_frame,
    requesting_code,
)
from kg.operations.answers import DossierAnswer, FreezeSetAnswer, GapsAnswer, PortfolioAnswer, RoutesAnswer
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import CurrentRequest
from kg_api.problems import Problem
from kg_api.requests import NodeName

router = APIRouter(prefix="/v1", tags=["legal routes"], route_class=AnswerRoute)

PROTECTED_SCOPE: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "The service shows protected facts, and a dossier never has any."}
}

Requesting = Annotated[
    str, Query(max_length=6, description="Code of the jurisdiction that requests; that of KG_REQUESTING if empty.")
]
AsOf = Annotated[str, Query(max_length=10, description="Day of law and facts; that of the graph if empty.")]
Hosts = Annotated[list[str] | None, Query(alias="host", max_length=50, description="Only these hosts; repeatable.")]


@router.get("/persons/{id}/routes", operation_id="listRoutes", response_model=RoutesAnswer)
def routes(
    request: CurrentRequest,
    id: NodeName,
    requesting: Requesting = "",
    as_of: AsOf = "",
    hosts: Hosts = None,
    only: Annotated[list[str] | None, Query(alias="route", max_length=50, description="Only these routes.")] = None,
) -> RoutesAnswer:
    """Every route about a person and the assets in their cluster. This is research, not legal advice."""
    with request.graph(clusters=True, as_of=as_of) as graph:
        query = _legal_query(request, requesting, as_of, hosts, only)
        (found,) = find_routes(graph.store, query, (id,), graph.clusters().clusters)
        return RoutesAnswer.of_person(legal_frame(graph.store, query), found, graph.store)


@router.get("/persons/{id}/dossier", operation_id="getDossier", response_model=DossierAnswer, responses=PROTECTED_SCOPE)
def dossier(
    request: CurrentRequest, id: NodeName, requesting: Requesting = "", as_of: AsOf = "", hosts: Hosts = None
) -> DossierAnswer:
    """What stands first about a person: who, said by whom, the reply, values, routes, bars, deadlines, exhibits."""
    workspace = request.service.workspace
    if workspace.protected:
        raise StoreUnfit("a dossier never has protected facts: ask a service without KG_SCOPE=protected, or kg dossier")
    with request.graph(clusters=True, as_of=as_of) as graph:
        query = _legal_query(request, requesting, as_of, hosts)
        page = build_person_dossier(workspace, graph.store, query, id, graph.clusters().clusters)
        return DossierAnswer.of(legal_frame(graph.store, query), page.dossier)


@router.get("/persons/{id}/freeze-set", operation_id="getFreezeSet", response_model=FreezeSetAnswer)
def freeze_set(request: CurrentRequest, id: NodeName, requesting: Requesting = "", as_of: AsOf = "") -> FreezeSetAnswer:
    """The fewest things whose restraint cuts a person off from the assets. People are never among them."""
    with request.graph(as_of=as_of) as graph:
        query = _legal_query(request, requesting, as_of, None)
        found = find_freezes(graph.store, query, id)
        return FreezeSetAnswer.of(legal_frame(graph.store, query), found)


@router.get("/gaps", operation_id="listGaps", response_model=GapsAnswer)
def gaps(
    request: CurrentRequest,
    requesting: Requesting = "",
    as_of: AsOf = "",
    hosts: Hosts = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Most questions.")] = 50,
) -> GapsAnswer:
    """Unanswered questions, those that would open most routes first. Protected facts are never listed."""
    with request.graph(clusters=True, as_of=as_of) as graph:
        query = _legal_query(request, requesting, as_of, hosts)
        found = find_gaps(graph.store, query, graph.clusters().clusters)
        return GapsAnswer.of(legal_frame(graph.store, query), found, limit)


@router.get("/portfolio", operation_id="getPortfolio", response_model=PortfolioAnswer)
def portfolio(  # noqa: PLR0913  # one parameter of the query string each
    request: CurrentRequest,
    requesting: Requesting = "",
    as_of: AsOf = "",
    hosts: Hosts = None,
    limit: Annotated[int, Query(ge=0, le=1000, description="Most people, and most assets to freeze first.")] = 20,
    days: Annotated[int, Query(ge=0, le=1_000_000, description="Working days that there are; 0 for no budget.")] = 0,
    days_per_person: Annotated[
        int, Query(ge=1, le=10_000, description="Working days a person is assumed to take.")
    ] = 10,
    days_per_asset: Annotated[int, Query(ge=0, le=10_000, description="Working days an asset is assumed to take.")] = 3,
    currency: Annotated[str, Query(max_length=3, description="Currency in which values are told.")] = "USD",
) -> PortfolioAnswer:
    """Whom to work on when only so many people can be: chosen by harm and recoverable value, never by ease."""
    with request.graph(clusters=True, as_of=as_of) as graph:
        query = _legal_query(request, requesting, as_of, hosts)
        asked = PortfolioQuery(limit, days, days_per_person, days_per_asset, currency)
        found = find_portfolio(graph.store, query, asked, graph.clusters().clusters)
        return PortfolioAnswer.of(legal_frame(graph.store, query), found)


def _legal_query(
    request: CurrentRequest, requesting: str, as_of: str, hosts: list[str] | None, only: list[str] | None = None
) -> LegalQuery:
    workspace = request.service.workspace
    code, protected = requesting_code(workspace, requesting), workspace.protected
    return LegalQuery(code, as_of, tuple(hosts or ()), tuple(only or ()), protected=protected)

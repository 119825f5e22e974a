"""What do the questions that somebody wrote down answer?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from kg import operations
from kg.operations import SavedQueryRequest, run_query
from kg.operations.answers import QueriesAnswer, QueryAnswer, QueryOut, QueryResult
from kg.queries import find_query
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import CurrentRequest
from kg_api.problems import OUT_OF_TIME_RESPONSE, Problem
from kg_api.requests import QueryRequest

router = APIRouter(prefix="/v1", tags=["queries"], route_class=AnswerRoute)

QueryNamePart = Annotated[str, Path(max_length=60, description="As the list of saved queries has it.")]

UNFIT_RESPONSE: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Saved queries are asked of a Neo4j, and the service has none that fits."}
}


@router.get("/queries", operation_id="listQueries", response_model=QueriesAnswer)
def list_queries(request: CurrentRequest) -> QueriesAnswer:
    """All saved queries by name, with what each has to be told."""
    return operations.list_queries(runs_here=_runs_here(request))


@router.get("/queries/{topic}/{name}", operation_id="getQuery", response_model=QueryAnswer)
def get_query(request: CurrentRequest, topic: QueryNamePart, name: QueryNamePart) -> QueryAnswer:
    """One saved query: what it answers, what it leaves out, and what it has to be told."""
    return QueryAnswer(runs_here=_runs_here(request), query=QueryOut.of(find_query(f"{topic}/{name}")))


@router.post(
    "/queries/{topic}/{name}",
    operation_id="runQuery",
    response_model=QueryResult,
    responses=UNFIT_RESPONSE | OUT_OF_TIME_RESPONSE,
)
def run_saved_query(
    request: CurrentRequest, topic: QueryNamePart, name: QueryNamePart, body: QueryRequest
) -> QueryResult:
    """Ask the Neo4j a saved query, in a transaction that cannot write."""
    asked = SavedQueryRequest({}, timeout=body.seconds, json_values=body.parameters, row_limit=body.limit)
    with request.store():
        return run_query(request.service.workspace, find_query(f"{topic}/{name}"), asked)


def _runs_here(request: CurrentRequest) -> bool:
    return request.service.workspace.neo4j is not None

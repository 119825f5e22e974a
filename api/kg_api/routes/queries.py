"""What do the questions that somebody wrote down answer?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from kg import operations
from kg.operations import SavedQueryRequest, run_query
from kg.operations.answers import QueriesAnswer, QueryAnswer, QueryOut, QueryResult
from kg.queries import find_query
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import Ask
from kg_api.problems import OUT_OF_TIME_RESPONSE, Problem
from kg_api.requests import QueryRequest

router = APIRouter(prefix="/v1", tags=["queries"], route_class=AnswerRoute)

QueryNamePart = Annotated[str, Path(max_length=60, description="As the list of saved queries has it.")]

UNFIT_RESPONSE: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Saved queries are asked of a Neo4j, and the service has none that fits."}
}


@router.get("/queries", operation_id="listQueries", response_model=QueriesAnswer)
def list_queries(ask: Ask) -> QueriesAnswer:
    """All saved queries by name, with what each has to be told."""
    return operations.list_queries(runs_here=_runs_here(ask))


@router.get("/queries/{topic}/{name}", operation_id="getQuery", response_model=QueryAnswer)
def get_query(ask: Ask, topic: QueryNamePart, name: QueryNamePart) -> QueryAnswer:
    """One saved query: what it answers, what it leaves out, and what it has to be told."""
    return QueryAnswer(runs_here=_runs_here(ask), query=QueryOut.of(find_query(f"{topic}/{name}")))


@router.post(
    "/queries/{topic}/{name}",
    operation_id="runQuery",
    response_model=QueryResult,
    responses=UNFIT_RESPONSE | OUT_OF_TIME_RESPONSE,
)
def run_saved_query(ask: Ask, topic: QueryNamePart, name: QueryNamePart, asked: QueryRequest) -> QueryResult:
    """Ask the Neo4j a saved query, in a transaction that cannot write."""
    request = SavedQueryRequest({}, timeout=asked.seconds, json_values=asked.parameters, row_limit=asked.limit)
    with ask.store():
        return run_query(ask.service.workspace, find_query(f"{topic}/{name}"), request)


def _runs_here(ask: Ask) -> bool:
    return ask.service.workspace.neo4j is not None

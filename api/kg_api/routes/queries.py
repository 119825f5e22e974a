"""What do the questions that somebody wrote down answer?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from kg.operations import SavedQueryRequest, run_query
from kg.queries import find_query, query_pack
from kg_api.dependencies import Ask
from kg_api.middleware.request_context import AuditedRoute
from kg_api.problems import OUT_OF_TIME_RESPONSE, Problem
from kg_api.responses.models import QueriesAnswer, QueryAnswer, QueryOut, QueryRequest, QueryResult

router = APIRouter(prefix="/v1", tags=["queries"], route_class=AuditedRoute)

QueryNamePart = Annotated[str, Path(max_length=60, description="As the list of saved queries has it.")]

UNFIT_RESPONSE: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Saved queries are asked of a Neo4j, and the service has none that fits."}
}


@router.get("/queries", operation_id="listQueries", response_model=QueriesAnswer)
def list_queries(ask: Ask) -> QueriesAnswer:
    """All saved queries by name, with what each has to be told."""
    return QueriesAnswer(runs_here=_runs_here(ask), queries=[QueryOut.of(query) for query in query_pack().values()])


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
    query, place = find_query(f"{topic}/{name}"), ask.service.workspace
    order = SavedQueryRequest({}, timeout=asked.seconds, json_values=asked.parameters, row_limit=asked.limit)
    with ask.store() as store:
        found = run_query(place, query, order)
        columns, rows = list(found.columns), [list(row) for row in found.rows]
        return QueryResult(version=str(store.version()), query=query.name, columns=columns, rows=rows, more=found.more)


def _runs_here(ask: Ask) -> bool:
    return ask.service.workspace.neo4j is not None

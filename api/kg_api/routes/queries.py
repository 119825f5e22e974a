"""What do the questions that somebody wrote down answer?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from kg.operations import QueryOrder, run_query
from kg.queries import pack, saved
from kg_api.dependencies import Ask
from kg_api.middleware.request_context import Noted
from kg_api.problems import OUT_OF_TIME, Problem
from kg_api.responses.models import QueryAnswer, QueryAsked, QueryList, QueryOut, TableOut

router = APIRouter(prefix="/v1", tags=["queries"], route_class=Noted)

Word = Annotated[str, Path(max_length=60, description="As the list of saved queries has it.")]

UNFIT: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Saved queries are asked of a Neo4j, and the service has none that fits."}
}


@router.get("/queries", operation_id="listQueries", response_model=QueryList)
def listed(ask: Ask) -> QueryList:
    """All saved queries by name, with what each has to be told."""
    return QueryList(runs_here=_here(ask), queries=[QueryOut.of(query) for query in pack().values()])


@router.get("/queries/{topic}/{name}", operation_id="getQuery", response_model=QueryAnswer)
def one(ask: Ask, topic: Word, name: Word) -> QueryAnswer:
    """One saved query: what it answers, what it leaves out, and what it has to be told."""
    return QueryAnswer(runs_here=_here(ask), query=QueryOut.of(saved(f"{topic}/{name}")))


@router.post("/queries/{topic}/{name}", operation_id="runQuery", response_model=TableOut, responses=UNFIT | OUT_OF_TIME)
def run(ask: Ask, topic: Word, name: Word, asked: QueryAsked) -> TableOut:
    """Ask the Neo4j a saved query, in a transaction that cannot write."""
    query, place = saved(f"{topic}/{name}"), ask.service.place
    order = QueryOrder({}, seconds=asked.seconds, typed=asked.parameters, rows=asked.limit)
    with ask.store() as store:
        found = run_query(place, query, order)
        columns, rows = list(found.columns), [list(row) for row in found.rows]
        return TableOut(version=str(store.version()), query=query.name, columns=columns, rows=rows, more=found.more)


def _here(ask: Ask) -> bool:
    return ask.service.place.copy is not None

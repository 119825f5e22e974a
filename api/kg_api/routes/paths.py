"""How are two nodes connected?"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from kg.analysis.paths import Budget, Ranking
from kg.operations import find_paths, paths_answer, subgraph_of_paths
from kg.operations.answers import PathsAnswer
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import CurrentRequest, GraphRequest
from kg_api.graph_formats import GRAPH_RESPONSES, GraphFormat, graph_response
from kg_api.requests import MaxDepth, MaxPaths, Name, PathsRequest, RankingName

router = APIRouter(prefix="/v1", tags=["paths"], route_class=AnswerRoute)


@router.get("/paths", operation_id="getPaths", response_model=PathsAnswer, responses=GRAPH_RESPONSES)
def get_paths(  # noqa: PLR0913  # each is a parameter of the address
    request: CurrentRequest,
    response: Response,
    start: Annotated[Name, Query(alias="from", description="An id, namespace:key, or a name that only one node has.")],
    goal: Annotated[Name, Query(alias="to", description="Where to.")],
    ranking: Annotated[RankingName, Query(description="credible, shortest, coherent or hub-free.")] = "credible",
    limit: Annotated[MaxPaths, Query(description="Most paths.")] = 3,
    depth: Annotated[MaxDepth, Query(description="Most links on a path.")] = 6,
    form: Annotated[GraphFormat, Query(alias="format")] = "json",
) -> PathsAnswer | Response:
    """The first paths by a ranking, each with its sources and with what speaks for and against it."""
    asked = {"from": start, "to": goal, "ranking": ranking, "limit": limit, "depth": depth}
    return _answer(request, response, PathsRequest.model_validate(asked), form)


@router.post("/paths", operation_id="findPaths", response_model=PathsAnswer, responses=GRAPH_RESPONSES)
def find_paths_in_full(
    request: CurrentRequest,
    response: Response,
    question: PathsRequest,
    form: Annotated[GraphFormat, Query(alias="format")] = "json",
) -> PathsAnswer | Response:
    """The same, with everything that can be asked about paths."""
    return _answer(request, response, question, form)


def _answer(request: GraphRequest, response: Response, asked: PathsRequest, form: str) -> PathsAnswer | Response:
    question = replace(asked.to_question(), start=asked.from_, goal=asked.to, through=tuple(asked.through))
    ranking = Ranking(asked.ranking, asked.limit, asked.only_shortest, asked.sample)
    with request.store(asked.as_of) as store:
        store.view()  # opened before the time of this request begins to count
        budget = Budget(steps=asked.steps, timed_out=request.deadline(asked.seconds))
        found = find_paths(store, question, ranking, budget)
        answer = paths_answer(store, found)
    if found.finding.cut == "time":
        request.forbid_caching()
    if form == "json":
        return answer
    return graph_response(request, response, subgraph_of_paths(found), form, answer.summary())

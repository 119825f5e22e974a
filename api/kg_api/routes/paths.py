"""How are two nodes connected?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from kg.analysis.paths import DEFAULT_ENDPOINT_KINDS, Budget, PathQuestion, Ranking
from kg.operations import excluded_traits, find_paths, paths_answer, subgraph_of_paths
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
    question = _path_question(asked)
    ranking = Ranking(asked.ranking, asked.limit, asked.only_shortest, asked.sample)
    with request.store() as store:
        store.view()  # opened before the time of this request begins to count
        budget = Budget(steps=asked.steps, timed_out=request.deadline(asked.seconds))
        found = find_paths(store, question, ranking, budget)
        answer = paths_answer(store, found)
    if found.finding.cut == "time":
        request.forbid_caching()
    if form == "json":
        return answer
    return graph_response(request, response, subgraph_of_paths(found), form, answer.summary())


def _path_question(asked: PathsRequest) -> PathQuestion:
    return PathQuestion(
        asked.from_,
        asked.to,
        asked.depth,
        tuple(dict.fromkeys((*excluded_traits(tuple(asked.walk)), *asked.exclude_traits))),
        not_through=(*DEFAULT_ENDPOINT_KINDS, *asked.not_through) if asked.not_through else None,
        only_traits=tuple(asked.only_traits),
        only_types=tuple(asked.only_types),
        exclude_types=tuple(asked.exclude_types),
        only_through=tuple(asked.only_through),
        through=tuple(asked.through),
        avoid=tuple(asked.avoid),
        as_of=asked.as_of,
        min_reliability=asked.min_reliability,
        max_degree=asked.max_degree,
        keep_direction=tuple(asked.one_way),
    )

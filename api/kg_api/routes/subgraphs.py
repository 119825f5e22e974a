"""What is around some nodes, and between them?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from kg.analysis.paths import Budget
from kg.operations import (
    NeighbourhoodQuery,
    connections_answer,
    describe_link,
    find_connections,
    find_neighbourhoods,
    list_timeline,
    select_subgraph,
    subgraph_of_selection,
)
from kg.operations.answers import ConnectionsAnswer, LinkAnswer, NeighbourhoodsAnswer, SubgraphAnswer, TimelineAnswer
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import CurrentRequest, GraphRequest
from kg_api.graph_formats import GRAPH_RESPONSES, GraphFormat, graph_response
from kg_api.problems import OUT_OF_TIME_RESPONSE
from kg_api.requests import ConnectionsRequest, Day, NeighbourhoodsRequest, SubgraphRequest, TimelinesRequest

router = APIRouter(prefix="/v1", tags=["subgraphs"], route_class=AnswerRoute)


@router.post(
    "/neighbourhoods",
    operation_id="findNeighbourhoods",
    response_model=NeighbourhoodsAnswer,
    responses=OUT_OF_TIME_RESPONSE,
)
def find_neighbours(request: CurrentRequest, question: NeighbourhoodsRequest) -> NeighbourhoodsAnswer:
    """Some nodes with their neighbours that matter most, and counts of all their links.

    First comes who is sought, then assets, then people and companies; who has few links before who has many. Links to
    what is drawn already are told too, and what is drawn is not found again: the same request goes on from there.
    """
    direction = "" if question.direction == "both" else question.direction
    query = NeighbourhoodQuery(
        tuple(question.nodes),
        tuple(question.types),
        tuple(question.others),
        direction,
        question.as_of,
        question.each,
        question.limit,
        tuple(question.drawn),
    )
    with request.store(question.as_of) as store:
        store.view()  # opened before the time of this request begins to count
        return find_neighbourhoods(store, query, _time_check(request, question.seconds))


@router.get("/links/{id}", operation_id="getLink", response_model=LinkAnswer)
def get_link(
    request: CurrentRequest,
    id: Annotated[str, Path(max_length=60, description="As answers have it.")],
    as_of: Annotated[Day, Query(description="A day, to say whether it held then.")] = "",
) -> LinkAnswer:
    """One link with every claim about it, its source, grade and dates, and who states which value."""
    with request.store(as_of) as store:
        return describe_link(store, id, as_of)


@router.post(
    "/graph",
    operation_id="getSubgraph",
    response_model=SubgraphAnswer,
    responses=GRAPH_RESPONSES | OUT_OF_TIME_RESPONSE,
)
def get_subgraph(
    request: CurrentRequest,
    response: Response,
    question: SubgraphRequest,
    form: Annotated[GraphFormat, Query(alias="format")] = "json",
) -> SubgraphAnswer | Response:
    """Some nodes and the links between them, and which of the nodes are no more or have another id by now."""
    with request.store(question.as_of) as store:
        store.view()  # opened before the time of this request begins to count
        answer = select_subgraph(store, question.nodes, question.as_of, _time_check(request, question.seconds))
        if form == "json":
            return answer
        places = {answer.moved.get(name, name): place for name, place in question.positions.items()}
        graph = subgraph_of_selection(store, answer)
        return graph_response(request, response, graph, form, answer.summary(), places)


@router.post("/connections", operation_id="findConnections", response_model=ConnectionsAnswer)
def find_connecting_paths(request: CurrentRequest, question: ConnectionsRequest) -> ConnectionsAnswer:
    """The most credible paths between each two of several nodes, over none of the others, and who stands between them.

    Those that join what was not connected before are kept first.
    """
    with request.store(question.as_of) as store:
        store.view()  # opened before the time of this request begins to count
        budget = Budget(timed_out=request.deadline(question.seconds))
        found = find_connections(store, question.nodes, question.to_question(), question.limit, budget)
        if found.finding.cut == "time":
            request.forbid_caching()
        return connections_answer(store, found)


@router.post("/timelines", operation_id="listTimeline", response_model=TimelineAnswer, responses=OUT_OF_TIME_RESPONSE)
def get_timeline(request: CurrentRequest, question: TimelinesRequest) -> TimelineAnswer:
    """Everything dated that is said of some nodes and their links, source by source, the oldest first."""
    with request.store(question.as_of) as store:
        store.view()  # opened before the time of this request begins to count
        check = _time_check(request, question.seconds)
        return list_timeline(store, question.nodes, question.as_of, question.limit, check)


def _time_check(request: GraphRequest, seconds: float) -> Callable[[], None]:
    return request.time_check(seconds, "the answer was not complete", "ask about fewer nodes")

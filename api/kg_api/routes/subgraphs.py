"""What is around some nodes, and between them?"""

from __future__ import annotations

from fastapi import APIRouter

from kg.operations import NeighbourhoodQuery, find_neighbourhoods
from kg.operations.answers import NeighbourhoodsAnswer
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import CurrentRequest
from kg_api.requests import NeighbourhoodsRequest

router = APIRouter(prefix="/v1", tags=["subgraphs"], route_class=AnswerRoute)


@router.post("/neighbourhoods", operation_id="findNeighbourhoods", response_model=NeighbourhoodsAnswer)
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
    with request.store() as store:
        return find_neighbourhoods(store, query)

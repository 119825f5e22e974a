"""Who owns something, and what does somebody own, through all chains?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query

from kg.analysis.ownership import OwnershipQuestion
from kg.errors import OutOfTime
from kg.findings import Ownership
from kg.operations import QuestionResult, find_holdings, find_owners
from kg.operations.answers import OwnershipAnswer
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import CurrentRequest, GraphRequest
from kg_api.problems import OUT_OF_TIME_RESPONSE
from kg_api.requests import NodeName, Seconds

router = APIRouter(prefix="/v1", tags=["ownership"], route_class=AnswerRoute)

AsOf = Annotated[str, Query(max_length=10, description="A day, month or year; the day of the graph when empty.")]
Least = Annotated[float, Query(ge=0, le=100, description="Smallest percentage that is listed.")]
Chains = Annotated[int, Query(ge=0, le=20, description="Most chains for each holding.")]
Within = Annotated[Seconds, Query(description="Give up after so long.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="Most holdings; `more` says whether there are others.")]


@router.get(
    "/entities/{id}/owners", operation_id="listOwners", response_model=OwnershipAnswer, responses=OUT_OF_TIME_RESPONSE
)
def list_owners(  # noqa: PLR0913  # one parameter of the address each
    request: CurrentRequest,
    id: NodeName,
    as_of: AsOf = "",
    least: Least = 0.0,
    between: Annotated[bool, Query(description="Owners whose own owners are known too.")] = False,
    chains: Chains = 3,
    limit: Limit = 100,
    seconds: Within = 5.0,
) -> OwnershipAnswer:
    """Who owns an asset or enterprise, benefit and title apart; shares are intervals of percentages."""
    with request.store(as_of) as store:
        question = OwnershipQuestion(id, as_of, least, between, chains, limit)
        return _answer(request, seconds, lambda late: find_owners(store, question, late))


@router.get(
    "/entities/{id}/holdings",
    operation_id="listHoldings",
    response_model=OwnershipAnswer,
    responses=OUT_OF_TIME_RESPONSE,
)
def list_holdings(  # noqa: PLR0913  # one parameter of the address each
    request: CurrentRequest,
    id: NodeName,
    as_of: AsOf = "",
    least: Least = 0.0,
    chains: Chains = 3,
    limit: Limit = 100,
    seconds: Within = 5.0,
) -> OwnershipAnswer:
    """What a person or enterprise owns, through all chains."""
    with request.store(as_of) as store:
        question = OwnershipQuestion(id, as_of, least, most_chains=chains, most=limit)
        return _answer(request, seconds, lambda late: find_holdings(store, question, late))


def _answer(
    request: GraphRequest, seconds: float, find: Callable[[Callable[[], bool]], QuestionResult[Ownership]]
) -> OwnershipAnswer:
    """What is found in time. A share of which some chains are not counted is wrong, so that there is no part of it."""
    try:
        return OwnershipAnswer.of(find(request.deadline(seconds)))
    except OutOfTime:
        more = "a part of the chains would give a wrong answer; up to 30 seconds can be had"
        raise OutOfTime(f"the shares could not be worked out within {seconds:g} seconds: {more}") from None

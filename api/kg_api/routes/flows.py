"""Where did money go, in time order?"""

from __future__ import annotations

from fastapi import APIRouter

from kg.analysis.flows import parse_flow_question
from kg.errors import OutOfTime
from kg.operations import find_money_flow
from kg.operations.answers import MoneyFlowAnswer
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import CurrentRequest
from kg_api.problems import OUT_OF_TIME_RESPONSE
from kg_api.requests import FlowRequest

router = APIRouter(prefix="/v1", tags=["money in time order"], route_class=AnswerRoute)


@router.post("/flows", operation_id="followMoney", response_model=MoneyFlowAnswer, responses=OUT_OF_TIME_RESPONSE)
def follow_money(request: CurrentRequest, question: FlowRequest) -> MoneyFlowAnswer:
    """Follow what a party or account paid through accounts in time order, by named rules of tracing side by side."""
    asked = parse_flow_question(
        *(question.from_, question.to, question.rules, question.as_of, question.opening, question.currency),
        question.rates,
    )
    with request.store(question.as_of) as store:
        try:
            return MoneyFlowAnswer.of(find_money_flow(store, asked, request.deadline(question.seconds)))
        except OutOfTime:
            raise OutOfTime(f"the payments could not be traced within {question.seconds:g} seconds") from None

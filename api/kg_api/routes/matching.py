"""Who in the graph may be the people and companies on a list, and what speaks for and against it?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from kg.errors import QuestionError
from kg.operations import (
    Attribution,
    ListRow,
    ScreeningRequest,
    compare_nodes,
    compare_pair,
    judge_pair,
    list_candidate_pairs,
    screen_rows,
)
from kg.operations.answers import (
    CandidatePairsAnswer,
    ComparisonAnswer,
    JudgementAnswer,
    NameComparisonsAnswer,
    ScreeningAnswer,
)
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import CurrentRequest
from kg_api.problems import OUT_OF_TIME_RESPONSE
from kg_api.requests import MAX_NODE_NAME, JudgementRequest, Name, NameComparisonsBody, ScreeningBody

router = APIRouter(prefix="/v1", tags=["matching"], route_class=AnswerRoute)


@router.post("/screenings", operation_id="screenList", response_model=ScreeningAnswer, responses=OUT_OF_TIME_RESPONSE)
def screen_list(request: CurrentRequest, body: ScreeningBody) -> ScreeningAnswer:
    """Which entries of the graph may be the people and companies on a list, and why. Say for which case in `Kg-Case`.

    A match is a suggestion to look at: two are one only by a judgement. `id` of a target is its place in the body.
    """
    request.require_case()
    check = request.time_check(body.seconds, "the rows could not all be compared", "send fewer rows")
    rows = [ListRow(row.type, row.model_dump(exclude={"type"})) for row in body.rows]
    asked = ScreeningRequest(source=body.source, least=body.from_, expected=body.expect)
    with request.store() as store:
        return ScreeningAnswer(finding=screen_rows(store, rows, asked, check))


@router.get("/comparisons", operation_id="compareNodes", response_model=ComparisonAnswer)
def compare_two_nodes(
    request: CurrentRequest,
    one: Annotated[Name, Query(description="An id, namespace:key, or a name that only one node has.")],
    other: Annotated[Name, Query(description="The same, of the other.")],
) -> ComparisonAnswer:
    """What speaks for and against two nodes being one person or company, also where nothing suggested it."""
    with request.store() as store:
        return ComparisonAnswer(finding=compare_nodes(store, store.ontology, one, other))


@router.get("/candidates", operation_id="listCandidates", response_model=CandidatePairsAnswer)
def list_candidates(
    request: CurrentRequest,
    node: Annotated[str, Query(max_length=MAX_NODE_NAME, description="Only pairs with this node.")] = "",
    least: Annotated[float, Query(ge=0, le=1, allow_inf_nan=False, description="Least probability.")] = 0.0,
    limit: Annotated[int, Query(ge=1, le=200, description="Most pairs.")] = 20,
) -> CandidatePairsAnswer:
    """People and companies that may be one and that nobody has judged, as `kg candidates --write` keeps them."""
    with request.store() as store:
        return list_candidate_pairs(store, node, least, limit)


@router.post("/judgements", operation_id="judgeIdentity", response_model=JudgementAnswer)
def judge_identity(request: CurrentRequest, body: JudgementRequest) -> JudgementAnswer:
    """What a judgement that two nodes are the same, distinct or unsure does; with `record`, it is made in your name.

    Only for holders of keys that may judge. Where two people have to agree, it waits for the second.
    """
    by = request.judge()
    if body.record and not body.why.strip():
        raise QuestionError("why", body.why, "expected the grounds in one line")
    attribution = Attribution(by, body.why.strip() or "preview")
    workspace = request.service.workspace
    return judge_pair(workspace, body.kind, (body.one, body.other), attribution, record=body.record)


@router.post(
    "/name-comparisons",
    operation_id="compareNames",
    response_model=NameComparisonsAnswer,
    responses=OUT_OF_TIME_RESPONSE,
)
def compare_pairs_of_names(request: CurrentRequest, body: NameComparisonsBody) -> NameComparisonsAnswer:
    """What pairs of written names weigh, across scripts, spellings and orders. Nothing of the graph is asked."""
    check = request.time_check(body.seconds, "the pairs could not all be compared", "send fewer pairs")
    found = []
    for pair in body.pairs:
        check()
        found.append(compare_pair(pair.left, pair.right, is_company=pair.type == "company"))
    return NameComparisonsAnswer(comparisons=found)

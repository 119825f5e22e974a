"""How are two nodes connected?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from kg.analysis.paths.ranking import NOT_THROUGH, Budget, PathQuestion, Ranking
from kg.operations import drawing_of_paths, find_paths, walked_too
from kg_api.dependencies import Ask, Asked
from kg_api.graph_formats import DRAWN, Format, sent
from kg_api.middleware.request_context import Noted
from kg_api.responses.models import Depth, Most, Name, PathsAnswer, PathsAsked, RankingName

router = APIRouter(prefix="/v1", tags=["paths"], route_class=Noted)


@router.get("/paths", operation_id="getPaths", response_model=PathsAnswer, responses=DRAWN)
def plain(  # noqa: PLR0913  # each is a parameter of the address
    ask: Ask,
    response: Response,
    start: Annotated[Name, Query(alias="from", description="An id, namespace:key, or a name that only one node has.")],
    goal: Annotated[Name, Query(alias="to", description="Where to.")],
    ranking: Annotated[RankingName, Query(description="credible, shortest, coherent or hub-free.")] = "credible",
    limit: Annotated[Most, Query(description="Most paths.")] = 3,
    depth: Annotated[Depth, Query(description="Most links on a path.")] = 6,
    form: Annotated[Format, Query(alias="format")] = "json",
) -> PathsAnswer | Response:
    """The first paths by a ranking, each with its sources and with what speaks for and against it."""
    asked = {"from": start, "to": goal, "ranking": ranking, "limit": limit, "depth": depth}
    return _answer(ask, response, PathsAsked.model_validate(asked), form)


@router.post("/paths", operation_id="findPaths", response_model=PathsAnswer, responses=DRAWN)
def full(
    ask: Ask, response: Response, question: PathsAsked, form: Annotated[Format, Query(alias="format")] = "json"
) -> PathsAnswer | Response:
    """The same, with everything that can be asked about paths."""
    return _answer(ask, response, question, form)


def _answer(ask: Asked, response: Response, asked: PathsAsked, form: str) -> PathsAnswer | Response:
    question = _question(asked)
    ranking = Ranking(asked.ranking, asked.limit, asked.only_shortest, asked.sample)
    with ask.store() as store:
        store.view()  # a view is read once for all who ask, and not on the time of one of them
        found = find_paths(store, question, ranking, Budget(steps=asked.steps, late=ask.until(asked.seconds)))
    if found.answer.cut == "time":
        ask.not_to_be_kept()
    answer = PathsAnswer.of(found)
    return answer if form == "json" else sent(ask, response, drawing_of_paths(found), form, answer.notes())


def _question(asked: PathsAsked) -> PathQuestion:
    return PathQuestion(
        asked.from_,
        asked.to,
        asked.depth,
        tuple(dict.fromkeys((*walked_too(tuple(asked.walk)), *asked.exclude_traits))),
        not_through=(*NOT_THROUGH, *asked.not_through) if asked.not_through else None,
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

"""Who and what is in the graph, and who says so?"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from kg import operations
from kg.errors import QuestionError
from kg.operations import (
    SearchQuery,
    describe_entity,
    describe_links,
    find_exhibits,
    resolve_jurisdiction,
    resolve_node,
)
from kg.operations.answers import EntitiesAnswer, EntityAnswer, ExhibitsAnswer, FuzzyEntitiesAnswer, LinksAnswer
from kg.ports import LinkQuery
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import CurrentRequest
from kg_api.requests import MAX_NODE_NAME, Cursor, Day, IdCursor, Name, NodeName, SearchRequest

router = APIRouter(prefix="/v1", tags=["entities"], route_class=AnswerRoute)

Limit = Annotated[int, Query(ge=1, le=200, description="Most results on this page.")]
Types = Annotated[list[Name] | None, Query(alias="type", max_length=50, description="Only these types; repeatable.")]

REDIRECT_RESPONSE: dict[int | str, dict[str, str]] = {307: {"description": "The node's own address."}}


@router.get("/entities", operation_id="searchEntities", response_model=EntitiesAnswer | FuzzyEntitiesAnswer)
def search_entities(  # noqa: PLR0913  # each is a parameter of the address
    request: CurrentRequest,
    q: Annotated[str, Query(max_length=500, description="A name in any script, or an identifier.")] = "",
    kinds: Types = None,
    jurisdiction: Annotated[
        str, Query(max_length=MAX_NODE_NAME, description="Only what has a link to it; a code or an id.")
    ] = "",
    fuzzy: Annotated[
        bool, Query(description="With the first page, apart: people and companies whose names may be written so.")
    ] = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> EntitiesAnswer:
    """Find nodes by name or identifier, whole ones first; without `q`, list those of a type or jurisdiction by id.

    Case, diacritics, spacing and width make no difference.
    """
    return _search(
        request,
        SearchRequest(q=q, types=kinds or [], jurisdiction=jurisdiction, fuzzy=fuzzy, limit=limit, cursor=cursor),
    )


@router.post("/search", operation_id="search", response_model=EntitiesAnswer | FuzzyEntitiesAnswer)
def search_by_body(request: CurrentRequest, question: SearchRequest) -> EntitiesAnswer:
    """Find nodes as `GET /v1/entities` does, with the name in the body: addresses stand in logs and histories."""
    try:
        return _search(request, question)
    except QuestionError as error:
        if error.field != "type":
            raise
        raise QuestionError("types", error.value, error.expected) from None


def _search(request: CurrentRequest, question: SearchRequest) -> EntitiesAnswer:
    if not (question.q or question.types or question.jurisdiction):
        raise QuestionError("q", "", "expected a name or an identifier, unless type or jurisdiction is given")
    with request.store() as store:
        within = resolve_jurisdiction(store, question.jurisdiction) if question.jurisdiction else ""
        query = SearchQuery(question.q, tuple(question.types), within)
        find = operations.search_fuzzily if question.fuzzy else operations.search_entities
        return find(store, query, question.cursor, question.limit)


@router.get("/entities/{id}", operation_id="getEntity", response_model=EntityAnswer, responses=REDIRECT_RESPONSE)
def get_entity(request: CurrentRequest, id: NodeName) -> EntityAnswer | Response:
    """One node with every claim about it, its source and its dates. A former id, or a key, leads to the node's own."""
    with request.store() as store:
        found = resolve_node(store, "id", id)
        if found != id:
            return RedirectResponse(f"/v1/entities/{found}", 307)
        return describe_entity(request.service.workspace, store, found)


@router.get("/entities/{id}/links", operation_id="listLinks", response_model=LinksAnswer)
def list_links(  # noqa: PLR0913  # each is a parameter of the address
    request: CurrentRequest,
    id: NodeName,
    kinds: Types = None,
    direction: Annotated[Literal["in", "out", "both"], Query(description="Which way they lead.")] = "both",
    as_of: Annotated[Day, Query(description="Only links that may have held on this day, or happened by it.")] = "",
    limit: Limit = 50,
    cursor: IdCursor = "",
) -> LinksAnswer:
    """The links of a node in the order of their ids, each with its sources, and with a day whether it held then."""
    with request.store(as_of) as store:
        way = "" if direction == "both" else direction
        query = LinkQuery(resolve_node(store, "id", id), tuple(kinds or ()), limit, cursor, way, as_of)
        return describe_links(store, request.service.workspace.ontology, query)


@router.get("/entities/{id}/exhibits", operation_id="listExhibits", response_model=ExhibitsAnswer)
def list_exhibits(request: CurrentRequest, id: NodeName, limit: Limit = 50, cursor: IdCursor = "") -> ExhibitsAnswer:
    """The documents that show something about a node, with the digests of their files; of a document, what it shows."""
    with request.store() as store:
        return find_exhibits(request.service.workspace, store, resolve_node(store, "id", id), cursor, limit)

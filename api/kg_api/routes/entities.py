"""Who and what is in the graph, and who says so?"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import RedirectResponse, Response

from kg import operations
from kg.errors import QuestionError
from kg.operations import (
    SearchQuery,
    SearchResultPage,
    get_identity,
    list_nodes,
    list_search_results,
    resolve_jurisdiction,
    resolve_node,
)
from kg.ports import LinkQuery, Store
from kg_api.dependencies import Ask
from kg_api.middleware.request_context import AuditedRoute
from kg_api.paging import Cursor, IdCursor
from kg_api.responses.models import Day, EntitiesAnswer, EntityAnswer, EntityOut, LinkOut, LinksAnswer

router = APIRouter(prefix="/v1", tags=["entities"], route_class=AuditedRoute)

Id = Annotated[str, Path(max_length=500, description="An id, also a former one, or namespace:key.")]
Limit = Annotated[int, Query(ge=1, le=200, description="Most results on this page.")]
Types = Annotated[list[str] | None, Query(alias="type", max_length=50, description="Only these types; repeatable.")]

REDIRECT_RESPONSE: dict[int | str, dict[str, str]] = {307: {"description": "The node's own address."}}

CURSOR_PATTERN = re.compile(r"([0-9]{1,4})-([a-z2-7]{26})")


@router.get("/entities", operation_id="searchEntities", response_model=EntitiesAnswer)
def search_entities(
    ask: Ask,
    q: Annotated[str, Query(max_length=500, description="A name in any script, or an identifier.")] = "",
    kinds: Types = None,
    jurisdiction: Annotated[
        str, Query(max_length=500, description="Only what has a link to it; a code or an id.")
    ] = "",
    limit: Limit = 20,
    cursor: Cursor = "",
) -> EntitiesAnswer:
    """Find nodes by name or identifier, whole ones first; without `q`, list those of a type or jurisdiction by id.

    Case, diacritics, spacing and width make no difference.
    """
    if not (q or kinds or jurisdiction):
        raise QuestionError("q", "", "expected a name or an identifier, unless type or jurisdiction is given")
    with ask.store() as store:
        within = resolve_jurisdiction(store, jurisdiction) if jurisdiction else ""
        wanted = SearchQuery(q, tuple(kinds or ()), within)
        page = (
            list_search_results(store, wanted, _parse_cursor(cursor), limit)
            if q
            else _list_page(store, wanted, cursor, limit)
        )
        following = f"{page.end}-{page.nodes[-1].id}" if page.has_more else None
        return EntitiesAnswer(
            version=str(store.version()), next=following, entities=[EntityOut.of(node) for node in page.nodes]
        )


def _list_page(store: Store, wanted: SearchQuery, cursor: str, limit: int) -> SearchResultPage:
    found = list_nodes(store, wanted.node_types, wanted.jurisdiction, _parse_cursor(cursor)[1], limit + 1)
    return SearchResultPage(tuple(found[:limit]), len(found) > limit, 0)


def _parse_cursor(cursor: str) -> tuple[int, str]:
    if not cursor:
        return 0, ""
    found = CURSOR_PATTERN.fullmatch(cursor)
    if not found:
        raise QuestionError("cursor", cursor, "expected what an earlier page gave as next")
    return int(found[1]), found[2]


@router.get("/entities/{id}", operation_id="getEntity", response_model=EntityAnswer, responses=REDIRECT_RESPONSE)
def get_entity(ask: Ask, id: Id) -> EntityAnswer | Response:
    """One node with every claim about it, its source and its dates. A former id, or a key, leads to the node's own."""
    with ask.store() as store:
        found = resolve_node(store, "id", id)
        if found != id:
            return RedirectResponse(f"/v1/entities/{found}", 307)
        identity = get_identity(ask.service.workspace, store, found)
        claims = store.claims([found]).get(found, [])
        return EntityAnswer.of(str(store.version()), store.nodes([found])[found], claims, identity)


@router.get("/entities/{id}/links", operation_id="listLinks", response_model=LinksAnswer)
def list_links(  # noqa: PLR0913  # each is a parameter of the address
    ask: Ask,
    id: Id,
    kinds: Types = None,
    direction: Annotated[Literal["in", "out", "both"], Query(description="Which way they lead.")] = "both",
    as_of: Annotated[Day, Query(description="Only links that may have held on this day, or happened by it.")] = "",
    limit: Limit = 50,
    cursor: IdCursor = "",
) -> LinksAnswer:
    """The links of a node in the order of their ids, each with its sources, and with a day whether it held then."""
    with ask.store() as store:
        way = "" if direction == "both" else direction
        query = LinkQuery(resolve_node(store, "id", id), tuple(kinds or ()), limit, cursor, way, as_of)
        page = operations.list_links(store, ask.service.workspace.ontology, query)
        ends = store.nodes(dict.fromkeys(end for link in page.links for end in (link.source_id, link.target_id)))
        return LinksAnswer(
            version=str(store.version()),
            next=page.links[-1].id if page.has_more else None,
            links=[LinkOut.of(link, page.holds.get(link.id, "")) for link in page.links],
            captions={node.id: node.caption for node in ends.values()},
        )

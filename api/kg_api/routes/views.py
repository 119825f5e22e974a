"""Which views of the explorer page has whoever asks saved by name?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from kg.operations import SavedViews
from kg.operations.answers import SavedViewAnswer, SavedViewsAnswer
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import CurrentRequest
from kg_api.middleware.request_context import CURRENT_REQUEST
from kg_api.requests import SavedViewRequest

router = APIRouter(prefix="/v1", tags=["views"], route_class=AnswerRoute)

ViewId = Annotated[str, Path(max_length=60, description="As the list has it.")]


@router.get("/views", operation_id="listViews", response_model=SavedViewsAnswer)
def list_views(request: CurrentRequest) -> SavedViewsAnswer:
    """The views that you saved, by name; where there are no keys, those of everybody on this machine."""
    return _views(request).list_all()


@router.post("/views", operation_id="saveView", response_model=SavedViewAnswer)
def save_view(request: CurrentRequest, body: SavedViewRequest) -> SavedViewAnswer:
    """Save a view under a name, in place of the one that had it. It has ids, places and filters, and nothing said."""
    return _views(request).save(body.name, body.view)


@router.get("/views/{id}", operation_id="getView", response_model=SavedViewAnswer)
def get_view(request: CurrentRequest, id: ViewId) -> SavedViewAnswer:
    """A view that you saved: ask `POST /v1/graph` about its nodes."""
    return _views(request).get(id)


@router.delete("/views/{id}", operation_id="deleteView", status_code=204)
def delete_view(request: CurrentRequest, id: ViewId) -> Response:
    """Delete a view that you saved."""
    _views(request).delete(id)
    return Response(status_code=204)


def _views(request: CurrentRequest) -> SavedViews:
    return SavedViews(request.service.workspace, CURRENT_REQUEST.get().key_name)

"""What does everybody share: jurisdictions, agencies and the ontology?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from kg.operations import list_entities
from kg.operations.answers import EntitiesAnswer
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import Ask
from kg_api.requests import IdCursor
from kg_api.responses.reference import OntologyAnswer

router = APIRouter(prefix="/v1", tags=["reference"], route_class=AnswerRoute)

Limit = Annotated[int, Query(ge=1, le=500, description="Most results on this page.")]


@router.get("/jurisdictions", operation_id="listJurisdictions", response_model=EntitiesAnswer)
def list_jurisdictions(ask: Ask, limit: Limit = 100, cursor: IdCursor = "") -> EntitiesAnswer:
    """Who has legal power, in the order of ids."""
    return _page(ask, "Jurisdiction", cursor, limit)


@router.get("/agencies", operation_id="listAgencies", response_model=EntitiesAnswer)
def list_agencies(ask: Ask, limit: Limit = 100, cursor: IdCursor = "") -> EntitiesAnswer:
    """Police, prosecutors, courts, central authorities and the like, in the order of ids."""
    return _page(ask, "Agency", cursor, limit)


@router.get("/ontology", operation_id="getOntology", response_model=OntologyAnswer)
def get_ontology(ask: Ask) -> OntologyAnswer:
    """Which kinds of node and link there are, and what their values look like."""
    known = ask.service.workspace.ontology
    return OntologyAnswer(digest=known.digest, **known.to_json())


def _page(ask: Ask, kind: str, cursor: str, limit: int) -> EntitiesAnswer:
    with ask.store() as store:
        return list_entities(store, kind, cursor, limit)

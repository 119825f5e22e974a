"""Is the service alive, and can it answer?"""

from __future__ import annotations

from fastapi import APIRouter

from kg_api.deps import Ask
from kg_api.models import Alive, Ready
from kg_api.software import VERSION

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="isAlive", response_model=Alive)
async def alive() -> Alive:
    """Whether the process answers; nothing else is looked at, and nothing else is waited for."""
    return Alive(status="alive", software=VERSION)


@router.get("/readyz", operation_id="isReady", response_model=Ready)
def ready(ask: Ask) -> Ready:
    """Whether the store answers, and which graph it has."""
    with ask.store() as store:
        return Ready(
            version=str(store.version()),
            status="ready",
            software=VERSION,
            ontology=ask.service.place.ontology.digest,
        )

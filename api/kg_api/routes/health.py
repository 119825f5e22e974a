"""Is the service alive, and can it answer?"""

from __future__ import annotations

from fastapi import APIRouter

from kg.errors import StoreBusy
from kg_api.dependencies import Ask
from kg_api.responses.models import Alive, Ready, RefreshOut
from kg_api.version import VERSION

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="isAlive", response_model=Alive)
async def alive() -> Alive:
    """Whether the process answers; nothing else is looked at, and nothing else is waited for."""
    return Alive(status="alive", software=VERSION)


@router.get("/readyz", operation_id="isReady", response_model=Ready)
def ready(ask: Ask) -> Ready:
    """Whether the store answers and its graph is in memory, which graph that is, and how its renewal goes."""
    condition = ask.service.keeper.condition()
    with ask.service.open() as store:
        version = store.version()
        if condition.view is None:
            trouble = condition.view_trouble
            raise StoreBusy(trouble.reason if trouble else f"the arrays of graph {version} are being made; ask again")
        return Ready(
            version=str(version),
            status="ready",
            software=VERSION,
            ontology=ask.service.place.ontology.digest,
            view=RefreshOut.of(condition.view, condition.store, condition.view_trouble),
            clusters=RefreshOut.of(condition.clusters, condition.view, condition.clusters_trouble),
        )

"""Is the service alive, and can it answer?"""

from __future__ import annotations

from fastapi import APIRouter

from kg.errors import StoreBusy
from kg_api.dependencies import Ask
from kg_api.responses.health import Liveness, Readiness, RefreshOut
from kg_api.version import VERSION

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="isAlive", response_model=Liveness)
async def is_alive() -> Liveness:
    """Whether the process answers; nothing else is looked at, and nothing else is waited for."""
    return Liveness(status="alive", software=VERSION)


@router.get("/readyz", operation_id="isReady", response_model=Readiness)
def is_ready(ask: Ask) -> Readiness:
    """Whether the store answers and its graph is in memory, which graph that is, and how its renewal goes."""
    condition = ask.service.snapshots.status()
    with ask.service.open() as graph:
        version = graph.store.version()
        if condition.view is None:
            trouble = condition.view_error
            raise StoreBusy(trouble.reason if trouble else f"the arrays of graph {version} are being made; ask again")
        return Readiness(
            version=str(version),
            status="ready",
            software=VERSION,
            ontology=ask.service.workspace.ontology.digest,
            view=RefreshOut.of(condition.view, condition.store, condition.view_error),
            clusters=RefreshOut.of(condition.clusters, condition.view, condition.clusters_error),
        )

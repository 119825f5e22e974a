"""Is the service alive, and can it answer?"""

from __future__ import annotations

from fastapi import APIRouter

from kg.errors import StoreBusy, StoreDamaged
from kg.operations import describe_sqlite
from kg_api.dependencies import CurrentRequest
from kg_api.responses.health import Liveness, Readiness, RefreshOut
from kg_api.version import VERSION

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="isAlive", response_model=Liveness)
async def is_alive() -> Liveness:
    """Whether the process answers; nothing else is looked at, and nothing else is waited for."""
    return Liveness(status="alive", software=VERSION)


@router.get("/readyz", operation_id="isReady", response_model=Readiness)
def is_ready(request: CurrentRequest) -> Readiness:
    """Whether the store can be read, its graph is in memory and its clusters are known; and how their renewal goes.

    Once ready, a service does not wait for clusters again: the older ones answer.
    """
    condition = request.service.snapshots.status()
    if condition.damage:
        raise StoreDamaged(condition.damage)
    with request.service.open() as graph:
        version = graph.store.version()
        if condition.view is None:
            trouble = condition.view_error
            raise StoreBusy(trouble.reason if trouble else f"graph {version} is still loading; retry in a few seconds")
        if not condition.is_started:
            raise StoreBusy(f"the clusters of graph {version} are still being computed; retry in a few seconds")
        return Readiness(
            version=str(version),
            status="ready",
            software=VERSION,
            ontology=request.service.workspace.ontology.digest,
            sqlite=describe_sqlite(),
            view=RefreshOut.of_view(condition),
            clusters=RefreshOut.of_clusters(condition),
        )

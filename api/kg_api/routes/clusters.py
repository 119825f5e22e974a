"""Which assets are held together?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from kg.errors import InputError, NotFound
from kg.findings import Cluster, Clusters
from kg_api.deps import Ask
from kg_api.models import ClusterAnswer, ClusterLine, ClusterPage
from kg_api.trail import Noted

router = APIRouter(prefix="/v1", tags=["clusters"], route_class=Noted)


@router.get("/clusters", operation_id="listClusters", response_model=ClusterPage)
def listed(
    ask: Ask,
    sought: Annotated[bool, Query(description="Only clusters with somebody sought.")] = False,
    limit: Annotated[int, Query(ge=1, le=200, description="Most clusters on this page.")] = 20,
    cursor: Annotated[str, Query(max_length=60, description="`next` of the page before.")] = "",
) -> ClusterPage:
    """Clusters, those with most sought people and assets first. Membership in a cluster is not wrongdoing."""
    with ask.store() as store:
        found = store.clusters()
        wanted = [c for c in found.clusters if not sought or c.with_role("sought")]
        start = _start(found, wanted, cursor)
        page = wanted[start : start + limit]
        nodes = store.nodes(m.id for cluster in page for m in cluster.with_role("sought"))
    return ClusterPage(
        version=str(found.version),
        next=page[-1].id if start + limit < len(wanted) else None,
        as_of=found.as_of,
        parameters=dict(found.parameters),
        total=len(wanted),
        clusters=[ClusterLine.of(cluster, nodes) for cluster in page],
    )


@router.get("/clusters/{id}", operation_id="getCluster", response_model=ClusterAnswer)
def one(ask: Ask, id: Annotated[str, Path(max_length=60)]) -> ClusterAnswer:
    """One cluster with its members, their roles, and the links that hold it together."""
    with ask.store() as store:
        found = store.clusters()
        cluster = next((c for c in found.clusters if c.id == id), None)
        if cluster is None:
            raise NotFound(f"no cluster has the id {id!r} in graph {found.version}")
        return ClusterAnswer.of(found, cluster, store.nodes(m.id for m in cluster.members))


def _start(found: Clusters, wanted: list[Cluster], cursor: str) -> int:
    if not cursor:
        return 0
    at = next((i for i, cluster in enumerate(wanted, 1) if cluster.id == cursor), None)
    if at is None:
        raise InputError(f"cursor {cursor!r}: graph {found.version} has no such cluster; start with the first page")
    return at

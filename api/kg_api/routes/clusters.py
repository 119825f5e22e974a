"""Which assets are held together?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from kg import operations
from kg.operations import cluster_answer, explain_cached_cluster, mentioned_node_ids, subgraph_of_cluster
from kg.operations.answers import ClusterAnswer, ClusterOverview, ClustersAnswer, ExplanationAnswer
from kg_api.answer_route import AnswerRoute
from kg_api.dependencies import CurrentRequest
from kg_api.graph_formats import GRAPH_RESPONSES, GraphFormat, graph_response
from kg_api.requests import Seconds

router = APIRouter(prefix="/v1", tags=["clusters"], route_class=AnswerRoute)


Id = Annotated[str, Path(max_length=60, description="As the list of clusters has it.")]


@router.get("/clusters", operation_id="listClusters", response_model=ClustersAnswer)
def list_clusters(
    request: CurrentRequest,
    sought: Annotated[bool, Query(description="Only clusters with somebody sought.")] = False,
    limit: Annotated[int, Query(ge=1, le=200, description="Most clusters on this page.")] = 20,
    cursor: Annotated[str, Query(max_length=60, description="`next` of the page before.")] = "",
) -> ClustersAnswer:
    """Clusters, the highest score first. Membership in a cluster is not wrongdoing."""
    with request.graph(clusters=True) as graph:
        store = graph.store
        found = graph.clusters().clusters
        page = operations.list_clusters(found, only_sought=sought, after=cursor, limit=limit)
        nodes = store.nodes(m.id for cluster in page.clusters for m in cluster.with_role("sought"))
    return ClustersAnswer(
        version=str(found.version),
        next=page.clusters[-1].id if page.has_more else None,
        as_of=found.as_of,
        parameters=dict(found.parameters),
        total=page.total,
        clusters=[ClusterOverview.of(cluster, nodes) for cluster in page.clusters],
    )


@router.get("/clusters/{id}", operation_id="getCluster", response_model=ClusterAnswer, responses=GRAPH_RESPONSES)
def get_cluster(
    request: CurrentRequest, response: Response, id: Id, form: Annotated[GraphFormat, Query(alias="format")] = "json"
) -> ClusterAnswer | Response:
    """One cluster with its members, their roles, and the links that hold it together."""
    with request.graph(clusters=True) as graph:
        store = graph.store
        found = graph.clusters().clusters
        cluster = operations.get_cluster(found, id)
        about = {node for sign in cluster.signs for node in sign.about}
        answer = cluster_answer(store, found, cluster, sorted({*about, *(member.id for member in cluster.members)}))
        if form == "json":
            return answer
        return graph_response(request, response, subgraph_of_cluster(store, found, cluster), form, answer.summary())


@router.get("/clusters/{id}/explanation", operation_id="explainCluster", response_model=ExplanationAnswer)
def explain_cluster(
    request: CurrentRequest,
    id: Id,
    stability: Annotated[bool, Query(description="Whether to try what changes when weights move or a source goes.")] = (
        True
    ),
    seconds: Annotated[Seconds, Query(description="Try nothing more after so long, and say so.")] = 5.0,
) -> ExplanationAnswer:
    """One cluster in full: what holds it together, where it reaches, and how firm it is."""
    with request.graph(clusters=True) as graph:
        store = graph.store
        kept = graph.clusters()
        cluster = operations.get_cluster(kept.clusters, id)
        told = explain_cached_cluster(store, kept, cluster, request.deadline(seconds) if stability else None)
        answer = cluster_answer(store, kept.clusters, cluster, sorted(mentioned_node_ids(cluster, told)))
    if told.stability and told.stability.cut:
        request.forbid_caching()
    return ExplanationAnswer.explaining(answer, told)

"""Pages of lists that are too long to show at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.errors import NotFound, QuestionError
from kg.ontology import Ontology
from kg.ports import LinkQuery, Store
from kg.records import JURISDICTION_NAMESPACE, Link, Node

if TYPE_CHECKING:
    from kg.findings import Cluster, Clusters
    from kg.stores.cache.cluster_files import StoredClusters

MAX_SEARCH_RESULTS = 1_000
"""Most results of one search that pages show; a search with more results needs more words."""


@dataclass(frozen=True, slots=True)
class SearchResultPage:
    """Some results of a search, and whether there are more after them."""

    nodes: tuple[Node, ...]
    has_more: bool
    end: int
    """Results up to the end of this page."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A text to search for, and which nodes may match."""

    text: str
    node_types: tuple[str, ...] = ()
    """Node types, which stand for all that extend them; any when empty."""
    jurisdiction: str = ""
    """Id of a jurisdiction to which the nodes have a link; any when empty."""


@dataclass(frozen=True, slots=True)
class LinkResultPage:
    """Some links of a node, and whether there are more after them."""

    links: tuple[Link, ...]
    has_more: bool
    holds: Mapping[str, str]
    """By link id, whether it was valid on the day asked for: `yes`, `maybe`, `no` or `undated`; empty without a day."""


@dataclass(frozen=True, slots=True)
class ClusterResultPage:
    """Some clusters of a list."""

    clusters: tuple[Cluster, ...]
    has_more: bool
    total: int
    """Clusters on all pages."""


def list_search_results(
    store: Store, query: SearchQuery, after: tuple[int, str] = (0, ""), limit: int = 20
) -> SearchResultPage:
    """The results after the last node of an earlier page, given how many results there were up to it.

    The order of results does not depend on the limit, so the page starts after that node wherever it now stands: what a
    load adds before it is on no page, and what stays is on exactly one. Raises InputError where the node is no longer
    among the results.
    """

    def search(limit: int) -> list[Node]:
        return store.search(query.text, query.node_types, limit, query.jurisdiction)

    count, last = after
    deepest = max(MAX_SEARCH_RESULTS, limit)
    results = search(min(deepest, count + limit) + 1)
    ids = [node.id for node in results]
    if last and last not in ids[:count]:
        results = search(deepest + 1)
        ids = [node.id for node in results]
    if last and last not in ids:
        problem = "the graph has changed, and this is no longer among the results; search again"
        raise QuestionError("cursor", f"{count}-{last}", problem)
    start = ids.index(last) + 1 if last else 0
    page = tuple(results[start : start + limit])[: max(0, deepest - start)]
    end = start + len(page)
    return SearchResultPage(page, len(results) > end and end < deepest, end)


def list_nodes(
    store: Store, node_types: Sequence[str], jurisdiction: str = "", after: str = "", limit: int = 100
) -> list[Node]:
    """The first nodes of these types, or of types that extend them, with ids after `after`, sorted by id.

    With the id of a jurisdiction, only those with a link to it. Without types, those of all types. Raises InputError
    for an unknown type.
    """
    import numpy as np

    view = store.view()
    if unknown := sorted(set(node_types) - set(view.ontology.nodes)):
        raise QuestionError("type", unknown[0], f"expected one of {', '.join(view.ontology.nodes)}")
    chosen = view.nodes_of(*node_types) if node_types else np.ones(len(view.ids), bool)
    if jurisdiction:
        linked = np.zeros(len(view.ids), bool)
        linked[view.tail[view.incoming.of(view.index(jurisdiction))]] = True
        chosen &= linked
    start = int(np.searchsorted(view.ids, np.bytes_(after.encode()), side="right"))
    page = np.flatnonzero(chosen[start:])[:limit] + start
    nodes = store.nodes([view.id(int(node)) for node in page])
    return [nodes[node_id] for node_id in sorted(nodes)]


def resolve_jurisdiction(store: Store, code: str) -> str:
    """The canonical id of a jurisdiction named by its code, an id or `namespace:key`. Raises InputError."""
    for name in (f"{JURISDICTION_NAMESPACE}:{code.upper().replace('_', '-')}", code):
        try:
            found = store.resolve(name)
        except NotFound:
            continue
        if store.nodes([found])[found].type == "Jurisdiction":
            return found
    raise QuestionError("jurisdiction", code, "expected the code of one that is in the graph, such as HK")


def list_links(store: Store, ontology: Ontology, query: LinkQuery) -> LinkResultPage:
    """The first links of a node that match a query. Raises InputError for an unknown type or what is no day."""
    from kg.analysis.validity import claim_validity, combined_validity, parse_period, require_day

    if unknown := sorted(set(query.types) - set(ontology.link_names)):
        raise QuestionError("type", unknown[0], f"expected one of {', '.join(ontology.link_names)}")
    require_day(query.as_of)
    found = store.links(replace(query, limit=query.limit + 1))
    page, holds = found[: query.limit], dict[str, str]()
    if query.as_of:
        claims, day = store.claims([link.id for link in page]), parse_period(query.as_of)
        for link in page:
            event = ontology.links[link.type].event
            validities = (claim_validity(claim, day, is_event=event) for claim in claims.get(link.id, ()))
            holds[link.id] = combined_validity(validities) or "undated"
    return LinkResultPage(tuple(page), len(found) > query.limit, holds)


def list_clusters(clusters: Clusters, *, only_sought: bool, after: str, limit: int) -> ClusterResultPage:
    """The cached clusters after the one with the id `after`; with `only_sought`, those with somebody sought.

    Only those of the page are read. Raises InputError where no cluster has that id.
    """
    stored = _stored(clusters)
    positions = [i for i, is_sought in enumerate(stored.sought) if is_sought or not only_sought]
    start = 0
    if after:
        try:
            start = positions.index(_position(clusters, after)) + 1
        except (NotFound, ValueError):
            problem = f"graph {clusters.version} has no such cluster here; start with the first page"
            raise QuestionError("cursor", after, problem) from None
    page = tuple(stored[i] for i in positions[start : start + limit])
    return ClusterResultPage(page, start + limit < len(positions), len(positions))


def get_cluster(clusters: Clusters, cluster_id: str) -> Cluster:
    """The cached cluster with an id. Raises NotFound."""
    return _stored(clusters)[_position(clusters, cluster_id)]


def _position(clusters: Clusters, cluster_id: str) -> int:
    positions = _stored(clusters).positions
    if cluster_id not in positions:
        missing = NotFound(f"no cluster has the id {cluster_id!r} in graph {clusters.version}")
        raise missing.with_field("id", cluster_id, "expected the id of a cluster, as the list has it")
    return positions[cluster_id]


def _stored(clusters: Clusters) -> StoredClusters:
    from kg.stores.cache.cluster_files import StoredClusters

    assert isinstance(clusters.clusters, StoredClusters)
    return clusters.clusters

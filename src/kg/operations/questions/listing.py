"""What comes next in a list that is too long to show at once?"""

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

MAX_SEARCH_RESULTS = 1_000
"""Results of one search that can be paged through; who has more to look at should ask for more words."""


@dataclass(frozen=True, slots=True)
class SearchResultPage:
    """Some results of a search, and whether there are more after them."""

    nodes: tuple[Node, ...]
    has_more: bool
    end: int
    """Results up to the end of this page."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a search is for."""

    text: str
    node_types: tuple[str, ...] = ()
    """Node types, which stand for all that extend them; any when empty."""
    jurisdiction: str = ""
    """Id of a jurisdiction to which what is found has a link; any when empty."""


@dataclass(frozen=True, slots=True)
class LinkResultPage:
    """Some links of a node, and whether there are more after them."""

    links: tuple[Link, ...]
    has_more: bool
    holds: Mapping[str, str]
    """By id, whether each held on the day asked for: `yes`, `maybe`, `no` or `undated`; empty where none was."""


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
    """The results after the node that an earlier page ended with, given how many results there were up to it.

    The order of results does not depend on how many are asked for, so the node is looked for and not its place: what a
    load adds before it meanwhile is on no page, and what stays is on exactly one. Raises InputError where the node is
    no longer among the results.
    """

    def search(most: int) -> list[Node]:
        return store.search(query.text, query.node_types, most, query.jurisdiction)

    seen, last = after
    deepest = max(MAX_SEARCH_RESULTS, limit)
    found = search(min(deepest, seen + limit) + 1)
    ids = [node.id for node in found]
    if last and last not in ids[:seen]:
        found = search(deepest + 1)
        ids = [node.id for node in found]
    if last and last not in ids:
        gone = "the graph has changed, and this is no longer among the results; search again"
        raise QuestionError("cursor", f"{seen}-{last}", gone)
    start = ids.index(last) + 1 if last else 0
    page = tuple(found[start : start + limit])[: max(0, deepest - start)]
    end = start + len(page)
    return SearchResultPage(page, len(found) > end and end < deepest, end)


def list_nodes(
    store: Store, node_types: Sequence[str], jurisdiction: str = "", after: str = "", limit: int = 100
) -> list[Node]:
    """The first nodes of any of these kinds, or of types that extend them, whose ids come after `after`, by id.

    With the id of a jurisdiction, only those with a link to it. Without kinds, those of any. Raises InputError for a
    kind that is none.
    """
    import numpy as np

    view = store.view()
    if unknown := sorted(set(node_types) - set(view.ontology.nodes)):
        raise QuestionError("type", unknown[0], f"expected one of {', '.join(view.ontology.nodes)}")
    chosen = np.zeros(len(view.ids), bool) if node_types else np.ones(len(view.ids), bool)
    for kind in node_types:
        chosen |= view.nodes_of(kind)
    if jurisdiction:
        tied = np.zeros(len(view.ids), bool)
        tied[view.tail[view.incoming.of(view.index(jurisdiction))]] = True
        chosen &= tied
    start = int(np.searchsorted(view.ids, np.bytes_(after.encode()), side="right"))
    some = np.flatnonzero(chosen[start:])[:limit] + start
    found = store.nodes([view.id(int(node)) for node in some])
    return [found[name] for name in sorted(found)]


def resolve_jurisdiction(store: Store, code: str) -> str:
    """The canonical id of the jurisdiction that a code means, or an id or `namespace:key`. Raises InputError."""
    for name in (f"{JURISDICTION_NAMESPACE}:{code.upper().replace('_', '-')}", code):
        try:
            found = store.resolve(name)
        except NotFound:
            continue
        if store.nodes([found])[found].type == "Jurisdiction":
            return found
    raise QuestionError("jurisdiction", code, "expected the code of one that is in the graph, such as HK")


def list_links(store: Store, ontology: Ontology, query: LinkQuery) -> LinkResultPage:
    """The first links of a node that are wanted. Raises InputError for a type or a day that is none."""
    from kg.analysis.paths.question import require_day
    from kg.analysis.validity import claim_validity, combined_validity, parse_period

    if unknown := sorted(set(query.types) - set(ontology.link_names)):
        raise QuestionError("type", unknown[0], f"expected one of {', '.join(ontology.link_names)}")
    require_day(query.as_of)
    found = store.links(replace(query, limit=query.limit + 1))
    page, holds = found[: query.limit], dict[str, str]()
    if query.as_of:
        claims, day = store.claims([link.id for link in page]), parse_period(query.as_of)
        for link in page:
            event = ontology.links[link.type].event
            said = (claim_validity(claim, day, is_event=event) for claim in claims.get(link.id, ()))
            holds[link.id] = combined_validity(said) or "undated"
    return LinkResultPage(tuple(page), len(found) > query.limit, holds)


def list_clusters(clusters: Clusters, *, only_sought: bool, after: str, limit: int) -> ClusterResultPage:
    """The clusters that come after one, named by its id; with `sought`, of those with somebody sought.

    Only those of the page are read where they are kept in a file. Raises InputError where that one is not among them.
    """
    from kg.stores.cache.cluster_files import StoredClusters

    kept = clusters.clusters
    has = kept.sought if isinstance(kept, StoredClusters) else [bool(c.with_role("sought")) for c in kept]
    wanted = [place for place, somebody in enumerate(has) if somebody or not only_sought]
    start = 0
    if after:
        try:
            start = wanted.index(_position(clusters, after)) + 1
        except (NotFound, ValueError):
            gone = f"graph {clusters.version} has no such cluster here; start with the first page"
            raise QuestionError("cursor", after, gone) from None
    page = tuple(kept[place] for place in wanted[start : start + limit])
    return ClusterResultPage(page, start + limit < len(wanted), len(wanted))


def get_cluster(clusters: Clusters, cluster_id: str) -> Cluster:
    """The cluster with an id. Raises NotFound."""
    return clusters.clusters[_position(clusters, cluster_id)]


def _position(clusters: Clusters, cluster_id: str) -> int:
    from kg.stores.cache.cluster_files import StoredClusters

    places = (
        clusters.clusters.positions
        if isinstance(clusters.clusters, StoredClusters)
        else _positions_by_id(clusters.clusters)
    )
    if cluster_id not in places:
        missing = NotFound(f"no cluster has the id {cluster_id!r} in graph {clusters.version}")
        raise missing.with_field("id", cluster_id, "expected the id of a cluster, as the list has it")
    return places[cluster_id]


def _positions_by_id(clusters: Sequence[Cluster]) -> dict[str, int]:
    return {cluster.id: place for place, cluster in enumerate(clusters)}

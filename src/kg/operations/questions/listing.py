"""What comes next in a list that is too long to show at once?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.errors import NotFound, QuestionError
from kg.ontology import Ontology
from kg.ports import LinkQuery, Store
from kg.records import CURATED, Link, Node

if TYPE_CHECKING:
    from kg.findings import Cluster, Clusters

DEEPEST_SEARCH = 1_000
"""Results of one search that can be paged through; who has more to look at should ask for more words."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some results of a search, and whether there are more after them."""

    nodes: tuple[Node, ...]
    more: bool
    seen: int
    """Results up to the end of this page."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search is for."""

    text: str
    kinds: tuple[str, ...] = ()
    """Node types, which stand for all that extend them; any when empty."""
    jurisdiction: str = ""
    """Id of a jurisdiction to which what is found has a link; any when empty."""


@dataclass(frozen=True, slots=True)
class LinkPage:
    """Some links of a node, and whether there are more after them."""

    links: tuple[Link, ...]
    more: bool
    holds: Mapping[str, str]
    """By id, whether each held on the day asked for: `yes`, `maybe`, `no` or `undated`; empty where none was."""


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """Some clusters of a list."""

    clusters: tuple[Cluster, ...]
    more: bool
    total: int
    """Clusters on all pages."""


def search_page(store: Store, wanted: Wanted, after: tuple[int, str] = (0, ""), limit: int = 20) -> SearchPage:
    """The results after the node that an earlier page ended with, given how many results there were up to it.

    The order of results does not depend on how many are asked for, so the node is looked for and not its place: what a
    load adds before it meanwhile is on no page, and what stays is on exactly one. Raises InputError where the node is
    no longer among the results.
    """

    def search(most: int) -> list[Node]:
        return store.search(wanted.text, wanted.kinds, most, wanted.jurisdiction)

    seen, last = after
    found = search(min(DEEPEST_SEARCH, seen + limit) + 1)
    ids = [node.id for node in found]
    if last and last not in ids[:seen]:
        found = search(DEEPEST_SEARCH + 1)
        ids = [node.id for node in found]
    if last and last not in ids:
        gone = "the graph has changed, and this is no longer among the results; search again"
        raise QuestionError("cursor", f"{seen}-{last}", gone)
    start = ids.index(last) + 1 if last else 0
    page = tuple(found[start : start + limit])[: max(0, DEEPEST_SEARCH - start)]
    end = start + len(page)
    return SearchPage(page, len(found) > end and end < DEEPEST_SEARCH, end)


def nodes_of_kind(
    store: Store, kinds: Sequence[str], jurisdiction: str = "", after: str = "", limit: int = 100
) -> list[Node]:
    """The first nodes of any of these kinds, or of types that extend them, whose ids come after `after`, by id.

    With the id of a jurisdiction, only those with a link to it. Without kinds, those of any. Raises InputError for a
    kind that is none.
    """
    import numpy as np

    view = store.view()
    if unknown := sorted(set(kinds) - set(view.ontology.nodes)):
        raise QuestionError("type", unknown[0], f"expected one of {', '.join(view.ontology.nodes)}")
    chosen = np.zeros(len(view.ids), bool) if kinds else np.ones(len(view.ids), bool)
    for kind in kinds:
        chosen |= view.nodes_of(kind)
    if jurisdiction:
        tied = np.zeros(len(view.ids), bool)
        tied[view.tail[view.incoming.of(view.index(jurisdiction))]] = True
        chosen &= tied
    start = int(np.searchsorted(view.ids, np.bytes_(after.encode()), side="right"))
    some = np.flatnonzero(chosen[start:])[:limit] + start
    found = store.nodes([view.id(int(node)) for node in some])
    return [found[name] for name in sorted(found)]


def jurisdiction_of(store: Store, code: str) -> str:
    """The canonical id of the jurisdiction that a code means, or an id or `namespace:key`. Raises InputError."""
    for name in (f"{CURATED}:{code.upper().replace('_', '-')}", code):
        try:
            found = store.resolve(name)
        except NotFound:
            continue
        if store.nodes([found])[found].type == "Jurisdiction":
            return found
    raise QuestionError("jurisdiction", code, "expected the code of one that is in the graph, such as HK")


def links_page(store: Store, ontology: Ontology, query: LinkQuery) -> LinkPage:
    """The first links of a node that are wanted. Raises InputError for a type or a day that is none."""
    from kg.analysis.paths.question import expect_day
    from kg.analysis.validity import agreed, held, period

    if unknown := sorted(set(query.types) - set(ontology.link_names)):
        raise QuestionError("type", unknown[0], f"expected one of {', '.join(ontology.link_names)}")
    expect_day(query.as_of)
    found = store.links(replace(query, limit=query.limit + 1))
    page, holds = found[: query.limit], dict[str, str]()
    if query.as_of:
        claims, day = store.claims([link.id for link in page]), period(query.as_of)
        for link in page:
            event = ontology.links[link.type].event
            said = (held(claim, day, event=event) for claim in claims.get(link.id, ()))
            holds[link.id] = agreed(said) or "undated"
    return LinkPage(tuple(page), len(found) > query.limit, holds)


def cluster_page(found: Clusters, *, sought: bool, after: str, limit: int) -> ClusterPage:
    """The clusters that come after one, named by its id; with `sought`, of those with somebody sought.

    Only those of the page are read where they are kept in a file. Raises InputError where that one is not among them.
    """
    from kg.stores.cache.cluster_files import KeptClusters

    kept = found.clusters
    has = kept.sought if isinstance(kept, KeptClusters) else [bool(c.with_role("sought")) for c in kept]
    wanted = [place for place, somebody in enumerate(has) if somebody or not sought]
    start = 0
    if after:
        try:
            start = wanted.index(_place(found, after)) + 1
        except (NotFound, ValueError):
            gone = f"graph {found.version} has no such cluster here; start with the first page"
            raise QuestionError("cursor", after, gone) from None
    page = tuple(kept[place] for place in wanted[start : start + limit])
    return ClusterPage(page, start + limit < len(wanted), len(wanted))


def cluster_named(found: Clusters, name: str) -> Cluster:
    """The cluster with an id. Raises NotFound."""
    return found.clusters[_place(found, name)]


def _place(found: Clusters, name: str) -> int:
    from kg.stores.cache.cluster_files import KeptClusters

    places = found.clusters.places if isinstance(found.clusters, KeptClusters) else _places(found.clusters)
    if name not in places:
        missing = NotFound(f"no cluster has the id {name!r} in graph {found.version}")
        raise missing.about("id", name, "expected the id of a cluster, as the list has it")
    return places[name]


def _places(clusters: Sequence[Cluster]) -> dict[str, int]:
    return {cluster.id: place for place, cluster in enumerate(clusters)}

"""Which assets have stated shares of more than the whole, or one holding with two different shares?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from kg.analysis.clusters.clustered_graph import ClusteredGraph, IndicatorMeaning, IndicatorResult
from kg.analysis.validity import claimed_values
from kg.findings import RedFlag
from kg.ontology.values import percent_interval
from kg.view import LEGAL, IntArray

NAME = "contradictory_shares"

WHOLE_PERCENT = 100.5
"""Percent: shares are rounded by those who state them."""

MIN_DIFFERENCE = 0.5
"""Least difference of two statements of one holding, in percentage points."""

MAX_LINKS_READ = 20_000
"""Most holdings with a band whose claims are read, those of clusters with somebody sought first: only the claims tell
whether one source states the band or two sources contradict each other."""

MEANING = IndicatorMeaning(
    title="Contradictory shares",
    asks="Owners whose shares of one asset come to more than all of it, or two statements of one holding with shares "
    "that cannot both be true.",
    innocent=(
        "One source is older than the other, and nobody entered the day on which the share changed.",
        "One counts votes and the other capital, or shares of one class only.",
        "A holding is entered once directly and once through a company between.",
        "Somebody mistyped.",
    ),
    basis="Arithmetic; and FATF and Egmont Group, Concealment of Beneficial Ownership (2018): what registers say "
    "differently is where to ask first.",
)


def detect(graph: ClusteredGraph) -> IndicatorResult:
    """One red flag for each asset, or pair of holder and asset. It can be observed where two shares are stated."""
    view = graph.view
    share = view.column("share")
    links = graph.ownership_links[~np.isnan(share[graph.ownership_links, 0])]
    legal = view.column("interest")[links] == LEGAL
    asset = view.head[links].astype(np.int64) * 2 + legal
    _, kind, count = np.unique(asset, return_inverse=True, return_counts=True)
    could = graph.clusters_of(view.head[links[count[kind] > 1]])
    found: defaultdict[int, list[RedFlag]] = defaultdict(list)
    for cluster, sign in (
        *_oversubscribed_assets(graph, links, kind),
        *_conflicting_links(graph, links, kind),
        *_conflicting_claims(graph, links),
    ):
        found[cluster].append(sign)
    return IndicatorResult(np.union1d(could, np.array(sorted(found), np.int64)), dict(sorted(found.items())))


def _oversubscribed_assets(graph: ClusteredGraph, links: IntArray, kind: IntArray) -> Iterator[tuple[int, RedFlag]]:
    """Assets whose lowest stated shares come to more than the whole."""
    view, low = graph.view, graph.view.column("share")[links, 0].astype(np.float64)
    order = np.lexsort((links, -low, view.tail[links], kind))
    owner = np.stack((kind[order], view.tail[links[order]]))
    largest = order[np.append(True, (owner[:, 1:] != owner[:, :-1]).any(axis=0))[: len(order)]]
    total = np.bincount(kind[largest], weights=low[largest], minlength=int(kind.max(initial=-1)) + 1)
    largest = largest[total[kind[largest]] > WHOLE_PERCENT]
    for some in np.split(largest, np.flatnonzero(np.diff(kind[largest])) + 1) if len(largest) else ():
        because = np.sort(links[some])
        asset, owners = int(view.head[because[0]]), view.tail[because].tolist()
        says = f"{len(owners)} owners with at least {total[kind[some[0]]]:.4g} % together"
        yield int(graph.community[asset]), graph.sign(NAME, [asset, *owners], because.tolist(), says)


def _conflicting_links(graph: ClusteredGraph, links: IntArray, kind: IntArray) -> Iterator[tuple[int, RedFlag]]:
    """Holdings with several links whose shares do not overlap."""
    view = graph.view
    order = np.lexsort((links, view.tail[links], kind))
    links, kind = links[order], kind[order]
    if not len(links):
        return
    first = np.flatnonzero(np.append(True, (np.diff(kind) != 0) | (np.diff(view.tail[links]) != 0)))
    low, high = view.column("share")[links].T.astype(np.float64)
    most, least = np.maximum.reduceat(low, first), np.minimum.reduceat(high, first)
    for at in np.flatnonzero(most > least + MIN_DIFFERENCE).tolist():
        same = links[first[at] : first[at + 1] if at + 1 < len(first) else None].tolist()
        asset, owner = int(view.head[same[0]]), int(view.tail[same[0]])
        says = f"stated as {least[at]:.4g} % and as {most[at]:.4g} %"
        yield int(graph.community[asset]), graph.sign(NAME, [asset, owner], same, says)


def _conflicting_claims(graph: ClusteredGraph, links: IntArray) -> Iterator[tuple[int, RedFlag]]:
    """Holdings of which the claims state shares that do not overlap."""
    view = graph.view
    low, high = view.column("share")[links].T
    bands = links[(high > low + MIN_DIFFERENCE) & ((low > 0) | (high < 100))]
    free = ~np.isin(graph.community[view.head[bands]], graph.community[np.flatnonzero(view.column("sought"))])
    bands = np.sort(bands[np.lexsort((bands, free))][:MAX_LINKS_READ])
    claims = view.records.claims([view.link_id(link) for link in bands.tolist()])
    for link in bands.tolist():
        texts = claimed_values(claims.get(view.link_id(link), ()), "share", "percent")
        said = [(float(low), float(high)) for low, high in map(percent_interval, texts)]
        if said and max(said)[0] > min(high for _, high in said) + MIN_DIFFERENCE:
            asset, owner = int(view.head[link]), int(view.tail[link])
            says = f"stated as {min(high for _, high in said):.4g} % and as {max(said)[0]:.4g} %"
            yield int(graph.community[asset]), graph.sign(NAME, [asset, owner], [link], says)

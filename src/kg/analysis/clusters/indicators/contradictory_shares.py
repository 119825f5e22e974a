"""Which assets have stated shares of more than the whole, or one holding with two different shares?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import isnan

import numpy as np

from kg.analysis.clusters.clustered_graph import ClusteredGraph, IndicatorMeaning, IndicatorResult
from kg.analysis.clusters.roles import links_by_node
from kg.findings import RedFlag, ShareDispute, ShareExcess
from kg.findings.contradictions import (
    ROUNDING,
    WHOLE,
    StatedHolding,
    claimed_properties,
    dispute_words,
    excess_words,
    find_contradictions,
    share_contradictions,
)
from kg.findings.shares import HoldingPart
from kg.records import Claim
from kg.view import BENEFICIAL, LEGAL, GraphView

NAME = "contradictory_shares"

MAX_LINKS_READ = 20_000
"""Most holdings whose claims are read, those of clusters with somebody sought first: only the claims tell whether
sources contradict each other."""

_INTERESTS = {LEGAL: "legal", BENEFICIAL: "beneficial"}

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
    holders = _doubtful_holders(graph)
    claims = view.records.claims([view.link_id(link) for some in holders.values() for link in some])
    for thing, some in holders.items():
        if signs := [*_red_flags(graph, thing, some, claims)]:
            found[int(graph.community[thing])] += signs
    return IndicatorResult(np.union1d(could, np.array(sorted(found), np.int64)), dict(sorted(found.items())))


def _doubtful_holders(graph: ClusteredGraph) -> dict[int, list[int]]:
    """The members of which shares may contradict each other by their columns, each with the links of its holders."""
    view, day = graph.view, _day(graph.view)
    links = np.flatnonzero(view.links_with("ownership", "benefit") & graph.is_member[view.head])
    links = links[~view.not_in_force(links, day)] if day else links
    every = links
    low, high = view.column("share")[links].T.astype(np.float64)
    links, low, high = links[~np.isnan(low)], low[~np.isnan(low)], high[~np.isnan(low)]
    tail, head = view.tail[links].astype(np.int64), view.head[links].astype(np.int64)
    _, pair, count = np.unique(head * len(view.ids) + tail, return_inverse=True, return_counts=True)
    is_band = (high > low + ROUNDING) & ((low > 0) | (high < 100))
    is_over = np.bincount(head, low, len(view.ids)) > 100 * WHOLE
    assets = np.unique(head[is_band | (count[pair] > 1) | is_over[head]])
    is_free = ~np.isin(graph.community[assets], graph.community[np.flatnonzero(view.column("sought"))])
    ordered = assets[np.argsort(is_free, kind="stable")].tolist()
    holders = links_by_node(view.head, every[np.isin(view.head[every], assets)])
    read = np.cumsum([len(holders[asset]) for asset in ordered])
    return {asset: holders[asset] for asset, total in zip(ordered, read, strict=True) if total <= MAX_LINKS_READ}


def _day(view: GraphView) -> int:
    return date.fromisoformat(view.as_of).toordinal() if view.as_of else 0


def _red_flags(
    graph: ClusteredGraph, asset: int, links: Sequence[int], claims: Mapping[str, Sequence[Claim]]
) -> Iterator[RedFlag]:
    """What the shares in one asset contradict on the day of the graph."""
    view = graph.view
    by_id = {view.link_id(link): link for link in links}
    benefits = view.ontology.with_trait("benefit")
    holdings = []
    for name, link in by_id.items():
        ids = name, view.id(view.tail[link]), view.id(asset)
        stated = _INTERESTS.get(int(view.column("interest")[link]), "")
        interest = "beneficial" if view.type_of_link(link) in benefits else stated
        said = claims.get(name, ())
        holdings.append(
            StatedHolding.from_claims(ids, interest, said) if said else _by_columns(graph, ids, interest, link)
        )
    disputed = set[str]()
    told = set[tuple[str, ...]]()
    for one in share_contradictions(holdings, _day(view)):
        found = [by_id[name] for name in one.links]
        owners = sorted({int(view.tail[link]) for link in found})
        says = excess_words(one) if isinstance(one, ShareExcess) else dispute_words(one)
        disputed.update(one.links if isinstance(one, ShareDispute) else ())
        if (says, *one.links) not in told:  # of both interests alike
            told.add((says, *one.links))
            yield graph.sign(NAME, [asset, *owners], sorted(found), says)
    for holding in holdings:
        if holding.link in disputed:
            continue
        known = {"share": view.ontology.properties(view.type_of_link(by_id[holding.link]))["share"]}
        properties = claimed_properties(known, claims.get(holding.link, ()))
        for each in find_contradictions(known, holding.link, properties):
            link = by_id[holding.link]
            yield graph.sign(NAME, [asset, int(view.tail[link])], [link], each.says)


def _by_columns(graph: ClusteredGraph, ids: tuple[str, str, str], interest: str, link: int) -> StatedHolding:
    """A holding without readable claims."""
    low, high = graph.view.column("share")[link].tolist()
    first, last = graph.view.column("dates")[link].tolist()
    least, most = (0.0, 1.0) if isnan(low) else (low / 100, high / 100)
    share = HoldingPart(least, most, not isnan(low), since=f"{first:06}" if first else "", is_open=not last)
    end = date.max.toordinal()
    return StatedHolding(
        *ids, interest, {"": share}, (first or 1, last - 1 if last else end), (first or 1, last or end)
    )

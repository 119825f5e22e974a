"""Which clusters have more enterprises at one address than expected by chance?"""

from __future__ import annotations

from collections import defaultdict
from math import exp, lgamma

import numpy as np

from kg.analysis.clusters.clustered_graph import ClusteredGraph, IndicatorMeaning, IndicatorResult
from kg.findings import RedFlag

NAME = "shared_address"

SIGNIFICANCE_LEVEL = 0.01
"""Probability of one red flag or more in a graph with random addresses, over all pairs of a cluster and an address."""

MEANING = IndicatorMeaning(
    title="Shared registered address beyond chance",
    asks="Enterprises of one cluster at one address, more than drawing as many at random from all enterprises with an "
    "address would give. A registered agent's address, where hundreds are, is no sign by itself.",
    innocent=(
        "A group has one head office.",
        "They share an accountant, a lawyer or an office building.",
        "A family runs its firms from its home.",
    ),
    basis="Upper tail of the hypergeometric distribution (Fisher 1935), times the number of pairs tried (Bonferroni).",
)


def detect(graph: ClusteredGraph) -> IndicatorResult:
    """One red flag for each address. It can be observed where two enterprises of a cluster have an address."""
    view = graph.view
    enterprise, address = view.nodes_of("Enterprise"), view.nodes_of("Address")
    links = np.flatnonzero(view.links_with("location") & enterprise[view.tail] & address[view.head])
    _, first = np.unique(view.tail[links].astype(np.int64) * len(view.ids) + view.head[links], return_index=True)
    links = links[first]
    housed = np.unique(view.tail[links])
    at = np.bincount(view.head[links], minlength=len(view.ids))
    of_cluster = np.bincount(graph.community[housed], minlength=len(view.ids))
    mine = links[graph.is_member[view.tail[links]]]
    keys, pair, count = np.unique(
        graph.community[view.tail[mine]] * len(view.ids) + view.head[mine], return_inverse=True, return_counts=True
    )
    cluster, where = keys // max(len(view.ids), 1), keys % max(len(view.ids), 1)
    tried = int((count > 1).sum())
    found: defaultdict[int, list[RedFlag]] = defaultdict(list)
    order = np.argsort(pair, kind="stable")
    ends = np.cumsum(count)
    for number in np.flatnonzero(count > 1).tolist():
        size, members = int(count[number]), int(of_cluster[cluster[number]])
        chance = hypergeometric_tail(len(housed), int(at[where[number]]), members, size)
        if chance * tried < SIGNIFICANCE_LEVEL:
            some = np.sort(mine[order[ends[number] - size : ends[number]]])
            about = [int(where[number]), *view.tail[some].tolist()]
            says = f"{size} of its {members} enterprises with an address; {at[where[number]]} of all {len(housed)}"
            found[int(cluster[number])].append(graph.sign(NAME, about, some.tolist(), says))
    return IndicatorResult(np.intersect1d(np.flatnonzero(of_cluster > 1), graph.reported), dict(sorted(found.items())))


def hypergeometric_tail(population: int, marked: int, drawn: int, least: int) -> float:
    """The probability of `least` or more marked ones among `drawn` that are drawn without replacement."""
    whole = _log_choose(population, drawn)
    most = min(marked, drawn)
    logs = (
        _log_choose(marked, k) + _log_choose(population - marked, drawn - k) - whole
        for k in range(max(least, drawn - (population - marked)), most + 1)
    )
    return min(1.0, sum(map(exp, logs)))


def _log_choose(of: int, some: int) -> float:
    return lgamma(of + 1) - lgamma(some + 1) - lgamma(of - some + 1)

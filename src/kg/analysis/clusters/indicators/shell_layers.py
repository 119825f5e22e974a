"""Where do enterprises form a chain in which each owns nothing but the next?"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from kg.analysis.clusters.clustered_graph import ClusteredGraph, IndicatorMeaning, IndicatorResult
from kg.findings import RedFlag
from kg.view import BoolArray, IntArray

NAME = "shell_layers"

MIN_LAYERS = 3
"""Least number of enterprises in a row."""

MAX_LAYERS = 30

MEANING = IndicatorMeaning(
    title="Shell layers",
    asks=f"At least {MIN_LAYERS} enterprises in a row, each of which is owned and owns one thing only, so that each "
    "layer adds distance and nothing else.",
    innocent=(
        "Each layer was asked for by a lender, an insurer or a tax adviser.",
        "A group keeps a holding company in each country.",
        "The sources know only this one holding of each enterprise; a register of its other business is not loaded.",
    ),
    basis="FATF and Egmont Group, Concealment of Beneficial Ownership (2018), on chains of legal persons.",
)


def detect(graph: ClusteredGraph) -> IndicatorResult:
    """One red flag for each longest row. It can be observed where an enterprise that is owned owns something."""
    view = graph.view
    links, conduit = graph.ownership_links, _conduits(graph)
    onward = np.full(len(view.ids), -1, np.int64)
    way = np.full(len(view.ids), -1, np.int64)
    through = links[conduit[view.tail[links]]]
    onward[view.tail[through]], way[view.tail[through]] = view.head[through], through
    enterprise = view.nodes_of("Enterprise")
    could = np.intersect1d(view.tail[links], view.head[links])
    found: defaultdict[int, list[RedFlag]] = defaultdict(list)
    for row in _conduit_chains(conduit, onward):
        if len(row) >= MIN_LAYERS:
            steps, last = [int(way[node]) for node in row], int(onward[row[-1]])
            into = links[view.head[links] == row[0]][:1].tolist()
            about = [*row, *([last] if last >= 0 else [])]
            says = f"{len(row)} enterprises in a row"
            found[int(graph.community[row[0]])].append(graph.sign(NAME, about, [*into, *steps], says))
    return IndicatorResult(graph.clusters_of(could[enterprise[could]]), dict(sorted(found.items())))


def _conduits(graph: ClusteredGraph) -> BoolArray:
    """Enterprises that are owned by somebody in their cluster and own exactly one thing in the whole graph."""
    view = graph.view
    holds = view.links_with("ownership")[graph.network.links] & ~graph.network.not_in_force
    tail, head = graph.network.tail[holds], graph.network.head[holds]
    pairs = np.unique(tail * len(view.ids) + head)
    owns = np.bincount(pairs // max(len(view.ids), 1), minlength=len(view.ids))
    nodes = np.arange(len(view.ids))
    owned, owner = (np.isin(nodes, end[graph.ownership_links]) for end in (view.head, view.tail))
    return np.asarray(view.nodes_of("Enterprise") & owned & owner & (owns == 1))


def _conduit_chains(conduit: BoolArray, onward: IntArray) -> list[list[int]]:
    """Rows of conduits, each from one that no conduit leads to; a circle has no such beginning."""
    led = np.zeros(len(conduit), bool)
    led[onward[conduit]] = True
    rows = []
    for start in np.flatnonzero(conduit & ~led & conduit[onward]).tolist():
        row = [start]
        while len(row) < MAX_LAYERS and conduit[onward[row[-1]]]:
            row.append(int(onward[row[-1]]))
        rows.append(row)
    return rows

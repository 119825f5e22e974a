"""Which enterprises own themselves through others?"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from kg.analysis.clusters.clustered_graph import ClusteredGraph, IndicatorMeaning, IndicatorResult
from kg.findings import RedFlag

NAME = "circular_holding"

MEANING = IndicatorMeaning(
    title="Circular holding",
    asks="Ownership that leads from an enterprise through others back to itself, so that nobody outside need appear as "
    "owner.",
    innocent=(
        "Cross-holdings are customary in some groups and countries, such as those of banks and their clients.",
        "An enterprise has bought back its own shares through a subsidiary.",
        "Two sources speak of different years, and no end date says so.",
    ),
    basis="La Porta, López-de-Silanes and Shleifer, Corporate ownership around the world, J. Finance 54 (1999) 471: "
    "cross-shareholdings keep control where little is invested, and hide who has it.",
)


def detect(graph: ClusteredGraph) -> IndicatorResult:
    """One red flag for each circular holding. It can be observed where one enterprise owns another."""
    view, enterprise = graph.view, graph.view.nodes_of("Enterprise")
    owns = graph.ownership_links
    between = owns[enterprise[view.tail[owns]] & enterprise[view.head[owns]]]
    by_ends: dict[tuple[int, int], int] = {}
    for link in between.tolist():
        by_ends.setdefault((int(view.tail[link]), int(view.head[link])), link)
    signs: defaultdict[int, list[RedFlag]] = defaultdict(list)
    for cluster, circles in graph.circular_holdings.items():
        for circle in circles:
            steps = zip(circle, (*circle[1:], circle[0]), strict=True)
            links = [by_ends[step] for step in steps if step in by_ends]
            says = f"{len(circle)} in a circle" if len(circle) > 1 else "holds itself"
            signs[cluster].append(graph.sign(NAME, circle, links, says))
    return IndicatorResult(np.union1d(graph.clusters_of(view.tail[between]), np.array(sorted(signs), np.int64)), signs)

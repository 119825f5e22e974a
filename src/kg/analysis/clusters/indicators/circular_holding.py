"""Which enterprises own themselves through others?"""

from __future__ import annotations

import numpy as np

from kg.analysis.clusters.clustered_graph import ClusteredGraph, IndicatorMeaning, IndicatorResult

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
    signs = {}
    for cluster, circles in graph.circular_holdings.items():
        signs[cluster] = [
            graph.sign(
                NAME,
                circle,
                [by_ends[step] for step in zip(circle, (*circle[1:], circle[0]), strict=True) if step in by_ends],
                f"{len(circle)} in a circle" if len(circle) > 1 else "holds itself",
            )
            for circle in circles
        ]
    return IndicatorResult(np.union1d(graph.clusters_of(view.tail[between]), np.array(sorted(signs), np.int64)), signs)

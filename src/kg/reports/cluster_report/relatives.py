"""Who is named and is kin of somebody sought, but not accused?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from kg.findings import Cluster
from kg.reports.context import Graph

AS_KIN = "relative, not accused in these sources"
"""What is said of such a person wherever one is named."""


class Kin:
    """The relatives in all clusters whom no source seeks, sought or accuses, by id."""

    def __init__(self, graph: Graph, homes: Mapping[str, Cluster]) -> None:
        clusters = {cluster.id: cluster for cluster in homes.values()}
        relatives = [m.id for cluster in clusters.values() for m in cluster.with_role("relative")]
        at = graph.inside(relatives)
        links = graph.view.links_with("pursuit") | graph.view.links_of(["ACCUSED_OF"])
        named = np.zeros(len(graph.view.ids), bool)
        named[graph.view.tail[links]] = True
        self._ids = frozenset(graph.view.id(int(node)) for node in at[~named[at]])

    def among(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of some nodes that are such relatives, each once."""
        return tuple(dict.fromkeys(i for i in ids if i in self._ids))

    def called(self, node: str, name: str) -> str:
        """A name, with what is to be said with it."""
        return f"{name} ({AS_KIN})" if name and node in self._ids else name


def beside(names: Iterable[str]) -> tuple[str, ...]:
    """One note for each name."""
    return tuple(f"{name}: {AS_KIN}" for name in names)

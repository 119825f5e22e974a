"""Which relatives of people sought are not accused themselves?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from kg.findings import Cluster
from kg.reports.context import ReportGraph

RELATIVE_NOTE = "relative, not accused in these sources"
"""The note wherever such a person is named."""


class UnaccusedRelatives:
    """The relatives in all clusters whom no source accuses, and who are not and were not sought."""

    def __init__(self, graph: ReportGraph, clusters_by_member: Mapping[str, Cluster]) -> None:
        clusters = {cluster.id: cluster for cluster in clusters_by_member.values()}
        relatives = [m.id for cluster in clusters.values() for m in cluster.with_role("relative")]
        at = graph.indices(relatives)
        links = graph.view.links_with("pursuit") | graph.view.links_of_types(["ACCUSED_OF"])
        named = np.zeros(len(graph.view.ids), bool)
        named[graph.view.tail[links]] = True
        self._ids = frozenset(graph.view.id(int(node)) for node in at[~named[at]])

    def select(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of some nodes who are such relatives, each once."""
        return tuple(dict.fromkeys(i for i in ids if i in self._ids))

    def annotate(self, node: str, name: str) -> str:
        """The name of a node, with the note if the node is such a relative."""
        return f"{name} ({RELATIVE_NOTE})" if name and node in self._ids else name


def relative_notes(names: Iterable[str]) -> tuple[str, ...]:
    """One note for each name."""
    return tuple(f"{name}: {RELATIVE_NOTE}" for name in names)

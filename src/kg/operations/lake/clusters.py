"""Which assets are held together in the graph of a lake?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.operations.lake.project import EngineOptions, open_run
from kg.operations.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LakeClusters:
    """The members of each cluster, as `kg clusters` finds them in a SQLite file with the same records."""

    load: int
    as_of: str
    nodes: int
    links: int
    clusters: tuple[tuple[str, ...], ...]
    """Ids of nodes, sorted; the largest cluster first."""


def cluster_lake(workspace: Workspace, folder: Path) -> LakeClusters:
    """The clusters of the newest graph of a lake, partitioned by one worker from arrays.

    Raises NotFound where there is no graph, InputError for one that is too large.
    """
    from kg.analysis.clusters import cluster_members
    from kg.lake.arrays import graph_view
    from kg.lake.events import Lake
    from kg.lake.graph import find_graph, read_graph

    lake, graph = Lake(folder), find_graph(folder)
    with open_run(lake, EngineOptions(), graph.load) as engine:
        read_graph(engine, folder, graph)
        view = graph_view(engine, workspace.ontology, graph, protected=workspace.protected)
    workspace.progress("clusters", 0, None)
    members = (tuple(sorted(cluster)) for cluster in cluster_members(view))
    ordered = tuple(sorted(members, key=lambda cluster: (-len(cluster), cluster)))
    return LakeClusters(graph.load, view.as_of, len(view.ids), len(view.link_ids), ordered)

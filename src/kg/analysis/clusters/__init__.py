"""Which assets are held together?"""

from kg.analysis.clusters.asset_clusters import asset_clusters, cluster_members, iterate_clusters
from kg.analysis.clusters.changes import compare_runs, keep_ids, with_causes
from kg.analysis.clusters.connectivity import cut_off_members
from kg.analysis.clusters.context import ClusterContext, cluster_context
from kg.analysis.clusters.explanation import explain
from kg.analysis.clusters.network.holding_network import COLUMNS
from kg.analysis.clusters.parameters import ClusterParameters
from kg.analysis.clusters.red_flags import load_indicators
from kg.analysis.clusters.stability import stability

__all__ = [
    "COLUMNS",
    "ClusterContext",
    "ClusterParameters",
    "asset_clusters",
    "cluster_context",
    "cluster_members",
    "compare_runs",
    "cut_off_members",
    "explain",
    "iterate_clusters",
    "keep_ids",
    "load_indicators",
    "stability",
    "with_causes",
]

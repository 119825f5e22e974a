"""Which clusters are there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ports import Store

if TYPE_CHECKING:
    from kg.analysis.clusters import ClusterParameters
    from kg.findings import Clusters


def find_clusters(store: Store, parameters: ClusterParameters) -> Clusters:
    """Which assets are held together."""
    from kg.analysis.clusters import COLUMNS, asset_clusters

    return asset_clusters(store.view(COLUMNS), parameters)

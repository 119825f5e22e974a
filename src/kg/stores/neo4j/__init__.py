"""The copy of the graph in a Neo4j, where people write Cypher."""

from kg.stores.neo4j.connection import Neo4jConnection
from kg.stores.neo4j.projection_items import CopyScope
from kg.stores.neo4j.query_results import QueryTable, run_query
from kg.stores.neo4j.store import Neo4jStore
from kg.stores.neo4j.sync.comparison import Comparison, compare
from kg.stores.neo4j.sync.contents import has_protected
from kg.stores.neo4j.sync.sync_state import sync_state_path
from kg.stores.neo4j.sync.synchronizer import SyncRequest, SyncResult, sync

__all__ = [
    "Comparison",
    "CopyScope",
    "Neo4jConnection",
    "Neo4jStore",
    "QueryTable",
    "SyncRequest",
    "SyncResult",
    "compare",
    "has_protected",
    "run_query",
    "sync",
    "sync_state_path",
]

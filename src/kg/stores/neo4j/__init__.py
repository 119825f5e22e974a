"""How is the graph kept in a Neo4j, where people write Cypher?"""

from kg.stores.neo4j.connection import Conversation
from kg.stores.neo4j.projection_reader import Scope
from kg.stores.neo4j.query_results import Table, answer
from kg.stores.neo4j.store import Neo4jStore
from kg.stores.neo4j.sync.comparison import Comparison, compare
from kg.stores.neo4j.sync.contents import holds_protected
from kg.stores.neo4j.sync.sync_state import path_of
from kg.stores.neo4j.sync.synchronizer import Synced, SyncOrder, sync

__all__ = [
    "Comparison",
    "Conversation",
    "Neo4jStore",
    "Scope",
    "SyncOrder",
    "Synced",
    "Table",
    "answer",
    "compare",
    "holds_protected",
    "path_of",
    "sync",
]

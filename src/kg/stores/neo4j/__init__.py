"""How is the graph kept in a Neo4j, where people write Cypher?"""

from kg.stores.neo4j.answers import Table, answer
from kg.stores.neo4j.comparing import Comparison, compare
from kg.stores.neo4j.driver import Conversation
from kg.stores.neo4j.held import holds_protected
from kg.stores.neo4j.kept import path_of
from kg.stores.neo4j.material import Scope
from kg.stores.neo4j.reading import Neo4jStore
from kg.stores.neo4j.sync import Synced, SyncOrder, sync

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

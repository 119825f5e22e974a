"""How the store is opened, cached, brought into Neo4j, and looked at as of another day."""

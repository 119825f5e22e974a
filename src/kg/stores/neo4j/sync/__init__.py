"""How a Neo4j is brought to the version of the ledger."""

"""How does a person run a Neo4j of their own, without Docker?"""

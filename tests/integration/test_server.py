"""Does the server that the tests share keep its word?"""

from __future__ import annotations

from tests.neo4j_server import Neo4jServer


def test_it_is_empty_when_a_module_begins(neo4j: Neo4jServer) -> None:
    assert neo4j.run("MATCH (n) RETURN n") == []


def test_wiping_takes_nodes_links_constraints_and_indexes(neo4j: Neo4jServer) -> None:
    neo4j.run("CREATE CONSTRAINT FOR (n:Note) REQUIRE n.id IS UNIQUE")
    neo4j.run("CREATE FULLTEXT INDEX FOR (n:Note) ON EACH [n.text]")
    neo4j.run("CREATE (:Note {id: 'a'})-[:OF]->(:Note {id: 'b'})")
    neo4j.wipe()
    left = "MATCH (n) RETURN count(n) AS n", "SHOW CONSTRAINTS", "SHOW INDEXES YIELD type WHERE type <> 'LOOKUP'"
    assert [neo4j.run(query) for query in left] == [[{"n": 0}], [], []]

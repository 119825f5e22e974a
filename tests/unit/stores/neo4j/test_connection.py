"""What is said of an error of the driver or of the server?"""

from __future__ import annotations

import pytest
from neo4j.exceptions import AuthError, Neo4jError, ServiceUnavailable

from kg.stores.neo4j.connection import to_kg_error
from kg.stores.neo4j_address import Neo4jAddress

FULL_DISK = "Could not apply the transaction: Transaction #158 to the store after written to log."
PANIC = "The database has encountered a critical error, and needs to be restarted.\nPlease see database logs."


def server_error(code: str, message: str) -> Neo4jError:
    """An error as the driver makes it of what a server sends."""
    return Neo4jError._hydrate_neo4j(code=code, message=message)


@pytest.mark.parametrize("words", [FULL_DISK, PANIC])
def test_a_fault_of_the_server_is_told_with_what_helps(words: str) -> None:
    told = str(
        to_kg_error(
            server_error("Neo.DatabaseError.Transaction.TransactionCommitFailed", words),
            Neo4jAddress("neo4j://127.0.0.1:7687"),
        )
    )
    assert told.startswith(f"the Neo4j at neo4j://127.0.0.1:7687 failed: {' '.join(words.split())} ")
    assert "space on its disk" in told
    assert "restart it" in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (server_error("Neo.ClientError.Statement.SyntaxError", "no such label"), "refuses: no such label"),
        (AuthError("no"), "refuses the user 'neo4j'; set KG_NEO4J_USER and KG_NEO4J_PASSWORD"),
        (ServiceUnavailable("gone"), "does not answer (gone)"),
    ],
)
def test_other_errors_are_told_as_what_they_are(error: Exception, words: str) -> None:
    assert words in str(to_kg_error(error, Neo4jAddress("neo4j://127.0.0.1:7687")))

"""The address of a Neo4j, and the user that kg is there."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Neo4jAddress:
    """One database of a server. Without a password, kg connects without authentication."""

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = "neo4j"

    def __str__(self) -> str:
        return self.uri

    @property
    def target(self) -> str:
        """Identifies the database."""
        return f"{self.uri}/{self.database}"

"""Where is a Neo4j, and who is kg there?"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Neo4jAddress:
    """Of one database. Without a password, kg tries without saying who it is."""

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = "neo4j"

    def __str__(self) -> str:
        return self.uri

    @property
    def target(self) -> str:
        """What tells this database from others."""
        return f"{self.uri}/{self.database}"

"""What does the service answer about itself?"""

from __future__ import annotations

from typing import Literal, Self

from kg.operations.answers import Answer, AnswerPart, VersionedAnswer
from kg.records import GraphVersion
from kg_api.snapshots.refresh import RefreshError


class Liveness(Answer):
    """The process answers."""

    status: str
    software: str


class RefreshOut(AnswerPart):
    """Which graph something was made from, and whether a newer one is on its way."""

    version: str | None
    """The graph that it is of; null while there is none."""
    state: Literal["current", "refreshing", "failing"]
    trouble: RefreshError | None

    @classmethod
    def of(cls, made: GraphVersion | None, newest: GraphVersion | None, trouble: RefreshError | None) -> Self:
        """How the renewal of something goes."""
        current: Literal["current", "refreshing"] = "current" if made == newest else "refreshing"
        return cls(version=str(made) if made else None, state="failing" if trouble else current, trouble=trouble)


class Readiness(VersionedAnswer):
    """The store answers, and its graph is in memory."""

    status: str
    software: str
    ontology: str
    sqlite: str
    """Which SQLite runs, and whether it has the WAL-reset bug: the words of `kg --version -v`."""
    view: RefreshOut
    clusters: RefreshOut

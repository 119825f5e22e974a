"""What does the service answer about itself?"""

from __future__ import annotations

from typing import Any, Literal, Self

from kg.operations.answers import Answer, AnswerPart, VersionedAnswer
from kg.records import GraphVersion
from kg_api.snapshots.refresh import RefreshError
from kg_api.snapshots.snapshot_manager import SnapshotStatus


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
    age_seconds: float | None
    """Seconds for which there may have been a newer graph; 0 if there is none, null while nothing answers."""
    build_seconds: float | None
    """Seconds that it took to build; 0 if its files were there, null while nothing answers."""

    @classmethod
    def of_view(cls, status: SnapshotStatus) -> Self:
        """How the renewal of the view goes."""
        return cls(
            **_progress(status.view, status.store, status.view_error),
            age_seconds=_rounded(status.view_age),
            build_seconds=_rounded(status.view_seconds),
        )

    @classmethod
    def of_clusters(cls, status: SnapshotStatus) -> Self:
        """How the renewal of the clusters goes."""
        return cls(
            **_progress(status.clusters, status.view, status.clusters_error),
            age_seconds=_rounded(status.clusters_age),
            build_seconds=_rounded(status.clusters_seconds),
        )


def _progress(made: GraphVersion | None, newest: GraphVersion | None, trouble: RefreshError | None) -> dict[str, Any]:
    state = "failing" if trouble else "current" if made == newest else "refreshing"
    return {"version": str(made) if made else None, "state": state, "trouble": trouble}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)


class Readiness(VersionedAnswer):
    """The store answers, and its graph is in memory."""

    status: str
    software: str
    ontology: str
    sqlite: str
    """Which SQLite runs, and whether it has the WAL-reset bug: the words of `kg --version -v`."""
    view: RefreshOut
    clusters: RefreshOut

"""How are saved queries answered?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field

from kg.operations.answers.answer import Answer, AnswerPart, AnswerSummary, VersionedAnswer
from kg.queries import PARAMETER_TYPES, SavedQuery


def _iso_date(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


class ParameterOut(AnswerPart):
    """What a saved query has to be told."""

    name: str
    type: str = Field(
        validation_alias="kind",
        description=f"One of {', '.join(PARAMETER_TYPES)}; a node by id, namespace:key or a name only one has.",
    )
    meaning: str
    example: Annotated[str | int | float | list[str], BeforeValidator(_iso_date)]
    """A value that has an answer in the demo set."""
    optional: bool
    """Whether the example is what is taken when nobody says otherwise."""


class QueryOut(AnswerPart):
    """A question that somebody wrote down; its text is in the files of the software, and in no answer."""

    name: str
    """topic/name"""
    title: str
    answers: str
    limit: str
    """What it leaves out, and when."""
    parameters: list[ParameterOut]

    @classmethod
    def of(cls, query: SavedQuery) -> Self:
        """The query as part of an answer."""
        return cls.model_validate(query, from_attributes=True)


class QueriesAnswer(Answer):
    """All saved queries."""

    runs_here: bool
    """Whether the Neo4j that they are asked of is the store that answers."""
    queries: list[QueryOut]


class QueryAnswer(Answer):
    """One saved query."""

    runs_here: bool
    """Whether the Neo4j that it is asked of is the store that answers."""
    query: QueryOut


class QueryResult(VersionedAnswer):
    """Columns and rows. Nodes, links and paths are the few facts by which people know them."""

    query: str
    columns: list[str]
    rows: list[list[Any]]
    more: bool
    """Whether there are more rows than were asked for."""

    def summary(self) -> AnswerSummary:
        """How many rows it has, and which nodes stand in them."""
        return AnswerSummary(len(self.rows), tuple(dict.fromkeys(_node_ids_in(self.rows))))


def _node_ids_in(part: Any) -> Iterator[str]:
    """The ids of nodes in a table, wherever they stand; links have no labels."""
    if isinstance(part, dict):
        if "labels" in part and part.get("id"):
            yield part["id"]
        for value in part.values():
            yield from _node_ids_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from _node_ids_in(value)

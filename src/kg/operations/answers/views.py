"""Saved views of the explorer page: questions about nodes, and nothing that a source says."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from kg.operations.answers.answer import Answer, AnswerPart, AnswerSummary

MAX_VIEW_NODES = 2_000
"""Nodes of a view: as many as `POST /v1/graph` takes."""

MAX_VIEW_LINKS = 1_000_000
"""Links of a view that are counted."""

Id = Annotated[str, Field(pattern="^[a-z2-7]{26}$")]
Ids = Annotated[list[Id], Field(max_length=MAX_VIEW_NODES)]
TypeNames = Annotated[list[Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9_]{0,59}$")]], Field(max_length=500)]
PartialDay = Annotated[str, Field(pattern="^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$")]
Place = Annotated[int, Field(strict=True, ge=-1_000_000, le=1_000_000)]
NodePlace = tuple[Id, Place, Place, Annotated[int, Field(strict=True, ge=0, le=1)]]
"""Id, place to the right, place down, and whether it is pinned."""


class ViewFilter(AnswerPart):
    """What a view hides."""

    node_types: TypeNames = Field(alias="nodeTypes")
    link_types: TypeNames = Field(alias="linkTypes")
    day: PartialDay
    from_: PartialDay = Field(alias="from")
    to: PartialDay
    grade: Annotated[str, Field(pattern="^[A-F]?[1-6]?$")]


class ViewContent(AnswerPart):
    """A view as its link and its file have it: ids, places and filters. Whoever opens it asks anew."""

    format: Literal["kg-view"]
    version: Literal[1]
    language: Annotated[str, Field(pattern="^[a-z]{2}$")]
    nodes: Annotated[list[NodePlace], Field(max_length=MAX_VIEW_NODES)]
    hidden: Ids
    selected: Ids
    """Nodes, or one link."""
    filter: ViewFilter
    columns: StrictBool
    links: Annotated[int, Field(strict=True, ge=0, le=MAX_VIEW_LINKS)]
    """How many were drawn when it was saved, so that whoever opens it is told how many are gone; 0 for unknown."""


class SavedViewOut(AnswerPart):
    """A saved view in short."""

    id: str
    """The same for the same name."""
    name: str
    saved: str
    """When it was saved last, UTC."""
    nodes: int


class SavedViewsAnswer(Answer):
    """The saved views of whoever asks, by name."""

    views: list[SavedViewOut]

    def summary(self) -> AnswerSummary:
        """How many there are; they are about nobody until one is opened."""
        return AnswerSummary(len(self.views))


class SavedViewAnswer(Answer):
    """A saved view."""

    in_short: SavedViewOut
    view: ViewContent

    def summary(self) -> AnswerSummary:
        """The one view, about its nodes."""
        return AnswerSummary(1, tuple(node[0] for node in self.view.nodes))

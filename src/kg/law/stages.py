"""Which stages has a route: who files what with whom, with which documents, in how many days, until it lapses?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from kg.errors import InputError, InputLocation
from kg.law.conditions import Condition, fact_names, parse_condition
from kg.law.facts import AgencyKind, FactDefinition
from kg.law.routes import Route, RouteSource
from kg.toml_files.models import TomlModel, read_tables

FILE = "stages.toml"


class StagePart(TomlModel):
    """A part of the file of stages; values of another type are refused."""

    model_config = ConfigDict(strict=True)


class StageDocument(StagePart):
    """A document that a stage needs, and the fact that shows that it is there."""

    name: str = Field(min_length=1)
    shown_by: str = ""
    """The fact whose yes means that the document is there; empty where only a reader can tell."""


class StageDays(StagePart):
    """How many days a stage usually takes, and where that was read."""

    least: int = Field(ge=0)
    most: int = Field(ge=0)
    of: str = Field(min_length=1)
    """What was counted, for a reader who has to judge whether it fits."""
    source: RouteSource

    @model_validator(mode="after")
    def _check_interval(self) -> StageDays:
        if self.most < self.least:
            raise ValueError("expected most to be at least as much as least")
        return self


class Stage(StagePart):
    """One stage of a route."""

    internal_keys: ClassVar[tuple[str, ...]] = ("id",)

    id: str
    name: str = Field(min_length=1)
    action: str = Field(min_length=1)
    """What is filed or done, as the rest of a sentence that begins with who does it."""
    side: Literal["host", "requesting"]
    """Whose agency acts."""
    by: list[AgencyKind] = Field(min_length=1)
    with_: list[AgencyKind] = Field([], alias="with")
    """Kinds of agency of the other side, or of the same side, that it is filed with."""
    with_side: Literal["host", "requesting"] = "host"
    documents: list[StageDocument] = Field(default_factory=list)
    done: Any = None
    """The condition under which the stage is done; None where no fact tells."""
    days: StageDays | None = None
    lapse: str = ""
    """When what was reached lapses; empty where no source was read."""

    @cached_property
    def done_condition(self) -> Condition | None:
        """The condition under which the stage is done."""
        return None if self.done is None else parse_condition(self.done, FILE, f"{self.id}.done")

    @property
    def named_facts(self) -> Iterator[tuple[str, str]]:
        """Each fact that the stage names, with its key."""
        if self.done_condition:
            yield from fact_names(self.done_condition, "done")
        for i, document in enumerate(self.documents):
            if document.shown_by:
                yield document.shown_by, f"documents[{i}].shown_by"


def read_stages(folder: Path, facts: Mapping[str, FactDefinition], routes: Mapping[str, Route]) -> Mapping[str, Stage]:
    """Every stage, by id. Raises InputError for a mistake, and for a stage of a route that the file does not have."""
    found: dict[str, Stage] = {}
    for name, stage in read_tables(folder / FILE, FILE, Stage, "id") if (folder / FILE).exists() else ():
        found[name] = stage
        for fact, key in stage.named_facts:
            if fact not in facts or facts[fact].is_protected:
                place = InputLocation(FILE, key=f"{name}.{key}", value=fact)
                raise InputError("expected a fact that facts.toml has and that is not protected", place)
    for route in routes.values():
        for i, passed in enumerate(route.stages):
            place = InputLocation(route.file, key=f"stages[{i}]", value=passed)
            if passed not in found:
                raise InputError(f"expected a stage that {FILE} has", place)
            for fact, _ in found[passed].named_facts:
                if route.subject == "person" and facts[fact].about == "asset":
                    raise InputError("expected a stage that depends on no fact about an asset", place)
    return found

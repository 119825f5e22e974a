"""Which parameters and bodies do requests have?"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Path, Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)

from kg.analysis.paths import DEFAULT_ENDPOINT_KINDS, MAX_DEPTH, RANKINGS


class RequestBody(BaseModel):
    """What a request sends as JSON."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("limit", "depth", "max_degree", "sample", "seconds", "steps", mode="before", check_fields=False)
    @classmethod
    def _refuse_truth(cls, value: object) -> object:
        """Raises ValueError for true and false, which Python takes for 1 and 0."""
        if isinstance(value, bool):
            raise ValueError("expected a number")
        return value


def _one_of(known: tuple[str, ...]) -> BeforeValidator:
    def check(value: object) -> object:
        if value not in known:
            raise ValueError(f"expected one of {', '.join(known)}")
        return value

    return BeforeValidator(check)


Day = Annotated[str, Field(max_length=10, json_schema_extra={"format": "date"})]
"""A day, or nothing."""

MAX_NODE_NAME = 2_100
"""Characters of the name of a node: of the longest key that is loaded, with its namespace."""

RankingName = Annotated[str, _one_of(RANKINGS)]
Name = Annotated[str, Field(min_length=1, max_length=MAX_NODE_NAME)]
NodeName = Annotated[str, Path(max_length=MAX_NODE_NAME, description="An id, also a former one, or namespace:key.")]
Names = Annotated[list[Name], Field(max_length=50)]
MaxDepth = Annotated[int, Field(ge=1, le=MAX_DEPTH)]
MaxPaths = Annotated[int, Field(ge=1, le=100)]
Seconds = Annotated[float, Field(gt=0, le=30, allow_inf_nan=False)]
MaxSteps = Annotated[int, Field(ge=1, le=1_000_000)]


_ID = re.compile("[a-z2-7]{26}")

_CURSOR = Query(max_length=60, description="`next` of the page before; empty for the first page.")


def _check_cursor(cursor: str) -> str:
    if cursor and not _ID.fullmatch(cursor):
        raise ValueError("expected what an earlier page gave as next")
    return cursor


Cursor = Annotated[str, _CURSOR]
IdCursor = Annotated[str, AfterValidator(_check_cursor), _CURSOR]
"""The id of a node or link that an earlier page ended with, or nothing."""


class PathsRequest(RequestBody):
    """How two nodes are connected: from where to where, within which limits."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"from": "demo:p-003", "to": "demo:as-0001", "ranking": "credible", "as_of": "2014-12-05"}]
        }
    )

    from_: Name = Field(alias="from", description="An id, namespace:key, or a name that only one node has.")
    to: Name
    ranking: RankingName = Field("credible", description=f"One of {', '.join(RANKINGS)}.")
    limit: MaxPaths = Field(3, description="Most paths.")
    only_shortest: bool = Field(False, description="Only paths with as few links as the first.")
    depth: MaxDepth = Field(6, description="Most links on a path.")
    walk: Names = Field([], description="Traits of links to walk that usually are not, such as location.")
    exclude_traits: Names = Field([], description="Do not walk links with these traits either, such as payment.")
    only_traits: Names = Field([], description="Walk only links with these traits.")
    only_types: Names = Field([], description="Walk only links of these types.")
    exclude_types: Names = Field([], description="Do not walk links of these types.")
    only_through: Names = Field([], description="Pass only nodes of these kinds.")
    not_through: Names = Field(
        [], description=f"Pass no nodes of these kinds, besides {', '.join(DEFAULT_ENDPOINT_KINDS)}."
    )
    through: Annotated[list[Name], Field(max_length=3)] = Field([], description="Pass these nodes.")
    avoid: Names = Field([], description="Keep off these nodes.")
    as_of: Day = Field("", description="A day on which every link may have held.")
    min_reliability: Annotated[str, Field(max_length=1)] = Field("", description="Lowest grade of a link, A to E.")
    max_degree: int = Field(0, ge=0, le=1_000_000_000, description="Most links of a node on the way; 0 for any.")
    one_way: Names = Field([], description="Traits of links to walk only the way they point.")
    sample: int = Field(100, ge=0, le=100, description="People asked for the chance baseline; none when 0.")
    seconds: Seconds = Field(5.0, description="Give up after so long, and say so.")
    steps: MaxSteps = Field(200_000, description="Give up after so many partial paths, and say so.")


def _check_parameter_value(value: object, check: ValidatorFunctionWrapHandler) -> object:
    try:
        return check(value)
    except ValidationError:
        raise ValueError("expected a text, a number, or a list of at most 50 texts") from None


ParameterValue = Annotated[
    Annotated[str, Field(max_length=MAX_NODE_NAME)]
    | StrictInt
    | StrictFloat
    | Annotated[list[Name], Field(max_length=50)],
    WrapValidator(_check_parameter_value),
]
"""A value of a parameter; which of these it may be depends on the parameter's type."""


class QueryRequest(RequestBody):
    """Values for the parameters of a saved query, and how much of an answer is wanted."""

    parameters: Annotated[dict[Name, ParameterValue], Field(max_length=20)] = Field(
        {}, description="By name: a number, a text, a list of texts; a date and a node are texts."
    )
    limit: int = Field(1_000, ge=1, le=10_000, description="Most rows.")
    seconds: Seconds = Field(10.0, description="The Neo4j ends the query after so long.")

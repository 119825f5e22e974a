"""Which parameters and bodies do requests have?"""

from __future__ import annotations

import re
from typing import Annotated, Literal

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
    WithJsonSchema,
    WrapValidator,
    field_validator,
)

from kg.analysis.flows import OPENINGS
from kg.analysis.paths import DEFAULT_ENDPOINT_KINDS, MAX_DEPTH, MAX_ENDS, MIN_ENDS, RANKINGS, PathQuestion
from kg.findings import TRACING_RULES
from kg.operations import path_limits
from kg.operations.answers import ViewContent


class RequestBody(BaseModel):
    """What a request sends as JSON."""

    model_config = ConfigDict(extra="forbid")

    @field_validator(
        "limit", "each", "depth", "max_degree", "sample", "seconds", "steps", mode="before", check_fields=False
    )
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


Day = Annotated[str, Field(max_length=10, json_schema_extra={"anyOf": [{"format": "date"}, {"maxLength": 0}]})]
"""A day, or nothing."""

MAX_NODE_NAME = 2_100
"""Characters of the name of a node: of the longest key that is loaded, with its namespace."""

TracingRuleName = Annotated[str, _one_of(TRACING_RULES)]
OpeningName = Annotated[str, _one_of(OPENINGS)]
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


class PathLimits(RequestBody):
    """Which links and nodes a path may have."""

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
    avoid: Names = Field([], description="Keep off these nodes.")
    as_of: Day = Field("", description="A day on which every link may have held.")
    min_reliability: Annotated[str, Field(max_length=1)] = Field("", description="Lowest grade of a link, A to E.")
    max_degree: int = Field(0, ge=0, le=1_000_000_000, description="Most links of a node on the way; 0 for any.")
    one_way: Names = Field([], description="Traits of links to walk only the way they point.")

    def to_question(self) -> PathQuestion:
        """The limits of a question, without its ends. Raises InputError."""
        return path_limits(
            depth=self.depth,
            walk=self.walk,
            only_traits=self.only_traits,
            exclude_traits=self.exclude_traits,
            only_types=self.only_types,
            exclude_types=self.exclude_types,
            only_through=self.only_through,
            not_through=self.not_through,
            avoid=self.avoid,
            as_of=self.as_of,
            min_reliability=self.min_reliability,
            max_degree=self.max_degree,
            one_way=self.one_way,
        )


class PathsRequest(PathLimits):
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
    through: Annotated[list[Name], Field(max_length=3)] = Field([], description="Pass these nodes.")
    sample: int = Field(100, ge=0, le=100, description="People asked for the chance baseline; none when 0.")
    seconds: Seconds = Field(5.0, description="Give up after so long, and say so.")
    steps: MaxSteps = Field(200_000, description="Give up after so many partial paths, and say so.")


class FlowRequest(RequestBody):
    """Whose money is followed, by which rules, and what is assumed."""

    from_: Name = Field(alias="from", description="A party or account: an id, namespace:key, or a name of one node.")
    to: Annotated[str, Field(max_length=MAX_NODE_NAME)] = Field("", description="Only what reaches this one.")
    rules: Annotated[list[TracingRuleName], Field(max_length=3)] = Field([], description="All three when empty.")
    as_of: Day = Field("", description="Last day of payments that count; the day of the graph when empty.")
    opening: OpeningName = Field(
        "unknown", description="What accounts held before: any amount of other money, or none."
    )
    currency: Annotated[str, Field(max_length=3)] = Field(
        "", description="Convert into it by `rates`, else by the table."
    )
    rates: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=500)] = Field(
        [], description="Stated rates with day and source, such as `1 USD = 6.15 CNY on 2014-12-05, central bank`."
    )
    seconds: Seconds = Field(5.0, description="Give up after so long.")


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


MAX_ROWS = 1_000
"""Rows of a list that is screened, and pairs of names that are compared, in one request."""

MAX_TEXT = 500
"""Characters of a name or another value of a row."""


ListSeconds = Annotated[float, Field(strict=True, ge=1, le=30, allow_inf_nan=False)]


def _as_list(value: object) -> object:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


Text = Annotated[str, Field(max_length=MAX_TEXT)]

Values = Annotated[
    list[Text],
    BeforeValidator(_as_list),
    Field(max_length=50),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": MAX_TEXT},
                {"type": "array", "items": {"type": "string", "maxLength": MAX_TEXT}, "maxItems": 50},
                {"type": "null"},
            ]
        }
    ),
]
"""A text, a list of texts, or nothing."""


class ScreeningRow(RequestBody):
    """A person or company to look for: a name, and what else is known. Each value is a text or a list of texts."""

    type: Annotated[Literal["person", "company"], _one_of(("person", "company"))] = "person"
    name: Values = Field(description="Names in any script.")
    alias: Values = Field([], description="Other full names.")
    former_name: Values = []
    weak_alias: Values = Field([], description="Names that say little, such as nicknames; they weigh a quarter.")
    birth_date: Values = Field([], description="A day, month or year, such as 1965-03-12.")
    death_date: Values = []
    gender: Values = []
    citizenship: Values = Field([], description="Codes such as CN, names of countries, or words for their citizens.")
    registered_in: Values = Field([], description="The same, of a company.")
    position: Values = Field([], description="Posts and agencies.")
    passport_number: Values = []
    national_number: Values = []
    id_number: Values = []
    tax_number: Values = []
    registration_number: Values = []
    lei: Values = []
    email: Values = []
    phone: Values = []
    address: Values = []


Share = Annotated[float, Field(strict=True, le=1, allow_inf_nan=False)]


class ScreeningBody(RequestBody):
    """A list of people and companies, and how it is screened. Nothing of it is kept but the lines of the audit log."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"rows": [{"name": "Zhang Xuwen", "birth_date": "1965-03-12"}], "from": 0.5}]}
    )

    rows: Annotated[list[ScreeningRow], Field(min_length=1, max_length=MAX_ROWS)]
    from_: Annotated[Share, Field(ge=0)] = Field(0.1, alias="from", description="Least probability of a match.")
    expect: Annotated[Share, Field(ge=0.0001)] = Field(
        0.5, description="The share of the list that you expect to be in the graph."
    )
    source: Annotated[str, Field(max_length=MAX_NODE_NAME)] = Field("", description="Only entries of this source.")
    seconds: ListSeconds = Field(10.0, description="Give up after so long.")


class NamePair(RequestBody):
    """Two written names."""

    left: Text
    right: Text
    type: Annotated[Literal["person", "company"], _one_of(("person", "company"))] = "person"


class NameComparisonsBody(RequestBody):
    """Pairs of names to compare."""

    pairs: Annotated[list[NamePair], Field(min_length=1, max_length=MAX_ROWS)]
    seconds: ListSeconds = Field(10.0, description="Give up after so long.")


Direction = Annotated[Literal["in", "out", "both"], _one_of(("in", "out", "both"))]


class SearchRequest(RequestBody):
    """Whom to look for. In a body, a name stands in no address, and so in no log of a proxy and no history."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"q": "Cui Songmu", "types": ["Person"], "limit": 5}]})

    q: Annotated[str, Field(max_length=500)] = Field("", description="A name in any script, or an identifier.")
    types: Names = Field([], description="Only these types, and types that extend them.")
    jurisdiction: Annotated[str, Field(max_length=MAX_NODE_NAME)] = Field(
        "", description="Only what has a link to it; a code or an id."
    )
    fuzzy: bool = Field(
        False, description="With the first page, apart: people and companies whose names may be written so."
    )
    limit: int = Field(20, ge=1, le=200, description="Most results on this page.")
    cursor: Annotated[str, Field(max_length=60)] = Field(
        "", description="`next` of the page before; empty for the first page."
    )


class NeighbourhoodsRequest(RequestBody):
    """Whose neighbours are wanted, which of them, and what is drawn already."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"nodes": ["demo:p-003"], "each": 3, "limit": 10}]})

    nodes: Annotated[list[Name], Field(min_length=1, max_length=20)] = Field(
        description="Ids, namespace:key, or names that only one node has."
    )
    types: Names = Field([], description="Only links of these types.")
    others: Names = Field([], description="Only neighbours of these types, or of types that extend them.")
    direction: Direction = Field("both", description="Only links that lead out of the nodes, or in to them.")
    as_of: Day = Field("", description="A day on which every link may have held.")
    each: int = Field(
        12,
        ge=1,
        le=200,
        description="Most new neighbours of a node over links of one type that lead one way to nodes of one type.",
    )
    limit: int = Field(60, ge=0, le=500, description="Most new neighbours in all; 0 for counts alone.")
    drawn: Annotated[list[Name], Field(max_length=2_000)] = Field(
        [], description="Ids of nodes that are drawn already: none of them is new, and links to them are told."
    )
    seconds: Seconds = Field(10.0, description="Give up after so long.")


Coordinate = Annotated[float, Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False)]


class SubgraphRequest(RequestBody):
    """Some nodes, such as those of a picture that somebody kept."""

    nodes: Annotated[list[Name], Field(min_length=1, max_length=2_000)] = Field(
        description="Ids, former ids, namespace:key, or names that only one node has."
    )
    as_of: Day = Field("", description="A day on which every link may have held.")
    positions: Annotated[dict[Name, tuple[Coordinate, Coordinate]], Field(max_length=2_000)] = Field(
        {},
        description="For `format=svg`: where nodes stand, to the right and down, by name; the others stand below.",
    )
    seconds: Seconds = Field(10.0, description="Give up after so long.")


class SavedViewRequest(RequestBody):
    """A view to save under a name."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Flats", "view": {"format": "kg-view", "version": 1, "nodes": []}}]}
    )

    name: Annotated[str, Field(min_length=1, max_length=100, description="As you want to find it again.")]
    view: ViewContent


class JudgementRequest(RequestBody):
    """A judgement about two nodes, to ask what it would do or to record it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "distinct", "one": "demo:p-003", "other": "demo:p-017", "why": "other birth dates"}]
        }
    )

    kind: Annotated[Literal["same", "distinct", "unsure"], _one_of(("same", "distinct", "unsure"))]
    one: Name
    other: Name
    why: Annotated[str, Field(max_length=2_000)] = Field("", description="The grounds; needed to record it.")
    record: bool = Field(False, description="Record it; otherwise the answer says what it would do, and nothing stays.")


class ConnectionsRequest(PathLimits):
    """Which nodes are to be connected, within which limits."""

    nodes: Annotated[list[Name], Field(min_length=MIN_ENDS, max_length=MAX_ENDS)] = Field(
        description="Ids, namespace:key, or names that only one node has."
    )
    limit: MaxPaths = Field(10, description="Most paths.")
    seconds: Seconds = Field(10.0, description="Give up after so long, and say so.")


class TimelinesRequest(RequestBody):
    """Whose timeline is wanted."""

    nodes: Annotated[list[Name], Field(min_length=1, max_length=200)] = Field(
        description="Ids, namespace:key, or names that only one node has."
    )
    as_of: Day = Field("", description="Only what had begun by this day.")
    limit: int = Field(500, ge=1, le=2_000, description="Most entries, the oldest.")
    seconds: Seconds = Field(10.0, description="Give up after so long.")


class QueryRequest(RequestBody):
    """Values for the parameters of a saved query, and how much of an answer is wanted."""

    parameters: Annotated[dict[Name, ParameterValue], Field(max_length=20)] = Field(
        {}, description="By name: a number, a text, a list of texts; a date and a node are texts."
    )
    limit: int = Field(1_000, ge=1, le=10_000, description="Most rows.")
    seconds: Seconds = Field(10.0, description="The Neo4j ends the query after so long.")

"""What do answers look like?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from kg.analysis.paths import DEFAULT_ENDPOINT_KINDS, MAX_DEPTH, RANKINGS
from kg.findings import (
    ChanceBaseline,
    CircularHolding,
    Cluster,
    ClusterExplanation,
    Clusters,
    Holding,
    Indicator,
    RankedPath,
    Share,
    ShareDispute,
    ShareExcess,
)
from kg.ontology import LinkType, NodeType
from kg.operations import NodeIdentity, OwnershipResult, PathsResult
from kg.queries import PARAMETER_TYPES, SavedQuery
from kg.records import Claim, GraphVersion, Link, Node
from kg_api.middleware.request_context import AuditNotes
from kg_api.snapshots.refresh import RefreshError


class ResponseModel(BaseModel):
    """One kind of answer."""

    model_config = ConfigDict(extra="forbid")


class EntityOut(ResponseModel):
    """A node, as all records about it say together."""

    id: str
    type: str
    types: list[str] = Field(description="All types claimed, when sources contradict each other; else empty.")
    caption: str
    properties: dict[str, list[str]] = Field(description="Several values where sources disagree or add to each other.")
    other: dict[str, list[str]] = Field(description="Values the ontology has no property for.")
    sources: list[str]
    sought_under: list[str] = Field(description="Links to the warrants, notices and list entries in force.")

    @classmethod
    def of(cls, node: Node) -> EntityOut:
        """The node as an answer."""
        return cls(**node.to_json(), types=list(node.types))


class ProvenanceOut(ResponseModel):
    """How a source stands behind what it says; empty where it does not say."""

    source: str
    origin: str = Field("", description="What the claim goes back to; copies of one origin count once.")
    reliability: str = Field("", description="Of the source, A to F; empty where nobody graded it.")
    credibility: str = Field("", description="Of the information, 1 to 6; empty where nobody graded it.")
    handling: str = "open"
    stated: str = Field("", description="When the source said it; a date, maybe partial.")
    url: str = ""
    datasets: list[str] = []


class ClaimOut(ProvenanceOut):
    """One record as the ledger keeps it: who says it, since when, and how they stand behind it."""

    namespace: str
    key: str
    part: str
    type: str
    since: str = Field(description="Day of the load that first brought the record in this form.")
    referents: list[str]
    properties: dict[str, list[str]]
    other: dict[str, list[str]]

    @classmethod
    def of(cls, claim: Claim) -> ClaimOut:
        """The claim as an answer."""
        return cls(**claim.to_json())


class LinkOut(ResponseModel):
    """A link between two nodes, as all records about it say together."""

    id: str
    type: str
    from_: str = Field(alias="from", description="The node at its tail.")
    to: str
    properties: dict[str, list[str]]
    sources: list[str]
    said: list[ProvenanceOut] = Field(description="Each source with how it stands behind the link.")
    holds: str = Field("", description="Whether it held on the day asked for: yes, maybe, no or undated; else empty.")

    @classmethod
    def of(cls, link: Link, holds: str = "") -> LinkOut:
        """The link as an answer."""
        return cls.model_validate({**link.to_json(), "holds": holds})


class VersionedAnswer(ResponseModel):
    """Something that is one answer, of one graph version."""

    version: str = Field(description="The graph that answered: its ledger, and how often it has changed.")

    def notes(self) -> AuditNotes:
        """How many results these are, and about whom."""
        return AuditNotes()


class PagedAnswer(VersionedAnswer):
    """A page of a list. Ask for `next` with the same parameters to go on; null where there is no more."""

    next: str | None


class EntitiesAnswer(PagedAnswer):
    """Some nodes."""

    entities: list[EntityOut]

    def notes(self) -> AuditNotes:
        """Everybody on the page."""
        return AuditNotes(len(self.entities), tuple(entity.id for entity in self.entities))


class LinksAnswer(PagedAnswer):
    """Some links of one node, in the order of their ids."""

    links: list[LinkOut]
    captions: dict[str, str] = Field(description="The names of the nodes at their ends, by id.")

    def notes(self) -> AuditNotes:
        """The links; whose they are is in the question."""
        return AuditNotes(len(self.links))


class JudgementOut(ResponseModel):
    """Somebody's decision that two names mean one thing (`same`) or two (`distinct`)."""

    number: int
    kind: str
    one: tuple[str, str] = Field(description="Namespace and key.")
    other: tuple[str, str] = Field(description="Namespace and key.")
    by: str
    why: str
    day: str
    undone: str = Field(description="Day on which it was taken back; empty while it stands.")
    undone_by: str
    undone_why: str
    state: str = Field(description="What has become of it.")


class EntityAnswer(VersionedAnswer):
    """A node with everything that is said about it."""

    entity: EntityOut
    claims: list[ClaimOut]
    names: list[tuple[str, str]] = Field(description="Namespace and key of every record that is about it.")
    former_ids: list[str] = Field(description="Ids that its parts have on their own; they lead here.")
    judgements: list[JudgementOut] = Field(description="Who decided what is one with it, and why.")

    @classmethod
    def of(cls, version: str, node: Node, claims: Iterable[Claim], identity: NodeIdentity) -> EntityAnswer:
        """The node as an answer."""
        return cls(
            version=version,
            entity=EntityOut.of(node),
            claims=[ClaimOut.of(claim) for claim in claims],
            names=[(name.namespace, name.key) for name in identity.names],
            former_ids=list(identity.former_ids),
            judgements=[judged.to_json() for judged in identity.judgements],
        )

    def notes(self) -> AuditNotes:
        """The one node."""
        return AuditNotes(1, (self.entity.id,))


def _one_of(known: tuple[str, ...]) -> BeforeValidator:
    def check(value: object) -> object:
        if value not in known:
            raise ValueError(f"expected one of {', '.join(known)}")
        return value

    return BeforeValidator(check)


Day = Annotated[str, Field(max_length=10, json_schema_extra={"format": "date"})]
"""A day, or nothing."""

RankingName = Annotated[str, _one_of(RANKINGS)]
Name = Annotated[str, Field(min_length=1, max_length=500)]
Names = Annotated[list[Name], Field(max_length=50)]
MaxDepth = Annotated[int, Field(ge=1, le=MAX_DEPTH)]
MaxPaths = Annotated[int, Field(ge=1, le=100)]
Seconds = Annotated[float, Field(gt=0, le=30, allow_inf_nan=False)]
MaxSteps = Annotated[int, Field(ge=1, le=1_000_000)]


class PathsRequest(ResponseModel):
    """How two nodes are connected: from where to where, within which limits."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"from": "demo:p-003", "to": "demo:as-0001", "ranking": "credible", "as_of": "2014-12-05"}]
        },
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


class PathsAnswer(VersionedAnswer):
    """The first paths by a ranking, and what was done to find them; that there is none is an answer."""

    as_of: str
    start: str
    goal: str
    ranking: str
    limits: dict[str, int | str | list[str]]
    found: bool
    paths: list[RankedPath]
    explored: int
    steps: int
    cut: str = Field(description="Which budget ended the search early, `nodes`, `steps` or `time`; else empty.")
    more: bool
    chance: ChanceBaseline | None
    captions: dict[str, str] = Field(description="The names of all nodes that are mentioned, by id.")
    links: dict[str, LinkOut] = Field(description="All links that are mentioned, by id.")

    @classmethod
    def of(cls, found: PathsResult) -> PathsAnswer:
        """The paths as an answer."""
        limits = {k: list(v) if isinstance(v, tuple) else v for k, v in found.answer.limits.items()}
        return cls(
            **{name: getattr(found.answer, name) for name in _PATH_FIELDS},
            version=str(found.answer.version),
            limits=limits,
            paths=list(found.answer.paths),
            captions={node.id: node.caption for node in found.nodes.values()},
            links={link.id: LinkOut.of(link) for link in found.links.values()},
        )

    def notes(self) -> AuditNotes:
        """The paths, about the two ends."""
        return AuditNotes(len(self.paths), (self.start, self.goal), self.cut)


_PATH_FIELDS = ("as_of", "start", "goal", "ranking", "found", "explored", "steps", "cut", "more", "chance")


class ClusterOverview(ResponseModel):
    """A cluster in a list. Membership is not wrongdoing."""

    id: str
    name: str
    members: int
    sought: list[str] = Field(description="Names of those whom somebody looks for; their entries say who.")
    assets: int
    score: float = Field(description="How much it asks to be looked at first, 0 to 100; no measure of guilt.")
    signs: list[str] = Field(description="Names of the indicators it shows. A warning sign proves nothing.")

    @classmethod
    def of(cls, cluster: Cluster, nodes: Mapping[str, Node]) -> ClusterOverview:
        """The cluster as a line."""
        return cls(
            id=cluster.id,
            name=cluster.name,
            members=len(cluster.members),
            sought=[nodes[m.id].caption for m in cluster.with_role("sought") if m.id in nodes],
            assets=len(cluster.with_role("asset")),
            score=cluster.score.total if cluster.score else 0.0,
            signs=sorted({sign.indicator for sign in cluster.signs}),
        )


class ClustersAnswer(PagedAnswer):
    """Some clusters, the highest score first, and how they were found."""

    as_of: str
    parameters: dict[str, bool | int | float | str]
    total: int
    clusters: list[ClusterOverview]

    def notes(self) -> AuditNotes:
        """The clusters on the page."""
        return AuditNotes(len(self.clusters), tuple(cluster.id for cluster in self.clusters))


class ClusterAnswer(VersionedAnswer):
    """One cluster: who belongs to it in which role and because of which links, and what holds it together."""

    as_of: str
    parameters: dict[str, bool | int | float | str]
    cluster: Cluster
    indicators: list[Indicator] = Field(description="What its warning signs mean, and how common they are.")
    captions: dict[str, str]

    @classmethod
    def of(cls, found: Clusters, cluster: Cluster, nodes: Mapping[str, Node]) -> ClusterAnswer:
        """The cluster as an answer."""
        captions = {node.id: node.caption for node in nodes.values()}
        return cls(
            version=str(found.version),
            as_of=found.as_of,
            parameters=dict(found.parameters),
            cluster=cluster,
            indicators=[i for i in found.indicators if any(i.name == sign.indicator for sign in cluster.signs)],
            captions=captions,
        )

    def notes(self) -> AuditNotes:
        """The one cluster."""
        return AuditNotes(1, (self.cluster.id,))


class ExplanationAnswer(ClusterAnswer):
    """One cluster in full: what holds it together, ranked, where it reaches, what it is worth, and how firm it is.

    The score's terms, the warning signs and the bridges are those of `cluster`.
    """

    explanation: ClusterExplanation = Field(
        description="Ids throughout; `stability` is null where nobody asked for it."
    )

    @classmethod
    def full(
        cls, found: Clusters, cluster: Cluster, told: ClusterExplanation, nodes: Mapping[str, Node]
    ) -> ExplanationAnswer:
        """The cluster and what is told of it as an answer."""
        return cls(**dict(ClusterAnswer.of(found, cluster, nodes)), explanation=told)

    def notes(self) -> AuditNotes:
        """The one cluster, and whether there was time to try everything."""
        held = self.explanation.stability
        return AuditNotes(1, (self.cluster.id,), held.cut if held else "")


class OwnershipAnswer(VersionedAnswer):
    """Who owns something, or what somebody owns: shares are intervals of percentages, lowest and highest."""

    as_of: str
    about: str
    asked: dict[str, bool | int | float | str]
    holdings: list[Holding]
    more: bool = Field(description="Whether there are holdings that are not listed.")
    unaccounted: dict[str, Share] = Field(description="By interest, how much of the asset nobody is said to hold.")
    circles: list[CircularHolding] = Field(description="Parties that hold each other in a circle.")
    beyond: list[ShareExcess] = Field(description="Shares that come to more than the whole.")
    disputes: list[ShareDispute] = Field(description="Sources that say different shares for one holder of one thing.")
    captions: dict[str, str] = Field(description="The names of all nodes that are mentioned, by id.")
    links: dict[str, LinkOut] = Field(description="All links that are mentioned, by id.")

    @classmethod
    def of(cls, found: OwnershipResult) -> OwnershipAnswer:
        """The answer with names and links."""
        answer = found.answer
        return cls(
            version=str(answer.version),
            as_of=answer.as_of,
            about=answer.about,
            asked=dict(answer.asked),
            holdings=list(answer.holdings),
            more=answer.more,
            unaccounted=dict(answer.unaccounted),
            circles=list(answer.circles),
            beyond=list(answer.beyond),
            disputes=list(answer.disputes),
            captions={node.id: node.caption for node in found.nodes.values()},
            links={link.id: LinkOut.of(link) for link in found.links.values()},
        )

    def notes(self) -> AuditNotes:
        """The holdings, about what was asked about and everybody listed."""
        ends = (end for holding in self.holdings for end in (holding.holder, holding.held))
        return AuditNotes(len(self.holdings), tuple(dict.fromkeys((self.about, *ends))))


class OntologyAnswer(ResponseModel):
    """Every node type, link type and trait."""

    digest: str
    nodes: list[NodeType]
    links: list[LinkType]
    traits: dict[str, str] = Field(description="What each trait of link types says, by name.")


class ParameterOut(ResponseModel):
    """What a saved query has to be told."""

    name: str
    type: str = Field(
        description=f"One of {', '.join(PARAMETER_TYPES)}; a node by id, namespace:key or a name only one has."
    )
    meaning: str
    example: str | int | float | list[str] = Field(description="A value that has an answer in the demo set.")
    optional: bool = Field(description="Whether the example is what is taken when nobody says otherwise.")


class QueryOut(ResponseModel):
    """A question that somebody wrote down; its text is in the files of the software, and in no answer."""

    name: str = Field(description="topic/name")
    title: str
    answers: str
    limit: str = Field(description="What it leaves out, and when.")
    parameters: list[ParameterOut]

    @classmethod
    def of(cls, query: SavedQuery) -> QueryOut:
        """The query as an answer."""
        return cls.model_validate(query.to_json())


class QueriesAnswer(ResponseModel):
    """All saved queries."""

    runs_here: bool = Field(description="Whether the service has the Neo4j that they are asked of.")
    queries: list[QueryOut]


class QueryAnswer(ResponseModel):
    """One saved query."""

    runs_here: bool = Field(description="Whether the service has the Neo4j that it is asked of.")
    query: QueryOut


def _check_parameter_value(value: object, check: ValidatorFunctionWrapHandler) -> object:
    try:
        return check(value)
    except ValidationError:
        raise ValueError("expected a text, a number, or a list of at most 50 texts") from None


ParameterValue = Annotated[
    Annotated[str, Field(max_length=500)] | StrictInt | StrictFloat | Annotated[list[Name], Field(max_length=50)],
    WrapValidator(_check_parameter_value),
]
"""A value of a parameter; which of these it may be depends on the parameter's type."""


class QueryRequest(ResponseModel):
    """Values for the parameters of a saved query, and how much of an answer is wanted."""

    parameters: Annotated[dict[Name, ParameterValue], Field(max_length=20)] = Field(
        {}, description="By name: a number, a text, a list of texts; a date and a node are texts."
    )
    limit: int = Field(1_000, ge=1, le=10_000, description="Most rows.")
    seconds: Seconds = Field(10.0, description="The Neo4j ends the query after so long.")


class QueryResult(VersionedAnswer):
    """Columns and rows. Nodes, links and paths are the few facts by which people know them."""

    query: str
    columns: list[str]
    rows: list[list[Any]]
    more: bool = Field(description="Whether there are more rows than were asked for.")

    def notes(self) -> AuditNotes:
        """How many rows it has, and which nodes stand in them."""
        return AuditNotes(len(self.rows), tuple(dict.fromkeys(_node_ids_in(self.rows))))


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


class Liveness(ResponseModel):
    """The process answers."""

    status: str
    software: str


class RefreshErrorOut(ResponseModel):
    """Why something could not be renewed; what is older answers meanwhile."""

    reason: str
    since: datetime
    next_try: datetime

    @classmethod
    def of(cls, trouble: RefreshError) -> RefreshErrorOut:
        """The trouble as an answer."""
        return cls(reason=trouble.reason, since=trouble.since, next_try=trouble.next_try)


class RefreshOut(ResponseModel):
    """Which graph something was made from, and whether a newer one is on its way."""

    version: str | None = Field(description="The graph that it is of; null while there is none.")
    state: Literal["current", "refreshing", "failing"]
    trouble: RefreshErrorOut | None

    @classmethod
    def of(cls, made: GraphVersion | None, newest: GraphVersion | None, trouble: RefreshError | None) -> RefreshOut:
        """How the renewal of something goes."""
        current: Literal["current", "refreshing"] = "current" if made == newest else "refreshing"
        return cls(
            version=str(made) if made else None,
            state="failing" if trouble else current,
            trouble=RefreshErrorOut.of(trouble) if trouble else None,
        )


class Readiness(VersionedAnswer):
    """The store answers, and its graph is in memory."""

    status: str
    software: str
    ontology: str
    view: RefreshOut
    clusters: RefreshOut

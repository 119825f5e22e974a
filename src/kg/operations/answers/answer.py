"""What do all answers share, on the command line and over HTTP alike?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, Generic, NamedTuple, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from kg.findings.statements import unread_link_sentences
from kg.operations.question_result import QuestionResult
from kg.records import Claim, Link, Node

Finding = TypeVar("Finding")


class GivenEntry(NamedTuple):
    """An entry that was given as a match of a row."""

    id: str
    probability: float
    band: str


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """What the audit log and the counters need to know of an answer."""

    results: int = 1
    about: tuple[str, ...] = ()
    """Ids of what was asked about or, for a search, found."""
    cut: str = ""
    """Which budget ended the work early; empty when none did."""
    screened: Mapping[str, Sequence[GivenEntry]] = field(default_factory=dict)
    """Of a list, the entries that were given for each row, by the reference of the row."""


class AnswerPart(BaseModel):
    """One JSON object of an answer."""

    model_config = ConfigDict(
        extra="forbid",
        defer_build=True,  # of many answers, a command gives one
        serialize_by_alias=True,
        json_schema_serialization_defaults_required=True,  # every field is written out
    )


class UnreadValueOut(AnswerPart):
    """A value that could not be read, in the source's own words."""

    source: str
    name: str
    """What the source calls it."""
    property: str
    """The property that it would be a value of, or the link type that it would make; empty for none."""
    words: str


class EntityOut(AnswerPart):
    """A node, as all records about it say together."""

    id: str
    type: str
    types: list[str]
    """All types claimed, when sources contradict each other; else empty."""
    caption: str
    properties: dict[str, list[str]]
    """Several values where sources disagree or add to each other."""
    other: dict[str, list[str]]
    """Values the ontology has no property for."""
    not_understood: list[UnreadValueOut]
    """Values that could not be read."""
    sources: list[str]
    sought_under: list[str]
    """Links to the warrants, notices and list entries in force."""

    @classmethod
    def of(cls, node: Node) -> Self:
        """The node as part of an answer."""
        return cls.model_validate(node, from_attributes=True)


class ProvenanceOut(AnswerPart):
    """How a source stands behind what it says; empty where it does not say."""

    source: str
    origin: str = ""
    """What the claim goes back to; copies of one origin count once."""
    reliability: str = ""
    """Of the source, A to F; empty where nobody graded it."""
    credibility: str = ""
    """Of the information, 1 to 6; empty where nobody graded it."""
    handling: str = "open"
    stated: str = ""
    """When the source said it; a date, maybe partial."""
    url: str = ""
    page: str = ""
    """Where in the cited document the source says it."""
    datasets: list[str] = []


class ClaimOut(ProvenanceOut):
    """One record as the ledger keeps it: who says it, since when, and how they stand behind it."""

    namespace: str
    key: str
    part: str
    type: str
    since: str
    """Day of the load that first brought the record in this form."""
    referents: list[str]
    properties: dict[str, list[str]]
    other: dict[str, list[str]]
    not_understood: list[UnreadValueOut]
    """Values that could not be read."""
    remarks: list[str]
    """What was noted of values that were read and kept, such as check digits that do not fit."""

    @classmethod
    def of(cls, claim: Claim) -> Self:
        """The claim as part of an answer."""
        parts = asdict(claim) | {"not_understood": [value._asdict() for value in claim.not_understood]}
        return cls(**parts.pop("provenance"), **parts)


class LinkOut(AnswerPart):
    """A link between two nodes, as all records about it say together."""

    id: str
    type: str
    from_: str = Field(alias="from")
    """The node at its tail."""
    to: str
    properties: dict[str, list[str]]
    not_understood: list[UnreadValueOut]
    """Values that could not be read."""
    sources: list[str]
    said: list[ProvenanceOut]
    """Each source with how it stands behind the link."""
    holds: str = ""
    """Whether it held on the day asked for: yes, maybe, no or undated; else empty."""

    @classmethod
    def of(cls, link: Link, holds: str = "") -> Self:
        """The link as part of an answer."""
        said = [{"source": source, **asdict(provenance)} for source, provenance in link.provenances]
        ends = {"from": link.source_id, "to": link.target_id}
        same = {name: getattr(link, name) for name in ("id", "type", "properties", "sources")}
        unread = [value._asdict() for value in link.not_understood]
        return cls.model_validate({**same, **ends, "not_understood": unread, "said": said, "holds": holds})


class Answer(AnswerPart):
    """A whole answer: one JSON document."""

    def summary(self) -> AnswerSummary:
        """How many results it has, and about whom."""
        return AnswerSummary()

    def to_json_bytes(self) -> bytes:
        """The document as JSON, as the service sends it."""
        return self.model_dump_json(by_alias=True).encode()


class VersionedAnswer(Answer):
    """An answer of one graph version."""

    version: str
    """The graph that answered: its ledger, and how often it has changed."""


class PagedAnswer(VersionedAnswer):
    """A page of a list."""

    next: str | None
    """Send it as `cursor` with the same parameters to go on; null where there is no more."""


class FlatAnswer(Answer, Generic[Finding]):
    """What an analysis found, as a flat document: the other fields stand beside those of the finding."""

    finding: Finding

    @model_serializer(mode="wrap")
    def _flatten(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        document = serialize(self)
        return {**document.pop("finding", {}), **document}

    def to_json_bytes(self) -> bytes:
        """The document as JSON: the finding is written straight to text, without objects of Python in between."""
        kind: Any = type(self.finding)
        finding = _adapter(kind).dump_json(self.finding, by_alias=True)
        beside = self.model_dump_json(by_alias=True, exclude={"finding"}).encode()
        return finding[:-1] + b"," + beside[1:] if beside != b"{}" else finding

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        fields: Any = {name: part for name, part in schema.items() if name != "serialization"}
        own = handler.resolve_ref_schema(handler(fields))
        finding = handler.resolve_ref_schema(own["properties"].pop("finding"))
        own["properties"] = finding["properties"] | own["properties"]
        own["required"] = [*finding["required"], *(name for name in own["required"] if name != "finding")]
        return own


class FindingAnswer(FlatAnswer[Finding], Generic[Finding]):
    """What an analysis found, with the names and links that it mentions."""

    captions: dict[str, str]
    """The names of all nodes that are mentioned, by id."""
    links: dict[str, LinkOut]
    """All links that are mentioned, by id."""
    not_understood: list[str]
    """What sources say of these links that could not be read, and so does not count here: one sentence each."""

    @classmethod
    def of(cls, result: QuestionResult[Finding]) -> Self:
        """The answer for what was found."""
        links = {link.id: LinkOut.of(link) for link in result.links.values()}
        unread = list(unread_link_sentences(result.links.values(), result.nodes))
        captions = captions_of(result.nodes.values())
        return cls(finding=result.finding, captions=captions, links=links, not_understood=unread)


@cache
def _adapter(finding: type) -> TypeAdapter[Any]:
    return TypeAdapter(finding)


def link_claims_out(claims: Mapping[str, Sequence[Claim]]) -> dict[str, list[ClaimOut]]:
    """The claims of links as part of an answer."""
    return {link: [ClaimOut.of(claim) for claim in said] for link, said in claims.items()}


def captions_of(nodes: Iterable[Node]) -> dict[str, str]:
    """The names of nodes, by id."""
    return {node.id: node.caption for node in nodes}

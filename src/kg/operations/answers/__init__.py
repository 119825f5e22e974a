"""How is each use case answered: the JSON document that `--json` prints and the service sends?"""

from kg.operations.answers.answer import (
    Answer,
    AnswerPart,
    AnswerSummary,
    ClaimOut,
    EntityOut,
    FindingAnswer,
    FlatAnswer,
    LinkOut,
    PagedAnswer,
    ProvenanceOut,
    VersionedAnswer,
    captions_of,
    link_claims_out,
)
from kg.operations.answers.clusters import ClusterAnswer, ClusterOverview, ClustersAnswer, ExplanationAnswer
from kg.operations.answers.entities import (
    EntitiesAnswer,
    EntityAnswer,
    ExhibitOut,
    ExhibitsAnswer,
    JudgementOut,
    LinksAnswer,
)
from kg.operations.answers.findings import OwnershipAnswer, PathsAnswer
from kg.operations.answers.legal import GapsAnswer, PortfolioAnswer, RoutesAnswer
from kg.operations.answers.queries import ParameterOut, QueriesAnswer, QueryAnswer, QueryOut, QueryResult

__all__ = [
    "Answer",
    "AnswerPart",
    "AnswerSummary",
    "ClaimOut",
    "ClusterAnswer",
    "ClusterOverview",
    "ClustersAnswer",
    "EntitiesAnswer",
    "EntityAnswer",
    "EntityOut",
    "ExhibitOut",
    "ExhibitsAnswer",
    "ExplanationAnswer",
    "FindingAnswer",
    "FlatAnswer",
    "GapsAnswer",
    "JudgementOut",
    "LinkOut",
    "LinksAnswer",
    "OwnershipAnswer",
    "PagedAnswer",
    "ParameterOut",
    "PathsAnswer",
    "PortfolioAnswer",
    "ProvenanceOut",
    "QueriesAnswer",
    "QueryAnswer",
    "QueryOut",
    "QueryResult",
    "RoutesAnswer",
    "VersionedAnswer",
    "captions_of",
    "link_claims_out",
]

"""How is each use case answered: the JSON document that `--json` prints and the service sends?"""

from typing import TYPE_CHECKING

from kg import lazy_names

if TYPE_CHECKING:
    from kg.operations.answers.answer import (
        Answer,
        AnswerPart,
        AnswerSummary,
        ClaimOut,
        EntityOut,
        FindingAnswer,
        FlatAnswer,
        GivenEntry,
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
        FuzzyEntitiesAnswer,
        JudgementOut,
        LinksAnswer,
        SuggestionOut,
        WrittenSoOut,
    )
    from kg.operations.answers.findings import OwnershipAnswer, PathsAnswer
    from kg.operations.answers.legal import GapsAnswer, PortfolioAnswer, RoutesAnswer
    from kg.operations.answers.matching import (
        ComparisonAnswer,
        NameComparisonsAnswer,
        ScreeningAnswer,
    )
    from kg.operations.answers.queries import ParameterOut, QueriesAnswer, QueryAnswer, QueryOut, QueryResult
    from kg.operations.answers.subgraphs import (
        GoneNodes,
        LinkCountOut,
        LinkSummary,
        NeighbourhoodsAnswer,
        NodeNeighbourhood,
        NodeSummary,
        PeriodOut,
        SubgraphAnswer,
    )

__all__ = [
    "Answer",
    "AnswerPart",
    "AnswerSummary",
    "ClaimOut",
    "ClusterAnswer",
    "ClusterOverview",
    "ClustersAnswer",
    "ComparisonAnswer",
    "EntitiesAnswer",
    "EntityAnswer",
    "EntityOut",
    "ExhibitOut",
    "ExhibitsAnswer",
    "ExplanationAnswer",
    "FindingAnswer",
    "FlatAnswer",
    "FuzzyEntitiesAnswer",
    "GapsAnswer",
    "GivenEntry",
    "GoneNodes",
    "JudgementOut",
    "LinkCountOut",
    "LinkOut",
    "LinkSummary",
    "LinksAnswer",
    "NameComparisonsAnswer",
    "NeighbourhoodsAnswer",
    "NodeNeighbourhood",
    "NodeSummary",
    "OwnershipAnswer",
    "PagedAnswer",
    "ParameterOut",
    "PathsAnswer",
    "PeriodOut",
    "PortfolioAnswer",
    "ProvenanceOut",
    "QueriesAnswer",
    "QueryAnswer",
    "QueryOut",
    "QueryResult",
    "RoutesAnswer",
    "ScreeningAnswer",
    "SubgraphAnswer",
    "SuggestionOut",
    "VersionedAnswer",
    "WrittenSoOut",
    "captions_of",
    "link_claims_out",
]

__getattr__ = lazy_names(
    __name__,
    {
        "kg.operations.answers.answer": (
            "Answer",
            "AnswerPart",
            "AnswerSummary",
            "ClaimOut",
            "EntityOut",
            "FindingAnswer",
            "FlatAnswer",
            "GivenEntry",
            "LinkOut",
            "PagedAnswer",
            "ProvenanceOut",
            "VersionedAnswer",
            "captions_of",
            "link_claims_out",
        ),
        "kg.operations.answers.clusters": (
            "ClusterAnswer",
            "ClusterOverview",
            "ClustersAnswer",
            "ExplanationAnswer",
        ),
        "kg.operations.answers.entities": (
            "EntitiesAnswer",
            "EntityAnswer",
            "ExhibitOut",
            "ExhibitsAnswer",
            "FuzzyEntitiesAnswer",
            "JudgementOut",
            "LinksAnswer",
            "SuggestionOut",
            "WrittenSoOut",
        ),
        "kg.operations.answers.findings": (
            "OwnershipAnswer",
            "PathsAnswer",
        ),
        "kg.operations.answers.legal": (
            "GapsAnswer",
            "PortfolioAnswer",
            "RoutesAnswer",
        ),
        "kg.operations.answers.matching": (
            "ComparisonAnswer",
            "NameComparisonsAnswer",
            "ScreeningAnswer",
        ),
        "kg.operations.answers.queries": (
            "ParameterOut",
            "QueriesAnswer",
            "QueryAnswer",
            "QueryOut",
            "QueryResult",
        ),
        "kg.operations.answers.subgraphs": (
            "GoneNodes",
            "LinkCountOut",
            "LinkSummary",
            "NeighbourhoodsAnswer",
            "NodeNeighbourhood",
            "NodeSummary",
            "PeriodOut",
            "SubgraphAnswer",
        ),
    },
)

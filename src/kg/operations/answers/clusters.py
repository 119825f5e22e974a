"""How are clusters answered?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

from kg.findings import Cluster, ClusterExplanation, Clusters, Indicator
from kg.operations.answers.answer import AnswerPart, AnswerSummary, PagedAnswer, VersionedAnswer
from kg.operations.answers.subgraphs import LinkSummary, NodeSummary
from kg.records import Node


class ClusterOverview(AnswerPart):
    """A cluster in a list. Membership is not wrongdoing."""

    id: str
    name: str
    members: int
    sought: list[str]
    """Names of those whom somebody looks for; their entries say who."""
    assets: int
    score: float
    """How much it asks to be looked at first, 0 to 100; no measure of guilt."""
    signs: list[str]
    """Names of the indicators it shows. A warning sign proves nothing."""

    @classmethod
    def of(cls, cluster: Cluster, nodes: Mapping[str, Node]) -> Self:
        """The cluster as an entry of a list."""
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
    """A page of clusters, the highest score first, and how they were found."""

    as_of: str
    parameters: dict[str, bool | int | float | str]
    total: int
    """Clusters on all pages."""
    clusters: list[ClusterOverview]

    def summary(self) -> AnswerSummary:
        """The clusters on the page."""
        return AnswerSummary(len(self.clusters), tuple(cluster.id for cluster in self.clusters))


class ClusterAnswer(VersionedAnswer):
    """One cluster: who belongs to it in which role and because of which links, and what holds it together."""

    as_of: str
    parameters: dict[str, bool | int | float | str]
    cluster: Cluster
    indicators: list[Indicator]
    """What its warning signs mean, and how common they are."""
    captions: dict[str, str]
    """The names of all nodes that are mentioned, by id."""
    nodes: dict[str, NodeSummary]
    """The same nodes in short, by id."""
    links: list[LinkSummary]
    """The links of its ties, with their sources, in the order of their ids."""

    @classmethod
    def of(
        cls, clusters: Clusters, cluster: Cluster, nodes: Mapping[str, NodeSummary], links: Sequence[LinkSummary]
    ) -> ClusterAnswer:
        """The answer for one of the clusters."""
        shown = {sign.indicator for sign in cluster.signs}
        return ClusterAnswer(
            version=str(clusters.version),
            as_of=clusters.as_of,
            parameters=dict(clusters.parameters),
            cluster=cluster,
            indicators=[indicator for indicator in clusters.indicators if indicator.name in shown],
            captions={name: node.caption for name, node in nodes.items()},
            nodes=dict(nodes),
            links=list(links),
        )

    def summary(self) -> AnswerSummary:
        """The one cluster."""
        return AnswerSummary(1, (self.cluster.id,))


class ExplanationAnswer(ClusterAnswer):
    """One cluster in full: what holds it together, ranked, where it reaches, what it is worth, and how firm it is.

    The score's terms, the warning signs and the bridges are those of `cluster`.
    """

    explanation: ClusterExplanation
    """Ids throughout; `stability` is null where nobody asked for it."""

    @classmethod
    def explaining(cls, answer: ClusterAnswer, explanation: ClusterExplanation) -> Self:
        """The answer for one of the clusters and its explanation."""
        return cls(**dict(answer), explanation=explanation)

    def summary(self) -> AnswerSummary:
        """The one cluster, and whether there was time for every trial."""
        stability = self.explanation.stability
        return AnswerSummary(1, (self.cluster.id,), stability.cut if stability else "")

"""How are parts of the graph answered that somebody draws: nodes and links in short?"""

from __future__ import annotations

from pydantic import Field

from kg.findings import RankedPath, SharedNode
from kg.operations.answers.answer import AnswerPart, AnswerSummary, ClaimOut, LinkOut, VersionedAnswer


class NodeSummary(AnswerPart):
    """A node in short: what a picture or a list of many needs of it."""

    id: str
    type: str
    caption: str
    sought: bool
    """Whether somebody looks for it under a paper in force, on the day asked for if there is one."""
    cleared: bool
    """Whether a source says that it is cleared of an accusation, with a day by that day; others may say otherwise."""
    accused: str
    """convicted, charged, investigated or alleged: the furthest that a source states of any accusation, with a day by
    that day; empty where none is but cleared."""
    ended: str
    """The last day, may be partial, on which a source says that a paper ended; empty for other nodes."""
    degree: int
    """Its links of any day."""
    assets: int
    """Its links of any day to assets."""
    is_asset: bool
    """Whether it is an asset and no party: an enterprise can be owned, and owns."""
    jurisdictions: list[str]
    """Codes of those of which it is a citizen, or where it is registered or lies; of a jurisdiction, its own."""
    handling: str
    """The strictest handling code of what is said of it: open, restricted or protected."""


class PeriodOut(AnswerPart):
    """From when to when a link held, as one source dates it; dates may be partial."""

    from_: str = Field(alias="from")
    """Empty where the source does not say."""
    to: str
    """Empty where the source does not say; of an event, which happens and stays true, the same as `from`."""
    source: str


class StageOut(AnswerPart):
    """How far the proceedings of an accusation have gone, by one word."""

    stage: str
    """alleged, investigated, charged, convicted or cleared; empty where who accuses names none."""
    by: list[str]
    """Who says so, as a source names them; else the source."""


class LinkSummary(AnswerPart):
    """A link in short."""

    id: str
    type: str
    from_: str = Field(alias="from")
    """The node at its tail."""
    to: str
    label: str
    """What it says besides its dates, in words, such as `owns, 51 %`."""
    relation: str
    """Which end is what of the other, as stated, where `label` reads alike both ways; else empty."""
    event: bool
    """Whether it happened on a day and stays true, as a payment does."""
    suspected: bool
    """Whether all who say so only suspect it."""
    stages: list[StageOut]
    """Of an accusation that goes through stages: each that a source states; else none."""
    periods: list[PeriodOut]
    """One for each source that dates it."""
    grade: str
    """Of the best source: its reliability, A to F, and the credibility of what it says, 1 to 6; empty if not graded."""
    sources: list[str]
    """None where the graph derives the link and no source states it."""
    contradictions: list[str]
    """What is said of it and cannot all be true: one sentence each."""
    handling: str
    """The strictest handling code of what is said of it: open, restricted or protected."""
    holds: str
    """Whether it held on the day asked for: yes, maybe, no or undated; empty without a day."""


class LinkCountOut(AnswerPart):
    """How many links of one type a node has that lead one way to nodes of one type."""

    type: str
    direction: str
    """`out` if they leave the node, `in` if they reach it."""
    other: str
    """The type of the nodes at their other ends."""
    links: int
    drawn: int
    """Those that lead to nodes that are drawn: nodes asked about, found now, or drawn before."""
    left_out: int
    """The others."""


class NodeNeighbourhood(AnswerPart):
    """All links of one node in figures."""

    node: str
    asked: str
    """As the request names it."""
    total: int
    """Its links, on the day asked for if there is one."""
    counts: list[LinkCountOut]


class GoneNodes(AnswerPart):
    """What a request names that is no more."""

    count: int
    nodes: list[str]
    """As the request names them."""


class SubgraphAnswer(VersionedAnswer):
    """Some nodes, and links between them."""

    as_of: str
    """The day asked for; empty for none."""
    day: str
    """That day, or else that of the graph: by it somebody is sought, and something has ended or not."""
    nodes: dict[str, NodeSummary]
    """By id."""
    links: list[LinkSummary]
    """In the order of their ids."""
    links_left_out: int
    """Links that would be here too, beyond the most that an answer has."""
    moved: dict[str, str]
    """Ids of nodes that the request names otherwise: by a former id, a key or a name."""
    gone: GoneNodes
    outdated_suggestions: int
    """Suggestions that one of the nodes and another may be one that are told no longer, as what they were made from
    has changed; 0 where the graph is in Neo4j."""

    def summary(self) -> AnswerSummary:
        """Everybody who is given."""
        return AnswerSummary(len(self.nodes), tuple(self.nodes))


class NeighbourhoodsAnswer(SubgraphAnswer):
    """Nodes with the neighbours that matter most, and how many links they have of which kind.

    `nodes` are those asked about and those found, not those that were drawn before; `links` have an end among them.
    """

    neighbourhoods: list[NodeNeighbourhood]
    """In the order of the request."""


class LinkValue(AnswerPart):
    """A value of a property, and who states it."""

    property: str
    value: str
    sources: list[str]


class LinkAnswer(VersionedAnswer):
    """A link with everything that is said about it."""

    link: LinkOut
    in_short: LinkSummary
    """The same in short, with what is said of it and cannot all be true."""
    nodes: dict[str, NodeSummary]
    """Its ends, by id."""
    claims: list[ClaimOut]
    """By source and key; none where the graph derives the link and no source states it."""
    values: list[LinkValue]
    """Who states which value, property by property."""

    def summary(self) -> AnswerSummary:
        """The one link, about its ends."""
        return AnswerSummary(1, (self.link.from_, self.link.to))


class ConnectingPathOut(AnswerPart):
    """A path between two of the nodes that were asked about, over none of the others."""

    from_: str = Field(alias="from")
    to: str
    joins: bool
    """Whether it is the first, from the most credible on, that joins what was not connected before."""
    path: RankedPath


class ConnectionsAnswer(VersionedAnswer):
    """How several nodes are connected: the most credible paths between each two of them, and who stands between."""

    as_of: str
    """The day on which every link may hold; empty for none."""
    asked: list[str]
    """Ids, in the order of the question."""
    depth: int
    """Most links on a path."""
    paths: list[ConnectingPathOut]
    """The most credible first."""
    shared: list[SharedNode]
    """Those with the most ends first."""
    unconnected: list[tuple[str, str]]
    """Pairs that no path within the depth connects, not even through others; only those whose search was complete."""
    pairs: int
    """Pairs that were looked at; fewer than all if the time ran out."""
    more: bool
    """Whether there may be more paths than those listed."""
    cut: str
    """Which budget ended a search early: `nodes`, `steps` or `time`; empty if none did. Then paths may be missing."""
    nodes: dict[str, NodeSummary]
    """All nodes that are mentioned, by id."""
    links: list[LinkSummary]
    """All links of the hops, in the order of their ids."""

    def summary(self) -> AnswerSummary:
        """The paths, about everybody on them."""
        return AnswerSummary(len(self.paths), tuple(self.nodes), self.cut)


class TimelineEntry(AnswerPart):
    """Something dated that one source says of a node, of a link at it, or of a paper about it such as a warrant."""

    from_: str = Field(alias="from")
    """May be partial; empty where only the end is known."""
    to: str
    """Empty where no end is known; of what happened on a day, the same as `from`."""
    event: bool
    """Whether it happened on a day: a date of the node itself, or a link such as a payment."""
    node: str
    """One of the nodes asked about."""
    other: str
    """The node at the other end of the link, such as the paper; empty where it is about the node itself."""
    link: str
    """The link, also the one to a paper; empty where it is about the node itself."""
    about: str
    """What has the date: the id of the link, of the node or of the paper."""
    type: str
    """Of what has the date."""
    property: str
    """The property of the node or paper, such as `birth_date`; empty where it is about the link."""
    what: str
    """In words, such as `birth date` or `owns, 51 %`."""
    source: str
    grade: str
    """Reliability of the source, A to F, and credibility of what it says, 1 to 6; empty if not graded."""
    handling: str
    """open, restricted or protected"""


class TimelineAnswer(VersionedAnswer):
    """What is dated about some nodes, the oldest first."""

    as_of: str
    """The day asked for, by which everything here had begun; empty for none."""
    nodes: dict[str, NodeSummary]
    """Those asked about and those at the other ends, by id."""
    moved: dict[str, str]
    """Ids of nodes that the request names otherwise: by a former id, a key or a name."""
    entries: list[TimelineEntry]
    undated: int
    """Links of the nodes that no source dates."""
    left_out: int
    """Dated links, and statements about them and the nodes, beyond `limit`."""

    def summary(self) -> AnswerSummary:
        """The entries, about everybody in them."""
        return AnswerSummary(len(self.entries), tuple(self.nodes))

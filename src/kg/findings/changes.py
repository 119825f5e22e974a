"""What became of each cluster, and of the records, from one run to another?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.findings.counts import plural
from kg.records import Judgement, Values

CHANGE_KINDS = ("born", "merged", "split", "grown", "shrunk", "gone", "unchanged")
"""What can become of a cluster, in the order in which it is told.

A cluster is `grown` if more members came than left, or as many; `shrunk` if more left; `unchanged` if the members are
the same. `merged`: most of two or more clusters is in one now. `split`: most of one cluster's members are in two or
more.
"""


INDIRECT = "elsewhere"
"""Records did it, and none of them is about the cluster's own members and ties."""

CAUSE_LABELS = {
    "records": "records about it",
    INDIRECT: "records about what it is tied to, or judgements on identity",
    "time": "time: what is over by another day weighs otherwise",
    "method": "the method",
}
"""The causes in words.

`records`: what sources say, of the cluster or of what it is tied to. `time`: another day is now; what is over by then
weighs less, and less with every year. `method`: the parameters are others.
"""


@dataclass(frozen=True, slots=True)
class CausingRecord:
    """One record that came, went, or says something else, and the node or link that it is about."""

    about: str
    how: str
    """`came`, `went` or `changed`."""
    source: str
    namespace: str
    key: str
    day: str
    """Day of the load that did it."""


@dataclass(frozen=True, slots=True)
class PreviousCluster:
    """One cluster before, and how many of its members are in the cluster now that is told of."""

    id: str
    name: str
    members: int
    here: int


@dataclass(frozen=True, slots=True)
class MemberFlow:
    """Members that came from one cluster before, or went to one now; id and name are empty where it is none."""

    id: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClusterChange:
    """What became of one cluster. `before` and `after` are the ids of the clusters it was and is.

    The members of `was`, and those that came, less those that left, are the members now.
    """

    kind: str
    """One of CHANGE_KINDS."""
    name: str
    """Its name now; its name before if it is gone."""
    before: tuple[str, ...]
    after: tuple[str, ...]
    came: tuple[str, ...] = ()
    """Members it has and did not have."""
    left: tuple[str, ...] = ()
    roles: tuple[tuple[str, str, str], ...] = ()
    """Members whose role is another one: id, role before, role now."""
    ties_came: tuple[str, ...] = ()
    ties_left: tuple[str, ...] = ()
    ties_weigh: tuple[tuple[str, float, float], ...] = ()
    """Ties that weigh more or less: id, weight before, weight now."""
    score: tuple[float, float] = (0.0, 0.0)
    """Before and now; of the largest of several."""
    signs_came: tuple[str, ...] = ()
    """Names of indicators that it shows and did not show."""
    signs_left: tuple[str, ...] = ()
    records: tuple[CausingRecord, ...] = ()
    """The records that did it: behind members and ties that came, left or weigh otherwise."""
    causes: tuple[str, ...] = ()
    """Why the members are others: `records`, `time`, `method`; empty where they are the same, or nobody looked."""
    members: int = 0
    """How many there are now."""
    was: tuple[PreviousCluster, ...] = ()
    """The clusters that it was, in the order of `before`."""
    came_from: tuple[MemberFlow, ...] = ()
    """Those that came, by the cluster that they were in before; those that were in none come last."""
    went_to: tuple[MemberFlow, ...] = ()
    """Those that left, by the cluster that they are in now; those that are in none come last."""

    @property
    def id(self) -> str:
        """The id it goes by: that of now, or the last one it had."""
        return (self.after or self.before)[0]

    @property
    def cause_names(self) -> tuple[str, ...]:
        """The causes, by the names of CAUSE_LABELS."""
        return tuple(INDIRECT if cause == "records" and not self.records else cause for cause in self.causes)

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to tell: its members, roles, ties or signs are others."""
        more = (self.roles, self.ties_came, self.ties_left, self.signs_came, self.signs_left)
        return self.kind != "unchanged" or any(more)


@dataclass(frozen=True, slots=True)
class ClusterChanges:
    """What became of all clusters from one run to another."""

    version_before: str
    version: str
    as_of_before: str
    as_of: str
    method: tuple[tuple[str, str, str], ...]
    """Parameters that differ: name, value before, value now. Empty if only data and days differ."""
    changes: tuple[ClusterChange, ...]
    """By kind, then as the clusters come; those that are gone by id."""
    clusters: tuple[int, int] = (0, 0)
    """How many there were, and are."""

    def of_kind(self, *kinds: str) -> tuple[ClusterChange, ...]:
        """The changes of some kinds."""
        return tuple(c for c in self.changes if c.kind in kinds)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many clusters became what."""
        return {kind: len(self.of_kind(kind)) for kind in CHANGE_KINDS}

    @property
    def counts_text(self) -> str:
        """`1 born, 2 grown, 162 unchanged; 1 gone`: those of now, which are all there are, apart from those gone."""
        counts = {kind: count for kind, count in self.counts.items() if count}
        gone = counts.pop("gone", 0)
        here = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
        return "; ".join(part for part in (here, f"{gone:,} gone" if gone else "") if part)

    @property
    def summary(self) -> str:
        """`165 clusters before, 165 now: 1 born, 2 grown, 162 unchanged; 1 gone`."""
        became = self.counts_text
        then, now = self.clusters
        return f"{plural(then, 'clusters')} before, {now:,} now{f': {became}' if became else ''}"


@dataclass(frozen=True, slots=True)
class LedgerPosition:
    """How far a ledger has come: its newest load and judgement, and which judgements are undone or wait."""

    load: int = 0
    judgement: int = 0
    undone: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    """Judgements that have no effect until a second person confirms them."""
    resting: tuple[int, ...] | None = None
    """Judgements without effect, as records of their ends are gone or say otherwise; None if nobody looked."""


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that came, went, or says something else than before. Nothing protected."""

    how: str
    """`came`, `changed` or `went`."""
    source: str
    namespace: str
    key: str
    part: str
    type: str
    day: str
    """Day of the load that did it."""
    about: str
    """Id of the node or link that it is about."""
    ends: tuple[str, str] | None
    """Ids of the nodes at a link's ends."""
    before: Values = field(default_factory=dict)
    """The properties that it stated; empty if it came."""
    after: Values = field(default_factory=dict)
    unmapped_before: Values = field(default_factory=dict)
    """Values without a property, and those that were not understood, under the source's own names."""
    unmapped_after: Values = field(default_factory=dict)
    provenance_before: Values = field(default_factory=dict)
    """Grades, origin, stated date, address and other keys."""
    provenance_after: Values = field(default_factory=dict)
    type_before: str = ""
    """The type that it had; empty if it is the same."""
    ends_before: tuple[str, str] | None = None
    """The ends that it had; None if they are the same."""
    end_keys: Mapping[str, str] = field(default_factory=dict)
    """By the id of an end, `namespace:key` as the record names it."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes that it is about: the node itself, or the ends of the link, now and before."""
        ends = (*(self.ends or ()), *(self.ends_before or ()))
        return tuple(dict.fromkeys(ends)) or (self.about,)


@dataclass(frozen=True, slots=True)
class LedgerChanges:
    """What is different from an earlier moment."""

    counts: Mapping[str, tuple[int, int, int]]
    """By source, how many records came, changed and went."""
    records: tuple[RecordChange, ...]
    """Those that are about the nodes asked for, by source, key and part."""
    judged: tuple[Judgement, ...]
    """Judgements made or confirmed since, in the order of their numbers."""
    undone: tuple[Judgement, ...]
    """Judgements taken back since."""
    withdrawn: tuple[str, ...]
    """Sources of which no record is in force any more."""
    resting: tuple[Judgement, ...] = ()
    """Judgements that had an effect and have none any more, though nobody took them back."""
    dated: frozenset[str] = frozenset()
    """The nodes that may name a day between then and now."""

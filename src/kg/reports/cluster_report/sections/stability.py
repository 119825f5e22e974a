"""How robust is a cluster, and who drops out if a claim or a source is withdrawn?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.findings import Cluster, Stability
from kg.reports.context import ReportContext
from kg.reports.entries import LinkStatement
from kg.reports.evidence import link_evidence
from kg.reports.terms import link_sentence

MAX_NAMES = 8
"""Names listed of the members that drop out or leave; the number of the others is given."""

CARRIED_BELOW = 0.5
"""A source carries a cluster of which a smaller share is kept without it."""


@dataclass(frozen=True, slots=True)
class Bridge(LinkStatement):
    """A link without which the cluster splits in two, and who drops out then."""

    falls_off: tuple[str, ...] = ()
    falls_off_left_out: int = 0


@dataclass(frozen=True, slots=True)
class StabilityTrialEntry:
    """One re-run with other weights or sources that changes the cluster."""

    what: str
    kept: str
    """The share of members that both have in common."""
    leave: tuple[str, ...]
    leave_left_out: int
    come: int
    """How many others join."""


@dataclass(frozen=True, slots=True)
class ClusterStabilityEntry:
    """How robust a cluster is in all re-runs but those without a source that carries it."""

    tried: int
    stay: int
    """Members that stay together in every such re-run."""
    members: int
    least_kept: str
    changes: tuple[StabilityTrialEntry, ...]
    """The re-runs that change it, the largest change first; those without a source that carries it too."""
    carried_by: tuple[str, ...] = ()
    """Sources without which less than half of it is kept."""


def bridges(
    context: ReportContext, cluster: Cluster, falls_off: Mapping[str, Sequence[str]], most: int
) -> tuple[Bridge, ...]:
    """The first `most` links without which the cluster splits: those without which most members drop out."""
    found = []
    for link in (context.links[i] for i in select_bridges(cluster, falls_off, most) if i in context.links):
        cut_off = _limited_names(context, falls_off.get(link.id, ()))
        found.append(Bridge(link.id, link_sentence(context, link), link_evidence(context, link), "", *cut_off))
    return tuple(found)


def select_bridges(cluster: Cluster, falls_off: Mapping[str, Sequence[str]], most: int) -> list[str]:
    """The ids of the links that `bridges` lists."""
    return sorted(cluster.bridges, key=lambda i: -len(falls_off.get(i, ())))[:most]


def cluster_stability(
    context: ReportContext, cluster: Cluster, stability: Stability | None
) -> ClusterStabilityEntry | None:
    """The re-runs of a cluster; None if there were none."""
    if stability is None:
        return None
    trials = ((shift, _limited_names(context, shift.left)) for shift in stability.shifts)
    carrying = [s for s in stability.shifts if s.source and s.kept < CARRIED_BELOW]
    others = [shift for shift in stability.shifts if shift not in carrying]
    leaving = {member for shift in others for member in shift.left}
    return ClusterStabilityEntry(
        tried=stability.tried - len(carrying),
        stay=sum(member.id not in leaving for member in cluster.members),
        members=len(cluster.members),
        least_kept=f"{min((shift.kept for shift in others), default=1.0):.0%}",
        carried_by=tuple(sorted(shift.source for shift in carrying)),
        changes=tuple(StabilityTrialEntry(s.what, f"{s.kept:.0%}", *leave, len(s.came)) for s, leave in trials),
    )


def _limited_names(context: ReportContext, ids: Iterable[str]) -> tuple[tuple[str, ...], int]:
    names = [context.display_name(node) for node in ids if node in context.nodes]
    return tuple(names[:MAX_NAMES]), max(0, len(names) - MAX_NAMES)

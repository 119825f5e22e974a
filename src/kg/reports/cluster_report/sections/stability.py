"""How robust is a cluster, and who drops out if a claim or a source is withdrawn?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.findings import Cluster, Stability, StabilityTrial
from kg.reports.context import ReportContext
from kg.reports.entries import LinkStatement
from kg.reports.evidence import link_statement

MAX_NAMES = 8
"""Names listed of the members that drop out or leave; the number of the others is given."""


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
    """How robust a cluster is in all re-runs."""

    tried: int
    stay: int
    """Members that stay together in every re-run."""
    members: int
    least_kept: str
    changes: tuple[StabilityTrialEntry, ...]
    """The re-runs that change it, the largest change first."""


def bridges(
    context: ReportContext, cluster: Cluster, falls_off: Mapping[str, Sequence[str]], most: int
) -> tuple[Bridge, ...]:
    """The first `most` links without which the cluster splits: those without which most members drop out."""
    order = select_bridges(cluster, falls_off, most)
    return tuple(_bridge(context, link, falls_off.get(link, ())) for link in order if link in context.links)


def select_bridges(cluster: Cluster, falls_off: Mapping[str, Sequence[str]], most: int) -> list[str]:
    """The ids of the links that `bridges` lists."""
    return sorted(cluster.bridges, key=lambda i: -len(falls_off.get(i, ())))[:most]


def cluster_stability(
    context: ReportContext, cluster: Cluster, stability: Stability | None
) -> ClusterStabilityEntry | None:
    """The re-runs of a cluster; None if there were none."""
    if stability is None:
        return None
    return ClusterStabilityEntry(
        tried=stability.tried,
        stay=len(stability.core),
        members=len(cluster.members),
        least_kept=f"{stability.least_kept:.0%}",
        changes=tuple(_trial(context, shift) for shift in stability.shifts),
    )


def _bridge(context: ReportContext, link: str, cut_off: Sequence[str]) -> Bridge:
    shown = link_statement(context, context.links[link])
    return Bridge(shown.id, shown.text, shown.evidence, shown.weight, *_limited_names(context, cut_off))


def _trial(context: ReportContext, shift: StabilityTrial) -> StabilityTrialEntry:
    leave, more = _limited_names(context, shift.left)
    return StabilityTrialEntry(shift.what, f"{shift.kept:.0%}", leave, more, len(shift.came))


def _limited_names(context: ReportContext, ids: Iterable[str]) -> tuple[tuple[str, ...], int]:
    names = [context.display_name(node) for node in ids if node in context.nodes]
    return tuple(names[:MAX_NAMES]), max(0, len(names) - MAX_NAMES)

"""Which red flags does a cluster show, how common are they, and what are innocent explanations?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.findings import Cluster, Indicator, RedFlag
from kg.reports.context import ReportContext
from kg.reports.entries import LinkStatement
from kg.reports.evidence import link_statement

MAX_LINKS = 8
"""Links listed for each finding; the number of the others is given."""

MAX_NAMES = 8
"""Names listed for each finding."""


@dataclass(frozen=True, slots=True)
class RedFlagInstance:
    """One finding: what was found, about whom, and the links behind it."""

    says: str
    about: tuple[str, ...]
    about_left_out: int
    because: tuple[LinkStatement, ...]
    because_left_out: int


@dataclass(frozen=True, slots=True)
class RedFlagEntry:
    """One indicator that was found in a cluster: a reason to look, which proves nothing."""

    indicator: str
    title: str
    asks: str
    """Its definition."""
    base_rate: str
    innocent: tuple[str, ...]
    basis: str
    seen: tuple[RedFlagInstance, ...]


@dataclass(frozen=True, slots=True)
class IndicatorSummary:
    """One indicator that was checked, whether it was found or not."""

    name: str
    title: str
    asks: str
    base_rate: str
    innocent: tuple[str, ...]
    basis: str
    clusters: int
    of: int


def red_flags(
    context: ReportContext, cluster: Cluster, indicators: Mapping[str, Indicator]
) -> tuple[RedFlagEntry, ...]:
    """The red flags of a cluster by indicator, without those that name what may not be shown."""
    instances: dict[str, list[RedFlagInstance]] = {}
    for sign in cluster.signs:
        if all(node in context.nodes for node in sign.about) and all(link in context.links for link in sign.because):
            instances.setdefault(sign.indicator, []).append(_instance(context, sign))
    entries = []
    for name, found in sorted(instances.items()):
        one = indicators[name]
        entries.append(RedFlagEntry(name, one.title, one.asks, one.base_rate, one.innocent, one.basis, tuple(found)))
    return tuple(entries)


def _instance(context: ReportContext, sign: RedFlag) -> RedFlagInstance:
    return RedFlagInstance(
        says=sign.says,
        about=tuple(context.display_name(node) for node in sign.about[:MAX_NAMES]),
        about_left_out=max(0, len(sign.about) - MAX_NAMES),
        because=tuple(link_statement(context, context.links[link]) for link in sign.because[:MAX_LINKS]),
        because_left_out=max(0, len(sign.because) - MAX_LINKS),
    )

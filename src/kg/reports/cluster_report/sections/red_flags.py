"""Which warning signs does a cluster show, how common are they, and what else may they mean?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.findings import Cluster, Indicator, Sign
from kg.reports.context import Surroundings
from kg.reports.entries import Statement
from kg.reports.evidence import statement

RESTS_ON = 8
"""Links told of each sign; how many more there are is said."""

NAMED = 8
"""Names told of each sign."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One sign: what was found, about whom, and the links that it rests on."""

    says: str
    about: tuple[str, ...]
    about_left_out: int
    because: tuple[Statement, ...]
    because_left_out: int


@dataclass(frozen=True, slots=True)
class WarningSign:
    """One indicator that a cluster shows: a reason to look, which proves nothing."""

    indicator: str
    title: str
    asks: str
    """What is looked for."""
    base_rate: str
    innocent: tuple[str, ...]
    basis: str
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator, whether any cluster described shows it or not."""

    name: str
    title: str
    asks: str
    base_rate: str
    innocent: tuple[str, ...]
    basis: str
    clusters: int
    of: int


def signs(around: Surroundings, cluster: Cluster, indicators: Mapping[str, Indicator]) -> tuple[WarningSign, ...]:
    """The signs of a cluster under their indicators. One that names what is not to be seen is not told."""
    found: dict[str, list[Seen]] = {}
    for sign in cluster.signs:
        if all(node in around.nodes for node in sign.about) and all(link in around.links for link in sign.because):
            found.setdefault(sign.indicator, []).append(_seen(around, sign))
    return tuple(_warning(indicators[name], tuple(some)) for name, some in sorted(found.items()))


def indicator_line(one: Indicator) -> IndicatorLine:
    """An indicator for the list of all."""
    return IndicatorLine(one.name, one.title, one.asks, one.base_rate, one.innocent, one.basis, one.clusters, one.of)


def resting_on(cluster: Cluster) -> set[str]:
    """The links that the signs of a cluster rest on."""
    return {link for sign in cluster.signs for link in sign.because}


def _seen(around: Surroundings, sign: Sign) -> Seen:
    return Seen(
        says=sign.says,
        about=tuple(around.called(node) for node in sign.about[:NAMED]),
        about_left_out=max(0, len(sign.about) - NAMED),
        because=tuple(statement(around, around.links[link]) for link in sign.because[:RESTS_ON]),
        because_left_out=max(0, len(sign.because) - RESTS_ON),
    )


def _warning(kind: Indicator, seen: tuple[Seen, ...]) -> WarningSign:
    return WarningSign(kind.name, kind.title, kind.asks, kind.base_rate, kind.innocent, kind.basis, seen)

"""Shares as intervals, the interests in which they are held, and what several statements of one source come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.findings.counts import percent_text, rounded
from kg.ontology.values import VALUE_TYPES, BadValue, percent_interval
from kg.ontology.words import fold_word, holding_kind
from kg.records import Values

INTERESTS = ("beneficial", "legal")
"""Beneficial interest and legal title, which different people may hold."""


@dataclass(frozen=True, order=True, slots=True)
class Share:
    """A closed interval of percentages."""

    low: float
    high: float

    @classmethod
    def from_fractions(cls, low: float, high: float) -> Share:
        """Fractions as percentages, to four decimal places, or to more, as `rounded` does."""
        return cls(rounded(low * 100, 4), rounded(high * 100, 4))

    @property
    def text(self) -> str:
        """`51 %`, `25 to 50 %`, or `none`."""
        if self.high <= 0:
            return "none"
        low, high = percent_text(self.low), percent_text(self.high)
        return f"{high} %" if low == high else f"{low} to {high} %"


NO_SHARE = Share(0.0, 0.0)


class HoldingPart(NamedTuple):
    """What one source says by one link of one holder's share, in fractions."""

    low: float
    high: float
    is_stated: bool
    right: str = ""
    """`votes` and the like where it is a right beside the capital; else empty."""
    kind: tuple[str, ...] = ()
    """Interest, class of shares and directness, as stated."""
    since: str = ""
    """The day from which it is stated; empty without one."""
    is_open: bool = True
    """Whether no end is stated."""

    @property
    def is_indirect(self) -> bool:
        """Whether it is stated as held through others."""
        return "indirect" in self.kind

    @classmethod
    def of(cls, stated: Iterable[Values]) -> HoldingPart:
        """The part that a source's properties of one link state."""
        found = defaultdict[str, list[str]](list)
        for properties in stated:
            for name, texts in properties.items():
                found[name] += texts
        spans = [percent_interval(text) for text in map(_clean_share, found.get("share", ())) if text]
        low, high = (min(s.low for s in spans), max(s.high for s in spans)) if spans else (0, 100)
        kind = holding_kind(found)
        return cls(
            float(low) / 100,
            float(high) / 100,
            bool(spans),
            kind.right,
            (kind.interest, " ".join(sorted({fold_word(text) for text in found.get("shares", ())})), kind.directness),
            max((*found.get("start_date", ()), *found.get("date", ())), default=""),
            not found.get("end_date"),
        )


@dataclass(frozen=True, slots=True)
class SourceShare:
    """What one source says of one holder and thing, in fractions; they may come to more than the whole."""

    low: float = 0.0
    high: float = 0.0
    certain: float = 0.0
    """The part of `low` that is surely in force."""
    is_stated: bool = False
    is_certain: bool = False
    """Whether any of it is surely in force."""
    direct: tuple[float, float] | None = None
    """`low` and `certain` without what is stated as held indirectly; None where nothing is."""

    @classmethod
    def of(cls, parts: Sequence[tuple[HoldingPart, bool]]) -> SourceShare:
        """Parts, each with whether it is surely in force: what may be one holding at several times is not added up.

        Of such a series the latest is the least, or without dates the smallest; the sum is the most. Rights of several
        kinds, such as capital and votes, are not added up either.
        """
        by_right = defaultdict[str, dict[tuple[str, ...], list[tuple[HoldingPart, bool]]]](dict)
        for part, is_certain in parts:
            by_right[part.right].setdefault(part.kind, []).append((part, is_certain))
        sums = [
            [sum(ends) for ends in zip(*map(_sum_of_kind, kinds.values()), strict=True)] for kinds in by_right.values()
        ]
        low, high, certain = (some(ends) for some, ends in zip((min, max, min), zip(*sums, strict=True), strict=True))
        is_stated, is_certain = any(part.is_stated for part, _ in parts), any(is_certain for _, is_certain in parts)
        direct = [(part, is_certain) for part, is_certain in parts if not part.is_indirect]
        without = None
        if len(direct) < len(parts):
            rest = cls.of(direct) if direct else cls()
            without = rest.low, rest.certain
        return cls(low, high, certain, is_stated, is_certain, without)


def series_of(parts: Collection[HoldingPart]) -> dict[str, list[HoldingPart]]:
    """Holdings of one kind that may be one at several times: those of each time, in its order; empty if there are none.

    They have shares and no end, and begin on several days, or some have no day; without any day their shares differ.
    """
    open_ones = [part for part in parts if part.is_open and part.is_stated]
    by_time = defaultdict[str, list[HoldingPart]](list)
    for part in open_ones:
        by_time[part.since].append(part)
    if len(by_time) == 1 and "" in by_time and len({part[:2] for part in open_ones}) > 1:
        return {str(at): [part] for at, part in enumerate(sorted(open_ones))}
    return dict(sorted(by_time.items())) if len(by_time) > 1 else {}


def _sum_of_kind(parts: Sequence[tuple[HoldingPart, bool]]) -> tuple[float, float, float]:
    """Lowest and highest fraction, and what is certain, of the holdings of one kind."""
    series = series_of([part for part, _ in parts])
    low = high = certain = 0.0
    times = defaultdict[str, list[tuple[HoldingPart, bool]]](list)
    for part, is_certain in parts:
        high += part.high
        at = next((time for time, some in series.items() if part in some and len(times[time]) < len(some)), None)
        if at is None:
            low, certain = low + part.low, certain + (part.low if is_certain else 0.0)
        else:
            times[at].append((part, is_certain))
    latest = [*series][-1:] if all(part.since for some in series.values() for part in some) else [*series]
    if latest:
        low += min(sum(part.low for part, _ in times[at]) for at in latest)
        certain += min(sum(part.low for part, is_certain in times[at] if is_certain) for at in latest)
    return low, high, certain


def only_stated(said: Mapping[str, SourceShare]) -> dict[str, SourceShare]:
    """Sources without a share are left out where others state one."""
    return {name: share for name, share in said.items() if share.is_stated} or dict(said)


def _clean_share(raw: str) -> str:
    try:
        return VALUE_TYPES["percent"].clean(raw)
    except BadValue:
        return ""

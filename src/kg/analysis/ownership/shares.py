"""Which part of what does each party hold directly?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kg.analysis.claim_values import claimed_values
from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out
from kg.analysis.validity import ANY_DAY, Period, claim_validity, combined_validity, in_doubt, may_hold
from kg.findings import INTERESTS, Share, ShareDispute
from kg.ontology.values import percent_interval
from kg.records import Claim
from kg.view import BENEFICIAL, LEGAL, GraphView

COLUMNS = ("share", "dates", "interest")
"""Columns that the view must have been opened with."""

ROUNDING_TOLERANCE = 0.001
"""By how much shares may come to more than the whole because they were rounded: a tenth of a percentage point."""

_EPSILON = 1e-9
"""What adding up fractions may be off."""

CLAIM_BATCH = 1_000
"""Claims are asked for so many links at a time."""

INTEREST_CODES = {"beneficial": BENEFICIAL, "legal": LEGAL}

Links = NDArray[np.int64]
Fractions = NDArray[np.float64]


@dataclass(frozen=True)
class DirectShares:
    """Every pair of a holder and what it holds directly under one interest, once, sorted by held and then holder.

    `holder`, `held`: int64 (pairs), into the view. `low`, `high`: float64 (pairs), fractions of the whole. The links of
    pair `i` are `links[start[i]:start[i + 1]]`. `over`: what the lowest shares in a node come to where that is more
    than the whole, by node.
    """

    holder: NDArray[np.int64]
    held: NDArray[np.int64]
    low: Fractions
    high: Fractions
    start: NDArray[np.int64]
    links: Links
    oversubscribed: Mapping[int, float] = field(default_factory=dict)
    disputes: tuple[ShareDispute, ...] = ()

    def links_of(self, pair: int) -> Links:
        """The links behind a pair."""
        return self.links[self.start[pair] : self.start[pair + 1]]

    def select(self, pairs: NDArray[np.bool_]) -> DirectShares:
        """Some of the pairs, in the same order: bool (pairs)."""
        count = np.diff(self.start)
        return DirectShares(
            self.holder[pairs],
            self.held[pairs],
            self.low[pairs],
            self.high[pairs],
            np.append(0, np.cumsum(count[pairs])),
            self.links[np.repeat(pairs, count)],
            self.oversubscribed,
            self.disputes,
        )


@dataclass(frozen=True)
class ShareQuery:
    """Under which interest, when, and whether the claims of every link are looked at or only of those in doubt."""

    interest: str
    period: Period = ANY_DAY
    read_every_claim: bool = False
    timed_out: TimeoutCheck = no_timeout


def holding_links(view: GraphView) -> NDArray[np.bool_]:
    """The links by which anybody may hold anything directly, under any interest: bool (links).

    A holding through others that a source says beside its steps is none: it would be counted twice.
    """
    return view.links_with("ownership", "benefit")


def compute_shares(view: GraphView, links: Links, query: ShareQuery) -> DirectShares:
    """The direct shares that some links say. All holding links into a node have to be among `links`, or none.

    Raises OutOfTime when time is up.

    - A link whose interest nobody says counts for both; where others are said to have this very interest in the same
      thing, and all would come to more than the whole, it counts only perhaps, from nothing on.
    - A link that only perhaps held on the day counts from nothing on, one without dates as held.
    - What one source says of a holder and a thing in several links adds up. What several sources say is one holding:
      the interval covers them all, and `disputes` has those that cannot all be right. A share nobody says is 0 to 1.
    - Where the lowest shares in a thing come to more than the whole, something is wrong, and nobody knows what: each
      may be lower by as much as is too much. Otherwise nobody holds more than what the others leave, but never less
      than their own sources say at least.
    """
    links = _links_of_interest(view, links, query.interest)
    links = links[may_hold(view, links, query.period)]
    links = links[np.lexsort((links, view.tail[links], view.head[links]))]
    tail, head = view.tail[links].astype(np.int64), view.head[links].astype(np.int64)
    new = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])) if len(links) else np.zeros(0, bool)
    first = np.flatnonzero(new)
    start = np.append(first, len(links))
    doubts = in_doubt(view, links, query.period)
    said = _stated_shares(view, links)
    low, high = np.minimum(_row_sums(said[:, 0], start), 1.0), np.minimum(_row_sums(said[:, 1], start), 1.0)
    sure = np.minimum(_row_sums(np.where(doubts, 0.0, said[:, 0]), start), 1.0)
    found = DirectShares(tail[first], head[first], low, high, start, links)
    look = np.flatnonzero((np.diff(start) > 1) | (_row_sums(doubts.astype(float), start) > 0) | query.read_every_claim)
    disputes, gone = _apply_claims(view, found, sure, look, query)
    sure[_uncertain_pairs(view, found, sure, query.interest)] = 0.0
    return _reconciled(found, sure, disputes, len(view.ids)).select(~gone)


def _links_of_interest(view: GraphView, links: Links, interest: str) -> Links:
    """The links that may be about an interest: those that say the other are not."""
    other = next(INTEREST_CODES[name] for name in INTERESTS if name != interest)
    fits = view.column("interest")[links] != other
    if interest == "legal":
        fits &= ~view.links_with("benefit")[links]
    return np.asarray(links[fits])


def _stated_shares(view: GraphView, links: Links) -> Fractions:
    """Lowest and highest fraction that each link says, 0 to 1 where it says none: float64 (links, 2)."""
    percent = view.column("share")[links].astype(np.float64)
    return np.where(np.isnan(percent), (0.0, 1.0), np.round(percent, 4) / 100)


def _row_sums(values: Fractions, start: NDArray[np.int64]) -> Fractions:
    return np.add.reduceat(values, start[:-1]) if len(start) > 1 else np.zeros(0)


def _uncertain_pairs(view: GraphView, found: DirectShares, sure: Fractions, interest: str) -> NDArray[np.bool_]:
    """Which pairs do not say their interest, where another in the same thing does and both are too much: bool."""
    explicit = (view.column("interest") == INTEREST_CODES[interest])[found.links]
    if interest == "beneficial":
        explicit |= view.links_with("benefit")[found.links]
    pairs = _row_sums(explicit.astype(float), found.start) > 0
    spoken_of = np.zeros(len(view.ids), bool)
    spoken_of[found.held[pairs]] = True
    too_much = np.bincount(found.held, sure, len(view.ids)) > 1 + ROUNDING_TOLERANCE
    return np.asarray((spoken_of & too_much)[found.held] & ~pairs)


def _apply_claims(
    view: GraphView, found: DirectShares, sure: Fractions, pairs: NDArray[np.int64], query: ShareQuery
) -> tuple[tuple[ShareDispute, ...], NDArray[np.bool_]]:
    """Put what claims say of some pairs into `found` and `sure`; the disputes, and the pairs that no claim leaves."""
    disputes, gone = list[ShareDispute](), np.zeros(len(found.holder), bool)
    for at in range(0, len(pairs), CLAIM_BATCH):
        raise_if_timed_out(query.timed_out)
        some = pairs[at : at + CLAIM_BATCH].tolist()
        links = [view.link_id(int(link)) for pair in some for link in found.links_of(pair)]
        claims = view.records.claims(links)
        for pair in some:
            said = _shares_by_source(view, found.links_of(pair).tolist(), claims, query.period)
            if said is None:
                continue
            gone[pair] = not said
            if not said:
                sure[pair] = 0.0
                continue
            found.low[pair] = min(one.low for one in said.values())
            found.high[pair] = max(one.high for one in said.values())
            sure[pair] = min(one.sure for one in said.values())
            if max(one.low for one in said.values()) > min(one.high for one in said.values()) + ROUNDING_TOLERANCE:
                ends = view.id(int(found.holder[pair])), view.id(int(found.held[pair]))
                disputes.append(
                    ShareDispute(*ends, tuple((name, _to_percent(one)) for name, one in sorted(said.items())))
                )
    return tuple(sorted(disputes, key=lambda d: (d.held, d.holder))), gone


@dataclass(slots=True)
class _SourceShare:
    """What one source says of a pair: fractions, and how much of the lower one holds for sure on the day."""

    low: float = 0.0
    high: float = 0.0
    sure: float = 0.0
    is_stated: bool = False


def _shares_by_source(
    view: GraphView, links: Sequence[int], claims: Mapping[str, Sequence[Claim]], period: Period
) -> dict[str, _SourceShare] | None:
    """What each source says of one pair; those that say no share are left out where others do.

    Empty where no link held; None where claims of a link are not to be had, so that the columns have to do.
    """
    words: defaultdict[str, _SourceShare] = defaultdict(_SourceShare)
    for link in links:
        said = claims.get(view.link_id(link), ())
        if not said:
            return None
        event = bool(view.event_types[view.link_type[link]])
        time = combined_validity(claim_validity(c, period, is_event=event) for c in said) if period != ANY_DAY else ""
        if time == "no":
            continue
        for source in sorted({c.source for c in said}):
            low, high, known = _claimed_interval(c for c in said if c.source == source)
            word = words[source]
            word.low, word.high = min(1.0, word.low + low), min(1.0, word.high + high)
            word.sure = min(1.0, word.sure + (low if time != "maybe" else 0.0))
            word.is_stated |= known
    telling = {name: word for name, word in words.items() if word.is_stated}
    return telling or dict(words)


def _claimed_interval(claims: Iterable[Claim]) -> tuple[float, float, bool]:
    """Lowest and highest fraction that claims of one source and link say, and whether they say any."""
    found = [percent_interval(text) for text in claimed_values(claims, "share", "percent")]
    if not found:
        return 0.0, 1.0, False
    return float(min(s.low for s in found)) / 100, float(max(s.high for s in found)) / 100, True


def _to_percent(share: _SourceShare) -> Share:
    return Share(round(share.low * 100, 4), round(share.high * 100, 4))


def _reconciled(found: DirectShares, sure: Fractions, disputes: tuple[ShareDispute, ...], nodes: int) -> DirectShares:
    """Shares that may all be right at once, as far as each alone allows it."""
    total = np.bincount(found.held, sure, nodes)
    excess = np.where(total > 1.0 + _EPSILON, total - 1.0, 0.0)[found.held]
    left = np.maximum(1.0 - (total[found.held] - sure), 0.0)
    room = np.maximum(found.low, np.minimum(found.high, left))
    over = np.flatnonzero(total > 1.0 + ROUNDING_TOLERANCE)
    return DirectShares(
        found.holder,
        found.held,
        np.maximum(sure - excess, 0.0),
        np.where(excess > 0, found.high, room),
        found.start,
        found.links,
        dict(zip(over.tolist(), total[over].tolist(), strict=True)),
        disputes,
    )

"""Which share does each party hold directly, and of what?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kg.analysis.ownership.topological_order import reachable_nodes
from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out
from kg.analysis.validity import ANY_DAY, Period, claim_validity, claimed_values, combined_validity, in_doubt, may_hold
from kg.findings import INTERESTS, Share, ShareDispute, ShareExcess
from kg.findings.contradictions import WHOLE, CrowdedHolding, shares_contradict
from kg.findings.counts import rounded
from kg.findings.shares import HoldingPart, SourceShare, only_stated
from kg.ontology.values import date_span
from kg.records import Claim
from kg.view import BENEFICIAL, LEGAL, BoolArray, FloatArray, GraphView, IntArray, unique

COLUMNS = ("share", "dates", "interest")
"""Columns that the view must have been opened with."""

DIRECT_HOLDINGS = ("ownership", "benefit")
"""Traits of the links by which anybody may hold anything directly."""

_EPSILON = 1e-9
"""Tolerance for sums of floating-point numbers."""

CLAIM_BATCH = 1_000
"""Number of pairs whose claims are read at once."""

INTEREST_CODES = {"beneficial": BENEFICIAL, "legal": LEGAL}


@dataclass(frozen=True)
class DirectShares:
    """Every pair of a holder and what it holds directly under one interest, once, sorted by held and then holder.

    `holder`, `held`: int64 (pairs), into the view. `low`, `high`: float64 (pairs), fractions of the whole. The links of
    pair `i` are `links[start[i]:start[i + 1]]`. `beyond`: the nodes of which the lowest
    shares come to more than the whole.
    """

    holder: IntArray
    held: IntArray
    low: FloatArray
    high: FloatArray
    start: IntArray
    links: IntArray
    beyond: tuple[ShareExcess, ...] = ()
    disputes: tuple[ShareDispute, ...] = ()
    crowded: tuple[CrowdedHolding, ...] = ()
    """Those that others leave nothing, though a source states them."""

    def links_of(self, pair: int) -> IntArray:
        """The links behind a pair."""
        return self.links[self.start[pair] : self.start[pair + 1]]

    def select(self, pairs: BoolArray) -> DirectShares:
        """Some of the pairs, in the same order: bool (pairs)."""
        count = np.diff(self.start)
        return replace(
            self,
            holder=self.holder[pairs],
            held=self.held[pairs],
            low=self.low[pairs],
            high=self.high[pairs],
            start=np.append(0, np.cumsum(count[pairs])),
            links=self.links[np.repeat(pairs, count)],
        )


def holding_links(view: GraphView) -> BoolArray:
    """The links by which anybody may hold anything directly, under any interest: bool (links).

    A link that states an indirect holding beside its steps is none of them: it would be counted twice. Neither is one
    into a person: nobody owns a person.
    """
    return view.links_with(*DIRECT_HOLDINGS) & ~view.nodes_of("Person")[view.head]


def links_into_persons(view: GraphView, nodes: Iterable[str]) -> tuple[str, ...]:
    """The links at some nodes that state that a person is owned, whichever end the node is, by id."""
    ends = [rows.of(node) for node in map(view.index, nodes) for rows in (view.incoming, view.outgoing)]
    links = unique(np.concatenate([np.zeros(0, np.int64), *ends]))
    links = links[view.link_types_with(*DIRECT_HOLDINGS)[view.link_type[links]]]
    persons = view.ontology.kinds_of("Person")
    return tuple(view.link_id(link) for link in links.tolist() if view.type(int(view.head[link])) in persons)


def compute_shares(
    view: GraphView,
    links: IntArray,
    interest: str,
    period: Period,
    stated: StatedShares | None = None,
    timed_out: TimeoutCheck = no_timeout,
) -> DirectShares:
    """The direct shares that some links state. `links` must have all holding links into a node, or none of them.

    With `stated`, which knows all of them, claims count; without, they are read only of links in doubt, and columns
    count for the others. Raises OutOfTime when the time is up.

    - A link without a stated interest counts for both. Where others are stated to have this interest in the same
      thing and all shares would come to more than the whole, the link is uncertain and counts from 0 on.
    - A link that may have been in force counts from 0 on; a link without dates counts as in force.
    - Several links of one source between a holder and a thing add up, but for what may be one holding at several
      times and for rights of several kinds, which make an interval. Statements of several sources are one holding:
      the interval covers them all, and `disputes` has those that cannot all be right. An unstated share is 0 to 1.
      Contradictions are found before anything is limited to the whole.
    - What `stated` says is held indirectly counts from 0 on where other links lead from the holder to the thing.
    - Where the lowest shares in a thing come to more than the whole, some share is wrong and nobody knows which: each
      may be lower by the excess. Otherwise nobody holds more than the others leave, nor less than their own sources
      state at least.
    """
    links = _links_of_interest(view, links, interest)
    links = links[may_hold(view, links, period)]
    links = links[np.lexsort((links, view.tail[links], view.head[links]))]
    tail, head = view.tail[links].astype(np.int64), view.head[links].astype(np.int64)
    new = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])) if len(links) else np.zeros(0, bool)
    first = np.flatnonzero(new)
    start = np.append(first, len(links))
    doubts = in_doubt(view, links, period)
    percent: FloatArray = view.column("share")[links].astype(np.float64).round(4)
    is_known = stated.write(links, percent) if stated else np.ones(len(links), bool)
    said = np.where(np.isnan(percent), (0.0, 1.0), percent / 100)
    low, high = _row_sums(said[:, 0], start), _row_sums(said[:, 1], start)
    certain = _row_sums(np.where(doubts, 0.0, said[:, 0]), start)
    found = DirectShares(tail[first], head[first], low, high, start, links)
    is_certain = (np.diff(start) == 1) & (_row_sums((doubts | ~is_known).astype(float), start) == 0)
    disputes, dropped, indirect = _apply_claims(
        found, certain, np.flatnonzero(~is_certain), stated or StatedShares(view, period), timed_out
    )
    least = _discount_described(found, certain, indirect, len(view.ids), timed_out) if stated else {}
    certain[_uncertain_pairs(view, found, certain, interest)] = 0.0
    found = replace(found, beyond=tuple(_find_excesses(view, found, certain, interest)), disputes=disputes)
    reconciled = _reconciled(found, certain, len(view.ids))
    for pair, bound in least.items():
        reconciled.low[pair] = max(reconciled.low[pair], min(bound, reconciled.high[pair]))
    crowded = np.flatnonzero((found.high > _EPSILON) & (reconciled.high <= _EPSILON) & ~dropped)
    return replace(reconciled, crowded=tuple(_crowded_holding(view, found, int(pair)) for pair in crowded)).select(
        ~dropped
    )


def _crowded_holding(view: GraphView, found: DirectShares, pair: int) -> CrowdedHolding:
    links = tuple(view.link_id(int(link)) for link in found.links_of(pair))
    return CrowdedHolding(view.id(int(found.holder[pair])), view.id(int(found.held[pair])), links)


def _links_of_interest(view: GraphView, links: IntArray, interest: str) -> IntArray:
    """The links that may be about an interest: all but those that state the other."""
    other = next(INTEREST_CODES[name] for name in INTERESTS if name != interest)
    fits = view.column("interest")[links] != other
    if interest == "legal":
        fits &= ~view.links_with("benefit")[links]
    return np.asarray(links[fits])


def _row_sums(values: FloatArray, start: IntArray) -> FloatArray:
    return np.add.reduceat(values, start[:-1]) if len(start) > 1 else np.zeros(0)


def _uncertain_pairs(view: GraphView, found: DirectShares, certain: FloatArray, interest: str) -> BoolArray:
    """Which pairs state no interest while another in the same thing does and the sum exceeds the whole: bool."""
    explicit = (view.column("interest") == INTEREST_CODES[interest])[found.links]
    if interest == "beneficial":
        explicit |= view.links_with("benefit")[found.links]
    pairs = _row_sums(explicit.astype(float), found.start) > 0
    spoken_of = np.zeros(len(view.ids), bool)
    spoken_of[found.held[pairs]] = True
    too_much = np.bincount(found.held, certain, len(view.ids)) > WHOLE
    return np.asarray((spoken_of & too_much)[found.held] & ~pairs)


def _apply_claims(
    found: DirectShares, certain: FloatArray, pairs: IntArray, stated: StatedShares, timed_out: TimeoutCheck
) -> tuple[tuple[ShareDispute, ...], BoolArray, dict[int, tuple[float, float]]]:
    """Write the shares that claims state of some pairs into `found` and `certain`.

    Returns the disputes, which pairs were not in force by their claims (bool, of pairs), and of pairs with something
    that is stated as indirect, `low` and `certain` without it.
    """
    view, disputes, dropped = stated.view, list[ShareDispute](), np.zeros(len(found.holder), bool)
    indirect = dict[int, tuple[float, float]]()
    for at in range(0, len(pairs), CLAIM_BATCH):
        raise_if_timed_out(timed_out)
        batch = pairs[at : at + CLAIM_BATCH].tolist()
        for pair, said in zip(batch, stated.by_source([found.links_of(pair) for pair in batch]), strict=True):
            if said is None:
                continue
            if not said:
                dropped[pair], certain[pair] = True, 0.0
                continue
            found.low[pair] = min(one.low for one in said.values())
            found.high[pair] = max(one.high for one in said.values())
            certain[pair] = min(one.certain for one in said.values())
            if any(one.direct for one in said.values()):
                ends = [one.direct or (one.low, one.certain) for one in said.values()]
                indirect[pair] = min(low for low, _ in ends), min(some for _, some in ends)
            if shares_contradict(said.values()):
                nodes = view.id(int(found.holder[pair])), view.id(int(found.held[pair]))
                shares = ((name, Share.from_fractions(one.low, one.high)) for name, one in sorted(said.items()))
                names = sorted(view.link_id(int(link)) for link in found.links_of(pair))
                disputes.append(ShareDispute(*nodes, tuple(shares), tuple(names)))
    return tuple(sorted(disputes, key=lambda d: (d.held, d.holder))), dropped, indirect


def _discount_described(
    found: DirectShares,
    certain: FloatArray,
    indirect: Mapping[int, tuple[float, float]],
    nodes: int,
    timed_out: TimeoutCheck,
) -> dict[int, float]:
    """Count from 0 on what is stated as indirect where other pairs lead from the holder to the thing: it may be that.

    Returns the pairs of which the lowest share stands nevertheless, as that of the others may be nothing.
    """
    least = dict[int, float]()
    for pair, (low, some) in indirect.items():
        raise_if_timed_out(timed_out)
        certain_chain, chain = (_has_other_chain(found, pair, share > 0, nodes) for share in (found.low, found.high))
        if chain:
            certain[pair] = some
            if not certain_chain:
                least[pair] = float(found.low[pair])
            found.low[pair] = low
    return least


def _has_other_chain(found: DirectShares, pair: int, pairs: BoolArray, nodes: int) -> bool:
    """Whether some pairs lead from the holder of a pair to what it holds without it."""
    others = pairs.copy()
    others[pair] = False
    reached = reachable_nodes(nodes, found.holder[[pair]], found.holder[others], found.held[others])
    return bool(reached[found.held[pair]])


class StatedShares:
    """The shares that claims state in a period. Each is read once, for both interests."""

    def __init__(self, view: GraphView, period: Period, links: IntArray | None = None) -> None:
        """`links`, ascending: those of which the columns are not enough unless nothing is left to read in claims."""
        self.view, self._period = view, period
        self._read: dict[tuple[int, ...], dict[str, SourceShare] | None] = {}
        links = np.zeros(0, np.int64) if links is None else links
        ids = [name.decode() for name in view.link_ids[links].tolist()]
        known = view.records.undisputed_shares(ids) if ids else {}
        self._links = links[np.array([name in known for name in ids], bool)]
        self._percent = np.array([known[name] for name in ids if name in known], np.float64).reshape(-1, 2)

    def write(self, links: IntArray, percent: FloatArray) -> BoolArray:
        """Write the undisputed percentages of links into `percent`; returns which links have one: bool (links)."""
        at = np.searchsorted(self._links, links)
        at[at == len(self._links)] = 0
        is_known = self._links[at] == links if len(self._links) else np.zeros(len(links), bool)
        percent[is_known] = self._percent[at[is_known]]
        return is_known

    def by_source(self, pairs: Sequence[IntArray]) -> list[dict[str, SourceShare] | None]:
        """What `_shares_by_source` says of each pair, given its links."""
        names = [tuple(links.tolist()) for links in pairs]
        unread = [links for links in names if links not in self._read]
        claims = self.view.records.claims([self.view.link_id(link) for links in unread for link in links])
        self._read |= {links: _shares_by_source(self.view, links, claims, self._period) for links in unread}
        return [self._read[links] for links in names]


def _shares_by_source(
    view: GraphView, links: Sequence[int], claims: Mapping[str, Sequence[Claim]], period: Period
) -> dict[str, SourceShare] | None:
    """The share that each source states of one pair; sources without a share are left out where others state one.

    Empty where no link was in force; None where a link has no readable claims, so that the columns count.
    """
    parts: defaultdict[str, list[tuple[HoldingPart, bool]]] = defaultdict(list)
    for link in links:
        said = claims.get(view.link_id(link), ())
        if not said:
            return None
        is_event = bool(view.event_types[view.link_type[link]])
        dated = said if period != ANY_DAY else ()
        validity = combined_validity(claim_validity(c, period, is_event=is_event) for c in dated)
        if validity == "no":
            continue
        # As by the columns: on the day on which it ends, whoever follows may hold already.
        ends = (date_span(text).first.toordinal() for text in claimed_values(dated, "end_date", "date"))
        is_last = any(day <= period.last for day in ends)
        for source in sorted({c.source for c in said}):
            part = HoldingPart.of(c.properties for c in said if c.source == source)
            parts[source].append((part, validity != "maybe" and not is_last))
    return only_stated({source: SourceShare.of(of_one) for source, of_one in parts.items()})


def _find_excesses(view: GraphView, found: DirectShares, certain: FloatArray, interest: str) -> Iterator[ShareExcess]:
    """The nodes of which the lowest shares come to more than the whole, by id."""
    total = np.bincount(found.held, certain, len(view.ids))
    for node in np.flatnonzero(total > WHOLE).tolist():
        first, end = np.searchsorted(found.held, (node, node + 1)).tolist()
        pairs = [pair for pair in range(first, end) if certain[pair] > 0]
        links = sorted(view.link_id(int(link)) for pair in pairs for link in found.links_of(pair))
        yield ShareExcess(view.id(node), interest, rounded(float(total[node]) * 100, 4), tuple(links), len(pairs))


def _reconciled(found: DirectShares, certain: FloatArray, nodes: int) -> DirectShares:
    """Shares that can all be right at once, as far as each of them allows, and are no more than the whole."""
    total = np.bincount(found.held, certain, nodes)
    excess = np.where(total > 1.0 + _EPSILON, total - 1.0, 0.0)[found.held]
    left = np.maximum(1.0 - (total[found.held] - certain), 0.0)
    room = np.maximum(found.low, np.minimum(found.high, left))
    return replace(
        found,
        low=np.clip(certain - excess, 0.0, 1.0),
        high=np.minimum(np.where(excess > 0, found.high, room), 1.0),
    )

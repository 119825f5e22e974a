"""Who owns something, and what does somebody own, through all chains?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kg.analysis.ownership.chains import ChainGraph, ChainSearchResult, build_chains, largest_chains
from kg.analysis.ownership.circular import is_closed
from kg.analysis.ownership.integrated import IntegratedShares, integrated_ownership
from kg.analysis.ownership.shares import DirectShares, StatedShares, compute_shares, holding_links
from kg.analysis.ownership.topological_order import reachable_nodes, strongly_connected_components
from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out
from kg.analysis.validity import parse_period
from kg.errors import InputError, QuestionError
from kg.findings import INTERESTS, CircularHolding, Holding, Ownership, OwnershipChain, Share
from kg.findings.contradictions import CrowdedHolding
from kg.findings.counts import rounded
from kg.view import BoolArray, FloatArray, GraphView, IntArray, unique

MAX_INTERMEDIATE_OWNERS = 200
"""Most intermediate owners that are listed: the share of each is computed on its own."""


@dataclass(frozen=True)
class OwnershipQuestion:
    """The node asked about, by canonical id, the day, and how much of the answer is wanted."""

    node: str
    as_of: str = ""
    """A day, a month or a year; the day of the graph when empty."""
    least: float = 0.0
    """Smallest percentage listed, by the upper bound of a holding."""
    between: bool = False
    """Whether intermediate owners, whose own owners are known, are listed too."""
    most_chains: int = 5
    most: int = 100
    """Most holdings listed."""


@dataclass(frozen=True)
class _OwnershipGraph:
    """The part of the graph that a question is about, with the direct shares under each interest."""

    view: GraphView
    question: OwnershipQuestion
    node: int
    upwards: bool
    """Whether owners of the node are wanted, not what it owns."""
    holding: BoolArray
    """The holding links around the node, in that direction: bool (links)."""
    direct: dict[str, DirectShares]
    timed_out: TimeoutCheck


@dataclass(frozen=True)
class _Interval:
    """Percentages of each of some nodes under one interest; `is_found`: whether the interest has any entry there."""

    low: FloatArray
    high: FloatArray
    is_found: BoolArray

    @classmethod
    def of_nodes(cls, others: IntArray, nodes: IntArray, low: FloatArray, high: FloatArray) -> _Interval:
        """Fractions of `nodes`, which are among `others`, as percentages of all of these."""
        at, ends = np.searchsorted(others, nodes), np.zeros((2, len(others)))
        for end, values in zip(ends, (low, high), strict=True):
            different, inverse = np.unique(values, return_inverse=True)
            end[at] = np.array([rounded(value * 100, 4) for value in different.tolist()])[inverse]
        is_found = np.zeros(len(others), bool)
        is_found[at] = True
        return cls(ends[0], ends[1], is_found)

    def share(self, at: int) -> Share:
        """The interval at a position."""
        return Share(float(self.low[at]), float(self.high[at]))


@dataclass(frozen=True)
class _Amounts:
    """What is held of, or by, each of `others`, nodes in ascending order, under each interest."""

    others: IntArray
    intervals: dict[str, _Interval]

    @classmethod
    def of_entries(cls, entries: dict[str, tuple[IntArray, FloatArray, FloatArray]]) -> _Amounts:
        """Of each interest: nodes, lowest and highest fractions."""
        others = unique(np.concatenate([nodes for nodes, _, _ in entries.values()]))
        return cls(others, {name: _Interval.of_nodes(others, *some) for name, some in entries.items()})

    def largest_first(self, least: float) -> IntArray:
        """The positions of all that come to something, and to `least` by their upper bound; equal ones by id."""
        one, other = ((some.high, some.low) for some in self.intervals.values())
        is_other = (other[0] > one[0]) | ((other[0] == one[0]) & (other[1] > one[1]))
        high, low = (np.where(is_other, b, a) for a, b in zip(one, other, strict=True))
        order = np.lexsort((self.others, -low, -high))
        return np.asarray(order[(high[order] > 0) & (high[order] >= least)])


def owners_of(view: GraphView, question: OwnershipQuestion, timed_out: TimeoutCheck = no_timeout) -> Ownership:
    """Who owns a node: people, and parties whose owners nobody states; with `between`, intermediate owners too.

    The view must have COLUMNS. Raises NotFound for the node, InputError for a limit out of range, and OutOfTime when
    the time is up: shares would be wrong if some chains were left out.
    """
    graph = _ownership_graph(view, question, timed_out, upwards=True)
    effective = {
        interest: integrated_ownership(direct, timed_out).of_node(graph.node)
        for interest, direct in graph.direct.items()
    }
    entries = {name: (found.holder, found.low, found.high) for name, found in effective.items()}
    ends, are_left_out = unique(np.concatenate([found.holder for found in effective.values()])), False
    if question.between:
        holders = unique(np.concatenate([direct.holder for direct in graph.direct.values()]))
        between = np.setdiff1d(holders, np.append(ends, graph.node))
        are_left_out, between = len(between) > MAX_INTERMEDIATE_OWNERS, between[:MAX_INTERMEDIATE_OWNERS]
        entries = {name: _with_intermediate_owners(graph, name, between, some) for name, some in entries.items()}
    about = view.id(graph.node)
    unaccounted = {
        name: Share.from_fractions(max(0.0, 1 - float(found.high.sum())), max(0.0, 1 - float(found.low.sum())))
        for name, found in effective.items()
        if all(excess.held != about for excess in graph.direct[name].beyond)  # of more than all, nothing is left
    }
    return _answer(graph, _Amounts.of_entries(entries), frozenset(ends.tolist()), unaccounted, are_left_out)


def holdings_of(
    view: GraphView,
    question: OwnershipQuestion,
    timed_out: TimeoutCheck = no_timeout,
    among: Collection[int] | None = None,
) -> Ownership:
    """What a node owns; with `among`, only of these nodes. The view must have COLUMNS. Raises as `owners_of` does."""
    graph = _ownership_graph(view, question, timed_out, upwards=False)
    entries = {interest: _effective_holdings(graph, interest, graph.node) for interest in INTERESTS}
    if among is not None:
        entries = {
            name: (held[(kept := np.isin(held, list(among)))], low[kept], high[kept])
            for name, (held, low, high) in entries.items()
        }
    ends = frozenset[int]() if len(view.incoming.of(graph.node)) else frozenset((graph.node,))
    return _answer(graph, _Amounts.of_entries(entries), ends, {})


def effective_ownership(view: GraphView, interest: str = "beneficial", as_of: str = "") -> IntegratedShares:
    """What everybody owns of everything. The view must have COLUMNS.

    Claims are read where the columns leave a doubt: where several links lead from one holder to one thing, and where a
    link may be in force for a part of the period only. Of several dates of one link the outermost count. Raises
    InputError.
    """
    if interest not in INTERESTS:
        raise InputError(f"interest {interest!r}: expected one of {', '.join(INTERESTS)}")
    links = np.flatnonzero(holding_links(view)).astype(np.int64)
    return integrated_ownership(compute_shares(view, links, interest, parse_period(as_of or view.as_of)))


def _ownership_graph(
    view: GraphView, question: OwnershipQuestion, timed_out: TimeoutCheck, *, upwards: bool
) -> _OwnershipGraph:
    _validate(question)
    node = view.index(question.node)
    near, far = (view.head, view.tail) if upwards else (view.tail, view.head)
    holding = holding_links(view)
    reached = reachable_nodes(len(view.ids), np.array([node]), near[holding], far[holding])
    raise_if_timed_out(timed_out)
    # Downwards, the shares of others in the same things are needed too: they limit what can be left for anybody.
    direct = direct_shares(view, holding & reached[view.head], question.as_of, timed_out)
    return _OwnershipGraph(view, question, node, upwards, holding & reached[near], direct, timed_out)


def direct_shares(
    view: GraphView, links: BoolArray, as_of: str = "", timed_out: TimeoutCheck = no_timeout
) -> dict[str, DirectShares]:
    """The direct shares of some holding links under each interest, by all their claims; `links`: bool (links)."""
    when = parse_period(as_of or view.as_of)
    chosen = np.flatnonzero(links).astype(np.int64)
    stated = StatedShares(view, when, chosen)
    return {name: compute_shares(view, chosen, name, when, stated, timed_out) for name in INTERESTS}


def _validate(question: OwnershipQuestion) -> None:
    if not 0 <= question.least <= 100:
        raise QuestionError("least", f"{question.least:g}", "expected 0 to 100")
    for name in ("most_chains", "most"):
        if getattr(question, name) < 0:
            raise QuestionError(name, getattr(question, name), "expected 0 or more")


def _effective_holdings(graph: _OwnershipGraph, interest: str, holder: int) -> tuple[IntArray, FloatArray, FloatArray]:
    """What one holder owns: nodes, lowest and highest fractions.

    The holder's own owners are left out, so that what returns to it counts once. Baldone, Brioschi and Paleari,
    "Ownership measures among firms connected by cross-shareholdings and a further characterization of integrated
    ownership", Quarterly Journal of Economics and Finance 3 (1998); Vitali, Glattfelder and Battiston (PLoS ONE 6
    (2011) e25995) compute the same. For a person it makes no difference.
    """
    direct = graph.direct[interest]
    graph_of_holder = reachable_nodes(len(graph.view.ids), np.array([holder]), direct.holder, direct.held)
    keep = graph_of_holder[direct.holder] & (direct.held != holder)
    found = integrated_ownership(direct.select(keep), graph.timed_out)
    is_own = found.holder == holder
    return found.held[is_own], found.low[is_own], found.high[is_own]


def _with_intermediate_owners(
    graph: _OwnershipGraph, interest: str, between: IntArray, entries: tuple[IntArray, FloatArray, FloatArray]
) -> tuple[IntArray, FloatArray, FloatArray]:
    """The entries of ultimate owners, and those of intermediate ones, each of which is computed on its own."""
    shares = np.zeros((2, len(between)))
    for at, holder in enumerate(between.tolist()):
        held, low, high = _effective_holdings(graph, interest, holder)
        is_asked = held == graph.node
        shares[:, at] = low[is_asked].sum(), high[is_asked].sum()
    return tuple(np.concatenate(both) for both in zip(entries, (between, *shares), strict=True))  # type: ignore[return-value]  # three of them


def _holder_place(view: GraphView, node: int, ends: frozenset[int]) -> str:
    if view.ontology.is_a(view.type(node), "Person"):
        return "person"
    return "last known" if node in ends else "between"


def _answer(
    graph: _OwnershipGraph,
    amounts: _Amounts,
    ends: frozenset[int],
    unaccounted: dict[str, Share],
    are_left_out: bool = False,
) -> Ownership:
    """The largest holdings; what only those listed need, such as their chains, is found for these alone.

    `ends`: holders at the beginning of a chain. `are_left_out`: whether there are others than those of `amounts`.
    """
    view, question = graph.view, graph.question
    found = amounts.largest_first(question.least)
    return Ownership(
        version=view.version,
        as_of=question.as_of or view.as_of,
        about=question.node,
        asked={name: getattr(question, name) for name in ("least", "between", "most_chains", "most")},
        holdings=tuple(_holdings(graph, amounts, found[: question.most], ends)),
        more=are_left_out or len(found) > question.most,
        unaccounted=unaccounted,
        circles=tuple(_circular_groups(graph)),
        beyond=tuple(sorted((e for direct in graph.direct.values() for e in direct.beyond), key=lambda e: e.held)),
        disputes=tuple(sorted({d for direct in graph.direct.values() for d in direct.disputes}, key=str)),
        crowded=tuple(_crowded_holdings(graph, amounts)),
        impossible=tuple(view.link_id(int(link)) for link in _impossible_links(graph)),
    )


def _crowded_holdings(graph: _OwnershipGraph, amounts: _Amounts) -> Iterator[CrowdedHolding]:
    """Holdings that others leave nothing under any interest; downwards, those of the node and of what it holds."""
    holders = None if graph.upwards else {graph.node, *amounts.others.tolist()}
    crowded = {one for direct in graph.direct.values() for one in direct.crowded}
    for one in sorted(crowded, key=lambda one: (one.held, one.holder)):
        holder, held = graph.view.index(one.holder), graph.view.index(one.held)
        left = (d.high[(d.holder == holder) & (d.held == held)].max(initial=0.0) for d in graph.direct.values())
        if (holders is None or holder in holders) and not any(high > 0 for high in left):
            yield one


def _holdings(graph: _OwnershipGraph, amounts: _Amounts, page: IntArray, ends: frozenset[int]) -> Iterator[Holding]:
    """The holdings at some positions of `amounts`, each with its chains."""
    view, name, others = graph.view, graph.question.node, amounts.others[page]
    searches = {
        interest: largest_chains(
            ChainGraph.from_shares(direct, upwards=graph.upwards, targets=others),
            graph.node,
            graph.question.most_chains,
        )
        for interest, direct in graph.direct.items()
    }
    raise_if_timed_out(graph.timed_out)
    declared = _declared_links(view, graph.node)
    for at, other in zip(page.tolist(), others.tolist(), strict=True):
        found = {interest: searches[interest] for interest, some in amounts.intervals.items() if some.is_found[at]}
        yield Holding(
            holder=view.id(other) if graph.upwards else name,
            held=name if graph.upwards else view.id(other),
            place=_holder_place(view, other if graph.upwards else graph.node, ends),
            **{interest: some.share(at) for interest, some in amounts.intervals.items()},
            chains=tuple(_merged_chains(graph, found, other)),
            more_chains=any(other in some.incomplete or some.is_truncated for some in searches.values()),
            declared=tuple(declared.get(other, ())),
        )


def _merged_chains(graph: _OwnershipGraph, searches: dict[str, ChainSearchResult], other: int) -> list[OwnershipChain]:
    """The largest chains to or from another node, at most `most_chains`."""
    paths = {interest: found.chains.get(other, ()) for interest, found in searches.items()}
    chains = build_chains(graph.view, graph.direct, paths)
    chains.sort(key=lambda c: (-c.share.high, -c.share.low, len(c.steps), c.steps, c.interests))
    return chains[: graph.question.most_chains]


def _declared_links(view: GraphView, node: int) -> dict[int, list[str]]:
    """Links that state what a node and another hold of each other in all, directly and through others, by the other."""
    links = np.concatenate((view.incoming.of(node), view.outgoing.of(node)))
    links = links[view.link_types_with("indirect")[view.link_type[links]]]
    found = defaultdict[int, list[str]](list)
    for link in unique(links).tolist():
        tail, head = int(view.tail[link]), int(view.head[link])
        found[head if tail == node else tail].append(view.link_id(link))
    return found


def _circular_groups(graph: _OwnershipGraph) -> Iterator[CircularHolding]:
    """The parties that own each other in a circle under either interest, by the smallest id."""
    ends = np.concatenate([np.stack((d.holder, d.held), 1) for d in graph.direct.values()])
    label = strongly_connected_components(len(graph.view.ids), ends[:, 0], ends[:, 1])
    inner = unique(label[ends[label[ends[:, 0]] == label[ends[:, 1]]][:, 0]])
    members = unique(ends.ravel())
    members = members[np.isin(label[members], inner)]
    inside = {name: _pairs_by_label(direct, label, inner) for name, direct in graph.direct.items()}
    for at, group in enumerate(_split(members, label[members], inner)):
        raise_if_timed_out(graph.timed_out)
        shares = [(graph.direct[name], pairs[at]) for name, pairs in inside.items()]
        yield CircularHolding(tuple(graph.view.id(int(n)) for n in group), _closedness(shares, group))


def _pairs_by_label(direct: DirectShares, label: IntArray, labels: IntArray) -> list[IntArray]:
    """For each label, the pairs of which both ends have it."""
    of_pair = label[direct.holder]
    pairs = np.flatnonzero(of_pair == label[direct.held])
    return _split(pairs, of_pair[pairs], labels)


def _split(values: IntArray, groups: IntArray, names: IntArray) -> list[IntArray]:
    """The values of each group that is named, in their order; `names` is ascending."""
    order = np.argsort(groups, kind="stable")
    return np.split(values[order], np.searchsorted(groups[order], names[1:])) if len(names) else []


def _closedness(shares: Sequence[tuple[DirectShares, IntArray]], members: IntArray) -> str:
    if any(is_closed(_share_matrix(direct, members, (pairs, direct.low))) for direct, pairs in shares):
        return "yes"
    return "maybe" if any(is_closed(_share_matrix(d, members, (pairs, d.high))) for d, pairs in shares) else "no"


def _share_matrix(direct: DirectShares, members: IntArray, inner: tuple[IntArray, FloatArray]) -> FloatArray:
    """The shares of members in each other: float64 (members, members). `inner`: pairs among them, shares of all."""
    pairs, share = inner
    found = np.zeros((len(members), len(members)))
    found[np.searchsorted(members, direct.holder[pairs]), np.searchsorted(members, direct.held[pairs])] = share[pairs]
    return found


def _impossible_links(graph: _OwnershipGraph) -> IntArray:
    """The holding links around the node that end before they start, ascending."""
    first, last = graph.view.column("dates").T
    return np.flatnonzero(graph.holding & (last > 0) & (first > last))

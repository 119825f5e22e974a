"""Who owns something, and what does somebody own, through all chains?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kg.analysis.ownership.chains import ChainGraph, ChainSearchResult, build_chains, largest_chains
from kg.analysis.ownership.circular import is_closed
from kg.analysis.ownership.integrated import IntegratedShares, integrated_ownership
from kg.analysis.ownership.shares import DirectShares, compute_shares, holding_links
from kg.analysis.ownership.topological_order import reachable_nodes, strongly_connected_components
from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out
from kg.analysis.validity import parse_period
from kg.errors import InputError, QuestionError
from kg.findings import INTERESTS, NO_SHARE, CircularHolding, Holding, Ownership, OwnershipChain, Share
from kg.view import BoolArray, FloatArray, GraphView, IntArray

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
    direct: dict[str, DirectShares]
    timed_out: TimeoutCheck


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
    amounts: dict[int, dict[str, Share]] = {}
    for interest, found in effective.items():
        for holder, low, high in zip(found.holder.tolist(), found.low.tolist(), found.high.tolist(), strict=True):
            amounts.setdefault(holder, {})[interest] = Share.from_fractions(low, high)
    ends = frozenset(amounts)
    if question.between:
        holders = {int(node) for direct in graph.direct.values() for node in np.unique(direct.holder)}
        for holder in sorted(holders - ends - {graph.node})[:MAX_INTERMEDIATE_OWNERS]:
            amounts[holder] = {
                interest: _effective_holdings(graph, interest, holder).get(graph.node, NO_SHARE)
                for interest in INTERESTS
            }
    places = {other: _holder_place(view, other, ends) for other in amounts}
    unaccounted = {
        name: Share.from_fractions(max(0.0, 1 - float(found.high.sum())), max(0.0, 1 - float(found.low.sum())))
        for name, found in effective.items()
    }
    return _answer(graph, amounts, places, unaccounted)


def holdings_of(view: GraphView, question: OwnershipQuestion, timed_out: TimeoutCheck = no_timeout) -> Ownership:
    """What a node owns. The view must have COLUMNS. Raises as `owners_of` does."""
    graph = _ownership_graph(view, question, timed_out, upwards=False)
    amounts: dict[int, dict[str, Share]] = {}
    for interest in INTERESTS:
        for held, share in _effective_holdings(graph, interest, graph.node).items():
            amounts.setdefault(held, {})[interest] = share
    ends = frozenset[int]() if len(view.incoming.of(graph.node)) else frozenset((graph.node,))
    place = _holder_place(view, graph.node, ends)
    return _answer(graph, amounts, dict.fromkeys(amounts, place), {})


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
    return _OwnershipGraph(view, question, node, upwards, direct, timed_out)


def direct_shares(
    view: GraphView, links: BoolArray, as_of: str = "", timed_out: TimeoutCheck = no_timeout
) -> dict[str, DirectShares]:
    """The direct shares of some holding links under each interest, by all their claims; `links`: bool (links)."""
    when = parse_period(as_of or view.as_of)
    chosen = np.flatnonzero(links).astype(np.int64)
    return {
        name: compute_shares(view, chosen, name, when, read_every_claim=True, timed_out=timed_out) for name in INTERESTS
    }


def _validate(question: OwnershipQuestion) -> None:
    if not 0 <= question.least <= 100:
        raise QuestionError("least", f"{question.least:g}", "expected 0 to 100")
    for name in ("most_chains", "most"):
        if getattr(question, name) < 0:
            raise QuestionError(name, getattr(question, name), "expected 0 or more")


def _effective_holdings(graph: _OwnershipGraph, interest: str, holder: int) -> dict[int, Share]:
    """What one holder owns, by node. The holder's own owners are left out, so that what returns to it counts once.

    Baldone, Brioschi and Paleari, "Ownership measures among firms connected by cross-shareholdings and a further
    characterization of integrated ownership", Quarterly Journal of Economics and Finance 3 (1998); Vitali, Glattfelder
    and Battiston (PLoS ONE 6 (2011) e25995) compute the same. For a person it makes no difference.
    """
    direct = graph.direct[interest]
    graph_of_holder = reachable_nodes(len(graph.view.ids), np.array([holder]), direct.holder, direct.held)
    keep = graph_of_holder[direct.holder] & (direct.held != holder)
    found = integrated_ownership(direct.select(keep), graph.timed_out)
    is_own = found.holder == holder
    entries = zip(found.held[is_own].tolist(), found.low[is_own].tolist(), found.high[is_own].tolist(), strict=True)
    return {held: Share.from_fractions(low, high) for held, low, high in entries}


def _holder_place(view: GraphView, node: int, ends: frozenset[int]) -> str:
    if view.ontology.is_a(view.type(node), "Person"):
        return "person"
    return "last known" if node in ends else "between"


def _holding(
    graph: _OwnershipGraph, searches: dict[str, ChainSearchResult], other: int, place: str, shares: dict[str, Share]
) -> Holding:
    view, name = graph.view, graph.question.node
    return Holding(
        holder=view.id(other) if graph.upwards else name,
        held=name if graph.upwards else view.id(other),
        place=place,
        beneficial=shares.get("beneficial", NO_SHARE),
        legal=shares.get("legal", NO_SHARE),
        chains=tuple(_merged_chains(graph, {name: searches[name] for name in shares}, other)),
        more_chains=any(other in found.incomplete or found.is_truncated for found in searches.values()),
        declared=_declared_links(view, graph.node, other),
    )


def _merged_chains(graph: _OwnershipGraph, searches: dict[str, ChainSearchResult], other: int) -> list[OwnershipChain]:
    """The largest chains to or from another node, at most `most_chains`."""
    paths = {interest: found.chains.get(other, ()) for interest, found in searches.items()}
    chains = build_chains(graph.view, graph.direct, paths)
    chains.sort(key=lambda c: (-c.share.high, -c.share.low, len(c.steps), c.steps, c.interests))
    return chains[: graph.question.most_chains]


def _declared_links(view: GraphView, node: int, other: int) -> tuple[str, ...]:
    """Links that state what one of two nodes holds of the other in all, directly and through others."""
    links = np.union1d(view.incoming.of(node), view.outgoing.of(node))
    links = links[view.link_types_with("indirect")[view.link_type[links]]]
    return tuple(view.link_id(link) for link in links[(view.tail[links] == other) | (view.head[links] == other)])


def _size(one: Holding) -> tuple[float, float, str, str]:
    high, low = max((one.beneficial.high, one.beneficial.low), (one.legal.high, one.legal.low))
    return -high, -low, one.holder, one.held


def _answer(
    graph: _OwnershipGraph, amounts: dict[int, dict[str, Share]], places: dict[int, str], unaccounted: dict[str, Share]
) -> Ownership:
    view, question = graph.view, graph.question
    searches = {
        interest: largest_chains(
            ChainGraph.from_shares(direct, upwards=graph.upwards), graph.node, question.most_chains
        )
        for interest, direct in graph.direct.items()
    }
    raise_if_timed_out(graph.timed_out)
    holdings = (_holding(graph, searches, other, places[other], shares) for other, shares in amounts.items())
    wanted = (h for h in holdings if 0 < max(h.beneficial.high, h.legal.high) >= question.least)
    found = sorted(wanted, key=_size)
    return Ownership(
        version=view.version,
        as_of=question.as_of or view.as_of,
        about=question.node,
        asked={name: getattr(question, name) for name in ("least", "between", "most_chains", "most")},
        holdings=tuple(found[: question.most]),
        more=len(found) > question.most,
        unaccounted=unaccounted,
        circles=tuple(_circular_groups(graph)),
        beyond=tuple(sorted((e for direct in graph.direct.values() for e in direct.beyond), key=lambda e: e.held)),
        disputes=tuple(sorted({d for direct in graph.direct.values() for d in direct.disputes}, key=str)),
        impossible=tuple(view.link_id(int(link)) for link in _impossible_links(graph)),
    )


def _circular_groups(graph: _OwnershipGraph) -> Iterator[CircularHolding]:
    """The parties that own each other in a circle under either interest, by the smallest id."""
    ends = np.concatenate([np.stack((d.holder, d.held), 1) for d in graph.direct.values()])
    label = strongly_connected_components(len(graph.view.ids), ends[:, 0], ends[:, 1])
    self_owning = {int(n) for n in ends[ends[:, 0] == ends[:, 1]][:, 0]}
    members = np.unique(ends)
    parts = (members[label[members] == first] for first in np.unique(label[members]))
    for group in parts:
        if len(group) > 1 or int(group[0]) in self_owning:
            yield CircularHolding(tuple(graph.view.id(int(n)) for n in group), _closedness(graph, group))


def _closedness(graph: _OwnershipGraph, members: IntArray) -> str:
    if any(is_closed(_share_matrix(direct, members, direct.low)) for direct in graph.direct.values()):
        return "yes"
    return "maybe" if any(is_closed(_share_matrix(d, members, d.high)) for d in graph.direct.values()) else "no"


def _share_matrix(direct: DirectShares, members: IntArray, share: FloatArray) -> FloatArray:
    """The shares of members in each other: float64 (members, members)."""
    inner = np.isin(direct.holder, members) & np.isin(direct.held, members)
    found = np.zeros((len(members), len(members)))
    at = np.searchsorted(members, direct.holder[inner]), np.searchsorted(members, direct.held[inner])
    found[at] = share[inner]
    return found


def _impossible_links(graph: _OwnershipGraph) -> IntArray:
    """The holding links around the node that end before they start, ascending."""
    view = graph.view
    near, far = (view.head, view.tail) if graph.upwards else (view.tail, view.head)
    holding = holding_links(view)
    reached = reachable_nodes(len(view.ids), np.array([graph.node]), near[holding], far[holding])
    first, last = view.column("dates").T
    return np.flatnonzero(holding & reached[near] & (last > 0) & (first > last))

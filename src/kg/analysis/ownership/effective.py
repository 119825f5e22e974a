"""Who owns something, and what does somebody own, through all chains?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kg.analysis.ownership.chains import ChainGraph, ChainSearchResult, build_chain, largest_chains, to_percent
from kg.analysis.ownership.circular import is_closed
from kg.analysis.ownership.integrated import IntegratedShares, integrated_ownership
from kg.analysis.ownership.shares import COLUMNS, DirectShares, ShareQuery, compute_shares, holding_links
from kg.analysis.ownership.topological_order import reachable_nodes, strongly_connected_components
from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out
from kg.analysis.validity import parse_period
from kg.errors import InputError, NotFound, QuestionError
from kg.findings import INTERESTS, NO_SHARE, CircularHolding, Holding, Ownership, OwnershipChain, Share, ShareExcess
from kg.view import GraphView

__all__ = ["COLUMNS", "OwnershipQuestion", "effective_ownership", "holdings_of", "owners_of"]


MAX_INTERMEDIATE_OWNERS = 200
"""Most owners whose own owners are known that are looked at: each is a question of its own."""


@dataclass(frozen=True)
class OwnershipQuestion:
    """About which node, by canonical id, on which day, and how much of the answer is wanted."""

    node: str
    as_of: str = ""
    """A day, a month or a year; the day of the graph when empty."""
    least: float = 0.0
    """Smallest percentage: a holding is listed if it may be so much."""
    between: bool = False
    """Whether owners are listed whose own owners are known."""
    most_chains: int = 5
    most: int = 100
    """Most holdings listed."""


@dataclass(frozen=True)
class _OwnershipGraph:
    """The part of the graph that a question is about, under each interest, with nodes as positions in the view."""

    view: GraphView
    question: OwnershipQuestion
    node: int
    direct: dict[str, DirectShares]
    timed_out: TimeoutCheck


def owners_of(view: GraphView, question: OwnershipQuestion, timed_out: TimeoutCheck = no_timeout) -> Ownership:
    """Who owns a node: people, and parties of whom nobody says who owns them; with `between`, all others too.

    The view must have COLUMNS. Raises NotFound for the node, InputError for a limit that makes no sense, and OutOfTime
    when `late` says that time is up: a share of which some chains are not counted is wrong.
    """
    part = _ownership_graph(view, question, timed_out, up=True)
    effective = {
        name: integrated_ownership(direct, timed_out).of_node(part.node) for name, direct in part.direct.items()
    }
    amounts: dict[int, dict[str, Share]] = {}
    for name, found in effective.items():
        for holder, low, high in zip(found.holder.tolist(), found.low.tolist(), found.high.tolist(), strict=True):
            amounts.setdefault(holder, {})[name] = to_percent(low, high)
    ends = frozenset(amounts)
    if question.between:
        for holder in _intermediate_owners(part, ends):
            amounts[holder] = {
                name: _effective_holdings(part, name, holder).get(part.node, NO_SHARE) for name in INTERESTS
            }
    ways = {
        n: largest_chains(ChainGraph.from_shares(d, upwards=True), part.node, question.most_chains)
        for n, d in part.direct.items()
    }
    raise_if_timed_out(timed_out)
    holdings = (
        replace(_holding(part, ways, other, shares), holder=view.id(other), place=_holder_place(view, other, ends))
        for other, shares in amounts.items()
    )
    listed, more = _selected_holdings(question, holdings)
    return _answer(part, listed, more, {name: _unaccounted_share(found) for name, found in effective.items()})


def holdings_of(view: GraphView, question: OwnershipQuestion, timed_out: TimeoutCheck = no_timeout) -> Ownership:
    """What a node owns. The view must have COLUMNS. Raises as `owners_of` does."""
    part = _ownership_graph(view, question, timed_out, up=False)
    amounts: dict[int, dict[str, Share]] = {}
    for name in INTERESTS:
        for held, share in _effective_holdings(part, name, part.node).items():
            amounts.setdefault(held, {})[name] = share
    ways = {
        n: largest_chains(ChainGraph.from_shares(d, upwards=False), part.node, question.most_chains)
        for n, d in part.direct.items()
    }
    place = _holder_place(view, part.node, frozenset() if len(view.incoming.of(part.node)) else frozenset((part.node,)))
    raise_if_timed_out(timed_out)
    holdings = (
        replace(_holding(part, ways, other, shares), held=view.id(other), place=place)
        for other, shares in amounts.items()
    )
    listed, more = _selected_holdings(question, holdings)
    return _answer(part, listed, more, {})


def effective_ownership(view: GraphView, interest: str = "beneficial", as_of: str = "") -> IntegratedShares:
    """What everybody owns of everything. The view must have COLUMNS.

    The claims are looked at where the columns leave a doubt: where several links lead from one holder to one thing,
    and where a link may hold only for a part of the time. Sources that say several dates for one link count by the
    outermost. Raises InputError.
    """
    if interest not in INTERESTS:
        raise InputError(f"interest {interest!r}: expected one of {', '.join(INTERESTS)}")
    links = np.flatnonzero(holding_links(view)).astype(np.int64)
    return integrated_ownership(compute_shares(view, links, ShareQuery(interest, parse_period(as_of or view.as_of))))


def _ownership_graph(
    view: GraphView, question: OwnershipQuestion, timed_out: TimeoutCheck, *, up: bool
) -> _OwnershipGraph:
    _validate(question)
    try:
        node = view.index(question.node)
    except KeyError:
        raise NotFound(f"no node with the id {question.node!r} in graph {view.version}") from None
    near, far = (view.head, view.tail) if up else (view.tail, view.head)
    holding = holding_links(view)
    reached = reachable_nodes(len(view.ids), np.array([node]), near[holding], far[holding])
    raise_if_timed_out(timed_out)
    # Going down, what others hold of the same things matters too: it is part of what is left to anybody.
    return _OwnershipGraph(
        view, question, node, direct_shares(view, holding & reached[view.head], question.as_of, timed_out), timed_out
    )


def direct_shares(
    view: GraphView, links: NDArray[np.bool_], as_of: str = "", timed_out: TimeoutCheck = no_timeout
) -> dict[str, DirectShares]:
    """The direct shares that some holding links say under each interest, by every claim; `links`: bool (links)."""
    when = parse_period(as_of or view.as_of)
    chosen = np.flatnonzero(links).astype(np.int64)
    return {
        name: compute_shares(view, chosen, ShareQuery(name, when, read_every_claim=True, timed_out=timed_out))
        for name in INTERESTS
    }


def _validate(question: OwnershipQuestion) -> None:
    if not 0 <= question.least <= 100:
        raise QuestionError("least", f"{question.least:g}", "expected 0 to 100")
    for name in ("most_chains", "most"):
        if getattr(question, name) < 0:
            raise QuestionError(name, getattr(question, name), "expected 0 or more")


def _effective_holdings(graph: _OwnershipGraph, interest: str, holder: int) -> dict[int, Share]:
    """What one holder owns, by node: as if nobody owned the holder, so that what comes back to it counts once.

    Baldone, Brioschi and Paleari, "Ownership measures among firms connected by cross-shareholdings and a further
    characterization of integrated ownership", Quarterly Journal of Economics and Finance 3 (1998); it is what Vitali,
    Glattfelder and Battiston (PLoS ONE 6 (2011) e25995) compute. For a person it makes no difference.
    """
    direct = graph.direct[interest]
    graph_of_holder = reachable_nodes(len(graph.view.ids), np.array([holder]), direct.holder, direct.held)
    keep = graph_of_holder[direct.holder] & (direct.held != holder)
    found = integrated_ownership(direct.select(keep), graph.timed_out)
    mine = found.holder == holder
    entries = zip(found.held[mine].tolist(), found.low[mine].tolist(), found.high[mine].tolist(), strict=True)
    return {held: to_percent(low, high) for held, low, high in entries}


def _intermediate_owners(graph: _OwnershipGraph, ends: frozenset[int]) -> list[int]:
    """The holders whose own owners are known, those with the smallest ids first."""
    holders = {int(node) for direct in graph.direct.values() for node in np.unique(direct.holder)}
    return sorted(holders - ends - {graph.node})[:MAX_INTERMEDIATE_OWNERS]


def _holder_place(view: GraphView, node: int, ends: frozenset[int]) -> str:
    if view.ontology.is_a(view.type(node), "Person"):
        return "person"
    return "last known" if node in ends else "between"


def _holding(
    graph: _OwnershipGraph, searches: dict[str, ChainSearchResult], other: int, shares: dict[str, Share]
) -> Holding:
    view, name = graph.view, graph.question.node
    return Holding(
        holder=name,
        held=name,
        place="",
        beneficial=shares.get("beneficial", NO_SHARE),
        legal=shares.get("legal", NO_SHARE),
        chains=tuple(_merged_chains(graph, {name: searches[name] for name in shares}, other))[
            : graph.question.most_chains
        ],
        more_chains=any(other in found.incomplete or found.is_truncated for found in searches.values()),
        declared=tuple(_declared_links(view, graph.node, other)),
    )


def _merged_chains(graph: _OwnershipGraph, searches: dict[str, ChainSearchResult], other: int) -> list[OwnershipChain]:
    """The chains to or from another node; one that is the same under both interests is told once."""
    merged: dict[OwnershipChain, list[str]] = {}
    for name, found in searches.items():
        for row in found.chains.get(other, ()):
            merged.setdefault(build_chain(graph.direct[name], graph.view, row, ()), []).append(name)
    both = [replace(chain, interests=tuple(names)) for chain, names in merged.items()]
    return sorted(both, key=lambda c: (-c.share.high, -c.share.low, len(c.steps), c.steps, c.interests))


def _declared_links(view: GraphView, node: int, other: int) -> Iterator[str]:
    """Links that say what one of two nodes holds of the other in all."""
    for link in np.union1d(view.incoming.of(node), view.outgoing.of(node)).tolist():
        if view.link_types_with("indirect")[view.link_type[link]] and other in (view.tail[link], view.head[link]):
            yield view.link_id(link)


def _selected_holdings(question: OwnershipQuestion, holdings: Iterator[Holding]) -> tuple[tuple[Holding, ...], bool]:
    def size(one: Holding) -> tuple[float, float, str, str]:
        best = max((one.beneficial.high, one.beneficial.low), (one.legal.high, one.legal.low))
        return -best[0], -best[1], one.holder, one.held

    wanted = (h for h in holdings if 0 < max(h.beneficial.high, h.legal.high) >= question.least)
    found = sorted(wanted, key=size)
    return tuple(found[: question.most]), len(found) > question.most


def _unaccounted_share(found: IntegratedShares) -> Share:
    """What nobody is said to own."""
    return to_percent(max(0.0, 1 - float(found.high.sum())), max(0.0, 1 - float(found.low.sum())))


def _answer(
    graph: _OwnershipGraph, listed: tuple[Holding, ...], more: bool, unaccounted: dict[str, Share]
) -> Ownership:
    view, question = graph.view, graph.question
    return Ownership(
        version=view.version,
        as_of=question.as_of or view.as_of,
        about=question.node,
        asked={name: getattr(question, name) for name in ("least", "between", "most_chains", "most")},
        holdings=listed,
        more=more,
        unaccounted=unaccounted,
        circles=tuple(_circular_groups(graph)),
        beyond=tuple(_oversubscribed_nodes(graph)),
        disputes=tuple(sorted({d for direct in graph.direct.values() for d in direct.disputes}, key=str)),
    )


def _circular_groups(graph: _OwnershipGraph) -> Iterator[CircularHolding]:
    """The parties that hold each other in a circle under either interest, by the smallest id."""
    ends = np.concatenate([np.stack((d.holder, d.held), 1) for d in graph.direct.values()])
    label = strongly_connected_components(len(graph.view.ids), ends[:, 0], ends[:, 1])
    looped = {int(n) for n in ends[ends[:, 0] == ends[:, 1]][:, 0]}
    members = np.unique(ends)
    parts = (members[label[members] == first] for first in np.unique(label[members]))
    for some in parts:
        if len(some) > 1 or int(some[0]) in looped:
            yield CircularHolding(tuple(graph.view.id(int(n)) for n in some), _closedness(graph, some))


def _closedness(graph: _OwnershipGraph, members: NDArray[np.int64]) -> str:
    surely = [is_closed(_share_matrix(direct, members, direct.low)) for direct in graph.direct.values()]
    perhaps = [is_closed(_share_matrix(direct, members, direct.high)) for direct in graph.direct.values()]
    return "yes" if any(surely) else "maybe" if any(perhaps) else "no"


def _share_matrix(direct: DirectShares, members: NDArray[np.int64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """The shares of members in each other: float64 (members, members)."""
    inner = np.isin(direct.holder, members) & np.isin(direct.held, members)
    found = np.zeros((len(members), len(members)))
    at = np.searchsorted(members, direct.holder[inner]), np.searchsorted(members, direct.held[inner])
    found[at] = share[inner]
    return found


def _oversubscribed_nodes(graph: _OwnershipGraph) -> Iterator[ShareExcess]:
    """The things of which more than the whole is said to be held, by id."""
    for node in sorted({node for direct in graph.direct.values() for node in direct.oversubscribed}):
        for name, direct in graph.direct.items():
            if node in direct.oversubscribed:
                pairs: Sequence[int] = np.flatnonzero(direct.held == node).tolist()
                links = sorted(graph.view.link_id(int(link)) for pair in pairs for link in direct.links_of(pair))
                yield ShareExcess(graph.view.id(node), name, round(direct.oversubscribed[node] * 100, 4), tuple(links))

"""Which is the smallest set of things whose restraint cuts a person off from their assets?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.analysis.routes.case import Case, FactQuery, RouteQuestion
from kg.analysis.routes.chains import find_holdings
from kg.analysis.routes.context import CaseContext
from kg.analysis.routes.facts.assets import LOCATION_LINK_TYPES, traced_by
from kg.analysis.routes.facts.procedural_steps import find_measures
from kg.findings import FreezeSet, FreezeTarget
from kg.law import LawBook
from kg.view import GraphView

if TYPE_CHECKING:
    import networkx as nx

Holdings = Mapping[int, Collection[int]]
"""What each node holds directly, by positions in the view."""

IN, OUT = "in", "out"
"""The two halves of a node: what cuts it is the edge between them."""


def find_freeze_set(view: GraphView, law: LawBook, question: RouteQuestion, person: str) -> FreezeSet:
    """The freeze set of a person, by id, by the chains that are in force on the day of the question.

    The view must have the columns REQUIRED_COLUMNS. Raises NotFound.
    """
    start = view.index(person)
    holdings, is_complete = find_holdings(view, start, question.day)
    reached = {node for held in holdings.values() for node in held}
    traced = proceeds_of_accusations(view, start) - reached
    context = CaseContext(view, [start], sorted(reached | traced))
    query = FactQuery(Case(context, start, question, law), "")
    restrained = {node for node in reached | traced if _is_restrained(query, node)}
    left = {a: [b for b in held if b not in restrained] for a, held in holdings.items() if a not in restrained}
    live = _reachable(left, start)
    kinds = {node: view.type(node) for node in live}
    people = {node for node, kind in kinds.items() if view.ontology.is_a(kind, "Person")}
    assets = {node for node, kind in kinds.items() if is_end_asset(view, kind)}
    own = _reachable({**left, start: [node for node in left[start] if node not in people]}, start)
    targets = (
        FreezeTarget(
            node=view.id(node),
            kind=kinds[node],
            hosts=_hosts(query, node),
            assets=_ids(view, _reachable(left, node) & assets),
            through_relatives=node not in own,
        )
        for node in sorted(smallest_cut(left, start, assets, people))
    )
    return FreezeSet(
        person=person,
        restrain=tuple(targets),
        assets=_ids(view, assets),
        restrained=_ids(view, restrained),
        traced_only=_ids(view, {n for n in traced if traced_by(replace(query, asset=n))}),
        complete=is_complete,
    )


def smallest_cut(holdings: Holdings, person: int, assets: Collection[int], people: Collection[int]) -> frozenset[int]:
    """The fewest nodes, none of them in `people`, without which no path leads from a person to any of some assets.

    An asset may be in it, so that there always is one. Of several smallest sets it is the one nearest to the person.
    Minimum vertex cut by maximum flow: each node that may be cut is an edge of capacity 1 between its two halves.
    """
    import networkx as nx

    graph: nx.DiGraph[tuple[int, str] | str] = nx.DiGraph()
    nodes = {person, *holdings, *(node for held in holdings.values() for node in held)}
    for node in nodes:
        limit = {} if node == person or node in people else {"capacity": 1}
        graph.add_edge((node, IN), (node, OUT), **limit)
    for node, held in holdings.items():
        graph.add_edges_from(((node, OUT), (other, IN)) for other in held)
    graph.add_edges_from(((asset, OUT), "assets") for asset in assets)
    if "assets" not in graph or not nx.has_path(graph, (person, IN), "assets"):
        return frozenset()
    residual = nx.algorithms.flow.shortest_augmenting_path(graph, (person, IN), "assets")
    near = _residual_side(residual, (person, IN))
    return frozenset(node for node in nodes if (node, IN) in near and (node, OUT) not in near)


def _residual_side(residual: nx.DiGraph[tuple[int, str] | str], start: tuple[int, str]) -> set[tuple[int, str] | str]:
    """What more flow could still reach: its border is the smallest cut nearest to the start, whatever the flow."""
    seen: set[tuple[int, str] | str] = {start}
    ahead: list[tuple[int, str] | str] = [start]
    while ahead:
        node = ahead.pop()
        for other, edge in residual[node].items():
            if other not in seen and edge["flow"] < edge["capacity"]:
                seen.add(other)
                ahead.append(other)
    return seen


def _reachable(holdings: Holdings, start: int) -> set[int]:
    seen, ahead = {start}, [start]
    while ahead:
        for node in holdings.get(ahead.pop(), ()):
            if node not in seen:
                seen.add(node)
                ahead.append(node)
    return seen


def _is_restrained(query: FactQuery, node: int) -> bool:
    in_force = (m for m in find_measures(query, node) if not (m.is_over or m.is_doubtful))
    return any(measure.kind in ("freeze", "seizure", "forfeiture") for measure in in_force)


def is_end_asset(view: GraphView, kind: str) -> bool:
    """Whether a type is that of something held which holds nothing itself."""
    return view.ontology.is_a(kind, "Asset") and not view.ontology.is_a(kind, "Party")


def proceeds_of_accusations(view: GraphView, person: int) -> set[int]:
    """Everything that is said to come from an offence that the person is accused of, whenever."""
    accused, proceeds = view.link_types_of(("ACCUSED_OF",)), view.link_types_of(("PROCEEDS_OF",))
    offences = view.outgoing.ends(person, accused).tolist()
    return {asset for offence in offences for asset in view.incoming.ends(offence, proceeds).tolist()}


def _hosts(query: FactQuery, node: int) -> tuple[str, ...]:
    links = (link for kind in LOCATION_LINK_TYPES for link in query.context.outgoing(node, kind))
    return tuple(sorted(filter(None, {query.context.jurisdiction_code(link.far) for link in links})))


def _ids(view: GraphView, nodes: Collection[int]) -> tuple[str, ...]:
    return tuple(view.id(node) for node in sorted(nodes))

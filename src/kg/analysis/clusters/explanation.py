"""What is there to know of one cluster?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.analysis.clusters.connectivity import bonds
from kg.analysis.clusters.context import Surroundings, positions, positions_of
from kg.analysis.clusters.valuation import worth
from kg.findings import Cluster, Clusters, Explanation, Passage, Place
from kg.view import GraphView

Nodes = NDArray[np.int64]

GROUPS = ("people", "enterprises", "arrangements", "assets")

PLACES = ("citizenship", "presence", "location", "registration")
"""Traits of links that lead to a jurisdiction, or to an address that is in one."""

SHOWN = 20
"""Passages told of each cluster, and ties of each."""


def explain(
    view: GraphView, found: Clusters, wanted: Sequence[Cluster], known: Surroundings
) -> tuple[Explanation, ...]:
    """Some of the clusters in full, in the order given. The view must be the one they were found in, with COLUMNS."""
    return tuple(_explained(view, known, found, cluster) for cluster in wanted)


def _explained(view: GraphView, known: Surroundings, found: Clusters, cluster: Cluster) -> Explanation:
    groups = member_groups(view, cluster)
    inside = positions(view, cluster)
    held = bonds(cluster)
    papers = _papers(view, inside)
    return Explanation(
        cluster=cluster.id,
        people=groups["people"],
        enterprises=groups["enterprises"],
        arrangements=groups["arrangements"],
        assets=groups["assets"],
        holds=held.holds,
        middle=held.middle,
        weakest_cut=held.weakest_cut,
        passages=_passages(view, known, found, inside),
        worth=worth(view, groups["assets"], groups["enterprises"]),
        jurisdictions=_jurisdictions(view, groups),
        agencies=_agencies(view, papers),
        measures=_ids(view, papers[view.nodes_of("Measure", "Request", "Case")[papers]]),
    )


def member_groups(view: GraphView, cluster: Cluster) -> dict[str, tuple[str, ...]]:
    """The members in four groups; an enterprise is a party and an asset, and listed once."""
    found: dict[str, list[str]] = {name: [] for name in GROUPS}
    is_a = view.ontology.is_a
    for member in cluster.members:
        kind = member.type
        if is_a(kind, "Arrangement"):
            group = "arrangements"
        elif is_a(kind, "Enterprise") or is_a(kind, "Agency"):
            group = "enterprises"
        else:
            group = "people" if is_a(kind, "Party") else "assets"
        found[group].append(member.id)
    return {name: tuple(ids) for name, ids in found.items()}


def _passages(view: GraphView, known: Surroundings, found: Clusters, inside: Nodes) -> tuple[Passage, ...]:
    """The members that are tied to other clusters, most weight first."""
    network, home = known.network, known.home
    own = home[inside[0]]
    mine = np.isin(network.tail, inside) | np.isin(network.head, inside)
    other = np.where(home[network.tail] == own, home[network.head], home[network.tail])
    links = np.flatnonzero(mine & (other != own) & (other >= 0))
    by_member: defaultdict[int, list[int]] = defaultdict(list)
    for at in links[np.lexsort((network.links[links], -network.weight[links]))].tolist():
        member = network.tail[at] if home[network.tail[at]] == own else network.head[at]
        by_member[int(member)].append(at)
    weight = {member: round(float(network.weight[some].sum()), 6) for member, some in by_member.items()}
    first = sorted(by_member, key=lambda member: (-weight[member], member))[:SHOWN]
    return tuple(
        Passage(
            member=view.id(member),
            clusters=tuple(
                sorted(found.clusters[number].id for number in {int(other[at]) for at in by_member[member]})
            ),
            ties=tuple(view.link_id(int(network.links[at])) for at in by_member[member][:SHOWN]),
            weight=weight[member],
        )
        for member in first
    )


def _jurisdictions(view: GraphView, groups: Mapping[str, Sequence[str]]) -> tuple[Place, ...]:
    """The jurisdictions by how many members are tied to them, most first; through an address too."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(GROUPS, 0))
    kinds, places, addresses = view.types_with(*PLACES), view.nodes_of("Jurisdiction"), view.nodes_of("Address")
    for name, ids in groups.items():
        for member in positions_of(view, ids).tolist():
            near = _heads(view, member, kinds)
            near |= {far for at in near if addresses[at] for far in _heads(view, at, kinds)}
            for place in near:
                if places[place]:
                    counts[place][name] += 1
    order = sorted(counts, key=lambda place: (-sum(counts[place].values()), place))
    return tuple(Place(view.id(place), **counts[place]) for place in order)


def _papers(view: GraphView, inside: Nodes) -> Nodes:
    """Warrants, notices and list entries that name members, and measures, requests and cases about them; ascending."""
    kinds = view.types_with("pursuit", "procedure")
    about = view.nodes_of("Sought", "Measure", "Request", "Case")
    found: set[int] = set()
    for member in inside.tolist():
        found |= {at for at in _heads(view, member, kinds) | _tails(view, member, kinds) if about[at]}
    return np.array(sorted(found), np.int64)


def _agencies(view: GraphView, papers: Nodes) -> tuple[str, ...]:
    kinds, agency = view.types_with("procedure"), view.nodes_of("Agency")
    found = {at for paper in papers.tolist() for at in _heads(view, paper, kinds) if agency[at]}
    return _ids(view, sorted(found))


def _heads(view: GraphView, node: int, kinds: NDArray[np.bool_]) -> set[int]:
    rows = view.outgoing
    at = slice(int(rows.start[node]), int(rows.start[node + 1]))
    return set(rows.far[at][kinds[rows.kind[at]]].tolist())


def _tails(view: GraphView, node: int, kinds: NDArray[np.bool_]) -> set[int]:
    rows = view.incoming
    at = slice(int(rows.start[node]), int(rows.start[node + 1]))
    return set(rows.far[at][kinds[rows.kind[at]]].tolist())


def _ids(view: GraphView, nodes: Iterable[int]) -> tuple[str, ...]:
    return tuple(view.id(int(node)) for node in nodes)

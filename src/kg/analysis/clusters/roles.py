"""Which role has each member in its cluster, and which links are the evidence?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from kg.analysis.clusters.network.holding_network import not_in_force
from kg.analysis.clusters.parameters import PROFESSIONAL_CLUSTERS, ClusterParameters
from kg.view import BENEFICIAL, LEGAL, GraphView, IntArray

Links = list[int]


@dataclass(frozen=True)
class RoleEvidence:
    """The links that give a node a special role, by node, as positions in the view; the first role that fits counts."""

    sought: Mapping[int, Links]
    nominee: Mapping[int, Links]
    relative: Mapping[int, Links]
    professional: Mapping[int, Links]


SPECIAL_ROLES = tuple(field.name for field in fields(RoleEvidence))


def role_evidence(view: GraphView, community: IntArray, parameters: ClusterParameters) -> RoleEvidence:
    """The nodes with a special role and the links that give it. `community`: int64 (nodes), of each node.

    - sought: by the column of the view; the links lead to warrants, notices and list entries in force.
    - nominee: has the legal interest in an asset while another has the beneficial interest (dates overlap), or is the
      trustee of an arrangement.
    - relative: kin of a sought person of the same cluster.
    - professional: controls, or is the legal holder of, at least `professional_enterprises` enterprises in at least
      PROFESSIONAL_CLUSTERS communities; or is an enterprise that is a trustee. Shown with no more links than needed.
    """
    trustees = links_by_node(view.tail, np.flatnonzero(view.links_with("stewardship")))
    companies = np.flatnonzero(view.nodes_of("Enterprise"))
    trust_companies = {node: trustees[node] for node in sorted(trustees.keys() & set(companies.tolist()))}
    return RoleEvidence(
        sought=_sought_links(view),
        nominee=_merge_links(_nominee_links(view), trustees),
        relative=_relative_links(view, community),
        professional=_merge_links(_professional_links(view, community, parameters), trust_companies),
    )


def role_of(view: GraphView, node: int, evidence: RoleEvidence) -> tuple[str, Links | None]:
    """The first role that fits a node, and its links; None for a role that every member can have."""
    kind, is_a = view.type(node), view.ontology.is_a
    if is_a(kind, "Arrangement"):
        return "arrangement", None
    if is_a(kind, "Enterprise"):
        return ("professional", evidence.professional[node]) if node in evidence.professional else ("enterprise", None)
    if is_a(kind, "Asset"):
        return "asset", None
    special = ((name, getattr(evidence, name).get(node)) for name in SPECIAL_ROLES)
    return next(((name, links) for name, links in special if links is not None), ("counterparty", None))


def _sought_links(view: GraphView) -> dict[int, Links]:
    nodes = np.flatnonzero(view.column("sought"))
    links = np.flatnonzero(view.links_with("pursuit") & ~not_in_force(view) & view.column("sought")[view.tail])
    return {**{int(node): [] for node in nodes}, **links_by_node(view.tail, links)}


def _nominee_links(view: GraphView) -> dict[int, Links]:
    """The links by which a node has the mere legal interest, each with a link by which another has the benefit."""
    interest, owns = view.column("interest"), view.links_with("ownership")
    legal = owns & (interest == LEGAL)
    benefit = (owns & (interest == BENEFICIAL)) | view.links_with("benefit")
    shared = np.zeros(len(view.ids), bool)
    shared[view.head[legal]] = True
    behind = links_by_node(view.head, np.flatnonzero(benefit & shared[view.head]))
    found: defaultdict[int, Links] = defaultdict(list)
    for link in np.flatnonzero(legal & np.isin(view.head, list(behind))).tolist():
        other = next((b for b in behind[int(view.head[link])] if _may_overlap(view, link, b)), None)
        if other is not None:
            found[int(view.tail[link])] += [link, other]
    return dict(found)


def _may_overlap(view: GraphView, link: int, other: int) -> bool:
    """Whether two links of different parties may be in force on the same day."""
    (first, last), (other_first, other_last) = view.column("dates")[[link, other]].tolist()
    apart = (last and other_first > last) or (other_last and first > other_last)
    return bool(view.tail[link] != view.tail[other] and not apart)


def _relative_links(view: GraphView, community: IntArray) -> dict[int, Links]:
    sought = view.column("sought")
    inside = view.links_with("kinship") & (community[view.tail] == community[view.head])
    of_head = links_by_node(view.head, np.flatnonzero(inside & sought[view.tail]))
    return _merge_links(of_head, links_by_node(view.tail, np.flatnonzero(inside & sought[view.head])))


def _professional_links(view: GraphView, community: IntArray, parameters: ClusterParameters) -> dict[int, Links]:
    legal = view.links_with("ownership") & (view.column("interest") == LEGAL)
    serves = (view.links_with("control") | legal) & view.nodes_of("Enterprise")[view.head]
    links = np.flatnonzero(serves)
    tail, head = view.tail[links].astype(np.int64), view.head[links].astype(np.int64)
    _, first = np.unique(tail * len(view.ids) + head, return_index=True)
    tail, head, links = tail[first], head[first], links[first]
    clusters = np.unique(tail * len(view.ids) + community[head]) // max(len(view.ids), 1)
    many = np.bincount(tail, minlength=len(view.ids)) >= parameters.professional_enterprises
    many &= np.bincount(clusters, minlength=len(view.ids)) >= PROFESSIONAL_CLUSTERS
    found = links_by_node(view.tail, np.sort(links[many[tail]]))
    return {node: some[: parameters.professional_enterprises] for node, some in found.items()}


def links_by_node(ends: NDArray[np.int32], links: Iterable[int] | IntArray) -> dict[int, Links]:
    """Links by the node at one of their ends, in the order given."""
    found: defaultdict[int, Links] = defaultdict(list)
    for link in np.asarray(links).tolist():
        found[int(ends[link])].append(link)
    return dict(found)


def _merge_links(*some: Mapping[int, Links]) -> dict[int, Links]:
    """The links of several mappings by node, each once, sorted."""
    nodes = sorted(set().union(*some))
    return {node: sorted({link for links in some for link in links.get(node, ())}) for node in nodes}

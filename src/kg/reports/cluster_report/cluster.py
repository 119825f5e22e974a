"""What is said of one cluster?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.findings import Cluster, Indicator, Studied
from kg.reports.cluster_report.model import ClusterPage
from kg.reports.cluster_report.sections.contradictions import contradictions
from kg.reports.cluster_report.sections.jurisdictions import jurisdiction_lines
from kg.reports.cluster_report.sections.members import asset, groups, party, reasons
from kg.reports.cluster_report.sections.network import picture
from kg.reports.cluster_report.sections.ownership import owned, steps
from kg.reports.cluster_report.sections.procedures import procedures
from kg.reports.cluster_report.sections.red_flags import resting_on, signs
from kg.reports.cluster_report.sections.stability import bridges, firmness, first_bridges
from kg.reports.cluster_report.sections.stale_claims import stale
from kg.reports.cluster_report.sections.timeline import timeline
from kg.reports.cluster_report.sections.valuations import totals, values
from kg.reports.cluster_report.sections.values_by_status import alleged, by_jurisdiction, by_state
from kg.reports.context import Graph, Surroundings, surroundings
from kg.reports.entries import Entry, Statement
from kg.reports.evidence import source_names, statement

STRONGEST = 20
"""Ties and bridges told of each cluster; how many more there are is said."""


@dataclass(frozen=True)
class Known:
    """What holds for all pages: the day of the report, what warning signs mean, and what else was worked out."""

    day: str
    indicators: Mapping[str, Indicator]
    studied: Studied


def cluster_page(graph: Graph, cluster: Cluster, known: Known) -> ClusterPage:
    """One cluster in full."""
    day, studied = known.day, known.studied
    off, holdings = studied.falls_off.get(cluster.id, {}), studied.held.get(cluster.id, ())
    members = [m.id for m in cluster.members]
    shown = {t.id: f"{t.weight:.3g}" for t in cluster.ties[:STRONGEST]}
    weights = {t.id: t.weight for t in cluster.ties}
    told = {i for m in cluster.members for i in reasons(m, weights)}
    told |= {*first_bridges(cluster, off, STRONGEST), *resting_on(cluster), *steps(holdings)}
    around = surroundings(graph, members, [*shown, *told])
    sorted_out = groups(graph.ontology, [m for m in cluster.members if m.id in around.nodes])
    people, enterprises, arrangements = (
        tuple(party(graph, around, m, weights) for m in sorted_out[name])
        for name in ("people", "enterprises", "arrangements")
    )
    about = procedures(around, members)
    assets = tuple(asset(graph, around, m, about, day) for m in sorted_out["assets"])
    ties = _statements(around, shown, shown)
    sums = tuple(alleged(around))
    worth = [v for a in assets for v in a.values]
    worth += [v for e in enterprises for v in values(around, around.nodes[e.id])]
    nodes = [around.nodes[m] for m in members if m in around.nodes]
    among = [k for k in around.links.values() if {k.source_id, k.target_id} <= {*members}]
    return ClusterPage(
        id=cluster.id,
        name=cluster.name,
        people=people,
        enterprises=enterprises,
        arrangements=arrangements,
        assets=assets,
        values=tuple(worth),
        totals=totals(worth),
        procedures=about,
        jurisdictions=jurisdiction_lines(people, enterprises, arrangements, assets),
        ties=ties,
        ties_left_out=len(cluster.ties) - len(ties),
        bridges=bridges(around, cluster, off, STRONGEST),
        bridges_left_out=max(0, len(cluster.bridges) - STRONGEST),
        circular=tuple(tuple(around.called(n) for n in cycle) for cycle in cluster.circular),
        circular_cut=cluster.circular_cut,
        contradictions=contradictions(around, nodes, among),
        sources=_sources([*people, *enterprises, *arrangements, *assets], ties),
        picture=picture(around, cluster),
        timeline=timeline(around, members, about, day),
        apart=by_state(((a.state, a.values) for a in assets), sums)[0],
        alleged=sums,
        worth_in=by_jurisdiction(assets),
        stale=stale(around, cluster, day),
        score=cluster.score,
        signs=signs(around, cluster, known.indicators),
        owned=owned(around, cluster, holdings),
        firmness=firmness(around, cluster, studied.stability.get(cluster.id)),
    )


def _statements(around: Surroundings, links: Iterable[str], weights: dict[str, str]) -> tuple[Statement, ...]:
    return tuple(statement(around, around.links[i], weights.get(i, "")) for i in links if i in around.links)


def _sources(entries: Sequence[Entry], ties: Sequence[Statement]) -> tuple[str, ...]:
    said = {name for entry in entries for name in entry.sources}
    return tuple(sorted(said.union(*(source_names(t.evidence) for t in ties))))

"""`kg clusters`: which assets are held together, and what changed since an earlier run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.findings import (
        Cluster,
        ClusterChange,
        ClusterChanges,
        ClusterExplanation,
        Clusters,
        Indicator,
        Stability,
        ValuationTotal,
    )
    from kg.operations import ClusterRun
    from kg.ports import Store
    from kg.records import Node

MAX_TIES = 10
MAX_NAMES = 5


def clusters(  # noqa: PLR0913  # one flag a parameter
    which: Annotated[
        str, typer.Argument(metavar="[CLUSTER]", help="One cluster in full: its number, its id, or a node in it.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="Most clusters shown; --json has them all.")] = 20,
    sought_only: Annotated[bool, typer.Option("--sought", help="Only clusters with somebody sought.")] = False,
    stability: Annotated[
        bool, typer.Option("--stability", help="Re-run with other weights and without each source; show what changes.")
    ] = False,
    previous: Annotated[
        Path | None, typer.Option(help="An earlier run, as --json wrote it: ids are kept, changes are listed.")
    ] = None,
    as_of: Annotated[
        str, typer.Option(help="As of which day, such as 2014-12-05; the day of the graph if empty.")
    ] = "",
    json: Json = False,
) -> None:
    """Find which assets are held together through ownership, control, benefit, kinship, papers and payments.

    Membership in a cluster is not wrongdoing, nor is a red flag. Without CLUSTER, what --json writes
    is a run that --previous reads.
    """
    from kg import operations
    from kg.analysis.clusters import ClusterParameters

    parameters = ClusterParameters(only_sought=sought_only)
    before = operations.read_cluster_run(previous) if previous else None
    with open_workspace() as workspace, operations.open_store(workspace) as opened:
        store = operations.store_as_of(opened, as_of)
        run = operations.compute_cluster_run(workspace, store, parameters, before)
        found = run.clusters
        one = [operations.find_cluster(store, found, which)] if which else []
        wanted = one or (list(found.clusters[:limit]) if stability else [])
        told = operations.explain_clusters(store, found, wanted, parameters, with_stability=stability)
        story = operations.compare_cluster_runs(workspace, store, before, run) if before else None
        if json:
            print_json(_document(store, run, one, told) | _changes_document(story))
            return
        if one:
            _show_one(store, found, one[0], told[0])
        else:
            show_clusters(store, found, limit)
            _show_stability(store, [(c, e.stability) for c, e in zip(wanted, told, strict=True) if e.stability])
        if story:
            _show_changes(store, story)


def _document(
    store: Store, run: ClusterRun, one: Sequence[Cluster], explanations: Sequence[ClusterExplanation]
) -> dict[str, Any]:
    """The answer about one cluster; else the run, with the explanations of those whose stability was tried."""
    from kg.operations import cluster_answer, mentioned_node_ids
    from kg.operations.answers import ExplanationAnswer

    if one:
        mentioned = sorted(mentioned_node_ids(one[0], explanations[0]))
        answer = cluster_answer(store, run.clusters, one[0], mentioned)
        return ExplanationAnswer.explaining(answer, explanations[0]).model_dump(mode="json")
    return run.to_json() | ({"explained": explanations} if explanations else {})


def _changes_document(changes: ClusterChanges | None) -> dict[str, Any]:
    return {"story": asdict(changes) | {"counts": changes.counts}} if changes else {}


def show_clusters(store: Store, clusters: Clusters, limit: int) -> None:
    """Print clusters as a table: their members, who of them is sought, and their assets."""
    rows = []
    for cluster in clusters.clusters[:limit]:
        wanted, assets = _member_captions(store, cluster, "sought", 3), _member_captions(store, cluster, "asset", 1)
        counts = f"{len(cluster.members):,}", wanted, f"{len(cluster.with_role('asset')):,}", assets
        score = f"{cluster.score.total:.0f}" if cluster.score else ""
        rows.append((cluster.name, score, *counts, f"{len({s.indicator for s in cluster.signs}) or ''}"))
    print_table(("cluster", "score", "members", "sought", "assets", "example asset", "red flags"), rows)
    print_line(f"{plural(len(clusters.clusters), 'clusters')} as of {clusters.as_of}, graph {clusters.version}")
    print_line("Membership in a cluster is not wrongdoing.")


def _member_captions(store: Store, cluster: Cluster, role: str, limit: int) -> str:
    members = cluster.with_role(role)
    nodes = store.nodes([m.id for m in members[:limit]])
    return ", ".join(n.caption for n in nodes.values()) + (" …" if len(members) > limit > 1 else "")


def _show_one(store: Store, clusters: Clusters, cluster: Cluster, explanation: ClusterExplanation) -> None:
    from kg.operations import mentioned_node_ids

    nodes = store.nodes(mentioned_node_ids(cluster, explanation))
    print_line(f"{cluster.name}, {cluster.id}, graph {clusters.version} as of {clusters.as_of}")
    if cluster.score:
        terms = ((t.name, f"{t.part:.2f}", f"{t.points:.1f}") for t in cluster.score.terms)
        print_table((f"score {cluster.score.total:.0f} of 100", "part", "points"), terms)
    print_table(
        ("role", "member", "type", "id"), [(m.role, _caption(nodes, m.id), m.type, m.id) for m in cluster.members]
    )
    ties = {tie.id: tie for tie in cluster.ties}
    rows = []
    for hold in explanation.holds[:MAX_TIES]:
        tie = ties[hold.tie]
        ends = f"{_caption(nodes, tie.source_id)} {tie.type} {_caption(nodes, tie.target_id)}"
        off = f"{len(hold.falls_off)}: {_captions(nodes, hold.falls_off)}" if hold.falls_off else ""
        rows.append((ends, f"{hold.weight:.2f}", f"{hold.needed:.2f}", off))
    print_table(("link", "weight", "strength", "drops out without it"), rows)
    print_table(
        ("key connector", "betweenness", "cut node"),
        [
            (_caption(nodes, m.member), f"{m.between:.2f}", "yes" if m.cuts else "")
            for m in explanation.middle[:MAX_TIES]
        ],
    )
    _show_reach(nodes, explanation)
    _show_signs(nodes, cluster, clusters.indicators)
    if explanation.stability:
        _show_stability(store, [(cluster, explanation.stability)])
    print_line("Membership in a cluster is not wrongdoing. A red flag proves nothing.")


def _show_reach(nodes: Mapping[str, Node], explanation: ClusterExplanation) -> None:
    if explanation.passages:
        ways = [
            (_caption(nodes, p.member), f"{p.weight:.2f}", ", ".join(p.clusters))
            for p in explanation.passages[:MAX_TIES]
        ]
        print_table(("linked to other clusters through", "weight", "clusters"), ways)
    if explanation.worth:
        print_table(("reported value", "kind", "basis", "of"), [_valuation_row(w) for w in explanation.worth])
    for sentence in explanation.not_counted:
        print_line(f"! {sentence}")
    print_line(
        f"jurisdictions: {_captions(nodes, [place.id for place in explanation.jurisdictions], 20) or 'none known'}"
    )
    print_line(f"agencies: {_captions(nodes, explanation.agencies, 20) or 'none known'}")
    print_line(f"measures, requests and cases: {_captions(nodes, explanation.measures, 20) or 'none known'}")


def _valuation_row(valuation: ValuationTotal) -> tuple[str, str, str, str]:
    band = valuation.low if valuation.low == valuation.high else f"{valuation.low} to {valuation.high}"
    return f"{valuation.currency} {band}", valuation.kind, valuation.basis, f"{valuation.assets} {valuation.of}"


def _show_signs(nodes: Mapping[str, Node], cluster: Cluster, indicators: Sequence[Indicator]) -> None:
    kinds = {i.name: i for i in indicators}
    for sign in cluster.signs:
        kind = kinds[sign.indicator]
        print_line(f"{kind.title}: {sign.says} ({_captions(nodes, sign.about, 8)})")
        print_line(f"  base rate: {kind.base_rate}")
        print_line(f"  innocent explanations: {' '.join(kind.innocent)}")


def _show_stability(store: Store, stabilities: Sequence[tuple[Cluster, Stability]]) -> None:
    if not stabilities:
        return
    rows = []
    for cluster, held in stabilities:
        worst = held.shifts[0].what if held.shifts else "no change"
        rows.append((cluster.name, f"{held.least_kept:.0%}", f"{len(held.core)} of {len(cluster.members)}", worst))
    print_table(("cluster", "lowest retention", "stay in all re-runs", "worst re-run"), rows)
    if len(stabilities) == 1:
        held = stabilities[0][1]
        nodes = store.nodes({m for shift in held.shifts for m in (*shift.left, *shift.came)})
        shown = [(s.what, f"{s.kept:.0%}", _captions(nodes, s.left), _captions(nodes, s.came)) for s in held.shifts]
        print_table((f"of {held.tried} re-runs", "retained", "leave", "join"), shown)


def _show_changes(store: Store, changes: ClusterChanges) -> None:
    print_line(f"Since graph {changes.version_before} as of {changes.as_of_before}: {changes.summary}")
    for name, was, now in changes.method:
        print_line(f"  method: {name} changed from {was or 'absent'} to {now or 'absent'}")
    for change in changes.changes:
        if change.has_changes:
            for line in _change_lines(store, change):
                print_line(line)


def _change_lines(store: Store, change: ClusterChange) -> Iterator[str]:
    """The changes of one cluster: members that joined or left, a name a line, and the causes."""
    nodes = store.nodes((*change.came, *change.left, *(name for name, _, _ in change.roles)))
    keys = {move.about: f"{move.namespace}:{move.key}" for move in change.records}

    def called(node: str) -> str:
        return nodes[node].caption if node in nodes else keys.get(node, node)

    when, size = ("now", f", {plural(change.members, 'members')}") if change.after else ("before", "")
    yield f"{change.name} {when} ({change.id}): {change.kind}{size}"
    for was in change.was:
        yield f"  formerly {was.name} ({was.id}): {plural(was.members, 'members')}, {was.here:,} of them here"
    for words, flows, when in (("joined from", change.came_from, "before"), ("left for", change.went_to, "now")):
        for flow in flows:
            where = f"{flow.name} {when} ({flow.id})" if flow.id else "no cluster"
            yield f"  {words} {where}: {plural(len(flow.members), 'members')}"
            yield from _limited_lines([called(member) for member in flow.members])
    if change.roles:
        yield f"  roles changed: {plural(len(change.roles), 'members')}"
        yield from _limited_lines([f"{called(member)}: from {was} to {now}" for member, was, now in change.roles])
    for words, names in (
        (
            "links",
            [f"{len(ids):,} {how}" for how, ids in (("added", change.ties_came), ("removed", change.ties_left)) if ids],
        ),
        ("new red flags", change.signs_came),
        ("red flags no longer raised", change.signs_left),
    ):
        if names:
            yield f"  {words}: {', '.join(names)}"
    if change.records:
        yield f"  records: {len(change.records):,}"
        yield from _limited_lines([f"{r.source} {r.key} {r.how} on {r.day}" for r in change.records])
    if change.causes:
        yield f"  cause: {_cause_text(change)}"


def _limited_lines(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"    {line}" for line in lines[:MAX_NAMES])
    if len(lines) > MAX_NAMES:
        yield f"    and {len(lines) - MAX_NAMES:,} more"


def _cause_text(change: ClusterChange) -> str:
    """The causes; the records themselves are listed before."""
    from kg.findings import CAUSE_LABELS

    return " and ".join("records" if cause == "records" else CAUSE_LABELS[cause] for cause in change.cause_names)


def _caption(nodes: Mapping[str, Node], node: str) -> str:
    return nodes[node].caption if node in nodes else node


def _captions(nodes: Mapping[str, Node], ids: Sequence[str], limit: int = MAX_NAMES) -> str:
    more = f" and {len(ids) - limit} more" if len(ids) > limit else ""
    return ", ".join(_caption(nodes, i) for i in ids[:limit]) + more

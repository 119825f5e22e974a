"""Which commands show what is held together?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, print_json, say, table, workplace

if TYPE_CHECKING:
    from kg.findings import Change, Cluster, Clusters, Explanation, Indicator, Stability, Story, Worth
    from kg.ports import Store
    from kg.records import Node

TIES_SHOWN = 10
NAMES_SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog="Example: kg clusters --limit 5; kg clusters 3 --stability --as-of 2014-12-05")(clusters)


def clusters(  # noqa: PLR0913  # one flag a parameter
    which: Annotated[
        str, typer.Argument(metavar="[CLUSTER]", help="One in full: its number, its id, or a node that is in it.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="Most clusters shown; --json has them all.")] = 20,
    sought_only: Annotated[bool, typer.Option("--sought", help="Only clusters with somebody sought.")] = False,
    stability: Annotated[
        bool, typer.Option("--stability", help="Try what changes when weights move or a source is withdrawn.")
    ] = False,
    previous: Annotated[
        Path | None, typer.Option(help="An earlier run, as --json wrote it: ids go on, and what changed is told.")
    ] = None,
    as_of: Annotated[
        str, typer.Option(help="The day that counts as now, such as 2014-12-05; the day of the graph if empty.")
    ] = "",
    json: Json = False,
) -> None:
    """Find which assets are held together through ownership, control, benefit, kinship, papers and payments.

    Membership in a cluster is not wrongdoing, nor is a warning sign. What --json writes is a run that --previous reads.
    """
    from kg import operations
    from kg.analysis.clusters.parameters import ClusterParameters

    parameters = ClusterParameters(only_sought=sought_only)
    before = operations.read_run(previous) if previous else None
    with workplace() as place, operations.open_store(place) as opened:
        store = operations.on_day(opened, as_of)
        run = operations.cluster_run(place, store, parameters, before)
        found = run.clusters
        one = [operations.find_cluster(store, found, which)] if which else []
        wanted = one or (list(found.clusters[:limit]) if stability else [])
        told = operations.explain_clusters(store, found, wanted, parameters, tried=stability)
        story = operations.tell_story(place, store, before, run) if before else None
        if json:
            extra = {"explained": _plain(told)} if told else {}
            print_json({**run.to_json(), **extra, **({"story": story.to_json()} if story else {})})
            return
        if one:
            _show_one(store, found, one[0], told[0])
        else:
            show_clusters(store, found, limit)
            _show_stability(store, [(c, e.stability) for c, e in zip(wanted, told, strict=True) if e.stability])
        if story:
            _show_story(store, story)


def _plain(told: Iterable[Explanation]) -> list[object]:
    from dataclasses import asdict

    return [asdict(each) for each in told]


def show_clusters(store: Store, found: Clusters, limit: int) -> None:
    """Clusters as a table: who in them is sought, how many belong to them, and what they hold."""
    rows = []
    for cluster in found.clusters[:limit]:
        wanted, assets = _named_members(store, cluster, "sought", 3), _named_members(store, cluster, "asset", 1)
        counts = f"{len(cluster.members):,}", wanted, f"{len(cluster.with_role('asset')):,}", assets
        score = f"{cluster.score.total:.0f}" if cluster.score else ""
        rows.append((cluster.name, score, *counts, f"{len({s.indicator for s in cluster.signs}) or ''}"))
    table(("cluster", "score", "members", "sought", "assets", "one of them", "signs"), rows)
    say(f"{len(found.clusters):,} clusters as of {found.as_of}, graph {found.version}")
    say("Membership in a cluster is not wrongdoing.")


def _named_members(store: Store, cluster: Cluster, role: str, shown: int) -> str:
    members = cluster.with_role(role)
    nodes = store.nodes([m.id for m in members[:shown]])
    return ", ".join(n.caption for n in nodes.values()) + (" …" if len(members) > shown > 1 else "")


def _show_one(store: Store, found: Clusters, cluster: Cluster, told: Explanation) -> None:
    from kg.operations import mentioned

    nodes = store.nodes(mentioned(cluster, told))
    say(f"{cluster.name}, {cluster.id}, graph {found.version} as of {found.as_of}")
    if cluster.score:
        terms = ((t.name, f"{t.part:.2f}", f"{t.points:.1f}") for t in cluster.score.terms)
        table((f"score {cluster.score.total:.0f} of 100", "part", "points"), terms)
    table(("role", "member", "type", "id"), [(m.role, _name(nodes, m.id), m.type, m.id) for m in cluster.members])
    ties = {tie.id: tie for tie in cluster.ties}
    rows = []
    for hold in told.holds[:TIES_SHOWN]:
        tie = ties[hold.tie]
        ends = f"{_name(nodes, tie.source_id)} {tie.type} {_name(nodes, tie.target_id)}"
        off = f"{len(hold.falls_off)}: {_names(nodes, hold.falls_off)}" if hold.falls_off else ""
        rows.append((ends, f"{hold.weight:.2f}", f"{hold.needed:.2f}", off))
    table(("tie", "weight", "needed", "falls off without it"), rows)
    table(
        ("in the middle", "between", "falls apart without"),
        [(_name(nodes, m.member), f"{m.between:.2f}", "yes" if m.cuts else "") for m in told.middle[:TIES_SHOWN]],
    )
    _show_reach(nodes, told)
    _show_signs(nodes, cluster, found.indicators)
    if told.stability:
        _show_stability(store, [(cluster, told.stability)])
    say("Membership in a cluster is not wrongdoing. A warning sign proves nothing.")


def _show_reach(nodes: Mapping[str, Node], told: Explanation) -> None:
    if told.passages:
        ways = [(_name(nodes, p.member), f"{p.weight:.2f}", ", ".join(p.clusters)) for p in told.passages[:TIES_SHOWN]]
        table(("tied to others through", "weight", "clusters"), ways)
    if told.worth:
        table(("said to be worth", "kind", "basis", "of"), [_worth(w) for w in told.worth])
    say(f"jurisdictions: {_names(nodes, [place.id for place in told.jurisdictions], 20) or 'none known'}")
    say(f"agencies: {_names(nodes, told.agencies, 20) or 'none known'}")
    say(f"measures, requests and cases: {_names(nodes, told.measures, 20) or 'none known'}")


def _worth(worth: Worth) -> tuple[str, str, str, str]:
    band = worth.low if worth.low == worth.high else f"{worth.low} to {worth.high}"
    return f"{worth.currency} {band}", worth.kind, worth.basis, f"{worth.assets} {worth.of}"


def _show_signs(nodes: Mapping[str, Node], cluster: Cluster, indicators: Sequence[Indicator]) -> None:
    kinds = {i.name: i for i in indicators}
    for sign in cluster.signs:
        kind = kinds[sign.indicator]
        say(f"{kind.title}: {sign.says} ({_names(nodes, sign.about, 8)})")
        say(f"  base rate: {kind.base_rate}")
        say(f"  innocent explanations: {' '.join(kind.innocent)}")


def _show_stability(store: Store, tried: Sequence[tuple[Cluster, Stability]]) -> None:
    if not tried:
        return
    rows = []
    for cluster, held in tried:
        worst = held.shifts[0].what if held.shifts else "nothing changes"
        rows.append((cluster.name, f"{held.least_kept:.0%}", f"{len(held.core)} of {len(cluster.members)}", worst))
    table(("cluster", "least kept", "stay whatever was tried", "by"), rows)
    if len(tried) == 1:
        held = tried[0][1]
        nodes = store.nodes({m for shift in held.shifts for m in (*shift.left, *shift.came)})
        shown = [(s.what, f"{s.kept:.0%}", _names(nodes, s.left), _names(nodes, s.came)) for s in held.shifts]
        table((f"of {held.tried} tries", "kept", "leave", "come"), shown)


def _show_story(store: Store, story: Story) -> None:
    say(f"Since graph {story.version_before} as of {story.as_of_before}: {story.summary}")
    for name, was, now in story.method:
        say(f"  method: {name} was {was or 'absent'}, is {now or 'absent'}")
    for change in story.changes:
        if change.told:
            for line in _change_lines(store, change):
                say(line)


def _change_lines(store: Store, change: Change) -> Iterator[str]:
    """What became of one cluster: where its members were and are, a name a line, and what did it."""
    nodes = store.nodes((*change.came, *change.left, *(name for name, _, _ in change.roles)))
    keys = {move.about: f"{move.namespace}:{move.key}" for move in change.records}

    def called(node: str) -> str:
        return nodes[node].caption if node in nodes else keys.get(node, node)

    when, size = ("now", f", {_members(change.members)}") if change.after else ("before", "")
    yield f"{change.name} {when} ({change.id}): {change.kind}{size}"
    for was in change.was:
        yield f"  was {was.name} before ({was.id}): {_members(was.members)}, {was.here:,} of them here"
    for words, flows, when in (("came from", change.came_from, "before"), ("left for", change.went_to, "now")):
        for flow in flows:
            where = f"{flow.name} {when} ({flow.id})" if flow.id else "no cluster"
            yield f"  {words} {where}: {_members(len(flow.members))}"
            yield from _listed([called(member) for member in flow.members])
    if change.roles:
        yield f"  other roles: {_members(len(change.roles))}"
        yield from _listed([f"{called(member)}: was {was}, is {now}" for member, was, now in change.roles])
    for words, names in (
        (
            "ties",
            [f"{len(ids):,} {how}" for how, ids in (("came", change.ties_came), ("left", change.ties_left)) if ids],
        ),
        ("new signs", change.signs_came),
        ("signs gone", change.signs_left),
    ):
        if names:
            yield f"  {words}: {', '.join(names)}"
    if change.records:
        yield f"  records: {len(change.records):,}"
        yield from _listed([f"{r.source} {r.key} {r.how} on {r.day}" for r in change.records])
    if change.causes:
        yield f"  by: {_by(change)}"


def _members(number: int) -> str:
    return f"{number:,} member{'' if number == 1 else 's'}"


def _listed(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"    {line}" for line in lines[:NAMES_SHOWN])
    if len(lines) > NAMES_SHOWN:
        yield f"    and {len(lines) - NAMES_SHOWN:,} more"


def _by(change: Change) -> str:
    """What did it; its own records have been listed by then."""
    from kg.findings import WHY

    return " and ".join("records" if cause == "records" else WHY[cause] for cause in change.why)


def _name(nodes: Mapping[str, Node], node: str) -> str:
    return nodes[node].caption if node in nodes else node


def _names(nodes: Mapping[str, Node], ids: Sequence[str], shown: int = NAMES_SHOWN) -> str:
    more = f" and {len(ids) - shown} more" if len(ids) > shown else ""
    return ", ".join(_name(nodes, i) for i in ids[:shown]) + more

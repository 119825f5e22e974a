"""`kg connect`: how several nodes are connected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.captions import caption_and_type
from kg.cli.citations import Citations
from kg.cli.commands.path import (
    AsOfDay,
    Avoid,
    ByKind,
    Depth,
    ExcludeTrait,
    MaxDegree,
    MinReliability,
    NotByKind,
    NotLink,
    OneWay,
    OnlyLink,
    OnlyTrait,
    Seconds,
    Walk,
    show_path,
    time_budget,
)
from kg.cli.terminal import Json, open_workspace, print_json, print_line
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.findings import ConnectingNetwork
    from kg.ontology import Ontology
    from kg.operations.question_result import QuestionResult


def connect(  # noqa: PLR0913  # one flag a parameter
    names: Annotated[
        list[str], typer.Argument(help="2 to 10 nodes: ids, namespace:key, or names that only one node has.")
    ],
    depth: Depth = 6,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Most paths.")] = 10,
    walk: Walk = None,
    only_trait: OnlyTrait = None,
    exclude_trait: ExcludeTrait = None,
    link: OnlyLink = None,
    not_link: NotLink = None,
    by_kind: ByKind = None,
    not_by_kind: NotByKind = None,
    avoid: Avoid = None,
    as_of: AsOfDay = "",
    min_reliability: MinReliability = "",
    max_degree: MaxDegree = 0,
    one_way: OneWay = None,
    seconds: Seconds = 0.0,
    json: Json = False,
) -> None:
    """Find how several nodes are connected: the most credible paths between each two of them, with all sources.

    A path passes none of the others. Those that join what was not connected before are kept first. Links of location,
    citizenship and agreements are not followed unless you ask for them: being in one country is no connection.
    """
    from kg import operations

    question = operations.path_limits(
        depth=depth,
        walk=walk,
        only_traits=only_trait,
        exclude_traits=exclude_trait,
        only_types=link,
        exclude_types=not_link,
        only_through=by_kind,
        not_through=not_by_kind,
        avoid=avoid,
        as_of=as_of,
        min_reliability=min_reliability,
        max_degree=max_degree,
        one_way=one_way,
    )
    with open_workspace() as workspace, operations.open_store(workspace) as opened:
        store = operations.store_for_question(opened, as_of)
        found = operations.find_connections(store, names, question, limit, time_budget(seconds))
        if json:
            print_json(operations.connections_answer(store, found))
        else:
            _show(found, workspace.ontology)


def _show(found: QuestionResult[ConnectingNetwork], ontology: Ontology) -> None:
    citations = Citations()
    for rank, one in enumerate(found.finding.paths, 1):
        show_path(found, one.path, rank, ontology, citations)
    citations.show()
    for line in _summary_lines(found):
        print_line(line)


def _summary_lines(found: QuestionResult[ConnectingNetwork]) -> Iterator[str]:
    """Who stands between several, who is not connected, and what was searched."""
    network = found.finding
    told = {node: caption_and_type(one) for node, one in found.nodes.items()}
    for shared in network.shared:
        yield f"{told[shared.node]} stands between {', '.join(told[end] for end in shared.asked)}"
    for one, other in network.unconnected:
        yield f"no path within the limits: {told[one]} and {told[other]}"
    looked_at, paths = plural(network.pairs, "pairs"), plural(len(network.paths), "paths")
    yield f"{looked_at} of {len(network.asked)} nodes, {paths} of at most {network.depth} links"
    if network.cut:
        yield f"the search ended early ({network.cut}): there may be better paths"
    elif network.more:
        yield "there may be more paths; --limit shows them"

"""Which command shows how two nodes are connected?"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.captions import caption_and_type, properties_text
from kg.cli.terminal import Json, open_workspace, print_json, print_line

if TYPE_CHECKING:
    from kg.findings import Hop, RankedPath, RankedPaths
    from kg.ontology import LinkType
    from kg.operations.answers import QuestionResult

    LinkTypes = Mapping[str, LinkType]

NameList = list[str] | None


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog='Example: kg path "Ann Example" "MY Example" --ranking shortest --as-of 2014-12-05')(path)


def path(  # noqa: PLR0913  # one flag a parameter
    start: Annotated[str, typer.Argument(help="Where from: an id, namespace:key, or a name that only one node has.")],
    goal: Annotated[str, typer.Argument(help="Where to.")],
    ranking: Annotated[str, typer.Option(help="credible, shortest, coherent or hub-free.")] = "credible",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most paths.")] = 3,
    all_shortest: Annotated[
        bool, typer.Option("--all-shortest", help="Only paths with as few links as the shortest.")
    ] = False,
    depth: Annotated[int, typer.Option(min=1, max=12, help="Most links on a path.")] = 6,
    walk: Annotated[
        NameList, typer.Option(help="Walk links with this trait too, such as location; repeatable.")
    ] = None,
    only_trait: Annotated[NameList, typer.Option(help="Walk only links with this trait; repeatable.")] = None,
    exclude_trait: Annotated[NameList, typer.Option(help="Walk no links with this trait; repeatable.")] = None,
    link: Annotated[NameList, typer.Option(help="Walk only this link type; repeatable.")] = None,
    not_link: Annotated[NameList, typer.Option(help="Do not walk this link type; repeatable.")] = None,
    by_kind: Annotated[NameList, typer.Option(help="Pass only nodes of this kind; repeatable.")] = None,
    not_by_kind: Annotated[NameList, typer.Option(help="Pass no nodes of this kind; repeatable.")] = None,
    through: Annotated[NameList, typer.Option(help="Pass this node; repeatable, at most 3.")] = None,
    avoid: Annotated[NameList, typer.Option(help="Keep off this node; repeatable.")] = None,
    as_of: Annotated[str, typer.Option(help="A day on which every link may have held, such as 2014-12-05.")] = "",
    min_reliability: Annotated[str, typer.Option(help="Lowest grade of a link's best source, A to E.")] = "",
    max_degree: Annotated[int, typer.Option(min=0, help="Most links of a node on the way; 0 for any.")] = 0,
    one_way: Annotated[
        NameList, typer.Option(help="Walk links with this trait only the way they point; repeatable.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.0, help="Give up after so long, and say so; 0 for never.")] = 0.0,
    json: Json = False,
) -> None:
    """Find how two nodes are connected, with the sources of every hop and what speaks for and against each path.

    Places, citizenship and agreements are not walked unless asked: being in one country is no connection. The most
    credible path comes first; a short one may run through a hub that everybody is near.
    """
    from kg import operations
    from kg.analysis.paths.ranking import DEFAULT_ENDPOINT_KINDS, Budget, PathQuestion, Ranking
    from kg.operations.answers import PathsAnswer

    wanted = Ranking("shortest" if all_shortest else ranking, limit, all_shortest)
    question = PathQuestion(
        start,
        goal,
        depth,
        tuple(dict.fromkeys((*operations.excluded_traits(tuple(walk or ())), *(exclude_trait or ())))),
        not_through=(*DEFAULT_ENDPOINT_KINDS, *not_by_kind) if not_by_kind else None,
        only_traits=tuple(only_trait or ()),
        only_types=tuple(link or ()),
        exclude_types=tuple(not_link or ()),
        only_through=tuple(by_kind or ()),
        through=tuple(through or ()),
        avoid=tuple(avoid or ()),
        as_of=as_of,
        min_reliability=min_reliability,
        max_degree=max_degree,
        keep_direction=tuple(one_way or ()),
    )
    with open_workspace() as workspace, operations.open_store(workspace) as store:
        end = time.monotonic() + seconds
        budget = Budget(timed_out=lambda: time.monotonic() > end) if seconds else None
        found = operations.find_paths(store, question, wanted, budget)
    if json:
        print_json(PathsAnswer.of(found))
    else:
        show_paths(found, workspace.ontology.links)


def show_paths(found: QuestionResult[RankedPaths], types: LinkTypes) -> None:
    """Each path as lines: what it is, then a node, how it leads on and who says so, the next node."""
    answer = found.finding
    for rank, one in enumerate(answer.paths, 1):
        print_line(f"{rank}. {_summary_line(one)}")
        print_line(caption_and_type(found.nodes[one.nodes[0]]))
        for hop in one.hops:
            for line in _hop_lines(found, hop, types):
                print_line(line)
            print_line(caption_and_type(found.nodes[hop.to_id]))
        for line in _caveats(found, one):
            print_line(f"  ! {line}")
        print_line()
    print_line(_search_summary(found))


def _summary_line(one: RankedPath) -> str:
    """The path in one line."""
    supports = "" if one.supports_holding else ", which supports no holding"
    origins = f"{one.origins} independent origin{'s' if one.origins != 1 else ''}"
    at_once = {"yes": "held at once", "maybe": "may have held at once", "no": "cannot have held at once"}[one.coherent]
    hops = f"{len(one.hops)} hop{'s' if len(one.hops) != 1 else ''}"
    return f"{one.kind}{supports}: {hops}, cost {one.cost:.2f}, {origins}, {at_once}"


def _hop_lines(found: QuestionResult[RankedPaths], hop: Hop, types: LinkTypes) -> Iterator[str]:
    for step in hop.links:
        link, link_type = found.links[step.id], types[step.type]
        words = link_type.caption if step.forward else link_type.inverse
        more = f" ({text})" if (text := properties_text(link)) else ""
        held = {"no": ", not in force then", "maybe": ", perhaps in force then"}.get(step.holds, "")
        yield f"  │ {words}{more}  [{', '.join(link.sources)}{held}]"


def _caveats(found: QuestionResult[RankedPaths], one: RankedPath) -> Iterator[str]:
    """What a reader must know before leaning on a path."""
    captions = {node.id: node.caption for node in found.nodes.values()}
    if one.hops:
        hop = one.hops[one.weakest]
        reasons = "; ".join(t.why for t in one.terms if t.about in {link.id for link in hop.links})
        yield f"weakest hop: {captions[hop.from_id]} to {captions[hop.to_id]} ({reasons})"
    for term in one.terms:
        if term.about in captions:
            yield f"passes {captions[term.about]}, {term.why} (cost {term.cost:.2f})"
    for doubt in one.contradictions:
        about = captions.get(doubt.about) or f"a link {found.links[doubt.about].type}"
        said = f"{doubt.property.replace('_', ' ')} {' or '.join(doubt.values)}"
        yield f"sources contradict each other on {about}: {said}"
    if one.judgements:
        yield f"leans on judgement {', '.join(map(str, one.judgements))}: if it falls, so does the path"
    if one.rivals:
        yield f"nearly as credible: {', '.join(map(str, one.rivals))}"


def _search_summary(found: QuestionResult[RankedPaths]) -> str:
    """What was done, so that an answer can be weighed and a lack of one too."""
    answer = found.finding
    limits = "; ".join(
        f"{name.replace('_', ' ')} {', '.join(value) if isinstance(value, tuple) else value}"
        for name, value in answer.limits.items()
        if value != ()
    )
    lines = [f"ranking {answer.ranking}; {answer.explored:,} nodes explored; {limits}"]
    if not answer.paths:
        lines.insert(0, "no path within the limits")
    if answer.cut:
        lines.append(f"the search ended early ({answer.cut}): there may be better paths")
    elif answer.more:
        lines.append("there may be more paths; --limit shows them")
    if answer.chance and answer.chance.people:
        near = f"{answer.chance.reach} of {answer.chance.people} people picked at random"
        lines.append(f"chance: {near} reach {found.nodes[answer.goal].caption} in {answer.chance.hops} hops or fewer")
    return "\n".join(lines)

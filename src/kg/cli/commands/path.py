"""`kg path`: how two nodes are connected."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.captions import caption_and_type
from kg.cli.citations import Citations
from kg.cli.terminal import Json, open_workspace, print_json, print_line
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.analysis.paths import Budget
    from kg.findings import Hop, RankedPath, RankedPaths
    from kg.ontology import Ontology
    from kg.operations.question_result import QuestionResult

NameList = list[str] | None

Depth = Annotated[int, typer.Option(min=1, max=12, help="Most links on a path.")]
Walk = Annotated[NameList, typer.Option(help="Also follow links with this trait, such as location; repeatable.")]
OnlyTrait = Annotated[NameList, typer.Option(help="Follow only links with this trait; repeatable.")]
ExcludeTrait = Annotated[NameList, typer.Option(help="Do not follow links with this trait; repeatable.")]
OnlyLink = Annotated[NameList, typer.Option(help="Follow only links of this type; repeatable.")]
NotLink = Annotated[NameList, typer.Option(help="Do not follow links of this type; repeatable.")]
ByKind = Annotated[NameList, typer.Option(help="Go only through nodes of this type; repeatable.")]
NotByKind = Annotated[NameList, typer.Option(help="Do not go through nodes of this type; repeatable.")]
Avoid = Annotated[NameList, typer.Option(help="Avoid this node; repeatable.")]
AsOfDay = Annotated[str, typer.Option(help="A day on which every link may be valid, such as 2014-12-05.")]
MinReliability = Annotated[str, typer.Option(help="Lowest grade of a link's best source, A to E.")]
MaxDegree = Annotated[int, typer.Option(min=0, help="Most links of a node on the path; 0 for no limit.")]
OneWay = Annotated[NameList, typer.Option(help="Follow links with this trait only in their direction; repeatable.")]
Seconds = Annotated[float, typer.Option(min=0.0, help="Time limit; the answer says if it was reached.")]


def path(  # noqa: PLR0913  # one flag a parameter
    start: Annotated[str, typer.Argument(help="The start: an id, namespace:key, or a name that only one node has.")],
    goal: Annotated[str, typer.Argument(help="The end, named in the same way.")],
    ranking: Annotated[str, typer.Option(help="credible, shortest, coherent or hub-free.")] = "credible",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most paths.")] = 3,
    all_shortest: Annotated[
        bool, typer.Option("--all-shortest", help="Only paths with as few links as the shortest.")
    ] = False,
    depth: Depth = 6,
    walk: Walk = None,
    only_trait: OnlyTrait = None,
    exclude_trait: ExcludeTrait = None,
    link: OnlyLink = None,
    not_link: NotLink = None,
    by_kind: ByKind = None,
    not_by_kind: NotByKind = None,
    through: Annotated[NameList, typer.Option(help="Go through this node; repeatable, at most 3.")] = None,
    avoid: Avoid = None,
    as_of: AsOfDay = "",
    min_reliability: MinReliability = "",
    max_degree: MaxDegree = 0,
    one_way: OneWay = None,
    seconds: Seconds = 0.0,
    json: Json = False,
) -> None:
    """Find how two nodes are connected, with the sources of every hop and the evidence for and against each path.

    Links of location, citizenship and agreements are not followed unless you ask for them: being in one country is no
    connection. The most credible path comes first; a shorter one may run through a hub that connects everybody.
    """
    from kg import operations
    from kg.analysis.paths import Ranking

    wanted = Ranking("shortest" if all_shortest else ranking, limit, all_shortest)
    limits = operations.path_limits(
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
    question = replace(limits, start=start, goal=goal, through=tuple(through or ()))
    with open_workspace() as workspace, operations.open_store(workspace) as opened:
        store = operations.store_for_question(opened, as_of)
        budget = time_budget(seconds)
        found = operations.find_paths(store, question, wanted, budget)
        hint = not json and not found.finding.paths and operations.is_found_by_identity(store, question, budget)
        if json:
            print_json(operations.paths_answer(store, found))
        else:
            show_paths(found, workspace.ontology)
            if hint:
                print_line("--walk identity finds one, through nodes that may be one person or thing")


def time_budget(seconds: float) -> Budget | None:
    """A budget that ends so many seconds from now; None for 0."""
    from kg.analysis.paths import Budget

    end = time.monotonic() + seconds
    return Budget(timed_out=lambda: time.monotonic() > end) if seconds else None


def show_paths(found: QuestionResult[RankedPaths], ontology: Ontology) -> None:
    """Print each path: its summary, then node by node with the links between them and who states them."""
    citations = Citations()
    for rank, one in enumerate(found.finding.paths, 1):
        show_path(found, one, rank, ontology, citations)
    citations.show()
    print_line(_search_summary(found))


def show_path(found: QuestionResult[Any], one: RankedPath, rank: int, ontology: Ontology, citations: Citations) -> None:
    """Print one path: its summary, its hops with their sources, and what a reader must know before relying on it."""
    print_line(f"{rank}. {_summary_line(one)}")
    print_line(caption_and_type(found.nodes[one.nodes[0]]))
    for hop in one.hops:
        for line in _hop_lines(found, hop, ontology, citations):
            print_line(line)
        print_line(caption_and_type(found.nodes[hop.to_id]))
    for line in _caveats(found, one):
        print_line(f"  ! {line}")
    print_line()


COHERENCE_WORDS: Mapping[str, str] = {
    "yes": "its dates fit together",
    "maybe": "its dates may fit together, not all are known",
    "no": "its dates do not fit together: links were never in force at once, or money went on before it came",
}
"""By `RankedPath.coherent`: whether all links may have been in force at one time, and payments follow each other."""


def _summary_line(one: RankedPath) -> str:
    """The path in one line."""
    supports = "" if one.supports_holding else " only, neither end holds the other through every hop"
    origins, hops = plural(one.origins, "independent origins"), plural(len(one.hops), "hops")
    return f"{one.kind}{supports}: {hops}, cost {one.cost:.2f}, {origins}, {COHERENCE_WORDS[one.coherent]}"


def _hop_lines(found: QuestionResult[Any], hop: Hop, ontology: Ontology, citations: Citations) -> Iterator[str]:
    from kg.findings.statements import relation_sentence

    for step in hop.links:
        link, link_type = found.links[step.id], ontology.links[step.type]
        says = link_type.words(link.properties)
        words = says.caption if step.forward else says.inverse
        values = citations.link_values(ontology.properties(link.type), link, found.claims.get(link.id, ()))
        tail, head = (found.nodes[end].caption for end in (link.source_id, link.target_id))
        values = "; ".join(filter(None, (values, relation_sentence(link_type, link, tail, head))))
        more = f" ({values})" if values else ""
        valid = {"no": ", not valid on the day", "maybe": ", possibly valid on the day"}.get(step.holds, "")
        yield f"  │ {words}{more}  [{citations.link_sources(link)}{valid}]"


def _caveats(found: QuestionResult[Any], one: RankedPath) -> Iterator[str]:
    """What a reader must know before relying on a path."""
    from kg.findings.statements import unread_link_sentences

    captions = {node.id: node.caption for node in found.nodes.values()}
    if one.hops:
        hop = one.hops[one.weakest]
        reasons = "; ".join(t.why for t in one.terms if t.about in {link.id for link in hop.links})
        yield f"weakest hop: {captions[hop.from_id]} to {captions[hop.to_id]} ({reasons})"
    for term in one.terms:
        if term.about in captions:
            yield f"passes {captions[term.about]}, {term.why} (cost {term.cost:.2f})"
    for contradiction in one.contradictions:
        if not (about := captions.get(contradiction.about)):
            link = found.links[contradiction.about]
            about = f"{captions[link.source_id]} to {captions[link.target_id]}"
        yield f"contradiction on {about}: {contradiction.says}"
    yield from unread_link_sentences((found.links[step.id] for hop in one.hops for step in hop.links), found.nodes)
    if one.judgements:
        them = "them" if len(one.judgements) > 1 else "it"
        yield f"depends on {_numbered('judgement', one.judgements)}: without {them} there is no such path"
    if one.rivals:
        yield f"{_numbered('path', one.rivals)} {'are' if len(one.rivals) > 1 else 'is'} almost as credible"


def _numbered(noun: str, numbers: Sequence[int]) -> str:
    """`path 2`, `judgements 1, 2`."""
    return f"{noun}{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _search_summary(found: QuestionResult[RankedPaths]) -> str:
    """How the search was done and limited, so that an answer, or the lack of one, can be judged."""
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
        chance, goal = answer.chance, found.nodes[answer.goal].caption
        hops, people = plural(chance.hops, "hops"), "people are" if chance.people > 1 else "person is"
        lines.append(f"Baseline: {chance.reach} of {chance.people} random {people} within {hops} of {goal}")
    return "\n".join(lines)

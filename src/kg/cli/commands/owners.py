"""`kg owners` and `kg holdings`: who owns what through all chains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.captions import caption_and_type, properties_text
from kg.cli.citations import Citations
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.findings import Holding, Ownership, OwnershipChain, OwnershipStep
    from kg.ontology import LinkType
    from kg.operations.question_result import QuestionResult

    LinkTypes = Mapping[str, LinkType]

NodeName = Annotated[str, typer.Argument(help="An id, a former id, namespace:key, or a name that only one node has.")]
AsOf = Annotated[str, typer.Option(help="Day, month or year on which shares are held; the day of the graph if empty.")]
MinPercent = Annotated[float, typer.Option("--min", min=0, max=100, help="Smallest percentage that is listed.")]
Chains = Annotated[int, typer.Option("--chains", min=0, max=100, help="Most chains shown for each holding.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="Most holdings listed.")]

MAX_UNRESOLVED = 20
"""Most holdings with an end that is not loaded that are told one by one."""

POSITION_NOTES = {"person": "", "last known": "owners not known", "between": "intermediate owner"}


def owners(  # noqa: PLR0913  # one flag a parameter
    asset: NodeName,
    as_of: AsOf = "",
    least: MinPercent = 0.0,
    between: Annotated[bool, typer.Option("--all", help="Also list owners whose own owners are known.")] = False,
    chains: Chains = 3,
    limit: Limit = 100,
    json: Json = False,
) -> None:
    """Show who owns an asset or enterprise through all chains, beneficial interest and legal title separately.

    Shares are intervals where sources give bands, give none, or contradict each other.
    """
    from kg import operations
    from kg.analysis.ownership import OwnershipQuestion

    question = OwnershipQuestion(asset, as_of, least, between, chains, limit)
    with open_workspace() as workspace, operations.open_store(workspace) as opened:
        store = operations.store_for_question(opened, as_of)
        found = operations.find_owners(store, question)
    _show(found, "owner", None if json else workspace.ontology.links)


def holdings(
    person: NodeName,
    as_of: AsOf = "",
    least: MinPercent = 0.0,
    chains: Chains = 3,
    limit: Limit = 100,
    json: Json = False,
) -> None:
    """Show what a person or enterprise owns through all chains, beneficial interest and legal title separately."""
    from kg import operations
    from kg.analysis.ownership import OwnershipQuestion

    question = OwnershipQuestion(person, as_of, least, most_chains=chains, most=limit)
    with open_workspace() as workspace, operations.open_store(workspace) as opened:
        store = operations.store_for_question(opened, as_of)
        found = operations.find_holdings(store, question)
    _show(found, "asset", None if json else workspace.ontology.links)


def _show(found: QuestionResult[Ownership], heading: str, types: LinkTypes | None) -> None:
    """Print the answer; as JSON where no link types are given."""
    if types is None:
        from kg.operations.answers import OwnershipAnswer

        print_json(OwnershipAnswer.of(found))
        return
    answer = found.finding
    print_line(f"{caption_and_type(found.nodes[answer.about])}, as of {answer.as_of or 'any day'}")
    if answer.holdings:
        rows = [_holding_row(found, one, heading) for one in answer.holdings]
        print_table((heading, "beneficial interest", "legal title", "note", "id"), rows)
    else:
        print_line(f"no {heading} is known{' of which a share follows' if answer.arrangements else ''}")
    citations = Citations()
    for one in answer.holdings:
        for line in _chain_lines(found, one, heading, types, citations):
            print_line(line)
    for line in _arrangement_lines(found, types, citations):
        print_line(line)
    for line in (*_caveats(found), *(one.says for one in answer.unresolved[:MAX_UNRESOLVED])):
        print_line(f"! {line}")
    if answer.unresolved[MAX_UNRESOLVED:]:
        print_line(
            f"! {len(answer.unresolved) - MAX_UNRESOLVED:,} more with an end that is not loaded (--json has them)"
        )
    citations.show()
    print_line(f"graph {answer.version}; unknown shares are not estimated")


def _holding_row(found: QuestionResult[Ownership], one: Holding, heading: str) -> tuple[str, ...]:
    node = found.nodes[one.holder if heading == "owner" else one.held]
    note = POSITION_NOTES[one.place] if heading == "owner" else ""
    if one.place == "last known" and any(role.arrangement == one.holder for role in found.finding.arrangements):
        note = "see the parties to it"
    return caption_and_type(node), one.beneficial.text, one.legal.text, note, node.id


def _arrangement_lines(found: QuestionResult[Ownership], types: LinkTypes, citations: Citations) -> Iterator[str]:
    """Who holds the legal title under an arrangement, and who else has a part in one: no share is worked out of it."""
    heading = ""
    for role in found.finding.arrangements:
        wanted = "legal title, held for others:" if role.holds_title else "through a trust or another arrangement:"
        if wanted != heading:
            yield wanted
        heading, link = wanted, found.links[role.link]
        party, arrangement = found.nodes[role.party].caption, caption_and_type(found.nodes[role.arrangement])
        held = ", ".join(found.nodes[name].caption for name in role.held)
        says = types[link.type].words(link.properties).caption
        more = f", which holds {held}" if held else ""
        yield f"  {party} {says} {arrangement}{more}  [{citations.link_sources(link)}]"


def _chain_lines(
    found: QuestionResult[Ownership], one: Holding, heading: str, types: LinkTypes, citations: Citations
) -> Iterator[str]:
    """How somebody holds something: each chain, step by step, with its sources."""
    if not one.chains and not one.declared:
        return
    yield f"{caption_and_type(found.nodes[one.holder if heading == 'owner' else one.held])}:"
    for chain in one.chains:
        yield f"  {chain.share.text}{_interest_text(chain)}"
        for step in chain.steps:
            yield f"    {_step_text(found, step, types, citations)}"
    if one.more_chains:
        yield "  there are more chains; --chains shows them"
    for link in (found.links[name] for name in one.declared):
        declared = properties_text(link) or "no share"
        yield f"  declared in total by {citations.link_sources(link)}: {declared} (not added to the chains)"


def _interest_text(chain: OwnershipChain) -> str:
    words = {"beneficial": " beneficial interest", "legal": " legal title"}
    return words[chain.interests[0]] if len(chain.interests) == 1 else ""


def _step_text(found: QuestionResult[Ownership], step: OwnershipStep, types: LinkTypes, citations: Citations) -> str:
    said = [
        f"{types[link.type].words(link.properties).caption}{f' ({text})' if (text := properties_text(link)) else ''}"
        f"  [{citations.link_sources(link)}]"
        for link in (found.links[name] for name in step.links)
    ]
    holder, held = found.nodes[step.holder].caption, found.nodes[step.held].caption
    return f"{holder} holds {step.share.text} of {held}: {'; '.join(said)}"


def _caveats(found: QuestionResult[Ownership]) -> Iterator[str]:
    """What a reader must know before relying on the figures."""
    from kg.findings.statements import unread_link_sentences

    answer = found.finding
    for interest, left in answer.unaccounted.items():
        if left.high > 0:
            what = {"beneficial": "the beneficial interest", "legal": "the legal title"}[interest]
            if interest == "legal" and any(role.holds_title for role in answer.arrangements):
                yield f"no source states the shares of {left.text} of {what}, whose holders are named above"
                continue
            yield f"no source names a holder of {left.text} of {what}"
    for circle in answer.circles:
        yield _circular_holding_text(found, circle.members, circle.closed)
    yield from _contradiction_lines(found)
    yield from answer.caveats
    yield from unread_link_sentences(found.links.values(), found.nodes)
    if answer.more:
        yield "there are more; --limit shows them"


def _contradiction_lines(found: QuestionResult[Ownership]) -> Iterator[str]:
    """What cannot all be true, of shares and of the links that are named."""
    from kg.findings.contradictions import dispute_words, excess_words

    answer, names = found.finding, {node.id: node.caption for node in found.nodes.values()}
    for excess in answer.beyond:
        sources = sorted({source for name in excess.links for source in found.links[name].sources})
        kind = {"beneficial": "beneficial interest", "legal": "legal title"}[excess.interest]
        yield f"contradiction on {names[excess.held]}, {kind}: {excess_words(excess)} ({', '.join(sources)})"
    for dispute in answer.disputes:
        yield f"contradiction on {names[dispute.holder]} in {names[dispute.held]}: {dispute_words(dispute)}"
    for crowded in answer.crowded:
        sources = sorted({source for name in crowded.links for source in found.links[name].sources})
        said = f"{names[crowded.holder]} holds {names[crowded.held]} too, as {', '.join(sources)} says"
        yield f"{said}; the shares that are stated of others leave nothing for it"
    for one in answer.contradictions:
        link = found.links[one.about]
        unused = "; it counts for nothing" if one.about in answer.impossible else ""
        ends = f"{names[link.source_id]} in {names[link.target_id]}"
        yield f"contradiction on {ends}: {one.says} ({', '.join(link.sources)}){unused}"


def _circular_holding_text(found: QuestionResult[Ownership], members: tuple[str, ...], closed: str) -> str:
    names = ", ".join(found.nodes[member].caption for member in members)
    outside = {
        "yes": "; no source names an outside owner of some of them",
        "maybe": "; some of them may have no outside owner",
        "no": "",
    }[closed]
    return f"circular ownership: {names}{outside}"

"""`kg show`: one node with its claims, records, judgements and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.captions import other_text, type_text, unread_text
from kg.cli.citations import Citations, grade_text
from kg.cli.commands.attach import show_exhibits
from kg.cli.commands.candidates import describe_evidence
from kg.cli.commands.judgements import show_judgements
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.findings.matches import Suggestion
    from kg.ontology import Ontology
    from kg.operations import NodeIdentity
    from kg.operations.answers import ClaimOut, EntityAnswer
    from kg.ports import WaitingLink
    from kg.records import Claim, Link, Node

MAX_LINKS = 200


def show(
    name: Annotated[str, typer.Argument(help="An id, a former id, namespace:key, or a name that only one node has.")],
    json: Json = False,
) -> None:
    """Show one node: every claim with its source and date, and its links."""
    from kg import operations
    from kg.ports import LinkQuery
    from kg.records import DOCUMENTS

    with open_workspace() as workspace, operations.open_store(workspace) as store:
        node_id = operations.resolve_node(store, "id", name)
        answer = operations.describe_entity(workspace, store, node_id)
        query = LinkQuery(node_id, limit=MAX_LINKS)
        if json:
            links = operations.describe_links(store, workspace.ontology, query)
            exhibits = [e.model_dump(mode="json") for e in operations.iterate_exhibits(workspace, store, node_id)]
            print_json({**links.model_dump(mode="json"), **answer.model_dump(mode="json"), "exhibits": exhibits})
            return
        identity = operations.get_identity(workspace, store, node_id)
        first, waiting = store.links(query), operations.find_unresolved_links(store, query)
        found = [link for link in first if link.type != DOCUMENTS]
        claims = operations.claims_that_say_more(store, found)
        listed = operations.find_exhibits(workspace, store, node_id, limit=MAX_LINKS).exhibits
        ends = store.nodes(dict.fromkeys((node_id, *(end for k in found for end in (k.source_id, k.target_id)))))
    citations = Citations()
    _show_entity(answer, citations)
    _show_identity(node_id, answer.claims, identity)
    if listed:
        show_exhibits(listed, citations)
        if len(listed) == MAX_LINKS:
            print_line(f"only the first {MAX_LINKS} exhibits are shown; `kg exhibits` lists all")
    _show_links(ends[node_id], found, ends, _LinkWords(workspace.ontology, claims, citations))
    if len(first) == MAX_LINKS:
        print_line(f"only the first {MAX_LINKS} links are shown")
    for one in waiting:
        print_line(f"! unresolved link: {_unresolved_text(one)}")
    for link in found:
        between = " and ".join(ends[end].caption for end in (link.source_id, link.target_id))
        for sentence in operations.contradiction_sentences(workspace.ontology, link, ends):
            print_line(f"! contradiction on {between}: {sentence}")
    citations.show()


@dataclass(frozen=True, slots=True)
class _LinkWords:
    """Puts links into words."""

    ontology: Ontology
    claims: Mapping[str, Sequence[Claim]]
    citations: Citations

    def details(self, link: Link) -> str:
        """The properties of a link, its values under the names of their sources, and what was not understood."""
        claims = self.claims.get(link.id, ())
        shared = claims if len(link.provenances) > 1 else ()
        noted = dict.fromkeys(f"noted: {text}" for claim in claims for text in claim.remarks)
        values = self.citations.link_values(self.ontology.properties(link.type), link, shared)
        return "; ".join(filter(None, (values, other_text(claims), unread_text(link.not_understood), *noted)))


def _show_entity(answer: EntityAnswer, citations: Citations) -> None:
    print_line(f"{answer.entity.caption}  ({type_text(answer.entity)}, {answer.entity.id})")
    for sentence in answer.sought:
        print_line(f"  {sentence}")
    for sentence in answer.contradictions:
        print_line(f"  ! contradiction: {sentence}")
    for sentence in answer.joins:
        print_line(f"  {sentence}")
    stated = [
        (name, value, claim)
        for claim in answer.claims
        for name, values in [*claim.properties.items(), *claim.other.items()]
        for value in values
    ]
    headings = ("property", "value as the source has it", "source", "grade", "stated", "cited", "recorded here")
    print_table(headings, [_claim_row(*one, citations) for one in sorted(stated, key=_claim_order)])
    unread = [(value.name, value.words, claim) for claim in answer.claims for value in claim.not_understood]
    if unread:
        print_line("not understood, and so no part of any answer:")
        rows = [_claim_row(*one, citations) for one in sorted(unread, key=_claim_order)]
        print_table(("name", "words of the source", *headings[2:]), rows)
    noted = [
        (claim.source, f"{claim.namespace}:{claim.key}", text) for claim in answer.claims for text in claim.remarks
    ]
    if noted:
        print_line("noted when it was loaded, and kept as it is:")
        print_table(("source", "record", "remark"), noted)


def _claim_order(one: tuple[str, str, ClaimOut]) -> tuple[str, ...]:
    name, value, claim = one
    return name, value, claim.source, claim.key


def _claim_row(name: str, value: str, claim: ClaimOut, citations: Citations) -> tuple[str, ...]:
    cited = citations.mark(claim.source, claim)
    return name, value, claim.source, grade_text(claim), claim.stated, cited, claim.since


def _show_identity(node: str, claims: list[ClaimOut], identity: NodeIdentity) -> None:
    """Print the records and judgements that make the node, who may be one with it, and its former ids."""
    records = [
        (f"{c.namespace}:{c.key}{f' ({c.part})' if c.part else ''}", c.type, c.source, c.since, ", ".join(c.referents))
        for c in claims
    ]
    print_table(("record", "type", "source", "recorded here", "referents"), records)
    if identity.judgements:
        show_judgements(identity.judgements)
    if identity.suggestions:
        print_line("may be one with these; a suggestion, no fact, until somebody judges (kg same, kg distinct):")
        rows = [_suggestion_row(suggestion, node) for suggestion in identity.suggestions]
        print_table(("probability", "other", "for and against, in bits", "first seen", "id"), rows)
    if identity.former_ids:
        print_line(f"former ids: {', '.join(identity.former_ids)}")


def _suggestion_row(suggestion: Suggestion, node: str) -> tuple[str, ...]:
    from kg.findings.matches import probability_words

    match = suggestion.match
    other, caption = (match.other, match.other_caption) if match.one == node else (match.one, match.one_caption)
    return probability_words(match, 2), caption, describe_evidence(match), suggestion.seen_first, other


def _unresolved_text(link: WaitingLink) -> str:
    """A link with an end that is not loaded: its type, its ends in order, what is stated and where."""
    tail, head = link.ends
    said = "; ".join(f"{name} {' or '.join(values)}" for name, values in sorted(link.stated.items()))
    stated = f" ({said})" if said else ""
    where = link.place or link.source
    return f"{link.type} from {tail} to {head}{stated}, {link.missing_names} is not loaded  [{where}]"


def _show_links(node: Node, links: list[Link], others: dict[str, Node], words: _LinkWords) -> None:
    from kg.findings.statements import relation_sentence

    rows = []
    for link in links:
        forward = link.source_id == node.id
        other = others[link.target_id if forward else link.source_id]
        link_type = words.ontology.links[link.type]
        reads = link_type.words(link.properties)
        says = reads.caption if forward else reads.inverse
        sources = words.citations.link_sources(link)
        ends = (node.caption, other.caption) if forward else (other.caption, node.caption)
        stated = relation_sentence(link_type, link, *ends)
        details = "; ".join(filter(None, (words.details(link), stated)))
        rows.append((says, f"{other.caption} ({other.type})", details, sources, other.id))
    if rows:
        print_table(("link", "to", "details", "sources", "id"), sorted(rows))

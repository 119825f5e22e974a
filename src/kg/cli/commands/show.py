"""`kg show`: one node with its claims, records, judgements and links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.captions import properties_text, type_text, unread_text
from kg.cli.commands.judgements import show_judgements
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.ontology import LinkType
    from kg.operations import NodeIdentity
    from kg.operations.answers import ClaimOut, EntityAnswer
    from kg.records import Link, Node

    LinkTypes = Mapping[str, LinkType]

MAX_LINKS = 200


def show(
    name: Annotated[str, typer.Argument(help="An id, a former id, namespace:key, or a name that only one node has.")],
    json: Json = False,
) -> None:
    """Show one node: every claim with its source and date, and its links."""
    from kg import operations
    from kg.ports import LinkQuery

    with open_workspace() as workspace, operations.open_store(workspace) as store:
        node_id = store.resolve(name)
        answer = operations.describe_entity(workspace, store, node_id)
        query = LinkQuery(node_id, limit=MAX_LINKS)
        if json:
            links = operations.describe_links(store, workspace.ontology, query)
            print_json({**links.model_dump(mode="json"), **answer.model_dump(mode="json")})
            return
        identity = operations.get_identity(workspace, store, node_id)
        found = store.links(query)
        ends = store.nodes(dict.fromkeys((node_id, *(end for k in found for end in (k.source_id, k.target_id)))))
    _show_entity(answer)
    _show_identity(answer.claims, identity)
    _show_links(ends[node_id], found, ends, workspace.ontology.links)
    for link in found:
        between = " and ".join(ends[end].caption for end in (link.source_id, link.target_id))
        for sentence in operations.contradiction_sentences(workspace.ontology, link):
            print_line(f"! contradiction on {between}: {sentence}")


def _show_entity(answer: EntityAnswer) -> None:
    print_line(f"{answer.entity.caption}  ({type_text(answer.entity)}, {answer.entity.id})")
    for sentence in answer.sought:
        print_line(f"  {sentence}")
    for sentence in answer.contradictions:
        print_line(f"  ! contradiction: {sentence}")
    rows = [
        (name, value, claim.source, grade_text(claim), claim.stated, claim.since)
        for claim in answer.claims
        for name, values in [*claim.properties.items(), *claim.other.items()]
        for value in values
    ]
    print_table(("property", "value as the source has it", "source", "grade", "stated", "recorded here"), sorted(rows))
    unread = [
        (value.name, value.words, claim.source, claim.stated, claim.since)
        for claim in answer.claims
        for value in claim.not_understood
    ]
    if unread:
        print_line("not understood, and so no part of any answer:")
        print_table(("name", "words of the source", "source", "stated", "recorded here"), sorted(unread))


def _show_identity(claims: list[ClaimOut], identity: NodeIdentity) -> None:
    """Print the records and judgements that make the node, and its former ids."""
    records = [
        (f"{c.namespace}:{c.key}{f' ({c.part})' if c.part else ''}", c.type, c.source, c.since, ", ".join(c.referents))
        for c in claims
    ]
    print_table(("record", "type", "source", "recorded here", "referents"), records)
    if identity.judgements:
        show_judgements(identity.judgements)
    if identity.former_ids:
        print_line(f"former ids: {', '.join(identity.former_ids)}")


def _show_links(node: Node, links: list[Link], others: dict[str, Node], types: LinkTypes) -> None:
    rows = []
    for link in links:
        forward = link.source_id == node.id
        other = others[link.target_id if forward else link.source_id]
        link_type = types[link.type]
        words = link_type.caption if forward else link_type.inverse
        details = "; ".join(filter(None, (properties_text(link), unread_text(link.not_understood))))
        rows.append((words, f"{other.caption} ({other.type})", details, ", ".join(link.sources), other.id))
    if rows:
        print_table(("link", "to", "details", "sources", "id"), sorted(rows))
    if len(links) == MAX_LINKS:
        print_line(f"only the first {MAX_LINKS} links are shown")


def grade_text(claim: ClaimOut) -> str:
    """Reliability of the source and credibility of the information, `-` where not graded."""
    return f"{claim.reliability or '-'}{claim.credibility or '-'}"

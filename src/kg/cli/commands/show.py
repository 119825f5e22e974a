"""`kg show`: one node with its claims, records, judgements and links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.captions import properties_text, type_text
from kg.cli.commands.judgements import show_judgements
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.ontology import LinkType
    from kg.operations import NodeIdentity
    from kg.ports import LinkQuery, Store
    from kg.records import Claim, Link, Node

    LinkTypes = Mapping[str, LinkType]

MAX_LINKS = 200


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: kg show 4jl5s6dzrd2pfqxhrqk7z3y2ma")(show)


def show(
    name: Annotated[str, typer.Argument(help="An id, a former id, namespace:key, or a name that only one node has.")],
    json: Json = False,
) -> None:
    """Show one node: every claim with its source and date, and its links."""
    from kg import operations
    from kg.ports import LinkQuery

    with open_workspace() as workspace, operations.open_store(workspace) as store:
        node = store.nodes([store.resolve(name)])
        found = next(iter(node.values()))
        links = store.links(LinkQuery(found.id, limit=MAX_LINKS))
        claims = store.claims([found.id]).get(found.id, [])
        identity = operations.get_identity(workspace, store, found.id)
        others = store.nodes({link.source_id for link in links} | {link.target_id for link in links})
        if json:
            print_json(
                {
                    **found.to_json(),
                    **identity.to_json(),
                    "claims": [c.to_json() for c in claims],
                    "links": [link.to_json() for link in links],
                    "sought": [pursuit_text(store, link) for link in found.sought_under],
                }
            )
            return
        _show_node(store, found, claims)
        _show_identity(claims, identity)
    _show_links(found, links, others, workspace.ontology.links)


def _show_node(store: Store, node: Node, claims: list[Claim]) -> None:
    print_line(f"{node.caption}  ({type_text(node)}, {node.id})")
    for line in (pursuit_text(store, link) for link in node.sought_under):
        print_line(f"  {line}")
    rows = [
        (name, value, claim.source, grade_text(claim), claim.provenance.stated, claim.since)
        for claim in claims
        for name, values in [*claim.properties.items(), *claim.other.items()]
        for value in values
    ]
    print_table(("property", "value as the source has it", "source", "grade", "stated", "recorded here"), sorted(rows))


def _show_identity(claims: list[Claim], identity: NodeIdentity) -> None:
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
        rows.append(
            (words, f"{other.caption} ({other.type})", properties_text(link), ", ".join(link.sources), other.id)
        )
    if rows:
        print_table(("link", "to", "details", "sources", "id"), sorted(rows))
    if len(links) == MAX_LINKS:
        print_line(f"only the first {MAX_LINKS} links are shown")


def grade_text(claim: Claim) -> str:
    """Reliability of the source and credibility of the information, `-` where not graded."""
    return f"{claim.provenance.reliability or '-'}{claim.provenance.credibility or '-'}"


def pursuit_text(store: Store, link_id: str) -> str:
    """`sought by X since D under the list entry N`."""
    link = store.links_by_id([link_id])[link_id]
    paper = store.nodes([link.target_id])[link.target_id]
    issuers = store.links(_issuer_query(paper.id))
    agencies = store.nodes([i.target_id for i in issuers])
    by = ", ".join(a.caption for a in agencies.values()) or paper.first("issuer") or "an issuer that no source names"
    since = paper.first("issued_on") or "an unknown day"
    what = {"ListEntry": "list entry"}.get(paper.type, paper.type.lower())
    return f"sought by {by} since {since} under the {what} {paper.caption}, as {', '.join(link.sources)} says"


def _issuer_query(paper: str) -> LinkQuery:
    from kg.ports import LinkQuery

    return LinkQuery(paper, types=("ISSUED_BY",))

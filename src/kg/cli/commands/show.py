"""Which commands ask the graph?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands.judgements import show_judgements
from kg.cli.terminal import Json, print_json, say, table, workplace

if TYPE_CHECKING:
    from kg.ontology import LinkType
    from kg.operations import Identity
    from kg.ports import LinkQuery, Store
    from kg.records import Claim, Link, Node

    LinkTypes = Mapping[str, LinkType]

LINKS_SHOWN = 200


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog='Example: kg search "Wei Min" --type Person')(search)
    app.command(epilog="Example: kg show 4jl5s6dzrd2pfqxhrqk7z3y2ma")(show)


def search(
    text: Annotated[str, typer.Argument(help="A name in any script, or an identifier with or without separators.")],
    kinds: Annotated[
        list[str] | None, typer.Option("--type", help="Only this node type and its kinds; repeatable.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most results.")] = 20,
    json: Json = False,
) -> None:
    """Find nodes by name or identifier. Case, diacritics, spacing and full width make no difference."""
    from kg import operations

    with workplace() as place, operations.open_store(place) as store:
        found = store.search(text, kinds or (), limit)
    if json:
        print_json([node.to_json() for node in found])
    elif not found:
        say(f"nothing is called {text!r}")
    else:
        table(("id", "type", "name", "sources"), [(n.id, kind(n), n.caption, ", ".join(n.sources)) for n in found])


def show(
    name: Annotated[str, typer.Argument(help="An id, a former id, namespace:key, or a name that only one node has.")],
    json: Json = False,
) -> None:
    """Show one node: every claim with its source and date, and its links."""
    from kg import operations
    from kg.ports import LinkQuery

    with workplace() as place, operations.open_store(place) as store:
        node = store.nodes([store.resolve(name)])
        found = next(iter(node.values()))
        links = store.links(LinkQuery(found.id, limit=LINKS_SHOWN))
        claims = store.claims([found.id]).get(found.id, [])
        identity = operations.identity_of(place, store, found.id)
        others = store.nodes({link.source_id for link in links} | {link.target_id for link in links})
        if json:
            print_json(
                {
                    **found.to_json(),
                    **identity.to_json(),
                    "claims": [c.to_json() for c in claims],
                    "links": [link.to_json() for link in links],
                    "sought": [sought(store, link) for link in found.sought_under],
                }
            )
            return
        _show_node(store, found, claims)
        _show_identity(claims, identity)
    _show_links(found, links, others, place.ontology.links)


def _show_node(store: Store, node: Node, claims: list[Claim]) -> None:
    say(f"{node.caption}  ({kind(node)}, {node.id})")
    for line in (sought(store, link) for link in node.sought_under):
        say(f"  {line}")
    rows = [
        (name, value, claim.source, graded(claim), claim.said.stated, claim.since)
        for claim in claims
        for name, values in [*claim.properties.items(), *claim.other.items()]
        for value in values
    ]
    table(("property", "as the source says", "source", "grade", "stated", "in the ledger since"), sorted(rows))


def _show_identity(claims: list[Claim], identity: Identity) -> None:
    """Which records and judgements make the node, and the ids it had."""
    records = [
        (f"{c.namespace}:{c.key}{f' ({c.part})' if c.part else ''}", c.type, c.source, c.since, ", ".join(c.referents))
        for c in claims
    ]
    table(("record", "type", "source", "in the ledger since", "also names"), records)
    if identity.judgements:
        show_judgements(identity.judgements)
    if identity.former_ids:
        say(f"former ids: {', '.join(identity.former_ids)}")


def _show_links(node: Node, links: list[Link], others: dict[str, Node], types: LinkTypes) -> None:
    rows = []
    for link in links:
        forward = link.source_id == node.id
        other = others[link.target_id if forward else link.source_id]
        link_type = types[link.type]
        words = link_type.caption if forward else link_type.inverse
        rows.append((words, f"{other.caption} ({other.type})", details(link), ", ".join(link.sources), other.id))
    if rows:
        table(("link", "to", "details", "sources", "id"), sorted(rows))
    if len(links) == LINKS_SHOWN:
        say(f"only the first {LINKS_SHOWN} links are shown")


def kind(node: Node) -> str:
    """The type of a node as a person reads it; several where sources contradict each other."""
    types = " or ".join(node.types) or node.type
    return f"{types}, Fugitive" if node.sought_under else types


def named(node: Node) -> str:
    """A node on one line."""
    return f"{node.caption} ({kind(node)})"


def graded(claim: Claim) -> str:
    """Reliability of the source and credibility of the information, `-` where not graded."""
    return f"{claim.said.reliability or '-'}{claim.said.credibility or '-'}"


def details(link: Link) -> str:
    """What a link says besides its ends, in the order of the names of its properties."""
    return "; ".join(f"{name.replace('_', ' ')} {' or '.join(values)}" for name, values in link.properties.items())


def sought(store: Store, link_id: str) -> str:
    """`sought by X since D under the list entry N`."""
    link = store.links_by_id([link_id])[link_id]
    paper = store.nodes([link.target_id])[link.target_id]
    issuers = store.links(_issued(paper.id))
    agencies = store.nodes([i.target_id for i in issuers])
    by = ", ".join(a.caption for a in agencies.values()) or paper.first("issuer") or "an issuer that no source names"
    since = paper.first("issued_on") or "an unknown day"
    what = {"ListEntry": "list entry"}.get(paper.type, paper.type.lower())
    return f"sought by {by} since {since} under the {what} {paper.caption}, as {', '.join(link.sources)} says"


def _issued(paper: str) -> LinkQuery:
    from kg.ports import LinkQuery

    return LinkQuery(paper, types=("ISSUED_BY",))

"""`kg sources`, `loads`, `history` and `waiting`: what was loaded, when and by whom, and which links are unresolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.ports import WaitingLink

DIGEST_LENGTH = 12


def sources(json: Json = False) -> None:
    """List the sources with their record counts and last loads, and count the nodes and links of the graph."""
    from dataclasses import asdict

    from kg import operations
    from kg.records import UNKNOWN_KEY

    with open_workspace() as workspace, operations.open_store(workspace) as store:
        found = store.contents()
    last = {} if json or workspace.neo4j else {entry.source: entry for entry in operations.list_loads(workspace)}
    if json:
        print_json({**asdict(found), "version": str(found.version)})
        return
    rows = [
        (
            s.name,
            s.title + (" [invented]" if s.invented else ""),
            f"{s.records:,}",
            f"{s.waiting:,}",
            f"{sum(s.not_understood.values()):,}",
            f"{sum(s.remarks.values()):,}",
            f"{s.last_load} ({s.loads:,})",
            s.namespace,
            s.digest[:DIGEST_LENGTH],
        )
        for s in found.sources
    ]
    headings = (
        "source",
        "title",
        "records",
        "unresolved links",
        "values not understood",
        "remarks",
        "last load (loads)",
    )
    print_table((*headings, "namespace", "digest"), rows)
    for s in found.sources:
        if s.not_understood:
            counts = sorted(s.not_understood.items(), key=lambda item: (-item[1], item[0]))
            print_line(f"not understood in {s.name}: {', '.join(f'{name} {count:,}' for name, count in counts)}")
        # that a key is in no row of the files says nothing once every link has both its ends
        if remarks := {kind: count for kind, count in s.remarks.items() if s.waiting or UNKNOWN_KEY not in kind}:
            print_line(f"noted in {s.name}, and kept:")
            for kind, count in sorted(remarks.items(), key=lambda item: (-item[1], item[0])):
                print_line(f"  {count:,} × {kind}")
    for name, entry in sorted(last.items()):
        if entry.rejected:
            rows_of = f"{plural(entry.rejected, 'rows')} rejected at the last load of {name}"
            print_line(f"{rows_of}; `kg rejects {name}` lists them")
    nodes, links = sum(found.nodes.values()), sum(found.links.values())
    print_line(f"{nodes:,} nodes, {links:,} links, {plural(found.waiting, 'unresolved links')}")
    print_line(f"as of {found.as_of or 'no load yet'}, graph {found.version}")


def loads(
    source: Annotated[str, typer.Argument(help="Only the loads of this source.")] = "", json: Json = False
) -> None:
    """List every load and withdrawal, oldest first: who did it, for which case, what it changed, the digest afterwards.

    Equal digests mean equal records of the source, in this store or another, whatever was loaded before.
    """
    from dataclasses import asdict

    from kg import operations

    with open_workspace() as workspace:
        found = operations.list_loads(workspace, source)
    if json:
        print_json([asdict(entry) for entry in found])
        return
    rows = [
        (
            str(e.number),
            e.day,
            e.source,
            e.kind,
            f"+{e.added:,} ~{e.changed:,} -{e.withdrawn:,} ={e.unchanged:,}",
            f"{e.rejected:,} + {e.set_aside:,}",
            e.digest[:DIGEST_LENGTH],
            e.user,
            e.case_reference,
            ", ".join(e.files),
        )
        for e in found
    ]
    headings = ("load", "day", "source", "kind", "records", "rows + values rejected", "digest", "by", "case", "files")
    print_table(headings, rows)
    print_line("records: + added, ~ changed, - withdrawn, = unchanged; --json has the digests in full")


def history(json: Json = False) -> None:
    """List who did what, by day: loads, withdrawals, judgements, exports, reports and erasures."""
    from kg.operations.ledger.erase import list_history

    with open_workspace() as workspace:
        found = list_history(workspace)
    if json:
        print_json(found)
    elif not found:
        print_line("nothing was done yet")
    else:
        rows = [(e.day, e.kind, e.user, e.case_reference, e.what) for e in found]
        print_table(("day", "what", "by", "case", "about"), rows)


def waiting(
    source: Annotated[str, typer.Option(help="Only the links of this source.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Most links.")] = 100,
    json: Json = False,
) -> None:
    """List the unresolved links, with file, line and names: one end is not loaded yet. They appear when it is."""
    from kg import operations

    with open_workspace() as workspace, operations.open_sqlite_store(workspace) as store:
        found = store.waiting_links(source, limit)
    if json:
        print_json(found)
    elif not found:
        print_line("no unresolved links")
    else:
        rows = [(w.place or f"{w.source}:{w.key}", _named_end(w), w.type, w.missing_names, w.source) for w in found]
        print_table(("where", "the end that is there", "link", "missing end", "source"), rows)
        if any(ref.namespace == "jurisdiction" for w in found for ref in w.missing):
            print_line("`kg load --reference` loads the jurisdictions that come with kg")
        if len(found) == limit:
            print_line(f"only the first {limit:,} links are shown")


def _named_end(link: WaitingLink) -> str:
    """`Ann Example (desk:p1)`; empty if both ends are missing."""
    if link.present is None:
        return ""
    ref, caption = link.present
    return f"{caption} ({':'.join(ref)})" if caption else ":".join(ref)

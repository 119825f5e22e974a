"""Which commands bring claims in, take them back and check the graph?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.ledger.loads import LoadResult
    from kg.ledger.verification import Verification
    from kg.stores.neo4j import Comparison


DIGEST_LENGTH = 12


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog="Example: kg load entities.ftm.json --source opensanctions")(load)
    app.command(epilog="Example: kg withdraw opensanctions --yes")(withdraw)
    app.command(epilog="Example: kg sources --json")(sources)
    app.command(epilog="Example: kg loads opensanctions")(loads)
    app.command(epilog="Example: kg waiting --source opensanctions")(waiting)
    app.command(epilog="Example: kg verify")(verify)


def load(  # noqa: PLR0913  # one flag a parameter
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files of one source: its complete snapshot.", readable=False)
    ] = None,
    source: Annotated[str, typer.Option(help="Name of the source, unless the files declare it.")] = "",
    connector: Annotated[
        str,
        typer.Option(
            "--as",
            help="A connector, or the path of a declaration of tables; chosen by the files' names.",
        ),
    ] = "",
    namespace: Annotated[str, typer.Option(help="Namespace of the source's keys; the source's name by default.")] = "",
    reference: Annotated[bool, typer.Option("--reference", help="Load the reference facts that came with kg.")] = False,
    delta: Annotated[
        bool, typer.Option("--delta", help="The files change what the source said; rows they do not name stay.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first row or value that cannot be read.")
    ] = False,
    store: Annotated[str, typer.Option(help="A Neo4j to bring up to date, such as neo4j://HOST:7687.")] = "",
    json: Json = False,
) -> None:
    """Load files as one source's complete snapshot: whatever it said before and does not say here is withdrawn.

    With --delta each line brings, replaces or takes back one row, in the order of the files; the last word counts.

    A row that cannot be read is kept in a rejects file with its reason, and counted. The load happens as a whole, or
    not at all.
    """
    from kg import operations
    from kg.operations import FileLoadRequest

    if reference == bool(files):
        raise InputError("give either files to load, or --reference")
    if reference and delta:
        raise InputError("the reference facts are a snapshot; leave --delta out")
    order = FileLoadRequest(tuple(files or ()), connector, source, namespace, strict, delta=delta)
    if reference:
        order = operations.reference_load_request()
    with open_workspace(store=store) as place:
        result = operations.load(place, order)
    if json:
        print_json(_load_json(result))
    else:
        show_load(result)


def show_load(result: LoadResult) -> None:
    """Say what a load did."""
    print_line(
        f"{result.source}: {result.added:,} records added, {result.changed:,} changed, {result.withdrawn:,} withdrawn, "
        f"{result.unchanged:,} as before; now {result.nodes:,} about nodes and {result.links:,} about links"
    )
    if result.rejected or result.set_aside:
        print_line(f"  {result.rejected:,} rows rejected, {result.set_aside:,} values set aside: {result.rejects_file}")
        for reason, count in _most_frequent(result.reasons):
            print_line(f"    {count:,} × {reason}")
    if result.repeated:
        print_line(f"  {result.repeated:,} records repeat another one of the same key")
    if result.unmapped:
        names = ", ".join(f"{name} ({count:,})" for name, count in _most_frequent(result.unmapped))
        print_line(f"  kept under the source's own names, because the ontology has no place for them: {names}")
    if result.waiting:
        print_line(f"  {result.waiting:,} links of the graph wait for an end that no source describes yet")


def show_load_in_one_line(result: LoadResult) -> None:
    """Say on one line what a load into a new store did; nothing that was lost is left out."""
    lost = f", {result.rejected + result.set_aside:,} rejects in {result.rejects_file}" if result.reasons else ""
    print_line(f"  {result.source:14} {result.nodes:>5,} records about nodes, {result.links:>5,} about links{lost}")


def _most_frequent(counts: dict[str, int], limit: int = 5) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]


def withdraw(
    source: Annotated[str, typer.Argument(help="Name of the source; `kg sources` lists them.")],
    erase: Annotated[
        bool, typer.Option("--erase", help="Remove it from the ledger too, with its rejects, for good.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Take back everything a source said. The graph is then as if it had never been loaded.

    The ledger keeps what was withdrawn, unless you erase it: then no byte of it stays in the store's files, and the
    reports that named the source are listed, because they are where you put them.
    """
    from kg import operations

    if not yes:
        if not sys.stdin.isatty():
            raise InputError("withdrawing needs a confirmation; answer on a terminal, or give --yes")
        question = f"Erase everything that {source!r} ever said, for good?" if erase else f"Withdraw all of {source!r}?"
        if not typer.confirm(question):
            raise KeyboardInterrupt  # as if somebody had pressed it: nothing was done
    if erase:
        _erase(source, json=json)
        return
    with open_workspace() as place:
        result = operations.withdraw(place, source)
    if json:
        print_json(_load_json(result))
    else:
        print_line(f"{source}: {result.withdrawn:,} records withdrawn")


def _erase(source: str, *, json: bool) -> None:
    from kg import operations

    with open_workspace() as place:
        erased = operations.erase(place, source)
    if json:
        print_json(erased.to_json())
        return
    print_line(f"{source}: {erased.withdrawn:,} records withdrawn, {erased.records:,} erased from the ledger")
    if erased.judgements:
        print_line(f"  {erased.judgements:,} judgements about names of its own are erased too")
    for file in erased.rejects:
        print_line(f"  erased {file}")
    for report in erased.reports:
        print_line(f"  a report of {report.day} names it, which you have to see to: {', '.join(report.files)}")


def sources(json: Json = False) -> None:
    """List the sources with what they say and when they were last loaded, and count the graph."""
    from dataclasses import asdict

    from kg import operations

    with open_workspace() as place, operations.open_store(place) as store:
        found = store.contents()
    if json:
        print_json({**asdict(found), "version": str(found.version)})
        return
    rows = [
        (
            s.name,
            s.title + (" [invented]" if s.invented else ""),
            f"{s.records:,}",
            f"{s.waiting:,}",
            f"{s.last_load} ({s.loads:,})",
            s.namespace,
            s.digest[:DIGEST_LENGTH],
        )
        for s in found.sources
    ]
    print_table(("source", "title", "records", "links waiting", "last load (loads)", "namespace", "digest"), rows)
    nodes, links = sum(found.nodes.values()), sum(found.links.values())
    print_line(f"{nodes:,} nodes, {links:,} links, {found.waiting:,} links wait for an end")
    print_line(f"as of {found.as_of or 'no load yet'}, graph {found.version}")


def loads(
    source: Annotated[str, typer.Argument(help="Only the loads of this source.")] = "",
    json: Json = False,
) -> None:
    """List every load and withdrawal, oldest first, with what it changed and the digest of what the source says since.

    Equal digests mean that the source says the same, in this store or another, whatever was loaded before.
    """
    from dataclasses import asdict

    from kg import operations

    with open_workspace() as place:
        found = operations.list_loads(place, source)
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
            ", ".join(e.files),
        )
        for e in found
    ]
    print_table(("load", "day", "source", "kind", "records", "rows + values rejected", "digest", "files"), rows)
    print_line("records: + added, ~ changed, - withdrawn, = as before; --json has the digests in full")


def waiting(
    source: Annotated[str, typer.Option(help="Only the links of this source.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Most links.")] = 100,
    json: Json = False,
) -> None:
    """List the links that wait for an end that no source describes yet. They appear in the graph when it arrives."""
    from kg import operations

    with open_workspace() as place, operations.open_sqlite_store(place) as store:
        found = store.waiting_links(source, limit)
    if json:
        print_json([link.to_json() for link in found])
    elif not found:
        print_line("no link waits for an end")
    else:
        rows = [
            (w.source, w.key, w.part, w.type, ", ".join(f"{space}:{key}" for space, key in w.missing)) for w in found
        ]
        print_table(("source", "key", "part", "link", "waits for"), rows)
        if len(found) == limit:
            print_line(f"only the first {limit:,} links are shown")


def verify(json: Json = False) -> None:
    """Prove that the graph is what the ledger says: build it anew beside the store and compare.

    If the graph is in a Neo4j, that is compared with the SQLite file too, all it holds of ours.
    """
    from kg import operations

    with open_workspace() as place:
        found = operations.verify(place)
        there = operations.verify_neo4j(place) if place.neo4j else None
    clean = found.is_clean and (there is None or there.is_clean)
    if json:
        data = {
            "clean": clean,
            "digest": found.digest,
            "nodes": found.nodes,
            "links": found.links,
            "differing": list(found.differing),
        }
        print_json(data if there is None else {**data, "neo4j": _comparison_json(there)})
    else:
        _show_verification(found, there)
    if not clean:
        raise typer.Exit(1)


def _show_verification(found: Verification, neo4j_comparison: Comparison | None) -> None:
    if found.is_clean:
        print_line(f"clean: {found.nodes:,} nodes and {found.links:,} links are what the ledger says")
        print_line(f"digest {found.digest}")
    else:
        print_line("not what the ledger says: " + ", ".join(found.differing))
    if neo4j_comparison is not None and neo4j_comparison.is_clean:
        print_line(f"the Neo4j holds the same: digest {neo4j_comparison.digest}")
    elif neo4j_comparison is not None:
        print_line(
            "the Neo4j differs; `kg sync --full` mends it: "
            + (", ".join(neo4j_comparison.differing) or "digest " + neo4j_comparison.digest)
        )


def _comparison_json(comparison: Comparison) -> dict[str, object]:
    sides = {"digest": comparison.digest, "expected": comparison.expected}
    return {"clean": comparison.is_clean, **sides, "differing": list(comparison.differing)}


def _load_json(result: LoadResult) -> dict[str, object]:
    return {name: getattr(result, name) for name in result.__dataclass_fields__}

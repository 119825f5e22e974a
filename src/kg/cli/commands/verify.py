"""`kg verify`: compare the graph with the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line, warn_if_shared

if TYPE_CHECKING:
    from kg.ledger.verification import Verification
    from kg.stores.neo4j import Comparison


def verify(
    repair: Annotated[
        bool, typer.Option("--repair", help="First make the graph and all indexes anew from the ledger.")
    ] = False,
    json: Json = False,
) -> None:
    """Check the store's file, its indexes, the graph and attached files: rebuild the graph and compare the two.

    If the graph is in a Neo4j, everything that kg wrote there is compared with the SQLite file too.
    If only indexes or the graph are damaged, --repair makes them anew; if the ledger is, restore a backup.
    """
    from kg import operations

    with open_workspace() as workspace:
        warn_if_shared(workspace)
        found = operations.verify(workspace, repair=repair)
        there = operations.verify_neo4j(workspace) if workspace.neo4j else None
    clean = found.is_clean and (there is None or there.is_clean)
    if json:
        data = {
            "clean": clean,
            "digest": found.digest or None,
            "graph_sum": found.graph_sum or None,
            "nodes": found.nodes if found.digest else None,
            "links": found.links if found.digest else None,
            "differing": list(found.differing),
            "damaged": list(found.damage.problems),
            "attachments": list(found.attachments),
            "advice": found.advice,
        }
        print_json(data if there is None else {**data, "neo4j": _comparison_json(there)})
    else:
        _show_verification(found, there)
    if not clean:
        raise typer.Exit(1)


def _show_verification(found: Verification, neo4j_comparison: Comparison | None) -> None:
    if found.is_clean:
        print_line(f"clean: {found.nodes:,} nodes and {found.links:,} links match the ledger")
        print_line(f"digest {found.digest}")
        print_line(f"sum    {found.graph_sum}")
    elif not found.damage.is_whole:
        print_line("the store's file is damaged: " + "; ".join(found.damage.problems))
        print_line(found.advice)
    else:
        if found.differing:
            print_line("does not match the ledger: " + ", ".join(found.differing))
        for problem in found.attachments:
            print_line(problem)
        print_line(found.advice)
    if neo4j_comparison is not None and neo4j_comparison.is_clean:
        print_line(f"the Neo4j matches: digest {neo4j_comparison.digest}")
    elif neo4j_comparison is not None:
        print_line(
            "the Neo4j differs; `kg sync --full` repairs it: "
            + (", ".join(neo4j_comparison.differing) or "digest " + neo4j_comparison.digest)
        )


def _comparison_json(comparison: Comparison) -> dict[str, object]:
    sides = {"digest": comparison.digest, "expected": comparison.expected}
    return {"clean": comparison.is_clean, **sides, "differing": list(comparison.differing)}

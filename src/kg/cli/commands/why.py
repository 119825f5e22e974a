"""`kg why`: the whole comparison of two people or companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.findings.matches import Match


def why(
    one: Annotated[str, typer.Argument(help="An id, namespace:key, or a name that only one node has.")],
    other: Annotated[str, typer.Argument(help="The same, of the other.")],
    json: Json = False,
) -> None:
    """Say what speaks for and against two nodes being one person or company, also where nothing suggested it."""
    from kg import operations
    from kg.operations.contradictions import entity_contradictions
    from kg.operations.matching.comparison import compare_nodes

    with open_workspace() as workspace, operations.open_store(workspace) as store:
        match = compare_nodes(store, workspace.ontology, one, other)
        nodes = store.nodes((match.one, match.other))
        disputed = [(n.caption, s) for n in nodes.values() for s in entity_contradictions(store, workspace.ontology, n)]
    if json:
        print_json(match)
        return
    print_line(f"{match.one_caption} ({match.one})")
    print_line(f"{match.other_caption} ({match.other})")
    show_match(match)
    for name, sentence in disputed:
        print_line(f"sources contradict each other about {name}: {sentence}")
    print_line("This is a suggestion: they are one only by a judgement (`kg same`).")


def show_match(match: Match) -> None:
    """Print what speaks for and against, and what it comes to."""
    from kg.findings.matches import namesake_words, probability_words, rival_words

    rows = [(e.feature, f"{e.bits:+.1f}", e.says, e.one_value, e.other_value) for e in match.evidence]
    print_table(("feature", "bits", "what it says", "first", "second"), rows)
    said = (
        f"probability {probability_words(match)}: {match.bits:+.1f} bits of evidence",
        namesake_words(match),
    )
    print_line("; ".join(filter(None, said)))
    if rivals := rival_words(match):
        print_line(rivals)
    for warning in match.warnings:
        print_line(f"note: {warning}")
    if match.missing:
        print_line(f"not compared, and would tell: {', '.join(match.missing)}")

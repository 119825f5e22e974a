"""`kg candidates`: which people and companies of the graph may be one?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.findings.matches import Match
    from kg.operations.matching.candidates import CandidateList


def candidates(
    node: Annotated[str, typer.Argument(help="Only pairs of this node, named as for `kg show`.")] = "",
    source: Annotated[
        list[str] | None,
        typer.Option("--source", help="Only pairs with an end in this source; given twice, with an end in each."),
    ] = None,
    least: Annotated[float, typer.Option("--from", min=0.01, max=1, help="Least probability of a pair.")] = 0.1,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many pairs are shown.")] = 50,
    write: Annotated[
        bool,
        typer.Option("--write", help="Keep all of them as suggestions, in place of earlier ones."),
    ] = False,
    json: Json = False,
) -> None:
    """List people and companies of the graph that may be one, with probability and reasons.

    With --write, those in the bands strong and review are kept as suggestions, which answers tell apart from facts:
    nothing in the graph follows from them. Two are one only by a judgement, which `kg same` makes.
    """
    from kg.findings.matches import probability_words
    from kg.operations.matching.candidates import CandidateRequest, find_graph_candidates

    request = CandidateRequest(node, tuple(source or ()), least, limit, write)
    with open_workspace(syncs=write) as workspace:
        found = find_graph_candidates(workspace, request)
    if json:
        print_json(found)
        return
    rows = [
        (
            probability_words(m, 2),
            *(f"{name} ({found.references.get(i, i)})" for name, i in _ends(m)),
            describe_evidence(m, found.references),
        )
        for m in found.matches
    ]
    if rows:
        print_table(("probability", "one", "other", "for and against, in bits"), rows)
    if more := found.total - len(found.matches):
        print_line(f"{more:,} more; --limit shows them")
    print_line(_summary(found, node))


def _ends(match: Match) -> tuple[tuple[str, str], tuple[str, str]]:
    return (match.one_caption, match.one), (match.other_caption, match.other)


def describe_evidence(match: Match, references: Mapping[str, str] | None = None) -> str:
    """What speaks for and against a pair, in one line. `references` are what ids are called, where that is known."""
    from kg.findings.matches import namesake_words, reasons_of, rival_words

    said = [*reasons_of(match), *filter(None, [namesake_words(match), rival_words(match, references)])]
    if match.missing:
        said.append(f"a {' or a '.join(match.missing)} would decide it")
    return "; ".join((*said, *match.warnings))


def _summary(found: CandidateList, node: str) -> str:
    said = [plural(found.total, "candidates")]
    if node:
        said.append(f"{found.parties:,} compared with it")
        if found.crowded:
            said.append(f"{plural(found.crowded, 'spellings')} so frequent that not all entries were compared")
    else:
        said.append(f"{found.parties:,} people and companies, {plural(found.pairs, 'pairs')} weighed")
        if found.crowded:
            said.append(
                f"{plural(found.crowded, 'keys')} shared by up to {found.largest:,}: {found.set_apart:,} people and "
                "companies were compared there only with those of the same birth year or country"
            )
    if found.written:
        said.append(f"{plural(found.written, 'suggestions')} kept, {found.new:,} of them new")
        if (rivals := found.written - found.total) > 0:
            said.append(f"{rivals:,} of those are less probable than --from beside their rivals")
    return "; ".join(said)

"""`kg screen`: which entries of a register may be the people and companies on a list?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands.candidates import describe_evidence
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table
from kg.files import output_file
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.findings.matches import Screening

MAX_SHOWN = 5
"""Matches shown of one target; --out and --json have all."""


Files = Annotated[list[Path], typer.Argument(help="The list: a CSV table of people, or any file that kg reads.")]
Least = Annotated[float, typer.Option("--from", min=0, max=1, help="Least probability of a match.")]
Connector = Annotated[str, typer.Option(help="What reads the list; by default chosen by its name.")]
Out = Annotated[str, typer.Option("--out", help="Write all matches to a file: .csv, .xlsx or .json.")]


def screen(  # noqa: PLR0913  # one flag a parameter
    files: Files,
    register: Annotated[
        list[Path] | None,
        typer.Option("--register", help="A file to search instead of the graph; it is not loaded. Repeatable."),
    ] = None,
    source: Annotated[str, typer.Option("--source", help="Search only what this source of the graph says.")] = "",
    least: Least = 0.1,
    expect: Annotated[
        float, typer.Option(min=0.0001, max=1, help="The share of the list that you expect to be in the register.")
    ] = 0.5,
    connector: Connector = "",
    out: Out = "",
    json: Json = False,
) -> None:
    """Screen a list of people or companies against the graph, or against a file. Nothing is loaded.

    Names are compared across scripts and spellings, then birth dates, numbers, countries, posts, addresses and links.
    Each match has a probability and what speaks for and against it. It is a suggestion to look at: two are one only by
    a judgement, which `kg same` makes.
    """
    from kg.operations.matching.hits import check_output
    from kg.operations.matching.screening import ScreeningRequest, screen

    check_output(out)
    request = ScreeningRequest(tuple(files), tuple(register or ()), source, least, expect, connector)
    with open_workspace(syncs=False) as workspace:
        screening = screen(workspace, request)
    write_screening(screening, out)
    show_screening(screening, out, json=json)


def write_screening(screening: Screening, out: str) -> None:
    """Write all matches to a file, if one is named."""
    from kg.operations.matching.hits import render_hits

    if out:
        with output_file(out) as file:
            file.write(render_hits(screening, out))


def show_screening(screening: Screening, out: str, *, json: bool) -> None:
    """Print the matches, and where all of them were written."""
    if json:
        print_json(screening)
        return
    _show(screening)
    if out:
        print_line(f"wrote {plural(screening.matches + screening.improbable, 'pairs')} to {out}")


def _show(screening: Screening) -> None:
    from kg.findings.matches import probability_words

    rows = []
    for target in screening.targets:
        key = screening.references.get(target.id, "")
        of_list = f"{target.caption} ({key})" if key else target.caption
        for match in target.matches[:MAX_SHOWN]:
            ends = of_list, screening.references.get(match.other, match.other), match.other_caption
            rows.append((*ends, probability_words(match), describe_evidence(match, screening.references)))
        if more := len(target.matches) - MAX_SHOWN:
            rows += [(of_list, "", f"{more} more", "", "")] * (more > 0)
    if rows:
        print_table(("on the list", "key", "in the register", "probability", "for and against, in bits"), rows)
    for target in (target for target in screening.targets if not target.matches):
        print_line(f"{target.caption}: no match" + ("" if target.has_words else "; it has no name to look for"))
    crowded = sum(target.crowded > 0 for target in screening.targets)
    comparisons = plural(sum(t.compared for t in screening.targets), "comparisons")
    said = [
        f"{len(screening.targets):,} on the list",
        f"{comparisons} with {plural(screening.entries, 'entries')}",
        plural(screening.matches, "matches"),
        f"{sum(all(m.band == 'none' for m in t.matches) for t in screening.targets):,} without a match",
    ]
    if screening.improbable:
        said.append(f"{plural(screening.improbable, 'pairs')} shown for a number in common alone, though improbable")
    if crowded:
        said.append(f"{crowded:,} with names so frequent that not all entries were compared")
    if screening.rejected:
        said.append(f"{plural(screening.rejected, 'rows')} could not be read")
    print_line("; ".join(said))
    for note in screening.notes:
        print_line(f"note: {note}")

"""`kg load`: load files as a source's snapshot, or as a delta."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line, warn_if_shared
from kg.errors import InputError
from kg.findings.counts import plural
from kg.records import Reverse

if TYPE_CHECKING:
    from kg.ledger.loads import LoadResult

_VALUE = re.compile(r""", value ('.*?'|".*?")(?=:)""")

COLUMNS_SHOWN = 8
"""Unmapped columns that a load names on screen."""

REASONS_SHOWN = 20
"""Reasons of rejection that are shown on screen."""

Replaces = Annotated[
    bool,
    typer.Option(
        "--replace",
        help="The files may withdraw most of what the source said before, or all of it under other names.",
    ),
]

ReverseOption = Annotated[
    Reverse,
    typer.Option(
        "--reverse",
        help="Which amounts of payments mean that the second end paid: below-zero or above-zero. They lose the sign.",
        show_default=False,
    ),
]


def load(  # noqa: PLR0913  # one flag a parameter
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files, folders or zip archives of one source: its complete snapshot.", readable=False),
    ] = None,
    source: Annotated[str, typer.Option(help="Name of the source, unless the files declare it.")] = "",
    connector: Annotated[
        str,
        typer.Option(
            "--as",
            help="A connector, a table declaration or a FollowTheMoney mapping; by default chosen by the files' names.",
        ),
    ] = "",
    namespace: Annotated[str, typer.Option(help="Namespace of the source's keys; the source's name by default.")] = "",
    reference: Annotated[bool, typer.Option("--reference", help="Load the reference facts that came with kg.")] = False,
    delta: Annotated[
        bool, typer.Option("--delta", help="The files have changes only; rows that they do not name stay.")
    ] = False,
    replaces: Replaces = False,
    reverse: ReverseOption = "",
    case: Annotated[
        str, typer.Option("--case", help="Reference of the case that the load is for; `kg loads` shows it.")
    ] = "",
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first row or value that cannot be read.")
    ] = False,
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Load nothing if the source's newest load brought the same files.")
    ] = False,
    store: Annotated[str, typer.Option(help="A Neo4j to bring up to date, such as neo4j://HOST:7687.")] = "",
    json: Json = False,
) -> None:
    """Load files as the complete snapshot of one source: records that the files no longer have are withdrawn.

    With --delta each line adds, replaces or removes one row, in the order of the files; the last line about a row
    counts.

    A row that cannot be read is kept in a rejects file with its reason, and counted. A load is applied as a whole or
    not at all.
    """
    from kg import operations
    from kg.operations import FileLoadRequest

    if reference == bool(files):
        raise InputError("give either files to load, or --reference")
    if reference and delta:
        raise InputError("the reference facts are a snapshot; leave --delta out")
    request = FileLoadRequest(
        tuple(files or ()),
        connector,
        source,
        namespace,
        strict,
        delta=delta,
        reverse=reverse,
        replace=replaces,
        if_changed=if_changed,
        case_reference=case,
    )
    if reference:
        request = replace(operations.reference_load_request(), if_changed=if_changed, case_reference=case)
    with open_workspace(store=store) as workspace:
        result = operations.load(workspace, request)
        warn_if_shared(workspace)
    if json:
        print_json(load_json(result))
    else:
        show_load(result, show_unmapped=not reference)


def show_load(result: LoadResult, *, show_unmapped: bool = True, lake: str = "") -> None:
    """Print what a load did; `lake` is the folder of the lake that it was into."""
    if result.same_as:
        print_line(f"{result.source}: the files are those of load {result.same_as}; nothing was loaded")
        return
    print_line(
        f"{result.source}: {plural(result.added, 'records')} added, {result.changed:,} changed, "
        f"{result.withdrawn:,} withdrawn, {result.unchanged:,} unchanged; "
        f"now {result.nodes:,} about nodes and {result.links:,} about links"
    )
    if before := result.replaced:
        print_line(
            f"  nothing remains of what the source said (load {before.number}: {', '.join(before.files)}): these files "
            f"replaced its {plural(before.records, 'records')}; to keep both, load them under another --source"
        )
    if result.reasons:
        _show_rejects(result, is_listed=not lake)
    _show_not_understood(result)
    _show_small_shares(result)
    for what, (count, total) in sorted(result.negative_amounts.items()):
        print_line(
            f"  {what}: {count:,} of {total:,} amounts are below zero, and none counts as money that went from the "
            "payer to the payee; where the sign says who paid, the others may go the wrong way: load with --reverse "
            "below-zero or --reverse above-zero, or declare `reverse` for the column"
        )
    if result.unread_files:
        named = ", ".join(result.unread_files[:5]) + (" …" if len(result.unread_files) > 5 else "")
        print_line(f"  {plural(len(result.unread_files), 'files')} left out, which no connector reads: {named}")
    for copy, name in result.copies.items():
        print_line(f"  {copy} is a copy of {name}; it counts once")
    if result.left_out_records or result.left_out_rejects:
        kept = f"{plural(result.left_out_records, 'records')} and {plural(result.left_out_rejects, 'rejects')}"
        print_line(f"  left out of these counts, because they are for KG_SCOPE=protected alone: {kept} of these files")
        if result.left_out_records:
            print_line("    a link to one of them tells everybody its key, unless the link has that handling code too")
    if result.equal_rows:
        each = "is equal to another and counts" if result.equal_rows == 1 else "are equal to others and count"
        print_line(f"  {plural(result.equal_rows, 'rows')} {each} once{_repeats(result, of_rows=True)}")
    if result.equal_events:
        alone = result.equal_events == 1
        each = (
            "comes from a row that is equal to another; it"
            if alone
            else "come from rows that are equal to others; they"
        )
        counts = "counts" if alone else "count"
        print_line(f"  {plural(result.equal_events, 'links')} with money {each} {counts}, having no key")
    _show_joined(result)
    if result.repeated:
        again = "was" if result.repeated == 1 else "were"
        print_line(
            f"  {plural(result.repeated, 'records')} {again} stated by several rows, and count once{_repeats(result)}"
        )
    if result.unmapped and show_unmapped:
        names = sorted({what.partition(".")[2] for what in result.unmapped})
        named = ", ".join(names[:COLUMNS_SHOWN]) + (" …" if len(names) > COLUMNS_SHOWN else "")
        columns = plural(len(names), "unmapped columns")
        print_line(f"  {columns} kept under the source's own names (`kg show` lists them): {named}")
    _show_waiting(result)


def _repeats(result: LoadResult, *, of_rows: bool = False) -> str:
    """`: p1 in line 4 as in line 2`, for the first repeated records."""
    named = [r for r in result.repeats if r.is_row == of_rows]
    more = " …" if len(named) < (result.equal_rows if of_rows else result.repeated) else ""
    told = (
        f"{r.key} in line {r.line} as in line {r.counted_line}" if r.line != r.counted_line else r.key for r in named
    )
    return f": {', '.join(told)}{more}" if named else ""


def _show_not_understood(result: LoadResult) -> None:
    counts = result.not_understood
    if not counts:
        return
    total, shown = sum(counts.values()), _most_frequent(counts)
    print_line(f"  {plural(total, 'values')} not understood, kept in the source's own words (`kg show` lists them):")
    for what, count in shown:
        print_line(f"    {count:,} × {what}")
    if (more := len(counts) - len(shown)) > 0:
        left = total - sum(count for _, count in shown)
        print_line(f"    {left:,} × of {plural(more, 'more kinds')} (`kg sources` counts all)")


def _show_small_shares(result: LoadResult) -> None:
    for what, share in sorted(result.fraction_shares.items()):
        print_line(
            f"  {what}: no value is above 1; {share} is read as {share} %, not as a fraction; if it is one, write it "
            'in per cent, or declare convert = "fraction" in a declaration of your own'
        )
    for what, (count, share) in sorted(result.small_shares.items()):
        each = "value is below 1 and" if count == 1 else "values are below 1 and"
        print_line(
            f"  {what}: {count:,} {each} read as per cent, beside larger ones; if {share} means a fraction, write it "
            "in per cent"
        )


def _show_joined(result: LoadResult) -> None:
    joined = result.joined
    if not joined.count:
        return
    nodes = "1 node is" if joined.count == 1 else f"{joined.count:,} nodes are"
    against = f"; the records of {joined.contradicted:,} contradict each other" if joined.contradicted else ""
    print_line(f"  {nodes} one of several records because a source names a referent of them{against}:")
    for example in joined.examples:
        print_line(f"    {example}")
    if (more := joined.count - len(joined.examples)) > 0:
        print_line(f"    and {more:,} more")


def _show_waiting(result: LoadResult) -> None:
    if result.waiting:
        links = plural(result.waiting, "unresolved links")
        print_line(f"  {links} in the whole graph, of all loads: one end is not loaded yet")
    if many := result.waiting_for_reference:
        lead = "1 of them leads to a jurisdiction" if many == 1 else f"{many:,} of them lead to jurisdictions"
        print_line(f"    {lead}; `kg load --reference` loads the jurisdictions that come with kg")


def _show_rejects(result: LoadResult, *, is_listed: bool) -> None:
    rows, values = plural(result.rejected, "rows"), plural(result.set_aside, "values")
    is_hidden = not (result.rejected or result.set_aside or result.remarks)
    remarks = f", {plural(result.remarks, 'remarks')}" if result.remarks else ""
    counts = "rejects for KG_SCOPE=protected alone" if is_hidden else f"{rows} rejected, {values} set aside{remarks}"
    print_line(f"  {counts}: {result.rejects_file}")
    reasons = sorted(result.reasons.items(), key=lambda item: -item[1])  # of equal counts the one that came first
    for reason, count in reasons[:REASONS_SHOWN]:
        print_line(f"    {count:,} × {_locations(result, reason)}: {_example(result, reason)}")
    if (more := len(result.reasons) - REASONS_SHOWN) > 0:
        print_line(f"    and {plural(more, 'more reasons')}")
    if not is_listed:
        return
    source = quote(result.source)
    mend = "; with --xlsx FILE it makes a sheet in which to mend the rows" if result.mendable else ""
    print_line(f"  kg rejects {source} lists all{mend}")


def show_load_in_one_line(result: LoadResult) -> None:
    """Print on one line what a load into a new store did, with its rejects."""
    rejects = sum(result.reasons.values())
    lost = f", {rejects:,} rejects in {result.rejects_file}" if rejects else ""
    print_line(f"  {result.source:14} {result.nodes:>5,} records about nodes, {result.links:>5,} about links{lost}")


def _most_frequent(counts: dict[str, int], limit: int = 5) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]


def _example(result: LoadResult, reason: str) -> str:
    """The first cell, if there are cells, and the reason with its value."""
    first, *others = result.examples[reason]
    shown = _VALUE.findall(first.reason)
    more = dict.fromkeys(v for example in others for v in _VALUE.findall(example.reason) if v not in shown)
    also = f"; also {', '.join(more)}" if more else ""
    return f"{first.cell}, {first.reason}{also}" if first.cell else f"{first.reason}{also}"


def _locations(result: LoadResult, reason: str) -> str:
    """`links.csv:2,4,10 …`: the first rows that were rejected for a reason."""
    by_file: dict[str, list[str]] = {}
    for example in result.examples[reason]:
        by_file.setdefault(example.file, []).append(str(example.line))
    named = ", ".join(f"{file}:{','.join(lines)}" if lines != ["0"] else file for file, lines in by_file.items())
    return f"{named} …" if result.reasons[reason] > len(result.examples[reason]) else named


def load_json(result: LoadResult) -> dict[str, object]:
    found = {name: getattr(result, name) for name in result.__dataclass_fields__ if name != "examples"}
    return {**found, "repeats": [repeat._asdict() for repeat in result.repeats]}

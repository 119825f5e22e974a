"""What do commands share to read settings and to print? Nothing else prints text from outside."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.table import text_table
from kg.errors import InputError, printable, printable_json
from kg.files import surplus_permissions

if TYPE_CHECKING:
    from kg.operations import Progress, Workspace
    from kg.settings import Settings
    from kg.stores.neo4j import SyncResult

Json = Annotated[bool, typer.Option("--json", help="Print data as JSON and nothing else.")]

PIPED_WIDTH = 120
PROGRESS_SECONDS = 5.0
"""How often a long phase prints a line when no terminal shows a bar."""


def print_json(data: Any) -> None:
    """One JSON document on stdout: plain data, or an answer as the service sends it too."""
    typer.echo(_json_text(data))


def print_json_items(rows: Iterable[Any]) -> None:
    """One JSON list on stdout, printed item by item; nothing is printed before the first is there."""
    opening = "["
    for row in rows:
        typer.echo(f"{opening}\n{_json_text(row)}", nl=False)
        opening = ","
    typer.echo("[]" if opening == "[" else "\n]")


def _json_text(data: Any) -> str:
    import orjson

    def convert(value: Any) -> Any:
        return list(value) if isinstance(value, tuple) else value.model_dump(mode="json")

    try:
        text = orjson.dumps(data, convert, orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:  # a lone surrogate: part of a file's name that is not UTF-8
        from pydantic_core import to_jsonable_python

        text = json.dumps(to_jsonable_python(data), indent=2, sort_keys=True)
    return printable_json(text)


def print_line(text: str = "", *, err: bool = False) -> None:
    """A line for a person, on stdout; on stderr where stdout holds data."""
    typer.echo(printable(text), err=err)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under headings, as wide as the terminal; cells are printed as they are, never read as markup.

    An id is on one line always, so that it can be copied.
    """
    is_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal else PIPED_WIDTH
    shown = [[printable(cell) for cell in row] for row in rows]
    table = text_table([printable(heading) for heading in headings], shown, width, whole=("id",))
    is_styled = is_terminal and os.environ.get("TERM", "dumb") != "dumb"
    head = [typer.style(line, bold=True) for line in table.head] if is_styled else table.head
    typer.echo("\n".join(("", *head, table.rule, *table.rows, "")))


def confirm(question: str, why: str) -> None:
    """Ask the person at the terminal. Raises KeyboardInterrupt if they do not agree, InputError where nobody can."""
    if not sys.stdin.isatty():
        raise InputError(f"{why}; answer on a terminal, or give --yes")
    if not typer.confirm(printable(question)):
        raise KeyboardInterrupt  # as if interrupted: nothing was done


@contextmanager
def open_workspace(*, store: str = "", syncs: bool = True) -> Iterator[Workspace]:
    """The workspace that the settings describe, with progress on stderr while it is used.

    `store` takes the place of KG_STORE. If the graph is in a Neo4j too, that follows what changed the ledger, unless
    not `syncs`.
    """
    from kg import operations

    settings = read_settings()
    if store:
        settings = settings.with_store(store)
    with show_progress() as progress:
        workspace = operations.configured_workspace(settings, progress)
        if note := operations.edge_note(workspace):
            print_line(note, err=True)
        if not syncs:
            yield workspace
            return
        with operations.sync_after(workspace) as synced:
            yield workspace
    for result in (s for s in synced if not s.unchanged):
        print_sync_result(result, str(workspace.neo4j), err=True)


def warn_if_shared(workspace: Workspace) -> None:
    """Print a line on stderr if others may read or write a store of an older kg, or one that came from elsewhere."""
    if mode := surplus_permissions(workspace.path):
        print_line(f"{workspace.path} has mode {mode}: others on this machine may open it; chmod 600 it", err=True)


def print_sync_result(synced: SyncResult, address: str, *, err: bool = False) -> None:
    """Print what a sync did."""
    counts = (f"{count:,} {what.replace('_', ' ')}" for what, count in sorted(synced.counts.items(), reverse=True))
    scope = ", with protected facts" if synced.protected else ""
    print_line(f"{address}: {', '.join(counts) or 'nothing to send'}; now at graph {synced.version}{scope}", err=err)


@contextmanager
def show_progress() -> Iterator[Progress]:
    """A bar on a terminal; plain lines when stderr is a pipe or a file."""
    if sys.stderr.isatty():
        yield from _progress_bar()
    else:
        yield _progress_lines()


def _progress_bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    name = TextColumn("{task.description}", markup=False)
    columns = name, BarColumn(), TextColumn("{task.fields[count]}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(phase: str, done: int, total: int | None) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(printable(phase), total=total, count="")
            share = f"{100 * done // total} %" if total else f"{done:,}"
            bars.update(tasks[phase], completed=done, total=total, count=share)

        yield show


def _progress_lines() -> Callable[[str, int, int | None], None]:
    last = time.monotonic()

    def show(phase: str, done: int, total: int | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < PROGRESS_SECONDS:
            return
        last = now
        count = f": {100 * done // total} %" if total else f": {done:,}" if done else " …"
        print_line(f"{phase}{count}", err=True)

    return show


def read_settings() -> Settings:
    """Read the settings from the environment. Raises InputError for one that is not what was expected."""
    from kg.settings import read

    return read()

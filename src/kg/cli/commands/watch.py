"""`kg watch`: what changes about a person, an asset, a cluster or a query is sent by mail and to webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.errors import HelpedGroup
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table, read_settings
from kg.errors import DeliveryError
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.operations import ListedWatch, WatchDelivery
    from kg.settings import Settings

Number = Annotated[int, typer.Argument(help="Number of the watch; `kg watch list` lists them.")]

group = typer.Typer(
    add_completion=False,
    cls=HelpedGroup,
    rich_markup_mode=None,
    help="Watch people, assets, clusters and queries, and send what changes.",
)


@group.command(epilog='Example: kg watch add "Ann Example" --mail desk@example.org')
def add(  # noqa: PLR0913  # one flag a parameter
    subject: Annotated[str, typer.Argument(help="A node by id, key or name; with --cluster or --query, one of these.")],
    mail: Annotated[list[str] | None, typer.Option("--mail", help="Mail address to tell. Repeatable.")] = None,
    webhook: Annotated[
        list[str] | None, typer.Option("--webhook", help="The https address to call. Repeatable.")
    ] = None,
    cluster: Annotated[
        bool, typer.Option("--cluster", help="A cluster by number or id, or the one that a member is in.")
    ] = False,
    query: Annotated[bool, typer.Option("--query", help="A saved query, such as people/family.")] = False,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="Value of a parameter of the query, NAME=VALUE. Repeatable.")
    ] = None,
    json: Json = False,
) -> None:
    """Watch something from now on, and tell these receivers what changes.

    Told is what bears on it, as in the periodic report; protected facts are never sent.
    """
    from kg import operations
    from kg.cli.commands.query import parse_parameter
    from kg.errors import InputError

    if cluster and query:
        raise InputError("--cluster and --query are two kinds; give one")
    if param and not query:
        raise InputError("--param is for --query")
    kind = "cluster" if cluster else "query" if query else "node"
    receivers, values = (*(mail or ()), *(webhook or ())), dict(map(parse_parameter, param or ()))
    with open_workspace(syncs=False) as workspace:
        made = operations.start_watch(workspace, operations.WatchRequest(subject, receivers, kind, values))
    if json:
        print_json(_to_json(made))
    else:
        print_line(f"watch {made.watch.number}: {made.title}, for {_receivers_text(made)}")


@group.command(name="list", epilog="Example: kg watch list --json")
def list_(json: Json = False) -> None:
    """List what is watched, for whom, and whether the last delivery failed."""
    from kg import operations

    with open_workspace(syncs=False) as workspace:
        found = operations.list_watches(workspace)
    if json:
        print_json([_to_json(one) for one in found])
    elif not found:
        print_line("nothing is watched")
    else:
        rows = [
            (str(one.watch.number), one.title, one.watch.kind, r.address, r.day, r.failed or "good")
            for one in found
            for r in one.watch.receivers
        ]
        print_table(("number", "watched", "kind", "receiver", "told up to", "state"), rows)


@group.command(epilog="Example: kg watch remove 3")
def remove(number: Number, json: Json = False) -> None:
    """Stop watching something."""
    from kg import operations

    with open_workspace(syncs=False) as workspace:
        operations.stop_watch(workspace, number)
    if json:
        print_json({"removed": number})
    else:
        print_line(f"watch {number} removed")


@group.command(epilog="Example: kg watch run --dry-run")
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be sent, and send nothing.")] = False,
    json: Json = False,
) -> None:
    """Send each receiver what changed since the last run. Call it after loads, for example by cron.

    Each change is sent once. What could not be delivered is sent with the next run, and the exit code is then 4.
    """
    from kg import operations

    settings = read_settings()
    with open_workspace(syncs=False) as workspace:
        done = operations.send_news(workspace, _delivery_settings(settings), is_dry_run=dry_run)
    if json:
        print_json([_delivery_to_json(one) for one in done])
    else:
        for one in done:
            _show_delivery(one, with_lines=dry_run)
        if not done:
            print_line("nothing is watched")
    if failed := [one for one in done if one.has_failed]:
        first = failed[0]
        raise DeliveryError(
            f"{len(failed)} of {len(done)} not delivered; the next run sends them: {first.receiver}: {first.outcome}"
        )


def _delivery_settings(settings: Settings) -> Any:
    from kg import operations

    return operations.DeliverySettings(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password,
        settings.smtp_from,
        settings.webhook_secret,
    )


def _show_delivery(done: WatchDelivery, *, with_lines: bool) -> None:
    title = done.news.title if done.news else f"watch {done.watch}"
    count = len(done.news.items) if done.news else 0
    changes = f", {plural(count, 'changes')}" if count else ""
    print_line(f"{title}, for {done.receiver}: {done.outcome}{changes}")
    for line in done.news.lines() if done.news and with_lines else ():
        print_line(f"  {line}")


def _delivery_to_json(done: WatchDelivery) -> dict[str, Any]:
    import orjson

    news = orjson.loads(done.news.to_json()) if done.news else None
    return {
        "watch": done.watch,
        "receiver": done.receiver,
        "outcome": done.outcome,
        "failed": done.has_failed,
        "news": news,
    }


def _receivers_text(made: ListedWatch) -> str:
    return ", ".join(receiver.address for receiver in made.watch.receivers)


def _to_json(made: ListedWatch) -> dict[str, Any]:
    watch = made.watch
    receivers = [{"address": r.address, "told_up_to": r.day, "failed": r.failed} for r in watch.receivers]
    return {
        "number": watch.number,
        "kind": watch.kind,
        "subject": watch.subject,
        "title": made.title,
        "parameters": dict(watch.parameters),
        "made": watch.made,
        "receivers": receivers,
    }

"""Watches are added and listed, and what changed is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace

from kg.database import connect, translate_errors
from kg.errors import InputError, KgError, StoreBusy
from kg.files import lock_file
from kg.operations.ledger.erase import remember_activity
from kg.operations.questions.clusters import find_cluster
from kg.operations.questions.lookup import resolve_node
from kg.operations.watches.delivery import DeliverySettings, WatchNews, deliver
from kg.operations.watches.news import WatchContext, open_context
from kg.operations.watches.watch_list import (
    WATCH_KINDS,
    Watch,
    WatchReceiver,
    add_watch,
    read_watches,
    remove_watch,
    update_receiver,
    validate_address,
)
from kg.operations.workspace import Workspace, open_database, today


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What to watch, and whom to tell."""

    subject: str
    """A node by id, key or name; a cluster by number, id or member; or the name of a saved query."""
    receivers: tuple[str, ...]
    """Mail addresses, and https addresses of webhooks."""
    kind: str = "node"
    """One of WATCH_KINDS."""
    parameters: Mapping[str, str] | None = None
    """Those of a query."""
    day: str = ""
    """The day on which it begins; today if empty."""


@dataclass(frozen=True, slots=True)
class ListedWatch:
    """A watch and what it is about, by the name of today."""

    title: str
    watch: Watch


@dataclass(frozen=True, slots=True)
class WatchDelivery:
    """What a run did for one receiver of one watch."""

    watch: int
    receiver: str
    news: WatchNews | None
    """None if nothing could be compared."""
    outcome: str
    """`sent`, `nothing new`, `not sent` of a dry run, or why it failed."""
    has_failed: bool = False


def start_watch(workspace: Workspace, request: WatchRequest) -> ListedWatch:
    """Watch a node, a cluster or a query from now on.

    Raises NotFound and InputError for what is not there, or a receiver that cannot be.
    """
    if not request.receivers:
        raise InputError("expected whom to tell: a mail address or a webhook")
    if request.kind not in WATCH_KINDS:
        raise InputError(f"expected one of {', '.join(WATCH_KINDS)}")
    addresses = tuple(dict.fromkeys(map(validate_address, request.receivers)))
    with open_context(workspace, request.day or today()) as context:
        subject, members, rows = _resolve(context, request)
        known = context.statuses(subject) if request.kind == "node" else {}
        statuses = {asset: status.status for asset, status in known.items()}
        receivers = tuple(WatchReceiver(a, context.position, context.day, members, rows, statuses) for a in addresses)
        made = Watch(0, request.kind, subject, context.day, receivers, dict(request.parameters or {}))
        title = context.title(made)
    with open_database(workspace) as connection:
        added = add_watch(connection, made)
    remember_activity(workspace, "watch", f"watch {added.number} added, for {', '.join(addresses)}", protected=False)
    return ListedWatch(title, added)


def list_watches(workspace: Workspace) -> list[ListedWatch]:
    """All watches, by number."""
    with open_context(workspace, today()) as context:
        return [ListedWatch(context.title(watch), watch) for watch in read_watches(context.connection)]


def stop_watch(workspace: Workspace, number: int) -> None:
    """Watch something no more. Raises NotFound."""
    with open_database(workspace) as connection:
        remove_watch(connection, number)
    remember_activity(workspace, "watch", f"watch {number} removed", protected=False)


def send_news(
    workspace: Workspace,
    settings: DeliverySettings,
    *,
    day: str = "",
    is_dry_run: bool = False,
    pause: Callable[[float], None] = time.sleep,
) -> list[WatchDelivery]:
    """Tell each receiver what changed since they were told; who could not be told is told with the next run.

    Raises StoreBusy at once if another run is under way.
    """
    lock = workspace.path.with_name(f"{workspace.path.name}.watch-lock")
    with open_context(workspace, day or today()) as context, lock_file(lock, wait=False) as is_held:
        if not is_held:
            raise StoreBusy("another run of kg watch is under way")
        pending = [(w, r) for w in read_watches(context.connection) for r in w.receivers]
        return [_tell(context, watch, receiver, settings, None if is_dry_run else pause) for watch, receiver in pending]


def _tell(
    context: WatchContext,
    watch: Watch,
    receiver: WatchReceiver,
    settings: DeliverySettings,
    pause: Callable[[float], None] | None,
) -> WatchDelivery:
    """Tell one receiver, and write down at once that they were told. `pause` is None for a dry run."""
    news = None
    try:
        news, told = context.find_news(watch, receiver)
        if pause is None:
            return WatchDelivery(watch.number, receiver.address, news, "not sent" if news.items else "nothing new")
        if news.items:
            deliver(news, receiver, settings, pause)
    except KgError as error:
        reason = " ".join(str(error).split())
        if pause is not None:
            _update(context.workspace, watch.number, replace(receiver, failed=reason))
        return WatchDelivery(watch.number, receiver.address, news, reason, has_failed=True)
    if told != receiver:
        _update(context.workspace, watch.number, told)
    if news.items:
        remember_activity(context.workspace, "watch", f"watch {watch.number} sent to {receiver.address}")
    return WatchDelivery(watch.number, receiver.address, news, "sent" if news.items else "nothing new")


def _update(workspace: Workspace, number: int, receiver: WatchReceiver) -> None:
    with translate_errors(workspace.path), closing(connect(workspace.path, timeout=workspace.wait)) as connection:
        update_receiver(connection, number, receiver)


def _resolve(context: WatchContext, request: WatchRequest) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The id or name of what is asked for, the members of a cluster, and the rows of a query."""
    if request.kind == "query":
        from kg.queries import find_query

        name = find_query(request.subject).name
        watch = Watch(0, "query", name, context.day, (), dict(request.parameters or {}))
        return name, (), tuple(sorted(context.query_rows(watch)))
    if request.kind == "cluster":
        cluster = find_cluster(context.store, context.clusters, request.subject)
        return cluster.id, _ids(member.id for member in cluster.members), ()
    return resolve_node(context.store, "subject", request.subject), (), ()


def _ids(members: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(members))

"""The list of what is watched, and for whom; it is in the ledger's file, so that a backup has it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from kg.database import get_meta, set_meta, write_transaction
from kg.errors import InputError, InputLocation, NotFound
from kg.findings import LedgerPosition

WATCHES = "watches"
"""The name under which `meta` has the list."""

WATCH_KINDS = ("node", "cluster", "query")

_MAIL = re.compile(r"[^\s@<>(),;:\"\\\[\]]{1,64}@[^\s@<>(),;:\"\\\[\]]{1,255}")
_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")


@dataclass(frozen=True, slots=True)
class WatchReceiver:
    """Who is told, and up to where they have been told."""

    address: str
    """A mail address, or the https address of a webhook."""
    position: LedgerPosition
    """How far the ledger had come when they were last told."""
    day: str
    members: tuple[str, ...] = ()
    """Ids of the members that the cluster had then."""
    rows: tuple[str, ...] = ()
    """Digests of the rows that the query had then."""
    statuses: Mapping[str, str] = field(default_factory=dict)
    """The enforcement statuses that the assets of somebody watched had then, by id."""
    failed: str = ""
    """Why the last delivery failed; empty if it did not."""

    @property
    def is_webhook(self) -> bool:
        """Whether it is the address of a webhook."""
        return "://" in self.address


@dataclass(frozen=True, slots=True)
class Watch:
    """One watched thing. It holds no facts, so that nothing is left here of a source that is erased."""

    number: int
    kind: str
    """One of WATCH_KINDS."""
    subject: str
    """Id of the node, id of the cluster, or name of the saved query."""
    made: str
    receivers: tuple[WatchReceiver, ...]
    parameters: Mapping[str, str]
    """Parameters of the query."""


def read_watches(connection: sqlite3.Connection) -> tuple[Watch, ...]:
    """All watches, by number."""
    from pydantic import TypeAdapter

    try:
        text = get_meta(connection, WATCHES)
    except KeyError:
        return ()
    return TypeAdapter(tuple[Watch, ...]).validate_json(text)


def add_watch(connection: sqlite3.Connection, watch: Watch) -> Watch:
    """Add a watch under the next number. Raises InputError where the same is watched for the same receiver."""
    taken = {receiver.address for receiver in watch.receivers}

    def change(watches: tuple[Watch, ...]) -> tuple[Watch, ...]:
        for other in watches:
            same = (other.kind, other.subject, other.parameters) == (watch.kind, watch.subject, watch.parameters)
            if same and (twice := taken & {receiver.address for receiver in other.receivers}):
                raise InputError(f"watch {other.number} already sends this to {min(twice)}")
        number = max((other.number for other in watches), default=0) + 1
        return (*watches, replace(watch, number=number))

    return _change_watches(connection, change)[-1]


def remove_watch(connection: sqlite3.Connection, number: int) -> None:
    """Remove a watch. Raises NotFound."""

    def change(watches: tuple[Watch, ...]) -> tuple[Watch, ...]:
        if number not in {watch.number for watch in watches}:
            raise NotFound(f"there is no watch {number}", "`kg watch list` lists them")
        return tuple(watch for watch in watches if watch.number != number)

    _change_watches(connection, change)


def update_receiver(connection: sqlite3.Connection, number: int, receiver: WatchReceiver) -> None:
    """Write how far a receiver has been told; nothing happens if the watch was removed meanwhile."""

    def changed(watch: Watch) -> Watch:
        receivers = (receiver if old.address == receiver.address else old for old in watch.receivers)
        return replace(watch, receivers=tuple(receivers)) if watch.number == number else watch

    _change_watches(connection, lambda watches: tuple(map(changed, watches)))


def validate_address(address: str) -> str:
    """A receiver's address. Raises InputError for one that is neither a mail address nor that of a safe webhook."""
    where = InputLocation(key="receiver", value=address)
    if "://" not in address:
        if not _MAIL.fullmatch(address):
            raise InputError("expected a mail address, or the https address of a webhook", where)
        return address
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise InputError(f"is no address: {error}", where) from None
    if parts.scheme not in ("https", "http") or not host or not address.isascii() or re.search(r"\s", address):
        raise InputError("expected the https address of a webhook", where)
    if parts.scheme == "http" and not is_loopback(host):
        raise InputError("expected https; http is only for this machine", where)
    if parts.username is not None or parts.fragment:
        raise InputError("expected an address without user, password and fragment", where)
    return address


def is_loopback(host: str) -> bool:
    """Whether a host name is this machine."""
    return _LOOPBACK.fullmatch(host) is not None


def _change_watches(
    connection: sqlite3.Connection, change: Callable[[tuple[Watch, ...]], tuple[Watch, ...]]
) -> tuple[Watch, ...]:
    """Change the list in one transaction; returns it."""
    from pydantic import TypeAdapter

    adapter: Any = TypeAdapter(tuple[Watch, ...])
    with write_transaction(connection):
        changed = change(read_watches(connection))
        set_meta(connection, WATCHES, adapter.dump_json(changed).decode())
    return changed

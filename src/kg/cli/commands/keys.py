"""`kg keys`: the API keys of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.errors import HelpedGroup
from kg.cli.terminal import Json, print_json, print_line, print_table, read_settings

if TYPE_CHECKING:
    from kg.api_keys import ApiKeyFile

Name = Annotated[
    str, typer.Argument(help="Name of the holder, in a-z, 0-9, dot, hyphen, underscore. The audit log has it.")
]


group = typer.Typer(
    add_completion=False,
    cls=HelpedGroup,
    rich_markup_mode=None,
    help="Create, list and revoke API keys of the service.",
)


@group.command(epilog="Example: kg keys add ann --expires 90d")
def add(
    name: Name,
    expires: Annotated[str, typer.Option(help="Its last day, such as 2027-06-30; 90d for so many days; or never.")],
    json: Json = False,
) -> None:
    """Create a key and print it, only this once: the file stores its SHA-256. Each name is used for one key only.

    Once there is a key, the service requires one with every request.
    """
    from kg.api_keys import today

    key, secret = _key_file().add(name, expires, today())
    if json:
        print_json({"name": key.name, "expires": key.expires, "key": secret})
    else:
        print_line(secret)
        validity = "valid until it is revoked" if key.expires == "never" else f"valid until {key.expires}"
        print_line(f"Key for {key.name} created, {validity}; it is shown only once", err=True)


@group.command(name="list", epilog="Example: kg keys list --json")
def list_(json: Json = False) -> None:
    """List all keys ever created, with their last day and state. The keys themselves are not shown."""
    from kg.api_keys import today

    day = today()
    keys = [key.to_json(day) for key in _key_file().read()]
    if json:
        print_json(keys)
    elif not keys:
        print_line("no keys; the service answers every user of this machine")
    else:
        headings = ("name", "made", "expires", "revoked", "state")
        print_table(headings, [[key[heading] for heading in headings] for key in keys])


@group.command(epilog="Example: kg keys revoke ann")
def revoke(name: Name, json: Json = False) -> None:
    """Revoke a key. A running service refuses it from the next request on."""
    from kg.api_keys import today

    day = today()
    revoked = _key_file().revoke(name, day)
    if json:
        print_json(revoked.to_json(day))
    else:
        print_line(f"Key of {name} revoked")


def _key_file() -> ApiKeyFile:
    from kg.api_keys import ApiKeyFile

    return ApiKeyFile(read_settings().api_keys.expanduser())

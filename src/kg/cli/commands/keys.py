"""Which commands say who may ask the service?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, print_json, print_line, print_table, read_settings

if TYPE_CHECKING:
    from kg.api_keys import ApiKeyFile

Name = Annotated[str, typer.Argument(help="Who holds it: a-z, 0-9, dot, hyphen, underscore. The audit log has it.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(no_args_is_help=True, help="Say who may ask the service: API keys, each with a name.")
    group.command(epilog="Example: kg keys add ann --expires 90d")(add)
    group.command(name="list", epilog="Example: kg keys list --json")(list_)
    group.command(epilog="Example: kg keys revoke ann")(revoke)
    app.add_typer(group, name="keys")


def add(
    name: Name,
    expires: Annotated[str, typer.Option(help="Its last day, such as 2027-06-30; 90d for so many days; or never.")],
    json: Json = False,
) -> None:
    """Make a key and print it, this once: only its SHA-256 is kept. A name is used for one key only.

    Once there is a key, the service answers nobody without one.
    """
    from kg.api_keys import today

    made, secret = _key_file().add(name, expires, today())
    if json:
        print_json({"name": made.name, "expires": made.expires, "key": secret})
    else:
        print_line(secret)
        until = "until it is revoked" if made.expires == "never" else f"through {made.expires}"
        print_line(f"{made.name} may ask {until}; the key is shown this once", err=True)


def list_(json: Json = False) -> None:
    """List all keys that were ever made, with when they end and whether they are good. No key is shown."""
    from kg.api_keys import today

    day = today()
    found = [key.to_json(day) for key in _key_file().read()]
    if json:
        print_json(found)
    elif not found:
        print_line("no keys; the service answers whoever may use this machine")
    else:
        headings = ("name", "made", "expires", "revoked", "state")
        print_table(headings, [[key[heading] for heading in headings] for key in found])


def revoke(name: Name, json: Json = False) -> None:
    """Take a key's right away. A service that runs refuses it from the next request on."""
    from kg.api_keys import today

    day = today()
    revoked = _key_file().revoke(name, day)
    if json:
        print_json(revoked.to_json(day))
    else:
        print_line(f"{name} may not ask any longer")


def _key_file() -> ApiKeyFile:
    from kg.api_keys import ApiKeyFile

    return ApiKeyFile(read_settings().api_keys.expanduser())

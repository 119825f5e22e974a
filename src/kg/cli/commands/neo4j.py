"""The commands `kg neo4j`, which run a local Neo4j."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.errors import HelpedGroup
from kg.cli.terminal import Json, print_json, print_line, read_settings, show_progress
from kg.errors import InputError, ServerError

if TYPE_CHECKING:
    from kg.neo4j_server.home import ServerHome
    from kg.neo4j_server.server import ServerStatus

Version = Annotated[str, typer.Option(help="Version of Neo4j: 5.26.30, with long-term support, or 2026.08.1.")]


group = typer.Typer(
    add_completion=False,
    cls=HelpedGroup,
    rich_markup_mode=None,
    help="Run a Neo4j Community server on this machine, without Docker. Only this machine reaches it.",
)


@group.command(epilog="Example: kg neo4j start --bolt-port 17687 --http-port 17474")
def start(  # noqa: PLR0913  # one flag an option
    version: Version = "",
    bolt_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of Bolt; 7687 by default.")] = None,
    http_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of Browser; 7474 by default.")] = None,
    guide_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of the guide for Browser; 7475 by default, 0 for none.")
    ] = None,
    heap: Annotated[str, typer.Option(help="Memory for queries; 1g by default.")] = "",
    page_cache: Annotated[str, typer.Option(help="Memory for the graph; 512m by default.")] = "",
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A line of neo4j.conf; may be repeated.")
    ] = None,
    wait: Annotated[
        float | None,
        typer.Option(min=1, help="Most seconds to wait for it; by default as long as it makes progress."),
    ] = None,
    json: Json = False,
) -> None:
    """Start the server and return when it answers queries. Options that you leave out are those of the last start.

    The first start downloads Neo4j, about 140 MiB, and makes a password for the user neo4j.
    """
    from dataclasses import replace

    from kg.neo4j_server import server as local
    from kg.neo4j_server.home import ServerOptions

    home = _home()
    ports = {"bolt_port": bolt_port, "http_port": http_port, "guide_port": guide_port}
    more = dict(map(_parse_setting, settings)) if settings else None
    given = {"version": version, **ports, "heap": heap, "page_cache": page_cache, "settings": more}
    changed: dict[str, Any] = {name: value for name, value in given.items() if value not in ("", None)}
    plan = replace(home.options() or ServerOptions(), **changed)
    with show_progress() as shown:
        found = local.start(home, plan, read_settings().neo4j_cache.expanduser(), shown, wait)
    _print_status(found, json)


@group.command(epilog="Example: kg neo4j stop")
def stop(json: Json = False) -> None:
    """Stop the server and return when it has ended. Its data stays."""
    from kg.neo4j_server import server as local

    stopped = local.stop(_home())
    if json:
        print_json({"stopped": stopped})
    else:
        print_line("stopped" if stopped else "no server was running")


@group.command(epilog="Example: kg neo4j status --json")
def status(json: Json = False) -> None:
    """Show whether the server runs and answers, its addresses, and where its password and logs are."""
    from kg.neo4j_server import server as local

    _print_status(local.status(_home()), json)


@group.command(epilog="Example: kg neo4j browser --open")
def browser(
    show: Annotated[bool, typer.Option("--open", help="Open it in your web browser.")] = False, json: Json = False
) -> None:
    """Show the address of Neo4j Browser and the user to log in as."""
    from kg.neo4j_server import server as local

    found = local.status(_home())
    if not found.ready:
        raise ServerError("no server answers; start one: kg neo4j start")
    if show:
        import webbrowser

        webbrowser.open(found.browser)
    if json:
        print_json({"browser": found.browser, "user": found.user, "password_file": found.password_file})
    else:
        print_line(found.browser)
        print_line(f"log in as {found.user} with the password in {found.password_file}; kg neo4j password prints it")


@group.command(epilog="Example: kg neo4j guide browser-files --address https://files.example/kg")
def guide(
    folder: Annotated[Path, typer.Argument(help="The folder for the files; it is created if it does not exist.")],
    address: Annotated[
        str, typer.Option(help="The address at which your web server serves them, http://… or https://….")
    ] = "http://127.0.0.1:7475",
    json: Json = False,
) -> None:
    """Write the guide, the style and the saved queries for the Browser of a Neo4j that kg does not run.

    queries.zip and style.grass can be dropped on Browser as they are. The guide needs a web server and two settings.
    """
    from kg.neo4j_server.guide_server import write_guide
    from kg.neo4j_server.home import browser_settings

    if not re.fullmatch(r"https?://[\w.:\[\]-]+(?:/[\w./-]*)?", address):
        raise InputError(
            f"--address {address!r}: expected http://HOST or https://HOST, with a port and folder if need be"
        )
    address = address.rstrip("/")
    try:
        written = write_guide(folder, address)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written into ({error.strerror})") from None
    settings = browser_settings(address)
    if json:
        print_json({"files": [str(path) for path in written], "settings": settings})
        return
    print_line(f"wrote {len(written)} files into {folder}; drop queries.zip and style.grass on Neo4j Browser")
    print_line(f"for the guide to open by itself, serve them at {address}, with CORS for the origin of your Browser,")
    print_line("and add to neo4j.conf:")
    for key, value in settings.items():
        print_line(f"  {key}={value}")


@group.command(epilog="Example: kg neo4j password")
def password(json: Json = False) -> None:
    """Print the password of the user neo4j. Every other command says only where it is saved."""
    found = _home().password()
    if json:
        print_json({"password": found})
    else:
        print_line(found)


@group.command("import", epilog="Example: kg neo4j import bulk")
def import_(
    folder: Annotated[Path, typer.Argument(help="The folder that kg export neo4j-admin wrote.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the database that the server has.")] = False,
    version: Version = "",
    json: Json = False,
) -> None:
    """Import a bulk export into the stopped server, then start it and create all constraints and indexes.

    The new database replaces the old one when the import is complete; if it fails, the old one stays.
    """
    from dataclasses import asdict, replace

    from kg.neo4j_server.bulk_import import import_files
    from kg.neo4j_server.home import ServerOptions

    home = _home()
    plan = home.options() or ServerOptions()
    plan = replace(plan, version=version) if version else plan
    with show_progress() as shown:
        cache = read_settings().neo4j_cache.expanduser()
        done = import_files(home, plan, folder.absolute(), cache, shown, overwrite=overwrite)
    if json:
        print_json(asdict(done))
    else:
        print_line(f"{done.nodes:,} nodes and {done.links:,} links imported in {done.seconds:.1f} s")
        _print_status(done.server, json)


@group.command(epilog="Example: kg neo4j fetch --version 2026.08.1")
def fetch(version: Version = "", json: Json = False) -> None:
    """Download the server, so that a start needs no network; files that are there are checked."""
    from kg.neo4j_server.jars import fetch_jars
    from kg.neo4j_server.releases import DEFAULT_VERSION, release

    wanted = release(version or DEFAULT_VERSION)
    cache = read_settings().neo4j_cache.expanduser()
    with show_progress() as shown:
        jars = fetch_jars(wanted, cache, shown)
    if json:
        print_json({"version": wanted.version, "jars": len(jars), "folder": str(jars[0].parent)})
    else:
        print_line(f"Neo4j {wanted.version}: {len(jars)} files in {jars[0].parent}, all checksums match")


def _print_status(found: ServerStatus, json: bool) -> None:
    if json:
        from dataclasses import asdict

        print_json(asdict(found))
    elif not found.running:
        last = f"; Neo4j {found.version} ran there last" if found.version else ""
        print_line(f"no server is running in {found.folder}{last}")
    else:
        print_line(f"Neo4j {found.version}, {'ready' if found.ready else 'not ready yet'}, process {found.pid}")
        print_line(f"  Bolt      {found.bolt}")
        print_line(f"  Browser   {found.browser}")
        print_line(f"  guide     {found.guide or 'not served'}")
        print_line(f"  log in    {found.user}, with the password in {found.password_file}")
        print_line(f"  logs      {found.logs}")


def _home() -> ServerHome:
    from kg.neo4j_server.home import ServerHome

    return ServerHome(read_settings().neo4j_home.expanduser().absolute())


def _parse_setting(line: str) -> tuple[str, str]:
    key, equals, value = line.partition("=")
    if not key or not equals:
        raise InputError(f"--set {line!r}: expected KEY=VALUE")
    return key.strip(), value.strip()

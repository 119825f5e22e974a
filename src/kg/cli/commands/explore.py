"""`kg explore`: open the explorer page in a browser."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import open_workspace, print_line
from kg.errors import InputError, NotFound, StoreError

if TYPE_CHECKING:
    import subprocess

HOST = "127.0.0.1"
ANSWER_SECONDS = 5.0
START_SECONDS = 120.0
"""How long a service may take to listen; a large graph is loaded after that."""

PAUSE_SECONDS = 0.2


def explore(
    node: Annotated[
        str, typer.Argument(help="What to draw first: a name, an id or namespace:key.", show_default=False)
    ] = "",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the service.")] = 8100,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Whether to open the browser of this machine.")
    ] = True,
) -> None:
    """Open the explorer page in a browser; start the service for it where none runs, until the process is stopped."""
    from urllib.parse import quote

    fragment = f"#node={quote(node, safe='')}" if node else ""
    address = f"http://{HOST}:{port}/{fragment}"
    if _is_answered(port):
        _expect_own_store(port)
        _open(address, port, browser)
        return
    process = _start_service(port)
    try:
        _wait_until_answered(process, port)
        _open(address, port, browser)
        print_line("Stop it with Ctrl-C.")
        code = process.wait()
    except KeyboardInterrupt:
        code = 0  # that is how it is stopped
    finally:
        process.terminate()
        process.wait()
    raise typer.Exit(code)


def _open(address: str, port: int, browser: bool) -> None:
    if _ask(port, "/")[0] == 404:
        hint = "run `make demo` where its source is"
        raise NotFound("this kg was installed without the explorer page", hint)
    print_line(f"The explorer is at {address}")
    if browser and _has_screen():
        import webbrowser

        webbrowser.open(address)


def _has_screen() -> bool:
    """Whether a browser can show itself; one for the terminal would take this one's place."""
    import os
    import sys

    return sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")))


def _is_answered(port: int) -> bool:
    """Whether a kg service answers there. Raises InputError if something else does."""
    import json

    try:
        status, body = _ask(port, "/healthz")
        if status == 200 and json.loads(body).get("status") == "alive":
            return True
    except ConnectionRefusedError:
        return False
    except (OSError, ValueError, AttributeError):
        pass
    raise InputError(f"--port {port}: something that is no kg service answers there; expected a free port")


def _expect_own_store(port: int) -> None:
    """Raise InputError if the service there answers from another store; one that asks for a key does not say."""
    import json

    from kg import operations

    status, body = _ask(port, "/readyz")
    if status != 200:
        print_line(f"The service at port {port} runs already; which store it has, it does not say.")
        return
    with open_workspace() as workspace, operations.open_store(workspace) as store:
        own = str(store.version())
    if own.partition("@")[0] != str(json.loads(body)["version"]).partition("@")[0]:
        expected = "expected that of KG_STORE, or name another with --port"
        raise InputError(f"--port {port}: the service there answers from another store; {expected}")


def _start_service(port: int) -> subprocess.Popen[bytes]:
    import subprocess
    import sys

    program = [sys.executable, "-P", "-m", "kg_api", "--host", HOST, "--port", str(port)]
    return subprocess.Popen(program, stderr=subprocess.DEVNULL if sys.stderr.isatty() else None)


def _wait_until_answered(process: subprocess.Popen[bytes], port: int) -> None:
    """Raise StoreError if the service ends, or does not listen in time."""
    import time

    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise StoreError("the service could not be started", f"`kg serve --port {port}` says why")
        with suppress(OSError):
            if _ask(port, "/healthz")[0] == 200:
                return
        time.sleep(PAUSE_SECONDS)
    raise StoreError(f"the service did not listen within {START_SECONDS:.0f} seconds")


def _ask(port: int, path: str) -> tuple[int, bytes]:
    """Status and body of an answer of this machine. Raises OSError."""
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    except HTTPException as error:
        raise OSError(str(error)) from None
    finally:
        connection.close()

"""Which command answers over HTTP?"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog="Example: kg serve --port 8100")(serve)


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to answer on; 0 for any that is free.")] = 8100,
    host: Annotated[str, typer.Option(help="Address to answer on. Any but this machine's own needs API keys.")] = (
        "127.0.0.1"
    ),
) -> None:
    """Answer over HTTP, as `kg-api` does, until somebody stops it."""
    # kg does not know the service, which stands on it: this process becomes that program. -P: never one of the same
    # name from the folder that somebody happens to be in.
    sys.stdout.flush()
    program = [sys.executable, "-P", "-m", "kg_api", "--host", host, "--port", str(port)]
    os.execv(sys.executable, program)

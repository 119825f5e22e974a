"""`kg serve`: answer over HTTP."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any free one.")] = 8100,
    host: Annotated[str, typer.Option(help="Address to listen on. Any but that of this machine needs API keys.")] = (
        "127.0.0.1"
    ),
) -> None:
    """Answer over HTTP, as `kg-api` does, until the process is stopped."""
    # kg does not import the service, which is built on it: this process becomes that program. With -P, Python does not
    # look for it in the current folder.
    sys.stdout.flush()
    program = [sys.executable, "-P", "-m", "kg_api", "--host", host, "--port", str(port)]
    os.execv(sys.executable, program)

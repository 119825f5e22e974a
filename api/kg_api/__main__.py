"""How is the service started?"""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Sequence

import uvicorn

from kg.errors import InputError, KgError
from kg.operations import LOOPBACK, open_store, workplace_of
from kg.settings import read
from kg_api.app import create_app
from kg_api.software import VERSION

PATIENCE = 10
"""Seconds that a stop waits for what is running."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until somebody stops it; returns the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        return serve(asked.host, asked.port)
    except KgError as error:
        sys.stderr.write(f"kg-api: {' '.join(str(error).split())}\n")
        return error.exit_code


def serve(host: str, port: int) -> int:
    """Answer on an address of this machine. Raises KgError for any other, a port that is taken, and no store."""
    if host not in LOOPBACK:
        raise InputError(f"--host {host!r}: there are no API keys yet, so expected one of {', '.join(LOOPBACK)}")
    place = workplace_of(read())
    with open_store(place):  # what is wrong with it is said before anybody asks
        pass
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputError(f"--port {port}: {error.strerror}; expected one that is free") from None
    with listening:
        address = f"[{host}]" if ":" in host else host
        sys.stderr.write(f"kg-api: http://{address}:{listening.getsockname()[1]}/v1\n")
        sys.stderr.flush()
        # Addresses name people: they are in no log.
        config = uvicorn.Config(
            create_app(place), access_log=False, server_header=False, timeout_graceful_shutdown=PATIENCE
        )
        uvicorn.Server(config).run([listening])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kg-api",
        description="Answer questions over HTTP about the graph that KG_STORE names. It only reads.",
        epilog="Example: kg-api --port 8100",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address of this machine alone: %(default)s")
    parser.add_argument("--port", type=_port, default=8100, help="%(default)s at first; 0 for any that is free")
    parser.add_argument("--version", action="version", version=VERSION)
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r}: expected 0 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())

"""How is the service started?"""

from __future__ import annotations

import argparse
import logging
import socket
import sys
from collections.abc import Sequence

import uvicorn
from fastapi import FastAPI

from kg.errors import InputError, KgError
from kg.operations import configured_workspace, open_store
from kg.settings import read
from kg_api.app import create_app
from kg_api.config import read_config
from kg_api.logs import log_as_json_lines
from kg_api.version import VERSION

SHUTDOWN_SECONDS = 40
"""Seconds that a stop waits for what is running; the longest question has 30."""

LOG = logging.getLogger("kg_api")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until somebody stops it; returns the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        return serve(asked.host, asked.port)
    except KgError as error:
        sys.stderr.write(f"kg-api: {' '.join(str(error).split())}\n")
        return error.exit_code


def serve(host: str, port: int) -> int:
    """Answer on an address. Raises KgError for one of others without API keys, a port that is taken, and no store."""
    settings = read()
    conduct = read_config(settings, host)
    place = configured_workspace(settings)
    with open_store(place):  # what is wrong with it is said before anybody asks
        pass
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputError(f"--host {host} --port {port}: {error.strerror}; expected an address that is free") from None
    with listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else the end of an answer waits for an ACK
        log_as_json_lines()
        address = f"[{host}]" if ":" in host else host
        LOG.info("listening", extra={"address": f"http://{address}:{listening.getsockname()[1]}/v1"})
        uvicorn.Server(uvicorn_config(create_app(place, conduct))).run([listening])
    return 0


def uvicorn_config(app: FastAPI) -> uvicorn.Config:
    """How the service is run, whoever runs it."""
    return uvicorn.Config(
        app,
        access_log=False,  # addresses name people: they are in no log
        log_config=None,
        server_header=False,
        proxy_headers=False,  # else whoever asks from this machine could say to be anybody
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kg-api",
        description="Answer questions over HTTP about the graph that KG_STORE names. It only reads.",
        epilog="Example: kg-api --port 8100",
    )
    parser.add_argument("--host", default="127.0.0.1", help="%(default)s; any but this machine's own needs API keys")
    parser.add_argument("--port", type=_port, default=8100, help="%(default)s; 0 for any that is free")
    parser.add_argument("--version", action="version", version=VERSION)
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r}: expected 0 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())

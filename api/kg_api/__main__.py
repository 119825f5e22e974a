"""`kg-api`: start the service."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
from collections.abc import Sequence

import uvicorn
from fastapi import FastAPI

from kg.errors import InputError, KgError, printable
from kg.files import restrict_new_files
from kg.operations import configured_workspace, open_store
from kg.settings import read
from kg_api.app import create_app
from kg_api.config import read_config
from kg_api.connections import BACKLOG, LimitedProtocol
from kg_api.logs import log_as_json_lines
from kg_api.version import VERSION

SHUTDOWN_SECONDS = 40
"""Seconds that a stop waits for running requests; the longest budget is 30."""

WITHOUT_KEYS = (
    "running without API keys: every user of this machine may ask, and what comes from elsewhere or through a proxy is"
    " refused; `kg keys add NAME --expires 90d` creates a key"
)

LOG = logging.getLogger("kg_api")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the process is stopped; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return serve(options.host, options.port)
    except KgError as error:
        sys.stderr.write(f"kg-api: {printable(' '.join(str(error).split()))}\n")
        return error.exit_code


def serve(host: str, port: int) -> int:
    """Serve on an address.

    Raises KgError for one that others can reach while there are no API keys, for a port that is in use, and for a store
    that cannot be opened.
    """
    settings = read()
    restrict_new_files(settings.umask)
    config = read_config(settings, host)
    workspace = configured_workspace(settings)
    with open_store(workspace):  # an error in the store ends the start
        pass
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        wanted = "expected an address that is not in use"
        raise InputError(f"--host {host} --port {port}: {error.strerror}; {wanted}") from None
    with listener:
        # Otherwise the end of an answer waits for an ACK.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        log_as_json_lines()
        address = f"[{host}]" if ":" in host else host
        LOG.info("listening", extra={"address": f"http://{address}:{listener.getsockname()[1]}/v1"})
        if config.key_ring and not config.key_ring.is_key_required():
            LOG.warning(WITHOUT_KEYS)
        uvicorn.Server(uvicorn_config(create_app(workspace, config))).run([listener])
    return 0


def uvicorn_config(app: FastAPI) -> uvicorn.Config:
    """The configuration of uvicorn, here and in tests."""
    return uvicorn.Config(
        app,
        access_log=False,  # addresses name people: they are in no log
        log_config=None,
        http=LimitedProtocol,
        ws="none",
        backlog=BACKLOG,
        server_header=False,
        proxy_headers=False,  # otherwise a client on this machine could claim any address
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

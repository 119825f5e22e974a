"""Does the server answer a query?"""

from __future__ import annotations

import base64
import json
import socket
import struct
import urllib.error
import urllib.request
from typing import Any

from kg.errors import ServerError
from kg.neo4j_server.home import USER, ServerHome, ServerOptions

TIMEOUT = 10.0
TRANSIENT_ERROR = "Neo.TransientError."
"""The code of an error while the database starts: HTTP answers a little earlier."""
BOLT_MAGIC = 0x6060B017
BOLT_OFFER = (0x00080805, 0x00020404, 0, 0)
"""Bolt 5.0 to 5.8, or 4.2 to 4.4."""

# Straight to this machine, whatever proxy the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def is_ready(home: ServerHome, plan: ServerOptions) -> bool:
    """Whether the server answers a query, and Bolt too. Raises ServerError if it refuses the password."""
    try:
        with socket.create_connection(("127.0.0.1", plan.bolt_port), timeout=TIMEOUT) as connection:
            connection.sendall(struct.pack(">5I", BOLT_MAGIC, *BOLT_OFFER))
            chosen = connection.recv(4)
        accepts_bolt = len(chosen) == 4 and chosen != bytes(4)
        return accepts_bolt and run_statement(home, plan, "RETURN 1 AS one") == [[1]]
    except OSError:
        return False


def run_statement(home: ServerHome, plan: ServerOptions, statement: str, seconds: float = TIMEOUT) -> list[list[Any]]:
    """The rows of one Cypher statement, over HTTP. Raises ServerError, or OSError if there is no answer in time."""
    login = base64.b64encode(f"{USER}:{home.password()}".encode()).decode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{plan.http_port}/db/neo4j/query/v2",
        data=json.dumps({"statement": statement}).encode(),
        headers={"Authorization": f"Basic {login}", "Content-Type": "application/json", "Accept": "application/json"},
    )
    try:
        with _opener.open(request, timeout=seconds) as reply:
            response = json.load(reply)
    except urllib.error.HTTPError as error:
        with error:
            text = error.read().decode(errors="replace")
        if error.code == 401:
            problem = f"the server does not take the password in {home.password_file}; write the one it has there"
            raise ServerError(problem) from None
        if error.code != 400:
            raise OSError(f"HTTP status {error.code}") from None
        response = {"errors": text}
    # Also a query that was accepted may fail while its rows are on their way.
    if problems := response.get("errors"):
        if TRANSIENT_ERROR in str(problems):
            raise OSError(problems)
        raise ServerError(f"the server refused a query: {problems}")
    rows: list[list[Any]] = response["data"]["values"]
    return rows

"""Which servers on this machine take mail and calls of webhooks in tests?"""

from __future__ import annotations

import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any


@dataclass
class Received:
    """What came, and how the server answers next."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    """Status codes to answer with, in this order; then 200."""
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    """Path, headers in lower case, and body of each call."""
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    """Receiver and content of each mail."""
    commands: list[str] = field(default_factory=list)
    """Commands that the mail server got."""


@contextmanager
def webhook(tls: ssl.SSLContext | None = None) -> Iterator[Received]:
    """A web server that takes calls, over TLS if it has a certificate; an answer of 302 leads back to it."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.calls.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(received.answers.pop(0) if received.answers else 200)
            self.send_header("Location", f"http://127.0.0.1:{received.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with _serve(HTTPServer(("127.0.0.1", 0), Handler), received, tls):
        yield received


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None, *, starttls: bool = False) -> Iterator[Received]:
    """A mail server; it answers RCPT with the next of `answers`, and takes no password without encryption.

    With a certificate it speaks TLS, from the start or, if `starttls`, when it is asked to.
    """
    received = Received()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 invented.example")
            to = ""
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                received.commands.append(line)
                is_encrypted = isinstance(self.connection, ssl.SSLSocket)
                if word == "EHLO":
                    offered = "250-STARTTLS\r\n" if starttls and not is_encrypted else ""
                    self._say(f"250-invented.example\r\n{offered}250 AUTH PLAIN LOGIN")
                elif word == "STARTTLS" and tls:
                    self._say("220 go on")
                    try:
                        self.request = tls.wrap_socket(self.connection, server_side=True)
                    except ssl.SSLError:
                        return
                    self.setup()
                elif word == "AUTH":
                    self._say("235 welcome" if is_encrypted else "535 no")
                elif word == "RCPT":
                    to = line.partition("<")[2].partition(">")[0]
                    code = received.answers.pop(0) if received.answers else 250
                    self._say(f"{code} so")
                elif word == "DATA":
                    self._say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    received.mails.append((to, b"".join(lines)))
                    self._say("250 taken")
                elif word == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 good" if word in ("MAIL", "RSET") else "502 not here")

        def finish(self) -> None:
            super().finish()
            self.request.close()

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with _serve(socketserver.TCPServer(("127.0.0.1", 0), Handler), received, None if starttls else tls):
        yield received


@contextmanager
def _serve(server: socketserver.TCPServer, received: Received, tls: ssl.SSLContext | None = None) -> Iterator[None]:
    received.port = server.server_address[1]
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    with server:
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()

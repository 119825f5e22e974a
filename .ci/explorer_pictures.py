"""Which pictures of the report and the explorer do README.md and docs/explorer.md show?

Makes them anew, from a real Chromium and the real service with the invented demo set; all people in them are invented.
`--out FOLDER` puts them elsewhere. Run it by `make pictures`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from small_picture import save_picture

from kg.analysis.clusters import ClusterParameters
from kg.operations import DEMO_DAY, Workspace, demo_load_requests, load, open_store, write_report
from kg_api.page import FOLDER, INDEX
from tests.api.service_client import run_service
from tests.chromium import Page, chromium, find_chromium
from tests.house.tree import ROOT
from tests.page.test_explorer import Explorer

IMAGES = ROOT / "docs" / "images"
COLORS = 128
LARGEST = 120_000
"""Bytes of a picture."""

DESKTOP, PHONE, FIRST_PAGE = (1280, 800), (390, 844), (1240, 980)
PERSON, HOUSE = "崔崧穆", "387 Quillwater"


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=IMAGES, help="folder of the pictures")
    folder = parser.parse_args().out
    program = find_chromium()
    if program is None:
        sys.exit("there is no Chromium: install one, or name it in KG_TEST_CHROMIUM")
    if not (FOLDER / INDEX).is_file():
        sys.exit("the page is not built: `sh .ci/environment page` builds it")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        store = Path(name) / "demo.sqlite"
        for request in demo_load_requests():
            load(Workspace(store), request)
        with run_service(Workspace(store)) as client, chromium(program, Path(name)) as page:
            visit(Explorer(page, f"http://127.0.0.1:{client.port}/"), folder)
            with open_store(Workspace(store)) as opened:
                parameters = ClusterParameters(only_sought=True)
                files = write_report(Workspace(store), opened, Path(name), DEMO_DAY, 50, parameters)
            page.size(*FIRST_PAGE)
            page.open(files["html"].as_uri())
            take(page, folder, "report")


def visit(explorer: Explorer, folder: Path) -> None:
    """From a name to the view that is saved."""
    page = explorer.page
    page.size(*DESKTOP)
    explorer.open()
    page.wait("document.querySelector('.clusters li')")
    explorer.write("cui songmu")
    page.wait("document.querySelector('[role=option]')")
    take(page, folder, "explorer-search")
    explorer.find("")
    explorer.wait_for_panel()
    take(page, folder, "explorer-person")
    explorer.press("p")
    explorer.find(HOUSE, ".paths input")
    page.wait("document.querySelector('.hops')")
    explorer.click("Draw this path alone")
    page.wait("document.querySelector('canvas').getAttribute('aria-label').includes('6 nodes and 5 links')")
    take(page, folder, "explorer-path")
    explorer.open("#node=demo%3Ap-003")
    explorer.wait_for_panel()
    explorer.click("Legal routes")
    explorer.write("CN", ".routes input")
    explorer.click("Show routes")
    page.wait("document.querySelector('.route')")
    page.value("document.querySelector('.route').open = true")
    take(page, folder, "explorer-routes")
    explorer.click("Timeline")
    page.wait("document.querySelector('.timeline li')")
    take(page, folder, "explorer-timeline")
    page.size(*PHONE)
    explorer.open("#node=demo%3Ap-003")
    explorer.wait_for_panel()
    take(page, folder, "explorer-phone")


def take(page: Page, folder: Path, name: str) -> None:
    """A picture of what is on the screen."""
    time.sleep(1.0)  # what moves has come to rest
    save_picture(page.picture(), folder / f"{name}.png", COLORS, LARGEST)


if __name__ == "__main__":
    main()

"""How do tests and pictures use Neo4j Browser, as a person would?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chromium import Page, chromium

TRIES = 5
MOMENT = 2.0
"""For a page that has just been told something."""
QUERY_SECONDS = 120.0
STILL_SECONDS = 1.0
"""A graph whose nodes stand as long as this has found its place."""

LOGGED_IN = "!document.querySelector('[data-testid=password]')"
DRAWN = "[...document.querySelectorAll('g.node')].map(node => node.getAttribute('transform')).join()"
ANSWERED = """frame => {
  const statements = [...frame.querySelectorAll('[data-testid=multi-statement-list-icon]')]
  if (statements.length) return statements.every(statement => statement.title === 'Status: success')
  if (frame.innerText.includes(':param ')) return frame.innerText.includes('Successfully set')
  return !frame.querySelector('[data-testid=stopRunFrameButton]')
}"""
BOXES = "[...document.querySelectorAll('pre.runnable')]"


@dataclass(frozen=True, slots=True)
class Browser:
    """Neo4j Browser in a Chromium."""

    page: Page

    def log_in(self, password: str) -> None:
        """Give the password; address, database and user are in the address of the page."""
        self.page.wait("document.querySelector('[data-testid=boltaddress]')?.value.includes(':')")
        for _ in range(TRIES):
            # Browser asks the server where it is and fills in its form anew: what was typed before that is lost.
            self.page.type("[data-testid=password]", password)
            self.page.click("[data-testid=connect]")
            self.page.wait(f"{LOGGED_IN} || document.querySelector('[data-testid=connect]')", QUERY_SECONDS)
            if self.page.comes_true(LOGGED_IN, MOMENT):
                return
        raise AssertionError(f"nobody could log in; the page says:\n{self.page.text()[:3000]}")

    def clear(self) -> None:
        """Take away every frame."""
        self.ask(":clear")
        self.page.wait("document.querySelectorAll('[data-testid=frame-Favorite]').length === 0")

    def ask(self, text: str) -> None:
        """Type into the editor, and run."""
        self.page.click(".monaco-editor .view-lines")
        self.page.insert(text)
        self.page.key("Enter", 13, control=True)

    def boxes(self) -> list[str]:
        """What the open page of the guide has to run."""
        found: list[str] = self.page.value(f"{BOXES}.map(box => box.textContent)")
        return found

    def open_topic(self, name: str) -> None:
        """Go from the guide's first page to that of a topic."""
        self.page.click(f'[data-exec$="{name}.html"]')
        self.page.wait("document.querySelector('[data-exec$=\"guide.html\"]')")

    def run_box(self, number: int) -> None:
        """Click the arrow in a box of the guide, counted from 0, and wait until the frame on top has its answer."""
        frames = "document.querySelectorAll('[data-testid=frame-Favorite]').length"
        before = self.page.value(frames)
        self.page.value(f"{BOXES}[{number}].querySelector('i').click()")
        self.page.wait(f"{frames} > {before}", QUERY_SECONDS)
        self.page.wait(f"({ANSWERED})(document.querySelector('article'))", QUERY_SECONDS)

    def hide_overview(self) -> None:
        """Close what stands before the right part of a graph."""
        button = "document.querySelector('[title=\"Collapse the node properties display\"]')"
        self.page.value(f"{button}?.click()")
        self.page.wait(f"!{button}")

    def settle(self) -> None:
        """Until the graph that is drawn stands still, and then all of it into view."""
        self.page.wait("document.querySelector('g.node')", QUERY_SECONDS)
        before, since, deadline = "", time.monotonic(), time.monotonic() + QUERY_SECONDS
        while (now := self.page.value(DRAWN)) != before or time.monotonic() - since < STILL_SECONDS:
            if now != before:
                before, since = now, time.monotonic()
            assert time.monotonic() < deadline, "the graph finds no rest"
            time.sleep(0.1)
        self.page.click("[aria-label=zoom-to-fit]")

    def nodes(self) -> list[tuple[str, str]]:
        """Caption and colour of each node that is drawn, in order."""
        caption = "[...node.querySelectorAll('text.caption')].map(line => line.textContent.trim()).join(' ')"
        color = "node.querySelector('circle.b-outline').getAttribute('fill')"
        found = self.page.value(f"[...document.querySelectorAll('g.node')].map(node => [{caption}, {color}])")
        return sorted((caption, color) for caption, color in found)

    def favorites(self) -> list[str]:
        """Names of folders and favorites that stand in the open drawer."""
        ours = self.page.text().partition("Local scripts")[2].partition("Sample Scripts")[0]
        return ours.split("\n")

    def drop(self, name: str, content: bytes) -> None:
        """Drop a file on the page."""
        self.page.drop(".monaco-editor", name, content)


@contextmanager
def open_browser(program: str, address: str, folder: Path) -> Iterator[Browser]:
    """Neo4j Browser at that address, in a window as on a desk; nobody is logged in."""
    with chromium(program, folder) as page:
        page.size(1440, 900)
        page.open(address)
        yield Browser(page)

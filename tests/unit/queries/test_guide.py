"""Does the guide for Neo4j Browser hold every saved query, as it is and ready to run?"""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser

import pytest

from kg.errors import InputLocation
from kg.queries import QueryParameter, SavedQuery, favorites_archive, guide, guide_pages, parse_query, query_pack
from kg.queries.guide import TOPIC_TITLES, topic_title
from kg.queries.values import cypher_literal, read_literal
from tests.house.tree import ROOT

ADDRESS = "http://127.0.0.1:7475"
PAGES = guide_pages(ADDRESS)
ATTRIBUTE = re.compile(r"""\s+(on[^\s=]+)[^\s=]*\s*=\s*("[^"]*"|'[^']*'|[\w\-.:]+\s*)""", re.IGNORECASE)
"""What Browser cuts out of a guide, wherever it stands."""


class Reader(HTMLParser):
    """The boxes that can be run, the commands of links, and whether every element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.boxes: list[str] = []
        self.commands: list[str] = []
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        found = dict(attrs)
        if tag == "pre":
            self.boxes.append("")
        if command := found.get("data-exec"):
            self.commands.append(command)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "pre":
            self.boxes[-1] += data


def topic_boxes() -> list[str]:
    return [box for name in PAGES if name != "guide.html" for box in Reader(PAGES[name]).boxes]


@pytest.mark.parametrize("name", PAGES)
def test_browser_cuts_nothing_out_of_a_page(name: str) -> None:
    assert ATTRIBUTE.findall(PAGES[name]) == []
    assert "<script" not in PAGES[name]
    assert Reader(PAGES[name]).open == []


@pytest.mark.parametrize("query", query_pack().values(), ids=query_pack())
def test_every_query_stands_on_its_topics_page_after_its_parameters(query: SavedQuery) -> None:
    boxes = Reader(PAGES[f"{query.topic}.html"]).boxes
    at = boxes.index(f"// {query.title}\n{query.text};")
    if query.parameters:
        set_before = dict(re.findall(r":param (\w+) => (.+);", boxes[at - 1]))
        assert {p.name: set_before[p.name] for p in query.parameters} == set_before
        kinds = {p.name: p.kind for p in query.parameters}
        read = {name: read_literal(kinds[name], text, InputLocation(query.name)) for name, text in set_before.items()}
        assert read == query.examples()


def test_there_is_nothing_to_run_but_the_pack() -> None:
    queries = [box for box in topic_boxes() if not box.startswith(":param")]
    assert sorted(queries) == sorted(f"// {query.title}\n{query.text};" for query in query_pack().values())


def test_the_first_page_leads_to_every_topic_and_each_back() -> None:
    led = Reader(PAGES["guide.html"]).commands
    topics = [f"guide {ADDRESS}/{name}" for name in PAGES if name != "guide.html"]
    assert led == [*topics, f"style {ADDRESS}/style.grass"]
    assert all(
        Reader(PAGES[name]).commands == [f"guide {ADDRESS}/guide.html"] for name in PAGES if name != "guide.html"
    )


def test_topics_are_read_in_the_order_of_the_documentation() -> None:
    page = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    assert re.findall(r"^### (.+)$", page, re.MULTILINE) == list(TOPIC_TITLES.values())
    assert {query.topic for query in query_pack().values()} == set(TOPIC_TITLES)
    assert topic_title("bank_records") == "Bank records"


def test_a_text_is_written_so_that_it_reads_back() -> None:
    query = parse_query("x/y", "// T\n// $a (text): A.\n:param a => 'O\\'Neil \\\\ <b>';\nRETURN $a")
    assert query.parameters == (QueryParameter("a", "text", "A.", "O'Neil \\ <b>", False),)
    assert cypher_literal(query.parameters[0].example) == "'O\\'Neil \\\\ <b>'"


def test_the_archive_is_the_pack_file_by_file_and_always_the_same() -> None:
    with zipfile.ZipFile(io.BytesIO(favorites_archive())) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    folder = ROOT / "cypher" / "queries"
    assert found == {f"{name}.cypher": (folder / f"{name}.cypher").read_bytes() for name in query_pack()}
    assert favorites_archive() == favorites_archive()


HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</pre><script>alert(1)</script>",
    "&lt;b&gt;",
    "' onclick='x",
    '" on="x',
    "]]> --> //",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_saved_query_stays_text_in_its_page(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = cypher_literal(text)
    head = f"// {text}\n// Answers: {text}\n// $p (text): {text}\n// Limit: {text}\n:param p => {value};\n"
    hostile = parse_query("people/hostile", f"{head}RETURN '{text}'")
    monkeypatch.setattr(guide, "query_pack", lambda: {hostile.name: hostile})
    plain, page = Reader(PAGES["people.html"]), guide_pages(ADDRESS)["people.html"]
    read = Reader(page)
    assert (read.open, ATTRIBUTE.findall(page)) == ([], [])
    assert read.boxes == [f":param p => {value};", f"// {text}\n{hostile.text};"]
    assert (read.commands, read.tags - plain.tags) == (plain.commands, set())

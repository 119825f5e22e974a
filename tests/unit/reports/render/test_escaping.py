"""Can a name, or anything else a source wrote, become part of the page's markup?"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kg.reports.cluster_report.model import Report
from kg.reports.phrases import safe_url
from kg.reports.render.markdown import escape
from tests.unit.reports.renderings import render_all_html, render_all_markdown
from tests.unit.reports.sample_report import CHANGED as REPORT

EVIL = (
    '<script>alert(1)</script> "><img src=x onerror=alert(1)> | [a](javascript:alert(1)) '
    "![b](http://evil.example/x.png) `c` ``` *d* _e_ ~~f~~ <http://evil.example> https://evil.example "
    "www.evil.example {{ 7 * 7 }} {% raw %} $x$ &lt; \\| \\"
)
STARTS = (
    "# a",
    "- a",
    "+ a",
    "* a",
    "1. a",
    "2) a",
    "> a",
    "---",
    "===",
    "    a",
    "\n\n# a",
    "```",
    "|a|b|",
    "[a]: http://b.example",
)
NUMBERS = frozenset(("low", "high", "low_before", "high_before"))
"""Texts that are decimal numbers."""


BACK = "../report.html"
"""Where the pages about clusters lead back to."""


class Page(HTMLParser):
    """Everything a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def poisoned(thing: Any, text: str, url: str = "") -> Any:
    """The same report with `text` for everything that is text."""
    if is_dataclass(thing) and not isinstance(thing, type):
        changed = {f.name: poisoned(getattr(thing, f.name), text, url) for f in fields(thing) if f.name not in NUMBERS}
        return replace(thing, **(changed | ({"url": url} if "url" in changed else {})))
    if isinstance(thing, tuple):
        return tuple(poisoned(part, text, url) for part in thing)
    return text if isinstance(thing, str) and thing else thing


EVIL_REPORT: Report = poisoned(REPORT, EVIL)


def test_the_page_has_the_same_tags_whatever_the_names_are() -> None:
    assert Page(render_all_html(EVIL_REPORT)).tags == Page(render_all_html(poisoned(REPORT, "a"))).tags


def test_the_page_shows_a_name_as_it_is() -> None:
    assert EVIL in Page(render_all_html(EVIL_REPORT)).text


def test_a_drawing_shows_a_name_as_text() -> None:
    page = Page(render_all_html(EVIL_REPORT))
    assert {"script", "img"} & set(page.tags) == set()


def test_no_attribute_runs_anything() -> None:
    attributes = Page(render_all_html(EVIL_REPORT)).attributes
    assert [name for name, _ in attributes if name.startswith("on")] == []
    assert [v for name, v in attributes if name in ("href", "xlink:href", "src") and not v.startswith("#")] == [BACK]


@pytest.mark.parametrize("name", ["50 %41", "a/b?c#d", "Ye \u202egnimuhS", "崔"])
def test_a_link_to_a_source_leads_to_its_row(name: str) -> None:
    attributes = Page(render_all_html(poisoned(REPORT, name))).attributes
    ids = {value for key, value in attributes if key == "id"}
    led_to = {unquote(value[1:]) for key, value in attributes if key == "href" and value.startswith("#source-")}
    assert led_to and led_to <= ids


def test_a_name_turns_no_text_around() -> None:
    turned: Report = poisoned(REPORT, "Ye \u202egnimuhS\u2066")
    for text in (render_all_html(turned), render_all_markdown(turned)):
        assert "Ye ⟦U+202E⟧gnimuhS⟦U+2066⟧" in text
        assert {"\u202e", "\u2066"} & set(text) == set()


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/x", "//evil.example", "https://a b", "http://[", "x"],
)
def test_only_web_addresses_are_linked(url: str) -> None:
    assert safe_url(url) == ""
    assert url not in [v for name, v in Page(render_all_html(poisoned(REPORT, "a", url))).attributes if name == "href"]
    assert _links(_parsed(render_all_markdown(poisoned(REPORT, "a", url)))) == ["../report.md"]


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=1&c=2", "http://example.org/(x)/<y>|z`", "HTTPS://example.org/\\"]
)
def test_a_web_address_is_linked_to_exactly_that_place(url: str) -> None:
    assert safe_url(url) == url
    assert {
        v for name, v in Page(render_all_html(poisoned(REPORT, "a", url))).attributes if name == "href" and v[0] != "#"
    } == {url, BACK}
    assert {link[:19].lower() for link in _links(_parsed(render_all_markdown(poisoned(REPORT, "a", url))))} <= {
        url[:19].lower(),
        "../report.md",
    }


def test_markdown_has_the_same_structure_whatever_the_names_are() -> None:
    plain = [(t.type, t.tag) for t in _blocks(render_all_markdown(poisoned(REPORT, "a")))]
    assert [(t.type, t.tag) for t in _blocks(render_all_markdown(EVIL_REPORT))] == plain


def test_a_name_makes_no_link_image_code_or_html_in_markdown() -> None:
    parsed = _parsed(render_all_markdown(EVIL_REPORT))
    made = {t.type for t in parsed}
    assert _links(parsed) == ["../report.md"]
    assert made & {"image", "code_inline", "html_inline", "html_block", "fence", "s_open", "em_open"} == set()


def test_markdown_shows_a_name_as_it_is() -> None:
    shown = ["".join(c.content for c in t.children or []) for t in _blocks(render_all_markdown(EVIL_REPORT))]
    assert any(EVIL in text for text in shown)


@pytest.mark.parametrize("start", STARTS)
def test_a_value_starts_no_block_in_markdown(start: str) -> None:
    for before in ("", "- ", "1. ", "> "):
        blocks = [t for t in _blocks(f"{before}{escape(start)}") if t.type == "inline"]
        assert [b.content != "" for b in blocks] == [True]
        assert "".join(c.content for c in blocks[0].children or []) == " ".join(start.split())
        assert {t.tag for t in _blocks(f"{before}{escape(start)}")} <= {"p", "ul", "ol", "li", "blockquote", ""}


def test_a_web_address_in_a_name_stays_text_for_readers_that_link_by_themselves() -> None:
    assert escape("https://a.example www.b.example") == "https\\://a.example www\\.b.example"


def _blocks(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def _parsed(text: str) -> list[Token]:
    blocks = _blocks(text)
    return [*blocks, *(child for t in blocks for child in t.children or [])]


def _links(tokens: list[Token]) -> list[str]:
    return [str(t.attrs["href"]) for t in tokens if t.type == "link_open"]

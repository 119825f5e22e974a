"""How does a report look as Markdown? As its web page does, in GitHub's dialect."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

VOID = frozenset(("meta", "link", "br", "hr"))
SKIPPED = frozenset(("head", "nav", "svg", "style"))
HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
ENCODED_IN_BRACKETS = str.maketrans({"<": "%3C", ">": "%3E", "\\": "%5C", "|": "%7C", "`": "%60"})
LISTS = ("ul", "ol")
_SIGN = re.compile(r"[\\`*_\[\]<>|~&]|://|www\.", re.IGNORECASE)
"""What a text has at least if a part of it could be taken for markup or for an address."""

INLINE = frozenset(("a", "b", "bdi", "em", "small", "span", "strong"))

Item = tuple[int, str]
"""One item of a list: how deep it is indented, and its text."""


def html_to_markdown(page: str) -> str:
    """The content of one of our own pages. No name in it can start a table cell, a link, markup or HTML.

    A table becomes a Markdown table, or a list if some of its cells have several items. Drawings, the contents and
    links within the page are left out; those to other pages of ours lead to their Markdown.
    """
    return "\n\n".join(block for block in _blocks(parse_page(page)) if block) + "\n"


def parse_page(page: str) -> Element:
    """One of our own pages as a tree."""
    parser = _TreeParser()
    parser.feed(page)
    return parser.close_tree()


def escape(text: str) -> str:
    """A text in Markdown, on one line."""
    return _escape_start(_escape_signs(" ".join(text.split())))


class _TreeParser(HTMLParser):
    """Reads a page into a tree."""

    def __init__(self) -> None:
        super().__init__()
        self._builder = TreeBuilder()
        self._builder.start("page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self._builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._builder.end(tag)

    def handle_data(self, data: str) -> None:
        self._builder.data(data)

    def close_tree(self) -> Element:
        """The whole page."""
        self.close()
        self._builder.end("page")
        return self._builder.close()


def _blocks(parent: Element) -> Iterator[str]:
    """Each heading, paragraph, list and table in an element."""
    for element in shown_elements(parent):
        classes = element.get("class", "").split()
        if element.tag in HEADINGS:
            yield f"{HEADINGS[element.tag]} {_inline(element)}"
        elif element.tag == "p" and "banner" in classes:
            yield f"> **{_inline(element)}**"
        elif element.tag in ("summary", "figcaption") or "nothing" in classes:
            yield f"**{_inline(element)}**"
        elif element.tag == "p" or element.tag in INLINE:
            yield _escape_start(_inline(element))
        elif element.tag in ("ul", "ol"):
            yield _list(_list_items(element), numbered=element.tag == "ol")
        elif element.tag == "dl":
            pairs = ((term.find("dt"), term.find("dd")) for term in element.iter("div"))
            yield _list((0, f"**{_inline(term)}**: {_inline(meaning)}") for term, meaning in pairs)
        elif element.tag == "table":
            yield _table(element)
        else:
            yield from _blocks(element)


def _table(table: Element) -> str:
    heads, rows = [list(head) for head in table.iter("tr")][:1], [list(row) for row in table.iterfind("tbody/tr")]
    if table.find("thead") is None or any(cell.find(".//li") is not None for row in rows for cell in row):
        return _list(item for row in rows for item in _row_items(row))
    aligned = ["---:" if "number" in head.get("class", "").split() else "---" for head in heads[0]]
    cells = [[_inline(cell) for cell in row] for row in (*heads, *rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (cells[0], aligned, *cells[1:]))


def _row_items(row: list[Element]) -> Iterator[Item]:
    """A row of a table as an item, with one below it for each cell that is not empty."""
    (_, name), *more = _cell_items(row[0])
    cells = [(_escape_signs(cell.get("data-label", "")), _cell_items(cell)) for cell in row[1:]]
    unlabelled = [text for label, items in cells if not label for _, text in items]
    yield 0, "; ".join([f"**{name}**", *(text for _, text in more)]) + "".join(f": {text}" for text in unlabelled)
    for label, items in cells:
        if label and len(items) == 1:
            yield 1, f"{label}: {items[0][1]}"
        elif label and items:
            yield 1, f"{label}:"
            yield from ((depth + 2, text) for depth, text in items)


def _cell_items(cell: Element) -> list[Item]:
    """What stands in a cell: its text, its parts and its lists. A list after a part belongs to it."""
    items = [(0, text)] if (text := _own_text(cell)) else []
    has_part = False
    for child in shown_elements(cell):
        if child.tag in ("ul", "ol"):
            items += [(depth + has_part, text) for depth, text in _list_items(child)]
            has_part = False
        elif child.tag not in INLINE and (text := _inline(child)):
            items.append((0, text))
            has_part = True
    return items


def _list_items(parent: Element) -> Iterator[Item]:
    for item in parent.iterfind("li"):
        yield 0, _own_text(item)
        for child in shown_elements(item):
            for nested in shown_elements(child) if child.tag == "details" else (child,):
                if nested.tag in ("ul", "ol"):
                    yield from ((depth + 1, text) for depth, text in _list_items(nested))
                elif nested.tag not in INLINE and (text := _inline(nested)):
                    yield 1, text


def _list(items: Iterable[Item], *, numbered: bool = False) -> str:
    marked = ((f"{number}." if numbered else "-", *item) for number, item in enumerate(items, 1))
    return "\n".join(f"{'  ' * depth}{mark} {_escape_start(text)}" for mark, depth, text in marked)


def _own_text(element: Element) -> str:
    """The text of an element without its parts and lists."""
    return _joined(_texts(element, nested=False))


def _inline(element: Element | None) -> str:
    """All text of an element on one line; its parts and the items of its lists have semicolons between them."""
    return _joined(_texts(element, nested=True)) if element is not None else ""


def _joined(texts: Iterable[str]) -> str:
    return " ".join("".join(texts).split()).removeprefix("; ")


def _texts(element: Element, *, nested: bool) -> Iterator[str]:
    yield _escape_signs(element.text or "")
    for child in element:
        if not _is_shown(child):
            pass
        elif child.tag in INLINE:
            yield from _marked_texts(child)
        elif nested and (text := _inline(child)):
            yield f"; {text}"
        yield _escape_signs(child.tail or "")


def _marked_texts(element: Element) -> Iterator[str]:
    address = element.get("href", "#")
    if not address.startswith("#") and "://" not in address:  # one of our own pages
        address = re.sub(r"\.html$", ".md", address)
    if not address.startswith("#"):
        yield f"[{_inline(element)}](<{address.translate(ENCODED_IN_BRACKETS)}>)"
    elif mark := {"b": "**{}**", "strong": "**{}**", "em": "*{}*", "small": " ({})"}.get(element.tag):
        yield mark.format(_inline(element))
    else:
        yield from _texts(element, nested=True)


def plain_text(element: Element, skipped: Collection[str] = ()) -> str:
    """All text of an element that is shown, on one line and without markup; its parts have semicolons between them.

    `skipped`: tags of elements within it that are left out.
    """

    def texts(one: Element) -> Iterator[str]:
        yield one.text or ""
        for child in one:
            if child.tag in INLINE and child.tag != "small" and child.tag not in skipped and _is_shown(child):
                yield from texts(child)  # with the signs at its ends
            elif _is_shown(child) and child.tag not in skipped and (inner := plain_text(child, skipped)):
                yield f" ({inner})" if child.tag == "small" else f"; {inner}"
            yield child.tail or ""

    return _joined(texts(element))


def list_texts(parent: Element, depth: int = 0) -> Iterator[Item]:
    """The items of a list without markup, those of lists in it below them."""
    for item in parent.iterfind("li"):
        yield depth, plain_text(item, LISTS)
        for child in shown_elements(item):
            for nested in shown_elements(child) if child.tag == "details" else (child,):
                if nested.tag in LISTS:
                    yield from list_texts(nested, depth + 1)


def shown_elements(parent: Element) -> Iterator[Element]:
    """The elements in another that are not left out."""
    return filter(_is_shown, parent)


def _is_shown(element: Element) -> bool:
    return element.tag not in SKIPPED and "no-markdown" not in element.get("class", "").split()


def _escape_signs(text: str) -> str:
    if not _SIGN.search(text):
        return text
    text = re.sub(r"([\\`*_\[\]<>|~&])", r"\\\1", text)
    # An address or `www.` in a name would become a link by itself.
    text = re.sub(r"(?i)\b(https?|ftp)://", r"\1\\://", text)
    return re.sub(r"(?i)\bwww\.", lambda m: m.group()[:-1] + "\\.", text)


def _escape_start(line: str) -> str:
    """A sign or number at the start of a line would begin a list, a heading or a rule."""
    return re.sub(r"^([-+#=]|\d+(?=[.)](?: |$)))", lambda m: f"{m[1]}\\" if m[1].isdigit() else f"\\{m[1]}", line)

"""How does a report look as a document for word processors? As its web page does, without drawings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any
from xml.etree.ElementTree import Element

from kg.errors import InputError
from kg.files import office_file
from kg.reports.render.markdown import HEADINGS, INLINE, list_texts, parse_page, plain_text, shown_elements

NO_LIBRARY = "a DOCX file needs the package python-docx, which kg installs with its extra `office`; leave out docx"
MAX_LIST_DEPTH = 3
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def require_library() -> None:
    """Raises InputError where python-docx is not installed."""
    if find_spec("docx") is None:
        raise InputError(NO_LIBRARY)


def render_document(page: str, day: str) -> bytes:
    """One of our own pages as a DOCX file; the same page gives the same bytes."""
    require_library()
    from docx import Document

    document = Document()
    document.core_properties.author = "kg"
    _add_blocks(document, parse_page(page))
    return office_file(document.save, day)


def _add_blocks(document: Any, parent: Element) -> None:
    """Each heading, paragraph, list and table in an element."""
    for element in shown_elements(parent):
        classes = element.get("class", "").split()
        if element.tag in HEADINGS:
            document.add_heading(_text(element), len(HEADINGS[element.tag]) - 1)
        elif element.tag in ("summary", "figcaption") or "nothing" in classes or "banner" in classes:
            document.add_paragraph().add_run(_text(element)).bold = True
        elif element.tag == "p" or element.tag in INLINE:
            if text := _text(element):
                document.add_paragraph(text)
        elif element.tag in ("ul", "ol"):
            style = "List Number" if element.tag == "ol" else "List Bullet"
            for depth, text in list_texts(element):
                level = min(depth + 1, MAX_LIST_DEPTH)
                document.add_paragraph(_clean(text), f"{style} {level}" if level > 1 else style)
        elif element.tag == "dl":
            for pair in element.iter("div"):
                term, meaning = pair.find("dt"), pair.find("dd")
                paragraph = document.add_paragraph()
                paragraph.add_run(f"{_text(term)}: " if term is not None else "").bold = True
                paragraph.add_run(_text(meaning) if meaning is not None else "")
        elif element.tag == "table":
            _add_table(document, element)
        else:
            _add_blocks(document, element)


def _add_table(document: Any, table: Element) -> None:
    rows = [list(row) for row in table.iter("tr")]
    if not rows:
        return
    made = document.add_table(rows=0, cols=max(map(len, rows)), style="Table Grid")
    for number, row in enumerate(rows):
        cells = made.add_row().cells
        for cell, element in zip(cells, row, strict=False):
            lines = [element_text for element_text in _cell_lines(element) if element_text]
            cell.text = "\n".join(lines)
            if number == 0 and element.tag == "th":
                for run in cell.paragraphs[0].runs:
                    run.bold = True


def _cell_lines(cell: Element) -> Iterator[str]:
    """What stands in a cell: lists as lines of their own."""
    if cell.find(".//li") is None:
        yield _text(cell)
        return
    for child in shown_elements(cell):
        if child.tag in ("ul", "ol"):
            yield from (f"• {_clean(text)}" for _, text in list_texts(child))
        else:
            yield _text(child)


def _text(element: Element) -> str:
    return _clean(plain_text(element))


def _clean(text: str) -> str:
    """A text that XML can hold."""
    return _NOT_XML.sub("\ufffd", text)

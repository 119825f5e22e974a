"""Do the workbook, the document and the PDF say what the report says, and nothing that a program runs?"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from openpyxl import load_workbook

from kg.errors import InputError
from kg.reports.render import pdf
from kg.reports.render.files import render_html, require_formats, write_files
from kg.reports.render.markdown import plain_text
from kg.reports.render.workbook import MAX_CELL, render_workbook, report_sheets
from tests.chromium import require_chromium
from tests.unit.reports.sample_report import CHANGED, REPORT

HOSTILE = '=HYPERLINK("http://x.example";"\x01' + "z" * 40_000


@pytest.fixture(scope="module")
def book() -> Any:
    return load_workbook(BytesIO(render_workbook(CHANGED)))


def test_each_list_of_the_report_is_a_sheet(book: Any) -> None:
    assert book.sheetnames == [sheet.name for sheet in report_sheets(CHANGED)]
    changes = [[cell.value for cell in row] for row in book["Changes"].iter_rows()]
    assert changes[0][:3] == ["group", "what", "text"]
    items = CHANGED.front.changes.items if CHANGED.front.changes else ()
    assert [row[2] for row in changes[1:]] == [item.text for item in items]
    assert {row[2].value for row in book["Members"].iter_rows(min_row=2)} >= {
        p.name for p in CHANGED.clusters[0].people
    }
    values = [row[4].value for row in book["Values"].iter_rows(min_row=2)]
    assert values and all(isinstance(value, int | float) for value in values)
    assert len(list(book["Overdue and due"].rows)) == len(CHANGED.front.actions) + 1
    assert all(book[name].freeze_panes == "A2" for name in book.sheetnames)


def test_no_text_is_a_formula_and_none_is_lost_without_a_word() -> None:
    hostile = replace(REPORT, title=HOSTILE)
    book = load_workbook(BytesIO(render_workbook(hostile)))
    cell = book["Report"]["B2"]
    assert (cell.data_type, len(cell.value)) == ("s", MAX_CELL)
    assert cell.value.startswith('=HYPERLINK("http://x.example";"�') and cell.value.endswith(
        "the JSON file has all of it)"
    )
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert "f" not in {c.data_type for c in cells}


def test_the_same_report_gives_the_same_bytes_beside_the_other_files(tmp_path: Path) -> None:
    paths = write_files(REPORT, tmp_path, formats=("xlsx",))
    assert list(paths) == ["html", "md", "json", "xlsx"]
    assert paths["xlsx"].read_bytes() == render_workbook(REPORT)


def test_a_format_that_cannot_be_is_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="expected some of xlsx, docx, pdf"):
        require_formats(["odt"])
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="none is installed; leave out pdf"):
        require_formats(["xlsx", "pdf"])


@pytest.mark.browser
def test_a_browser_prints_the_page(tmp_path: Path) -> None:
    require_chromium()
    paths = write_files(REPORT, tmp_path, formats=("pdf",))
    assert paths["pdf"].read_bytes().startswith(b"%PDF-")


def test_a_browser_that_fails_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o700)
    monkeypatch.setattr(pdf, "find_browser", lambda: str(program))
    with pytest.raises(InputError, match="cannot print") as caught:
        pdf.print_pdf(tmp_path / "page.html")
    assert "\n" not in str(caught.value)


def test_the_document_says_what_the_page_says() -> None:
    from docx import Document

    from kg.reports.render.document import render_document

    page = render_html(CHANGED)
    made = render_document(page, CHANGED.date)
    assert made == render_document(page, CHANGED.date)
    document = Document(BytesIO(made))
    headings = [p.text for p in document.paragraphs if str(p.style and p.style.name).startswith(("Heading", "Title"))]
    assert CHANGED.title in headings[0] and "Sources" in headings
    cells = " ".join(c.text for table in document.tables for row in table.rows for c in row.cells)
    text = " ".join(p.text for p in document.paragraphs) + cells
    for item in CHANGED.front.changes.items if CHANGED.front.changes else ():
        assert item.text.split(":")[0] in text
    assert "<" not in headings[0] and "\\" not in text


def test_signs_at_the_ends_of_inline_text_stay() -> None:
    item = fromstring(
        '<li><b>lifted</b> Freeze 1<span class="soft">; Ann owns Flat 9</span><ul><li>x</li></ul> (end)</li>'
    )
    assert plain_text(item) == "lifted Freeze 1; Ann owns Flat 9; x (end)"

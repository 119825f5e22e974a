"""Are small files that unpack to more than the memory, or take hours to read, refused at once and by name?"""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from kg.errors import InputError
from kg.ontology import load_ontology
from kg.sources import ReadContext, choose_connector
from kg.sources.files import lines, workbook_limits
from kg.sources.tabular import workbook
from tests.faults.harness import run_kg

MIB = 1024 * 1024
MOST_MEMORY = 2048 * MIB
"""Address space that a load may take, of which Python and its libraries map a third."""
SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
TYPES = "[Content_Types].xml"
PARTS = {"sheet": SHEET, "strings": STRINGS, "book": BOOK, "types": TYPES, "rels": "xl/_rels/workbook.xml.rels"}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OPENING = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
CLOSING = b"</sheetData></worksheet>"
HEADER = (
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c></row>'
)


def workbook_with(path: Path, **parts: Callable[[bytes], bytes]) -> Path:
    """A workbook of persons in which some parts are replaced."""
    plain = BytesIO()
    book = Workbook()
    assert book.active is not None
    book.active.title = "persons"
    book.active.append(["key", "name"])
    book.active.append(["a", "Ann Invented"])
    book.save(plain)
    changes = {PARTS[name]: change for name, change in parts.items()}
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, changes[name](content) if name in changes else content)
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name](b""))
    return path


def load(path: Path) -> tuple[int, str]:
    """The exit code of a load that has little memory, and what was said."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({MOST_MEMORY}, {MOST_MEMORY}))"
    done = run_kg(path.parent / "graph.sqlite", "load", path, "--source", "bomb", before=limit)
    return done.returncode, done.stderr


def rows(start: bytes, repeated: bytes = b"", times: int = 0, end: bytes = b"") -> Callable[[bytes], bytes]:
    return lambda _: OPENING + HEADER + start + repeated * times + end + CLOSING


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
TEXT = b'<row r="2"><c r="A2" t="inlineStr"><is><t>'
TEXT_END = b"</t></is></c></row>"
SHEETS = b'<sheet name="x" sheetId="1" id="x"/>' * 10_000

WORKBOOKS: dict[str, tuple[dict[str, Callable[[bytes], bytes]], str]] = {
    "a document type with entities": ({"sheet": lambda text: DOCTYPE + text}, "has a document type"),
    "an entity from another file": ({"strings": lambda text: OUTSIDE + text}, "has a document type"),
    "a comment before a document type": (
        {"sheet": lambda text: b"<!--" + b" " * (2 * MIB) + b"-->" + DOCTYPE[21:] + text},
        "has a ",
    ),
    "one text of 200 MiB": ({"sheet": rows(TEXT, b"A", 200 * MIB, TEXT_END)}, "has a text of more than"),
    "one text of 100 MiB of less-than signs": (
        {"sheet": rows(TEXT + b"<![CDATA[", b"<", 100 * MIB, b"]]>" + TEXT_END)},
        "has a text of more than",
    ),
    "a comment without end": ({"sheet": rows(b"<!--", b"<a/>", 20 * MIB, b"-->")}, "has a text of more than"),
    "a row of a million cells": ({"sheet": rows(b'<row r="2">', b"<c/>", MIB, b"</row>")}, "more than 16,384 cells"),
    "a row far below": ({"sheet": rows(b'<row r="4000000000"><c r="A4000000000"/></row>')}, "more than 1,048,576 rows"),
    "two million rows": ({"sheet": rows(b"", b"<row/>", 2 * MIB)}, "more than 1,048,576 rows"),
    "ten thousand sheets": (
        {"book": lambda text: text.replace(b"</sheets>", SHEETS + b"</sheets>")},
        "more than 1,000 sheets",
    ),
    "elements in each other": ({"sheet": rows(b"", b"<row>", 5_000)}, "nested more than 64 deep"),
    "shared texts of 200 MiB": (
        {"strings": lambda _: f'<sst xmlns="{MAIN}">'.encode() + b"<si><t>x</t></si>" * (12 * MIB) + b"</sst>"},
        "expected at most 134,217,728",
    ),
    "in UTF-16": ({"sheet": lambda text: text.decode().encode("utf-16")}, "is not in UTF-8"),
    "no XML": ({"sheet": lambda _: b"\x00\x01" * MIB}, ""),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_that_is_a_bomb_is_refused_within_the_memory(tmp_path: Path, name: str) -> None:
    parts, why = WORKBOOKS[name]
    path = workbook_with(tmp_path / "case.xlsx", **parts)
    code, told = load(path)
    assert (code, len(told.splitlines())) == (2, 1), told
    assert "case.xlsx" in told and why in told


def test_a_workbook_as_people_make_them_is_loaded(tmp_path: Path) -> None:
    assert load(workbook_with(tmp_path / "case.xlsx"))[0] == 0


def test_a_workbook_declares_no_more_than_it_may_unpack_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook_with(tmp_path / "case.xlsx")
    for limit, why in (("MAX_UNPACKED", "unpacks to"), ("MAX_PARTS", "parts; expected at most")):
        with monkeypatch.context() as patched, path.open("rb") as file:
            patched.setattr(workbook_limits, limit, 3)
            with pytest.raises(workbook_limits.WorkbookTooLarge, match=why):
                workbook_limits.check_workbook(file)


FALSE_ROOT = f'<worksheet xmlns="{MAIN}">'.encode()
SHARED = b"<si><t>x</t></si>"
CHART_SHEETS = (
    b'<Relationships><Relationship Id="r" Type="x/chartsheet" Target="worksheets/sheet1.xml"/></Relationships>'
)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (
            {"strings": lambda _: FALSE_ROOT + SHARED * 100 + b"</worksheet>"},
            "Strings.xml has 1,.* bytes; .* at most 1,000",
        ),
        ({"strings": lambda _: FALSE_ROOT + b"<x>" + SHARED * 100 + b"</x></worksheet>"}, "at most 1,000"),
        ({"strings": lambda _: f'<sst xmlns="{MAIN}">'.encode() + b"<si/>" * 21 + b"</sst>"}, "more than 20 texts"),
        (
            {"book": lambda _: FALSE_ROOT + b"<row>" + b"A" * 20_000 + b"</row></worksheet>"},
            "workbook.xml has 20,.* bytes",
        ),
        ({"types": lambda _: FALSE_ROOT + b"A" * 20_000 + b"</worksheet>"}, "Content_Types.* has 20,.* bytes"),
        ({"sheet": rows(b"", b"<row/><x/>", 1_001)}, "elements in one row or outside its rows"),
        ({"sheet": rows(b'<row r="2"><c r="A2">', b"<x/>", 1_002, b"</c></row>")}, "elements in one row"),
        (
            {"sheet": rows(b'<row r="2">' + b"A" * 20_000 + b"</row>"), "rels": lambda _: CHART_SHEETS},
            "sheet1.xml has 20,",
        ),
    ],
)
def test_what_is_read_as_a_whole_is_small_whatever_its_root_element(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: dict[str, Callable[[bytes], bytes]], why: str
) -> None:
    limits = {"SHARED_TEXTS": 1_000, "SHARED_COUNT": 20, "OTHER_PART": 16_384, "HELD_ELEMENTS": 1_000}
    plain, path = workbook_with(tmp_path / "plain.xlsx"), workbook_with(tmp_path / "case.xlsx", **parts)
    for name, value in limits.items():
        monkeypatch.setattr(workbook_limits, f"MAX_{name}", value)
    with pytest.raises(workbook_limits.WorkbookTooLarge, match=why), path.open("rb") as file:
        workbook_limits.check_workbook(file)
    with plain.open("rb") as file:
        workbook_limits.check_workbook(file)


def test_empty_cells_between_others_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_CELLS", 100)
    sheet = iter([((None,) * 60, ())] * 3)
    with pytest.raises(InputError, match="empty ones counted"):
        list(workbook._within_limits("case.xlsx:persons", sheet))


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.ftm.json.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(30):
            file.write((b" " * 1023 + b"\n") * (10 * 1024))
    code, told = load(path)
    assert (code, len(told.splitlines())) == (2, 1)
    assert f"expands to more than {lines.MAX_EXPANSION} times" in told


@pytest.mark.parametrize("blank", [b"\n", b"\r\n", b" \t \n"])
@pytest.mark.parametrize(("name", "start"), [("rows.records.jsonl.gz", b""), ("persons.csv", b"key,name\na,Ann\n")])
def test_blank_lines_without_end_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, start: bytes, blank: bytes
) -> None:
    monkeypatch.setattr(lines, "MAX_BLANK_LINES", 100)
    path = tmp_path / name
    context = ReadContext(load_ontology(), "bomb")
    for count, is_refused in ((100, False), (101, True)):
        content = start + b'{"key": "x"}\n' + blank * count
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        found = choose_connector(path).read([path], context)
        with pytest.raises(InputError, match=f"{name}:10[234].* 100 blank lines") if is_refused else nullcontext():
            list(found)


@pytest.mark.parametrize("inside", [b"x", b"[", b'{"a":', b'"'])
def test_a_line_without_end_is_refused(tmp_path: Path, inside: bytes) -> None:
    path = tmp_path / "long.ftm.json"
    path.write_bytes(b'{"id": ' + inside * (80 * MIB // len(inside)))
    code, told = load(path)
    assert code == 2
    assert "at most" in told or "cut short" in told, told


def test_a_cell_without_end_rejects_its_row(tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    path.write_bytes(b'key,name\na,Ann Invented\nb,"' + b"x\n" * (csv.field_size_limit() // 2 + 1_000))
    code, told = load(path)
    assert code in (0, 2), told

"""Do rejects of protected rows count for nobody without the scope, and is the loader told what was left out?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from kg.cli import app
from kg.ontology import load_ontology
from kg.operations.ledger.protection import mark_protected
from kg.records import Reject
from kg.sources import ReadContext, choose_connector

OPEN_ROW = '{"key": "ann", "type": "Person", "properties": {"name": "Ann Example (invented)"}}\n'
BAD_DATE = '"properties": {"birth_date": "2014-02-30"}'
DETERMINATION = '{"key": "d", "type": "Determination", "properties": {"fact": "torture_risk", "decided_on": "14-99"}}'

ROWS = {
    "a value before its record": '{"key": "h", "type": "Person", "handling": "protected", ' + BAD_DATE + "}",
    "a row of no type": '{"key": "h", "type": "Ship", "handling": "protected"}',
    "an unknown key": '{"key": "h", "type": "Person", "handling": "protected", "shoe": "38"}',
    "no JSON": '{"key": "h", "type": "Person", "handling": "protected"',
    "escapes": '{"key": "h", "type": "Ship", "handling": "\\u0070rotected"}',
    "a handling code in capitals": '{"key": "h", "type": "Person", "handling": "Protected"}',
    "a handling code that is none": '{"key": "h", "type": "Person", "handling": "secret"}',
    "a handling code that is a list": '{"key": "h", "type": "Person", "handling": ["protected"]}',
    "a handling code that is an object": '{"key": "h", "type": "Person", "handling": {"protected": [[]]}}',
    "a protected link without an end": '{"key": "h", "type": "HAS_STATUS_IN", "from": "ann"}',
    "a value of a protected link": '{"key": "h", "type": "HAS_STATUS_IN", "from": "ann", "to": "x", '
    '"properties": {"start_date": "14-99"}}',
    "an answer about a protected fact": DETERMINATION,
    "an answer that cannot be read": DETERMINATION.replace('"key": "d", ', ""),
    "another fact beside it": DETERMINATION.replace('"torture_risk"', '["torture_risk", "dual_criminalty"]'),
    "the same again with other content": '{"key": "h", "type": "Person", "handling": "protected"}\n'
    '{"key": "h", "type": "Person", "handling": "protected", "properties": {"name": "Hidden (invented)"}}',
}

Show = Callable[..., Any]
OF_THE_LOADER = ("left_out_records", "left_out_rejects", "reasons", "rejects_file")


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """A command in one of two stores, and what it prints as JSON, or as lines."""

    def run(store: str, *words: object, as_json: bool = True, scope: str | None = None) -> Any:
        env = {"KG_STORE": f"embedded:{tmp_path / store / 'graph.sqlite'}", "KG_SCOPE": scope}
        (tmp_path / store).mkdir(exist_ok=True)
        done = CliRunner().invoke(app, [*map(str, words), *(["--json"] if as_json else [])], env=env)
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout) if as_json else done.stdout.splitlines()

    return run


def load_both(tmp_path: Path, show: Show, name: str, files: tuple[bytes, bytes], *words: str) -> tuple[Any, Any]:
    """What the loads of a file with protected rows and of one without them print; the ledgers have to agree."""
    loads, told = [], []
    for store, content in zip(("full", "never"), files, strict=True):
        file = tmp_path / store / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        result = show(store, "load", file, "--source", "desk", *words)
        told.append({field: result.pop(field) for field in OF_THE_LOADER})
        loads.append((result, show(store, "loads")))
    assert loads[0] == loads[1]
    return told[0], told[1]


def rejects_of(path: Path, content: str | bytes, connector: str = "") -> list[Reject]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    context = ReadContext(load_ontology(), "test")
    read = choose_connector(path, connector).read([path], context)
    return [r for r in mark_protected(read, [path.name], context.ontology) if isinstance(r, Reject)]


@pytest.mark.parametrize("row", [row for row in ROWS.values() if "\n" not in row])
def test_rejects_of_protected_rows_are_protected(tmp_path: Path, row: str) -> None:
    open_rows = OPEN_ROW.replace("name", "birth_date")
    found = rejects_of(tmp_path / "rows.records.jsonl", f"{open_rows}{row}\n{open_rows}")
    assert [reject.protected for reject in found] == [False, *[True] * (len(found) - 2), False]
    assert len(found) > 2


def test_they_count_for_nobody_without_the_scope(tmp_path: Path, show: Show) -> None:
    rows = "\n".join([*ROWS.values(), ""])
    told, never = load_both(tmp_path, show, "rows.records.jsonl", ((OPEN_ROW + rows).encode(), OPEN_ROW.encode()))
    assert told["left_out_rejects"] == sum(told["reasons"].values()) >= len(ROWS)
    assert never["left_out_rejects"] == never["left_out_records"] == 0
    (entry,) = show("full", "loads", scope="protected")
    remarks = 1
    assert entry["rejected"] + entry["set_aside"] + remarks == told["left_out_rejects"]
    assert len(Path(told["rejects_file"]).read_bytes().splitlines()) == told["left_out_rejects"]


STATUS_TABLE = """title = "Statuses"
description = "What hosts granted"
[[table]]
files = "status.csv"
key = "id"
[table.said]
handling = {handling}
[[table.node]]
type = "Person"
key = "person"
[[table.link]]
type = "{type}"
from = "person"
to = {{ column = "country", convert = "country" }}
properties.start_date = "from"
[values.codes]
7 = "protected"
"""


@pytest.mark.parametrize(
    ("handling", "link", "row"),
    [
        ('"code"', "HAS_STATUS_IN", "1,ann,XX,2014,"),
        ('"code"', "HAS_STATUS_IN", ",ann,US,2014,"),
        ('"code"', "HAS_STATUS_IN", "1,ann,US,2014-02-30,open"),
        ('"code"', "CITIZEN_OF", "1,ann,US,2014-02-30,protected"),
        ('"code"', "CITIZEN_OF", ",ann,US,2014,Protected "),
        ('"code"', "CITIZEN_OF", "1,,,,protected"),
        ('"code"', "CITIZEN_OF", "1,ann,US,2014,secret"),
        ('{ column = "code", lookup = "codes" }', "CITIZEN_OF", ",ann,US,2014,7"),
        ('{ column = "code", lookup = "codes" }', "CITIZEN_OF", "1,ann,US,2014-02-30,7"),
    ],
)
def test_so_are_those_of_tables(tmp_path: Path, handling: str, link: str, row: str) -> None:
    table = tmp_path / "status.toml"
    table.write_text(STATUS_TABLE.format(handling=handling, type=link))
    found = rejects_of(tmp_path / "status.csv", f"id,person,country,from,code\n{row}\n", str(table))
    assert [reject.protected for reject in found] == [True]


def workbook(path: Path, *rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "persons"
    for row in (("key", "name", "birth_date", "handling"), *rows):
        sheet.append(row)
    book.save(path)
    return path.read_bytes()


def test_so_are_those_of_workbooks_whose_cells_have_no_line(tmp_path: Path) -> None:
    ann, bo = ("ann", "Ann (invented)", "bad", "open"), ("bo", "Bo (invented)", "bad", "")
    hidden = ("h", "Hidden (invented)", "bad", "protected"), ("i", "Hidden (invented)", "1970", "secret")
    keyless = ("", "Nobody (invented)", "", "protected")
    found = rejects_of(tmp_path / "desk.xlsx", workbook(tmp_path / "made", ann, *hidden, keyless, bo))
    assert [reject.protected for reject in found] == [False, True, True, True, False]


def test_a_row_whose_handling_code_cannot_be_read_does_not_become_open(tmp_path: Path, show: Show) -> None:
    file = tmp_path / "desk.xlsx"
    workbook(file, ("i", "Hidden (invented)", "1970", "secret"), ("bo", "Bo (invented)", "1970", "open"))
    told = show("full", "load", file, "--source", "desk")
    assert (told["added"], told["left_out_records"], told["left_out_rejects"]) == (1, 1, 1)
    assert "; until then the row is protected" in next(iter(told["reasons"]))


@pytest.mark.parametrize(
    "extension", ['{"handling": ["protected"]}', '{"Handling": "protected"}', '{"handlng": "protected"}', '"protected"']
)
def test_nor_does_an_entity_with_a_handling_code_under_another_name(extension: str, tmp_path: Path) -> None:
    """Of FollowTheMoney; also a handling code that is no text ends no load."""
    file = tmp_path / "a.ftm.json"
    file.write_text(f'{{"id": "h", "schema": "Person", "properties": {{}}, "kg": {extension}}}\n', encoding="utf-8")
    reading = choose_connector(file).read([file], ReadContext(load_ontology(), "test"))
    (made,) = mark_protected(reading, [file.name], load_ontology())
    assert isinstance(made, Reject) and made.whole and made.protected


OWNED = '"id": "o", "schema": "Ownership", "properties": {"owner": ["a"], "asset": ["b"]'
ANN = '"id": "h", "schema": "Person", "properties": {"name": ["Ann (invented)"]'


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("a.records.jsonl", '{"key": "h", "type": "Person", "properties": {"handling": "protected"}}'),
        ("a.records.jsonl", '{"key": "h", "type": "Person", "properties": {"Handling code": ["secret"]}}'),
        ("a.records.jsonl", '{"key": "h", "type": "Person", "other": {"handlng": ["protected"]}}'),
        ("a.ftm.json", f'{{{ANN}, "handling": ["protected"]}}}}'),
        ("a.ftm.json", f'{{{ANN}}}, "handling": "protected"}}'),
        ("a.ftm.json", f'{{{ANN}}}, "KG": {{"handling": "protected"}}}}'),
        ("a.ftm.json", f'{{{ANN}, "kg": ["protected"]}}}}'),
        ("a.ftm.json", f'{{{ANN}}}, "kg": {{"other": {{"handling": ["protected"]}}}}}}'),
        ("a.ftm.json", f'{{{ANN}}}}}\n{{{ANN}, "Handling": ["secret"]}}}}'),
        ("a.ftm.json", f'{{{OWNED}, "handling": ["secret"]}}}}'),
    ],
)
def test_a_row_with_its_handling_code_in_another_place_is_refused(name: str, row: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(f"{row}\n", encoding="utf-8")
    connector = choose_connector(tmp_path / name)
    reading = connector.read([tmp_path / name], ReadContext(load_ontology(), "test"))
    made = list(mark_protected(reading, [name], load_ontology()))
    assert len(made) == row.count("\n") + 1
    assert all(isinstance(one, Reject) and one.whole and one.protected for one in made)


def test_a_column_that_may_be_a_handling_code_and_is_not_declared_ends_the_load(tmp_path: Path, show: Show) -> None:
    declaration = """title = "Desk (invented)"
description = "Invented."
source = { name = "desk", title = "Desk (invented)" }
[[table]]
files = "desk.csv"
key = "id"
[[table.node]]
type = "Person"
properties.name = "name"
"""
    (tmp_path / "desk.toml").write_text(declaration, encoding="utf-8")
    (tmp_path / "desk.csv").write_text("id,name,Handling\nann,Ann (invented),protected\n", encoding="utf-8")
    words = ["load", "--as", str(tmp_path / "desk.toml"), str(tmp_path / "desk.csv")]
    done = CliRunner().invoke(app, words, env={"KG_STORE": f"embedded:{tmp_path / 'graph.sqlite'}"})
    assert done.exit_code == 2
    assert "desk.csv:2, key Handling: may be a handling code, which nothing reads here" in done.stderr
    (tmp_path / "desk.toml").write_text(declaration.replace('key = "id"', 'key = "id"\nignore = ["Handling"]'))
    assert show("full", *words)["added"] == 1


def test_who_loads_is_told_why_nothing_was_counted(tmp_path: Path, show: Show) -> None:
    file = tmp_path / "hidden.records.jsonl"
    file.write_text(
        "\n".join([*OPEN_ROW.splitlines(), ROWS["a value before its record"]]).replace(
            "}}", '}, "handling": "protected"}', 1
        )
        + "\n"
    )
    first, *more = show("full", "load", file, "--source", "desk", as_json=False)
    assert first.startswith("desk: 0 records added")
    assert "2014-02-30" not in first
    assert more[0].startswith("  rejects for KG_SCOPE=protected alone: ")
    reason = "left out of these counts, because they are for KG_SCOPE=protected alone"
    assert more[-2:] == [
        f"  {reason}: 2 records and 1 reject of these files",
        "    a link to one of them tells everybody its key, unless the link has that handling code too",
    ]
    assert "left out" not in "".join(show("full", "load", file, "--source", "desk", as_json=False, scope="protected"))

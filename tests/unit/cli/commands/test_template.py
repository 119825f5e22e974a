"""Does the template command give sheets that can be filled in and loaded?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.ontology import load_ontology

Run = Callable[..., Result]
SHEETS = ["persons", "enterprises", "assets", "links", "payments"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, [str(w) for w in words])


def test_a_workbook_has_all_sheets_as_text_and_explains_each_column(tmp_path: Path, run: Run) -> None:
    result = run("template", "case.xlsx")
    assert (result.exit_code, result.stderr) == (0, "")
    book = load_workbook(tmp_path / "case.xlsx")
    assert book.sheetnames == [*SHEETS, "Columns explained"]
    assert book["persons"].column_dimensions["C"].number_format == "@"
    explained = list(book["Columns explained"].iter_rows(min_row=2, values_only=True))
    asked = [(name, cell.value) for name in SHEETS for cell in book[name][1]]
    assert [row[:2] for row in explained] == asked
    assert all(row[3] and row[4] for row in explained)
    assert ("persons", "key", "yes") in [row[:3] for row in explained]


@pytest.mark.parametrize("name", [*(f"{sheet}.csv" for sheet in SHEETS), "case.xlsx"])
def test_an_empty_template_is_said_to_hold_no_rows_and_withdraws_nothing(name: str, run: Run) -> None:
    assert run("template", name).exit_code == 0
    result = run("load", name, "--source", "desk", "--json")
    assert (result.exit_code, "holds no rows" in result.stderr) == (2, True)


def test_a_filled_in_workbook_loads_and_a_wrong_cell_is_named(tmp_path: Path, run: Run) -> None:
    run("template", "case.xlsx")
    book = load_workbook(tmp_path / "case.xlsx")
    names = [cell.value for cell in book["persons"][1]]
    for row, (key, born) in enumerate([("p1", "1960-03"), ("p2", "sometime")], start=2):
        for name, value in {"key": key, "name": "Ann Example", "birth_date": born}.items():
            book["persons"].cell(row, names.index(name) + 1).value = value
    book.save(tmp_path / "case.xlsx")
    assert json.loads(run("load", "case.xlsx", "--source", "desk", "--json").stdout)["nodes"] == 2
    result = run("load", "case.xlsx", "--source", "desk", "--strict")
    assert result.exit_code == 2
    assert result.stderr.startswith("kg: case.xlsx:persons!K3: column birth_date, value 'sometime': expected a date")


def test_persons_and_enterprises_ask_for_all_that_the_ontology_knows_of_them(run: Run) -> None:
    ontology = load_ontology()
    asked = json.loads(run("template", "case.xlsx", "--json").stdout)["sheets"]
    for sheet, type_name in (("persons", "Person"), ("enterprises", "Enterprise")):
        columns = {column["name"] for column in asked[sheet]}
        assert set(ontology.properties(type_name)) - columns - {"valuation"} == set()


def test_a_column_of_many_types_is_explained_for_all_of_them(run: Run) -> None:
    asked = json.loads(run("template", "case.xlsx", "--json").stdout)["sheets"]
    said = {(sheet, c["name"]): (c["meaning"], c["expected"]) for sheet, columns in asked.items() for c in columns}
    assert said["assets", "kind"] == ("Kind, in the source's words.", "text")
    assert said["assets", "registration_number"][0] == "Registration number (vessel, aircraft, vehicle, company)."
    assert said["links", "share"][0] == "Share in per cent: 51, 25..50; leave empty if unknown."
    assert said["links", "kind"][1] == "text"
    assert said["enterprises", "lei"][1] == "an identifier such as 5493000EXAMPLE000X12"
    assert said["persons", "name"][0] == "Name, in any script."


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, run: Run) -> None:
    (tmp_path / "persons.csv").write_text("mine", encoding="utf-8")
    result = run("template", "persons.csv")
    assert (result.exit_code, result.stderr) == (
        2,
        "kg: persons.csv: exists already; expected the name of a new file\n",
    )
    assert (tmp_path / "persons.csv").read_text(encoding="utf-8") == "mine"


def test_a_name_that_is_no_sheet_is_refused(run: Run) -> None:
    result = run("template", "people.csv")
    assert result.exit_code == 2
    assert "people.csv: expected a name that ends in .xlsx, or one of persons.csv, enterprises.csv" in result.stderr
    assert "cannot be written" in run("template", "none/persons.csv").stderr


def test_a_declaration_of_ones_own_gives_a_template(tmp_path: Path, run: Run) -> None:
    (tmp_path / "mine.toml").write_text(
        'title = "T"\ndescription = "D"\n[[table]]\nfiles = "ships.csv"\nkey = "no"\n[[table.node]]\ntype = "Vessel"\n'
        'alike = "imo"\n[[table.link]]\ntype = "REGISTERED_IN"\nto = "flag state"\n',
        encoding="utf-8",
    )
    assert run("template", "ships.csv", "--as", "mine.toml").exit_code == 0
    assert (tmp_path / "ships.csv").read_text(encoding="utf-8-sig").split() == ["no,imo,flag", "state"]


def test_a_table_is_a_snapshot_and_no_delta(run: Run) -> None:
    run("template", "persons.csv")
    result = run("load", "persons.csv", "--source", "desk", "--delta")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "kg: persons.csv: is a table, and a table is a snapshot; leave --delta out\n"

"""Does the template command give sheets that can be filled in and loaded?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.ontology import load_ontology

Run = Callable[..., Result]
SHEETS = [
    *("persons", "enterprises", "assets", "links", "payments", "arrangements", "addresses", "documents", "warrants"),
    *("notices", "list_entries", "offences", "cases", "measures", "requests"),
]


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


@pytest.mark.parametrize("name", ["persons.csv", "measures.csv", "case.xlsx"])
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
    assert result.stderr.startswith("kg: case.xlsx:persons!C3: column birth_date, value 'sometime': expected a date")


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
    assert said["enterprises", "lei"][1] == "20 letters and digits, such as 5493000EXAMPLE000X12"
    assert said["persons", "name"][0] == "Name, in any script."


def test_the_columns_that_matter_come_first_and_the_others_are_folded_away(tmp_path: Path, run: Run) -> None:
    run("template", "case.xlsx")
    page = load_workbook(tmp_path / "case.xlsx")["persons"]
    names = [cell.value for cell in page[1]]
    letters = map(get_column_letter, range(1, len(names) + 1))
    folded = [n for n, letter in zip(names, letters, strict=True) if page.column_dimensions[letter].hidden]
    assert (names[:4], names[len(names) - len(folded) :]) == (["key", "name", "birth_date", "citizenship"], folded)
    assert "icij_id" in folded


def test_cells_offer_what_they_may_have_and_say_what_belongs_into_them(tmp_path: Path, run: Run) -> None:
    run("template", "case.xlsx")
    book = load_workbook(tmp_path / "case.xlsx")
    offered = {}
    for page in book.worksheets[:-1]:
        for check in page.data_validations.dataValidation:
            name = page[f"{str(check.sqref).partition('2')[0]}1"].value
            assert (check.promptTitle, len(check.prompt) <= 255, check.showErrorMessage) == (name, True, False)
            if check.formula1:
                sheet, _, cells = check.formula1.rpartition("!")
                offered[page.title, name] = [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]
    assert offered["measures", "kind"] == ["freeze", "seizure", "forfeiture", "return", "sanction"]
    assert {"owns", "is owned by", "directs"} < set(offered["links", "type"])
    assert {"United Kingdom", "GE", "Malta"} < set(offered["persons", "citizenship"])
    assert "GBP" in offered["payments", "currency"]
    assert offered["warrants", "reliability"] == ["A", "B", "C", "D", "E", "F"]


def test_a_template_for_one_type_has_only_its_columns(run: Run) -> None:
    asked = json.loads(run("template", "assets.csv", "--type", "Vessel", "--json").stdout)["sheets"]["assets"]
    columns = {column["name"] for column in asked}
    assert columns & {"imo", "iban", "plate", "name"} == {"imo", "name"}
    wrong = run("template", "other.csv", "--type", "Vesel")
    assert (wrong.exit_code, "did you mean Vessel?" in wrong.stderr) == (2, True)


ROWS = {
    "persons": {"key": "p1", "name": "Aurel Invented", "citizenship": "British"},
    "enterprises": {"key": "e1", "name": "Invented Police", "type": "police"},
    "assets": {"key": "a1", "name": "Invented Star", "type": "yacht", "flag": "Malta"},
    "links": {"from": "p1", "type": "shareholder", "to": "e2", "share": "25..50"},
    "payments": {"from": "p1", "to": "e2", "amount": "1000", "currency": "GBP"},
    "arrangements": {
        "key": "t1",
        "name": "Invented Trust",
        "kind": "family trust",
        "settlor": "p1",
        "assets": "a1",
    },
    "addresses": {"key": "d1", "full": "1 Invented Road", "country": "England", "of": "p1; e2", "kind": "home"},
    "documents": {"key": "i1", "kind": "passport", "number": "X01", "holder": "p1", "standing": "forged"},
    "warrants": {"key": "w1", "person": "p1", "country": "UK", "agency": "e1", "end_reason": "revoked"},
    "notices": {"key": "n1", "person": "p1", "kind": "Red Notice", "country": "FR"},
    "list_entries": {"key": "l1", "person": "p1", "list_name": "Invented list"},
    "offences": {"key": "o1", "conduct": "embezzlement", "accused": "p1", "stage": "indicted", "proceeds": "a1"},
    "cases": {"key": "c1", "number": "C 1", "stage": "under investigation", "party": "p1", "party_role": "defendant"},
    "measures": {
        "key": "m1",
        "kind": "freezing order",
        "target": "a1",
        "country": "UK",
        "amount": "5",
        "currency": "EUR",
    },
    "requests": {"key": "r1", "kind": "MLA", "sent_to": "BVI", "target": "a1", "country": "UK", "answer": "rejected"},
}


def test_every_sheet_filled_in_with_words_of_the_trade_loads_without_a_reject(tmp_path: Path, run: Run) -> None:
    run("template", "case.xlsx")
    book = load_workbook(tmp_path / "case.xlsx")
    more = {"enterprises": {"key": "e2", "name": "Invented Holding", "type": "company"}}
    for sheet in (*ROWS.items(), *more.items()):
        page = book[sheet[0]]
        names, row = [cell.value for cell in page[1]], 3 if sheet[1] in more.values() else 2
        for name, value in sheet[1].items():
            page.cell(row, names.index(name) + 1).value = value
    book.save(tmp_path / "case.xlsx")
    result = json.loads(run("load", "case.xlsx", "--source", "desk", "--json").stdout)
    assert (result["reasons"], result["nodes"], result["unmapped"]) == ({}, 14, {})
    shown = json.loads(run("show", "desk:p1", "--json").stdout)
    assert {link["type"] for link in shown["links"]} == {
        *("OWNS", "PAID", "SETTLED", "HAS_ADDRESS", "HAS_DOCUMENT", "SOUGHT_UNDER", "ACCUSED_OF", "PARTY_TO"),
    }


def test_an_amount_without_its_currency_is_told(tmp_path: Path, run: Run) -> None:
    (tmp_path / "measures.csv").write_text("key,kind,amount,currency\nm1,freeze,2000000,\n", encoding="utf-8")
    result = json.loads(run("load", "measures.csv", "--source", "desk", "--json").stdout)
    assert list(result["reasons"]) == [
        "column amount: expected an amount and an ISO 4217 code, such as 1200.50 USD; it names no currency"
    ]


def test_an_amount_that_is_not_understood_is_told_where_money_is_followed(tmp_path: Path, run: Run) -> None:
    (tmp_path / "payments.csv").write_text("from,to,date,amount,currency\np1,p2,2014,77,\n", encoding="utf-8")
    (tmp_path / "persons.csv").write_text("key,name\np1,Ann Invented\np2,Bo Invented\n", encoding="utf-8")
    run("load", "persons.csv", "payments.csv", "--source", "desk")
    assert "! desk says amount “77” of the link of Ann Invented to Bo Invented" in run("flow", "desk:p1").stdout


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

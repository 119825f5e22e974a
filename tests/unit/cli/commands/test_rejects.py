"""Are all mistakes of sheets told at once, and can they be mended in a sheet and loaded again?"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from kg.cli import app

Run = Callable[..., Result]

HEADING = "key,name,birth_date,citizenship"
PERSONS = f"{HEADING}\np1,Aurel Invented,1960-03,UK\np2,Ilka Invented,sometime,Narnia\np1,Another,,\n"
ENTERPRISES = "key,name,type\nt1,The Invented Settlement,trust\ne1,Invented Holding,compnay\n"
LINKS = (
    "from,type,to,share\np1,setlor,t1,\np1,owns,e1,5x\np2,spouse,p1,\nAurel Invented,director,e1,\n,owns,e1,51\n"
    "p1,shareholdr,e1,51\n"
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    monkeypatch.chdir(tmp_path)
    for name, text in (("persons", PERSONS), ("enterprises", ENTERPRISES), ("links", LINKS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return lambda *words: CliRunner().invoke(app, [str(w) for w in words])


FILES = ("persons.csv", "enterprises.csv", "links.csv")


def _mend(path: Path, mended: dict[tuple[str, str], dict[str, str]]) -> None:
    """Write other values into the rows with these problems, by sheet and a part of the problem."""
    book = load_workbook(path)
    for (sheet, problem), values in mended.items():
        page = book[sheet]
        names = [cell.value for cell in page[1]]
        row = next(n for n in range(2, page.max_row + 1) if problem in str(page.cell(n, 1).value))
        for name, value in values.items():
            page.cell(row, names.index(name) + 1).value = value
    book.save(path)


def test_a_load_names_each_mistake_with_its_cell_value_and_what_was_meant(run: Run) -> None:
    said = run("load", *FILES, "--source", "our-desk").stdout
    for line in (
        "1 × persons.csv:3: C3, column birth_date, value 'sometime': expected a date: 2014, 2014-06 or 2014-06-30",
        "1 × enterprises.csv:3: C3, column type, value 'compnay': did you mean Enterprise (write: company)?",
        "1 × links.csv:2: B2, column type, value 'setlor': did you mean SETTLED (write: settlor)?",
        "1 × links.csv:3: D3, column share, value '5x': expected ",
        "1 × links.csv:5: A5, column from, value 'Aurel Invented': no row of these files has this key; the link is "
        "unresolved unless another source has it; the row of this name has the key p1",
        "1 × links.csv:6: A6, column from: expected the key of an end, not an empty cell",
        "kg rejects our-desk lists all; with --xlsx FILE it makes a sheet in which to mend the rows",
    ):
        assert line in said
    assert "value 'e1'" not in said, "the refused row is no second mistake of the links to it"


def test_a_load_offers_no_sheet_for_rows_of_other_files(run: Run) -> None:
    ann = '{"id": "p1", "schema": "Person", "properties": {"name": ["Ann Invented"]}}'
    Path("odd.ftm.json").write_text(f"{ann}\nno JSON\n", encoding="utf-8")
    said = run("load", "odd.ftm.json", "--source", "odd").stdout
    assert "kg rejects odd lists all\n" in said


def test_what_was_rejected_is_listed_with_its_cells(run: Run) -> None:
    run("load", *FILES, "--source", "our-desk")
    found = json.loads(run("rejects", "our-desk", "--json").stdout)
    assert [(r["cell"], r["whole"]) for r in found if r["file"] == "enterprises.csv"] == [("C3", True)]
    assert "persons.csv:4" in run("rejects", "our-desk").stdout
    assert (run("rejects", "nobody").exit_code, "no source" in run("rejects", "nobody").stderr) == (3, True)
    assert "only the first 2 of " in run("rejects", "our-desk", "--limit", "2").stdout


def test_rejected_rows_are_mended_in_a_sheet_and_loaded_again(tmp_path: Path, run: Run) -> None:
    run("load", *FILES, "--source", "our-desk")
    made = run("rejects", "our-desk", "--xlsx", "mend.xlsx")
    assert "load it together with your files: kg load YOUR-FILES mend.xlsx --source our-desk" in made.stdout
    book = load_workbook(tmp_path / "mend.xlsx")
    assert set(book.sheetnames) == {"persons", "enterprises", "links"}
    assert [c.value for c in book["persons"][1]] == [
        "problem",
        *HEADING.split(","),
        "corrects row",
    ]
    _mend(
        tmp_path / "mend.xlsx",
        {
            ("persons", "sometime"): {"birth_date": "1964", "citizenship": "Malta"},
            ("persons", "occurs again"): {"key": "p3"},
            ("enterprises", "compnay"): {"type": "company"},
            ("links", "setlor"): {"type": "settlor"},
            ("links", "5x"): {"share": "60"},
            ("links", "Aurel Invented"): {"from": "p1"},
            ("links", "empty cell"): {"from": "p2"},
            ("links", "shareholdr"): {"type": "OWNES"},
        },
    )
    result = json.loads(run("load", *FILES, "mend.xlsx", "--source", "our-desk", "--json").stdout)
    assert [reason for reason in result["reasons"] if "did you mean OWNS" in reason] == list(result["reasons"])
    assert (result["nodes"], result["rejected"], result["waiting"]) == (5, 1, 2)  # no reference facts: GB and MT
    run("rejects", "our-desk", "--xlsx", "again.xlsx")
    _mend(tmp_path / "again.xlsx", {("links", "OWNES"): {"type": "owns"}})
    result = json.loads(run("load", *FILES, "mend.xlsx", "again.xlsx", "--source", "our-desk", "--json").stdout)
    # Two links now have one type, ends, start date and role; the first gets a key of all that its row says.
    assert (result["reasons"], result["added"], result["withdrawn"]) == ({}, 2, 1)


def test_a_rejects_sheet_alone_or_of_rows_that_are_mended_withdraws_nothing(tmp_path: Path, run: Run) -> None:
    run("load", *FILES, "--source", "our-desk")
    run("rejects", "our-desk", "--xlsx", "mend.xlsx")
    alone = run("load", "mend.xlsx", "--source", "our-desk")
    assert (alone.exit_code, "none of the other files has the row that this corrects" in alone.stderr) == (2, True)
    (tmp_path / "links.csv").write_text(LINKS.replace("setlor", "settlor"), encoding="utf-8")
    result = json.loads(run("load", *FILES, "mend.xlsx", "--source", "our-desk", "--json").stdout)
    assert any("delete it here if it is mended there" in reason for reason in result["reasons"])


def test_mended_rows_saved_as_csv_replace_those_that_were_rejected(tmp_path: Path, run: Run) -> None:
    run("load", *FILES, "--source", "our-desk")
    run("rejects", "our-desk", "--xlsx", "mend.xlsx")
    _mend(tmp_path / "mend.xlsx", {("links", "setlor"): {"type": "settlor"}})
    (tmp_path / "saved").mkdir()
    page = load_workbook(tmp_path / "mend.xlsx")["links"]
    with (tmp_path / "saved" / "links.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(page.iter_rows(values_only=True))
    result = json.loads(run("load", *FILES, "saved/links.csv", "--source", "our-desk", "--json").stdout)
    assert (result["added"], any("SETTLED" in reason for reason in result["reasons"])) == (1, False)


def test_a_row_whose_cells_are_emptied_is_left_out(tmp_path: Path, run: Run) -> None:
    run("load", *FILES, "--source", "our-desk")
    run("rejects", "our-desk", "--xlsx", "mend.xlsx")
    _mend(tmp_path / "mend.xlsx", {("links", "setlor"): {"from": "", "type": "", "to": ""}})
    result = json.loads(run("load", *FILES, "mend.xlsx", "--source", "our-desk", "--json").stdout)
    assert (result["added"], any("SETTLED" in reason for reason in result["reasons"])) == (0, False)


def test_what_was_not_rejected_makes_no_sheet(tmp_path: Path, run: Run) -> None:
    (tmp_path / "persons.csv").write_text("key,name\np1,Ann Invented\n", encoding="utf-8")
    run("load", "persons.csv", "--source", "our-desk")
    assert "nothing was rejected" in run("rejects", "our-desk").stdout
    result = run("rejects", "our-desk", "--xlsx", "mend.xlsx")
    assert (result.exit_code, "nothing of the source 'our-desk' was rejected" in result.stderr) == (2, True)

"""Does the page about the law say what the tables hold, and what they lack?"""

from __future__ import annotations

import shutil
from pathlib import Path

from kg.law.page import FIRST_HOSTS, FIRST_RULES, law_page, undated
from kg.law.tables import read_table
from kg.resources import data_dir
from tests.house.tree import ROOT

FOLDER = data_dir("graph") / "reference"
PAGE = law_page(FOLDER)


def _changed(folder: Path, name: str, old: str, new: str) -> str:
    """The page where one text of a table is another."""
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("names", "routes"))
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return law_page(folder)


def test_the_file_that_is_checked_in_is_current() -> None:
    assert (ROOT / "docs" / "law.md").read_text(encoding="utf-8") == PAGE, "run `kg generate`"


def test_it_says_at_its_top_which_command_makes_it() -> None:
    assert "`kg generate` makes this page" in "\n".join(PAGE.splitlines()[:5])


def test_a_cell_without_a_row_is_a_dash() -> None:
    rows = read_table(FOLDER, "jurisdiction_rules.csv")
    filled = {(row["jurisdiction"], row["rule"]) for row in rows}
    lines = {host: next(x for x in PAGE.splitlines() if f"({host}) |" in x) for host in FIRST_HOSTS}
    for host, line in lines.items():
        cells = [cell.strip() for cell in line.strip("|").split("|")][1:]
        assert [cell != "–" for cell in cells] == [(host, rule) in filled for rule in FIRST_RULES], host


def test_it_counts_the_cells(tmp_path: Path) -> None:
    count = sum(cell not in ("–", "") for host in FIRST_HOSTS for cell in _cells(PAGE, host))
    assert f"{count} of 160 cells" in PAGE
    less = _changed(tmp_path / "x", "jurisdiction_rules.csv", "rule-nz-ncb,NZ,non_conviction_forfeiture", "r,NZ,other")
    assert f"{count - 1} of 160 cells" in less


def _cells(page: str, host: str) -> list[str]:
    line = next(x for x in page.splitlines() if f"({host}) |" in x)
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_it_lists_every_agreement_that_has_no_day() -> None:
    for name in ("extradition_treaties.csv", "mla_treaties.csv", "asset_sharing_agreements.csv"):
        assert [key for key in undated(read_table(FOLDER, name)) if f"`{key}`" not in PAGE] == []


def test_an_ended_answer_says_until_when() -> None:
    assert "no (2001 to 2006)" in PAGE


def test_it_names_no_path_of_this_machine() -> None:
    assert str(ROOT) not in PAGE

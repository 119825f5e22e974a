"""Does every command say what a source said that could not be read?"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.cli.captions import other_text
from kg.records import Claim, Provenance

ROWS = """{"id": "p1", "schema": "Person", "properties": {"name": ["Ada Invented"], "birthDate": ["circa 1950"]}}
{"id": "c1", "schema": "Company", "properties": {"name": ["Oversold Invented Ltd"]}}
{"id": "c2", "schema": "Company", "properties": {"name": ["Bearer Invented Ltd"]}}
{"id": "o1", "schema": "Ownership", "properties": {"owner": ["p1"], "asset": ["c1"], "percentage": ["150"]}}
{"id": "o2", "schema": "Ownership", "properties": {"owner": ["c1"], "asset": ["c2"], "percentage": ["a lot"],\
 "endDate": ["long ago"]}}
{"id": "t1", "schema": "Payment", "properties": {"payer": ["p1"], "beneficiary": ["c2"], "amount": ["plenty"],\
 "currency": ["USD"]}}
"""
SHARE = "s says share “150” of Oversold Invented Ltd for Ada Invented, which was not understood"
PART = "s says share “a lot” of Bearer Invented Ltd for Oversold Invented Ltd, which was not understood"
END = "s says end date “long ago” of the link of Oversold Invented Ltd to Bearer Invented Ltd, which was not understood"
AMOUNT = "s says amount “plenty USD” of the link of Ada Invented to Bearer Invented Ltd, which was not understood"


@pytest.fixture(scope="module", autouse=True)
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    folder = tmp_path_factory.mktemp("store")
    file = folder / "in.ftm.json"
    file.write_text(ROWS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_STORE", f"embedded:{folder / 'graph.sqlite'}")
        yield run("load", str(file), "--source", "s")


def run(*words: str) -> list[str]:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def data(*words: str) -> Any:
    return json.loads("\n".join(run(*words, "--json")))


def test_a_load_counts_them(loaded: list[str]) -> None:
    at = loaded.index("  5 values not understood, kept in the source's own words (`kg show` lists them):")
    assert loaded[at + 1 : at + 5] == [
        "    2 × OWNS.share",
        "    1 × OWNS.end_date",
        "    1 × PAID.amount",
        "    1 × Person.birth_date",
    ]


def test_sources_counts_them_by_type_and_property() -> None:
    counts = {"OWNS.end_date": 1, "OWNS.share": 2, "PAID.amount": 1, "Person.birth_date": 1}
    assert data("sources")["sources"][0]["not_understood"] == counts
    told = "not understood in s: OWNS.share 2, OWNS.end_date 1, PAID.amount 1, Person.birth_date 1"
    assert told in run("sources")


def test_show_lists_the_words_of_the_node_and_of_its_links() -> None:
    lines = run("show", "s:p1")
    at = lines.index("not understood, and so no part of any answer:")
    assert ["birthDate", "circa", "1950", "s"] in [line.split()[:4] for line in lines[at:]]
    assert "share “150”" in " ".join(" ".join(lines).split())
    told = data("show", "s:p1")
    birth = {"source": "s", "name": "birthDate", "property": "birth_date", "words": "circa 1950"}
    assert told["entity"]["not_understood"] == told["claims"][0]["not_understood"] == [birth]
    assert sorted(value["words"] for one in told["links"] for value in one["not_understood"]) == ["150", "plenty USD"]


def test_show_lists_values_of_links_under_the_names_of_their_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    (tmp_path / "persons.csv").write_text("key,name\np1,Ada Invented\np2,Bea Invented\n", encoding="utf-8")
    rows = "from,to,amount,currency,approved by\np1,p2,5,USD,Cid\n"
    (tmp_path / "payments.csv").write_text(rows, encoding="utf-8")
    run("load", str(tmp_path / "persons.csv"), str(tmp_path / "payments.csv"), "--source", "sheet")
    assert "approved by “Cid”" in "\n".join(run("show", "sheet:p1"))
    answer = data("show", "sheet:p1")
    (link,) = answer["links"]
    (claim,) = answer["link_claims"][link["id"]]
    assert claim["other"] == {"approved by": ["Cid"]}


def test_values_under_the_names_of_their_source_are_cut_and_counted() -> None:
    other = {f"note {place:02}": ("x" * 300,) for place in range(25)}
    claim = Claim("s", "s", "t", "", "PAID", "2020-01-01", {}, other, Provenance())
    told = other_text([claim, claim]).split("; ")
    assert told == [f"note {place:02} “{'x' * 199}…”" for place in range(20)] + ["and 5 more, which --json has"]
    assert other_text([]) == ""


def test_show_tells_an_amount_without_its_currency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    paid = {"payer": ["p1"], "beneficiary": ["c2"], "amount": ["7654321"], "currency": ["USD", "EUR"]}
    row = json.dumps({"id": "t2", "schema": "Payment", "properties": paid})
    (tmp_path / "in.ftm.json").write_text(ROWS + row, encoding="utf-8")
    assert "    2 × PAID.amount" in run("load", str(tmp_path / "in.ftm.json"), "--source", "s")
    assert "“7654321" in "\n".join(run("show", "s:p1"))
    words = [value["words"] for link in data("show", "s:p1")["links"] for value in link["not_understood"]]
    assert sorted(words) == ["150", "7654321 (EUR or USD)", "plenty USD"]


@pytest.mark.parametrize("words", [("owners", "s:c2"), ("holdings", "s:p1")])
def test_an_answer_about_ownership_says_which_shares_and_dates_were_not_understood(words: tuple[str, ...]) -> None:
    assert {f"! {told}" for told in (SHARE, PART, END)} <= set(run(*words))
    assert set(data(*words)["not_understood"]) == {SHARE, PART, END}


def test_a_path_says_what_of_its_links_was_not_understood() -> None:
    assert f"  ! {AMOUNT}" in run("path", "s:p1", "s:c2")
    assert AMOUNT in data("path", "s:p1", "s:c2")["not_understood"]


def test_tables_and_graph_files_have_them(tmp_path: Path) -> None:
    told = run("export", str(tmp_path / "tables"), "--format", "csv", "--type", "PAID")
    assert told[1] == "  not understood, and exported in the source's own words, 2 in all:"
    assert sorted(told[2:4]) == ["    1 × PAID.amount", "    1 × Person.birth_date"]
    with (tmp_path / "tables" / "links-PAID.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    amount = {"name": "amount", "property": "amount", "words": "plenty USD", "source": "s"}
    assert (row["amount"], json.loads(row["not_understood"])) == ("", [amount])
    run("export", str(tmp_path / "graph.graphml"), "--format", "graphml")
    assert "plenty USD" in (tmp_path / "graph.graphml").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["records", "ftm"])
def test_what_is_exported_and_loaded_again_has_them_still(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = data("show", "s:p1")["entity"]["not_understood"], data("sources")["sources"][0]["digest"]
    run("export", str(tmp_path / "out"), "--format", form, "--source", "s")
    (file,) = [path for path in (tmp_path / "out").iterdir() if path.name.startswith("s.")]
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'again.sqlite'}")
    run("load", str(file), "--source", "s", "--as", form)
    assert (data("show", "s:p1")["entity"]["not_understood"], data("sources")["sources"][0]["digest"])[0] == told[0]
    assert sum(data("sources")["sources"][0]["not_understood"].values()) == 5


ODD_DATES = (
    "circa 1950",
    "around\tNew Year\n1950",
    "\u202e0591 acric\u202c",
    "=1950+1",
    "@birth",
    '"quoted", and; separated',
    "<b>1950</b> & co",
    "五十年代",
    "१९५० ?",
    "1950-02-30",
    "1950-13",
    "0000-00-00",
    "-1950",
    "1e3",
    "NULL",
    "#N/A",
    "19501",
    "tomorrow 🕯",
    "\u200b\u200bcirca",
    "bell\u0007",
    "x" * 70_000,
)


def test_odd_words_come_back_as_they_were_from_every_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        json.dumps(
            {"id": f"p{n}", "schema": "Person", "properties": {"name": [f"Ada {n} Invented"], "birthDate": [word]}}
        )
        for n, word in enumerate(ODD_DATES)
    ]
    (tmp_path / "odd.ftm.json").write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'odd.sqlite'}")
    run("load", str(tmp_path / "odd.ftm.json"), "--source", "odd")
    assert data("sources")["sources"][0]["not_understood"] == {"Person.birth_date": len(ODD_DATES)}
    assert run("verify")[0].startswith("clean:")
    run("export", str(tmp_path / "tables"), "--format", "csv")
    with (tmp_path / "tables" / "nodes-Person.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = {row["caption"]: json.loads(row["not_understood"])[0]["words"] for row in csv.DictReader(file)}
    assert cells == {f"Ada {n} Invented": word for n, word in enumerate(ODD_DATES)}
    run("export", str(tmp_path / "graph.graphml"), "--format", "graphml")
    assert ElementTree.parse(tmp_path / "graph.graphml").getroot() is not None
    run("export", str(tmp_path / "neo4j"), "--format", "neo4j-admin")
    shown = "\n".join(run("show", "odd:p2"))
    assert "\u202e" not in shown and "0591 acric" in shown

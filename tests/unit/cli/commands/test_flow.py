"""What does `kg flow` say of payments that it cannot count? Everybody in it is invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli import app

BANK = """{"source": {"name": "bank", "title": "Bank (invented)", "namespace": "inv", "invented": true}}
{"key": "ann", "type": "Person", "properties": {"name": ["Ann Example"]}}
{"key": "bob", "type": "Person", "properties": {"name": ["Bob Example"]}}
{"key": "p1", "type": "PAID", "from": "ann", "to": "bob", "properties": {"amount": ["10 EUR"], "date": ["2024-01-01"]}}
{"key": "p2", "type": "PAID", "from": "ann", "to": "no", "properties": {"amount": ["500 EUR"], "date": ["2024-01-02"]}}
{"key": "p3", "type": "PAID", "from": "gone", "to": "bob", "properties": {"amount": ["7 EUR"]}}
{"key": "p4", "type": "PAID", "from": "gone", "to": "no", "properties": {"amount": ["9 EUR"]}}
{"key": "p5", "type": "PAYED", "from": "ann", "to": "bob"}
"""


def test_payments_whose_end_is_not_loaded_and_rejected_rows_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    file = tmp_path / "bank.records.jsonl"
    file.write_text(BANK, encoding="utf-8")

    def run(*words: str) -> str:
        result = CliRunner().invoke(app, list(words))
        assert result.exit_code == 0, result.output
        return result.stdout

    run("load", str(file))
    told = run("flow", "Ann Example")
    assert "! 2 payments with an end that is not loaded are not counted:" in told
    assert "    Ann Example to inv:no, 500 EUR, 2024-01-02  [bank.records.jsonl:5]" in told
    assert "    inv:gone to Bob Example, 7 EUR  [bank.records.jsonl:6]" in told
    assert "! 1 row was rejected at the last load of bank, perhaps of payments; `kg rejects bank` lists it" in told
    found = json.loads(run("flow", "Ann Example", "--json"))
    assert [(p["payer"], p["payee"], p["amounts"]) for p in found["unresolved"]] == [
        ("Ann Example", "inv:no", ["500 EUR"]),
        ("inv:gone", "Bob Example", ["7 EUR"]),
    ]
    assert found["rejected"] == {"bank": 1}
    assert "! unresolved link: PAID from inv:gone to Bob Example (amount 7 EUR)" in run("show", "Bob Example")
    assert [one["key"] for one in json.loads(run("show", "Bob Example", "--json"))["unresolved"]] == ["p3"]

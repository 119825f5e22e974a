"""Can text from outside reach a terminal with characters that it acts on?"""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.main import get_command
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.errors import printable, printable_json
from kg_api.logs import JsonLineFormatter

Run = Callable[..., Result]

HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\x08\x7f\u202e\u2066\u200f\u2028"
"""Clears the screen, names the window, colours, overwrites, and turns the direction of text."""

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

PROPERTIES = ("name", "alias", "summary", "description", "note", "position", "occupation", "title", "gender", "kind")


def hostile_records() -> str:
    """A source in which every text is hostile."""

    def record(key: str, type_: str, **more: Any) -> dict[str, Any]:
        values = {name: [f"{key} {HOSTILE} {name}"] for name in PROPERTIES}
        extra = {"origin": f"o{HOSTILE}", "properties": {**values, f"unknown{HOSTILE}": [HOSTILE, "x" + HOSTILE]}}
        return {"key": key, "type": type_, **extra, **more}

    rows: list[dict[str, Any]] = [
        {"source": {"name": "bad", "title": f"Title{HOSTILE}", "invented": True}},
        record("ann", "Person"),
        record("firm", "Enterprise"),
        record("boat", "Vessel"),
        record("lone", f"Type{HOSTILE}"),
        record(f"k{HOSTILE}", "Person"),
        {**record("own", "OWNS"), "from": "ann", "to": "firm"},
        {**record("own2", "OWNS"), "from": "firm", "to": "boat"},
        {**record("open", "OWNS"), "from": "ann", "to": f"nobody{HOSTILE}"},
        {**record("alias", "Person"), "properties": {"name": ["Ann"], "passport_number": [f"P1{HOSTILE}"]}},
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    store = folder / "graph.sqlite"
    monkeypatch.setenv("KG_STORE", f"embedded:{store}")
    monkeypatch.setenv("KG_VIEW_CACHE", str(folder / "views"))
    monkeypatch.setenv("KG_API_KEYS", str(folder / "keys.json"))
    monkeypatch.setenv("KG_NEO4J_HOME", str(folder / "neo4j"))
    monkeypatch.setenv("KG_WAIT", "1")
    monkeypatch.chdir(folder)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(app, words)

    if not store.exists():
        (folder / "hostile.records.jsonl").write_text(hostile_records())
        loaded = invoke("load", "hostile.records.jsonl")
        assert loaded.exit_code == 0, loaded.output
        assert RAW.search(loaded.output) is None
    return invoke


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("sources",),
    ("loads",),
    ("loads", "bad"),
    ("loads", HOSTILE),
    ("waiting",),
    ("waiting", "--source", HOSTILE),
    ("export", "lake", "lake"),
    ("lake", "project", "lake"),
    ("lake", "project", HOSTILE, "--engine", HOSTILE),
    ("lake", "verify", "lake"),
    ("lake", "clusters", "lake"),
    ("lake", "load", "loaded", "hostile.records.jsonl"),
    ("lake", "pull", "lake", "bad:ann"),
    ("lake", "pull", "lake", HOSTILE, "--to", f"p{HOSTILE}"),
    ("lake", "export", "neo4j-admin", "lake", "lake-bulk"),
    ("lake", "export", HOSTILE, "lake", HOSTILE),
    ("lake", "screen", "lake", "hostile.records.jsonl"),
    ("lake", "compact", "lake"),
    ("lake", "withdraw", "lake", HOSTILE, "--yes"),
    ("rejects", "bad"),
    ("rejects", HOSTILE),
    ("history",),
    ("verify",),
    ("search", "ann"),
    ("search", HOSTILE),
    ("search", "ann", "--fuzzy"),
    ("search", HOSTILE, "--fuzzy"),
    ("screen", "hostile.records.jsonl"),
    ("screen", "hostile.records.jsonl", "--register", "hostile.records.jsonl", "--from", "0"),
    ("screen", f"none{HOSTILE}.csv"),
    ("screen", "hostile.records.jsonl", "--source", HOSTILE, "--out", f"h{HOSTILE}"),
    ("candidates", "--from", "0.01", "--write"),
    ("candidates", HOSTILE),
    ("candidates", "--source", HOSTILE),
    ("why", "bad:ann", "bad:alias"),
    ("why", "bad:ann", HOSTILE),
    ("compare-names", f"ann{HOSTILE}", f"{HOSTILE}ann"),
    ("compare-names", "--pairs", f"p{HOSTILE}"),
    ("show", "bad:ann"),
    ("show", "bad:firm"),
    ("show", HOSTILE),
    ("clusters",),
    ("clusters", "1"),
    ("clusters", HOSTILE),
    ("path", "bad:ann", "bad:boat"),
    ("path", "bad:ann", HOSTILE),
    ("connect", "bad:ann", "bad:boat", "bad:firm"),
    ("connect", "bad:ann", HOSTILE),
    ("dossier", "bad:ann", "--requesting", "CN", "--json"),
    ("dossier", HOSTILE, "--requesting", "CN"),
    ("flow", "bad:ann"),
    ("flow", "bad:ann", HOSTILE, "--rule", HOSTILE),
    ("owners", "bad:boat"),
    ("holdings", "bad:ann"),
    ("same", "bad:ann", "bad:alias", "--by", f"me{HOSTILE}", "--why", f"why{HOSTILE}"),
    ("distinct", "bad:ann", "bad:alias", "--by", f"me{HOSTILE}", "--why", f"why{HOSTILE}"),
    ("same", "bad:ann", "bad:firm", "--by", f"me{HOSTILE}", "--why", f"why{HOSTILE}"),
    ("unsure", "bad:firm", "bad:boat", "--by", f"me{HOSTILE}", "--why", f"why{HOSTILE}"),
    ("same", "bad:ann", "bad:alias", "--dry-run"),
    ("review", "bad:ann", "--from", "0", "--by", "A. Analyst"),
    ("review", HOSTILE, "--by", f"me{HOSTILE}"),
    ("judgements",),
    ("judgements", "bad:ann"),
    ("undo", "1", "--by", f"me{HOSTILE}", "--why", f"why{HOSTILE}"),
    ("routes", "bad:ann", "--requesting", "CN"),
    ("routes", HOSTILE, "--requesting", HOSTILE),
    ("gaps", "--requesting", "CN"),
    ("law", "CN", "US"),
    ("request", "draft", "freeze", "bad:ann", "--requesting", "CN", "--to", "US"),
    ("law", HOSTILE, "US"),
    ("portfolio", "--requesting", "CN"),
    ("portfolio", "--requesting", "CN", "--currency", HOSTILE),
    ("freeze-set", "bad:ann", "--requesting", "CN"),
    ("freeze-set", HOSTILE, "--requesting", "CN"),
    ("report", "--out", "reports", "--date", "2014-12-05"),
    ("report", "--out", f"r{HOSTILE.replace('/', '')}", "--date", "2014-12-05"),
    ("export", f"x{HOSTILE}.graphml"),
    ("export", "csv", f"t{HOSTILE}"),
    ("export", f"x{HOSTILE}.nothing"),
    ("export", "neo4j-admin", f"b{HOSTILE}"),
    ("query",),
    ("query", HOSTILE),
    ("query", "people/family", "--param", f"person={HOSTILE}"),
    ("view",),
    ("ref", HOSTILE),
    ("ref", "Person"),
    ("sync", f"neo4j://{HOSTILE}"),
    ("template", f"x{HOSTILE}.xlsx"),
    ("template", f"x{HOSTILE}"),
    ("keys", "add", f"k{HOSTILE}", "--expires", "90d"),
    ("keys", "revoke", HOSTILE),
    ("keys", "list"),
    ("neo4j", "status"),
    ("neo4j", "start", "--set", HOSTILE),
    ("neo4j", "guide", f"g{HOSTILE}"),
    ("neo4j", "import", f"i{HOSTILE}"),
    ("load", f"none{HOSTILE}.records.jsonl"),
    ("load", "hostile.records.jsonl", "--source", HOSTILE),
    ("load", "hostile.records.jsonl", "--as", HOSTILE),
    ("withdraw", HOSTILE, "--yes"),
    ("withdraw", "bad"),
    (HOSTILE,),
    ("show", "bad:ann", f"--{HOSTILE}"),
    ("generate", "--check"),
    ("backup", f"b{HOSTILE}.sqlite"),
    ("backup", "--check", f"b{HOSTILE}"),
    ("restore", f"b{HOSTILE}.sqlite"),
    ("attach", f"a{HOSTILE}", "--to", "bad:ann"),
    ("attach", "hostile.records.jsonl", "--to", "bad:ann", "--title", f"t{HOSTILE}", "--page", "1"),
    ("attach", "hostile.records.jsonl", "--to", HOSTILE),
    ("exhibits",),
    ("exhibits", HOSTILE),
    ("watch", "add", HOSTILE, "--mail", "desk@example.org"),
    ("watch", "add", "bad:ann", "--mail", f"m{HOSTILE}"),
    ("watch", "add", "bad:ann", "--webhook", f"https://example.org/{HOSTILE}"),
    ("watch", "list"),
    ("watch", "remove", HOSTILE),
)
NOT_RUN = {
    "explore": "starts the service, and prints an address",
    "serve": "becomes the service",
    "demo": "prints as the others, of the invented demo set",
}


def visible(result: Result) -> None:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert RAW.search(result.output) is None, result.output


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: printable(" ".join(words))[:60])
def test_no_command_prints_what_a_terminal_acts_on(run: Run, words: tuple[str, ...]) -> None:
    visible(run(*words))
    if words[0] not in ("template", "export", "keys", "same", "distinct", "unsure", "undo", "review"):
        result = run(*words, "--json")
        visible(result)
        if result.exit_code == 0:
            json.loads(result.stdout)


def test_every_command_is_tried() -> None:
    known = set(get_command(app).commands)  # type: ignore[attr-defined]  # a group has commands
    assert known - {words[0] for words in COMMANDS} == set(NOT_RUN)


def test_data_says_the_same_in_json(run: Run) -> None:
    found = run("sources", "--json").stdout
    assert json.dumps(f"Title{HOSTILE}") in json.dumps(json.loads(found))


def test_a_file_name_that_is_not_utf_8_is_shown(folder: Path, run: Run) -> None:
    for words in (["show"], ["load"], ["search", "--json"], ["ref", "--json"]):
        command = [os.fsencode(word) for word in (sys.executable, "-m", "kg", *words)]
        done = subprocess.run([*command, b"\xff\x9b\x1bx.csv"], capture_output=True, check=False)
        assert b"Traceback" not in done.stderr
        assert not {0x1B, 0x9B, 0xFF} & set(done.stdout + done.stderr)


@given(st.text())
def test_what_is_printable_has_no_control_characters_and_json_keeps_its_meaning(text: str) -> None:
    assert RAW.search(printable(text)) is None
    document = json.dumps({"a": text}, ensure_ascii=False)
    assert RAW.search(printable_json(document)) is None
    assert json.loads(printable_json(document)) == {"a": text}


def test_the_log_of_the_service_has_no_control_characters() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, f"said {HOSTILE} \udcff", (), None)
    line = JsonLineFormatter().format(record)
    assert RAW.search(line) is None
    assert json.loads(line)["message"] == f"said {HOSTILE} \udcff"

"""Does a row that contradicts an earlier one go as a whole, and stay as it was in the rejects, whatever reads it?"""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kg import operations
from kg.operations import FileLoadRequest, Workspace

TABLE = """title = "Invented"
description = "Invented."
[[table]]
files = "x*"
key = "id"
[[table.node]]
type = "Person"
properties.name = "name"
[[table.link]]
type = "LOCATED_IN"
to = { column = "country", split = "|" }
"""
PSC = {
    "kind": "individual-person-with-significant-control",
    "links": {"self": "/company/00000007/persons-with-significant-control/individual/inv"},
}


def _psc(name: str, nature: str) -> str:
    return json.dumps({"company_number": "7", "data": {**PSC, "name": name, "natures_of_control": [nature]}})


FILES = {
    "table": ("x.csv", ["id,name,country", "a,Ann (invented),sm", 'a,"Bo,  (invented)",fr|de']),
    "a table of CRLF": ("x.csv", ["id,name,country", "a,Ann (invented),sm\r", "a,Bo (invented),fr|de\r"]),
    "records": (
        "x.records.jsonl",
        ['{"key": "a", "type": "Person"}', '{"key":"a",  "type": "Person", "properties": {"name": "Bo (invented)"}}'],
    ),
    "psc": ("psc.txt", [_psc("Ann (invented)", "voting-rights"), _psc("Bo (invented)", "significant-influence")]),
    "psc printed over lines": ("psc.txt", ["[", _psc("Ann (invented)", "x") + ",", _psc("Bo (invented)", "y"), "]"]),
    "ftm": (
        "x.ftm.json",
        [
            '{"id":"a","schema":"Person","properties":{"name":["Ann (invented)"]}}',
            '{"id":"a","schema":"LegalEntity"}',
            '{"id":"a" ,"schema":"Vessel","properties":{"name":["Boat (invented)"],"country":["mt"]}}',
        ],
    ),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("kind", FILES)
def test_a_row_goes_as_a_whole(tmp_path: Path, kind: str, packed: bool) -> None:
    name, lines = FILES[kind]
    text = "".join(line + "\n" for line in lines).encode()
    file = tmp_path / (name + ".gz" if packed else name)
    file.write_bytes(gzip.compress(text) if packed else text)
    (tmp_path / "t.toml").write_text(TABLE)
    connector = str(tmp_path / "t.toml") if "table" in kind else "psc" if "psc" in kind else ""
    place = Workspace(tmp_path / "graph.sqlite")
    result = operations.load(place, FileLoadRequest((file,), connector, "inv"))
    assert (result.rejected, result.set_aside, result.repeated) == (1, 0, 0)
    (reject,) = map(json.loads, Path(result.rejects_file).read_text().splitlines())
    refused = [line for line in lines if len(line) > 1][-1]
    expected = (str(file), lines.index(refused) + 1, refused.rstrip("\r"), True)
    assert (reject["file"], reject["line"], reject["row"], reject["whole"]) == expected
    with closing(sqlite3.connect(place.path)) as connection:
        bodies = "".join(row[0] for row in connection.execute("SELECT key || part || body FROM record"))
    assert "Ann" in bodies or kind == "records"
    assert not any(word in bodies for word in ("Bo", "fr", "significant-influence", "mt"))

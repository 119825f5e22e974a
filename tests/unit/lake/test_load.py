"""Is a load into a lake the load into a SQLite file?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.errors import InputError, StoreError
from kg.ledger.loads import ReplacedLoad
from kg.operations import FileLoadRequest, load
from kg.operations.lake.load import load_into_lake
from kg.operations.lake.project import EngineOptions, verify_lake
from kg.operations.workspace import Workspace
from tests.lakes import assert_equal, export

ANN = {"key": "ann", "type": "Person", "properties": {"name": "Ann"}}
BO = {"key": "bo", "type": "Person", "properties": {"name": "Bo", "passport_number": "P-12345"}}
CY = {
    "key": "cy",
    "type": "Person",
    "properties": {"name": "Cy", "passport_number": "P-12345"},
    "handling": "protected",
}
ACME = {"key": "acme", "type": "Enterprise", "properties": {"name": "Acme"}}
OWNS = {"key": "owns", "type": "OWNS", "from": "ann", "to": "acme", "properties": {"share": "51"}}
BAD = {"key": "bad", "type": "Nothing"}


def records(path: Path, source: str, *rows: dict[str, Any]) -> Path:
    lines = [{"source": {"name": source, "title": source, "namespace": "test", "invented": True}}, *rows]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_loads_into_a_lake_give_the_graph_of_loads_into_a_store(tmp_path: Path) -> None:
    store, lake = tmp_path / "graph.sqlite", tmp_path / "lake"
    workspace = Workspace(store, protected=True)
    changed = {**BO, "properties": {"name": "Bo Example"}}
    for number, (source, rows) in enumerate(
        (("one", (ANN, ACME, OWNS, CY)), ("two", (BO, BAD)), ("one", (ANN, OWNS, CY)), ("two", (changed, ACME)))
    ):
        request = FileLoadRequest((records(tmp_path / f"{number}.records.jsonl", source, *rows),), day="2014-12-05")
        done, expected = load_into_lake(workspace, lake, request).result, load(workspace, request)
        assert bool(done.rejects_file) == (BAD in rows)
        assert replace(done, rejects_file="", waiting=0) == replace(expected, rejects_file="", waiting=0)
    assert_equal(store, lake)
    assert verify_lake(lake, EngineOptions()).is_clean
    assert list((lake / "rejects").iterdir()) == []  # the last load of each source rejected nothing
    with pytest.raises(StoreError, match="is the lake of another ledger"):
        export(store, lake)
    with pytest.raises(InputError, match="takes snapshots"):
        load_into_lake(workspace, lake, FileLoadRequest((tmp_path / "0.records.jsonl",), delta=True))
    assert not list((lake / "scratch").iterdir())


PAID = [
    {"key": f"paid{n}", "type": "PAID", "from": "ann", "to": "bo", "properties": {"reference": f"{n}"}}
    for n in range(9)
]
MORE = [{"key": f"p{n}", "type": "Person", "properties": {"name": f"P{n}"}} for n in range(9)]


@pytest.mark.parametrize(
    ("rows", "others", "told"),
    [
        ([ANN], [BO], "nothing of its 1 record (load 1: 0.records.jsonl) is in 1.records.jsonl"),
        (
            [ANN, BO, *MORE, *PAID[:5]],
            [ANN, BO, *MORE, *PAID[4:]],
            "most of its payments (4) are not in 1.records.jsonl",
        ),
        ([*MORE], MORE[:4], "5 of its 9 records (load 1: 0.records.jsonl) are not in 1.records.jsonl"),
    ],
)
def test_files_that_would_replace_most_of_a_source_are_refused_in_a_lake_as_in_a_store(
    tmp_path: Path, rows: list[dict[str, Any]], others: list[dict[str, Any]], told: str
) -> None:
    store, lake = Workspace(tmp_path / "graph.sqlite"), tmp_path / "lake"
    first, other = (
        FileLoadRequest((records(tmp_path / f"{n}.records.jsonl", "one", *found),))
        for n, found in enumerate((rows, others))
    )
    problems = []
    for load_one in (lambda request: load(store, request), lambda request: load_into_lake(store, lake, request)):
        load_one(first)
        with pytest.raises(InputError) as raised:
            load_one(other)
        problems.append(str(raised.value))
    assert problems[0] == problems[1]
    assert told in problems[0]
    replaced = load_into_lake(store, lake, replace(other, replace=True)).result.replaced
    assert replaced == (ReplacedLoad(1, ("0.records.jsonl",), 1) if rows == [ANN] else None)


def test_payments_that_come_again_with_other_keys_are_not_gone_from_a_lake(tmp_path: Path) -> None:
    said = {"amount": "5 EUR", "date": "2020-01-01"}
    store, lake = Workspace(tmp_path / "graph.sqlite"), tmp_path / "lake"
    for n, more in enumerate(({}, {"purpose": "rent"})):
        paid = [{**row, "key": f"{row['key']}-{n}", "properties": {**said, **more}} for row in PAID]
        file = records(tmp_path / f"{n}.records.jsonl", "one", ANN, BO, *paid)
        assert load_into_lake(store, lake, FileLoadRequest((file,))).result.withdrawn == n * len(PAID)

"""Are entities that hold others read as they are when each has a line of its own?"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.records import Record, Reject
from tests.sources.read_results import as_json_lines, read_files, records, rejects

Entity = dict[str, Any]

REVERSE = {
    "owner": "ownershipOwner",
    "asset": "ownershipAsset",
    "person": "familyPerson",
    "relative": "familyRelative",
    "entity": "sanctions",
    "addressEntity": "things",
    "associate": "associations",
    "parent": "subsidiaries",
}
"""How FollowTheMoney calls these properties from the other end."""

EDGES = {"Ownership", "Family"}


def entity(key: str, schema: str, **properties: list[str]) -> Entity:
    around = {"caption": key, "datasets": ["invented"], "referents": [f"{key}-old"], "target": schema == "Person"}
    times = {"first_seen": "2020", "last_seen": "2024", "last_change": "2022-01-01"}
    return {"id": key, "schema": schema, "properties": properties, **around, **times}


PLAIN = [
    entity("ann", "Person", name=["Ann Example"], addressEntity=["road"], country=["kn"]),
    entity("bo", "Person", name=["Bo Example"], addressEntity=["road"]),
    entity("acme", "Company", name=["Acme (invented)"], parent=["top"]),
    entity("top", "Company", name=["Top (invented)"]),
    entity("road", "Address", full=["1 Invented Road"]),
    entity("own", "Ownership", owner=["ann", "bo"], asset=["acme"], percentage=["51"]),
    entity("kin", "Family", person=["ann"], relative=["bo"], relationship=["sister"]),
    entity("ban", "Sanction", entity=["ann"], authority=["An office"], startDate=["2014"]),
]


def nested(entities: list[Entity], depth: int = 1) -> list[Entity]:
    """The targets with their neighbours in them, as FollowTheMoney's exporters make it: a property that holds any
    entity that is not on the way here holds such entities alone.
    """
    by_id = {e["id"]: e for e in entities}

    def around(e: Entity) -> Iterable[tuple[str, Entity]]:
        for name, values in e["properties"].items():
            yield from ((name, by_id[v]) for v in values if name in REVERSE and v in by_id)
        for other in entities:
            for name, values in other["properties"].items():
                if name in REVERSE and e["id"] in values:
                    yield REVERSE[name], other

    def nest(e: Entity, left: int, path: list[str]) -> Entity:
        left = left if e["schema"] in EDGES else left - 1
        properties: dict[str, list[Any]] = {}
        for name, other in around(e) if left >= 0 else ():
            if other["id"] not in [*path, e["id"]]:
                properties.setdefault(name, []).append(nest(other, left, [*path, e["id"]]))
        return {**e, "properties": {**e["properties"], **properties}}

    return [nest(e, depth, []) for e in entities if e["target"]]


def file(folder: Path, name: str, rows: Iterable[Entity]) -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def said(made: Iterable[object]) -> list[str]:
    """What the records say, sorted, without their lines; each once, as the ledger keeps them."""
    lines = []
    for record in made:
        if isinstance(record, Reject) and not record.whole:
            continue  # the record has its words
        assert isinstance(record, Record), record
        record.line = 0
        lines.append(as_json_lines([record]))
    return sorted(set(lines))


def test_a_nested_export_gives_the_records_of_the_plain_one(tmp_path: Path) -> None:
    rows = nested(PLAIN)
    assert [row["id"] for row in rows] == ["ann", "bo"]
    assert rows[0]["properties"]["ownershipOwner"][0]["properties"]["asset"][0]["id"] == "acme"
    plain = read_files(file(tmp_path, "entities.ftm.json", [e for e in PLAIN if e["id"] != "top"]))
    assert said(read_files(file(tmp_path, "targets.nested.json", rows))) == said(plain)


@pytest.mark.parametrize("depth", [0, 2, 3])
def test_the_depth_of_nesting_makes_no_difference(tmp_path: Path, depth: int) -> None:
    reached = PLAIN if depth > 1 else [e for e in PLAIN if e["id"] in ("ann", "bo")]
    plain = read_files(file(tmp_path, "entities.ftm.json", reached))
    assert said(read_files(file(tmp_path, "targets.nested.json", nested(PLAIN, depth)))) == said(plain)


def test_what_rows_say_of_one_entity_is_put_together(tmp_path: Path) -> None:
    def row(key: str, **road: Any) -> Entity:
        return {
            "id": key,
            "schema": "Person",
            "properties": {"addressEntity": [{"id": "road", "schema": "Address", **road}]},
        }

    made = read_files(
        file(
            tmp_path,
            "a.nested.json",
            [
                row("ann", properties={"full": ["1 Road"]}, datasets=["one"], last_change="2020-01-01", odd="x"),
                row(
                    "bo",
                    properties={"full": ["1 Road", "One Road"]},
                    datasets=["two"],
                    last_change="2021-01-01",
                    odd="y",
                ),
                row("cy"),
            ],
        )
    )
    road = records(made)["road", ""]
    assert road.properties["full"] == ["1 Road", "One Road"]
    assert (road.provenance.datasets, road.provenance.stated, road.line) == (("one", "two"), "2021-01-01", 1)
    assert rejects(made) == []
    assert road.other == {"odd": ["x", "y"]}, "both, because neither is more right"
    assert len(records(made)) == 7, "three people, their links to the address, and the address"


def test_an_end_that_only_nesting_tells_is_filled_in(tmp_path: Path) -> None:
    own = {"id": "own", "schema": "Ownership", "properties": {"asset": [{"id": "acme", "schema": "Company"}]}}
    ann = {"id": "ann", "schema": "Person", "properties": {"holdings": [own]}}
    made = records(read_files(file(tmp_path, "a.nested.json", [ann])))
    assert [tuple(end.key for end in r.ends) for r in made.values() if r.ends] == [("ann", "acme")]
    assert set(made) == {("ann", ""), ("acme", ""), ("own", "ann→acme")}


def test_entities_that_hold_each_other_come_to_an_end(tmp_path: Path) -> None:
    inner: Entity = {"id": "a", "schema": "Company", "properties": {"parent": ["b"], "name": ["A"]}}
    for level in range(30):  # a row nested deeper than MAX_DEPTH is rejected
        inner = {"id": "ba"[level % 2], "schema": "Company", "properties": {"parent": [inner]}}
    made = records(read_files(file(tmp_path, "a.nested.json", [inner])))
    assert set(made) == {("a", ""), ("b", "")}
    assert made["a", ""].properties["name"] == ["A"] and made["a", ""].other["parent"] == ["b"]


def test_what_cannot_be_read_in_a_nested_row_is_rejected_and_the_rest_is_read(tmp_path: Path) -> None:
    rows: list[Entity] = [
        {
            "id": "ann",
            "schema": "Person",
            "properties": {"sanctions": [{"schema": "Sanction"}, {"id": "s", "schema": "No"}]},
        },
        {"id": 7, "schema": "Person", "properties": {"addressEntity": [{"id": "r", "schema": "Address"}]}},
        {"id": "bo", "schema": "Person", "properties": {"name": ["{Bo} {Example}"]}},
    ]
    made = read_files(file(tmp_path, "a.nested.json", rows))
    assert set(records(made)) == {("ann", ""), ("bo", "")}
    assert sorted(r.reason for r in rejects(made)) == [
        "key id, value 7: expected text of 1 to 2000 characters without control characters",
        'property sanctions, value \'{"schema":"Sanction"}\': expected text in a list',
        "schema No has no type in the ontology",
    ]


IDS = st.sampled_from(["a", "b", "c"])
SCHEMATA = st.sampled_from(["Person", "Company", "Ownership", "Sanction", "Address", "No"])
NAMES = st.sampled_from(["name", "owner", "asset", "ownershipOwner", "sanctions", "entity", "addressEntity", "odd"])
ROWS = st.recursive(
    st.one_of(st.text(max_size=3), IDS, st.none()),
    lambda inner: st.fixed_dictionaries(
        {"id": IDS, "schema": SCHEMATA, "properties": st.dictionaries(NAMES, st.lists(inner, max_size=2), max_size=3)}
    ),
    max_leaves=8,
)


@given(st.lists(ROWS.filter(lambda row: isinstance(row, dict)), max_size=3))
def test_any_nesting_becomes_records_or_rejects(rows: list[Entity]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = read_files(file(Path(folder), "a.nested.json", [entity("z", "Person"), *rows]))
        assert as_json_lines(made)
        seen = {r.key for r in made if isinstance(r, Record)}
        for row in rows:
            whole = [r for r in rejects(made) if r.whole]
            assert row["id"] in seen or whole, "no entity is lost without a word"

"""What of an entity's `kg` is read, and what becomes of the rest?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.records import Provenance
from tests.sources.read_results import read_files, records, rejects


def _read(folder: Path, schema: str, properties: dict[str, list[str]], ours: object) -> list[Any]:
    file = folder / "x.ftm.json"
    file.write_text(json.dumps({"id": "a", "schema": schema, "properties": properties, "kg": ours}))
    return read_files(file)


def test_type_values_and_grades_are_read(tmp_path: Path) -> None:
    ours = {
        "type": "Valuable",
        "properties": {"valuation": ["market 2014 10 USD"], "hue": ["red"]},
        "other": {"name": ["odd"]},
        "reliability": "B",
        "handling": "restricted",
    }
    found = _read(tmp_path, "Asset", {"name": ["Watch"]}, ours)
    assert rejects(found) == []
    record = records(found)["a", ""]
    assert (record.type, record.provenance) == ("Valuable", Provenance(reliability="B", handling="restricted"))
    assert record.properties == {"name": ["Watch"], "valuation": ["market 2014 10 USD"]}
    assert record.other == {"hue": ["red"], "name": ["odd"]}


def test_a_link_keeps_its_row_and_part(tmp_path: Path) -> None:
    ends = {"owner": ["ann"], "asset": ["acme"]}
    ours = {"key": "row", "part": "", "properties": {"share": ["25..50"]}}
    found = records(_read(tmp_path, "Ownership", ends, ours))
    assert list(found) == [("row", "")]
    assert found["row", ""].properties == {"share": ["25..50"]}


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        ({"type": "Person"}, "kg.type, value 'Person': expected a type of the ontology that the schema stands for"),
        ({"key": "b"}, "kg.key, value 'b': expected the key of a record"),
        ({"reliability": "Z"}, "kg.reliability, value 'Z': expected one of A, B, C, D, E, F"),
        ({"properties": ["x"]}, "expected an object of lists of texts"),
        ({"colour": "red"}, "expected one of type, key, part, page, properties, other"),
        ({"properties": {"valuation": ["dear"]}}, "valuation, value 'dear': expected kind"),
    ],
)
def test_what_is_odd_is_set_aside_and_the_rest_is_read(tmp_path: Path, ours: dict[str, Any], said: str) -> None:
    found = _read(tmp_path, "Asset", {"name": ["Watch"]}, ours)
    (reject,) = rejects(found)
    assert said in reject.reason and not reject.whole
    assert records(found)["a", ""].properties == {"name": ["Watch"]}


@pytest.mark.parametrize("ours", ["open", {"handling": "secret"}, {"handling": None}])
def test_an_entity_does_not_become_open_because_its_handling_cannot_be_read(tmp_path: Path, ours: object) -> None:
    found = _read(tmp_path, "Asset", {"name": ["Watch"]}, ours)
    assert records(found) == {} and [r.whole for r in rejects(found)] == [True]


def test_an_entity_of_several_links_cannot_say_more_of_one(tmp_path: Path) -> None:
    found = _read(tmp_path, "Ownership", {"owner": ["ann", "bo"], "asset": ["acme"]}, {"part": ""})
    assert len(records(found)) == 2 and "one end on each side" in rejects(found)[0].reason


def test_what_stands_around_an_entity_without_properties_is_read(tmp_path: Path) -> None:
    file = tmp_path / "bare.ftm.json"
    bare = {"schema": "Person"}
    rows = ({**bare, "id": "a", "datasets": ["press"]}, {**bare, "id": "b", "note": "seen"})
    file.write_text("\n".join(map(json.dumps, rows)))
    found = records(read_files(file))
    assert (found["a", ""].provenance, found["b", ""].other) == (Provenance(datasets=("press",)), {"note": ["seen"]})

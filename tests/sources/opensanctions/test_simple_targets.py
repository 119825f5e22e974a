"""Are rows of targets.simple.csv read with all that stands in their cells?"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from kg.records import UnreadValue
from kg.sources.opensanctions.simple_targets import split_list
from tests.sources.read_results import read_files, records, rejects

COLUMNS = (
    *("id", "schema", "name", "aliases", "birth_date", "countries", "addresses", "identifiers", "sanctions", "phones"),
    *("emails", "program_ids", "dataset", "first_seen", "last_seen", "last_change"),
)


def packed(values: list[str]) -> str:
    """Values in one cell, as the exporter packs them."""
    text = io.StringIO()
    csv.writer(text, dialect=csv.unix_dialect, delimiter=";", lineterminator="", quoting=csv.QUOTE_MINIMAL).writerow(
        values
    )
    return text.getvalue()


def read(folder: Path, **cells: Any) -> list[Any]:
    """What is read of a file with one row; a list is packed into its cell."""
    path = folder / "targets.simple.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file, dialect=csv.unix_dialect)
        writer.writerow(COLUMNS)
        row = {"id": "NK-1", "schema": "Person", "name": "Ann; (invented)", **cells}
        writer.writerow([packed(v) if isinstance(v := row.get(c, ""), list) else v for c in COLUMNS])
    return read_files(path)


def test_a_row_is_an_entity_with_all_its_values(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        aliases=['An "Na"; of Nowhere', "A. Example", "Ann, E."],
        birth_date=["1970", "1970-01-02"],
        countries=["sm", "fr"],
        addresses=["1 Invented Road; Floor 2"],
        identifiers=["X 1"],
        sanctions=["Invented list - An office - 2020"],
        phones=["+1"],
        emails=["a@example.org"],
        program_ids=["INV-1"],
        dataset=["Invented list", "Other list"],
        first_seen="2020-01-01",
        last_change="2024-01-02",
    )
    assert rejects(found) == []
    made = records(found)
    ann = made["NK-1", ""]
    assert (ann.type, ann.properties["name"]) == ("Person", ["Ann; (invented)"])
    assert ann.properties["alias"] == ["A. Example", 'An "Na"; of Nowhere', "Ann, E."]
    assert ann.properties["address"] == ["1 Invented Road; Floor 2"]
    assert (ann.properties["id_number"], ann.properties["birth_date"]) == (["X 1"], ["1970", "1970-01-02"])
    assert ann.other["sanctions"] == ["Invented list - An office - 2020"] and ann.other["programId"] == ["INV-1"]
    assert (ann.provenance.datasets, ann.provenance.stated) == (("Invented list", "Other list"), "2024-01-02")
    assert {part for _, part in made} == {"", "country:sm", "country:fr"}


def test_what_a_schema_has_no_property_for_stays_under_its_columns_name(tmp_path: Path) -> None:
    made = records(read(tmp_path, schema="Vessel", identifiers=["IMO 1", "2"], birth_date="1970"))
    assert made["NK-1", ""].type == "Vessel"
    assert made["NK-1", ""].other == {"birth_date": ["1970"], "identifiers": ["2", "IMO 1"]}


@pytest.mark.parametrize("cell", ['"open', 'a;"b"c', '"a";"'])
def test_a_cell_that_is_no_list_is_set_aside(tmp_path: Path, cell: str) -> None:
    found = read(tmp_path, aliases=cell)
    (reject,) = rejects(found)
    assert "property aliases" in reject.reason and "separated by semicolons" in reject.reason and not reject.whole
    assert records(found)["NK-1", ""].properties == {"name": ["Ann; (invented)"]}
    assert records(found)["NK-1", ""].not_understood == (UnreadValue("aliases", "alias", cell),)


def test_days_and_countries_that_are_none_stay_with_the_entity(tmp_path: Path) -> None:
    made = records(read(tmp_path, birth_date="circa 1950", countries="Atlantis"))
    assert made["NK-1", ""].not_understood == (
        UnreadValue("birthDate", "birth_date", "circa 1950"),
        UnreadValue("country", "LOCATED_IN", "Atlantis"),
    )


@pytest.mark.parametrize(("cells", "reason"), [({"id": ""}, "key id"), ({"schema": "Ghost"}, "schema Ghost")])
def test_a_row_that_is_no_entity_is_rejected_once(tmp_path: Path, cells: dict[str, str], reason: str) -> None:
    (reject,) = read(tmp_path, aliases='"open', **cells)
    assert reason in reject.reason and reject.whole


@pytest.mark.parametrize("values", [["a"], ["a", "b"], ["a;b", 'c"d'], ['"'], ["a b", "ü;ß"], ["x" * 1000]])
def test_a_list_is_split_as_it_was_packed(values: list[str]) -> None:
    assert split_list(packed(values)) == values


def test_a_ship_is_known_by_its_number(tmp_path: Path) -> None:
    found = read(tmp_path, schema="Vessel", name="MV Invented", identifiers=["IMO9074729", "X 1"])
    ship = records(found)["NK-1", ""]
    assert (ship.properties["imo"], ship.other["identifiers"]) == (["IMO9074729"], ["X 1"])

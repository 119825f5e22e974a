"""Are statements, one value a row, read as the entities that they describe?"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from kg.errors import InputError
from kg.records import Record, Ref, UnreadValue
from kg.sources.opensanctions.statements import OLD_PACK_COLUMNS, PACK_COLUMNS
from tests.sources.read_results import read_files, records, rejects

CSV_COLUMNS = (
    *("canonical_id", "entity_id", "prop", "prop_type", "schema", "value", "dataset", "origin", "lang"),
    *("original_value", "external", "first_seen", "last_seen", "id"),
)
Row = dict[str, str]


def said(key: str, schema: str, prop: str, value: str, **more: str) -> Row:
    """One statement, with invented values."""
    usual = {"entity_id": key, "dataset": "inv", "first_seen": "2024-01-01", "last_seen": "2024-02-01"}
    return {**usual, "canonical_id": key, "schema": schema, "prop": prop, "value": value, **more}


def write(folder: Path, rows: Iterable[Row], columns: Sequence[str] = CSV_COLUMNS, *, head: bool = True) -> Path:
    """A file of statements as its exporter writes it: a pack unless it has the column canonical_id."""
    text = io.StringIO()
    writer = csv.writer(text, dialect=csv.unix_dialect)
    if head:
        writer.writerow(columns)
    for row in rows:
        is_pack = "canonical_id" not in columns
        cells = {**row, "prop": f"{row['schema']}:{row['prop']}"} if is_pack else row
        writer.writerow([cells.get(name, "") for name in columns])
    path = folder / ("x.pack" if "canonical_id" not in columns else "statements.csv")
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


ANN = [
    said("NK-1", "Person", "id", "0d1", entity_id="src-1"),
    said("NK-1", "Person", "name", "Ann (invented)", entity_id="src-1", lang="eng"),
    said("NK-1", "LegalEntity", "country", "sm", entity_id="src-2", dataset="other"),
    said("NK-1", "Person", "nationality", "fr", entity_id="src-1", original_value="French"),
]
ACME = [said("NK-2", "Company", "name", "Acme (invented)"), said("NK-2", "Company", "jurisdiction", "sm")]
OWNS = [
    said("NK-3", "Ownership", "owner", "NK-1"),
    said("NK-3", "Ownership", "asset", "NK-2"),
    said("NK-3", "Ownership", "percentage", "51", dataset="other", first_seen="2023-01-01"),
]


def test_an_entity_is_one_node_whose_claims_keep_data_set_and_days(tmp_path: Path) -> None:
    found = read_files(write(tmp_path, ANN))
    assert rejects(found) == []
    made = records(found)
    assert {key for key, _ in made} == {"NK-1"}
    person = made["NK-1", "inv 2024-01-01"]
    assert (person.type, person.properties, person.referents) == (
        "Person",
        {"name": ["Ann (invented)"]},
        ("src-1", "src-2"),
    )
    assert (person.provenance.datasets, person.provenance.stated) == (("inv",), "2024-01-01")
    assert person.other == {
        "first_seen": ["2024-01-01"],
        "last_seen": ["2024-02-01"],
        "nationality as written": ["French"],
    }
    citizen, located = made["NK-1", "nationality:fr"], made["NK-1", "country:sm"]
    assert (citizen.ends, citizen.provenance.datasets) == ((Ref("sample", "NK-1"), Ref("jurisdiction", "FR")), ("inv",))
    assert (located.type, located.provenance.datasets) == ("LOCATED_IN", ("other",))


def test_an_edge_is_one_link_that_lists_who_said_what(tmp_path: Path) -> None:
    (link,) = records(read_files(write(tmp_path, OWNS))).values()
    assert (link.type, link.part, link.properties) == ("OWNS", "NK-1→NK-2", {"share": ["51"]})
    assert link.provenance.datasets == ("inv", "other")
    assert "percentage 51, other: 2023-01-01 to 2024-02-01" in link.other["seen"]


def test_a_link_that_two_data_sets_say_is_one(tmp_path: Path) -> None:
    rows = [said("a", "Person", "nationality", "fr", dataset=name) for name in ("x", "y")]
    found = [r for r in read_files(write(tmp_path, rows)) if isinstance(r, Record) and r.ends]
    assert [(r.part, r.provenance.datasets, r.other["seen"]) for r in found] == [
        ("nationality:fr", ("x", "y"), ["x: 2024-01-01 to 2024-02-01", "y: 2024-01-01 to 2024-02-01"])
    ]


def test_a_value_that_was_seen_for_a_shorter_time_is_a_claim_of_its_own(tmp_path: Path) -> None:
    rows = [said("a", "Person", "name", "A"), said("a", "Person", "name", "B", last_seen="2024-01-15")]
    made = records(read_files(write(tmp_path, rows)))
    assert {part: r.properties["name"] for (_, part), r in made.items()} == {
        "inv 2024-01-01": ["A"],
        "inv 2024-01-01 2024-01-15": ["B"],
    }


@pytest.mark.parametrize("mark", ["t", "true", "True", "1", "yes"])
def test_external_rows_are_no_facts(tmp_path: Path, mark: str) -> None:
    rows = [said("a", "Person", "name", "A"), said("a", "Person", "name", "B", external=mark)]
    rows += [said("b", "Person", "name", "C", external=mark), said("c", "Person", "name", "D", external="f")]
    found = read_files(write(tmp_path, rows))
    assert sorted(r.properties["name"][0] for r in records(found).values()) == ["A", "D"]
    told = {"is marked external, as a suggestion and no fact; such rows are not read"}
    assert [(r.line, r.whole) for r in rejects(found)] == [(3, True), (4, True)]
    assert {r.reason for r in rejects(found)} == told


def test_a_mark_that_says_neither_is_no_fact_and_an_empty_canonical_id_is_told(tmp_path: Path) -> None:
    rows = [said("a", "Person", "name", "A", external="maybe"), said("", "Person", "name", "B", entity_id="b")]
    found = read_files(write(tmp_path, rows))
    assert [key for key, _ in records(found)] == ["b"]
    assert [(r.line, r.whole, r.is_remark) for r in rejects(found)] == [(2, True, False), (3, False, True)]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_makes_no_difference(tmp_path: Path, seed: int) -> None:
    rows = [*ANN, *ACME, *OWNS]
    in_order = read_files(write(tmp_path, rows))
    random.Random(seed).shuffle(rows)
    shuffled = read_files(write(tmp_path, rows))
    assert _contents(shuffled) == _contents(in_order)


def _contents(found: Iterable[object]) -> list[tuple[object, ...]]:
    return sorted((r.key, r.part, r.type, json.dumps(r.body())) for r in found if isinstance(r, Record))


@pytest.mark.parametrize("columns", [PACK_COLUMNS, OLD_PACK_COLUMNS], ids=["pack", "old pack"])
@pytest.mark.parametrize("head", [True, False], ids=["header", "no header"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_pack_is_read_with_and_without_a_header(
    tmp_path: Path, columns: Sequence[str], head: bool, packed: bool
) -> None:
    path = write(tmp_path, ANN[1:], columns, head=head)
    if packed:
        path = path.with_name("x.pack.gz")
        path.write_bytes(gzip.compress((tmp_path / "x.pack").read_bytes()))
    found = read_files(path)
    assert rejects(found) == []
    assert {key for key, _ in records(found)} == {"src-1", "src-2"}
    assert records(found)["src-1", "inv 2024-01-01"].properties == {"name": ["Ann (invented)"]}


def test_statements_say_what_the_entities_say(tmp_path: Path) -> None:
    entities: list[dict[str, Any]] = [
        {"id": "a", "schema": "Person", "properties": {"name": ["Ann"], "country": ["sm"], "addressEntity": ["d"]}},
        {"id": "d", "schema": "Address", "properties": {"full": ["1 Invented Road"]}},
        {"id": "p", "schema": "Payment", "properties": {"payer": ["a"], "beneficiary": ["b"]}},
        {"id": "v", "schema": "Vessel", "properties": {"flag": ["mt"], "owner": ["a"], "name": ["Boat"]}},
        {"id": "s", "schema": "Sanction", "properties": {"entity": ["a"], "authority": ["An office"]}},
    ]
    entities[2]["properties"] |= {"amount": ["10"], "currency": ["USD"]}
    rows = [
        said(e["id"], e["schema"], name, value)
        for e in entities
        for name, values in e["properties"].items()
        for value in values
    ]
    plain = tmp_path / "x.ftm.json"
    plain.write_text("".join(json.dumps(e) + "\n" for e in entities))
    one, other = (
        {
            (r.key, r.type, str(r.ends), json.dumps(r.properties, sort_keys=True))
            for r in records(read_files(p)).values()
        }
        for p in (plain, write(tmp_path, rows))
    )
    assert one == other


def test_an_amount_finds_its_currency_in_another_claim(tmp_path: Path) -> None:
    rows = [said("c", "Contract", "amount", "10"), said("c", "Contract", "currency", "USD", first_seen="2023-01-01")]
    made = records(read_files(write(tmp_path, rows)))
    assert [value.words for value in made["c", "inv 2024-01-01"].not_understood] == ["10 USD"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (said("", "Person", "name", "A"), "column entity_id, value ''"),
        (said("a", "Person", "name", "A", entity_id=" "), "column entity_id, value ' '"),
        (said("a\x01", "Person", "name", "A", entity_id="a"), "column canonical_id"),
        (said("a", "", "name", "A"), "column prop, value 'name'"),
        (said("a", "Person", "", "A"), "column prop, value ''"),
        (said("a", "Person", "name", ""), "column value: expected a value"),
        (said("a", "Ghost", "name", "A"), "schema Ghost has no type"),
        (
            said("k", "Vessel", "name", "A"),
            "schema Vessel: another row says that 'k' is of schema LegalEntity and Person",
        ),
        (said("o", "Ownership", "owner", "a"), "schema Ownership links two ends"),
    ],
)
def test_a_row_that_cannot_be_read_leaves_the_others(tmp_path: Path, row: Row, reason: str) -> None:
    path = write(tmp_path, [*(said("k", schema, "name", "Kim") for schema in ("Person", "LegalEntity")), row])
    found = read_files(path)
    (reject,) = rejects(found)
    assert reason in reject.reason and reject.whole
    assert (reject.line, reject.row) == (4, path.read_text().splitlines()[3])
    assert [r.properties for r in records(found).values()] == [{"name": ["Kim"]}]


def test_words_that_are_not_understood_stay_with_the_claim_of_their_data_set(tmp_path: Path) -> None:
    rows = [*ANN, said("NK-1", "Person", "birthDate", "circa 1950", dataset="other"), *ACME, *OWNS[:2]]
    made = records(read_files(write(tmp_path, [*rows, said("NK-3", "Ownership", "percentage", "150")])))
    kept = {key: record.not_understood for key, record in made.items() if record.not_understood}
    assert kept == {
        ("NK-1", "other 2024-01-01"): (UnreadValue("birthDate", "birth_date", "circa 1950"),),
        ("NK-3", "NK-1→NK-2"): (UnreadValue("percentage", "share", "150"),),
    }


def test_a_value_that_cannot_be_read_is_shown_with_its_row(tmp_path: Path) -> None:
    path = write(tmp_path, [said("k", "Person", "name", "Kim"), said("k", "Person", "birthDate", "never")])
    (reject,) = rejects(read_files(path))
    assert (reject.line, reject.row, reject.whole) == (3, path.read_text().splitlines()[2], False)


@pytest.mark.parametrize("text", ["a,b,c\n1,2,3\n", "entity_id,prop,value\n"])
def test_a_file_of_other_columns_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "statements.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=r"statements\.csv:1: expected a column "):
        read_files(path)

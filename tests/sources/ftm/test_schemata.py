"""Is every schema of FollowTheMoney read, with all that its entities say?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.exports.ftm_entities import EntityInput, FtmEntityBuilder
from kg.exports.summary import ExportCounts
from kg.ontology import load_ontology
from kg.records import NO_PROVENANCE, Record, Ref
from kg.sources.ftm.schemata import ancestors, has_property, reverse_property, schemata, stated_schema
from tests.sources.read_results import read_files, records, rejects

CONCRETE = sorted(name for name, schema in schemata().items() if not schema.get("abstract"))


def _all_properties(name: str) -> dict[str, list[str]]:
    """Every property of a schema with a value of its own; those that link have the key of an entity."""
    known = [schemata()[a] for a in ancestors(name)]
    return {prop: [f"{prop} (invented)"] for schema in known for prop in schema["properties"]}


def _read(folder: Path, schema: str, properties: dict[str, list[str]]) -> list[Any]:
    path = folder / "x.ftm.json"
    path.write_text(json.dumps({"id": "a", "schema": schema, "properties": properties}) + "\n")
    return read_files(path)


@pytest.mark.parametrize("name", CONCRETE)
def test_an_entity_of_every_schema_is_read_and_no_value_is_lost(tmp_path: Path, name: str) -> None:
    given = _all_properties(name)
    found = _read(tmp_path, name, given)
    assert [r for r in rejects(found) if r.whole] == []
    kept = " ".join(
        str((r.properties, r.other, r.ends, r.provenance)) if isinstance(r, Record) else r.reason for r in found
    )
    lost = [prop for prop, (value,) in given.items() if value not in kept]
    assert lost == []


def test_a_schema_without_a_type_of_its_own_stays_with_the_entity(tmp_path: Path) -> None:
    trip = {"name": ["A trip (invented)"], "organizer": ["ann"], "vehicle": ["boat"], "startDate": ["2020"]}
    made = records(_read(tmp_path, "Trip", trip))
    assert (made["a", ""].type, made["a", ""].properties) == ("Entity", {"name": ["A trip (invented)"]})
    assert made["a", ""].other == {"schema": ["Trip"], "startDate": ["2020"]}
    organizer = made["a", "organizer:ann"]
    assert (organizer.type, organizer.properties) == ("ASSOCIATED_WITH", {"relation": ["organizer"]})
    assert organizer.ends == (Ref("sample", "a"), Ref("sample", "ann"))


@pytest.mark.parametrize(
    ("schema", "properties", "ends", "said"),
    [
        (
            "ContractAward",
            {"supplier": ["acme"], "contract": ["c"], "amount": ["10"], "currency": ["USD"], "role": ["main"]},
            ("acme", "c"),
            {"relation": ["contract award"], "amount": ["10 USD"], "role": ["main"]},
        ),
        (
            "ContractAward",
            {"supplier": ["acme"], "callForTenders": ["t"]},
            ("acme", "t"),
            {"relation": ["contract award"]},
        ),
        ("Documentation", {"document": ["d"], "entity": ["e"]}, ("d", "e"), {"relation": ["documentation"]}),
        (
            "ProjectParticipant",
            {"participant": ["p"], "project": ["x"]},
            ("p", "x"),
            {"relation": ["project participant"]},
        ),
        (
            "Debt",
            {"debtor": ["p"], "creditor": ["x"], "amountEur": ["5"]},
            ("p", "x"),
            {"relation": ["debt"], "amount": ["5 EUR"]},
        ),
        (
            "Associate",
            {"person": ["p"], "associate": ["x"], "relationship": ["friend"]},
            ("p", "x"),
            {"relation": ["friend"]},
        ),
    ],
)
def test_an_edge_says_what_it_is(
    tmp_path: Path, schema: str, properties: dict[str, list[str]], ends: tuple[str, str], said: dict[str, list[str]]
) -> None:
    (link,) = records(_read(tmp_path, schema, properties)).values()
    assert link.ends == tuple(Ref("sample", key) for key in ends)
    assert (link.type, link.properties) == ("ASSOCIATED_WITH", said)


def test_a_property_links_only_where_its_schema_has_it(tmp_path: Path) -> None:
    made = records(_read(tmp_path, "Sanction", {"authority": ["An office"], "entity": ["ann"]}))
    assert made["a", ""].properties == {"authority": ["An office"]}
    made = records(_read(tmp_path, "Contract", {"authority": ["office"], "name": ["C (invented)"]}))
    assert made["a", "authority:office"].properties == {"relation": ["authority"]}


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("LegalEntity", "Person", "Person"),
        ("Company", "Asset", "Company"),
        ("Person", "Person", "Person"),
        ("Person", "Company", ""),
        ("Organization", "Asset", ""),
        ("Ghost", "Ghost", "Ghost"),
        ("Thing", "Vessel", "Vessel"),
    ],
)
def test_the_more_specific_of_two_schemata_counts(one: str, other: str, common: str) -> None:
    assert (stated_schema((one, other)), stated_schema((other, one))) == (common, common)


def test_properties_are_known_from_both_ends() -> None:
    assert reverse_property("Ownership", "ownershipOwner") == "owner"
    assert reverse_property("Passport", "identification") == "holder"
    assert reverse_property("Company", "subsidiaries") == "parent"
    assert has_property("Company", "amount") and not has_property("Person", "amount")


@pytest.mark.parametrize(
    ("kept", "written"), [(["Trip"], "Trip"), ([], "Note"), (["Person"], "Note"), (["Ghost"], "Note")]
)
def test_an_entity_without_a_type_of_its_own_is_written_as_what_it_was(kept: list[str], written: str) -> None:
    builder = FtmEntityBuilder(load_ontology(), ExportCounts())
    made = builder.build_node("a", EntityInput("Entity", {"name": ["A"]}, {"schema": kept}, NO_PROVENANCE))
    assert made is not None and made["schema"] == written


def test_a_link_to_it_is_one_that_may_end_at_anything() -> None:
    builder = FtmEntityBuilder(load_ontology(), ExportCounts())
    said = EntityInput("ASSOCIATED_WITH", {"relation": ["organizer"]}, {}, NO_PROVENANCE)
    schemata_of = [
        made["schema"]
        for ends in (("Entity", "Party"), ("Person", "Person"))
        if (made := builder.build_edge("x", said, ("a", "b"), ends))
    ]
    assert schemata_of == ["UnknownLink", "Associate"]

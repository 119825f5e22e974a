"""Do the golden copies of GLEIF become entities, links from parent to child, and words?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kg.errors import InputError
from kg.records import ReadResult, Ref, UnreadValue
from tests import golden
from tests.sources.read_results import NAMESPACE, as_json_lines, read_files, records, rejects

HERE = Path(__file__).parent
TABLES = {name: HERE / f"20260101-gleif-goldencopy-{name}-golden-copy.csv" for name in ("lei2", "rr", "repex")}
CHILD, PARENT = "INVENTEDLEI0CHILD001", "INVENTEDLEI0PARENT02"
ENTITY: dict[str, Any] = {"LEI": CHILD, "Entity": {"LegalName": "Lantern", "EntityCategory": "GENERAL"}}
RELATION: dict[str, Any] = {
    "Relationship": {
        "StartNode": {"NodeID": CHILD, "NodeIDType": "LEI"},
        "EndNode": {"NodeID": PARENT, "NodeIDType": "LEI"},
        "RelationshipType": "IS_DIRECTLY_CONSOLIDATED_BY",
        "RelationshipStatus": "ACTIVE",
        "RelationshipPeriods": [
            {"StartDate": "2018-01-01T00:00:00.000Z", "EndDate": "2018-12-31", "PeriodType": "ACCOUNTING_PERIOD"},
            {"StartDate": "2018-02-06T00:00:00.000Z", "PeriodType": "RELATIONSHIP_PERIOD"},
        ],
    },
    "Registration": {"LastUpdateDate": "2022-06-04T01:00:00.000Z", "RegistrationStatus": "PUBLISHED"},
}
EXCEPTION: dict[str, Any] = {
    "LEI": PARENT,
    "ExceptionCategory": "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT",
    "ExceptionReason": ["NO_KNOWN_PERSON", "NATURAL_PERSONS"],
}


def _marked(value: Any) -> Any:
    """JSON as the golden copy writes it, which is made from XML: each text in an object of its own."""
    if isinstance(value, dict):
        return {key: _marked(inner) for key, inner in value.items()}
    return [_marked(inner) for inner in value] if isinstance(value, list) else {"$": value}


def _read(
    tmp_path: Path, document: object, name: str = "gleif-goldencopy.json", indent: int | None = None
) -> list[ReadResult]:
    (tmp_path / name).write_text(json.dumps(document, indent=indent), encoding="utf-8")
    return read_files(tmp_path / name)


def _bodies(made: list[ReadResult]) -> Mapping[object, object]:
    return {key: record.body() for key, record in records(made).items()}


@pytest.mark.parametrize("name", TABLES)
def test_a_sample_gives_the_records_and_rejects_it_gave_before(name: str) -> None:
    golden.check(HERE / f"{name}.expected.jsonl", as_json_lines(read_files(TABLES[name])))


@pytest.mark.parametrize("document", [ENTITY, RELATION, EXCEPTION])
@pytest.mark.parametrize("wrapper", ["records", "relations", "exceptions", ""])
@pytest.mark.parametrize("indent", [None, 1])
def test_all_forms_of_json_say_the_same(tmp_path: Path, document: object, wrapper: str, indent: int | None) -> None:
    whole = {wrapper: [_marked(document)]} if wrapper else [_marked(document)]
    made = _read(tmp_path, whole, indent=indent)
    assert _bodies(made) == _bodies(_read(tmp_path, document))
    assert (len(records(made)) > 0, rejects(made)) == (True, [])
    assert _bodies(_read(tmp_path, {"SomeRecord": _marked(document)}, indent=indent)) == _bodies(made)


def test_places_and_days_that_are_none_stay_with_the_entity(tmp_path: Path) -> None:
    entity = {**ENTITY["Entity"], "LegalJurisdiction": "Atlantis", "LegalAddress": {"Country": "Q1", "City": "Nowhere"}}
    document = {
        **ENTITY,
        "Entity": {**entity, "EntityCreationDate": "Tuesday", "AssociatedEntity": {"AssociatedLEI": PARENT}},
        "Registration": {"LastUpdateDate": "soon"},
    }
    made = records(_read(tmp_path, document))
    stated = UnreadValue("Registration.LastUpdateDate", "stated", "soon")
    assert made[CHILD, ""].not_understood == (
        UnreadValue("Entity.LegalAddress.Country", "LOCATED_IN", "Q1"),
        UnreadValue("Entity.LegalJurisdiction", "REGISTERED_IN", "Atlantis"),
        stated,
        UnreadValue("incorporation_date", "incorporation_date", "Tuesday"),
    )
    assert [r.not_understood for r in made.values() if r.ends] == [(stated,)]


def test_csv_and_json_say_the_same_of_a_relationship(tmp_path: Path) -> None:
    (link,) = records(_read(tmp_path, RELATION)).values()
    (row, *_) = records(read_files(TABLES["rr"])).values()
    assert (link.type, link.ends, set(link.properties)) == (row.type, row.ends, set(row.properties))


def test_the_start_node_is_the_child_and_its_own_period_counts(tmp_path: Path) -> None:
    (link,) = records(_read(tmp_path, RELATION)).values()
    assert (link.type, link.ends) == ("CONTROLS", (Ref(NAMESPACE, PARENT), Ref(NAMESPACE, CHILD)))
    assert link.properties == {
        "how": ["IS_DIRECTLY_CONSOLIDATED_BY"],
        "directness": ["direct"],
        "status": ["ACTIVE"],
        "start_date": ["2018-02-06"],
    }
    assert link.other["ACCOUNTING_PERIOD"] == ["2018-01-01..2018-12-31"]


def test_an_inactive_relationship_ends_on_the_day_of_its_record_unless_it_says_when() -> None:
    made = records(read_files(TABLES["rr"]))
    ends = {r.properties["status"][0]: r.properties.get("end_date") for r in made.values()}
    assert ends["INACTIVE"] == ["2022-06-04"]


def test_an_exception_is_a_statement_on_the_entity_and_no_owner(tmp_path: Path) -> None:
    (claim,) = records(_read(tmp_path, EXCEPTION)).values()
    words = "No parent reported (DIRECT_ACCOUNTING_CONSOLIDATION_PARENT): NO_KNOWN_PERSON, NATURAL_PERSONS"
    assert (claim.ends, claim.referents, claim.properties) == (None, (PARENT,), {"summary": [words]})


def test_other_names_are_former_ones_only_if_they_are_said_to_be(tmp_path: Path) -> None:
    names = [{"type": "PREVIOUS_LEGAL_NAME", "OtherEntityName": "Old"}, {"OtherEntityName": "Other"}]
    (node,) = records(_read(tmp_path, {"LEI": CHILD, "Entity": {"LegalName": "L", "OtherEntityNames": names}})).values()
    assert (node.properties["former_name"], node.properties["alias"]) == (["Old"], ["Other"])


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"LEI": CHILD}, "expected one of the fields Entity.LegalName"),
        ({"Entity": {"LegalName": "L"}}, "expected a value of LEI"),
        ({"LEI": "a\tb", "Entity": {"LegalName": "L"}}, "expected a value of LEI"),
        ({"data": "x"}, "expected one of the fields"),
        ([7], "expected a JSON object"),
    ],
)
def test_a_document_that_is_none_of_the_three_is_rejected(tmp_path: Path, document: object, reason: str) -> None:
    (found,) = rejects(_read(tmp_path, document))
    assert found.whole
    assert reason in found.reason


@pytest.mark.parametrize("header", ["LEI,LegalName", "a;b", "LEI"])
def test_another_table_is_refused(tmp_path: Path, header: str) -> None:
    (tmp_path / "gleif.csv").write_text(f"{header}\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"gleif.csv:1: is no table of GLEIF: expected one of the columns"):
        read_files(tmp_path / "gleif.csv")


def test_a_table_that_lacks_a_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gleif.csv").write_text("LEI,Relationship.RelationshipType\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"expected a column called Relationship.StartNode.NodeID"):
        read_files(tmp_path / "gleif.csv")


def _name(text: str, **more: str) -> dict[str, str]:
    return {"name": text, "language": "en", **more}


def _answer(*records: dict[str, Any], single: bool = False) -> dict[str, Any]:
    meta = {
        "goldenCopy": {"publishDate": "2099-01-01T00:00:00Z"},
        "pagination": {"currentPage": 1, "total": len(records)},
    }
    return {"meta": meta, "links": {"first": "https://example.org"}, "data": records[0] if single else [*records]}


API_ENTITY: dict[str, Any] = {
    "type": "lei-records",
    "id": CHILD,
    "attributes": {
        "lei": CHILD,
        "entity": {
            "legalName": _name("Lantern and Loom Ltd"),
            "otherNames": [_name("Loom Ltd", type="PREVIOUS_LEGAL_NAME"), _name("L & L", type="TRADING_NAME")],
            "transliteratedOtherNames": [],
            "legalAddress": {
                "language": "en",
                "addressLines": ["Floor 1", "1 Reed Lane"],
                "city": "Apia",
                "country": "WS",
            },
            "headquartersAddress": {"addressLines": ["1 Reed Lane"], "city": "Wien", "country": "AT", "region": None},
            "registeredAt": {"id": "RA000001", "other": None},
            "registeredAs": "77",
            "jurisdiction": "US-DE",
            "category": "GENERAL",
            "legalForm": {"id": "8888", "other": "Reed partnership"},
            "associatedEntity": {"lei": None, "name": None},
            "status": "ACTIVE",
            "expiration": {"date": None, "reason": None},
            "successorEntity": {"lei": PARENT, "name": None},
            "successorEntities": [{"lei": PARENT, "name": None}],
            "creationDate": "2001-01-03T00:00:00Z",
            "otherAddresses": [{"city": "Orle"}],
            "eventGroups": [],
        },
        "registration": {"lastUpdateDate": "2098-03-03T16:34:33Z", "status": "ISSUED", "managingLou": PARENT},
        "bic": ["LANTWS22XXX"],
        "mic": None,
        "spglobal": ["24"],
    },
    "relationships": {"direct-parent": {"links": {"reporting-exception": "https://example.org"}}},
}
API_RELATION: dict[str, Any] = {
    "type": "relationship-records",
    "id": "x",
    "attributes": {
        "relationship": {
            "startNode": {"id": CHILD, "type": "LEI"},
            "endNode": {"id": PARENT, "type": "LEI"},
            "type": "IS_DIRECTLY_CONSOLIDATED_BY",
            "status": "ACTIVE",
            "periods": [
                {"startDate": "2018-01-01T00:00:00.000Z", "endDate": "2018-12-31", "type": "ACCOUNTING_PERIOD"},
                {"startDate": "2018-02-06T00:00:00.000Z", "endDate": None, "type": "RELATIONSHIP_PERIOD"},
            ],
        },
        "registration": {"lastUpdateDate": "2022-06-04T01:00:00.000Z", "status": "PUBLISHED"},
    },
}
API_EXCEPTION: dict[str, Any] = {
    "type": "reporting-exceptions",
    "id": "y",
    "attributes": {
        "lei": PARENT,
        "category": "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT",
        "reasons": ["NO_KNOWN_PERSON", "NATURAL_PERSONS"],
    },
}


@pytest.mark.parametrize("single", [True, False])
def test_an_entity_of_the_web_api_is_read_as_it_was_saved(tmp_path: Path, single: bool) -> None:
    made = records(_read(tmp_path, _answer(API_ENTITY, single=single), "gleif-api.json"))
    entity = made[CHILD, ""]
    assert entity.type == "Enterprise"
    assert entity.properties == {
        "lei": [CHILD],
        "name": ["Lantern and Loom Ltd"],
        "alias": ["L & L"],
        "former_name": ["Loom Ltd"],
        "legal_form": ["Reed partnership"],
        "status": ["ACTIVE"],
        "registration_number": ["77"],
        "address": ["Floor 1, 1 Reed Lane, Apia, WS", "1 Reed Lane, Wien, AT"],
        "incorporation_date": ["2001-01-03"],
        "swift": ["LANTWS22XXX"],
    }
    assert entity.provenance.stated == "2098-03-03"
    assert {"spglobal.1", "entity.otherAddresses.1.city", "Registration.ManagingLOU"} <= entity.other.keys()
    links = sorted((r.type, r.ends[1].key) for r in made.values() if r.ends)
    places = [("LOCATED_IN", "AT"), ("LOCATED_IN", "WS"), ("REGISTERED_IN", "US")]
    assert links == [("ASSOCIATED_WITH", PARENT), *places]


@pytest.mark.parametrize(("saved", "golden_copy"), [(API_RELATION, RELATION), (API_EXCEPTION, EXCEPTION)])
def test_the_web_api_and_the_golden_copy_say_the_same(
    tmp_path: Path, saved: dict[str, Any], golden_copy: dict[str, Any]
) -> None:
    assert _bodies(_read(tmp_path, _answer(saved), "gleif-api.json")) == _bodies(_read(tmp_path, golden_copy))


def test_a_page_of_the_web_api_that_a_load_lacks_is_told(tmp_path: Path) -> None:
    for total, told in ((1, 0), (3, 1)):
        page = _answer(API_ENTITY)
        page["meta"]["pagination"]["total"] = total
        made = rejects(_read(tmp_path, page, "gleif-api.json"))
        assert [r.is_remark and r.reason.startswith("there are 3 results, and these files list 1:") for r in made] == (
            [True] * told
        )


def test_other_records_of_the_web_api_are_told(tmp_path: Path) -> None:
    isin = {"type": "isins", "id": "1", "attributes": {"lei": CHILD, "isin": "XX"}}
    made = _read(
        tmp_path, _answer(isin, {"type": "lei-records"}, {"type": "lei-records", "attributes": {"lei": CHILD}})
    )
    assert [r.reason for r in rejects(made)] == [
        "key type, value 'isins': expected one of lei-records, relationship-records, reporting-exceptions",
        "expected the attributes of a record, a JSON object",
        "expected one of the fields Entity.LegalName, Relationship.RelationshipType, Exception.Category",
    ]
    assert _read(tmp_path, _answer()) == []

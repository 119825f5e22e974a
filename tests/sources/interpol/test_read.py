"""Do saved red notices become allegations with country, charge and source?"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kg.database import connect
from kg.ledger.ledger import Ledger
from kg.ledger.loads import LoadRequest
from kg.ontology import load_ontology
from kg.records import ReadResult, UnreadValue
from tests import golden
from tests.sources.read_results import NAMESPACE, as_json_lines, read_files, records, rejects

HERE = Path(__file__).parent
FILES = (HERE / "interpol-page-1.json", HERE / "2099-10001.interpol.json")
ADDRESS = "https://ws-public.interpol.int/notices/v1/{}/2099-7"


def _notice(number: object = "2099/7", **more: Any) -> dict[str, Any]:
    return {"entity_id": number, "name": "EXAMPLE", "forename": "ANN", **more}


def _page(*notices: object, total: int = 0, **query: Any) -> dict[str, Any]:
    found = {"total": total or len(notices), "query": {"page": 1, "resultPerPage": 20, **query}}
    return {**found, "_embedded": {"notices": list(notices)}}


def _read(tmp_path: Path, *documents: object) -> list[ReadResult]:
    file = tmp_path / "interpol.jsonl"
    file.write_text("".join(json.dumps(d) + "\n" for d in documents), encoding="utf-8")
    return read_files(file)


def test_a_sample_gives_the_records_and_rejects_it_gave_before() -> None:
    golden.check(HERE / "sample.expected.jsonl", as_json_lines(read_files(*FILES)))


def test_countries_and_days_that_are_none_stay_with_notice_and_person(tmp_path: Path) -> None:
    warrants, nationalities = [{"issuing_country_id": "914"}], ["915", 7]
    notice = _notice(arrest_warrants=warrants, date_of_birth="circa 1950", nationalities=nationalities)
    made = records(_read(tmp_path, notice))
    assert made["2099/7", ""].not_understood == (UnreadValue("arrest_warrants.issuing_country_id", "ISSUED_BY", "914"),)
    assert made["2099/7/person", ""].not_understood == (
        UnreadValue("birth_date", "birth_date", "circa 1950"),
        UnreadValue("nationalities", "CITIZEN_OF", "7"),
        UnreadValue("nationalities", "CITIZEN_OF", "915"),
    )


def test_a_page_and_a_document_of_one_notice_are_one_notice_in_either_order() -> None:
    assert as_json_lines(read_files(*FILES)) != ""
    made = [records(read_files(*order)) for order in (FILES, FILES[::-1])]
    assert made[0].keys() == made[1].keys()
    assert made[0]["2099/10001/person", ""].properties["birth_country"] == ["WS"]


def test_what_a_page_says_beside_the_document_of_a_notice_is_kept_and_told(tmp_path: Path) -> None:
    own = _notice(date_of_birth="1970/05/07", nationalities=["DE"])
    made = _read(tmp_path, _page(_notice(date_of_birth="1970/05/06", nationalities=["DE", "XK"])), own)
    assert records(made)["2099/7/person", ""].properties["birth_date"] == ["1970-05-07", "1970-05-06"]
    assert {r.ends[1].key for r in records(made).values() if r.ends and r.type == "CITIZEN_OF"} == {"DE", "XK"}
    assert [(r.reason, r.is_remark) for r in rejects(made)] == [
        (f"property {name}: the notice says {one}, and a page of results {other}; both are kept", True)
        for name, one, other in (("date_of_birth", "1970/05/07", "1970/05/06"), ("nationalities", "DE", "XK"))
    ]


def test_a_charge_is_an_allegation_of_the_country_that_issued_the_warrant(tmp_path: Path) -> None:
    warrant = {"charge": "fraude", "charge_translation": "fraud", "issuing_country_id": "WS"}
    made = records(_read(tmp_path, _notice(arrest_warrants=[warrant]))).values()
    by_type = {r.type: r for r in made}
    assert by_type["ACCUSED_OF"].properties == {"stage": ["alleged"], "said_by": ["WS"]}
    assert by_type["Offence"].properties == {"conduct": ["fraude"], "summary": ["fraud"], "law_of": ["WS"]}
    assert by_type["ISSUED_BY"].ends is not None
    assert [":".join(end) for end in by_type["ISSUED_BY"].ends] == [f"{NAMESPACE}:2099/7", "jurisdiction:WS"]
    assert {r.provenance.origin for r in made} == {"INTERPOL"}


def test_the_order_of_warrants_means_nothing_and_two_equal_ones_are_one(tmp_path: Path) -> None:
    warrants = [{"charge": charge, "issuing_country_id": "WS"} for charge in ("fraud", "bribery", "fraud")]
    made = [records(_read(tmp_path, _notice(arrest_warrants=order))).keys() for order in (warrants, warrants[::-1])]
    assert set(made[0]) == set(made[1])
    assert len([key for key, part in made[0] if part == "alleged"]) == 2


@pytest.mark.parametrize(
    ("said", "name", "expected"),
    [
        ({"forename": None}, "name", ["EXAMPLE"]),
        ({"forename": "-"}, "name", ["EXAMPLE"]),
        ({"forename": "ANN", "name": None}, "name", ["ANN"]),
        ({"forename": None, "name": "-"}, "name", None),
        ({"date_of_birth": "1970/02/09"}, "birth_date", ["1970-02-09"]),
        ({"date_of_birth": "1970/2/9"}, "birth_date", ["1970-02-09"]),
        ({"date_of_birth": "1970/02/00"}, "birth_date", ["1970-02"]),
        ({"date_of_birth": "1970/00/00"}, "birth_date", ["1970"]),
        ({"date_of_birth": "1970"}, "birth_date", ["1970"]),
        ({"date_of_birth": None}, "birth_date", None),
        ({"place_of_birth": "-"}, "birth_place", None),
        ({"sex_id": "F"}, "gender", ["F"]),
    ],
)
def test_what_is_not_known_is_left_out(tmp_path: Path, said: dict[str, Any], name: str, expected: Any) -> None:
    made = _read(tmp_path, _notice(**said))
    assert (records(made)["2099/7/person", ""].properties.get(name), rejects(made)) == (expected, [])


@pytest.mark.parametrize(("height", "kept"), [(0, None), ("0", None), (0.0, None), (1.8, ["1.8"]), (None, None)])
def test_a_height_of_nothing_is_unknown(tmp_path: Path, height: object, kept: list[str] | None) -> None:
    person = records(_read(tmp_path, _notice(height=height)))["2099/7/person", ""]
    assert person.other.get("height") == kept


@pytest.mark.parametrize(
    "document",
    [
        _notice("2099/7"),
        _notice("2099-7"),
        _notice(None, _links={"self": {"href": ADDRESS.format("red")}}),
        [_notice()],
        _page(_notice()),
        [_page(_notice()), _page(_notice())],
    ],
)
def test_a_notice_is_known_by_its_number_however_it_is_saved(tmp_path: Path, document: object) -> None:
    made = _read(tmp_path, document)
    assert [key for key, part in records(made) if not part] == ["2099/7", "2099/7/person"]
    assert rejects(made) == []


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (_notice(_links={"self": {"href": ADDRESS.format("yellow")}}), "is a yellow notice; expected a red one"),
        (_notice(_links={"self": {"href": ADDRESS.format("un")}}), "is a un notice; expected a red one"),
        ({"message": "Forbidden"}, "expected a notice with entity_id, or a page of notices"),
        (_notice(7), "key entity_id, value 7: expected an id such as 2026/12345"),
        (_notice(""), "key entity_id, value '': expected an id"),
        (_page(_notice("a"), 7), "expected a notice, a JSON object"),
        ("a text", "expected a JSON object"),
    ],
)
def test_what_is_no_red_notice_is_rejected(tmp_path: Path, document: object, reason: str) -> None:
    (found,) = [r for r in rejects(_read(tmp_path, _notice("2099/8"), document)) if r.whole]
    assert reason in found.reason


@pytest.mark.parametrize(
    ("pages", "missing"),
    [
        ([_page(_notice("a"), total=170), _page(_notice("b"), total=170)], ["list 2:"]),
        ([_page(_notice("a"), total=2, page=1), _page(_notice("b"), total=2, page=2)], []),
        ([_page(_notice("a"), nationality="WS"), _page(_notice("a"), nationality="IE", total=3)], ["list 1:"]),
        ([_page(total=5)], ["list 0:"]),
        ([_notice()], []),
    ],
)
def test_a_search_that_found_more_than_was_saved_says_so(
    tmp_path: Path, pages: list[dict[str, Any]], missing: list[str]
) -> None:
    found = [r for r in rejects(_read(tmp_path, *pages)) if "at most 160" in r.reason]
    assert [text in r.reason and not r.whole for r, text in zip(found, missing, strict=True)] == [True] * len(missing)


def test_who_is_named_in_a_notice_is_shown_as_sought(tmp_path: Path) -> None:
    ontology, store = load_ontology(), tmp_path / "g.sqlite"
    with closing(connect(store, create=True)) as connection:
        request = LoadRequest("interpol", NAMESPACE, "Invented", True, ("x",), "2026-03-01")
        Ledger(connection, ontology).load(request, read_files(*FILES))
        sought = "SELECT count(*) FROM node WHERE type = 'Person' AND json_array_length(sought)"
        assert connection.execute(sought).fetchone() == (3,)

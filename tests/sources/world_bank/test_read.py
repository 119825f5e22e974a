"""Do the rows of the World Bank's list become exclusions, with all that they say?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.records import ReadResult, UnreadValue
from tests.sources.read_results import read_files, records, rejects

FIRM: dict[str, Any] = {
    "SUPP_ID": 99001,
    "SUPP_NAME": "LANTERN & LOOM LTD.",
    "ADD_SUPP_INFO": "Invented.",
    "SUPP_ADDR": "1 REED LANE",
    "SUPP_CITY": "APIA",
    "SUPP_STATE_CODE": None,
    "LAND1": "WS",
    "COUNTRY_NAME": "Samoa",
    "SUPP_TYPE_CODE": "F",
    "DEBAR_FROM_DATE": "2091-07-26",
    "DEBAR_TO_DATE": "2094-07-25",
    "DEBAR_REASON": "Invented Guidelines 1.14(a)(ii)",
    "INELIGIBLY_STATUS": "Ongoing",
}
PERSON = {
    **FIRM,
    "SUPP_ID": 99002,
    "SUPP_NAME": "MR. AUREL BRANTOW",
    "SUPP_TYPE_CODE": "I",
    "DEBAR_TO_DATE": "2999-12-31",
}


def _read(tmp_path: Path, document: object) -> list[ReadResult]:
    path = tmp_path / "SANCTIONED_FIRM.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_files(path)


def _answer(*suppliers: object) -> dict[str, Any]:
    return {"response": {"ZPROCSUPP": [*suppliers]}}


def test_a_firm_is_the_target_of_an_exclusion_with_days_and_reason(tmp_path: Path) -> None:
    made = records(_read(tmp_path, _answer(FIRM)))
    assert made["99001", ""].type == "Enterprise"
    assert made["99001", ""].properties == {
        "name": ["LANTERN & LOOM LTD."],
        "topic": ["debarment"],
        "summary": ["Invented."],
        "address": ["1 REED LANE, APIA"],
    }
    exclusion = made["99001/exclusion", ""]
    assert exclusion.properties["ordered_on"] == ["2091-07-26"]
    assert exclusion.properties["expires_on"] == ["2094-07-25"]
    assert exclusion.properties["reason"] == ["Invented Guidelines 1.14(a)(ii)"]
    assert exclusion.other == {"INELIGIBLY_STATUS": ["Ongoing"]}
    assert exclusion.provenance.origin == "World Bank"
    assert [end.key for end in made["99001", "country:WS"].ends or ()] == ["99001", "WS"]


def test_an_exclusion_without_end_has_none(tmp_path: Path) -> None:
    made = records(_read(tmp_path, _answer(PERSON)))
    assert made["99002", ""].type == "Person"
    assert "expires_on" not in made["99002/exclusion", ""].properties
    assert made["99002/exclusion", ""].other["DEBAR_TO_DATE"] == ["2999-12-31"]


def test_rows_are_read_without_the_answer_around_them(tmp_path: Path) -> None:
    whole = records(_read(tmp_path, _answer(FIRM, PERSON)))
    for document in (
        [FIRM, PERSON],
        {"ZPROCSUPP": [FIRM, PERSON]},
        {"response": {"ZPROCSUPP": {"ZPROCSUPP": [FIRM, PERSON]}}},
    ):
        assert records(_read(tmp_path, document)).keys() == whole.keys()


def test_what_cannot_be_read_is_told_and_kept(tmp_path: Path) -> None:
    odd = {**FIRM, "COUNTRY_NAME": "Lemuria", "LAND1": "", "DEBAR_FROM_DATE": "soon"}
    made = _read(tmp_path, _answer({"SUPP_NAME": "NO ID"}, 7, odd))
    assert [r.reason for r in rejects(made) if r.whole] == [
        "expected a supplier with SUPP_ID, as text or number",
        "expected a supplier, a JSON object",
    ]
    assert records(made)["99001", ""].not_understood == (UnreadValue("COUNTRY_NAME", "LOCATED_IN", "Lemuria"),)
    assert records(made)["99001/exclusion", ""].not_understood == (UnreadValue("ordered_on", "ordered_on", "soon"),)

"""Do the words of every value that cannot be read stay with a record, whatever the format?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.records import UnreadValue
from tests.sources.read_results import read_files, records, rejects

HERE = Path(__file__).parent
SAMPLES = sorted(
    path
    for pattern in ("*/sample.*", "*/faults.*", "[!f]*/*.csv", "*/*.xlsx")
    for path in HERE.glob(pattern)
    if not path.name.endswith((".expected.jsonl", ".toml"))
)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_is_set_aside_stays_with_a_record_of_its_row(path: Path) -> None:
    connector = "psc" if path.parent.name == "psc" else "bods" if path.parent.name == "bods" else ""
    readings = read_files(path, connector=connector)
    made = records(readings).values()
    of_line = {line: {v for r in made if r.line == line for v in r.not_understood} for line in {r.line for r in made}}
    for reject in rejects(readings):
        if reject.value and reject.value.words.strip() and reject.line in of_line:
            assert reject.value in of_line[reject.line], reject.reason


def _unread(tmp_path: Path, name: str, text: str) -> dict[tuple[str, str], tuple[UnreadValue, ...]]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = records(read_files(tmp_path / name))
    return {key: record.not_understood for key, record in found.items() if record.not_understood}


def test_followthemoney_keeps_its_own_names(tmp_path: Path) -> None:
    lines = """{"id":"p","schema":"Person","properties":{"birthDate":["circa 1950"],"nationality":["Nowherish"]}}
{"id":"o","schema":"Ownership","properties":{"owner":["p"],"asset":["a","b"],"percentage":["150"]},"last_change":"soon"}
{"id":"t","schema":"Payment","properties":{"payer":["p"],"beneficiary":["a"],"amount":["plenty"],\
"currency":["CNY"],"date":["31.2.2020"]}}
"""
    share, stated = UnreadValue("percentage", "share", "150"), UnreadValue("last_change", "stated", "soon")
    assert _unread(tmp_path, "x.ftm.json", lines) == {
        ("p", ""): (
            UnreadValue("birthDate", "birth_date", "circa 1950"),
            UnreadValue("nationality", "CITIZEN_OF", "Nowherish"),
        ),
        ("o", "p→a"): (stated, share),
        ("o", "p→b"): (stated, share),
        ("t", "p→a"): (UnreadValue("amount", "amount", "plenty CNY"), UnreadValue("date", "date", "31.2.2020")),
    }


def test_native_records_keep_what_they_are_given_and_what_they_cannot_read(tmp_path: Path) -> None:
    lines = """{"key":"p","type":"Person","properties":{"birth_date":"circa 1950","name":[7,"Ada Invented"]},\
"not_understood":[{"name":"geb.","property":"birth_date","words":"um 1950"}]}
"""
    assert _unread(tmp_path, "x.records.jsonl", lines) == {
        ("p", ""): (
            UnreadValue("birth_date", "birth_date", "circa 1950"),
            UnreadValue("geb.", "birth_date", "um 1950"),
            UnreadValue("name", "name", "7"),
        )
    }


@pytest.mark.parametrize("given", ["7", '["x"]', '[{"name":"a"}]', '[{"name":"a","property":"b","words":1}]', "{}"])
def test_native_records_with_other_unread_values_are_rejected(tmp_path: Path, given: str) -> None:
    (tmp_path / "x.records.jsonl").write_text(f'{{"key":"p","type":"Person","not_understood":{given}}}\n')
    (reject,) = rejects(read_files(tmp_path / "x.records.jsonl"))
    assert reject.whole and reject.reason.startswith("key not_understood: expected a list of objects with name")


def test_a_sheet_keeps_the_cell_under_its_column(tmp_path: Path) -> None:
    text = "key,name,birth_date\np1,Ada Invented,circa 1950\n"
    (tmp_path / "persons.csv").write_text(text, encoding="utf-8")
    made = records(read_files(tmp_path / "persons.csv"))
    assert [value.words for value in made["p1", ""].not_understood] == ["circa 1950"]


def test_persons_with_significant_control_keep_citizenships_places_and_dates(tmp_path: Path) -> None:
    line = """{"company_number":"01234567","data":{"kind":"individual-person-with-significant-control",\
"links":{"self":"/company/01234567/persons-with-significant-control/individual/inv1"},"name":"Ada Invented",\
"nationality":"British, Nowherish","country_of_residence":"Nowhere Land","notified_on":"spring 2016",\
"natures_of_control":["ownership-of-shares-25-to-50-percent"]}}
"""
    key = "company/01234567/persons-with-significant-control/individual/inv1"
    (tmp_path / "psc.txt").write_text(line, encoding="utf-8")
    made = records(read_files(tmp_path / "psc.txt", connector="psc"))
    began = UnreadValue("notified_on", "start_date", "spring 2016")
    assert made[key, ""].not_understood == (
        UnreadValue("country_of_residence", "LOCATED_IN", "Nowhere Land"),
        UnreadValue("nationality", "CITIZEN_OF", "Nowherish"),
        began,
    )
    assert made[key, "ownership-of-shares-25-to-50-percent"].not_understood == (began,)
    assert made[key, "nationality:GB"].ends is not None


@pytest.mark.parametrize("form", ["ftm", "records"])
def test_odd_shares_amounts_and_citizenships_are_kept_word_for_word(form: str, tmp_path: Path) -> None:
    shares = ["150", "-5", "a lot", "50..20", "∞", "NaN", "1/0", "%", "?", "100.0001", "51 %% of A"]
    amounts = ["plenty", "1.2.3.4", "--", "a fortune", "€", "10^", "one, two"]
    places = ["Martian", "Nowherish", "Atlantis", "Q9", "12", "n/a?", "Person of two worlds"]
    if form == "ftm":
        rows = [
            {"id": "o", "schema": "Ownership", "properties": {"owner": ["a"], "asset": ["b"], "percentage": shares}},
            {
                "id": "t",
                "schema": "Payment",
                "properties": {"payer": ["a"], "beneficiary": ["b"], "amount": amounts, "currency": ["USD"]},
            },
            {"id": "p", "schema": "Person", "properties": {"nationality": places}},
        ]
    else:
        sums = [f"{amount} USD" for amount in amounts]
        rows = [
            {"key": "o", "type": "OWNS", "from": "a", "to": "b", "properties": {"share": shares}},
            {"key": "t", "type": "PAID", "from": "a", "to": "b", "properties": {"amount": sums}},
        ]
    file = tmp_path / f"odd.{'ftm.json' if form == 'ftm' else 'records.jsonl'}"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    kept: dict[str, set[str]] = {}
    for record in records(read_files(file)).values():
        for value in record.not_understood:
            kept.setdefault(value.property, set()).add(value.words)
    expected = {"share": set(shares), "amount": {f"{amount} USD" for amount in amounts}, "CITIZEN_OF": set(places)}
    assert kept == {name: words for name, words in expected.items() if form == "ftm" or name != "CITIZEN_OF"}


@pytest.mark.parametrize("code", ["QQ", "XX", "SU", "AN", "XX-DE"])
def test_a_code_that_no_jurisdiction_has_is_set_aside_by_every_register(tmp_path: Path, code: str) -> None:
    person = {"name": ["Ada Invented"], "nationality": [code]}
    (tmp_path / "x.ftm.json").write_text(json.dumps({"id": "p", "schema": "Person", "properties": person}))
    place = {"code": code, "name": "Narnia Invented"}
    words = json.dumps(place, separators=(",", ":"))
    details = {"entityType": {"type": "registeredEntity"}, "name": "Invented Ltd", "jurisdiction": place}
    statement = {"statementId": "s1", "recordId": "e1", "recordType": "entity", "recordDetails": details}
    (tmp_path / "x.bods.json").write_text(json.dumps([statement]))
    entity = {"LegalName": "Invented Ltd", "LegalJurisdiction": code, "LegalAddress": {"Country": code}}
    lei = {"LEI": "INVENTEDLEI0CHILD001", "Entity": entity}
    (tmp_path / "gleif-goldencopy.json").write_text(json.dumps(lei))
    notice = {"entity_id": "2099/7", "name": "INVENTED", "nationalities": [code], "arrest_warrants": []}
    (tmp_path / "x.interpol.json").write_text(json.dumps(notice))
    kept: set[UnreadValue] = set()
    for name in ("x.ftm.json", "x.bods.json", "gleif-goldencopy.json", "x.interpol.json"):
        made = records(read_files(tmp_path / name)).values()
        assert not [
            record for record in made if record.ends and "jurisdiction" in {end.namespace for end in record.ends}
        ]
        kept.update(value for record in made for value in record.not_understood)
    assert kept == {
        UnreadValue("nationality", "CITIZEN_OF", code),
        UnreadValue("jurisdiction", "REGISTERED_IN", words),
        UnreadValue("Entity.LegalJurisdiction", "REGISTERED_IN", code),
        UnreadValue("Entity.LegalAddress.Country", "LOCATED_IN", code),
        UnreadValue("nationalities", "CITIZEN_OF", code),
    }


def test_a_name_counts_where_its_code_is_none_and_the_code_is_kept(tmp_path: Path) -> None:
    details = {"names": [{"fullName": "Ada Invented"}], "nationalities": [{"name": "Mexican", "code": "ZZ"}]}
    statement = {"statementId": "s1", "recordId": "p1", "recordType": "person", "recordDetails": details}
    (tmp_path / "x.bods.json").write_text(json.dumps([statement]))
    made = records(read_files(tmp_path / "x.bods.json"))
    assert made["p1", "nationalities:MX"].ends is not None
    assert made["p1", ""].other["nationalities"] == ['{"code":"ZZ","name":"Mexican"}']

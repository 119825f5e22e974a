"""Do FollowTheMoney entities become the records that they claim?"""

from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.records import Deletion, Provenance, ReadResult, Record, Ref, UnreadValue
from tests import golden
from tests.sources.read_results import NAMESPACE, as_json_lines, read_files, records, rejects

HERE = Path(__file__).parent


def _read(tmp_path: Path, *entities: object) -> list[ReadResult]:
    file = tmp_path / "a.ijson"
    file.write_text("".join(json.dumps(e) + "\n" for e in entities), encoding="utf-8")
    return read_files(file)


def _owned(owners: list[str]) -> dict[str, Any]:
    return {"id": "o", "schema": "Ownership", "properties": {"owner": owners, "asset": ["c"]}}


@pytest.mark.parametrize("name", ["sample", "faults"])
def test_a_sample_gives_the_records_and_rejects_it_gave_before(name: str) -> None:
    golden.check(HERE / f"{name}.expected.jsonl", as_json_lines(read_files(HERE / f"{name}.ftm.json")))


def test_a_compressed_file_gives_the_same_records(tmp_path: Path) -> None:
    packed = tmp_path / "sample.ftm.json.gz"
    packed.write_bytes(gzip.compress((HERE / "sample.ftm.json").read_bytes()))
    assert records(read_files(packed)) == records(read_files(HERE / "sample.ftm.json"))


def test_every_line_gives_a_record_or_a_reject() -> None:
    lines = [n for n, line in enumerate((HERE / "faults.ftm.json").read_bytes().splitlines(), start=1) if line]
    assert sorted({r.line for r in read_files(HERE / "faults.ftm.json") if not isinstance(r, Deletion)}) == lines


def test_an_owner_added_later_leaves_other_links_alone(tmp_path: Path) -> None:
    before, after = records(_read(tmp_path, _owned(["b"]))), records(_read(tmp_path, _owned(["a", "b"])))
    assert list(before) == [("o", "b→c")]
    assert after == before | {("o", "a→c"): after["o", "a→c"]}


def test_every_owner_and_asset_are_linked() -> None:
    ends = [(Ref(NAMESPACE, "inv-c2"), Ref(NAMESPACE, "inv-c1")), (Ref(NAMESPACE, "inv-p1"), Ref(NAMESPACE, "inv-c1"))]
    made = [r for r in records(read_files(HERE / "sample.ftm.json")).values() if r.key == "inv-o1"]
    assert sorted(r.ends for r in made if r.ends) == ends


def test_what_several_ends_share_is_of_none_alone(tmp_path: Path) -> None:
    paid = {"payer": ["a", "z"], "beneficiary": ["c"], "amount": ["100"], "currency": ["EUR"]}
    made = _read(tmp_path, {"id": "k", "schema": "Payment", "properties": paid})
    assert [(r.properties.get("amount"), r.not_understood) for r in records(made).values()] == [
        (None, (UnreadValue("amount", "amount", "100 EUR"),))
    ] * 2
    assert "names 2 values of payer; the amount is of them together" in rejects(made)[0].reason
    owned = _owned(["a", "z"])
    owned["properties"] |= {"percentage": ["40"]}
    made = _read(tmp_path, owned)
    assert [r.properties["share"] for r in records(made).values()] == [["0..40"]] * 2
    assert "names 2 values of owner" in rejects(made)[0].reason
    several = {"owner": ["a"], "asset": ["c", "d"], "percentage": ["40"]}
    made = _read(tmp_path, {"id": "o", "schema": "Ownership", "properties": several})
    assert [r.properties["share"] for r in records(made).values()] == [["40"]] * 2, "of each thing"


def test_the_order_of_values_and_keys_means_nothing(tmp_path: Path) -> None:
    one = {"id": "p", "schema": "Person", "properties": {"name": ["B", "A", "B"], "notes": ["2"], "summary": ["1"]}}
    other = {"properties": {"summary": ["1"], "notes": ["2"], "name": ["A", "B"]}, "schema": "Person", "id": "p"}
    assert records(_read(tmp_path, one)) == records(_read(tmp_path, other))


def test_the_date_on_which_an_export_was_made_changes_nothing(tmp_path: Path) -> None:
    entity = {"id": "p", "schema": "Person", "properties": {"name": ["A"]}, "caption": "A", "datasets": ["d"]}
    made = [_read(tmp_path, entity | {"last_seen": day}) for day in ("2026-01-01", "2026-01-02")]
    assert made[0] == made[1]


def test_who_says_it_where_and_when_is_kept_and_not_repeated() -> None:
    person = records(read_files(HERE / "sample.ftm.json"))["inv-p1", ""]
    assert person.provenance == Provenance(
        origin="Invented Gazette",
        stated="2020-02-01",
        url="https://example.org/p1",
        datasets=("also-invented", "invented-list"),
    )
    assert person.referents == ("inv-p1-old",)
    assert person.other == {
        "birthCountry": ["suhh"],
        "country": ["suhh"],
        "first_seen": ["2019-01-05T00:00:00"],
        "hairColor": ["black"],
        "last_change": ["2020-02-02T00:00:00"],
        "modifiedAt": ["2019-01-01"],
        "sourceUrl": ["https://example.org/p1-more"],
        "target": ["true"],
    }


@pytest.mark.parametrize(
    ("given_", "amount", "other", "unread"),
    [
        ({"amount": ["10"], "currency": ["CNY"]}, ["10 CNY"], {}, []),
        ({"amountEur": ["10"]}, ["10 EUR"], {}, []),
        ({"amountUsd": ["10"]}, ["10 USD"], {}, []),
        ({"amount": ["10"]}, None, {}, ["10"]),
        ({"amount": ["10", "10.125"]}, None, {}, ["10", "10.125"]),
        ({"amount": ["5 USD", "7"]}, ["5 USD"], {}, ["7"]),
        ({"currency": ["CNY"]}, None, {"currency": ["CNY"]}, []),
        ({"amount": ["10"], "amountEur": ["9"]}, ["9 EUR"], {"amount": ["10"]}, []),
        ({"amount": ["10"], "currency": ["CNY"], "amountUsd": ["1"]}, ["10 CNY"], {"amountUsd": ["1"]}, []),
        ({"amount": ["1"], "currency": ["CNY", "USD"]}, None, {}, ["1 (CNY or USD)"]),
        ({"amount": ["1", "2"], "currency": ["CNY"]}, ["1 CNY", "2 CNY"], {}, []),
    ],
)
def test_an_amount_is_money_only_with_its_currency(
    tmp_path: Path,
    given_: dict[str, list[str]],
    amount: list[str] | None,
    other: dict[str, list[str]],
    unread: list[str],
) -> None:
    properties = {"payer": ["a"], "beneficiary": ["b"], **given_}
    (record,) = records(_read(tmp_path, {"id": "t", "schema": "Payment", "properties": properties})).values()
    assert (record.properties.get("amount"), record.other) == (amount, other)
    assert [value[:3] for value in record.not_understood] == [("amount", "amount", words) for words in unread]


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        (['{"total": {"value": 3}, "next": "x", "results": [%s]}'], "there are 3 results, and these files list 1"),
        (
            ['{"total": 3, "results": [%s]}', '{"results": [%s], "total": 3}'],
            "there are 3 results, and these files list 2",
        ),
        (['{"next": "https://x.example", "results": [%s]}'], "there is a next page, and these files list 1"),
        (['{"total": 2, "next": "x", "results": [%s]}', '{"total": 2, "next": null, "results": [%s]}'], ""),
        (['{"results": [%s]}'], ""),
    ],
)
def test_a_page_of_an_answer_is_told_to_be_one(tmp_path: Path, pages: list[str], told: str) -> None:
    for n, page in enumerate(pages):
        (tmp_path / f"{n}.ftm.json").write_text(page % f'{{"id": "a{n}", "schema": "Person", "properties": {{}}}}')
    found = rejects(read_files(*sorted(tmp_path.iterdir())))
    assert [(r.reason.partition(":")[0], r.is_remark) for r in found] == ([(told, True)] if told else [])


@pytest.mark.parametrize("wrapped", ["[{}]", '{{"results": [{}]}}', '{{"entities": [{}]}}'])
def test_what_is_wrong_in_a_list_in_one_line_is_told_by_the_number_of_the_element(tmp_path: Path, wrapped: str) -> None:
    path = tmp_path / "list.ftm.json"
    rows = ({"id": f"e{n}", "schema": s, "properties": {}} for n, s in enumerate(["Person", "Wombat", "Wombat"]))
    path.write_text(wrapped.format(", ".join(map(json.dumps, rows))), encoding="utf-8")
    assert [r.place for r in rejects(read_files(path))] == [f"{path}:1, element {n}" for n in (2, 3)]


@pytest.mark.parametrize(
    ("schema", "said", "valuation", "unread"),
    [
        ("RealEstate", {"amount": ["1250000"], "currency": ["GBP"]}, None, ["1250000 GBP"]),
        ("Vessel", {"amount": ["10"], "currency": ["GBP"], "amountUsd": ["12"]}, None, ["10 GBP", "12 USD"]),
        ("Company", {"amountEur": [7]}, None, ["7 EUR"]),
        ("License", {"amount": ["10"], "currency": ["GBP", "USD"]}, None, ["10 GBP or USD"]),
        (
            "BankAccount",
            {"balance": ["500.10"], "currency": ["EUR"], "balanceDate": ["2014-06"]},
            ["balance 2014-06 500.10 EUR"],
            [],
        ),
        ("BankAccount", {"balance": ["500"], "balanceDate": ["2014-06"]}, None, ["500"]),
    ],
)
def test_what_an_asset_is_said_to_be_worth_is_a_valuation_or_not_understood(
    tmp_path: Path, schema: str, said: dict[str, list[Any]], valuation: list[str] | None, unread: list[str]
) -> None:
    (record,) = records(_read(tmp_path, {"id": "t", "schema": schema, "properties": said})).values()
    assert record.properties.get("valuation") == valuation
    assert [value.words for value in record.not_understood] == unread
    assert {value.property for value in record.not_understood} <= {"valuation"}
    assert not {"amount", "currency", "balance"} & {*record.other}


def test_an_amount_that_is_no_number_is_set_aside(tmp_path: Path) -> None:
    properties = {"payer": ["a"], "beneficiary": ["b"], "amount": ["plenty"], "currency": ["CNY"], "purpose": ["rent"]}
    made = _read(tmp_path, {"id": "t", "schema": "Payment", "properties": properties})
    assert [r.reason for r in rejects(made)] == [
        "property amount, value 'plenty CNY': expected an amount and an ISO 4217 code, such as 1200.50 USD"
    ]
    assert records(made)["t", "a→b"].properties == {"purpose": ["rent"]}


@pytest.mark.parametrize(
    ("schema", "link"),
    [
        ("Company", "REGISTERED_IN"),
        ("LegalEntity", "LOCATED_IN"),
        ("PublicBody", "AGENCY_OF"),
        ("Person", "LOCATED_IN"),
    ],
)
def test_a_jurisdiction_is_linked_by_what_the_entity_is(tmp_path: Path, schema: str, link: str) -> None:
    made = records(_read(tmp_path, {"id": "x", "schema": schema, "properties": {"jurisdiction": ["vg"]}}))
    record = made["x", "jurisdiction:vg"]
    assert (record.type, record.ends) == (link, (Ref(NAMESPACE, "x"), Ref("jurisdiction", "VG")))


@pytest.mark.parametrize("country", ["suhh", "zz", "eu", "cy-trnc", "x-so"])
def test_a_country_that_is_no_jurisdiction_stays_as_the_source_wrote_it(tmp_path: Path, country: str) -> None:
    made = _read(tmp_path, {"id": "x", "schema": "Company", "properties": {"country": [country, "de"]}})
    assert rejects(made) == []
    assert list(records(made)) == [("x", ""), ("x", "country:de")]
    assert records(made)["x", ""].other == {"country": [country]}


def test_a_country_that_is_no_code_is_read_where_it_means_one(tmp_path: Path) -> None:
    said = {"nationality": ["Polish", "pl", "DEU", "Panama", "Atlantean"], "country": ["Germany"]}
    made = _read(tmp_path, {"id": "x", "schema": "Person", "properties": said})
    assert [r.reason[:43] for r in rejects(made)] == ["property nationality, value 'Atlantean': exp"[:43]]
    person = records(made)["x", ""]
    assert (person.other, person.not_understood) == ({}, (UnreadValue("nationality", "CITIZEN_OF", "Atlantean"),))
    assert {r.ends[1].key: r.part for r in records(made).values() if r.ends and r.type == "CITIZEN_OF"} == {
        "DE": "nationality:DEU",
        "PA": "nationality:Panama",
        "PL": "nationality:pl",
    }


@pytest.mark.parametrize(
    ("schema", "said", "amount"),
    [
        ("Payment", {"amount": ["5.689852347E7"], "currency": ["USD"]}, "5.689852347E7 USD"),
        ("Payment", {"amount": ["€ 1.234,50"]}, "€ 1.234,50"),
        ("Payment", {"amount": ["10.125"], "currency": ["€"]}, "10.1250 €"),
        ("Payment", {"amountUsd": ["US$ 5"]}, "US$ 5 USD"),
    ],
)
def test_an_amount_is_read_with_its_currency(
    tmp_path: Path, schema: str, said: dict[str, list[str]], amount: str
) -> None:
    ends = {"payer": ["a"], "beneficiary": ["b"]}
    made = _read(tmp_path, {"id": "x", "schema": schema, "properties": ends | said})
    assert rejects(made) == []
    assert records(made)["x", "a→b"].properties["amount"] == [amount]


@pytest.mark.parametrize(
    ("said", "links", "kept"),
    [
        (["us-de"], [("country:us-de", "US")], ["us-de"]),
        (["us-ny", "us-de"], [("country:us-de", "US")], ["us-de", "us-ny"]),
        (["us-de", "us"], [("country:us", "US")], ["us-de"]),
        (["gb_sct", "fr"], [("country:fr", "FR"), ("country:gb_sct", "GB")], ["gb_sct"]),
    ],
)
def test_a_part_of_a_state_is_linked_to_the_state_and_kept(
    tmp_path: Path, said: list[str], links: list[tuple[str, str]], kept: list[str]
) -> None:
    made = records(_read(tmp_path, {"id": "x", "schema": "Person", "properties": {"country": said}}))
    found = [(part, record.ends[1].key) for (_, part), record in sorted(made.items()) if part and record.ends]
    assert (found, made["x", ""].other) == (links, {"country": kept})


def test_a_relative_is_what_the_relationship_says_of_the_person(tmp_path: Path) -> None:
    kin = {
        "id": "f",
        "schema": "Family",
        "properties": {"person": ["bo"], "relative": ["ann"], "relationship": ["mother"]},
    }
    (found,) = (one for one in _read(tmp_path, kin) if isinstance(one, Record))
    assert (found.ends, found.properties["relation"]) == ((Ref(NAMESPACE, "ann"), Ref(NAMESPACE, "bo")), ["mother"])


def test_a_link_from_a_value_to_the_entity_is_turned_round() -> None:
    made = records(read_files(HERE / "sample.ftm.json"))
    assert made["inv-id1", "holder:inv-p1"].type == "HAS_DOCUMENT"
    assert made["inv-id1", "holder:inv-p1"].ends == (Ref(NAMESPACE, "inv-p1"), Ref(NAMESPACE, "inv-id1"))
    assert made["inv-w1", "holder:inv-p1"].type == "OWNS"


def test_values_that_are_set_aside_name_line_property_value_and_what_was_expected() -> None:
    first = rejects(read_files(HERE / "sample.ftm.json"))[0]
    assert (first.line, first.whole) == (3, False)
    assert (
        first.reason
        == "property leiCode, value 'not a lei': expected 20 letters and digits, such as 5493000EXAMPLE000X12"
    )
    assert first.row.startswith('{"id":"inv-c1"')


def test_bytes_that_are_not_utf_8_are_shown() -> None:
    assert r"caf\xe9" in rejects(read_files(HERE / "faults.ftm.json"))[-1].row


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    from kg.ontology import load_ontology
    from kg.sources import ReadContext, choose_connector

    missing = tmp_path / "a.ijson"
    readings = choose_connector(missing).read([missing], ReadContext(load_ontology(), NAMESPACE))
    missing.write_text('{"id": "p", "schema": "Person", "properties": {}}\n', encoding="utf-8")
    assert [r.key for r in readings if isinstance(r, Record)] == ["p"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_NAMES = st.sampled_from(
    ["name", "birthDate", "owner", "asset", "country", "amount", "currency", "holder", "modifiedAt"]
)
_ENTITY = st.fixed_dictionaries(
    {"id": st.just("x") | _JSON, "schema": st.sampled_from(["Person", "Ownership", "Payment", "Vessel", "Thing"])},
    optional={
        "properties": st.dictionaries(_NAMES, st.lists(st.text(max_size=6), max_size=3) | _JSON) | _JSON,
        "datasets": _JSON,
        "referents": _JSON,
        "last_change": _JSON,
        "target": _JSON,
        "odd": _JSON,
    },
)


@given(st.lists(_ENTITY.map(lambda e: json.dumps(e).encode()) | st.binary(), min_size=1, max_size=5))
def test_any_line_becomes_records_or_rejects(lines: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.ijson"
        file.write_bytes(b"{}\n" + b"\n".join(lines))
        for reading in read_files(file):
            assert as_json_lines([reading])
            if isinstance(reading, Record):
                assert all(
                    isinstance(v, str)
                    for values in [*reading.properties.values(), *reading.other.values()]
                    for v in values
                )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "delta.json",
            '{"versions": {"20240527": "https://example.org/d"}, "updated_at": "x"}',
            "index of delta files",
        ),
        ("delta.json", '{\n  "versions": {\n    "20240527": "https://example.org/d"\n  }\n}\n', "index of delta files"),
        ("index.json", '{"name": "inv", "resources": [{"name": "entities.ftm.json"}]}', "index of a data set"),
        ("index.json", '{\n "datasets": [\n {"name": "inv"}\n ]\n}', "index of a data set"),
    ],
)
def test_an_index_is_refused_with_what_to_load(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=rf"{name}:1, key \w+: is the {said}.*, no data; load "):
        read_files(tmp_path / name)


def test_an_end_whose_key_cannot_be_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.ftm.json"
    path.write_text('{"id": "o", "schema": "Ownership", "properties": {"owner": ["a\\tb"], "asset": ["c"]}}\n')
    [reject] = rejects(read_files(path))
    assert reject.reason.startswith("schema Ownership links two ends; property owner, value 'a\\tb': ")


def test_a_payment_that_names_one_end_has_a_counterparty_of_its_own(tmp_path: Path) -> None:
    fee = {
        "schema": "Payment",
        "properties": {"payer": ["p"], "payerAccount": ["a"], "amount": ["3"], "purpose": ["fee"]},
    }
    made = records(_read(tmp_path, {"id": "f1", **fee}, {"id": "f2", **fee}))
    assert {key: (record.type, record.properties.get("stated_as")) for key, record in made.items()} == {
        ("f1", ""): ("Counterparty", ["fee"]),
        ("f1", "p→f1"): ("PAID", None),
        ("f1", "payer_account:p→a"): ("ASSOCIATED_WITH", None),
        ("f2", ""): ("Counterparty", ["fee"]),
        ("f2", "p→f2"): ("PAID", None),
        ("f2", "payer_account:p→a"): ("ASSOCIATED_WITH", None),
    }
    nothing_paid = {"id": "f3", "schema": "Payment", "properties": {"payer": ["p"], "purpose": ["fee"]}}
    assert len(rejects(_read(tmp_path, nothing_paid))) == 1

"""Do beneficial ownership statements become the records that they claim?"""

from __future__ import annotations

import gzip
import json
from contextlib import closing
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from kg.database import connect
from kg.errors import InputError
from kg.ledger.ledger import Ledger
from kg.ledger.loads import LoadRequest, LoadResult
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.operations.ledger.load import FileLoadRequest, load
from kg.operations.workspace import Workspace
from kg.records import ReadResult, Record, Ref, Reject
from kg.sources.bods.relationships import LINK_TYPES
from tests import golden
from tests.sources.read_results import NAMESPACE, as_json_lines, read_files, records, rejects

HERE = Path(__file__).parent
SAMPLE = HERE / "sample.bods.json"
ACME = Ref(NAMESPACE, "acme")
ANN = Ref(NAMESPACE, "ann")


def _statement(record: str, kind: str, details: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = {"statementDate": "2024-01-01", "publicationDetails": {"bodsVersion": "0.4"}}
    return {"recordId": record, "recordType": kind, "recordStatus": "new", "recordDetails": details, **said, **more}


def _entity(record: str, sort: str, subtype: str = "") -> dict[str, Any]:
    said = {"type": sort, "subtype": subtype} if subtype else {"type": sort}
    return _statement(record, "entity", {"entityType": said, "name": record})


def _interest(sort: str = "shareholding", **more: Any) -> dict[str, Any]:
    return {"type": sort, "directOrIndirect": "direct", **more}


def _holding(*interests: dict[str, Any], party: object = "ann", key: str = "r", **more: Any) -> dict[str, Any]:
    details = {"subject": "acme", "interestedParty": party, "interests": list(interests)}
    return _statement(key, "relationship", details | more.pop("details", {}), **more)


def _read(tmp_path: Path, *statements: object) -> list[ReadResult]:
    file = tmp_path / "a.bods.jsonl"
    file.write_text("".join(json.dumps(s) + "\n" for s in statements), encoding="utf-8")
    return read_files(file)


def _links(readings: list[ReadResult]) -> list[Record]:
    return [r for r in records(readings).values() if r.ends and r.key == "r"]


@pytest.mark.parametrize("name", ["sample.bods.json", "faults.bods.jsonl"])
def test_a_sample_gives_the_records_and_rejects_it_gave_before(name: str) -> None:
    golden.check(
        HERE / f"{name.removesuffix('.bods.json').removesuffix('.bods.jsonl')}.expected.jsonl",
        as_json_lines(read_files(HERE / name)),
    )


def test_an_array_lines_and_a_compressed_file_say_the_same(tmp_path: Path) -> None:
    statements = json.loads(SAMPLE.read_bytes())
    packed = tmp_path / "a.bods.json.gz"
    packed.write_bytes(gzip.compress(json.dumps(statements).encode()))
    assert records(read_files(SAMPLE)).keys() == records(_read(tmp_path, *statements)).keys()
    bodies = [{k: r.body() for k, r in records(made).items()} for made in (read_files(SAMPLE), read_files(packed))]
    assert bodies[0] == bodies[1]


def test_the_newest_statement_counts_wherever_it_stands(tmp_path: Path) -> None:
    dated = [
        _statement("ann", "person", {"names": [{"fullName": date}]}, statementDate=date)
        for date in ("2023-12-31", "2024-01-01", "2024-01-01T09:00:00+02:00", "2024-01-01T08:00:00Z")
    ]
    for order in permutations(dated):
        assert records(_read(tmp_path, *order))["ann", ""].properties["name"] == ["2024-01-01T08:00:00Z"]


def test_interests_that_the_newest_statement_on_a_record_leaves_out_are_told(tmp_path: Path) -> None:
    both, day = (_interest(), _interest("votingRights")), {"recordStatus": "updated", "statementDate": "2024-05-01"}
    for newest, count in (((both[:1]), 1), (both, 0), ((*both, _interest("boardMember")), 0)):
        for order in permutations([_holding(*both), _holding(*newest, **day)]):
            made = _read(tmp_path, *order)
            assert len(_links(made)) == len(newest)
            assert [r.reason[:55] for r in rejects(made) if "leaves out" in r.reason] == count * [
                "1 older statement states interests that the newest on t"
            ]


def test_of_two_statements_of_one_day_the_closing_one_counts(tmp_path: Path) -> None:
    for order in permutations([_holding(_interest()), _holding(_interest(), recordStatus="closed")]):
        (link,) = _links(_read(tmp_path, *order))
        assert link.properties["status"] == ["record closed"]


@pytest.mark.parametrize(
    ("ids", "counts", "told"),
    [
        (("s", "s"), "60", "contradicts line 1, which has the same id and day; the first counts"),
        (("s", "t"), "20", "contradicts line 2, another statement of the same day on record 'r'"),
        (("t", "s"), "60", "contradicts line 1, another statement of the same day on record 'r'"),
    ],
)
def test_of_statements_of_one_day_that_contradict_each_other_one_is_rejected(
    tmp_path: Path, ids: tuple[str, str], counts: str, told: str
) -> None:
    said = [_holding(_interest(share={"exact": n}), statementId=i) for n, i in zip((60, 20), ids, strict=True)]
    made = _read(tmp_path, *said)
    assert [link.properties["share"] for link in _links(made)] == [[counts]]
    (reject,) = [found for found in made if isinstance(found, Reject)]
    assert reject.whole
    assert reject.reason.startswith(told)
    assert not rejects(_read(tmp_path, said[0], said[0])), "a copy contradicts nothing"


def test_a_statement_in_another_file_of_the_load_counts_too(tmp_path: Path) -> None:
    older = _entity("acme", "legalEntity") | {"statementDate": "2020"}
    for name, statement in (("a", _entity("acme", "arrangement", "trust")), ("b", older)):
        (tmp_path / f"{name}.bods.json").write_text(json.dumps([statement]), encoding="utf-8")
    made = records(read_files(tmp_path / "b.bods.json", tmp_path / "a.bods.json"))
    assert [r.type for r in made.values()] == ["Arrangement"]


@pytest.mark.parametrize(
    ("identifier", "kept"),
    [
        ({"schemeName": "LEI", "id": "5493001KJTIIGC8Y1R12"}, {"lei": ["5493001KJTIIGC8Y1R12"]}),
        (
            {"schemeName": "GLEIF Legal Entity Identifiers", "id": "5493001KJTIIGC8Y1R12"},
            {"lei": ["5493001KJTIIGC8Y1R12"]},
        ),
        ({"schemeName": "GB-COH", "id": "1234567"}, {"registration_number": ["01234567"]}),
        ({"scheme": "GB-COH", "id": "1234567"}, {"registration_number": ["01234567"]}),
        ({"scheme": "CZ-ICO", "id": "123456"}, {"registration_number": ["00123456"]}),
        ({"schemeName": "Leisure register", "id": "77"}, {"id_number": ["77"]}),
    ],
)
def test_an_identifier_is_what_its_scheme_or_the_name_of_it_says(
    tmp_path: Path, identifier: dict[str, str], kept: dict[str, list[str]]
) -> None:
    details = {"entityType": {"type": "registeredEntity"}, "name": "Acme", "identifiers": [identifier]}
    [found] = _read(tmp_path, _statement("acme", "entity", details))
    assert isinstance(found, Record)
    assert found.properties == {"name": ["Acme"], **kept}
    assert found.other["identifiers"] == [" ".join(identifier.values())]


def test_closing_a_record_ends_what_it_said_unless_it_says_when(tmp_path: Path) -> None:
    closed = _holding(_interest(), _interest("boardMember", endDate="2022-02"), recordStatus="closed")
    made = {link.type: link.properties["end_date"] for link in _links(_read(tmp_path, closed))}
    assert made == {"OWNS": ["2024-01-01"], "DIRECTS": ["2022-02"]}


@pytest.mark.parametrize(
    ("share", "kept"),
    [
        ({"exact": 33.33}, ["33.33"]),
        ({"exact": 40, "minimum": 25, "maximum": 50}, ["40"]),
        ({"exact": 60, "minimum": 25, "maximum": 50}, ["60", "25..50"]),
        ({"exact": 10, "exclusiveMinimum": 25}, ["10", "25..100"]),
        ({"exact": 0}, ["0"]),
        ({"minimum": 25, "maximum": 50}, ["25..50"]),
        ({"exclusiveMinimum": 25, "exclusiveMaximum": 50}, ["25..50"]),
        ({"minimum": 0, "maximum": 10}, ["0..10"]),
        ({"exclusiveMinimum": 75}, ["75..100"]),
        ({"maximum": 10}, ["0..10"]),
        ({}, None),
        ({"minimum": 80, "maximum": 20}, None),
        ({"exact": 120}, None),
    ],
)
def test_a_share_is_exact_or_a_band(tmp_path: Path, share: dict[str, float], kept: list[str] | None) -> None:
    (link,) = _links(_read(tmp_path, _holding(_interest(share=share))))
    assert link.properties.get("share") == kept


@pytest.mark.parametrize("sort", sorted(LINK_TYPES))
@pytest.mark.parametrize(
    ("entity", "subject"),
    [
        (_entity("acme", "registeredEntity"), "Enterprise"),
        (_entity("acme", "arrangement", "trust"), "Arrangement"),
        (_entity("acme", "stateBody"), "Agency"),
    ],
)
def test_every_interest_is_a_link_that_may_lead_to_its_subject(
    tmp_path: Path, sort: str, entity: dict[str, Any], subject: str
) -> None:
    made = _read(tmp_path, entity, _holding(_interest(sort)))
    (link,) = _links(made)
    ontology = load_ontology()
    assert records(made)["acme", ""].type == subject
    assert any(ontology.is_a(subject, end) for end in ontology.links[link.type].to)
    assert [sort] in link.properties.values()
    assert rejects(made) == []


@pytest.mark.parametrize(
    ("entity", "sort", "link"),
    [
        ("registeredEntity", "shareholding", "OWNS"),
        ("arrangement", "shareholding", "BENEFITS_FROM"),
        ("arrangement", "trustee", "TRUSTEE_OF"),
        ("arrangement", "settlor", "SETTLED"),
        ("arrangement", "protector", "PROTECTS"),
        ("arrangement", "beneficiaryOfLegalArrangement", "BENEFITS_FROM"),
        ("arrangement", "nominee", "TRUSTEE_OF"),
        ("registeredEntity", "settlor", "CONTROLS"),
        ("registeredEntity", "votingRights", "CONTROLS"),
        ("registeredEntity", "seniorManagingOfficial", "MANAGES"),
        ("registeredEntity", "boardMember", "DIRECTS"),
    ],
)
def test_what_an_interest_is_depends_on_what_it_is_in(tmp_path: Path, entity: str, sort: str, link: str) -> None:
    made = _links(_read(tmp_path, _holding(_interest(sort)), _entity("acme", entity)))
    assert [r.type for r in made] == [link]


def test_a_trust_is_an_arrangement_though_it_is_registered(tmp_path: Path) -> None:
    made = records(_read(tmp_path, _entity("acme", "legalEntity", "trust")))
    assert (made["acme", ""].type, made["acme", ""].properties["kind"]) == ("Arrangement", ["trust"])


@pytest.mark.parametrize(
    ("beneficial", "link"), [(True, "CONTROLS"), (False, "ASSOCIATED_WITH"), (None, "ASSOCIATED_WITH")]
)
@pytest.mark.parametrize("sort", [None, "unknownInterest", "unpublishedInterest"])
def test_an_interest_of_unknown_kind_is_control_only_where_it_is_said_to_be(
    tmp_path: Path, sort: str | None, beneficial: bool | None, link: str
) -> None:
    said = {"type": sort, "beneficialOwnershipOrControl": beneficial, "directOrIndirect": "unknown"}
    made = _links(_read(tmp_path, _holding({k: v for k, v in said.items() if v is not None})))
    assert [r.type for r in made] == [link]


@pytest.mark.parametrize(
    ("party", "beneficial", "interest"),
    [
        ("person", True, ["beneficial"]),
        ("person", False, ["legal"]),
        ("person", None, None),
        ("entity", True, ["beneficial"]),
        ("entity", False, None),
    ],
)
def test_only_a_person_whose_holding_is_not_beneficial_has_a_mere_title(
    tmp_path: Path, party: str, beneficial: bool | None, interest: list[str] | None
) -> None:
    said: dict[str, Any] = {"directOrIndirect": "unknown"}
    said |= {} if beneficial is None else {"beneficialOwnershipOrControl": beneficial}
    (link,) = _links(_read(tmp_path, _holding(_interest(**said)), _statement("ann", party, {})))
    assert link.properties.get("interest") == interest
    kept = ["false"] if beneficial is False and interest is None else None
    assert link.other.get("beneficialOwnershipOrControl") == kept


@pytest.mark.parametrize(("how", "interest"), [("direct", None), ("indirect", ["beneficial"])])
def test_a_direct_beneficial_shareholding_is_legal_title_too(
    tmp_path: Path, how: str, interest: list[str] | None
) -> None:
    said = {"type": "shareholding", "beneficialOwnershipOrControl": True, "directOrIndirect": how}
    (link,) = _links(_read(tmp_path, _holding(said), _statement("ann", "person", {})))
    assert (link.type, link.properties.get("interest")) == ("OWNS", interest)
    assert link.other.get("beneficialOwnershipOrControl") == (["true"] if how == "direct" else None)


def test_an_indirect_holding_is_not_ownership_where_its_steps_are_said(tmp_path: Path) -> None:
    whole = _holding(_interest(directOrIndirect="indirect", share={"exact": 60}), details={"componentRecords": ["s"]})
    step = _holding(_interest(), key="s")
    (link,) = _links(_read(tmp_path, whole, step))
    assert (link.type, link.part, link.properties) == (
        "HOLDS_INDIRECTLY",
        "shareholding, indirect",
        {"how": ["shareholding"], "share": ["60"], "directness": ["indirect"]},
    )
    (link,) = _links(_read(tmp_path, whole))
    assert (link.type, link.properties["directness"]) == ("OWNS", ["indirect"])


def test_holding_indirectly_is_nothing_that_analyses_add_up() -> None:
    ontology = load_ontology()
    assert ontology.links["HOLDS_INDIRECTLY"].traits == ("indirect",)


def test_the_order_of_interests_means_nothing(tmp_path: Path) -> None:
    listed = [_interest(share={"exact": 1}), _interest(share={"exact": 2}), _interest("votingRights")]
    made = [_links(_read(tmp_path, _holding(*order))) for order in permutations(listed)]
    assert all(one == made[0] for one in made)
    assert sorted(link.part for link in made[0]) == ["shareholding", "shareholding #2", "votingRights"]


def test_an_unknown_owner_is_a_party_without_a_name(tmp_path: Path) -> None:
    nobody = {"reason": "subjectUnableToConfirmOrIdentifyBeneficialOwner", "description": "no answer"}
    made = records(_read(tmp_path, _holding(_interest(), party=nobody)))
    assert {key: r.type for key, r in made.items()} == {("r", ""): "Party", ("r", "shareholding"): "OWNS"}
    assert made["r", ""].properties == {
        "summary": ["subjectUnableToConfirmOrIdentifyBeneficialOwner: no answer"],
    }
    assert made["r", "shareholding"].ends == (Ref(NAMESPACE, "r"), ACME)


@pytest.mark.parametrize(
    ("reason", "interests"), [("noBeneficialOwners", [_interest()]), ("informationUnknownToPublisher", [])]
)
def test_nobody_at_all_is_a_claim_on_the_subject(tmp_path: Path, reason: str, interests: list[dict[str, Any]]) -> None:
    made = records(_read(tmp_path, _entity("acme", "legalEntity"), _holding(*interests, party={"reason": reason})))
    assert list(made) == [("acme", ""), ("r", "")]
    assert (made["r", ""].type, made["r", ""].referents) == ("Party", ("acme",))
    assert made["r", ""].properties == {"summary": [f"Interested party not named: {reason}"]}


@pytest.mark.parametrize("version", ["0.5", "1.0"])
def test_a_later_version_is_refused_by_name(tmp_path: Path, version: str) -> None:
    statement = _entity("acme", "legalEntity") | {"publicationDetails": {"bodsVersion": version}}
    problem = rf":2, key publicationDetails.bodsVersion: is BODS {version}; expected one of 0.1, 0.2, 0.3, 0.4"
    with pytest.raises(InputError, match=problem):
        _read(tmp_path, _entity("ok", "legalEntity"), statement)


def test_statements_in_a_list_of_that_name_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.bods.json"
    file.write_text(json.dumps({"statements": [_entity("acme", "legalEntity")]}), encoding="utf-8")
    assert list(records(read_files(file))) == [("acme", "")]


def test_an_array_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.bods.json"
    file.write_bytes(SAMPLE.read_bytes()[:5000])
    with pytest.raises(InputError, match="is cut short"):
        read_files(file)


def test_an_older_statement_of_a_delta_leaves_the_newer_one_in_force(tmp_path: Path) -> None:
    workspace, file = Workspace(path=tmp_path / "g.sqlite"), tmp_path / "a.bods.jsonl"

    def load_holding(day: str, share: int, *, delta: bool = True, **more: Any) -> LoadResult:
        said = (_entity("acme", "legalEntity"), _holding(_interest(share={"exact": share}), statementDate=day, **more))
        file.write_text("".join(json.dumps(s) + "\n" for s in said), encoding="utf-8")
        return load(workspace, FileLoadRequest((file,), source="reg", delta=delta))

    load_holding("2020-01-01", 60, delta=False)
    load_holding("2022-01-01", 60, recordStatus="closed")
    older = load_holding("2021-01-01", 80)
    assert (older.rejected, older.total_changed) == (1, 0)
    told = (tmp_path / "g.sqlite.rejects" / "reg.rejects.jsonl").read_text(encoding="utf-8")
    assert "is of 2021-01-01, and what is in force on 'r' was stated on 2022-01-01" in told
    assert load_holding("2022-01-01", 80).rejected == 0, "of one day, the later delta counts"


def test_loaded_and_withdrawn_it_leaves_nothing(tmp_path: Path) -> None:
    ontology, store = load_ontology(), tmp_path / "g.sqlite"
    with closing(connect(store, create=True)) as connection:
        ledger = Ledger(connection, ontology)
        request = LoadRequest("bods", NAMESPACE, "Invented", True, (SAMPLE.name,), "2024-03-01")
        result = ledger.load(request, read_files(SAMPLE))
        assert (result.rejected, result.set_aside, result.remarks, result.repeated) == (0, 2, 1, 0)
        assert ledger.load(request, read_files(SAMPLE)).total_changed == 0
        assert verify(store, ontology).differing == ()
        ledger.withdraw("bods", "2024-03-02")
        assert connection.execute("SELECT (SELECT count(*) FROM node), (SELECT count(*) FROM link)").fetchone() == (
            0,
            0,
        )

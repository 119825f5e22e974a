"""Do statements of BODS 0.1 to 0.3 become the records that they claim?"""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from kg.records import Deletion, ReadResult, Record, Ref, Reject
from kg.sources.bods.earlier_versions import current_code
from kg.sources.bods.relationships import LINK_TYPES
from tests import golden
from tests.sources.read_results import NAMESPACE, as_json_lines, read_files, records, rejects

HERE = Path(__file__).parent
OLD_INTERESTS = {
    "shareholding": "OWNS",
    "voting-rights": "CONTROLS",
    "appointment-of-board": "CONTROLS",
    "influence-or-control": "CONTROLS",
    "other-influence-or-control": "CONTROLS",
    "senior-managing-official": "MANAGES",
    "rights-to-surplus-assets": "BENEFITS_FROM",
    "rights-to-surplus-assets-on-dissolution": "BENEFITS_FROM",
    "rights-to-profit-or-income": "BENEFITS_FROM",
    "rights-granted-by-contract": "BENEFITS_FROM",
    "conditional-rights-granted-by-contract": "BENEFITS_FROM",
    "settlor-of-trust": "CONTROLS",
    "trustee-of-trust": "CONTROLS",
    "protector-of-trust": "CONTROLS",
    "beneficiary-of-trust": "BENEFITS_FROM",
    "other-influence-or-control-of-trust": "CONTROLS",
}


def _party(key: str, *replaces: str, kind: str = "entityStatement", **more: Any) -> dict[str, Any]:
    said = {"statementID": key, "statementType": kind, "statementDate": "2019-01-01", "name": key}
    return {**said, "entityType": "registeredEntity", "replacesStatements": list(replaces), **more}


def _holding(key: str = "r", *replaces: str, **more: Any) -> dict[str, Any]:
    said = {"statementID": key, "statementType": "ownershipOrControlStatement", "statementDate": "2019-01-01"}
    ends = {
        "subject": {"describedByEntityStatement": "acme"},
        "interestedParty": {"describedByPersonStatement": "ann"},
    }
    interests = [{"type": "shareholding", "interestLevel": "direct"}]
    return {**said, **ends, "interests": interests, "replacesStatements": list(replaces), **more}


def _read(tmp_path: Path, *statements: object) -> list[ReadResult]:
    file = tmp_path / "a.bods.jsonl"
    file.write_text("".join(json.dumps(s) + "\n" for s in statements), encoding="utf-8")
    return read_files(file)


def _link(made: list[ReadResult]) -> Record:
    (link,) = [r for r in made if isinstance(r, Record) and r.ends]
    return link


def test_a_sample_gives_the_records_it_gave_before() -> None:
    made = read_files(HERE / "sample-0.2.bods.json")
    assert [r.reason.partition(" replaced")[0] for r in rejects(made)] == ["2 statements are"]
    golden.check(HERE / "sample-0.2.expected.jsonl", as_json_lines(made))


@pytest.mark.parametrize(("word", "link"), OLD_INTERESTS.items())
def test_an_interest_is_what_it_is_in_0_4_and_keeps_its_word(tmp_path: Path, word: str, link: str) -> None:
    made = _read(tmp_path, _party("acme"), _holding(interests=[{"type": word, "interestLevel": "direct"}]))
    assert current_code(word) in LINK_TYPES
    assert (_link(made).type, rejects(made)) == (link, [])
    assert [word] in _link(made).properties.values()


def test_a_replaced_statement_says_nothing_and_its_id_still_means_the_party(tmp_path: Path) -> None:
    said = [_party("a1", name="Old"), _party("a2", "a1", name="Newer"), _party("a3", "a2", name="Newest")]
    for order in permutations(said):
        made = records(_read(tmp_path, *order))
        assert [(r.key, r.properties["name"], r.referents) for r in made.values()] == [("a3", ["Newest"], ("a1", "a2"))]


def test_a_delta_takes_back_the_holdings_that_it_replaces_and_no_party(tmp_path: Path) -> None:
    file = tmp_path / "a.bods.jsonl"
    said = (_party("acme2", "acme"), _holding("r3", "r2"), _holding("r2", "r1"))
    file.write_text("".join(json.dumps(s) + "\n" for s in said), encoding="utf-8")
    made = read_files(file, delta=True)
    assert [r for r in made if isinstance(r, Deletion)] == [Deletion("r1"), Deletion("r2")]
    order, gone = rejects(made)[-2:]
    assert "load deltas oldest first" in order.reason and "nothing stays" in gone.reason
    assert not any(isinstance(r, Deletion) for r in read_files(file))


def test_a_replaced_holding_is_gone(tmp_path: Path) -> None:
    sold = _holding("r2", "r1", interests=[{"type": "shareholding", "endDate": "2018"}])
    link = _link(_read(tmp_path, sold, _holding("r1")))
    assert (link.key, link.properties["end_date"], link.other["replacesStatements"]) == ("r2", ["2018"], ['["r1"]'])


def test_what_the_newer_statement_no_longer_states_ended_on_its_day(tmp_path: Path) -> None:
    before = [{"type": "shareholding"}, {"type": "voting-rights"}, {"type": "board-member", "endDate": "2010"}]
    newer = _holding("r2", "r1", statementDate="2020-05-01", interests=[{"type": "shareholding"}])

    def ended(*said: dict[str, Any]) -> list[tuple[str, Any]]:
        links = [r for r in records(_read(tmp_path, *said)).values() if r.ends and r.key == "r1"]
        assert all(link.properties["status"] == ["statement replaced"] for link in links)
        return sorted((r.type, r.properties.get("end_date")) for r in links)

    assert ended(_holding("r1", interests=before), newer) == [("CONTROLS", ["2020-05-01"]), ("DIRECTS", ["2010"])]
    of_bo = {**newer, "interestedParty": {"describedByPersonStatement": "bo"}}
    assert [kind for kind, _ in ended(of_bo, _holding("r1", interests=before))] == ["CONTROLS", "DIRECTS", "OWNS"]
    of_other = {**newer, "subject": {"describedByEntityStatement": "other"}}
    assert [kind for kind, _ in ended(of_other, _holding("r1", interests=before))] == ["CONTROLS", "DIRECTS", "OWNS"]
    nobody = {"interestedParty": {"unspecified": {"reason": "unknown"}}}
    assert ended({**newer, **nobody}, _holding("r1", interests=before[:1], **nobody)) == []
    assert ended(_holding("r1", interests=before), {**newer, "statementDate": ""}) == []
    assert ended(_holding("r1", "r2", interests=before), newer) == []  # each replaces the other


def test_a_statement_whose_id_an_earlier_one_has_with_other_content_is_rejected(tmp_path: Path) -> None:
    shares = [_holding(interests=[{"type": "shareholding", "share": {"exact": n}}]) for n in (35, 63)]
    made = _read(tmp_path, *shares)
    assert _link(made).properties["share"] == ["35"]
    (reject,) = [found for found in made if isinstance(found, Reject)]
    assert (reject.whole, reject.line) == (True, 2)
    assert reject.reason == "contradicts line 1, which has the same id and day; the first counts"


def test_the_subject_is_known_by_a_replaced_statement_too(tmp_path: Path) -> None:
    trust = _party("t2", "acme", entityType="arrangement")
    interests = [{"type": "trustee-of-trust"}]
    link = _link(_read(tmp_path, trust, _party("acme"), _holding(interests=interests)))
    assert (link.type, link.ends) == ("TRUSTEE_OF", (Ref(NAMESPACE, "ann"), Ref(NAMESPACE, "acme")))


def test_of_statements_that_replace_each_other_one_stays(tmp_path: Path) -> None:
    for order in permutations([_party("a", "c"), _party("b", "a"), _party("c", "b")]):
        assert [(r.key, r.referents) for r in records(_read(tmp_path, *order)).values()] == [("c", ("a", "b"))]


def test_a_statement_that_replaces_itself_stays(tmp_path: Path) -> None:
    assert [r.key for r in records(_read(tmp_path, _party("a", "a"))).values()] == ["a"]


def test_what_two_statements_replace_means_the_newer_one(tmp_path: Path) -> None:
    said = [_party("a"), _party("b", "a"), _party("c", "a", statementDate="2020-01-01")]
    made = records(_read(tmp_path, *said))
    assert {r.key: r.referents for r in made.values()} == {"b": (), "c": ("a",)}


@pytest.mark.parametrize(
    ("share", "kept"),
    [
        ({"minimum": 25, "maximum": 50, "exclusiveMinimum": True, "exclusiveMaximum": False}, ["25..50"]),
        ({"minimum": 75, "exclusiveMinimum": False}, ["75..100"]),
        ({"exclusiveMinimum": 1, "maximum": 5}, ["1..5"]),
        ({"exclusiveMaximum": True}, None),
    ],
)
def test_a_bound_may_be_a_number_or_a_mark(tmp_path: Path, share: dict[str, Any], kept: list[str] | None) -> None:
    made = _read(tmp_path, _holding(interests=[{"type": "shareholding", "share": share}]))
    assert (_link(made).properties.get("share"), rejects(made)) == (kept, [])


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ({"statementID": 7, "statementType": "entityStatement"}, "key statementID, value 7: expected text"),
        ({"statementType": "personStatement"}, "key statementID, value None: expected text"),
        (_party("a", kind="person"), "key statementType, value 'person': expected one of entityStatement, person"),
        ({"statementID": "a"}, "key statementType, value None: expected one of entityStatement"),
        (_holding(subject="acme", interestedParty={}), "key interestedParty, value {}: expected the id of a"),
        (_holding(subject={"describedByEntityStatement": 7}), "key subject, value 7: expected the id of a"),
    ],
)
def test_a_statement_without_what_it_needs_is_rejected_in_the_words_of_its_version(
    tmp_path: Path, statement: dict[str, Any], reason: str
) -> None:
    made = _read(tmp_path, _party("ok"), statement)
    assert [r.key for r in records(made).values()] == ["ok"]
    (found,) = rejects(made)
    assert found.reason.startswith(reason)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"addresses": "Apia"}, "expected a list"),
        ({"addresses": [{"country": 7}]}, "expected a JSON object"),
        ({"entityType": 7}, "expected a JSON object"),
        ({"incorporatedInJurisdiction": "GB"}, "expected a JSON object"),
    ],
)
def test_a_value_of_another_kind_is_set_aside_and_the_party_stays(
    tmp_path: Path, said: dict[str, Any], reason: str
) -> None:
    made = _read(tmp_path, _party("acme", **said))
    assert [r.key for r in records(made).values()] == ["acme"]
    assert [(r.reason.rpartition(": ")[2], r.whole) for r in rejects(made)] == [(reason, False)]


def test_versions_may_stand_side_by_side(tmp_path: Path) -> None:
    later = {"recordId": "ann", "recordType": "person", "recordDetails": {"names": [{"fullName": "Ann Example"}]}}
    made = _read(tmp_path, later, _party("acme"), _holding(publicationDetails={"bodsVersion": "0.2"}))
    assert sorted(r.type for r in records(made).values()) == ["Enterprise", "OWNS", "Person"]

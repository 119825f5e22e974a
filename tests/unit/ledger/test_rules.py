"""The rules of the projection need no database, and the sum of a graph no order."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date
from random import Random

import pytest

from kg.analysis.validity import Period, combined_validity, stated_validity
from kg.ledger.rules.graph_digest import GraphSum, digest_and_sum
from kg.ledger.rules.merge import SourceRecord, merge_link, merge_node, merge_single_node
from kg.ledger.rules.possibly_same import MAX_SHARERS, IdentifierHolder, possibly_same
from kg.ontology import load_ontology
from kg.ontology.captions import choose_name
from kg.records import Values

ONTOLOGY = load_ontology()
LINES = [f"line {number}".encode() for number in range(20)]


def test_the_rules_import_no_database() -> None:
    modules = "content_digest, graph_digest, links, merge, names, possibly_same, sought"
    program = f"import sys; from kg.ledger.rules import {modules}; assert 'sqlite3' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_sum_of_a_graph_does_not_depend_on_order_and_the_digest_does() -> None:
    digest, total = digest_and_sum(LINES)
    assert digest_and_sum(LINES[::-1])[0] != digest
    assert digest_and_sum(LINES[::-1])[1] == total
    expected = sum(int.from_bytes(hashlib.sha256(line).digest(), "big") for line in LINES) % 2**256
    assert int(total, 16) == expected


def test_sums_of_parts_add_up_to_the_sum_of_the_whole() -> None:
    whole = GraphSum()
    for part in (LINES[:3], LINES[3:]):
        whole.merge(GraphSum(digest_and_sum(part)[1]))
    assert whole.hexdigest() == digest_and_sum(LINES)[1]


@pytest.mark.parametrize("value", ["000000", "123456789", "1234567890", "999999999", "987654321", "XXXXXX"])
def test_a_placeholder_is_no_identifying_value(value: str) -> None:
    holders = [IdentifierHolder(name, False, frozenset()) for name in "ab"]
    assert list(possibly_same("tax_number", value, holders, set())) == []
    node = merge_single_node(load_ontology(), "Enterprise", "e1", {"registration_number": [value]})
    assert node.identifiers == [(value, "registration_number", False)]


def test_holders_of_a_value_are_linked_to_the_first_unless_some_are_kept_apart() -> None:
    holders = [IdentifierHolder(name, False, frozenset({"register"})) for name in "abc"]
    ends = [(link.tail, link.head) for link in possibly_same("imo", "1234567", holders, set())]
    assert ends == [("a", "b"), ("a", "c")]
    apart = possibly_same("imo", "1234567", holders, {frozenset("ab")})
    assert [(link.tail, link.head) for link in apart] == [("a", "c"), ("b", "c")]
    assert list(possibly_same("imo", "123", holders, set())) == []
    crowd = [holders[0]._replace(id=str(number)) for number in Random(1).sample(range(1000), MAX_SHARERS + 1)]
    assert list(possibly_same("imo", "1234567", crowd, set())) == []


@pytest.mark.parametrize(
    ("stated", "caption"),
    [
        ({"A. Dunmarsh": [("press", ""), ("wire", "")], "Aurel Dunmarsh": [("court", "B")]}, "Aurel Dunmarsh"),
        ({"A. Dunmarsh": [("press", "E")], "Aurel Dunmarsh": [("court", "")]}, "Aurel Dunmarsh"),
        ({"A. Dunmarsh": [("press", ""), ("wire", "")], "Aurel Dunmarsh": [("court", "")]}, "A. Dunmarsh"),
        ({"A. Dunmarsh": [("press", "")], "Aurel Dunmarsh": [("court", "")]}, "Aurel Dunmarsh"),
        ({"Acme Hldg. Ltd.": [("press", "")], "Acme Holding Limited": [("court", "")]}, "Acme Holding Limited"),
        ({"AUREL DUNMARSH": [("list", "")], "Aurel Dunmarsh": [("court", "")]}, "Aurel Dunmarsh"),
    ],
    ids=["graded", "known to be unreliable", "most sources", "initial", "cut short", "capitals"],
)
def test_a_caption_is_of_the_best_graded_source_then_of_most_then_the_most_complete(
    stated: dict[str, list[tuple[str, str]]], caption: str
) -> None:
    found = {name: [(source, {"reliability": grade}) for source, grade in said] for name, said in stated.items()}
    assert choose_name(found, in_full=True) == caption


def test_copies_of_one_origin_are_one_voice_for_a_caption() -> None:
    copies = [(f"mirror {number}", {"origin": "wire 7"}) for number in range(3)]
    stated = {"A. Dunmarsh": copies, "Aurel Dunmarsh": [("court", dict[str, str]())]}
    assert choose_name(stated, in_full=True) == "Aurel Dunmarsh"


@pytest.mark.parametrize(
    ("stated", "caption"),
    [
        ({"given_name": ["Cai"], "middle_name": ["M"], "family_name": ["Dorn"], "weak_alias": ["Shark"]}, "Cai M Dorn"),
        ({"given_name": ["Cai"], "family_name": ["Dorn"], "name": ["C. Dorn"]}, "C. Dorn"),
        ({"given_name": ["Cai"], "alias": ["Cai D."]}, "Cai D."),
        ({"given_name": ["测"], "family_name": ["王"]}, "王测"),
        ({"family_name": ["Dorn"]}, "Dorn"),
    ],
)
def test_a_person_without_a_name_is_called_by_its_parts(stated: dict[str, list[str]], caption: str) -> None:
    assert merge_single_node(ONTOLOGY, "Person", "p", stated).caption == caption
    assert ONTOLOGY.stated_caption("Person", stated) == caption


def test_a_state_keeps_the_shorter_of_two_names_and_words_stand_for_a_code() -> None:
    names = {"name": ["United States", "United States of America"], "code": ["US"]}
    assert merge_single_node(ONTOLOGY, "Jurisdiction", "us", names).caption == "United States"
    assert merge_single_node(ONTOLOGY, "Request", "r", {"kind": ["mutual_assistance"]}).caption == "mutual assistance"
    assert merge_single_node(ONTOLOGY, "Cash", "c", {"amount": ["2000 GBP"]}).caption == "GBP 2,000"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([{"end_date": ["2012", "2030"]}], "maybe"),
        ([{"start_date": ["2010", "2030"]}], "maybe"),
        ([{"start_date": ["2010", "2015"], "end_date": ["2012", "2018"]}], "no"),
        ([{"start_date": ["2010", "2024-05-01"], "end_date": ["2023-12-31"]}], "maybe"),
        ([{"start_date": ["2015"], "end_date": ["2012"]}], "no"),
        ([{"date": ["2020", "2030"]}], "maybe"),
        ([{"end_date": ["2012"]}, {"end_date": ["2030"]}], "maybe"),
        ([{"start_date": ["2010"], "end_date": ["2012"]}, {"start_date": ["2015"]}], "maybe"),
        ([{"start_date": ["2010"], "end_date": ["2012"]}, {"start_date": ["2010"]}], "maybe"),
        ([{"start_date": ["2030"]}, {"end_date": ["2031"]}], "maybe"),
        ([{"end_date": ["2012"]}, {}], "no"),
    ],
)
def test_each_of_several_dates_of_a_link_may_be_right(stated: list[Values], expected: str) -> None:
    records = [SourceRecord(f"source {n}", "ns", "o", "OWNS", {"properties": said}) for n, said in enumerate(stated)]
    first, last = merge_link(ONTOLOGY, records).facts[2:4]
    day = date(2026, 11, 30).toordinal()
    assert combined_validity(stated_validity(said, Period(day, day), is_event=False) for said in stated) == expected
    assert (first > day or 0 < last < day) == (expected == "no")


def test_a_thing_without_a_name_is_called_by_the_key_that_statements_about_it_name() -> None:
    record = SourceRecord("s", "ns", "lei/exception/parent", "Party", {"referents": ["lei"], "said": {}})
    assert merge_node(ONTOLOGY, "id", [record]).caption == "Party lei"
    assert merge_node(ONTOLOGY, "id", [record, record._replace(key="another", source="t")]).caption == "Party lei"

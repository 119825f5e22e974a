"""Are the files of the demo set what they claim to be: invented, sound by the ontology, no larger than they should?"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict

import pytest

from kg.ontology import load_ontology
from kg.ontology.values import date_span, identifier_key
from kg.records import CREDIBILITIES, RELIABILITIES
from tests.demo.demo_claims import DEMO, ROOT, claims, demo_file, links, node_types, sources

SPEAKS_OF_LATER = {"expires_on", "limitation_date"}
"""Dates that may lie after the day on which the list was handed over."""
LAST_DAY = "2014-12-31"


@pytest.mark.parametrize("source", sources(), ids=lambda source: source["name"])
def test_every_source_says_that_it_is_invented(source: dict[str, object]) -> None:
    assert source["invented"] is True
    assert str(source["title"]).endswith("(invented)")
    assert source["namespace"] == "demo"
    first = json.loads(demo_file(str(source["file"])).partition("\n")[0])
    if source["format"] == "ftm":
        assert all("invented" in dataset for dataset in first["datasets"])
    else:
        assert first == {"source": {name: source[name] for name in ("name", "title", "namespace", "invented")}}


def test_every_file_of_records_is_declared_once() -> None:
    assert sorted(source["file"] for source in sources()) == sorted(path.name for path in DEMO.glob("*.jsonl"))


def test_every_claim_has_a_type_that_records_may_use() -> None:
    ontology = load_ontology()
    known = {True: set(ontology.link_names), False: set(ontology.node_names)}
    assert [claim for claim in claims() if claim.type not in known[bool(claim.ends)]] == []


def test_every_property_is_one_of_its_type_and_every_value_can_be_read() -> None:
    ontology = load_ontology()
    for claim in claims():
        known = ontology.properties(claim.type)
        for name, values in claim.properties.items():
            assert values, (claim.key, name)
            assert [known[name].clean(value) for value in values], (claim.key, name)


def test_every_link_joins_things_that_exist_and_that_the_ontology_lets_it_join() -> None:
    ontology, types = load_ontology(), node_types()
    for claim in claims():
        if claim.ends:
            ends = ["Jurisdiction" if space == "jurisdiction" else types[key] for space, key in claim.ends]
            assert ontology.allows(claim.type, ends[0], ends[1]), (claim.key, claim.type, ends)


def test_a_source_says_one_thing_under_one_key() -> None:
    assert [key for key, times in Counter((c.source, c.key, c.part) for c in claims()).items() if times > 1] == []


def test_a_key_means_the_same_in_every_source() -> None:
    meant = defaultdict(set)
    for claim in claims():
        meant[claim.key, claim.part].add((claim.type, claim.ends))
    assert [key for key, meanings in meant.items() if len(meanings) > 1] == []


def test_grades_dates_and_addresses_of_what_is_said_are_sound() -> None:
    for claim in claims():
        assert claim.said.get("reliability", "A") in RELIABILITIES
        assert claim.said.get("credibility", "1") in CREDIBILITIES
        assert claim.said.get("handling", "open") in {"open", "restricted", "protected"}
        assert re.fullmatch(r"https://example\.org/\S+", claim.said.get("url", "https://example.org/page"))
        assert set(claim.said) <= {"reliability", "credibility", "handling", "origin", "stated", "url"}


def test_every_native_record_says_when_it_was_stated() -> None:
    formats = {source["name"]: source["format"] for source in sources()}
    stated = [c.said.get("stated", "") for c in claims() if formats[c.source] == "records"]
    assert all(date_span(day).text <= LAST_DAY for day in stated)


def test_nothing_happens_after_2014() -> None:
    ontology = load_ontology()
    for claim in claims():
        for name, values in claim.properties.items():
            if ontology.properties(claim.type)[name].type == "date" and name not in SPEAKS_OF_LATER:
                assert all(date_span(value).last.isoformat() <= LAST_DAY for value in values), (claim.key, name)


def test_nobody_states_what_had_not_begun() -> None:
    begins = ("issued_on", "ordered_on", "executed_on", "lifted_on", "returned_on", "answered_on", "opened_on", "date")
    for claim in claims():
        days = [value for name in begins for value in claim.properties.get(name, ())]
        if "stated" in claim.said:
            assert all(date_span(day).first.isoformat() <= claim.said["stated"] for day in days), claim


def test_jurisdictions_are_real_and_many() -> None:
    with (ROOT / "graph" / "reference" / "jurisdictions.csv").open(encoding="utf-8", newline="") as file:
        real = {row["alpha2"] for row in csv.DictReader(file)}
    used = {key for claim in claims() for space, key in claim.ends if space == "jurisdiction"}
    assert used <= real
    assert len(used) >= 15


def test_an_identifying_number_is_shared_only_by_the_doubles() -> None:
    ontology = load_ontology()
    holders = defaultdict(set)
    for claim in claims():
        for name, values in claim.properties.items():
            if ontology.properties(claim.type)[name].identifies:
                for value in values:
                    holders[name, identifier_key(value)].add(claim.key)
    shared = Counter(name for (name, _), keys in holders.items() if len(keys) > 1)
    assert shared == {"passport_number": 4, "registration_number": 3}


def test_the_set_is_no_larger_than_a_person_can_look_at() -> None:
    assert sum(path.stat().st_size for path in DEMO.iterdir()) <= 3_000_000
    assert len(node_types()) <= 2_500
    assert len(links()) <= 7_500


def test_the_readme_counts_what_the_files_hold() -> None:
    readme = demo_file("README.md")
    assert f"{len(node_types()):,} nodes: " in readme
    assert f"{len(links()):,} links: " in readme
    for kind, count in (Counter(node_types().values()) + Counter(c.type for c in links().values())).items():
        assert f"{count:,} {kind}" in readme

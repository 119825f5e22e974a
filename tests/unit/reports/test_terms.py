"""Do kinds, links and voices read well?"""

from __future__ import annotations

import pytest

from kg.findings.counts import plural
from kg.ontology import load_ontology
from kg.ontology.words import type_label
from kg.ports import SourceInfo
from kg.records import Claim, Link, Node, Provenance
from kg.reports import phrases
from kg.reports.entries import Detail, Procedure, ProcedureStep
from kg.reports.evidence import evidence_entries
from kg.reports.names import display_name, latin_name, other_names
from kg.reports.terms import date_phrase, link_qualifiers, property_label

SOURCES = {name: SourceInfo(name, name, name, name != "real", 1, "2024-01-01") for name in ("a", "b", "c", "real")}


@pytest.mark.parametrize(
    ("name", "said"), [("RealEstate", "real estate"), ("Cash", "cash"), ("CryptoWallet", "crypto wallet")]
)
def test_a_type_is_said_in_words(name: str, said: str) -> None:
    assert type_label(name) == said


@pytest.mark.parametrize(
    ("name", "said"), [("birth_date", "birth date"), ("issued_on", "issued"), ("imo", "IMO"), ("icij_id", "ICIJ ID")]
)
def test_a_property_is_said_in_words(name: str, said: str) -> None:
    assert property_label(name) == said


def test_a_link_says_amounts_then_words_then_dates() -> None:
    properties = {
        "end_date": ("2009",),
        "start_date": ("2001-05",),
        "interest": ("legal",),
        "share": ("25..50", "51"),
        "role": ("holder",),
        "summary": ("long",),
    }
    assert link_qualifiers(load_ontology(), _link("OWNS", properties)) == [
        "25 to 50 % or 51 %",
        "legal interest",
        "role: holder",
        "from 2001-05",
        "until 2009",
    ]


@pytest.mark.parametrize(("kind", "said"), [("OWNS", "stated in 2009-10"), ("PAID", "in 2009-10")])
def test_the_date_of_a_holding_says_when_it_was_stated(kind: str, said: str) -> None:
    assert link_qualifiers(load_ontology(), _link(kind, {"date": ("2009-10",)})) == [said]


@pytest.mark.parametrize(
    ("more", "said"), [({}, ["stated as former, on an unknown day"]), ({"end_date": ("2009",)}, ["until 2009"])]
)
def test_a_link_that_is_stated_to_be_over_says_so(more: dict[str, tuple[str, ...]], said: list[str]) -> None:
    assert link_qualifiers(load_ontology(), _link("OWNS", {"status": ("former",), **more})) == said


def test_an_unknown_share_is_said_to_be_unknown() -> None:
    assert link_qualifiers(load_ontology(), _link("OWNS", {"share": ("0..100",)})) == ["unknown share"]


@pytest.mark.parametrize(
    ("day", "said"), [("2004-03-01", "on 2004-03-01"), ("2004-03", "in 2004-03"), ("2004", "in 2004")]
)
def test_a_partial_date_has_its_own_word(day: str, said: str) -> None:
    assert date_phrase(day) == said


@pytest.mark.parametrize(
    ("number", "things", "said"),
    [
        (1, "people", "1 person"),
        (0, "people", "0 people"),
        (1, "weaker ties", "1 weaker tie"),
        (1200, "entries", "1,200 entries"),
    ],
)
def test_one_is_singular(number: int, things: str, said: str) -> None:
    assert plural(number, things) == said


def test_an_english_name_is_preferred_where_there_is_one() -> None:
    assert latin_name(_node("加拿大", ("Canada", "加拿大"))) == "Canada"
    assert latin_name(_node("加拿大", ("加拿大",))) == "加拿大"
    assert other_names(_node("加拿大", ("Canada", "加拿大"))) == ("Canada",)


def test_a_sentence_gives_both_scripts() -> None:
    assert display_name(_node("沈垣甫", ("Shen Yuanfu", "沈垣甫"))) == "沈垣甫 (Shen Yuanfu)"
    assert display_name(_node("Shen Yuanfu", ("Shen Yuanfu", "沈垣甫"))) == "Shen Yuanfu"
    assert display_name(_node("沈垣甫", ("沈垣甫",))) == "沈垣甫"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("1200000", "1200000", "1,200,000"),
        ("1448.4", "2000", "1,448.40 to 2,000"),
        ("0.00123", "0.00123", "0.00123"),
    ],
)
def test_an_amount_has_thousands_apart_and_cents_as_two_digits(low: str, high: str, said: str) -> None:
    assert phrases.amount(low, high) == said


def test_copies_of_one_origin_are_one_voice_and_the_best_graded_speaks() -> None:
    claims = [
        _claim("a", Provenance(origin="wire", reliability="C", credibility="2")),
        _claim("b", Provenance(origin="wire", reliability="B", url="https://example.org")),
        _claim("c", Provenance(reliability="A", credibility="1", stated="2014")),
    ]
    assert [(e.sources, e.grade, e.stated, e.copy_count) for e in evidence_entries(claims, SOURCES)] == [
        (("c",), "A1", "2014", 0),
        (("b", "a"), "B–", "", 1),
    ]


def test_a_source_that_says_it_twice_is_one_voice() -> None:
    assert [
        e.sources
        for e in evidence_entries([_claim("a", Provenance()), _claim("a", Provenance(stated="2014"))], SOURCES)
    ] == [("a",)]


def test_unknown_grades_come_after_low_ones_and_no_grade_last() -> None:
    said = [
        _claim("a", Provenance()),
        _claim("b", Provenance(reliability="F", credibility="6")),
        _claim("c", Provenance(reliability="E")),
    ]
    assert [e.grade for e in evidence_entries(said, SOURCES)] == ["E–", "F6", ""]


def test_a_voice_is_restricted_when_one_of_its_copies_is() -> None:
    said = [_claim("a", Provenance(origin="o")), _claim("b", Provenance(origin="o", handling="restricted"))]
    assert [e.handling for e in evidence_entries(said, SOURCES)] == ["restricted"]


def test_a_voice_is_invented_when_all_its_sources_are() -> None:
    said = [_claim("a", Provenance(origin="o")), _claim("real", Provenance(origin="o")), _claim("b", Provenance())]
    assert [e.invented for e in evidence_entries(said, SOURCES)] == [False, True]


def _claim(source: str, said: Provenance) -> Claim:
    return Claim(source, source, "k", "", "OWNS", "2024-01-01", {}, {}, said)


def _link(kind: str, properties: dict[str, tuple[str, ...]]) -> Link:
    return Link("l", kind, "a", "b", properties, (), ())


def _node(caption: str, names: tuple[str, ...]) -> Node:
    return Node("n", "Jurisdiction", caption, {"name": names}, {}, ())


@pytest.mark.parametrize(("values", "said"), [((), ""), (("refused",), ": refused"), (("a", "b"), ": a or b")])
def test_the_answer_to_a_request_is_said_with_its_stages(values: tuple[str, ...], said: str) -> None:
    details = (Detail("answer", values),) if values else ()
    request = Procedure(
        "r", "request", "RQ-1", "Malta", (ProcedureStep("answered", "2026-11-12"),), details, (), (), ()
    )
    assert phrases.procedure_phrase(request) == f"request by Malta, answered 2026-11-12{said}"

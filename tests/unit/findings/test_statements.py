"""Which claims state which value, however they write it?"""

from __future__ import annotations

from kg.findings.statements import claims_by_value, relation_sentence
from kg.ontology import load_ontology
from kg.records import NO_PROVENANCE, Claim, Link


def test_values_are_compared_as_what_they_mean() -> None:
    def claim(source: str, *shares: str) -> Claim:
        return Claim(source, "n", "k", "", "OWNS", "2014-01-01", {"share": shares}, {}, NO_PROVENANCE)

    claims = [claim("a", "50"), claim("b", "50.0 %", "25..50"), claim("c", "some"), claim("d")]
    found = claims_by_value(load_ontology().properties("OWNS")["share"], "share", claims)
    assert {value: [c.source for c in said] for value, said in found.items()} == {
        "50": ["a", "b"],
        "25..50": ["b"],
        "some": ["c"],
    }


def test_which_end_is_what_of_the_other_is_said_where_the_words_do_not_tell() -> None:
    def said(kind: str, *words: str) -> str:
        link = Link("x", kind, "a", "b", {"relation": words} if words else {}, ("s",), ())
        return relation_sentence(load_ontology().links[kind], link, "Ann Invented", "Bo Invented")

    assert said("FAMILY_OF", "Mother of", "guardian") == "Ann Invented is Mother or guardian of Bo Invented, as stated"
    assert said("ASSOCIATED_WITH", "debt") == "stated from Ann Invented to Bo Invented"
    assert (
        said("FAMILY_OF", "is the aunt of", "related to") == "Ann Invented is aunt or related to Bo Invented, as stated"
    )
    father = Link("x", "FAMILY_OF", "a", "b", {"relation": ("father",)}, ("s",), ())
    child, kind = "a child of Ann Invented and Bo Invented", load_ontology().links["FAMILY_OF"]
    assert relation_sentence(kind, father, "Bo Invented", child) == "Bo Invented is father of this child, as stated"
    assert relation_sentence(kind, father, "Cy Invented", child) == f"Cy Invented is father of {child}, as stated"
    assert said("FAMILY_OF") == said("OWNS", "x") == ""

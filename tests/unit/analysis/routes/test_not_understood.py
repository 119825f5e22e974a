"""Do legal routes say which words about a person they rest on without understanding them?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.findings import FactAnswer, PersonRoutes
from kg.records import Record, UnreadValue
from tests.unit.analysis.routes.legal_case import GRADED, case, find_routes, link, node, resident


def unread(record: Record, name: str, words: str) -> Record:
    return replace(record, not_understood=(UnreadValue(name.lower(), name, words),))


def facts(one: PersonRoutes) -> dict[str, FactAnswer]:
    """The facts of all routes by name, also those that are missing."""
    found = {fact.fact: fact for route in one.routes for fact in (*route.facts_for, *route.facts_against)}
    missing = {
        fact.fact: FactAnswer(fact.fact, fact.question, "unknown", fact.says)
        for route in one.routes
        for fact in route.missing
    }
    return missing | found


def ann(name: str, words: str) -> list[Record]:
    return case(resident("US"), unread(node("ann", name="Ann Example", said=GRADED), name, words), without=["ann"])


@pytest.mark.parametrize(
    ("name", "fact", "told"),
    [
        ("CITIZEN_OF", "own_national", "citizenship “Martian”, which was not understood"),
        ("death_date", "death_recorded", "death date “Martian”, which was not understood"),
    ],
)
def test_a_fact_is_unknown_by_words_that_were_not_understood(name: str, fact: str, told: str) -> None:
    found = facts(find_routes(ann(name, "Martian"), host="US"))[fact]
    assert (found.answer, [s.text for s in found.says], found.says[0].sources) == ("unknown", [told], ("case",))


def test_a_date_of_a_claim_that_was_not_understood_stands_beside_what_the_claim_says() -> None:
    citizen = unread(link("ann CITIZEN_OF jurisdiction:US", said=GRADED), "lost_on", "long ago")
    found = facts(find_routes(case(resident("US"), citizen), host="US"))["own_national"]
    assert [s.text for s in found.says] == ["citizen of US, lost on “long ago” not understood"]


def test_what_was_not_understood_of_person_papers_and_assets_is_listed() -> None:
    warrant = unread(node("w", "Warrant", name="warrant 1", issued_on="2005-01-01", said=GRADED), "ended_on", "soon")
    house = unread(node("house", "RealEstate", name="a house"), "valuation", "a lot")
    records = [r for r in ann("CITIZEN_OF", "Martian") if r.key not in ("w", "house")]
    assert set(find_routes([*records, warrant, house]).not_understood) == {
        "case says citizenship “Martian” of Ann Example, which was not understood",
        "case says ended on “soon” of warrant 1, which was not understood",
        "case says valuation “a lot” of a house, which was not understood",
    }
    assert find_routes(case()).not_understood == ()

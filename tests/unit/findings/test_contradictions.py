"""Which statements cannot all be true, and in which words? All names are invented."""

from __future__ import annotations

from datetime import date

import pytest

from kg.findings import ShareDispute, ShareExcess
from kg.findings.contradictions import (
    ORDERED_DATES,
    StatedHolding,
    contradict,
    dispute_words,
    excess_words,
    find_contradictions,
    named_holders,
    share_contradictions,
    share_sentences,
)
from kg.findings.shares import HoldingPart, SourceShare
from kg.ontology import load_ontology
from kg.records import NO_PROVENANCE, Claim

ONTOLOGY = load_ontology()


@pytest.mark.parametrize(
    ("kind", "name", "values", "expected"),
    [
        ("OWNS", "share", ["33.33", "33"], False),
        ("OWNS", "share", ["33.3", "34"], True),
        ("OWNS", "share", ["25..50", "50..75"], False),
        ("OWNS", "share", ["0..100", "25", "75"], True),
        ("OWNS", "start_date", ["2014", "2014-06"], False),
        ("OWNS", "start_date", ["2014", "2015-01"], True),
        ("PAID", "amount", ["100 EUR", "110 USD"], False),
        ("PAID", "amount", ["100 EUR", "200 EUR", "110 USD"], True),
        ("Person", "birth_date", ["1960", "1960-01-01"], False),
        ("Person", "birth_date", ["1960", "1971"], True),
        ("Person", "name", ["Ann Invented", "Anna Invented"], False),
        ("Enterprise", "state_owned", ["yes", "no"], True),
    ],
)
def test_values_contradict_each_other_when_no_truth_fits_all(
    kind: str, name: str, values: list[str], expected: bool
) -> None:
    assert contradict(ONTOLOGY.properties(kind)[name], values) is expected


@pytest.mark.parametrize(
    ("kind", "properties", "said"),
    [
        ("OWNS", {"start_date": ["2015"], "end_date": ["2010"]}, ["start date 2015 is after end date 2010"]),
        ("OWNS", {"start_date": ["2015"], "end_date": ["2015-01-01"]}, []),
        ("OWNS", {"start_date": ["2015-06-01"], "end_date": ["2015"]}, []),
        ("OWNS", {"start_date": ["2016", "2009"], "end_date": ["2010"]}, None),
        ("Person", {"birth_date": ["1960"], "death_date": ["1950"]}, ["birth date 1960 is after death date 1950"]),
        ("Enterprise", {"incorporation_date": ["2010"], "dissolution_date": ["2001"]}, None),
        ("Arrangement", {"made_on": ["2010"], "ended_on": ["2001"]}, None),
        ("BankAccount", {"opened_on": ["2010"], "closed_on": ["2001"]}, None),
        ("IdentityDocument", {"issued_on": ["2010"], "expires_on": ["2001"]}, None),
        ("Warrant", {"issued_on": ["2010"], "ended_on": ["2001"]}, None),
        ("Measure", {"ordered_on": ["2010"], "executed_on": ["2001"]}, None),
        ("Measure", {"executed_on": ["2010"], "returned_on": ["2001"]}, None),
        ("Request", {"sent_on": ["2010"], "answered_on": ["2001"]}, None),
        ("Offence", {"committed_from": ["2010"], "committed_to": ["2001"]}, None),
        ("Person", {"birth_date": ["1960", "1971"]}, ["birth date stated as 1960 and as 1971"]),
        ("Person", {"gender": ["Frau", "female", "other"]}, []),
        ("Person", {"gender": ["male", "女"]}, ["gender stated as male and as 女"]),
        ("OWNS", {"share": ["25", "75"]}, ["share stated as 25 % and as 75 %"]),
        ("PAID", {"amount": ["1 EUR", "2 EUR"]}, ["amount stated as EUR 1 and as EUR 2"]),
    ],
)
def test_what_one_thing_is_said_to_be_is_compared(
    kind: str, properties: dict[str, list[str]], said: list[str] | None
) -> None:
    found = [one.says for one in find_contradictions(ONTOLOGY.properties(kind), "x", properties)]
    assert found == said if said is not None else found


def test_types_contradict_each_other() -> None:
    known = ONTOLOGY.merged_properties(("Aircraft", "Vessel"))
    (found,) = find_contradictions(known, "x", {}, ("Aircraft", "Vessel"))
    assert (found.property, found.says) == ("kind", "kind stated as Aircraft and as Vessel")


def test_every_ordered_pair_of_dates_is_in_the_ontology() -> None:
    types = [ONTOLOGY.properties(name) for name in (*ONTOLOGY.node_names, *ONTOLOGY.link_names)]
    for pair in ORDERED_DATES:
        assert any(all(name in known and known[name].type == "date" for name in pair) for known in types), pair


def _holding(link: str, source: str, share: str = "", interest: str = "", **dates: str) -> StatedHolding:
    properties = {name: [text] for name, text in {"share": share, **dates}.items() if text}
    claims = [Claim(source, source, link, "", "OWNS", "2024-01-01", properties, {}, NO_PROVENANCE)]
    return StatedHolding.from_claims((link, link.split(maxsplit=1)[0], "acme"), interest, claims)


def _found(*holdings: StatedHolding, day: int = 0) -> list[str]:
    words = (
        dispute_words(c) if isinstance(c, ShareDispute) else excess_words(c)
        for c in share_contradictions(holdings, day)
    )
    return [*dict.fromkeys(words)]


@pytest.mark.parametrize(
    ("holdings", "said"),
    [
        ([("ann 1", "a", "70"), ("bo 1", "a", "60")], ["2 owners with at least 130 % together"]),
        ([("ann 1", "a", "80"), ("ann 2", "a", "70")], []),
        ([("ann 1", "a", "33.4"), ("bo 1", "a", "33.4"), ("cy 1", "a", "33.4")], []),
        ([("ann 1", "a", "60"), ("ann 2", "b", "60"), ("bo 1", "a", "40")], []),
        ([("ann 1", "a", "60"), ("ann 2", "b", "30")], ["share stated as 60 % (a) and as 30 % (b)"]),
        ([("ann 1", "a", "30"), ("ann 2", "a", "20"), ("ann 3", "b", "50")], []),
        ([("ann 1", "a", "60"), ("ann 2", "b", "")], []),
        ([("ann 1", "a", "100"), ("bo 1", "a", "60", "beneficial")], []),
        ([("ann 1", "a", "100", "legal"), ("bo 1", "a", "100", "beneficial")], []),
        ([("ann 1", "a", "70", "legal"), ("bo 1", "a", "60", "legal")], ["2 owners with at least 130 % together"]),
        ([("ann 1", "a", "50..100"), ("bo 1", "a", "50..100")], []),
        ([("ann 1", "a", "75..100"), ("bo 1", "a", "50..75")], ["2 owners with at least 125 % together"]),
    ],
)
def test_shares_in_one_thing_are_compared_before_they_are_limited(
    holdings: list[tuple[str, ...]], said: list[str]
) -> None:
    assert _found(*(_holding(*one) for one in holdings)) == said


def test_what_one_source_says_of_one_holder_from_one_day_on_is_added_up() -> None:
    blocks = (_holding(f"ann {share}", "a", share, start_date="2010") for share in ("80", "70"))
    assert _found(*blocks) == ["1 owner with at least 150 %"]


def test_only_holdings_that_are_surely_in_force_at_once_contradict_each_other() -> None:
    sold, bought = _holding("ann 1", "a", "70", end_date="2009"), _holding("bo 1", "b", "60", start_date="2010")
    assert _found(sold, bought) == []
    longer = _holding("ann 1", "a", "70", end_date="2011")
    assert _found(longer, bought) == ["2 owners with at least 130 % together"]
    assert _found(longer, bought, day=date(2012, 5, 1).toordinal()) == []
    same_year = _holding("ann 1", "a", "70", end_date="2010")
    assert _found(same_year, bought) == []


@pytest.mark.parametrize(
    ("end", "start", "on", "is_told"),
    [
        ("2010-05-04", "2010-05-04", "", False),
        ("2010-05", "2010-05-01", "", False),
        ("2010-05-31", "2010-05", "", False),
        ("2010", "2010-01-01", "", False),
        ("2010", "2010", "", False),
        ("2010-05-04", "2010-05-04", "2010-05-04", False),
        ("2010-05-04", "2010-05-03", "", True),
        ("2010-06", "2010-05", "", True),
    ],
)
def test_a_holding_that_ends_on_the_day_the_next_begins_overlaps_with_none(
    end: str, start: str, on: str, *, is_told: bool
) -> None:
    sold = _holding("ann 1", "a", "100", start_date="2001", end_date=end)
    bought = _holding("bo 1", "a", "100", start_date=start)
    day = date.fromisoformat(on).toordinal() if on else 0
    assert bool(_found(sold, bought, day=day)) == is_told


def test_words_have_the_figures_that_were_said() -> None:
    assert excess_words(ShareExcess("acme", "legal", 130.0, ("x",), 2)) == "2 owners with at least 130 % together"
    assert excess_words(ShareExcess("acme", "legal", 150.5, ("x",), 1)) == "1 owner with at least 150.5 %"


def test_an_excess_names_its_holders_and_the_first_day() -> None:
    def holding(holder: str, first: int) -> StatedHolding:
        return StatedHolding(
            f"{holder}-link", holder, "acme", "", {"register": HoldingPart(0.6, 0.6, True)}, (first, 800_000)
        )

    days = [date(2014, 1, 1).toordinal(), date(2015, 6, 1).toordinal()]
    found = list(share_contradictions([holding("p1", days[0]), holding("p2", days[1])]))
    sentences = share_sentences(found, {"p1": "Ann Invented", "p2": "Bo Invented"})
    assert sentences == ["2 owners with at least 120 % together on 2015-06-01: Ann Invented, Bo Invented"]
    assert share_sentences(found, {"p1": "Ann Invented"}) == ["2 owners with at least 120 % together"]
    assert named_holders(found) == {"p1", "p2"}


@pytest.mark.parametrize(
    ("stated", "low", "high"),
    [
        ([{"share": "30", "start_date": "2015-01"}, {"share": "40", "start_date": "2016-01"}], 40, 70),
        ([{"share": "30", "start_date": "2015-01"}, {"share": "30", "start_date": "2016-01"}], 30, 60),
        ([{"share": "60", "date": "2012"}, {"share": "20", "date": "2020"}], 20, 80),
        ([{"share": "30"}, {"share": "40"}], 30, 70),
        ([{"share": "30"}, {"share": "30"}], 60, 60),
        ([{"share": "10"}, {"share": "10"}, {"share": "20"}], 10, 40),
        ([{"share": "30"}, {"share": "40", "start_date": "2016"}], 30, 70),
        ([{"share": "30", "start_date": "2015"}, {"share": "40", "start_date": "2015"}], 70, 70),
        ([{"share": "30", "start_date": "2015", "end_date": "2040"}, {"share": "40", "start_date": "2016"}], 70, 70),
        ([{"share": "30", "shares": "Class A"}, {"share": "20", "shares": "Class B"}], 50, 50),
        (
            [{"share": "40", "ownership_type": "share capital"}, {"share": "40", "ownership_type": "Voting rights"}],
            40,
            40,
        ),
        ([{"share": "40"}, {"share": "60", "ownership_type": "voting rights"}], 40, 60),
        ([{"share": "30", "shares": "capital"}, {"share": "60", "shares": "votes"}], 30, 60),
        ([{"share": "30", "role": "Kapital"}, {"share": "60", "role": "Stimmrechte"}], 30, 60),
        ([{"share": "40"}, {}], 40, 140),
    ],
)
def test_what_one_source_says_is_added_up_unless_it_may_be_one_holding(
    stated: list[dict[str, str]], low: int, high: int
) -> None:
    parts = [HoldingPart.of([{name: [text] for name, text in one.items()}]) for one in stated]
    found = SourceShare.of([(part, True) for part in parts])
    assert [round(100 * share, 4) for share in (found.low, found.high, found.certain)] == [low, high, low]


def test_what_is_held_indirectly_is_told_from_what_is_not() -> None:
    parts = [HoldingPart(0.1, 0.1, True), HoldingPart(0.25, 0.5, True, kind=("", "", "indirect"))]
    assert SourceShare.of([(part, True) for part in parts]).direct == (0.1, 0.1)
    assert SourceShare.of([(parts[0], True)]).direct is None

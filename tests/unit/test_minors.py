"""Who may be under 18, and whose child is told? Everybody here is invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.minors import (
    SENTENCE_WITHHELD,
    child_namer,
    describe_minor,
    is_minor,
    kin_of,
    number_finder,
    whole_namer,
    without_sentences,
)
from kg.records import Link


@pytest.mark.parametrize(
    ("born", "day", "minor"),
    [
        (("1996-12-05",), "2014-12-04", True),
        (("1996-12-05",), "2014-12-05", False),
        (("1996-02-29",), "2014-02-28", True),
        (("1996-02-29",), "2014-03-01", False),
        (("1996",), "2014-12-30", True),  # it may be the last day of that year
        (("1996",), "2014-12-31", False),
        (("1970", "1997-01"), "2014-12-05", True),  # sources differ
        ((), "2014-12-05", False),
        (("2015-06-01",), "2014-12-05", True),  # a day or a month that was mistyped
        (("2070-05-01",), "2014-12-05", False),  # nobody was born then
        (("2070", "2010"), "2014-12-05", True),
        (("9999-12-31",), "2014-12-05", False),
        (("9990",), "2014-12-05", False),
        (("9999-12-31", "2010"), "2014-12-05", True),
    ],
)
def test_whoever_may_be_under_18_by_any_source_is_a_minor(born: tuple[str, ...], day: str, minor: bool) -> None:
    assert is_minor(born, date.fromisoformat(day)) == minor


def test_who_is_born_after_the_day_is_a_minor_and_an_unknown_date_is_told_by_the_day_of_the_graph() -> None:
    graph_day = date(2014, 12, 5)
    assert is_minor(("2013-05-03",), date(1900, 1, 1), graph_day)
    assert not is_minor(("2070",), date(1900, 1, 1), graph_day)
    assert not is_minor(("9999-12-31", "9990"), date.max)


def kin(first: str, second: str, *relation: str) -> Link:
    return Link(f"{first}-{second}", "FAMILY_OF", first, second, {"relation": relation}, (), ())


def test_parents_are_told_from_other_relatives_by_the_words_of_the_source() -> None:
    links = [kin("bo", "ann", "Daughter"), kin("cy", "bo", "Father of"), kin("bo", "dee", "sibling"), kin("eve", "bo")]
    links += [kin("bo", "fay", "ex-husband"), kin("gil", "bo", "前夫"), kin("bo", "hal", "mother of")]
    found = kin_of("bo", links)
    assert sorted(found.parents) == ["ann", "cy"]
    assert sorted(found.relatives) == ["ann", "cy", "dee", "eve", "fay", "gil", "hal"]
    assert sorted(found.others) == ["fay", "gil", "hal"]
    assert describe_minor(["Cy", "Ann"], ["Dee"]) == "a child of Ann and Cy"
    assert describe_minor([], ["Eve", "Dee"]) == "a child of the family of Dee"
    assert describe_minor([], []) == "a child"
    assert describe_minor(["Ann"], [], "1999-05-01") == "a child of Ann (under 18 on 1999-05-01)"


@pytest.mark.parametrize(
    ("text", "named", "whole"),
    [
        ("Account of MARLOW, Bó Finn", True, True),
        ("Finn's savings", True, False),
        ("Marlow Kites Ltd", False, False),  # what the adults of the family are called too
        ("Bonds and fins", False, False),
        ("学费 王小明", True, True),
        ("小明的账户", True, False),
        ("王家小店", False, False),
        ("", False, False),
    ],
)
def test_a_text_names_a_child_by_a_given_or_the_whole_name(text: str, named: bool, whole: bool) -> None:
    names = ("Bo Finn Marlow", "王小明")
    assert child_namer(names, ["Ann Marlow", "王芳"])(text) == named
    assert whole_namer(names)(text) == whole


@given(
    st.lists(
        st.sampled_from(("Bo Marlow", "school", "Ann.", "paid!", "for", "王小明", "Marlow Bo's", "\n", "。")),
        max_size=12,
    )
)
def test_no_sentence_that_names_a_child_stays_and_every_other_does(words: list[str]) -> None:
    names_child = whole_namer(("Bo Marlow", "王小明"))
    text = " ".join(words)
    told = without_sentences(text, names_child)
    assert not names_child(told)
    if not names_child(text):
        assert told == text


def test_a_sentence_that_names_a_child_is_told_of_and_those_around_it_stay() -> None:
    names_child = whole_namer(("Bo Marlow", "王小明"))
    assert without_sentences("Ann left. Paid for Bo Marlow. Then she sold it.", names_child) == (
        "Ann left. [a sentence that names a child is withheld] Then she sold it."
    )
    assert without_sentences("她走了。付了王小明的学费。", names_child) == f"她走了。{SENTENCE_WITHHELD}"
    assert without_sentences("Bo. Marlow", names_child) == SENTENCE_WITHHELD


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("travelled with N-404404", True),
        ("number n 404 404, shown twice", True),
        ("N-4044041", False),
        ("invoice 404404", False),
        ("", False),
    ],
)
def test_a_number_is_found_in_words_however_it_is_parted(text: str, found: bool) -> None:
    assert any(number_finder(["N404404"])(text)) == found

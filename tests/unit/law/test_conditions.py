"""What is true, and what decides it, when some facts are unknown?"""

from __future__ import annotations

import itertools

import pytest

from kg.errors import InputError
from kg.law import NO, UNKNOWN, YES, Answer, deciding_facts, evaluate, undecided_facts
from kg.law.conditions import parse_condition

TRUTH: tuple[Answer, ...] = (YES, NO, UNKNOWN)

ALL = {(YES, YES): YES, (YES, NO): NO, (NO, NO): NO, (YES, UNKNOWN): UNKNOWN, (NO, UNKNOWN): NO}
ALL |= {(UNKNOWN, UNKNOWN): UNKNOWN}
ANY = {(YES, YES): YES, (YES, NO): YES, (NO, NO): NO, (YES, UNKNOWN): YES, (NO, UNKNOWN): UNKNOWN}
ANY |= {(UNKNOWN, UNKNOWN): UNKNOWN}


@pytest.mark.parametrize(("a", "b"), list(itertools.product(TRUTH, TRUTH)))
def test_all_and_any_are_those_of_kleene(a: Answer, b: Answer) -> None:
    answers = {"a": a, "b": b}
    both, either = parse_condition({"all": ["a", "b"]}, "f", "when"), parse_condition({"any": ["a", "b"]}, "f", "when")
    assert evaluate(both, answers) == ALL.get((a, b), ALL.get((b, a)))
    assert evaluate(either, answers) == ANY.get((a, b), ANY.get((b, a)))


def test_not_keeps_unknown_unknown() -> None:
    negated = parse_condition({"not": "a"}, "f", "when")
    assert [evaluate(negated, {"a": a}) for a in TRUTH] == [NO, YES, UNKNOWN]


def test_what_decides_is_every_part_that_would_do_so_alone() -> None:
    said = parse_condition({"all": ["a", {"not": "b"}, {"any": ["c", "d"]}]}, "f", "when")
    assert deciding_facts(said, {"a": NO, "b": YES, "c": YES}) == ("a", "b")
    assert deciding_facts(said, {"a": YES, "b": NO, "c": NO, "d": NO}) == ("c", "d")
    assert deciding_facts(said, {"a": YES}) == ()


def test_open_questions_leave_out_what_no_longer_matters() -> None:
    said = parse_condition({"all": ["a", {"any": ["b", "c"]}, {"any": ["d", "e"]}]}, "f", "when")
    assert undecided_facts(said, {"a": YES, "b": YES, "d": NO}) == ("e",)
    assert undecided_facts(said, {"a": NO}) == ()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (3, "f, key when, value '3': expected a fact's name"),
        ({"all": []}, "f, key when.all: expected a list of conditions that is not empty"),
        ({"all": ["a", {"nor": "b"}]}, r"f, key when\.all\[1\], value \"\{'nor': 'b'\}\": expected a fact's name"),
        ({"all": ["a"], "any": ["b"]}, "f, key when, value"),
    ],
)
def test_a_condition_that_is_none_is_pointed_at(said: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_condition(said, "f", "when")

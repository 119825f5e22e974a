"""What is remembered of texts."""

from __future__ import annotations

import pytest

from kg.ontology import load_ontology
from kg.ontology.memo import MAX_REMEMBERED_LENGTH, Memo
from kg.ontology.values import BadValue


def test_a_text_is_worked_out_once_unless_it_is_long_or_too_many_came_between() -> None:
    asked: list[str] = []

    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    memo = Memo(length, size=2)
    long = "x" * (MAX_REMEMBERED_LENGTH + 1)
    assert [memo[text] for text in ("a", "a", long, long, "bb", "ccc", "a")] == [1, 1, 201, 201, 2, 3, 1]
    assert asked == ["a", long, long, "bb", "ccc", "a"]


def test_a_property_says_the_same_of_a_bad_value_each_time() -> None:
    share = load_ontology().properties("OWNS")["share"]
    for _ in range(2):
        with pytest.raises(BadValue, match="percentage") as raised:
            share.clean("150")
        assert (share.texts["150"], share.problems["150"]) == (None, str(raised.value))
    assert (share.clean("50 %"), share.problems["50 %"]) == (share.texts["50 %"], "")

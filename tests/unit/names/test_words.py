"""Are the letters of names folded as readers take them?"""

from __future__ import annotations

import pytest

from kg.names import name_words
from kg.names.words import one_script, written_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Мар’яна", ("маряна",)),
        ("O’Neil", ("o", "neil")),
        ("Oʼneil", ("o", "neil")),
        ("Soft\u00adware\u200b", ("software",)),
        ("محـمـد", ("محمد",)),
        ("王Wei民", ("王", "wei", "民")),
        ("ИСПАНИЯ é", ("испания", "é")),
        ("\u0301", ()),
        ("🙂 ", ()),
    ],
)
def test_a_written_word_has_no_signs_and_nothing_that_cannot_be_seen(name: str, words: tuple[str, ...]) -> None:
    assert written_words(name) == words


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("пeтpoв", ("петров",)),
        ("аcme", ("acme", "асме")),
        ("βerta", ("berta",)),
        ("xор", ("хор", "xop")),
        ("иванiv", ("иванiv",)),
        ("ivan", ("ivan",)),
        ("ыaa", ("ыаа",)),
    ],
)
def test_a_word_of_two_scripts_is_taken_for_one_where_its_letters_allow(word: str, forms: tuple[str, ...]) -> None:
    assert one_script(word) == forms


def test_digits_of_all_scripts_are_one_and_voiced_kana_are_others() -> None:
    assert name_words("۴٥６") == ("456",)
    assert name_words("が") != name_words("か")


def test_a_long_word_of_two_scripts_costs_what_its_letters_cost() -> None:
    assert one_script("a" * 60_000 + "ы") == ("а" * 60_000 + "ы",)

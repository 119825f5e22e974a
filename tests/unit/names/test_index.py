"""Are names cut into words that people would type?"""

from __future__ import annotations

import pytest

from kg.names import index_text, name_words, prefix_query, whole_name_query
from kg.names.index import LATIN_CONSONANTS_MARK, WHOLE_NAME_MARK


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Wei Min", ("wei", "min")),
        ("WEI  MIN", ("wei", "min")),
        ("ＷＥＩ　ＭＩＮ", ("wei", "min")),
        ("Zoë Müller-Lüdenscheidt", ("zoe", "muller", "ludenscheidt")),
        ("Zoe\u0308", ("zoe",)),
        ("Łukasz Øst", ("lukasz", "ost")),
        ("Æsir Œuvre Þór", ("aesir", "oeuvre", "thor")),
        ("Straße", ("strasse",)),
        ("O'Neil & Sons (1990) Ltd.", ("o", "neil", "sons", "1990", "ltd")),
        ("first_second", ("first", "second")),
        ("ИВАН Ёлкин", ("иван", "елкин")),
        ("", ()),
        ("…", ()),
        ("\ud800\x00", ()),
    ],
)
def test_case_diacritics_width_and_spacing_make_no_difference(name: str, parts: tuple[str, ...]) -> None:
    assert name_words(name) == parts


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("王伟民", ("王", "伟", "民")),
        ("王 伟民", ("王", "伟", "民")),
        ("王Wei民", ("王", "wei", "民")),
        ("\U00020bb7野", ("\U00020bb7", "野")),
        ("山田たろう", ("山", "田", "たろう")),
    ],
)
def test_each_han_character_is_a_word_of_its_own(name: str, parts: tuple[str, ...]) -> None:
    assert name_words(name) == parts


def test_the_index_keeps_neighbouring_words_joined_too() -> None:
    marks = (WHOLE_NAME_MARK, LATIN_CONSONANTS_MARK)
    kept = [word for word in index_text(["Wang Wei Min"]).split() if not word.startswith(marks)]
    assert kept == ["wang", "wei", "min", "wangwei", "weimin", "wangweimin"]


def test_a_name_starts_with_its_sign_so_that_no_phrase_runs_from_one_into_the_next() -> None:
    one, other = (whole_name_query(name).strip('"') for name in ("王伟", "民"))
    words = index_text(["王伟", "", "民"]).split()
    assert words[:3] == [one, "王", "伟"]
    assert words[words.index(other) :][:2] == [other, "民"]


def test_a_name_has_one_sign_however_it_is_written_and_no_other_name_has_it() -> None:
    assert whole_name_query("ＷEI  MIN") == whole_name_query("wei-min")
    assert (
        len({whole_name_query(name) for name in ("Wei Min", "Wéi Min", "Min Wei", "Weimin", "Wei Min Wang", "")}) == 6
    )


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("Wei", '("wei"*)'),
        ("Wei Min", '("wei"* AND "min"*) OR ("weimin"*)'),
        ("王伟", '("王 伟")'),
        ("王伟 Wei", '("王 伟" AND "wei"*)'),
        ('AND "x', '("and"* AND "x"*) OR ("andx"*)'),
        ("", ""),
        (' "* ', ""),
    ],
)
def test_what_a_person_types_becomes_a_query(typed: str, query: str) -> None:
    assert prefix_query(typed) == query

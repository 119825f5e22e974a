"""Are Korean and Vietnamese names the same in any script, and other names never taken for such?"""

from __future__ import annotations

import random
import sqlite3

import pytest

from kg.names import candidate_queries, compare_names, index_text
from kg.names.sinoxenic import KOREAN, LANGUAGES, VIETNAMESE, Language, compare_in, readings_in
from kg.names.tables import read_table


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("김민준", "Kim Min-jun"),
        ("김민준", "Gim Minjun"),
        ("金民俊", "Kim Min Joon"),
        ("金民俊", "김민준"),
        ("朴槿映", "Park Geun-young"),
        ("박현우", "Hyun-woo PARK"),
        ("박현우", "PAK, Hyonu"),
        ("이서연", "Lee Seo-yeon"),
        ("리서연", "Rhee Suh Yun"),
        ("Lee Myung-hee", "Yi Myonghui"),
        ("Choi Soon-sil", "Choe Sun-sil"),
        ("Jung Min-ho", "Chung Min Ho"),
        ("남궁민수", "Namkoong Min-soo"),
        ("정지원", "Peter Jung Ji-won"),
    ],
)
def test_one_name_in_other_letters_is_the_same(one: str, other: str) -> None:
    match = compare_in(KOREAN, one, other)
    assert match and match.is_same
    assert compare_names(one, other) == match
    assert compare_names(other, one).bits == pytest.approx(match.bits)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("김민준", "이민준"),
        ("김민준", "Kim Min-ho"),
        ("金民俊", "Kim Min-ho"),
        ("Kim Min-su", "Kim Min-ho"),
        ("Lee Seung-hoon", "Lee Sung-min"),
    ],
)
def test_another_syllable_is_another_name(one: str, other: str) -> None:
    assert compare_names(one, other).bits < 0


def test_a_name_in_characters_is_korean_only_beside_a_korean_one() -> None:
    assert compare_in(KOREAN, "金民俊", "金民俊") is None
    assert compare_in(KOREAN, "金民俊", "Jin Minjun") is None
    assert compare_names("金民俊", "Jin Minjun").is_same


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("阮文灵", "Nguyễn Văn Linh", True),
        ("阮文靈", "Nguyen Van Linh", True),
        ("黎文明", "Minh Van Le", True),
        ("黎文明", "Van Minh Le", True),
        ("陈德良", "TRAN, Duc Luong", True),
        ("阮文灵", "Nguyen Van Hung", False),
        ("阮文灵", "Tran Van Linh", False),
    ],
)
def test_a_vietnamese_name_is_found_in_characters(one: str, other: str, *, is_same: bool) -> None:
    assert compare_names(one, other).is_same == is_same == compare_names(other, one).is_same
    assert compare_in(VIETNAMESE, other, other) is None


@pytest.mark.parametrize(("language", "beside"), [(KOREAN, "金民俊"), (VIETNAMESE, "阮文灵")])
def test_names_of_other_languages_are_not_read_so(language: Language, beside: str) -> None:
    words: dict[str, list[str]] = {}
    for row in read_table("other_names.csv"):
        words.setdefault(row["language"], []).append(row["spelling"])
    del words[language.name]
    draw = random.Random(3)
    for of_language in words.values():
        names = {" ".join(draw.choices(of_language, k=2)).title() for _ in range(150)}
        read = [name for name in sorted(names) if readings_in(language, name) and compare_in(language, name, beside)]
        assert len(read) <= 3, read
    assert compare_in(language, "Wang Xiaoming", beside) is None


@pytest.mark.parametrize(
    "name", ["", "김", "김\ud800민", "金" * 30, "Kim", "Kim " * 9, "Kim, ", ", Kim", "김 Min-jun", "Kim-Min-Jun-Ho Lee"]
)
def test_odd_names_have_no_readings_or_some(name: str) -> None:
    assert all(isinstance(readings_in(language, name), tuple) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("target", "entry"),
    [("김민준", "Minjoon Kim"), ("金正浩", "Kim Jung-ho"), ("리서연", "Rhee, Suhyun"), ("阮文灵", "Linh Nguyen Van")],
)
def test_an_index_of_search_words_finds_them(target: str, entry: str) -> None:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE entry USING fts5(words)")
    index.execute("INSERT INTO entry VALUES (?)", (index_text([entry]),))
    assert any(
        index.execute("SELECT 1 FROM entry WHERE words MATCH ?", (q,)).fetchone() for q in candidate_queries(target)
    )
    index.close()

"""The queries for names that may be written otherwise find what comparison takes for the same. Names are invented."""

from __future__ import annotations

import sqlite3

import pytest

from kg.names import birth_year_words, candidate_queries, compare_names, index_text
from kg.names.candidates import surname_query
from kg.names.generic import Kind

ODD = [
    *("", " ", "\ud800", "Zhang \udfff Wei", "\x00", "Zhang\x00Wei", '"', 'Olga "Olly" Invented', "' OR 1", "* AND *"),
    *("NEAR(a b)", "张\u200f伟", "\u202eOlga Invented", "张Wei", "张" * 500, "a " * 500, "abc" * 500, "ltd " * 50, "-"),
    *("Dr", "al-", "bin bin", "½", "²", "١٢٣", "𠮷野", "あい", "ㄱ", "김", "\u0301\u0301", "\ue000abc", "ﷺ", ","),
    "q" * 59,
]


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE entry USING fts5(words)")
    return connection


@pytest.mark.parametrize(
    ("target", "entry", "kind"),
    [
        ("Olga Invented", "O. Invented", "person"),
        ("O. Invented", "Olga Invented", "person"),
        ("Theodore Invented", "Ted Invented", "person"),
        ("Ted Invented", "Theodore Invented", "person"),
        ("Mohammed Al-Farsi", "محمد الفارسي", "person"),
        ("محمد الفارسي", "Mohammed Al-Farsi", "person"),
        ("عبد الرحمن القاسم", "Abdulrahman Alqasem", "person"),
        ("שלמה כהן", "Shlomo Cohen", "person"),
        ("张栩文", "CHEUNG Hui Man, Peter", "person"),
        ("علي حسان البطران", "Ali Hassan al-Batran", "person"),
        ("Mueller Hans", "Müller, Hans", "person"),
        ("Deep Water Holding", "Deepwater Holding", "company"),
        ("内蒙古自治区呼和浩特市某某科技有限公司", "内蒙古自治区呼和浩特市某某科技有限公司", "company"),
    ],
)
def test_what_is_the_same_is_found(index: sqlite3.Connection, target: str, entry: str, kind: Kind) -> None:
    assert compare_names(target, entry, kind).is_same
    index.execute("DELETE FROM entry")
    index.execute("INSERT INTO entry VALUES (?)", (index_text([entry]),))
    queries = candidate_queries(target, is_company=kind == "company")
    assert any(index.execute("SELECT 1 FROM entry WHERE words MATCH ?", (q,)).fetchone() for q in queries)


def test_a_surname_and_an_english_name_are_found_by_the_birth_year(index: sqlite3.Connection) -> None:
    index.execute("DELETE FROM entry")
    for words in (birth_year_words(["Andy Lau", "Ann Wong"], ["1961-05-06"]), birth_year_words(["Andy Lau"], [])):
        index.execute("INSERT INTO entry VALUES (?)", (" ".join(words),))
    found = [
        index.execute("SELECT count(*) FROM entry WHERE words MATCH ?", (surname_query(name, year),)).fetchone()[0]
        for name, year in (("刘德栩", "1961"), ("刘德栩", "1962"), ("王栩文", "1961"), ("赵栩文", "1961"))
    ]
    assert found == [1, 0, 1, 0]
    assert surname_query("Olga Invented", "1961") == ""


def test_a_whole_name_is_asked_for_before_its_parts() -> None:
    """Its parts may be crowded, and of a long name the first words alone are asked for."""
    first = candidate_queries("内蒙古自治区呼和浩特市某某科技有限公司", is_company=True)[:4]
    assert any("某 某 科 技" in query for query in first)


@pytest.mark.parametrize("is_company", [False, True])
@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_queries_for_odd_names_are_well_formed(index: sqlite3.Connection, name: str, *, is_company: bool) -> None:
    for query in candidate_queries(name, is_company=is_company):
        index.execute("SELECT 1 FROM entry WHERE words MATCH ?", (query,)).fetchall()


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_odd_names_are_compared_alike_in_both_orders(name: str) -> None:
    for other in ("Olga Invented", "张伟", *ODD):
        assert compare_names(name, other).bits == compare_names(other, name).bits

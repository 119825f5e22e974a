"""Does the full-text index find every name by what people type?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.database import NAME_INDEX, connect
from kg.names import index_text, indexed_query, indexed_words, name_words, prefix_query

SIGNS = '"*^:()-+{}\\ \t\x00\ud800AND OR NOT NEAR'

LATIN = st.text(alphabet="abcdeABCDEéßøÅｚＺ", min_size=1, max_size=8)
HAN = st.text(alphabet="王伟民李\U00020bb7", min_size=1, max_size=4)
NAMES = st.lists(LATIN | HAN, min_size=1, max_size=5).map(" ".join)
TEXTS = st.text(max_size=60) | st.text(alphabet=SIGNS + "aé王", max_size=60) | NAMES


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The store's own table of names, in memory."""
    with closing(connect(tmp_path_factory.mktemp("store") / "graph.sqlite", create=True)) as store:
        [declared] = store.execute("SELECT sql FROM sqlite_master WHERE name = 'name'").fetchone()
    with closing(sqlite3.connect(Path(":memory:"), isolation_level=None)) as memory:
        memory.execute(declared)
        yield memory


def _found(table: sqlite3.Connection, names: list[str], typed: str) -> bool:
    table.execute("INSERT INTO name (name) VALUES ('delete-all')")
    table.execute("INSERT INTO name (rowid, tokens) VALUES (1, ?)", (indexed_words(index_text(names)),))
    query = indexed_query(prefix_query(typed))
    return bool(query) and table.execute("SELECT rowid FROM name WHERE name MATCH ?", (query,)).fetchall() == [(1,)]


@given(TEXTS, TEXTS)
def test_no_text_is_a_syntax_error(table: sqlite3.Connection, name: str, typed: str) -> None:
    assert _found(table, [name], typed) in {True, False}


@given(TEXTS)
def test_a_name_is_found_by_itself_and_by_any_of_its_words(table: sqlite3.Connection, name: str) -> None:
    parts = name_words(name)
    assert all(_found(table, ["Somebody Else", name], typed) for typed in ([name, *parts] if parts else []))


@given(LATIN, LATIN)
def test_a_name_is_found_joined_apart_and_the_other_way_round(table: sqlite3.Connection, one: str, other: str) -> None:
    assert _found(table, [f"{one} {other}"], one + other)
    assert _found(table, [one + other], f"{one} {other}")
    assert _found(table, [f"{one} {other}"], f"{other} {one}")


@given(HAN, HAN)
def test_han_characters_are_found_as_they_follow_each_other(table: sqlite3.Connection, one: str, other: str) -> None:
    assert _found(table, [one + other], other)
    assert _found(table, [one + other], one)
    assert _found(table, [one, other], one + other) is (one + other in {one, other})


@given(TEXTS)
def test_words_are_folded_once_and_for_all(text: str) -> None:
    assert name_words(" ".join(name_words(text))) == name_words(text)


@given(st.lists(HAN | LATIN, min_size=1, max_size=4).map("".join), st.lists(HAN | LATIN, min_size=1, max_size=3))
def test_characters_in_a_row_match_as_in_an_index_with_positions(
    table: sqlite3.Connection, typed: str, names: list[str]
) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        memory.execute(f"CREATE VIRTUAL TABLE name {NAME_INDEX}")
        memory.execute("INSERT INTO name (rowid, tokens) VALUES (1, ?)", (index_text(names),))
        query = "SELECT rowid FROM name WHERE name MATCH ?"
        expected = memory.execute(query, (prefix_query(typed),)).fetchall() == [(1,)]
    assert _found(table, names, typed) == expected

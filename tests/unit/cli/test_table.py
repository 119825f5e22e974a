"""Is a table readable, whatever its cells and however narrow the terminal?"""

from __future__ import annotations

import pytest

from kg.cli.table import fold, text_table, text_width


def test_columns_stand_under_their_headings() -> None:
    table = text_table(("a", "name"), [("1", "Ann"), ("22", "姚苑珞")], 80)
    assert [*table.head, table.rule, *table.rows] == [
        " a    name   ",
        " ─────────── ",
        " 1    Ann    ",
        " 22   姚苑珞 ",
    ]


def test_the_widest_columns_give_way_and_an_id_never_does() -> None:
    row = ("one two three four five", "abcdefghij klmnop", "x" * 26)
    lines = text_table(("text", "more", "id"), [row], 56, whole=("id",)).rows
    assert all(text_width(line) <= 56 for line in lines)
    assert sum("x" * 26 in line for line in lines) == 1
    parts = [line[1:-30].split("   ", 1) for line in lines]
    assert [" ".join(column).split() for column in zip(*parts, strict=True)] == [row[0].split(), row[1].split()]


def test_what_has_no_room_is_as_narrow_as_it_can_be() -> None:
    table = text_table(("id", "full name"), [("x" * 26, "Ann Example")], 10, whole=("id",))
    assert [line.split()[-1] for line in table.head] == ["full", "name"]
    assert [line.split()[-1] for line in table.rows] == ["Ann", "Exam", "ple"]


def test_words_are_whole_as_long_as_any_text_can_be_folded_between_them() -> None:
    table = text_table(("digest", "said"), [("0123456789ab", "one two three four five")], 24)
    assert [line.strip() for line in table.rows] == ["0123456789ab   one two", "three", "four", "five"]


def test_no_row_is_no_line_and_no_cell_is_empty() -> None:
    assert text_table(("id", "name"), [], 80) == ([" id   name "], " ───────── ", [])
    assert text_table(("id", "name"), [("a", "")], 80).rows == [" a         "]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, [""]),
        ("one two", 5, ["one", "two"]),
        ("one  two", 20, ["one  two"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("ab cdefgh", 4, ["ab", "cdef", "gh"]),
        ("姚苑珞", 4, ["姚苑", "珞"]),
        ("姚", 1, ["姚"]),
        ("a\nb", 5, ["a", "b"]),
        ("e\u0301e\u0301", 2, ["e\u0301e\u0301"]),
    ],
)
def test_text_is_folded_between_words_or_in_long_ones(text: str, width: int, lines: list[str]) -> None:
    assert fold(text, width) == lines

"""Is every object of a file found, however it is laid out?"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.sources.files import lines
from kg.sources.files.json_objects import read_objects
from kg.sources.rows import SourceRow

TRICKY: list[dict[str, Any]] = [
    {"a": 'quote " and \\ and \\\\', "b": "{[ }] ,"},
    {"a": {"b": [{"c": []}, [], {}]}},
    {},
    {"安": "é\n\u2028"},
    {"deep": [[[[[[[[{"}": ["]", {}]}]]]]]]]]},
]


def _read(path: Path, text: str | bytes) -> list[SourceRow]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_objects(path))


def _values(rows: list[SourceRow]) -> list[Any]:
    return [json.loads(row.raw) for row in rows]


LAYOUTS = {
    "lines": "\n".join(json.dumps(o) for o in TRICKY),
    "array": json.dumps(TRICKY),
    "pretty array": json.dumps(TRICKY, indent=2, ensure_ascii=False),
    "array of lines": "[\n" + ",\n".join(json.dumps(o) for o in TRICKY) + "\n]\n",
    "pretty objects": "\n".join(json.dumps(o, indent=2) for o in TRICKY),
    "lists in a list": json.dumps([TRICKY[:1], TRICKY[1:]]),
    "a list in a list, between others": json.dumps([TRICKY[0], TRICKY[1:3], *TRICKY[3:]], indent=1),
    "two arrays": json.dumps(TRICKY[:2]) + "\n" + json.dumps(TRICKY[2:], indent=1),
    "blank lines": "\n\n" + "\n\n\n".join(json.dumps(o) for o in TRICKY) + "\n\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("size", [1, 2, 7, 1024 * 1024])
def test_every_layout_gives_the_same_objects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str, size: int
) -> None:
    monkeypatch.setattr(lines, "_CHUNK", size)
    assert _values(_read(tmp_path / "a.json", LAYOUTS[layout])) == TRICKY


@given(
    st.lists(
        st.dictionaries(st.text(), st.recursive(st.text() | st.none(), st.lists, max_leaves=12), max_size=3), max_size=5
    ),
    st.sampled_from([None, 1]),
)
def test_any_array_is_cut_into_its_objects(
    tmp_path_factory: pytest.TempPathFactory, some: list[dict[str, Any]], indent: int | None
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.json"
    assert _values(_read(path, json.dumps(some, indent=indent))) == some


def test_each_object_knows_its_line(tmp_path: Path) -> None:
    rows = _read(tmp_path / "a.json", '[\n{"a": 1}, {"a":\n2},\n\n{"a": 3}]')
    assert [(row.line, json.loads(row.raw)) for row in rows] == [(2, {"a": 1}), (2, {"a": 2}), (5, {"a": 3})]


def test_a_broken_line_costs_only_itself(tmp_path: Path) -> None:
    rows = _read(tmp_path / "a.json", '{"a": 1}\n{"a": \n{"a": 3}\n')
    assert [(row.line, row.raw) for row in rows] == [(1, b'{"a": 1}'), (2, b'{"a": '), (3, b'{"a": 3}')]


def test_what_is_no_object_is_a_row_too(tmp_path: Path) -> None:
    rows = _read(tmp_path / "a.json", '[{"a": 1}, 7, "x]",\nnull {"a": 2}, [7], {"a": 3}]')
    assert [(row.line, row.raw) for row in rows] == [
        (1, b'{"a": 1}'),
        (1, b'7, "x]",\nnull'),
        (2, b'{"a": 2}'),
        (2, b"[7]"),
        (2, b'{"a": 3}'),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"a": 1},\n{"a": 2}', ":1: is cut short: this array does not end"),
        ('[{"a": 1},\n{"a": {"b": 2}', ":2: is cut short: this object does not end"),
        ('{\n"a": "un', ":1: is cut short: this object does not end"),
        ("", "is empty"),
        ("[".encode("utf-32"), "is UTF-32"),
        (gzip.compress(b"[{}]", mtime=0)[:-9], "is cut short: expected the gzip data to go on"),
    ],
)
def test_a_file_that_ends_too_early_or_is_none_is_refused(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _read(tmp_path / "a.json", text)


@pytest.mark.parametrize(
    "text",
    [
        '{"results": [{"id": "a"}, {"id": "b"}], "total": 2}',
        '{\n "status": "ok",\n "results": [\n  {"id": "a"},\n  {"id": "b"}\n ]\n}\n',
        '{"total": 2, "results": [{"id": "a"}]}\n{"total": 2, "results": [{"id": "b"}]}\n',
    ],
)
def test_an_answer_of_an_api_is_what_it_lists(tmp_path: Path, text: str) -> None:
    assert [row.raw for row in _read(tmp_path / "a.json", text)] == [b'{"id": "a"}', b'{"id": "b"}']


@pytest.mark.parametrize(
    "text",
    ['{"id": "a", "results": [1]}', '{"results": "none"}', '{"results": [{}], "results": [{}]}', '{"a": "results"}'],
)
def test_an_object_with_a_word_of_answers_is_none(tmp_path: Path, text: str) -> None:
    assert [row[1:3] for row in _read(tmp_path / "a.json", text)] == [(1, text.encode())]


def test_an_object_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.sources.files.json_objects.MAX_LINE", 100)
    with pytest.raises(InputError, match="expected an object of at most 100 bytes"):
        _read(tmp_path / "a.json", '[{"a": "' + "x" * 200)


def test_a_mark_at_the_start_is_no_part_of_it_and_all_bytes_are_reported(tmp_path: Path) -> None:
    taken: list[int] = []
    path = tmp_path / "a.json"
    path.write_bytes(b'\xef\xbb\xbf[{"a": 1}]')
    assert _values(list(read_objects(path, taken.append))) == [{"a": 1}]
    assert sum(taken) == path.stat().st_size


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("known", [["rows"], ["other", "rows"]])
def test_the_list_in_an_object_is_read_where_its_key_is_known(
    tmp_path: Path, indent: int | None, known: list[str]
) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"rows": TRICKY}, indent=indent), encoding="utf-8")
    rows = list(read_objects(file, lists=known))
    assert _values(rows) == TRICKY
    assert rows[0].line == (1 if indent is None else 3)
    assert _values(list(read_objects(file, lists=["other"]))) == [{"rows": TRICKY}]


CUT_LINES = {
    "after a comma": b'{"id": "a", "schema": "Person",',
    "after a comma in a text": b'{"id": "a", "name": "Example,',
    "after a brace": b'{"id": "a", "properties": {',
    "after a bracket": b'{"id": "a", "properties": {"name": [',
    "after a comma in a list": b'{"id": "a", "properties": {"name": ["A",',
    "after a bracket in a text": b'{"id": "a", "name": "[see {',
}


@pytest.mark.parametrize("cut", CUT_LINES)
def test_a_first_line_that_is_cut_short_affects_no_other(tmp_path: Path, cut: str) -> None:
    rows = _read(tmp_path / "a.json", CUT_LINES[cut] + b'\n{"id": "b"}\n{"id": "c"}\n')
    assert [row.raw for row in rows] == [CUT_LINES[cut], b'{"id": "b"}', b'{"id": "c"}']


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [\n{"b": 1}\n]}',
        '{"a": [{"b": 1},\n{"c": 1}\n]}',
        '{"a": [1,\n{"b": 1},\n{"c": 1}]}',
        '{"a":\n1,\n"b": 2}',
        '{"a": "x, {",\n"b": {"c": 1}}',
    ],
)
def test_an_object_over_several_lines_is_one(tmp_path: Path, text: str) -> None:
    if text.startswith('{"a":\n'):
        text = text.replace('{"a":\n', '{\n"a":')
    assert _values(_read(tmp_path / "a.json", text)) == [json.loads(text)]


def test_objects_of_lists_in_a_list_are_counted_on_and_other_lists_stay_rows(tmp_path: Path) -> None:
    rows = _read(tmp_path / "a.json", '[[{"a": 1}, {"a": 2}], {"a": 3},\n[{"a": 4}], [1, {}], [[{}]], []]')
    assert [(row.line, row.element) for row in rows[:4]] == [(1, 1), (1, 2), (1, 3), (2, 0)]
    assert [row.raw for row in rows[4:]] == [b"[1, {}]", b"[[{}]]", b"[]"]

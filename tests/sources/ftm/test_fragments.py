"""Are lines that share an id read as parts of one entity?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.ontology import load_ontology
from kg.sources.ftm.fragments import repeated_ids, survey_ids
from kg.sources.ftm.read import FtmLineReader
from kg.sources.rows import ReadContext, SourceRow
from tests.sources.read_results import NAMESPACE, read_files, records, rejects

Line = dict[str, Any] | str


def line(key: str, schema: str, around: dict[str, Any] | None = None, **properties: list[Any]) -> dict[str, Any]:
    """An invented entity, or a part of one."""
    return {"id": key, "schema": schema, "properties": properties, **(around or {})}


def read(folder: Path, *lines: Line) -> list[Any]:
    """What is read of a file with these lines."""
    path = folder / "x.ftm.json"
    texts = (text if isinstance(text, str) else json.dumps(text) for text in lines)
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return read_files(path)


OTHERS = [line(f"other-{n}", "Person", name=[f"Other {n} (invented)"]) for n in range(50)]


@pytest.mark.parametrize("between", [[], OTHERS], ids=["adjacent", "far apart"])
def test_parts_are_merged_and_the_more_specific_schema_wins(tmp_path: Path, between: list[Line]) -> None:
    one = line("a", "LegalEntity", name=["Ann (invented)"], country=["sm"])
    other = line("a", "Person", name=["Ann (invented)"], nationality=["fr"], birthDate=["1970"])
    found = read(tmp_path, one, *between, other)
    assert rejects(found) == []
    of_a = {part: record for (key, part), record in records(found).items() if key == "a"}
    assert (of_a[""].type, of_a[""].properties) == ("Person", {"name": ["Ann (invented)"], "birth_date": ["1970"]})
    assert sorted(of_a) == ["", "country:sm", "nationality:fr"]


def test_parts_may_end_with_the_comma_of_a_list_whose_brackets_are_gone(tmp_path: Path) -> None:
    parts = line("a", "Person", name=["Ann (invented)"]), line("a", "Person", birthDate=["1970"])
    found = read(tmp_path, *OTHERS[:2], *(f"{json.dumps(part)}," for part in parts))
    assert rejects(found) == []
    assert records(found)["a", ""].properties == {"name": ["Ann (invented)"], "birth_date": ["1970"]}


def test_an_edge_may_have_each_end_on_a_line_of_its_own(tmp_path: Path) -> None:
    parts = [
        line("o", "Ownership", percentage=["51"]),
        line("o", "Ownership", owner=["ann"]),
        line("o", "Ownership", asset=["acme"]),
    ]
    found = read(tmp_path, *parts)
    assert rejects(found) == []
    assert records(found)["o", "ann→acme"].properties == {"share": ["51"]}


def test_a_line_may_have_any_schema_that_another_ones_extends(tmp_path: Path) -> None:
    parts = [
        line("o", "Interval", startDate=["2014-02-03"]),
        line("o", "Ownership", owner=["ann"]),
        line("o", "Interest", asset=["acme"]),
        line("acme", "Company", name=["Acme (invented)"]),
        line("acme", "Thing", alias=["Acme & Co (invented)"]),
        line("alone", "Thing", name=["Odd (invented)"]),
        line("alone", "Interval"),
        line("twice", "Thing", name=["Odd (invented)"]),
        line("twice", "Thing", alias=["Odder (invented)"]),
    ]
    found = read(tmp_path, *parts)
    assert records(found)["o", "ann→acme"].properties == {"start_date": ["2014-02-03"]}
    assert records(found)["acme", ""].properties == {"name": ["Acme (invented)"], "alias": ["Acme & Co (invented)"]}
    assert {key for key, _ in records(found)} == {"o", "acme"}
    assert [(reject.line, reject.whole) for reject in rejects(found)] == [(n, True) for n in (6, 7, 8, 9)]


def test_a_line_without_a_common_line_of_descent_is_refused_whole_and_kept_as_it_was(tmp_path: Path) -> None:
    odd = '{"schema":"Vessel",  "id":"a","properties":{"name":["Boat (invented)"],"country":["mt"]}}'
    person = [line("a", "Person", name=["Ann (invented)"]), line("a", "LegalEntity", name=["Anna (invented)"])]
    found = read(tmp_path, odd, *person)
    (reject,) = rejects(found)
    assert (reject.line, reject.row, reject.whole) == (1, odd, True)
    said = "another row says that 'a' is of schema LegalEntity and Person, and neither extends the other"
    assert reject.reason == f"schema Vessel: {said}"
    assert list(records(found)) == [("a", "")] and records(found)["a", ""].type == "Person"
    both = read(tmp_path, odd, person[0])  # no line tells which is right, so that their order must not
    assert ([reject.whole for reject in rejects(both)], records(both)) == ([True, True], {})
    company = [line("c", schema, name=["Acme (invented)"]) for schema in ("Asset", "LegalEntity", "Company")]
    assert rejects(read(tmp_path, *company)) == []


def test_a_whole_entity_that_cannot_be_read_is_refused_with_all_its_lines(tmp_path: Path) -> None:
    lines = [json.dumps(line("o", "Ownership", percentage=[share])) for share in ("51", "52")]
    found = read(tmp_path, *lines)
    assert [(r.line, r.row, r.whole) for r in rejects(found)] == [(1, lines[0], True), (2, lines[1], True)]
    assert records(found) == {}


def test_a_value_that_cannot_be_read_is_shown_with_its_own_line(tmp_path: Path) -> None:
    lines = [json.dumps(line("a", "Person", birthDate=[date])) for date in ("1970", "never")]
    found = read(tmp_path, *lines)
    assert [(r.line, r.row, r.whole) for r in rejects(found)] == [(2, lines[1], False)]
    assert records(found)["a", ""].properties == {"birth_date": ["1970"]}


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"id": "a", "schema": "Person", "properties": ["name"]}, "key properties: expected a JSON object"),
        ({"id": "a", "schema": "Ghost", "properties": {}}, "schema Ghost has no type"),
        ({"id": "a"}, "key schema, value None"),
        (line("a", "Person", {"kg": {"handling": "secret"}}), "kg.handling"),
    ],
)
def test_a_part_that_cannot_be_read_leaves_the_others(tmp_path: Path, broken: Line, reason: str) -> None:
    found = read(tmp_path, broken, line("a", "Person", name=["Ann (invented)"]), line("a", "Person", title=["Dr"]))
    (reject,) = rejects(found)
    assert reason in reject.reason and (reject.line, reject.whole) == (1, True)
    assert records(found)["a", ""].properties == {"name": ["Ann (invented)"], "title": ["Dr"]}


def test_words_that_parts_do_not_understand_are_merged(tmp_path: Path) -> None:
    words = (["born", "birth_date", "soon"], ["born", "birth_date", "ago"])
    parts = [line("a", "Person", {"kg": {"not_understood": [word]}}) for word in words]
    (made,) = records(read(tmp_path, *parts, line("a", "Person", birthDate=["late"]))).values()
    assert [value.words for value in made.not_understood] == ["late", "ago", "soon"]


def test_a_part_for_the_protected_scope_does_not_become_open(tmp_path: Path) -> None:
    hidden = line("a", "Person", {"kg": {"handling": "protected"}}, nationality=["fr"])
    found = read(tmp_path, line("a", "Person", name=["Ann (invented)"]), hidden)
    assert [(r.line, r.whole) for r in rejects(found)] == [(2, True)]
    assert list(records(found)) == [("a", "")]


def test_an_equal_line_is_read_again_so_that_it_is_counted(tmp_path: Path) -> None:
    said = line("a", "Person", name=["Ann (invented)"])
    found = read(tmp_path, said, *OTHERS, dict(reversed(said.items())), said)
    bodies = [r.body() for r in found if r.key == "a"]
    assert bodies == [bodies[0]] * 3 and bodies[0]["properties"] == {"name": ["Ann (invented)"]}


def test_what_stands_around_is_merged(tmp_path: Path) -> None:
    one = line("a", "Person", {"datasets": ["x"], "referents": ["b"], "first_seen": "2020", "target": True})
    other = line("a", "Person", {"datasets": ["y"], "referents": ["c"], "first_seen": "2019", "target": False})
    found = read(tmp_path, one, other)
    record = records(found)["a", ""]
    assert (record.provenance.datasets, record.referents, record.other["first_seen"]) == (
        ("x", "y"),
        ("b", "c"),
        ["2019"],
    )
    assert record.other["target"] == ["true", "false"], "both, because neither is more right"
    assert rejects(found) == []


@pytest.mark.parametrize("odd", [{}, {"a": 1}, [], None, 7, [None], [[]]])
@pytest.mark.parametrize("name", ["datasets", "referents", "first_seen", "last_change", "caption", "name"])
def test_odd_values_of_parts_are_set_aside_and_stop_nothing(tmp_path: Path, name: str, odd: Any) -> None:
    parts = [line("a", "Person", {name: found}, alias=[found]) for found in ([odd], odd, ["x"], "x")]
    found = read(tmp_path, *parts)
    assert records(found)["a", ""].properties.get("alias") == ["x"] and not any(r.whole for r in rejects(found))


def test_an_entity_is_merged_with_one_that_another_contains(tmp_path: Path) -> None:
    holder = line("o", "Ownership", owner=[line("a", "Person", name=["Ann (invented)"])], asset=["acme"])
    found = read(tmp_path, line("a", "LegalEntity", country=["sm"]), holder)
    assert rejects(found) == []
    assert sorted(records(found)) == [("a", ""), ("a", "country:sm"), ("o", "a→acme")]


@pytest.mark.parametrize("bad", ["birthDate", "schema"])
def test_a_reject_of_a_nested_entity_has_the_line_as_it_was(tmp_path: Path, bad: str) -> None:
    ann = line("a", "Ghost" if bad == "schema" else "Person", birthDate=["never"])
    text = json.dumps(line("o", "Ownership", owner=[ann], asset=["acme"]), indent=None, separators=(" , ", ": "))
    (reject,) = rejects(read(tmp_path, text))
    assert reject.row == text


def test_lines_of_a_delta_are_no_parts(tmp_path: Path) -> None:
    changes = [{"op": "MOD", "entity": line("a", "Person", name=[f"Ann {n}"])} for n in range(2)]
    assert len(read(tmp_path, *changes)) == 4  # each takes back what was before


@pytest.mark.parametrize(
    ("lines", "again"),
    [
        (['{"id": "a"}', '{"schema": "Person", "id" : "a"}'], {"a"}),
        (['{"id": "a\\u0062"}', '{"id": "ab"}', '{"id": "b"}'], {"ab"}),
        (['{"properties": {"owner": [{"id": "a"}, {"id": "a"}]}, "id": "b"}', '{"id": "b"}'], {"b"}),
        (['{"id": "b", "properties": {"owner": [{"id": "a"}]}}', '{"id": "a"}', '{"id": "c"}'], {"a"}),
        (['{"op": "ADD", "entity": {"id": "a"}}', '{"op": "DEL", "entity": {"id": "a"}}'], set()),
        (['{"id": 1}', '{"id": 1}', "[]", "{", '{"id": "\\q"}', '"id": "x" "id": "x"'], set()),
    ],
)
def test_ids_that_lines_share_are_found_however_they_are_written(lines: list[str], again: set[str]) -> None:
    found = repeated_ids([survey_ids(text.encode() for text in lines)])
    assert {key for key in ("a", "b", "c", "ab") if key in found} == again


@pytest.mark.parametrize(
    "wrapped",
    [
        "[{}]",
        '{{"total": 3, "errors": [], "facets": [1], "entities": [{}]}}',
        '{{\n"entities" : [\n{}\n], "next": null}}',
    ],
)
@pytest.mark.parametrize("comma", [", ", ",\n"])
def test_parts_in_a_list_are_merged_as_those_on_lines(tmp_path: Path, wrapped: str, comma: str) -> None:
    parts: list[Line] = [
        line("a", "Person", name=["Ann (invented)"]),
        line("a", "Vessel", name=["MY Ann (invented)"]),
        line("a", "Person", nationality=["fr"], birthDate=["1970"]),
    ]
    path = tmp_path / "list.ftm.json"
    texts = [json.dumps(part).replace("{", "{ ", 1) for part in parts]
    path.write_text(wrapped.format(comma.join(texts)), encoding="utf-8")
    on_lines, context = read(tmp_path, *parts), ReadContext(load_ontology(), NAMESPACE)
    reader = FtmLineReader(context)
    rows = [SourceRow(str(path), 1, path.read_bytes())]
    reader.learn(reader.combine([reader.survey(rows)]))
    in_processes = list(reader.read(rows)) if not wrapped.startswith("[") else read_files(path)
    with reader.left() as left:
        left.add(reader.take_left())
        in_processes += left.read()
    for found in (read_files(path), in_processes):
        assert [replace(r, line=0) for r in records(found).values()] == [
            replace(r, line=0) for r in records(on_lines).values()
        ]
        assert [(r.reason, r.row) for r in rejects(found)] == [(rejects(on_lines)[0].reason, texts[1])]

"""Do rows become lines that neo4j-admin reads as what they were?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kg.errors import StoreError
from kg.stores.neo4j.csv_files import ELEMENT_SEPARATOR, CsvFile
from kg.stores.neo4j.graph_rows import GraphRow


def row(**properties: Any) -> GraphRow:
    return GraphRow(("Person", "Entity"), "p", {"id": "p", **properties})


@pytest.fixture
def lines(tmp_path: Path) -> CsvFile:
    return CsvFile(tmp_path, "nodes-01-Person", ("Person", "Entity"))


def written(lines: CsvFile, folder: Path) -> list[list[str]]:
    file = lines.finish()
    texts = (folder / name for name in (file.header, file.name))
    return [line.split("\t") for text in texts for line in text.read_text(encoding="utf-8").split("\n") if line]


def test_columns_are_typed_and_found_as_rows_come(lines: CsvFile, tmp_path: Path) -> None:
    assert lines.add(row(share=51.0, born=date(1958, 3, 4)))
    assert lines.add(row(minor=120050, own=True, all=["a", "b"], facts=[1.0, -1.0]))
    assert written(lines, tmp_path) == [
        ["id:ID", "share:double", "born:date", "minor:long", "own:boolean", "all:string[]", "facts:double[]"],
        ["p", "51.0", "1958-03-04"],
        ["p", "", "", "120050", "true", f"a{ELEMENT_SEPARATOR}b", f"1.0{ELEMENT_SEPARATOR}-1.0"],
    ]


def test_links_begin_with_their_ends_and_keep_their_id_as_a_property(tmp_path: Path) -> None:
    lines = CsvFile(tmp_path, "links-01-OWNS", ("OWNS",))
    lines.add(GraphRow(("OWNS",), "l", {"id": "l"}, "a", "b"))
    assert written(lines, tmp_path) == [[":START_ID", ":END_ID", "id:string"], ["a", "b", "l"]]


def test_only_fields_that_begin_with_a_quote_are_in_quotes(lines: CsvFile, tmp_path: Path) -> None:
    lines.add(row(name='"Q" Ann', body='{"a":1}', none="", all=['"Q"', "b"]))
    assert written(lines, tmp_path)[1] == ["p", '"""Q"" Ann"', '{"a":1}', '""', f'"""Q""{ELEMENT_SEPARATOR}b"']


def test_a_text_of_two_quotes_is_not_taken_for_an_empty_one(lines: CsvFile, tmp_path: Path) -> None:
    lines.add(row(name='""'))
    assert written(lines, tmp_path)[1] == ["p", '""""""']


def test_a_key_has_values_of_one_type_in_a_file(lines: CsvFile, tmp_path: Path) -> None:
    assert [lines.add(row(number=value)) for value in (1, 1.5, 2)] == [True, False, True]
    assert written(lines, tmp_path) == [["id:ID", "number:long"], ["p", "1"], ["p", "2"]]


def test_a_line_end_in_a_text_is_refused(lines: CsvFile) -> None:
    with pytest.raises(StoreError, match="p has a text of several lines"):
        lines.add(row(name="a\nb"))

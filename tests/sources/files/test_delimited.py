"""Are the rows of a table read with their lines, and nothing lost?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.records import Reject
from kg.sources.files.delimited import read_table
from kg.sources.rows import ignore_progress


def _table(tmp_path: Path, content: bytes) -> list[tuple[int, object]]:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    read = read_table(file, ["id", "name"], ignore_progress)
    return [(r.line, r.reason) if isinstance(r, Reject) else (r[0].line, r[1]) for r in read]


def test_a_row_is_told_by_its_first_line(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbfid,name,note\r\n1,"two\nlines",\r\n\r\n2,"a ""quoted"" name",x\n'
    assert _table(tmp_path, content) == [
        (2, {"id": "1", "name": "two\nlines", "note": ""}),
        (5, {"id": "2", "name": 'a "quoted" name', "note": "x"}),
    ]


def test_rows_that_cannot_be_read_are_rejects_and_the_next_ones_are_read(tmp_path: Path) -> None:
    content = b'id,name\n1\n2,x,y\n3,caf\xe9\n4,"a"b\n5,ok\n6,"open'
    assert _table(tmp_path, content) == [
        (2, "expected 2 cells, not 1"),
        (3, "expected 2 cells, not 3"),
        (4, "expected UTF-8, not the byte E9; save the table as CSV UTF-8, or name its `encoding` in the declaration"),
        (5, "cannot be read as a row of a table: ',' expected after '\"'"),
        (6, {"id": "5", "name": "ok"}),
        (7, "cannot be read as a row of a table: unexpected end of data"),
    ]


def test_a_quote_that_takes_in_rows_is_told(tmp_path: Path) -> None:
    content = b'id,name\n1,"stray\n2,b\n3,""c""\n4,d"\n5,"two\nlines, no row\nhere"\n6,"open\n7,e\n8,f\n'
    told, swallowed, kept, *lost = _table(tmp_path, content)
    assert told == (
        2,
        "a quote opened in line 2 is closed in line 5, and lines between look like rows (2); they were read as one "
        "cell; if that is wrong, take the quote away or double it",
    )
    first = next(iter(read_table(tmp_path / "a.csv", ["id", "name"], ignore_progress)))
    assert isinstance(first, Reject)
    assert not first.is_remark
    assert swallowed == (2, {"id": "1", "name": 'stray\n2,b\n3,"c"\n4,d'})
    assert kept == (6, {"id": "5", "name": "two\nlines, no row\nhere"})
    why = (
        "cannot be read as a row of a table: the quote opened in line 9 is not closed; 2 more lines went into its cell"
    )
    assert lost == [(9, why), (10, why), (11, why)]


def test_lines_may_end_with_cr_alone_some_of_them(tmp_path: Path) -> None:
    for content in (b'id,name\r1,a\n2,"b\rc"\r\n3,d\r4,e', b'id,name\n1,a\r2,"b\rc"\r3,d\r4,e\r'):
        assert _table(tmp_path, content) == [
            (n, {"id": str(n - 1), "name": name}) for n, name in ((2, "a"), (3, "b\rc"), (4, "d"), (5, "e"))
        ]


def test_columns_without_a_heading_are_empty_or_told_by_their_letters(tmp_path: Path) -> None:
    assert _table(tmp_path, b"id,name,,\n1,a,,\n2,b,,x\n") == [
        (2, {"id": "1", "name": "a", "column C": "", "column D": ""}),
        (3, {"id": "2", "name": "b", "column C": "", "column D": "x"}),
    ]


@pytest.mark.parametrize("start", [b"sep=;\r\n", b'"sep=;"\n', b"\xef\xbb\xbfSEP=;\n", b"\n\nsep=;\n"])
def test_the_line_that_names_the_delimiter_is_no_row(tmp_path: Path, start: bytes) -> None:
    line = 2 + start.count(b"\n")
    assert _table(tmp_path, start + b"id;name\n1;a, b\n") == [(line, {"id": "1", "name": "a, b"})]


def test_blank_lines_above_the_header_are_skipped(tmp_path: Path) -> None:
    assert _table(tmp_path, b"\n  \nid,name\n1,a\n") == [(4, {"id": "1", "name": "a"})]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            b"id,title\n",
            "a.csv:1: expected a column called name; the header has 'id', 'title'; if the header is",
        ),
        (b"id,name,id\n", "a.csv:1: column id occurs more than once"),
        (b'id,"name\n', "a.csv:1: expected a header row"),
        (b"", "a.csv: is empty"),
        (b"\n \n", "a.csv:3: expected a header row"),
        (b"sep=;\n", "a.csv:2: expected a header row"),
        (b"id;name\n1;a\n", "a.csv:1: expected cells separated by ',', not ';'; name it in the `format`"),
        (b"id\tname\n", "a.csv:1: expected cells separated by ',', not '\\t'"),
        (b"sep=;\nid,name\n", "a.csv:2: expected cells separated by ';', not ','"),
    ],
)
def test_a_header_that_lacks_what_is_needed_stops_the_load(tmp_path: Path, header: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        _table(tmp_path, header)
    assert message in str(caught.value)

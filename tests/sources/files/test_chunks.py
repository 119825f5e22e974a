"""Are the lines of chunks those of the whole file?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.sources.files import chunks as module
from kg.sources.files.chunks import FileChunks
from kg.sources.files.json_objects import read_rows
from kg.sources.files.lines import is_plain

TEXTS = st.lists(
    st.sampled_from([b"\n", b"\r\n", b" ", b"ab", b"\xff", b"{}", b"\xef\xbb\xbf", b"\r", b"x" * 30]), min_size=1
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=TEXTS, size=st.integers(1, 40))
def test_any_file_has_the_same_rows_in_chunks_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: list[bytes], size: int
) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"".join(parts))
    if not is_plain(path):
        return
    monkeypatch.setattr(module, "CHUNK", size)
    blank, cut = list[int](), list(FileChunks().cut(path))
    rows = [row for chunk in cut for row in chunk.rows(blank.append)]
    assert rows == list(read_rows(path))
    assert not cut or sum(chunk.size_on_disk for chunk in cut) == path.stat().st_size
    assert len(blank) == len(cut)


def test_a_line_that_is_too_long_is_refused_where_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"a\n" + b"b" * 100)
    for name, value in (("CHUNK", 16), ("MAX_LINE", 32)):
        monkeypatch.setattr(module, name, value)
    first, second = FileChunks().cut(path)
    assert [row.raw for row in first.rows(lambda count: None)] == [b"a"]
    with pytest.raises(InputError, match=r"x\.txt:2: expected a line of at most 32 bytes"):
        list(second.rows(lambda count: None))


def test_a_file_that_shrinks_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"a\nb\n")
    (chunk,) = FileChunks().cut(path)
    path.write_bytes(b"a\n")
    with pytest.raises(InputError, match=r"x\.txt:1: was changed while it was read"):
        list(chunk.rows(lambda count: None))
    path.write_bytes(b"abc\n")
    with pytest.raises(InputError, match=r"x\.txt:1: was changed while it was read"):
        list(chunk._replace(only=(2,)).rows(lambda count: None))


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08", b"a\0b\0", b"\xff\xfea\0", b"a\rb\r", b"<html>"], ids=repr)
def test_other_files_are_not_cut(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(content)
    assert not is_plain(path)
    assert not is_plain(tmp_path / "missing") and not is_plain(tmp_path)

"""Are lines read whole, in order, and without trusting the file?"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.sources.files import lines as module
from kg.sources.files.lines import read_lines


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_lines_are_numbered_from_one_and_lose_only_their_ends(tmp_path: Path) -> None:
    file = _written(tmp_path / "a.txt", b"one\r\n\n three \nlast")
    assert list(read_lines(file)) == [(1, b"one"), (2, b""), (3, b" three "), (4, b"last")]


@pytest.mark.parametrize("name", ["a.gz", "named-as-if-plain.txt"])
def test_gzip_is_told_by_its_content(tmp_path: Path, name: str) -> None:
    file = _written(tmp_path / name, gzip.compress(b"one\ntwo\n") + gzip.compress(b"three\n"))
    assert [line for _, line in read_lines(file)] == [b"one", b"two", b"three"]


@pytest.mark.parametrize("compress", [bz2.compress, lzma.compress, gzip.compress], ids=["bzip2", "xz", "gzip"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_compression_and_encoding_are_told_by_the_content(
    tmp_path: Path, compress: Callable[[bytes], bytes], encoding: str
) -> None:
    text = "Example Ærø\n" + "x" * 2_000_000 + "\n张伟\n"
    expected = [(n, line.encode()) for n, line in enumerate(text.splitlines(), start=1)]
    assert list(read_lines(_written(tmp_path / "a.txt", compress(text.encode(encoding))))) == expected
    assert list(read_lines(_written(tmp_path / "b.txt", text.encode(encoding)))) == expected


def test_lines_end_as_old_macs_ended_them(tmp_path: Path) -> None:
    file = _written(tmp_path / "a.txt", b"one\rtwo \xd6\r" + b"x" * 2_000_000 + b"\r")
    assert list(read_lines(file)) == [(1, b"one"), (2, b"two \xd6"), (3, b"x" * 2_000_000)]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    assert list(read_lines(_written(tmp_path / "a.txt", b"\xef\xbb\xbf{}\n"))) == [(1, b"{}")]


@pytest.mark.parametrize("packed", [False, True])
def test_progress_adds_up_to_the_bytes_on_the_disk(tmp_path: Path, packed: bool) -> None:
    content = b"".join(b"%d example\n" % n for n in range(300_000))
    file = _written(tmp_path / "a", gzip.compress(content) if packed else content)
    steps: list[int] = []
    assert sum(1 for _ in read_lines(file, steps.append)) == 300_000
    assert sum(steps) == file.stat().st_size
    assert len([s for s in steps if s]) > 1 or packed


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    file = _written(tmp_path / "a.gz", gzip.compress((b"x" * 199 + b"\n") * 100_000))
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_lines(file)) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()


def _tar() -> bytes:
    with io.BytesIO() as packed:
        with tarfile.open(fileobj=packed, mode="w") as archive:
            archive.addfile(tarfile.TarInfo("a.txt"))
        return packed.getvalue()


FAULTS = {
    "missing": ("a.txt", None, "a.txt: there is no such file"),
    "empty": ("a.txt", b"", "a.txt: is empty: expected at least one line"),
    "empty gzip": ("a.gz", gzip.compress(b""), "a.gz: is empty: expected at least one line"),
    "empty file named gz": ("a.gz", b"", "a.gz: is empty: expected at least one line"),
    "not gzip": ("a.gz", b"{}\n", "a.gz: is named .gz; expected gzip data"),
    "cut short": (
        "a.gz",
        gzip.compress(b"one\ntwo\n")[:-9],
        "a.gz:1: is cut short: expected the gzip data to go on",
    ),
    "checksum": (
        "a.gz",
        gzip.compress(b"one\n")[:-8] + b"\0" * 8,
        "a.gz:1: is damaged: expected gzip data (CRC check failed",
    ),
    "bytes changed": (
        "a.gz",
        gzip.compress(b"one\n")[:10] + b"\x07" * 40,
        "a.gz:1: is damaged: expected gzip data (Error -3",
    ),
    "something else after the end": (
        "a.gz",
        gzip.compress(b"one\n") + b"more",
        "a.gz:1: is damaged: expected gzip data (Not a gzipped file",
    ),
    "utf-16 that ends within a character": (
        "a.txt",
        "one\n".encode("utf-16") + b"o",
        "a.txt:2: is damaged: expected UTF-16-LE (truncated data)",
    ),
    "utf-32": ("a.txt", "one\n".encode("utf-32"), "a.txt:1: is UTF-32; expected UTF-8"),
    "cut short bzip2": (
        "a.bz2",
        bz2.compress(b"one\n")[:-9],
        "a.bz2:1: is cut short: expected the bzip2 data to go on",
    ),
    "damaged xz": ("a.xz", lzma.compress(b"one\n")[:30] + b"\7" * 40, "a.xz:1: is damaged: expected xz data ("),
    "not bzip2": ("a.bz2", b"one\n", "a.bz2: is named .bz2; expected bzip2 data"),
    "zip": (
        "a.txt",
        b"PK\3\4" + b"\0" * 40,
        "a.txt:1: is a workbook under another name (name it .xlsx), a document (copy its table into a sheet, "
        "`kg template`), or a zip archive that is damaged or inside another",
    ),
    "OpenDocument": (
        "a.ods",
        b"PK\3\4" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK",
        "a.ods:1: is a sheet or document in the format OpenDocument; save it as XLSX or CSV",
    ),
    "7z": ("a.txt", b"7z\xbc\xaf\x27\x1c\0\4", "a.txt:1: is a 7z archive; unpack it"),
    "RAR": ("a.txt", b"Rar!\x1a\7\1\0", "a.txt:1: is a RAR archive; unpack it"),
    "zstd": ("a.txt", b"\x28\xb5\x2f\xfd\0", "a.txt:1: is compressed by zstd; decompress it"),
    "tar in gzip": ("a.gz", gzip.compress(_tar()), "a.gz:1: is a tar archive; unpack it"),
    "zip in gzip": (
        "a.gz",
        gzip.compress(b"PK\3\4" + b"\0" * 40),
        "a.gz:1: is a workbook or zip archive, compressed by gzip once more; decompress it",
    ),
    "web page": ("a.txt", b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "a.txt:1: is a web page; download the data"),
    "LFS": (
        "a.txt",
        b"version https://git-lfs.github.com/spec/v1\noid",
        "a.txt:1: is a pointer of Git LFS, not the file",
    ),
    "picture": ("a.txt", b"\x89PNG\r\n", "a.txt:1: is a picture; type the table"),
    "PDF": ("a.txt", b"%PDF-1.7\n", "a.txt:1: is a PDF; export the data as CSV"),
    "SQLite": ("a.txt", b"SQLite format 3\0\1", "a.txt:1: is a SQLite database; export its tables"),
    "old workbook": ("a.txt", b"\xd0\xcf\x11\xe0\xa1", "a.txt:1: is a workbook or document in an old Office format"),
    "binary workbook": ("a.xlsb", b"PK\x03\x04", "a.xlsb:1: is a binary workbook; save it as XLSX or CSV"),
    "Parquet": ("a.txt", b"PAR1\x15", "a.txt:1: is a Parquet file"),
    "name too long": ("a" * 300, None, "File name too long"),
}


@pytest.mark.parametrize(("name", "content", "message"), FAULTS.values(), ids=FAULTS)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    file = tmp_path / name if content is None else _written(tmp_path / name, content)
    with pytest.raises(InputError) as caught:
        list(read_lines(file))
    assert message in str(caught.value)
    assert str(file) in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; expected a file"):
        list(read_lines(tmp_path))


def test_a_gzip_cut_short_gives_what_it_holds_and_then_names_the_line(tmp_path: Path) -> None:
    content = gzip.compress(b"".join(b"%d example\n" % n for n in range(400_000)))
    file = _written(tmp_path / "a.gz", content[: len(content) // 2])
    read: list[int] = []
    with pytest.raises(InputError, match="is cut short") as caught:
        read.extend(number for number, _ in read_lines(file))
    assert read and caught.value.location.line == read[-1] + 1


def test_a_line_that_would_fill_the_memory_stops_the_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LINE", 10)
    file = _written(tmp_path / "a.txt", b"short\n" + b"x" * 11 + b"\n")
    with pytest.raises(InputError, match=r"a.txt:2: expected a line of at most 10 bytes"):
        list(read_lines(file))

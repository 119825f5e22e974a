"""Reads the lines of plain and compressed files, with limits that no file can exceed."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, InputLocation
from kg.sources.rows import Progress, ignore_progress

if TYPE_CHECKING:
    from typing_extensions import Buffer

MAX_LINE = 64 * 1024 * 1024
"""Longest line, in bytes; a longer one stops the load before it fills the memory."""

MAX_EXPANSION = 200
"""How many times larger than on disk a compressed file may be. Data expands 5 to 30 times, a bomb 1,000 times."""
EXPANSION_CHECKED_FROM = 32 * 1024 * 1024
"""Smaller content, in bytes, may be any number of times larger."""
_MAX_HELD = 8 * 1024 * 1024
MAX_BLANK_LINES = 1_000_000
"""Most lines of a file with nothing but white space. Each takes its time, and a few kilobytes of gzip hold millions."""

_BOM = b"\xef\xbb\xbf"
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_CHUNK = 1024 * 1024

_COMPRESSIONS: Mapping[bytes, tuple[str, str, Callable[[io.BufferedReader], io.BufferedIOBase | gzip.GzipFile]]] = {
    b"\x1f\x8b": ("gzip", ".gz", lambda stored: gzip.GzipFile(fileobj=stored)),
    b"BZh": ("bzip2", ".bz2", bz2.BZ2File),
    b"\xfd7zXZ\x00": ("xz", ".xz", lzma.LZMAFile),
}
"""First bytes of a compressed file, with the name, the usual ending and the reader of the compression."""

_ENDINGS = tuple(ending for _, ending, _ in _COMPRESSIONS.values())

BINARY_WORKBOOK = "is a binary workbook; save it as XLSX or CSV"
_OTHER_KINDS = {
    b"\xff\xfe\x00\x00": "is UTF-32; expected UTF-8",
    b"\x00\x00\xfe\xff": "is UTF-32; expected UTF-8",
    b"PK\x03\x04": (
        "is a workbook under another name (name it .xlsx), a document (copy its table into a sheet, `kg template`), or"
        " a zip archive that is damaged or inside another"
    ),
    b"PK\x05\x06": "is an empty zip archive",
    b"7z\xbc\xaf\x27\x1c": "is a 7z archive; unpack it",
    b"Rar!\x1a\x07": "is a RAR archive; unpack it",
    b"\x28\xb5\x2f\xfd": "is compressed by zstd; decompress it",
    b"PAR1": "is a Parquet file; name it .parquet, and declare its table if no connector reads it",
    b"SQLite format 3\x00": "is a SQLite database; export its tables as CSV",
    b"\xd0\xcf\x11\xe0": "is a workbook or document in an old Office format; save it as XLSX or CSV",
    b"version https://git-lfs.github.com/": "is a pointer of Git LFS, not the file; fetch that with `git lfs pull`",
    b"{\\rtf": "is an RTF document; type the table into a sheet (`kg template`)",
    b"\x89PNG": "is a picture; type the table into a sheet (`kg template`)",
    b"\xff\xd8\xff": "is a picture; type the table into a sheet (`kg template`)",
    b"%PDF": "is a PDF; export the data as CSV, or type the table into a sheet (`kg template`)",
}
"""First bytes of files that are no text, with what they are and what to do."""

_WEB_PAGES = (b"<!doctype html", b"<html")
MAX_SIGNATURE = 512


def read_lines(path: Path, progress: Progress = ignore_progress) -> Iterator[tuple[int, bytes]]:
    """Each line of a plain or compressed file with its number from 1, without its line end and a leading mark.

    The file is read lazily; UTF-16 becomes UTF-8. The calls of `progress` add up to the size on disk.
    Raises InputError, naming file and line, for a file that is missing, a folder, unreadable, empty, no text, cut
    short or damaged, for a line longer than MAX_LINE, and for more blank lines than MAX_BLANK_LINES.
    """
    blank = 0
    for number, line in enumerate(_pieces(path, progress, lambda s: partial(s.readline, MAX_LINE + 1)), start=1):
        if len(line) > MAX_LINE:
            raise InputError(f"expected a line of at most {MAX_LINE} bytes", InputLocation(str(path), number))
        if line.isspace():
            blank += 1
            if blank > MAX_BLANK_LINES:
                raise too_many_blank_lines(str(path), number)
        yield number, line.rstrip(b"\r\n")


def read_chunks(path: Path, progress: Progress = ignore_progress) -> Iterator[bytes]:
    """A plain or compressed file in pieces of up to a megabyte, without a leading mark.

    Reads, reports progress and raises InputError as `read_lines` does.
    """
    return _pieces(path, progress, lambda stream: partial(stream.read, _CHUNK))


def _pieces(
    path: Path, progress: Progress, reader: Callable[[io.BufferedIOBase], Callable[[], bytes]]
) -> Iterator[bytes]:
    """What `reader` of the file gives at each call, until that is nothing."""
    raw, line, started, size, compression = _open_regular_file(path), 1, False, 0, ""
    try:
        with raw:
            stored, compression = _decompressed(path, raw)
            stream = _in_utf_8(path, stored, compression)
            for piece in iter(reader(stream), b""):
                yield piece if started else piece.removeprefix(_BOM)
                line, started, size = line + piece.count(b"\n"), True, size + len(piece)
                if size > EXPANSION_CHECKED_FROM and size > raw.total * MAX_EXPANSION:
                    problem = f"expands to more than {MAX_EXPANSION} times its size; decompress it, if that is right"
                    raise InputError(problem, InputLocation(str(path), line))
                if raw.count:
                    progress(raw.take_count())
    except (EOFError, OSError, zlib.error, lzma.LZMAError, UnicodeDecodeError) as error:
        raise read_error(InputLocation(str(path), line), error, compression) from None
    if not started:
        raise InputError("is empty: expected at least one line", InputLocation(str(path)))
    progress(raw.take_count())


def is_plain(path: Path) -> bool:
    """Whether the lines of a file are those of its bytes: it is neither compressed nor in another encoding.

    False also where `read_lines` says what is wrong with it.
    """
    try:
        with _open_regular_file(path) as raw:
            stored, compression = _decompressed(path, raw)
            return not compression and bool(stored.peek(1)) and _in_utf_8(path, stored, "") is stored
    except (InputError, OSError):
        return False


def are_small(files: Sequence[Path]) -> bool:
    """Whether all that is in the files may be in memory at once; compressed ones may grow."""
    return all(map(is_plain, files)) and sum(path.stat().st_size for path in files) <= _MAX_HELD


def uncompressed_name(name: str) -> str:
    """The name of a file without the ending of its compression."""
    ending = next((ending for ending in _ENDINGS if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)]


def too_many_blank_lines(file: str, line: int) -> InputError:
    """The error for a file with more than MAX_BLANK_LINES."""
    return InputError(f"expected at most {MAX_BLANK_LINES:,} blank lines", InputLocation(file, line))


def read_error(place: InputLocation, error: Exception, compression: str = "") -> InputError:
    """The error for a file that cannot be read to its end."""
    if isinstance(error, EOFError):
        return InputError(f"is cut short: expected the {compression} data to go on", place)
    if isinstance(error, UnicodeDecodeError):
        return InputError(f"is damaged: expected {error.encoding.upper()} ({error.reason})", place)
    if isinstance(error, OSError) and error.strerror:
        return InputError(f"cannot be read further: {error.strerror}", place)
    return InputError(f"is damaged: expected {compression} data ({error})", place)


class _CountingFile(io.RawIOBase):
    """A file that counts the bytes read since the last call of `take_count`."""

    def __init__(self, path: Path) -> None:
        self._file = io.FileIO(path, opener=_open_nonblocking)
        if not stat.S_ISREG(os.fstat(self._file.fileno()).st_mode):
            self._file.close()
            raise InputError("is a pipe, a socket or a device; expected a file", InputLocation(str(path)))
        self.count = self.total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        size = self._file.readinto(buffer)
        self.count += size
        self.total += size
        return size

    def take_count(self) -> int:
        count, self.count = self.count, 0
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def _open_nonblocking(name: str, flags: int) -> int:
    """Open without blocking, as opening a pipe would."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _open_regular_file(path: Path) -> _CountingFile:
    try:
        return _CountingFile(path)
    except OSError as error:
        raise open_error(path, error) from None


def open_error(path: Path, error: OSError) -> InputError:
    """The error for a file that cannot be opened."""
    known = {FileNotFoundError: "there is no such file", IsADirectoryError: "is a folder; expected a file"}
    return InputError(known.get(type(error), f"cannot be read: {error.strerror}"), InputLocation(str(path)))


def _decompressed(path: Path, raw: _CountingFile) -> tuple[io.BufferedReader[Any], str]:
    """The content of a file, and the name of its compression."""
    stored = io.BufferedReader(raw, _CHUNK)
    start = stored.peek(MAX_SIGNATURE)
    for signature, (name, ending, opened) in _COMPRESSIONS.items():
        if start.startswith(signature):
            return io.BufferedReader(opened(stored), _CHUNK), name  # type: ignore[arg-type]  # all read into buffers
        if start and path.suffix.lower() == ending:
            raise InputError(f"is named {ending}; expected {name} data", InputLocation(str(path)))
    return stored, ""


def _in_utf_8(path: Path, stream: io.BufferedReader[Any], compression: str) -> io.BufferedIOBase:
    """The text of a file in UTF-8. Raises InputError for a file that is no text."""
    start = stream.peek(MAX_SIGNATURE)
    if compression and start.startswith(b"PK"):
        problem = f"is a workbook or zip archive, compressed by {compression} once more; decompress it"
        raise InputError(problem, InputLocation(str(path), 1))
    if problem := other_kind(start):
        is_binary = path.suffix.lower() == ".xlsb" and start.startswith(b"PK")
        raise InputError(BINARY_WORKBOOK if is_binary else problem, InputLocation(str(path), 1))
    if encoding := _UTF16.get(start[:2], ""):
        stream.read(2)
    elif not start[1:64:2].strip(b"\0") and b"\0" not in start[:64:2] and len(start) > 1:
        encoding = "utf-16-le"
    if encoding:
        return io.BufferedReader(_Transcoder(stream, codecs.getincrementaldecoder(encoding)()), _CHUNK)
    if b"\r" in start[:-1] and b"\n" not in start:  # as old Macs ended lines
        text = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        return io.BufferedReader(_Transcoder(stream, io.IncrementalNewlineDecoder(text, translate=True)), _CHUNK)
    return stream


def other_kind(start: bytes, *, archives: bool = True) -> str:
    """What a file is that begins with these bytes and is no text, and what to do; empty if it may be text.

    Without `archives`, also for what may be a workbook, or text.
    """
    if start.removeprefix(_BOM).lstrip()[:14].lower().startswith(_WEB_PAGES):
        return "is a web page; download the data that it shows or links to"
    if start[257:262] == b"ustar":
        return "is a tar archive; unpack it"
    if not archives:
        for signature, (name, _, _) in _COMPRESSIONS.items():
            if start.startswith(signature):
                return f"is compressed by {name}; decompress it"
    if start.startswith(b"PK") and b"vnd.oasis.opendocument" in start[:MAX_SIGNATURE]:
        return "is a sheet or document in the format OpenDocument; save it as XLSX or CSV"
    if start.startswith(b"PK") and not archives:
        return ""
    return next((problem for signature, problem in _OTHER_KINDS.items() if start.startswith(signature)), "")


class _Transcoder(io.RawIOBase):
    """The text of a file in another encoding or with other line ends, in UTF-8."""

    def __init__(
        self, file: io.BufferedIOBase, decoder: codecs.IncrementalDecoder | io.IncrementalNewlineDecoder
    ) -> None:
        self._file, self._decoder = file, decoder
        self._left, self._ended = b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        while not self._left and not self._ended:
            stored = self._file.read(_CHUNK)
            self._ended = not stored
            self._left = self._decoder.decode(stored, self._ended).encode("utf-8", "surrogateescape")
        view = memoryview(buffer).cast("B")
        piece, self._left = self._left[: len(view)], self._left[len(view) :]
        view[: len(piece)] = piece
        return len(piece)

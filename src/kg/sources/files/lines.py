"""Reads the lines of plain and gzip files, with limits that no file can exceed."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, InputLocation
from kg.sources.rows import Progress, ignore_progress

if TYPE_CHECKING:
    from typing_extensions import Buffer

MAX_LINE = 64 * 1024 * 1024
"""Longest line, in bytes; a longer one stops the load before it fills the memory."""

MAX_EXPANSION = 200
"""How many times larger than on disk a gzip file may be. Data expands 5 to 30 times, a gzip bomb 1,000 times."""
MAX_BLANK_LINES = 1_000_000
"""Most lines of a file with nothing but white space. Each takes its time, and a few kilobytes of gzip hold millions."""

_EXPANSION_CHECKED_FROM = 32 * 1024 * 1024

_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1024 * 1024


def read_lines(path: Path, progress: Progress = ignore_progress) -> Iterator[tuple[int, bytes]]:
    """Each line of a plain or gzip file with its number from 1, without its line end and a leading UTF-8 mark.

    The file is read lazily. The calls of `progress` add up to the file's size on disk.
    Raises InputError, naming file and line, for a file that is missing, a folder, unreadable, empty, UTF-16, cut
    short or damaged, for a line longer than MAX_LINE, and for more blank lines than MAX_BLANK_LINES.
    """
    blank = 0
    for number, line in enumerate(_pieces(path, progress, lambda stream: stream.readline(MAX_LINE + 1)), start=1):
        if len(line) > MAX_LINE:
            raise InputError(f"expected a line of at most {MAX_LINE} bytes", InputLocation(str(path), number))
        if line.isspace():
            blank += 1
            if blank > MAX_BLANK_LINES:
                problem = f"expected at most {MAX_BLANK_LINES:,} blank lines"
                raise InputError(problem, InputLocation(str(path), number))
        yield number, line.rstrip(b"\r\n")


def read_chunks(path: Path, progress: Progress = ignore_progress) -> Iterator[bytes]:
    """A plain or gzip file in pieces of up to a megabyte, without a leading UTF-8 mark.

    Reads, reports progress and raises InputError as `read_lines` does.
    """
    return _pieces(path, progress, lambda stream: stream.read(_CHUNK))


def _pieces(path: Path, progress: Progress, next_piece: Callable[[io.BufferedIOBase], bytes]) -> Iterator[bytes]:
    raw, line, started, size = _open_regular_file(path), 1, False, 0
    try:
        with raw, _decompressed(path, raw) as stream:
            while piece := next_piece(stream):
                yield piece if started else _without_bom(path, piece)
                line, started, size = line + piece.count(b"\n"), True, size + len(piece)
                if size > max(_EXPANSION_CHECKED_FROM, raw.total * MAX_EXPANSION):
                    problem = f"expands to more than {MAX_EXPANSION} times its size; decompress it, if that is right"
                    raise InputError(problem, InputLocation(str(path), line))
                if raw.count:
                    progress(raw.take_count())
    except (EOFError, OSError, zlib.error) as error:
        raise _read_error(path, line, error) from None
    if not started:
        raise InputError("is empty: expected at least one line", InputLocation(str(path)))
    progress(raw.take_count())


def _read_error(path: Path, line: int, error: Exception) -> InputError:
    place = InputLocation(str(path), line)
    if isinstance(error, EOFError):
        return InputError("is cut short: expected the gzip data to go on", place)
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return InputError(f"cannot be read further: {error.strerror}", place)
    return InputError(f"is damaged: expected gzip data ({error})", place)


class _CountingFile(io.RawIOBase):
    """A file that counts the bytes read since the last call of `take_count`."""

    def __init__(self, path: Path) -> None:
        self._file = io.FileIO(path, opener=_open_nonblocking)
        if not stat.S_ISREG(os.fstat(self._file.fileno()).st_mode):
            self._file.close()
            raise InputError("is a pipe or a device; expected a file", InputLocation(str(path)))
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


def _decompressed(path: Path, raw: _CountingFile) -> io.BufferedIOBase:
    """The bytes of the file, decompressed if they are gzip."""
    stored = io.BufferedReader(raw, _CHUNK)
    start = stored.peek(2)[:2]
    if start == _GZIP:
        return io.BufferedReader(gzip.GzipFile(fileobj=stored), _CHUNK)
    if path.suffix == ".gz" and start:
        raise InputError("is named .gz; expected gzip data", InputLocation(str(path)))
    return stored


def _without_bom(path: Path, line: bytes) -> bytes:
    if line.startswith(_UTF16):
        raise InputError("is UTF-16; expected UTF-8", InputLocation(str(path), 1))
    return line.removeprefix(_BOM)

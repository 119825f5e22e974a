"""Cuts plain files into chunks of whole lines, which several processes can read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kg.errors import InputError, InputLocation
from kg.sources.files.lines import MAX_BLANK_LINES, MAX_LINE, open_error, read_error, too_many_blank_lines
from kg.sources.rows import SourceRow

CHUNK = 1024 * 1024
"""Bytes of a chunk, up to the end of its last line."""

_USUAL_LINE = 256
"""Bytes of a line, about."""

_BOM = b"\xef\xbb\xbf"


class LineChunk(NamedTuple):
    """Some whole lines of a file; the last one of the file may have no end, and one that is too long is cut."""

    file: str
    start: int
    """Of the first byte."""
    size: int
    """In bytes."""
    line: int
    """Number of its first line, from 1."""
    only: tuple[int, ...] | None = None
    """The numbers of the lines that are wanted, in their order; None for all."""

    @property
    def size_on_disk(self) -> int:
        """In bytes, with the mark at the beginning of the file if it is the first."""
        return self.size + (self.start if self.line == 1 else 0)

    @property
    def wanted_size(self) -> int:
        """In bytes, about, of the lines that are wanted; none is longer than the chunk."""
        return self.size if self.only is None else min(self.size, len(self.only) * _USUAL_LINE)

    def read(self) -> bytes:
        """Its bytes. Raises InputError where the file is no longer what it was when it was cut."""
        path = Path(self.file)
        try:
            with path.open("rb") as file:
                file.seek(self.start)
                data = file.read(self.size)
        except OSError as error:
            raise read_error(InputLocation(self.file, self.line), error) from None
        if len(data) != self.size:
            raise self._changed()
        return data

    def rows(self, count_blank: Callable[[int], None] = lambda blank: None) -> Iterator[SourceRow]:
        """Each line that is not blank, as `read_rows` gives them; tells how many lines were blank at the end.

        If only some are wanted, which somebody has looked at before, none of them is blank or too long.

        Raises InputError for a line longer than MAX_LINE, and as `read` does.
        """
        blank = 0
        lines = self.read().split(b"\n")
        if not lines[-1]:
            del lines[-1]
        if self.only is not None:
            if self.only and self.only[-1] - self.line >= len(lines):
                raise self._changed()
            for number in self.only:
                yield SourceRow(self.file, number, lines[number - self.line].rstrip(b"\r"))
            return
        for number, line in enumerate(lines, self.line):
            if len(line) >= MAX_LINE:
                raise InputError(f"expected a line of at most {MAX_LINE} bytes", InputLocation(self.file, number))
            raw = line.rstrip(b"\r")
            if not raw or raw.isspace():
                blank += 1
            else:
                yield SourceRow(self.file, number, raw)
        count_blank(blank)

    def _changed(self) -> InputError:
        return InputError("was changed while it was read", InputLocation(self.file, self.line))


class FileChunks:
    """The chunks of some plain files, and the number of their blank lines so far."""

    def __init__(self) -> None:
        self._blank: dict[str, int] = {}

    def cut(self, path: Path) -> Iterator[LineChunk]:
        """The chunks of a file, in their order, without a leading mark. Raises InputError where it cannot be read."""
        line = 1
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                start = len(_BOM) if file.read(len(_BOM)) == _BOM else 0
                while start < size:
                    length, lines = _whole_lines(file, start)
                    if not length:
                        return
                    yield LineChunk(str(path), start, length, line)
                    if length > MAX_LINE:
                        return  # who reads it says so
                    start, line = start + length, line + lines
        except OSError as error:
            raise open_error(path, error) from None

    def add_blank(self, chunk: LineChunk, count: int) -> None:
        """Count the blank lines of a chunk. Raises InputError where a file has more than MAX_BLANK_LINES."""
        before = self._blank.get(chunk.file, 0)
        self._blank[chunk.file] = before + count
        if before + count > MAX_BLANK_LINES:
            for number, line in enumerate(chunk.read().split(b"\n"), chunk.line):
                before += not line or line.isspace()
                if before > MAX_BLANK_LINES:
                    raise too_many_blank_lines(chunk.file, number)


def _whole_lines(file: BinaryIO, start: int) -> tuple[int, int]:
    """The size of a chunk that begins at `start`, and its number of line ends."""
    file.seek(start)
    size = lines = 0
    while data := file.read(CHUNK):
        end = data.rfind(b"\n") + 1
        if end:
            return size + end, lines + data.count(b"\n")
        size += len(data)
        if size > MAX_LINE:
            break
    return size, lines

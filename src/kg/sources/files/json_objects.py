"""Which JSON objects follow one another in a file, and where does each begin?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import orjson

from kg.errors import InputError, InputLocation
from kg.sources.files.lines import MAX_LINE, Progress, ignore_progress, read_chunks, read_lines
from kg.sources.rows import SourceRow

_NEXT_BRACKET = re.compile(rb'(?:[^][{}"]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([][{}]|")', re.DOTALL)
"""Up to the next bracket outside of a string, or to the quote of a string that goes on beyond what has been read."""

_SEPARATORS = b" \t\r\n,"


def read_objects(path: Path, progress: Progress = ignore_progress) -> Iterator[SourceRow]:
    """Each JSON object of a file as it is asked for: one a line, in one array, or printed over many lines.

    No more than one object is held, so an array may be larger than the memory. Whatever else stands between two
    objects is a row of its own, for the reader to reject. Where each line is an object, a broken one costs no more than
    itself. Raises InputError as `lines` does, and for a file that ends within an object or array.
    """
    if _is_json_lines(path):
        yield from (
            SourceRow(str(path), number, raw) for number, raw in read_lines(path, progress) if raw and not raw.isspace()
        )
        return
    split = _ObjectSplitter(path)
    for chunk in read_chunks(path, progress):
        yield from split.rows(chunk)
    yield from split.end()


def _is_json_lines(path: Path) -> bool:
    """Whether the first line that says anything is an object by itself, and others follow or the file ends."""
    start = next(read_chunks(path)).lstrip()
    if not start.startswith(b"{"):
        return False
    try:
        orjson.loads(start.split(b"\n", 1)[0])
    except orjson.JSONDecodeError:
        return False
    return True


class _ObjectSplitter:
    """Cuts a stream of bytes at the end of each object; strings are skipped whole, whatever they hold."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._buffer = b""
        """What has been read and not yet let go of."""
        self._scanned = 0
        self._emitted = 0
        """Up to where it has been handed out; where the present object begins, if there is one."""
        self._depth = 0
        self._array_line = 0
        """The line on which the array around the objects begins; 0 outside of one."""
        self._counted_to, self._line = 0, 1
        """Up to where line ends have been counted, and the line there."""

    def rows(self, chunk: bytes) -> Iterator[SourceRow]:
        """The objects that end in the next piece of the file. Raises InputError where one fills the memory."""
        self._buffer += chunk
        while (found := _NEXT_BRACKET.match(self._buffer, self._scanned)) and (sign := found[1]) != b'"':
            self._scanned = found.end()
            if sign in b"[{" and self._depth:
                self._depth += 1
            elif sign in b"[{":
                yield from self._open(sign, self._scanned - 1)
            elif self._depth > 1:
                self._depth -= 1
            else:
                yield from self._close(sign, self._scanned)
        self._discard_emitted()

    def end(self) -> Iterator[SourceRow]:
        """What is left when the file ends. Raises InputError where more was to come."""
        if self._depth:
            raise InputError(
                "is cut short: this object does not end", InputLocation(str(self._path), self._line_at(self._emitted))
            )
        yield from self._text_between(len(self._buffer))
        if self._array_line:
            raise InputError("is cut short: this array does not end", InputLocation(str(self._path), self._array_line))

    def _open(self, sign: bytes, at: int) -> Iterator[SourceRow]:
        yield from self._text_between(at)
        if sign == b"[" and not self._array_line:
            self._array_line, self._emitted = self._line_at(at), at + 1
        else:
            self._depth = 1

    def _close(self, sign: bytes, end: int) -> Iterator[SourceRow]:
        if self._depth == 0:
            if sign == b"]" and self._array_line:
                yield from self._text_between(end - 1)
                self._array_line, self._emitted = 0, end
            return
        self._depth = 0
        yield SourceRow(str(self._path), self._line_at(self._emitted), self._buffer[self._emitted : end])
        self._emitted = end

    def _text_between(self, end: int) -> Iterator[SourceRow]:
        """What stands between two objects and is no comma, which no file should have."""
        found = self._buffer[self._emitted : end].lstrip(_SEPARATORS)
        if found:
            yield SourceRow(str(self._path), self._line_at(end - len(found)), found.rstrip(_SEPARATORS))
        self._emitted = end

    def _line_at(self, position: int) -> int:
        """The line of a position, which is never asked for before an earlier one."""
        self._line += self._buffer.count(b"\n", self._counted_to, position)
        self._counted_to = position
        return self._line

    def _discard_emitted(self) -> None:
        self._line_at(self._emitted)
        self._buffer = self._buffer[self._emitted :]
        self._scanned -= self._emitted
        self._emitted = self._counted_to = 0
        if len(self._buffer) > MAX_LINE:
            raise InputError(
                f"expected an object of at most {MAX_LINE} bytes", InputLocation(str(self._path), self._line)
            )

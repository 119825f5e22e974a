"""Which JSON objects follow one another in a file, and where does each begin?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import orjson

from kg.errors import InputError, Place
from kg.sources.files.lines import MAX_LINE, Progress, chunks, ignore_progress, lines
from kg.sources.rows import Row

_TO_SIGN = re.compile(rb'(?:[^][{}"]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([][{}]|")', re.DOTALL)
"""Up to the next bracket outside of a string, or to the quote of a string that goes on beyond what has been read."""

_BETWEEN = b" \t\r\n,"


def objects(path: Path, progress: Progress = ignore_progress) -> Iterator[Row]:
    """Each JSON object of a file as it is asked for: one a line, in one array, or printed over many lines.

    No more than one object is held, so an array may be larger than the memory. Whatever else stands between two
    objects is a row of its own, for the reader to reject. Where each line is an object, a broken one costs no more than
    itself. Raises InputError as `lines` does, and for a file that ends within an object or array.
    """
    if _one_a_line(path):
        yield from (Row(str(path), number, raw) for number, raw in lines(path, progress) if raw and not raw.isspace())
        return
    split = _Split(path)
    for chunk in chunks(path, progress):
        yield from split.rows(chunk)
    yield from split.end()


def _one_a_line(path: Path) -> bool:
    """Whether the first line that says anything is an object by itself, and others follow or the file ends."""
    start = next(chunks(path)).lstrip()
    if not start.startswith(b"{"):
        return False
    try:
        orjson.loads(start.split(b"\n", 1)[0])
    except orjson.JSONDecodeError:
        return False
    return True


class _Split:
    """Cuts a stream of bytes at the end of each object; strings are skipped whole, whatever they hold."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._left = b""
        """What has been read and not yet let go of."""
        self._scanned = 0
        self._done = 0
        """Up to where it has been handed out; where the present object begins, if there is one."""
        self._depth = 0
        self._array = 0
        """The line on which the array around the objects begins; 0 outside of one."""
        self._counted, self._line = 0, 1
        """Up to where line ends have been counted, and the line there."""

    def rows(self, chunk: bytes) -> Iterator[Row]:
        """The objects that end in the next piece of the file. Raises InputError where one fills the memory."""
        self._left += chunk
        while (found := _TO_SIGN.match(self._left, self._scanned)) and (sign := found[1]) != b'"':
            self._scanned = found.end()
            if sign in b"[{" and self._depth:
                self._depth += 1
            elif sign in b"[{":
                yield from self._open(sign, self._scanned - 1)
            elif self._depth > 1:
                self._depth -= 1
            else:
                yield from self._close(sign, self._scanned)
        self._let_go()

    def end(self) -> Iterator[Row]:
        """What is left when the file ends. Raises InputError where more was to come."""
        if self._depth:
            raise InputError("is cut short: this object does not end", Place(str(self._path), self._at(self._done)))
        yield from self._between(len(self._left))
        if self._array:
            raise InputError("is cut short: this array does not end", Place(str(self._path), self._array))

    def _open(self, sign: bytes, at: int) -> Iterator[Row]:
        yield from self._between(at)
        if sign == b"[" and not self._array:
            self._array, self._done = self._at(at), at + 1
        else:
            self._depth = 1

    def _close(self, sign: bytes, end: int) -> Iterator[Row]:
        if self._depth == 0:
            if sign == b"]" and self._array:
                yield from self._between(end - 1)
                self._array, self._done = 0, end
            return
        self._depth = 0
        yield Row(str(self._path), self._at(self._done), self._left[self._done : end])
        self._done = end

    def _between(self, end: int) -> Iterator[Row]:
        """What stands between two objects and is no comma, which no file should have."""
        found = self._left[self._done : end].lstrip(_BETWEEN)
        if found:
            yield Row(str(self._path), self._at(end - len(found)), found.rstrip(_BETWEEN))
        self._done = end

    def _at(self, position: int) -> int:
        """The line of a position, which is never asked for before an earlier one."""
        self._line += self._left.count(b"\n", self._counted, position)
        self._counted = position
        return self._line

    def _let_go(self) -> None:
        self._at(self._done)
        self._left = self._left[self._done :]
        self._scanned -= self._done
        self._done = self._counted = 0
        if len(self._left) > MAX_LINE:
            raise InputError(f"expected an object of at most {MAX_LINE} bytes", Place(str(self._path), self._line))

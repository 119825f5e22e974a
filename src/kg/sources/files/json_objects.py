"""Reads the JSON objects of a file one by one, however they are laid out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

from kg.errors import InputError, InputLocation
from kg.records import Reject
from kg.sources.files.lines import MAX_LINE, read_chunks, read_lines
from kg.sources.rows import Progress, SourceRow, ignore_progress

_NEXT_BRACKET = re.compile(rb'(?:[^][{}"]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([][{}]|")', re.DOTALL)
"""Matches up to the next bracket outside a string, or to the quote of a string that the buffer does not end."""

_PLAIN = rb'[^][{}"]++|"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_LEVELS = 6
"""How deep brackets may be in an object whose end is found by one search."""


def _inside(levels: int) -> bytes:
    """A pattern for all up to the bracket that closes the present one."""
    deeper = rb"|[\[{]" + _inside(levels - 1) + rb"[\]}]" if levels else b""
    return rb"(?:" + _PLAIN + deeper + rb")*+"


_TO_END = re.compile(_inside(_LEVELS) + rb"[\]}]", re.DOTALL)
"""Matches the rest of an object, if all of it is in the buffer and it is not nested too deep."""

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')
_NOT_BRACKETS = re.compile(rb"[^][{}]+")
_CLOSED = re.compile(rb"\[\]|\{\}")
_LINES_LOOKED_AT = 50
"""Lines at the beginning of a file that tell how its objects are laid out."""

RESULTS = b'"results"'
"""Occurs in each answer of an API that lists what it found."""

_SEPARATORS = b" \t\r\n,"


def read_objects(
    path: Path, progress: Progress = ignore_progress, *, lists: Sequence[str] = (), pages: ResultPages | None = None
) -> Iterator[SourceRow]:
    """Each JSON object of a file, lazily: one a line, in one array, or printed over several lines.

    An answer of an API with a list of `results` is the objects of that list, and so is a list within the array. If the
    file is one object whose only key is one of `lists`, the objects of that list are read.

    Only one object or answer is in memory at a time, so an array may be larger than the memory. Any other text between
    two objects is a row of its own, for the reader to reject. Where each line is an object, a broken one affects no
    other.
    Raises InputError as `read_lines` does, and for a file that ends within an object or array.
    """
    wrapper = _list_start(path, lists)
    whole_lines = not wrapper and _is_json_lines(path)
    return with_results(read_rows(path, progress) if whole_lines else _split_objects(path, progress, wrapper), pages)


def has_object_lines(path: Path) -> bool:
    """Whether `read_objects` reads a file line by line. Raises InputError as `read_lines` does."""
    return _is_json_lines(path)


def with_results(rows: Iterable[SourceRow], pages: ResultPages | None = None) -> Iterator[SourceRow]:
    """The same rows, with the objects of its list in place of an answer of an API, which is added to `pages`."""
    for row in rows:
        if RESULTS in row.raw:
            yield from _results(row, pages)
        else:
            yield row


class ResultPages:
    """Compares how many results answers of an API say that there are with those that they list, by search.

    Pages may overlap, so each different result counts once.
    """

    def __init__(self, meaning: str = "a page is missing, and the rest counts as withdrawn") -> None:
        """`meaning`: what fewer results than there are mean."""
        self._found: dict[str, _Pages] = {}
        self._meaning = meaning

    def add(
        self, row: SourceRow, total: object, listed: Iterable[object], *, has_next: bool = False, of: str = ""
    ) -> None:
        """Add an answer that lists these results of a search; by default, the pages of one are all of a load."""
        stated = total if isinstance(total, int) else 0
        digests = {blake2b(orjson.dumps(each, option=orjson.OPT_SORT_KEYS), digest_size=16).digest() for each in listed}
        self.add_taken({of: (stated, digests, tuple(row) if isinstance(total, int) or has_next else None, has_next)})

    def take(self) -> dict[str, _Pages]:
        """What was added since the last call, as plain values for `add_taken`."""
        taken, self._found = self._found, {}
        return taken

    def add_taken(self, taken: Mapping[str, _Pages]) -> None:
        """Add what `take` gave, in the order of the files."""
        for of, (total, listed, last, has_next) in taken.items():
            known = self._found.get(of, (0, set[bytes](), None, False))
            known[1].update(listed)
            said = (last, has_next) if last else known[2:]
            self._found[of] = (max(known[0], total), known[1], *said)

    def missing(self) -> Iterator[Reject]:
        """A remark where there are more results than the answers list, or the last one names a next page."""
        for total, listed, last, has_next in self._found.values():
            if last and (total > len(listed) or (not total and has_next)):
                said = f"there are {total:,} results" if total else "there is a next page"
                yield SourceRow(*last).remark(f"{said}, and these files list {len(listed):,}: {self._meaning}")


_Pages = tuple[int, set[bytes], tuple[Any, ...] | None, bool]
"""How many results there are, digests of those that are listed, the last row that says how many, and whether it names
a next page."""


def _split_objects(path: Path, progress: Progress, wrapper: bytes) -> Iterator[SourceRow]:
    split, more = _ObjectSplitter(path), 0
    for number, chunk in enumerate(read_chunks(path, progress)):
        for row in split.rows(chunk if number else wrapper + chunk[len(wrapper) :]):
            if row.raw.startswith(b"["):
                found = _inner_list(row)
                yield from (
                    each._replace(element=row.element and each.element and row.element + more + n) for n, each in found
                )
                more += len(found) - 1
            else:
                yield row._replace(element=row.element + more) if more and row.element else row
    yield from (row for row in split.end() if not (wrapper and row.raw == b"}"))


def _inner_list(row: SourceRow) -> list[tuple[int, SourceRow]]:
    """The objects of a list that stands in a list, counted from 0; the row itself where it holds anything else."""
    listed = _loaded(row.raw)
    if isinstance(listed, list) and listed and all(isinstance(each, dict) for each in listed):
        rows = _ObjectSplitter(Path(row.file)).rows(row.raw)
        return list(enumerate(each._replace(line=row.line + each.line - 1) for each in rows))
    return [(0, row)]


def _results(row: SourceRow, pages: ResultPages | None) -> Iterator[SourceRow]:
    """The objects that an answer of an API lists, in the line of the answer; any other row as it is."""
    data = row.parse_object()
    listed = data.get("results") if isinstance(data, dict) and not data.keys() & {"id", "schema", "op"} else None
    if not isinstance(listed, list):
        yield row
        return
    if pages is not None and isinstance(data, dict):
        total = data.get("total")
        total = total.get("value") if isinstance(total, dict) else total
        pages.add(row, total, listed, has_next=bool(data.get("next")))
    yield from list_rows(row, "results", listed)


def list_rows(row: SourceRow, key: str, listed: Sequence[object]) -> Iterator[SourceRow]:
    """What an object lists under a key, each with its own bytes and line, as if it stood in an array of the file."""
    found = re.search(rb'"%s"\s*:\s*(?=\[)' % re.escape(orjson.dumps(key)[1:-1]), row.raw)
    at = found.end() if found else 0
    first = row.line + row.raw.count(b"\n", 0, at)
    rows = list(_ObjectSplitter(Path(row.file)).rows(row.raw[at:]))[: len(listed)]
    if [_loaded(each.raw) for each in rows] == listed:
        yield from (each._replace(line=first + each.line - 1) for each in rows)
    else:  # there are other values than objects in the list
        yield from (SourceRow(row.file, row.line, orjson.dumps(i), None, n) for n, i in enumerate(listed, start=1))


def _loaded(raw: bytes) -> object:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None


def read_rows(path: Path, progress: Progress = ignore_progress) -> Iterator[SourceRow]:
    """Each line of a file that is not blank, lazily. Raises InputError as `read_lines` does."""
    for number, raw in read_lines(path, progress):
        if raw and not raw.isspace():
            yield SourceRow(str(path), number, raw)


def _list_start(path: Path, lists: Sequence[str]) -> bytes:
    """What stands before the list of an object whose first key is one of `lists`, blank but for its lines."""
    keys = "|".join(map(re.escape, lists))
    found = re.match(rf'\s*{{\s*"(?:{keys})"\s*:\s*(?=\[)'.encode(), next(read_chunks(path))) if lists else None
    return re.sub(rb"[^\n]", b" ", found[0]) if found else b""


def _is_json_lines(path: Path) -> bool:
    """Whether the first line that is not blank is no array, and no object that goes on in the next line.

    A line that is cut short goes on in none: what follows it is an object of its own where only a key could stand, or
    where no bracket ends the list that it would be in.
    """
    line, *more = next(read_chunks(path)).lstrip().split(b"\n", _LINES_LOOKED_AT)[:_LINES_LOOKED_AT]
    line, following = line.rstrip(), [each.strip() for each in more if each.strip()]
    if line.startswith(b"[") or not line.endswith((b"{", b"[", b",")):
        return not line.startswith(b"[")
    if not following or not following[0].startswith(b"{"):
        return False
    is_ended = len(following) > 1 and following[1].startswith((b"]", b","))
    return _open_bracket(line) == b"{" or (_is_object(following[0]) and not is_ended)


def _open_bracket(line: bytes) -> bytes:
    """The last bracket that a line opens and does not close; empty if there is none."""
    brackets = _NOT_BRACKETS.sub(b"", _STRING.sub(b"", line))
    while brackets != (left := _CLOSED.sub(b"", brackets)):
        brackets = left
    return brackets[-1:]


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


class _ObjectSplitter:
    """Splits a stream of bytes at the end of each object; brackets in strings are skipped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._buffer = b""
        """Bytes that have been read and not yet discarded."""
        self._scanned = 0
        self._emitted = 0
        """End of the part that has been returned: the start of the present object, if there is one."""
        self._depth = 0
        self._array_line = 0
        """Line on which the array around the objects begins; 0 outside an array."""
        self._elements = 0
        """Objects of the array so far."""
        self._counted_to, self._line = 0, 1
        """Position up to which line ends have been counted, and its line."""

    def rows(self, chunk: bytes) -> Iterator[SourceRow]:
        """The objects that end in the next piece of the file. Raises InputError for one that is too large."""
        self._buffer += chunk
        while (found := _NEXT_BRACKET.match(self._buffer, self._scanned)) and (sign := found[1]) != b'"':
            self._scanned = found.end()
            if sign in b"[{" and self._depth:
                self._depth += 1
            elif sign in b"[{":
                yield from self._open(sign, self._scanned - 1)
                if self._depth and (rest := _TO_END.match(self._buffer, self._scanned)):
                    self._scanned = rest.end()
                    yield from self._close(rest[0][-1:], self._scanned)
            elif self._depth > 1:
                self._depth -= 1
            else:
                yield from self._close(sign, self._scanned)
        self._discard_emitted()

    def end(self) -> Iterator[SourceRow]:
        """The remaining text at the end of the file. Raises InputError for an object or array that is not closed."""
        if self._depth:
            place = InputLocation(str(self._path), self._line_at(self._emitted))
            raise InputError("is cut short: this object does not end", place)
        yield from self._text_between(len(self._buffer))
        if self._array_line:
            raise InputError("is cut short: this array does not end", InputLocation(str(self._path), self._array_line))

    def _open(self, sign: bytes, at: int) -> Iterator[SourceRow]:
        yield from self._text_between(at)
        if sign == b"[" and not self._array_line:
            self._array_line, self._emitted, self._elements = self._line_at(at), at + 1, 0
        else:
            self._depth = 1

    def _close(self, sign: bytes, end: int) -> Iterator[SourceRow]:
        if self._depth == 0:
            if sign == b"]" and self._array_line:
                yield from self._text_between(end - 1)
                self._array_line, self._emitted = 0, end
            return
        self._depth, self._elements = 0, self._elements + 1
        line = self._line_at(self._emitted)
        element = self._elements if line == self._array_line else 0
        yield SourceRow(str(self._path), line, self._buffer[self._emitted : end], None, element)
        self._emitted = end

    def _text_between(self, end: int) -> Iterator[SourceRow]:
        """Text between two objects other than a comma, which no file should have."""
        if found := self._buffer[self._emitted : end].lstrip(_SEPARATORS):
            yield SourceRow(str(self._path), self._line_at(end - len(found)), found.rstrip(_SEPARATORS))
        self._emitted = end

    def _line_at(self, position: int) -> int:
        """The line of a position; positions have to be given in ascending order."""
        self._line += self._buffer.count(b"\n", self._counted_to, position)
        self._counted_to = position
        return self._line

    def _discard_emitted(self) -> None:
        self._line_at(self._emitted)
        self._buffer = self._buffer[self._emitted :]
        self._scanned -= self._emitted
        self._emitted = self._counted_to = 0
        if len(self._buffer) > MAX_LINE:
            place = InputLocation(str(self._path), self._line)
            raise InputError(f"expected an object of at most {MAX_LINE} bytes", place)

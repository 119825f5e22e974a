"""Reads the elements of an XML file one by one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.parsers import expat

from kg.errors import InputError, InputLocation
from kg.sources.files.lines import MAX_LINE, read_chunks
from kg.sources.rows import Progress, SourceRow, ignore_progress

MAX_DEPTH = 64
"""How deep elements may be nested."""

_UTF16_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*encoding\s*=\s*["']utf-?16""", re.IGNORECASE)

Fields = dict[str, list[Any]]
"""Name of a child element to what each of that name holds: its text, or its own fields if it has children."""


class XmlRow(NamedTuple):
    """An element and its bytes in the file."""

    row: SourceRow
    name: str
    fields: Fields


def read_elements(
    path: Path, root: str, names: Collection[str], progress: Progress = ignore_progress
) -> Iterator[XmlRow]:
    """Each element of one of these names, wherever it is below the root; lazily, one in memory at a time.

    Attributes and namespaces do not count. Raises InputError for a file that cannot be read as XML, has another root,
    a document type (so that no entity can expand), or an element that is too large or nested too deep.
    """
    reader = _Reader(path, root, names)
    for chunk in read_chunks(path, progress):
        yield from reader.feed(chunk)
    yield from reader.end()


class _Reader:
    def __init__(self, path: Path, root: str, names: Collection[str]) -> None:
        self._path, self._root, self._names = path, root, names
        self._parser: Any = None
        self._buffer, self._start = b"", 0
        """Bytes from the present element on, and the position of the first in the file."""
        self._depth, self._item_at, self._item_line = 0, -1, 0
        self._open: list[tuple[str, Fields, list[str]]] = []
        """The elements that are open, from the one that is read: name, fields and pieces of text."""
        self._found: list[XmlRow] = []

    def feed(self, chunk: bytes) -> list[XmlRow]:
        """The elements that end in the next piece of the file."""
        if self._parser is None:
            # The text is UTF-8 by now, whatever a file in UTF-16 says of itself.
            self._parser = expat.ParserCreate("UTF-8" if _UTF16_DECLARED.match(chunk) else None)
            self._parser.StartElementHandler, self._parser.EndElementHandler = self._begin, self._finish
            self._parser.CharacterDataHandler = self._text
            self._parser.StartDoctypeDeclHandler = self._refuse
            self._parser.buffer_text = True
        self._buffer += chunk
        self._parse(chunk, final=False)
        found, self._found = self._found, []
        keep = self._item_at if self._open else self._parser.CurrentByteIndex
        self._buffer, self._start = self._buffer[max(keep - self._start, 0) :], max(keep, self._start)
        if len(self._buffer) > MAX_LINE:
            raise self._error(f"expected an element of at most {MAX_LINE} bytes")
        return found

    def end(self) -> list[XmlRow]:
        """The elements that are left at the end of the file."""
        self._parse(b"", final=True)
        return self._found

    def _parse(self, data: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError as error:
            problem = f"is no XML, or cut short: {expat.ErrorString(error.code)}"
            raise InputError(problem, InputLocation(str(self._path), error.lineno)) from None

    def _begin(self, name: str, _: dict[str, str]) -> None:
        self._depth += 1
        name = name.rpartition(":")[2]
        if self._depth == 1 and name != self._root:
            raise self._error(f"expected the element {self._root}, not {name}")
        if self._depth > MAX_DEPTH:
            raise self._error(f"expected elements nested at most {MAX_DEPTH} deep")
        if not self._open and name in self._names:
            self._item_at, self._item_line = self._parser.CurrentByteIndex, self._parser.CurrentLineNumber
        elif not self._open:
            return
        self._open.append((name, {}, []))

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)

    def _finish(self, _: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        name, fields, pieces = self._open.pop()
        text = "".join(pieces).strip()
        if self._open:
            self._open[-1][1].setdefault(name, []).append(
                {**fields, **({"": [text]} if text else {})} if fields else text
            )
            return
        end = self._buffer.index(b">", self._parser.CurrentByteIndex - self._start) + 1
        row = SourceRow(str(self._path), self._item_line, self._buffer[self._item_at - self._start : end])
        self._found.append(XmlRow(row, name, fields))

    def _refuse(self, *_: object) -> None:
        raise self._error("has a document type, which this format has not; remove it")

    def _error(self, problem: str) -> InputError:
        return InputError(problem, InputLocation(str(self._path), self._parser.CurrentLineNumber))

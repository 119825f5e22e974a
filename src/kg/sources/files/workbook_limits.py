"""Limits that no workbook can exceed: what would take all memory or time is refused before it is read."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

MAX_PARTS = 10_000
"""Most files in a workbook, which is a zip archive."""
MAX_UNPACKED = 2 * 1024**3
"""Most bytes that these have in all."""
MAX_SHARED_TEXTS = 128 * 1024**2
"""Most bytes of the texts that cells share, which are held in memory."""
MAX_SHARED_COUNT = 4_000_000
"""Most of these texts."""
MAX_OTHER_PART = 16 * 1024**2
"""Most bytes of any other part that is no sheet: styles, names, properties."""
MAX_ELEMENTS = 100_000_000
"""Most XML elements of all parts."""
MAX_HELD_ELEMENTS = 1_000_000
"""Most elements of a sheet outside its rows, and most in one row: they are held in memory."""
MAX_DEPTH = 64
"""How deep elements may be nested."""
MAX_SHEETS = 1_000
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""What a sheet may have in Excel itself."""
MAX_CELLS = 50_000_000
"""Most cells of a sheet, empty ones between others counted."""

_NOT_SHEETS = ("xl/workbook.xml", "xl/styles.xml", "xl/theme/theme1.xml", "docProps/core.xml", "docProps/custom.xml")
"""Parts that are read as a whole, whatever is in them."""
_CONTENT_TYPES, _SHEET_TYPE = "[Content_Types].xml", ".worksheet+xml"

_CHUNK = 1024 * 1024
_MAX_TOKEN = 4 * _CHUNK
_XML_STARTS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b" ", b"\t", b"\r", b"\n", b"\x00")


class WorkbookTooLarge(ValueError):
    """A workbook exceeds a limit, or has what no spreadsheet program writes."""


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """What a part of a workbook marks in a sheet besides its cells."""

    merged: list[str]
    """Ranges of merged cells, as in `A2:A5`."""
    hidden: set[int]
    """Numbers of hidden rows."""
    hidden_columns: list[tuple[int, int]]
    """The first and the last number of hidden columns; those that are folded away show a sign that opens them."""


def check_workbook(file: IO[bytes]) -> dict[str, SheetLayout]:
    """The merged cells and hidden rows of each part.

    Raises WorkbookTooLarge for a workbook that exceeds a limit or has a document type; BadZipFile for none.

    Everything is read once, in pieces: what an archive declares about itself is not believed.
    """
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS:
            raise WorkbookTooLarge(f"has {len(parts):,} parts; expected at most {MAX_PARTS:,}")
        if (total := sum(part.file_size for part in parts)) > MAX_UNPACKED:
            raise WorkbookTooLarge(f"unpacks to {total:,} bytes; expected at most {MAX_UNPACKED:,}")
        elements = 0
        checks = []
        for part in parts:
            with archive.open(part) as stream:
                checks.append(_PartCheck(part.filename, part.file_size, elements))
                elements = checks[-1].run(stream)
    _check_sheets(checks)
    file.seek(0)
    return {check.name: SheetLayout(check.merged, check.hidden, check.hidden_columns) for check in checks}


def _check_sheets(checks: Sequence[_PartCheck]) -> None:
    """Raise WorkbookTooLarge for a large part that looks like a sheet and would be read as something else."""
    types = [pair for check in checks if check.name == _CONTENT_TYPES for pair in check.types]
    charts = {target for check in checks for target in check.charts}
    for check in checks:
        declared = {kind for name, kind in types if name.lstrip("/") == check.name}
        is_sheet = len(declared) == 1 and next(iter(declared)).endswith(_SHEET_TYPE) and check.name not in _NOT_SHEETS
        if not is_sheet or check.name.rpartition("/")[2] in charts:
            check.require_size(MAX_SHARED_TEXTS if check.shared else MAX_OTHER_PART)


class _PartCheck:
    """One pass over a part; a part that is no XML has only its size checked."""

    def __init__(self, name: str, size: int, elements: int) -> None:
        self.name, self._size, self._elements = name, size, elements
        self._depth = self._rows = self._cells = self._sheets = 0
        self._unit_depth = self._in_unit = self._outside = 0
        """How deep the row or shared text begins that is read, its elements, and those that are in none."""
        self.shared = 0
        """Texts that cells share, whatever they are in: so they are read."""
        self.types: list[tuple[str, str]] = []
        """What it declares of parts: name and type."""
        self.charts: set[str] = set()
        """Names, without folders, of sheets that are charts."""
        self.merged: list[str] = []
        self.hidden = set[int]()
        self.hidden_columns: list[tuple[int, int]] = []
        """What `SheetLayout` holds."""
        self._is_xml = False

    def run(self, stream: IO[bytes]) -> int:
        """Check the part; returns the elements so far."""
        chunk = stream.read(_CHUNK)
        self._is_xml = chunk.startswith(_XML_STARTS)
        if not self._is_xml:
            return self._elements  # a picture or the like, which is never read
        if chunk.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00")):
            raise self._too_large("is not in UTF-8")
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.StartDoctypeDeclHandler = self._doctype
        fed = 0
        try:
            while chunk:
                before = self._elements
                parser.Parse(chunk)
                fed += len(chunk)
                if len(chunk) == _CHUNK and (before == self._elements or fed - parser.CurrentByteIndex > _MAX_TOKEN):
                    raise self._too_large(f"has a text of more than {_CHUNK:,} bytes")
                chunk = stream.read(_CHUNK)
        except expat.ExpatError:
            return self._elements  # who reads it will say so
        return self._elements

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._too_large(f"is nested more than {MAX_DEPTH} deep")
        tag = name.rpartition(" ")[2]
        if self._unit_depth:
            self._in_unit += 1
        elif tag in ("row", "si"):
            self._unit_depth, self._in_unit = self._depth, 0
        else:
            self._outside += 1
        if tag == "c":
            self._cells += 1
            if self._cells > MAX_COLUMNS:
                raise self._too_large(f"has a row of more than {MAX_COLUMNS:,} cells")
        elif tag == "row":
            self._rows, self._cells = self._rows + 1, 0
            number = attributes.get("r", "")
            if self._rows > MAX_ROWS or (number.isdecimal() and (len(number) > 7 or int(number) > MAX_ROWS)):
                raise self._too_large(f"has more than {MAX_ROWS:,} rows")
        elif tag == "sheet":
            self._sheets += 1
            if self._sheets > MAX_SHEETS:
                raise self._too_large(f"has more than {MAX_SHEETS:,} sheets")
        if self._depth == 1 and tag not in ("worksheet", "sst"):
            self.require_size(MAX_OTHER_PART)
        if self._in_unit > MAX_HELD_ELEMENTS or self._outside > MAX_HELD_ELEMENTS:
            raise self._too_large(f"has more than {MAX_HELD_ELEMENTS:,} elements in one row or outside its rows")
        self._note(tag, attributes)

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        """Count shared texts, and keep what the part says of other parts."""
        if tag == "si":
            self.shared += 1
            self.require_size(MAX_SHARED_TEXTS)
            if self.shared > MAX_SHARED_COUNT:
                raise self._too_large(f"has more than {MAX_SHARED_COUNT:,} texts")
        elif tag == "row" and attributes.get("hidden") in ("1", "true"):
            self.hidden.add(int(attributes.get("r") or self._rows))
        elif tag == "col" and attributes.get("hidden") in ("1", "true") and not attributes.get("outlineLevel"):
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal():
                self.hidden_columns.append((int(first), int(last)))
        elif tag == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        elif tag == "Override":
            self.types.append((attributes.get("PartName", ""), attributes.get("ContentType", "")))
        elif tag == "Relationship" and "chartsheet" in attributes.get("Type", ""):
            self.charts.add(attributes.get("Target", "").rpartition("/")[2])
        if self._elements > MAX_ELEMENTS:
            raise self._too_large(f"has more than {MAX_ELEMENTS:,} elements")

    def _end(self, _name: str) -> None:
        if self._depth == self._unit_depth:
            self._unit_depth = 0
        self._depth -= 1

    def _doctype(self, *_: object) -> None:
        raise self._too_large("has a document type, which no spreadsheet program writes")

    def require_size(self, most: int) -> None:
        """Raise WorkbookTooLarge for XML of more bytes."""
        if self._is_xml and self._size > most:
            raise self._too_large(f"has {self._size:,} bytes; expected at most {most:,}")

    def _too_large(self, problem: str) -> WorkbookTooLarge:
        return WorkbookTooLarge(f"its part {self.name} {problem}")

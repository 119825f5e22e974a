"""Lays rows out as a table of text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

GAP = "   "
"""Between two columns."""

_WORD = re.compile(r"\S+\s*|\s+")


class TextTable(NamedTuple):
    """The lines of a table."""

    head: list[str]
    rule: str
    rows: list[str]


def text_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], width: int, whole: Iterable[str] = ()
) -> TextTable:
    """A table that is at most `width` characters wide, if it can be.

    Where there is no room, cells are folded: between words if possible, else within them. The words of headings, and
    the cells under those in `whole`, stay on one line.
    """
    cells = [[*row] for row in rows]
    columns = [*zip(headings, *cells, strict=True)]
    widths = [_widest(part for cell in column for part in cell.split("\n")) for column in columns]
    room = width - 2 - len(GAP) * (len(widths) - 1)
    for least in (
        [_widest(word for cell in column for word in cell.split()) for column in columns],
        [_widest(heading.split()) for heading in headings],
    ):
        kept = (w if name in whole else most for name, w, most in zip(headings, widths, least, strict=True))
        widths = _fitted(widths, [*kept], room)
    rule = f" {'─' * (sum(widths) + len(GAP) * (len(widths) - 1))} "
    return TextTable([*_row_lines(headings, widths)], rule, [line for row in cells for line in _row_lines(row, widths)])


def _widest(texts: Iterable[str]) -> int:
    return max(map(text_width, texts), default=0)


def text_width(text: str) -> int:
    """How many columns of a terminal a text takes: letters of East Asia take two, combining signs none."""
    return len(text) if text.isascii() else sum(map(_sign_width, text))


def fold(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns: between words, and within words that are longer."""
    lines = list[str]()
    for part in text.split("\n"):
        line = ""
        for word in _WORD.findall(part):
            if line and text_width(line) + text_width(word.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            for piece in _pieces(word, width):
                if line and text_width(line) + text_width(piece.rstrip()) > width:
                    lines.append(line)
                    line = ""
                line += piece
        lines.append(line.rstrip())
    return lines


def _pieces(word: str, width: int) -> Iterator[str]:
    """The word in pieces that fit; white space at its end may stand out."""
    if text_width(word.rstrip()) <= width:
        yield word
        return
    piece, taken = "", 0
    for sign in word:
        size = _sign_width(sign)
        if piece and taken + size > width and not sign.isspace():
            yield piece
            piece, taken = "", 0
        piece, taken = piece + sign, taken + size
    yield piece


def _row_lines(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    folded = [fold(cell, width) for cell, width in zip(row, widths, strict=True)]
    for number in range(max(map(len, folded), default=0)):
        parts = [lines[number] if number < len(lines) else "" for lines in folded]
        padded = (part + " " * (width - text_width(part)) for part, width in zip(parts, widths, strict=True))
        yield f" {GAP.join(padded)} "


def _fitted(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """The widths, of which the widest are made smaller, none below its least, until all have room."""
    found = [*widths]
    while (excess := sum(found) - room) > 0:
        able = [n for n, width in enumerate(found) if width > least[n]]
        if not able:
            return found
        widest = max(found[n] for n in able)
        first = [n for n in able if found[n] == widest]
        next_width = max((found[n] for n in able if found[n] < widest), default=0)
        step = max(1, min(widest - next_width, excess // len(first)))
        for n in first[:excess]:
            found[n] = max(found[n] - step, least[n])
    return found


@lru_cache(maxsize=4_096)
def _sign_width(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1

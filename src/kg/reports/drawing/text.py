"""How wide is a text in a drawing, and how is it cut to fit?"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

FONTS = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', sans-serif"
"""The page's own list of fonts, which has Chinese on every platform."""


def text_width(text: str, size: float) -> float:
    """The width of a text in letters of `size`, in the same unit.

    An estimate on the generous side, because nobody knows which font of the page's list a browser has.
    """
    return size * sum(map(_character_width, text))


def fit_text(text: str, width: float, size: float) -> str:
    """The text, cut with `…` where it is wider than `width`."""
    if text_width(text, size) <= width:
        return text
    length = next(n for n in range(len(text), -1, -1) if text_width(text[:n], size) + size <= width)
    return text[:length].rstrip() + "…"


def wrap_text(text: str, width: float, size: float) -> tuple[str, ...]:
    """The text in one line or two of `width`, cut with `…` where it is longer still."""
    if text_width(text, size) <= width:
        return (text,)
    words = text.split(" ")
    for count in range(len(words) - 1, 0, -1):
        first = " ".join(words[:count])
        if text_width(first, size) <= width:
            return first, fit_text(" ".join(words[count:]), width, size)
    return (fit_text(text, width, size),)


@lru_cache(maxsize=8_192)
def _character_width(character: str) -> float:
    """The width of a character as a part of the font's size."""
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in "il.,:;'|!fjt()[] ":
        return 0.42
    return 0.82 if character.isupper() or character in "mwMW@%&" else 0.67

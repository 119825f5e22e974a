"""Remembers what follows from a text, so that texts that occur again are looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

MAX_REMEMBERED_LENGTH = 200
"""Longest text that is remembered, in characters."""

_REMEMBERED = 4_096
"""Texts that are usually remembered at once: who reads and who projects ask about one soon after each other."""

_Found = TypeVar("_Found")


class Memo(dict[str, _Found]):
    """`memo[text]` is what a function makes of the text, whether or not it is remembered."""

    def __init__(self, find: Callable[[str], _Found], size: int = _REMEMBERED) -> None:
        """`size`: how many texts are remembered; when there are more, all are forgotten."""
        super().__init__()
        self._find, self._size = find, size

    def __missing__(self, text: str) -> _Found:
        found = self._find(text)
        if len(text) <= MAX_REMEMBERED_LENGTH:
            if len(self) >= self._size:
                self.clear()
            self[text] = found
        return found

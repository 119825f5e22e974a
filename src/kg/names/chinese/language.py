"""How likely is a name in Latin letters to be of another language than Chinese?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from math import log2

from kg.names.tables import read_table

_LISTED = 0.5
_SMOOTHING = 0.1
_LETTERS = 27
"""With the end of a word."""

_SHARES = {"english": 0.3, "korean": 0.15, "vietnamese": 0.1, "japanese": 0.1}
_OTHER_SHARE = 0.05


class _Language:
    """The names of one language, from other_names.csv.

    A word that is listed has its share; any other has the likelihood of its letters, three by three, in the list.
    """

    def __init__(self, words: dict[str, float]) -> None:
        total = sum(words.values())
        self._words = {word: share / total for word, share in words.items()}
        self._letters: dict[str, Counter[str]] = defaultdict(Counter)
        for word in words:
            before = "^^"
            for letter in word + "$":
                self._letters[before][letter] += 1
                before = before[1] + letter
        self._totals = {before: sum(counts.values()) for before, counts in self._letters.items()}

    def probability(self, word: str) -> float:
        """Of a word in small letters."""
        p, before = 1.0, "^^"
        for letter in word + "$":
            count = self._letters[before][letter] if before in self._totals else 0
            p *= (count + _SMOOTHING) / (self._totals.get(before, 0) + _SMOOTHING * _LETTERS)
            before = before[1] + letter
        return _LISTED * self._words.get(word, 0.0) + (1 - _LISTED) * p


@lru_cache(maxsize=1)
def _languages() -> dict[str, _Language]:
    words: dict[str, dict[str, float]] = defaultdict(dict)
    for row in read_table("other_names.csv"):
        words[row["language"]][row["spelling"]] = float(row["per_mille"])
    for row in read_table("english_given_names.csv"):
        words["english"][row["name"].lower()] = 1.0
    return {language: _Language(of_language) for language, of_language in words.items()}


@lru_cache(maxsize=65_536)
def _bits_by_language(word: str) -> tuple[float, ...]:
    return tuple(log2(language.probability(word)) for language in _languages().values())


def other_language_bits(words: Iterable[str]) -> float:
    """The logarithm of the probability of these words in that language other than Chinese where they are likeliest."""
    shares = [log2(_SHARES.get(name, _OTHER_SHARE)) for name in _languages()]
    return max(map(sum, zip(shares, *map(_bits_by_language, words), strict=True)))

"""How likely is a name in Latin letters to be of another language than Chinese?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from math import log2
from operator import mul

from kg.names.tables import read_table

_LISTED = 0.5
_SMOOTHING = 0.1
_LETTERS = 27
"""With the end of a word."""

_UNSEEN = _SMOOTHING / (_SMOOTHING * _LETTERS)
"""The share of a letter after two that were never seen."""

_SHARES = {"english": 0.3, "korean": 0.15, "vietnamese": 0.1, "japanese": 0.1}
_OTHER_SHARE = 0.05


class _Language:
    """The names of one language, from other_names.csv.

    A word that is listed has its share; any other has the likelihood of its letters, three by three, in the list.
    """

    def __init__(self, words: dict[str, float]) -> None:
        total = sum(words.values())
        self._words = {word: share / total for word, share in words.items()}
        letters: dict[str, Counter[str]] = defaultdict(Counter)
        for word in words:
            before = "^^"
            for letter in word + "$":
                letters[before][letter] += 1
                before = before[1] + letter
        totals = {before: sum(counts.values()) + _SMOOTHING * _LETTERS for before, counts in letters.items()}
        self._unseen = {before: _SMOOTHING / total for before, total in totals.items()}
        self._shares = {
            before + letter: (count + _SMOOTHING) / totals[before]
            for before, counts in letters.items()
            for letter, count in counts.items()
        }

    def share_of_letter(self, three: str) -> float:
        """Of the last of three letters, after the first two."""
        return self._shares.get(three) or self._unseen.get(three[:2], _UNSEEN)

    def bits(self, word: str, of_letters: float) -> float:
        """The logarithm of the probability of a word, by its share in the list and the likelihood of its letters."""
        return log2(_LISTED * self._words.get(word, 0.0) + (1 - _LISTED) * of_letters)


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
    """The logarithm of the probability of a word in small letters, in each language."""
    languages, written = _languages().values(), f"^^{word}$"
    shares: Iterable[float] = (1.0,) * len(languages)
    for i in range(len(word) + 1):
        shares = map(mul, shares, _letter_shares(written[i : i + 3]))
    return tuple(language.bits(word, p) for language, p in zip(languages, shares, strict=True))


@lru_cache(maxsize=32_768)
def _letter_shares(three: str) -> tuple[float, ...]:
    return tuple(language.share_of_letter(three) for language in _languages().values())


def other_language_bits(words: Iterable[str], besides: str = "") -> float:
    """The logarithm of the probability of these words in that language other than Chinese where they are likeliest.

    `besides` leaves out one more language.
    """
    bits = map(sum, zip(_share_bits(), *map(_bits_by_language, words), strict=True))
    return max([found for language, found in zip(_languages(), bits, strict=True) if language != besides])


@lru_cache(maxsize=1)
def _share_bits() -> tuple[float, ...]:
    return tuple(log2(_SHARES.get(name, _OTHER_SHARE)) for name in _languages())

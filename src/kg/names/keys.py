"""By which words do names meet that may be of one person or company? The blocking of all names with each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from kg.names import companies
from kg.names.chinese.keys import ChineseKeys
from kg.names.comparison import simplify
from kg.names.resemblance import default_bits, word
from kg.names.spellings import consonants
from kg.names.words import name_words

MAX_WORDS = 4
"""Words of a name beyond these make no keys: the longest count."""

MAX_PARTICLE = 3
"""A word of so many letters may be written in one with the next: `Al-Tarabin`."""

_MIN_CONSONANTS = 2


@dataclass(frozen=True, slots=True)
class NameKeys:
    """What a name is found by; two names that have a key in common may be of one."""

    whole: tuple[str, ...]
    """Of the whole name, or of two words of it."""
    of_day: tuple[str, ...]
    """Of a part of the name: enough for two that were born on one day."""
    of_year: tuple[str, ...]
    """Of a part of the name and initials: enough for two that were born in one year."""
    most_bits: float
    """Another name agrees with this one in no more bits."""
    is_chinese: bool = False
    """Whether it is compared as a Chinese name where the other is one."""


def person_keys(name: str) -> NameKeys:
    """The keys of a person's name."""
    chinese = ChineseKeys(name)
    if chinese.is_chinese:
        of_year = tuple(f"{surname} {letters}" for surname, letters in chinese.initials())
        wholes = tuple(" ".join(syllables) for syllables in chinese.wholes)
        return NameKeys(wholes, chinese.surnames, of_year, chinese.most_bits, is_chinese=True)
    words = list(dict.fromkeys(name_words(name)))
    skeletons = _longest([*words, *(a + b for a, b in pairwise(words) if len(a) <= MAX_PARTICLE)])
    in_year = (f"{one} {letter}" for one in skeletons for letter in {w[0] for w in skeletons if w != one})
    return NameKeys(_pairs(skeletons), skeletons, tuple(sorted(in_year)), sum(map(_bits, words)))


def words_bits(name: str) -> float:
    """What all words of a name are worth, whatever its language."""
    return sum(map(_bits, name_words(name)))


def company_keys(name: str) -> NameKeys:
    """The keys of a company's name: the words that tell it from others, and its numbers."""
    core, numbers = companies.core_words(simplify(name))
    suffix = "".join(f" {n}" for n in numbers)
    skeletons = _longest(core)
    joined = _skeleton("".join(word(one).ascii for one in core))
    wholes = dict.fromkeys(key + suffix for key in (*_pairs(skeletons), joined))
    return NameKeys(tuple(wholes), skeletons, (), sum(map(_bits, name_words(simplify(name)))) + len(numbers))


def _longest(words: Iterable[str]) -> tuple[str, ...]:
    found = dict.fromkeys(filter(None, map(_skeleton, words)))
    return tuple(sorted(found, key=lambda one: (-len(one), one))[:MAX_WORDS])


def _pairs(skeletons: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(sorted(pair)) for pair in combinations(skeletons, 2)) or skeletons


@lru_cache(maxsize=65_536)
def _skeleton(text: str) -> str:
    """The consonants of a word, which spellings and scripts agree in; the word where it has few."""
    ascii_word = word(text).ascii
    found = consonants(ascii_word).replace("p", "b") if ascii_word.isascii() else ascii_word
    return found if len(found) >= _MIN_CONSONANTS else ascii_word


def _bits(text: str) -> float:
    return default_bits(word(text).ascii)

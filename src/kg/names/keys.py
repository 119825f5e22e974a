"""By which words do names meet that may be of one person or company? The blocking of all names with each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from kg.names import companies
from kg.names.chinese.keys import ChineseKeys
from kg.names.chinese.reading import Reading
from kg.names.comparison import simplify
from kg.names.resemblance import default_bits, short_forms, word
from kg.names.spellings import consonants
from kg.names.tables import read_table
from kg.names.words import name_words

MAX_WORDS = 4
"""Words of a name beyond these make no keys: the longest count."""

MAX_PARTICLE = 3
"""A word of so many letters may be written in one with the next: `Al-Tarabin`."""

_MIN_CONSONANTS = 2

ANY_LETTERS = -1
"""The words of a name may begin with any letters."""

_VOWEL, _LABIAL, _DENTAL, _HISSING, _THROATY, _L, _M, _N, _R = (1 << i for i in range(9))
_BEGINNINGS = (
    *(dict.fromkeys("aeiouy", _VOWEL), dict.fromkeys("bfpv", _LABIAL), dict.fromkeys("dt", _DENTAL)),
    *(dict.fromkeys("sz", _HISSING), dict.fromkeys("kq", _THROATY), {"l": _L, "m": _M, "n": _N, "r": _R}),
    {"w": _VOWEL | _LABIAL, "h": _VOWEL | _THROATY, "j": _VOWEL | _HISSING, "g": _VOWEL | _HISSING | _THROATY},
    {"c": _HISSING | _THROATY, "x": _HISSING | _THROATY},
)
_BEGINS = {letter: bits for found in _BEGINNINGS for letter, bits in found.items()}
"""Letters that one sound is spelled with at the beginning of a word."""
_DIGRAPHS = {"dj": _VOWEL | _HISSING, "dz": _HISSING, "ts": _HISSING, "tz": _HISSING, "tc": _HISSING}


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
    letters: int = ANY_LETTERS
    """With which letters the words begin that another name needs counterparts for, as a set of bits."""
    is_chinese: bool = False
    """Whether it is compared as a Chinese name where the other is one."""
    readings: tuple[Reading, ...] = ()
    """Of a Chinese name with a given name."""


def person_keys(name: str) -> NameKeys:
    """The keys of a person's name."""
    chinese = ChineseKeys(name)
    if chinese.is_chinese:
        of_year = tuple(f"{surname} {letters}" for surname, letters in chinese.initials())
        wholes = tuple(" ".join(syllables) for syllables in chinese.wholes)
        return NameKeys(
            wholes, chinese.surnames, of_year, chinese.most_bits, is_chinese=True, readings=chinese.readings
        )
    words = list(dict.fromkeys(name_words(name)))
    skeletons = _longest([*words, *(a + b for a, b in pairwise(words) if len(a) <= MAX_PARTICLE)])
    in_year = (f"{one} {letter}" for one in skeletons for letter in {w[0] for w in skeletons if w != one})
    return NameKeys(_pairs(skeletons), skeletons, tuple(sorted(in_year)), sum(map(_bits, words)), _letters(words))


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
    bits = sum(map(_bits, name_words(simplify(name)))) + len(numbers)
    return NameKeys(tuple(wholes), skeletons, (), bits, _letters(core) if len(core) > 1 else ANY_LETTERS)


def _letters(words: Iterable[str]) -> int:
    found = 0
    for text in words:
        found |= _word_letters(text)
    return found


@lru_cache(maxsize=65_536)
def _word_letters(text: str) -> int:
    """The letters with which a word, or a short or full form of it, begins: of an initial, or a particle that may be
    joined to the next word, any.
    """
    kind = _kinds().get(text, "")
    if kind in _NOT_COMPARED:
        return 0
    forms = word(text).forms
    if len(text) == 1 or kind in _JOINED or not forms[0].isascii():
        return ANY_LETTERS
    found = 0
    for form in (*forms, *short_forms(text)):
        found |= _BEGINS.get(form[:1], ANY_LETTERS) | _DIGRAPHS.get(form[:2], 0)
    return found


_NOT_COMPARED = ("title", "rank", "suffix")
_JOINED = ("particle", "filiation")


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    return {row["word"]: row["kind"] for row in read_table("person_words.csv")}


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

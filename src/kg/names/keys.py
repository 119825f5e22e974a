"""By which words do names meet that may be of one person or company? The blocking of all names with each other."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING, NamedTuple

from kg.names import companies
from kg.names.chinese.keys import ChineseKeys
from kg.names.chinese.reading import Reading
from kg.names.comparison import simplify
from kg.names.resemblance import default_bits, short_forms, word
from kg.names.sinoxenic import LANGUAGES, syllable_keys, writings_in
from kg.names.spellings import HANGUL, consonants
from kg.names.tables import read_table
from kg.names.words import HAN, name_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_WORDS = 4
"""Words of a name beyond these make no keys: the longest count."""

MAX_PARTICLE = 3
"""A word of so many letters may be written in one with the next: `Al-Tarabin`."""

_MIN_CONSONANTS = 2

_SOUNDS = 7
_VOWEL, _LABIAL, _DENTAL, _HISSING, _THROATY, _LIQUID, _M = (1 << i for i in range(_SOUNDS))
_BEGINNINGS = (
    *(dict.fromkeys("aeiouy", _VOWEL), dict.fromkeys("bfpv", _LABIAL), dict.fromkeys("dt", _DENTAL)),
    *(dict.fromkeys("sz", _HISSING), dict.fromkeys("kq", _THROATY), dict.fromkeys("lnr", _VOWEL | _LIQUID), {"m": _M}),
    {"w": _VOWEL | _LABIAL, "h": _VOWEL | _THROATY, "j": _VOWEL | _HISSING, "g": _VOWEL | _HISSING | _THROATY},
    {"c": _HISSING | _THROATY, "x": _HISSING | _THROATY},
)
_BEGINS = {letter: bits for found in _BEGINNINGS for letter, bits in found.items()}
"""The sounds that a letter is written for at the beginning of a word, as bits. Korean names are written with an L, N or
R, or with none of them, for one sound: Roh and No, Lee and Yi, Lim and Im.
"""
_DIGRAPHS = {"dh": _HISSING, "th": _HISSING, "dj": _VOWEL | _HISSING, "ch": _HISSING}
_ANY_SOUND = (1 << _SOUNDS) - 1
_COMPARED_WORDS = 5
_MAY_SHIFT = _SOUNDS * _COMPARED_WORDS
ANY_SOUNDS = _ANY_SOUND << _MAY_SHIFT
"""The words of a name may begin with any sounds."""


class NameKeys(NamedTuple):
    """What a name is found by; two names that have a key in common may be of one."""

    whole: tuple[str, ...]
    """Of the whole name, or of two words of it."""
    of_day: tuple[str, ...]
    """Of a part of the name: enough for two that were born on one day."""
    of_year: tuple[str, ...]
    """Of a part of the name and initials: enough for two that were born in one year."""
    most_bits: float
    """Another name agrees with this one in no more bits."""
    first_sounds: int = ANY_SOUNDS
    """With which sounds its words begin, as bits: `have_other_sounds` compares them."""
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
        others = syllable_keys(name)
        is_one = not others or HAN.search(name) is not None  # else it may be compared as one of another language
        readings = chinese.readings if is_one else ()
        whole = (*wholes, *others)
        return NameKeys(whole, chinese.surnames, of_year, chinese.most_bits, is_chinese=is_one, readings=readings)
    if HANGUL.search(name) and (spelled := _spelled_keys(name)):
        return spelled
    words = list(dict.fromkeys(name_words(HANGUL.sub(r" \g<0> ", name))))
    joined = [(a + b, _kinds().get(a) in _JOINED) for a, b in pairwise(words) if len(a) <= MAX_PARTICLE]
    skeletons = _longest([*words, *(text for text, is_usual in joined if is_usual)])
    skeletons = tuple(dict.fromkeys((*skeletons, *_longest(text for text, _ in joined))))[:MAX_WORDS]
    in_year = (f"{one} {letter}" for one in skeletons for letter in {w[0] for w in skeletons if w != one})
    wholes = (*_pairs(skeletons), *syllable_keys(name))
    return NameKeys(wholes, skeletons, tuple(sorted(in_year)), sum(map(_bits, words)), _first_sounds(words))


def _spelled_keys(name: str) -> NameKeys | None:
    """The keys of a name in Hangul as those who spell it in Latin letters have them: the surname with the given name in
    one word, and with one given word; and of usual spellings that may be Chinese names, the keys of these.
    """
    found = next(filter(None, (writings_in(language, name) for language in LANGUAGES)), None)
    if found is None:
        return None
    surnames, *given = (tuple(dict.fromkeys(map(_skeleton, part))) for part in (found[0], *found[1]))
    joined = dict.fromkeys(_skeleton("".join(way)) for way in product(*(part[:_LIKELY] for part in found[1])))
    words = (joined, *(part[:_LIKELY] for part in given))
    keys = [*syllable_keys(name)]
    keys += [" ".join(sorted(pair)) for some in words for pair in product(surnames[:_MOST_SURNAMES], some)]
    usual = (" ".join((surname, *(part[0] for part in found[1]))) for surname in found[0][:_USUAL])
    as_chinese = (ChineseKeys(name) for name in usual)
    of_day = dict.fromkeys(surnames)
    for one in as_chinese:
        keys += map(" ".join, one.wholes if one.is_chinese else ())
        of_day |= dict.fromkeys(one.surnames)
    return NameKeys(tuple(dict.fromkeys(keys)), tuple(of_day), (), MAX_SPELLED_BITS)


_MOST_SURNAMES, _LIKELY, _USUAL = 4, 3, 2
"""Spellings of a surname and of a given syllable of which keys are made, and of each that are read as Chinese ones."""

MAX_SPELLED_BITS = 30.0
"""No name in Hangul agrees with another in more bits."""


def words_bits(name: str) -> float:
    """What all words of a name are worth, whatever its language."""
    return sum(map(_bits, name_words(name)))


def company_keys(name: str) -> NameKeys:
    """The keys of a company's name: the words that tell it from others, and its numbers."""
    core, numbers = companies.core_words(simplify(name))
    suffix = "".join(f" {n}" for n in numbers)
    skeletons = _longest(core)
    joined = _skeleton("".join(word(one).ascii for one in core))
    is_han = HAN.search(name) is not None
    spelled = ("".join(one.split()) for one in companies.romanised(name, whole=False)) if is_han else ()
    in_latin = map(_skeleton, filter(None, spelled))
    wholes = dict.fromkeys(key + suffix for key in (*_pairs(skeletons), joined, *in_latin))
    bits = sum(map(_bits, name_words(simplify(name)))) + len(numbers)
    is_compared = len(core) > 1 and not is_han
    return NameKeys(tuple(wholes), skeletons, (), bits, _first_sounds(core) if is_compared else ANY_SOUNDS)


def have_other_sounds(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each name has a word that begins with a sound with which no word of the other one may begin."""
    return _lacks_counterpart(one, other) & _lacks_counterpart(other, one)


def _lacks_counterpart(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    may = other >> _MAY_SHIFT
    lacks = one < 0  # nowhere: the sign is no sound
    for place in range(_COMPARED_WORDS):
        sounds = (one >> (_SOUNDS * place)) & _ANY_SOUND
        lacks |= (sounds != 0) & ((sounds & may) == 0)
    return lacks


def _first_sounds(words: Iterable[str]) -> int:
    """The sounds with which each of the first words may begin, and above them those of all words."""
    found = 0
    for place, text in enumerate(words):
        sounds = _sounds_of_word(text)
        found |= sounds << _MAY_SHIFT
        if place < _COMPARED_WORDS:
            found |= sounds << (_SOUNDS * place)
    return found


@lru_cache(maxsize=65_536)
def _sounds_of_word(text: str) -> int:
    """The sounds with which a word, or a short or full form of it, may begin: of an initial, or a particle that may be
    joined to the next word, any. Of two consonants the first may be silent, or left out: Psaros, Nkurunziza, Tsipras.
    """
    kind = _kinds().get(text, "")
    if kind in _NOT_COMPARED:
        return 0
    forms = word(text).forms
    if len(text) == 1 or kind in _JOINED or not forms[0].isascii():
        return _ANY_SOUND
    found = 0
    for form in (*forms, *short_forms(text)):
        found |= _BEGINS.get(form[:1], _ANY_SOUND) | _DIGRAPHS.get(form[:2], 0)
        if form[:1] not in _VOWELS and form[1:2] not in _VOWELS_AND_GLIDES:
            found |= _BEGINS.get(form[1:2], _ANY_SOUND)
    return found


_VOWELS, _VOWELS_AND_GLIDES = frozenset("aeiouy"), frozenset("aeiouylrhw")
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

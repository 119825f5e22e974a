"""By which keys do Chinese names meet that can be one name, in whatever script and scheme they are written?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from math import log2
from typing import TypeVar

from kg.names.chinese.characters import Slot, characters
from kg.names.chinese.reading import HAN_CHARACTERS, LEAST_LANGUAGE, Part, Reading, exact_readings, language_bits
from kg.names.chinese.romanisations import SCHEMES

MAX_WHOLE = 10
"""Most keys of a whole name: the heaviest."""

LEAST_WHOLE = 0.01
"""Of the likeliest whole name; what is rarer gives no key."""

_MAX_READINGS = 4
_LEAST_PART = LEAST_WHOLE / _MAX_READINGS
"""What is rarer adds too little to a whole name of any reading."""
_MAX_SYLLABLES = 3
_LEAST_SYLLABLE = 0.03
_MAX_SURNAMES = 2
_LEAST_READING_SHARE = 0.15
"""Of the readings of a character; rarer ones give no key."""

_Key = TypeVar("_Key", str, tuple[str, ...])

_PINYIN = next(scheme for scheme in SCHEMES if scheme.name == "pinyin")
_ENGLISH_BITS = 6.0

Syllables = tuple[tuple[str, float], ...]
"""Syllables of pinyin and the probability of each, the likeliest first."""


class ChineseKeys:
    """What a Chinese name is found by: the pinyin of the characters that most probably stand behind each part."""

    def __init__(self, name: str) -> None:
        readings = exact_readings(name)
        self.is_chinese = bool(readings) and language_bits(name) >= LEAST_LANGUAGE
        """Whether it is compared as a Chinese name."""
        self.readings = readings if self.is_chinese and readings[0].given else ()
        """All readings, where the name has a given name."""
        likely = readings[:_MAX_READINGS] if self.is_chinese else ()
        wholes: dict[tuple[str, ...], float] = defaultdict(float)
        surnames: dict[str, float] = defaultdict(float)
        least = 0.0
        for reading in likely:
            for syllables, p in _wholes(reading, least):
                least = least or p * _LEAST_PART
                surnames[syllables[0]] += p
                if reading.given:
                    wholes[syllables] += p
        self.wholes = _heaviest(wholes, MAX_WHOLE)
        """Surname and given syllables."""
        self.surnames = _heaviest(surnames, _MAX_SURNAMES)
        self.most_bits = max(map(_most_bits, readings), default=0.0)
        """More than any other name can agree with this one."""

    def initials(self) -> Iterator[tuple[str, str]]:
        """Surnames with the first letters of the given syllables, in any order."""
        found = ((whole[0], "".join(sorted(s[0] for s in whole[1:]))) for whole in self.wholes)
        yield from dict.fromkeys(found)


def _heaviest(weights: dict[_Key, float], most: int) -> tuple[_Key, ...]:
    if len(weights) < 2:
        return tuple(weights)
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:most]
    return tuple([found for found, p in ordered if p >= LEAST_WHOLE * ordered[0][1]])


def _wholes(reading: Reading, least: float) -> list[tuple[tuple[str, ...], float]]:
    """The syllables that a name may be in pinyin, those of `least` probability or more; the likeliest first."""
    is_han = reading.scheme == HAN_CHARACTERS
    found: list[tuple[tuple[str, ...], float]] = [((), reading.probability)]
    for part in (reading.surname, *reading.given):
        syllables = _syllables(part, is_han)
        found = [((*before, one), q) for before, p in found for one, share in syllables if (q := p * share) >= least]
    return found


@lru_cache(maxsize=65_536)
def _syllables(part: Part, is_han: bool) -> Syllables:  # lru_cache keys positional arguments faster
    """The pinyin of the characters behind a part; a character written as such has each of its readings."""
    shares: dict[str, float] = defaultdict(float)
    for character, p in part.vector.items():
        read = _pinyin(part.slot, character)
        for syllable, share in read if is_han else read[:1]:
            shares[syllable] += p / part.probability * (share if is_han else 1.0)
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:_MAX_SYLLABLES]
    return tuple((s, p) for i, (s, p) in enumerate(ordered) if not i or p >= _LEAST_SYLLABLE)


@lru_cache(maxsize=16_384)
def _pinyin(slot: Slot, character: str) -> Syllables:
    spellings = characters().spellings_of(_PINYIN, slot).get(character, ())
    ordered = sorted(spellings, key=lambda item: (-item[1], item[0]))
    return tuple((s, p) for i, (s, p) in enumerate(ordered) if not i or p >= _LEAST_READING_SHARE)


def _most_bits(reading: Reading) -> float:
    bits = sum(map(_part_bits, (reading.surname, *reading.given)))
    return bits + (_ENGLISH_BITS if reading.english else 0.0)


@lru_cache(maxsize=65_536)
def _part_bits(part: Part) -> float:
    frequency = characters().frequency
    return log2(max(p / part.probability / frequency(part.slot, c) for c, p in part.vector.items()))

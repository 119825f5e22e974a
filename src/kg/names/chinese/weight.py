"""How much do two written names say that one Chinese name stands behind both?"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import log2

from kg.names.chinese.characters import Slot, characters
from kg.names.chinese.reading import (
    LEAST_BESIDE_HAN,
    LEAST_LANGUAGE,
    SURE,
    Part,
    Reading,
    chinese_readings,
    language_bits,
)
from kg.names.match import NameMatch

Frequency = Callable[[Slot, str], float]
"""The share of a character, or what else is not seen, in a place."""

CONTRADICTION = -10.0
"""Bits where a part of one name cannot be the same part of the other."""

SURNAME_ONLY = 3.5
"""The most bits of names of which one has no Chinese given name."""

UNLIKELY, UNLIKELY_BITS = 0.1, -1.0
"""Two names that agree only where each is read in a way that has less than this share of it do not agree,
unless the same is written in both."""

SAME_ENGLISH, _OTHER_ENGLISH = 6.0, -3.0


def compare_chinese(left: str, right: str) -> NameMatch | None:
    """The weight of two names that both can be Chinese ones; None where one cannot."""
    ours, theirs = chinese_readings(left), chinese_readings(right)
    if not ours or not theirs:
        return None
    languages = language_bits(left), language_bits(right)
    if max(languages) < SURE and not (ours[0].given and theirs[0].given):
        return None  # a surname and an English name, as people everywhere have them
    least = LEAST_LANGUAGE if max(languages) < SURE else LEAST_BESIDE_HAN
    if min(languages) < least:
        return None
    doubt = sum(log2(1 + 2.0**-bits) for bits in languages)
    return weigh_readings(ours, theirs, doubt, characters().frequency)


def weigh_readings(
    ours: tuple[Reading, ...], theirs: tuple[Reading, ...], doubt: float, frequency: Frequency
) -> NameMatch:
    """The weight of two names by their readings; `doubt` are the bits by which they may be of another language."""
    joint, best, pair = 0.0, 0.0, (ours[0], theirs[0])
    for one in ours:
        for other in theirs:
            p = _joint(one, other, frequency)
            joint += p
            if p > best:
                best, pair = p, (one, other)
    if not joint:
        return NameMatch(CONTRADICTION, (_difference(*pair, frequency),))
    bits = log2(joint / (sum(r.probability for r in ours) * sum(r.probability for r in theirs))) - doubt
    one, other = pair
    if str(one) != str(other) and max(_share(one, ours), _share(other, theirs)) < UNLIKELY:
        bits = min(bits, UNLIKELY_BITS)
    reasons = [f"{one} = {other}"]
    if one.english and other.english:
        same = one.english & other.english
        bits += SAME_ENGLISH if same else _OTHER_ENGLISH
        reasons.append("same English name" if same else "other English name")
    if not (one.given and other.given) and bits > SURNAME_ONLY:
        bits = SURNAME_ONLY
        reasons.append("one of the names has no Chinese given name, so it takes a birth date or a number to tell")
    return NameMatch(bits, tuple(reasons))


def _share(reading: Reading, readings: tuple[Reading, ...]) -> float:
    return reading.probability / sum(r.probability for r in readings)


def _joint(one: Reading, other: Reading, frequency: Frequency) -> float:
    if one.given and other.given and len(one.given) != len(other.given):
        return 0.0
    p = one.probability * other.probability * _common(one.surname, other.surname, frequency)
    if one.given and other.given:
        for ours, theirs in zip(one.given, other.given, strict=True):
            if not p:
                return 0.0
            p *= _common(ours, theirs, frequency)
    return p


@lru_cache(maxsize=262_144)
def _common(one: Part, other: Part, frequency: Frequency) -> float:
    """How much likelier one character stands behind both parts than chance has it."""
    small, large = (one, other) if len(one.vector) <= len(other.vector) else (other, one)
    common = sum(p * large.vector[c] / frequency(one.slot, c) for c, p in small.vector.items() if c in large.vector)
    return common / (one.probability * other.probability)


def _difference(one: Reading, other: Reading, frequency: Frequency) -> str:
    if not _common(one.surname, other.surname, frequency):
        return f"the surnames {one.surname.written} and {other.surname.written} have no character in common"
    for ours, theirs in zip(one.given, other.given, strict=False):
        if not _common(ours, theirs, frequency):
            return f"{ours.written} and {theirs.written} have no character in common"
    return f"{one} and {other} cannot be one name"

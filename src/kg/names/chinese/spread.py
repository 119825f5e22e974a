"""In which other ways may a Chinese name be written, and how likely is each, scheme by scheme?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kg.names.chinese.characters import Slot, characters
from kg.names.chinese.reading import HAN_CHARACTERS, LEAST_TO_SPREAD, Part, Reading, chinese_readings, language_bits
from kg.names.chinese.romanisations import SCHEMES, Scheme

LEAST_SHARE = 0.02
"""Of the writings of a part in one scheme; rarer ones are left out."""

LEAST_READING = 0.02
"""Of the readings of a name; rarer ones are left out."""

_CHARACTERS_OF_PART = 40


@dataclass(frozen=True, slots=True)
class Writings:
    """The ways to write a name in one scheme: alternatives for the surname, and for each part of the given name."""

    scheme: str
    surname: tuple[str, ...]
    given: tuple[tuple[str, ...], ...]


def chinese_writings(name: str) -> tuple[Writings, ...]:
    """The writings of a name that can be a Chinese one, in characters and in each scheme; none where it cannot."""
    readings = chinese_readings(name)
    if not readings or language_bits(name) < LEAST_TO_SPREAD:
        return ()
    total = sum(r.probability for r in readings)
    likely = [r for r in readings if r.probability >= LEAST_READING * total and r.given]
    found: list[Writings] = []
    for count in sorted({len(r.given) for r in likely}):
        of_count = [r for r in likely if len(r.given) == count]
        surname = _behind([(r, r.surname) for r in of_count])
        given = [_behind([(r, r.given[i]) for r in of_count]) for i in range(count)]
        found.append(_in_characters(surname, given))
        found += [_in_scheme(scheme, surname, given) for scheme in SCHEMES]
    return tuple(w for w in dict.fromkeys(found) if w.surname and all(w.given))


def _behind(parts: list[tuple[Reading, Part]]) -> dict[str, float]:
    """The characters that can stand behind a part, and the probability of each."""
    found: dict[str, float] = defaultdict(float)
    for reading, part in parts:
        for character, p in part.vector.items():
            found[character] += reading.probability * p / part.probability
    kept = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_CHARACTERS_OF_PART]
    total = sum(p for _, p in kept) or 1.0
    return {c: p / total for c, p in kept}


def _in_characters(surname: dict[str, float], given: list[dict[str, float]]) -> Writings:
    return Writings(HAN_CHARACTERS, _forms(surname), tuple(map(_forms, given)))


def _forms(behind: dict[str, float]) -> tuple[str, ...]:
    forms = characters().forms
    likely = [c for c, p in behind.items() if p >= LEAST_SHARE]
    return tuple(dict.fromkeys(form for c in likely for form in (c, *(forms.get(c, ()) if len(c) == 1 else ()))))


def _in_scheme(scheme: Scheme, surname: dict[str, float], given: list[dict[str, float]]) -> Writings:
    return Writings(
        scheme.caption,
        _spellings(scheme, "surname", surname),
        tuple(_spellings(scheme, "given", part) for part in given),
    )


def _spellings(scheme: Scheme, slot: Slot, behind: dict[str, float]) -> tuple[str, ...]:
    shares: dict[str, float] = defaultdict(float)
    of_character = characters().spellings_of(scheme, slot)
    for character, p in behind.items():
        for spelling, share in of_character.get(character, ()):
            shares[spelling] += p * share
    likely = sorted((s for s, share in shares.items() if share >= LEAST_SHARE), key=lambda s: (-shares[s], s))
    return tuple(likely)

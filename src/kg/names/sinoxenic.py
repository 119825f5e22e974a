"""Korean and Vietnamese names, also in characters: how they are read and spelled, and what two of them weigh."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from math import log2, prod

from kg.names.chinese.characters import Slot, Vector, characters
from kg.names.chinese.language import other_language_bits
from kg.names.chinese.reading import HAN_CHARACTERS, SURE, Part, Reading, exact_readings
from kg.names.chinese.weight import weigh_readings
from kg.names.match import NameMatch
from kg.names.tables import read_table
from kg.names.words import HAN, name_words

LEAST_LANGUAGE = 2.0
"""Names in Latin letters with fewer bits for the language than this are not read so beside one in characters."""

LEAST_BESIDE_HANGUL = -8.0

AS_CHARACTERS = -3.0
"""The bits for one of these languages of a name in characters: most that are listed so are Chinese."""

_HANGUL = "Hangul"
_RARE_GIVEN = 0.2
_FEWEST, _MOST = 2, 5
_MAX_SPELLINGS = 12
_SHARES = {1: (1.0,), 2: (0.7, 0.3), 3: (0.55, 0.35, 0.1), 4: (0.45, 0.35, 0.15, 0.05)}


def _shared(alternatives: str) -> dict[str, float]:
    found = ["" if one == "-" else one for one in alternatives.split()]
    if not found:
        return {}
    shares = _SHARES.get(len(found)) or (0.4, 0.3, *[0.3 / (len(found) - 2)] * (len(found) - 2))
    return dict(zip(found, shares, strict=True))


# --- How Hangul is spelled

_INITIALS = (
    *("g k", "kk gg", "n", "d t", "tt dd", "r l", "m", "b p", "pp bb", "s sh", "ss s", "-", "j ch"),
    *("jj", "ch", "k", "t", "p", "h"),
)
_VOWELS = (
    *("a ah", "ae ai e", "ya", "yae", "eo u o uh", "e", "yeo yu yo you yuh", "ye", "o oh", "wa", "wae", "oe oi", "yo"),
    *("u oo", "wo weo", "we", "wi", "yu yoo", "eu u", "ui ee i hui", "i ee"),
)
_FINALS = (
    *("-", "k g ck", "k", "k", "n", "n", "n", "t d", "l r", "k", "m", "l", "l", "l", "l", "l", "m", "p b", "p", "t s"),
    *("t", "ng", "t", "t", "k", "t", "p", "-"),
)
_BASE = 0xAC00
_ROUNDED = frozenset("우욱운울웅")
"""Syllables that begin with the vowel before which English has a w."""


def _spell_hangul(syllable: str) -> dict[str, float]:
    """The spellings of a syllable by the official scheme, by McCune and Reischauer, and by habit."""
    initial, rest = divmod(ord(syllable) - _BASE, 588)
    indexes = (initial, *divmod(rest, 28))
    ways = [_shared(table[i]) for table, i in zip((_INITIALS, _VOWELS, _FINALS), indexes, strict=True)]
    if syllable in _ROUNDED:
        ways[1] = _shared("u woo oo")
    found: dict[str, float] = defaultdict(float)
    for parts in product(*(way.items() for way in ways)):
        found["".join(letters for letters, _ in parts)] += prod(share for _, share in parts)
    return found


# --- The languages


class _Syllables:
    """A table of syllables: how frequent they are, which characters are read so, and how each is spelled."""

    def __init__(self, table: str, spell: Callable[[str], dict[str, float]]) -> None:
        self.shares: dict[Slot, dict[str, float]] = {"surname": {}, "given": {}}
        self.of_character: dict[str, list[str]] = defaultdict(list)
        self.spellings: dict[Slot, dict[str, dict[str, float]]] = {"surname": {}, "given": {}}
        for row in read_table(table):
            syllable, spelled = row["syllable"], _shared(row["surname_spellings"])
            for character in row["characters"]:
                self.of_character[character].append(syllable)
            if row["surname_share"]:
                self.shares["surname"][syllable] = float(row["surname_share"])
                self.spellings["surname"][syllable] = spelled or spell(syllable)
            if not spelled or len(syllable) == 1:
                self.shares["given"][syllable] = float(row["given_share"] or _RARE_GIVEN)
                self.spellings["given"][syllable] = spell(syllable)
        self.spelled: dict[Slot, dict[str, Vector]] = {}
        for slot, shares in self.shares.items():
            total = sum(shares.values())
            self.shares[slot] = {syllable: share / total for syllable, share in shares.items()}
            found: dict[str, dict[str, float]] = defaultdict(dict)
            for syllable, spellings in self.spellings[slot].items():
                for spelling, share in spellings.items():
                    found[spelling][syllable] = self.shares[slot][syllable] * share
            self.spelled[slot] = dict(found)

    def written(self, slot: Slot, form: str) -> Vector:
        """The syllables of a place that a character is read as, or the syllable itself."""
        shares = self.shares[slot]
        found = self.of_character.get(form, ()) if HAN.match(form) else (form,)
        return {syllable: shares[syllable] / len(found) for syllable in found if syllable in shares}

    def frequency(self, slot: Slot, syllable: str) -> float:
        """The share of a syllable in a place."""
        return self.shares[slot][syllable]


@dataclass(frozen=True, eq=False)
class Language:
    """A language whose names are syllables that characters can be read as."""

    name: str
    """As in other_names.csv; its table is called so too."""
    share: float
    """Of its names beside Chinese ones, as `chinese.language` has it."""
    spell: Callable[[str], dict[str, float]]
    orders: tuple[float, float]
    """The shares of names with the surname first, and last."""
    given_count: Mapping[int, float]
    """The share of given names with so many syllables."""
    script: re.Pattern[str] | None = None
    """Letters of its own; without them, two names in Latin letters are compared as those of any language are."""
    joins: bool = True
    """Whether syllables of a given name are written in one word."""
    surnames: Mapping[int, str | int] | None = None
    """Letters of surnames that stand for others, for `str.translate`."""

    @cached_property
    def syllables(self) -> _Syllables:
        """Its table."""
        return _Syllables(f"{self.name}.csv", self.spell)


KOREAN = Language(
    *("korean", 0.15, _spell_hangul, (0.65, 0.35), {1: 0.05, 2: 0.94, 3: 0.01}),
    script=re.compile("[가-힣]"),
    surnames=str.maketrans("리림류로라량려렴", "이임유노나양여염"),
)
VIETNAMESE = Language(
    *("vietnamese", 0.1, lambda syllable: {syllable: 1.0}, (0.7, 0.3), {1: 0.2, 2: 0.7, 3: 0.1}), joins=False
)

LANGUAGES = (KOREAN, VIETNAMESE)


# --- Readings


@lru_cache(maxsize=16_384)
def readings_in(language: Language, name: str) -> tuple[Reading, ...]:
    """The readings of a name as one of the language, the most probable first; none where it cannot be one."""
    text = "".join(name.split())
    if name.isascii() or not all(HAN.match(c) or (language.script and language.script.match(c)) for c in text):
        found = list(_latin_readings(language, name))
    else:
        found = list(_written_readings(language, text))
    return tuple(sorted(found, key=lambda r: (-r.probability, r.order, r.surname.written)))


def _written_readings(language: Language, text: str) -> Iterator[Reading]:
    if not _FEWEST <= len(text) <= _MOST:
        return
    scheme = HAN_CHARACTERS if HAN.match(text) else _HANGUL
    for length in (1, 2):
        written, given = text[:length], text[length:]
        parts = [_written_part(language, "surname", written), *(_written_part(language, "given", one) for one in given)]
        if len(given) in language.given_count and all(part.vector for part in parts):
            p = language.given_count[len(given)] * prod([part.probability for part in parts])
            yield Reading(scheme, parts[0], tuple(parts[1:]), frozenset(), p, "surname first")


@lru_cache(maxsize=16_384)
def _written_part(language: Language, slot: Slot, written: str) -> Part:
    """A part that is no Latin letters; without a syllable where it cannot be one."""
    form = written.translate(language.surnames) if slot == "surname" and language.surnames else written
    return _part(slot, written, language.syllables.written(slot, form))


def _latin_readings(language: Language, name: str) -> Iterator[Reading]:
    spelled = language.syllables.spelled
    before, comma, after = name.partition(",")
    words = [pieces for word in f"{before} {after}".split() if (pieces := name_words(word))]
    if not _FEWEST <= len(words) <= _MOST or not all(one.isascii() and one.isalpha() for w in words for one in w):
        return
    english = frozenset(w[0] for w in words if len(w) == 1 and w[0] in characters().english)
    rest = [w for w in words if w[0] not in english or w[0] in spelled["surname"]]
    words = rest if len(rest) >= _FEWEST else words
    orders = [(words[0], words[1:], language.orders[0], "surname first")]
    if not comma:
        orders.append((words[-1], words[:-1], language.orders[1], "surname last"))
        if not language.joins and len(words) > _FEWEST:
            orders.append((words[-1], words[-2::-1], language.orders[1], "surname last, middle name before it"))
    for surname, given, share, order in orders:
        vector = spelled["surname"].get(surname[0]) if len(surname) == 1 else None
        if not vector:
            continue
        part = _part("surname", surname[0], vector)
        for parts in _given(language, [one for word in given for one in word]):
            p = share * language.given_count[len(parts)] * part.probability * prod(one.probability for one in parts)
            yield Reading(language.name.title(), part, parts, english - {surname[0]}, p, order)


def _given(language: Language, pieces: Sequence[str]) -> Iterator[tuple[Part, ...]]:
    """The ways to read the words of a given name as syllables."""
    most = max(language.given_count)
    if len(pieces) <= most:
        for ways in product(*(_segments(language, piece) for piece in pieces)):
            parts = tuple(part for way in ways for part in way)
            if len(parts) <= most:
                yield parts


@lru_cache(maxsize=65_536)
def _segments(language: Language, word: str) -> tuple[tuple[Part, ...], ...]:
    spelled = language.syllables.spelled["given"]
    cuts = [(word,), *((word[:i], word[i:]) for i in range(1, len(word) if language.joins else 0))]
    ways = (way for way in cuts if all(one in spelled for one in way))
    return tuple(tuple(_part("given", one, spelled[one]) for one in way) for way in ways)


def _part(slot: Slot, written: str, vector: Vector) -> Part:
    return _same_part(slot, written, tuple(vector.items()))


@lru_cache(maxsize=16_384)
def _same_part(slot: Slot, written: str, syllables: tuple[tuple[str, float], ...]) -> Part:
    return Part(slot, written, dict(syllables), sum(p for _, p in syllables))


# --- Weights and spellings


@lru_cache(maxsize=16_384)
def _language_bits(language: Language, name: str) -> float:
    """How much likelier a name with readings is as one of the language than as a Chinese one or one of another."""
    readings = readings_in(language, name)
    if readings[0].scheme in (_HANGUL, HAN_CHARACTERS):
        return SURE if readings[0].scheme == _HANGUL else AS_CHARACTERS
    ours = log2(language.share * sum(r.probability for r in readings))
    chinese = sum(r.probability for r in exact_readings(name))
    others = other_language_bits(name_words(name), besides=language.name)
    return ours - max(others, log2(chinese) if chinese else -SURE)


def is_surely_of(language: Language, name: str) -> bool:
    """Whether a name is likelier one of the language than of Chinese or any other."""
    return bool(readings_in(language, name)) and _language_bits(language, name) >= LEAST_LANGUAGE


def compare_in(language: Language, left: str, right: str) -> NameMatch | None:
    """The weight of two names that both can be of the language; None where one cannot, and for two in characters."""
    ours, theirs = readings_in(language, left), readings_in(language, right)
    if not ours or not theirs:
        return None
    schemes = {ours[0].scheme, theirs[0].scheme}
    if schemes == {HAN_CHARACTERS} or not (language.script or HAN_CHARACTERS in schemes):
        return None
    languages = _language_bits(language, left), _language_bits(language, right)
    least = LEAST_BESIDE_HANGUL if _HANGUL in schemes else LEAST_LANGUAGE
    if any(bits < least and bits != AS_CHARACTERS for bits in languages):
        return None
    doubt = sum(log2(1 + 2.0**-bits) for bits in languages)
    return weigh_readings(ours, theirs, doubt, language.syllables.frequency)


def writings_in(language: Language, name: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]] | None:
    """How surname and given syllables of a name in characters or Hangul are spelled; None for other names."""
    readings = readings_in(language, name)
    if not readings or readings[0].scheme == language.name.title():
        return None
    surname, *given = (_spellings(language, part) for part in (readings[0].surname, *readings[0].given))
    return surname, tuple(given)


def syllable_keys(name: str) -> tuple[str, ...]:
    """The syllables of each language that a name in characters or Hangul is read as, or that a name in Latin letters is
    spelled for that is surely one of it: what the writings of one name have in common.
    """
    found = list[str]()
    for language in LANGUAGES:
        is_latin = not HAN.search(name) and not (language.script and language.script.search(name))
        if is_latin and not (_has_surname(language, name) and is_surely_of(language, name)):
            continue
        weights: dict[str, float] = defaultdict(float)
        for reading in readings_in(language, name)[:_KEYED]:
            for way in product(*map(_likeliest, (reading.surname, *reading.given))):
                key = " ".join([language.name, *[syllable for syllable, _ in way]])
                weights[key] += prod([p for _, p in way])
        ordered = sorted(weights.items(), key=_heaviest)[:_MOST_KEYS]
        found += [key for key, p in ordered if p >= _LEAST_KEY * ordered[0][1]]
    return tuple(found)


_KEYED, _MOST_KEYS, _LEAST_KEY = 3, 6, 0.02
"""Readings and syllables of each place of which keys are made; most keys; and the least share of the heaviest."""


@lru_cache(maxsize=16_384)
def _likeliest(part: Part) -> list[tuple[str, float]]:
    return sorted(part.vector.items(), key=_heaviest)[:_KEYED]


def _heaviest(weighed: tuple[str, float]) -> tuple[float, str]:
    return -weighed[1], weighed[0]


def _has_surname(language: Language, name: str) -> bool:
    """Whether the first or last word of a name in Latin letters is spelled as a surname is: most names end here."""
    surnames, words = language.syllables.spelled["surname"], name_words(name)
    return len(words) >= _FEWEST and (words[0] in surnames or words[-1] in surnames or words[-2] in surnames)


def _spellings(language: Language, part: Part) -> tuple[str, ...]:
    shares: dict[str, float] = defaultdict(float)
    for syllable, p in part.vector.items():
        for spelling, share in language.syllables.spellings[part.slot][syllable].items():
            shares[spelling] += p * share
    return tuple(sorted(shares, key=lambda one: (-shares[one], one))[:_MAX_SPELLINGS])

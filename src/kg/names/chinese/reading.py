"""Which Chinese names can a written name be: which part is the surname, which scheme, which characters stand behind?"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from math import log2, prod
from typing import NamedTuple

from kg.names.chinese.characters import Characters, Slot, Vector, characters
from kg.names.chinese.language import other_language_bits
from kg.names.chinese.romanisations import SCHEMES
from kg.names.words import HAN, INVISIBLE


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One place of a name, as written, and the characters that can stand behind it."""

    slot: Slot
    written: str
    vector: Vector
    probability: float


class Reading(NamedTuple):
    """One way to read a name: a scheme, a surname, the syllables of the given name, perhaps an English name.

    Its probability is the share of the scheme and of the order, times the frequency of the characters that can stand
    behind each part.
    """

    scheme: str
    """What the surname is read as: `Han`, or the caption of a scheme."""
    surname: Part
    given: tuple[Part, ...]
    """None where only a surname and an English name are written."""
    english: frozenset[str]
    probability: float
    """Of this reading and of what is written, together."""
    order: str
    """`surname first`, `surname last`, `husband's surname first`, or one of these with `mistyped`."""

    def __str__(self) -> str:
        parts = [self.surname.written, *(part.written for part in self.given)]
        if self.scheme == HAN_CHARACTERS:
            return "".join(parts)
        return f"{' '.join(parts).title()} as {self.scheme}"


_BY_NAME = {scheme.name: scheme for scheme in SCHEMES}
_SCHEME_PAIRS = (
    *(("pinyin", "pinyin", 0.46), ("taiwan", "taiwan", 0.18), ("hongkong", "hongkong", 0.18)),
    *(("southeast_asia", "southeast_asia", 0.07), ("southeast_asia", "pinyin", 0.04)),
    *(("southeast_asia", "hongkong", 0.03), ("hongkong", "pinyin", 0.02), ("taiwan", "pinyin", 0.02)),
    *(("taiwan", "hongkong", 0.0003), ("hongkong", "taiwan", 0.0003)),
)
"""The schemes of surname and given name, and the share of each pair; estimates. The last two are so rare that they
count beside characters, and make no two syllables in Latin letters one.
"""

_SURNAME_FIRST, _SURNAME_LAST, _HUSBAND_FIRST, _JOINED = 0.6, 0.36, 0.03, 0.01
_IN_CAPITALS = (0.97, 0.02)
"""The shares of the order of a surname that alone is in capitals, and of the other."""

_GIVEN_COUNT = {0: 0.01, 1: 0.16, 2: 0.82, 3: 0.004}
"""The share of names with so many syllables in the given name."""

_MAX_GIVEN = max(_GIVEN_COUNT)
_WITH_ENGLISH = 0.1
_ENGLISH_NAME = 0.002
_MISTYPED = 0.01
_MISTYPED_SCHEMES = ("pinyin", "taiwan", "hongkong")
_MIN_MISTYPED, _MAX_MISTYPED, _MIN_SWAPPED = 3, 16, 4
"""Letters of a word that may be mistyped: no surname or given name is longer."""
_KEPT = 12
_KEPT_MISTYPED = 40
_MAX_TOKENS = 6
SURE = 99.0
"""Bits of a name in Han characters."""

LEAST_LANGUAGE = 2.0
"""Names in Latin letters with fewer bits for Chinese than this are compared as any other names are."""

LEAST_TO_SPREAD = -4.0
"""The same of names that are looked for in other writings: it is told later what each is compared as."""

LEAST_BESIDE_HAN = -8.0
"""The same of names that are compared with one in Han characters."""

HAN_CHARACTERS = "Han"
"""What the scheme of a name in characters is called."""

_LEAST = 1e-4
"""Of the most probable reading; rarer ones are left out."""

_MAX_LETTERS = 60
_TOKEN = re.compile(r"[^\s,;/()]+|,")
_INITIALS = re.compile(r"(?:[A-Z]\.-?){1,3}|[A-Z]\.?|[A-Z](?:-[A-Z])+\.?")
_CAPITALS = re.compile("[A-Z]{2,3}")
_LATIN_ONLY = re.compile(r"[A-Za-z'.\-\s,]+")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʻʼ'", "'") | dict.fromkeys("‐‑‒–—−", "-"))


@lru_cache(maxsize=16_384)
def chinese_readings(name: str) -> tuple[Reading, ...]:
    """The readings of a name as a Chinese one, the most probable first; none where it cannot be one."""
    return exact_readings(name) or _best(_mistyped_readings(_latin_tokens(name)), _KEPT_MISTYPED)


@lru_cache(maxsize=16_384)
def exact_readings(name: str) -> tuple[Reading, ...]:
    """The readings of a name in which nothing is mistyped."""
    if not name.isascii() and (han := "".join(HAN.findall(text := _clean(name)))):
        rest = HAN.sub("", text)
        readings = _han_readings(han, text) if not any(c.isalpha() and not c.isascii() for c in _plain(rest)) else ()
        return tuple(readings)
    tokens = _latin_tokens(name)
    return _best(_with_rarity(_latin_readings(tokens))) if tokens and all(map(_is_readable, tokens)) else ()


def _with_rarity(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Readings of which those with an English name are held to how rare that very name is.

    Only where another reading has it as syllables: `May` of `Tan May Ling`.
    """
    is_read_otherwise = any(not reading.english for reading in readings)
    for reading in readings:
        if reading.english and is_read_otherwise:
            rarity = _ENGLISH_NAME ** len(reading.english)
            yield reading._replace(probability=reading.probability * rarity)
        else:
            yield reading


@lru_cache(maxsize=16_384)
def _latin_tokens(name: str) -> tuple[_Token, ...]:
    """The words of a name in Latin letters alone that can be a Chinese one, but for one mistake; else none."""
    text = _latin(_clean(name))
    if len(text) > _MAX_LETTERS or not _LATIN_ONLY.fullmatch(text):
        return ()
    tokens = tuple(_tokens(text))
    if not 1 <= len(tokens) <= _MAX_TOKENS:
        return ()
    unread = sum([not _is_readable(token) for token in tokens])
    return () if unread > 1 or not (unread or _has_surname(tokens) or _has_swapped_surname(tokens)) else tokens


@lru_cache(maxsize=65_536)
def _is_readable(token: _Token) -> bool:
    """Whether any scheme, or English, has such a word: most names of other languages end here."""
    table = characters()
    if token.initials or token.word in table.english or token.word in table.every_surname:
        return True
    given = table.every_given
    if len(token.pieces) > 1:
        return all(piece in given for piece in token.pieces) or token.pieces[-1] in table.every_surname
    word = token.word
    return word in given or any(word[:i] in given and word[i:] in given for i in range(1, len(word)))


def _has_surname(tokens: Sequence[_Token]) -> bool:
    surnames, words = characters().every_surname, [t.word for t in tokens]
    if len(words) == 1 or any(w in surnames for w in words) or any(t.pieces[-1] in surnames for t in tokens):
        return True
    return any(a + b in surnames for a, b in pairwise(words))


def _has_swapped_surname(tokens: Sequence[_Token]) -> bool:
    """Whether the first or last word is a surname in pinyin but for two neighbouring letters."""
    surnames = characters().spelled(_BY_NAME["pinyin"], "surname")
    words = {tokens[0].word, tokens[-1].word} if len(tokens) > 1 else ()
    return any(swapped in surnames for word in words if len(word) >= _MIN_SWAPPED for swapped in swaps(word))


def swaps(word: str) -> Iterator[str]:
    """A word with each two neighbouring letters that differ in each other's place."""
    for i in range(len(word) - 1):
        if word[i] != word[i + 1]:
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]


@lru_cache(maxsize=16_384)
def language_bits(name: str) -> float:
    """How much likelier a name is as a Chinese one than as one of another language; it has Chinese readings."""
    readings = chinese_readings(name)
    if readings[0].scheme == HAN_CHARACTERS:
        return SURE
    words = tuple(piece for token in _latin_tokens(name) if not token.initials for piece in token.pieces)
    initials = prod([part.probability for part in readings[0].given if part.written.endswith(".")])
    return log2(sum([r.probability for r in readings]) / initials) - other_language_bits(words)


def _clean(name: str) -> str:
    """A name without what cannot be seen."""
    return name.strip() if name.isascii() else INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).strip()


def _latin(text: str) -> str:
    if text.isascii():
        return text.translate(_APOSTROPHES)
    return _plain(text.replace("ü", "v").replace("Ü", "V")).translate(_APOSTROPHES)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c))


def _best(readings: Iterable[Reading], most: int = _KEPT) -> tuple[Reading, ...]:
    found = list(readings)
    if len(found) < 2:
        return tuple(found)
    least = max((r.probability for r in found), default=0.0) * _LEAST
    likely = [r for r in found if r.probability >= least]
    return tuple(sorted(likely, key=lambda r: (-r.probability, r.scheme, r.order, r.surname.written))[:most])


# --- Han characters


def _han_readings(han: str, text: str) -> Iterator[Reading]:
    table = characters()
    length = len(han)
    if not 2 <= length <= 5:
        return
    latin = frozenset(w.lower() for w in re.findall("[A-Za-z]{2,}", text)) & table.english
    ways = []
    if table.written("surname", han[:2]) and length > 2:
        ways.append((han[:2], han[2:], 1.0, "surname first"))
    if length <= 3:
        ways.append((han[0], han[1:], 1.0, "surname first"))
    if length in {4, 5} and all(_known_surname(table, c) for c in han[:2]):
        ways.append((han[1], han[2:], _HUSBAND_FIRST, "husband's surname first"))
    found = []
    for surname, given, share, order in ways:
        if len(given) > 2 or not (len(surname) > 1 or _known_surname(table, surname)):
            continue
        slots = (_han_part(surname, "surname"), *(_han_part(c, "given") for c in given))
        probability = share * _GIVEN_COUNT[len(given)] * prod(part.probability for part in slots)
        found.append(Reading(HAN_CHARACTERS, slots[0], slots[1:], latin, probability, order))
    yield from sorted(found, key=lambda r: -r.probability)


def _known_surname(table: Characters, written: str) -> bool:
    return any(c in table.ppm["surname"] for c in table.simplified.get(written, ()))


@lru_cache(maxsize=16_384)
def _han_part(written: str, slot: Slot) -> Part:
    vector = characters().written(slot, written)
    return Part(slot, written, vector, sum(vector.values()))


# --- Latin letters


class _Token(NamedTuple):
    """A word between spaces."""

    pieces: tuple[str, ...]
    """In small letters, parted at hyphens."""
    initials: str
    """Small letters, where it can be initials."""
    before_comma: bool
    capitals: bool
    word: str
    """All pieces."""


def _tokens(text: str) -> list[_Token]:
    comma = text.find(",")
    if text.count(",") > 1:
        return []
    shouted = text == text.upper()
    tokens = []
    for found in _TOKEN.finditer(text):
        raw = found[0]
        if raw == ",":
            continue
        before_comma = found.start() < comma
        if raw.isalpha() and raw[1:].islower():
            word = raw.lower()
            tokens.append(_Token((word,), "", before_comma, False, word))
            continue
        in_capitals = raw.isupper()
        initials = "".join(c.lower() for c in raw if c.isalpha()) if in_capitals and _INITIALS.fullmatch(raw) else ""
        if in_capitals and not initials and _CAPITALS.fullmatch(raw) and not set(raw) & set("AEIOU"):
            initials = "" if shouted and _is_syllable(raw.lower()) else raw.lower()
        pieces = tuple(cleaned for piece in raw.lower().split("-") if (cleaned := piece.translate(_NO_SIGNS)))
        if pieces:
            capitals = in_capitals and len(raw) > 1 and not shouted
            tokens.append(_Token(pieces, initials, before_comma, capitals, "".join(pieces)))
    return tokens


_NO_SIGNS = str.maketrans("", "", ".'")


def _is_syllable(word: str) -> bool:
    """Whether a word without vowels is one in some scheme, such as Ng and Sy."""
    return word in characters().every_surname or word in characters().every_given


class _Order(NamedTuple):
    """Which word is what."""

    surname: str
    given: tuple[_Token, ...]
    share: float
    """Of names that are written in this order."""
    husband: str = ""
    """A husband's surname."""
    last: bool = False

    def __str__(self) -> str:
        return "husband's surname first" if self.husband else "surname last" if self.last else "surname first"


def _latin_readings(tokens: Sequence[_Token], pairs: Sequence[tuple[str, str, float]] = _SCHEME_PAIRS) -> list[Reading]:
    table = characters()
    found: list[Reading] = []
    maybe_english = [i for i, t in enumerate(tokens) if t.word in table.english and not t.before_comma]
    for size in range(min(2, len(maybe_english)) + 1):
        for chosen in combinations(maybe_english, size):
            rest = [t for i, t in enumerate(tokens) if i not in chosen]
            if not rest:
                continue
            english = frozenset(tokens[i].word for i in chosen)
            share = _WITH_ENGLISH ** min(1, size) * (1 if size < 2 else 0.1)
            for order in _orders(rest, english=bool(size)):
                if order.surname in table.every_surname:
                    found += _read(order, english, share, pairs)
    return found


def _orders(rest: list[_Token], *, english: bool) -> Iterator[_Order]:
    """The orders in which the words of a name may stand."""
    comma = sum(t.before_comma for t in rest)
    if comma:
        yield from _orders_by_comma(rest, comma, english=english)
        if 1 < comma == len(rest):  # only English names stand behind it
            yield from _orders_of_words(rest, english=english)
    elif len(rest) == 1:
        yield from _orders_of_one_word(rest[0].word, english=english)
    else:
        yield from _orders_of_words(rest, english=english)


def _orders_by_comma(rest: list[_Token], comma: int, *, english: bool) -> Iterator[_Order]:
    words, after = [t.word for t in rest[:comma]], tuple(rest[comma:])
    if after or english:
        yield _Order("".join(words), after, 1.0)
        if comma == 2:
            yield _Order(words[1], after, 0.1, husband=words[0])


def _orders_of_one_word(word: str, *, english: bool) -> Iterator[_Order]:
    if english:
        yield _Order(word, (), 1.0)
        return
    for cut in range(2, min(len(word) - 1, 7)):
        yield _Order(word[:cut], (_Token((word[cut:],), "", False, False, word[cut:]),), _JOINED)


def _may_be_surname(token: _Token) -> bool:
    """Whether a word is no initials, or capitals that are a surname too, such as NG."""
    return not token.initials or (token.capitals and token.word in characters().every_surname)


def _orders_of_words(rest: list[_Token], *, english: bool) -> Iterator[_Order]:
    words, count = [t.word for t in rest], len(rest)
    first, last = _SURNAME_FIRST, _SURNAME_LAST
    capitals = [i for i, t in enumerate(rest) if t.capitals and not t.initials]
    if len(capitals) == 1 and capitals[0] in {0, count - 1}:
        first, last = _IN_CAPITALS if capitals[0] == 0 else _IN_CAPITALS[::-1]
    if _may_be_surname(rest[0]):
        yield _Order(words[0], tuple(rest[1:]), first)
    if _may_be_surname(rest[-1]):
        yield _Order(words[-1], tuple(rest[:-1]), last, last=True)
    if len(rest[0].pieces) == 2:
        yield _Order(rest[0].pieces[1], tuple(rest[1:]), _HUSBAND_FIRST, husband=rest[0].pieces[0])
    if count > 2 or english:
        yield _Order(words[0] + words[1], tuple(rest[2:]), first)
    if count > 2:
        yield _Order(words[-2] + words[-1], tuple(rest[:-2]), last, last=True)
        yield _Order(words[1], tuple(rest[2:]), _HUSBAND_FIRST, husband=words[0])


def _read(
    order: _Order, english: frozenset[str], share: float, pairs: Iterable[tuple[str, str, float]]
) -> Iterator[Reading]:
    """The readings of a name in one order, by each pair of schemes of surname and given name."""
    surnames: dict[str, tuple[Part, float] | None] = {}
    ways: dict[str, Sequence[_Way]] = {}
    called = str(order)
    for surname_scheme, given_scheme, pair_share in pairs:
        if surname_scheme not in surnames:
            surnames[surname_scheme] = _surname(surname_scheme, order)
        if not (found := surnames[surname_scheme]):
            continue
        surname, likelihood = found
        if given_scheme not in ways:
            ways[given_scheme] = _given_ways(given_scheme, order.given, is_needed=not english)
        caption, likelihood = _BY_NAME[surname_scheme].caption, share * pair_share * likelihood
        for parts, of_given in ways[given_scheme]:
            yield Reading(caption, surname, parts, english, likelihood * of_given, called)


def _surname(scheme: str, order: _Order) -> tuple[Part, float] | None:
    """The surname in a scheme, and how likely the order and the surnames are."""
    surname = _latin_part(scheme, "surname", order.surname)
    husband = _latin_part(scheme, "surname", order.husband) if order.husband else None
    if surname is None or (order.husband and husband is None):
        return None
    return surname, order.share * surname.probability * (husband.probability if husband else 1.0)


_Way = tuple[tuple[Part, ...], float]
"""Given syllables, and how likely they and their number are."""


def _given_ways(scheme: str, given: tuple[_Token, ...], *, is_needed: bool) -> Sequence[_Way]:
    """The ways to read the words of a given name."""
    if not given:
        return [] if is_needed else [((), _GIVEN_COUNT[0])]
    ways: Sequence[_Way] = _token_ways(scheme, given[0].pieces, given[0].initials)
    for token in given[1:]:
        if not ways:
            break
        of_token = _token_ways(scheme, token.pieces, token.initials)
        ways = [(before + parts, p * q) for before, p in ways for parts, q in of_token]
    return [(parts, p * _GIVEN_COUNT[len(parts)]) for parts, p in ways if len(parts) <= _MAX_GIVEN]


@lru_cache(maxsize=16_384)
def _token_ways(scheme: str, pieces: tuple[str, ...], initials: str) -> tuple[_Way, ...]:
    """The ways to read one word of a given name."""
    found: list[_Way] = []
    if initials:
        letters = [part for letter in initials if (part := _initial_parts(scheme).get(letter))]
        if len(letters) == len(initials):
            found.append((tuple(letters), 0.05))
    if len(pieces) > 1:
        parts = [_latin_part(scheme, "given", piece) for piece in pieces]
        if all(parts):
            found.append((tuple(p for p in parts if p), 1.0))
    elif not initials:
        found += [(parts, 1.0) for parts in _segments(scheme, pieces[0])]
    return tuple((parts, share * prod([part.probability for part in parts])) for parts, share in found)


@lru_cache(maxsize=65_536)
def _segments(scheme: str, word: str) -> tuple[tuple[Part, ...], ...]:
    """The ways to read a word as one or two given syllables."""
    found: list[tuple[Part, ...]] = []
    whole = _latin_part(scheme, "given", word)
    if whole:
        found.append((whole,))
    given = characters().spelled(_BY_NAME[scheme], "given")
    for cut in range(1, len(word)):
        if word[:cut] in given and word[cut:] in given:
            halves = [_latin_part(scheme, "given", half) for half in (word[:cut], word[cut:])]
            found.append(tuple(half for half in halves if half))
    return tuple(found)


@lru_cache(maxsize=16_384)
def _latin_part(scheme: str, slot: Slot, spelling: str) -> Part | None:
    vector = characters().spelled(_BY_NAME[scheme], slot).get(spelling)
    return Part(slot, spelling, vector, sum(vector.values())) if vector else None


@lru_cache(maxsize=16)
def _initial_parts(scheme: str) -> dict[str, Part]:
    """By letter, the part that an initial can stand for."""
    vectors: dict[str, dict[str, float]] = {}
    for spelling, behind in characters().spelled(_BY_NAME[scheme], "given").items():
        vector = vectors.setdefault(spelling[:1], {})
        for character, p in behind.items():
            vector[character] = vector.get(character, 0.0) + p
    return {letter: Part("given", f"{letter.upper()}.", v, sum(v.values())) for letter, v in vectors.items()}


def _mistyped_readings(tokens: Sequence[_Token]) -> Iterator[Reading]:
    """What a name may have been of which one word is no syllable of a scheme: one letter too many, missing, changed,
    or swapped with the next.
    """
    others = [t for t in tokens if _is_readable(t) and t.word not in characters().english and not t.initials]
    if len(tokens) < 2 or not others:
        return
    for scheme in _MISTYPED_SCHEMES:
        unread = [i for i, token in enumerate(tokens) if not _is_read(scheme, token)]
        if len(unread) == 1 and _MIN_MISTYPED <= len(tokens[unread[0]].word) <= _MAX_MISTYPED:
            yield from _corrected(scheme, tokens, unread[0])


def _corrected(scheme: str, tokens: Sequence[_Token], at: int) -> Iterator[Reading]:
    words, count = _corrections(scheme, tokens[at].word)
    for word in words:
        edited = tokens[at]._replace(pieces=(word,), word=word)
        for reading in _latin_readings([*tokens[:at], edited, *tokens[at + 1 :]], ((scheme, scheme, 1.0),)):
            probability = reading.probability * _MISTYPED / count
            if reading.given:
                yield reading._replace(probability=probability, order=f"{reading.order}, mistyped")


@lru_cache(maxsize=16_384)
def _corrections(scheme: str, word: str) -> tuple[tuple[str, ...], int]:
    """The words one letter away that can be read, and how many there are that can or cannot."""
    surnames, given = (characters().spelled(_BY_NAME[scheme], slot).keys() for slot in ("surname", "given"))
    edits = _one_edit(word)
    readable = {w for w in edits if w in surnames or w in given}
    for cut in range(len(word) + 1):
        left, right = word[:cut], word[cut:]
        if left in given:
            readable.update(left + changed for changed in _one_edit(right) if changed in given)
        if right in given:
            readable.update(changed + right for changed in _one_edit(left) if changed in given)
        swapped = (left[:-1] + right[:1], left[-1:] + right[1:])
        if left and right and swapped[0] in given and swapped[1] in given:
            readable.add("".join(swapped))
    return tuple(sorted(readable)), len(edits)


def _is_read(scheme: str, token: _Token) -> bool:
    if token.initials or token.word in characters().english:
        return True
    return bool(_latin_part(scheme, "surname", token.word) or _token_ways(scheme, token.pieces, token.initials))


@lru_cache(maxsize=256)
def _one_edit(word: str) -> frozenset[str]:
    """All that one letter more, less or changed, or two neighbours swapped, make of a word; the word is among them."""
    found = {word[:i] + word[i + 1 :] for i in range(len(word))}
    found.update(swaps(word))
    for i in range(len(word) + 1):
        left, right, rest = word[:i], word[i:], word[i + 1 :]
        found.update([left + letter + right for letter in string.ascii_lowercase])
        if right:
            found.update([left + letter + rest for letter in string.ascii_lowercase])
    return frozenset(found)

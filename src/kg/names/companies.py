"""Whether two names of companies, ships or other bodies are written for one: legal forms, numbers and cores apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, takewhile
from math import inf

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg.names.match import NameMatch
from kg.names.resemblance import (
    MAX_WORDS,
    Weight,
    Word,
    default_bits,
    pair_words,
    word,
)
from kg.names.spellings import spellings
from kg.names.tables import read_table
from kg.names.words import HAN, name_words, written_words

Fold = Callable[[str], str]

SISTER_BITS = 3.0
"""A name with a word more may be of a sister, a daughter or a branch: it is worth no more than this."""

_MISSING_BITS = 8.0
_MISSING_GENERIC_BITS = 5.0
_MISSING_GROUP_BITS = 2.0
_LIGHT_BITS = 2.5
"""Generic words of no more than so many bits may be left out."""
_MOST_SPELLED_LOSS = 1.0
"""A word in Latin letters is the spelling of characters, or it is not: one letter off is another syllable."""
_OTHER_FORM_BITS = 4.0
_CONTRADICTION_BITS = 6.0
_CONTRADICTION_CAP = -2.0
_ACRONYM_BITS_A_LETTER = 1.3
_MIN_ACRONYM = 3
_MAX_DIGITS = 18
"""Longer numbers are compared as words."""
_MIN_MISTYPED = 5
_MIN_MISTYPED_FORM = 7
_NO_LAW = {"company", "vessel"}
"""Kinds of forms that say no more than that it is a company, or a ship."""
_OTHER_LAW = {"cooperative", "individual", "nonprofit", "partnership", "state"}
"""Kinds of forms that are never another kind in translation."""

_APOSTROPHE = re.compile(r"['’`´ʻʼ‘′]")
_HAN_RUN = re.compile(f"({HAN.pattern}+)")
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.\s?)+[^\W\d_](?![^\W_])\.?")
_SLASHED = re.compile(r"\b([^\W\d_])/([^\W\d_])\b")
_CAMEL_FORM = re.compile(r"(?<=[a-z]{2})(?=(AG|SA|GmbH|Ltd|LLC|AB|NV|BV|PLC|Inc|SE|OOO|JSC)\b)")
_SURE_FORM = re.compile(r"[^\W_]{4}|^[^aeiouy\W]{3}$|^[ao]{3}$|^[^\x00-\x7f]{2,3}$")
_HAN_PLACE = re.compile("((?:[^省市县縣区區]{2,3}[省市县縣区區])+)(.{2,})")
_AFTER_PLACE = re.compile("^[省市县縣区區]")
_AND = re.compile(r"\s*[&+＆]\s*")
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third"}
_ROMAN = re.compile("(?=.)(x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
_SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = {name: i for i, name in enumerate(_SMALL, 1)} | {name: i * 10 for i, name in enumerate(_TENS, 2)}
_NUMBERS["fourty"] = 40


@dataclass(frozen=True, slots=True)
class _Company:
    words: tuple[Word, ...]
    numbers: tuple[int, ...]
    forms: frozenset[str]
    """The kinds of its legal forms."""
    is_surely: bool
    """Whether a legal form is no word that people have in their names."""


def compare(left: str, right: str, weight: Weight | None = None, *, fold: Fold | None = None) -> NameMatch:
    """The evidence that two written names are of one company; the same for both orders of the two.

    `weight` gives the bits of a word. `fold` makes characters one that are compared as one: traditional and simplified.
    """
    first, second = sorted((fold(left), fold(right)) if fold else (left, right))
    found = _compare(_parse(first), _parse(second), weight or default_bits)
    if bool(HAN.search(first)) == bool(HAN.search(second)):
        return found
    latin, han = sorted((first, second), key=lambda name: bool(HAN.search(name)))
    spelled = (
        _compare(_parse(latin), _parse(name), weight or default_bits, most_loss=_MOST_SPELLED_LOSS)
        for name in romanised(han)
    )
    return max(found, *spelled, key=lambda match: match.bits)


@lru_cache(maxsize=4_096)
def romanised(name: str, *, whole: bool = True) -> tuple[str, ...]:
    """A name in Han characters with places and the words that are its own in Latin letters, by Mandarin and Cantonese.

    Words that many companies have stay as they are: their meaning is known. Without `whole`, these, legal forms and
    what is in Latin letters already are left out.
    """
    spelled = (_romanised(name, spell, whole=whole) for spell in (_in_pinyin, _in_cantonese))
    return tuple(dict.fromkeys(map("".join, spelled)))


def _romanised(name: str, spell: Callable[[str], str], *, whole: bool) -> Iterator[str]:
    for i, piece in enumerate(_HAN_RUN.split(name)):
        for part in _split_han(piece) if i % 2 else (piece,):
            while_han = part if i % 2 and part not in _concepts() and (part,) not in _forms() else ""
            if not while_han:
                yield f" {part} " if whole else ""
                continue
            while place := _place_at(while_han):
                yield f" {_places()[place]} "
                while_han = _AFTER_PLACE.sub("", while_han[len(place) :])
            yield f" {spell(while_han)} " if while_han else ""


def _place_at(text: str) -> str:
    return max((place for place in _places() if text.startswith(place)), key=len, default="")


def _in_pinyin(text: str) -> str:
    return "".join(unit[0] for unit in spellings(text))


def _in_cantonese(text: str) -> str:
    from kg.names.chinese.characters import characters
    from kg.names.chinese.romanisations import SCHEMES

    scheme = next(scheme for scheme in SCHEMES if scheme.name == "hongkong")
    of_character = characters().spellings_of(scheme, "given")
    ways = (of_character.get(c) for c in text)
    return " ".join(max(way, key=lambda found: found[1])[0] if way else c for c, way in zip(text, ways, strict=True))


def are_companies(left: str, right: str) -> bool:
    """Whether two names are of companies: one has a legal form that is no part of a person's name, or both have one."""
    one, other = _parse(left), _parse(right)
    return one.is_surely or other.is_surely or bool(one.forms and other.forms)


def core_words(name: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The words of a name that tell it from others, and its numbers: without legal forms and words that many have."""
    company = _parse(name)
    bits = _concept_bits()
    core = tuple(one.text for one in company.words if bits.get(one.text, inf) > _LIGHT_BITS)
    return core or tuple(one.text for one in company.words), company.numbers


def is_general(text: str) -> bool:
    """Whether a word is a legal form, or one that so many companies have that it may be left out."""
    concept = _concepts().get(text)
    return (text,) in _forms() or concept == "" or _concept_bits().get(concept or text, inf) <= _LIGHT_BITS


def _compare(left: _Company, right: _Company, weight: Weight, *, most_loss: float = inf) -> NameMatch:
    reasons = []
    pairs = pair_words(left.words, right.words, min_initials=_MIN_ACRONYM)
    pairs = [pair for pair in pairs if pair.like.loss <= most_loss]
    open_left = [w for i, w in enumerate(left.words) if all(i not in pair.left for pair in pairs)]
    open_right = [w for j, w in enumerate(right.words) if all(j not in pair.right for pair in pairs)]
    bits = 0.0
    for pair in pairs:
        ours, theirs = [left.words[i] for i in pair.left], [right.words[j] for j in pair.right]
        bits += max(min(_sum(ours, weight), _sum(theirs, weight)) - pair.like.loss, 0.0)
        same = f"{' '.join(w.text for w in ours)} = {' '.join(w.text for w in theirs)}"
        reasons.append(same + (f": {pair.like.words}" if pair.like.words else ""))
    if not pairs and (acronym := _acronym(left, right) or _acronym(right, left)):
        return NameMatch(_ACRONYM_BITS_A_LETTER * len(acronym), (f"{acronym}: initials",))
    contradictions = min(len(open_left), len(open_right))
    cap: float | None = None if pairs else SISTER_BITS
    for one, other in zip(open_left, open_right, strict=False):
        if HAN.search(one.text) and (one.text in other.text or other.text in one.text):
            cap = SISTER_BITS
            contradictions -= 1
            reasons.append(f"{one.text} and {other.text} are one a part of the other")
        else:
            reasons.append(f"{one.text} is not {other.text}")
    generic = 0
    for missing in open_left[len(open_right) :] + open_right[len(open_left) :]:
        loss, is_sister = _missing(missing)
        bits -= loss
        generic += missing.text != "group"
        cap = SISTER_BITS if is_sister or generic > 1 else cap
        reasons.append(f"{missing.text} has no counterpart")
    if left.numbers != right.numbers:
        if left.numbers and right.numbers:
            contradictions += 1
        cap = SISTER_BITS
        reasons.append(f"numbers {_shown(left.numbers)} and {_shown(right.numbers)}")
    elif left.numbers:
        reasons.append(f"numbers {_shown(left.numbers)} agree")
        bits += 1.0
    one_law, other_law = left.forms - _NO_LAW, right.forms - _NO_LAW
    if one_law and other_law and one_law.isdisjoint(other_law):
        bits -= _OTHER_FORM_BITS
        cap = SISTER_BITS if (one_law | other_law) & _OTHER_LAW else cap
        reasons.append(f"legal forms {' '.join(sorted(one_law))} and {' '.join(sorted(other_law))}")
    if contradictions:
        bits = min(bits - _CONTRADICTION_BITS * contradictions, _CONTRADICTION_CAP * contradictions)
    elif cap is not None:
        bits = min(bits, cap)
    return NameMatch(round(bits, 3), tuple(reasons))


def _sum(words: Sequence[Word], weight: Weight) -> float:
    return sum(min(_concept_bits().get(one.text, inf), weight(one.ascii)) for one in words)


def _missing(one: Word) -> tuple[float, bool]:
    """What a word costs that the other name leaves out, and whether it makes the other a sister at best."""
    bits = _concept_bits().get(one.text)
    if bits is None or bits > _LIGHT_BITS:
        return _MISSING_BITS, True
    return _MISSING_GROUP_BITS if one.text == "group" else _MISSING_GENERIC_BITS, False


def _acronym(short: _Company, long: _Company) -> str:
    """The one word of a name that is the initials of the other."""
    if len(short.words) != 1 or len(long.words) < _MIN_ACRONYM or short.numbers != long.numbers:
        return ""
    letters = short.words[0].ascii
    return letters if letters == "".join(one.ascii[:1] for one in long.words) else ""


def _shown(numbers: tuple[int, ...]) -> str:
    return " ".join(map(str, numbers)) or "none"


@lru_cache(maxsize=16_384)
def _parse(text: str) -> _Company:
    """A name as it is compared."""
    core, forms = _strip_forms(_split(text))
    rest, numbers = _take_numbers(core)
    words = [_concepts().get(one, one) for one in rest]
    heavy = [one for one in words if one] or rest or core
    kinds = frozenset(_forms()[form] for form in forms)
    is_surely = any(_forms()[form] not in _NO_LAW and _SURE_FORM.search("".join(form)) for form in forms)
    return _Company(tuple(map(word, heavy[:MAX_WORDS])), numbers, kinds, is_surely)


def _split(text: str) -> tuple[str, ...]:
    """The words of a name: Han characters in a row parted by the words that are known, single letters joined."""
    plain = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text))
    plain = _CAMEL_FORM.sub(" ", _AND.sub(" and ", plain))
    plain = _SLASHED.sub(r"\1\2", _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", plain))
    found: list[str] = []
    for i, piece in enumerate(_HAN_RUN.split(plain)):
        found += _split_han(piece) if i % 2 else _join_letters(written_words(piece))
    return tuple(found)


def _join_letters(words: Sequence[str]) -> Iterator[str]:
    for is_letter, run in groupby(words, lambda one: len(one) == 1 and one.isalpha()):
        if is_letter:
            yield "".join(run)
        else:
            yield from (_ORDINALS.get(one, one) for one in run)


def _split_han(run: str) -> Iterator[str]:
    """A row of Han characters, parted by legal forms and the words that many companies have."""
    for part in _known_han().split(run):
        found = _HAN_PLACE.fullmatch(part)
        yield from found.groups() if found else (part,) if part else ()


def _strip_forms(words: tuple[str, ...]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The words without the legal forms at the ends of the name, and these; one word is always left."""
    forms: list[tuple[str, ...]] = []
    while tail := _form_at(words, is_first=False):
        forms.append(tail[0])
        words = words[: -tail[1]]
    while head := _form_at(words, is_first=True):
        forms.append(head[0])
        words = words[head[1] :]
    return words, forms


def _form_at(words: tuple[str, ...], *, is_first: bool) -> tuple[tuple[str, ...], int] | None:
    """The longest legal form at one end, and how many words it has."""
    most = min(_longest_form(), len(words) - 1)
    ends = words[:most] if is_first else words[: -most - 1 : -1]
    for count in range(len(tuple(takewhile(_may_be_of_form, ends))), 0, -1):
        part = words[:count] if is_first else words[-count:]
        if is_first and part in _last_forms():
            continue
        if part in _forms():
            return part, count
        mended = tuple(map(_as_form_word, _folded(part)))
        if mended in _forms() and (count > 1 or len(part[0]) >= _MIN_MISTYPED_FORM or mended == _folded(part)):
            return mended, count
    return None


def _folded(words: Sequence[str]) -> tuple[str, ...]:
    return tuple("".join(name_words(one)) for one in words)


def _take_numbers(words: Sequence[str]) -> tuple[list[str], tuple[int, ...]]:
    """The words that are no numbers, and the numbers: in digits, in English words, in Roman figures after a word."""
    rest: list[str] = []
    numbers: list[int] = []
    tens = False
    for i, one in enumerate(words):
        number = int(one) if one.isdecimal() and len(one) <= _MAX_DIGITS else _NUMBERS.get(one)
        if number is None and i and (len(one) > 1 or i == len(words) - 1) and _ROMAN.fullmatch(one):
            number = _roman(one)
        if number is None:
            rest.append(one)
        elif tens and number < 10:
            numbers[-1] += number
        else:
            numbers.append(number)
        tens = one in _TENS or one == "fourty"
    return rest, tuple(sorted(numbers))


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


@lru_cache(maxsize=16_384)
def _as_form_word(text: str) -> str:
    """A word of a legal form that is written with a mistake in one letter, mended."""
    if len(text) < _MIN_MISTYPED or text in _form_vocabulary():
        return text
    found = process.extractOne(text, _form_vocabulary(), scorer=OSA.distance, score_cutoff=1)
    return found[0] if found and len(found[0]) >= _MIN_MISTYPED else text


@lru_cache(maxsize=16_384)
def _may_be_of_form(text: str) -> bool:
    """Whether a word is one of a legal form, perhaps with a mistake."""
    return text in _form_vocabulary() or _as_form_word("".join(name_words(text))) in _form_vocabulary()


@lru_cache(maxsize=1)
def _form_vocabulary() -> tuple[str, ...]:
    return tuple(sorted({one for form in _forms() for one in form}))


@lru_cache(maxsize=1)
def _longest_form() -> int:
    return max(map(len, _forms()))


@lru_cache(maxsize=1)
def _forms() -> dict[tuple[str, ...], str]:
    """The words of each legal form, as written and without diacritics, to its kind."""
    found: dict[tuple[str, ...], str] = {}
    for row in read_table("legal_forms.csv"):
        words = tuple(_join_letters(written_words(row["form"]))) if not HAN.search(row["form"]) else (row["form"],)
        found[words] = row["kind"]
        found.setdefault(_folded(words), row["kind"])
    return found


@lru_cache(maxsize=1)
def _last_forms() -> frozenset[tuple[str, ...]]:
    """Forms that are other words, or parts of names, where they come first."""
    return frozenset((row["form"],) for row in read_table("legal_forms.csv") if row["place"] == "last")


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    """Chinese places that companies are called after, as they are spelled in English."""
    return {row["place"]: row["spelling"] for row in read_table("places.csv")}


@lru_cache(maxsize=1)
def _concepts() -> dict[str, str]:
    """Words that many companies have to what they mean, in English; words that mean nothing to nothing."""
    return {row["word"]: row["concept"] for row in read_table("company_words.csv")}


@lru_cache(maxsize=1)
def _concept_bits() -> dict[str, float]:
    return {row["concept"]: float(row["bits"]) for row in read_table("company_words.csv") if row["concept"]}


@lru_cache(maxsize=1)
def _known_han() -> re.Pattern[str]:
    forms = [form[0] for form in _forms() if HAN.match(form[0])]
    known = sorted(
        {*forms, *(one for one in _concepts() if HAN.match(one) and len(one) > 1)}, key=lambda one: (-len(one), one)
    )
    return re.compile(f"({'|'.join(known)})")

"""What do two written names say about whether they are of one person or company? Chooses who reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import product
from math import inf

from kg.names import companies, generic
from kg.names.chinese import compare_chinese
from kg.names.chinese.keys import ChineseKeys
from kg.names.chinese.reading import LEAST_LANGUAGE, exact_readings, language_bits
from kg.names.generic import Kind
from kg.names.match import SAME_BITS, NameMatch
from kg.names.sinoxenic import LANGUAGES, compare_in, is_surely_of, writings_in
from kg.names.spellings import HANGUL
from kg.names.variants import is_no_name, written_names
from kg.names.words import HAN


def compare_names(
    left: str, right: str, kind: Kind = "person", weight: Callable[[str], float] | None = None
) -> NameMatch:
    """What two names weigh in bits, with reasons; symmetric. `weight` gives the bits of words that are not Chinese."""
    for name in (left, right):
        if is_no_name(name):
            return NameMatch(0.0, (f"{name.strip()!r} stands for a name that is not known",))
    if kind == "company":
        return companies.compare(left, right, weight, fold=simplify)
    pairs = product(written_names(left), written_names(right))
    return max((_compare_persons(one, other, weight) for one, other in pairs), key=lambda match: match.bits)


def _compare_persons(left: str, right: str, weight: Callable[[str], float] | None) -> NameMatch:
    """By the rules of the language that both can be of, else by those for any."""
    chinese = compare_chinese(left, right)
    if chinese and (chinese.bits > 0 or any(map(_is_surely_chinese, (left, right)))):
        return chinese
    others = (compare_in(language, left, right) for language in LANGUAGES)
    found = [match for match in (chinese, *others) if match]
    return max(found, key=lambda match: match.bits) if found else generic.compare(left, right, weight)


def _is_surely_chinese(name: str) -> bool:
    """Whether a name with Chinese readings is in Latin letters and likelier Chinese than of any other language."""
    return name.isascii() and language_bits(name) >= LEAST_LANGUAGE


@lru_cache(maxsize=16_384)
def is_east_asian(name: str) -> bool:
    """Whether a name is in characters or Hangul, or in other letters surely Chinese, Korean or Vietnamese."""
    names = written_names(name)
    return any(
        HAN.search(one) or HANGUL.search(one) or (exact_readings(one) and _is_surely_chinese(one)) for one in names
    ) or any(is_surely_of(language, one) for language in LANGUAGES for one in names)


@lru_cache(maxsize=16_384)
def reading_bits(name: str) -> float:
    """What a name in characters or Hangul weighs with its usual spelling: how rare it is to be read so.

    Infinite for other names, and where no reading is known.
    """
    spelled = "" if name.isascii() else _usual_spelling(name)
    bits = compare_names(name, spelled).bits if spelled else inf
    return bits if bits >= SAME_BITS else inf


def _usual_spelling(name: str) -> str:
    if wholes := ChineseKeys(name).wholes if HAN.search(name) else ():
        return " ".join(wholes[0])
    writings = (writings_in(language, name) for language in LANGUAGES)
    return next((" ".join((surname[0], *(g[0] for g in given))) for surname, given in filter(None, writings)), "")


@lru_cache(maxsize=4_096)
def simplify(text: str) -> str:
    """A text with simplified characters for traditional ones."""
    from kg.names.chinese.characters import characters

    if text.isascii():
        return text
    simplified = characters().simplified
    return "".join(simplified.get(c, (c,))[0] for c in text)

"""The words of a name, as written and with diacritics folded."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point of Unicode: joiners, soft hyphens, marks and overrides of direction, fillers, variants.
They say nothing, and two names that look equal have to be equal."""

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

_WORD = re.compile(r"[^\W_]+")
_SIGN = re.compile(r"[^\w\x00-\x7f]")
"""No letter, digit or sign of ASCII; it may be a mark, which is a part of its word."""

_DIGIT = re.compile(r"\d")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_LATIN = re.compile(r"[\u00aa-\u02af\u1d00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f]")
"""Latin letters beyond ASCII."""

_LETTERS_FOR_SIGNS = str.maketrans(dict.fromkeys(map(chr, (*range(0x2B0, 0x300), 0xA78B, 0xA78C)), "'"))
"""Modifier letters, which are written for apostrophes: to Unicode they are letters, to readers they are signs."""

_INNER_SIGN = re.compile("(?<=[\u0400-\u052f])[\"'`´‘’′](?=[\u0400-\u052f])")
"""An apostrophe within a Cyrillic word, which parts a consonant from a vowel and no word from another."""

_SIMPLE_LETTERS = (
    "\u0400-\u0482\u048a-\u052f\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u066e\u066f\u0671-\u0674\u0679-\u06d3"
)
"""Cyrillic, Hebrew and Arabic letters that are written in one way and folded without a look at their neighbours."""

_SIMPLE_TEXT = re.compile(f"[ !#-&(-_a-~{_SIMPLE_LETTERS}]*")
"""They and ASCII without marks that may be apostrophes."""

SIMPLE_WORD = re.compile(f"[{_SIMPLE_LETTERS}]+")

_TATWEEL = "\u0640"
"""Makes an Arabic word longer, and says nothing."""

_FIRST_DIACRITIC = 10
"""Marks of a lower combining class make other letters: dots of voiced kana, viramas and nuktas of India."""

_CYRILLIC_OR_GREEK = re.compile("[\u0370-\u04ff]")
_LATIN_LETTER = re.compile("[a-z]")
_LOOKALIKES = tuple(
    (dict(zip(letters, latin, strict=True)), dict(zip(latin, letters, strict=True)))
    for letters, latin in (("авсԁенһіјкмоԛртѕуԝх", "abcdehhijkmoqptsywx"), ("αβεζηικμνορτυχ", "abezhikmnoptyx"))
)
"""Cyrillic and Greek letters that look like Latin ones, in one case at least, and the reverse: from Unicode's list of
confusable characters."""


def written_words(text: str) -> tuple[str, ...]:
    """The words of a name as they are written but for case and width, each Han character a word of its own.

    What cannot be seen is left out; apostrophes and hyphens of all kinds part words, as spaces do, but for
    apostrophes in Cyrillic words.
    """
    return tuple(_ASCII_WORD.findall(text.lower())) if text.isascii() else _written_words(text)


@lru_cache(maxsize=16_384)
def _written_words(text: str) -> tuple[str, ...]:
    if _SIMPLE_TEXT.fullmatch(text):
        return tuple(_WORD.findall(text.casefold()))
    folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold()
    if not unicodedata.is_normalized("NFKC", folded):
        folded = unicodedata.normalize("NFKC", folded)
    signs = folded.translate(_LETTERS_FOR_SIGNS).replace(_TATWEEL, "")
    whole = _INNER_SIGN.sub("", signs)
    if not _SIGN.search(whole):
        return tuple(_WORD.findall(HAN.sub(r" \g<0> ", whole)))
    parted = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in whole)
    return tuple(word for word in HAN.sub(r" \g<0> ", parted).split() if any(map(str.isalnum, word)))


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name: case, diacritics and full width folded, each Han character a word of its own."""
    return tuple(_ASCII_WORD.findall(text.lower())) if text.isascii() else _folded_words(text)


@lru_cache(maxsize=16_384)
def _folded_words(text: str) -> tuple[str, ...]:
    return tuple(word for word in map(fold_word, _written_words(text)) if word)


def transliterate(text: str) -> str:
    """A text in ASCII, letter by letter, as the library has it."""
    from anyascii import anyascii

    return anyascii(text)


def one_script(word: str) -> tuple[str, ...]:
    """A word in which Latin letters stand for Cyrillic or Greek ones that look so, or the reverse, in one script.

    Where it can be of both, the one that more of its letters have is first.
    """
    if not (_CYRILLIC_OR_GREEK.search(word) and _LATIN_LETTER.search(word)):
        return (word,)
    ours = _LATIN_LETTER.findall(word)
    theirs = _CYRILLIC_OR_GREEK.findall(word)
    found = []
    for to_latin, from_latin in _LOOKALIKES:
        if set(theirs) <= to_latin.keys():
            found.append("".join(to_latin.get(c, c) for c in word))
        if set(ours) <= from_latin.keys() and all((c < "\u0400") == ("α" in to_latin) for c in theirs):
            found.append("".join(from_latin.get(c, c) for c in word))
    return tuple(found if len(ours) >= len(theirs) else found[::-1]) or (word,)


@lru_cache(maxsize=16_384)
def fold_word(word: str) -> str:
    """One word of those that are written, with diacritics folded."""
    if word.isascii():
        return word
    if SIMPLE_WORD.fullmatch(word):
        return word.translate(_BASES)
    apart = unicodedata.normalize("NFKD", word)
    plain = "".join(c for c in apart if unicodedata.combining(c) < _FIRST_DIACRITIC)
    latin = _LATIN.sub(lambda found: "".join(filter(str.isalnum, transliterate(found[0]).lower())), plain)
    digits = _DIGIT.sub(lambda found: str(unicodedata.decimal(found[0], found[0])), latin)
    return unicodedata.normalize("NFC", one_script(digits)[0])


class _Bases(dict[int, str]):
    """Letters to what is left of them without diacritics, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        base = "".join(c for c in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(c))
        self[code] = base
        return base


_BASES = _Bases()

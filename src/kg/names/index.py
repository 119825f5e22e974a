"""The index text of names, and full-text queries for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby, pairwise
from typing import NamedTuple

from kg.names.spellings import (
    ABJAD,
    DOUBLED,
    HANGUL,
    MIN_CONSONANTS,
    Unit,
    collapse,
    consonants,
    spellings,
    tied,
    vowelless,
)
from kg.names.tables import english_given_names
from kg.names.words import HAN, name_words, written_words

WHOLE_NAME_MARK = "\ue000"
"""Starts the index word of a whole name as it is written: a private-use character, which SQLite takes for a letter."""

FOLDED_NAME_MARK = "\ue001"
"""Starts the index word of a whole name whose folded words are not as written."""

SPELLED_NAME_MARK = "\ue002"
"""Starts the index word of a whole name as it is spelled in Latin letters."""

CONSONANTS_MARK = "\ue003"
"""Starts the index word of the consonants of a word that is written without vowels."""

SURNAME_MARK = "\ue004"
"""Starts the index word of a word that stands beside an English given name, with the birth year of who is called so."""

CONTACT_MARK = "\ue005"
"""Starts the index word of an e-mail address or phone number."""

LATIN_CONSONANTS_MARK = "\ue006"
"""Starts the index word of the consonants of a word in Latin letters, by which names without vowels find it."""

MAX_BESIDE_ENGLISH = 4
"""A name of more words, with an English given name among them, is no surname and an English name."""

MAX_JOINED_WORDS = 8
"""Neighbouring words are joined only in queries of at most so many words."""

_QUOTED = re.compile(r'"[^"]*"')

MAX_QUERY_WORDS = 40
"""Words of a query beyond these are ignored."""


class NameQueries(NamedTuple):
    """The FTS5 queries for one text, from the closest to the widest; those that can find nothing more are empty."""

    whole_written: str
    """Names written so, but for case, width, spacing and signs."""
    whole_folded: str
    """Names written so but for diacritics too."""
    whole_spelled: str
    """Names that are spelled so in Latin letters."""
    words: str
    """Names that have all the words, folded."""
    spelled_words: str
    """Names that have all the words in a spelling."""
    consonants: str
    """Names in scripts without vowels that have the consonants of all the words."""
    prefixes: str
    """Names with words that begin like all the words, folded."""
    spelled_prefixes: str
    """Names with words that begin like a spelling of all the words."""
    is_one_word: bool

    @classmethod
    def from_text(cls, text: str) -> NameQueries:
        """The queries for what a person typed."""
        folded = name_words(text)
        units = spellings(text)[:MAX_QUERY_WORDS]
        is_spelled = tied(units) != (folded[:MAX_QUERY_WORDS],)
        return cls(
            whole_written=whole_name_query(text),
            whole_folded=folded_name_query(text),
            whole_spelled=_any_mark(
                (WHOLE_NAME_MARK, FOLDED_NAME_MARK, SPELLED_NAME_MARK), _whole_spellings(text, tied(units))
            ),
            words=whole_words_query(text),
            spelled_words=_spelled_query(units, "") if is_spelled else "",
            consonants=_consonants_query(text, folded),
            prefixes=prefix_query(text),
            spelled_prefixes=_spelled_query(units, "*") if is_spelled else "",
            is_one_word=len(folded) == 1,
        )


def index_text(names: list[str]) -> str:
    """The index text of some names: for each a word for the whole name, its words, and neighbouring words joined.

    The joined pairs let `Weimin` find `Wei Min`. The word for the whole name comes first, so that no phrase matches
    across two names. Then come the spellings in Latin letters, where they are others.
    """
    kept: list[str] = []
    for name in names:
        parts = name_words(name)
        if not parts:
            continue
        is_ascii = name.isascii()
        kept.append(_whole_name_word(parts if is_ascii else written_words(name)))
        kept += parts
        spelled = parts if is_ascii else [p for p in parts if not HAN.match(p)]
        if len(spelled) > 2:
            kept += [a + b for a, b in pairwise(spelled)]
            kept.append("".join(spelled))
        elif len(spelled) == 2:
            joined = spelled[0] + spelled[1]
            kept += (_whole_name_word((joined,), FOLDED_NAME_MARK), joined)
        kept += filter(None, dict.fromkeys(map(_consonants_word, parts)))
        if not is_ascii:
            kept += _spelled_words(name, parts)
        elif DOUBLED.search(name.lower()):
            kept += _collapsed_words(parts)
    return " ".join(kept)


@lru_cache(maxsize=16_384)
def _consonants_word(word: str) -> str:
    """The index word of the consonants of an ASCII word; empty for others."""
    found = vowelless(word) if word.isascii() else ()
    return LATIN_CONSONANTS_MARK + found[0] if found else ""


def birth_year_words(names: Iterable[str], birth_dates: Iterable[str]) -> list[str]:
    """The index words of names with an English given name, with each birth year.

    Many names are a surname and an English name; it takes the birth year to find whose they may be.
    """
    years = {date[:4] for date in birth_dates}
    found: dict[str, None] = {}
    for name in names if years else ():
        words = name_words(name) if name.isascii() else ()
        if 1 < len(words) <= MAX_BESIDE_ENGLISH and not english_given_names().isdisjoint(words):
            found.update((f"{SURNAME_MARK}{word}{year}", None) for word in words for year in sorted(years))
    return list(found)


def contact_word(key: str) -> str:
    """The index word of an e-mail address or phone number in its comparable form."""
    return CONTACT_MARK + blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def indexed_words(words: str) -> str:
    """Search words for an index that keeps no positions: characters in a row are joined too, from each of them on.

    A phrase of characters is then how one of these words begins, which `indexed_query` makes of it.
    """
    if not HAN.search(words):
        return words
    runs = ("".join(run) for is_han, run in groupby(words.split(" "), lambda w: bool(HAN.match(w))) if is_han)
    return " ".join([words, *dict.fromkeys(run[i:] for run in runs for i in range(len(run) - 1))])


def indexed_query(query: str) -> str:
    """A query of this module for an index that keeps no positions."""
    return _QUOTED.sub(lambda quoted: quoted[0].replace(" ", "") + "*" * (" " in quoted[0]), query)


def whole_name_query(text: str) -> str:
    """The FTS5 query for names that have these words in this order and no others; empty when it has no words."""
    return _any_mark((WHOLE_NAME_MARK,), [written_words(text)])


def folded_name_query(text: str) -> str:
    """The FTS5 query for names that have these words in this order and no others, but for diacritics."""
    return _any_mark((WHOLE_NAME_MARK, FOLDED_NAME_MARK), [name_words(text)])


def _collapsed_words(parts: Sequence[str]) -> Iterator[str]:
    """What an ASCII name adds to its index text that may have umlauts spelled out."""
    collapsed = [collapse(part) for part in parts]
    changed = [c for c, part in zip(collapsed, parts, strict=True) if c != part]
    if changed:
        yield _whole_name_word(collapsed, SPELLED_NAME_MARK)
        yield from changed


def _spelled_words(name: str, parts: Sequence[str]) -> Iterator[str]:
    """What a name that is not in ASCII adds to its index text: whole names, words and joined words not there yet."""
    if parts != written_words(name):
        yield _whole_name_word(parts, FOLDED_NAME_MARK)
    units = spellings(name)
    wholes = tied(units)
    is_by_syllable = _is_by_syllable(name)
    for whole in _whole_spellings(name, wholes) if is_by_syllable else wholes:
        if whole != parts:
            yield _whole_name_word(whole, SPELLED_NAME_MARK)
    yield from sorted(set().union(*units).difference(parts))
    if is_by_syllable:
        for whole in wholes:
            yield from (a + b for a, b in pairwise(whole))
            if len(whole) > 2:
                yield "".join(whole)
    if ABJAD.search(name):
        found = [consonants(word) for unit in units for word in dict.fromkeys(unit)]
        found += [consonants(one[0] + other[0]) for one, other in pairwise(units)]
        yield from (CONSONANTS_MARK + word for word in dict.fromkeys(found) if word)


def _whole_spellings(name: str, wholes: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """A whole name in each scheme, with a given name of two syllables as one word too."""
    yield from wholes
    if _is_by_syllable(name):
        yield from ((whole[0], "".join(whole[1:])) for whole in wholes if len(whole) == 3)


def _is_by_syllable(name: str) -> bool:
    return bool(HAN.search(name) or HANGUL.search(name))


def _any_mark(marks: Sequence[str], wholes: Iterable[Sequence[str]]) -> str:
    return " OR ".join(f'"{_whole_name_word(whole, mark)}"' for whole in wholes if whole for mark in marks)


def _whole_name_word(parts: Sequence[str], mark: str = WHOLE_NAME_MARK) -> str:
    """One word for a whole name, so that an exact match needs no comparison of word positions.

    It starts with a character that no word has.
    """
    packed = " ".join(parts).encode("utf-8", "surrogatepass")
    return mark + blake2b(packed, digest_size=10).hexdigest()


def whole_words_query(text: str) -> str:
    """The FTS5 query for names that have all these words in full, where `prefix_query` matches their beginnings."""
    return prefix_query(text).replace('"*', '"')


def prefix_query(text: str) -> str:
    """The FTS5 query for a text that a person typed; empty when it has no words.

    Latin words match by prefix and in any order; Han characters in a row match as a phrase. The same words joined
    in neighbouring pairs match too, so that `Wei Min` finds `Weimin`.
    """
    parts = name_words(text)[:MAX_QUERY_WORDS]
    if not parts:
        return ""
    spelled = [p for p in parts if not HAN.match(p)]
    variants = [spelled]
    if len(spelled) <= MAX_JOINED_WORDS:
        variants += [[*spelled[:i], spelled[i] + spelled[i + 1], *spelled[i + 2 :]] for i in range(len(spelled) - 1)]
    if len(spelled) > 2:
        variants.append(["".join(spelled)])
    phrases = [f'"{" ".join(run)}"' for is_han, run in groupby(parts, lambda p: bool(HAN.match(p))) if is_han]
    alternatives = [" AND ".join([*phrases, *(f'"{w}"*' for w in v)]) for v in variants]
    return " OR ".join(f"({a})" for a in dict.fromkeys(alternatives) if a)


def _spelled_query(units: tuple[Unit, ...], star: str) -> str:
    """The FTS5 query for names with a spelling of each word, apart or with two neighbours or all of them joined."""
    if not units:
        return ""
    terms = [list(dict.fromkeys(unit)) for unit in units]
    variants = [terms]
    if len(terms) <= MAX_JOINED_WORDS:
        wholes = tied(units)
        for i in range(len(terms) - 1):
            pairs = list(dict.fromkeys(whole[i] + whole[i + 1] for whole in wholes))
            variants.append([*terms[:i], pairs, *terms[i + 2 :]])
        if len(terms) > 2:
            variants.append([list(dict.fromkeys(map("".join, wholes)))])
    return _any_of(variants, "", star)


def _consonants_query(text: str, folded: Sequence[str]) -> str:
    words = [word for word in folded if word.isascii() and consonants(word)]
    if ABJAD.search(text) or len(folded) > MAX_JOINED_WORDS or len(consonants("".join(words))) < MIN_CONSONANTS:
        return ""
    wholes = [words, *([*words[:i], words[i] + words[i + 1], *words[i + 2 :]] for i in range(len(words) - 1))]
    variants = [[[consonants(word)] for word in whole] for whole in wholes]
    return _any_of(variants, CONSONANTS_MARK, "")


def _any_of(variants: Iterable[Iterable[Sequence[str]]], mark: str, star: str) -> str:
    """The query for all words of any variant, each in any of its spellings."""
    alternatives = []
    for variant in variants:
        words = (" OR ".join(f'"{mark}{spelling}"{star}' for spelling in word) for word in variant)
        alternatives.append(" AND ".join(f"({word})" for word in words))
    return " OR ".join(f"({a})" for a in dict.fromkeys(alternatives))

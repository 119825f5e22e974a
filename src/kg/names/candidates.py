"""Full-text queries for the names that may be of one person or company with a given one: the blocking of matching."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, islice, pairwise, permutations, product

from kg.names import companies
from kg.names.chinese.reading import HAN_CHARACTERS, swaps
from kg.names.chinese.spread import Writings, chinese_writings
from kg.names.index import CONSONANTS_MARK, LATIN_CONSONANTS_MARK, SURNAME_MARK, whole_words_query
from kg.names.sinoxenic import LANGUAGES, writings_in
from kg.names.spellings import ABJAD, MIN_CONSONANTS, consonants, spellings, vowelless
from kg.names.variants import is_no_name, written_names
from kg.names.words import HAN, name_words, written_words

MAX_JOINED = 150
"""Most writings of a given name as one word, for each scheme."""

MAX_WORDS = 6
"""Words of a name beyond these are not looked for."""

MIN_PREFIX = 3
"""Letters of a first given syllable with which a word has to begin, where the rest of it may be mistyped."""

MIN_WHOLE = 3
"""Words of so many letters, or fewer, are looked for whole only."""

_GIVEN_OF_OTHER_SCHEME = {"Hokkien or Teochew": ("pinyin", "Cantonese"), "Cantonese": ("pinyin",)}


@lru_cache(maxsize=8_192)
def candidate_queries(name: str, *, is_company: bool = False) -> tuple[str, ...]:
    """The FTS5 queries that find the names which may be written for the same person or company as `name`.

    A store's index of search words has every name by its words: the words in which a name may be written are worked
    out from the side of the name that is looked for. Each query stands for one block, one
    way to write it; there is none for a name without words.
    """
    if is_no_name(name):
        return ()
    names = (name,) if is_company else written_names(name)
    if len(names) > 1 or names[0] != name:
        return tuple(dict.fromkeys(query for one in names for query in candidate_queries(one, is_company=is_company)))
    if not is_company and (writings := chinese_writings(name)):
        words = written_words(name)
        others = _mistyped_queries(words) if all(map(HAN.match, words)) else _word_queries(words, wide=False)
        return tuple(dict.fromkeys((*_chinese_queries(writings), *_sinoxenic_queries(name), *others)))
    whole = filter(None, [whole_words_query(name)])
    spelled = companies.romanised(name) if is_company and HAN.search(name) else ()
    in_latin = (query for one in spelled for query in _word_queries(companies.core_words(one)[0], wide=False))
    sinoxenic = () if is_company else _sinoxenic_queries(name)
    return tuple(
        dict.fromkeys((*whole, *in_latin, *sinoxenic, *_word_queries(_telling(name, is_company=is_company), wide=True)))
    )


@lru_cache(maxsize=8_192)
def surname_query(name: str, year: str) -> str:
    """The FTS5 query for those born in a year who have a surname of a Chinese name and an English name.

    Empty where the name is not Chinese.
    """
    surnames = dict.fromkeys(s for way in chinese_writings(name) if way.scheme != HAN_CHARACTERS for s in way.surname)
    return _any([f"{SURNAME_MARK}{surname}{year}" for surname in surnames]) if surnames else ""


# --- Chinese names


def _chinese_queries(writings: Sequence[Writings]) -> Iterator[str]:
    by_scheme: dict[tuple[str, int], Writings] = {(w.scheme, len(w.given)): w for w in writings}
    for (scheme, count), way in by_scheme.items():
        surname = _any(way.surname) if scheme != HAN_CHARACTERS else _any_han(way.surname)
        if scheme == HAN_CHARACTERS:
            yield " AND ".join([surname, *map(_any, way.given)])
            continue
        yield f"{surname} AND {_given(way.given)}"
        for other in _GIVEN_OF_OTHER_SCHEME.get(scheme, ()):
            if (other, count) in by_scheme:
                yield f"{surname} AND {_given(by_scheme[other, count].given)}"
        yield f"{surname} AND {_initials(way.given)}"
        if swapped := [other for word in way.surname if len(word) > MIN_WHOLE for other in swaps(word)]:
            yield f"{_any(swapped)} AND {_given(way.given)}"
        if count == 2 and scheme == "pinyin":
            first = way.given[0][0]
            if len(first) >= MIN_PREFIX:
                yield f'{surname} AND "{first}"*'


def _sinoxenic_queries(name: str) -> Iterator[str]:
    """Queries for a name in Hangul or characters as Koreans and Vietnamese spell it in Latin letters."""
    for language in () if name.isascii() else LANGUAGES:
        if found := writings_in(language, name):
            surname, given = found
            yield f"{_any(surname)} AND {_given(given)}"


def _mistyped_queries(characters: Sequence[str]) -> Iterator[str]:
    """Queries for names in pinyin that have a mistake in one word: the others, and how that one begins."""
    words = [_alternatives(character) for character in characters]
    if len(words) <= 2:
        yield " AND ".join(map(_any, words))
    for mistyped in range(len(words)) if len(words) > 2 else ():
        others = [_any(word) for i, word in enumerate(words) if i != mistyped]
        yield " AND ".join([*others, _beginnings(words[mistyped], 2)])


def _given(given: Sequence[Sequence[str]]) -> str:
    apart = " AND ".join(map(_any, given))
    if len(given) == 1:
        return f"({apart})"
    joined = _any(tuple(islice(map("".join, product(*given)), MAX_JOINED)))
    return f"({joined} OR ({apart}))"


def _initials(given: Sequence[Sequence[str]]) -> str:
    letters = [dict.fromkeys(s[0] for s in part) for part in given]
    joined = tuple(islice(map("".join, product(*letters)), MAX_JOINED))
    return f"({_any(joined)} OR ({' AND '.join(_any(tuple(part)) for part in letters)}))"


def _any(words: Sequence[str]) -> str:
    return "(" + " OR ".join(f'"{word}"' for word in words) + ")"


def _any_han(surnames: Sequence[str]) -> str:
    """Characters are words of the index; a surname of two is a phrase."""
    return "(" + " OR ".join(f'"{" ".join(surname)}"' for surname in surnames) + ")"


# --- Other names


def _telling(name: str, *, is_company: bool) -> Sequence[str]:
    """The words of a name; of a company without legal forms and words that many have, unless it has no others."""
    words = written_words(name)
    return [word for word in words if not companies.is_general(word)] or words if is_company else words


def _word_queries(said: Sequence[str], *, wide: bool) -> Iterator[str]:
    """Queries for each two words; `wide`: also for one word and how another begins, and for two beginnings."""
    joined = [a + b for a, b in pairwise(said[:MAX_WORDS]) if ABJAD.search(a + b)] if len(said) > 2 else []
    words = [found for word in (*said[:MAX_WORDS], *joined) if (found := _alternatives(word))]
    if len(words) == 1:
        yield _any(words[0])
    for one, other in combinations(words, 2):
        yield f"{_any(one)} AND {_any(other)}"
    if not wide:
        return
    for one, other in permutations(words, 2):
        if len(one[0]) > MIN_WHOLE:
            yield f"{_any(one)} AND {_beginnings(other, 1)}"
    for one, other in permutations(words, 2):
        if len(one[0]) > MIN_WHOLE and len(other[0]) > MIN_WHOLE:
            yield f"{_beginnings(one, 2)} AND {_beginnings(other, 1)}"


def _beginnings(words: Sequence[str], letters: int) -> str:
    starts = dict.fromkeys(word[:letters] for word in words if word[0] not in _MARKS)
    return "(" + " OR ".join(f'"{start}"*' for start in starts) + ")"


_MARKS = (CONSONANTS_MARK, LATIN_CONSONANTS_MARK)


def _alternatives(word: str) -> tuple[str, ...]:
    """A word as written and folded, its spellings in Latin letters, and its consonants, which names without vowels
    have.
    """
    spelled = [s for unit in spellings(word) for s in unit]
    bare = consonants(spelled[0] if spelled else word) if word.isascii() else ""
    marked = [CONSONANTS_MARK + bare] if len(bare) >= MIN_CONSONANTS else []
    if ABJAD.search(word):
        marked += [LATIN_CONSONANTS_MARK + found for one in spelled for found in vowelless(one)]
    return tuple(dict.fromkeys([*name_words(word), *spelled, *marked]))

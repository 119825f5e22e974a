"""Full-text queries for the names that may be of one person or company with a given one: the blocking of matching."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, islice, permutations, product

from kg.names.chinese.spread import Writings, chinese_writings
from kg.names.index import NameQueries
from kg.names.resemblance import nicknames
from kg.names.spellings import spellings
from kg.names.words import HAN, name_words

MAX_JOINED = 150
"""Most writings of a given name as one word, for each scheme."""

MAX_WORDS = 6
"""Words of a name beyond these are not looked for."""

MIN_PREFIX = 3
"""Letters of a word that another has to begin with, where only one of two words is the same."""

_GIVEN_OF_OTHER_SCHEME = {"Hokkien or Teochew": ("pinyin", "Cantonese"), "Cantonese": ("pinyin",)}
_HAN = "Han"

GENERAL_WORDS = frozenset(
    [
        "the",
        "of",
        "and",
        "co",
        "company",
        "corporation",
        "corp",
        "inc",
        "incorporated",
        "ltd",
        "limited",
        "llc",
        "llp",
        "plc",
        "group",
        "holding",
        "holdings",
        "international",
        "trading",
        "investment",
        "investments",
        "development",
        "industrial",
        "industries",
        "global",
        "enterprise",
        "enterprises",
        "services",
        "service",
        "sa",
        "srl",
        "gmbh",
        "ag",
        "bv",
        "nv",
        "oy",
        "ab",
        "as",
        "spa",
        "sarl",
        "pte",
        "sdn",
        "bhd",
        "jsc",
        "ooo",
        "oao",
        "zao",
        "pty",
        "kg",
        "ohg",
    ]
)
"""Words of companies that say nothing about which one it is."""


def candidate_queries(name: str, *, is_company: bool = False) -> tuple[str, ...]:
    """The FTS5 queries that find the names which may be written for the same person or company as `name`.

    A store's index of search words has every name by its words, so no other index is kept: the words in which a name
    may be written are worked out from the side of the name that is looked for. Each query stands for one block, one
    way to write it; there is none for a name without words.
    """
    if not is_company and (writings := chinese_writings(name)):
        return tuple(dict.fromkeys((*_chinese_queries(writings), *_word_queries(name, ()))))
    search = NameQueries.from_text(name)
    as_searched = filter(None, (search.whole_spelled, search.words, search.spelled_words, search.consonants))
    return tuple(dict.fromkeys((*as_searched, *_word_queries(name, GENERAL_WORDS if is_company else ()))))


# --- Chinese names


def _chinese_queries(writings: Sequence[Writings]) -> Iterator[str]:
    by_scheme: dict[tuple[str, int], Writings] = {(w.scheme, len(w.given)): w for w in writings}
    for (scheme, count), way in by_scheme.items():
        surname = _any(way.surname) if scheme != _HAN else _any_han(way.surname)
        if scheme == _HAN:
            yield " AND ".join([surname, *map(_any, way.given)])
            continue
        yield f"{surname} AND {_given(way.given)}"
        for other in _GIVEN_OF_OTHER_SCHEME.get(scheme, ()):
            if (other, count) in by_scheme:
                yield f"{surname} AND {_given(by_scheme[other, count].given)}"
        yield f"{surname} AND {_initials(way.given)}"
        if count == 2 and scheme == "pinyin":
            first = way.given[0][0]
            if len(first) >= MIN_PREFIX:
                yield f'{surname} AND "{first}"*'


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


def _word_queries(name: str, general: Iterable[str]) -> Iterator[str]:
    said = [word for word in name_words(name) if word not in general] or list(name_words(name))
    words = [_alternatives(word, is_person=not general) for word in said[:MAX_WORDS]]
    if not words:
        return
    if len(words) == 1:
        yield _any(words[0])
        return
    for one, other in combinations(words, 2):
        yield f"{_any(one)} AND {_any(other)}"
    for one, other in permutations(words, 2):
        if len(one[0]) > MIN_PREFIX and (starts := _starts(other)):
            yield f"{_any(one)} AND ({' OR '.join(starts)})"


def _starts(spelled: Sequence[str]) -> list[str]:
    """What begins like a word, or is its initial; or begins with it, where it is one."""
    if len(spelled[0]) == 1 and spelled[0].isalpha() and not HAN.match(spelled[0]):
        return [f'"{spelling}"*' for spelling in spelled]
    long = [spelling for spelling in spelled if len(spelling) > MIN_PREFIX]
    return [f'"{s[:MIN_PREFIX]}"*' for s in long] + [f'"{initial}"' for initial in dict.fromkeys(s[0] for s in long)]


def _alternatives(word: str, *, is_person: bool) -> tuple[str, ...]:
    """A word, its spellings in Latin letters, and the short names of a person called so."""
    if word.isascii():
        return (word, *(_other_names().get(word, ()) if is_person else ()))
    return tuple(dict.fromkeys([word, *(s for unit in spellings(word) for s in unit)]))


@lru_cache(maxsize=1)
def _other_names() -> dict[str, tuple[str, ...]]:
    """Names to their short names, and short names to the names that they stand for."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name, short_names in nicknames().items():
        for short in sorted(short_names):
            found[name][short] = None
            found[short][name] = None
    return {name: tuple(others) for name, others in found.items()}

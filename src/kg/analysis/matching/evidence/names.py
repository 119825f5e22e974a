"""The names of two people or companies: their best pair counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import nsmallest
from itertools import product
from typing import NamedTuple

from kg.analysis.matching.party import Party
from kg.findings.matches import Evidence
from kg.names import NameMatch, compare_names, name_words
from kg.names.comparison import reading_bits
from kg.names.generic import Kind
from kg.names.words import HAN

WEAK_SHARE = 0.25
"""What a weak alias counts of a name."""

MAX_NAMES = 8
"""Names of one party beyond these are compared only with those that share words with them."""


class _Names(NamedTuple):
    full: tuple[str, ...]
    weak: tuple[str, ...]

    def share(self, name: str) -> float:
        """What a name counts of a full one."""
        return 1.0 if name in self.full else WEAK_SHARE


def name_evidence(one: Party, other: Party) -> Evidence:
    """The bits of the pair of names that weighs most."""
    return _evidence(_Names(one.names, one.weak_names), _Names(other.names, other.weak_names), _kind(one, other))


def name_bits(one: Party, other: Party) -> float:
    """The bits of that evidence, which are the same for both orders of the two."""
    first, second = sorted(_Names(party.names, party.weak_names) for party in (one, other))
    return _evidence(first, second, _kind(one, other)).bits


def called_so_bits(names: Evidence) -> float:
    """How rare it is to be called so in any script: of names in characters, to be read so."""
    return min(names.bits, reading_bits(names.one_value), reading_bits(names.other_value))


def _kind(one: Party, other: Party) -> Kind:
    return "company" if one.is_company or other.is_company else "person"


@lru_cache(maxsize=16_384)
def _evidence(one: _Names, other: _Names, kind: Kind) -> Evidence:
    best: tuple[float, NameMatch, str, str] | None = None
    for left, right, share in _pairs(one, other):
        match = compare_names(left, right, kind)
        bits = match.bits * (share if match.bits > 0 else 1.0)
        if best is None or bits > best[0]:
            best = (bits, match, left, right)
    if best is None:
        return Evidence("names", 0.0, "one of them has no name")
    bits, match, left, right = best
    return Evidence("names", round(bits, 1), "; ".join(match.reasons), left, right)


@lru_cache(maxsize=16_384)
def full_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names without spellings of those that are there in characters, which say more than a spelling of them."""
    han = [name for name in names if HAN.search(name)]
    if not han or len(han) == len(names):
        return names
    return tuple(n for n in names if n in han or not any(compare_names(n, written).is_same for written in han))


def _pairs(one: _Names, other: _Names) -> Iterator[tuple[str, str, float]]:
    ours, theirs = _first_names(one), _first_names(other)
    for (left, p), (right, q) in product(ours.items(), theirs.items()):
        yield left, right, min(p, q)
    for left, right in _of_same_words(one, other):
        yield left, right, min(one.share(left), other.share(right))


def _first_names(names: _Names) -> dict[str, float]:
    full = dict.fromkeys(full_names(names.full[:MAX_NAMES]), 1.0)
    return dict.fromkeys(names.weak[:MAX_NAMES], WEAK_SHARE) | full


def _of_same_words(one: _Names, other: _Names) -> Iterable[tuple[str, str]]:
    """Where a party has more names than are compared one by one: the pairs that have the largest share of words."""
    if max(map(len, (*one, *other))) <= MAX_NAMES:
        return ()
    having: dict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys((*other.full, *other.weak)):
        for word in set(name_words(name)):
            having[word].append(name)
    common: Counter[tuple[str, str]] = Counter()
    for name in dict.fromkeys((*one.full, *one.weak)):
        common.update((name, found) for word in set(name_words(name)) for found in having.get(word, ()))
    return nsmallest(MAX_NAMES**2, common, key=lambda pair: (-common[pair] / _words_of(pair), sorted(pair)))


def _words_of(pair: tuple[str, str]) -> int:
    return sum(len(name_words(name)) for name in pair)

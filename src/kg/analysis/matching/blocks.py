"""Which pairs of many people and companies are worth comparing? Keys, blocks, and a bound on what a pair can weigh."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from math import inf, log2
from typing import TYPE_CHECKING

from kg.analysis.matching.evidence import birth_date as birth
from kg.analysis.matching.evidence import sex
from kg.analysis.matching.evidence.contact import contact_keys
from kg.analysis.matching.evidence.names import MAX_NAMES, WEAK_SHARE
from kg.analysis.matching.evidence.number import number_keys
from kg.analysis.matching.party import Party, Register
from kg.names.chinese.pair_weights import MAX_NAMES as MAX_WEIGHED
from kg.names.chinese.pair_weights import PairWeights
from kg.names.keys import ANY_SOUNDS, NameKeys, company_keys, have_other_sounds, person_keys, words_bits
from kg.names.variants import is_no_name, written_names

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

MAX_BLOCK = 20
"""In a larger block, only those are compared that share a further fact: the birth year, or a country."""

MAX_FACT_BLOCK = 40
"""Of a larger block in which a further fact is shared too, nobody is compared; it is counted."""

PERSON, COMPANY, EITHER = 1, 2, 3
"""What a party is; a party of unknown kind may be either."""

NUMBER_BITS, NEAR_NUMBER_BITS, CONTACT_BITS, ADDRESS_BITS = 20.0, 8.0, 12.0, 6.0
COUNTRY_BITS, POST_BITS, LINK_BITS = 6.0, 5.0, 5.0
"""What each feature weighs at most: see `kg.analysis.matching.evidence`."""

MOST_LINK_BITS = COUNTRY_BITS + POST_BITS + LINK_BITS
"""What the links of two can weigh at most."""

_SEXES = {frozenset[str](): 0, frozenset({"male"}): 1, frozenset({"female"}): 2}

_COUNTRY, _POST, _LINK, _NUMBER, _ADDRESS = 1, 2, 4, 8, 16
_SEVERAL = -1
"""Stands for birth dates, or sexes, of which there is more than one."""
_YEAR = 4
_DAY = 10
_FIRST_DAY = 101
"""1 January as MMDD."""
_CHUNK = 250_000
_BITS_OF_SET = 62


@dataclass(frozen=True, slots=True)
class Facts:
    """What the links of a party say, as far as blocking needs it."""

    countries: tuple[int, ...] = ()
    has_post: bool = False
    has_links: bool = False


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs that are to be compared, and what is not."""

    one: Integers
    other: Integers
    """Places of the parties, in the order in which they were added."""
    in_blocks: int
    """Pairs that share a key, before any bound."""
    blocks: int
    """Keys that two or more share."""
    crowded: int
    """Blocks with too many to compare all with all, but for those whose members all are in a larger one of these."""
    largest: int
    """How many are in the largest block."""
    set_apart: int
    """Parties that were not compared with all of a block, for it was crowded."""


class PartyBlocks:
    """Collects parties, then gives the pairs that are worth comparing.

    Only integers are kept of each party, so that a million of them fit into memory.
    """

    def __init__(self) -> None:
        self._keys, self._owners = array("q"), array("i")
        self._kind, self._flags, self._sex = array("b"), array("b"), array("b")
        self._day, self._country = array("i"), array("i")
        self._chinese_bits, self._bits = array("f"), array("f")
        self._numbers, self._contacts = array("q"), array("q")
        self._first_sounds = array("q")
        self._names = PairWeights()

    def __len__(self) -> int:
        return len(self._kind)

    @property
    def keys(self) -> int:
        """How many keys were made."""
        return len(self._keys)

    def add(self, party: Party, facts: Facts) -> None:
        """Make the keys of a party; it is known by the number of those added before."""
        place = len(self)
        kind, birth_dates = _kind(party), party.birth_dates
        day = _only_date(birth_dates)
        number_hashes = {_integer("number", n) for n in number_keys(party)}
        contact_hashes = {_integer("contact", *contact) for contact in contact_keys(party)}
        keys = number_hashes | contact_hashes
        chinese, bits = 0.0, 0.0
        names: list[tuple[float, NameKeys]] = []
        for share, name in _names(party):
            for space, found in _name_keys(name, kind):
                keys.update(_of_name(space, found, day))
                bits = max(bits, found.most_bits * share)
                chinese = max(chinese, found.most_bits * share) if found.is_chinese else inf
                names.append((share, found))
        self._first_sounds.append(names[0][1].first_sounds if len(names) == 1 else ANY_SOUNDS)
        is_weighed = len(names) <= MAX_WEIGHED and all(found.readings for _, found in names)
        self._names.add([(share, found.readings) for share, found in names] if is_weighed else ())
        self._keys.extend(sorted(keys))
        self._owners.extend([place] * len(keys))
        self._kind.append(kind)
        self._day.append(_as_number(day) if day or not birth_dates else _SEVERAL)
        self._sex.append(_SEXES.get(party.sexes, _SEVERAL))
        self._country.append(facts.countries[0] if len(facts.countries) == 1 else 0)
        self._flags.append(
            _COUNTRY * bool(facts.countries)
            | _POST * (facts.has_post or "position" in party.values)
            | _LINK * facts.has_links
            | _NUMBER * bool(number_hashes)
            | _ADDRESS * ("address" in party.values)
        )
        self._numbers.append(_set_of(number_hashes))
        self._contacts.append(_set_of(contact_hashes))
        self._chinese_bits.append(chinese or inf)
        self._bits.append(bits)

    def pairs(self, least_bits: float) -> Pairs:
        """The pairs that can weigh `least_bits` or more, by place."""
        import numpy as np

        unsorted = np.frombuffer(self._keys, np.int64)
        order = np.argsort(unsorted, kind="stable")
        keys, owners = unsorted[order], np.frombuffer(self._owners, np.int32)[order].astype(np.int64)
        del order
        starts, sizes = _groups(keys)
        found = [self._within(owners, starts[sizes <= MAX_BLOCK], sizes[sizes <= MAX_BLOCK], least_bits)]
        crowded = sizes > MAX_BLOCK
        apart = np.zeros(len(self), bool)
        members = np.repeat(crowded, sizes)
        if members.any():
            crowded_keys, crowded_owners = keys[members], owners[members]
            year = np.maximum(np.frombuffer(self._day, np.int32), 0) // 10_000
            country = np.frombuffer(self._country, np.int32)
            for fact in (year.astype(np.int64), country.astype(np.int64)):
                found.append(self._with_fact(crowded_keys, crowded_owners, fact, least_bits))
            apart[crowded_owners] = True
        seen = sum(count for _, count in found)
        pairs = np.unique(np.concatenate([p for p, _ in found]))
        return Pairs(
            pairs // len(self) if len(self) else pairs,
            pairs % len(self) if len(self) else pairs,
            seen,
            int((sizes > 1).sum()),
            _count_once(
                owners[start : start + size].tolist()
                for start, size in zip(starts[crowded], sizes[crowded], strict=True)
            ),
            int(sizes.max(initial=0)),
            int(apart.sum()),
        )

    def _with_fact(self, keys: Integers, owners: Integers, fact: Integers, least_bits: float) -> tuple[Integers, int]:
        """The pairs of crowded blocks that have a fact in common."""
        import numpy as np

        of_owner = fact[owners]
        known = of_owner != 0
        with np.errstate(over="ignore"):
            mixed = (keys[known] ^ of_owner[known] * np.int64(-7046029254386353131)) * np.int64(-4658895280553007687)
        order = np.argsort(mixed, kind="stable")
        starts, sizes = _groups(mixed[order])
        fits = sizes <= MAX_FACT_BLOCK
        return self._within(owners[known][order], starts[fits], sizes[fits], least_bits)

    def _within(self, owners: Integers, starts: Integers, sizes: Integers, least_bits: float) -> tuple[Integers, int]:
        """The pairs within each block that can weigh enough, as one number each, and how many there were."""
        import numpy as np

        found, seen = [np.empty(0, np.int64)], 0
        for size in np.unique(sizes[sizes > 1]).tolist():
            first, second = np.triu_indices(size, 1)
            blocks = starts[sizes == size]
            step = max(1, _CHUNK // len(first))
            for at in range(0, len(blocks), step):
                places = blocks[at : at + step, None]
                a, b = owners[places + first].ravel(), owners[places + second].ravel()
                low, high = np.minimum(a, b), np.maximum(a, b)
                packed = np.unique(low * len(self) + high)
                seen += len(packed)
                found.append(packed[self._bound(packed // len(self), packed % len(self)) >= least_bits])
        pairs = np.unique(np.concatenate(found))
        return np.concatenate([part[self._can_weigh(part, least_bits)] for part in _chunks(pairs)]), seen

    def _can_weigh(self, pairs: Integers, least_bits: float) -> NDArray[np.bool_]:
        """Which pairs can weigh enough by what their names weigh together."""
        one, other = pairs // len(self), pairs % len(self)
        enough: NDArray[np.bool_] = self._bound(one, other, self._names.most_bits(one, other)) >= least_bits
        return enough

    def _bound(self, one: Integers, other: Integers, names: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """No evidence of these pairs weighs more than this. `names` is what their names weigh at most, where known.

        Of names that differ in the first sound of a word, as by a mistake at the first letter, it is not so: they count
        as different unless the birth years are equal or next to each other.
        """
        import numpy as np

        day, kind = np.frombuffer(self._day, np.int32), np.frombuffer(self._kind, np.int8)
        flags, sexes = np.frombuffer(self._flags, np.int8), np.frombuffer(self._sex, np.int8)
        chinese, bits = np.frombuffer(self._chinese_bits, np.float32), np.frombuffer(self._bits, np.float32)
        both = flags[one] & flags[other]
        total = np.minimum(bits[one], bits[other])
        as_chinese = np.minimum(chinese[one], chinese[other])
        total = np.where(np.isfinite(chinese[one]) & np.isfinite(chinese[other]), as_chinese, total)
        of_birth, mistyped = _birth_bits(day[one], day[other])
        sounds = np.frombuffer(self._first_sounds, np.int64)
        total[have_other_sounds(sounds[one], sounds[other]) & ~mistyped] = 0
        if names is not None:
            total = np.minimum(total, names)
        for flag, weight in (
            (_COUNTRY, COUNTRY_BITS),
            (_POST, POST_BITS),
            (_LINK, LINK_BITS),
            (_NUMBER, NEAR_NUMBER_BITS),
            (_ADDRESS, ADDRESS_BITS),
        ):
            total += np.where(both & flag, np.float32(weight), np.float32(0))
        for hashes, more in ((self._numbers, NUMBER_BITS - NEAR_NUMBER_BITS), (self._contacts, CONTACT_BITS)):
            bits_of_set = np.frombuffer(hashes, np.int64)
            total += np.where(bits_of_set[one] & bits_of_set[other], np.float32(more), np.float32(0))
        total += of_birth
        ours, theirs = sexes[one], sexes[other]
        known = (ours != 0) & (theirs != 0)
        differ = (ours > 0) & (theirs > 0) & (ours != theirs)
        total += np.select([differ, known], [np.float32(sex.OTHER), np.float32(sex.SAME)], np.float32(0))
        return np.where(kind[one] & kind[other], total, -np.inf).astype(np.float32)


def _chunks(pairs: Integers) -> Iterator[Integers]:
    """So many pairs at a time, that what is worked out of them fits into memory; one of none where there are none."""
    for at in range(0, max(1, len(pairs)), _CHUNK):
        yield pairs[at : at + _CHUNK]


def _birth_bits(one: NDArray[np.int32], other: NDArray[np.int32]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """What two birth dates weigh at most, each as YYYYMMDD with zeros for what is not known, and 0 for none; and
    whether their years are equal or next to each other.
    """
    import numpy as np

    low, high = np.minimum(one, other), np.maximum(one, other)
    dated, several = (low != 0) & (high != 0), low == _SEVERAL
    years = high // 10_000 - low // 10_000
    days, other_days = low % 10_000, high % 10_000
    month, other_month = days // 100, other_days // 100
    bare = (days == 0) | (other_days == 0)
    without_day = (days % 100 == 0) | (other_days % 100 == 0)
    swapped = (month == other_days % 100) & (other_month == days % 100)
    first = (days == _FIRST_DAY) | (other_days == _FIRST_DAY)
    in_year = np.select(
        [bare, (month == other_month) & without_day, days == other_days, ~without_day & swapped, first],
        [birth.SAME_YEAR, birth.SAME_MONTH, birth.SAME_DAY, birth.SWAPPED, birth.UNKNOWN_DAY],
        birth.OTHER_DAY,
    )
    next_year = np.select([days == other_days, bare | first], [birth.YEAR_APART, birth.COUNTED_AGE], birth.OTHER_YEAR)
    bits = np.select(
        [~dated, several, years == 0, years == 1, years <= birth.FAR],
        [0.0, birth.SAME_DAY, in_year, next_year, birth.OTHER_YEAR],
        birth.FAR_YEAR,
    )
    return bits.astype(np.float32), dated & (several | (years <= 1))


def least_bits(least: float, prior_bits: float) -> float:
    """The evidence that it takes to be so probable."""
    return log2(least / (1 - least)) - prior_bits if 0 < least < 1 else -inf if not least else inf


def most_link_bits(party: Party, register: Register) -> float:
    """What the links of a party can weigh at most, where they are known."""
    has_post = party.agencies or "position" in party.values
    country = max(map(register.country_bits, party.countries), default=0.0)
    return min(COUNTRY_BITS, country) + POST_BITS * bool(has_post) + LINK_BITS * bool(party.neighbours)


def most_name_bits(party: Party) -> float:
    """No name weighs more than this beside those of a party."""
    return _most_name_bits(party.names, party.weak_names, _kind(party))


@lru_cache(maxsize=4_096)
def _most_name_bits(names: tuple[str, ...], weak_names: tuple[str, ...], kind: int) -> float:
    shares = dict.fromkeys(weak_names, WEAK_SHARE) | dict.fromkeys(names, 1.0)
    found = ((share, keys.most_bits) for name, share in shares.items() for _, keys in _name_keys(name, kind))
    of_words = ((share, words_bits(name)) for name, share in shares.items())
    return max((share * bits for share, bits in chain(found, of_words)), default=0.0)


def _kind(party: Party) -> int:
    return EITHER if party.type == "Party" else COMPANY if party.is_company else PERSON


def _names(party: Party) -> Iterator[tuple[float, str]]:
    for name in party.names[:MAX_NAMES]:
        yield 1.0, name
    for name in party.weak_names[:MAX_NAMES]:
        yield WEAK_SHARE, name


def _name_keys(name: str, kind: int) -> Iterator[tuple[str, NameKeys]]:
    if is_no_name(name):
        return
    if kind & PERSON:
        for one in written_names(name):
            yield "person", person_keys(one)
    if kind & COMPANY:
        yield "company", company_keys(name)


def _of_name(space: str, keys: NameKeys, day: str) -> Iterable[int]:
    """Numbers that are equal within one process: only names are compared by them."""
    found: list[tuple[str, ...]] = [(space, key) for key in keys.whole]
    if len(day) == _DAY:
        found += [(space, key, day) for key in keys.of_day]
    if day:
        found += [(space, key, day[:_YEAR]) for key in keys.of_year]
    return map(hash, found)


def _only_date(dates: tuple[str, ...]) -> str:
    """The birth date, where one is stated and its year is one."""
    return dates[0] if len(dates) == 1 and dates[0][:_YEAR].isdigit() else ""


def _as_number(day: str) -> int:
    return int(day.replace("-", "").ljust(8, "0")[:8]) if day else 0


def _set_of(hashes: Iterable[int]) -> int:
    """A small set of numbers, of which two may share a member only if they share a bit."""
    found = 0
    for one in hashes:
        found |= 1 << (one % _BITS_OF_SET)
    return found


def _integer(*parts: str) -> int:
    """The same in every process, for the same figures come of the same parties."""
    return int.from_bytes(blake2b("\x1f".join(parts).encode(), digest_size=8).digest(), signed=True)


def _count_once(blocks: Iterable[list[int]]) -> int:
    """How many blocks there are, without those of which a larger one has all members: a name that is read in several
    ways has several keys.
    """
    counted, of_member = 0, dict[int, set[int]]()
    for members in sorted(blocks, key=len, reverse=True):
        known = [of_member[one] for one in members if one in of_member]
        if len(known) < len(members) or not set.intersection(*sorted(known, key=len)):
            counted += 1
            for one in members:
                of_member.setdefault(one, set()).add(counted)
    return counted


def _groups(keys: Integers) -> tuple[Integers, Integers]:
    """Where each run of equal keys begins, and how long it is."""
    import numpy as np

    starts = np.flatnonzero(np.concatenate([np.ones(min(1, len(keys)), bool), keys[1:] != keys[:-1]]))
    return starts, np.diff(starts, append=len(keys))

"""What many pairs of Chinese names weigh at most, in arrays: no less than `compare_chinese` has them one by one."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cached_property
from math import log2
from typing import TYPE_CHECKING, NamedTuple

from kg.names.chinese.characters import Slot, characters
from kg.names.chinese.reading import Part, Reading
from kg.names.chinese.weight import CONTRADICTION, SAME_ENGLISH, UNLIKELY, UNLIKELY_BITS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float32]

MAX_NAMES = 4
"""Parties with more names are not weighed here."""

_MAX_GIVEN = 3
_NONE = (0,) * _MAX_GIVEN
_CHUNK = 500_000
"""About so many pairs of readings are weighed in one go."""

_MARGIN = 0.05
"""Bits by which rounding may make a weight too small."""


class PairWeights:
    """Collects the readings of names, party by party, then weighs pairs of parties.

    Only numbers are kept of each name; the parts of all names together are a few thousand.
    """

    def __init__(self) -> None:
        self._parts: dict[Slot, _Parts] = {"surname": _Parts("surname"), "given": _Parts("given")}
        self._first_name, self._first_reading = array("i", [0]), array("i", [0])
        self._total, self._share, self._english = array("f"), array("f"), array("b")
        self._scheme, self._count, self._log = array("b"), array("b"), array("f")
        self._surname = array("h")
        self._given = array("h")
        self._schemes: dict[str, int] = {}

    def add(self, names: Sequence[tuple[float, tuple[Reading, ...]]]) -> None:
        """Note the names of the next party, each with what it counts of a full name; none where it is not weighed."""
        for share, readings in names:
            self._add_name(share, readings)
        self._first_name.append(len(self._total))

    def _add_name(self, share: float, readings: tuple[Reading, ...]) -> None:
        surnames, given = self._parts["surname"], self._parts["given"]
        for reading in readings:
            count = len(reading.given)
            self._scheme.append(self._schemes.setdefault(reading.scheme, len(self._schemes)))
            self._surname.append(surnames.place(reading.surname))
            self._count.append(count)
            self._log.append(log2(reading.probability))
            self._given.extend(map(given.place, reading.given))
            self._given.extend(_NONE[count:])
        self._first_reading.append(len(self._log))
        self._total.append(log2(sum([r.probability for r in readings])))
        self._share.append(share)
        self._english.append(any(r.english for r in readings))

    def most_bits(self, one: Integers, other: Integers) -> Floats:
        """The weight of the names of each pair of parties, or a little more; infinite where one is not weighed here."""
        import numpy as np

        found = np.full(len(one), np.inf, np.float32)
        first = np.frombuffer(self._first_name, np.int32).astype(np.int64)
        known = np.flatnonzero((np.diff(first)[one] > 0) & (np.diff(first)[other] > 0)) if len(one) else one
        readings = np.frombuffer(self._first_reading, np.int32)[first]  # where those of each party start
        count = np.diff(readings).astype(np.int64)
        ends = np.cumsum(count[one[known]] * count[other[known]])
        cuts = np.searchsorted(ends, np.arange(_CHUNK, ends[-1] if len(ends) else 0, _CHUNK))
        for chunk in np.split(known, np.unique(cuts)):
            if len(chunk):
                found[chunk] = self._weights.of_parties(first, one[chunk], other[chunk])
        return found

    @cached_property
    def _weights(self) -> _Weights:
        import numpy as np

        surnames, given = self._parts["surname"], self._parts["given"]
        places = np.frombuffer(self._given, np.int16).reshape(-1, _MAX_GIVEN)
        names = _NameArrays(
            np.frombuffer(self._first_reading, np.int32).astype(np.int64),
            np.frombuffer(self._total, np.float32),
            np.frombuffer(self._share, np.float32),
            np.frombuffer(self._english, np.int8).astype(bool),
        )
        readings = _ReadingArrays(
            np.frombuffer(self._scheme, np.int8),
            np.frombuffer(self._count, np.int8),
            np.frombuffer(self._log, np.float32),
            np.frombuffer(self._surname, np.int16),
            tuple(np.ascontiguousarray(places[:, i]) for i in range(_MAX_GIVEN)),
        )
        return _Weights(names, readings, surnames.common(), surnames.writings(), given.common(), given.writings())


class _Parts:
    """The different parts of names in one place, by number; 0 stands for none."""

    def __init__(self, slot: Slot) -> None:
        self._slot: Slot = slot
        self._places: dict[tuple[str, float], int] = {}
        self._parts: list[Part] = []

    def place(self, part: Part) -> int:
        key = part.written, part.probability
        found = self._places.get(key)
        if found is None:
            self._parts.append(part)
            found = self._places[key] = len(self._parts)
        return found

    def writings(self) -> Integers:
        """A number for each part by what is written."""
        import numpy as np

        numbers: dict[str, int] = {"": 0}
        written = (numbers.setdefault(part.written, len(numbers)) for part in self._parts)
        return np.array([0, *written], np.int64)

    def common(self) -> Floats:
        """For each two parts, how much likelier one character stands behind both than chance has it, as a logarithm."""
        import numpy as np

        behind: dict[str, tuple[list[int], list[float]]] = {}
        for number, part in enumerate(self._parts, 1):
            for character, p in part.vector.items():
                places, shares = behind.setdefault(character, ([], []))
                places.append(number)
                shares.append(p / part.probability)
        found = np.zeros((len(self._parts) + 1,) * 2, np.float32)
        for character, (places, shares) in behind.items():
            values = np.array(shares, np.float32)
            frequency = characters().frequency(self._slot, character)
            found[np.ix_(places, places)] += np.outer(values, values) / np.float32(frequency)
        with np.errstate(divide="ignore"):
            np.log2(found, out=found)
        found[0], found[:, 0] = 0, 0
        return found


class _NameArrays(NamedTuple):
    first_reading: Integers
    total: Floats
    """The logarithm of the probability of all readings of a name."""
    share: Floats
    english: NDArray[np.bool_]


class _ReadingArrays(NamedTuple):
    scheme: NDArray[np.int8]
    syllables: NDArray[np.int8]
    log: Floats
    surname: NDArray[np.int16]
    given: tuple[NDArray[np.int16], ...]


class _Weights(NamedTuple):
    names: _NameArrays
    readings: _ReadingArrays
    surnames: Floats
    surname_writings: Integers
    given: Floats
    given_writings: Integers

    def of_parties(self, first_name: Integers, one: Integers, other: Integers) -> Floats:
        """The weight of the best pair of names of each two parties."""
        import numpy as np

        left, right, starts = _each_pair(first_name, one, other)
        bits = self._of_names(left, right)
        share = np.minimum(self.names.share[left], self.names.share[right])
        return np.maximum.reduceat(np.where(bits > 0, bits * share, bits), starts)

    def _of_names(self, one: Integers, other: Integers) -> Floats:
        import numpy as np

        names, readings = self.names, self.readings
        left, right, starts = _each_pair(names.first_reading, one, other)
        counts = readings.syllables[left], readings.syllables[right]
        logs = readings.log[left].astype(np.float64) + readings.log[right]
        logs += self.surnames[readings.surname[left], readings.surname[right]]
        given = np.zeros(len(left), np.float64)
        for places in readings.given:
            given += self.given[places[left], places[right]]
        given[counts[0] != counts[1]] = -np.inf
        logs += np.where((counts[0] > 0) & (counts[1] > 0), given, 0.0)
        best = np.maximum.reduceat(logs, starts)
        sizes = np.diff(starts, append=len(logs))
        with np.errstate(divide="ignore", invalid="ignore"):
            shifted = np.exp2(logs - np.repeat(np.where(np.isfinite(best), best, 0.0), sizes))
            bits = best + np.log2(np.add.reduceat(shifted, starts)) - names.total[one] - names.total[other] + _MARGIN
        bits[~np.isfinite(best)] = CONTRADICTION
        is_best = np.flatnonzero(logs == np.repeat(best, sizes))
        chosen = is_best[np.searchsorted(is_best, starts)]
        unlikely = self._is_unlikely(left[chosen], names.total[one]) & self._is_unlikely(
            right[chosen], names.total[other]
        )
        capped = unlikely & ~self._is_written_alike(left[chosen], right[chosen])
        bits = np.where(capped, np.minimum(bits, UNLIKELY_BITS), bits)
        return (bits + np.where(names.english[one] & names.english[other], SAME_ENGLISH, 0.0)).astype(np.float32)

    def _is_unlikely(self, reading: Integers, total: Floats) -> NDArray[np.bool_]:
        """Whether readings have so small a share of their names that what agrees in them alone does not count."""
        found: NDArray[np.bool_] = self.readings.log[reading] - total < log2(UNLIKELY) - _MARGIN
        return found

    def _is_written_alike(self, one: Integers, other: Integers) -> NDArray[np.bool_]:
        readings = self.readings
        alike: NDArray[np.bool_] = readings.scheme[one] == readings.scheme[other]
        alike &= self.surname_writings[readings.surname[one]] == self.surname_writings[readings.surname[other]]
        for places in readings.given:
            alike &= self.given_writings[places[one]] == self.given_writings[places[other]]
        return alike


def _each_pair(first: Integers, one: Integers, other: Integers) -> tuple[Integers, Integers, Integers]:
    """For each pair of groups, the pairs of a member of each, one after the other; and where those of each pair start.

    `first` is where each group's members start, with the end of the last.
    """
    import numpy as np

    ours, theirs = first[one + 1] - first[one], first[other + 1] - first[other]
    counts = ours * theirs
    starts = np.cumsum(counts) - counts
    within = np.arange(counts.sum()) - np.repeat(starts, counts)
    width = np.repeat(theirs, counts)
    return np.repeat(first[one], counts) + within // width, np.repeat(first[other], counts) + within % width, starts

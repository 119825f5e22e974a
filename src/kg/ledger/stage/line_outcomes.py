"""What lines of a file gave, as far as a later load may take it over without reading them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import orjson

from kg.records import Record

DIGEST_SIZE = 16
"""Bytes of the digest of a line."""

_ROW, _LINE = 0, 1  # in the cells of a staged row


NUMBERS = "I"
"""The kind of their arrays: a load has fewer rows than four bytes can number."""


def _numbers() -> array[int]:
    return array(NUMBERS)


@dataclass(slots=True)
class LineOutcomes:
    """Lines that gave records alone, each with the staged rows that it became."""

    digests: bytearray = field(default_factory=bytearray)
    """DIGEST_SIZE bytes for each line."""
    firsts: array[int] = field(default_factory=_numbers)
    """The first of its rows."""
    sizes: array[int] = field(default_factory=_numbers)
    """How many rows it has, which follow each other."""
    counts: array[int] = field(default_factory=_numbers)
    """The place in `texts` of what it adds to the counts of a load."""
    texts: dict[str, int] = field(default_factory=dict)
    """These texts, in their order, each with its place."""

    @property
    def last_row(self) -> int:
        """The number of their last row; 0 where there is none."""
        return self.firsts[-1] + self.sizes[-1] - 1 if self.firsts else 0

    def add(self, more: LineOutcomes, first: int) -> None:
        """Add lines whose rows are numbered from `first` on."""
        places = [self.texts.setdefault(text, len(self.texts)) for text in more.texts]
        self.digests += more.digests
        self.firsts.extend(first + row for row in more.firsts)
        self.sizes.extend(more.sizes)
        self.counts.extend(places[count] for count in more.counts)

    def to_parts(self) -> tuple[Any, ...]:
        """Plain values, as another process is sent them."""
        numbers = (found.tobytes() for found in (self.firsts, self.sizes, self.counts))
        return bytes(self.digests), *numbers, self.texts

    @classmethod
    def from_parts(cls, parts: tuple[Any, ...]) -> LineOutcomes:
        """The inverse of `to_parts`."""
        digests, *numbers, texts = parts
        firsts, sizes, counts = (array(NUMBERS, found) for found in numbers)
        return cls(bytearray(digests), firsts, sizes, counts, texts)


class RowNotes:
    """What a later load has to know of rows of files beside their records."""

    def __init__(self) -> None:
        self.odd = set[int]()
        """Rows that have to be read again: of what they say, something depends on other rows or is not for all."""
        self._counts: dict[int, dict[str, Counter[str]]] = {}
        self._shares: dict[int, set[tuple[str, str]]] = {}

    def add_record(self, row: int, record: Record) -> None:
        """Note what the ontology has no place for."""
        if record.again or record.not_understood:
            self.odd.add(row)
        self._count(row, "unmapped").update(f"{record.type}.{name}" for name in record.unmapped)

    def add_amount(self, row: int, what: str, is_negative: bool) -> None:
        """Note an amount of a link, by `Type.property`."""
        for name in ("amounts", *(["negative"] if is_negative else ())):
            self._count(row, name)[what] += 1

    def add_share(self, row: int, column: tuple[str, str], has_larger: bool, fractions: int) -> None:
        """Note a share by what `ShareScale` has of it."""
        if fractions:
            self.odd.add(row)  # which one is told as an example depends on the others
        elif has_larger:
            self._shares.setdefault(row, set()).add(column)

    def counts(self, row: int) -> str:
        """What a row adds to the counts of a load, as JSON: to those of `WordCounts`, and whose shares are larger."""
        said: dict[str, Any] = dict(self._counts.get(row, {}))
        if shares := self._shares.get(row):
            said["shares"] = sorted(shares)
        return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode() if said else ""

    def _count(self, row: int, name: str) -> Counter[str]:
        return self._counts.setdefault(row, {}).setdefault(name, Counter())


def find_outcomes(
    rows: Sequence[tuple[Any, ...]], notes: RowNotes, digests: Mapping[int, bytes], others: Container[int]
) -> LineOutcomes:
    """What lines gave that are not among `others`, from the staged rows of a chunk and the digests of its lines.

    A line that is several rows of a file, as a list of entities is, is none of them.
    """
    of_rows, before = list[tuple[int, int, int]](), None
    for place, (row, line) in enumerate(map(itemgetter(_ROW, _LINE), rows)):
        if row != before:
            before = row
            of_rows.append((place, row, line))
    found = LineOutcomes()
    times, ends = Counter(line for _, _, line in of_rows), [first for first, *_ in of_rows[1:]]
    for (first, row, line), end in zip(of_rows, [*ends, len(rows)], strict=False):
        if line in others or times[line] > 1 or row in notes.odd or line not in digests:
            continue
        found.digests += digests[line]
        found.firsts.append(first)
        found.sizes.append(end - first)
        found.counts.append(found.texts.setdefault(notes.counts(row), len(found.texts)))
    return found

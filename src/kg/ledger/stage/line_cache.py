"""What lines of a source gave in its last snapshot, so that the next one reads only those that are new."""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import orjson

from kg.database import HOW_TO_GO_ON, read_json
from kg.errors import StoreDamaged
from kg.ledger.stage.line_outcomes import LineOutcomes
from kg.ledger.stage.numbers import FileNumbers
from kg.ledger.stage.rows import WordCounts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Mask = NDArray[np.bool_]

PIECE = 1 << 19
"""Lines that a row of the table has at most."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines, each with the numbers of the records that it gave."""

    digests: NDArray[np.uint64]
    """Two numbers a line."""
    sizes: Numbers
    """How many records each has."""
    records: Numbers
    """Those of all lines, one after the other."""
    counts: Numbers
    """For each line the place of what it adds to the counts of a load, in `texts`."""
    texts: list[str]

    def those(self, chosen: Mask) -> _Lines:
        """Some of the lines."""
        records = self.records[chosen.repeat(self.sizes)]
        return _Lines(self.digests[chosen], self.sizes[chosen], records, self.counts[chosen], self.texts)

    def pieces(self) -> Iterator[_Lines]:
        """The same lines, at most PIECE in each, with the texts that they have."""
        import numpy as np

        ends = self.sizes.cumsum()
        for first in range(0, len(self.sizes), PIECE):
            part = slice(first, first + PIECE)
            records = self.records[ends[first] - self.sizes[first] : ends[part][-1]]
            used, counts = np.unique(self.counts[part], return_inverse=True)
            texts = [self.texts[place] for place in used.tolist()]
            yield _Lines(self.digests[part], self.sizes[part], records, counts, texts)


class LineCache:
    """The lines of one source that gave open records alone in its last snapshot, and no reject.

    A load that has such a line again need not read it: the records are in force. A line is known by the digest of its
    bytes and of what reads it. What is cached may be older than the ledger: a line counts as new unless all of its
    records are in force. `day` is that of the load: what is wrong with a date of birth may depend on it.
    """

    def __init__(self, connection: sqlite3.Connection, source: str, day: str) -> None:
        self._db, self._day = connection, day
        query = "SELECT num FROM source WHERE name = ?"
        row = connection.execute(query, (source,)).fetchone()
        self._source = int(row[0]) if row else 0
        condition = "source = ? AND day <= ?"
        found = connection.execute(f"SELECT 1 FROM line_cache WHERE {condition}", (self._source, day)).fetchone()
        self.has_lines = found is not None
        """Whether anything is cached that holds on the day of the load."""
        self.outcomes = LineOutcomes()
        """What lines gave that were read; `firsts` are numbers of staged rows, from 1."""
        self._kept: Mask | None = None
        self._loaded: tuple[_Lines, Numbers] | None = None
        self._places: list[tuple[Numbers, Sequence[str], Numbers, Numbers]] = []

    def find(self, digests: bytes | bytearray) -> Numbers:
        """For each line, by its digest, its place in the cache; -1 for one that has to be read.

        So has a line to which another one is equal.
        """
        import numpy as np

        (known, _), asked = self._load(), np.frombuffer(digests, np.uint64).reshape(-1, 2)
        order = known.digests[:, 0].argsort()
        at = np.searchsorted(known.digests[order, 0], asked[:, 0])
        found = order[np.minimum(at, len(order) - 1)]
        found[(known.digests[found] != asked).any(axis=1) | _repeated(asked[:, 0])] = -1
        found[~_all_of_each(np.isin(known.records, self._in_force), known.sizes)[found]] = -1
        return found

    def owners(self, keys: Iterable[str]) -> set[int]:
        """The places of cached lines that gave records with one of these keys."""
        import numpy as np

        query = "SELECT num FROM record WHERE key = ? AND source = ? AND until IS NULL"
        nums = [num for key in keys for (num,) in self._db.execute(query, (key, self._source))]
        known, order = self._load()
        at = np.searchsorted(known.records[order], nums)
        at = order[np.minimum(at, len(order) - 1)]
        at = at[known.records[at] == nums]
        return set(np.arange(len(known.sizes)).repeat(known.sizes)[at].tolist())

    def keep(self, places: Numbers, names: Sequence[str], files: Numbers, lines: Numbers) -> None:
        """Take the lines at some places for read: each is now on a line of a file, told by its place in `names`.

        A place is given once.
        """
        import numpy as np

        if self._kept is None:
            self._kept = np.zeros(len(self._load()[0].sizes), np.bool_)
        self._kept[places] = True
        self._places.append((places, names, files, lines))

    @property
    def has_kept(self) -> bool:
        """Whether there are lines that were not read because they are known."""
        return self._kept is not None and bool(self._kept.any())

    def counts(self) -> tuple[WordCounts, set[tuple[str, str]]]:
        """What the lines that were kept add to the counts of a load, and properties with shares above 1."""
        counts, shares = WordCounts(), set[tuple[str, str]]()
        if self._kept is None:
            return counts, shares
        known = self._load()[0]
        for place, times in Counter(known.counts[self._kept].tolist()).items():
            found = read_json(known.texts[place] or "{}")
            unmapped, amounts, negative = (
                {name: count * times for name, count in found.get(kind, {}).items()}
                for kind in ("unmapped", "amounts", "negative")
            )
            counts.add(WordCounts(unmapped=unmapped, amounts=amounts, negative=negative))
            shares |= {(kind, name) for kind, name in found.get("shares", ())}
        return counts, shares

    def stage_others(self) -> int:
        """Make the temporary table `loose` of the records in force that no kept line gave; returns how many one gave.

        Unresolved links that lines gave get the place where these are now.
        """
        import numpy as np

        self._db.execute("DROP TABLE IF EXISTS temp.loose")
        self._db.execute("CREATE TEMP TABLE loose (record INTEGER PRIMARY KEY)")
        kept = self._load()[0].those(self._kept).records if self._kept is not None else np.empty(0, np.int64)
        others = np.setdiff1d(self._in_force, kept, assume_unique=True)
        self._db.executemany("INSERT INTO temp.loose VALUES (?)", zip(others.tolist(), strict=True))
        self._move_unresolved_links()
        return len(kept)

    def save(self, source: int, record_of: Numbers) -> None:
        """Replace what is cached by the lines that were kept and those that were read.

        `record_of` has for each number of a staged row that of its record, and 0 where the row was removed.
        """
        kept, fresh, day = iter(list[_Lines]()), self._fresh(record_of), self._day
        if self._kept is not None:
            listed = [*fresh]
            if not listed and self._kept.all():
                return  # all is as it was
            query = "SELECT max(day) FROM line_cache WHERE source = ?"
            day = max(day, self._db.execute(query, (source,)).fetchone()[0])
            kept, fresh = self._load()[0].those(self._kept).pieces(), iter(listed)
        forget_lines(self._db, source)
        insert = "INSERT INTO line_cache (source, day, digests, records, texts) VALUES (?, ?, ?, ?, ?)"
        for piece in chain(kept, fresh):
            self._db.execute(insert, (source, day, *_packed(piece)))

    def _fresh(self, record_of: Numbers) -> Iterator[_Lines]:
        """The lines that were read of which all rows are in the ledger, in pieces."""
        import numpy as np

        read, texts = self.outcomes, [*self.outcomes.texts]
        all_digests = np.frombuffer(read.digests, np.uint64).reshape(-1, 2)
        for first in range(0, len(all_digests), PIECE):
            part = slice(first, first + PIECE)
            firsts, sizes, counts = (
                np.array(found[part], np.int64) for found in (read.firsts, read.sizes, read.counts)
            )
            within = np.arange(sizes.sum()) - (sizes.cumsum() - sizes).repeat(sizes)
            records = record_of[firsts.repeat(sizes) + within]
            lines = _Lines(all_digests[part], sizes, records, counts, texts)
            yield from lines.those(_all_of_each(records > 0, sizes)).pieces()

    def _load(self) -> tuple[_Lines, Numbers]:
        """What is cached, and the order of its records by their numbers."""
        if self._loaded is None:
            query = "SELECT digests, records, texts FROM line_cache WHERE source = ? AND day <= ? ORDER BY num"
            lines = _joined(*(_unpacked(*row) for row in self._db.execute(query, (self._source, self._day))))
            self._loaded = lines, lines.records.argsort()
        return self._loaded

    @cached_property
    def _in_force(self) -> Numbers:
        """The records in force, before the load."""
        query = "SELECT num FROM record WHERE source = ? AND until IS NULL"
        return _column(self._db, query, self._source)

    def _move_unresolved_links(self) -> None:
        """Note where the unresolved links of kept lines are now; others are found by their key."""
        import numpy as np

        query = """SELECT DISTINCT r.num FROM waiting w JOIN record r ON r.key = w.link_key AND r.part = w.link_part
            AND r.source = ? WHERE r.until IS NULL"""
        waiting = _column(self._db, query, self._source)
        if not len(waiting):
            return
        known = self._load()[0]
        file_of, line_of = np.zeros((2, len(known.sizes)), np.int64)
        names = list[str]()
        for places, more, files, lines in self._places:
            file_of[places], line_of[places] = files + len(names) + 1, lines
            names += more
        which = np.flatnonzero(np.isin(known.records, waiting))
        owners = np.arange(len(known.sizes)).repeat(known.sizes)[which]
        numbers = FileNumbers(self._db)
        moved = (
            (numbers.number(names[file - 1]), line, record, line)
            for record, file, line in zip(
                *(found.tolist() for found in (known.records[which], file_of[owners], line_of[owners])), strict=True
            )
            if file
        )
        self._db.executemany("UPDATE stored_record SET file = ?, line = ? WHERE num = ? AND line IS NOT ?", moved)


def forget_lines(connection: sqlite3.Connection, source: int) -> None:
    """Forget what lines of a source gave: its next load reads all of them."""
    connection.execute("DELETE FROM line_cache WHERE source = ?", (source,))


def number_records(connection: sqlite3.Connection, before: int, last: int, *, as_staged: bool) -> Numbers:
    """For each number of a staged row that of its record, at least up to `last`; 0 where there is no such row.

    Call it when all that is staged is in the ledger, with what `temp.known` says of records that were there before.
    """
    import numpy as np

    highest = connection.execute("SELECT coalesce(max(num), 0) FROM temp.stage").fetchone()[0]
    found = np.zeros(max(highest, last) + 1, np.int64)  # the last rows may have been removed
    if as_staged:
        staged = _column(connection, "SELECT num FROM temp.stage")
        found[staged] = staged + before
        return found
    found[_column(connection, "SELECT stage FROM temp.known")] = _column(connection, "SELECT record FROM temp.known")
    query = "SELECT num FROM temp.stage WHERE num NOT IN (SELECT stage FROM temp.known) ORDER BY key, part"
    fresh = _column(connection, query)
    found[fresh] = np.arange(before + 1, before + 1 + len(fresh))
    return found


def _column(connection: sqlite3.Connection, query: str, *values: object) -> Numbers:
    import numpy as np

    return np.fromiter((row[0] for row in connection.execute(query, values)), np.int64)


def _repeated(numbers: NDArray[np.uint64]) -> Mask:
    """Which of some numbers occur more than once."""
    import numpy as np

    order, found = numbers.argsort(), np.zeros(len(numbers), np.bool_)
    equal = numbers[order][1:] == numbers[order][:-1]
    found[order[1:][equal]] = found[order[:-1][equal]] = True
    return found


def _all_of_each(holds: Mask, sizes: Numbers) -> Mask:
    """Of groups that follow each other, none of them empty, whether something holds for all of each."""
    import numpy as np

    return np.logical_and.reduceat(holds, sizes.cumsum() - sizes) if len(sizes) else np.empty(0, np.bool_)


def _joined(*parts: _Lines) -> _Lines:
    import numpy as np

    texts = list(dict.fromkeys(text for part in parts for text in part.texts))
    place = {text: number for number, text in enumerate(texts)}
    counts = [np.array([place[text] for text in part.texts], np.int64)[part.counts] for part in parts]
    return _Lines(
        np.concatenate([part.digests for part in parts]),
        np.concatenate([part.sizes for part in parts]),
        np.concatenate([part.records for part in parts]),
        np.concatenate(counts),
        texts,
    )


def _packed(lines: _Lines) -> tuple[bytes, bytes, str]:
    """The columns of a row. Numbers of records grow by one most of the time, so that little is left of them."""
    import numpy as np

    numbers = np.concatenate([lines.sizes, lines.counts, np.diff(lines.records, prepend=0)]).astype("<i8")
    return lines.digests.tobytes(), zlib.compress(numbers.tobytes(), 1), orjson.dumps(lines.texts).decode()


def _unpacked(digests: bytes, packed: bytes, texts: str) -> _Lines:
    """The inverse of `_packed`. Raises StoreDamaged."""
    import numpy as np

    damaged = StoreDamaged(f"the store is damaged: what is known of lines cannot be read; {HOW_TO_GO_ON}")
    try:
        known = np.frombuffer(digests, np.uint64).reshape(-1, 2)
        numbers = np.frombuffer(zlib.decompress(packed), "<i8").astype(np.int64)
    except (zlib.error, ValueError, TypeError):  # what is wrong within is told by the check sum of zlib
        raise damaged from None
    sizes, counts, records = np.split(numbers, [len(known), 2 * len(known)])
    lines = _Lines(known, sizes, records.cumsum(), counts, read_json(texts, list))
    if len(counts) != len(known) or sizes.sum() != len(records) or not counts.max(initial=-1) < len(lines.texts):
        raise damaged
    return lines

"""Readers of lines that work in several processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar, Protocol

from kg.records import ReadResult
from kg.sources.rows import SourceRow

Parts = tuple[Any, ...]
"""Plain values, bytes, tuples and lists, which one process sends another."""


class Left(Protocol):
    """What has to be read when all lines have been, kept until then."""

    def add(self, parts: Parts) -> None:
        """Keep what `LineReader.take_left` gave, in the order of the files."""
        ...

    def read(self) -> Iterator[ReadResult]:
        """What was left."""
        ...


class LineReader(Protocol):
    """Reads the lines of some files, a part of them in each of several processes.

    If it `surveys`, all lines are surveyed first, and each process learns what was found in all of them. Then each line
    is read. What has to be read when all others have been is left, and read in one process.
    """

    surveys: ClassVar[bool]
    shares_keys: ClassVar[bool]
    """Whether what a row gives depends on no rows but those that share a key with it, for all but `uncached_lines`."""

    def shared_keys(self, row: SourceRow) -> Iterable[str]:
        """The keys that records of a row may have, and more: who reads it reads all rows that share one with it."""
        ...

    def survey(self, rows: Iterable[SourceRow]) -> Parts:
        """What others have to know of these rows."""
        ...

    def combine(self, surveys: Iterable[Parts]) -> Parts:
        """What is known when all rows have been surveyed."""
        ...

    def learn(self, known: Parts) -> None:
        """Take what is known before any row is read."""
        ...

    def read(self, rows: Iterable[SourceRow]) -> Iterator[ReadResult]:
        """What rows say, in their order."""
        ...

    def take_left(self) -> Parts:
        """What the rows left that were read since the last call; empty if they left nothing."""
        ...

    def uncached_lines(self) -> set[int]:
        """The numbers of the lines, since `take_left` was called, that left something or may have other keys."""
        ...

    def left(self) -> AbstractContextManager[Left]:
        """For a block, a place for what was left."""
        ...


class PlainLineReader:
    """What a reader has that reads each line for itself."""

    surveys: ClassVar[bool] = False
    shares_keys: ClassVar[bool] = False

    def shared_keys(self, row: SourceRow) -> Iterable[str]:
        """None."""
        return ()

    def survey(self, rows: Iterable[SourceRow]) -> Parts:
        """Nothing."""
        return ()

    def combine(self, surveys: Iterable[Parts]) -> Parts:
        """Nothing."""
        return ()

    def learn(self, known: Parts) -> None:
        """Nothing is known."""

    def take_left(self) -> Parts:
        """Nothing is left."""
        return ()

    def uncached_lines(self) -> set[int]:
        """None."""
        return set()

    def left(self) -> AbstractContextManager[Left]:
        """A place for nothing."""
        return nullcontext(_NothingLeft())


class _NothingLeft:
    def add(self, parts: Parts) -> None:
        """Nothing is left."""

    def read(self) -> Iterator[ReadResult]:
        """Nothing."""
        return iter(())

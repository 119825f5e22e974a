"""Which errors does this package raise, and how are they worded?

    KgError                 every error this package raises on purpose
    ├── InputError          a file, row, value or argument is not what was expected
    │   ├── QuestionError   a field of a request is not what was expected
    │   ├── OntologyError   a mistake in graph/ontology
    │   └── StrictReject    the first reject of a strict load
    ├── NotFound            no node, source or file by that name
    ├── StoreError          the database cannot be used as asked
    │   ├── StoreBusy       another process is writing
    │   ├── StoreDamaged    the SQLite file is damaged, cut short or overwritten
    │   ├── StoreTooNew     written by a newer version of kg
    │   ├── StoreUnfit      the request needs a store of another kind, or another scope
    │   └── ServerError     a Neo4j server cannot be fetched, started or stopped as asked
    ├── OutOfTime           there was no time for a complete answer
    └── VerifyError         the projection is not what the ledger says

A message is one line. It names file, line, key, value and what was expected, as far as each is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


class KgError(Exception):
    """The root of the tree; `exit_code` is what `kg` ends with."""

    exit_code = 2
    field = ""
    """The field of the request that is wrong; empty where none is known."""
    value = ""
    """The value given there."""
    expected = ""
    """The values expected there."""

    def with_field(self, field: str, value: object = "", expected: str = "") -> Self:
        """The same error, with the field of the request that it is about."""
        self.field, self.value, self.expected = field, str(value), expected or self.expected
        return self


@dataclass(frozen=True, slots=True)
class InputLocation:
    """The location of a mistake: file, 1-based line, key and value, as far as known."""

    file: str | None = None
    line: int | None = None
    key: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        where = self.file or ""
        if self.line is not None:
            where += f":{self.line}"
        parts = [where] if where else []
        if self.key is not None:
            parts.append(f"key {self.key}")
        if self.value is not None:
            parts.append(f"value {_shorten(self.value)}")
        return ", ".join(parts)


class InputError(KgError):
    """Input that is not what was expected; `location` says where."""

    def __init__(self, problem: str, location: InputLocation | None = None) -> None:
        self.problem = problem
        self.location = location or InputLocation()
        self.field, self.value, self.expected = self.location.key or "", self.location.value or "", problem
        where = str(self.location)
        super().__init__(f"{where}: {problem}" if where else problem)


class QuestionError(InputError):
    """A field of a request, such as `as_of`, is not what was expected."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        shown = _shorten(value) if isinstance(value, str) else value
        super().__init__(f"{field} {shown}: {expected}")
        self.with_field(field, value, expected)


class OntologyError(InputError):
    """A mistake in an ontology file."""


class StrictReject(InputError):
    """A strict load met a row it cannot read."""


class NotFound(KgError):
    """Nothing has that name, key or id; `hint` is advice for the command line."""

    exit_code = 3
    may_be_written_so: tuple[tuple[str, str, str], ...] = ()
    """Id, type and name of each node whose name may be written for the one that was not found."""

    def __init__(self, problem: str, hint: str = "") -> None:
        self.problem = self.expected = problem
        super().__init__(f"{problem}; {hint}" if hint else problem)


def expect_source(name: str, known: Iterable[str]) -> None:
    """Raise NotFound, naming those there are, where no known source has a name."""
    if name not in (listed := sorted(known)):
        problem = f"there is no source {name!r}; sources: {', '.join(listed) or 'none'}"
        raise NotFound(problem).with_field("source", name)


class StoreError(KgError):
    """The database cannot be opened, read or written as asked; `consequence` says what that means for it."""

    exit_code = 4

    def __init__(self, problem: str, consequence: str = "") -> None:
        self.problem = problem
        super().__init__(f"{problem}; {consequence}" if consequence else problem)


class StoreBusy(StoreError):
    """Another process holds the writer lock."""


class StoreDamaged(StoreError):
    """The SQLite file is damaged, cut short or overwritten."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of kg."""


class StoreUnfit(StoreError):
    """The request needs a store of another kind, or another scope."""


class ServerError(StoreError):
    """A Neo4j server cannot be fetched, started or stopped as asked."""


class OutOfTime(KgError):
    """There was no time for a complete answer."""

    exit_code = 4


class DeliveryError(KgError):
    """News could not be delivered; they are sent with the next run."""

    exit_code = 4


class VerifyError(KgError):
    """The projection differs from what the ledger says."""

    exit_code = 1


def _shorten(value: str, limit: int = 80) -> str:
    shown = value if len(value) <= limit else value[: limit - 1] + "…"
    return repr(shown)


# C0 but tab and line feed, DEL, C1, signs that turn the direction of text, further line ends, lone surrogates.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""The text with what a terminal would act on as a visible escape, such as `\x1b` or `\u202e`."""
    return _UNPRINTABLE.sub(_escape, text)


def printable_json(text: str) -> str:
    r"""A JSON document with the same characters as JSON escapes, such as `\u009b`: its meaning is the same."""
    return _UNPRINTABLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _escape(sign: re.Match[str]) -> str:
    code = ord(sign[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

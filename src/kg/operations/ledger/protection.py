"""Which claims are for the protected scope, whatever their source says?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from kg.ontology.lint import HANDLINGS
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import Reading, Record, Reject

if TYPE_CHECKING:
    from kg.law import FactKind

PROTECTED = HANDLINGS[-1]

EXPECTED = "expected a name of facts.toml; it is kept, and answers nothing"


def guarded(readings: Iterable[Reading], files: Sequence[str]) -> Iterator[Reading]:
    """The same, with determinations about protected facts marked so where their source forgot to.

    One about a fact that nobody asks for, as a misspelt one is, is told too: it would answer nothing, in silence.
    `files` are those that are read.
    """
    for reading in readings:
        if not isinstance(reading, Record) or reading.type != "Determination":
            yield reading
            continue
        for name in reading.properties.get("fact", ()):
            if _spelled(name) not in _facts():
                reason = f"fact {name!r} of a Determination: {EXPECTED}"
                yield Reject(", ".join(files), reading.line, reason, name, whole=False)
        hidden = _is_about_protected(reading)
        yield replace(reading, said=replace(reading.said, handling=PROTECTED)) if hidden else reading


def _is_about_protected(record: Record) -> bool:
    return not _protected_facts().isdisjoint(map(_spelled, record.properties.get("fact", ())))


def _spelled(raw: str) -> str:
    """As the projection spells it: a stray space makes a protected fact no other."""
    try:
        return VALUE_TYPES["text"].clean(raw)
    except BadValue:
        return raw


@cache
def _protected_facts() -> frozenset[str]:
    return frozenset(name for name, fact in _facts().items() if fact.protected)


def _facts() -> Mapping[str, FactKind]:
    from kg.law import load_law

    return load_law().facts

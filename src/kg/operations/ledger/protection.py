"""Which claims are for the protected scope, whatever their source says?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from kg.ontology.handling import PROTECTED
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import ReadResult, Record, Reject

if TYPE_CHECKING:
    from kg.law import FactDefinition

UNKNOWN_FACT = "expected a name of facts.toml; it is kept, and answers nothing"


def mark_protected(readings: Iterable[ReadResult], files: Sequence[str]) -> Iterator[ReadResult]:
    """The same, with determinations about protected facts marked so where their source forgot to.

    One about a fact that nobody asks for, as a misspelt one is, is told too: it would answer nothing, in silence.
    `files` are those that are read.
    """
    for reading in readings:
        if not isinstance(reading, Record) or reading.type != "Determination":
            yield reading
            continue
        for name in reading.properties.get("fact", ()):
            if _clean_name(name) not in _facts():
                reason = f"fact {name!r} of a Determination: {UNKNOWN_FACT}"
                yield Reject(", ".join(files), reading.line, reason, name, whole=False)
        hidden = _is_about_protected(reading)
        yield replace(reading, provenance=replace(reading.provenance, handling=PROTECTED)) if hidden else reading


def _is_about_protected(record: Record) -> bool:
    return not _protected_facts().isdisjoint(map(_clean_name, record.properties.get("fact", ())))


def _clean_name(raw: str) -> str:
    """As the projection spells it: a stray space makes a protected fact no other."""
    try:
        return VALUE_TYPES["text"].clean(raw)
    except BadValue:
        return raw


@cache
def _protected_facts() -> frozenset[str]:
    return frozenset(name for name, fact in _facts().items() if fact.is_protected)


def _facts() -> Mapping[str, FactDefinition]:
    from kg.law import load_law

    return load_law().facts

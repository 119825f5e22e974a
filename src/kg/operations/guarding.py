"""Which claims are for the protected scope, whatever their source says?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from kg.ontology.lint import HANDLINGS
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import Reading, Record

PROTECTED = HANDLINGS[-1]


def guarded(readings: Iterable[Reading]) -> Iterator[Reading]:
    """The same, with determinations about protected facts marked so where their source forgot to."""
    for reading in readings:
        if isinstance(reading, Record) and reading.type == "Determination" and _is_about_protected(reading):
            yield replace(reading, said=replace(reading.said, handling=PROTECTED))
        else:
            yield reading


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
    from kg.law import load_law

    return frozenset(name for name, fact in load_law().facts.items() if fact.protected)

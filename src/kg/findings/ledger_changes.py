"""What came, changed and went in the ledger between two moments?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.records import Judgement, Values

NO_VALUES: Values = {}


@dataclass(frozen=True, slots=True)
class LedgerPosition:
    """How far a ledger has come: its newest load, its newest judgement, and which judgements are undone."""

    load: int = 0
    judgement: int = 0
    undone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that came, went, or says something else than before. Nothing protected."""

    how: str
    """`came`, `changed` or `went`."""
    source: str
    key: str
    part: str
    type: str
    day: str
    """Day of the load that did it."""
    about: str
    """Id of the node or link that it is about."""
    ends: tuple[str, str] | None
    """Ids of the nodes at a link's ends."""
    before: Values = field(default_factory=dict)
    """What it said; empty if it came."""
    after: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LedgerChanges:
    """What is different from an earlier moment."""

    counts: Mapping[str, tuple[int, int, int]]
    """By source, how many records came, changed and went."""
    records: tuple[RecordChange, ...]
    """Those that are about the nodes asked for, by source, key and part."""
    judged: tuple[Judgement, ...]
    """Judgements made since, in the order of their numbers."""
    undone: tuple[Judgement, ...]
    """Judgements taken back since."""
    withdrawn: tuple[str, ...]
    """Sources of which no record is in force any more."""

"""Rows of the stage, made of records in any process."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from kg.ledger.rules.single_record import SingleRecords
from kg.ledger.stage.line_outcomes import LineOutcomes, RowNotes
from kg.ledger.stage.numbers import Numbers
from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED
from kg.records import (
    NO_PROVENANCE,
    NOT_UNDERSTOOD,
    Deletion,
    Provenance,
    ReadResult,
    Record,
    Reject,
    UnreadValue,
    Values,
)

STAGE_COLUMNS = (
    *("row", "line", "key", "part", "type", "from_ns", "from_key", "to_ns", "to_key", "body", "digest", "merges"),
    *("protected", "file", "named", "row_key"),
)
"""The cells of a staged row. `row_key` is the key of a row that is staged under its identity."""

_ROW, _FROM_NS, _TO_NS, _FILE = map(STAGE_COLUMNS.index, ("row", "from_ns", "to_ns", "file"))

StagedRow = tuple[Any, ...]

SourceNames = tuple[str, str]
"""The names of a source and of its namespace."""


@dataclass(slots=True)
class WordCounts:
    """How many records repeat an event, or have what the ontology has no place for or what cannot be read."""

    equal_events: int = 0
    unmapped: dict[str, int] = field(default_factory=dict)
    not_understood: dict[str, int] = field(default_factory=dict)

    def add_record(self, record: Record) -> None:
        """Count one record."""
        self.equal_events += record.again
        for name in record.other:
            _add(self.unmapped, f"{record.type}.{name}", 1)
        for value in record.not_understood:
            _add(self.not_understood, f"{record.type}.{value.property or value.name}", 1)

    def add(self, more: WordCounts) -> None:
        """Add what was counted elsewhere."""
        self.equal_events += more.equal_events
        for counts, found in ((self.unmapped, more.unmapped), (self.not_understood, more.not_understood)):
            for name, count in found.items():
                _add(counts, name, count)


@dataclass(slots=True)
class StageBatch:
    """Staged rows that follow each other in the files, with what else was read among them."""

    rows: list[StagedRow] = field(default_factory=list)
    """Their rows of files are numbered from 1, or go on from the batch before if they come from the same builder."""
    row_count: int = 0
    """The highest of these numbers."""
    deletions: list[tuple[str, int]] = field(default_factory=list)
    """Keys that a delta takes back, each with the number of staged rows of the batch that come before."""
    rejects: list[Reject] = field(default_factory=list)
    counts: WordCounts = field(default_factory=WordCounts)
    open_counts: WordCounts = field(default_factory=WordCounts)
    """The same of open records alone."""
    shares: dict[tuple[str, str, bool], str] = field(default_factory=dict)
    small_shares: dict[tuple[str, str, bool], tuple[int, str]] = field(default_factory=dict)
    """How many shares may be fractions, and the first."""
    namespaces: list[str] = field(default_factory=list)
    """Names of the namespaces whose numbers are -1, -2 and so on."""
    files: list[str] = field(default_factory=list)
    lines: LineOutcomes = field(default_factory=LineOutcomes)
    """What lines gave, with places in `rows`; none where nobody asked for it."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing but rejects was read."""
        return not self.rows and not self.deletions

    def to_parts(self) -> tuple[Any, ...]:
        """Plain tuples, lists, dicts and values, as another process is sent them."""
        counts = [(c.equal_events, c.unmapped, c.not_understood) for c in (self.counts, self.open_counts)]
        rejects = [_reject_parts(reject) for reject in self.rejects]
        names = (self.namespaces, self.files, self.lines.to_parts())
        return (
            self.rows,
            self.row_count,
            self.deletions,
            rejects,
            counts,
            list(self.shares.items()),
            list(self.small_shares.items()),
            *names,
        )

    @classmethod
    def from_parts(cls, parts: tuple[Any, ...]) -> StageBatch:
        """The inverse of `to_parts`."""
        rows, row_count, deletions, rejects, counts, shares, small, namespaces, files, lines = parts
        restored = [_reject_from_parts(reject) for reject in rejects]
        every, only_open = (WordCounts(*count) for count in counts)
        found = LineOutcomes.from_parts(lines)
        batch = cls(rows, row_count, deletions, restored, every, only_open, dict(shares), dict(small))
        batch.namespaces, batch.files, batch.lines = namespaces, files, found
        return batch

    def give_numbers(self, namespaces: Numbers, files: Numbers) -> None:
        """Replace the negative numbers by those of the store."""
        spaces = [namespaces.number(name) for name in self.namespaces]
        known = [files.number(name) for name in self.files]
        if spaces or known:
            self.rows = [_with_numbers(row, spaces, known) for row in self.rows]
        self.namespaces, self.files = [], []


class _TypeFacts(NamedTuple):
    """What all records of a type have in common."""

    share_names: tuple[str, ...]
    is_protected: bool
    """Whether every claim of the link type is for the protected scope alone."""
    merges: bool
    """Whether nodes of it are merged by a key that means the same in every source."""
    digest_prefix: bytes
    """What the digest of a node's record begins with, as in `record_digest`."""


class StageBuilder:
    """Makes staged rows of what is read; rejects are kept as they are."""

    def __init__(
        self,
        ontology: Ontology,
        namespaces: Numbers,
        files: Numbers,
        row_count: int = 0,
        single: SingleRecords | None = None,
        notes: RowNotes | None = None,
    ) -> None:
        """`row_count` is how many rows of files come before. With `single`, rows have the columns of the graph too.

        `notes` get what a later load has to know of the rows.
        """
        self._namespaces, self._files = namespaces, files
        self._types = {name: _type_facts(ontology, name) for name in (*ontology.nodes, *ontology.links)}
        self._row: object = None
        self._single, self._notes = single, notes
        self._said: tuple[Provenance, str] = (NO_PROVENANCE, "}")
        """A provenance, and how a body with it ends."""
        self._batch = StageBatch(row_count=row_count)

    @property
    def size(self) -> int:
        """How many rows and deletions the batch has."""
        return len(self._batch.rows) + len(self._batch.deletions)

    def add(self, reading: ReadResult) -> None:
        """Add what was read."""
        batch = self._batch
        if type(reading) is not Record:
            if isinstance(reading, Reject):
                batch.rejects.append(reading)
            elif isinstance(reading, Deletion):
                batch.deletions.append((reading.key, len(batch.rows)))
            return
        row, kind, facts, notes = reading.row, reading.type, self._types[reading.type], self._notes
        if row is None or row is not self._row:
            batch.row_count, self._row = batch.row_count + 1, row
        protected = facts.is_protected or reading.provenance.handling == PROTECTED
        if reading.again or reading.other or reading.not_understood:
            self._count_words(reading, protected=protected)
        if notes and (protected or row is None or reading.identity):
            notes.odd.add(batch.row_count)
        for name in facts.share_names:
            for raw in reading.properties.get(name, ()):
                self._add_share((kind, name, not protected), fraction_or_more(raw))
        parts = _body(reading)
        claims = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS).decode() if parts else "{}"
        body = self._with_provenance(claims, reading.provenance)
        key, row_key = (reading.identity, reading.key) if reading.identity else (reading.key, None)
        if reading.ends is None:
            named, file, merges = facts.digest_prefix, None, facts.merges or bool(reading.referents)
            ends: tuple[int | str | None, ...] = (None, None, None, None)
        else:
            (tail_ns, tail), (head_ns, head) = reading.ends
            named = f"{kind}\x1f{tail_ns}\x1f{tail}\x1f{head_ns}\x1f{head}\x1e".encode("utf-8", "surrogatepass")
            file, merges = self._files.number(row.file) if row is not None else None, False
            ends = (self._namespaces.number(tail_ns), tail, self._namespaces.number(head_ns), head)
        digest = hashlib.blake2b(named + body.encode(), digest_size=16).digest()
        graph = self._single.cells(reading, parts, claims, protected=protected) if self._single else ()
        own = batch.row_count, reading.line, key, reading.part, kind, *ends, body, digest, merges, protected
        batch.rows.append((*own, file, reading.named, row_key, *graph))

    def _count_words(self, record: Record, *, protected: bool) -> None:
        self._batch.counts.add_record(record)
        if not protected:
            self._batch.open_counts.add_record(record)
        if self._notes:
            self._notes.add_record(self._batch.row_count, record)

    def _add_share(self, column: tuple[str, str, bool], share: str) -> None:
        add_share(self._batch.shares, column, share)
        if self._notes:
            self._notes.add_share(self._batch.row_count, column[:2], share)
        if share not in ("", "%"):
            add_small_share(self._batch.small_shares, column, (1, share))

    def take(self) -> StageBatch:
        """The batch so far; a new one is begun, whose rows of files are numbered on."""
        batch, self._batch = self._batch, StageBatch(row_count=self._batch.row_count)
        return batch

    def _with_provenance(self, claims: str, provenance: Provenance) -> str:
        """A body, which may be empty, with a provenance, whose name sorts last."""
        if provenance is not self._said[0]:
            said = provenance.to_json()
            text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
            self._said = (provenance, f'"said":{text}}}' if said else "}")
        return claims[:-1] + ("," if len(claims) > 2 and len(self._said[1]) > 1 else "") + self._said[1]


def _body(record: Record) -> dict[str, Any]:
    """The same as `Record.body`, without the provenance: its name sorts last."""
    parts: dict[str, Any] = {}
    if (values := record.properties) and (kept := _not_empty(values)):
        parts["properties"] = kept
    if (values := record.other) and (kept := _not_empty(values)):
        parts["other"] = kept
    if record.not_understood:
        parts[NOT_UNDERSTOOD] = [value[:3] for value in record.not_understood]
    if record.referents:
        parts["referents"] = record.referents
    return parts


@lru_cache(maxsize=2_048)
def _type_facts(ontology: Ontology, name: str) -> _TypeFacts:
    shares = tuple(p for p, known in ontology.properties(name).items() if known.type == "percent")
    merges = name in ontology.nodes and ontology.nodes[name].key is not None
    prefix = "\x1f".join((name, *("None",) * 4)).encode() + b"\x1e"
    return _TypeFacts(shares, name in ontology.protected_links, merges, prefix)


def _not_empty(values: Values) -> Values:
    return values if all(values.values()) else {name: found for name, found in values.items() if found}


def add_share(seen: dict[tuple[str, str, bool], str], column: tuple[str, str, bool], share: str) -> None:
    """Note a share as `fraction_or_more` tells it; whether a source writes fractions follows from all of them."""
    if share == "%" or not seen.get(column):
        seen[column] = share


def add_small_share(
    seen: dict[tuple[str, str, bool], tuple[int, str]], column: tuple[str, str, bool], more: tuple[int, str]
) -> None:
    """Count shares that may be fractions; the example of the first stays."""
    count, example = seen.get(column, (0, more[1]))
    seen[column] = count + more[0], example


def small_shares(
    seen: Mapping[tuple[str, str, bool], str],
    small: Mapping[tuple[str, str, bool], tuple[int, str]],
    *,
    only_open: bool,
) -> dict[str, tuple[int, str]]:
    """By `Type.property` how many shares are below 1 where others are above, and one of them."""
    alone, found = fraction_shares(seen, only_open=only_open), dict[str, tuple[int, str]]()
    for (type_name, name, is_open), (count, example) in sorted(small.items()):
        what = f"{type_name}.{name}"
        if (is_open or not only_open) and what not in alone:
            before = found.get(what, (0, example))
            found[what] = before[0] + count, before[1]
    return found


def fraction_shares(seen: Mapping[tuple[str, str, bool], str], *, only_open: bool) -> dict[str, str]:
    """By `Type.property` a fraction, where no share is above 1."""
    found: dict[str, str] = {}
    for (type_name, name, is_open), share in sorted(seen.items()):
        if is_open or not only_open:
            what = f"{type_name}.{name}"
            found[what] = "%" if "%" in (share, found.get(what)) else share or found.get(what, "")
    return {what: share for what, share in found.items() if share not in ("", "%")}


@lru_cache(maxsize=4_096)
def fraction_or_more(raw: str) -> str:
    """A number between 0 and 1 as it is; `%` for a share that is no fraction; empty for 0 and 1."""
    try:
        share = float(raw.replace(",", "."))
    except ValueError:
        return "%"
    return "%" if not 0 <= share <= 1 else raw if 0 < share < 1 else ""


def _add(counts: dict[str, int], name: str, count: int) -> None:
    counts[name] = counts.get(name, 0) + count


def _with_numbers(row: StagedRow, namespaces: list[int], files: list[int]) -> StagedRow:
    cells = list(row)
    for column, numbers in ((_FROM_NS, namespaces), (_TO_NS, namespaces), (_FILE, files)):
        if cells[column] is not None and cells[column] < 0:
            cells[column] = numbers[-1 - cells[column]]
    return tuple(cells)


def _reject_parts(reject: Reject) -> tuple[Any, ...]:
    value, cells = reject.value, reject.cells
    own = (reject.file, reject.line, reject.reason, reject.row, reject.whole, reject.protected)
    return (*own, value and tuple(value), reject.cell, None if cells is None else dict(cells), reject.is_advice)


def _reject_from_parts(parts: tuple[Any, ...]) -> Reject:
    file, line, reason, row, whole, protected, value, cell, cells, advice = parts
    return Reject(
        file, line, reason, row, whole, protected, UnreadValue(*value) if value else None, cell, cells, advice
    )

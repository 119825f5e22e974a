"""Rows of the stage, made of records in any process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from kg.database.views import is_shared
from kg.ledger.rules.single_record import PROVENANCES, SingleRecords
from kg.ledger.stage.line_outcomes import LineOutcomes, RowNotes
from kg.ledger.stage.numbers import StageNumbers
from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED
from kg.ontology.values import VALUE_TYPES, BadValue, bare_numbers, is_bare_fraction
from kg.records import (
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
    *("row", "line", "key", "part", "type", "from_ns", "from_key", "to_ns", "to_key", "body", "said"),
    *("digest", "merges", "protected", "file", "named", "row_key"),
)
"""The cells of a staged row. `row_key` is the key of a row that is staged under its identity.

0 stands for NULL in `NULL_COLUMNS`: a driver that is handed many a None looks each time for what would adapt it.
"""

NULL_COLUMNS = (
    *("from_ns", "from_key", "to_ns", "to_key", "said", "file", "row_key", "graph_id", "graph_body", "identifiers"),
)
"""The columns of the stage in which 0 is written as NULL."""

_ROW, _FROM_NS, _TO_NS, _FILE, _SAID = map(STAGE_COLUMNS.index, ("row", "from_ns", "to_ns", "file", "said"))

StagedRow = tuple[Any, ...]

SourceNames = tuple[str, str]
"""The names of a source and of its namespace."""


@dataclass(slots=True)
class WordCounts:
    """How many records repeat an event, or have what the ontology has no place for or what cannot be read."""

    equal_events: int = 0
    unmapped: dict[str, int] = field(default_factory=dict)
    not_understood: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    """Amounts of links, by `Type.property`."""
    negative: dict[str, int] = field(default_factory=dict)
    """Those of them below zero."""

    def add_amount(self, what: str, raw: str) -> None:
        """Count an amount of a link."""
        _add(self.amounts, what, 1)
        if is_negative(raw):
            _add(self.negative, what, 1)

    def negative_amounts(self) -> dict[str, tuple[int, int]]:
        """By `Type.property` how many amounts are below zero, and of how many, where any are."""
        return {what: (count, self.amounts[what]) for what, count in sorted(self.negative.items())}

    def add_record(self, record: Record) -> None:
        """Count one record."""
        self.equal_events += record.again
        for name in record.unmapped:
            _add(self.unmapped, f"{record.type}.{name}", 1)
        for value in record.not_understood:
            _add(self.not_understood, f"{record.type}.{value.property or value.name}", 1)

    def add(self, more: WordCounts) -> None:
        """Add what was counted elsewhere."""
        self.equal_events += more.equal_events
        for counts, found in zip(self._maps(), more._maps(), strict=True):
            for name, count in found.items():
                _add(counts, name, count)

    def _maps(self) -> tuple[dict[str, int], ...]:
        return self.unmapped, self.not_understood, self.amounts, self.negative

    def to_parts(self) -> tuple[Any, ...]:
        """Its fields, as another process is sent them."""
        return (self.equal_events, *self._maps())


ShareColumn = tuple[str, str, bool]
"""Shares of one property: type, property, and whether everybody sees the records."""


class ShareScale(NamedTuple):
    """What the shares of a column have told of their scale."""

    has_larger: bool
    """Whether one of them can be no fraction."""
    fractions: int
    """How many may be fractions."""
    example: str
    """The first of these."""


_NO_SHARES, LARGER_SHARE = ShareScale(False, 0, ""), ShareScale(True, 0, "")


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
    shares: dict[ShareColumn, ShareScale] = field(default_factory=dict)
    namespaces: list[str] = field(default_factory=list)
    """Names of the namespaces whose numbers are -1, -2 and so on."""
    files: list[str] = field(default_factory=list)
    provenances: list[str] = field(default_factory=list)
    lines: LineOutcomes = field(default_factory=LineOutcomes)
    """What lines gave, with places in `rows`; none where nobody asked for it."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing but rejects was read."""
        return not self.rows and not self.deletions

    def to_parts(self) -> tuple[Any, ...]:
        """Plain tuples, lists, dicts and values, as another process is sent them."""
        counts = [c.to_parts() for c in (self.counts, self.open_counts)]
        rejects = [_reject_parts(reject) for reject in self.rejects]
        names = (self.namespaces, self.files, self.provenances, self.lines.to_parts())
        return (
            self.rows,
            self.row_count,
            self.deletions,
            rejects,
            counts,
            [(column, tuple(scale)) for column, scale in self.shares.items()],
            *names,
        )

    @classmethod
    def from_parts(cls, parts: tuple[Any, ...]) -> StageBatch:
        """The inverse of `to_parts`."""
        rows, row_count, deletions, rejects, counts, shares, namespaces, files, said, lines = parts
        restored = [_reject_from_parts(reject) for reject in rejects]
        every, only_open = (WordCounts(*count) for count in counts)
        scales = {column: ShareScale(*scale) for column, scale in shares}
        found = LineOutcomes.from_parts(lines)
        return cls(rows, row_count, deletions, restored, every, only_open, scales, namespaces, files, said, found)

    def give_numbers(self, numbers: StageNumbers) -> None:
        """Replace the negative numbers by those of the store."""
        spaces, known, said = (
            [of.number(name) for name in names]
            for of, names in zip(numbers, (self.namespaces, self.files, self.provenances), strict=True)
        )
        if spaces or known or said:
            columns = ((_FROM_NS, spaces), (_TO_NS, spaces), (_FILE, known), (_SAID, said))
            self.rows = [_with_numbers(row, columns) for row in self.rows]
        self.namespaces, self.files, self.provenances = [], [], []


class _TypeFacts(NamedTuple):
    """What all records of a type have in common."""

    share_names: tuple[str, ...]
    money_names: tuple[str, ...]
    """The amounts of a link."""
    is_protected: bool
    """Whether every claim of the link type is for the protected scope alone."""
    merges: bool
    """Whether nodes of it are merged by a key that means the same in every source."""
    digest_prefix: bytes
    """What the digest of a node's record begins with, as in `record_digest`."""


class _Ending(NamedTuple):
    """How bodies with a provenance end."""

    number: int
    """Of the provenance; 0 for one without."""
    text: str
    """Without the brace that follows; empty for no provenance."""
    encoded: bytes
    """With it."""


class StageBuilder:
    """Makes staged rows of what is read; rejects are kept as they are."""

    def __init__(
        self,
        ontology: Ontology,
        numbers: StageNumbers,
        row_count: int = 0,
        single: SingleRecords | None = None,
        notes: RowNotes | None = None,
    ) -> None:
        """`row_count` is how many rows of files come before. With `single`, rows have the columns of the graph too.

        `notes` get what a later load has to know of the rows.
        """
        self._namespaces, self._files, self._provenances = numbers
        self._types = {name: _type_facts(ontology, name) for name in (*ontology.nodes, *ontology.links)}
        self._row: object = None
        self._single, self._notes = single, notes
        self._last: Provenance | None = None
        self._ending = _Ending(0, "", b"")
        """Of the newest provenance."""
        self._endings: dict[Provenance, _Ending] = {}
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
        if facts.money_names or facts.share_names:
            self._count_numbers(reading, facts, is_open=not protected)
        parts = _body(reading)
        claims = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS).decode() if parts else "{}"
        if reading.provenance is not self._last:
            self._last, self._ending = reading.provenance, self._find_ending(reading.provenance)
        said, text, ended = self._ending
        start = claims[:-1] + "," if parts and text else claims[:-1]
        body = claims if said else f"{start}{text}}}"
        key, row_key = (reading.identity, reading.key) if reading.identity else (reading.key, 0)
        if reading.ends is None:
            named, file, merges = facts.digest_prefix, 0, 1 if facts.merges or reading.referents else 0
            ends: tuple[int | str, ...] = (0, 0, 0, 0)
        else:
            (tail_ns, tail), (head_ns, head) = reading.ends
            named = f"{kind}\x1f{tail_ns}\x1f{tail}\x1f{head_ns}\x1f{head}\x1e".encode("utf-8", "surrogatepass")
            file, merges = self._files.number(row.file) if row is not None else 0, 0
            ends = (self._namespaces.number(tail_ns), tail, self._namespaces.number(head_ns), head)
        content = hashlib.blake2b(named + start.encode() + ended, digest_size=16)
        digest = bytearray(content.digest())  # no adapter either
        graph = self._single.cells(reading, parts, protected=protected) if self._single else ()
        own = batch.row_count, reading.line, key, reading.part, kind, *ends, body, said, digest, merges, int(protected)
        batch.rows.append((*own, file, int(reading.named), row_key, *graph))

    def _count_words(self, record: Record, *, protected: bool) -> None:
        self._batch.counts.add_record(record)
        if not protected:
            self._batch.open_counts.add_record(record)
        if self._notes:
            self._notes.add_record(self._batch.row_count, record)

    def _count_numbers(self, reading: Record, facts: _TypeFacts, *, is_open: bool) -> None:
        for name in facts.money_names:
            for raw in reading.properties.get(name, ()):
                self._batch.counts.add_amount(f"{reading.type}.{name}", raw)
                if self._notes:
                    self._notes.add_amount(self._batch.row_count, f"{reading.type}.{name}", is_negative(raw))
                if is_open:
                    self._batch.open_counts.add_amount(f"{reading.type}.{name}", raw)
        for name in facts.share_names:
            for raw in reading.properties.get(name, ()):
                scale = _scale_of(raw)
                add_shares(self._batch.shares, (reading.type, name, is_open), scale)
                if self._notes:
                    self._notes.add_share(self._batch.row_count, (reading.type, name), *scale[:2])

    def take(self) -> StageBatch:
        """The batch so far; a new one is begun, whose rows of files are numbered on."""
        batch, self._batch = self._batch, StageBatch(row_count=self._batch.row_count)
        return batch

    def _find_ending(self, provenance: Provenance) -> _Ending:
        if (end := self._endings.get(provenance)) is None:
            said = provenance.to_json()
            text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
            number = self._provenances.number(text) if is_shared(said) else 0
            if len(self._endings) >= PROVENANCES:
                self._endings.clear()
            shown = f'"said":{text}' if said else ""
            self._endings[provenance] = end = _Ending(number, shown, f"{shown}}}".encode())
        return end


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
    shares, amounts = (tuple(ontology.properties_of_type(name, kind)) for kind in ("percent", "money"))
    merges = name in ontology.nodes and ontology.nodes[name].key is not None
    prefix = "\x1f".join((name, *("None",) * 4)).encode() + b"\x1e"
    return _TypeFacts(
        shares, amounts if name in ontology.links else (), name in ontology.protected_links, merges, prefix
    )


def _not_empty(values: Values) -> Values:
    return values if all(values.values()) else {name: found for name, found in values.items() if found}


def add_shares(seen: dict[ShareColumn, ShareScale], column: ShareColumn, more: ShareScale) -> None:
    """Count shares of a column; whether a source writes fractions follows from all of them."""
    known = seen.get(column, _NO_SHARES)
    if more.fractions or (more.has_larger and not known.has_larger):
        count = known.fractions + more.fractions
        seen[column] = ShareScale(known.has_larger or more.has_larger, count, known.example or more.example)


def possible_fractions(
    seen: Mapping[ShareColumn, ShareScale], *, only_open: bool
) -> tuple[dict[str, str], dict[str, tuple[int, str]]]:
    """By `Type.property`: a possible fraction, where no share is above 1; else how many there are, and one of them."""
    found = dict[ShareColumn, ShareScale]()
    for (type_name, name, is_open), scale in sorted(seen.items()):
        if is_open or not only_open:
            add_shares(found, (type_name, name, True), scale)
    named = {f"{type_name}.{name}": scale for (type_name, name, _), scale in found.items() if scale.fractions}
    return (
        {what: scale.example for what, scale in named.items() if not scale.has_larger},
        {what: (scale.fractions, scale.example) for what, scale in named.items() if scale.has_larger},
    )


def _scale_of(raw: str) -> ShareScale:
    """The scale of one share: neither for 0 and 1, and for a share without a number, such as `unknown`."""
    return LARGER_SHARE if (kind := fraction_or_more(raw)) == "%" else ShareScale(False, 1, raw) if kind else _NO_SHARES


@lru_cache(maxsize=4_096)
def is_negative(raw: str) -> bool:
    """Whether an amount is below zero, however its source writes that."""
    if raw[:1].isdecimal() and raw[-1:].isalpha() and "-" not in raw:
        return False  # most of them
    try:
        return VALUE_TYPES["money"].clean(raw).startswith("-")
    except BadValue:
        return False


@lru_cache(maxsize=4_096)
def fraction_or_more(raw: str) -> str:
    """A share of bare numbers of which one lies between 0 and 1 and none is above; `%` for one that is no fraction.

    Empty for 0 and 1, and for a share without a number, such as `unknown`.
    """
    if is_bare_fraction(raw):
        return raw
    numbers = bare_numbers(raw)
    return "" if (numbers and max(numbers) <= 1) or not any(map(str.isdigit, raw)) else "%"


def _add(counts: dict[str, int], name: str, count: int) -> None:
    counts[name] = counts.get(name, 0) + count


def _with_numbers(row: StagedRow, columns: Iterable[tuple[int, list[int]]]) -> StagedRow:
    cells = list(row)
    for column, numbers in columns:
        if cells[column] < 0:
            cells[column] = numbers[-1 - cells[column]]
    return tuple(cells)


def _reject_parts(reject: Reject) -> tuple[Any, ...]:
    value, cells = reject.value, reject.cells
    own = (reject.file, reject.line, reject.reason, reject.row, reject.whole, reject.protected)
    return (
        *own,
        value and tuple(value),
        reject.cell,
        None if cells is None else dict(cells),
        reject.is_advice,
        reject.about,
    )


def _reject_from_parts(parts: tuple[Any, ...]) -> Reject:
    file, line, reason, row, whole, protected, value, cell, cells, *more = parts
    return Reject(file, line, reason, row, whole, protected, UnreadValue(*value) if value else None, cell, cells, *more)

"""What was added, changed and withdrawn in the ledger since an earlier state?"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from kg.database import read_json
from kg.findings import LedgerChanges, LedgerPosition, RecordChange
from kg.ledger.judgements import list_judgements
from kg.ledger.loads import count_records_in_force, find_source
from kg.ledger.projection.merge import SourceRecord, is_protected
from kg.ontology import Ontology
from kg.records import link_id, node_id

_SELECT_CHANGED = """SELECT s.name, n.name, r.key, r.part, r.type, r.body, r.until IS NULL,
    coalesce(u.day, l.day), own.id, fn.name, r.from_key, tail.id, tn.name, r.to_key, head.id FROM record r
    JOIN source s ON s.num = r.source JOIN namespace n ON n.num = s.namespace JOIN load l ON l.num = r.since
    LEFT JOIN load u ON u.num = r.until
    LEFT JOIN namespace fn ON fn.num = r.from_ns LEFT JOIN namespace tn ON tn.num = r.to_ns
    LEFT JOIN atom oa ON oa.key = r.key AND oa.ns = s.namespace LEFT JOIN node own ON own.num = oa.node
    LEFT JOIN atom fa ON fa.key = r.from_key AND fa.ns = r.from_ns LEFT JOIN node tail ON tail.num = fa.node
    LEFT JOIN atom ta ON ta.key = r.to_key AND ta.ns = r.to_ns LEFT JOIN node head ON head.num = ta.node
    WHERE ((r.since > ?1 AND r.until IS NULL) OR (r.since <= ?1 AND r.until > ?1))
    AND NOT (coalesce(own.protected, 0) OR coalesce(tail.protected, 0) OR coalesce(head.protected, 0))
    ORDER BY s.name, r.key, r.part, r.since"""
"""Records that came after a load and are in force, and those that were in force then and are not now. What is about
somebody whom only the protected scope sees does not exist here."""


class _ChangedRecord(NamedTuple):
    """One record, with the ids of what it is about."""

    record: SourceRecord
    part: str
    in_force: bool
    """Whether it is in force now."""
    day: str
    subject: str
    ends: tuple[str, str] | None


def ledger_mark(connection: sqlite3.Connection) -> LedgerPosition:
    """The state of the ledger: its newest load and judgement, and which judgements are undone."""
    load, judgement = (
        int(connection.execute(f"SELECT coalesce(max(num), 0) FROM {table}").fetchone()[0])
        for table in ("load", "judgement")
    )
    undone = connection.execute("SELECT num FROM judgement WHERE undone <> '' ORDER BY num")
    return LedgerPosition(load, judgement, tuple(row[0] for row in undone))


def changes_since(
    connection: sqlite3.Connection, ontology: Ontology, since: LedgerPosition, subjects: Collection[str]
) -> LedgerChanges:
    """What changed since `since`; of records, those about an id in `subjects`, or with an end there."""
    counted: dict[str, Counter[str]] = {}
    matching: list[RecordChange] = []
    for change in _paired_changes(connection, ontology, since.load):
        counted.setdefault(change.source, Counter())[change.how] += 1
        if change.about in subjects or (change.ends and not set(change.ends).isdisjoint(subjects)):
            matching.append(change)
    visible = list_judgements(connection, active_only=False)
    return LedgerChanges(
        counts={name: (c["came"], c["changed"], c["went"]) for name, c in sorted(counted.items())},
        records=tuple(matching),
        judged=tuple(j for j in visible if j.number > since.judgement and not j.undone),
        undone=tuple(j for j in visible if j.undone and j.number not in since.undone and j.number <= since.judgement),
        withdrawn=tuple(
            name
            for name in sorted(counted)
            if counted[name]["went"] and not count_records_in_force(connection, find_source(connection, name))
        ),
    )


def _paired_changes(connection: sqlite3.Connection, ontology: Ontology, load: int) -> Iterator[RecordChange]:
    """Each row as its source stated it before and as it states it now, without protected records."""
    visible = (row for row in _changed_records(connection, load) if not is_protected(ontology, row.record))
    for _, group in groupby(visible, key=lambda row: (row.record.source, row.record.key, row.part)):
        rows = {row.in_force: row for row in group}
        yield _change(rows.get(False), rows.get(True))


def _changed_records(connection: sqlite3.Connection, load: int) -> Iterator[_ChangedRecord]:
    for row in connection.execute(_SELECT_CHANGED, (load,)):
        source, space, key, part, record_type, body, now, day, own_id, *ends = row
        if ends[1] is None:
            about, end_ids = own_id or node_id(space, key), None
        else:
            from_space, from_key, tail, to_space, to_key, head = ends
            about = link_id(space, key, part)
            end_ids = (tail or node_id(from_space, from_key), head or node_id(to_space, to_key))
        yield _ChangedRecord(
            SourceRecord(source, space, key, record_type, read_json(body)), part, bool(now), day, about, end_ids
        )


def _change(before: _ChangedRecord | None, after: _ChangedRecord | None) -> RecordChange:
    latest = after or before
    assert latest is not None
    return RecordChange(
        how="changed" if before and after else "came" if after else "went",
        source=latest.record.source,
        key=latest.record.key,
        part=latest.part,
        type=latest.record.type,
        day=latest.day,
        about=latest.subject,
        ends=latest.ends,
        before=_properties(before),
        after=_properties(after),
    )


def _properties(row: _ChangedRecord | None) -> dict[str, Any]:
    return dict(row.record.body.get("properties", {})) if row else {}

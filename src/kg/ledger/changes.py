"""What was added, changed and withdrawn in the ledger since an earlier state?"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, product
from typing import Any, NamedTuple

from kg.database import read_json
from kg.findings import CausingRecord, LedgerChanges, LedgerPosition, RecordChange
from kg.ledger.judgement_status import CONTRADICTED, RESTS, judgement_state, list_judgements
from kg.ledger.loads import count_records_in_force, find_source
from kg.ledger.rules.merge import SourceRecord, is_protected
from kg.ontology import Ontology
from kg.records import NOT_UNDERSTOOD, Judgement, Values, link_id, node_id

_SELECT_EVENTS = """SELECT s.name, n.name, r.key, r.part, r.from_key IS NOT NULL, r.until IS NULL, l.day,
        (SELECT node.id FROM atom JOIN node ON node.num = atom.node WHERE atom.key = r.key AND atom.ns = n.num)
    FROM record r JOIN source s ON s.num = r.source JOIN namespace n ON n.num = s.namespace
    JOIN load l ON l.num = coalesce(r.until, r.since)
    WHERE (r.since > ?1 AND r.until IS NULL OR r.since <= ?1 AND r.until > ?1)
    ORDER BY s.name, r.key, r.part, r.until IS NULL"""

_CHANGED = """FROM record r
    JOIN source s ON s.num = r.source JOIN namespace n ON n.num = s.namespace JOIN load l ON l.num = r.since
    LEFT JOIN load u ON u.num = r.until
    LEFT JOIN namespace fn ON fn.num = r.from_ns LEFT JOIN namespace tn ON tn.num = r.to_ns
    LEFT JOIN atom oa ON oa.key = r.key AND oa.ns = s.namespace LEFT JOIN node own ON own.num = oa.node
    LEFT JOIN atom fa ON fa.key = r.from_key AND fa.ns = r.from_ns LEFT JOIN node tail ON tail.num = fa.node
    LEFT JOIN atom ta ON ta.key = r.to_key AND ta.ns = r.to_ns LEFT JOIN node head ON head.num = ta.node
    WHERE ((r.since > ?1 AND r.until IS NULL) OR (r.since <= ?1 AND r.until > ?1))
    AND NOT (coalesce(own.protected, 0) OR coalesce(tail.protected, 0) OR coalesce(head.protected, 0))"""
"""Records that came after a load and are in force, and those that were in force then and are not now. What is about
somebody whom only the protected scope sees does not exist here."""

_SELECT_CHANGED = f"""SELECT s.name, n.name, r.key, r.part, r.type, r.body, r.until IS NULL,
    coalesce(u.day, l.day), own.id, fn.name, r.from_key, tail.id, tn.name, r.to_key, head.id {_CHANGED}
    ORDER BY s.name, r.key, r.part, r.since"""

_SELECT_ENDED_LINKS = f"""SELECT DISTINCT r.type, tail.id, fn.name, r.from_key, head.id, tn.name, r.to_key {_CHANGED}
    AND r.until IS NOT NULL AND r.from_key IS NOT NULL"""

_SELECT_LINKS_WITHOUT_END = """SELECT DISTINCT l.type, tail.id, fn.name, l.from_key, head.id, tn.name, l.to_key
    FROM record gone JOIN source s ON s.num = gone.source
    JOIN waiting w ON w.key = gone.key AND w.ns = s.namespace
    JOIN record l ON l.key = w.link_key AND l.part = w.link_part AND l.until IS NULL AND l.from_key IS NOT NULL
    JOIN source ls ON ls.num = l.source AND ls.namespace = w.link_ns
    JOIN namespace fn ON fn.num = l.from_ns JOIN namespace tn ON tn.num = l.to_ns
    LEFT JOIN atom fa ON fa.key = l.from_key AND fa.ns = l.from_ns LEFT JOIN node tail ON tail.num = fa.node
    LEFT JOIN atom ta ON ta.key = l.to_key AND ta.ns = l.to_ns LEFT JOIN node head ON head.num = ta.node
    WHERE gone.from_key IS NULL AND gone.since <= ?1 AND gone.until > ?1"""
"""Links that wait again, because no record describes one of their ends any longer."""

_SELECT_SOURCES_WITH_ENDED_RECORDS = """SELECT DISTINCT s.name FROM load JOIN source s ON s.num = load.source
    WHERE load.num > ?1 AND load.changed + load.withdrawn > 0"""

MAX_PAIRS = 10_000
"""Links that went, times links that came, of one type and with the same ends, that are compared one by one."""

PROVENANCE_LABELS = {
    "origin": "origin",
    "reliability": "reliability of the source",
    "credibility": "credibility",
    "handling": "handling code",
    "stated": "stated on",
    "url": "address",
    "page": "page",
    "datasets": "data sets",
}


class _ChangedRecord(NamedTuple):
    """One record, with the ids of what it is about."""

    record: SourceRecord
    part: str
    in_force: bool
    """Whether it is in force now."""
    day: str
    subject: str
    ends: tuple[str, str] | None
    end_keys: Mapping[str, str]
    """By the id of an end, `namespace:key`."""


def ledger_mark(connection: sqlite3.Connection) -> LedgerPosition:
    """The state of the ledger: its newest load and judgement, and which judgements are undone."""
    load, judgement = (
        int(connection.execute(f"SELECT coalesce(max(num), 0) FROM {table}").fetchone()[0])
        for table in ("load", "judgement")
    )
    undone = connection.execute("SELECT num FROM judgement WHERE undone <> '' ORDER BY num")
    waiting = connection.execute("SELECT num FROM judgement WHERE waits AND undone = '' ORDER BY num")
    numbers = [tuple(int(row[0]) for row in found) for found in (undone, waiting)]
    resting = (j.number for j in list_judgements(connection) if judgement_state(connection, j) in (RESTS, CONTRADICTED))
    return LedgerPosition(load, judgement, numbers[0], numbers[1], tuple(resting))


def ended_links(connection: sqlite3.Connection, since: LedgerPosition) -> Iterator[tuple[str, str, str]]:
    """Type and ends of each link that there was at an earlier state and is no more, with its record or an end."""
    queries = (_SELECT_ENDED_LINKS, _SELECT_LINKS_WITHOUT_END) if _sources_with_ended_records(connection, since) else ()
    for query in queries:
        for kind, tail, from_space, from_key, head, to_space, to_key in connection.execute(query, (since.load,)):
            yield kind, tail or node_id(from_space, from_key), head or node_id(to_space, to_key)


def nodes_naming_years(connection: sqlite3.Connection, since: str, today: str) -> frozenset[str]:
    """The nodes of which some value begins with a year between two days; no other node names a day between them."""
    years = [f'"{year:04}' for year in range(int(since[:4]), int(today[:4]) + 1)]
    named = " OR ".join(["instr(body, ?)"] * len(years)) or "0"
    return frozenset(name for (name,) in connection.execute(f"SELECT id FROM node WHERE {named}", years))


def _sources_with_ended_records(connection: sqlite3.Connection, since: LedgerPosition) -> frozenset[str]:
    """The sources that have replaced or withdrawn records since an earlier state, from the counts of loads."""
    return frozenset(name for (name,) in connection.execute(_SELECT_SOURCES_WITH_ENDED_RECORDS, (since.load,)))


def changes_since(
    connection: sqlite3.Connection, ontology: Ontology, since: LedgerPosition, subjects: Container[str]
) -> LedgerChanges:
    """What changed since `since`; of records, those about an id in `subjects`, or with an end there.

    A link that one source states under another key than before, with the same type and ends, is one that changed; if
    it says the same, nothing has.
    """
    counted: dict[str, Counter[str]] = {}
    matching: list[RecordChange] = []
    ended, now = _sources_with_ended_records(connection, since), ledger_mark(connection)
    rows = _changed_rows(connection, ontology, since.load) if now.load > since.load else iter(())
    for source, changes in groupby(rows, key=lambda change: change.source):
        counts = counted[source] = Counter[str]()
        for change in _pair_links(ontology, changes) if source in ended else changes:
            counts[change.how] += 1
            if any(node in subjects for node in change.nodes):
                matching.append(change)
    visible = list_judgements(connection, active_only=False)
    rest = {*(now.resting or ())} - {*since.resting, *since.waiting} if since.resting is not None else set[int]()
    counts_by_source = {name: (c["came"], c["changed"], c["went"]) for name, c in sorted(counted.items()) if c}
    return LedgerChanges(
        counts=counts_by_source,
        records=tuple(sorted(matching, key=lambda change: (change.source, change.key, change.part))),
        judged=tuple(j for j in visible if not j.undone and _is_new(j, since)),
        undone=tuple(j for j in visible if j.undone and j.number not in since.undone and j.number <= since.judgement),
        resting=tuple(j for j in visible if j.number in rest and j.number <= since.judgement),
        withdrawn=tuple(
            name
            for name, (_, _, went) in counts_by_source.items()
            if went and not count_records_in_force(connection, find_source(connection, name))
        ),
    )


def _is_new(judgement: Judgement, since: LedgerPosition) -> bool:
    return judgement.number > since.judgement or (judgement.number in since.waiting and not judgement.waits)


def _changed_rows(connection: sqlite3.Connection, ontology: Ontology, load: int) -> Iterator[RecordChange]:
    """Each row as its source stated it before and as it states it now, without protected records.

    A record that has become protected is not told at all: that it went would name it.
    """
    records = _changed_records(connection, load)
    for _, group in groupby(records, key=lambda row: (row.record.source, row.record.key, row.part)):
        known = list(group)
        rows = {row.in_force: row for row in known if not is_protected(ontology, row.record)}
        if rows and not any(row.in_force and row.in_force not in rows for row in known):
            yield _change(rows.get(False), rows.get(True))


def _changed_records(connection: sqlite3.Connection, load: int) -> Iterator[_ChangedRecord]:
    for row in connection.execute(_SELECT_CHANGED, (load,)):
        source, space, key, part, record_type, body, now, day, own_id, *ends = row
        if ends[1] is None:
            about, end_ids, end_keys = own_id or node_id(space, key), None, {}
        else:
            from_space, from_key, tail, to_space, to_key, head = ends
            about = link_id(space, key, part)
            end_ids = (tail or node_id(from_space, from_key), head or node_id(to_space, to_key))
            end_keys = dict(zip(end_ids, (f"{from_space}:{from_key}", f"{to_space}:{to_key}"), strict=True))
        yield _ChangedRecord(
            SourceRecord(source, space, key, record_type, read_json(body)),
            part,
            bool(now),
            day,
            about,
            end_ids,
            end_keys,
        )


def _change(before: _ChangedRecord | None, after: _ChangedRecord | None) -> RecordChange:
    latest = after or before
    assert latest is not None
    old, new = (row.record.body if row else {} for row in (before, after))
    change = RecordChange(
        how="changed" if before and after else "came" if after else "went",
        source=latest.record.source,
        namespace=latest.record.namespace,
        key=latest.record.key,
        part=latest.part,
        type=latest.record.type,
        day=latest.day,
        about=latest.subject,
        ends=latest.ends,
        before=old.get("properties", {}),
        after=new.get("properties", {}),
        unmapped_before=_unmapped(old),
        unmapped_after=_unmapped(new),
        provenance_before=_provenance(old),
        provenance_after=_provenance(new),
        end_keys={**(before.end_keys if before else {}), **latest.end_keys},
    )
    if before is None or after is None:
        return change
    return replace(
        change,
        type_before=before.record.type if before.record.type != after.record.type else "",
        ends_before=before.ends if before.ends != after.ends else None,
    )


def _unmapped(body: Mapping[str, Any]) -> Values:
    """Values without a property, and those that could not be read."""
    found = dict(body.get("other", {}))
    for name, about, words in body.get(NOT_UNDERSTOOD, ()):
        found.setdefault(f"{about or name} (not understood)", []).append(words)
    return found


def _provenance(body: Mapping[str, Any]) -> Values:
    found = {}
    for name, value in body.get("said", {}).items():
        found[PROVENANCE_LABELS.get(name, name)] = value if isinstance(value, list) else [value]
    if referents := body.get("referents"):
        found["other keys"] = referents
    return found


def _pair_links(ontology: Ontology, changes: Iterable[RecordChange]) -> Iterator[RecordChange]:
    """The changes of one source, where a link that went and one of the same type and ends that came are one change.

    Those that say the same are none. Of several, those are paired that have most in common; events, such as payments,
    only if they have something in common.
    """
    links: defaultdict[tuple[str, tuple[str, str]], tuple[list[RecordChange], list[RecordChange]]]
    links = defaultdict(lambda: ([], []))
    for change in changes:
        if change.ends is None or change.how == "changed":
            yield change
        else:
            links[change.type, change.ends][change.how == "came"].append(change)
    for (kind, _), (ended, begun) in links.items():
        is_event = kind in ontology.links and ontology.links[kind].event
        pairs = _closest_pairs(ended, begun, at_least=is_event) if ended and begun else []
        for n, m in pairs:
            one, other = ended[n], begun[m]
            if _content(one) != _content(other):
                yield _as_one_change(one, other)
        yield from (one for n, one in enumerate(ended) if n not in {n for n, _ in pairs})
        yield from (other for m, other in enumerate(begun) if m not in {m for _, m in pairs})


def _closest_pairs(
    ended: Sequence[RecordChange], begun: Sequence[RecordChange], *, at_least: int
) -> list[tuple[int, int]]:
    """Which of some links that went is which of those that came: those with most in common first, each once.

    Of too many to compare each with each, those that say the same are one, and the others none.
    """
    if len(ended) * len(begun) > MAX_PAIRS:
        by_content = defaultdict[str, list[int]](list)
        for m, other in enumerate(begun):
            by_content[_content(other)].append(m)
        return [(n, same.pop()) for n, one in enumerate(ended) if (same := by_content.get(_content(one)))]
    common = {(n, m): _in_common(ended[n], begun[m]) for n, m in product(range(len(ended)), range(len(begun)))}
    found: list[tuple[int, int]] = []
    for n, m in sorted(common, key=lambda pair: (-common[pair], pair)):
        if common[n, m] >= at_least and not any(n == other or m == another for other, another in found):
            found.append((n, m))
    return found


def _in_common(one: RecordChange, other: RecordChange) -> int:
    """How many values a link that went and one that came share; more than any number if they say the same."""
    if _content(one) == _content(other):
        return MAX_PAIRS
    return sum(len({*values} & {*other.after.get(name, ())}) for name, values in one.before.items())


def _content(change: RecordChange) -> str:
    """What a record that came or went says, as a text to compare."""
    before = (change.before, change.unmapped_before, change.provenance_before)
    after = (change.after, change.unmapped_after, change.provenance_after)
    return repr(after if change.how == "came" else before)


def _as_one_change(ended: RecordChange, begun: RecordChange) -> RecordChange:
    return replace(
        begun,
        how="changed",
        before=ended.before,
        unmapped_before=ended.unmapped_before,
        provenance_before=ended.provenance_before,
    )


def newest_load(connection: sqlite3.Connection) -> int:
    """The number of the newest load or withdrawal; 0 before the first."""
    return int(connection.execute("SELECT coalesce(max(num), 0) FROM load").fetchone()[0])


def record_events(connection: sqlite3.Connection, since: int, subjects: Collection[str]) -> list[CausingRecord]:
    """What happened after load number `since` to records about some nodes and links, by source and key.

    A record that went and came again is one that changed. Ids are those of now, or for nodes that are no more, those
    that they had by themselves.
    """
    found: dict[tuple[str, str, str], CausingRecord] = {}
    for source, namespace, key, part, is_link, is_in_force, day, node in connection.execute(_SELECT_EVENTS, (since,)):
        about = link_id(namespace, key, part) if is_link else node or node_id(namespace, key)
        if about in subjects:
            row_key = (source, key, part)
            change = "changed" if row_key in found else "came" if is_in_force else "went"
            found[row_key] = CausingRecord(about, change, source, namespace, key, day)
    return [found[row_key] for row_key in sorted(found)]

"""Which graph follows from the records in force?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import orjson

from kg.database import PROJECTION_INDEXES, PROJECTION_TABLES, create_indexes, drop_indexes, set_meta
from kg.identity.disjoint_sets import Groups
from kg.identity.keys import names
from kg.ledger.judgement_pairs import SAME, Used, judged_pairs, that_join
from kg.ledger.projection.derived_links import derive_all
from kg.ledger.projection.merge import Spoken, is_protected, merge_link, merge_node
from kg.ledger.projection.node_writer import Numbering
from kg.ledger.projection.writer import LinkUnit, Writer
from kg.ontology import Ontology
from kg.records import Ref, node_id

Progress = Callable[[str, int], None]
"""Called with the name of a phase and how many items it has done so far."""

SPOKEN = """SELECT s.name, n.name, record.key, record.type, record.body FROM record
    JOIN source s ON s.num = record.source JOIN namespace n ON n.num = s.namespace"""

RECORDS_OF = f"{SPOKEN} WHERE until IS NULL AND from_key IS NULL AND record.key = ? AND n.name = ?"
"""The records in force about the node that a key and a namespace name."""

LINK_SPOKEN = """SELECT s.name, n.name, record.key, record.type, record.body, record.part,
    record.from_ns, record.from_key, record.to_ns, record.to_key, a.node, b.node, fn.name, tn.name FROM record
    JOIN source s ON s.num = record.source JOIN namespace n ON n.num = s.namespace
    JOIN namespace fn ON fn.num = record.from_ns JOIN namespace tn ON tn.num = record.to_ns
    LEFT JOIN atom a ON a.key = record.from_key AND a.ns = record.from_ns
    LEFT JOIN atom b ON b.key = record.to_key AND b.ns = record.to_ns"""

_EVERY = 20_000


class LinkRow(NamedTuple):
    """One link record in force, with the numbers of the nodes at its ends where they exist."""

    spoken: Spoken
    part: str
    ends: tuple[tuple[int, str], tuple[int, str]]
    nodes: tuple[int | None, int | None]
    named: tuple[tuple[str, str], tuple[str, str]]
    """The ends by names: numbers of namespaces depend on the order of loads."""

    @property
    def unit(self) -> LinkUnit:
        """What the link is known by."""
        return LinkUnit(self.spoken.namespace, self.spoken.key, self.part)


def project_all(
    connection: sqlite3.Connection, ontology: Ontology, progress: Progress = lambda phase, done: None
) -> None:
    """Build the whole projection anew: sort first, index after."""
    drop_indexes(connection, PROJECTION_INDEXES)
    for table in PROJECTION_TABLES:
        connection.execute(f"DELETE FROM {table}")
    _all_nodes(connection, ontology, progress)
    _all_links(connection, ontology, progress)
    progress("indexes", 0)
    create_indexes(connection, PROJECTION_INDEXES)
    derive_all(connection, ontology)
    set_meta(connection, "ontology", ontology.digest)


def spoken(row: Sequence[str]) -> Spoken:
    """A row of SPOKEN, its body read."""
    return Spoken(row[0], row[1], row[2], row[3], orjson.loads(row[4]))


def record_names(ontology: Ontology, record: Spoken) -> list[Ref]:
    """All names by which a node record knows its thing; a protected one has its own alone.

    Else everybody would see that two things are one, which only a protected claim says.
    """
    own = Ref(record.namespace, record.key)
    if is_protected(ontology, record):
        return [own]
    return names(ontology, own, record.type, record.body.get("properties", {}), record.body.get("referents", ()))


def link_row(row: Sequence[object]) -> LinkRow:
    """A row of LINK_SPOKEN, its body read."""
    _, _, _, _, _, part, from_ns, from_key, to_ns, to_key, tail, head, from_space, to_space = row
    ends = ((from_ns, from_key), (to_ns, to_key))
    named = ((from_space, from_key), (to_space, to_key))
    return LinkRow(spoken(row[:5]), part, ends, (tail, head), named)  # type: ignore[arg-type]  # columns are typed by the schema


def write_links(writer: Writer, ontology: Ontology, rows: Iterable[LinkRow]) -> Iterator[tuple[str, int]]:
    """Write the links that `rows` of one key say; yields type and tail of each link that has both ends."""

    def order(row: LinkRow) -> tuple[object, ...]:
        """Open records first: a protected one must not decide where a link that all may see leads."""
        return row.spoken.namespace, row.part, is_protected(ontology, row.spoken), row.named, row.spoken.source

    for unit, said in _by_unit(rows, order):
        tail, head = said[0].nodes
        if tail is None or head is None:
            for end in said[0].ends:  # the end that is there too: should it go, the link still waits for both
                writer.wait(unit, end)
            continue
        merged = merge_link(ontology, [r.spoken for r in said])
        writer.link(unit, merged, tail, head)
        yield merged.type, tail


def _by_unit(
    rows: Iterable[LinkRow], order: Callable[[LinkRow], tuple[object, ...]]
) -> Iterator[tuple[LinkUnit, list[LinkRow]]]:
    found = list(rows)
    if len(found) == 1:  # most keys say one link; sorting and grouping would take as long as the rest
        yield found[0].unit, found
        return
    for unit, group in groupby(sorted(found, key=order), key=lambda r: r.unit):
        yield unit, list(group)


def _all_nodes(connection: sqlite3.Connection, ontology: Ontology, progress: Progress) -> None:
    groups = _merged_names(connection, ontology)
    merged: dict[Ref, list[Spoken]] = {}
    numbering = Numbering(connection)
    query = f"{SPOKEN} WHERE until IS NULL AND from_key IS NULL ORDER BY record.key"
    for done, (_, rows) in enumerate(groupby(connection.execute(query), key=lambda row: row[2])):
        if done % _EVERY == 0:
            progress("nodes", done)
        for own, records in _by_namespace(spoken(row) for row in rows):
            if own in groups:
                merged.setdefault(groups.leader(own), []).extend(records)
            else:
                numbering.node(merge_node(ontology, node_id(*own), records), (own,))
    members: dict[Ref, list[Ref]] = {}
    for name, leader in groups.members():
        members.setdefault(leader, []).append(name)
    for leader, records in sorted(merged.items()):
        numbering.node(merge_node(ontology, node_id(*leader), records), members[leader])
    numbering.write()


def _by_namespace(records: Iterable[Spoken]) -> Iterator[tuple[Ref, list[Spoken]]]:
    found = list(records)
    if len(found) == 1:  # most keys are used by one record
        yield Ref(found[0].namespace, found[0].key), found
        return
    ordered = sorted(found, key=lambda r: (r.namespace, r.source))
    for namespace, group in groupby(ordered, key=lambda r: r.namespace):
        said = list(group)
        yield Ref(namespace, said[0].key), said


def _merged_names(connection: sqlite3.Connection, ontology: Ontology) -> Groups[Ref]:
    groups: Groups[Ref] = Groups()
    pairs = judged_pairs(connection, SAME)
    used = Used({name for pair in pairs for name in pair})
    for row in connection.execute(f"{SPOKEN} WHERE until IS NULL AND merges = 1 AND from_key IS NULL"):
        record = spoken(row)
        named = record_names(ontology, record)
        groups.merge(named)
        used.note(named, hidden=is_protected(ontology, record))
    for name in used.asked:
        for record in map(spoken, connection.execute(RECORDS_OF, (name.key, name.namespace))):
            used.note([name], hidden=is_protected(ontology, record))
    for pair in that_join(pairs, used.open, used.hidden):
        groups.merge(pair)
    return groups


def _all_links(connection: sqlite3.Connection, ontology: Ontology, progress: Progress) -> None:
    writer = Writer(connection)
    query = f"{LINK_SPOKEN} WHERE until IS NULL AND from_key IS NOT NULL ORDER BY record.key"
    for done, (_, rows) in enumerate(groupby(connection.execute(query), key=lambda row: row[2])):
        if done % _EVERY == 0:
            progress("links", done)
        for _ in write_links(writer, ontology, map(link_row, rows)):
            pass
    writer.flush()

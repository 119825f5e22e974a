"""Build the whole projection from the records in force."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from kg.database import (
    PROJECTION_INDEXES,
    PROJECTION_TABLES,
    SEARCH_INDEXES,
    bulk_filled_search_indexes,
    create_indexes,
    drop_indexes,
    read_json,
    set_meta,
)
from kg.identity import DisjointSets
from kg.ledger.judgement_pairs import SAME, judgement_pairs
from kg.ledger.projection.derived_links import derive_all_links
from kg.ledger.projection.joined_nodes import JoinCounter
from kg.ledger.projection.node_writer import NodeWriter
from kg.ledger.projection.staged_graph import StagedGraph, StagedRecords
from kg.ledger.projection.writer import ProjectionWriter
from kg.ledger.rules.links import LinkRecord, decide_links
from kg.ledger.rules.merge import SourceRecord, is_protected, merge_node
from kg.ledger.rules.names import NameUsage, effective_pairs, record_names
from kg.ontology import Ontology
from kg.records import Ref, node_id

Progress = Callable[[str, int], None]
"""Called with the name of a phase and how many items it has done so far."""

SELECT_RECORDS = """SELECT s.name, n.name, record.key, record.type, record.body, record.num FROM record
    JOIN source s ON s.num = record.source JOIN namespace n ON n.num = s.namespace"""

SELECT_RECORDS_OF_NAME = f"{SELECT_RECORDS} WHERE until IS NULL AND from_key IS NULL AND record.key = ? AND n.name = ?"
"""The records in force about the node that a key and a namespace name."""

SELECT_LINK_RECORDS = """SELECT s.name, n.name, record.key, record.type, record.body, record.num, record.part,
    fn.name, record.from_key, tn.name, record.to_key, a.node, b.node FROM record
    JOIN source s ON s.num = record.source JOIN namespace n ON n.num = s.namespace
    JOIN namespace fn ON fn.num = record.from_ns JOIN namespace tn ON tn.num = record.to_ns
    LEFT JOIN atom a ON a.key = record.from_key AND a.ns = record.from_ns
    LEFT JOIN atom b ON b.key = record.to_key AND b.ns = record.to_ns"""

_PROGRESS_INTERVAL = 20_000


def rebuild_projection(
    connection: sqlite3.Connection,
    ontology: Ontology,
    progress: Progress = lambda phase, done: None,
    staged: StagedRecords | None = None,
    joins: JoinCounter | None = None,
) -> None:
    """Build the whole projection anew: sort first, index after.

    What records that are still `staged` state alone is written as it was made when they were read. `joins` counts the
    nodes of records that a load joined.
    """
    alone = StagedGraph(connection, staged) if staged else None
    drop_indexes(connection, PROJECTION_INDEXES)
    for table in PROJECTION_TABLES:
        connection.execute(f"DELETE FROM {table}")
    for index in SEARCH_INDEXES:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")
    with bulk_filled_search_indexes(connection):
        _write_all_nodes(connection, ontology, progress, alone, joins)
    _write_all_links(connection, ontology, progress, alone)
    progress("building indexes", 0)
    create_indexes(connection, PROJECTION_INDEXES)
    derive_all_links(connection, ontology)
    set_meta(connection, "ontology", ontology.digest)


def decode_record(row: Sequence[Any]) -> SourceRecord:
    """A row of SELECT_RECORDS with its body parsed."""
    return SourceRecord(row[0], row[1], row[2], row[3], read_json(row[4]), row[5])


def decode_link_record(row: Sequence[Any]) -> LinkRecord[int]:
    """A row of SELECT_LINK_RECORDS with its body parsed."""
    part, from_space, from_key, to_space, to_key, tail, head = row[6:]
    return LinkRecord(decode_record(row[:6]), part, (Ref(from_space, from_key), Ref(to_space, to_key)), (tail, head))


def write_links(
    writer: ProjectionWriter, ontology: Ontology, rows: Iterable[LinkRecord[int]]
) -> Iterator[tuple[str, int]]:
    """Write the links that records of one key state; yields type and tail of each link that has both ends."""
    for link in decide_links(ontology, rows, writer.is_protected):
        if link.scopes:
            for end in link.end_names:
                writer.add_waiting_link(link.key, end, link.scopes)
        if link.nodes is not None and link.merged is not None:
            writer.add_link(link.key.id, link.record, link.merged, *link.nodes)
            yield link.merged.type, link.nodes[0]


def _write_all_nodes(
    connection: sqlite3.Connection,
    ontology: Ontology,
    progress: Progress,
    alone: StagedGraph | None,
    joins: JoinCounter | None,
) -> None:
    groups = _merged_names(connection, ontology)
    if alone:
        progress("nodes", 0)
        alone.leave_nodes(name for name, _ in groups.items())
    merged: dict[Ref, list[SourceRecord]] = {}
    numbering = NodeWriter(connection)
    query = f"{SELECT_RECORDS} WHERE {_merged_records(alone)} AND from_key IS NULL ORDER BY record.key"
    for done, (_, rows) in enumerate(groupby(connection.execute(query), key=lambda row: row[2])):
        if done % _PROGRESS_INTERVAL == 0:
            progress("nodes", done)
        for own, records in _by_namespace(decode_record(row) for row in rows):
            if own in groups:
                merged.setdefault(groups.find(own), []).extend(records)
            else:
                numbering.add_node(merge_node(ontology, node_id(*own), records), (own,))
    members: dict[Ref, list[Ref]] = {}
    for name, leader in groups.items():
        members.setdefault(leader, []).append(name)
    for leader, records in sorted(merged.items()):
        node = merge_node(ontology, node_id(*leader), records)
        numbering.add_node(node, members[leader])
        if joins:
            joins.add(records, node)
    numbering.write(alone)


def _merged_records(alone: StagedGraph | None) -> str:
    """The condition of SQL for the records that are merged one thing after the other."""
    return f"record.num IN ({alone.merged})" if alone else "until IS NULL"


def _by_namespace(records: Iterable[SourceRecord]) -> Iterator[tuple[Ref, list[SourceRecord]]]:
    found = list(records)
    if len(found) == 1:  # most keys are used by one record
        yield Ref(found[0].namespace, found[0].key), found
        return
    ordered = sorted(found, key=lambda r: (r.namespace, r.source))
    for namespace, group in groupby(ordered, key=lambda r: r.namespace):
        group_records = list(group)
        yield Ref(namespace, group_records[0].key), group_records


def _merged_names(connection: sqlite3.Connection, ontology: Ontology) -> DisjointSets[Ref]:
    groups: DisjointSets[Ref] = DisjointSets()
    pairs = judgement_pairs(connection, SAME)
    used = NameUsage({name for pair in pairs for name in pair.names})
    for row in connection.execute(f"{SELECT_RECORDS} WHERE until IS NULL AND merges = 1 AND from_key IS NULL"):
        record = decode_record(row)
        names_of_record = record_names(ontology, record)
        groups.union(names_of_record)
        used.add(names_of_record, protected=is_protected(ontology, record))
    for name in used.names:
        for record in map(decode_record, connection.execute(SELECT_RECORDS_OF_NAME, (name.key, name.namespace))):
            used.add([name], protected=is_protected(ontology, record))
    for pair in effective_pairs(pairs, used.open, used.protected):
        groups.union(pair)
    return groups


def _write_all_links(
    connection: sqlite3.Connection, ontology: Ontology, progress: Progress, alone: StagedGraph | None
) -> None:
    hidden = {row[0] for row in connection.execute("SELECT num FROM node WHERE protected")}
    if alone:
        progress("links", 0)
        alone.leave_links()
        alone.write_links(hidden)
    writer = ProjectionWriter(connection, hidden)
    query = f"{SELECT_LINK_RECORDS} WHERE {_merged_records(alone)} AND from_key IS NOT NULL ORDER BY record.key"
    for done, (_, rows) in enumerate(groupby(connection.execute(query), key=lambda row: row[2])):
        if done % _PROGRESS_INTERVAL == 0:
            progress("links", done)
        for _ in write_links(writer, ontology, map(decode_link_record, rows)):
            pass
    writer.flush()

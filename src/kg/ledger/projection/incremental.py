"""Update the projection after a few records or judgements changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.database import SEARCH_INDEXES, read_json
from kg.database.views import of_link_id, of_link_types
from kg.identity import DisjointSets
from kg.ledger.judgement_pairs import SAME, judgement_pairs
from kg.ledger.projection.derived_links import derive_possibly_same, derive_protected_matches
from kg.ledger.projection.joined_nodes import JoinCounter
from kg.ledger.projection.outdated_suggestions import has_suggestions, outdate_suggestions
from kg.ledger.projection.rebuild import (
    SELECT_LINK_RECORDS,
    SELECT_RECORDS,
    SELECT_RECORDS_OF_NAME,
    decode_link_record,
    decode_record,
    write_links,
)
from kg.ledger.projection.sought_status import derive_sought_status, persons_sought_by
from kg.ledger.projection.writer import ProjectionWriter
from kg.ledger.rules.links import LinkKey
from kg.ledger.rules.merge import SourceRecord, is_protected, merge_node, stored_words
from kg.ledger.rules.names import NameUsage, effective_pairs, record_names
from kg.ledger.rules.sought import ACCUSED_OF, ISSUED_BY
from kg.names import indexed_words
from kg.ontology import Ontology
from kg.records import Ref, node_id

_NODE_COLUMNS = {
    **dict.fromkeys(("atom", "redirect", "identifier", "protected_identifier"), "node"),
    "stored_node": "num",
}
"""The tables with rows of a node, and the column that has its number."""


@dataclass(slots=True)
class _AffectedItems:
    """What has to be built again."""

    names: set[Ref] = field(default_factory=set)
    links: set[LinkKey] = field(default_factory=set)
    nodes: dict[int, str] = field(default_factory=dict)
    """Nodes of the store that had any of `names` before: number to id."""
    identifiers: set[tuple[str, str]] = field(default_factory=set)
    """Identifying values (property, value) of these nodes, before and now."""
    protected_identifiers: set[str] = field(default_factory=set)
    """Values that only protected records of these nodes state, before and now."""
    persons: set[int] = field(default_factory=set)
    """Numbers of people who may be sought now or no longer, and of papers and their issuers."""


class IncrementalUpdate:
    """Follows the records named in the temporary table `touched`, and `names` whose judgements changed."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        ontology: Ontology,
        names: Iterable[Ref] = (),
        joins: JoinCounter | None = None,
    ) -> None:
        """`joins` counts the nodes of records that a load joined."""
        self._db, self._joins = connection, joins
        self._ontology = ontology
        self._writer = ProjectionWriter(connection)
        self._numbers = self._writer.namespaces
        self._namespace_names = {num: name for name, num in self._numbers.items()}
        self._pursuit = ontology.with_trait("pursuit")
        self._status_links = self._pursuit | {ACCUSED_OF, ISSUED_BY}
        self._affected = _AffectedItems(names=set(names))
        self._same_pairs = judgement_pairs(connection, SAME)
        self._judged_names: dict[Ref, set[Ref]] = {}
        for names_of_pair, _ in self._same_pairs:
            for name in names_of_pair:
                self._judged_names.setdefault(name, set()).update(names_of_pair)
        self._records: dict[Ref, list[SourceRecord]] = {}
        self._formerly_protected = set[int]()
        """Affected nodes that only protected records described before."""

    def run(self, *, outdates: bool = False) -> None:
        """Bring the projection up to date with the records in force; `outdates` empties suggestions about changes."""
        outdates = outdates and has_suggestions(self._db)
        self._collect_changed()
        self._expand_names()
        if outdates:
            outdate_suggestions(self._db, self._nodes_around())
        before = self._delete_nodes()
        self._write_nodes(before)
        self._write_links()
        if outdates:
            outdate_suggestions(self._db, self._nodes_around())
        derive_possibly_same(self._db, self._affected.identifiers)
        self._derive_protected_matches()
        self._collect_persons()
        derive_sought_status(self._db, self._ontology, self._affected.persons)

    def _derive_protected_matches(self) -> None:
        values = self._affected.protected_identifiers
        if self._db.execute("SELECT EXISTS (SELECT 1 FROM protected_identifier)").fetchone()[0]:
            values.update(value for _, value in self._affected.identifiers)
        if values:
            derive_protected_matches(self._db, self._ontology, values)

    def _collect_changed(self) -> None:
        touched = "WHERE record.num IN (SELECT record FROM temp.touched)"
        for row in self._db.execute(f"{SELECT_RECORDS} {touched} AND from_key IS NULL"):
            self._affected.names.update(record_names(self._ontology, decode_record(row)))
        units = self._db.execute(
            f"""SELECT n.name, record.key, record.part FROM record JOIN source s ON s.num = record.source
            JOIN namespace n ON n.num = s.namespace {touched} AND from_key IS NOT NULL"""
        )
        self._affected.links.update(LinkKey(*row) for row in units)

    def _nodes_around(self) -> set[int]:
        """The affected nodes, those that are linked to them, and the ends of affected links, as they are now."""
        nodes = set[int]()
        for name in self._affected.names:
            values = (name.key, self._numbers.get(name.namespace))
            nodes.update(row[0] for row in self._db.execute("SELECT node FROM atom WHERE key = ? AND ns = ?", values))
        linked = "SELECT head FROM link WHERE tail = ?1 UNION SELECT tail FROM link WHERE head = ?1"
        for node in tuple(nodes):
            nodes.update(row[0] for row in self._db.execute(linked, (node,)))
        for link in self._affected.links:
            for ends in self._db.execute(f"SELECT tail, head FROM link WHERE {of_link_id('link', '?1')}", (link.id,)):
                nodes.update(ends)
        return nodes

    def _expand_names(self) -> None:
        """Add all names that are connected to the affected ones by nodes, records or judgements."""
        unvisited = list(self._affected.names)
        while unvisited:
            name = unvisited.pop()
            found = self._names_of_node(name) | self._judged_names.get(name, set())
            for record in self._read_records(name):
                found.update(record_names(self._ontology, record))
            unvisited.extend(found - self._affected.names)
            self._affected.names |= found

    def _names_of_node(self, name: Ref) -> set[Ref]:
        row = self._db.execute(
            "SELECT node.num, node.id FROM atom JOIN node ON node.num = atom.node WHERE key = ? AND ns = ?",
            (name.key, self._numbers.get(name.namespace)),
        ).fetchone()
        if row is None or row[0] in self._affected.nodes:
            return set()
        self._affected.nodes[row[0]] = row[1]
        return self._names_of_number(row[0])

    def _names_of_number(self, node: int) -> set[Ref]:
        rows = self._db.execute("SELECT ns, key FROM atom WHERE node = ?", (node,))
        return {Ref(self._namespace_names[ns], key) for ns, key in rows}

    def _read_records(self, name: Ref) -> list[SourceRecord]:
        rows = self._db.execute(SELECT_RECORDS_OF_NAME, (name.key, name.namespace))
        self._records[name] = [decode_record(row) for row in rows]
        return self._records[name]

    def _delete_nodes(self) -> dict[int, set[Ref]]:
        """Delete the affected nodes; returns the names that each had."""
        before = {node: self._names_of_number(node) for node in self._affected.nodes}
        with_rows = "SELECT EXISTS (SELECT 1 FROM {})"
        columns = {t: c for t, c in _NODE_COLUMNS.items() if self._db.execute(with_rows.format(t)).fetchone()[0]}
        for node in self._affected.nodes:
            self._collect_identifiers(node)
            if self._writer.is_protected(node):
                self._formerly_protected.add(node)
            self._delete_words(node)
            for table, column in columns.items():  # most stores have no protected names
                self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (node,))
        return before

    def _delete_words(self, node: int) -> None:
        """Take a node out of the indexes of search words, which have to be told the words that they have of it."""
        query = "SELECT type, body FROM node WHERE num = ?"
        node_type, body = self._db.execute(query, (node,)).fetchone()
        for index, words in zip(SEARCH_INDEXES, stored_words(self._ontology, node_type, read_json(body)), strict=True):
            if words:
                delete = f"INSERT INTO {index} ({index}, rowid, tokens) VALUES ('delete', ?, ?)"
                self._db.execute(delete, (node, indexed_words(words)))

    def _collect_identifiers(self, node: int) -> None:
        query = "SELECT property, value FROM identifier WHERE node = ? AND identifies"
        self._affected.identifiers.update(self._db.execute(query, (node,)))
        hidden = self._db.execute("SELECT value FROM protected_identifier WHERE node = ?", (node,))
        self._affected.protected_identifiers.update(value for (value,) in hidden)

    def _write_nodes(self, before: dict[int, set[Ref]]) -> None:
        groups: DisjointSets[Ref] = DisjointSets()
        used = NameUsage(self._judged_names.keys())
        for records in self._records.values():
            for record in records:
                names_of_record = record_names(self._ontology, record)
                groups.union(names_of_record)
                used.add(names_of_record, protected=is_protected(self._ontology, record))
        for pair in effective_pairs(self._same_pairs, used.open, used.protected):
            groups.union(pair)
        members: dict[Ref, set[Ref]] = {}
        for name, leader in groups.items():
            members.setdefault(leader, set()).add(name)
        number = {node: num for num, node in self._affected.nodes.items()}
        written: dict[int, set[Ref]] = {}
        for leader, group in sorted(members.items()):
            records = [record for name in group for record in self._records[name]]
            records.sort(key=lambda r: (r.namespace, r.key, r.source))
            merged = merge_node(self._ontology, node_id(*leader), records)
            if self._joins:
                self._joins.add(records, merged)
            written[self._writer.add_node(merged, sorted(group), number.get(merged.id))] = group
        self._writer.flush()
        self._collect_links(before, written)
        for node in written:
            self._collect_identifiers(node)
        self._affected.persons.update(written)

    def _collect_links(self, before: dict[int, set[Ref]], written: dict[int, set[Ref]]) -> None:
        """Collect the links of nodes that are gone or lost a name, and unresolved links that wait for a new name."""
        for node, names_before in before.items():
            has_lost_name = bool(names_before - written.get(node, set()))
            if has_lost_name or self._writer.is_protected(node) != (node in self._formerly_protected):
                units = self._db.execute(
                    """SELECT n.name, link.key, link.part FROM link JOIN namespace n ON n.num = link.ns
                    WHERE (tail = ?1 OR head = ?1) AND derived IS NULL""",
                    (node,),
                )
                self._affected.links.update(LinkKey(*row) for row in units)
        known = set().union(*before.values()) if before else set()
        for name in set().union(*written.values()) - known if written else ():
            units = self._db.execute(
                """SELECT n.name, link_key, link_part FROM waiting JOIN namespace n ON n.num = link_ns
                WHERE waiting.key = ? AND waiting.ns = ?""",
                (name.key, self._numbers[name.namespace]),
            )
            self._affected.links.update(LinkKey(*row) for row in units)

    def _write_links(self) -> None:
        for unit in sorted(self._affected.links, key=lambda u: (u.namespace, u.key, u.part)):
            self._delete_link(unit)
            query = f"""{SELECT_LINK_RECORDS} WHERE until IS NULL AND from_key IS NOT NULL
                AND record.key = ? AND n.name = ? AND part = ?"""
            rows = self._db.execute(query, (unit.key, unit.namespace, unit.part)).fetchall()
            for link_type, tail in write_links(self._writer, self._ontology, map(decode_link_record, rows)):
                if link_type in self._status_links:
                    self._affected.persons.add(tail)
        self._writer.flush()

    def _delete_link(self, unit: LinkKey) -> None:
        row = self._db.execute(
            f"SELECT type, tail, num FROM link WHERE {of_link_id('link', '?1')}", (unit.id,)
        ).fetchone()
        if row is not None:
            self._db.execute("DELETE FROM stored_link WHERE num = ?", (row[2],))
            if row[0] in self._status_links:
                self._affected.persons.add(row[1])
        self._db.execute(
            "DELETE FROM waiting WHERE link_key = ? AND link_ns = ? AND link_part = ?",
            (unit.key, self._numbers[unit.namespace], unit.part),
        )

    def _collect_persons(self) -> None:
        """Collect people named in papers that changed, or whose issuer changed."""
        nodes = list(self._affected.persons)
        query = f"SELECT tail FROM link WHERE head = ? AND {of_link_types('link', ', '.join('?' * len(self._pursuit)))}"
        for node in nodes:
            rows = self._db.execute(query, (node, *sorted(self._pursuit)))
            self._affected.persons.update(row[0] for row in rows)
        self._affected.persons.update(persons_sought_by(self._db, self._ontology, nodes))

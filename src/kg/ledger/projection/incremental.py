"""How does the projection follow a few changed records without being built anew?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.identity.disjoint_sets import Groups
from kg.ledger.judgement_pairs import SAME, Used, judged_pairs, that_join
from kg.ledger.projection.derived_links import derive_same
from kg.ledger.projection.merge import Spoken, is_protected, merge_node
from kg.ledger.projection.rebuild import LINK_SPOKEN, RECORDS_OF, SPOKEN, link_row, record_names, spoken, write_links
from kg.ledger.projection.sought_status import ACCUSED, ISSUED, derive_sought, issued_by
from kg.ledger.projection.writer import LinkUnit, Writer
from kg.ontology import Ontology
from kg.records import Ref, node_id


@dataclass(slots=True)
class _Affected:
    """What has to be made anew."""

    names: set[Ref] = field(default_factory=set)
    links: set[LinkUnit] = field(default_factory=set)
    nodes: dict[int, str] = field(default_factory=dict)
    """Nodes of the store that any of `names` named before: number to id."""
    shared: set[tuple[str, str]] = field(default_factory=set)
    """Identifying values (property, value) that nodes held before or hold now."""
    persons: set[int] = field(default_factory=set)
    """Whose standing as sought may have changed; numbers of nodes, also of papers and of those who issued them."""


class Increment:
    """One pass over the records named in the temporary table `touched`, and over `names` whose judgements changed."""

    def __init__(self, connection: sqlite3.Connection, ontology: Ontology, names: Iterable[Ref] = ()) -> None:
        self._db = connection
        self._ontology = ontology
        self._writer = Writer(connection)
        self._numbers = self._writer.namespaces
        self._spaces = {num: name for name, num in self._numbers.items()}
        self._pursuit = ontology.with_trait("pursuit")
        self._standing = self._pursuit | {ACCUSED, ISSUED}
        self._affected = _Affected(names=set(names))
        self._same = judged_pairs(connection, SAME)
        self._judged: dict[Ref, set[Ref]] = {}
        for pair in self._same:
            for name in pair:
                self._judged.setdefault(name, set()).update(pair)
        self._records: dict[Ref, list[Spoken]] = {}

    def run(self) -> None:
        """Bring the projection to what the records in force say."""
        self._start()
        self._close()
        before = self._forget_nodes()
        self._make_nodes(before)
        self._make_links()
        derive_same(self._db, self._affected.shared)
        self._note_papers()
        derive_sought(self._db, self._ontology, self._affected.persons)

    def _start(self) -> None:
        rows = self._db.execute(f"{SPOKEN} WHERE record.num IN (SELECT record FROM temp.touched) AND from_key IS NULL")
        for row in rows:
            self._affected.names.update(record_names(self._ontology, spoken(row)))
        units = self._db.execute(
            """SELECT n.name, record.key, record.part FROM record JOIN source s ON s.num = record.source
            JOIN namespace n ON n.num = s.namespace
            WHERE record.num IN (SELECT record FROM temp.touched) AND from_key IS NOT NULL"""
        )
        self._affected.links.update(LinkUnit(*row) for row in units)

    def _close(self) -> None:
        """Add every name that the affected names' nodes, records and judgements bring in, until nothing is new."""
        fresh = list(self._affected.names)
        while fresh:
            name = fresh.pop()
            found = self._names_of_node(name)
            found.update(self._judged.get(name, ()))
            for record in self._read_records(name):
                found.update(record_names(self._ontology, record))
            new = found - self._affected.names
            self._affected.names |= new
            fresh.extend(new)

    def _names_of_node(self, name: Ref) -> set[Ref]:
        row = self._db.execute(
            "SELECT node.num, node.id FROM atom JOIN node ON node.num = atom.node WHERE key = ? AND ns = ?",
            (name.key, self._numbers.get(name.namespace)),
        ).fetchone()
        if row is None or row[0] in self._affected.nodes:
            return set()
        self._affected.nodes[row[0]] = row[1]
        return self._names(row[0])

    def _names(self, node: int) -> set[Ref]:
        rows = self._db.execute("SELECT ns, key FROM atom WHERE node = ?", (node,))
        return {Ref(self._spaces[ns], key) for ns, key in rows}

    def _read_records(self, name: Ref) -> list[Spoken]:
        rows = self._db.execute(RECORDS_OF, (name.key, name.namespace))
        self._records[name] = [spoken(row) for row in rows]
        return self._records[name]

    def _forget_nodes(self) -> dict[int, set[Ref]]:
        """Take the affected nodes out; returns the names each had."""
        before = {node: self._names(node) for node in self._affected.nodes}
        for node in self._affected.nodes:
            self._affected.shared.update(self._identifying(node))
            for table, column in (
                ("atom", "node"),
                ("redirect", "node"),
                ("identifier", "node"),
                ("name", "rowid"),
                ("node", "num"),
            ):
                self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (node,))
        return before

    def _identifying(self, node: int) -> list[tuple[str, str]]:
        return self._db.execute(
            "SELECT property, value FROM identifier WHERE node = ? AND identifies", (node,)
        ).fetchall()

    def _make_nodes(self, before: dict[int, set[Ref]]) -> None:
        groups: Groups[Ref] = Groups()
        used = Used(self._judged.keys())
        for records in self._records.values():
            for record in records:
                named = record_names(self._ontology, record)
                groups.merge(named)
                used.note(named, hidden=is_protected(self._ontology, record))
        for pair in that_join(self._same, used.open, used.hidden):
            groups.merge(pair)
        members: dict[Ref, set[Ref]] = {}
        for name, leader in groups.members():
            members.setdefault(leader, set()).add(name)
        number = {node: num for num, node in self._affected.nodes.items()}
        made: dict[int, set[Ref]] = {}
        for leader, group in sorted(members.items()):
            records = sorted(
                (r for name in group for r in self._records[name]), key=lambda r: (r.namespace, r.key, r.source)
            )
            merged = merge_node(self._ontology, node_id(*leader), records)
            made[self._writer.node(merged, sorted(group), number.get(merged.id))] = group
        self._writer.flush()
        self._note_links(before, made)
        for node in made:
            self._affected.shared.update(self._identifying(node))
        self._affected.persons.update(made)

    def _note_links(self, before: dict[int, set[Ref]], made: dict[int, set[Ref]]) -> None:
        """Links of a node that went or lost a name, and links that waited for a name that came."""
        for node, had in before.items():
            if had - made.get(node, set()):
                units = self._db.execute(
                    """SELECT n.name, link.key, link.part FROM link JOIN namespace n ON n.num = link.ns
                    WHERE (tail = ?1 OR head = ?1) AND derived IS NULL""",
                    (node,),
                )
                self._affected.links.update(LinkUnit(*row) for row in units)
        known = set().union(*before.values()) if before else set()
        for name in set().union(*made.values()) - known if made else ():
            units = self._db.execute(
                """SELECT n.name, link_key, link_part FROM waiting JOIN namespace n ON n.num = link_ns
                WHERE waiting.key = ? AND waiting.ns = ?""",
                (name.key, self._numbers[name.namespace]),
            )
            self._affected.links.update(LinkUnit(*row) for row in units)

    def _make_links(self) -> None:
        for unit in sorted(self._affected.links, key=lambda u: (u.namespace, u.key, u.part)):
            self._forget_link(unit)
            query = f"""{LINK_SPOKEN} WHERE until IS NULL AND from_key IS NOT NULL
                AND record.key = ? AND n.name = ? AND part = ?"""
            rows = self._db.execute(query, (unit.key, unit.namespace, unit.part)).fetchall()
            for link_type, tail in write_links(self._writer, self._ontology, map(link_row, rows)):
                if link_type in self._standing:
                    self._affected.persons.add(tail)
        self._writer.flush()

    def _forget_link(self, unit: LinkUnit) -> None:
        row = self._db.execute("SELECT num, type, tail FROM link WHERE id = ?", (unit.id,)).fetchone()
        if row is not None:
            self._db.execute("DELETE FROM link WHERE num = ?", (row[0],))
            if row[1] in self._standing:
                self._affected.persons.add(row[2])
        self._db.execute(
            "DELETE FROM waiting WHERE link_key = ? AND link_ns = ? AND link_part = ?",
            (unit.key, self._numbers[unit.namespace], unit.part),
        )

    def _note_papers(self) -> None:
        """People named in a paper that was made anew, or that somebody made anew issued."""
        near = list(self._affected.persons)
        self._affected.persons.update(self._tails(near))
        self._affected.persons.update(issued_by(self._db, self._ontology, near))

    def _tails(self, nodes: Iterable[int]) -> Iterable[int]:
        marks = ", ".join("?" * len(self._pursuit))
        for node in nodes:
            query = f"SELECT tail FROM link WHERE head = ? AND type IN ({marks})"
            yield from (row[0] for row in self._db.execute(query, (node, *sorted(self._pursuit))))

"""Nodes that a load makes of several records, because a source names a referent of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.database import read_json
from kg.findings.contradictions import find_contradictions, joined_contradiction
from kg.identity import ReferentJoin, format_ref, referent_joins
from kg.ledger.rules.merge import MergedNode, SourceRecord, is_protected
from kg.ontology import Ontology
from kg.records import Ref

EXAMPLES = 3
"""Joined nodes that a load names, those that contradict themselves first."""


@dataclass(frozen=True, slots=True)
class JoinedNodes:
    """How many nodes of several records a load made or changed where only referents join these, and the first few."""

    count: int = 0
    contradicted: int = 0
    """How many of them their records contradict in birth date, gender, citizenship, type or the like."""
    examples: tuple[str, ...] = ()


class JoinCounter:
    """Counts the nodes that a load joins, as they are written, and describes the first few."""

    def __init__(self, connection: sqlite3.Connection, ontology: Ontology) -> None:
        """Records in the table `temp.touched` are those that the load brought."""
        self._db, self._ontology = connection, ontology
        self._namespaces = dict(connection.execute("SELECT name, num FROM namespace"))
        self._citizenships = tuple(sorted(ontology.with_trait("citizenship")))
        self._citizen_of = f"""SELECT DISTINCT to_key FROM record WHERE key = ?1 AND from_key = ?1 AND from_ns = ?2
            AND until IS NULL AND NOT protected AND type IN ({", ".join("?" * len(self._citizenships))})"""
        self._counts = {True: 0, False: 0}
        """By whether the records of a node contradict each other."""
        self._examples: dict[bool, list[str]] = {True: [], False: []}

    def add(self, records: Sequence[SourceRecord], merged: MergedNode) -> None:
        """Take a node that was made of some records, in the order of its key."""
        if not _have_several_keys(records):
            return
        ontology = self._ontology
        seen = [r for r in records if not is_protected(ontology, r) and _caption(ontology, r)]
        stated = ((r.source, Ref(r.namespace, r.key), r.body.get("referents", ())) for r in seen)
        joins = referent_joins(stated)
        join = next((j for j in joins if any(_is_touched(self._db, ref) for ref in j[:2])), None)
        if join is None:
            return
        contradictions = self._contradictions(seen, merged)
        is_contradicted = bool(contradictions)
        self._counts[is_contradicted] += 1
        if len(examples := self._examples[is_contradicted]) < EXAMPLES:
            said = "".join(f"; contradiction: {sentence}" for sentence in contradictions)
            examples.append(f"{join.text(_captions(ontology, seen, join))}{said}")

    def found(self) -> JoinedNodes:
        """What was counted so far."""
        examples = (self._examples[True] + self._examples[False])[:EXAMPLES]
        return JoinedNodes(sum(self._counts.values()), self._counts[True], tuple(examples))

    def _contradictions(self, records: Sequence[SourceRecord], merged: MergedNode) -> list[str]:
        body = read_json(merged.body)
        types = tuple(body.get("types", (merged.type,)))
        known = self._ontology.merged_properties(types)
        said = [one.says for one in find_contradictions(known, "", body.get("properties", {}), types)]
        owns = {Ref(record.namespace, record.key) for record in records}
        citizenship = joined_contradiction("citizenship", {format_ref(own): self._states_of(own) for own in owns})
        return [*said, citizenship] if citizenship else said

    def _states_of(self, own: Ref) -> set[str]:
        """The states of which everybody may see that a key is a citizen."""
        values = own.key, self._namespaces[own.namespace], *self._citizenships
        return {code for (code,) in self._db.execute(self._citizen_of, values)}


def _have_several_keys(records: Sequence[SourceRecord]) -> bool:
    """Whether records of one node have keys of their own."""
    first = records[0]
    return any(record.key != first.key or record.namespace != first.namespace for record in records)


def _is_touched(connection: sqlite3.Connection, ref: Ref) -> bool:
    query = """SELECT 1 FROM record r JOIN temp.touched t ON t.record = r.num JOIN source s ON s.num = r.source
        JOIN namespace n ON n.num = s.namespace
        WHERE r.key = ? AND n.name = ? AND r.until IS NULL AND r.from_key IS NULL"""
    return connection.execute(query, (ref.key, ref.namespace)).fetchone() is not None


def _caption(ontology: Ontology, record: SourceRecord) -> str:
    """What a record calls its thing; empty for one that names it by its key alone, to say something about it."""
    return ontology.stated_caption(record.type, record.body.get("properties", {}))


def _captions(ontology: Ontology, records: Iterable[SourceRecord], join: ReferentJoin) -> dict[Ref, str]:
    found = dict[Ref, str]()
    for record in records:
        if (own := Ref(record.namespace, record.key)) in join[:2]:
            found.setdefault(own, _caption(ontology, record))
    return found

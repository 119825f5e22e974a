"""Nodes that a load makes of several records, because a source names a referent of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.findings.contradictions import find_contradictions, joined_contradiction
from kg.identity import ReferentJoin, format_ref, referent_joins
from kg.ledger.rules.merge import SourceRecord, clean_properties, is_protected
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


def describe_joins(
    connection: sqlite3.Connection, ontology: Ontology, nodes: Iterable[Sequence[SourceRecord]]
) -> JoinedNodes:
    """What a load joined, of the records of nodes that have several; records in `temp.touched` are those it brought."""
    found: list[tuple[bool, str]] = []
    for records in nodes:
        seen = [r for r in records if not is_protected(ontology, r) and _caption(ontology, r)]
        stated = ((r.source, Ref(r.namespace, r.key), r.body.get("referents", ())) for r in seen)
        joins = [j for j in referent_joins(stated) if any(_is_touched(connection, ref) for ref in j[:2])]
        if joins:
            contradictions = _contradictions(connection, ontology, seen)
            said = "".join(f"; contradiction: {sentence}" for sentence in contradictions)
            found.append((not contradictions, f"{joins[0].text(_captions(ontology, seen, joins[0]))}{said}"))
    return JoinedNodes(
        len(found), sum(not calm for calm, _ in found), tuple(text for _, text in sorted(found)[:EXAMPLES])
    )


def _is_touched(connection: sqlite3.Connection, ref: Ref) -> bool:
    query = """SELECT 1 FROM record r JOIN temp.touched t ON t.record = r.num JOIN source s ON s.num = r.source
        JOIN namespace n ON n.num = s.namespace
        WHERE r.key = ? AND n.name = ? AND r.until IS NULL AND r.from_key IS NULL"""
    return connection.execute(query, (ref.key, ref.namespace)).fetchone() is not None


def _caption(ontology: Ontology, record: SourceRecord) -> str:
    """What a record calls its thing; empty for one that names it by its key alone, to say something about it."""
    properties = record.body.get("properties", {})
    return next((properties[name][0] for name in ontology.caption_properties(record.type) if properties.get(name)), "")


def _captions(ontology: Ontology, records: Iterable[SourceRecord], join: ReferentJoin) -> dict[Ref, str]:
    found = dict[Ref, str]()
    for record in records:
        if (own := Ref(record.namespace, record.key)) in join[:2]:
            found.setdefault(own, _caption(ontology, record))
    return found


def _contradictions(connection: sqlite3.Connection, ontology: Ontology, records: Sequence[SourceRecord]) -> list[str]:
    types = ontology.most_specific(record.type for record in records)
    values: dict[str, set[str]] = {}
    for record in records:
        for name, texts in clean_properties(ontology, record.type, record.body.get("properties", {})).items():
            values.setdefault(name, set()).update(texts)
    properties = {name: sorted(texts) for name, texts in values.items()}
    said = [one.says for one in find_contradictions(ontology.merged_properties(types), "", properties, types)]
    kinds = sorted(ontology.with_trait("citizenship"))
    query = f"""SELECT DISTINCT r.to_key FROM record r JOIN source s ON s.num = r.source
        JOIN namespace n ON n.num = s.namespace JOIN namespace f ON f.num = r.from_ns
        WHERE r.key = ? AND n.name = ? AND r.until IS NULL AND r.from_key = r.key AND f.name = n.name
        AND NOT r.protected AND r.type IN ({", ".join("?" * len(kinds))})"""
    owns = {Ref(record.namespace, record.key) for record in records}
    citizen_of = {
        format_ref(own): {code for (code,) in connection.execute(query, (own.key, own.namespace, *kinds))}
        for own in owns
    }
    citizenship = joined_contradiction("citizenship", citizen_of)
    return [*said, citizenship] if citizenship else said

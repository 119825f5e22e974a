"""The effect of judgements now, and which may be seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from kg.ledger.judgement_pairs import SAME
from kg.ledger.projection.merge import canonical_json, is_protected
from kg.ledger.projection.rebuild import SELECT_RECORDS, decode_record
from kg.ontology import Ontology
from kg.records import Judgement, Ref

HOLDS, RESTS, CONTRADICTED, UNDONE = "holds", "rests", "contradicted", "undone"
"""It joins or keeps apart; no record in force uses one of its names; the records join what it keeps apart; taken
back."""


@dataclass(frozen=True, slots=True)
class JudgementStatus:
    """A judgement and its effect now."""

    judgement: Judgement
    state: str

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {**asdict(self.judgement), "state": self.state}


def find_node(connection: sqlite3.Connection, name: Ref) -> tuple[int, bool] | None:
    """The node with a name, as its number in the store and whether it is protected; None if no record in force
    uses the name.
    """
    query = """SELECT node.num, node.protected FROM atom JOIN namespace n ON n.num = atom.ns
        JOIN node ON node.num = atom.node WHERE n.name = ? AND atom.key = ?"""
    row = connection.execute(query, name).fetchone()
    return (row[0], bool(row[1])) if row else None


def judgement_state(connection: sqlite3.Connection, judgement: Judgement) -> str:
    """One of HOLDS, RESTS, CONTRADICTED and UNDONE."""
    if judgement.undone:
        return UNDONE
    one, other = find_node(connection, judgement.one), find_node(connection, judgement.other)
    if one is None or other is None:
        return RESTS
    if judgement.kind == SAME:
        return HOLDS if one == other else RESTS
    return CONTRADICTED if one == other else HOLDS


def visible_judgements(
    connection: sqlite3.Connection, ontology: Ontology, found: Iterable[Judgement], *, protected: bool
) -> list[Judgement]:
    """The judgements that may be seen; the protected scope sees all."""
    all_judgements = list(found)
    if protected:
        return all_judgements
    names = {name for judgement in all_judgements for name in (judgement.one, judgement.other)}
    protected_names = _protected_names(connection, ontology, names)
    return [j for j in all_judgements if not {j.one, j.other} & protected_names]


def _protected_names(connection: sqlite3.Connection, ontology: Ontology, names: Iterable[Ref]) -> set[Ref]:
    """The names that only protected records use, or used before they were withdrawn."""
    protected_names, unknown = set[Ref](), list[Ref]()
    for name in names:
        node = find_node(connection, name)
        if node is None:
            unknown.append(name)
        elif node[1]:
            protected_names.add(name)
    return protected_names | _formerly_protected_names(connection, ontology, unknown)


def _formerly_protected_names(connection: sqlite3.Connection, ontology: Ontology, names: list[Ref]) -> set[Ref]:
    if not names:
        return set()
    query = f"{SELECT_RECORDS} WHERE from_key IS NULL AND record.key IN (SELECT value FROM json_each(?))"
    only_protected: dict[Ref, bool] = {}
    for record in map(decode_record, connection.execute(query, (canonical_json([n.key for n in names]),))):
        ref = Ref(record.namespace, record.key)
        only_protected[ref] = only_protected.get(ref, True) and is_protected(ontology, record)
    return {name for name in names if only_protected.get(name, False)}

"""Compare two nodes, or pairs of names; find names that may be written otherwise."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.analysis.matching import Party, Register, compare_parties
from kg.errors import InputError, InputLocation
from kg.findings.matches import Match
from kg.names import SAME_BITS, NameMatch, candidate_queries, compare_names
from kg.names.comparison import Kind
from kg.ontology import Ontology
from kg.operations.matching.candidates import graph_register
from kg.operations.matching.parties import PARTY_TYPES, linked_party, named_party
from kg.operations.matching.screening import MAX_BLOCK, find_candidates, sizes_of
from kg.operations.questions.lookup import resolve_node
from kg.ports import Store
from kg.records import Node
from kg.stores.sqlite.store import SqliteStore

MIN_WRITTEN_SO = SAME_BITS
"""Bits of names that a fuzzy search shows."""


@dataclass(frozen=True, slots=True)
class NameComparison:
    """Two names and what they weigh."""

    left: str
    right: str
    bits: float
    same: bool
    """Whether they are told as names of one."""
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenSo:
    """A node whose name may be written like a text, and what the two weigh."""

    node: Node
    name: str
    match: NameMatch


def compare_nodes(store: Store, ontology: Ontology, one: str, other: str) -> Match:
    """The whole comparison of two people or companies, also of those that nobody suggested.

    Raises NotFound and InputError as `Store.resolve` does, and for what is neither a person nor a company.
    """
    ids = resolve_node(store, "one", one), resolve_node(store, "other", other)
    nodes = store.nodes(ids)
    for name, node in zip((one, other), (nodes[i] for i in ids), strict=True):
        if node.type not in ontology.kinds_of("Party"):
            problem = f"is of type {node.type}; expected a person, company or other party"
            raise InputError(problem, InputLocation(value=name))
    first, second = (linked_party(store, ontology, nodes[i]) for i in ids)
    register = _register(store, ontology, first, is_company=first.is_company or second.is_company)
    return compare_parties(first, second, register)


def _register(store: Store, ontology: Ontology, party: Party, *, is_company: bool) -> Register:
    """The graph as a register; of a Neo4j, base rates are those among the candidates for the party."""
    if isinstance(store, SqliteStore):
        return graph_register(store, is_company=is_company)
    near = find_candidates(store, ontology, party, limit=MAX_BLOCK)
    pool = [linked_party(store, ontology, n) for _, n in sorted(near.nodes.items())[:MAX_BLOCK]]
    return Register.of(sizes_of(store, ontology)["company" if is_company else "person"], 1, pool)


def find_written_so(store: Store, ontology: Ontology, text: str, found: Sequence[str], limit: int) -> list[WrittenSo]:
    """People and companies whose names may be written for the same as a text, without those `found` exactly."""
    nodes: dict[str, Node] = {}
    for query in dict.fromkeys((*candidate_queries(text), *candidate_queries(text, is_company=True))):
        nodes |= store.find_by_words(query, PARTY_TYPES, MAX_BLOCK)
    written = []
    for name, node in nodes.items():
        if name in found:
            continue
        party = named_party(ontology, node)
        kind: Kind = "company" if party.is_company else "person"
        matches = [(compare_names(text, n, kind), n) for n in (*party.names, *party.weak_names)]
        match, called = max(matches, key=lambda m: m[0].bits)
        if match.bits >= MIN_WRITTEN_SO:
            written.append(WrittenSo(node, called, match))
    return sorted(written, key=lambda w: (-w.match.bits, w.node.id))[:limit]


def compare_pairs(path: Path) -> Iterator[NameComparison]:
    """Compare each pair of a CSV file with columns `left` and `right`, and perhaps `kind`: `person` or `company`.

    Raises InputError where the file has not these columns.
    """
    try:
        file = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", InputLocation(str(path))) from None
    with file:
        rows = csv.DictReader(file)
        if missing := [c for c in ("left", "right") if c not in (rows.fieldnames or ())]:
            raise InputError(f"expected a column {missing[0]}", InputLocation(str(path), line=1))
        for row in rows:
            yield compare_two(row["left"] or "", row["right"] or "", is_company=row.get("kind") == "company")


def compare_two(left: str, right: str, *, is_company: bool = False) -> NameComparison:
    """What two names weigh."""
    match = compare_names(left, right, "company" if is_company else "person")
    return NameComparison(left, right, round(match.bits, 2), match.bits >= SAME_BITS, match.reasons)

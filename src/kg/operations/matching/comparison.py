"""Compare two nodes, or pairs of names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from kg.analysis.matching import Party, Register, compare_parties
from kg.errors import InputError, InputLocation
from kg.findings.matches import Match, NameComparison
from kg.names import SAME_BITS, compare_names
from kg.ontology import Ontology
from kg.operations.matching.candidates import graph_register
from kg.operations.matching.parties import linked_party
from kg.operations.matching.screening import find_candidates, sizes_of
from kg.operations.questions.lookup import resolve_node
from kg.operations.questions.written_so import MAX_BLOCK
from kg.ports import Store
from kg.stores.sqlite.store import SqliteStore


def compare_nodes(store: Store, ontology: Ontology, one: str, other: str) -> Match:
    """The whole comparison of two people or companies, also of those that nobody suggested.

    Raises NotFound and InputError as `Store.resolve` does, and for what is neither a person nor a company.
    """
    ids = resolve_node(store, "one", one), resolve_node(store, "other", other)
    nodes = store.nodes(ids)
    for field, name, node in zip(("one", "other"), (one, other), (nodes[i] for i in ids), strict=True):
        if node.type not in ontology.kinds_of("Party"):
            problem = f"is of type {node.type}; expected a person, company or other party"
            raise InputError(problem, InputLocation(value=name)).with_field(field, name)
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

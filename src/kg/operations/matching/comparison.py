"""Compare two nodes, or pairs of names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.analysis.matching import Party, Register, compare_parties
from kg.errors import InputError, InputLocation
from kg.findings.matches import Match, NameComparison
from kg.names import compare_names
from kg.ontology import Ontology
from kg.operations.matching.candidates import graph_register
from kg.operations.matching.parties import expect_party, linked_party
from kg.operations.matching.screening import find_candidates, sizes_of
from kg.operations.questions.lookup import resolve_node
from kg.operations.questions.written_so import MAX_BLOCK
from kg.ports import Store
from kg.records import Reject
from kg.sources.files.delimited import Dialect, read_table
from kg.sources.rows import ignore_progress
from kg.stores.sqlite.store import SqliteStore

_KINDS = ("person", "company", "")


def compare_nodes(store: Store, ontology: Ontology, one: str, other: str) -> Match:
    """The whole comparison of two people or companies, also of those that nobody suggested.

    Raises NotFound and InputError as `Store.resolve` does, and for what is neither a person nor a company.
    """
    ids = resolve_node(store, "one", one), resolve_node(store, "other", other)
    if ids[0] == ids[1]:
        raise InputError("is the same node as the first; expected another", InputLocation(value=other)).with_field(
            "other", other
        )
    nodes = store.nodes(ids)
    for field, name, found in (("one", one, ids[0]), ("other", other, ids[1])):
        try:
            expect_party(ontology, nodes[found], name)
        except InputError as error:
            raise error.with_field(field, name) from None
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

    Raises InputError where the file has not these columns, and for a row that cannot be read.
    """
    if not path.is_file():
        raise InputError("there is no such file", InputLocation(str(path)))
    for found in read_table(path, ("left", "right"), ignore_progress, Dialect(delimiter="")):
        if isinstance(found, Reject):
            raise InputError(found.reason, InputLocation(str(path), line=found.line))
        row, cells = found
        kind = cells.get("kind", "").strip().lower()
        if kind not in _KINDS:
            problem = f"expected {' or '.join(filter(None, _KINDS))}"
            raise InputError(problem, InputLocation(str(path), row.line, key="kind", value=kind))
        yield compare_two(cells["left"], cells["right"], is_company=kind == "company")


def compare_two(left: str, right: str, *, is_company: bool = False) -> NameComparison:
    """What two names weigh."""
    match = compare_names(left, right, "company" if is_company else "person")
    return NameComparison(left, right, round(match.bits, 2), match.is_same, match.reasons)

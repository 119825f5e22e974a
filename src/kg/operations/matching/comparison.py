"""Compare two nodes, or pairs of names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.findings.matches import Match, NameComparison
from kg.findings.posterior import limited_by_judgement
from kg.ledger.judgement_status import HOLDS, JudgementStatus, judgements_between
from kg.names import compare_names, name_words
from kg.ontology import Ontology
from kg.ontology.words import fold_word, words_of_types
from kg.operations.matching.entries import Entries
from kg.operations.matching.judged_rows import judged_sentence
from kg.operations.matching.parties import are_of_one_kind, expect_party, is_party, may_be_compared, named_party
from kg.operations.questions.lookup import resolve_node
from kg.operations.workspace import Workspace, open_sqlite_store
from kg.ports import Store
from kg.records import Reject
from kg.stores.sqlite.store import SqliteStore


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
    first, second = (named_party(ontology, nodes[i]) for i in ids)
    entries = Entries(store, ontology)
    alone = entries.weigh(first, second, 0.0, within=True)
    assert alone, "nothing is less probable"
    match, *_ = entries.share_within([alone])
    if not are_of_one_kind(first, second):
        says = "one is a person, the other a company or body: they are never one, whatever agrees"
        match = replace(match, probability=0.0, band="none", capped="", warnings=(*match.warnings, says))
    judged = judgements_between(store.connection, *ids) if isinstance(store, SqliteStore) else []
    for status in judged:
        if status.state == HOLDS:
            match = limited_by_judgement(match, status.judgement.kind)
    return replace(match, warnings=(*match.warnings, *map(_sentence, judged)))


def evidence_against(workspace: Workspace, one: str, other: str) -> tuple[str, ...]:
    """What speaks against two nodes being one, a sentence each; none for what is not compared.

    Raises NotFound and InputError as `Store.resolve` does.
    """
    with open_sqlite_store(workspace) as store:
        ids = store.resolve(one), store.resolve(other)
        found = store.nodes(ids)
        are_compared = all(is_party(workspace.ontology, node) and may_be_compared(node) for node in found.values())
        if ids[0] == ids[1] or not are_compared:
            return ()
        first, second = (named_party(workspace.ontology, found[name]) for name in ids)
        match = Entries(store, workspace.ontology).weigh(first, second, 0.0, within=True)
    return tuple(f"{e.feature} {e.bits:+.1f}: {e.says}" for e in match.evidence if e.bits < 0) if match else ()


def _sentence(status: JudgementStatus) -> str:
    judgement = status.judgement
    said = judged_sentence(judgement)
    if judgement.undone:
        return f"{said}; undone on {judgement.undone} by {judgement.undone_by}: {judgement.undone_why}"
    return said if status.state == HOLDS else f"{said}; {status.state}"


def compare_pairs(path: Path) -> Iterator[NameComparison]:
    """Compare each pair of a CSV file with columns `left` and `right`, and perhaps `kind`.

    Those whose kind is a word for companies are of companies, all others of persons: benchmarks have groups there.

    Raises InputError where the file has not these columns, and for a row that cannot be read.
    """
    from kg.sources.files.delimited import Dialect, read_table
    from kg.sources.rows import ignore_progress

    if not path.is_file():
        raise InputError("there is no such file", InputLocation(str(path)))
    companies = words_of_types("nodes", ("Enterprise",))
    for found in read_table(path, ("left", "right"), ignore_progress, Dialect(delimiter="")):
        if isinstance(found, Reject):
            raise InputError(found.reason, InputLocation(str(path), line=found.line))
        _, cells = found
        is_company = fold_word(cells.get("kind", "")) in companies
        yield compare_pair(cells["left"], cells["right"], is_company=is_company)


def compare_pair(left: str, right: str, *, is_company: bool = False) -> NameComparison:
    """What two names of many weigh: as `compare_two`, but nothing, with the reason, where one is no name."""
    if name_words(left) and name_words(right):
        return compare_two(left, right, is_company=is_company)
    return NameComparison(left, right, 0.0, same=False, reasons=("one of the two has no name to compare",))


def compare_two(left: str, right: str, *, is_company: bool = False) -> NameComparison:
    """What two names weigh. Raises InputError for a text without a name."""
    for side, name in (("left", left), ("right", right)):
        if not name_words(name):
            raise InputError("expected a name", InputLocation(key=side, value=name))
    match = compare_names(left, right, "company" if is_company else "person")
    return NameComparison(left, right, round(match.bits, 2), match.is_same, match.reasons)

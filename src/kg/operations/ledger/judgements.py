"""Judgements about identity: made, undone and listed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from kg.database.scopes import scope
from kg.errors import InputError, InputLocation, StoreBusy
from kg.findings.matches import Suggestion
from kg.ledger.judgement_pairs import SAME
from kg.ledger.judgement_status import JudgementStatus, names_of_node
from kg.ledger.judgements import Decision
from kg.ledger.ledger import Ledger
from kg.ledger.suggestions import list_suggestions
from kg.ontology import Ontology
from kg.operations.workspace import Workspace, open_database, open_sqlite_store, today
from kg.ports import Store
from kg.records import Judgement, Node, Ref, node_id
from kg.stores.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from kg.stores.neo4j import Neo4jStore

_WORD = re.compile(r"[^\W\d_]{2}")

MAX_TEXT_LENGTH = 2_000
"""Longest name or reason of a judgement, in characters."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who decides, and why."""

    by: str
    why: str
    day: str = ""
    """Day of the decision, UTC; today when empty."""


@dataclass(frozen=True, slots=True)
class NodeIdentity:
    """The keys and judgements that make a node one entity."""

    names: tuple[Ref, ...]
    """The keys that records and judgements use for it, smallest first: the id is made from the first."""
    former_ids: tuple[str, ...]
    """Ids that its parts would have on their own; they redirect here."""
    judgements: tuple[JudgementStatus, ...]
    """The judgements in force that name it."""
    suggestions: tuple[Suggestion, ...] = ()
    """Who may be one with it, the most probable first: nobody has decided that yet."""


def judge(
    workspace: Workspace,
    kind: str,
    names: tuple[str, str],
    attribution: Attribution,
    *,
    allow_mixed_types: bool = False,
) -> Judgement:
    """Record that two nodes are the `same` or `distinct`, or that nobody can say; each is named as `Store.resolve`
    takes it. Confirms a judgement about them that waits for a second person.

    Raises NotFound, and InputError, with the chain, for what contradicts the records or another judgement, and, unless
    mixed types are allowed, for types that exclude each other, such as a person and a vessel.
    """
    with open_sqlite_store(workspace) as store:
        decision = decide(workspace, store, kind, names, attribution, allow_mixed_types=allow_mixed_types)
    with open_database(workspace) as connection:
        return Ledger(connection, workspace.ontology, protected=workspace.protected).judge(decision)


def decide(
    workspace: Workspace,
    store: SqliteStore,
    kind: str,
    names: tuple[str, str],
    attribution: Attribution,
    *,
    allow_mixed_types: bool,
) -> Decision:
    """What is decided about two nodes, checked. Raises what `judge` raises."""
    _validate(attribution)
    if not _WORD.search(attribution.why):
        given = InputLocation(key="--why", value=attribution.why)
        raise InputError("expected a reason with a word of at least 2 letters", given)
    nodes = store.resolve(names[0]), store.resolve(names[1])
    found = store.nodes(nodes)
    if kind == SAME and not allow_mixed_types:
        _require_compatible_types(workspace.ontology, found, nodes, names)
    by, why, day = attribution.by.strip(), attribution.why.strip(), attribution.day or today()
    needs_second = workspace.two_eyes and kind == SAME and any(node.sought_under for node in found.values())
    return Decision(kind, nodes, by, why, day, names, workspace.user, needs_second)


def _require_compatible_types(
    ontology: Ontology, nodes_by_id: Mapping[str, Node], nodes: tuple[str, str], names: tuple[str, str]
) -> None:
    one, other = (nodes_by_id[node].type for node in nodes)
    if not ontology.kinds_of(one) & ontology.kinds_of(other):
        given = InputLocation(key=SAME, value=" ".join(names))
        raise InputError(
            f"the types exclude each other: the first is a {one}, the second a {other}; --mixed joins them", given
        )


def undo_judgement(workspace: Workspace, number: int, attribution: Attribution) -> Judgement:
    """Undo a judgement. Raises NotFound for one that this scope does not see, InputError for one undone before."""
    _validate(attribution)
    with open_sqlite_store(workspace):  # rebuilds the graph if the ontology has changed
        pass
    with open_database(workspace) as connection:
        ledger = Ledger(connection, workspace.ontology, protected=workspace.protected)
        return ledger.undo(
            number, attribution.by.strip(), attribution.why.strip(), attribution.day or today(), workspace.user
        )


def list_judgements(workspace: Workspace, node: str = "") -> list[JudgementStatus]:
    """All judgements with their status, undone ones too; only those about one node where one is named.

    Raises NotFound and InputError as `Store.resolve` does. Judgements about protected records need that scope.
    """
    with open_sqlite_store(workspace) as store:
        found = store.resolve(node) if node else ""
    with open_database(workspace) as connection:
        return Ledger(connection, workspace.ontology, protected=workspace.protected).judgements(found)


def get_identity(workspace: Workspace, store: Store, node: str) -> NodeIdentity:
    """The identity of a node (its canonical id), in the read transaction of a SQLite store.

    Only the ledger knows identity: if a Neo4j answers, the SQLite file is read. Raises StoreBusy where that has another
    graph version, in the scope of which the Neo4j is a copy: who has the protected scope may read an open copy too.
    """
    if isinstance(store, SqliteStore):
        return _read_identity(store, node)
    with open_sqlite_store(workspace) as ledger:
        with scope(ledger.connection, protected=cast("Neo4jStore", store).holds_protected):
            version = ledger.version()
        if version != store.version():
            raise StoreBusy(
                f"the Neo4j has graph {store.version()}, and {workspace.path}, which has the judgements, has "
                f"{version}; retry, or bring the Neo4j up to date with `kg sync`"
            )
        return _read_identity(ledger, node)


def _read_identity(store: SqliteStore, node: str) -> NodeIdentity:
    names = tuple(names_of_node(store.connection, node))
    judged = Ledger(store.connection, store.ontology, protected=store.protected).judgements(node)
    former = sorted({node_id(*name) for name in names} - {node})
    suggested = list_suggestions(store.connection, node)
    return NodeIdentity(names, tuple(former), tuple(judged), tuple(suggested))


def _validate(attribution: Attribution) -> None:
    for option, text in (("--by", attribution.by), ("--why", attribution.why)):
        check_text(option, text)


MISSING_TEXTS = {
    "--by": 'say who decides, such as --by "A. Analyst"',
    "--why": 'say the grounds, such as --why "same passport, seen"',
}
"""What to write for an option without which nothing is judged."""


def check_text(option: str, text: str) -> None:
    """Raise InputError for a name or reason that is not one line."""
    if not text.strip():
        raise InputError(f"{option} is missing: {MISSING_TEXTS.get(option, 'expected one line')}").with_field(
            option, text
        )
    if not text.isprintable() or len(text) > MAX_TEXT_LENGTH:
        problem = f"expected one line of 1 to {MAX_TEXT_LENGTH} characters"
        raise InputError(problem, InputLocation(key=option, value=text))

"""How do people decide who is who, and see what was decided?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import InputError, InputLocation, StoreBusy
from kg.ledger.judgement_pairs import SAME
from kg.ledger.judgement_status import JudgementStatus
from kg.ledger.judgements import Decision, names_of_node
from kg.ledger.ledger import Ledger
from kg.ontology import Ontology
from kg.operations.workspace import Workspace, open_database, open_sqlite_store, today
from kg.ports import Store
from kg.records import Judgement, Node, Ref, node_id
from kg.stores.sqlite.store import SqliteStore

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
    """What makes a node one thing."""

    names: tuple[Ref, ...]
    """The names by which records and judgements know it, smallest first: the id is made from the first."""
    former_ids: tuple[str, ...]
    """Ids that its parts have on their own; they lead here."""
    judgements: tuple[JudgementStatus, ...]
    """The standing ones that name it."""


def judge(
    workspace: Workspace,
    kind: str,
    names: tuple[str, str],
    attribution: Attribution,
    *,
    allow_mixed_types: bool = False,
) -> Judgement:
    """Decide that two nodes are the `same` thing or `distinct` ones; each is named as `Store.resolve` takes it.

    Raises NotFound, and InputError, with the chain, for what contradicts the records or another judgement, and for two
    nodes that cannot be the same kind of thing, such as a person and a vessel, unless they are known to be `mixed`.
    """
    _validate(attribution)
    with open_sqlite_store(workspace) as store:
        nodes = store.resolve(names[0]), store.resolve(names[1])
        if kind == SAME and not allow_mixed_types:
            _require_compatible_types(workspace.ontology, store.nodes(nodes), nodes, names)
    with open_database(workspace) as connection:
        decision = Decision(
            kind, nodes, attribution.by.strip(), attribution.why.strip(), attribution.day or today(), names
        )
        return Ledger(connection, workspace.ontology).judge(decision)


def _require_compatible_types(
    ontology: Ontology, nodes_by_id: Mapping[str, Node], nodes: tuple[str, str], names: tuple[str, str]
) -> None:
    one, other = (nodes_by_id[node].type for node in nodes)
    if not ontology.kinds_of(one) & ontology.kinds_of(other):
        given = InputLocation(key=SAME, value=" ".join(names))
        raise InputError(f"nothing is both: the first is of type {one}, the second of type {other}", given)


def undo_judgement(workspace: Workspace, number: int, attribution: Attribution) -> Judgement:
    """Take a judgement back. Raises NotFound for one that this scope does not see, InputError for one taken back."""
    _validate(attribution)
    with open_sqlite_store(workspace):  # brings the graph up to this version's ontology
        pass
    with open_database(workspace) as connection:
        ledger = Ledger(connection, workspace.ontology)
        seen = {judged.judgement.number for judged in ledger.judgements(protected=workspace.protected)}
        return ledger.undo(
            number if number in seen else 0, attribution.by.strip(), attribution.why.strip(), attribution.day or today()
        )


def list_judgements(workspace: Workspace, node: str = "") -> list[JudgementStatus]:
    """All judgements with what each does now, undone ones too; those that stand on one node where one is named.

    Raises NotFound and InputError as `Store.resolve` does. What only protected records know needs that scope.
    """
    with open_sqlite_store(workspace) as store:
        found = store.resolve(node) if node else ""
    with open_database(workspace) as connection:
        return Ledger(connection, workspace.ontology).judgements(found, protected=workspace.protected)


def get_identity(workspace: Workspace, store: Store, node: str) -> NodeIdentity:
    """What makes a node (its canonical id) one thing, at the moment of which an embedded store answers.

    Who is who is the ledger's business: where another store answers, the file beside it is asked. Raises StoreBusy
    where that is of another version.
    """
    if isinstance(store, SqliteStore):
        return _read_identity(store, node)
    with open_sqlite_store(workspace) as ledger:
        if ledger.version() != store.version():
            raise StoreBusy(
                f"the Neo4j has graph {store.version()}, and {workspace.path}, which knows who is who, has "
                f"{ledger.version()}; ask again, or bring the Neo4j up to date with `kg sync`"
            )
        return _read_identity(ledger, node)


def _read_identity(store: SqliteStore, node: str) -> NodeIdentity:
    names = tuple(names_of_node(store.connection, node))
    judged = Ledger(store.connection, store.ontology).judgements(node, protected=store.protected)
    former = sorted({node_id(*name) for name in names} - {node})
    return NodeIdentity(names, tuple(former), tuple(judged))


def _validate(attribution: Attribution) -> None:
    for option, text in (("--by", attribution.by), ("--why", attribution.why)):
        if not text.strip() or not text.isprintable() or len(text) > MAX_TEXT_LENGTH:
            raise InputError(
                f"expected one line of 1 to {MAX_TEXT_LENGTH} characters", InputLocation(key=option, value=text)
            )

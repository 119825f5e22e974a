"""How do people decide who is who, and see what was decided?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import InputError, Place, StoreBusy
from kg.ledger.judgement_pairs import SAME
from kg.ledger.judgement_status import Judged
from kg.ledger.judgements import Decision, names_of
from kg.ledger.ledger import Ledger
from kg.ontology import Ontology
from kg.operations.store.view_cache import ViewedStore
from kg.operations.workspace import Workplace, open_embedded, open_file, today
from kg.ports import Store
from kg.records import Judgement, Node, Ref, node_id
from kg.stores.sqlite.store import EmbeddedStore

MAX_TEXT = 2_000
"""Longest name or reason of a judgement, in characters."""


@dataclass(frozen=True, slots=True)
class Word:
    """Who decides, and why."""

    by: str
    why: str
    day: str = ""
    """Day of the decision, UTC; today when empty."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a node one thing."""

    names: tuple[Ref, ...]
    """The names by which records and judgements know it, smallest first: the id is made from the first."""
    former_ids: tuple[str, ...]
    """Ids that its parts have on their own; they lead here."""
    judgements: tuple[Judged, ...]
    """The standing ones that name it."""

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {
            "names": [list(name) for name in self.names],
            "former_ids": list(self.former_ids),
            "judgements": [judged.to_json() for judged in self.judgements],
        }


def judge(place: Workplace, kind: str, ends: tuple[str, str], word: Word, *, mixed: bool = False) -> Judgement:
    """Decide that two nodes are the `same` thing or `distinct` ones; each is named as `Store.resolve` takes it.

    Raises NotFound, and InputError, with the chain, for what contradicts the records or another judgement, and for two
    nodes that cannot be the same kind of thing, such as a person and a vessel, unless they are known to be `mixed`.
    """
    _check(word)
    with open_embedded(place) as store:
        nodes = store.resolve(ends[0]), store.resolve(ends[1])
        if kind == SAME and not mixed:
            _expect_one_kind(place.ontology, store.nodes(nodes), nodes, ends)
    with open_file(place) as connection:
        decision = Decision(kind, nodes, word.by.strip(), word.why.strip(), word.day or today(), ends)
        return Ledger(connection, place.ontology).judge(decision)


def _expect_one_kind(
    ontology: Ontology, found: Mapping[str, Node], nodes: tuple[str, str], ends: tuple[str, str]
) -> None:
    one, other = (found[node].type for node in nodes)
    if not ontology.kinds_of(one) & ontology.kinds_of(other):
        given = Place(key=SAME, value=" ".join(ends))
        raise InputError(f"nothing is both: the first is of type {one}, the second of type {other}", given)


def undo_judgement(place: Workplace, number: int, word: Word) -> Judgement:
    """Take a judgement back. Raises NotFound for one that this scope does not see, InputError for one taken back."""
    _check(word)
    with open_embedded(place):  # brings the graph up to this version's ontology
        pass
    with open_file(place) as connection:
        ledger = Ledger(connection, place.ontology)
        seen = {judged.judgement.number for judged in ledger.judgements(protected=place.protected)}
        return ledger.undo(number if number in seen else 0, word.by.strip(), word.why.strip(), word.day or today())


def list_judgements(place: Workplace, node: str = "") -> list[Judged]:
    """All judgements with what each does now, undone ones too; those that stand on one node where one is named.

    Raises NotFound and InputError as `Store.resolve` does. What only protected records know needs that scope.
    """
    with open_embedded(place) as store:
        found = store.resolve(node) if node else ""
    with open_file(place) as connection:
        return Ledger(connection, place.ontology).judgements(found, protected=place.protected)


def identity_of(place: Workplace, store: Store, node: str) -> Identity:
    """What makes a node (its canonical id) one thing, at the moment of which an embedded store answers.

    Who is who is the ledger's business: where another store answers, the file beside it is asked. Raises StoreBusy
    where that is of another version.
    """
    if isinstance(store, ViewedStore):
        store = store.store
    if isinstance(store, EmbeddedStore):
        return _identity(store, node)
    with open_embedded(place) as ledger:
        if ledger.version() != store.version():
            raise StoreBusy(
                f"the Neo4j has graph {store.version()}, and {place.path}, which knows who is who, has "
                f"{ledger.version()}; ask again, or bring the Neo4j up to date with `kg sync`"
            )
        return _identity(ledger, node)


def _identity(store: EmbeddedStore, node: str) -> Identity:
    names = tuple(names_of(store.connection, node))
    judged = Ledger(store.connection, store.ontology).judgements(node, protected=store.protected)
    former = sorted({node_id(*name) for name in names} - {node})
    return Identity(names, tuple(former), tuple(judged))


def _check(word: Word) -> None:
    for option, text in (("--by", word.by), ("--why", word.why)):
        if not text.strip() or not text.isprintable() or len(text) > MAX_TEXT:
            raise InputError(f"expected one line of 1 to {MAX_TEXT} characters", Place(key=option, value=text))

"""What does a saved query answer?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, Place, StoreUnfit
from kg.operations.questions.lookup import node_named
from kg.operations.workspace import Workplace
from kg.queries import SavedQuery, read_typed, read_value

if TYPE_CHECKING:
    from kg.stores.neo4j import Conversation, Neo4jStore, Table


@dataclass(frozen=True, slots=True)
class QueryOrder:
    """How a saved query is to be asked."""

    given: Mapping[str, str]
    """Values of parameters as a person writes them; nodes by id, `namespace:key` or a name only one has."""
    examples: bool = False
    """Take the example values of the demo set for what is not given."""
    seconds: float = 30.0
    """After so long the Neo4j ends it."""
    typed: Mapping[str, object] = field(default_factory=dict)
    """Values of parameters as JSON has them."""
    rows: int | None = None
    """Most rows of an answer; all when None."""


def run_query(place: Workplace, query: SavedQuery, order: QueryOrder) -> Table:
    """Ask the workplace's Neo4j, in a transaction that cannot write.

    Raises InputError for values, NotFound and InputError for names of nodes, StoreUnfit where no Neo4j is named or it
    holds protected facts that the workplace may not see, and StoreError where it ends the query.
    """
    from kg.stores.neo4j import answer

    values = _values(query, order)
    with _copy(place) as (conversation, store):
        for parameter in query.parameters:
            if parameter.kind == "node":
                named = values[parameter.name]
                values[parameter.name] = node_named(store, f"parameters.{parameter.name}", named)
        return answer(conversation, query.text, values, order.seconds, order.rows)


def _values(query: SavedQuery, order: QueryOrder) -> dict[str, Any]:
    known = {p.name: p for p in query.parameters}
    for name in sorted({*order.given, *order.typed} - known.keys()):
        expected = ", ".join(known) or "none"
        none = InputError(f"{query.name} has no such parameter; expected {expected}", Place(key=name))
        raise none.about(f"parameters.{name}", order.typed.get(name, ""))
    values: dict[str, Any] = {p.name: p.example for p in query.parameters if p.optional or order.examples}
    for name, text in order.given.items():
        values[name] = read_value(known[name].kind, text, Place("--param", key=name, value=text))
    for name, value in order.typed.items():
        try:
            values[name] = read_typed(known[name].kind, value, Place("parameters", key=name, value=str(value)))
        except InputError as error:
            raise error.about(f"parameters.{name}", value) from None
    for parameter in query.parameters:
        if parameter.name not in values:
            missing = InputError(f"{query.name} needs the parameter {parameter.name}: {parameter.meaning}")
            raise missing.about(f"parameters.{parameter.name}")
    return values


@contextmanager
def _copy(place: Workplace) -> Iterator[tuple[Conversation, Neo4jStore]]:
    """The Neo4j, if all that is in it may be seen: a query in Cypher leaves nothing out by itself."""
    from kg.stores.neo4j import Conversation, Neo4jStore, holds_protected

    if place.copy is None:
        raise StoreUnfit(
            "saved queries are Cypher and need a Neo4j; set KG_STORE to one, such as neo4j://localhost:7687"
        )
    with Conversation(place.copy, place.wait) as conversation:
        store = Neo4jStore(conversation, place.ontology, protected=place.protected)
        if holds_protected(conversation, place.ontology) and not place.protected:
            raise StoreUnfit(
                f"the Neo4j at {place.copy} holds protected facts, which a query does not leave out; "
                "set KG_SCOPE=protected, or take them out with `kg sync --open`"
            )
        yield conversation, store

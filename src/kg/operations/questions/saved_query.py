"""Runs saved queries in Neo4j."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, InputLocation, StoreUnfit
from kg.operations.questions.lookup import resolve_node
from kg.operations.workspace import Workspace
from kg.queries import SavedQuery, query_pack, read_json, read_text

if TYPE_CHECKING:
    from kg.operations.answers import QueriesAnswer, QueryResult
    from kg.stores.neo4j import Neo4jConnection, Neo4jStore


@dataclass(frozen=True, slots=True)
class SavedQueryRequest:
    """The parameters and limits of a query."""

    text_values: Mapping[str, str]
    """Values as written on the command line; nodes by id, `namespace:key` or a name that only one has."""
    use_examples: bool = False
    """Whether to use the example values of the demo set for parameters that are not given."""
    timeout: float = 30.0
    """Neo4j ends the query after so many seconds."""
    json_values: Mapping[str, object] = field(default_factory=dict)
    """Values as they are in JSON."""
    row_limit: int | None = None
    """Most rows of an answer; all if None."""


def list_queries(*, runs_here: bool) -> QueriesAnswer:
    """All saved queries by name, with what each has to be told, and whether there is a Neo4j to run them."""
    from kg.operations.answers import QueriesAnswer, QueryOut

    return QueriesAnswer(runs_here=runs_here, queries=[QueryOut.of(query) for query in query_pack().values()])


def run_query(workspace: Workspace, query: SavedQuery, request: SavedQueryRequest) -> QueryResult:
    """Ask the workplace's Neo4j, in a transaction that cannot write.

    Raises InputError for values, NotFound and InputError for names of nodes, StoreUnfit where no Neo4j is named or it
    holds protected facts that the workplace may not see, and StoreError where it ends the query.
    """
    from kg.operations.answers import QueryResult
    from kg.stores.neo4j import run_query

    values = _parse_parameters(query, request)
    with _open_neo4j(workspace) as (conversation, store):
        for parameter in query.parameters:
            if parameter.kind == "node":
                named = values[parameter.name]
                values[parameter.name] = resolve_node(store, f"parameters.{parameter.name}", named)
        table = run_query(conversation, query.text, values, request.timeout, request.row_limit)
        return QueryResult(
            version=str(store.version()),
            query=query.name,
            columns=list(table.columns),
            rows=[list(row) for row in table.rows],
            more=table.more,
        )


def _parse_parameters(query: SavedQuery, request: SavedQueryRequest) -> dict[str, Any]:
    known = {p.name: p for p in query.parameters}
    for name in sorted({*request.text_values, *request.json_values} - known.keys()):
        expected = ", ".join(known) or "none"
        none = InputError(f"{query.name} has no such parameter; expected {expected}", InputLocation(key=name))
        raise none.with_field(f"parameters.{name}", request.json_values.get(name, ""))
    values: dict[str, Any] = {p.name: p.example for p in query.parameters if p.optional or request.use_examples}
    for name, text in request.text_values.items():
        values[name] = read_text(known[name].kind, text, InputLocation("--param", key=name, value=text))
    for name, value in request.json_values.items():
        try:
            values[name] = read_json(known[name].kind, value, InputLocation("parameters", key=name, value=str(value)))
        except InputError as error:
            raise error.with_field(f"parameters.{name}", value) from None
    for parameter in query.parameters:
        if parameter.name not in values:
            missing = InputError(f"{query.name} needs the parameter {parameter.name}: {parameter.meaning}")
            raise missing.with_field(f"parameters.{parameter.name}")
    return values


@contextmanager
def _open_neo4j(workspace: Workspace) -> Iterator[tuple[Neo4jConnection, Neo4jStore]]:
    """The Neo4j. Raises StoreUnfit if it holds facts that the workspace may not see, or if there is none."""
    from kg.stores.neo4j import Neo4jConnection, Neo4jStore

    if workspace.neo4j is None:
        raise StoreUnfit(
            "saved queries are Cypher and need a Neo4j; set KG_STORE to one, such as neo4j://localhost:7687"
        )
    with Neo4jConnection(workspace.neo4j, workspace.wait) as conversation:
        yield conversation, Neo4jStore(conversation, workspace.ontology, protected=workspace.protected)

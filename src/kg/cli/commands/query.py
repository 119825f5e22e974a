"""`kg query`: run a saved query in Neo4j."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table, read_settings

if TYPE_CHECKING:
    from kg.operations.answers import QueriesAnswer


def query(
    name: Annotated[
        str, typer.Argument(help="Name of the query, such as people/family; without it, all are listed.")
    ] = "",
    param: Annotated[
        list[str] | None,
        typer.Option("--param", help="Value of a parameter; a node by id, namespace:key or name. Repeatable."),
    ] = None,
    all_of_them: Annotated[bool, typer.Option("--list", help="List the saved queries.")] = False,
    example: Annotated[
        bool, typer.Option("--example", help="Use the values of the demo set for parameters that are not given.")
    ] = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="Timeout of the query.")] = 30.0,
    json: Json = False,
) -> None:
    """Run a saved query in Neo4j: one of the files of cypher/queries, which also run in Neo4j Browser unchanged.

    It runs in a transaction that cannot write.
    """
    from kg import operations
    from kg.operations import SavedQueryRequest
    from kg.queries import find_query

    if all_of_them or not name:
        runs_here = operations.neo4j_address(read_settings()) is not None
        _show_saved_queries(operations.list_queries(runs_here=runs_here), json)
        return

    order = SavedQueryRequest(dict(map(parse_parameter, param or ())), example, seconds)
    asked = find_query(name)
    with open_workspace() as place:
        answer = operations.run_query(place, asked, order)
    if json:
        print_json(answer)
        return
    print_line(asked.title)
    print_table(answer.columns, [[_cell_text(value) for value in row] for row in answer.rows])
    print_line(f"{len(answer.rows):,} rows" + (f"; limits: {asked.limit}" if asked.limit else ""))


def _show_saved_queries(answer: QueriesAnswer, json: bool) -> None:
    if json:
        print_json(answer)
        return
    names = [[f"[{p.name}]" if p.optional else p.name for p in query.parameters] for query in answer.queries]
    rows = [(query.name, query.answers, ", ".join(of)) for query, of in zip(answer.queries, names, strict=True)]
    print_table(("query", "answers", "parameters"), rows)


def parse_parameter(text: str) -> tuple[str, str]:
    """Name and value of a parameter of a query. Raises InputError."""
    from kg.errors import InputError, InputLocation

    name, equals, value = text.partition("=")
    if not equals:
        raise InputError("expected NAME=VALUE", InputLocation("--param", value=text))
    return name, value


def _cell_text(value: Any) -> str:
    """A value for a person: nodes by their captions, paths as they are walked."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_cell_text(part) for part in value)
        case {"nodes": [first, *others], "links": links}:
            steps = (f" -{link['type']}- {node['caption']}" for link, node in zip(links, others, strict=True))
            return str(first["caption"]) + "".join(steps)
        case {"caption": caption}:
            return str(caption)
    return str(value)

"""`kg search`: find nodes by name or identifier."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.captions import type_text
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table


def search(
    text: Annotated[str, typer.Argument(help="A name in any script, or an identifier with or without separators.")],
    kinds: Annotated[
        list[str] | None, typer.Option("--type", help="Only this node type and its subtypes; repeatable.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most results.")] = 20,
    json: Json = False,
) -> None:
    """Find nodes by name or identifier, however it is written.

    Case, diacritics, spacing and full width make no difference, umlauts may be spelled out, and names in one script
    are found by their spelling in another. Names written as you type come first.
    """
    from kg import operations

    with open_workspace() as workspace, operations.open_store(workspace) as store:
        query = operations.SearchQuery(text, tuple(kinds or ()))
        answer = operations.search_entities(store, query, limit=limit)
        if json:
            print_json(answer)
        elif not answer.entities:
            print_line(f"no entity is named {text!r}")
        else:
            told = [operations.telling_facts(store, workspace.ontology, n) for n in answer.entities]
            rows = [
                (n.id, type_text(n), n.caption, "; ".join(facts), ", ".join(n.sources))
                for n, facts in zip(answer.entities, told, strict=True)
            ]
            print_table(("id", "type", "name", "what tells it apart", "sources"), rows)

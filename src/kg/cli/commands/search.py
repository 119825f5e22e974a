"""`kg search`: find nodes by name or identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.captions import type_text
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.ontology import Ontology
    from kg.operations.answers import EntitiesAnswer
    from kg.operations.matching.comparison import WrittenSo
    from kg.ports import Store


def search(
    text: Annotated[str, typer.Argument(help="A name in any script, or an identifier with or without separators.")],
    kinds: Annotated[
        list[str] | None, typer.Option("--type", help="Only this node type and its subtypes; repeatable.")
    ] = None,
    fuzzy: Annotated[
        bool, typer.Option("--fuzzy", help="After them, people and companies whose names may be written so.")
    ] = False,
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
        written = _written_so(workspace.ontology, store, text, answer, limit) if fuzzy else []
        if json:
            print_json({**answer.model_dump(mode="json"), "may_be_written_so": written} if fuzzy else answer)
        elif not answer.entities:
            print_line(f"no entity is named {text!r}")
        else:
            told = [operations.telling_facts(store, workspace.ontology, n) for n in answer.entities]
            rows = [
                (n.id, type_text(n), n.caption, "; ".join(facts), ", ".join(n.sources))
                for n, facts in zip(answer.entities, told, strict=True)
            ]
            print_table(("id", "type", "name", "what tells it apart", "sources"), rows)
        if fuzzy and not json:
            _show_written_so(workspace.ontology, store, written)


def _written_so(ontology: Ontology, store: Store, text: str, answer: EntitiesAnswer, limit: int) -> list[WrittenSo]:
    from kg.operations.matching.comparison import find_written_so

    return find_written_so(store, ontology, text, [n.id for n in answer.entities], limit)


def _show_written_so(ontology: Ontology, store: Store, written: list[WrittenSo]) -> None:
    from kg import operations

    if not written:
        print_line("no other name may be written so")
        return
    print_line("may be written so (a name alone makes nobody the same):")
    rows = [
        (
            w.node.id,
            w.name,
            f"{w.match.bits:+.1f}",
            "; ".join(w.match.reasons),
            "; ".join(operations.telling_facts(store, ontology, w.node)),
            ", ".join(w.node.sources),
        )
        for w in written
    ]
    print_table(("id", "name", "bits", "why", "what tells it apart", "sources"), rows)

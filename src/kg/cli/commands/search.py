"""`kg search`: find nodes by name or identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.captions import type_text
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.ontology import Ontology
    from kg.operations.answers import EntitiesAnswer
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
        find = operations.search_fuzzily if fuzzy else operations.search_entities
        answer = find(store, query, limit=limit)
        if json:
            print_json(answer)
            return
        _show_found(workspace.ontology, store, answer, text)
        if answer.next:
            print_line("there are more; --limit shows them")
        if not (fuzzy or answer.entities):
            print_line("--fuzzy looks for people and companies whose names may be written so")
        if fuzzy:
            _show_written_so(workspace.ontology, store, answer)


def _show_found(ontology: Ontology, store: Store, answer: EntitiesAnswer, text: str) -> None:
    from kg import operations

    if not answer.entities:
        is_number = any(map(str.isdigit, text))
        whole = "; a number is found by all of it, with the letters it begins with" if is_number else ""
        print_line(f"no entity is named {text!r}{whole}")
        return
    told = [operations.telling_facts(store, ontology, n) for n in answer.entities]
    rows = [
        (n.id, type_text(n), n.caption, "; ".join(facts), ", ".join(n.sources))
        for n, facts in zip(answer.entities, told, strict=True)
    ]
    print_table(("id", "type", "name", "what tells it apart", "sources"), rows)


def _show_written_so(ontology: Ontology, store: Store, answer: EntitiesAnswer) -> None:
    from kg import operations
    from kg.operations.answers import FuzzyEntitiesAnswer

    if not isinstance(answer, FuzzyEntitiesAnswer) or not answer.may_be_written_so:
        print_line("no other name may be written so")
        return
    print_line("may be written so (a name alone makes nobody the same):")
    rows = [
        (
            w.entity.id,
            w.name,
            f"{w.bits:+.1f}",
            "; ".join(w.reasons),
            "; ".join(operations.telling_facts(store, ontology, w.entity)),
            ", ".join(w.entity.sources),
        )
        for w in answer.may_be_written_so
    ]
    print_table(("id", "name", "bits", "why", "what tells it apart", "sources"), rows)

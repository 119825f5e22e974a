"""`kg ref`: show the ontology."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kg.cli.terminal import Json, print_json, print_line, print_table


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: kg ref OWNS")(ref)


def ref(
    name: Annotated[
        str, typer.Argument(help="A node type, link type, trait or property; without it, everything is shown.")
    ] = "",
    json: Json = False,
) -> None:
    """Show the ontology: the types of nodes and links, their properties and values."""
    from kg.ontology import load_ontology
    from kg.ontology.derive.reference import describe, overview

    ontology = load_ontology()
    found = describe(ontology, name) if name else overview(ontology)
    if json:
        print_json(found)
    elif name:
        _show_tree(found)
    else:
        nodes = [(n["name"], ", ".join(n["lineage"][1:]), n["description"]) for n in found["nodes"]]
        print_table(("node type", "is also", "what it is"), nodes)
        ends = ("from", "to", "traits")
        links = [(t["name"], *(", ".join(t[key]) for key in ends), t["description"]) for t in found["links"]]
        print_table(("link type", *ends, "what it says"), links)


def _show_tree(data: Any, indent: str = "") -> None:
    """Plain data as indented lines; what is empty is left out."""
    for key, value in data.items():
        if isinstance(value, dict):
            print_line(f"{indent}{key}:")
            _show_tree(value, indent + "  ")
        elif value:
            shown = ", ".join(map(_one_line, value)) if isinstance(value, list) else _one_line(value)
            print_line(f"{indent}{key}: {shown}")


def _one_line(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name} {_one_line(part)}" for name, part in value.items())
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)

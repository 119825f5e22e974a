"""Which commands show what kg knows by itself, and show it at work?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli.terminal import Json, print_json, print_line, print_table, show_progress
from kg.errors import InputError


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog="Example: kg ref OWNS")(ref)
    app.command(epilog="Example: kg generate --check")(generate)
    app.command(epilog="Example: kg demo --out kg-demo")(demo)


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
        print_table(
            ("node type", "is also", "what it is"),
            [(n["name"], ", ".join(n["lineage"][1:]), n["description"]) for n in found["nodes"]],
        )
        print_table(
            ("link type", "from", "to", "traits", "what it says"),
            [
                (t["name"], ", ".join(t["from"]), ", ".join(t["to"]), ", ".join(t["traits"]), t["description"])
                for t in found["links"]
            ],
        )


def _show_tree(data: Any, indent: str = "") -> None:
    """Plain data as indented lines; what is empty is left out."""
    for key, value in data.items():
        if isinstance(value, dict):
            print_line(f"{indent}{key}:")
            _show_tree(value, indent + "  ")
        elif value:
            print_line(
                f"{indent}{key}: {', '.join(map(_one_line, value)) if isinstance(value, list) else _one_line(value)}"
            )


def _one_line(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return " ".join(f"{name} {_one_line(part)}" for name, part in value.items())
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def generate(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a file is not up to date.")] = False,
) -> None:
    """Regenerate the files that are derived from the ontology, in a checkout of the source."""
    from kg.ontology import load_ontology
    from kg.ontology.derive import derived_files
    from kg.resources import checkout_dir

    root = checkout_dir()
    if root is None:
        raise InputError("`kg generate` needs a checkout of the source; this kg is an installed package")
    stale = [name for name, text in derived_files(load_ontology()).items() if _is_stale(root / name, text)]
    if check and stale:
        raise InputError(f"not up to date: {', '.join(stale)}; run `kg generate`")
    for name, text in derived_files(load_ontology()).items():
        if name in stale:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
            print_line(f"wrote {name}")
    if not stale:
        print_line("all derived files are up to date")


def _is_stale(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the demo's store and report; made anew each time.")] = Path(
        "kg-demo"
    ),
) -> None:
    """Run the main job on the invented demo case set, in a store of its own."""
    from kg.cli.commands.demo import run_demo

    with show_progress() as shown:
        run_demo(out, shown)

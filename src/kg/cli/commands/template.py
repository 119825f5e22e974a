"""`kg template`: write empty sheets to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.terminal import Json, print_json, print_line, print_table


def template(
    file: Annotated[
        Path,
        typer.Argument(
            help="A new file: persons.csv, enterprises.csv, assets.csv, links.csv, payments.csv, or any .xlsx."
        ),
    ],
    declaration: Annotated[
        str, typer.Option("--as", help="Path of your own declaration of tables, for a template of those.")
    ] = "",
    json: Json = False,
) -> None:
    """Write an empty sheet to fill in and load. A workbook has one sheet that explains each column."""
    from kg.operations.template import write_template

    made = write_template(file, declaration)
    if json:
        print_json({"file": str(file), "sheets": {s.name: [c._asdict() for c in s.columns] for s in made}})
        return
    for sheet in made:
        rows = [(f"{c.name}{' *' if c.required else ''}", c.meaning, c.expected) for c in sheet.columns]
        print_table((sheet.name, "what it means", "what is expected"), rows)
    print_line(f"wrote {file}; columns with * are required. Fill it in, then run: kg load {file} --source NAME")

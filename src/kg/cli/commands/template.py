"""`kg template`: write empty sheets to fill in."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.terminal import Json, print_json, print_line, print_table
from kg.errors import InputError


def template(
    file: Annotated[
        str,
        typer.Argument(
            help="A new file: persons.csv, enterprises.csv, assets.csv, links.csv, payments.csv, or any .xlsx;"
            " - for a workbook on stdout."
        ),
    ],
    declaration: Annotated[
        str, typer.Option("--as", help="Path of your own declaration of tables, for a template of those.")
    ] = "",
    json: Json = False,
) -> None:
    """Write an empty sheet to fill in and load. A workbook has one sheet that explains each column."""
    from kg.files import is_stdout
    from kg.operations.template import write_template

    to_stdout = is_stdout(file)
    if json and to_stdout:
        raise InputError("the template and --json cannot both go to standard output; name a file")
    made = write_template(file, declaration)
    if json:
        print_json({"file": file, "sheets": {s.name: [c._asdict() for c in s.columns] for s in made}})
        return
    for sheet in () if to_stdout else made:
        rows = [(f"{c.name}{' *' if c.required else ''}", c.meaning, c.expected) for c in sheet.columns]
        print_table((sheet.name, "what it means", "what is expected"), rows)
    print_line(
        f"wrote {file}; columns with * are required. Fill it in, then run: kg load {file} --source NAME", err=to_stdout
    )

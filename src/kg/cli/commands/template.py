"""`kg template`: write empty sheets to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, print_json, print_line, print_table
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.sources.tabular.template import TemplateSheet


def template(
    file: Annotated[
        str,
        typer.Argument(
            help="A new file: any .xlsx for a workbook with all sheets, or one of them, such as persons.csv, links.csv,"
            " measures.csv; - for a workbook on stdout."
        ),
    ],
    type_name: Annotated[
        str, typer.Option("--type", help="Leave out the columns that only other types have, as in --type Vessel.")
    ] = "",
    declaration: Annotated[
        str, typer.Option("--as", help="Path of your own declaration of tables, for a template of those.")
    ] = "",
    json: Json = False,
) -> None:
    """Write empty sheets to fill in and load: people, companies, assets, links, payments, papers, measures, requests.

    In a workbook, a selected cell says what belongs into it and offers what it may have; columns that matter less are
    folded away on the right, and one sheet explains each column.
    """
    from kg.files import is_stdout
    from kg.operations.template import write_template

    to_stdout = is_stdout(file)
    if json and to_stdout:
        raise InputError("the template and --json cannot both go to standard output; name a file")
    made = write_template(file, declaration, type_name)
    if json:
        print_json({"file": file, "sheets": {s.name: [c._asdict() for c in s.columns] for s in made}})
        return
    if len(made) == 1 and not to_stdout:
        rows = [(f"{c.name}{' *' if c.required else ''}", c.meaning, c.expected) for c in made[0].columns]
        print_table((made[0].name, "what it means", "what is expected"), rows)
    elif not to_stdout:
        print_table(("sheet", "columns that matter most", "more"), [_sheet_row(sheet) for sheet in made])
    print_line(
        f"wrote {file}; columns with * are required. Fill it in, then run: kg load {file} --source NAME", err=to_stdout
    )


def _sheet_row(sheet: TemplateSheet) -> tuple[str, str, str]:
    first = ", ".join(f"{c.name}{' *' if c.required else ''}" for c in sheet.columns if c.is_first)
    return sheet.name, first, str(sum(not c.is_first for c in sheet.columns))

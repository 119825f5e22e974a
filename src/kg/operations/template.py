"""Writes empty sheets for people to fill in."""

from __future__ import annotations

from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.files import is_stream, new_file, output_file
from kg.ontology import load_ontology
from kg.ontology.words import closest
from kg.sources import connectors
from kg.sources.connector import load_connector
from kg.sources.tabular.template import TemplateSheet, sheet_csv, sheets_workbook, template_sheet_for, template_sheets

SHEETS_CONNECTOR = "sheets"
"""The connector of investigators' own sheets."""


def write_template(name: str, declaration: str = "", type_name: str = "") -> list[TemplateSheet]:
    """Write an empty sheet, or a workbook with all sheets, for the tables of a declaration; returns the sheets.

    With `type_name` the columns that only other types have are left out. Standard output, a device and a FIFO get a
    workbook. Raises InputError if the file exists, no table has a file of this name, or there is no such type.
    """
    ontology = load_ontology()
    if type_name and type_name not in (*ontology.node_names, *ontology.link_names):
        hint = closest(type_name, (*ontology.node_names, *ontology.link_names))
        problem = f"expected a type; `kg ref` lists them{f'; did you mean {hint}?' if hint else ''}"
        raise InputError(problem, InputLocation(key="--type", value=type_name))
    declared = load_connector(Path(declaration)) if declaration else connectors()[SHEETS_CONNECTOR]
    path = Path(name)
    if is_stream(name) or path.suffix.lower() == ".xlsx":
        made = template_sheets(declared, ontology, type_name)
        content = sheets_workbook(made)
    else:
        made = [template_sheet_for(path, declared, ontology, type_name)]
        content = sheet_csv(made[0])
    write_new_file(name, content)
    return made


def write_new_file(name: str, content: bytes) -> None:
    """Write a file that is not there yet, or to a stream. Raises InputError."""
    try:
        if is_stream(name):
            with output_file(name) as stream:
                stream.write(content)
        else:
            with new_file(Path(name)) as file:
                file.write(content)
    except FileExistsError:
        raise InputError("exists already; expected the name of a new file", InputLocation(name)) from None
    except BrokenPipeError:
        raise  # nobody reads it
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", InputLocation(name)) from None

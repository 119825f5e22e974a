"""How does a person get sheets to fill in?"""

from __future__ import annotations

from pathlib import Path

from kg.errors import InputError, Place
from kg.ontology import load_ontology
from kg.sources import connectors
from kg.sources.connector import from_file
from kg.sources.tabular.template import Sheet, as_csv, as_workbook, sheet_for, sheets

SHEETS = "sheets"
"""The connector of investigators' own sheets."""


def write_template(path: Path, declaration: str = "") -> list[Sheet]:
    """Write an empty sheet, or a workbook with all of them, for the tables of a declaration; returns what it asks for.

    Raises InputError where the file is there already, or no table has a file of this name.
    """
    ontology = load_ontology()
    declared = from_file(Path(declaration)) if declaration else connectors()[SHEETS]
    if path.suffix.lower() == ".xlsx":
        made = sheets(declared, ontology)
        content = as_workbook(made)
    else:
        made = [sheet_for(path, declared, ontology)]
        content = as_csv(made[0])
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise InputError("is there already; expected the name of a new file", Place(str(path))) from None
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", Place(str(path))) from None
    return made

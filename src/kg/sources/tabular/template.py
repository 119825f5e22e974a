"""Empty sheets for people to fill in, made from a mapping of tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.errors import InputError, InputLocation
from kg.ontology import Ontology
from kg.ontology.values import VALUE_TYPES
from kg.sources.tabular.claims import link_types_by_word
from kg.sources.tabular.mapping import CellMapping, ClaimMapping, LinkMapping, SourceMapping, TableMapping, name_matches
from kg.sources.tabular.mapping_lint import is_jurisdiction_end, possible_types

COLUMNS_SHEET = "Columns explained"
"""Title of the sheet that explains the columns of the others."""

_PROVENANCE_COLUMNS = {
    "origin": ("Origin of the claim, such as a document. Copies of one origin count once.", "text"),
    "reliability": ("How reliable the source is: A best, F unknown.", "A, B, C, D, E or F"),
    "credibility": ("How credible the information is: 1 best, 6 unknown.", "1, 2, 3, 4, 5 or 6"),
    "handling": ("Handling code: who may see the row.", "open, restricted or protected"),
    "stated": ("Day on which the source said it.", VALUE_TYPES["date"].expected),
    "url": ("Address of the page where the source says it.", VALUE_TYPES["url"].expected),
    "page": ("Where in the document the source says it.", "text, such as 12 or annex B, 3"),
    "datasets": ("Datasets of the source that the row belongs to.", "text"),
}


class SheetColumn(NamedTuple):
    """One column of a sheet: its meaning and the expected values."""

    name: str
    meaning: str
    expected: str
    several: str = ""
    """What separates several values of one cell; empty where a cell has one."""
    required: bool = False


class TemplateSheet(NamedTuple):
    """One table to fill in."""

    name: str
    columns: tuple[SheetColumn, ...]


def template_sheets(declaration: SourceMapping, ontology: Ontology) -> list[TemplateSheet]:
    """Every table of a mapping, with its columns in the order in which a person fills them in."""
    tables = declaration.table
    names = (table.sheets[0] if table.sheets else Path(table.files[0]).name.partition(".")[0] for table in tables)
    return [TemplateSheet(n, tuple(_columns(t, declaration, ontology))) for n, t in zip(names, tables, strict=True)]


def template_sheet_for(path: Path, declaration: SourceMapping, ontology: Ontology) -> TemplateSheet:
    """The table for a delimited file of this name. Raises InputError that names the known ones."""
    for table, sheet in zip(declaration.table, template_sheets(declaration, ontology), strict=True):
        if name_matches(path.name, table.files):
            return sheet
    known = ", ".join(pattern for table in declaration.table for pattern in table.files)
    raise InputError(f"expected a name that ends in .xlsx, or one of {known}", InputLocation(str(path)))


def sheet_csv(sheet: TemplateSheet) -> bytes:
    """A header row, in UTF-8 with a byte-order mark for spreadsheet programs."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(column.name for column in sheet.columns)
    return text.getvalue().encode("utf-8-sig")


def sheets_workbook(found: Sequence[TemplateSheet]) -> bytes:
    """A workbook with a sheet for each table, all cells formatted as text, and a sheet that explains the columns."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    explained = book.active
    assert explained is not None
    explained.title = COLUMNS_SHEET
    explained.append(["sheet", "column", "required", "what it means", "what is expected", "several values"])
    for sheet in found:
        page = book.create_sheet(sheet.name)
        page.append([column.name for column in sheet.columns])
        page.freeze_panes = "B2"
        for number, column in enumerate(sheet.columns, start=1):
            dimension = page.column_dimensions[get_column_letter(number)]
            dimension.number_format = "@"  # otherwise spreadsheet programs drop leading zeros
            dimension.width = max(12, len(column.name) + 2)
            page.cell(1, number).font = Font(bold=column.required)
            required, several = (
                "yes" if column.required else "",
                f"separate with {column.several}" if column.several else "one value",
            )
            explained.append([sheet.name, column.name, required, column.meaning, column.expected, several])
    for letter, width in zip("ABCDEF", (14, 20, 10, 60, 60, 16), strict=True):
        explained.column_dimensions[letter].width = width
    for row in explained.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    book.move_sheet(explained, offset=len(found))
    book.active = 0
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _columns(table: TableMapping, declaration: SourceMapping, ontology: Ontology) -> Iterator[SheetColumn]:
    """Each column once, described by the first claim that reads it; the key first, provenance last."""
    found: dict[str, SheetColumn] = {}
    for column in _all_columns(table, declaration, ontology):
        found.setdefault(column.name, column)
    required = table.required_columns()
    for column in found.values():
        meaning = table.help.get(column.name, column.meaning)
        yield column._replace(meaning=meaning, required=column.name in required)


def _all_columns(table: TableMapping, declaration: SourceMapping, ontology: Ontology) -> Iterator[SheetColumn]:
    if table.key:
        yield from _columns_of_cell(table.key, "Your own key for this row; links refer to it.", "unique text")
    for claim in table.claims:
        yield from _claim_columns(claim, ontology)
    for name, cells in {**declaration.said.cells(), **table.said.cells()}.items():
        for cell in cells:
            yield from _columns_of_cell(cell, *_PROVENANCE_COLUMNS[name])


def _claim_columns(claim: ClaimMapping, ontology: Ontology) -> Iterator[SheetColumn]:
    if isinstance(claim, LinkMapping) and claim.from_:
        yield from _columns_of_cell(claim.from_, *_end_texts(claim, 0, ontology))
    if claim.type.column:
        meaning = "Type of the link." if isinstance(claim, LinkMapping) else "Type."
        yield SheetColumn(claim.type.column, meaning, f"one of {', '.join(_type_words(claim, ontology))}")
    if isinstance(claim, LinkMapping) and claim.to:
        yield from _columns_of_cell(claim.to, *_end_texts(claim, 1, ontology))
    known = [ontology.properties(t) for t in possible_types(claim, ontology)]
    for name, cells in claim.property_cells.items():
        defined = [properties[name] for properties in known if name in properties]
        # Several types of one claim may define a property each in its own way.
        alike = len({prop.expected for prop in defined}) == 1
        expected = defined[0].expected if alike else VALUE_TYPES[defined[0].type].expected
        for cell in cells:
            together = "" if cell.column else f" Fill in {', '.join(cell.columns)} together."
            meaning = f"{defined[0].description}{together}"
            yield from _columns_of_cell(cell, meaning, f"together: {expected}" if together else expected)


def _end_texts(claim: LinkMapping, side: int, ontology: Ontology) -> tuple[str, str]:
    types = possible_types(claim, ontology)
    places = [t for t in types if is_jurisdiction_end(ontology, t, side)]
    if len(places) == len(types):
        return ontology.links[types[0]].description, "a code of ISO 3166, such as VG or US-DE, or an English name"
    also = f"; a code of ISO 3166 for {', '.join(places)}" if places else ""
    return f"Where the link {'goes to' if side else 'comes from'}.", f"the key of a row{also}"


def _type_words(claim: ClaimMapping, ontology: Ontology) -> list[str]:
    if claim.type.values or not isinstance(claim, LinkMapping):
        return list(claim.type.values) or possible_types(claim, ontology)
    words = [w for w in ("owns", "is owned by", "directs", "family of") if w in link_types_by_word(ontology)]
    return [*possible_types(claim, ontology), "or their words, such as", *words]


def _columns_of_cell(cell: CellMapping, meaning: str, expected: str) -> Iterator[SheetColumn]:
    for name in cell.columns:
        yield SheetColumn(name, meaning, expected, cell.split)

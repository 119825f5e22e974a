"""Empty sheets for people to fill in, made from a mapping of tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.errors import InputError, InputLocation
from kg.ontology import Ontology, Property
from kg.ontology.values import VALUE_TYPES
from kg.sources.tabular.claims import link_types_by_word
from kg.sources.tabular.mapping import CellMapping, ClaimMapping, LinkMapping, SourceMapping, TableMapping
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
    return [TemplateSheet(_sheet_name(t), tuple(_columns(t, declaration, ontology))) for t in declaration.table]


def template_sheet_for(path: Path, declaration: SourceMapping, ontology: Ontology) -> TemplateSheet:
    """The table for a delimited file of this name. Raises InputError that names the known ones."""
    for table, sheet in zip(declaration.table, template_sheets(declaration, ontology), strict=True):
        if table.matches_file(path.name):
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
            explained.append(_explanation_row(sheet, column))
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


def _explanation_row(sheet: TemplateSheet, column: SheetColumn) -> list[str]:
    several = f"separate with {column.several}" if column.several else "one value"
    return [sheet.name, column.name, "yes" if column.required else "", column.meaning, column.expected, several]


def _sheet_name(table: TableMapping) -> str:
    return table.sheets[0] if table.sheets else Path(table.files[0]).name.partition(".")[0]


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
        yield SheetColumn(
            claim.type.column,
            "Type of the link." if isinstance(claim, LinkMapping) else "Type.",
            f"one of {', '.join(_type_words(claim, ontology))}",
        )
    if isinstance(claim, LinkMapping) and claim.to:
        yield from _columns_of_cell(claim.to, *_end_texts(claim, 1, ontology))
    known = [ontology.properties(t) for t in possible_types(claim, ontology)]
    for name, cells in claim.property_cells.items():
        defined = [properties[name] for properties in known if name in properties]
        for cell in cells:
            yield from _property_columns(cell, defined)


def _property_columns(cell: CellMapping, defined: Sequence[Property]) -> Iterator[SheetColumn]:
    """The columns of a property, which several types of one claim may define each in its own way."""
    meaning, expected = defined[0].description, defined[0].expected
    if len({prop.expected for prop in defined}) > 1:
        expected = VALUE_TYPES[defined[0].type].expected
    if not cell.column:
        meaning, expected = f"{meaning} Fill in {', '.join(cell.columns)} together.", f"together: {expected}"
    yield from _columns_of_cell(cell, meaning, expected)


def _end_texts(claim: LinkMapping, side: int, ontology: Ontology) -> tuple[str, str]:
    types = possible_types(claim, ontology)
    places = [t for t in types if is_jurisdiction_end(ontology, t, side)]
    if len(places) == len(types):
        return ontology.links[types[0]].description, "a code of ISO 3166, such as VG or US-DE, or an English name"
    also = f"; a code of ISO 3166 for {', '.join(places)}" if places else ""
    return f"Where the link {'goes to' if side else 'comes from'}.", f"the key of a row{also}"


def _type_words(claim: ClaimMapping, ontology: Ontology) -> list[str]:
    if claim.type.values:
        return list(claim.type.values)
    if isinstance(claim, LinkMapping):
        return [
            *possible_types(claim, ontology),
            "or their words, such as",
            *_example_words(link_types_by_word(ontology)),
        ]
    return possible_types(claim, ontology)


def _example_words(words: Mapping[str, tuple[str, bool]]) -> list[str]:
    return [word for word in ("owns", "is owned by", "directs", "family of") if word in words]


def _columns_of_cell(cell: CellMapping, meaning: str, expected: str) -> Iterator[SheetColumn]:
    for name in cell.columns:
        yield SheetColumn(name, meaning, expected, cell.split)

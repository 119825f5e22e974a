"""Empty sheets for people to fill in, made from a mapping of tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import InputError, InputLocation
from kg.files import office_file
from kg.ontology import Ontology, Property
from kg.ontology.values import VALUE_TYPES
from kg.ontology.values.amounts import VALUATION_KINDS, current_currencies
from kg.ontology.values.jurisdictions import jurisdiction_choices
from kg.records import JURISDICTION_NAMESPACE
from kg.sources.files.cells import column_letter
from kg.sources.rows import GRADES
from kg.sources.tabular.claims import link_types_by_word
from kg.sources.tabular.mapping import (
    CellMapping,
    ClaimMapping,
    LinkMapping,
    SourceMapping,
    TableMapping,
    name_matches,
    told_patterns,
)
from kg.sources.tabular.mapping_lint import is_jurisdiction_end, possible_types
from kg.workbook_styles import freeze_headings, style_column, style_heading, wrap_cell

if TYPE_CHECKING:
    from openpyxl import Workbook

COLUMNS_SHEET = "Columns explained"
"""Title of the sheet that explains the columns of the others."""

_PROVENANCE_COLUMNS = {
    "origin": ("Origin of the claim, such as a document. Copies of one origin count once.", "text"),
    "reliability": (
        "How reliable the source is: A best, F unknown.",
        "A to F, or words: usually reliable, unreliable …",
    ),
    "credibility": (
        "How credible the information is: 1 best, 6 unknown.",
        "1 to 6, or words: confirmed, probable, doubtful …",
    ),
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
    types: tuple[str, ...] = ()
    """The types that have it; empty if all types of the rows have it."""
    choices: tuple[str, ...] = ()
    """What is offered in a drop-down list; other words of the same meaning are read too."""
    is_first: bool = True
    """Whether it is one of the columns that matter most."""


class TemplateSheet(NamedTuple):
    """One table to fill in."""

    name: str
    columns: tuple[SheetColumn, ...]


def template_sheets(declaration: SourceMapping, ontology: Ontology, type_name: str = "") -> list[TemplateSheet]:
    """Every table of a mapping, with its columns in the order in which a person fills them in.

    With `type_name` without the columns that only other types have.
    """
    tables = declaration.table
    names = (table.sheets[0] if table.sheets else Path(table.files[0]).name.partition(".")[0] for table in tables)
    columns = (
        tuple(c for c in _columns(table, declaration, ontology) if not (type_name and c.types) or type_name in c.types)
        for table in tables
    )
    return [TemplateSheet(name, found) for name, found in zip(names, columns, strict=True)]


def template_sheet_for(
    path: Path, declaration: SourceMapping, ontology: Ontology, type_name: str = ""
) -> TemplateSheet:
    """The table for a delimited file of this name. Raises InputError that names the known ones."""
    for table, sheet in zip(declaration.table, template_sheets(declaration, ontology, type_name), strict=True):
        if name_matches(path.name, table.files):
            return sheet
    known = ", ".join(told_patterns(pattern for table in declaration.table for pattern in table.files))
    raise InputError(f"expected a name that ends in .xlsx, or one of {known}", InputLocation(str(path)))


def sheet_csv(sheet: TemplateSheet) -> bytes:
    """A header row, in UTF-8 with a byte-order mark for spreadsheet programs."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(column.name for column in sheet.columns)
    return text.getvalue().encode("utf-8-sig")


def sheets_workbook(found: Sequence[TemplateSheet]) -> bytes:
    """A workbook with a sheet for each table, all cells formatted as text, and a sheet that explains the columns.

    Columns that matter less are folded away on the right. A cell says what belongs into it when it is selected, and
    offers what it may have.
    """
    from openpyxl import Workbook

    book = Workbook()
    explained = book.active
    assert explained is not None
    explained.title = COLUMNS_SHEET
    lists = dict.fromkeys(column.choices for sheet in found for column in sheet.columns if column.choices)
    places = {choices: _write_list(explained, number, choices) for number, choices in enumerate(lists)}
    rows = [_EXPLAINED, *(_explain(sheet.name, column) for sheet in found for column in sheet.columns)]
    for number, row in enumerate(rows, start=1):
        for position, text in enumerate(row, start=1):
            explained.cell(number, position).value = text or None
    for sheet in found:
        _add_sheet(book, sheet, places)
    for number, width in enumerate((14, 20, 10, 60, 60, 16, 30), start=1):
        style_column(explained, number, width)
    for cells in explained.iter_rows(max_col=len(_EXPLAINED)):
        for cell in cells:
            wrap_cell(cell)
    for heading in explained[1]:
        style_heading(heading)
    freeze_headings(explained)
    book.move_sheet(explained, offset=len(found))
    book.active = 0
    return office_file(book.save)


_EXPLAINED = ("sheet", "column", "required", "what it means", "what is expected", "several values", "for types")
_FIRST_LIST = 10
"""The column of the sheet of explanations from which on the lists of drop-downs are hidden."""
_MAX_PROMPT, _MAX_PROMPT_TITLE, _LAST_ROW = 255, 32, 1_048_576


def _explain(sheet: str, column: SheetColumn) -> tuple[str, ...]:
    several = f"separate with {column.several}" if column.several else "one value"
    required, types = "yes" if column.required else "", ", ".join(column.types)
    return sheet, column.name, required, column.meaning, column.expected, several, types


def _write_list(page: Any, number: int, choices: Sequence[str]) -> str:
    """Write the choices of a drop-down list into a hidden column; returns their range."""
    from openpyxl.utils import quote_sheetname

    letter = column_letter(_FIRST_LIST + number)
    for row, choice in enumerate(choices, start=1):
        page[f"{letter}{row}"].value = choice
    page.column_dimensions[letter].hidden = True
    return f"{quote_sheetname(page.title)}!${letter}$1:${letter}${len(choices)}"


def _add_sheet(book: Workbook, sheet: TemplateSheet, places: Mapping[tuple[str, ...], str]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    page = book.create_sheet(sheet.name)
    page.append([column.name for column in sheet.columns])
    freeze_headings(page, columns=1)
    for number, column in enumerate(sheet.columns, start=1):
        letter, is_first = column_letter(number), column.is_first
        width = max(12, len(column.name) + 2)
        style_column(page, number, width, is_text=True, is_hidden=not is_first).outline_level = 0 if is_first else 1
        if column.required:
            style_heading(page.cell(1, number))
        place = places.get(column.choices)
        check = DataValidation(type="list" if place else None, formula1=place, allow_blank=True, showErrorMessage=False)
        several = f" Several: separate with {column.several}" if column.several else ""
        types = f"{', '.join(column.types)}: " if column.types else ""
        check.promptTitle = column.name[:_MAX_PROMPT_TITLE]
        check.prompt = _shorten(f"{types}{column.meaning} Expected: {column.expected}.{several}", _MAX_PROMPT)
        check.showInputMessage = True
        check.add(f"{letter}2:{letter}{_LAST_ROW}")
        page.add_data_validation(check)


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _columns(table: TableMapping, declaration: SourceMapping, ontology: Ontology) -> Iterator[SheetColumn]:
    """Each column once, described by the first claim that reads it: the key, those that matter most, the others."""
    found: dict[str, SheetColumn] = {}
    for column in _all_columns(table, declaration, ontology):
        found.setdefault(column.name, column)
    required = table.required_columns()
    key = table.key.columns if table.key else ()
    first = [name for name in dict.fromkeys((*key, *table.first)) if name in found] if table.first else list(found)
    for name in dict.fromkeys((*first, *found)):
        meaning = table.help.get(name, found[name].meaning)
        is_first = name in first or name in required
        yield found[name]._replace(meaning=meaning, required=name in required, is_first=is_first)


def _all_columns(table: TableMapping, declaration: SourceMapping, ontology: Ontology) -> Iterator[SheetColumn]:
    if table.key:
        yield from _columns_of_cell(table.key, "Your own key for this row; links refer to it.", "unique text")
    for claim in table.claims:
        yield from _claim_columns(claim, ontology)
    for name, cells in {**declaration.said.cells(), **table.said.cells()}.items():
        for cell in cells:
            for column in _columns_of_cell(cell, *_PROVENANCE_COLUMNS[name]):
                yield column._replace(choices=tuple(GRADES.get(name, ())))


def _claim_columns(claim: ClaimMapping, ontology: Ontology) -> Iterator[SheetColumn]:
    if isinstance(claim, LinkMapping) and claim.from_:
        yield from _end_columns(claim, claim.from_, 0, ontology)
    if claim.type.column:
        meaning = "Type of the link." if isinstance(claim, LinkMapping) else "Type."
        expected = f"one of {', '.join(_type_words(claim, ontology))}"
        yield SheetColumn(claim.type.column, meaning, expected, choices=_type_choices(claim, ontology))
    if isinstance(claim, LinkMapping) and claim.to:
        yield from _end_columns(claim, claim.to, 1, ontology)
    types = possible_types(claim, ontology)
    for name, cells in claim.property_cells.items():
        having = [t for t in types if name in ontology.properties(t)]
        defined = [ontology.properties(t)[name] for t in having]
        # Several types of one claim may define a property each in its own way.
        alike = len({prop.expected for prop in defined}) == 1
        expected = defined[0].expected if alike else VALUE_TYPES[defined[0].type].expected
        choices = _value_choices(defined[0]) if alike else ()
        of_types = () if len(having) == len(types) else tuple(having)
        for cell in cells:
            if cell.column:
                meanings = " / ".join(dict.fromkeys(prop.description for prop in defined))
                found = _columns_of_cell(cell, meanings, expected)
                yield from (column._replace(types=of_types, choices=choices) for column in found)
            else:
                yield from _joined_columns(cell, defined[0], of_types)


def _joined_columns(cell: CellMapping, prop: Property, types: tuple[str, ...]) -> Iterator[SheetColumn]:
    """The columns that are filled in together: an amount and its currency, a valuation."""
    together = f"{prop.description} Fill in {', '.join(cell.columns)} together."
    known: dict[str, tuple[tuple[str, ...], ...]] = {
        "money": ((), current_currencies()),
        "valuation": (VALUATION_KINDS, (), (), current_currencies()),
    }
    choices = known.get(prop.type, ())
    for number, name in enumerate(cell.columns):
        offered = choices[number] if len(choices) == len(cell.columns) else ()
        expected = f"together: {prop.expected}"
        yield SheetColumn(name, together, expected, cell.split, types=types, choices=offered)


def _end_columns(claim: LinkMapping, cell: CellMapping, side: int, ontology: Ontology) -> Iterator[SheetColumn]:
    types = possible_types(claim, ontology)
    places = [t for t in types if is_jurisdiction_end(ontology, t, side)]
    is_place = len(places) == len(types) or (claim.to_namespace == JURISDICTION_NAMESPACE and side == 1)
    if is_place:
        texts = ontology.links[types[0]].description, "a code of ISO 3166, such as VG or US-DE, or an English name"
    else:
        also = f"; a code of ISO 3166 for {', '.join(places)}" if places else ""
        texts = f"Where the link {'goes to' if side else 'comes from'}.", f"the key of a row{also}"
    for column in _columns_of_cell(cell, *texts):
        yield column._replace(choices=jurisdiction_choices() if is_place else ())


def _type_words(claim: ClaimMapping, ontology: Ontology) -> list[str]:
    if claim.type.values or not isinstance(claim, LinkMapping):
        return list(claim.type.values) or possible_types(claim, ontology)
    words = [w for w in ("owns", "is owned by", "director", "settlor", "spouse") if w in link_types_by_word(ontology)]
    return ["the words for links, such as", *words, "or the names", *possible_types(claim, ontology)]


def _type_choices(claim: ClaimMapping, ontology: Ontology) -> tuple[str, ...]:
    if claim.type.values or not isinstance(claim, LinkMapping):
        return tuple(_type_words(claim, ontology))
    links = [ontology.links[name] for name in possible_types(claim, ontology)]
    words = [(link.caption, link.inverse) for link in links]
    words += [(role.caption, role.inverse) for link in links for role in link.roles.values()]
    return tuple(sorted({text for both_ways in words for text in both_ways}))


def _value_choices(prop: Property) -> tuple[str, ...]:
    if prop.type == "jurisdiction":
        return jurisdiction_choices()
    return current_currencies() if prop.type == "currency" else prop.values


def _columns_of_cell(cell: CellMapping, meaning: str, expected: str) -> Iterator[SheetColumn]:
    for name in cell.columns:
        yield SheetColumn(name, meaning, expected, cell.split)

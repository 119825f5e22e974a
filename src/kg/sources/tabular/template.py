"""Which sheets does a declaration of tables ask a person to fill in, and what do their columns mean?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.errors import InputError, Place
from kg.ontology import Ontology, Property
from kg.ontology.values import VALUE_TYPES
from kg.sources.tabular.claims import link_words
from kg.sources.tabular.mapping import Cell, Claim, Declaration, LinkClaim, Table
from kg.sources.tabular.mapping_lint import only_jurisdictions, types_of

EXPLAINED = "Columns explained"
"""Title of the sheet that says what the others ask for."""

_SAID = {
    "origin": ("What the claim goes back to, such as a document. Copies of one origin count once.", "text"),
    "reliability": ("How reliable the source is: A best, F unknown.", "A, B, C, D, E or F"),
    "credibility": ("How credible the information is: 1 best, 6 unknown.", "1, 2, 3, 4, 5 or 6"),
    "handling": ("Who may see it.", "open, restricted or protected"),
    "stated": ("When the source said it.", VALUE_TYPES["date"].expected),
    "url": ("Where the source said it.", VALUE_TYPES["url"].expected),
    "datasets": ("Parts of the source that it belongs to.", "text"),
}


class Column(NamedTuple):
    """One column of a sheet: what it means, and what is expected there."""

    name: str
    meaning: str
    expected: str
    several: str = ""
    """What parts several values of one cell; empty where a cell has one."""
    required: bool = False


class Sheet(NamedTuple):
    """One table to fill in."""

    name: str
    columns: tuple[Column, ...]


def sheets(declaration: Declaration, ontology: Ontology) -> list[Sheet]:
    """Every table of a declaration, with its columns in the order in which a person fills them in."""
    return [Sheet(_name(t), tuple(_columns(t, declaration, ontology))) for t in declaration.table]


def sheet_for(path: Path, declaration: Declaration, ontology: Ontology) -> Sheet:
    """The table that a delimited file of this name would be. Raises InputError naming those there are."""
    for table, sheet in zip(declaration.table, sheets(declaration, ontology), strict=True):
        if table.reads(path.name):
            return sheet
    known = ", ".join(pattern for table in declaration.table for pattern in table.files)
    raise InputError(f"expected a name that ends in .xlsx, or one of {known}", Place(str(path)))


def as_csv(sheet: Sheet) -> bytes:
    """A header row, in UTF-8 with the mark by which spreadsheet programs know it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(column.name for column in sheet.columns)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(found: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet for each table, every cell of it text, and one that explains the columns."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    explained = book.active
    assert explained is not None
    explained.title = EXPLAINED
    explained.append(["sheet", "column", "required", "what it means", "what is expected", "several values"])
    for sheet in found:
        made = book.create_sheet(sheet.name)
        made.append([column.name for column in sheet.columns])
        made.freeze_panes = "B2"
        for number, column in enumerate(sheet.columns, start=1):
            dimension = made.column_dimensions[get_column_letter(number)]
            dimension.number_format = "@"  # else a spreadsheet takes the zeros off a number
            dimension.width = max(12, len(column.name) + 2)
            made.cell(1, number).font = Font(bold=column.required)
            explained.append(_explained(sheet, column))
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


def _explained(sheet: Sheet, column: Column) -> list[str]:
    several = f"parted by {column.several}" if column.several else "one"
    return [sheet.name, column.name, "yes" if column.required else "", column.meaning, column.expected, several]


def _name(table: Table) -> str:
    return table.sheets[0] if table.sheets else Path(table.files[0]).name.partition(".")[0]


def _columns(table: Table, declaration: Declaration, ontology: Ontology) -> Iterator[Column]:
    """Each column once, as the first thing that reads it explains it; the key first, who says it last."""
    found: dict[str, Column] = {}
    for column in _all(table, declaration, ontology):
        found.setdefault(column.name, column)
    required = table.required()
    return (column._replace(required=column.name in required) for column in found.values())


def _all(table: Table, declaration: Declaration, ontology: Ontology) -> Iterator[Column]:
    if table.key:
        yield from _of(table.key, "Your own key of this row, by which links name it.", "text, another one in each row")
    for claim in table.claims:
        yield from _claim(claim, ontology)
    for name, cells in {**declaration.said.cells(), **table.said.cells()}.items():
        for cell in cells:
            yield from _of(cell, *_SAID[name])


def _claim(claim: Claim, ontology: Ontology) -> Iterator[Column]:
    if isinstance(claim, LinkClaim) and claim.from_:
        yield from _of(claim.from_, *_end(claim, 0, ontology))
    if claim.type.column:
        yield Column(claim.type.column, "Which kind it is.", f"one of {', '.join(_words(claim, ontology))}")
    if isinstance(claim, LinkClaim) and claim.to:
        yield from _of(claim.to, *_end(claim, 1, ontology))
    known = [ontology.properties(t) for t in types_of(claim, ontology)]
    for name, cells in claim.sources.items():
        prop = next(properties[name] for properties in known if name in properties)
        for cell in cells:
            yield from _property(cell, name, prop)


def _property(cell: Cell, name: str, prop: Property) -> Iterator[Column]:
    if cell.column:
        yield from _of(cell, prop.description, _expected(prop))
    else:
        meaning = f"A part of the {name.replace('_', ' ')}, which is {cell.text.replace('{', '').replace('}', '')}."
        yield from _of(cell, f"{prop.description} {meaning}", f"together: {_expected(prop)}")


def _end(claim: LinkClaim, side: int, ontology: Ontology) -> tuple[str, str]:
    types = types_of(claim, ontology)
    places = [t for t in types if only_jurisdictions(ontology, t, side)]
    if len(places) == len(types):
        return ontology.links[types[0]].description, "a code of ISO 3166, such as VG or US-DE, or an English name"
    also = f"; a code of ISO 3166 for {', '.join(places)}" if places else ""
    return f"The end that the link {'goes to' if side else 'comes from'}.", f"a key of a row{also}"


def _words(claim: Claim, ontology: Ontology) -> list[str]:
    if claim.type.values:
        return list(claim.type.values)
    if isinstance(claim, LinkClaim):
        return [*types_of(claim, ontology), "or their words, such as", *_examples(link_words(ontology))]
    return types_of(claim, ontology)


def _examples(words: Mapping[str, tuple[str, bool]]) -> list[str]:
    return [word for word in ("owns", "is owned by", "directs", "family of") if word in words]


def _expected(prop: Property) -> str:
    kind = VALUE_TYPES[prop.type]
    if prop.values:
        return f"one of {', '.join(prop.values)}"
    return f"{kind.expected}, as {prop.pattern} says" if prop.pattern else kind.expected


def _of(cell: Cell, meaning: str, expected: str) -> Iterator[Column]:
    for name in cell.columns:
        yield Column(name, meaning, expected, cell.split)

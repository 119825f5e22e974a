"""How does a declaration say what the rows of a table claim?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from kg.sources.files.delimited import Dialect
from kg.sources.tabular.conversions import CONVERSIONS, DATE_CONVERSIONS
from kg.toml_files import TomlModel

_IN_BRACES = re.compile(r"\{([^{}]+)\}")


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str | dict) else value


def _as_column(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _as_columns(value: object) -> object:
    return tuple(_as_column(v) for v in value) if isinstance(value, list) else (_as_column(value),)


def _as_type(value: object) -> object:
    return {"always": value} if isinstance(value, str) else value


def _as_directed(value: object) -> object:
    return {"type": value} if isinstance(value, str) else value


class CellMapping(TomlModel):
    """Where values come from: a column, or a text with columns in braces; and how they are read."""

    column: str = ""
    text: str = ""
    """`{column}` stands for a cell. Where one of them is empty, there is no value; a text without any is a constant."""
    split: str = ""
    """What stands between several values of one cell."""
    empty: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ()
    """Texts that mean that nothing is known."""
    values: dict[str, str] = Field(default_factory=dict)
    """What the source's words mean here; compared without case."""
    lookup: str = ""
    """A table of `[values]` to use instead of `values`."""
    unlisted: Literal["wrong", "left"] = "wrong"
    """What a text is that the values do not list, and that nothing converts: a reject, or left in its column."""
    convert: str = ""
    """How to read what `values` does not list."""
    pivot: int | None = Field(None, ge=1900, le=2200)
    """The latest year that a year of two digits may mean."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (self.column,) if self.column else tuple(_IN_BRACES.findall(self.text))

    def fill(self, cells: dict[str, str]) -> str:
        """The text of a row; empty where a column is."""
        if self.column:
            return cells.get(self.column, "")
        parts = {name: cells.get(name, "") for name in self.columns}
        return _IN_BRACES.sub(lambda m: parts[m[1]], self.text) if all(parts.values()) else ""

    @model_validator(mode="after")
    def _check(self) -> CellMapping:
        if bool(self.column) == bool(self.text):
            raise ValueError("expected either column or text")
        if self.values and self.lookup:
            raise ValueError("expected either values or lookup")
        if self.convert and self.convert not in CONVERSIONS:
            raise ValueError(f"convert {self.convert!r}: expected one of {', '.join(CONVERSIONS)}")
        if self.pivot is not None and self.convert not in DATE_CONVERSIONS:
            raise ValueError(f"pivot belongs to a conversion of dates: {', '.join(DATE_CONVERSIONS)}")
        return self


CellField = Annotated[CellMapping, BeforeValidator(_as_column)]
CellFields = Annotated[tuple[CellMapping, ...], BeforeValidator(_as_columns)]
Patterns = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Conditions = dict[str, Patterns]
"""Column to texts, `*` standing for any that is not empty; compared without case. All columns have to fit."""


class DirectedType(TomlModel):
    """A type, for a link perhaps with its ends exchanged."""

    type: str
    reverse: bool = False


class TypeMapping(TomlModel):
    """Which type a claim has: always the same, or what a column says."""

    always: str = ""
    column: str = ""
    values: dict[str, Annotated[DirectedType, BeforeValidator(_as_directed)]] = Field(default_factory=dict)
    """The source's words to types. Without any, the column holds names of the ontology's types."""
    blank: str = ""
    """The type where the column is empty."""
    otherwise: str = ""
    """The type where the column is empty or says something else. Without either, such a row does not claim it."""

    @model_validator(mode="after")
    def _check(self) -> TypeMapping:
        if bool(self.always) == bool(self.column):
            raise ValueError("expected the name of a type, or column with values")
        return self


class ClaimMapping(TomlModel):
    """What a row claims: a node or a link. It claims it where all of `when` and nothing of `unless` fits."""

    name: str = ""
    """Tells the claims of a row apart, in the ids of links too; by default the name of its type."""
    type: Annotated[TypeMapping, BeforeValidator(_as_type)]
    when: Conditions = Field(default_factory=dict)
    unless: Conditions = Field(default_factory=dict)
    otherwise: bool = False
    """Claimed of the rows of which nothing that has a `when` is claimed."""
    properties: dict[str, CellFields] = Field(default_factory=dict)
    """Property of the ontology to where its values come from."""
    alike: Patterns = ()
    """Properties whose columns have the same name."""
    split: str = ""
    """What stands between several values of the columns in `alike`, but for those in `whole`."""
    whole: Patterns = ()

    @property
    def property_cells(self) -> dict[str, tuple[CellMapping, ...]]:
        """Property to where its values come from, those of `alike` among them."""
        alike = {n: (CellMapping(column=n, split="" if n in self.whole else self.split),) for n in self.alike}
        return {**alike, **self.properties}

    @property
    def label(self) -> str:
        """What tells it apart from the other claims of its table."""
        return self.name or self.type.always or f"{self.type.column}"

    def cells(self) -> Iterator[CellMapping]:
        """Everything that reads columns."""
        for found in self.property_cells.values():
            yield from found


class NodeMapping(ClaimMapping):
    """A node that a row describes: the row's own, under the table's key, or another one under a key of its own."""

    key: CellField | None = None
    kind_of: str = ""
    """Where a column names the type: what every type that it may name is a kind of."""
    referents: CellFields = ()
    """Other keys by which the source knows it."""

    def cells(self) -> Iterator[CellMapping]:
        """Everything that reads columns."""
        yield from super().cells()
        yield from self.referents
        if self.key:
            yield self.key


class LinkMapping(ClaimMapping):
    """A link that a row describes; an end that is not said is the row's own node."""

    from_: CellField | None = Field(None, alias="from")
    to: CellField | None = None
    from_namespace: str = ""
    to_namespace: str = ""
    """Whose keys an end names; the source's own unless said. Where only a Jurisdiction can stand, it is a code."""

    def cells(self) -> Iterator[CellMapping]:
        """Everything that reads columns."""
        yield from super().cells()
        yield from (end for end in (self.from_, self.to) if end)


class ProvenanceMapping(TomlModel):
    """How the source stands behind the claims of a row."""

    origin: CellFields = ()
    reliability: CellFields = ()
    credibility: CellFields = ()
    handling: CellFields = ()
    stated: CellFields = ()
    url: CellFields = ()
    datasets: CellFields = ()

    def cells(self) -> dict[str, tuple[CellMapping, ...]]:
        """By name, those that are said."""
        return {name: found for name in type(self).model_fields if (found := getattr(self, name))}


class TableMapping(TomlModel):
    """The files of one shape, and what each of their rows claims."""

    files: Patterns = ()
    """Patterns of file names, in lower case."""
    sheets: Patterns = ()
    """Patterns of the names of a workbook's sheets, in lower case."""
    columns: Patterns = ()
    """Columns that have to be there besides those of keys, and of ends where rows are links. Without it, all that are
    named here."""
    ignore: Patterns = ()
    """Columns that are not kept."""
    skip: Conditions = Field(default_factory=dict)
    """Rows that claim nothing."""
    key: CellField | None = None
    """The source's own key of a row. Without it, one is made from all that the row says."""
    help: dict[str, str] = Field(default_factory=dict)
    """What a template says of a column where the ontology's description does not fit all types of its rows."""
    format: Dialect | None = None
    said: ProvenanceMapping = ProvenanceMapping()
    node: Annotated[tuple[NodeMapping, ...], BeforeValidator(_as_tuple)] = ()
    link: Annotated[tuple[LinkMapping, ...], BeforeValidator(_as_tuple)] = ()

    @property
    def claims(self) -> tuple[NodeMapping | LinkMapping, ...]:
        """What a row may claim: nodes, then links."""
        return (*self.node, *self.link)

    def matches_file(self, name: str) -> bool:
        """Whether a file of this name is such a table."""
        return any(fnmatchcase(name.lower(), pattern) for pattern in self.files)

    def matches_sheet(self, name: str) -> bool:
        """Whether a workbook's sheet of this name is such a table."""
        return any(fnmatchcase(name.strip().lower(), pattern) for pattern in self.sheets)

    def cells(self) -> Iterator[CellMapping]:
        """Everything that reads columns."""
        yield from (self.key,) if self.key else ()
        for found in self.said.cells().values():
            yield from found
        for claim in self.claims:
            yield from claim.cells()

    def required_columns(self) -> tuple[str, ...]:
        """The columns that a header has to have, each once."""
        rows_are_links = all(node.key for node in self.node)
        ends = [end for link in self.link if rows_are_links for end in (link.from_, link.to)]
        keys = [self.key, *(node.key for node in self.node), *ends]
        own = [column for cell in keys if cell for column in cell.columns] if self.columns else self.all_columns()
        return tuple(dict.fromkeys((*self.columns, *own)))

    def all_columns(self) -> tuple[str, ...]:
        """Every column that the declaration names, each once."""
        found = [column for cell in self.cells() for column in cell.columns]
        for claim in self.claims:
            found += [*claim.when, *claim.unless, *([claim.type.column] if claim.type.column else [])]
        return tuple(dict.fromkeys((*found, *self.skip, *self.ignore)))

    @model_validator(mode="after")
    def _check(self) -> TableMapping:
        if not self.claims:
            raise ValueError("expected at least one node or link that a row claims")
        if not self.files and not self.sheets:
            raise ValueError("expected files or sheets that are such a table")
        if self.key is None and any(n.key is None for n in self.node):
            raise ValueError("a node needs a key; expected key in the table or in the node")
        if unknown := sorted(self.help.keys() - set(self.all_columns())):
            raise ValueError(f"help {unknown[0]!r}: expected a column that the table names")
        labels = [claim.label for claim in self.claims]
        if twice := [label for label in labels if labels.count(label) > 1]:
            raise ValueError(f"two claims are called {twice[0]}; give each a name of its own")
        if sum(n.key is None for n in self.node) > 1 and not all(n.when or n.otherwise for n in self.node if not n.key):
            raise ValueError("several nodes under the table's key; expected when or otherwise in each")
        return self


class SourceMapping(TomlModel):
    """What a `source.toml` says of tables."""

    internal_keys: ClassVar[tuple[str, ...]] = ("shown",)

    shown: str = ""
    """How messages name the file; said by whoever reads it."""
    table: Annotated[tuple[TableMapping, ...], BeforeValidator(_as_tuple)] = ()
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Tables of values by name, for `lookup`."""
    said: ProvenanceMapping = ProvenanceMapping()
    format: Dialect = Dialect()
    ignore_sheets: Patterns = ()
    """Patterns of the names of sheets that are no tables, in lower case."""
    ends: Literal["anywhere", "here"] = "anywhere"
    """Whether every end of a link has to be a row of the same load; if it is not, that is said, and the link waits."""

    def is_ignored_sheet(self, name: str) -> bool:
        """Whether a sheet of this name is no table."""
        return any(fnmatchcase(name.strip().lower(), pattern) for pattern in self.ignore_sheets)

    @model_validator(mode="after")
    def _lookups(self) -> SourceMapping:
        for table in self.table:
            for cell in table.cells():
                if cell.lookup and cell.lookup not in self.values:
                    known = ", ".join(self.values) or "none"
                    raise ValueError(f"lookup {cell.lookup!r}: expected one of [values]: {known}")
        return self

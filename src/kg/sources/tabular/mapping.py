"""The mapping of tables to records that a `source.toml` declares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from kg.ontology.words import fold_text
from kg.records import Reverse
from kg.sources.files.delimited import Dialect
from kg.sources.files.lines import uncompressed_name
from kg.sources.files.parquet import is_parquet, table_name
from kg.sources.tabular.conversions import CONVERSIONS, DATE_CONVERSIONS
from kg.toml_files.models import TomlModel

WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
_COMPRESSED_ITSELF = (*WORKBOOK_ENDINGS, ".parquet", ".zip")
"""Endings of files that are no lines, and are not read from a compressed file."""

_IN_BRACES = re.compile(r"\{([^{}]+)\}")


@lru_cache(maxsize=1_024)
def _pieces(text: str) -> list[str]:
    """The texts between the columns that a text names in braces, and these columns, by turns."""
    return _IN_BRACES.split(text)


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str | dict) else value


def _short_for(key: str) -> BeforeValidator:
    """Takes a text in place of a table that has only this key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


def name_matches(name: str, patterns: Sequence[str]) -> bool:
    """Whether the name of a file or sheet fits one of some patterns; case does not matter."""
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def told_patterns(patterns: Iterable[str]) -> list[str]:
    """The patterns that people are told to expect: those of names with a number or date are left out."""
    return [pattern for pattern in patterns if "[" not in pattern]


def file_matches(path: Path, patterns: Sequence[str]) -> bool:
    """Whether a file's name fits one of some patterns.

    A Parquet file is read like the delimited one of its name, and a compressed file of lines like the one in it.
    """
    if name_matches(path.name, patterns):
        return True
    name = uncompressed_name(path.name)
    if name != path.name:
        return not name.lower().endswith(_COMPRESSED_ITSELF) and name_matches(name, patterns)
    return is_parquet(path) and name_matches(table_name(name), patterns)


class CellMapping(TomlModel):
    """The source of some values: a column, a text with columns in braces, or joined columns; and how they are read."""

    column: str = ""
    text: str = ""
    """`{column}` is replaced by a cell. If one is empty, there is no value; a text without any is a constant."""
    join: tuple[str, ...] = ()
    """Columns whose texts are joined to one; empty ones are left out."""
    by: str = " "
    """What stands between joined texts."""
    split: str = ""
    """Separator of several values in one cell."""
    empty: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ()
    """Texts that mean that the value is unknown."""
    values: dict[str, str] = Field(default_factory=dict)
    """The source's words to values; case does not matter."""
    lookup: str = ""
    """Name of a table of `[values]`, used instead of `values`."""
    unlisted: Literal["wrong", "left"] = "wrong"
    """Whether a text that is neither listed nor converted is rejected, or left in its column."""
    convert: str = ""
    """Conversion of texts that `values` does not list."""
    pivot: int | None = Field(None, ge=1900, le=2200)
    """The latest year that two digits may mean."""

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (self.column,) if self.column else self.join or tuple(_IN_BRACES.findall(self.text))

    def fill(self, cells: dict[str, str]) -> str:
        """The text of a row; empty if one of the columns is, or all that are joined."""
        if self.join:
            return self.by.join(text for name in self.join if (text := cells.get(name, "")))
        pieces = _pieces(self.text)
        texts = [cells.get(name, "") for name in pieces[1::2]]
        return "".join(chain(*zip(pieces[::2], [*texts, ""], strict=True))) if all(texts) else ""

    @model_validator(mode="after")
    def _check(self) -> CellMapping:
        if [bool(self.column), bool(self.text), bool(self.join)].count(True) != 1:
            raise ValueError("expected one of column, text and join")
        if self.values and self.lookup:
            raise ValueError("expected either values or lookup")
        if self.convert and self.convert not in CONVERSIONS:
            raise ValueError(f"convert {self.convert!r}: expected one of {', '.join(CONVERSIONS)}")
        if self.pivot is not None and self.convert not in DATE_CONVERSIONS:
            raise ValueError(f"pivot belongs to a conversion of dates: {', '.join(DATE_CONVERSIONS)}")
        return self


CellField = Annotated[CellMapping, _short_for("column")]
CellFields = Annotated[tuple[CellField, ...], BeforeValidator(_as_tuple)]
Patterns = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Conditions = dict[str, Patterns]
"""Column to patterns, all of which have to match; `*` stands for any text but the empty one; case does not matter."""


class DirectedType(TomlModel):
    """A type, and whether the ends of a link are exchanged."""

    type: str
    reverse: bool = False


class TypeMapping(TomlModel):
    """The type of a claim: a constant, or read from a column."""

    always: str = ""
    column: str = ""
    values: dict[str, Annotated[DirectedType, _short_for("type")]] = Field(default_factory=dict)
    """The source's words to types. Without any, the column has names of the ontology's types."""
    blank: str = ""
    """The type if the column is empty."""
    otherwise: str = ""
    """The type if the column is empty or has another word; by default such a row makes no claim."""

    @cached_property
    def words(self) -> dict[str, DirectedType]:
        """What the words of its column mean, by their folded form."""
        return {fold_text(word): directed for word, directed in self.values.items()}

    @property
    def has_reverse(self) -> bool:
        """Whether some words of its column exchange the ends of a link."""
        return any(directed.reverse for directed in self.values.values())

    @model_validator(mode="after")
    def _check(self) -> TypeMapping:
        if bool(self.always) == bool(self.column):
            raise ValueError("expected the name of a type, or column with values")
        return self


class ClaimMapping(TomlModel):
    """A node or link that a row claims if all of `when` and nothing of `unless` matches."""

    name: str = ""
    """Name of the claim within its row, also in the ids of links; by default the name of its type."""
    type: Annotated[TypeMapping, _short_for("always")]
    when: Conditions = Field(default_factory=dict)
    unless: Conditions = Field(default_factory=dict)
    otherwise: bool = False
    """Claimed of the rows that no claim with a `when` matches."""
    properties: dict[str, CellFields] = Field(default_factory=dict)
    """Property of the ontology to the sources of its values."""
    alike: Patterns = ()
    """Properties whose columns have their name."""
    split: str = ""
    """Separator of several values in the columns of `alike`, except those of `whole`."""
    whole: Patterns = ()

    @cached_property
    def property_cells(self) -> dict[str, tuple[CellMapping, ...]]:
        """Property to the sources of its values, including those of `alike`."""
        alike = {n: (CellMapping(column=n, split="" if n in self.whole else self.split),) for n in self.alike}
        return {**alike, **self.properties}

    @property
    def label(self) -> str:
        """The name of the claim in messages and parts."""
        return self.name or self.type.always or self.type.column

    def cells(self) -> Iterator[CellMapping]:
        """All cell mappings."""
        yield from (cell for found in self.property_cells.values() for cell in found)


class NodeMapping(ClaimMapping):
    """A node that a row describes: its own, under the table's key, or another one under a key of its own."""

    key: CellField | None = None
    kind_of: str = ""
    """If a column names the type: the supertype of all types that it may name."""
    referents: CellFields = ()
    """Other keys of the same node in the source."""

    def cells(self) -> Iterator[CellMapping]:
        """All cell mappings."""
        yield from super().cells()
        yield from self.referents
        if self.key:
            yield self.key

    @model_validator(mode="after")
    def _check_key(self) -> NodeMapping:
        if self.key and self.key.split:
            raise ValueError("key of a node cannot be split; expected a table.node for each of several nodes of a row")
        return self


class LinkMapping(ClaimMapping):
    """A link that a row describes; an end that is not given is the row's own node."""

    key: CellField | None = None
    """The key of the link, if it is not the row's: equal claims of several rows are one record."""
    from_: CellField | None = Field(None, alias="from")
    to: CellField | None = None
    reverse: Reverse = ""
    """Of payments: which amounts mean that it goes from `to` to `from`."""
    from_namespace: str = ""
    to_namespace: str = ""
    """Namespace of the keys of an end, by default the source's. An end that can only be a Jurisdiction is a code."""

    @property
    def end_cells(self) -> list[CellMapping]:
        """The sources of the keys of its ends, `from` first; the row's own node has none."""
        return [cell for cell in (self.from_, self.to) if cell]

    @property
    def end_columns(self) -> list[str]:
        """The columns that name its ends."""
        return [column for cell in self.end_cells for column in cell.columns]

    def cells(self) -> Iterator[CellMapping]:
        """All cell mappings."""
        yield from super().cells()
        yield from (cell for cell in (self.key, *self.end_cells) if cell)


class ProvenanceMapping(TomlModel):
    """The provenance of the claims of a row."""

    origin: CellFields = ()
    reliability: CellFields = ()
    credibility: CellFields = ()
    handling: CellFields = ()
    stated: CellFields = ()
    url: CellFields = ()
    page: CellFields = ()
    datasets: CellFields = ()

    def cells(self) -> dict[str, tuple[CellMapping, ...]]:
        """By name, those that are given."""
        return {name: found for name in type(self).model_fields if (found := getattr(self, name))}


class TableMapping(TomlModel):
    """Files or sheets with the same columns, and the claims of their rows."""

    files: Patterns = ()
    """Patterns of file names, in lower case."""
    sheets: Patterns = ()
    """Patterns of the names of a workbook's sheets, in lower case."""
    columns: Patterns = ()
    """Required columns, besides those of keys, and of ends if rows are links. By default all columns that are
    named here."""
    ignore: Patterns = ()
    """Columns that are dropped."""
    skip: Conditions = Field(default_factory=dict)
    """Rows that make no claims."""
    key: CellField | None = None
    """The source's own key of a row. Without it, one is computed from all cells."""
    help: dict[str, str] = Field(default_factory=dict)
    """Column to its description in templates, if the ontology's does not fit all types of the rows."""
    first: Patterns = ()
    """The columns that come first in templates, after the key; the others follow and are folded away."""
    format: Dialect | None = None
    said: ProvenanceMapping = ProvenanceMapping()
    node: Annotated[tuple[NodeMapping, ...], BeforeValidator(_as_tuple)] = ()
    link: Annotated[tuple[LinkMapping, ...], BeforeValidator(_as_tuple)] = ()

    @property
    def claims(self) -> tuple[NodeMapping | LinkMapping, ...]:
        """The claims that a row may make: nodes, then links."""
        return (*self.node, *self.link)

    @property
    def rows_are_links(self) -> bool:
        """Whether a row is about a link between things that it names, and no node of its own."""
        return all(node.key for node in self.node)

    def cells(self) -> Iterator[CellMapping]:
        """All cell mappings."""
        yield from (self.key,) if self.key else ()
        yield from (cell for found in self.said.cells().values() for cell in found)
        yield from (cell for claim in self.claims for cell in claim.cells())

    def required_columns(self) -> tuple[str, ...]:
        """The columns that a header must have, each once."""
        ends = [end for link in self.link for end in link.end_cells] if self.rows_are_links else []
        keys = [self.key, *(node.key for node in self.node), *ends]
        own = [column for cell in keys if cell for column in cell.columns] if self.columns else self.all_columns()
        return tuple(dict.fromkeys((*self.columns, *own)))

    def all_columns(self) -> tuple[str, ...]:
        """All columns that the mapping names, each once."""
        found = [column for cell in self.cells() for column in cell.columns]
        for claim in self.claims:
            found += [*claim.when, *claim.unless, *([claim.type.column] if claim.type.column else [])]
        return tuple(dict.fromkeys((*found, *self.skip, *self.ignore)))

    def end_columns(self) -> list[str]:
        """The columns that name the ends of links, where rows are links; none where a row is a node."""
        return [column for link in self.link for column in link.end_columns] if self.rows_are_links else []

    def separators(self) -> dict[str, str]:
        """Column to the separator of several values in its cells, where all that read it name the same."""
        found: dict[str, set[str]] = {}
        for cell in self.cells():
            for column in cell.columns:
                found.setdefault(column, set()).add(cell.split)
        return {column: next(iter(known)) for column, known in found.items() if len(known) == 1 and "" not in known}

    @model_validator(mode="after")
    def _check(self) -> TableMapping:
        if not self.claims:
            raise ValueError("expected at least one node or link that a row claims")
        if not self.files and not self.sheets:
            raise ValueError('expected files or sheets that are such a table, as in files = "*.csv"')
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
    """The part of a `source.toml` on tables."""

    internal_keys: ClassVar[tuple[str, ...]] = ("shown",)

    shown: str = ""
    """The name of the file in messages; set by its reader."""
    table: Annotated[tuple[TableMapping, ...], BeforeValidator(_as_tuple)] = ()
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Tables of values by name, for `lookup`."""
    said: ProvenanceMapping = ProvenanceMapping()
    format: Dialect = Dialect()
    ignore_sheets: Patterns = ()
    """Patterns of the names of sheets to ignore."""
    ends: Literal["anywhere", "here"] = "anywhere"
    """`here` if every end of a link should be a row of the same load: an end that is not is reported, and the link is
    unresolved."""

    def columns_of(self, table: TableMapping) -> tuple[str, ...]:
        """All columns of one of its tables, with those of the provenance of every table, each once."""
        said = (column for cells in self.said.cells().values() for cell in cells for column in cell.columns)
        return tuple(dict.fromkeys((*table.all_columns(), *said)))

    def required_columns_of(self, table: TableMapping) -> tuple[str, ...]:
        """The columns that a table's header must have. Only people's own sheets may do without a handling code."""
        handling = self.handling_columns_of(table) if self.ends == "anywhere" else ()
        return tuple(dict.fromkeys((*table.required_columns(), *handling)))

    def handling_columns_of(self, table: TableMapping) -> tuple[str, ...]:
        """The columns of a table that say who may see a row."""
        cells = (*self.said.handling, *table.said.handling)
        return tuple(dict.fromkeys(column for cell in cells for column in cell.columns))

    @model_validator(mode="after")
    def _lookups(self) -> SourceMapping:
        for cell in (cell for table in self.table for cell in table.cells()):
            if cell.lookup and cell.lookup not in self.values:
                known = ", ".join(self.values) or "none"
                raise ValueError(f"lookup {cell.lookup!r}: expected one of [values]: {known}")
        return self

"""The parts of a mapping, checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import BeforeValidator, Field, model_validator

from kg.errors import InputError, InputLocation
from kg.sources.ftm.schemata import has_property, schemata
from kg.sources.ftm_mappings.yaml_files import read_yaml
from kg.toml_files.models import TomlModel, validate

IN_BRACES = re.compile(r"\{\{([^(}})]*)\}\}")


def _as_tuple(value: object) -> object:
    return () if value in ("", None) else (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Flag = Annotated[bool, BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)]


class PropertySource(TomlModel):
    """The source of the values of one property."""

    column: Texts = ()
    columns: Texts = ()
    literal: Texts = ()
    literals: Texts = ()
    join: str | None = None
    """Joins all values into one."""
    split: str | None = None
    """Separator of several values in a cell."""
    entity: str = ""
    """The name of an entity of the same query, which is the value."""
    template: str = ""
    """`{{column}}` is replaced by a cell."""
    format: str = ""
    """How dates are written, such as `%d.%m.%Y`."""
    required: Flag = False
    """Whether a row without a value does not describe the entity."""
    fuzzy: Flag = False
    """Taken and not used: values are read as those of all sources are."""

    @property
    def read_columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return (*self.column, *self.columns, *IN_BRACES.findall(self.template))


class EntitySource(TomlModel):
    """An entity that a row describes."""

    schema_: str = Field(alias="schema")
    key: Texts = ()
    keys: Texts = ()
    key_literal: str = ""
    id_column: str = ""
    properties: dict[str, PropertySource] = Field(default_factory=dict)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns that its id is made of."""
        return (self.id_column,) if self.id_column else (*self.key, *self.keys)

    @model_validator(mode="after")
    def _check(self) -> EntitySource:
        if self.schema_ not in schemata() or schemata()[self.schema_].get("abstract"):
            raise ValueError(f"schema {self.schema_!r}: expected a schema of FollowTheMoney that is not abstract")
        if bool(self.key or self.keys) == bool(self.id_column):
            raise ValueError("expected either keys or id_column")
        if unknown := [name for name in self.properties if not has_property(self.schema_, name)]:
            raise ValueError(f"property {unknown[0]!r}: expected a property of {self.schema_}")
        return self


class Query(TomlModel):
    """The entities of each row of some files."""

    csv_url: Texts = ()
    csv_urls: Texts = ()
    database: str = ""
    table: Any = None
    tables: Any = None
    joins: Any = None
    filters: dict[str, Texts] = Field(default_factory=dict)
    filters_not: dict[str, Texts] = Field(default_factory=dict)
    entities: dict[str, EntitySource]

    @property
    def file_names(self) -> tuple[str, ...]:
        """The names of its files, whatever folder or server they are on."""
        return tuple(PurePosixPath(unquote(urlsplit(url).path)).name for url in (*self.csv_url, *self.csv_urls))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        named = [*self.filters, *self.filters_not]
        for entity in self.entities.values():
            named += entity.key_columns
            named += (column for source in entity.properties.values() for column in source.read_columns)
        return tuple(dict.fromkeys(named))

    def in_order(self) -> Iterator[tuple[str, EntitySource]]:
        """The entities with their names, each after those that its properties name."""
        done: dict[str, EntitySource] = {}
        while len(done) < len(self.entities):
            ready = {n: e for n, e in self.entities.items() if n not in done and self._named_by(e) <= set(done)}
            done |= ready
            yield from ready.items()

    @model_validator(mode="after")
    def _check(self) -> Query:
        if self.database or self.table or self.tables or self.joins:
            raise ValueError("reads a database; kg reads CSV files: export its tables, and name them with csv_url")
        if not self.file_names:
            raise ValueError("expected csv_url with the name of a CSV file")
        if not self.entities:
            raise ValueError("expected entities")
        for name, entity in self.entities.items():
            if unknown := self._named_by(entity) - set(self.entities):
                raise ValueError(f"entity {name!r} names the entity {min(unknown)!r}, which the query does not have")
        left = set(self.entities)
        while ready := {name for name in left if not self._named_by(self.entities[name]) & left}:
            left -= ready
        if left:
            raise ValueError(f"entities name each other in a circle: {', '.join(sorted(left))}")
        return self

    @staticmethod
    def _named_by(entity: EntitySource) -> set[str]:
        return {source.entity for source in entity.properties.values() if source.entity}


class MappingFile(TomlModel):
    """All queries of a mapping."""

    shown: str
    """The file as it is named in messages."""
    dataset: str
    label: str = ""
    queries: tuple[Query, ...]


def load_mapping(path: Path) -> MappingFile:
    """The mapping in a YAML file. Raises InputError where it is none, or cannot be run on files."""
    if not path.is_file():
        raise InputError("there is no such file; expected a mapping of FollowTheMoney", InputLocation(str(path)))
    data = read_yaml(path)
    if not isinstance(data, dict) or len(data) != 1 or not isinstance(next(iter(data.values())), dict):
        problem = "expected a mapping of FollowTheMoney: the name of one data set, with its queries below it"
        raise InputError(problem, InputLocation(str(path)))
    ((dataset, about),) = data.items()
    queries = [query for name in ("queries", "query") for query in _as_list(about.get(name))]
    place = InputLocation(str(path), key=dataset)
    if not queries:
        raise InputError("expected queries", place)
    found = {"shown": str(path), "dataset": dataset, "label": about.get("label", ""), "queries": queries}
    return validate(MappingFile, found, place)


def _as_list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [] if found is None else [found]

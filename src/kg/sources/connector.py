"""Source connectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, cast

from pydantic import Field, ValidationInfo, field_validator, model_validator

from kg.errors import InputError, InputLocation
from kg.records import ReadResult
from kg.sources.files.lines import is_plain
from kg.sources.line_reader import LineReader
from kg.sources.rows import ReadContext
from kg.sources.tabular import reader as declared_tables
from kg.sources.tabular.mapping import SourceMapping, file_matches
from kg.toml_files import read_toml
from kg.toml_files.models import TomlModel, validate

FOLDER = Path(__file__).parent
DECLARED = "declared"
"""Folder of the declarations of public tables, one file each."""


class SourceDeclaration(TomlModel):
    """The source that files belong to, as declared by the files or their connector."""

    name: str
    title: str
    namespace: str = Field("", validate_default=True)
    """By default the name."""
    invented: bool = False
    """Whether all of it is invented, for demonstration."""

    @field_validator("namespace")
    @classmethod
    def _use_name(cls, namespace: str, info: ValidationInfo) -> str:
        return namespace or str(info.data.get("name", ""))


class Connector(SourceMapping):
    """One way to read files into records: a `source.toml` that declares tables, or stands beside a `read.py`."""

    internal_keys: ClassVar[tuple[str, ...]] = ("name", "shown", "mapping")

    name: str
    title: str
    description: str
    files: tuple[str, ...] = ()
    """Patterns of the names of files that it reads, in lower case; by default those of its tables."""
    recognised_by: tuple[tuple[str, ...], ...] = ()
    """What tells a file of another name: keys of JSON objects, columns or elements, all of one of the lists."""
    source: SourceDeclaration | None = None
    mapping: Any = None
    """The mapping of FollowTheMoney that reads the files; None if there is none."""

    @model_validator(mode="before")
    @classmethod
    def _files_of_tables(cls, data: Any) -> Any:
        """Set `files`, where it is missing, to the patterns of the tables."""
        if "files" in data or not isinstance(data.get("table"), list):
            return data
        named = (table.get("files", ()) for table in data["table"] if isinstance(table, dict))
        patterns = (p for found in named for p in ([found] if isinstance(found, str) else found))
        return {**data, "files": list(dict.fromkeys(patterns))}

    def matches(self, path: Path) -> bool:
        """Whether the file's name fits one of the patterns."""
        return file_matches(path, self.files)

    def matching_files(self, folder: Path) -> list[Path]:
        """The files of a folder whose names fit, sorted by name."""
        return sorted(p for p in folder.iterdir() if p.is_file() and self.matches(p))

    def read(self, files: Sequence[Path], context: ReadContext) -> Iterator[ReadResult]:
        """The records of the files, in their order, and a reject for what could not be read; lazily.

        Raises InputError where a file as a whole cannot be read.
        """
        if self.table:
            return declared_tables.read_tables(self, files, context)
        if self.mapping:
            from kg.sources.ftm_mappings.read import read_mapped

            return read_mapped(self.mapping, files, context)
        return cast(Iterator[ReadResult], self._module().read(files, context))

    def line_reader(self, files: Sequence[Path], context: ReadContext) -> LineReader | None:
        """What reads the lines of the files in several processes; None where they are no lines that can be cut.

        Raises InputError as `read` does.
        """
        made = None if self.reads_tables else getattr(self._module(), "line_reader", None)
        return cast("LineReader | None", made(files, context)) if made and all(map(is_plain, files)) else None

    def declared_source(self, path: Path) -> SourceDeclaration | None:
        """The source that this connector or the first line of the file declares; None if neither does."""
        if self.source or self.reads_tables:
            return self.source
        declared = getattr(self._module(), "declared", None)
        return cast("SourceDeclaration | None", declared(path)) if declared else None

    @property
    def reads_tables(self) -> bool:
        """Whether its files are tables, which state rows and cannot delete any."""
        return bool(self.table or self.mapping)

    def _module(self) -> ModuleType:
        return import_module(f"kg.sources.{self.name}.read")


@lru_cache(maxsize=1)
def connectors() -> dict[str, Connector]:
    """Every connector by name. Raises InputError for a `source.toml` that is not what was expected."""
    paths = {p.parent.name: p for p in FOLDER.glob("*/source.toml")}
    paths |= {p.stem: p for p in (FOLDER / DECLARED).glob("*.toml")}
    return {name: _connector(p, f"{p.parent.name}/{p.name}", name) for name, p in sorted(paths.items())}


def load_connector(path: Path) -> Connector:
    """The connector of a user's own declaration of tables. Raises InputError where it is not valid."""
    if not path.is_file():
        raise InputError("there is no such file; expected a declaration of tables", InputLocation(str(path)))
    connector = _connector(path, str(path), path.stem)
    if not connector.table:
        raise InputError("declares no table; expected [[table]] at least once", InputLocation(str(path), key="table"))
    return connector


def load_mapping_connector(path: Path) -> Connector:
    """The connector of a mapping of FollowTheMoney. Raises InputError where it is not valid."""
    from kg.sources.ftm_mappings.mapping import load_mapping

    mapping = load_mapping(path)
    title = mapping.label or mapping.dataset
    source = SourceDeclaration(name=mapping.dataset, title=title)
    return Connector(
        shown=str(path), name=path.stem, title=title, description=title, files=(), source=source, mapping=mapping
    )


def _connector(path: Path, shown: str, name: str) -> Connector:
    data = read_toml(path, shown)
    if internal := [key for key in Connector.internal_keys if key in data]:
        problem = "the folder's name is the connector's name; leave this key out"
        raise InputError(problem, InputLocation(shown, key=internal[0]))
    return validate(Connector, {"name": name, "shown": shown, **data}, InputLocation(shown))

"""The choice of the connector that reads a file, by its name, and what to do where that says nothing."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from kg.errors import InputError, InputLocation, NotFound
from kg.sources.connector import (
    Connector,
    SourceDeclaration,
    connectors,
    load_connector,
    load_mapping_connector,
)
from kg.sources.files.lines import read_chunks
from kg.sources.files.parquet import is_parquet

_LOOKED_AT = 256 * 1024
"""How much of a file is looked at, in characters."""

_JSON_KEY = re.compile(r'"([^"\\]{1,100})"\s*:')
_XML_ELEMENT = re.compile(r"<([A-Za-z_][\w.-]{0,100})")
_NAMES_SHOWN = 12
_TABLE_ENDINGS = (".csv", ".tsv")
_DECLARE = (
    "say what they mean in a declaration (docs/tables.md) and load it with --as FILE.toml, "
    "or copy them into sheets (`kg template`)"
)


def choose_connector(path: Path, name: str = "") -> Connector:
    """The connector called `name`, else the one that recognises the file's name.

    A name that ends in `.toml` is the path of a declaration of tables, one in `.yml` or `.yaml` that of a mapping of
    FollowTheMoney.

    Raises NotFound for a name that no connector has, InputError where none or several recognise the file.
    """
    if name.lower().endswith(".toml"):
        return load_connector(Path(name))
    if name.lower().endswith((".yml", ".yaml")):
        return load_mapping_connector(Path(name))
    known = connectors()
    if name:
        if name not in known:
            raise NotFound(f"there is no connector {name!r}; connectors: {', '.join(known)}")
        return known[name]
    fitting = [c for c in known.values() if c.matches(path)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise InputError(f"could be any of {', '.join(c.name for c in fitting)}; name one", InputLocation(str(path)))
    raise InputError(f"no connector reads a file of this name; {_advice_on(path, known)}", InputLocation(str(path)))


def common_source(files: Sequence[Path], name: str = "") -> SourceDeclaration | None:
    """The source that all `files` declare; None if none of them does. Reads only their first lines.

    Raises InputError where two of them differ.
    """
    found = [(path, choose_connector(path, name).declared_source(path)) for path in files]
    for path, declaration in found:
        if declaration != found[0][1]:
            one, other = (f"source {d.name!r}" if d else "no source" for d in (declaration, found[0][1]))
            problem = f"declares {one}, but {found[0][0]} {other}; a load has one source"
            raise InputError(problem, InputLocation(str(path), line=1, key="source"))
    return found[0][1] if found else None


def _advice_on(path: Path, connectors: Mapping[str, Connector]) -> str:
    """What a file seems to hold, and how to load it: the end of a sentence about a name that no connector knows.

    Reads the beginning of the file. Raises InputError where that cannot be read, or is no text.
    """
    if is_parquet(path):
        return f"if its columns are a table of your own, {_DECLARE}"
    kind, names = _content(path)
    found = [c for c in connectors.values() if any(names.keys() >= set(needed) for needed in c.recognised_by)]
    if len(found) == 1:
        return f"it holds what {found[0].name} reads ({found[0].title}): add --as {found[0].name}"
    if kind == "table" and (fitting := _fitting_tables(names, connectors)):
        connector, files = fitting
        way = f"name the file {' or '.join(files)}" if len(connector.table) > 1 else f"add --as {connector.name}"
        return f"its columns are those of {connector.name} ({connector.title}): {way}"
    if kind == "table" and len(names) < 2:
        if names and path.suffix.lower() in _TABLE_ENDINGS:
            problem = "it has one column, which does not tell what its rows are"
            return f"{problem}: copy them into sheets (`kg template`), or load it with a declaration (docs/tables.md)"
        names = {}  # one word a line is no table
    shown = ", ".join(islice(names, _NAMES_SHOWN)) + (" …" if len(names) > _NAMES_SHOWN else "")
    if kind == "table" and names:
        return f"it is a table with the columns {shown}: {_DECLARE}"
    ways = f"with --as NAME; connectors: {', '.join(connectors)}"
    return f"it has the {kind} {shown}; if one reads it, load it {ways}" if shown else f"name the reader {ways}"


def _fitting_tables(
    names: Mapping[str, None], connectors: Mapping[str, Connector]
) -> tuple[Connector, tuple[str, ...]] | None:
    """The connector whose tables need the most of these columns, and the names of its files; None if it is not one."""
    fitting: dict[int, list[tuple[Connector, tuple[str, ...]]]] = {}
    for connector in connectors.values():
        for table in connector.table:
            needed = connector.required_columns_of(table)
            if needed and table.files and names.keys() >= set(needed):
                fitting.setdefault(len(needed), []).append((connector, table.files))
    best = fitting[max(fitting)] if fitting else []
    if len({connector.name for connector, _ in best}) != 1:
        return None
    return best[0][0], tuple(pattern for _, files in best for pattern in files)


def _content(path: Path) -> tuple[str, dict[str, None]]:
    """What a file has, with the names of it in their order: `keys` of JSON, `elements` of XML, or a `table`."""
    text = ""
    for chunk in read_chunks(path):
        text += chunk.decode("utf-8", "replace")
        if len(text) >= _LOOKED_AT:
            break
    text = text[:_LOOKED_AT].lstrip()
    if text[:1] in ("{", "["):
        return "keys", dict.fromkeys(_JSON_KEY.findall(text))
    if text.startswith("<"):
        return "elements", dict.fromkeys(_XML_ELEMENT.findall(text))
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if lines and lines[0].lower().strip('"').startswith("sep="):
        del lines[0]
    header = lines[0] if lines else ""
    delimiter = max(",;\t|", key=header.count)
    try:
        cells = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        cells = []
    return "table", dict.fromkeys(cell.strip() for cell in cells if cell.strip())

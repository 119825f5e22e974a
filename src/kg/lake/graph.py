"""A projected graph in a lake: its files, and what is said of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

import orjson
import pyarrow as pa

from kg.errors import NotFound, StoreBusy, StoreDamaged
from kg.files import lock_file, rename, write_atomically
from kg.lake.engines import Engine
from kg.lake.projection import ScopeSum
from kg.lake.tables import GRAPH_TABLES, LINKED, MADE, SOUGHT

GRAPHS_FOLDER, SCRATCH_FOLDER = "graphs", "scratch"

LOCK = "graph.lock"

CURRENT = "graph.json"
"""The file that names the newest graph, and says what it is."""


@dataclass(frozen=True, slots=True)
class LakeGraph:
    """A graph that an engine made of the events up to a load."""

    folder: str
    """Its folder, below that of the lake."""
    engine: str
    version: int
    """The version of the lake's table."""
    load: int
    ontology: str
    open_day: str
    protected_day: str
    open: ScopeSum
    protected: ScopeSum
    loads: Mapping[str, int] = field(default_factory=dict)
    """The last load of each source that is in it."""

    def day(self, *, protected: bool) -> str:
        """The day of what a scope sees of it."""
        return self.protected_day if protected else self.open_day

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> LakeGraph:
        """The inverse of `to_json`."""
        sums = {scope: ScopeSum(**data[scope]) for scope in ("open", "protected")}
        return cls(**{**data, **sums})


def table_schema(table: str) -> pa.Schema:
    """The columns of a table of the graph."""
    fields = {field.name: field for schema in (SOUGHT, LINKED, MADE) for field in schema}
    return pa.schema([fields[name] for name in GRAPH_TABLES[table].split(", ")])


def find_graph(lake: Path) -> LakeGraph:
    """The newest graph of a lake. Raises NotFound where none was made, and StoreDamaged."""
    try:
        return LakeGraph.from_json(orjson.loads((lake / CURRENT).read_bytes()))
    except FileNotFoundError:
        raise NotFound(f"{lake} has no graph yet; `kg lake project {lake}` makes one") from None
    except (ValueError, TypeError, KeyError) as error:
        raise StoreDamaged(f"{lake / CURRENT}: expected what `kg lake project` writes ({error})") from None


def read_graph(engine: Engine, lake: Path, graph: LakeGraph, prefix: str = "graph") -> None:
    """Make views of the tables of a graph, by a prefix and their names, such as `graph_node`."""
    for table in GRAPH_TABLES:
        files = sorted(str(path) for path in (lake / graph.folder / table).glob("*.parquet"))
        engine.read(f"{prefix}_{table}", files, table_schema(table))


def view_scope(engine: Engine, *, protected: bool) -> None:
    """Make views `scope_node` and `scope_link` of what a scope sees of a graph, with its `caption` and `sought`."""
    columns = "id, type, body, protected"
    if protected:
        caption, sought = "coalesce(caption_protected, caption)", "sought_protected"
        engine.view("scope_node", f"SELECT {columns}, {caption} AS caption, {sought} AS sought FROM graph_node")
        engine.view("scope_link", "SELECT * FROM graph_link")
        return
    engine.view("scope_node", f"SELECT {columns}, caption, sought FROM graph_node WHERE NOT protected")
    engine.view(
        "scope_link",
        "SELECT l.* FROM graph_link l JOIN scope_node a ON a.id = l.tail JOIN scope_node b ON b.id = l.head"
        " WHERE NOT l.protected",
    )


def write_tables(engine: Engine, lake: Path) -> str:
    """Write the views of a projected graph into a new folder; returns its name below the lake's."""
    name = f"{GRAPHS_FOLDER}/{secrets.token_hex(8)}"
    partial = lake / f"{name}.part"
    for table, columns in GRAPH_TABLES.items():
        engine.write(f"SELECT {columns} FROM graph_{table}", partial / table, table_schema(table))
    rename(partial, lake / name)
    return name


def publish_graph(lake: Path, graph: LakeGraph) -> None:
    """Make a complete graph the newest one; the one before stays for those who read it, and all others go."""
    try:
        kept = {lake / find_graph(lake).folder}
    except (NotFound, StoreDamaged):
        kept = set()
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    write_atomically(lake / CURRENT, orjson.dumps(graph.to_json(), option=options))
    for folder in (lake / GRAPHS_FOLDER).iterdir():
        if folder not in kept | {lake / graph.folder}:
            rmtree(folder)


@contextmanager
def projection_lock(lake: Path) -> Iterator[None]:
    """For a block, nobody else projects or erases. Raises StoreBusy where somebody does."""
    with lock_file(lake / LOCK, wait=False) as is_held:
        if not is_held:
            raise StoreBusy(f"{lake}: another process makes its graph; try again when it is done")
        yield


def remove_graphs(lake: Path) -> None:
    """Remove every projected graph: what was made of something that is to be erased."""
    (lake / CURRENT).unlink(missing_ok=True)
    rmtree(lake / GRAPHS_FOLDER, ignore_errors=True)
    rmtree(lake / SCRATCH_FOLDER, ignore_errors=True)


@contextmanager
def scratch_folder(lake: Path) -> Iterator[Path]:
    """A folder for what an engine makes on its way, which is gone afterwards."""
    folder = lake / SCRATCH_FOLDER / secrets.token_hex(8)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)

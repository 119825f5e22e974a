"""Screen a list against a lake: an engine finds the entries that may be on it, and an ordinary store has them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from kg.analysis.matching import Party
from kg.database import NAME_INDEX
from kg.findings.matches import Screening
from kg.lake.engines import sql_texts
from kg.ontology import Ontology
from kg.ontology.values import identifier_key
from kg.operations.lake.project import EngineOptions, open_run
from kg.operations.lake.pull import write_piece
from kg.operations.lake.sources import lake_sources
from kg.operations.matching.entries import Searches
from kg.operations.matching.screening import ScreeningRequest, screen
from kg.operations.questions.written_so import MAX_BLOCK
from kg.operations.workspace import Workspace, open_sqlite_store
from kg.ports import COUNTRY_TRAITS, Contents, LinkQuery, PartyStore, SourceInfo
from kg.records import Claim, Link, Node

if TYPE_CHECKING:
    from kg.lake.engines import Engine
    from kg.lake.graph import LakeGraph

MOST_OF_A_BLOCK = MAX_BLOCK + 1
"""So many entries of each block are fetched, the first by id: one more than are compared shows that there are more."""

_FOUND = pa.schema({"block": pa.int64(), "id": pa.string()})
_SOUGHT_NUMBERS = pa.schema({"block": pa.int64(), "value": pa.string(), "type": pa.string()})
_FIRST = """SELECT DISTINCT id FROM (SELECT id, row_number() OVER (PARTITION BY block ORDER BY id) AS place
    FROM (SELECT DISTINCT block, id FROM {found}) AS every) AS ordered WHERE place <= {most}"""

Block = tuple[str, frozenset[str]]
"""A full-text query, and the types of the nodes that it may find."""


@dataclass(frozen=True, slots=True)
class LakeRegister:
    """The entries of a lake that may be on a list, in a store of their own, with the numbers of the whole lake."""

    entries: PartyStore
    of_types: Mapping[str, int]
    """All nodes of the lake by type."""
    of_countries: Mapping[frozenset[str], tuple[dict[str, int], int]]
    """What `count_countries` answers for the whole lake, by types."""
    sources: tuple[SourceInfo, ...]
    """All sources of the lake."""

    @property
    def ontology(self) -> Ontology:
        """As `Store.ontology`."""
        return self.entries.ontology

    def contents(self) -> Contents:
        """What the store has, with the nodes and sources of the whole lake."""
        return replace(self.entries.contents(), nodes=self.of_types, sources=self.sources)

    def count_countries(self, types: Iterable[str]) -> tuple[dict[str, int], int]:
        """As `Store.count_countries`, of the whole lake; raises KeyError for types other than people or companies."""
        return self.of_countries[frozenset(types)]

    def find_by_each(self, queries: Iterable[str], kinds: Sequence[str], limit: int) -> tuple[dict[str, Node], int]:
        """As `Store.find_by_each`, for queries that were foreseen and a limit below `MOST_OF_A_BLOCK`."""
        return self.entries.find_by_each(queries, kinds, limit)

    def find_by_identifier(self, value: str, kinds: Sequence[str] = (), limit: int = MAX_BLOCK) -> dict[str, Node]:
        """As `Store.find_by_identifier`, with the same limits."""
        return self.entries.find_by_identifier(value, kinds, limit)

    def nodes(self, ids: Iterable[str]) -> dict[str, Node]:
        """As `Store.nodes`."""
        return self.entries.nodes(ids)

    def links(self, query: LinkQuery) -> list[Link]:
        """As `Store.links`."""
        return self.entries.links(query)

    def claims(self, ids: Sequence[str]) -> dict[str, list[Claim]]:
        """As `Store.claims`."""
        return self.entries.claims(ids)


def screen_lake(workspace: Workspace, folder: Path, request: ScreeningRequest, options: EngineOptions) -> Screening:
    """Compare each person and company of a list with the newest graph of a lake: what `screen` finds in a SQLite file.

    Raises NotFound where there is no graph or source, InputError for files that cannot be read, and where too many
    entries may be on the list.
    """
    from kg.lake.graph import find_graph

    graph = find_graph(folder)

    @contextmanager
    def open_register(targets: Sequence[Party]) -> Iterator[PartyStore]:
        with TemporaryDirectory(prefix="kg-screening-") as scratch:
            own = replace(workspace, path=Path(scratch) / "entries.sqlite", neo4j=None, view_cache=None)
            register = _find_entries(own, folder, graph, targets, options)
            with open_sqlite_store(own) as store:
                yield register(store)

    return screen(workspace, request, open_register)


def _find_entries(
    workspace: Workspace, folder: Path, graph: LakeGraph, targets: Sequence[Party], options: EngineOptions
) -> Callable[[PartyStore], LakeRegister]:
    """Make a store of the entries that may be on the list, with all that they are linked to."""
    from kg.lake.events import Lake
    from kg.lake.graph import read_graph, view_scope
    from kg.lake.piece import select_entries
    from kg.lake.projection import in_force
    from kg.lake.steps import Step

    ontology, protected = workspace.ontology, workspace.protected
    lake, people, parties = Lake(folder), ontology.kinds_of("Person"), ontology.kinds_of("Party")
    blocks, numbers = _searches(ontology, targets)
    with open_run(lake, options, graph.load) as engine:
        in_force(engine, lake, graph.load)
        read_graph(engine, folder, graph)
        workspace.progress("counting", 0, None)
        view_scope(engine, protected=protected)
        counted = engine.rows("SELECT type, count(*) AS n FROM scope_node GROUP BY type").to_pylist()
        of_types = {row["type"]: row["n"] for row in counted}
        countries = {types: _count_places(engine, ontology, types) for types in (people, parties - people)}
        workspace.progress("looking for the list", 0, None)
        engine.view("searched", _searched(sorted(parties), protected))
        engine.mapped("named", "SELECT id, type, value FROM searched", Step(partial(match_words, blocks), _FOUND))
        engine.table("sought_number", pa.Table.from_pylist(numbers, schema=_SOUGHT_NUMBERS))
        engine.view("numbered", _numbered(protected))
        found = {
            row["id"]
            for view in ("named", "numbered")
            for row in engine.rows(_FIRST.format(found=view, most=MOST_OF_A_BLOCK)).to_pylist()
        }
        places = {place for counts, _ in countries.values() for place in counts}
        select_entries(engine, ontology, found, places, graph.day(protected=protected), protected=protected)
        cut = {"nodes": 0, "links": 0, "protected": protected}
        told = {"lake": str(folder.absolute()), "load": graph.load, "depth": 1, "cut": cut}
        write_piece(workspace, workspace.path, engine, lake, graph, told, has_files=False)
        sources = lake_sources(engine, lake, graph.load, protected=protected).infos

    def register(entries: PartyStore) -> LakeRegister:
        known = entries.nodes(places)
        of_countries = {
            types: ({known[place].first("code") or known[place].caption: n for place, n in counts.items()}, total)
            for types, (counts, total) in countries.items()
        }
        return LakeRegister(entries, of_types, of_countries, sources)

    return register


def _searches(ontology: Ontology, targets: Sequence[Party]) -> tuple[tuple[Block, ...], list[dict[str, Any]]]:
    """The blocks of a list without repetition, and the numbers on it with the types of the nodes that may have each."""
    blocks: dict[Block, None] = {}
    numbers: dict[tuple[str, frozenset[str]], int] = {}
    for target in targets:
        asked = Searches.of(ontology, target)
        types = frozenset[str]().union(*map(ontology.kinds_of, asked.kinds))
        blocks.update(dict.fromkeys((query, types) for query in asked.queries))
        for key in filter(None, map(identifier_key, asked.numbers)):
            numbers.setdefault((key, types), len(numbers))
    rows = [
        {"block": block, "value": value, "type": node_type}
        for (value, types), block in numbers.items()
        for node_type in sorted(types)
    ]
    return tuple(blocks), rows


def match_words(blocks: Sequence[Block], table: pa.Table) -> Iterator[pa.RecordBatch]:
    """The first nodes of each block among rows of nodes with their search words, as full-text search finds them."""
    ordered = table.sort_by("id")
    ids, types = ordered["id"].to_pylist(), ordered["type"].to_pylist()
    found: dict[str, list[Any]] = {"block": [], "id": []}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE name {NAME_INDEX}")
        words = enumerate(ordered["value"].to_pylist())
        connection.executemany("INSERT INTO name (rowid, tokens) VALUES (?, ?)", words)
        for number, (query, of_types) in enumerate(blocks):
            rows = connection.execute("SELECT rowid FROM name WHERE name MATCH ? ORDER BY rowid", (query,))
            nodes = dict.fromkeys(ids[row] for (row,) in rows if types[row] in of_types)  # some have two rows
            some = list(islice(nodes, MOST_OF_A_BLOCK))
            found["block"] += [number] * len(some)
            found["id"] += some
    yield from pa.table(found, schema=_FOUND).to_batches() or [pa.RecordBatch.from_pylist([], schema=_FOUND)]


def _searched(types: Sequence[str], protected: bool) -> str:
    """A query for the search words of nodes of some types; what only protected records say, on a row of its own."""
    query = f"""SELECT w.id, n.type, w.value FROM {{table}} w JOIN scope_node n ON n.id = w.id
        WHERE n.type IN ({sql_texts(types)})"""
    return _of_scope(query, "words", protected)


def _numbered(protected: bool) -> str:
    """A query for the nodes that have a number of the list."""
    query = """SELECT s.block, n.id FROM {table} i JOIN sought_number s ON s.value = i.value
        JOIN scope_node n ON n.id = i.id AND n.type = s.type"""
    return _of_scope(query, "identifier", protected)


def _of_scope(query: str, table: str, protected: bool) -> str:
    """A query over a table of the graph, and over that of what only protected records say if the scope has it."""
    prefixes = ("graph_", "graph_protected_") if protected else ("graph_",)
    return " UNION ALL ".join(query.format(table=f"{prefix}{table}") for prefix in prefixes)


def _count_places(engine: Engine, ontology: Ontology, types: frozenset[str]) -> tuple[dict[str, int], int]:
    """How many nodes of some types are citizens of, or registered in, each place, by id; how many of any at all."""
    pairs = f"""SELECT DISTINCT l.head, l.tail FROM scope_link l JOIN scope_node n ON n.id = l.tail
        WHERE l.type IN ({sql_texts(sorted(ontology.with_trait(*COUNTRY_TRAITS)))})
        AND n.type IN ({sql_texts(sorted(types))})"""
    counts = engine.rows(f"SELECT head, count(*) AS n FROM ({pairs}) AS pairs GROUP BY head").to_pylist()
    (total,) = engine.rows(f"SELECT count(DISTINCT tail) AS n FROM ({pairs}) AS pairs").to_pylist()
    return {row["head"]: row["n"] for row in counts}, total["n"]

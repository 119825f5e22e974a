"""A piece of a lake's graph: some nodes, what surrounds them, every record about them, and what was cut off."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from kg.errors import InputError, NotFound
from kg.lake.engines import Engine, sql_text
from kg.lake.projection import Progress
from kg.ledger.rules.sought import ACCUSED_OF, ISSUED_BY
from kg.ontology import Ontology
from kg.records import node_id

MAX_NODES = 200_000
"""How many nodes a piece may have: it becomes an ordinary store."""

_STARTS = pa.schema({"id": pa.string()})
_MAX_OFFERED = 5


@dataclass(slots=True)
class Piece:
    """The ids of the nodes of a piece, and the links that lead out of it."""

    nodes: set[str] = field(default_factory=set)
    cut: dict[str, int] = field(default_factory=dict)
    """The nodes at the edge, each with the number of its links that were left out."""
    cut_types: dict[str, int] = field(default_factory=dict)
    """The types of these links with their numbers."""


def find_nodes(engine: Engine, names: Sequence[str], *, protected: bool) -> set[str]:
    """The ids of the nodes that people name, by id, `namespace:key` or name, over the views of a graph.

    Without the scope, protected nodes do not exist. Raises NotFound, and InputError where several have a name.
    """
    visible = "" if protected else " AND NOT protected"
    return {_find_node(engine, name, visible) for name in names}


def _find_node(engine: Engine, name: str, visible: str) -> str:
    ids = [name.lower()]
    if ":" in name:
        ids.append(node_id(*name.split(":", 1)))
    found = _ids(engine, f"SELECT id FROM graph_node WHERE id IN ({_texts(ids)}){visible}")
    if not found and ":" in name:
        namespace, key = name.split(":", 1)
        query = f"""SELECT n.id FROM graph_name a JOIN graph_node n ON n.id = a.id
            WHERE a.namespace = {sql_text(namespace)} AND a.key = {sql_text(key)}{visible}"""
        found = _ids(engine, query)
    if not found:
        found = _ids(engine, f"SELECT id FROM graph_node WHERE lower(caption) = {sql_text(name.lower())}{visible}")
    if not found:
        raise NotFound(f"nothing in the lake is called {name!r}; give an id, namespace:key or the whole name")
    if len(found) > 1:
        offered = ", ".join(sorted(found)[:_MAX_OFFERED])
        raise InputError(f"{len(found)} nodes are called {name!r}; give the id of one: {offered}")
    return found.pop()


def select_piece(  # what a piece depends on
    engine: Engine,
    ontology: Ontology,
    starts: Collection[str],
    depth: int,
    *,
    protected: bool,
    progress: Progress = lambda phase: None,
) -> Piece:
    """The nodes at most `depth` links away from some, and what decides whether people among them are sought.

    The views `graph_node` and `graph_link` are those of a graph. Raises InputError for a piece that is too large.
    """
    visible = "" if protected else "WHERE NOT protected"
    engine.view("piece_link", f"SELECT id, type, tail, head FROM graph_link {visible}")
    piece, frontier = Piece(set(starts)), set(starts)
    for step in range(depth):
        progress(f"links {step + 1} away")
        frontier = _neighbours(engine, frontier) - piece.nodes
        _add(piece, frontier)
    of_persons = [*sorted(ontology.with_trait("pursuit")), ACCUSED_OF]
    for types in (of_persons, [ISSUED_BY]):
        _add(piece, _neighbours(engine, piece.nodes, types))
    _ends(engine, "member", piece.nodes)
    outside = """SELECT {end} AS id, l.type FROM piece_link l LEFT JOIN member a ON a.id = l.tail
        LEFT JOIN member b ON b.id = l.head WHERE {inside}.id IS NOT NULL AND {other}.id IS NULL"""
    both = (("l.tail", "a", "b"), ("l.head", "b", "a"))
    edges = " UNION ALL ".join(outside.format(end=e, inside=i, other=o) for e, i, o in both)
    engine.view("cut", edges)
    for row in engine.rows("SELECT id, type, count(*) AS links FROM cut GROUP BY id, type").to_pylist():
        piece.cut[row["id"]] = piece.cut.get(row["id"], 0) + row["links"]
        piece.cut_types[row["type"]] = piece.cut_types.get(row["type"], 0) + row["links"]
    return piece


def select_entries(engine: Engine, entries: Collection[str], others: Collection[str], *, protected: bool) -> None:
    """Make the view `member`: some nodes with all that they are linked to, and others without that.

    Raises InputError for too many.
    """
    visible = "" if protected else "WHERE NOT protected"
    engine.view("piece_link", f"SELECT id, type, tail, head FROM graph_link {visible}")
    piece = Piece({*entries, *others})
    _add(piece, _neighbours(engine, entries))
    _ends(engine, "member", piece.nodes)


def piece_records(engine: Engine, *, protected: bool) -> Iterator[dict[str, Any]]:
    """The records in force about the nodes of the view `member` and the links between them, by load and key.

    The views `record`, `graph_name`, `graph_link` and `graph_waiting` are of one load.
    """
    visible = "" if protected else " AND NOT r.protected"
    engine.view("member_name", "SELECT n.namespace, n.key FROM graph_name n JOIN member m ON m.id = n.id")
    engine.view(
        "member_link",
        """SELECT l.namespace, l.key, l.part FROM graph_link l JOIN member a ON a.id = l.tail
        JOIN member b ON b.id = l.head WHERE l.derived IS NULL""",
    )
    query = f"""SELECT r.* FROM record r JOIN member_name n ON n.namespace = r.namespace AND n.key = r.key
        WHERE r.from_key IS NULL{visible}
        UNION ALL SELECT r.* FROM record r JOIN member_link l ON l.namespace = r.namespace AND l.key = r.key
        AND l.part = r.part WHERE r.from_key IS NOT NULL{visible}"""
    table = engine.rows(query)
    order = [(name, "ascending") for name in ("source", "load", "key", "part")]
    for batch in table.sort_by(order).to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def member_names(engine: Engine) -> set[tuple[str, str]]:
    """All names of the nodes of the view `member`."""
    rows = engine.rows("SELECT n.namespace, n.key FROM graph_name n JOIN member m ON m.id = n.id").to_pylist()
    return {(row["namespace"], row["key"]) for row in rows}


def _neighbours(engine: Engine, nodes: Collection[str], types: Sequence[str] = ()) -> set[str]:
    _ends(engine, "start", nodes)
    chosen = f" WHERE l.type IN ({_texts(types)})" if types else ""
    query = f"SELECT l.head AS id FROM piece_link l JOIN start s ON s.id = l.tail{chosen}"
    if not types:
        query += " UNION SELECT l.tail AS id FROM piece_link l JOIN start s ON s.id = l.head"
    return _ids(engine, f"SELECT DISTINCT id FROM ({query}) LIMIT {MAX_NODES + 1}")


def _add(piece: Piece, nodes: Collection[str]) -> None:
    piece.nodes.update(nodes)
    if len(piece.nodes) > MAX_NODES:
        raise InputError(f"more than {MAX_NODES:,} nodes are that near; pull a smaller depth")


def _ends(engine: Engine, view: str, nodes: Collection[str]) -> None:
    engine.table(view, pa.table({"id": sorted(nodes)}, schema=_STARTS))


def _ids(engine: Engine, query: str) -> set[str]:
    return set(engine.rows(query)["id"].to_pylist())


def _texts(texts: Sequence[str]) -> str:
    return ", ".join(map(sql_text, texts))

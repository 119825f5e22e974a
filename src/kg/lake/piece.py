"""A piece of a lake's graph: some nodes, what surrounds them, every record about them, and what was cut off."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
import pyarrow as pa

from kg.errors import InputError, NotFound
from kg.lake.engines import Engine, sql_texts
from kg.lake.projection import Progress
from kg.ledger.rules.sought import ACCUSED_OF, ISSUED_BY
from kg.minors import BIRTH_DATE, HOLDING_TRAITS, MAX_HOLDINGS, PERSON, REACHES, is_minor
from kg.ontology import Ontology
from kg.records import DOCUMENTS, node_id

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
    advice: str = "pull a smaller depth"
    """What makes it smaller."""

    def add(self, nodes: Collection[str]) -> None:
        """Add nodes. Raises InputError for too many."""
        self.nodes.update(nodes)
        if len(self.nodes) > MAX_NODES:
            raise InputError(f"more than {MAX_NODES:,} nodes are that near; {self.advice}")


def find_nodes(engine: Engine, names: Sequence[str], *, protected: bool) -> set[str]:
    """The ids of the nodes that people name, by id, `namespace:key` or name, over the views of a graph.

    Without the scope, protected nodes do not exist. Raises NotFound, and InputError where several have a name.
    """
    visible = "" if protected else " AND NOT n.protected"
    return {_find_node(engine, name, visible) for name in names}


def _find_node(engine: Engine, name: str, visible: str) -> str:
    namespace, _, key = name.partition(":")
    asked = {"id": [name.lower(), node_id(namespace, key)], "namespace": [namespace] * 2, "key": [key] * 2}
    engine.table("asked", pa.table(asked))  # and not in the text of a query: engines differ in what ends a text
    found = _ids(engine, f"SELECT n.id FROM graph_node n JOIN asked q ON q.id = n.id WHERE TRUE{visible}")
    if not found and key:
        query = f"""SELECT n.id FROM graph_name a JOIN asked q ON q.namespace = a.namespace AND q.key = a.key
            JOIN graph_node n ON n.id = a.id WHERE TRUE{visible}"""
        found = _ids(engine, query)
    if not found:
        engine.table("asked", pa.table({"name": [name.lower()]}))
        found = _ids(
            engine, f"SELECT n.id FROM graph_node n JOIN asked q ON q.name = lower(n.caption) WHERE TRUE{visible}"
        )
    if not found:
        raise NotFound(f"nothing in the lake is called {name!r}; give an id, namespace:key or the whole name")
    if len(found) > 1:
        offered = ", ".join(sorted(found)[:_MAX_OFFERED])
        raise InputError(f"{len(found)} nodes are called {name!r}; give the id of one: {offered}")
    return found.pop()


def select_piece(  # noqa: PLR0913  # what a piece depends on
    engine: Engine,
    ontology: Ontology,
    starts: Collection[str],
    depth: int,
    day: str,
    *,
    protected: bool,
    progress: Progress = lambda phase: None,
) -> Piece:
    """The nodes at most `depth` links away from some, the documents that show something about them, and what decides
    whether people among them are sought or named.

    The views `graph_node` and `graph_link` are those of a graph, and `day` is its day. Raises InputError for a piece
    that is too large.
    """
    _view_links(engine, protected=protected)
    piece, frontier = Piece(set(starts)), set(starts)
    for step in range(depth):
        progress(f"links {step + 1} away")
        frontier = _neighbours(engine, frontier) - piece.nodes
        piece.add(frontier)
    of_persons = [*sorted(ontology.with_trait("pursuit")), ACCUSED_OF]
    for types in (of_persons, [ISSUED_BY]):
        piece.add(_neighbours(engine, piece.nodes, types))
    piece.add(_tails(engine, piece.nodes, [DOCUMENTS]))
    _add_children(engine, ontology, piece, day)
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


def select_entries(
    engine: Engine,
    ontology: Ontology,
    entries: Collection[str],
    others: Collection[str],
    day: str,
    *,
    protected: bool,
) -> None:
    """Make the view `member`: some nodes with all that they are linked to, and others without that.

    `day` is that of the graph. Raises InputError for too many.
    """
    _view_links(engine, protected=protected)
    piece = Piece({*entries, *others}, advice="cut the list")
    piece.add(_neighbours(engine, entries))
    _add_children(engine, ontology, piece, day)
    _ends(engine, "member", piece.nodes)


def _view_links(engine: Engine, *, protected: bool) -> None:
    visible = "" if protected else "WHERE NOT protected"
    engine.view("piece_link", f"SELECT id, type, tail, head FROM graph_link {visible}")


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
    made = f"""SELECT r.* FROM record r JOIN member_name n ON n.namespace = r.namespace AND n.key = r.key
        WHERE r.from_key IS NULL{visible}
        UNION ALL SELECT r.* FROM record r JOIN member_link l ON l.namespace = r.namespace AND l.key = r.key
        AND l.part = r.part WHERE r.from_key IS NOT NULL{visible}"""
    engine.view("piece_record", made)
    table = engine.rows("SELECT * FROM piece_record")
    order = [(name, "ascending") for name in ("source", "load", "key", "part")]
    for batch in table.sort_by(order).to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def piece_remarks(engine: Engine, *, protected: bool) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What was noted of the records of a piece, by source and key; `piece_records` makes the views."""
    visible = "" if protected else " AND NOT r.protected"
    query = f"""SELECT DISTINCT r.source, r.key, r.body, r.file, r.line, r.protected FROM remark r
        JOIN piece_record p ON p.source = r.source AND p.key = r.key WHERE r.came{visible}"""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in engine.rows(query).to_pylist():
        found.setdefault((row["source"], row["key"]), []).append(row)
    return found


def member_names(engine: Engine) -> set[tuple[str, str]]:
    """All names of the nodes of the view `member`."""
    rows = engine.rows("SELECT n.namespace, n.key FROM graph_name n JOIN member m ON m.id = n.id").to_pylist()
    return {(row["namespace"], row["key"]) for row in rows}


def _neighbours(engine: Engine, nodes: Collection[str], types: Sequence[str] = ()) -> set[str]:
    _ends(engine, "start", nodes)
    chosen = f" WHERE l.type IN ({sql_texts(types)})" if types else ""
    query = f"SELECT l.head AS id FROM piece_link l JOIN start s ON s.id = l.tail{chosen}"
    if not types:
        query += " UNION SELECT l.tail AS id FROM piece_link l JOIN start s ON s.id = l.head"
    return _ids(engine, f"SELECT DISTINCT id FROM ({query}) LIMIT {MAX_NODES + 1}")


def _add_children(engine: Engine, ontology: Ontology, piece: Piece, day: str) -> None:
    """Add the children for whom something of the piece is withheld from everybody, and what leads from them to it.

    Those are the children from whom one of REACHES leads to it.
    """
    found = Piece(set(piece.nodes), advice=piece.advice)
    for reach in REACHES:
        above, types = set(piece.nodes), sorted(ontology.with_trait(*reach.traits))
        for _ in range(reach.most):
            ends = _neighbours(engine, above, types) if reach.both_ways else set[str]()
            above = (ends | _tails(engine, above, types)) - above
            found.add(above)
    _ends(engine, "start", found.nodes)
    born = f"""SELECT n.id, n.body FROM graph_node n JOIN start s ON s.id = n.id
        WHERE n.type = '{PERSON}' AND n.body LIKE '%"{BIRTH_DATE}"%'"""
    children, today = set[str](), date.fromisoformat(day or date.max.isoformat())
    for row in engine.rows(born).to_pylist():
        body = orjson.loads(row["body"])
        dates = [*body.get("properties", {}).get(BIRTH_DATE, ()), *_protected_dates(body)]
        if is_minor(dates, today):
            children.add(row["id"])
    reached, holding = children, sorted(ontology.with_trait(*HOLDING_TRAITS))
    for _ in range(MAX_HOLDINGS):
        piece.add(reached)
        reached = _neighbours(engine, reached, holding) & found.nodes if reached else set()


def _protected_dates(body: Mapping[str, Any]) -> Sequence[str]:
    dates: Sequence[str] = body.get("protected", {}).get("properties", {}).get(BIRTH_DATE, ())
    return dates


def _tails(engine: Engine, nodes: Collection[str], types: Sequence[str]) -> set[str]:
    """The nodes from which links of some types lead to these."""
    _ends(engine, "start", nodes)
    query = f"SELECT l.tail AS id FROM piece_link l JOIN start s ON s.id = l.head WHERE l.type IN ({sql_texts(types)})"
    return _ids(engine, f"SELECT DISTINCT id FROM ({query}) LIMIT {MAX_NODES + 1}")


def _ends(engine: Engine, view: str, nodes: Collection[str]) -> None:
    engine.table(view, pa.table({"id": sorted(nodes)}, schema=_STARTS))


def _ids(engine: Engine, query: str) -> set[str]:
    return set(engine.rows(query)["id"].to_pylist())

"""Make a lake's graph from the one before: only what changes touch is made anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kg.lake.engines import Engine
from kg.lake.events import Lake
from kg.lake.graph import LakeGraph, read_graph
from kg.lake.projection import (
    GraphDays,
    Progress,
    ScopeSum,
    finish_projection,
    graph_days,
    group_leaders,
    in_force,
    load_table,
    names_table,
    project_links,
    project_nodes,
    standing_judgements,
    sums_of,
)
from kg.lake.steps import names_step
from kg.lake.tables import GRAPH_TABLES, LINKED, MADE
from kg.ledger.rules.graph_digest import GraphSum
from kg.ontology import Ontology
from kg.records import Ref

MAX_SHARE = 0.2
"""If a larger part of the events is new, to make all of the graph anew is faster."""

_MADE_TABLES = [table for table in GRAPH_TABLES if table not in ("link", "waiting")]


@dataclass(frozen=True, slots=True)
class ChangedProjection:
    """The days of a graph that was made from the one before, and its sums."""

    days: GraphDays
    sums: Mapping[str, ScopeSum]


def can_follow(lake: Lake, before: LakeGraph, ontology: Ontology) -> bool:
    """Whether a graph can be made from one of before: of the same ontology, and with most of the events."""
    loads = lake.loads()
    known = {(entry.source, entry.number) for entry in loads}
    if before.ontology != ontology.digest or not before.loads.items() <= known:
        return False
    added = sum(entry.details["added"] + entry.details["changed"] for entry in loads)
    fresh = sum(
        sum(entry.details[name] for name in ("added", "changed", "withdrawn"))
        for entry in loads
        if entry.number > before.loads.get(entry.source, 0)
    )
    return bool(fresh <= MAX_SHARE * max(added, 1))


def project_changes(
    engine: Engine, lake: Lake, before: LakeGraph, ontology: Ontology, progress: Progress = lambda phase: None
) -> ChangedProjection:
    """Make views of the graph at the newest load from that of an earlier version; the same as to make it whole."""
    load = lake.last_load()
    in_force(engine, lake, load)
    days = graph_days(engine, lake, load)
    engine.view("node_record", "SELECT * FROM record WHERE from_key IS NULL")
    engine.view("link_record", "SELECT * FROM record WHERE from_key IS NOT NULL")
    read_graph(engine, lake.folder, before, "old")
    engine.table("known_load", load_table(before.loads))
    engine.view(
        "fresh",
        """SELECT e.* FROM event e LEFT JOIN known_load k ON k.source = e.source
        WHERE k.load IS NULL OR e.load > k.load""",
    )
    judgements = standing_judgements(lake, load)
    leaders = group_leaders(engine, judgements)
    engine.table("leader", leaders)
    progress("changes")
    changed = _affected_names(engine, leaders, _changed_judgements(lake, before, judgements))
    names_table(engine, changed, "affected")
    progress("nodes")
    _follow_nodes(engine, leaders)
    progress("links")
    _follow_links(engine)
    finish_projection(engine, ontology, judgements, days, progress)
    progress("sums")
    return ChangedProjection(days, _followed_sums(engine, before))


def _changed_judgements(lake: Lake, before: LakeGraph, judgements: Iterable[dict[str, Any]]) -> set[Ref]:
    """The names of judgements that stand now and did not before, or the other way round."""
    sides = []
    for found in (standing_judgements(lake, before.load, before.version), judgements):
        ends = [tuple(Ref(j[f"{end}_ns"], j[f"{end}_key"]) for end in ("one", "other")) for j in found]
        sides.append({(j["number"], j["kind"], j["seen"], *pair) for j, pair in zip(found, ends, strict=True)})
    return {name for *_, one, other in sides[0] ^ sides[1] for name in (one, other)}


def _affected_names(engine: Engine, leaders: pa.Table, judged: set[Ref]) -> set[Ref]:
    """All names that are one with a name of a changed record or judgement, before or now."""
    names = set(judged)
    names.update(_refs(engine, "SELECT DISTINCT namespace, key FROM fresh"))
    engine.mapped("fresh_name", "SELECT * FROM fresh WHERE came AND from_key IS NULL AND merges", names_step())
    names.update(_refs(engine, "SELECT DISTINCT other_ns AS namespace, other_key AS key FROM fresh_name"))
    leader_of, members = dict[Ref, Ref](), dict[Ref, set[Ref]]()
    for row in leaders.to_pylist():
        leader = Ref(row["leader_ns"], row["leader_key"])
        leader_of[Ref(row["namespace"], row["key"])] = leader
        members.setdefault(leader, set()).add(Ref(row["namespace"], row["key"]))
    unvisited = set(names)
    while unvisited:
        names_table(engine, unvisited, "unvisited")
        found = set(
            _refs(
                engine,
                """SELECT DISTINCT o.namespace, o.key FROM old_name o
                JOIN old_name n ON n.id = o.id JOIN unvisited u ON u.namespace = n.namespace AND u.key = n.key""",
            )
        )
        for name in unvisited:
            found |= members.get(leader_of.get(name, name), set())
        unvisited = found - names
        names |= unvisited
    return names


def _follow_nodes(engine: Engine, leaders: pa.Table) -> None:
    engine.view("old_made", " UNION ALL ".join(map(_made_query, _MADE_TABLES)))
    engine.view(
        "old_id",
        """SELECT DISTINCT n.id FROM old_name n JOIN affected a ON a.namespace = n.namespace AND a.key = n.key""",
    )
    project_nodes(
        engine,
        "made_again",
        "(SELECT n.* FROM node_record n JOIN affected a ON a.namespace = n.namespace AND a.key = n.key)",
    )
    columns = ", ".join(f"o.{name}" for name in MADE.names)
    engine.view(
        "made",
        f"""SELECT {columns} FROM old_made o LEFT JOIN old_id i ON i.id = o.id WHERE i.id IS NULL
        UNION ALL SELECT {", ".join(MADE.names)} FROM made_again""",
    )
    engine.view("node_name", "SELECT namespace, key, id, protected FROM made WHERE kind = 'name'")


def _made_query(table: str) -> str:
    """A table of the graph before, as rows of what was made of nodes."""
    known = GRAPH_TABLES[table].split(", ")
    fields = (f.name if f.name in known else f"CAST(NULL AS {_sql_type(f)}) AS {f.name}" for f in MADE)
    return f"SELECT '{table}' AS kind, {', '.join(list(fields)[1:])} FROM old_{table}"


def _sql_type(field: pa.Field) -> str:
    return {"string": "STRING", "bool": "BOOLEAN", "int64": "BIGINT", "double": "DOUBLE"}[str(field.type)]


def _follow_links(engine: Engine) -> None:
    """Links of which a record changed, or an end leads to another node, or to one that others see."""
    ends = "SELECT n.namespace, n.key, n.id, n.protected FROM {} n JOIN affected a"
    ends += " ON a.namespace = n.namespace AND a.key = n.key"
    sides = [
        {(row["namespace"], row["key"], row["id"], row["protected"]) for row in engine.rows(query).to_pylist()}
        for query in (ends.format("old_name"), ends.format("node_name"))
    ]
    names_table(engine, {Ref(*row[:2]) for row in sides[0] ^ sides[1]}, "moved")
    at_end = "SELECT r.namespace, r.key FROM link_record r JOIN moved m ON m.namespace = r.{0}_ns AND m.key = r.{0}_key"
    units = f"SELECT namespace, key FROM fresh UNION {at_end.format('from')} UNION {at_end.format('to')}"
    names_table(engine, set(_refs(engine, units)), "unit")
    of_units = "(SELECT r.* FROM link_record r JOIN unit u ON u.namespace = r.namespace AND u.key = r.key)"
    project_links(engine, "linked_again", of_units)
    kept = " WHERE NOT EXISTS (SELECT 1 FROM unit u WHERE u.namespace = o.namespace AND u.key = o.key)"
    engine.view(
        "linked",
        f"""{_linked_query("link")}{kept} AND derived IS NULL UNION ALL {_linked_query("waiting")}{kept}
        UNION ALL SELECT {", ".join(LINKED.names)} FROM linked_again""",
    )


def _linked_query(table: str) -> str:
    known = GRAPH_TABLES[table].split(", ")
    fields = (f"o.{f.name}" if f.name in known else f"CAST(NULL AS {_sql_type(f)}) AS {f.name}" for f in LINKED)
    return f"SELECT '{table}' AS kind, {', '.join(list(fields)[1:])} FROM old_{table} o"


def _followed_sums(engine: Engine, before: LakeGraph) -> dict[str, ScopeSum]:
    """The sums of before, less the lines that may have changed, and those that they are now."""
    engine.view(  # a node that was not made again is as before, but whether it is sought
        "changed_id",
        """SELECT id FROM old_id UNION SELECT id FROM made_again WHERE kind = 'node'
        UNION SELECT o.id FROM old_node o JOIN graph_node n ON n.id = o.id
        WHERE o.sought <> n.sought OR o.sought_protected <> n.sought_protected""",
    )
    of_unit = "EXISTS (SELECT 1 FROM unit u WHERE u.namespace = a.namespace AND u.key = a.key)"
    for view, prefix in (("gone", "old"), ("new", "graph")):
        engine.view(f"{view}_node", f"SELECT a.* FROM {prefix}_node a JOIN changed_id c ON c.id = a.id")
        engine.view(f"{view}_link", f"SELECT a.* FROM {prefix}_link a WHERE a.derived IS NOT NULL OR {of_unit}")
    gone, new = sums_of(engine, "gone"), sums_of(engine, "new")
    found = {}
    for scope, old in (("open", before.open), ("protected", before.protected)):
        total = GraphSum(old.graph_sum)
        total.merge(GraphSum(new[scope].graph_sum))
        total.remove(GraphSum(gone[scope].graph_sum))
        nodes, links = (
            getattr(old, what) + getattr(new[scope], what) - getattr(gone[scope], what) for what in ("nodes", "links")
        )
        found[scope] = ScopeSum(nodes, links, total.hexdigest())
    return found


def _refs(engine: Engine, query: str) -> list[Ref]:
    table = engine.rows(query)
    return list(map(Ref, table["namespace"].to_pylist(), table["key"].to_pylist()))

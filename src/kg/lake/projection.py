"""The plan of a projection: which rows meet which, for an engine that moves them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kg.identity import DisjointSets
from kg.lake.engines import Engine, sql_texts
from kg.lake.events import Lake
from kg.lake.steps import (
    digests_step,
    link_sums_step,
    links_step,
    names_step,
    node_sums_step,
    nodes_anew_step,
    nodes_step,
    same_step,
    sought_step,
)
from kg.lake.tables import EVENT_FIELDS, GRAPH_TABLES, LEADER, RECORD, REMARK
from kg.ledger.rules.graph_digest import GraphSum
from kg.ledger.rules.names import JudgedPair, NameUsage, effective_pairs
from kg.ledger.rules.possibly_same import MAX_SHARERS, MIN_IDENTIFIER
from kg.ledger.rules.sought import ACCUSED_OF, ISSUED_BY
from kg.ontology import Ontology
from kg.records import Ref, node_id

SAME, DISTINCT = "same", "distinct"
"""The kinds of judgements that change the graph."""

RECORDS_A_PART = 100_000
"""How many records there are for each part, where no number of parts is given."""

SAMPLE = ("a3", "d7", "gb", "jf", "mq", "pz", "s2", "vk", "y5", "4t")
"""How the ids of one node in a hundred begin: they are digests, in 32 letters."""

Progress = Callable[[str], None]
"""Called with the name of each phase."""


@dataclass(frozen=True, slots=True)
class SourceDigest:
    """The records of a source in force, and the digests of them."""

    records: int
    digest: str
    open_digest: str
    changed: int
    """How many are not what their own digest says."""


@dataclass(frozen=True, slots=True)
class ScopeSum:
    """What one scope sees of a graph."""

    nodes: int
    links: int
    graph_sum: str


@dataclass(frozen=True, slots=True)
class GraphDays:
    """As of which day it is said who is sought, for everybody and in the protected scope."""

    open: str
    protected: str


def in_force(engine: Engine, lake: Lake, load: int) -> None:
    """Make views of the records in force at a load, `record`, and of what was noted of them, `remark`."""
    engine.read("event", lake.files(RECORD), EVENT_FIELDS)
    engine.view("upto", f"SELECT * FROM event WHERE load <= {load}")
    engine.table("first_load", load_table(_first_loads(lake, load)))
    engine.keep(  # most sources say most only once: what came with a first load is grouped with nothing
        "last_event",
        """SELECT u.source, u.key, u.part, max(u.load) AS load FROM upto u
        JOIN first_load f ON u.source = f.source WHERE u.load > f.load GROUP BY u.source, u.key, u.part""",
    )
    engine.view(
        "record",
        """SELECT u.* FROM upto u LEFT JOIN last_event l
        ON u.source = l.source AND u.key = l.key AND u.part = l.part
        WHERE u.came AND (l.load IS NULL OR u.load >= l.load)""",
    )
    engine.read("remark_event", lake.files(REMARK), EVENT_FIELDS)
    engine.table("last_load", load_table(lake.last_loads(load)))
    engine.view("remark", "SELECT e.* FROM remark_event e JOIN last_load l ON l.source = e.source AND l.load = e.load")


def load_table(loads: Mapping[str, int]) -> pa.Table:
    """Numbers of loads by source, as a table."""
    columns = {"source": list(loads), "load": list(loads.values())}
    return pa.table(columns, schema=pa.schema({"source": pa.string(), "load": pa.int64()}))


def _first_loads(lake: Lake, load: int) -> dict[str, int]:
    return {entry.source: entry.number for entry in reversed(lake.loads(load))}


def source_digests(engine: Engine) -> dict[str, SourceDigest]:
    """The digests of the records in force, by source."""
    engine.mapped("source_digest", "SELECT * FROM record", digests_step())
    found: dict[str, SourceDigest] = {}
    for row in engine.rows("SELECT * FROM source_digest").to_pylist():
        before = found.get(row["source"], SourceDigest(0, "", "", 0))
        found[row["source"]] = SourceDigest(
            before.records + row["records"],
            _added(before.digest, row["digest"]),
            _added(before.open_digest, row["open_digest"]),
            before.changed + row["changed"],
        )
    return found


def _added(one: str, other: str) -> str:
    total = GraphSum(one or "0")
    total.merge(GraphSum(other or "0"))
    return total.hexdigest()


def graph_days(engine: Engine, lake: Lake, load: int) -> GraphDays:
    """The days of the graph at a load, as the SQLite projection has them."""
    in_scope = {
        row["source"]: (row["every"], row["visible"])
        for row in engine.rows(
            """SELECT source, count(*) AS every, sum(CASE WHEN protected THEN 0 ELSE 1 END) AS visible
            FROM record GROUP BY source"""
        ).to_pylist()
    }
    days = {False: "", True: ""}
    for entry in lake.loads(load):
        every, visible = in_scope.get(entry.source, (0, 0))
        for protected, records in ((True, every), (False, visible)):
            prefix = "" if protected else "open_"
            changed = sum(entry.details[prefix + name] for name in ("added", "changed", "withdrawn"))
            is_seen = protected or entry.details["seen"]
            if entry.kind != "withdrawal" and records and changed and is_seen:
                days[protected] = max(days[protected], entry.day)
    if load >= lake.last_load():  # at an earlier load, nobody had brought the graph to a later day
        status = lake.status()
        days[False] = max(days[False], status.get("open status day", ""))
        days[True] = max(days[True], status.get("status day", ""))
    return GraphDays(days[False], days[True])


def project(
    engine: Engine, lake: Lake, load: int, ontology: Ontology, progress: Progress = lambda phase: None
) -> GraphDays:
    """Make views of the tables of the graph at a load, by their names and `graph_`; returns its days."""
    in_force(engine, lake, load)
    days = graph_days(engine, lake, load)
    judgements = standing_judgements(lake, load)
    engine.view("node_record", "SELECT * FROM record WHERE from_key IS NULL")
    engine.view("link_record", "SELECT * FROM record WHERE from_key IS NOT NULL")
    progress("names")
    engine.table("leader", group_leaders(engine, judgements))
    progress("nodes")
    project_nodes(engine, "made")
    engine.view("node_name", "SELECT namespace, key, id, protected FROM made WHERE kind = 'name'")
    progress("links")
    project_links(engine, "linked")
    finish_projection(engine, ontology, judgements, days, progress)
    return days


def standing_judgements(lake: Lake, load: int, moment: int | None = None) -> list[dict[str, Any]]:
    """The judgements that have an effect at a load; with a moment, of those that were known then."""
    return [one for one in lake.judgements(load, moment) if not one["undone"] and not one["waits"]]


def finish_projection(
    engine: Engine, ontology: Ontology, judgements: Sequence[dict[str, Any]], days: GraphDays, progress: Progress
) -> None:
    """Make views of all tables of the graph from the views `made` and `linked`."""
    progress("derived links")
    _project_possibly_same(engine, judgements)
    progress("people sought")
    _project_sought(engine, ontology, days)
    for table, columns in GRAPH_TABLES.items():
        if table not in ("node", "link"):
            source = "linked" if table == "waiting" else "made"
            engine.view(f"graph_{table}", f"SELECT {columns} FROM {source} WHERE kind = '{table}'")


def sums_of(engine: Engine, prefix: str = "graph") -> dict[str, ScopeSum]:
    """The sums of the nodes and links of two views, such as `graph_node` and `graph_link`, by scope."""
    engine.mapped(f"{prefix}_node_sum", f"SELECT * FROM {prefix}_node", node_sums_step())
    engine.mapped(f"{prefix}_link_sum", f"SELECT * FROM {prefix}_link", link_sums_step())
    counts: dict[tuple[str, str], int] = defaultdict(int)
    totals: dict[str, GraphSum] = defaultdict(GraphSum)
    both = f"SELECT * FROM {prefix}_node_sum UNION ALL SELECT * FROM {prefix}_link_sum"
    for row in engine.rows(both).to_pylist():
        counts[row["scope"], row["table"]] += row["lines"]
        totals[row["scope"]].merge(GraphSum(row["total"]))
    return {
        scope: ScopeSum(counts[scope, "node"], counts[scope, "link"], totals[scope].hexdigest())
        for scope in ("open", "protected")
    }


def group_leaders(engine: Engine, judgements: Sequence[dict[str, Any]]) -> pa.Table:
    """The leader of each name that records or judgements join to another one."""
    groups: DisjointSets[Ref] = DisjointSets()
    pairs = _judged_pairs(judgements, SAME)
    used = NameUsage({name for pair in pairs for name in pair.names})
    names_table(engine, used.names, "judged")
    engine.mapped("edge", "SELECT * FROM node_record WHERE merges", names_step())
    edges = "SELECT * FROM edge WHERE namespace <> other_ns OR key <> other_key"
    if used.names:
        edges = """SELECT e.* FROM edge e WHERE namespace <> other_ns OR key <> other_key
            OR EXISTS (SELECT 1 FROM judged j WHERE j.namespace = e.other_ns AND j.key = e.other_key)"""
    for row in engine.rows(edges).to_pylist():
        names = Ref(row["namespace"], row["key"]), Ref(row["other_ns"], row["other_key"])
        groups.union(names)
        used.add(names[1:], protected=row["protected"])
    if used.names:
        own = "SELECT r.* FROM node_record r JOIN judged j ON j.namespace = r.namespace AND j.key = r.key"
        engine.mapped("judged_name", own, names_step())
        for row in engine.rows("SELECT * FROM judged_name").to_pylist():
            used.add([Ref(row["namespace"], row["key"])], protected=row["protected"])
    for pair in effective_pairs(pairs, used.open, used.protected):
        groups.union(pair)
    found = [(*name, *leader, node_id(*leader)) for name, leader in groups.items()]
    columns = list(zip(*found, strict=True)) or [()] * len(LEADER)
    return pa.table([pa.array(list(column), pa.string()) for column in columns], schema=LEADER)


def _judged_pairs(judgements: Iterable[dict[str, Any]], kind: str) -> list[JudgedPair]:
    return [
        JudgedPair((Ref(j["one_ns"], j["one_key"]), Ref(j["other_ns"], j["other_key"])), j["seen"] is None)
        for j in judgements
        if j["kind"] == kind
    ]


def names_table(engine: Engine, names: Iterable[Ref], view: str) -> None:
    """Make a view of some names."""
    ordered = sorted(names)
    columns = {"namespace": [name.namespace for name in ordered], "key": [name.key for name in ordered]}
    engine.table(view, pa.table(columns, schema=pa.schema({"namespace": pa.string(), "key": pa.string()})))


def project_nodes(engine: Engine, view: str, records: str = "node_record") -> None:
    """Make a view of what records of nodes make, of all records of each node."""
    columns = "r.source, r.namespace, r.key, r.type, r.body"
    engine.grouped(
        view,
        f"""SELECT {columns}, coalesce(l.leader_ns, r.namespace) AS leader_ns,
        coalesce(l.leader_key, r.key) AS leader_key FROM {records} r
        LEFT JOIN leader l ON l.namespace = r.namespace AND l.key = r.key""",
        ("leader_ns", "leader_key"),
        nodes_step(),
    )


def project_links(engine: Engine, view: str, records: str = "link_record") -> None:
    """Make a view of what records of links make, of all records of each key, with the names of `node_name`.

    What is joined to the records is small: the ends that are not as most are, and the names that have a leader.
    """
    ends = f"SELECT from_ns AS namespace, from_key AS key FROM {records} UNION SELECT to_ns, to_key FROM {records}"
    engine.keep(
        "odd_end",
        f"""SELECT e.namespace, e.key, n.protected FROM ({ends}) e
        LEFT JOIN node_name n ON n.namespace = e.namespace AND n.key = e.key WHERE n.key IS NULL OR n.protected""",
    )
    columns = "r.source, r.namespace, r.key, r.part, r.type, r.body, r.from_ns, r.from_key, r.to_ns, r.to_key"
    of_ends, joins = "", ""
    for end, name in (("tail", "from"), ("head", "to")):
        odd, leading = f"{end}_odd", f"{end}_leading"
        of_ends += f", CASE WHEN {odd}.key IS NULL THEN FALSE ELSE {odd}.protected END AS {end}_protected"
        of_ends += f", {leading}.id AS {end}_leader"
        for table, alias in (("odd_end", odd), ("leader", leading)):
            joins += f" LEFT JOIN {table} {alias} ON {alias}.namespace = r.{name}_ns AND {alias}.key = r.{name}_key"
    query = f"SELECT {columns}{of_ends} FROM {records} r{joins}"
    engine.grouped(view, query, ("namespace", "key"), links_step())


def _project_possibly_same(engine: Engine, judgements: Sequence[dict[str, Any]]) -> None:
    engine.view(
        "holder",
        f"""SELECT value, property, FALSE AS hidden, id, protected, sources FROM made
        WHERE kind = 'identifier' AND identifies AND length(value) >= {MIN_IDENTIFIER}
        UNION ALL SELECT value, property, TRUE AS hidden, id, TRUE AS protected, sources FROM made
        WHERE kind = 'hidden' AND length(value) >= {MIN_IDENTIFIER}""",
    )
    engine.view(  # counted before anything is gathered: millions may share a placeholder
        "shared",
        f"""SELECT value, property FROM holder GROUP BY value, property
        HAVING count(*) > 1 AND count(DISTINCT CASE WHEN hidden THEN NULL ELSE id END) <= {MAX_SHARERS}""",
    )
    distinct = _distinct_pairs(engine, _judged_pairs(judgements, DISTINCT))
    engine.grouped(
        "derived",
        "SELECT h.* FROM holder h JOIN shared s ON s.value = h.value AND s.property = h.property",
        ("value", "property"),
        same_step(*distinct),
    )
    columns = GRAPH_TABLES["link"]
    engine.view(
        "graph_link", f"SELECT {columns} FROM linked WHERE kind = 'link' UNION ALL SELECT {columns} FROM derived"
    )


def _distinct_pairs(
    engine: Engine, pairs: Sequence[JudgedPair]
) -> tuple[frozenset[frozenset[str]], frozenset[frozenset[str]]]:
    """The pairs of nodes that were judged distinct, in the protected scope and for all."""
    if not pairs:
        return frozenset(), frozenset()
    names_table(engine, {name for pair in pairs for name in pair.names}, "kept_apart")
    query = "SELECT n.* FROM node_name n JOIN kept_apart k ON k.namespace = n.namespace AND k.key = n.key"
    nodes = {Ref(row["namespace"], row["key"]): row["id"] for row in engine.rows(query).to_pylist()}
    every, for_all = set(), set()
    for pair in pairs:
        found = frozenset(nodes[name] for name in pair.names if name in nodes)
        if len(found) == 2:  # a pair
            every.add(found)
            if not pair.protected:
                for_all.add(found)
    return frozenset(every), frozenset(for_all)


def _project_sought(engine: Engine, ontology: Ontology, days: GraphDays) -> None:
    pursuit = ontology.with_trait("pursuit")
    every = sql_texts(sorted({*pursuit, ACCUSED_OF, ISSUED_BY}))
    engine.keep("legal_link", f"SELECT * FROM linked WHERE kind = 'link' AND type IN ({every})")
    engine.view(
        "bare_node", "SELECT id, type, caption, caption_protected, body, protected FROM made WHERE kind = 'node'"
    )
    engine.keep(
        "paper_of",
        f"""SELECT l.tail AS person, l.id AS link, n.id AS paper, n.body AS body, l.body AS link_body
        FROM legal_link l JOIN bare_node n ON n.id = l.head
        WHERE l.type IN ({sql_texts(sorted(pursuit))}) AND NOT l.protected AND NOT n.protected""",
    )
    engine.keep("pursued", "SELECT DISTINCT person FROM paper_of")
    engine.view(
        "accusation",
        f"""SELECT l.tail AS person, NOT l.protected AND NOT r.protected AS open, r.body AS body FROM legal_link l
        JOIN pursued p ON p.person = l.tail
        JOIN link_record r ON r.namespace = l.namespace AND r.key = l.key AND r.part = l.part
        WHERE l.type = '{ACCUSED_OF}' AND r.type = '{ACCUSED_OF}'""",
    )
    engine.view(
        "issuer",
        f"""SELECT p.person, p.paper, NOT l.protected AS open, n.body FROM paper_of p
        JOIN legal_link l ON l.tail = p.paper JOIN bare_node n ON n.id = l.head
        WHERE l.type = '{ISSUED_BY}'""",
    )
    engine.grouped(
        "sought",
        """SELECT n.id AS person, 'person' AS role, n.type AS link, '' AS paper, TRUE AS open, n.body AS body,
        '' AS link_body FROM bare_node n JOIN pursued p ON p.person = n.id
        UNION ALL SELECT person, 'paper' AS role, link, paper, TRUE AS open, body, link_body FROM paper_of
        UNION ALL SELECT person, 'accusation' AS role, '' AS link, '' AS paper, open, body, '' AS link_body
        FROM accusation
        UNION ALL SELECT person, 'issuer' AS role, '' AS link, paper, open, body, '' AS link_body FROM issuer""",
        ("person",),
        sought_step(days.open, days.protected),
    )
    engine.view(
        "graph_node",
        """SELECT n.id, n.type, n.caption, n.body, n.protected, n.caption_protected,
        coalesce(s.sought, '[]') AS sought, coalesce(s.sought_protected, '[]') AS sought_protected
        FROM bare_node n LEFT JOIN sought s ON s.id = n.id""",
    )


def sampled_differences(engine: Engine) -> tuple[int, list[str]]:
    """Make one node in a hundred anew from the records in force; returns how many, and the ids of those that differ.

    It takes the views `record`, `graph_node` and `graph_name`.
    """
    prefixes = ", ".join(f"'{prefix}'" for prefix in SAMPLE)
    engine.view("sampled", f"SELECT * FROM graph_node WHERE substr(id, 1, 2) IN ({prefixes})")
    engine.grouped(
        "made_anew",
        """SELECT s.id, r.source, r.namespace, r.key, r.type, r.body FROM sampled s JOIN graph_name n ON n.id = s.id
        JOIN record r ON r.namespace = n.namespace AND r.key = n.key WHERE r.from_key IS NULL""",
        ("id",),
        nodes_anew_step(),
    )
    differing = engine.rows(
        """SELECT s.id FROM sampled s LEFT JOIN made_anew m ON m.id = s.id AND m.kind = 'node'
        WHERE m.id IS NULL OR m.body <> s.body OR m.caption <> s.caption OR m.type <> s.type
        OR m.protected <> s.protected ORDER BY s.id"""
    ).to_pylist()
    (checked,) = engine.rows("SELECT count(*) AS n FROM sampled").to_pylist()
    return checked["n"], [row["id"] for row in differing]

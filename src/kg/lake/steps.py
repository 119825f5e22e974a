"""The steps of a projection: rows of a table to rows of another one, by the rules of the ledger and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from itertools import groupby
from typing import Any

import orjson
import pyarrow as pa

from kg.errors import StoreError
from kg.lake.tables import (
    DIGESTS,
    EDGE,
    HIDDEN,
    IDENTIFIER,
    LINK,
    LINKED,
    MADE,
    NAME,
    NODE,
    PROTECTED_IDENTIFIER,
    PROTECTED_WORDS,
    SOUGHT,
    SUMS,
    WAITING,
    WORDS,
)
from kg.ledger.rules.content_digest import content_digest, record_digest
from kg.ledger.rules.graph_digest import GraphSum, link_line, node_line
from kg.ledger.rules.links import LinkRecord, decide_links
from kg.ledger.rules.merge import MergedNode, SourceRecord, canonical_json, is_protected, merge_node
from kg.ledger.rules.names import record_names
from kg.ledger.rules.possibly_same import (
    DerivedLink,
    IdentifierHolder,
    hidden_holder,
    possibly_same,
    protected_matches,
)
from kg.ledger.rules.sought import accusation_statement, paper_dates
from kg.ontology import Ontology, load_ontology
from kg.ontology.handling import without_protected
from kg.records import POSSIBLY_SAME, Ref, node_id

BATCH = 10_000
"""Rows of a batch that a step takes apart, and of one that it makes."""

MAX_RECORDS = 100_000
"""How many records one node or link may have: they are merged by one worker."""

OPEN, ALL = "open", "protected"
"""The scopes of sums."""

Rows = Iterator[pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class Step:
    """A function that workers call: it gets all rows of some keys, or any rows, and makes rows of a schema."""

    function: Callable[[pa.Table], Rows]
    schema: pa.Schema


@cache
def _ontology() -> Ontology:
    """That of this package, once a process: a worker is another process, on another machine even."""
    return load_ontology()


def names_step() -> Step:
    """Records of nodes to the names that each gives to its thing."""
    return Step(_names, EDGE)


def nodes_step() -> Step:
    """All records of a group of names (`leader_ns`, `leader_key`) to a node with all that goes with it."""
    return Step(partial(_nodes, ("leader_ns", "leader_key")), MADE)


def nodes_anew_step() -> Step:
    """The same for records of nodes that are known by `id`."""
    return Step(partial(_nodes, ("id",)), MADE)


def links_step() -> Step:
    """All records of a key, with the nodes at their ends, to links and what waits."""
    return Step(_links, LINKED)


def same_step(distinct: frozenset[frozenset[str]], distinct_for_all: frozenset[frozenset[str]]) -> Step:
    """All nodes that share a value to links; with the pairs of nodes kept apart, in the protected scope and for all."""
    return Step(partial(_possibly_same, distinct, distinct_for_all), LINKED)


def sought_step(open_day: str, protected_day: str) -> Step:
    """All papers and accusations of a person to the papers in force on the graph's day, by scope."""
    return Step(partial(_sought, open_day, protected_day), SOUGHT)


def node_sums_step() -> Step:
    """Nodes to the sums of their lines."""
    return Step(_node_sums, SUMS)


def link_sums_step() -> Step:
    """Links to the sums of their lines."""
    return Step(_link_sums, SUMS)


def digests_step() -> Step:
    """Records in force to the digests of their sources."""
    return Step(_digests, DIGESTS)


def _names(table: pa.Table) -> Rows:
    ontology = _ontology()

    def edges() -> Iterator[tuple[Any, ...]]:
        for source, namespace, key, kind, body in _rows(table, "source", "namespace", "key", "type", "body"):
            record = SourceRecord(source, namespace, key, kind, orjson.loads(body))
            hidden = is_protected(ontology, record)
            for name in record_names(ontology, record):
                yield namespace, key, name.namespace, name.key, hidden

    return _batches(EDGE, edges())


def _nodes(keys: tuple[str, ...], table: pa.Table) -> Rows:
    ontology, width = _ontology(), len(keys)
    columns = (*keys, "source", "namespace", "key", "type", "body")

    def made() -> Iterator[dict[str, Any]]:
        for leader, rows in _groups(table, columns, width):
            found = (row[width:] for row in rows)
            records = [SourceRecord(of, space, key, kind, orjson.loads(body)) for of, space, key, kind, body in found]
            names = {known for record in records for known in record_names(ontology, record)}
            names.update(Ref(record.namespace, record.key) for record in records)
            node = node_id(*leader) if width == 2 else leader[0]
            merged = merge_node(ontology, node, records)
            yield from _made_rows(ontology, merged, sorted(names))

    return _dict_batches(MADE, made())


def _made_rows(ontology: Ontology, merged: MergedNode, names: Sequence[Ref]) -> Iterator[dict[str, Any]]:
    hidden, shared = merged.protected_names, {"id": merged.id, "protected": merged.protected}
    yield {
        "kind": NODE,
        **shared,
        "type": merged.type,
        "caption": merged.caption,
        "caption_protected": hidden.caption if hidden else None,
        "body": merged.body,
    }
    for name in names:
        yield {"kind": NAME, **shared, "namespace": name.namespace, "key": name.key}
    if merged.search_words:
        yield {"kind": WORDS, **shared, "value": merged.search_words}
    for found in merged.identifiers:
        yield {"kind": IDENTIFIER, **shared, **found._asdict()}
    if hidden is None:
        return
    if hidden.search_words:
        yield {"kind": PROTECTED_WORDS, **shared, "value": hidden.search_words}
    body = orjson.loads(merged.body) if hidden.identifiers else {}
    for value in hidden.identifiers:
        yield {"kind": PROTECTED_IDENTIFIER, **shared, "value": value}
        for stated, holder in hidden_holder(ontology, merged.id, merged.type, body, value):
            sources = canonical_json(sorted(holder.sources))
            yield {"kind": HIDDEN, **shared, "value": value, "property": stated, "sources": sources}


def _links(table: pa.Table) -> Rows:
    ontology = _ontology()
    columns = ["namespace", "key", "source", "part", "type", "body", "from_ns", "from_key", "to_ns", "to_key"]
    columns += ["tail_leader", "tail_protected", "head_leader", "head_protected"]
    id_of = cache(node_id)  # while these rows are read: a name is at the end of many links

    def linked() -> Iterator[dict[str, Any]]:
        for (namespace, key), rows in _groups(table, columns, 2):
            hidden, records = set[str | None](), list[LinkRecord[str]]()
            for _, _, source, part, kind, body, from_ns, from_key, to_ns, to_key, *nodes in rows:
                record = SourceRecord(source, namespace, key, kind, orjson.loads(body))
                tail, is_tail_hidden, head, is_head_hidden = nodes
                if is_tail_hidden is not None:
                    tail = tail or id_of(from_ns, from_key)
                if is_head_hidden is not None:
                    head = head or id_of(to_ns, to_key)
                records.append(LinkRecord(record, part, (Ref(from_ns, from_key), Ref(to_ns, to_key)), (tail, head)))
                hidden.update(node for node, is_hidden in ((tail, is_tail_hidden), (head, is_head_hidden)) if is_hidden)
            for link in decide_links(ontology, records, hidden.__contains__):
                of_key = {"id": link.key.id, "namespace": namespace, "key": key, "part": link.key.part}
                if link.scopes:
                    for end in dict.fromkeys(link.end_names):
                        waits = {"end_ns": end.namespace, "end_key": end.key, "scopes": link.scopes}
                        yield {"kind": WAITING, **of_key, **waits}
                if link.nodes is not None and link.merged is not None:
                    merged = link.merged
                    yield {
                        "kind": LINK,
                        **of_key,
                        "type": merged.type,
                        "tail": link.nodes[0],
                        "head": link.nodes[1],
                        "body": merged.body,
                        "protected": merged.protected,
                        **merged.facts._asdict(),
                    }

    return _dict_batches(LINKED, linked())


def _possibly_same(
    distinct: frozenset[frozenset[str]], distinct_for_all: frozenset[frozenset[str]], table: pa.Table
) -> Rows:
    columns = ("value", "property", "hidden", "id", "protected", "sources")

    def derived() -> Iterator[dict[str, Any]]:
        for (value, name), rows in _groups(table, columns, 2):
            holders: dict[bool, list[IdentifierHolder]] = {False: [], True: []}
            by_node = groupby(sorted(rows, key=lambda row: (row[2], row[3])), key=lambda row: row[2:5])
            for (is_hidden, node, protected), group in by_node:
                sources = frozenset(source for row in group for source in orjson.loads(row[5]))
                holders[is_hidden].append(IdentifierHolder(node, protected, sources))
            links = [*possibly_same(name, value, holders[False], distinct_for_all)]
            if holders[True]:
                links += protected_matches(name, value, holders[False], holders[True], distinct)
            yield from map(_derived_row, links)

    return _dict_batches(LINKED, derived())


def _derived_row(link: DerivedLink) -> dict[str, Any]:
    unknown = {"first_day": 0, "last_day": 0, "reliability": 6, "interest": 0, "credibility": 6}
    ends = {"id": link.id, "type": POSSIBLY_SAME, "tail": link.tail, "head": link.head}
    return {"kind": LINK, **ends, "body": link.body, "protected": link.protected, "derived": link.origin, **unknown}


def _sought(open_day: str, protected_day: str, table: pa.Table) -> Rows:
    ontology = _ontology()
    columns = ("person", "role", "link", "paper", "open", "body", "link_body")

    def found() -> Iterator[tuple[Any, ...]]:
        for (person,), rows in _groups(table, columns, 1):
            by_role: dict[str, list[Any]] = defaultdict(list)
            for _, role, *row in rows:
                by_role[role].append(row)
            if not _is_person(*by_role["person"][0]):
                continue
            lists = [
                _papers_in_force(ontology, by_role, day, protected=protected)
                for day, protected in ((open_day, False), (protected_day, True))
            ]
            if any(lists):
                yield person, *map(canonical_json, lists)

    return _batches(SOUGHT, found())


def _is_person(node_type: str, _paper: str, _open: bool, body: str, _link_body: str) -> bool:
    return node_type == "Person" or "Person" in orjson.loads(body).get("types", ())


def _papers_in_force(ontology: Ontology, rows: Mapping[str, Sequence[Any]], day: str, *, protected: bool) -> list[str]:
    """The links to papers in force, sorted; rows are (link, paper, whether all see it, body, body of the link)."""
    said = [orjson.loads(body) for *_, is_open, body, _ in rows["accusation"] if is_open or protected]
    statements = [accusation_statement(ontology, body) for body in said]
    issuers: dict[str, list[Any]] = defaultdict(list)
    for _, paper, is_open, body, _ in rows["issuer"]:
        if is_open or protected:
            issuers[paper].append(orjson.loads(body))
    when, links = date.fromisoformat(day or "0001-01-01"), []
    for link, paper, _, body, link_body in sorted(rows["paper"]):
        dates = paper_dates(
            orjson.loads(body), orjson.loads(link_body), issuers[paper], statements, protected=protected
        )
        if dates.is_in_force(when):
            links.append(link)
    return links


def _node_sums(table: pa.Table) -> Rows:
    columns = ("id", "type", "caption", "caption_protected", "body", "sought", "sought_protected", "protected")

    def lines() -> Iterator[tuple[str | None, bytes]]:
        for node, kind, caption, hidden_caption, text, sought, sought_protected, protected in _rows(table, *columns):
            body, seen, seen_in_scope = orjson.loads(text), orjson.loads(sought), orjson.loads(sought_protected)
            line = node_line((node, kind, hidden_caption or caption), seen_in_scope, body, protected=protected)
            is_same = not protected and hidden_caption is None and sought == sought_protected
            if is_same and '"protected"' not in text:
                yield None, line
                continue
            yield ALL, line
            if not protected:
                yield OPEN, node_line((node, kind, caption), seen, without_protected(body), protected=False)

    return _sums("node", lines())


def _link_sums(table: pa.Table) -> Rows:
    def lines() -> Iterator[tuple[str | None, bytes]]:
        for *row, text, protected in _rows(table, "id", "type", "tail", "head", "body", "protected"):
            body = orjson.loads(text)
            line = link_line(row, body, protected=protected)
            if not protected and '"protected"' not in text:
                yield None, line
                continue
            yield ALL, line
            if not protected:
                yield OPEN, link_line(row, without_protected(body), protected=False)

    return _sums("link", lines())


def _sums(table: str, lines: Iterable[tuple[str | None, bytes]]) -> Rows:
    """The sums by scope; a line without a scope is the same in both."""
    totals: dict[str | None, tuple[GraphSum, list[bytes]]] = {}
    counts: dict[str | None, int] = defaultdict(int)
    for scope, line in lines:
        if scope not in totals:
            totals[scope] = (GraphSum(), [])
        totals[scope][0].add(line)
        counts[scope] += 1
    both, of_both = totals.get(None), counts[None]
    rows = []
    for scope in (OPEN, ALL):
        total = totals[scope][0] if scope in totals else GraphSum()
        if both:
            total.merge(both[0])
        rows.append((table, scope, counts[scope] + of_both, total.hexdigest()))
    return _batches(SUMS, rows)


def _digests(table: pa.Table) -> Rows:
    columns = ("source", "key", "part", "digest", "protected", "type", "from_ns", "from_key", "to_ns", "to_key", "body")
    found: dict[str, list[Any]] = {}
    for source, key, part, digest, protected, kind, *ends, body in _rows(table, *columns):
        sums = found.setdefault(source, [0, "", "", 0])
        sums[0] += 1
        sums[1] = content_digest(sums[1], [(key, part, digest)], ())
        if not protected:
            sums[2] = content_digest(sums[2], [(key, part, digest)], ())
        sums[3] += record_digest(kind, ends, body) != digest
    return _batches(DIGESTS, ((source, *sums) for source, sums in sorted(found.items())))


def _rows(table: pa.Table, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Rows of some columns, a batch at a time."""
    for batch in table.select(list(columns)).to_batches(max_chunksize=BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def sorted_groups(
    table: pa.Table, columns: Sequence[str], keys: int
) -> Iterator[tuple[tuple[Any, ...], Iterator[tuple[Any, ...]]]]:
    """Rows grouped by their first columns. No order that an engine promises is relied on: they are sorted here."""
    chosen = table.select(list(columns))
    ordered = chosen.sort_by([(name, "ascending") for name in columns[:keys]])
    return groupby(_rows(ordered, *columns), key=lambda row: row[:keys])


def _groups(
    table: pa.Table, columns: Sequence[str], keys: int
) -> Iterator[tuple[tuple[Any, ...], Iterator[tuple[Any, ...]]]]:
    """The same, of which each has at most `MAX_RECORDS` rows. Raises StoreError."""
    for key, group in sorted_groups(table, columns, keys):
        yield key, _limited(key, group)


def _limited(key: tuple[Any, ...], rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(rows):
        if number == MAX_RECORDS:
            name = ":".join(map(str, key))
            raise StoreError(f"{name} has more than {MAX_RECORDS:,} records, which one worker would merge")
        yield row


def _batches(schema: pa.Schema, rows: Iterable[Sequence[Any]]) -> Rows:
    """Rows as batches of a schema; one without rows if there are none."""
    found, any_rows = [], False
    for row in rows:
        found.append(row)
        if len(found) == BATCH:
            yield _batch(schema, found)
            any_rows, found = True, []
    if found or not any_rows:
        yield _batch(schema, found)


def _batch(schema: pa.Schema, rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pa.RecordBatch.from_arrays(
        [pa.array(list(column), type=field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def _dict_batches(schema: pa.Schema, rows: Iterable[Mapping[str, Any]]) -> Rows:
    names = schema.names
    return _batches(schema, (tuple(map(row.get, names)) for row in rows))

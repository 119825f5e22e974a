"""How does a whole graph leave the SQLite file, row by row?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from kg.ontology import Ontology
from kg.ontology.lint import HANDLINGS
from kg.ontology.values import BadValue
from kg.ports import DescribedNode, LinkWithEnds, RecordInForce, Selection, SourceInfo
from kg.records import NO_PROVENANCE, Claim, Link, Node, Provenance, Record, Ref
from kg.stores.row_decoder import union_of_values
from kg.stores.sqlite.store import SqliteStore

_NODES = "SELECT node.num, node.id, node.type, node.caption, node.body, node.sought, node.protected FROM node"
_LINKS = """SELECT link.id, link.type, t.id, h.id, link.body, link.protected, t.type, h.type, link.derived
    FROM link JOIN node t ON t.num = link.tail JOIN node h ON h.num = link.head"""
_RECORDS = """SELECT r.key, r.part, r.type, fn.name, r.from_key, tn.name, r.to_key, r.body,
    coalesce(t.type, ''), coalesce(h.type, '') FROM record r JOIN source s ON s.num = r.source
    LEFT JOIN namespace fn ON fn.num = r.from_ns LEFT JOIN namespace tn ON tn.num = r.to_ns
    LEFT JOIN atom own ON own.key = r.key AND own.ns = s.namespace
    LEFT JOIN atom a ON a.key = r.from_key AND a.ns = r.from_ns LEFT JOIN node t ON t.num = a.node
    LEFT JOIN atom b ON b.key = r.to_key AND b.ns = r.to_ns LEFT JOIN node h ON h.num = b.node
    WHERE s.name = ? AND r.until IS NULL"""

ORDERS = {"key": "r.key, r.part", "from": "r.from_key, r.key, r.part", "to": "r.to_key, r.key, r.part"}
"""By what records come sorted: their own key, or the key at one of their ends."""


class GraphStream(SqliteStore):
    """One moment of the graph, as rows in the order of their ids; what was not selected does not exist in it.

    Nothing is held in memory but the row at hand: SQLite sorts on the disk where an index does not.
    """

    def __init__(self, path: Path, ontology: Ontology, selection: Selection) -> None:
        super().__init__(path, ontology, protected=selection.handling == HANDLINGS[-1])
        self._selection = selection
        self._db.execute("BEGIN")  # until closed: a load that ends meanwhile is not seen
        self._by_type = bool(selection.node_types or selection.link_types)
        self._by_claim = bool(selection.sources) or selection.handling == HANDLINGS[0]
        if self._by_type or self._by_claim:
            self._select_nodes()
        self.end_node = lru_cache(maxsize=65_536)(self._find_end_node)

    def __enter__(self) -> GraphStream:
        return self

    def sources(self) -> list[SourceInfo]:
        """The selected sources that say anything, by name."""
        wanted = self._selection.sources
        return [s for s in self.contents().sources if s.records and (not wanted or s.name in wanted)]

    def count(self) -> tuple[int, int]:
        """How many nodes, and at most how many links, there are to come."""
        nodes = self._db.execute(f"SELECT count(*) FROM node {self._selected('num')}").fetchone()[0]
        return nodes, self._db.execute("SELECT count(*) FROM link").fetchone()[0]

    def iterate_nodes(self) -> Iterator[DescribedNode]:
        """Every node, by id."""
        hidden = self._not_protected("node", "AND" if self._is_filtered else "WHERE")
        for row in self._db.execute(f"{_NODES} {self._selected('node.num')} {hidden} ORDER BY node.id"):
            body = orjson.loads(row[4])
            if (node := self._narrow_node(self._decoder.node(row[1:]), body)) is not None:
                said = (
                    said
                    for source, said in self._decoder.visible_provenance(body)
                    if self._selection.includes(source, said.handling)
                )
                yield DescribedNode(node, tuple(said))

    def iterate_links(self, types: Iterable[str] = ()) -> Iterator[LinkWithEnds]:
        """Every link between two selected nodes, by id; only those of `types` if given."""
        named = tuple(sorted(types))
        only = f"AND link.type IN ({', '.join('?' * len(named))})" if named else ""
        yield from self._decode_links(f"{self._visible_links()} {only} ORDER BY link.id", named)

    def omitted_link_types(self) -> Iterator[str]:
        """The types of links that the selected sources say, one of whose ends is a node that none of them describes."""
        if not self._by_claim:
            return
        hidden = self._not_protected("link") + self._not_protected("t") + self._not_protected("h")
        typed, chosen = "(SELECT num FROM temp.typed)", "(SELECT num FROM temp.chosen)"
        both = f"link.tail IN {typed} AND link.head IN {typed}"
        rows = self._db.execute(
            f"{_LINKS} WHERE {both} AND NOT (link.tail IN {chosen} AND link.head IN {chosen}) {hidden}"
        )
        for row in rows:
            if self._wants_link(row[1]) and any(self._wanted_claims_of_body(orjson.loads(row[4]), row[1])):
                yield str(row[1])

    def links_of_node(self, node: str, out: Sequence[str], into: Sequence[str]) -> list[LinkWithEnds]:
        """The links of one node that leave it with a type of `out` or reach it with a type of `into`, by id."""
        num = "(SELECT num FROM node WHERE id = ?)"
        sides = (
            f"link.{side} = {num} AND link.type IN ({', '.join('?' * len(types))})"
            for side, types in (("tail", out), ("head", into))
        )
        query = f"{self._visible_links()} AND ({' OR '.join(sides)}) ORDER BY link.id"
        return list(self._decode_links(query, (node, *out, node, *into)))

    def iterate_records(self, source: str, order: str = "key", types: Iterable[str] = ()) -> Iterator[RecordInForce]:
        """Every record of a source that is in force; only those of `types` if given. `order` is one of ORDERS."""
        named = tuple(sorted(types))
        only = f"AND r.type IN ({', '.join('?' * len(named))})" if named else ""
        # An open claim about somebody of whom only protected ones tell would tell that there is somebody.
        seen = "" if self._protected else "AND NOT coalesce(t.protected, 0) AND NOT coalesce(h.protected, 0)"
        rows = self._db.execute(
            f"{_RECORDS} {only} {seen} {self._selected_records()} ORDER BY {ORDERS[order]}", (source, *named)
        )
        for key, part, kind, from_ns, from_key, to_ns, to_key, text, tail, head in rows:
            body = orjson.loads(text)
            said = Provenance.from_json(body["said"]) if "said" in body else NO_PROVENANCE
            if not self._selection.includes(source, self._handling(kind, said.handling)):
                continue
            if self._by_type and from_key is not None and not self._wants_link(kind):
                continue
            ends = (Ref(from_ns, from_key), Ref(to_ns, to_key)) if from_key is not None else None
            values = body.get("properties", {}), part, ends, body.get("other", {}), tuple(body.get("referents", ()))
            yield RecordInForce(Record(key, kind, *values, provenance=said), (tail, head))

    def digest(self, of: Callable[[sqlite3.Connection], str]) -> str:
        """What `of` makes of the whole graph at this moment, whatever is selected."""
        return of(self._db)

    def count_judgements(self) -> int:
        """How many judgements stand."""
        return int(self._db.execute("SELECT count(*) FROM judgement WHERE undone = ''").fetchone()[0])

    def _find_end_node(self, node: str) -> Node:
        return self.nodes((node,))[node]

    @property
    def _is_filtered(self) -> bool:
        return self._by_type or self._by_claim

    def _selected(self, column: str) -> str:
        return f"WHERE {column} IN (SELECT num FROM temp.chosen)" if self._is_filtered else ""

    def _selected_records(self) -> str:
        """Which records belong to chosen nodes. Only types choose: a record may end at what others describe."""
        if not self._by_type:
            return ""
        one = "(SELECT num FROM temp.typed)"
        return f"AND CASE WHEN r.from_key IS NULL THEN own.node IN {one} ELSE a.node IN {one} AND b.node IN {one} END"

    def _select_nodes(self) -> None:
        """Put the selected nodes into the temporary tables `typed`, by their types, and `chosen`, by claims too."""
        wanted = self._selection
        where, values = "", tuple[str, ...]()
        if wanted.node_types:
            values = tuple(sorted(wanted.node_types))
            where = f"WHERE type IN ({', '.join('?' * len(values))})"
        elif wanted.link_types:
            values = tuple(sorted(wanted.link_types)) * 2
            ends = f"FROM link WHERE type IN ({', '.join('?' * len(wanted.link_types))})"
            where = f"WHERE num IN (SELECT tail {ends} UNION SELECT head {ends})"
        for table in ("typed", "chosen"):
            self._db.execute(f"CREATE TEMP TABLE {table} (num INTEGER PRIMARY KEY)")
        self._db.execute(f"INSERT INTO temp.typed SELECT num FROM node {where}", values)
        rows = self._db.execute("SELECT num, body FROM node WHERE num IN (SELECT num FROM temp.typed)")
        chosen = (
            (num,)
            for num, body in rows
            if not self._by_claim or any(self._wanted_claims_of_body(orjson.loads(body), ""))
        )
        self._db.executemany("INSERT INTO temp.chosen VALUES (?)", chosen)

    def _visible_links(self) -> str:
        hidden = self._not_protected("link") + self._not_protected("t") + self._not_protected("h")
        chosen = "(SELECT num FROM temp.chosen)"
        ends = f"AND link.tail IN {chosen} AND link.head IN {chosen}" if self._is_filtered else ""
        return f"{_LINKS} WHERE true {hidden} {ends}"

    def _decode_links(self, query: str, values: Sequence[str]) -> Iterator[LinkWithEnds]:
        for row in self._db.execute(query, values):
            if self._by_type and not self._wants_link(row[1]):
                continue
            body = orjson.loads(row[4])
            if (narrowed := self._narrow_link(self._decoder.link(row[:6]), body)) is not None:
                yield LinkWithEnds(narrowed[0], (row[6], row[7]), narrowed[1], row[8] is not None)

    def _wants_link(self, link_type: str) -> bool:
        return not self._selection.link_types or link_type in self._selection.link_types

    def _handling(self, kind: str, said: str) -> str:
        """A claim's handling code: its own or its link type's, whichever is stricter."""
        link = self._ontology.links.get(kind)
        return max(said, link.handling if link else said, key=HANDLINGS.index)

    def _wanted_claims_of_body(self, body: Mapping[str, Any], kind: str) -> Iterator[bool]:
        """Of each claim that a merged body was made of, whether it is wanted."""
        for said in body.get("said", ()):
            handling = self._handling(kind, said.get("handling", HANDLINGS[0]))
            yield self._selection.includes(said["source"], handling)

    def _narrow_node(self, node: Node, body: Mapping[str, Any]) -> Node | None:
        """The node as the wanted claims alone describe it; None where there are none."""
        if not self._by_claim:
            return node
        node = replace(node, sought_under=())  # which may rest on claims that were not selected
        if all(self._wanted_claims_of_body(body, "")):
            return node
        claims = self._wanted_claims(node.id)
        if not claims:
            return None
        properties, other = self._union(node.type, claims)
        named = (properties[p][0] for p in self._ontology.caption_properties(node.type) if p in properties)
        caption = next(named, f"{node.type} {min(c.key for c in claims)}")
        return replace(node, caption=caption, properties=properties, other=other, sources=_sources(claims))

    def _narrow_link(self, link: Link, body: Mapping[str, Any]) -> tuple[Link, Mapping[str, tuple[str, ...]]] | None:
        """The link and its other values, as the wanted claims alone say; None where there are none."""
        if not link.provenances:  # derived from values of the sources it names, of which some may be restricted
            wanted = not self._by_claim or all(
                self._selection.includes(source, HANDLINGS[1]) for source in link.sources
            )
            return (link, {}) if wanted else None
        if not self._by_claim or all(self._wanted_claims_of_body(body, link.type)):
            return link, union_of_values(
                part["other"] for part in self._decoder.visible_parts(dict(body)) if "other" in part
            )
        claims = self._wanted_claims(link.id)
        if not claims:
            return None
        properties, other = self._union(link.type, claims)
        said = tuple(
            (s, d) for s, d in link.provenances if self._selection.includes(s, self._handling(link.type, d.handling))
        )
        return replace(link, properties=properties, sources=_sources(claims), provenances=said), other

    def _wanted_claims(self, name: str) -> list[Claim]:
        found = self.claims((name,)).get(name, [])
        return [c for c in found if self._selection.includes(c.source, self._handling(c.type, c.provenance.handling))]

    def _union(
        self, kind: str, claims: Iterable[Claim]
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """Canonical values of all claims, and values without a property."""
        known = self._ontology.properties(kind)
        properties: dict[str, set[str]] = {}
        other: dict[str, set[str]] = {}
        for claim in claims:
            for name, values in claim.other.items():
                other.setdefault(name, set()).update(values)
            for name, values in claim.properties.items():
                for value in values:
                    try:
                        properties.setdefault(name, set()).add(known[name].clean(value))
                    except (BadValue, KeyError):
                        other.setdefault(name, set()).add(value)
        return _sorted(properties), _sorted(other)


def _sources(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(sorted({claim.source for claim in claims}))


def _sorted(values: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(found)) for name, found in sorted(values.items()) if found}

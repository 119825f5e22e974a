"""Read the whole graph of the SQLite file, or a selection of it, row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from kg.database import LOCK_TIMEOUT, read_json
from kg.database.views import of_link_types
from kg.minors import names_nobody, withhold_words, without_names
from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED
from kg.ports import DescribedNode, LinkWithEnds, RecordInForce, Selection, SourceInfo
from kg.records import Link, Node, Ref
from kg.stores.minors_shield import MinorsShield, Withheld
from kg.stores.row_decoder import union_of_values
from kg.stores.sqlite.claim_filter import ClaimFilter, ValuesByName
from kg.stores.sqlite.node_selection import NodeSelection
from kg.stores.sqlite.store import SqliteStore

_NODES = "SELECT node.num, node.id, node.type, node.caption, node.body, node.sought, node.protected FROM node"
_LINKS = """SELECT link.id, link.type, t.id, h.id, link.body, link.protected, t.type, h.type, link.derived
    FROM link JOIN node t ON t.num = link.tail JOIN node h ON h.num = link.head"""
_RECORDS = """SELECT coalesce(me.id, ''), r.key, r.part, r.type, fn.name, r.from_key, tn.name, r.to_key, r.body,
    coalesce(t.type, ''), coalesce(h.type, ''), coalesce(t.id, ''), coalesce(h.id, '')
    FROM record r JOIN source s ON s.num = r.source
    LEFT JOIN namespace fn ON fn.num = r.from_ns LEFT JOIN namespace tn ON tn.num = r.to_ns
    LEFT JOIN atom own ON own.key = r.key AND own.ns = s.namespace LEFT JOIN node me ON me.num = own.node
    LEFT JOIN atom a ON a.key = r.from_key AND a.ns = r.from_ns LEFT JOIN node t ON t.num = a.node
    LEFT JOIN atom b ON b.key = r.to_key AND b.ns = r.to_ns LEFT JOIN node h ON h.num = b.node
    WHERE s.name = ? AND r.ended IS NULL"""

ORDERS = {"key": "r.key, r.part", "from": "r.from_key, r.key, r.part", "to": "r.to_key, r.key, r.part"}
"""How records can be sorted: by their own key, or by the key at one of their ends."""


class GraphStream(SqliteStore):
    """One snapshot of the graph, as rows in the order of their ids; what was not selected does not exist in it.

    Only the current row is in memory: where no index has the order, SQLite sorts on the disk.
    """

    def __init__(
        self,
        path: Path,
        ontology: Ontology,
        selection: Selection,
        *,
        wait: float = LOCK_TIMEOUT,
        prepare: Callable[[sqlite3.Connection], None] = lambda _: None,
    ) -> None:
        super().__init__(path, ontology, protected=selection.handling == PROTECTED, wait=wait, prepare=prepare)
        self._db.execute("BEGIN")  # until closed: a load that ends meanwhile is not seen
        self._claim_filter = ClaimFilter(ontology, selection)
        self._selected = NodeSelection(self._db, self._claim_filter)
        self.end_node = lru_cache(maxsize=65_536)(lambda node: self.nodes((node,))[node])

    def sources(self) -> list[SourceInfo]:
        """The selected sources that have records in force, by name."""
        selected = self._claim_filter.selection.sources
        return [s for s in self.contents().sources if s.records and (not selected or s.name in selected)]

    def node_of_key(self, namespace: str, key: str) -> Node | None:
        """The selected node that a key of a namespace names; None where there is none."""
        query = f"""SELECT node.id FROM atom JOIN namespace ON namespace.num = atom.ns
            JOIN node ON node.num = atom.node
            WHERE namespace.name = ? AND atom.key = ? AND {self._selected.of_nodes()}"""
        found = self._db.execute(query, (namespace, key)).fetchone()
        return self.end_node(found[0]) if found else None

    def count(self) -> tuple[int, int]:
        """How many nodes, and at most how many links, there are to come."""
        nodes = self._db.execute(f"SELECT count(*) FROM node WHERE {self._selected.of_nodes()}").fetchone()[0]
        return nodes, self._db.execute("SELECT count(*) FROM link").fetchone()[0]

    def iterate_nodes(self) -> Iterator[DescribedNode]:
        """Every selected node, by id."""
        shield = self._whole_shield
        for row in self._db.execute(f"{_NODES} WHERE {self._selected.of_nodes()} ORDER BY node.id"):
            body = read_json(row[4])
            if (node := self._narrow_node(self._decoder.node(row[1:]), body)) is not None:
                node = shield.node(node, self._withheld.get(node.id)) if shield else node
                provenances = (
                    provenance
                    for source, provenance in self._decoder.visible_provenance(body)
                    if self._claim_filter.includes(source, "", provenance.handling)
                )
                yield DescribedNode(node, tuple(provenances))

    def iterate_links(self, types: Iterable[str] = ()) -> Iterator[LinkWithEnds]:
        """Every link between two selected nodes, by id; only those of `types` if given."""
        condition, values = _type_condition("link.type", types)
        yield from self._decode_links(f"{self._visible_links()} {condition} ORDER BY link.num", values)

    def omitted_link_types(self) -> Iterator[str]:
        """The types of links that the selected sources state, one of whose ends none of them describes."""
        if not self._claim_filter.is_active:
            return
        query = f"{_LINKS} WHERE {self._selected.of_links_to_others()}"
        for _, link_type, _, _, body, *_ in self._db.execute(query):
            is_wanted = self._selected.includes_link_type(link_type)
            if is_wanted and self._claim_filter.includes_any(read_json(body), link_type):
                yield str(link_type)

    def links_of_node(self, node: str, out: Sequence[str], into: Sequence[str]) -> list[LinkWithEnds]:
        """The links of one node that leave it with a type of `out` or reach it with a type of `into`, by id."""
        num = "(SELECT num FROM node WHERE id = ?)"
        sides = (
            f"link.{side} = {num} AND {of_link_types('link', ', '.join('?' * len(types)))}"
            for side, types in (("tail", out), ("head", into))
        )
        query = f"{self._visible_links()} AND ({' OR '.join(sides)}) ORDER BY link.id"
        return list(self._decode_links(query, (node, *out, node, *into)))

    def iterate_records(self, source: str, order: str = "key", types: Iterable[str] = ()) -> Iterator[RecordInForce]:
        """Every record of a source that is in force; only those of `types` if given. `order` is one of ORDERS."""
        condition, values = _type_condition("r.type", types)
        query = f"{_RECORDS} {condition} AND {self._selected.of_records()} ORDER BY {ORDERS[order]}"
        shield = self._whole_shield
        for row in self._db.execute(query, (source, *values)):
            own, key, part, record_type, from_ns, from_key, to_ns, to_key, text, tail_type, head_type, *ends_of = row
            if from_key is not None and not self._selected.includes_link_type(record_type):
                continue
            ends = (Ref(from_ns, from_key), Ref(to_ns, to_key)) if from_key is not None else None
            record = self._decoder.record(key, part, record_type, ends, text)
            if self._claim_filter.includes(source, record_type, record.provenance.handling):
                record = shield.redact_claim(record, own, self._withheld.get(own), ends_of) if shield else record
                yield RecordInForce(record, (tail_type, head_type))

    def digest(self, of: Callable[[sqlite3.Connection], str]) -> str:
        """What `of` makes of the whole graph at this moment, whatever is selected."""
        return of(self._db)

    def count_judgements(self) -> int:
        """How many judgements have not been undone."""
        return int(self._db.execute("SELECT count(*) FROM judgement WHERE undone = ''").fetchone()[0])

    @cached_property
    def _withheld(self) -> Mapping[str, Withheld]:
        """What is not told of nodes, by id; nothing in the protected scope."""
        return self._whole_shield.everything_withheld() if self._whole_shield else {}

    @cached_property
    def _whole_shield(self) -> MinorsShield | None:
        return self._shield

    def _visible_links(self) -> str:
        return f"{_LINKS} WHERE {self._selected.of_links()}"

    def _decode_links(self, query: str, values: Sequence[str]) -> Iterator[LinkWithEnds]:
        shield = self._whole_shield
        for row in self._db.execute(query, values):
            if self._selected.includes_link_type(row[1]):
                link = self._decoder.link(row[:6])
                if (narrowed := self._narrow_link(link, read_json(row[4]))) is not None:
                    told, other = narrowed
                    if shield and shield.names_children is not names_nobody:
                        names_child = shield.link_namer(told.source_id, told.target_id)
                        told, other = withhold_words(told, names_child), without_names(other, names_child)
                    yield LinkWithEnds(told, (row[6], row[7]), other, row[8] is not None)

    def _narrow_node(self, node: Node, body: Mapping[str, Any]) -> Node | None:
        """The node as the selected claims alone describe it; None where there are none."""
        if not self._claim_filter.is_active:
            return node
        node = replace(node, sought_under=())  # which may rest on claims that were not selected
        if self._claim_filter.includes_all(body):
            return node
        return self._claim_filter.narrow_node(node, self.claims((node.id,)).get(node.id, ()))

    def _narrow_link(self, link: Link, body: dict[str, Any]) -> tuple[Link, ValuesByName] | None:
        """The link and its values without a property, as the selected claims alone say; None where there are none."""
        if not link.provenances:
            return (link, {}) if self._claim_filter.includes_derived(link) else None
        if self._claim_filter.includes_all(body, link.type):
            return link, union_of_values(part.get("other", {}) for part in self._decoder.visible_parts(body))
        return self._claim_filter.narrow_link(link, self.claims((link.id,)).get(link.id, ()))


def _type_condition(column: str, types: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """A condition of SQL that a column is one of `types`, and its values; none for no types."""
    values = tuple(sorted(types))
    return f"AND {column} IN ({', '.join('?' * len(values))})" if values else "", values

"""Read the nodes and links of the projection that a copy may hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from kg.database.views import of_link_types
from kg.findings.contradictions import (
    MAX_HOLDERS,
    share_sentences,
)
from kg.records import ALL_IDS, ID_LENGTH, LINK_SLOTS
from kg.stores.neo4j.projection_items import (
    SEPARATOR,
    CopyScope,
    ItemBuilder,
    ProjectionItem,
    holders_in_dispute,
)
from kg.stores.remarks import Remarks, read_remarks

_NODES = """SELECT node.num, node.id, node.type, node.caption, node.body, node.sought, node.protected,
        n.name, atom.key, s.name, r.part, r.type, l.day, r.body FROM node
    CROSS JOIN atom ON atom.node = node.num CROSS JOIN namespace n ON n.num = atom.ns
    LEFT JOIN record r ON r.key = atom.key AND r.ended IS NULL AND r.from_key IS NULL
        AND r.source IN (SELECT num FROM source WHERE namespace = atom.ns)
    LEFT JOIN source s ON s.num = r.source LEFT JOIN load l ON l.num = r.since
    WHERE node.id >= ? AND node.id < ? ORDER BY node.id"""

_LINKS = """SELECT link.id, link.type, link.tail, link.head, link.body, link.protected, share_low, share_high,
        first_day, last_day, reliability, interest, credibility, n.name, link.key, s.name, link.part, r.type, l.day,
        r.body FROM link
    LEFT JOIN namespace n ON n.num = link.ns
    LEFT JOIN record r ON r.key = link.key AND r.part = link.part AND r.ended IS NULL AND r.from_key IS NOT NULL
        AND r.source IN (SELECT num FROM source WHERE namespace = link.ns)
    LEFT JOIN source s ON s.num = r.source LEFT JOIN load l ON l.num = r.since
    WHERE {} ORDER BY link.num"""

_IN_RANGE, _INTO = (
    f"link.num BETWEEN link_number(?1) AND link_number(?2) + {LINK_SLOTS - 1} AND link.id >= ?1 AND link.id < ?2",
    f"link.head = ? AND {of_link_types('link', 'SELECT value FROM json_each(?)')}",
)

_DOUBTFUL_HEADS = f"""SELECT head FROM link WHERE {of_link_types("link", "SELECT value FROM json_each(?)")}
    GROUP BY head HAVING count(*) <= ? AND (total(share_high) > 100 OR count(*) > count(DISTINCT tail)
    OR max(iif(json_valid(body), json_array_length(body, '$.said'), 2)) > 1)"""
"""Things of which the shares may contradict each other: no sum is more than that of the highest shares.
A body that is no JSON is told as damage by whoever reads it."""

_SELECT_JUDGEMENTS = """SELECT atom.node, j.num, j.kind, a.name, j.one_key, b.name, j.other_key, j.by, j.why, j.day
    FROM judgement j
    JOIN atom ON atom.key = j.one_key AND atom.ns = j.one_ns
    JOIN namespace a ON a.num = j.one_ns JOIN namespace b ON b.num = j.other_ns
    WHERE j.undone = '' AND NOT j.waits AND j.kind = 'same' ORDER BY j.num"""

_FIRST = itemgetter(0)

IdRange = tuple[str, str]
"""The first id of a part of the nodes or links, and that of the next part."""


@dataclass
class ProjectionReader:
    """Reads the nodes and links of the projection in the order of their ids, in one read transaction."""

    connection: sqlite3.Connection
    scope: CopyScope

    def count(self) -> int:
        """How many nodes and links the projection has."""
        query = "SELECT (SELECT count(*) FROM node) + (SELECT count(*) FROM link)"
        return int(self.connection.execute(query).fetchone()[0])

    def nodes(self, part: IdRange = ALL_IDS) -> Iterator[ProjectionItem]:
        """Every node that the scope may hold, or a part of them."""
        judgements = self._judgements()
        for num, group in groupby(self.connection.execute(_NODES, part), key=_FIRST):
            rows = list(group)
            if rows[0][6] and not self.scope.protected:
                continue
            names = {f"{row[7]}{SEPARATOR}{row[8]}" for row in rows}
            records = [(r[9], r[7], r[8], *r[10:], self._remarks.get((r[9], r[8]), ())) for r in rows]
            shares = self._share_contradictions(num) if num in self._doubtful else ()
            yield self._builder.node(num, rows[0][1:7], names, records, judgements.get(num, ()), shares)

    def links(self, part: IdRange = ALL_IDS) -> Iterator[ProjectionItem]:
        """Every link that the scope may hold, with both its ends, or a part of them."""
        yield from self._select_links(_IN_RANGE, part)

    def _select_links(self, condition: str, values: Sequence[object]) -> Iterator[ProjectionItem]:
        ids = self._node_ids
        for link, group in groupby(self.connection.execute(_LINKS.format(condition), values), key=_FIRST):
            rows = list(group)
            _, link_type, tail_num, head_num, body, protected, *rest = rows[0]
            tail, head = ids[tail_num].decode(), ids[head_num].decode()
            if not tail or not head or (protected and not self.scope.protected):
                continue
            records = [(r[15], r[13], r[14], *r[16:], self._remarks.get((r[15], r[14]), ())) for r in rows]
            row = link, link_type, tail, head, body, protected
            yield self._builder.link(row, tuple(rest[:7]), records)

    @cached_property
    def _builder(self) -> ItemBuilder:
        return ItemBuilder(self.scope)

    @cached_property
    def _remarks(self) -> Remarks:
        return read_remarks(self.connection)

    @cached_property
    def _holding_types(self) -> str:
        return orjson.dumps(sorted(self.scope.ontology.with_trait("ownership", "benefit"))).decode()

    @cached_property
    def _doubtful(self) -> set[int]:
        """Numbers of the nodes of which the shares may contradict each other."""
        return {head for (head,) in self.connection.execute(_DOUBTFUL_HEADS, (self._holding_types, MAX_HOLDERS))}

    def _share_contradictions(self, num: int) -> tuple[str, ...]:
        """What the shares of the holders of a node contradict, in words."""
        links = self._select_links(_INTO, (num, self._holding_types))
        found, holders = holders_in_dispute(map(self._builder.holding, links))
        query = "SELECT id, caption FROM node WHERE id = ?"
        names = dict(row for holder in holders for row in self.connection.execute(query, (holder,)))
        return tuple(share_sentences(found, names))

    @cached_property
    def _node_ids(self) -> NDArray[np.bytes_]:
        """Ids of the nodes that a copy may hold, by number; empty for the others."""
        highest = self.connection.execute("SELECT coalesce(max(num), 0) FROM node").fetchone()[0]
        ids = np.zeros(highest + 1, f"S{ID_LENGTH}")
        query = "SELECT num, id FROM node WHERE ? OR NOT protected"
        for num, node in self.connection.execute(query, (self.scope.protected,)):
            ids[num] = node
        return ids

    def _judgements(self) -> dict[int, list[tuple[Any, ...]]]:
        """The judgements that merged names, by the number of the node."""
        found: dict[int, list[tuple[Any, ...]]] = {}
        for num, *row in self.connection.execute(_SELECT_JUDGEMENTS):
            found.setdefault(num, []).append(tuple(row))
        return found

"""Read the nodes and links of the projection that a copy may hold."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from kg.database import read_json
from kg.findings.contradictions import (
    MAX_HOLDERS,
    ShareDispute,
    StatedHolding,
    share_contradictions,
    share_sentences,
)
from kg.ontology import Ontology
from kg.ontology.handling import has_protected_handling, is_protected, without_protected
from kg.records import ID_LENGTH
from kg.stores.row_decoder import RowDecoder

FORMAT = 6
"""The format of the graph in Neo4j; raised when the same ledger is written otherwise, so that copies are renewed."""

_PROTECTED_MARK = '"protected"'
"""Occurs in every body with protected claims; most have none and need not be parsed."""

_NODES = """SELECT node.num, node.id, node.type, node.caption, node.body, node.sought, node.protected,
        n.name, atom.key, s.name, r.part, r.type, l.day, r.body FROM node
    CROSS JOIN atom ON atom.node = node.num CROSS JOIN namespace n ON n.num = atom.ns
    LEFT JOIN record r ON r.key = atom.key AND r.ended IS NULL AND r.from_key IS NULL
        AND r.source IN (SELECT num FROM source WHERE namespace = atom.ns)
    LEFT JOIN source s ON s.num = r.source LEFT JOIN load l ON l.num = r.since
    WHERE node.num BETWEEN ? AND ? ORDER BY node.num"""

_LINKS = """SELECT link.num, link.id, link.type, link.tail, link.head, link.body, link.protected, share_low, share_high,
        first_day, last_day, reliability, interest, credibility, n.name, link.key, s.name, link.part, r.type, l.day,
        r.body FROM link
    LEFT JOIN namespace n ON n.num = link.ns
    LEFT JOIN record r ON r.key = link.key AND r.part = link.part AND r.ended IS NULL AND r.from_key IS NOT NULL
        AND r.source IN (SELECT num FROM source WHERE namespace = link.ns)
    LEFT JOIN source s ON s.num = r.source LEFT JOIN load l ON l.num = r.since
    WHERE {} ORDER BY link.num"""

_IN_RANGE, _INTO = "link.num BETWEEN ? AND ?", "link.head = ? AND link.type IN (SELECT value FROM json_each(?))"

_DOUBTFUL_HEADS = """SELECT head FROM link WHERE type IN (SELECT value FROM json_each(?)) GROUP BY head
    HAVING count(*) <= ? AND (total(share_high) > 100 OR count(*) > count(DISTINCT tail)
    OR max(iif(json_valid(body), json_array_length(body, '$.said'), 2)) > 1)"""
"""Things of which the shares may contradict each other: no sum is more than that of the highest shares.
A body that is no JSON is told as damage by whoever reads it."""

_SELECT_JUDGEMENTS = """SELECT atom.node, j.num, j.kind, a.name, j.one_key, b.name, j.other_key, j.by, j.why, j.day
    FROM judgement j
    JOIN atom ON atom.key = j.one_key AND atom.ns = j.one_ns
    JOIN namespace a ON a.num = j.one_ns JOIN namespace b ON b.num = j.other_ns
    WHERE j.undone = '' AND NOT j.waits AND j.kind = 'same' ORDER BY j.num"""

_BY_NUMBER = itemgetter(0)

NumberRange = tuple[int, int]
"""The first and the last number of a part of the nodes or links."""

ALL_NUMBERS: NumberRange = (0, 2**63 - 1)


@dataclass(frozen=True, slots=True)
class CopyScope:
    """Whether a copy holds protected facts, or no trace of them."""

    ontology: Ontology
    protected: bool = False

    def digest_salt(self) -> bytes:
        """A key for digests of content, which depend on format, scope and ontology too."""
        text = f"{FORMAT} {self.protected} {self.ontology.digest}"
        return hashlib.sha256(text.encode()).digest()

    def visible_body(self, body: str) -> str:
        """The body of a node or link without what the scope leaves out."""
        if self.protected or _PROTECTED_MARK not in body:
            return body
        return orjson.dumps(without_protected(read_json(body)), option=orjson.OPT_SORT_KEYS).decode()


class ProjectionItem(NamedTuple):
    """One node or link, to be compared or made into a row."""

    num: int
    id: str
    type: str
    digest: int
    """64 bits of a digest of the content."""
    body: str
    claims: str
    protected: bool
    caption: str = ""
    sought: str = "[]"
    names: tuple[str, ...] = ()
    """Of a node: `namespace`, unit separator, `key`."""
    judgements: str = ""
    """Of a node: the judgements that merged its names, as JSON; empty without any."""
    shares: tuple[str, ...] = ()
    """Of a node: what the shares of its holders contradict, in words."""
    tail: str = ""
    head: str = ""
    facts: tuple[float, ...] = ()
    """Of a link: the values of `kg.view.LINK_COLUMNS`, in that order; empty if no source states any."""


SEPARATOR = "\x1f"
UNKNOWN_SHARE = -1.0
"""Stands for a share that no source states."""

NO_FACTS = (None, None, 0, 0, 6, 0, 6)
"""Share, days, reliability, interest and credibility of a link if no source states any of them."""


@dataclass
class ProjectionReader:
    """Reads the nodes and links of the projection in the order of their numbers, in one read transaction."""

    connection: sqlite3.Connection
    scope: CopyScope

    def count(self) -> int:
        """How many nodes and links the projection has."""
        query = "SELECT (SELECT count(*) FROM node) + (SELECT count(*) FROM link)"
        return int(self.connection.execute(query).fetchone()[0])

    def nodes(self, part: NumberRange = ALL_NUMBERS) -> Iterator[ProjectionItem]:
        """Every node that the scope may hold, or a part of them."""
        digest, judgements = self._digester(), self._judgements()
        for num, group in groupby(self.connection.execute(_NODES, part), key=_BY_NUMBER):
            rows = list(group)
            _, node, node_type, caption, body, sought, protected, *_ = rows[0]
            if protected and not self.scope.protected:
                continue
            names, protected_names = self._names(rows, body)
            text = self.scope.visible_body(body)
            same_as = _encode_judgements(judgements.get(num, ()), protected_names)
            claims = self._claims([(r[9], r[7], r[8], *r[10:]) for r in rows])
            shares = self._share_contradictions(num) if num in self._doubtful else ()
            said = (text, sought, str(protected), claims, same_as, *names, *shares)
            checksum = digest(node, node_type, caption, *said)
            yield ProjectionItem(
                num, node, node_type, checksum, text, claims, bool(protected), caption, sought, names, same_as, shares
            )

    def links(self, part: NumberRange = ALL_NUMBERS) -> Iterator[ProjectionItem]:
        """Every link that the scope may hold, with both its ends, or a part of them."""
        yield from self._select_links(_IN_RANGE, part)

    def _select_links(self, condition: str, values: Sequence[object]) -> Iterator[ProjectionItem]:
        digest, ids = self._digester(), self._node_ids
        for num, group in groupby(self.connection.execute(_LINKS.format(condition), values), key=_BY_NUMBER):
            rows = list(group)
            _, link, link_type, tail_num, head_num, body, protected, *rest = rows[0]
            tail, head = ids[tail_num].decode(), ids[head_num].decode()
            if not tail or not head or (protected and not self.scope.protected):
                continue
            numbers = tuple(rest[:7])
            facts = () if numbers == NO_FACTS else tuple(UNKNOWN_SHARE if v is None else float(v) for v in numbers)
            text, claims = self.scope.visible_body(body), self._claims([(r[16], r[14], r[15], *r[17:]) for r in rows])
            checksum = digest(link, link_type, tail, head, text, str(protected), claims, repr(facts))
            yield ProjectionItem(
                num, link, link_type, checksum, text, claims, bool(protected), tail=tail, head=head, facts=facts
            )

    @cached_property
    def _holding_types(self) -> str:
        return orjson.dumps(sorted(self.scope.ontology.with_trait("ownership", "benefit"))).decode()

    @cached_property
    def _doubtful(self) -> set[int]:
        """Numbers of the nodes of which the shares may contradict each other."""
        return {head for (head,) in self.connection.execute(_DOUBTFUL_HEADS, (self._holding_types, MAX_HOLDERS))}

    def _share_contradictions(self, num: int) -> tuple[str, ...]:
        """What the shares of the holders of a node contradict, in words."""
        decoder = RowDecoder(self.scope.ontology, self.scope.protected)
        holdings = []
        for item in self._select_links(_INTO, (num, self._holding_types)):
            link = decoder.link((item.id, item.type, item.tail, item.head, item.body, item.protected))
            holdings.append(StatedHolding.of(decoder.ontology, link, decoder.claims(read_json(item.claims, list))))
        found = list(share_contradictions(holdings))
        query = "SELECT id, caption FROM node WHERE id = ?"
        holders = dict.fromkeys(one.holder for one in found if isinstance(one, ShareDispute))
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

    def _digester(self) -> Callable[..., int]:
        salt = self.scope.digest_salt()

        def digest(*parts: str) -> int:
            text = SEPARATOR.join(parts).encode()
            return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=salt).digest(), "big", signed=True)

        return digest

    def _judgements(self) -> dict[int, list[tuple[Any, ...]]]:
        """The judgements that merged names, by the number of the node."""
        found: dict[int, list[tuple[Any, ...]]] = {}
        for num, *row in self.connection.execute(_SELECT_JUDGEMENTS):
            found.setdefault(num, []).append(tuple(row))
        return found

    def _names(self, rows: Sequence[Sequence[Any]], body: str) -> tuple[tuple[str, ...], set[str]]:
        """The visible names of a node, and the names that only protected records use."""
        names, protected_names = {f"{row[7]}{SEPARATOR}{row[8]}" for row in rows}, set[str]()
        if len(names) > 1 and not self.scope.protected and _PROTECTED_MARK in body:
            provenances = read_json(body)["said"]
            open_names = {_encode_name(s) for s in provenances if not has_protected_handling(s)}
            protected_names = set(map(_encode_name, provenances)) - open_names
        return tuple(sorted(names - protected_names)), protected_names

    def _claims(self, rows: list[tuple[Any, ...]]) -> str:
        """The records behind a node or link as JSON: lists of source, namespace, key, part, type, day and body."""
        visible = [row for row in rows if row[0] is not None and self._is_visible(row[4], row[6])]
        if len(visible) > 1:
            visible.sort(key=lambda row: (row[0], row[2], row[3]))
        return f"[{','.join(f'{orjson.dumps(row[:6])[:-1].decode()},{row[6]}]' for row in visible)}]"

    def _is_visible(self, record_type: str, body: str) -> bool:
        if self.scope.protected:
            return True
        provenance = read_json(body).get("said", {}) if _PROTECTED_MARK in body else {}
        return not is_protected(self.scope.ontology, record_type, provenance)


def _encode_judgements(rows: Sequence[tuple[Any, ...]], protected_names: set[str]) -> str:
    """Judgements as JSON, without those about protected names."""
    pairs = ((row, {f"{row[2]}{SEPARATOR}{row[3]}", f"{row[4]}{SEPARATOR}{row[5]}"}) for row in rows)
    visible_judgements = [row for row, names in pairs if not names & protected_names]
    return orjson.dumps(visible_judgements).decode() if visible_judgements else ""


def _encode_name(provenance: dict[str, Any]) -> str:
    return f"{provenance['namespace']}{SEPARATOR}{provenance['key']}"

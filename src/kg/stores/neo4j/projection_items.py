"""Make items of the graph as a copy in Neo4j holds it: what a scope may see of a node or link, and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from kg.database import read_json
from kg.findings.contradictions import ShareDispute, StatedHolding, share_contradictions
from kg.ontology import Ontology
from kg.ontology.handling import has_protected_handling, is_protected, without_protected
from kg.stores.row_decoder import RowDecoder

FORMAT = 7
"""The format of the graph in Neo4j; raised when the same ledger is written otherwise, so that copies are renewed."""

_PROTECTED_MARK = '"protected"'
"""Occurs in every body with protected claims; most have none and need not be parsed."""


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
    """Of a node of a SQLite file: its number there; else 0."""
    id: str
    type: str
    digest: int
    """64 bits of a digest of the content."""
    body: str
    claims: str
    protected: bool
    remarks: tuple[str, ...] = ()
    """What was noted of its records when they were loaded, each with its source."""
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


RecordRow = tuple[str | None, str, str, str, str, str, str, tuple[str, ...]]
"""A record in force: source (None for no record), namespace, key, part, type, the day of its load, body, and what was
noted of it."""


class ItemBuilder:
    """Makes items from the rows of a projection, wherever it is kept."""

    def __init__(self, scope: CopyScope) -> None:
        self.scope = scope
        self._salt = scope.digest_salt()
        self._decoder = RowDecoder(scope.ontology, scope.protected)

    def node(  # everything that is kept of a node
        self,
        num: int,
        row: tuple[str, str, str, str, str, bool],
        names: set[str],
        records: Iterable[RecordRow],
        judgements: Sequence[tuple[Any, ...]] = (),
        shares: tuple[str, ...] = (),
    ) -> ProjectionItem:
        """A node, from id, type, caption, body, sought and protection; its names and records, the judgements about it,
        and what the shares of its holders contradict.
        """
        node, node_type, caption, body, sought, protected = row
        visible_names, protected_names = self._names(names, body)
        text, (claims, remarks) = self.scope.visible_body(body), self._claims(records)
        same_as = _encode_judgements(judgements, protected_names)
        said = (text, sought, str(int(protected)), claims, same_as, *visible_names, *shares)
        digest = self._digest(node, node_type, caption, *said)
        return ProjectionItem(
            *(num, node, node_type, digest, text, claims, bool(protected), remarks),
            *(caption, sought, visible_names, same_as, shares),
        )

    def link(
        self, row: tuple[str, str, str, str, str, bool], numbers: tuple[Any, ...], records: Iterable[RecordRow]
    ) -> ProjectionItem:
        """A link, from id, type, ids of its ends, body and protection; its facts as columns of numbers, its records."""
        link, link_type, tail, head, body, protected = row
        facts = () if numbers == NO_FACTS else tuple(UNKNOWN_SHARE if v is None else float(v) for v in numbers)
        text, (claims, remarks) = self.scope.visible_body(body), self._claims(records)
        digest = self._digest(link, link_type, tail, head, text, str(int(protected)), claims, repr(facts))
        return ProjectionItem(
            0, link, link_type, digest, text, claims, bool(protected), remarks, tail=tail, head=head, facts=facts
        )

    def holding(self, item: ProjectionItem) -> StatedHolding:
        """What a link of ownership or benefit states."""
        link = self._decoder.link((item.id, item.type, item.tail, item.head, item.body, item.protected))
        return StatedHolding.of(self.scope.ontology, link, self._decoder.claims(read_json(item.claims, list)))

    def _digest(self, *parts: str) -> int:
        text = SEPARATOR.join(parts).encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=self._salt).digest(), "big", signed=True)

    def _names(self, names: set[str], body: str) -> tuple[tuple[str, ...], set[str]]:
        """The visible names of a node, and the names that only protected records use."""
        protected_names = set[str]()
        if len(names) > 1 and not self.scope.protected and _PROTECTED_MARK in body:
            provenances = read_json(body)["said"]
            open_names = {_encode_name(s) for s in provenances if not has_protected_handling(s)}
            protected_names = set(map(_encode_name, provenances)) - open_names
        return tuple(sorted(names - protected_names)), protected_names

    def _claims(self, rows: Iterable[RecordRow]) -> tuple[str, tuple[str, ...]]:
        """The records behind a node or link as JSON, and their remarks, each with its source.

        A record is a list of source, namespace, key, part, type, day, body and, where there are any, remarks.
        """
        visible = [row for row in rows if row[0] is not None and self._is_visible(row[4], row[6])]
        if len(visible) > 1:
            visible.sort(key=lambda row: (row[0], row[2], row[3]))
        noted = {f"{remark} ({row[0]})" for row in visible for remark in row[7]}
        return f"[{','.join(map(_encode_record, visible))}]", tuple(sorted(noted)) if noted else ()

    def _is_visible(self, record_type: str, body: str) -> bool:
        if self.scope.protected:
            return True
        provenance = read_json(body).get("said", {}) if _PROTECTED_MARK in body else {}
        return not is_protected(self.scope.ontology, record_type, provenance)


def holders_in_dispute(holdings: Iterable[StatedHolding]) -> tuple[list[Any], list[str]]:
    """What the shares of the holders of a thing contradict, and the ids of the holders whom that names."""
    found = list(share_contradictions(list(holdings)))
    return found, list(dict.fromkeys(one.holder for one in found if isinstance(one, ShareDispute)))


def _encode_record(row: RecordRow) -> str:
    remarks = f",{orjson.dumps(row[7]).decode()}" if row[7] else ""
    return f"{orjson.dumps(row[:6])[:-1].decode()},{row[6]}{remarks}]"


def _encode_judgements(rows: Sequence[tuple[Any, ...]], protected_names: set[str]) -> str:
    """Judgements as JSON, without those about protected names."""
    pairs = ((row, {f"{row[2]}{SEPARATOR}{row[3]}", f"{row[4]}{SEPARATOR}{row[5]}"}) for row in rows)
    visible_judgements = [row for row, names in pairs if not names & protected_names]
    return orjson.dumps(visible_judgements).decode() if visible_judgements else ""


def _encode_name(provenance: dict[str, Any]) -> str:
    return f"{provenance['namespace']}{SEPARATOR}{provenance['key']}"

"""How do rows of the projection become nodes, links and claims?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from kg.database import HOW_TO_GO_ON, read_json
from kg.errors import StoreDamaged
from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED, claim_handling, strictest
from kg.ontology.words import holding_kind, may_be_indirect
from kg.ports import AsOf
from kg.records import NO_PROVENANCE, NOT_UNDERSTOOD, Claim, Link, Node, Provenance, Record, Ref, UnreadValue

_SHARE_AND_DAYS = ("share", "start_date", "end_date", "date")
_SINGLE_VALUES = re.compile(
    r'\{(?:"properties":\{(?:"[a-z_]+":\["[^"\\]*"\],?)*\},)?'
    r'"said":\[\{(?:"[a-z]+":(?:"[^"\\]*"|\[(?:"[^"\\]*",?)*\]),?)*\}\]\}'
)
"""Bodies of one record that has one value of each property: they need not be decoded, which takes longer."""

_CLAIM_NAMES = frozenset({"source", "namespace", "key"})
"""What a merged body says of each claim besides its provenance."""

_UNDISPUTED_PARTS = {"properties", "other", "said", NOT_UNDERSTOOD}
"""Parts of a body that say nothing more about its share and days."""


_Words = ParamSpec("_Words")
_Result = TypeVar("_Result")

_MISSHAPEN = (LookupError, TypeError, ValueError, AttributeError)
"""What decoding raises on JSON that is not what kg writes."""


def tells_damage(decode: Callable[_Words, _Result]) -> Callable[_Words, _Result]:
    """The same function, which raises StoreDamaged for rows that cannot be what kg wrote."""

    @wraps(decode)
    def decode_or_tell(*words: _Words.args, **named: _Words.kwargs) -> _Result:
        try:
            return decode(*words, **named)
        except _MISSHAPEN as error:
            raise StoreDamaged(f"the store is damaged: a row in it is not what kg writes; {HOW_TO_GO_ON}") from error

    return decode_or_tell


@dataclass(frozen=True, slots=True)
class RowDecoder:
    """Decodes rows for one scope: outside the protected one, what protected claims say does not exist."""

    ontology: Ontology
    protected: bool = False
    as_of: AsOf | None = None
    """The chosen day as of which nodes and claims are decoded; None for the day of the graph."""

    @tells_damage
    def node(self, row: Sequence[Any]) -> Node:
        """A node of (id, type, caption, body, links under which it is sought as JSON, protected)."""
        node, node_type, caption, text, sought, protected = row
        _ = self.ontology.nodes[node_type]
        body = read_json(text)
        parts = self.visible_parts(body)
        said = list(self.visible_provenance(body))
        decoded = Node(
            id=node,
            type=node_type,
            caption=caption,
            properties=union_of_values(part.get("properties", {}) for part in parts),
            other=union_of_values(part.get("other", {}) for part in parts),
            sources=tuple(sorted({source for source, _ in said})),
            types=tuple(body.get("types", ())),
            sought_under=tuple(read_json(sought, list)),
            protected=bool(protected),
            not_understood=self._unread(parts),
            handling=strictest(provenance.handling for _, provenance in said),
        )
        return self.as_of.node(decoded) if self.as_of else decoded

    @tells_damage
    def link(self, row: Sequence[Any]) -> Link:
        """A link of (id, type, tail, head, body, protected)."""
        link, link_type, tail, head, text, protected = row
        _ = self.ontology.links[link_type]
        body = read_json(text)
        provenance = tuple(self.visible_provenance(body))
        sources = body.get("sources") or sorted({source for source, _ in provenance})
        parts = self.visible_parts(body)
        properties = union_of_values(part.get("properties", {}) for part in parts)
        unread = self._unread(parts)
        return Link(link, link_type, tail, head, properties, tuple(sources), provenance, bool(protected), unread)

    @tells_damage
    def claims(self, rows: Iterable[Sequence[Any]]) -> list[Claim]:
        """The visible claims of (source, namespace, key, part, type, day, body, remarks), by source and key.

        Remarks may be left out where there are none.
        """

        def is_protected(claim: Claim) -> bool:
            return claim_handling(self.ontology, claim.type, claim.provenance.handling) == PROTECTED

        visible = (claim for claim in map(_decode_claim, rows) if self.protected or not is_protected(claim))
        claims = sorted(visible, key=lambda c: (c.source, c.key, c.part))
        return [self.as_of.claim(claim) for claim in claims] if self.as_of else claims

    @tells_damage
    def record(self, key: str, part: str, record_type: str, ends: tuple[Ref, Ref] | None, text: str) -> Record:
        """A record of the ledger, whose body is `text`."""
        body, _ = read_json(text), self.ontology.properties(record_type)
        provenance = Provenance.from_json(body["said"]) if "said" in body else NO_PROVENANCE
        values_of = body.get("properties", {}), part, ends, body.get("other", {}), tuple(body.get("referents", ()))
        unread = tuple(UnreadValue(*value) for value in body.get(NOT_UNDERSTOOD, ()))
        return Record(key, record_type, *values_of, provenance=provenance, not_understood=unread)

    def _unread(self, parts: Iterable[Mapping[str, Any]]) -> tuple[UnreadValue, ...]:
        return tuple(sorted({UnreadValue(*value) for part in parts for value in part.get(NOT_UNDERSTOOD, ())}))

    def visible_parts(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """The parts of a merged body that may be seen."""
        return [body, body[PROTECTED]] if self.protected and PROTECTED in body else [body]

    def visible_provenance(self, body: dict[str, Any]) -> Iterator[tuple[str, Provenance]]:
        """The source and provenance of each visible claim."""
        entries = ((s["source"], _decode_provenance(s)) for s in body.get("said", ()))
        return (
            (source, provenance) for source, provenance in entries if self.protected or provenance.handling != PROTECTED
        )


def is_undisputed(text: str) -> bool:
    """Whether one record alone states a link, with one share at most and one day of each kind, all of them understood.

    Its columns then say of shares and days what its claim says. `text` is the body of the link as JSON.
    """
    if _SINGLE_VALUES.fullmatch(text) and '"date":' not in text and not may_be_indirect(text):
        return True
    body = read_json(text)
    properties = body.get("properties", {})
    share, *days = (len(properties.get(name, ())) for name in _SHARE_AND_DAYS)
    return (
        len(body["said"]) == 1
        and body.keys() <= _UNDISPUTED_PARTS
        and max(share, *days) <= 1
        and not properties.get("date")  # of what lasts, the day on which it is stated
        and holding_kind(properties).directness != "indirect"
        and body.get("other", {}).keys().isdisjoint(_SHARE_AND_DAYS)
        and not any(UnreadValue(*value).property in _SHARE_AND_DAYS for value in body.get(NOT_UNDERSTOOD, ()))
    )


def _decode_provenance(data: Mapping[str, Any]) -> Provenance:
    return Provenance.from_json({k: v for k, v in data.items() if k not in _CLAIM_NAMES})


def _decode_claim(row: Sequence[Any]) -> Claim:
    source, namespace, key, part, claim_type, since, body, *noted = row
    parts = read_json(body) if isinstance(body, str) else body
    provenance = Provenance.from_json(parts.get("said", {}))
    values = parts.get("properties", {}), parts.get("other", {})
    unread = tuple(UnreadValue(name, about, words, source) for name, about, words in parts.get(NOT_UNDERSTOOD, ()))
    referents, remarks = tuple(parts.get("referents", ())), tuple(noted[0]) if noted else ()
    return Claim(source, namespace, key, part, claim_type, since, *values, provenance, referents, unread, remarks)


def union_of_values(parts: Iterable[Mapping[str, list[str]]]) -> dict[str, tuple[str, ...]]:
    """All values that any of `parts` has, by name, sorted."""
    merged: dict[str, set[str]] = {}
    for part in parts:
        for name, values in part.items():
            merged.setdefault(name, set()).update(values)
    return {name: tuple(sorted(values)) for name, values in sorted(merged.items())}

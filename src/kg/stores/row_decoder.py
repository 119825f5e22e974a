"""How do rows of the projection become nodes, links and claims?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.database import read_json
from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED, claim_handling
from kg.ports import AsOf
from kg.records import NOT_UNDERSTOOD, Claim, Link, Node, Provenance, UnreadValue

_SHARE_AND_DAYS = ("share", "start_date", "end_date", "date")
_SINGLE_VALUES = re.compile(
    r'\{(?:"properties":\{(?:"[a-z_]+":\["[^"\\]*"\],?)*\},)?'
    r'"said":\[\{(?:"[a-z]+":(?:"[^"\\]*"|\[(?:"[^"\\]*",?)*\]),?)*\}\]\}'
)
"""Bodies of one record that has one value of each property: they need not be decoded, which takes longer."""

_UNDISPUTED_PARTS = {"properties", "other", "said", NOT_UNDERSTOOD}
"""Parts of a body that say nothing more about its share and days."""


@dataclass(frozen=True, slots=True)
class RowDecoder:
    """Decodes rows for one scope: outside the protected one, what protected claims say does not exist."""

    ontology: Ontology
    protected: bool = False
    as_of: AsOf | None = None
    """The chosen day as of which nodes and claims are decoded; None for the day of the graph."""

    def node(self, row: Sequence[Any]) -> Node:
        """A node of (id, type, caption, body, links under which it is sought as JSON, protected)."""
        node, node_type, caption, text, sought, protected = row
        body = read_json(text)
        parts = self.visible_parts(body)
        decoded = Node(
            id=node,
            type=node_type,
            caption=caption,
            properties=union_of_values(part.get("properties", {}) for part in parts),
            other=union_of_values(part.get("other", {}) for part in parts),
            sources=tuple(sorted({source for source, _ in self.visible_provenance(body)})),
            types=tuple(body.get("types", ())),
            sought_under=tuple(read_json(sought)),
            protected=bool(protected),
            not_understood=self._unread(parts),
        )
        return self.as_of.node(decoded) if self.as_of else decoded

    def link(self, row: Sequence[Any]) -> Link:
        """A link of (id, type, tail, head, body, protected)."""
        link, link_type, tail, head, text, protected = row
        body = read_json(text)
        provenance = tuple(self.visible_provenance(body))
        sources = body.get("sources") or sorted({source for source, _ in provenance})
        parts = self.visible_parts(body)
        properties = union_of_values(part.get("properties", {}) for part in parts)
        unread = self._unread(parts)
        return Link(link, link_type, tail, head, properties, tuple(sources), provenance, bool(protected), unread)

    def claims(self, rows: Iterable[Sequence[Any]]) -> list[Claim]:
        """The visible claims of (source, namespace, key, part, type, day, body), by source and key."""

        def is_protected(claim: Claim) -> bool:
            return claim_handling(self.ontology, claim.type, claim.provenance.handling) == PROTECTED

        visible = (claim for claim in map(_decode_claim, rows) if self.protected or not is_protected(claim))
        claims = sorted(visible, key=lambda c: (c.source, c.key, c.part))
        return [self.as_of.claim(claim) for claim in claims] if self.as_of else claims

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
    if _SINGLE_VALUES.fullmatch(text) and '"date":' not in text:
        return True
    body = read_json(text)
    properties = body.get("properties", {})
    share, *days = (len(properties.get(name, ())) for name in _SHARE_AND_DAYS)
    return (
        len(body["said"]) == 1
        and body.keys() <= _UNDISPUTED_PARTS
        and max(share, *days) <= 1
        and not (properties.get("date") and sum(days) > 1)
        and body.get("other", {}).keys().isdisjoint(_SHARE_AND_DAYS)
        and not any(UnreadValue(*value).property in _SHARE_AND_DAYS for value in body.get(NOT_UNDERSTOOD, ()))
    )


def _decode_provenance(data: Mapping[str, Any]) -> Provenance:
    return Provenance.from_json({k: v for k, v in data.items() if k not in ("source", "namespace", "key")})


def _decode_claim(row: Sequence[Any]) -> Claim:
    source, namespace, key, part, claim_type, since, body = row
    parts = read_json(body) if isinstance(body, str) else body
    provenance = Provenance.from_json(parts.get("said", {}))
    values = parts.get("properties", {}), parts.get("other", {})
    unread = tuple(UnreadValue(name, about, words, source) for name, about, words in parts.get(NOT_UNDERSTOOD, ()))
    return Claim(
        source, namespace, key, part, claim_type, since, *values, provenance, tuple(parts.get("referents", ())), unread
    )


def union_of_values(parts: Iterable[Mapping[str, list[str]]]) -> dict[str, tuple[str, ...]]:
    """All values that any of `parts` has, by name, sorted."""
    merged: dict[str, set[str]] = {}
    for part in parts:
        for name, values in part.items():
            merged.setdefault(name, set()).update(values)
    return {name: tuple(sorted(values)) for name, values in sorted(merged.items())}

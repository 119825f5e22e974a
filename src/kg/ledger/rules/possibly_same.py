"""Which nodes share an identifying value, and are linked as possibly the same?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from kg.ledger.rules.merge import canonical_json
from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED, has_protected_handling
from kg.ontology.values import identifier_key, is_placeholder
from kg.records import POSSIBLY_SAME, derived_id

MAX_SHARERS = 50
"""An identifying value that more nodes share is a placeholder or a mistake."""

MIN_IDENTIFIER = 5
"""Shorter identifiers are shared by chance."""


class IdentifierHolder(NamedTuple):
    """A node that has an identifying value, and the sources that state it."""

    id: str
    protected: bool
    sources: frozenset[str]


class DerivedLink(NamedTuple):
    """A link that no record states; its ends are ids of nodes."""

    id: str
    tail: str
    head: str
    body: str
    protected: bool
    origin: str
    """What it was derived from."""


def possibly_same(
    name: str, value: str, holders: Sequence[IdentifierHolder], distinct: Collection[frozenset[str]]
) -> Iterator[DerivedLink]:
    """Links between the nodes, sorted by id, that share a comparable value of a property.

    Each is linked to the one with the smallest id. Where some of them are kept apart as `distinct` pairs of ids, every
    other pair is linked.
    """
    origin = f"{name}:{value}"
    for one, other in _pairs(value, holders, distinct):
        link, hidden = derived_id(POSSIBLY_SAME, origin, one.id, other.id), one.protected or other.protected
        yield DerivedLink(link, one.id, other.id, _shared_body(origin, one, other), hidden, origin)


def protected_matches(
    name: str,
    value: str,
    holders: Sequence[IdentifierHolder],
    hidden: Sequence[IdentifierHolder],
    distinct: Collection[frozenset[str]],
) -> Iterator[DerivedLink]:
    """Links, for the protected scope alone, between nodes of which only a protected record states a value and those
    that share it; `holders` are the open ones, both sorted by id. Each is to the open node with the smallest id, if
    there is one.
    """
    origin, of_hidden = f"{name}:{value}", {holder.id for holder in hidden}
    for one, other in _pairs(value, [*holders, *hidden], distinct):
        if not of_hidden.isdisjoint((one.id, other.id)):
            link = derived_id(POSSIBLY_SAME, f"protected {origin}", one.id, other.id)
            yield DerivedLink(link, one.id, other.id, _shared_body(origin, one, other), True, f"protected:{value}")


def hidden_holder(
    ontology: Ontology, node: str, node_type: str, body: Mapping[str, Any], value: str
) -> Iterator[tuple[str, IdentifierHolder]]:
    """A node as one of which only protected records state an identifying value, by each property that states it."""
    known = ontology.merged_properties(tuple(body.get("types") or (node_type,)))
    sources = frozenset(said["source"] for said in body["said"] if has_protected_handling(said))
    for name, stated in body[PROTECTED].get("properties", {}).items():
        if known[name].identifies and any(identifier_key(text) == value for text in stated):
            yield name, IdentifierHolder(node, True, sources)


def _shared_body(origin: str, one: IdentifierHolder, other: IdentifierHolder) -> str:
    return canonical_json(
        {
            "properties": {"reason": ["shared identifying property"], "shared": [origin]},
            "sources": sorted(one.sources | other.sources),
        }
    )


def _pairs(
    value: str, holders: Sequence[IdentifierHolder], distinct: Collection[frozenset[str]]
) -> Iterator[tuple[IdentifierHolder, IdentifierHolder]]:
    if is_placeholder(value) or len(value) < MIN_IDENTIFIER or len(holders) > MAX_SHARERS:
        return
    every = [pair for pair in combinations(holders, 2) if frozenset((pair[0].id, pair[1].id)) not in distinct]
    some_apart = 2 * len(every) < len(holders) * (len(holders) - 1)
    yield from every if some_apart else [(holders[0], other) for other in holders[1:]]

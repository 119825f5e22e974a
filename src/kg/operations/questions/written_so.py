"""People and companies whose names may be written for the same as a text. A name alone makes nobody the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from kg.names import SAME_BITS, NameMatch, candidate_queries, compare_names
from kg.names.generic import Kind
from kg.names.spellings import pinyin_slips
from kg.operations.questions.listing import SearchQuery
from kg.ports import LinkQuery, Store
from kg.records import Node

MAX_BLOCK = 500
"""Most entries that one way to write a name may bring; of more, the first by id are compared, and it is said."""

MIN_WRITTEN_SO = SAME_BITS
"""Bits of names from which on a name may be written so."""

MAX_SLIPS = 12
"""Sounds of a text that are taken for others, one at a time."""

NAMES, WEAK_NAMES = ("name", "alias", "former_name"), ("weak_alias",)
"""Properties with full names, and with names that say little."""


@dataclass(frozen=True, slots=True)
class WrittenSo:
    """A node whose name may be written like a text, and what the two weigh."""

    node: Node
    name: str
    match: NameMatch


def find_written_so(store: Store, query: SearchQuery, found: Collection[str], limit: int) -> list[WrittenSo]:
    """People and companies whose names may be written for the same as a text, without those `found` exactly.

    Raises QuestionError for a type that does not exist.
    """
    ontology = store.ontology
    kinds = _party_kinds(store, query.node_types)
    nodes: dict[str, Node] = {}
    if kinds:
        for words in dict.fromkeys((*candidate_queries(query.text), *candidate_queries(query.text, is_company=True))):
            nodes |= store.find_by_words(words, kinds, MAX_BLOCK)
    people = ontology.kinds_of("Person") | {"Party"}
    written = []
    for name, node in nodes.items():
        if name in found:
            continue
        kind: Kind = "person" if node.type in people else "company"
        matches = [(compare_names(query.text, n, kind), n) for n in _names(node)]
        match, called = max(matches, key=lambda m: m[0].bits)
        if match.bits >= MIN_WRITTEN_SO:
            written.append(WrittenSo(node, called, match))
    if not (written or found):
        written = list(_with_slips(store, query.text, kinds, limit))
    written.sort(key=lambda w: (-w.match.bits, w.node.id))
    return list(islice(_linked_to(store, written, query.jurisdiction), limit))


def _with_slips(store: Store, text: str, kinds: Collection[str], limit: int) -> Iterator[WrittenSo]:
    """Those who are found where one sound of a text is taken for another with which it is often confused in pinyin."""
    seen = set[str]()
    for other in islice(pinyin_slips(text) if kinds else (), MAX_SLIPS):
        for node in store.search(other, tuple(kinds), limit):
            if node.id not in seen:
                seen.add(node.id)
                yield WrittenSo(node, node.caption, NameMatch(0.0, (f"{text} may stand for {other}",)))


def _party_kinds(store: Store, types: Collection[str]) -> tuple[str, ...]:
    """The types to look among: of those asked for, the people and companies."""
    if not types:
        return ("Party",)
    asked = frozenset[str]().union(*map(store.ontology.kinds_of, types))
    return tuple(sorted(asked & store.ontology.kinds_of("Party")))


def _names(node: Node) -> list[str]:
    full = [v for name in NAMES for v in node.properties.get(name, ())] or [node.caption]
    return [*full, *(v for name in WEAK_NAMES for v in node.properties.get(name, ()))]


def _linked_to(store: Store, written: list[WrittenSo], jurisdiction: str) -> Iterator[WrittenSo]:
    types = store.ontology.leading_to("Jurisdiction")
    for one in written:
        if not jurisdiction or any(
            link.target_id == jurisdiction for link in store.links(LinkQuery(one.node.id, types, direction="out"))
        ):
            yield one

"""Which pairs should somebody look at next, and what is said of both sides?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from kg.errors import NotFound
from kg.findings.matches import Match
from kg.findings.posterior import REVIEW
from kg.ledger.judgement_status import decided_pairs
from kg.ledger.suggestions import list_suggestions
from kg.ontology import Ontology
from kg.operations.matching.entries import Entries, ranked
from kg.operations.matching.parties import expect_party, is_party, may_be_compared, named_party
from kg.operations.questions.lookup import resolve_node
from kg.ports import LinkQuery
from kg.records import Claim, GraphVersion
from kg.stores.sqlite.store import SqliteStore

CROWDED = "its name is so frequent that not all entries called so were compared"

MAX_LINKS = 100
"""Most links of a node that are counted for its side of a pair."""


@dataclass(frozen=True, slots=True)
class ComparedValues:
    """What is said of one property of both sides: each value with the sources that say it, and since when."""

    property: str
    one: str
    other: str


def review_queue(store: SqliteStore, ontology: Ontology, least: float, node: str = "") -> Iterator[Match]:
    """Pairs that may be one and are not decided: of one node; or of everybody wanted, then the suggestions kept.

    `node` is named as `Store.resolve` takes it. The most probable come first of each node, and of the suggestions. Each
    pair comes once. The queue follows what is judged meanwhile, on a store of which each answer is of the graph as it
    is then. Raises NotFound and InputError for the node.
    """
    decided, seen = _DecidedPairs(store), set[frozenset[str]]()
    entries = _CurrentEntries(store, ontology)
    names = [resolve_node(store, "node", node)] if node else _wanted(store)
    found: list[Callable[[], list[Match]]] = [
        partial(_matches, store, ontology, name, entries, least, is_named=bool(node)) for name in names
    ]
    if not node:
        found.append(partial(_kept, store, least, frozenset(names)))
    for read in found:
        is_current = False
        while not is_current:  # a judgement may have joined it to another node, of which more is known
            is_current, version = True, store.version()
            for match in read():
                pair = frozenset((match.one, match.other))
                if match.probability < least or pair in seen or pair in decided.pairs():
                    continue
                seen.add(pair)
                yield match
                if store.version() != version:
                    is_current = False
                    break


def compared_values(store: SqliteStore, match: Match) -> list[ComparedValues]:
    """What sources say of both sides, a property a row; and how many links each has."""
    ids = match.one, match.other
    claims, nodes = store.claims(ids), store.nodes(ids)
    sides = [_stated_values(claims.get(node, [])) for node in ids]
    names = sorted({*sides[0], *sides[1]}, key=lambda name: (name not in ("name", "birth_date"), name != "name", name))
    kinds = [nodes[node].type + (", wanted" if nodes[node].sought_under else "") for node in ids]
    links = [len(store.links(LinkQuery(node, limit=MAX_LINKS))) for node in ids]
    counts = [f"{number}{' or more' if number == MAX_LINKS else ''}" for number in links]
    return [
        ComparedValues("type", *kinds),
        *(ComparedValues(name.replace("_", " "), *("; ".join(side.get(name, ())) for side in sides)) for name in names),
        ComparedValues("links", *counts),
    ]


class _DecidedPairs:
    """The pairs that were decided, looked up again when the graph has another version."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._version: GraphVersion | None = None
        self._pairs = set[frozenset[str]]()

    def pairs(self) -> set[frozenset[str]]:
        """The pairs by the ids of the nodes."""
        version = self._store.version()
        if version != self._version:
            self._version, self._pairs = version, decided_pairs(self._store.connection)
        return self._pairs


class _CurrentEntries:
    """The entries of the graph, read anew when it has another version."""

    def __init__(self, store: SqliteStore, ontology: Ontology) -> None:
        self._store, self._ontology = store, ontology
        self._version: GraphVersion | None = None

    def read(self) -> Entries:
        """As they are now."""
        version = self._store.version()
        if version != self._version:
            self._version, self._entries = version, Entries(self._store, self._ontology)
        return self._entries


def _wanted(store: SqliteStore) -> list[str]:
    """The ids of everybody wanted."""
    return [row[0] for row in store.connection.execute("SELECT id FROM node WHERE sought <> '[]' ORDER BY id")]


def _kept(store: SqliteStore, least: float, wanted: frozenset[str]) -> list[Match]:
    """The suggestions that are kept, those about somebody wanted first."""
    matches = [suggestion.match for suggestion in list_suggestions(store.connection, least=least)]
    return sorted(matches, key=lambda match: wanted.isdisjoint((match.one, match.other)))


def _matches(
    store: SqliteStore, ontology: Ontology, name: str, entries: _CurrentEntries, least: float, *, is_named: bool
) -> list[Match]:
    """The matches of one node, the most probable first. Raises InputError for one that is named and no party."""
    try:
        node = store.nodes([current := store.resolve(name)])[current]
    except NotFound:  # withdrawn meanwhile
        return []
    if is_named:
        expect_party(ontology, node, name)
    elif not is_party(ontology, node) or not may_be_compared(node):
        return []
    target, register = named_party(ontology, node), entries.read()
    near = register.near(target)
    alone = [*register.matches(target, near, min(least, REVIEW), within=True)]
    crowded = (CROWDED,) if near.crowded else ()
    shared = ranked(register.share_within(alone, known=[target.id])[: len(alone)])
    return [replace(match, warnings=(*match.warnings, *crowded)) for match in shared if match.probability >= least]


def _stated_values(claims: list[Claim]) -> dict[str, list[str]]:
    """By property, each value with its sources and the days on which they came to say it."""
    said: dict[str, dict[str, list[str]]] = {}
    for claim in claims:
        for name, values in claim.properties.items():
            for value in values:
                sources = said.setdefault(name, {}).setdefault(value, [])
                sources.append(f"{claim.source} {claim.provenance.stated or claim.since}")
    return {
        name: [f"{value} ({', '.join(dict.fromkeys(sources))})" for value, sources in values.items()]
        for name, values in said.items()
    }

"""Which people and companies of the graph may be one? Pairs over the whole graph or about one node, and suggestions."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kg.analysis.matching import FEATURES, Party, Register, compare_parties
from kg.analysis.matching.blocks import MOST_LINK_BITS, Facts, Pairs, PartyBlocks, least_bits
from kg.analysis.matching.evidence.names import name_evidence
from kg.database import write_transaction
from kg.errors import InputError, InputLocation
from kg.findings.matches import Evidence, Match, rank
from kg.ledger.judgement_status import decided_pairs
from kg.ledger.suggestions import WRITTEN_BANDS, Suggestion, list_suggestions, replace_suggestions
from kg.operations.matching.parties import expect_party, linked_party, named_party
from kg.operations.matching.screening import find_candidates, sizes_of
from kg.operations.questions.lookup import resolve_node
from kg.operations.workspace import Workspace, open_database, open_sqlite_store, today
from kg.records import Node
from kg.stores.sqlite.parties import PartyReader
from kg.stores.sqlite.store import SqliteStore

MAX_SOURCES = 2

UNKNOWN_KIND = "Party"
"""The type of those of whom it is not known whether they are people or companies."""
_CACHED = 20_000
_STEP = 1_000


@dataclass(frozen=True, slots=True)
class CandidateRequest:
    """Which candidates are looked for."""

    node: str = ""
    """One node, named as `Store.resolve` takes it; all people and companies when empty."""
    sources: tuple[str, ...] = ()
    """One: only pairs of which one end is in it. Two: only pairs with one end in each."""
    least: float = 0.1
    """Pairs that are less probable are left out."""
    write: bool = False
    """Whether those of the bands `strong` and `review` are kept as suggestions."""


@dataclass(frozen=True, slots=True)
class CandidateList:
    """Pairs that may be one, and how they were looked for."""

    matches: tuple[Match, ...]
    """The most probable first. Each is a suggestion: two are one only by a judgement."""
    parties: int
    """People and companies that were looked at."""
    keys: int = 0
    blocks: int = 0
    """Keys that two or more have in common."""
    pairs: int = 0
    """Pairs with a key in common that can be so probable by what is known of both."""
    compared: int = 0
    """Pairs of which all evidence was weighed."""
    crowded: int = 0
    """Keys that too many have in common: only those were compared that share a birth year or country too."""
    largest: int = 0
    """How many have the most frequent key in common."""
    set_apart: int = 0
    """People and companies that were not compared with all of a crowded key."""
    written: int = 0
    new: int = 0
    """Suggestions that were kept, and how many of them were not known before."""


def find_graph_candidates(workspace: Workspace, request: CandidateRequest) -> CandidateList:
    """The candidates of the graph or of one node; keeps them as suggestions if that is asked for.

    Raises NotFound and InputError as `Store.resolve` does, and for a request that cannot be met.
    """
    _check(request)
    with open_sqlite_store(workspace) as store:
        _expect_sources(store, request.sources)
        node = _resolve(store, workspace, request.node) if request.node else ""
        search = _GraphSearch(workspace, store, request)
        found = search.of_node(node) if node else search.of_all()
    if not request.write:
        return found
    kept = [match for match in found.matches if match.band in WRITTEN_BANDS]
    with open_database(workspace) as connection, write_transaction(connection):
        new = replace_suggestions(connection, kept, protected=workspace.protected, day=today(), node=node)
    return replace(found, written=len(kept), new=new)


def read_suggestions(workspace: Workspace, node: str = "", least: float = 0.0) -> list[Suggestion]:
    """The suggestions that are kept and open, the most probable first; of one node if one is named."""
    with open_sqlite_store(workspace) as store:
        found = _resolve(store, workspace, node) if node else ""
        return list_suggestions(store.connection, found, least)


def graph_register(store: SqliteStore, *, is_company: bool) -> Register:
    """All people, or all companies, of the graph as a register: its size and the share of each country."""
    ontology = store.ontology
    people, parties = ontology.kinds_of("Person"), ontology.kinds_of("Party")
    reader = PartyReader(store.connection, ontology, protected=store.protected)
    counts, total = reader.country_counts(parties - people if is_company else people)
    shares = {code: (n + 1) / (total + 2) for code, n in sorted(counts.items())}
    return Register(sizes_of(store, ontology)["company" if is_company else "person"], countries=shares)


def _check(request: CandidateRequest) -> None:
    if len(request.sources) > MAX_SOURCES:
        given = InputLocation(key="--source", value=" ".join(request.sources))
        raise InputError(f"expected {MAX_SOURCES} sources at most: a pair has two ends", given)
    if request.write and request.sources:
        problem = "--write keeps the suggestions of the whole graph or of one node; leave out --source"
        raise InputError(problem, InputLocation(key="--write"))


def _expect_sources(store: SqliteStore, sources: tuple[str, ...]) -> None:
    known = [source.name for source in store.contents().sources] if sources else []
    for source in sources:
        if source not in known:
            problem = f"there is no such source; expected one of {', '.join(known)}"
            raise InputError(problem, InputLocation(key="--source", value=source))


def _resolve(store: SqliteStore, workspace: Workspace, name: str) -> str:
    found = resolve_node(store, "node", name)
    expect_party(workspace.ontology, store.nodes([found])[found], name)
    return found


@dataclass
class _GraphSearch:
    """Looks for candidates in one read transaction."""

    workspace: Workspace
    store: SqliteStore
    request: CandidateRequest
    _registers: dict[bool, Register] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ontology = self.workspace.ontology
        self._reader = PartyReader(self.store.connection, self._ontology, protected=self.store.protected)
        self._closed = decided_pairs(self.store.connection)
        self._party = lru_cache(_CACHED)(self._read_party)
        self._linked = lru_cache(_CACHED)(self._read_linked)

    def of_all(self) -> CandidateList:
        """All pairs of the graph."""
        blocking, numbers = PartyBlocks(), array("q")
        sources = _SourceSets(self.request.sources)
        total = sum(sizes_of(self.store, self._ontology).values())
        for number, node in self._reader.parties():
            if len(numbers) % _STEP == 0:
                self.workspace.progress("making keys", len(numbers), total)
            blocking.add(named_party(self._ontology, node), Facts(*self._reader.link_summary(number)))
            numbers.append(number)
            sources.add(node)
        prior = max((self._register(is_company=kind).prior_bits for kind in (False, True)), default=0.0)
        pairs = blocking.pairs(least_bits(self.request.least, prior))
        matches, compared = [], 0
        for done, (one, other) in enumerate(zip(pairs.one.tolist(), pairs.other.tolist(), strict=True)):
            if done % _STEP == 0:
                self.workspace.progress("comparing", done, len(pairs.one))
            if not sources.allow(one, other):
                continue
            match, is_compared = self._compare(numbers[one], numbers[other])
            compared += is_compared
            if match:
                matches.append(match)
        return _listed(matches, blocking, pairs, compared)

    def of_node(self, name: str) -> CandidateList:
        """All pairs of one node."""
        target = linked_party(self.store, self._ontology, self.store.nodes([name])[name])
        found = find_candidates(self.store, self._ontology, target)
        matches = []
        for other, node in sorted(found.nodes.items()):
            if other != name and _is_asked(self.request.sources, set(target.sources), set(node.sources)):
                party = linked_party(self.store, self._ontology, node)
                first, second = sorted((target, party), key=lambda p: p.id)
                match = self._weigh(first, second)
                if match:
                    matches.append(match)
        return CandidateList(_ordered(matches), len(found.nodes), compared=len(found.nodes), crowded=found.crowded)

    def _compare(self, one: int, other: int) -> tuple[Match | None, bool]:
        """The pair if it is probable enough, and whether more was compared than names."""
        one, other = sorted((one, other), key=lambda number: self._party(number).id)
        first, second = self._party(one), self._party(other)
        if not _may_be_one(first, second):
            return None, False
        names = name_evidence(first, second)
        register = self._register_of(first, second)
        stated = [e.bits for feature in FEATURES if (e := feature(first, second, register))]
        if names.bits + sum(stated) + MOST_LINK_BITS < least_bits(self.request.least, register.prior_bits):
            return None, False
        return self._weigh(self._linked(one), self._linked(other), names), True

    def _weigh(self, one: Party, other: Party, names: Evidence | None = None) -> Match | None:
        if frozenset((one.id, other.id)) in self._closed or not _may_be_one(one, other):
            return None
        match = compare_parties(one, other, self._register_of(one, other), names)
        return match if match.probability >= self.request.least else None

    def _register_of(self, one: Party, other: Party) -> Register:
        return self._register(is_company=one.is_company or other.is_company)

    def _register(self, *, is_company: bool) -> Register:
        if is_company not in self._registers:
            self._registers[is_company] = graph_register(self.store, is_company=is_company)
        return self._registers[is_company]

    def _read_party(self, number: int) -> Party:
        return named_party(self._ontology, self._reader.party(number))

    def _read_linked(self, number: int) -> Party:
        return linked_party(self.store, self._ontology, self._reader.party(number))


class _SourceSets:
    """Which parties are in the sources that are asked for, by place."""

    def __init__(self, sources: tuple[str, ...]) -> None:
        self._sources = sources
        self._sets = [bytearray() for _ in sources]

    def add(self, node: Node) -> None:
        """Note the sources of the next party."""
        for source, places in zip(self._sources, self._sets, strict=True):
            places.append(source in node.sources)

    def allow(self, one: int, other: int) -> bool:
        """Whether a pair is asked for."""
        ours, theirs = (
            {source for source, places in zip(self._sources, self._sets, strict=True) if places[end]}
            for end in (one, other)
        )
        return _is_asked(self._sources, ours, theirs)


def _is_asked(sources: tuple[str, ...], ours: set[str], theirs: set[str]) -> bool:
    if not sources:
        return True
    first, *rest = sources
    if not rest:
        return first in ours or first in theirs
    second = rest[0]
    return (first in ours and second in theirs) or (second in ours and first in theirs)


def _may_be_one(one: Party, other: Party) -> bool:
    """Whether a person is not compared with a company; a party of unknown kind may be either."""
    return one.is_company == other.is_company or UNKNOWN_KIND in {one.type, other.type}


def _ordered(matches: list[Match]) -> tuple[Match, ...]:
    return tuple(sorted(matches, key=rank))


def _listed(matches: list[Match], blocking: PartyBlocks, pairs: Pairs, compared: int) -> CandidateList:
    return CandidateList(
        _ordered(matches),
        *(len(blocking), blocking.keys, pairs.blocks, len(pairs.one), compared),
        *(pairs.crowded, pairs.largest, pairs.set_apart),
    )

"""Which people and companies of the graph may be one? Pairs over the whole graph or about one node, and suggestions."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.analysis.matching import Party
from kg.analysis.matching.blocks import Facts, Pairs, PartyBlocks, least_bits
from kg.database import write_transaction
from kg.errors import InputError, InputLocation, expect_source
from kg.findings.matches import Match, Suggestion
from kg.findings.posterior import REVIEW, weighed
from kg.ledger.judgement_status import decided_pairs
from kg.ledger.suggestions import WRITTEN_BANDS, list_suggestions, replace_suggestions
from kg.operations.matching.entries import Entries, first_references, ranked
from kg.operations.matching.parties import are_of_one_kind, expect_party, may_be_compared, named_party
from kg.operations.questions.lookup import resolve_node
from kg.operations.workspace import Workspace, open_database, open_sqlite_store, today
from kg.records import Node
from kg.stores.sqlite.parties import PartyReader
from kg.stores.sqlite.store import SqliteStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_SOURCES = 2
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
    limit: int = 0
    """Most pairs that are told, the first ones; all when 0. It changes nothing of what is kept."""
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
    """Pairs whose names were compared."""
    crowded: int = 0
    """Names that too many share: of their bearers, only those were compared that share a birth year or country too."""
    largest: int = 0
    """How many have the most frequent key in common."""
    set_apart: int = 0
    """People and companies that were not compared with all of a crowded key."""
    references: Mapping[str, str] = field(default_factory=dict)
    """By id, the first `namespace:key` of records about each of the pairs and of their rivals."""
    total: int = 0
    """How many pairs there are; `matches` may have the first of them."""
    written: int = 0
    new: int = 0
    """Suggestions that were kept, and how many of them were not known before."""


def find_graph_candidates(workspace: Workspace, request: CandidateRequest) -> CandidateList:
    """The candidates of the graph or of one node; keeps them as suggestions if that is asked for.

    Raises NotFound and InputError as `Store.resolve` does, and for a request that cannot be met.
    """
    _check(request)
    with open_sqlite_store(workspace) as store:
        for source in request.sources:
            expect_source(source, (info.name for info in store.contents().sources))
        node = _resolve(store, workspace, request.node) if request.node else ""
        search = _GraphSearch(workspace, store, request)
        found = search.of_node(node) if node else search.of_all()
        told = found.matches[: request.limit or None]
        ends = {end for m in told for end in (m.one, m.other, *(rival.id for rival in m.rivals))}
        found = replace(
            found,
            matches=told,
            total=len(found.matches),
            references=first_references(store.claims(sorted(ends))),
        )
    if not request.write:
        return found
    kept = search.kept()
    with open_database(workspace) as connection, write_transaction(connection):
        new = replace_suggestions(connection, kept, protected=workspace.protected, day=today(), node=node)
    return replace(found, written=sum(match.band in WRITTEN_BANDS for match in kept), new=new)


def read_suggestions(workspace: Workspace, node: str = "", least: float = 0.0) -> list[Suggestion]:
    """The suggestions that are kept and open, the most probable first; of one node if one is named."""
    with open_sqlite_store(workspace) as store:
        found = _resolve(store, workspace, node) if node else ""
        return list_suggestions(store.connection, found, least)


def _check(request: CandidateRequest) -> None:
    if len(request.sources) > MAX_SOURCES:
        given = InputLocation(key="--source", value=" ".join(request.sources))
        raise InputError(f"expected {MAX_SOURCES} sources at most: a pair has two ends", given)
    if request.write and request.sources:
        problem = "--write keeps the suggestions of the whole graph or of one node; leave out --source"
        raise InputError(problem, InputLocation(key="--write"))


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

    def __post_init__(self) -> None:
        self._ontology = self.workspace.ontology
        self._entries = Entries(self.store, self._ontology)
        self._reader = PartyReader(self.store.connection, self._ontology, protected=self.store.protected)
        self._closed = decided_pairs(self.store.connection)
        self._party = lru_cache(_CACHED)(self._read_party)
        self._shared, self._node = list[Match](), ""

    def kept(self) -> list[Match]:
        """What is kept of what was found: by itself of a band that is kept; and the rivals of those."""
        alone = ((match, weighed(match)) for match in self._shared)
        likely = [
            match
            for match, one in alone
            if one.band in WRITTEN_BANDS
            and one.probability >= self.request.least
            and (not self._node or self._node in (match.one, match.other))
        ]
        pairs = {frozenset((m.one, m.other)) for m in likely}
        pairs |= {frozenset((rival.end, rival.id)) for m in likely for rival in m.rivals}
        return [m for m in self._shared if (pair := frozenset((m.one, m.other))) in pairs and pair not in self._closed]

    def of_all(self) -> CandidateList:
        """All pairs of the graph."""
        import numpy as np

        blocking, numbers = PartyBlocks(), array("q")
        sources = _SourceSets(self.request.sources)
        total = self._entries.people + self._entries.companies
        for number, node in self._reader.parties():
            if not may_be_compared(node):
                continue
            if len(numbers) % _STEP == 0:
                self.workspace.progress("making keys", len(numbers), total)
            party = named_party(self._ontology, node)
            blocking.add(party, Facts(*self._reader.link_summary(number)))
            numbers.append(number)
            sources.add(node)
        prior = max(self._entries.register(is_company=kind).prior_bits for kind in (False, True))
        pairs = blocking.pairs(least_bits(min(self.request.least, REVIEW), prior))
        asked = sources.allow(pairs.one, pairs.other)
        matches = self._weigh_all(pairs, asked, numbers)
        ends = np.zeros(len(numbers), bool)
        ends[list({place for pair in matches for place in pair})] = True
        rivals = self._weigh_all(pairs, ~asked & (ends[pairs.one] | ends[pairs.other]), numbers)
        self._shared = shared = self._entries.share([*matches.values(), *rivals.values()])
        return CandidateList(
            self._told(shared[: len(matches)]),
            *(len(blocking), blocking.keys, pairs.blocks, len(pairs.one), int(asked.sum())),
            *(pairs.crowded, pairs.largest, pairs.set_apart),
        )

    def _weigh_all(
        self, pairs: Pairs, chosen: NDArray[np.bool_], numbers: Sequence[int]
    ) -> dict[tuple[int, int], Match]:
        """The matches of those pairs that are chosen, by their places among the parties."""
        found, places = {}, chosen.nonzero()[0]
        for done, place in enumerate(places):
            if done % _STEP == 0:
                self.workspace.progress("comparing", done, len(places))
            one, other = int(pairs.one[place]), int(pairs.other[place])
            if match := self._weigh(self._party(numbers[one]), self._party(numbers[other])):
                found[one, other] = match
        return found

    def of_node(self, name: str) -> CandidateList:
        """All pairs of one node."""
        self._node, target = name, named_party(self._ontology, self.store.nodes([name])[name])
        near = self._entries.near(target)
        weighed_all = (self._weigh(target, named_party(self._ontology, node)) for node in near.nodes.values())
        found = [match for match in weighed_all if match]
        self._shared = self._entries.share_within(found, known=[name])
        shared = self._shared[: len(found)]
        sources = {name: {*target.sources}} | {i: {*node.sources} for i, node in near.nodes.items()}
        asked = (m for m in shared if _is_asked(self.request.sources, sources[m.one], sources[m.other]))
        compared = len(near.nodes)
        return CandidateList(self._told(asked), compared, compared=compared, crowded=near.crowded)

    def _weigh(self, one: Party, other: Party) -> Match | None:
        """The match of two, whatever its rivals; those that take from others are looked for too."""
        if not are_of_one_kind(one, other) or self._entries.is_distinct(one.id, other.id):
            return None
        first, second = sorted((one, other), key=lambda party: party.id)
        return self._entries.weigh(first, second, min(self.request.least, REVIEW), within=True)

    def _told(self, found: Iterable[Match]) -> tuple[Match, ...]:
        return ranked(
            match
            for match in found
            if match.probability >= self.request.least and frozenset((match.one, match.other)) not in self._closed
        )

    def _read_party(self, number: int) -> Party:
        return named_party(self._ontology, self._reader.party(number))


class _SourceSets:
    """Which parties are in the sources that are asked for, by place."""

    def __init__(self, sources: tuple[str, ...]) -> None:
        self._sources = sources
        self._sets = [bytearray() for _ in sources]

    def add(self, node: Node) -> None:
        """Note the sources of the next party."""
        for source, places in zip(self._sources, self._sets, strict=True):
            places.append(source in node.sources)

    def allow(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which pairs are asked for."""
        import numpy as np

        sets = [np.frombuffer(places, bool) for places in self._sets]
        if not sets or not len(one):
            return np.ones(len(one), bool)
        first, second = sets[0], sets[-1]
        if len(sets) == 1:
            second = np.ones_like(first)
        allowed: NDArray[np.bool_] = first[one] & second[other] | second[one] & first[other]
        return allowed


def _is_asked(sources: tuple[str, ...], ours: set[str], theirs: set[str]) -> bool:
    if not sources:
        return True
    first, *rest = sources
    if not rest:
        return first in ours or first in theirs
    second = rest[0]
    return (first in ours and second in theirs) or (second in ours and first in theirs)

"""The entries of a register that may be one with a person or company: found, weighed, and held to their namesakes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from math import inf, log2
from types import MappingProxyType

from kg.analysis.matching import FEATURES, Party, Register, compare_parties, exclude_each_other
from kg.analysis.matching.blocks import MOST_LINK_BITS, least_bits, most_link_bits, most_name_bits
from kg.analysis.matching.evidence.contact import contact_keys
from kg.analysis.matching.evidence.names import full_names, name_bits, name_evidence
from kg.analysis.matching.evidence.number import with_other_zeros
from kg.analysis.matching.party import MIN_SIZE, NUMBERS
from kg.findings.counts import plural
from kg.findings.matches import Evidence, Match, has_same_number, rank
from kg.findings.posterior import REVIEW, share_among_rivals
from kg.ledger.judgement_pairs import DISTINCT
from kg.ledger.judgement_status import decided_pairs
from kg.names import SAME_BITS, candidate_queries, contact_word
from kg.names.candidates import surname_query
from kg.ontology import Ontology
from kg.operations.matching.parties import kinds_beside, linked_party, may_be_compared, named_party
from kg.operations.questions.written_so import MAX_BLOCK
from kg.ports import PartyStore
from kg.records import Claim, Node
from kg.stores.sqlite.store import SqliteStore

LEAST_NAME_BITS = 2.0
"""Entries whose names weigh less are told only where they have a number or a contact in common."""

_TELLING = frozenset({"number", "contact"})

_REMEMBERED = 200
"""Names whose entries are kept: people on one list often share one."""

_YEAR = 4
_AS_ALIKE = 1.0
"""Bits by which the name of a namesake may be less alike."""

_CACHED = 20_000


@dataclass
class Near:
    """The entries that may be one target."""

    nodes: dict[str, Node] = field(default_factory=dict)
    """By id, without the target itself."""
    crowded: int = 0
    """Ways to write its name that more entries have than are compared."""


class Entries:
    """A register: a graph, or what one source says there. It remembers what it read: make one for each version."""

    def __init__(  # what is searched, and for how many
        self,
        store: PartyStore,
        ontology: Ontology,
        *,
        source: str = "",
        without: frozenset[str] = frozenset(),
        targets: int = 1,
        expected: float = 0.5,
    ) -> None:
        """`without`: entries of these sources alone are none."""
        self._store, self._ontology, self._source, self._without = store, ontology, source, without
        self._targets, self._expected = targets, expected
        self.people, self.companies = sizes_of(store, ontology)
        self._registers: dict[bool, Register] = {}
        self._called_like: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Mapping[str, float]] = {}
        self._by_names = lru_cache(_REMEMBERED)(self._find_by_names)
        self._linked = lru_cache(_CACHED)(self._read_linked)

    def register(self, *, is_company: bool) -> Register:
        """All people, or all companies: how many they are, and the share of each country."""
        if is_company not in self._registers:
            people, parties = self._ontology.kinds_of("Person"), self._ontology.kinds_of("Party")
            counts, total = self._store.count_countries(parties - people if is_company else people)
            shares = {code: (n + 1) / (total + 2) for code, n in sorted(counts.items())}
            size = self.companies if is_company else self.people
            self._registers[is_company] = Register(size, self._targets, self._expected, shares)
        return self._registers[is_company]

    def near(self, target: Party) -> Near:
        """The entries whose names may be written for the target, or that have one of its numbers."""
        nodes, crowded = self._by_names(target.type, target.is_company, target.names, target.weak_names)
        others, more = self._by_other_keys(target)
        found = Near({**nodes, **others, **self._with_numbers(target)}, crowded + more)
        found.nodes.pop(target.id, None)
        return found

    def matches(self, target: Party, near: Near, least: float, *, within: bool) -> Iterator[Match]:
        """Those that can be the target; no pair that was judged distinct. `within`: the target is an entry itself."""
        for name, node in sorted(near.nodes.items()):
            if within and self.is_distinct(target.id, name):
                continue
            if match := self.weigh(target, named_party(self._ontology, node), least, within=within):
                yield match

    def weigh(self, one: Party, other: Party, least: float, *, within: bool) -> Match | None:
        """The whole comparison with an entry; None where it is less probable.

        `within`: both are entries. Of others, a pair with the same number is told whatever its probability. What the
        links of an entry say is read where it can matter.
        """
        register = self.register(is_company=one.is_company or other.is_company)
        stated = [e for feature in FEATURES if (e := feature(one, other, register))]
        is_distinctive = any(e.feature in _TELLING and e.bits > 0 for e in stated)
        has_number = not within and has_same_number(stated)
        needed = -inf if has_number else least_bits(least, register.prior_bits)
        most = sum(e.bits for e in stated) + (MOST_LINK_BITS if within else most_link_bits(one, register))
        if not within and most + most_name_bits(one) < needed:  # the pairs of a graph are bounded before
            return None
        if most + name_bits(one, other) < needed:
            return None
        names = name_evidence(one, other)
        if most + names.bits < needed or (least and not is_distinctive and names.bits < LEAST_NAME_BITS):
            return None
        one, other = self._linked(one.id) if within else one, self._linked(other.id)
        match = compare_parties(one, other, register, names)
        if match.probability < least and not has_number:
            return None
        ends = (one, other) if within else (one,)
        counts = [self._namesakes(end, names, match, register.size) for end in ends]
        written_so, read_so = (max(count[i] for count in counts) for i in range(2))
        limited = limited_by_namesakes(names, written_so, read_so, register.size)
        if limited is not names:
            match = compare_parties(one, other, register, limited)
            match = replace(match, namesakes_expected=max(match.namesakes_expected or 0.0, read_so))
        return match if match.probability >= least or has_number else None

    def is_distinct(self, one: str, other: str) -> bool:
        """Whether two nodes were judged distinct."""
        return frozenset((one, other)) in self._distinct

    @cached_property
    def _distinct(self) -> set[frozenset[str]]:
        """The pairs of nodes that were judged so; only a SQLite file has judgements to ask."""
        return decided_pairs(self._store.connection, (DISTINCT,)) if isinstance(self._store, SqliteStore) else set()

    def share(self, matches: Iterable[Match], targets: Mapping[str, Party] = MappingProxyType({})) -> list[Match]:
        """Matches with their shares among rivals. `targets` are those looked for that are no entries, by id."""

        def exclude(one: str, other: str, written: tuple[str, str]) -> bool:
            first, second = (targets.get(end) or self._linked(end) for end in (one, other))
            return self.is_distinct(one, other) or exclude_each_other(first, second, written)

        return share_among_rivals(matches, exclude)

    def share_within(self, matches: Iterable[Match], known: Iterable[str] = ()) -> list[Match]:
        """Matches of two entries with their shares among rivals, and after them those of the rivals.

        Rivals are looked for at each end, but for those of which all matches are known.
        """
        found = {frozenset((match.one, match.other)): match for match in matches}
        around = dict(found)
        for end in {end for pair in found for end in pair} - {*known}:
            party = self._linked(end)
            for match in self.matches(party, self.near(party), REVIEW, within=True):
                around.setdefault(frozenset((match.one, match.other)), match)
        return self.share(around.values())

    def _namesakes(self, party: Party, names: Evidence, match: Match, size: int) -> tuple[int, int]:
        """How many entries beside the two of a match are called like one of them, as surely as these two are and in
        any script; 0 where they are too few to count.
        """
        key = party.type, party.names, party.weak_names
        if key not in self._called_like:
            nodes, _ = self._by_names(party.type, party.is_company, party.names, party.weak_names)
            if _most_bits(len(nodes), size) >= names.bits:
                return 0, 0
            found = {i: name_bits(party, named_party(self._ontology, node)) for i, node in nodes.items()}
            self._called_like[key] = {i: of_entry for i, of_entry in found.items() if of_entry > 0}
        alike = self._called_like[key]
        others = [bits for i, bits in alike.items() if i not in (match.one, match.other)]
        return sum(bits >= names.bits - _AS_ALIKE for bits in others), sum(bits >= SAME_BITS for bits in others)

    def _find_by_names(
        self, node_type: str, is_company: bool, names: tuple[str, ...], weak_names: tuple[str, ...]
    ) -> tuple[dict[str, Node], int]:
        queries = _name_queries(is_company, names, weak_names)
        nodes, crowded = self._store.find_by_each(queries, kinds_beside(self._ontology, node_type), MAX_BLOCK)
        return self._compared(nodes), crowded

    def _by_other_keys(self, target: Party) -> tuple[dict[str, Node], int]:
        """Those with a contact of the target, or of its birth year with its surname and an English name."""
        nodes, crowded = self._store.find_by_each(
            _other_queries(target), kinds_beside(self._ontology, target.type), MAX_BLOCK
        )
        return self._compared(nodes), crowded

    def _with_numbers(self, target: Party) -> dict[str, Node]:
        kinds = kinds_beside(self._ontology, target.type)
        found = (self._store.find_by_identifier(value, kinds, MAX_BLOCK) for value in _numbers(target))
        return {i: node for nodes in found for i, node in self._compared(nodes).items()}

    def _compared(self, nodes: dict[str, Node]) -> dict[str, Node]:
        nodes = {name: node for name, node in nodes.items() if may_be_compared(node)}
        if self._source:
            return {i: n for i, n in nodes.items() if self._source in n.sources}
        return {i: n for i, n in nodes.items() if not self._without.issuperset(n.sources)} if self._without else nodes

    def _read_linked(self, name: str) -> Party:
        return linked_party(self._store, self._ontology, self._store.nodes([name])[name])


@dataclass(frozen=True, slots=True)
class Searches:
    """What a store is asked for the entries that may be one target."""

    kinds: tuple[str, ...]
    """Types of nodes to look among."""
    queries: tuple[str, ...]
    """Full-text queries for search words; each stands for one block."""
    numbers: tuple[str, ...]
    """Identifiers."""

    @classmethod
    def of(cls, ontology: Ontology, target: Party) -> Searches:
        """Those for a person or company."""
        by_name = _name_queries(target.is_company, target.names, target.weak_names)
        queries = dict.fromkeys((*by_name, *_other_queries(target)))
        return cls(kinds_beside(ontology, target.type), tuple(queries), tuple(dict.fromkeys(_numbers(target))))


def _name_queries(is_company: bool, names: tuple[str, ...], weak_names: tuple[str, ...]) -> list[str]:
    compared = (*full_names(names), *weak_names)
    return list(dict.fromkeys(q for name in compared for q in candidate_queries(name, is_company=is_company)))


def _other_queries(target: Party) -> list[str]:
    years = {day[:_YEAR] for day in target.birth_dates}
    queries = {surname_query(name, year) for name in full_names(target.names) for year in years} - {""}
    return sorted(queries | {f'"{contact_word(key)}"' for _, key in contact_keys(target)})


def limited_by_namesakes(names: Evidence, written_so: int, read_so: int, size: int) -> Evidence:
    """The evidence of names, no stronger than the number of others in the register allows who are called so too.

    More of them may be called so in other scripts and spellings, which are less sure to be the name: they are told.
    """
    limit = _most_bits(written_so, size)
    if limit >= names.bits:
        return names
    more = f", {read_so:,} in any spelling" if read_so > written_so else ""
    says = f"{names.says}; {plural(written_so, 'others')} in the register called so{more}"
    return Evidence(names.feature, limit, says, names.one_value, names.other_value)


def _most_bits(called_so: int, size: int) -> float:
    return round(log2(max(size, MIN_SIZE) / called_so), 1) if called_so > 0 else inf


def sizes_of(store: PartyStore, ontology: Ontology) -> tuple[int, int]:
    """How many people and how many other parties a register has."""
    people, parties = ontology.kinds_of("Person"), ontology.kinds_of("Party")
    counts = store.contents().nodes
    return sum(counts.get(k, 0) for k in people), sum(counts.get(k, 0) for k in parties - people)


def first_references(claims: Mapping[str, Sequence[Claim]], unnamed: Collection[str] = ()) -> dict[str, str]:
    """The first `namespace:key` that records have for each node; the key alone in namespaces that are `unnamed`."""
    keys = {node: min((claim.namespace, claim.key) for claim in said) for node, said in claims.items() if said}
    return {node: key if space in unnamed else f"{space}:{key}" for node, (space, key) in keys.items()}


def ranked(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Matches, the most probable first."""
    return tuple(sorted(matches, key=rank))


def _numbers(target: Party) -> Iterator[str]:
    for name in NUMBERS:
        for value in target.values.get(name, ()):
            yield value
            yield from with_other_zeros(value)
    for number in target.resident_numbers:
        yield from number.forms

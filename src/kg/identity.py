"""Who is who: which names does a record give, which of them are one thing, and why?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from kg.ontology import Ontology
from kg.ontology.values import BadValue
from kg.records import JURISDICTION_NAMESPACE, Ref


def identity_keys(
    ontology: Ontology, own: Ref, node_type: str, properties: Mapping[str, Sequence[str]], referents: Sequence[str]
) -> list[Ref]:
    """The record's own key first, then its referents, then curated keys such as a jurisdiction's code."""
    found = [own, *(Ref(own.namespace, r) for r in referents)]
    curated = ontology.nodes[node_type].key
    if curated is None:
        return found
    codes = set()
    for raw in properties.get(curated, ()):
        try:
            codes.add(ontology.properties(node_type)[curated].clean(raw))
        except BadValue:
            continue  # the connector has set this value aside and counted it
    if len(codes) == 1:  # a record with two codes must not make two states one
        found.append(Ref(JURISDICTION_NAMESPACE, codes.pop()))
    return found


Name = TypeVar("Name", bound="tuple[object, ...] | str")


class DisjointSets(Generic[Name]):
    """Disjoint sets of names, each represented by its smallest, so that the order of unions does not matter."""

    def __init__(self) -> None:
        self._parent: dict[Name, Name] = {}

    def union(self, names: Iterable[Name]) -> None:
        """Merge the sets of all `names`."""
        leaders = sorted({self.find(n) for n in names})
        for name in leaders:
            self._parent[name] = leaders[0]

    def find(self, name: Name) -> Name:
        """The smallest name of the set that `name` is in; itself if it was never merged."""
        root = name
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(name, name)) != root:
            self._parent[name], name = root, parent
        return root

    def __contains__(self, name: Name) -> bool:
        return name in self._parent

    def items(self) -> Iterator[tuple[Name, Name]]:
        """Each merged name with the representative of its set."""
        return ((name, self.find(name)) for name in list(self._parent))


class Equivalence(NamedTuple):
    """Why two names are equivalent, in words."""

    one: Ref
    other: Ref
    reason: str


def shortest_chain(equivalences: Iterable[Equivalence], start: Ref, goal: Ref) -> list[Equivalence]:
    """A shortest chain of equivalences from one name to another, each in the direction of the chain; empty if none."""
    neighbours: dict[Ref, list[Equivalence]] = {}
    for bond in sorted(equivalences):
        neighbours.setdefault(bond.one, []).append(bond)
        neighbours.setdefault(bond.other, []).append(Equivalence(bond.other, bond.one, bond.reason))
    reached_by: dict[Ref, Equivalence] = {}
    queue = deque([start])
    while queue and goal not in reached_by:
        for bond in neighbours.get(queue.popleft(), ()):
            if bond.other not in reached_by and bond.other != start:
                reached_by[bond.other] = bond
                queue.append(bond.other)
    chain: list[Equivalence] = []
    while goal in reached_by:
        chain.append(reached_by[goal])
        goal = reached_by[goal].one
    return chain[::-1]


class ReferentJoin(NamedTuple):
    """Two keys that mean one thing because a source names a key as a referent of one of them or of both."""

    one: Ref
    other: Ref
    referent: Ref
    """The key that joins them: one of the two, or a third."""
    sources: tuple[str, ...]
    """The sources that name it a referent."""

    def text(self, captions: Mapping[Ref, str]) -> str:
        """`Ann (a:1) and Bo (a:2) are one because a names x a referent of both`; captions are of the records alone."""
        named = [f"{captions[ref]} ({format_ref(ref)})" if ref in captions else format_ref(ref) for ref in self[:2]]
        of = "both" if self.referent not in self[:2] else (self.one if self.referent == self.other else self.other).key
        verb = "names" if len(self.sources) == 1 else "name"
        joined = f"{' and '.join(named)} are one because {' and '.join(self.sources)}"
        return f"{joined} {verb} {self.referent.key} a referent of {of}"


def referent_joins(stated: Iterable[tuple[str, Ref, Sequence[str]]]) -> list[ReferentJoin]:
    """The keys that referents join, each pair once; of each record its source, its own key and its referents."""
    stating: dict[Ref, dict[Ref, set[str]]] = {}
    for source, own, referents in stated:
        stating.setdefault(own, {}).setdefault(own, set())
        for key in referents:
            if key != own.key:
                stating.setdefault(Ref(own.namespace, key), {}).setdefault(own, set()).add(source)
    found: dict[tuple[Ref, Ref], ReferentJoin] = {}
    for referent, by_key in sorted(stating.items()):
        first, *others = sorted(by_key)
        for other in others:
            sources = tuple(sorted(by_key[first] | by_key[other]))
            found.setdefault((first, other), ReferentJoin(first, other, referent, sources))
    return list(found.values())


def format_chain(equivalences: Sequence[Equivalence]) -> str:
    """A chain on one line: `a:1 = b:2 (register names it a referent), b:2 = …`."""
    return ", ".join(f"{format_ref(b.one)} = {format_ref(b.other)} ({b.reason})" for b in equivalences)


def format_ref(ref: Ref) -> str:
    """A name as people write it, `namespace:key`."""
    return f"{ref.namespace}:{ref.key}"

"""The names that a record gives to its thing, and which of them judgements join."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from kg.identity import identity_keys
from kg.ledger.rules.merge import SourceRecord, is_protected
from kg.ontology import Ontology
from kg.records import Ref


def record_names(ontology: Ontology, record: SourceRecord) -> list[Ref]:
    """All names that a node record gives to its thing; a protected record gives its own alone.

    Else everybody would see that two things are one, which only a protected claim says.
    """
    own = Ref(record.namespace, record.key)
    if is_protected(ontology, record):
        return [own]
    return identity_keys(
        ontology, own, record.type, record.body.get("properties", {}), record.body.get("referents", ())
    )


class JudgedPair(NamedTuple):
    """The two names of a judgement, and whether only the protected scope sees it."""

    names: tuple[Ref, Ref]
    protected: bool


class NameUsage:
    """Which of some names are used by records in force, by open or by protected ones."""

    def __init__(self, names: Collection[Ref]) -> None:
        self.names = names
        self.open: set[Ref] = set()
        self.protected: set[Ref] = set()

    def add(self, names: Iterable[Ref], *, protected: bool) -> None:
        """Note the names that a record uses; `protected` is whether the record is."""
        if self.names:
            (self.protected if protected else self.open).update(name for name in names if name in self.names)


def effective_pairs(
    pairs: Iterable[JudgedPair], open_names: Collection[Ref], protected_names: Collection[Ref]
) -> Iterator[tuple[Ref, Ref]]:
    """Of the pairs judged to be the same, those that merge two nodes now; the others have no effect.

    `open_names` are those of open records in force, `protected_names` those that protected ones use. A name that
    nobody uses joins nothing, and a protected thing is never joined to an open one: everybody would see it. For the
    same reason, a judgement that not everybody sees joins protected things alone.
    """
    hidden = set(protected_names) - set(open_names)
    for pair in pairs:
        scopes = (hidden,) if pair.protected else (open_names, hidden)
        if any(all(name in names for name in pair.names) for names in scopes):
            yield pair.names

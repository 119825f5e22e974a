"""Which sources of a graph are the very list that is screened against it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kg.analysis.matching import Party
from kg.operations.matching.entries import Entries
from kg.ports import PartyStore
from kg.records import Claim

MAX_PROBED = 20
"""So many rows of a list are looked for; half of them have to be records of a source."""


def own_sources(
    store: PartyStore, entries: Entries, listed: Sequence[Party], keys: Mapping[str, str]
) -> frozenset[str]:
    """The sources that have the rows of a list as records, with the same keys, names and values.

    `keys` are those of the rows, by the ids of the people and companies on the list; rows without one are no records.
    """
    known = [target for target in listed if target.id in keys]
    probed = known[:: max(1, len(known) // MAX_PROBED)]
    counts: Counter[str] = Counter()
    for target in probed:
        near = entries.near(target).nodes.items()
        same_name = [name for name, node in near if target.caption in node.properties.get("name", ())]
        claims = (claim for said in store.claims(same_name).values() for claim in said)
        counts.update({claim.source for claim in claims if is_row(claim, keys[target.id], target)})
    return frozenset(source for source, count in counts.items() if 2 * count >= len(probed))


def is_row(claim: Claim, key: str, row: Party) -> bool:
    """Whether a record is a row of a list: it has its key, name and values."""
    has_values = all({*values} <= {*claim.properties.get(name, ())} for name, values in row.values.items())
    return _has_key(claim, key) and row.caption in claim.properties.get("name", ()) and has_values


def _has_key(claim: Claim, key: str) -> bool:
    return key in (claim.key, f"{claim.namespace}:{claim.key}")


def own_record_warnings(claims: Iterable[Claim], own: frozenset[str], key: str) -> tuple[str, ...]:
    """That an entry with records of other sources has the row itself as one, where it has: it agrees with itself."""
    return tuple(
        f"the row itself is a record of this entry: {claim.namespace}:{claim.key} of source {claim.source}"
        for claim in claims
        if claim.source in own and _has_key(claim, key)
    )


def own_sources_note(own: frozenset[str]) -> str:
    """That a list is in the graph, and what is left out for that."""
    named = ", ".join(sorted(own))
    return f"this list is in the graph itself, as source {named}: entries of it alone are left out, but for --source"

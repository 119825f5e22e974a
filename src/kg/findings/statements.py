"""Which claims state which value?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg.ontology import Property
from kg.ontology.values import BadValue
from kg.records import Claim


def canonical_value(kind: Property | None, raw: str) -> str:
    """The canonical form of a source's text, or the text itself if it has none."""
    try:
        return kind.clean(raw) if kind else raw
    except BadValue:
        return raw


def claims_by_value(kind: Property | None, name: str, claims: Iterable[Claim]) -> Mapping[str, Sequence[Claim]]:
    """The canonical values of one property, sorted, each with the claims that state it."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        for value in dict.fromkeys(canonical_value(kind, raw) for raw in claim.properties.get(name, ())):
            found[value].append(claim)
    return dict(sorted(found.items()))

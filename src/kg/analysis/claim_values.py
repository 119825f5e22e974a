"""Which values of a property do claims state?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import Claim


def claimed_values(claims: Iterable[Claim], name: str, value_type: str) -> Iterator[str]:
    """Every value of a property in canonical form; those that cannot be read are left out, as the projection does."""
    for claim in claims:
        for raw in claim.properties.get(name, ()):
            try:
                yield VALUE_TYPES[value_type].clean(raw)
            except BadValue:
                continue

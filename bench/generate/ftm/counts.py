"""How are nodes and links of a FollowTheMoney set counted?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bench.generate.ftm.entities import Entity

EDGES = {
    "Ownership": "OWNS",
    "Directorship": "DIRECTS",
    "Family": "FAMILY_OF",
    "Associate": "ASSOCIATED_WITH",
    "Payment": "PAID",
}
"""Schemata whose entities are links."""

PROPERTIES = {
    "addressEntity": "HAS_ADDRESS",
    "country": "LOCATED_IN",
    "jurisdiction": "REGISTERED_IN",
    "nationality": "CITIZEN_OF",
}
"""Properties whose values are links, the last three to a jurisdiction. A test holds both tables to the ontology."""

RULE = (
    "A node is an entity that is no edge; jurisdictions are not counted, they come with the reference facts. "
    "A link is an edge entity, or one value of addressEntity, country, jurisdiction or nationality."
)


@dataclass
class FtmCounts:
    """Counts of what was written."""

    nodes: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    total_links: int = 0

    def add(self, entity: Entity) -> None:
        """Count one entity and the links it makes."""
        schema = entity["schema"]
        if schema in EDGES:
            self._link(EDGES[schema], 1)
            return
        self.nodes[schema] += 1
        for name, values in entity["properties"].items():
            if name in PROPERTIES:
                self._link(PROPERTIES[name], len(values))

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.nodes.total():,} nodes: {_listed(self.nodes)}",
                f"{self.total_links:,} links: {_listed(self.links)}",
                RULE,
            ]
        )

    def _link(self, kind: str, count: int) -> None:
        self.links[kind] += count
        self.total_links += count


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))

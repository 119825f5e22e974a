"""Which claims does a selection include, and what do these alone say of a node or a link?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.ontology import Ontology
from kg.ontology.handling import OPEN, RESTRICTED, claim_handling
from kg.ports import Selection
from kg.records import Claim, Link, Node, UnreadValue

ValuesByName = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """The claims of some sources, up to some handling code."""

    ontology: Ontology
    selection: Selection

    @property
    def is_active(self) -> bool:
        """Whether any claim that may be seen is left out."""
        return bool(self.selection.sources) or self.selection.handling == OPEN

    def includes(self, source: str, claim_type: str, handling: str) -> bool:
        """Whether a claim of this type, with this handling code of its own, is included."""
        return self.selection.includes(source, claim_handling(self.ontology, claim_type, handling))

    def includes_any(self, body: Mapping[str, Any], claim_type: str = "") -> bool:
        """Whether any claim of a merged body is included; of a node, no type is given."""
        return not self.is_active or any(self._each(body, claim_type))

    def includes_all(self, body: Mapping[str, Any], claim_type: str = "") -> bool:
        """Whether all claims of a merged body are included; of a node, no type is given."""
        return not self.is_active or all(self._each(body, claim_type))

    def includes_derived(self, link: Link) -> bool:
        """Whether a link is included that is derived from its sources' values, of which some may be restricted."""
        return not self.is_active or all(self.selection.includes(source, RESTRICTED) for source in link.sources)

    def narrow_node(self, node: Node, claims: Iterable[Claim]) -> Node | None:
        """A node as its included claims alone describe it; None without any."""
        included = self._included(claims)
        if not included:
            return None
        properties, other, unread = self._values(node.type, included)
        unnamed = f"{node.type} {min(claim.key for claim in included)}"
        stated = [(claim.source, claim.provenance.to_json(), claim.properties) for claim in included]
        caption = self.ontology.claimed_caption((node.type,), stated) or unnamed
        narrowed = replace(node, caption=caption, properties=properties, other=other, sources=_sources(included))
        return replace(narrowed, not_understood=unread)

    def narrow_link(self, link: Link, claims: Iterable[Claim]) -> tuple[Link, ValuesByName] | None:
        """A link and its values without a property, as its included claims alone say; None without any."""
        included = self._included(claims)
        if not included:
            return None
        properties, other, unread = self._values(link.type, included)
        provenances = tuple(p for p in link.provenances if self.includes(p[0], link.type, p[1].handling))
        narrowed = replace(link, properties=properties, sources=_sources(included), provenances=provenances)
        return replace(narrowed, not_understood=unread), other

    def _each(self, body: Mapping[str, Any], claim_type: str) -> Iterator[bool]:
        return (self.includes(said["source"], claim_type, said.get("handling", OPEN)) for said in body.get("said", ()))

    def _included(self, claims: Iterable[Claim]) -> list[Claim]:
        return [claim for claim in claims if self.includes(claim.source, claim.type, claim.provenance.handling)]

    def _values(
        self, entity_type: str, claims: Sequence[Claim]
    ) -> tuple[ValuesByName, ValuesByName, tuple[UnreadValue, ...]]:
        """Canonical values of all claims, values without a property, and values that could not be read."""
        known = self.ontology.properties(entity_type)
        properties: dict[str, set[str]] = {}
        other: dict[str, set[str]] = {}
        unread = {value for claim in claims for value in claim.not_understood}
        for claim in claims:
            for name, values in claim.other.items():
                other.setdefault(name, set()).update(values)
            for name, values in claim.properties.items():
                for value in values:
                    if name not in known:
                        other.setdefault(name, set()).add(value)
                    elif (text := known[name].texts[value]) is None:
                        unread.add(UnreadValue(name, name, value, claim.source))
                    else:
                        properties.setdefault(name, set()).add(text)
        return _sorted_values(properties), _sorted_values(other), tuple(sorted(unread))


def _sources(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(sorted({claim.source for claim in claims}))


def _sorted_values(values: Mapping[str, set[str]]) -> ValuesByName:
    return {name: tuple(sorted(found)) for name, found in sorted(values.items()) if found}

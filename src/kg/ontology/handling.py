"""Who may see a claim, by its handling code and that of its link type?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.ontology import Ontology
from kg.ontology.model import HANDLINGS

OPEN, RESTRICTED, PROTECTED = HANDLINGS


def claim_handling(ontology: Ontology, claim_type: str, handling: str) -> str:
    """The handling code of a claim: its own or that of its link type, whichever is stricter."""
    link_type = ontology.links.get(claim_type)
    return strictest((handling, link_type.handling if link_type else handling))


def strictest(handlings: Iterable[str]) -> str:
    """The strictest of some handling codes; open where there are none."""
    return max(handlings, key=HANDLINGS.index, default=OPEN)


def is_protected(ontology: Ontology, claim_type: str, provenance: Mapping[str, Any]) -> bool:
    """Whether a claim exists in the protected scope alone, by its provenance as JSON or by its link type."""
    return claim_type in ontology.protected_links or has_protected_handling(provenance)


def is_protected_type_or_code(ontology: Ontology, claim_type: str, handling: str) -> bool:
    """The same, by its own handling code or its link type."""
    return claim_type in ontology.protected_links or handling == PROTECTED


def has_protected_handling(provenance: Mapping[str, Any]) -> bool:
    """Whether a source itself says that a claim is protected; `provenance` is as JSON."""
    return bool(provenance.get("handling") == PROTECTED)


def without_protected(body: Mapping[str, Any]) -> dict[str, Any]:
    """A merged body of the projection without its protected claims, and without those who say them."""
    visible = {name: part for name, part in body.items() if name != PROTECTED}
    if "said" in visible:
        visible["said"] = [said for said in visible["said"] if not has_protected_handling(said)]
    return visible

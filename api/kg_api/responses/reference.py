"""How is the ontology answered?"""

from __future__ import annotations

from kg.ontology import LinkType, NodeType
from kg.operations.answers import Answer


class OntologyAnswer(Answer):
    """Every node type, link type and trait."""

    digest: str
    nodes: list[NodeType]
    links: list[LinkType]
    traits: dict[str, str]
    """What each trait of link types says, by name."""

"""The ontology: the types of nodes and links, their properties and value types."""

from kg.ontology.load import load_ontology, read_ontology
from kg.ontology.model import (
    HOLDING_TRAITS,
    MENTIONING_PROPERTIES,
    LinkType,
    NodeType,
    Ontology,
    Property,
    is_searched,
)

__all__ = [
    "HOLDING_TRAITS",
    "MENTIONING_PROPERTIES",
    "LinkType",
    "NodeType",
    "Ontology",
    "Property",
    "is_searched",
    "load_ontology",
    "read_ontology",
]

"""The ontology: the types of nodes and links, their properties and value types."""

from kg.ontology.load import load_ontology
from kg.ontology.model import LinkType, NodeType, Ontology, Property

__all__ = ["LinkType", "NodeType", "Ontology", "Property", "load_ontology"]

"""Which kinds of node and link are there, and what do their values look like?"""

from kg.ontology.load import load_ontology
from kg.ontology.model import LinkType, NodeType, Ontology, Property

__all__ = ["LinkType", "NodeType", "Ontology", "Property", "load_ontology"]

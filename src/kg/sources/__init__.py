"""Connectors: which files can be read, and how they become records."""

from kg.sources.connector import Connector, SourceDeclaration, connectors
from kg.sources.recognition import choose_connector, common_source
from kg.sources.rows import ReadContext

__all__ = ["Connector", "ReadContext", "SourceDeclaration", "choose_connector", "common_source", "connectors"]

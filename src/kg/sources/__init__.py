"""Connectors: which files can be read, and how they become records."""

from kg.sources.connector import Connector, SourceDeclaration, choose_connector, common_source, connectors
from kg.sources.rows import ReadContext

__all__ = ["Connector", "ReadContext", "SourceDeclaration", "choose_connector", "common_source", "connectors"]

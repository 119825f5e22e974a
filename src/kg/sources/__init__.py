"""Connectors: which files can be read, and how they become records."""

from kg.sources.connector import Connector, ReadContext, SourceDeclaration, choose_connector, common_source, connectors

__all__ = ["Connector", "ReadContext", "SourceDeclaration", "choose_connector", "common_source", "connectors"]

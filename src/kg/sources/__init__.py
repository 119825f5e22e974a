"""Which files can be read, and what do they say?"""

from kg.sources.connector import Connector, ReadContext, SourceDeclaration, choose_connector, common_source, connectors

__all__ = ["Connector", "ReadContext", "SourceDeclaration", "choose_connector", "common_source", "connectors"]

"""Which files can be read, and what do they say?"""

from kg.sources.connector import Connector, Context, SourceDeclaration, choose, connectors, declared

__all__ = ["Connector", "Context", "SourceDeclaration", "choose", "connectors", "declared"]

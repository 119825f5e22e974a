"""Connectors: which files can be read, and how they become records."""

from typing import TYPE_CHECKING

from kg import lazy_names

if TYPE_CHECKING:
    from kg.sources.connector import Connector, SourceDeclaration, connectors
    from kg.sources.recognition import choose_connector, common_source
    from kg.sources.rows import ReadContext

__all__ = ["Connector", "ReadContext", "SourceDeclaration", "choose_connector", "common_source", "connectors"]

__getattr__ = lazy_names(
    __name__,
    {
        "kg.sources.connector": ("Connector", "SourceDeclaration", "connectors"),
        "kg.sources.recognition": ("choose_connector", "common_source"),
        "kg.sources.rows": ("ReadContext",),
    },
)

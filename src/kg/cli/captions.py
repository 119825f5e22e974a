"""Nodes and links on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.operations.answers import EntityOut
    from kg.records import Link, Node


def type_text(node: Node | EntityOut) -> str:
    """The type of a node as a person reads it; several where sources contradict each other."""
    types = " or ".join(node.types) or node.type
    return f"{types}, Fugitive" if node.sought_under else types


def caption_and_type(node: Node) -> str:
    """A node on one line."""
    return f"{node.caption} ({type_text(node)})"


def properties_text(link: Link) -> str:
    """What a link says besides its ends, in the order of the names of its properties."""
    return "; ".join(f"{name.replace('_', ' ')} {' or '.join(values)}" for name, values in link.properties.items())

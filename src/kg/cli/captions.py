"""Nodes and links on one line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.operations.answers import EntityOut
    from kg.records import Claim, Link, Node, UnreadValue

MAX_OTHER = 20
"""Values without a property that are shown of a link."""


def type_text(node: Node | EntityOut) -> str:
    """The type of a node as a person reads it; several where sources contradict each other."""
    types = " or ".join(node.types) or node.type
    return f"{types}, sought" if node.sought_under else types


def caption_and_type(node: Node) -> str:
    """A node on one line: its caption and type."""
    return f"{node.caption} ({type_text(node)})"


def properties_text(link: Link) -> str:
    """The properties of a link, by name."""
    return "; ".join(f"{name.replace('_', ' ')} {' or '.join(values)}" for name, values in link.properties.items())


def unread_text(values: Iterable[UnreadValue]) -> str:
    """Values that could not be read: `not understood: share “150”`; empty for none."""
    from kg.findings.statements import unread_label, unread_words

    told = [f"{unread_label(value)} “{unread_words(value)}”" for value in values]
    return f"not understood: {', '.join(told)}" if told else ""


def other_text(claims: Iterable[Claim]) -> str:
    """Values that the ontology has no property for, under the names of their sources: `approved by “Ann”`.

    Empty for none; the first `MAX_OTHER`, and how many more there are.
    """
    from kg.findings.statements import cut_words

    found = {(name, value) for claim in claims for name, values in claim.other.items() for value in values}
    told = [f"{name} “{cut_words(value)}”" for name, value in sorted(found)]
    more = [f"and {len(told) - MAX_OTHER} more, which --json has"] if len(told) > MAX_OTHER else []
    return "; ".join(told[:MAX_OTHER] + more)

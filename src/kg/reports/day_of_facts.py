"""What of a node or link had come by a day?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kg.clearance import DAYS_AHEAD, TOLD_WITH, has_come
from kg.ontology import Ontology, Property
from kg.ontology.values import is_reached
from kg.records import Link, Node

FIRST_DAYS: Mapping[str, tuple[str, ...]] = {
    "Sought": ("issued_on",),
    "Measure": ("sought_on", "ordered_on", "executed_on"),
    "Request": ("sent_on",),
    "Case": ("opened_on",),
}
"""The dates of a paper or proceeding by which it begins, by type: it is none before the first that is known."""


def first_days(ontology: Ontology, node: Node) -> Sequence[str]:
    """The days on which a paper or proceeding may have begun; none of other nodes, and where none is known."""
    for kind, names in FIRST_DAYS.items():
        if ontology.is_a(node.type, kind):
            return next((node.properties[name] for name in names if node.properties.get(name)), ())
    return ()


def node_by_day(ontology: Ontology, node: Node, day: date) -> Node | None:
    """A node as it was on a day, without what is dated later; None for a paper or proceeding that begins later."""
    if any(is_reached(text, day) is False for text in first_days(ontology, node)):
        return None
    properties = _values_by_day(ontology.properties(node.type), node.properties, day)
    return node if properties is None else replace(node, properties=properties)


def link_by_day(ontology: Ontology, link: Link, day: date) -> Link | None:
    """A link as it was on a day, without what is dated later; None for one that begins or happens later.

    Of an accusation, each claim tells its own day: it is kept.
    """
    begun = [text for name in ("start_date", "date") for text in link.properties.get(name, ())]
    if begun and not has_come(begun, day) and "accusation" not in ontology.links[link.type].traits:
        return None
    properties = _values_by_day(ontology.properties(link.type), link.properties, day)
    return link if properties is None else replace(link, properties=properties)


def _values_by_day(
    kinds: Mapping[str, Property], stated: Mapping[str, tuple[str, ...]], day: date
) -> Mapping[str, tuple[str, ...]] | None:
    """Properties without dates after a day, and without what such a day tells; None if those are all that there are."""
    left: dict[str, tuple[str, ...]] = {}
    for name, texts in stated.items():
        if name in kinds and kinds[name].type == "date" and name not in DAYS_AHEAD:
            left[name] = tuple(text for text in texts if is_reached(text, day) is not False)
    if all(left[name] == stated[name] for name in left):
        return None
    left |= {of: () for name, told in TOLD_WITH.items() if stated.get(name) and not left.get(name) for of in told}
    return {**stated, **left}

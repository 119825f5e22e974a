"""What do sources say of a cluster that could not be read?"""

from __future__ import annotations

from collections.abc import Iterator

from kg.findings.statements import unread_link_sentences, unread_sentence
from kg.findings.valuation import value_properties
from kg.ontology import HOLDING_TRAITS
from kg.reports.context import ReportContext
from kg.reports.entries import UnreadEntry


def unread_entries(context: ReportContext) -> tuple[UnreadEntry, ...]:
    """One entry for each value of the nodes and links in the context that could not be read, sorted by its text."""
    return tuple(sorted({*_of_nodes(context), *_of_links(context)}, key=lambda entry: (entry.text, entry.about)))


def _of_nodes(context: ReportContext) -> Iterator[UnreadEntry]:
    for node in context.nodes.values():
        values = value_properties(context.ontology, node.type)
        for value in node.not_understood:
            bears_on = "values" if value.property in values else ""
            yield UnreadEntry(node.id, bears_on, unread_sentence(value, context.display_name(node.id)))


def _of_links(context: ReportContext) -> Iterator[UnreadEntry]:
    holdings = context.ontology.with_trait(*HOLDING_TRAITS)
    for link in context.links.values():
        for text in unread_link_sentences((link,), context.nodes):
            yield UnreadEntry(link.id, "ownership" if link.type in holdings else "", text)

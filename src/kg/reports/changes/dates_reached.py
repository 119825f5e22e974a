"""Which days that sources named before have come since the last report?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import partial

from kg.findings import LedgerChanges
from kg.ontology.values import date_span
from kg.reports.changes.neighbourhood import Neighbourhood
from kg.reports.changes.record_changes import ChangeDescriber, DescribedChange
from kg.reports.cluster_report.sections.pursuits import cleared_offences
from kg.reports.context import ReportGraph
from kg.reports.day_of_facts import DAYS_AHEAD
from kg.reports.terms import link_sentence, property_label

ENDS = {"expires_on": "lapsed"}
"""What has happened to a thing whose day of a property has come, where that is no bare day."""

LONGEST_DATE_DAYS = 366
"""Days that the coarsest date may mean."""

SETTLED_BY = {"due_on": ("answered_on",), "expires_on": ("lifted_on", "returned_on")}
"""Dates that are no news any more once a source says that another thing has happened."""


def dates_reached(
    graph: ReportGraph, neighbourhood: Neighbourhood, describer: ChangeDescriber, ledger: LedgerChanges
) -> Iterator[DescribedChange]:
    """Each date that has come, of a subject or of what bears on it, and each link that began or ended by that.

    Dates that a source named only since the last report are left out: they are told as what it newly says.
    """
    changed = {(r.about, name) for r in ledger.records for name, raws in r.after.items() if raws != r.before.get(name)}
    dated = [node for node in neighbourhood.core if node in ledger.dated]
    yield from _dates_of_nodes(graph, dated, describer, changed)
    yield from _dates_of_links(graph, neighbourhood, describer, {about for about, _ in changed})


def _dates_of_nodes(
    graph: ReportGraph, dated: Collection[str], describer: ChangeDescriber, changed: Collection[tuple[str, str]]
) -> Iterator[DescribedChange]:
    since, today = describer.days
    for node in graph.store.nodes(dated).values():
        names = graph.ontology.properties_of_type(node.type, "date")
        for name in names if not node.protected else ():
            days = [t for t in node.properties.get(name, ()) if since < _day_of_news(name, t) <= today]
            is_settled = any(node.properties.get(other) for other in SETTLED_BY.get(name, ()))
            is_settled |= bool(days) and name == "limitation_date" and bool(cleared_offences(graph, [node.id]))
            if days and not is_settled and (node.id, name) not in changed:
                describer.look_up([node.id])
                subjects = describer.subjects_of([node.id])
                kinds = node.properties.get("kind", ())
                text, named = describer.node_text(describer.name(node.id), node.type, kinds, node.id)
                over = ENDS.get(name)
                said = f"{text}: {f'{over} on {days[0]}' if over else f'{property_label(name)} {days[0]} has come'}"
                item = describer.item(over or "date reached", said, node.sources, subjects, about=named, on=days[0])
                moves_assets = describer.moves_assets(node.type, [node.id])
                yield DescribedChange(describer.group_of(node.type), item, subjects, moves_assets)


def _dates_of_links(
    graph: ReportGraph, neighbourhood: Neighbourhood, describer: ChangeDescriber, changed: Collection[str]
) -> Iterator[DescribedChange]:
    since, today = (date.fromisoformat(day).toordinal() for day in describer.days)
    view, links = graph.view, neighbourhood.links
    dates = view.column("dates")[links]
    lasting = ~view.event_types[view.link_type[links]]
    for column, name, what, latest in ((0, "start_date", "began", min), (1, "end_date", "ended", max)):
        come = links[(dates[:, column] > since) & (dates[:, column] < today + LONGEST_DATE_DAYS) & lasting]
        found = graph.store.links_by_id([view.link_id(int(at)) for at in come])
        for link in (found[i] for i in sorted(found)):
            texts = () if link.protected or link.id in changed else link.properties.get(name, ())
            on = latest(texts, key=partial(_day_of_news, name), default="")
            if not on or not describer.days[0] < _day_of_news(name, on) <= describer.days[1]:
                continue
            ends = (link.source_id, link.target_id)
            describer.look_up(ends)
            subjects = describer.subjects_of(ends)
            item = describer.item(
                what,
                link_sentence(describer.context, link),
                link.sources,
                subjects,
                about=ends,
                links=(link.id,),
                on=on,
            )
            moves_assets = describer.moves_assets(link.type, ends)
            yield DescribedChange(describer.group_of(link.type), item, subjects, moves_assets)


def _day_of_news(name: str, text: str) -> str:
    """The day on which a date is news: of a term, the last that it may mean; of what happened, the first, as it was
    told then."""
    span = date_span(text)
    return (span.last if name in DAYS_AHEAD else span.first).isoformat()

"""What does the graph look like as of another day than its own?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from kg.clearance import DELETED, PaperDates
from kg.operations.store.clearance import ClearanceDays, find_clearances
from kg.ports import Store
from kg.records import Claim, GraphVersion, Link, Node, Values

if TYPE_CHECKING:
    from kg.view import GraphView


REPORT_DAY = "stated"
"""Stands for the day that a report states."""

VALUATION = "valuation"
"""The property, and its value type, that says what something was worth on a day."""


class AsOfDay:
    """A graph as of a chosen day: what has ended, who is sought, and which valuations were known.

    It holds the records of today, also those loaded after that day: it says what sources say now about that day. A
    paper is in force on the day unless a source says that it was issued later, or that it may have ended by then, or
    its issuer may have said by then that the person is cleared.
    """

    def __init__(self, store: Store, day: str, about: Sequence[str] | None = None) -> None:
        """As of `day`; with `about`, only the nodes with these ids are asked about, and their papers alone are read."""
        self._store, self.day, self._about = store, day, about

    def node(self, node: Node) -> Node:
        """A node with the papers in force on the day, and the valuations known by then."""
        papers, valuations = self._pursuit_links_by_person.get(node.id, ()), self._valuations_by_then(node.properties)
        if papers != node.sought_under:
            node = replace(node, sought_under=papers)
        return node if valuations is None else replace(node, properties={**node.properties, VALUATION: valuations})

    def claim(self, claim: Claim) -> Claim:
        """A claim with the valuations known by the day."""
        valuations = self._valuations_by_then(claim.properties)
        return claim if valuations is None else replace(claim, properties={**claim.properties, VALUATION: valuations})

    def view(self, view: GraphView) -> GraphView:
        """The graph as arrays, dated to the day."""
        import numpy as np

        columns = {}
        if "sought" in view.columns:
            sought = columns["sought"] = np.zeros(len(view.ids), bool)
            sought[[view.index(person) for person in self._pursuit_links_by_person]] = True
        return view.as_of_day(self.day, **columns)

    def _valuations_by_then(self, properties: Values) -> tuple[str, ...] | None:
        """The valuations up to the day; None if those are all that there are."""
        valuations = properties.get(VALUATION, ())
        known = tuple(text for text in valuations if _first_valuation_day(text) <= self.day)
        return None if len(known) == len(valuations) else known

    @cached_property
    def _pursuit_links_by_person(self) -> Mapping[str, tuple[str, ...]]:
        """Everybody sought on the day, with their links to the papers in force on it."""
        import numpy as np

        view, day = self._store.view(("sought",)), date.fromisoformat(self.day)
        if self._about is None:
            pursuits = np.flatnonzero(view.links_with("pursuit"))
        else:
            of_people = [view.outgoing.of(view.index(name)) for name in self._about]
            found = np.concatenate([np.zeros(0, np.int32), *of_people])
            pursuits = found[view.link_types_with("pursuit")[view.link_type[found]]]
        links = self._store.links_by_id([view.link_id(int(link)) for link in pursuits])
        nodes = self._store.nodes(sorted({end for k in links.values() for end in (k.source_id, k.target_id)}))
        public = {name: link for name, link in sorted(links.items()) if _is_public(link, nodes)}
        own_day = date.fromisoformat(view.as_of) if view.as_of else None
        in_force_now = {name for name, link in public.items() if name in nodes[link.source_id].sought_under}
        clearances = find_clearances(self._store, view, public, nodes)
        in_force: defaultdict[str, list[str]] = defaultdict(list)
        for name, link in public.items():
            dates = _paper_dates(link, nodes[link.target_id], clearances.get(name, ()))
            is_hidden = own_day is not None and name not in in_force_now and dates.is_in_force(own_day)
            if not is_hidden and dates.is_in_force(day):  # hidden: what ended it, not everybody may see
                in_force[link.source_id].append(name)
        return {person: tuple(names) for person, names in in_force.items()}


def store_as_of(store: Store, day: str) -> Store:
    """The store as of a chosen day; the store itself where none is given. Raises InputError for what is no day."""
    from kg.analysis.validity import require_day

    require_day(day)
    return store.with_as_of(AsOfDay(store.with_as_of(None), day)) if day else store


def store_for_question(store: Store, day: str) -> Store:
    """The store for a question about a day: who was under 18 on it is told as a child. An empty day changes nothing.

    Of a month or year its first day counts.
    """
    from kg.ontology.values import date_span

    try:
        return store.with_asked_day(date_span(day).first.isoformat()) if day else store
    except ValueError:
        return store  # who answers says what is wrong with the day


def nodes_as_of(store: Store, ids: Sequence[str], day: str) -> Mapping[str, Node]:
    """Some nodes as of a chosen day, or as they are where none is given; papers of others are not read."""
    return (store.with_as_of(AsOfDay(store.with_as_of(None), day, ids)) if day else store).nodes(ids)


def store_for_report(store: Store, as_of: str, report_day: str) -> Store:
    """The same for a report, which may be as of the day that it states."""
    return store_as_of(store, report_day if as_of == REPORT_DAY else as_of)


def view_as_of_run(store: Store, day: str, version: GraphVersion, columns: Sequence[str]) -> GraphView:
    """The graph as arrays, as a run on this day of this graph version looked at it.

    Whether that run chose its day decides who is sought. For a run of the present version that is known: it chose one
    if its day is not that of the graph. For a run of an older version, it is assumed to have chosen one if `store` has.
    """
    undated = store.with_as_of(None)
    has_chosen_day = store.perspective is not None
    if version == undated.version():
        has_chosen_day = day != undated.contents().as_of
    return store_as_of(undated, day).view(columns) if has_chosen_day else undated.view(columns).as_of_day(day)


def _is_public(link: Link, nodes: Mapping[str, Node]) -> bool:
    """Whether a link to a paper may show a person as sought, to everybody."""
    person, paper = nodes.get(link.source_id), nodes.get(link.target_id)
    if person is None or paper is None or link.protected or paper.protected:
        return False
    return "Person" in (person.type, *person.types)


def _paper_dates(link: Link, paper: Node, clearances: Sequence[ClearanceDays]) -> PaperDates:
    deleted = (state for state in paper.properties.get("review", ()) if state == DELETED)
    reasons = (*paper.properties.get("end_reason", ()), *deleted)
    issued, ended = (tuple(paper.properties.get(name, ())) for name in ("issued_on", "ended_on"))
    return PaperDates(issued, ended, tuple(link.properties.get("end_date", ())), reasons, tuple(clearances))


def _first_valuation_day(valuation_text: str) -> str:
    """The first day of which a valuation may be; empty where it has none, or cannot be read."""
    from kg.ontology.values import VALUE_TYPES, BadValue, date_span, valuation

    try:
        when = valuation(VALUE_TYPES[VALUATION].clean(valuation_text)).when
    except BadValue:
        return ""
    return date_span(when).first.isoformat() if when else ""

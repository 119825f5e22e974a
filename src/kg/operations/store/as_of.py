"""What does the graph look like on another day than its own?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from kg.operations.store.clearance import ClearanceDays, find_clearances
from kg.operations.store.view_cache import StoreWithView
from kg.ports import Contents, Store
from kg.records import Claim, GraphVersion, Link, Node, Values

if TYPE_CHECKING:
    from kg.view import GraphView


REPORT_DAY = "stated"
"""In place of a day: the one that a report states."""

VALUATION = "valuation"
"""The property, and its type of value, that says what a thing was worth on a day."""


class AsOfStore(StoreWithView):
    """A store whose now is a day that somebody chose: what is over, what has faded, who is sought, what worth was said.

    It holds the records of today, also those loaded after that day: it says what sources say now about that day. A
    paper is in force on it unless a source says that it was issued later, or that it may have ended by then, or its
    issuer may have said by then that the person is cleared.
    """

    def __init__(self, store: Store, day: str) -> None:
        super().__init__(store, self._view_as_of)
        self._day = day

    def contents(self) -> Contents:
        """Counts, sources and version."""
        return replace(self.store.contents(), as_of=self._day)

    def search(self, text: str, kinds: Sequence[str] = (), limit: int = 20, jurisdiction: str = "") -> list[Node]:
        """Nodes by name or identifier."""
        return [self._node(node) for node in self.store.search(text, kinds, limit, jurisdiction)]

    def nodes(self, ids: Iterable[str]) -> dict[str, Node]:
        """The nodes with these canonical ids."""
        return {name: self._node(node) for name, node in self.store.nodes(ids).items()}

    def claims(self, ids: Sequence[str]) -> dict[str, list[Claim]]:
        """The records behind each node or link."""
        return {name: [self._claim(claim) for claim in said] for name, said in self.store.claims(ids).items()}

    def _node(self, node: Node) -> Node:
        papers, worth = self._pursuit_links_by_person.get(node.id, ()), self._valuations_by_then(node.properties)
        if papers != node.sought_under:
            node = replace(node, sought_under=papers)
        return node if worth is None else replace(node, properties={**node.properties, VALUATION: worth})

    def _claim(self, claim: Claim) -> Claim:
        worth = self._valuations_by_then(claim.properties)
        return claim if worth is None else replace(claim, properties={**claim.properties, VALUATION: worth})

    def _valuations_by_then(self, said: Values) -> tuple[str, ...] | None:
        """What something was said to be worth up to the day; None if that is all that is said."""
        all_said = said.get(VALUATION, ())
        kept = tuple(worth for worth in all_said if _first_valuation_day(worth) <= self._day)
        return None if len(kept) == len(all_said) else kept

    def _view_as_of(self, columns: Sequence[str]) -> GraphView:
        import numpy as np

        view = self.store.view(columns)
        columns_on_day = {}
        if "sought" in view.columns:
            sought = columns_on_day["sought"] = np.zeros(len(view.ids), bool)
            sought[[view.index(person) for person in self._pursuit_links_by_person]] = True
        return view.as_of_day(self._day, **columns_on_day).with_records(self)

    @cached_property
    def _pursuit_links_by_person(self) -> Mapping[str, tuple[str, ...]]:
        """Everybody sought on the day, each with the links to the papers in force on it."""
        import numpy as np

        view, day = self.store.view(("sought",)), date.fromisoformat(self._day)
        ids = [view.link_id(int(link)) for link in np.flatnonzero(view.links_with("pursuit"))]
        links = self.store.links_by_id(ids)
        nodes = self.store.nodes(sorted({end for k in links.values() for end in (k.source_id, k.target_id)}))
        shown = {name: link for name, link in sorted(links.items()) if _is_public(link, nodes)}
        known = {name for name, link in shown.items() if name in nodes[link.source_id].sought_under}
        cleared = find_clearances(self.store, view, {k: v for k, v in shown.items() if k not in known}, nodes)
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name, link in shown.items():
            paper, words = nodes[link.target_id], cleared.get(name, ())
            if not _is_issued_later(paper, day) and (name in known or _was_in_force(link, paper, day, words)):
                found[link.source_id].append(name)
        return {person: tuple(names) for person, names in found.items()}


def store_as_of(store: Store, day: str) -> Store:
    """The store with a day for now; the store as it is where none is given. Raises InputError for what is no day."""
    from kg.analysis.validity import require_day

    require_day(day)
    return AsOfStore(store, day) if day else store


def store_for_report(store: Store, as_of: str, report_day: str) -> Store:
    """The same for a report, whose now may be the day that it states."""
    return store_as_of(store, report_day if as_of == REPORT_DAY else as_of)


def store_as_of_run(store: Store, day: str, version: GraphVersion) -> Store:
    """The same store as whoever had this day and this version of the graph looked at it.

    Who is sought depends on the day where it did for them. For the version of now that is known: their day is another
    than that of the graph. For an older one it is taken to be as it is for `store`.
    """
    chosen, whole = isinstance(store, AsOfStore), store
    if isinstance(store, AsOfStore):
        whole = store.store
    if version == whole.version():
        chosen = day != whole.contents().as_of
    return AsOfStore(whole, day) if chosen else StoreWithView(whole, lambda columns: whole.view(columns).as_of_day(day))


def _is_public(link: Link, nodes: Mapping[str, Node]) -> bool:
    """Whether a link to a paper may show a person as sought, to everybody."""
    person, paper = nodes.get(link.source_id), nodes.get(link.target_id)
    if person is None or paper is None or link.protected or paper.protected:
        return False
    return "Person" in (person.type, *person.types)


def _is_issued_later(paper: Node, day: date) -> bool:
    from kg.law.dates import is_reached

    return any(is_reached(text, day) is False for text in paper.properties.get("issued_on", ()))


def _was_in_force(link: Link, paper: Node, day: date, clearances: Sequence[ClearanceDays]) -> bool:
    """Whether a paper that ends some time named somebody on a day; `cleared`: the issuer's words that end it.

    Where nothing that is seen here ends it, something does that not everybody may see.
    """
    from kg.law.dates import is_reached

    ended = paper.properties.get("ended_on", ())
    ends = (*ended, *link.properties.get("end_date", ()))
    over = paper.properties.get("end_reason") or "deleted" in paper.properties.get("review", ())
    if not (ends or clearances) or (over and not ended):
        return False
    spoken = any(all(is_reached(text, day) is not False for text in days) for days in clearances)
    return not spoken and all(is_reached(text, day) is False for text in ends)


def _first_valuation_day(valuation_text: str) -> str:
    """The first day of which a valuation may be; empty where it has none, or cannot be read."""
    from kg.ontology.values import VALUE_TYPES, BadValue, date_span, valuation

    try:
        when = valuation(VALUE_TYPES[VALUATION].clean(valuation_text)).when
    except BadValue:
        return ""
    return date_span(when).first.isoformat() if when else ""

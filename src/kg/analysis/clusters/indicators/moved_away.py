"""Which assets were transferred from somebody accused or sought to a relative or nominee, and after which event?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from kg.analysis.clusters.clustered_graph import ClusteredGraph, IndicatorMeaning, IndicatorResult
from kg.analysis.clusters.roles import links_by_node
from kg.analysis.validity import claimed_values
from kg.findings import RedFlag
from kg.ontology.values import date_span
from kg.ontology.words import type_label
from kg.records import Claim
from kg.view import GraphView, IntArray

NAME = "moved_away"

MAX_HANDOVER_DAYS = 31
"""Most days between the end of one title and the beginning of the next for a transfer from the one to the other."""

EVENT_SOURCES = (
    ("accusation", "offence", ("committed_from",)),
    ("pursuit", "notice", ("issued_on",)),
    ("procedure", "inquiry", ("opened_on",)),
)
"""Traits of a person's links, the event that the node at their end stands for, and its properties with the day."""

ENDS = {"offence": ("committed_to",)}
"""The properties with the last day of what lasts."""

FULL_DATE = len("2005-03-02")

MEANING = IndicatorMeaning(
    title="Asset moved to kin or nominee after an event",
    asks="A title that went from somebody accused or sought to kin, or to somebody who holds for others, after the "
    "beginning of the offence or the inquiry, the first day abroad, or the first warrant, notice or list entry.",
    innocent=(
        "Marriage, divorce, inheritance, or parents who give to their children.",
        "A sale at full price to a relative.",
        "The day of the offence is somebody's allegation, and the title moved for another reason.",
    ),
    basis="Badges of fraud in the law of voidable transfers, since Twyne's Case (1601); now Uniform Voidable "
    "Transactions Act, section 4(b): a transfer to an insider after a claim arose, or while one was threatened.",
)


class TitleTransfer(NamedTuple):
    """One title that follows another: both links, the day (proleptic ordinal), and how the receiver is related."""

    ended_link: int
    started_link: int
    day: int
    relation: str
    relation_links: tuple[int, ...]


def detect(graph: ClusteredGraph) -> IndicatorResult:
    """One red flag for each transfer. It can be observed where a title ended and another began about then."""
    moves = list(_transfers(graph))
    could = graph.clusters_of(np.array([graph.view.head[m.ended_link] for m in moves], np.int64))
    givers = sorted({int(graph.view.tail[m.ended_link]) for m in moves if m.relation})
    events = _events(graph.view, givers)
    found: defaultdict[int, list[RedFlag]] = defaultdict(list)
    for move in moves:
        sign = _sign(graph, move, events) if move.relation else None
        if sign:
            found[int(graph.community[graph.view.head[move.ended_link]])].append(sign)
    return IndicatorResult(could, dict(sorted(found.items())))


def _transfers(graph: ClusteredGraph) -> Iterator[TitleTransfer]:
    """Titles that ended, each with those that begin at about the same time, in the order of the links."""
    view = graph.view
    dates, links = view.column("dates"), graph.all_ownership_links
    if view.as_of:
        links = links[dates[links, 0] <= date.fromisoformat(view.as_of).toordinal()]  # a later title is no transfer yet
    ended = links[dates[links, 1] > 0]
    held = np.zeros(len(view.ids), bool)
    held[view.head[ended]] = True
    began = links_by_node(view.head, links[(dates[links, 0] > 0) & held[view.head[links]]])
    kin = _kinship_links(view, view.tail[ended])
    for gave in ended.tolist():
        giver, asset, last = int(view.tail[gave]), int(view.head[gave]), int(dates[gave, 1])
        for got in began.get(asset, ()):
            receiver, first = int(view.tail[got]), int(dates[got, 0])
            if receiver != giver and abs(first - last) <= MAX_HANDOVER_DAYS and first > dates[gave, 0]:
                family = kin.get((giver, receiver), ())
                nominee = tuple(graph.evidence.nominee.get(receiver, ()))[:2]
                near = "kin" if family else "a nominee" if nominee else ""
                yield TitleTransfer(gave, got, first, near, family or nominee)


def _kinship_links(view: GraphView, some: IntArray) -> dict[tuple[int, int], tuple[int, ...]]:
    """The kinship links of pairs of which one is among `some`, by pair."""
    wanted = np.zeros(len(view.ids), bool)
    wanted[some] = True
    links = np.flatnonzero(view.links_with("kinship") & (wanted[view.tail] | wanted[view.head]))
    found: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for link in links.tolist():
        one, other = int(view.tail[link]), int(view.head[link])
        found[one, other].append(link)
        found[other, one].append(link)
    return {pair: tuple(links) for pair, links in found.items()}


def _events(view: GraphView, people: Sequence[int]) -> dict[int, list[tuple[int, str, int]]]:
    """The events of each person: day, name, and the link that states it; earliest first."""
    wanted = np.zeros(len(view.ids), bool)
    wanted[list(people)] = True
    found: defaultdict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for trait, what, names in EVENT_SOURCES:
        links = _adverse_links(view, np.flatnonzero(view.links_with(trait) & wanted[view.tail]))
        begun = _latest_starts(view, sorted(set(view.head[links].tolist())), names)
        for link in links.tolist():
            day = begun.get(int(view.head[link]))
            if day:
                found[int(view.tail[link])].append((day, what, link))
    for link in np.flatnonzero(view.links_with("presence") & wanted[view.tail]).tolist():
        if day := int(view.column("dates")[link, 0]):
            found[int(view.tail[link])].append((day, "flight", link))
    return {person: sorted(events) for person, events in found.items()}


def _adverse_links(view: GraphView, links: IntArray) -> IntArray:
    """The links among some that are neither of a victim nor of somebody who was cleared."""
    accusing = [i for i, name in enumerate(view.link_types) if "stage" in view.ontology.properties(name)]
    said = view.links_with("accusation")[links]
    links = links[~said | np.isin(view.link_type[links], accusing)]
    claims = view.records.claims([view.link_id(link) for link in links[view.links_with("accusation")[links]].tolist()])
    cleared = {i for i, some in claims.items() if any("cleared" in c.properties.get("stage", ()) for c in some)}
    return np.array([link for link in links.tolist() if view.link_id(link) not in cleared], np.int64)


def _latest_starts(view: GraphView, nodes: Sequence[int], names: Sequence[str]) -> dict[int, int]:
    """The latest possible first day of each node, by all sources, so that nobody is suspected too early."""
    ids = {view.id(node): node for node in nodes}
    begun: dict[int, int] = {}
    for name, claims in view.records.claims(tuple(sorted(ids))).items():
        if days := [date_span(text).last.toordinal() for text in _dates(claims, names)]:
            begun[ids[name]] = max(days)
    return begun


def _sign(
    graph: ClusteredGraph, transfer: TitleTransfer, events: dict[int, list[tuple[int, str, int]]]
) -> RedFlag | None:
    """The red flag of a transfer with the latest event before it; None where there is no event before it."""
    view = graph.view
    before = [e for e in events.get(int(view.tail[transfer.ended_link]), ()) if e[0] < transfer.day]
    if not before:
        return None
    firsts = {what: (day, link) for day, what, link in reversed(before)}
    what = max(firsts, key=lambda w: (firsts[w][0], w))
    day, link = firsts[what]
    says = f"to {transfer.relation} on {date.fromordinal(transfer.day)}, {_lapse(view, transfer.day, what, day, link)}"
    if others := sorted(_event_name(view, w, at) for w, (_, at) in firsts.items() if w != what):
        says += f", and after the {' and the '.join(others)}"
    ended, started = transfer.ended_link, transfer.started_link
    about = [int(view.head[ended]), int(view.tail[ended]), int(view.tail[started])]
    return graph.sign(NAME, about, [ended, started, *transfer.relation_links, link], says)


def _lapse(view: GraphView, moved: int, what: str, day: int, link: int) -> str:
    """`91 days after the notice`, from the end of a period that is stated; at least so many where a date is partial."""
    node = view.id(int(view.head[link]))
    claims = view.records.claims((node,)).get(node, ())
    if ended := _dates(claims, ENDS.get(what, ())):
        last = max(ended, key=lambda text: date_span(text).last)
        if (end := date_span(last).last.toordinal()) >= moved:
            return f"during the {what}, which is stated to {last}"
        return f"{_count(moved - end, last)} after the end of the {what} in {last}"
    names = next((names for _, event, names in EVENT_SOURCES if event == what), ())
    begun = next((text for text in _dates(claims, names) if date_span(text).last.toordinal() == day), "")
    return f"{_count(moved - day, begun)} after the {_event_name(view, what, link)}"


def _event_name(view: GraphView, what: str, link: int) -> str:
    """`arrest warrant`, `red notice`, `first day abroad on record`: what the source has, and no more."""
    if what != "notice":
        return "first day abroad on record" if what == "flight" else what
    paper = view.id(int(view.head[link]))
    node = view.records.nodes((paper,)).get(paper)
    if node is None:
        return what
    kind, kinds = type_label(node.type), node.properties.get("kind", ())
    return f"{kinds[0].replace('_', ' ')} {kind}" if len(kinds) == 1 and node.type != "ListEntry" else kind


def _dates(claims: Sequence[Claim], names: Iterable[str]) -> list[str]:
    """What all sources state of some dates."""
    return [text for name in names for text in claimed_values(claims, name, "date")]


def _count(days: int, since: str) -> str:
    return f"{'at least ' if since and len(since) < FULL_DATE else ''}{days} days"

"""What happened to some nodes, and when?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.validity import require_day
from kg.findings.statements import claims_by_value
from kg.ontology.handling import claim_handling
from kg.ontology.values import VALUE_TYPES, BadValue, date_span, valuation
from kg.operations.questions.lookup import resolve_nodes
from kg.operations.subgraphs.summaries import Check, best_grade, summarize_links, summarize_nodes, unlimited
from kg.ports import Store
from kg.records import Claim, Node

PAPERS = ("Sought", "Offence", "Measure", "Case", "Request", "Determination")
"""Types of nodes whose dates are told of whom they are about: a warrant's issue, an offence's first and last day."""

if TYPE_CHECKING:
    from kg.operations.answers.subgraphs import TimelineAnswer, TimelineEntry
    from kg.view import GraphView, IntArray


def list_timeline(
    store: Store, names: Sequence[str], as_of: str = "", limit: int = 500, check: Check = unlimited
) -> TimelineAnswer:
    """Everything dated that is said of some nodes, their links and papers about them, the oldest first.

    With a day, what began by then. Papers are warrants, offences, measures, cases, requests and determinations.
    `check` is called between pieces of work, and may raise.

    Raises NotFound and InputError for names and for what is no day.
    """
    from kg.analysis.neighbourhood import COLUMNS
    from kg.operations.answers.subgraphs import TimelineAnswer

    require_day(as_of)
    asked = resolve_nodes(store, names)
    nodes = list(dict.fromkeys(asked.values()))
    view = store.view(COLUMNS)
    dated, undated = _dated_links(view, nodes, as_of)
    papers = _papers(view, nodes)
    entries = [
        *_link_entries(store, view, nodes, dated[:limit], check),
        *_node_entries(store, nodes, check),
        *_paper_entries(store, papers[:limit], check),
    ]
    begun = sorted((one for one in entries if not as_of or _first_day(one) <= as_of), key=_order)
    kept = begun[:limit]
    ends = dict.fromkeys((*nodes, *(one.other for one in kept if one.other)))
    return TimelineAnswer(
        version=str(store.version()),
        as_of=as_of,
        nodes=summarize_nodes(store, ends, as_of, check),
        moved={name: node for name, node in asked.items() if name != node},
        entries=kept,
        undated=undated,
        left_out=len(begun) - len(kept) + max(0, len(dated) - limit) + max(0, len(papers) - limit),
    )


def _dated_links(view: GraphView, nodes: Sequence[str], as_of: str) -> tuple[IntArray, int]:
    """The links of some nodes that have a date and began by a day, the oldest first, and how many have no date."""
    from kg.analysis.neighbourhood import links_of_node

    own = [links_of_node(view, view.index(node)).links for node in nodes]
    links = np.unique(np.concatenate([np.zeros(0, np.int64), *own]))
    first, last = view.column("dates")[links].T
    begins = np.where(first > 0, first, last)
    known = begins > 0
    begun = known & (first <= date.fromisoformat(as_of).toordinal()) if as_of else known
    return links[begun][np.argsort(begins[begun], kind="stable")], int((~known).sum())


def _link_entries(
    store: Store, view: GraphView, nodes: Sequence[str], links: IntArray, check: Check
) -> Iterator[TimelineEntry]:
    """What each source says of when each link held."""
    from kg.operations.answers.subgraphs import TimelineEntry

    by_id, chosen = store.links_by_id([view.link_id(int(link)) for link in links]), set(nodes)
    for short in summarize_links(store, by_id.values(), check=check):
        said = dict(by_id[short.id].provenances)
        node, other = (short.from_, short.to) if short.from_ in chosen else (short.to, short.from_)
        for period in short.periods:
            provenance = said.get(period.source)
            yield TimelineEntry(
                **{"from": period.from_},
                to=period.to,
                event=short.event,
                node=node,
                other=other,
                link=short.id,
                about=short.id,
                type=short.type,
                property="",
                what=short.label,
                source=period.source,
                grade=best_grade((provenance,)) if provenance else short.grade,
                handling=claim_handling(store.ontology, short.type, provenance.handling)
                if provenance
                else short.handling,
            )


def _node_entries(store: Store, ids: Sequence[str], check: Check) -> Iterator[TimelineEntry]:
    """What each source says of the dates of each node itself, and of what it was worth when."""
    nodes, claims = store.nodes(ids), store.claims(ids)
    for name in ids:
        check()
        if name in nodes:
            yield from _dates_of_node(store, nodes[name], claims.get(name, ()), (name, "", ""))


def _papers(view: GraphView, nodes: Sequence[str]) -> list[tuple[str, str, str]]:
    """Each node with each paper about it and the link between them, in the order of the nodes, papers and links."""
    from kg.analysis.neighbourhood import links_of_node

    kinds = frozenset[str]().union(*map(view.ontology.kinds_of, PAPERS))
    is_paper = np.array([name in kinds for name in view.node_types], bool)
    found, chosen = [], set(nodes)
    for name in nodes:
        own = view.index(name)
        links = links_of_node(view, own).links
        others = np.where(view.tail[links] == own, view.head[links], view.tail[links])
        wanted = is_paper[view.node_type[others]]
        pairs = zip(others[wanted].tolist(), links[wanted].tolist(), strict=True)
        ends = ((view.id(other), view.link_id(link)) for other, link in sorted(pairs))
        found += [(name, other, link) for other, link in ends if other not in chosen]
    return found


def _paper_entries(store: Store, papers: Sequence[tuple[str, str, str]], check: Check) -> Iterator[TimelineEntry]:
    """What each source says of the dates of each paper, told of the node that it is about, once for several links."""
    ids = list(dict.fromkeys(paper for _, paper, _ in papers))
    nodes, claims = store.nodes(ids), store.claims(ids)
    links = {(node, paper): link for node, paper, link in reversed(papers)}
    for node, paper in dict.fromkeys((node, paper) for node, paper, _ in papers):
        check()
        if paper in nodes:
            yield from _dates_of_node(store, nodes[paper], claims.get(paper, ()), (node, paper, links[node, paper]))


def _dates_of_node(
    store: Store, node: Node, claims: Sequence[Claim], ends: tuple[str, str, str]
) -> Iterator[TimelineEntry]:
    """`ends`: of whom it is told, the paper and the link to it, both empty where it is about the node itself."""
    from kg.operations.answers.subgraphs import TimelineEntry
    from kg.reports.terms import property_label

    known = store.ontology.merged_properties(node.types or (node.type,))
    for name, kind in known.items():
        if kind.type not in ("date", "valuation"):
            continue
        for value, stating in claims_by_value(kind, name, claims).items():
            when = _date_of(kind.type, value)
            for claim in stating if when else ():
                yield TimelineEntry(
                    **{"from": when},
                    to=when,
                    event=True,
                    node=ends[0],
                    other=ends[1],
                    link=ends[2],
                    about=node.id,
                    type=node.type,
                    property=name,
                    what=property_label(name)
                    if kind.type == "date"
                    else f"worth {VALUE_TYPES[kind.type].caption(value)}",
                    source=claim.source,
                    grade=best_grade((claim.provenance,)),
                    handling=claim.provenance.handling,
                )


def _date_of(value_type: str, value: str) -> str:
    """The date that a value states; empty for one that cannot be read, or has none."""
    try:
        clean = VALUE_TYPES[value_type].clean(value)
        return clean if value_type == "date" else valuation(clean).when
    except BadValue:
        return ""


def _first_day(entry: TimelineEntry) -> str:
    """The first day on which it may have begun; empty where only its end is known."""
    return date_span(entry.from_).first.isoformat() if entry.from_ else ""


def _order(entry: TimelineEntry) -> tuple[str, str, str, str, str]:
    """By the first day of what is known, then the end; what is of one day by node, words and source."""
    known = date_span(entry.from_ or entry.to).first.isoformat()
    return known, entry.to, entry.node, entry.what, entry.source

"""When did whoever issued a paper say that the person is cleared?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kg.clearance import ACCUSATION_PROPERTIES, NAME_PROPERTIES, PaperIssue
from kg.findings.statements import stated_days
from kg.ledger.rules.sought import ACCUSED_OF, ISSUED_BY
from kg.ports import Store
from kg.records import Link, Node

if TYPE_CHECKING:
    from kg.view import GraphView

ClearanceDays = tuple[str, ...]
"""What one record gives as the days of its word; none where it gives none."""

AccusationTexts = Mapping[str, tuple[str, ...]]
"""What one record says of an accusation, as canonical texts; with `STATED`."""

STATED = "stated"
"""Stands for the day on which the source of a record stated it: a word without a day counts from then on."""


def find_clearances(
    store: Store, view: GraphView, links: Mapping[str, Link], papers: Mapping[str, Node]
) -> Mapping[str, list[ClearanceDays]]:
    """The words that end some papers, by the link that names a person in one; only what the store shows counts.

    `links` lead from people to `papers`. Each record speaks for itself: merged, one source's `cleared` could be put
    into the mouth of another.
    """
    words = _accusations_by_person(store, view, {link.source_id for link in links.values()})
    spoken_of = {link.target_id for link in links.values() if link.source_id in words}
    issues = _issues_by_paper(store, view, {paper: papers[paper] for paper in spoken_of})
    found: defaultdict[str, list[ClearanceDays]] = defaultdict(list)
    for name, link in links.items():
        for said in words.get(link.source_id, ()):
            stages, said_by, days = (said.get(of, ()) for of in ACCUSATION_PROPERTIES)
            if issues[link.target_id].is_cleared_by(stages, said_by, days):
                found[name].append(days or said[STATED])
    return found


def _accusations_by_person(store: Store, view: GraphView, people: Iterable[str]) -> Mapping[str, list[AccusationTexts]]:
    """What each record says of what somebody is accused of, and when its source stated it, by the person."""
    found: defaultdict[str, list[AccusationTexts]] = defaultdict(list)
    accusations = _outgoing_links(store, view, ACCUSED_OF, people)
    for name, claims in store.claims(sorted(accusations)).items():
        for claim in claims:
            texts = view.ontology.canonical_properties(claim.type, claim.properties)
            found[accusations[name].source_id].append({**texts, STATED: stated_days(claim.provenance)})
    return found


def _issues_by_paper(store: Store, view: GraphView, papers: Mapping[str, Node]) -> Mapping[str, PaperIssue]:
    """By whom each paper was issued, and when."""
    by = defaultdict[str, list[str]](list)
    for link in _outgoing_links(store, view, ISSUED_BY, papers).values():
        by[link.source_id].append(link.target_id)
    bodies = store.nodes(sorted({body for some in by.values() for body in some}))
    names = {
        body: [name for of in NAME_PROPERTIES for name in node.properties.get(of, ())] for body, node in bodies.items()
    }
    return {
        paper: PaperIssue.from_names(
            (*(name for body in by[paper] for name in names.get(body, ())), *node.properties.get("issuer", ())),
            node.properties.get("issued_on", ()),
        )
        for paper, node in papers.items()
    }


def _outgoing_links(store: Store, view: GraphView, kind: str, nodes: Iterable[str]) -> Mapping[str, Link]:
    """The links of a type that leave some nodes."""
    import numpy as np

    near = np.zeros(len(view.ids), bool)
    near[[view.index(node) for node in nodes]] = True
    links = np.flatnonzero(view.links_of_types((kind,)) & near[view.tail])
    return store.links_by_id([view.link_id(int(link)) for link in links])

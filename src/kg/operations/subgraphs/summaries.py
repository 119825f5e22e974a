"""Nodes and links in short, and answers that have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.neighbourhood import asset_types
from kg.analysis.validity import clean_values, combined_validity, parse_period, stated_validity
from kg.clearance import CLEARED
from kg.findings.statements import stated_days
from kg.ontology import LinkType, Ontology, Property
from kg.ontology.handling import strictest
from kg.ontology.values import date_span
from kg.operations.question_result import QuestionResult
from kg.operations.questions.lookup import claims_of_shared
from kg.operations.store.as_of import nodes_as_of
from kg.ports import Store
from kg.records import CREDIBILITIES, ID_LENGTH, RELIABILITIES, Claim, Link, Node, Provenance, Values

if TYPE_CHECKING:
    from kg.findings import Cluster, Clusters, RankedPaths
    from kg.operations.answers import ClusterAnswer, PathsAnswer
    from kg.operations.answers.subgraphs import LinkSummary, NodeSummary, PeriodOut, StageOut
    from kg.view import GraphView, IntArray

PLACE_TRAITS = ("citizenship", "registration", "location")
"""Traits of links to the jurisdictions that are named with a node."""

ACCUSED_STAGES = ("convicted", "charged", "investigated", "alleged")
"""Stages of an accusation that clear nobody, the furthest first; who accuses without naming one alleges."""

MAX_TEXT = 200
"""Characters of a caption or label; longer ones are cut with `…`."""

SUSPECTED = "suspected"
"""What a property lists for what a source does not know, but suspects."""

DATES = ("start_date", "end_date", "date")


def find_positions(view: GraphView, ids: Sequence[str]) -> IntArray:
    """The position in the view of each id; -1 for what is the id of no node: int64 (ids)."""
    if not len(view.ids):
        return np.full(len(ids), -1, np.int64)
    wanted = np.array([name if name.isascii() and len(name) == ID_LENGTH else "" for name in ids], view.ids.dtype)
    at = np.minimum(np.searchsorted(view.ids, wanted), len(view.ids) - 1)
    return np.where(view.ids[at] == wanted, at, -1)


Check = Callable[[], None]
"""Called between pieces of work; raises an error where the answer is no longer waited for."""


def unlimited() -> None:
    """Let the work go on for as long as it takes."""


def summarize_nodes(
    store: Store, ids: Iterable[str], day: str = "", check: Check = unlimited
) -> dict[str, NodeSummary]:
    """Nodes in short, by id, without those that are not in the graph. With a day, who was sought or accused then."""
    from kg.operations.answers.subgraphs import NodeSummary

    view, names = store.view(), list(dict.fromkeys(ids))
    held = asset_types(view.ontology)
    found = find_positions(view, names)
    here, nodes = found[found >= 0], nodes_as_of(store, [n for n, at in zip(names, found, strict=True) if at >= 0], day)
    stages = _stages_of_nodes(store, view, here, day)
    check()
    facts = zip(here.tolist(), _count_assets(view, here).tolist(), _jurisdictions(store, view, here), strict=True)
    check()
    return {
        name: NodeSummary(
            id=name,
            type=node.type,
            caption=_shorten(node.caption),
            sought=bool(node.sought_under),
            cleared=CLEARED in stages.get(at, ()),
            accused=next((stage for stage in ACCUSED_STAGES if stage in stages.get(at, ())), ""),
            ended=max(node.properties.get("ended_on", ()), default=""),
            degree=int(view.degree[at]),
            assets=assets,
            is_asset=node.type in held,
            jurisdictions=places,
            handling=node.handling,
        )
        for at, assets, places in facts
        if (node := nodes.get(name := view.id(at))) is not None
    }


def summarize_links(store: Store, links: Iterable[Link], day: str = "", check: Check = unlimited) -> list[LinkSummary]:
    """Links in short, in the order of their ids. With a day, whether they held then."""
    from kg.findings.contradictions import link_contradictions
    from kg.findings.statements import relation_sentence
    from kg.ontology.words import type_label
    from kg.operations.answers.subgraphs import LinkSummary
    from kg.reports.terms import OMITTED_PROPERTIES, link_qualifiers

    ontology, of_link = store.ontology, sorted(links, key=lambda link: link.id)
    claims, omitted = claims_of_shared(store, of_link), OMITTED_PROPERTIES | set(DATES)
    ends = store.nodes({end for link in of_link for end in (link.source_id, link.target_id)})
    captions = {name: _shorten(node.caption) for name, node in ends.items()}
    begun = _papers_begun(ontology, ends, [link for link in of_link if link.properties.keys().isdisjoint(DATES)])
    found = []
    for link in of_link:
        check()
        kind = ontology.links[link.type]
        by_source = _values_by_source(link, claims)
        stated = [(source, properties) for source, properties, _ in by_source]
        periods = [p for source, said in stated for p in stated_periods(kind, source, said)] or begun.get(link.id, [])
        words = [
            kind.words(link.properties).caption or type_label(link.type),
            *link_qualifiers(ontology, link, omitted),
        ]
        known = ontology.properties(link.type)
        found.append(
            LinkSummary(
                id=link.id,
                type=link.type,
                **{"from": link.source_id},
                to=link.target_id,
                label=_shorten(", ".join(words)),
                relation=relation_sentence(kind, link, *(captions.get(e, e) for e in (link.source_id, link.target_id))),
                event=kind.event,
                suspected=_is_suspected(known, stated),
                stages=_stages(_by_day(by_source, day)) if "stage" in known else [],
                periods=periods,
                grade=best_grade(provenance for _, provenance in link.provenances),
                sources=list(link.sources) if link.provenances else [],
                contradictions=[one.says for one in link_contradictions(ontology, link, ends)],
                handling=link_handling(ontology, link),
                holds=_holds(
                    [{"start_date": (p.from_,)} for p in begun.get(link.id, ())] or [said for _, said in stated],
                    day,
                    is_event=kind.event,
                ),
            )
        )
    return found


def paths_answer(store: Store, found: QuestionResult[RankedPaths]) -> PathsAnswer:
    """The paths with their nodes in short."""
    from kg.operations.answers import PathsAnswer

    return PathsAnswer.describing(found, summarize_nodes(store, found.nodes))


def cluster_answer(store: Store, clusters: Clusters, cluster: Cluster, mentioned: Iterable[str]) -> ClusterAnswer:
    """A cluster with the nodes that are mentioned, and the links of its ties, in short."""
    from kg.operations.answers import ClusterAnswer

    links = store.links_by_id(tie.id for tie in cluster.ties)
    return ClusterAnswer.of(
        clusters, cluster, summarize_nodes(store, mentioned), summarize_links(store, links.values())
    )


def stated_periods(kind: LinkType, source: str, properties: Values) -> list[PeriodOut]:
    """From when to when something held, by the outermost dates that one source states; none where it has no dates.

    A holding that has a day on which it is stated, and no other, is told from that day on.
    """
    from kg.operations.answers.subgraphs import PeriodOut

    starts, ends, at = ([*clean_values(properties, name, "date")] for name in DATES)
    if kind.is_holding:
        starts, at = starts or ([] if ends else at), []
    first = min((*starts, *at), key=lambda text: (date_span(text).first, len(text)), default="")
    last = max((*ends, *at), key=lambda text: (date_span(text).last, len(text)), default="")
    return [PeriodOut(**{"from": first}, to=last, source=source)] if first or last else []


def _papers_begun(ontology: Ontology, ends: Mapping[str, Node], undated: Sequence[Link]) -> dict[str, list[PeriodOut]]:
    """For links without a date to a paper or proceeding: from the first day on which it may have begun; by link id."""
    from kg.operations.answers.subgraphs import PeriodOut
    from kg.reports.day_of_facts import FIRST_DAYS, first_days

    kinds = {kind for of in FIRST_DAYS for kind in ontology.kinds_of(of)}
    found = {}
    for link in undated:
        if kinds.isdisjoint(ontology.links[link.type].to) or not (paper := ends.get(link.target_id)):
            continue
        if days := first_days(ontology, paper):
            first = min(days, key=lambda text: date_span(text).first)
            found[link.id] = [PeriodOut(**{"from": first}, to="", source=", ".join(paper.sources))]
    return found


def _is_suspected(known: Mapping[str, Property], stated: Sequence[tuple[str, Values]]) -> bool:
    """Whether each who states a link has no more than a suspicion: the value that its type lists for that."""
    says_so = [name for name, kind in known.items() if SUSPECTED in kind.values]
    return bool(says_so) and all({v for n in says_so for v in said.get(n, ())} == {SUSPECTED} for _, said in stated)


def _by_day(stated: Iterable[tuple[str, Values, tuple[str, ...]]], day: str) -> Iterator[tuple[str, Values]]:
    """What sources had stated of an accusation by a day, all without one: what has no date counts from their day."""
    for source, properties, on in stated:
        dated = properties if any(properties.get(name) for name in DATES) else {"date": on}
        if _holds([dated], day, is_event=True) != "no":
            yield source, properties


def _stages(stated: Iterable[tuple[str, Values]]) -> list[StageOut]:
    """How far proceedings have gone, by each that says so; one that names no stage accuses all the same."""
    from kg.operations.answers.subgraphs import StageOut

    said: dict[str, list[str]] = {}
    for source, properties in stated:
        for stage in properties.get("stage") or [""]:
            said.setdefault(stage, []).extend(map(_shorten, properties.get("said_by") or [source]))
    return [StageOut(stage=stage, by=list(dict.fromkeys(by))) for stage, by in said.items()]


def best_grade(provenances: Iterable[Provenance]) -> str:
    """The reliability of the best source and the credibility of what it says; empty where nobody grades them."""
    grades = [
        (said.reliability or RELIABILITIES[-1], said.credibility or CREDIBILITIES[-1], said) for said in provenances
    ]
    best = min(grades, key=lambda grade: grade[:2], default=None)
    return f"{best[2].reliability}{best[2].credibility}" if best else ""


def link_handling(ontology: Ontology, link: Link) -> str:
    """The strictest handling code of the claims of a link."""
    own = ontology.links[link.type].handling
    return strictest((own, *(provenance.handling for _, provenance in link.provenances)))


def _holds(stated: Sequence[Values], day: str, *, is_event: bool) -> str:
    """Whether something held on a day: yes, maybe, no or undated; empty without a day."""
    if not day:
        return ""
    period = parse_period(day)
    return combined_validity(stated_validity(said, period, is_event=is_event) for said in stated) or "undated"


def _count_assets(view: GraphView, nodes: IntArray) -> IntArray:
    """How many links to assets each of some nodes has: int64 (nodes)."""
    assets = asset_types(view.ontology)
    is_asset = np.array([name in assets for name in view.node_types], bool)
    counts = np.zeros(len(nodes), np.int64)
    for near in (view.outgoing, view.incoming):
        owner, at = near.of_several(nodes)
        counts += np.bincount(owner[is_asset[view.node_type[near.far[at]]]], minlength=len(nodes))
    return counts


def _jurisdictions(store: Store, view: GraphView, nodes: IntArray) -> list[list[str]]:
    """The codes of the jurisdictions of each of some nodes."""
    wanted = view.link_types_with(*PLACE_TRAITS)
    is_place = np.array([name == "Jurisdiction" for name in view.node_types], bool)
    owner, at = view.outgoing.of_several(nodes)
    at_place = wanted[view.outgoing.kind[at]] & is_place[view.node_type[view.outgoing.far[at]]]
    heads = [{int(node)} if is_place[view.node_type[node]] else set[int]() for node in nodes]
    for i, end in zip(owner[at_place].tolist(), view.outgoing.far[at[at_place]].tolist(), strict=True):
        if not is_place[view.node_type[nodes[i]]]:
            heads[i].add(end)
    names = {end: view.id(end) for ends in heads for end in ends}
    places = store.nodes(sorted(names.values()))
    codes = {end: places[name].first("code") or places[name].caption for end, name in names.items() if name in places}
    return [sorted({codes[end] for end in ends if end in codes}) for ends in heads]


def _stages_of_nodes(store: Store, view: GraphView, nodes: IntArray, day: str) -> dict[int, set[str]]:
    """The stages that sources state of the accusations against some nodes, with a day only those stated by it."""
    owner, at = view.outgoing.of_several(nodes)
    is_accusation = view.link_types_with("accusation")[view.outgoing.kind[at]]
    accused = {
        view.link_id(int(link)): int(nodes[i])
        for i, link in zip(owner[is_accusation], view.outgoing.links[at[is_accusation]], strict=True)
    }
    links = store.links_by_id(accused)
    claims = claims_of_shared(store, links.values())
    found: dict[int, set[str]] = {}
    for name, link in links.items():
        for _, said in _by_day(_values_by_source(link, claims), day):
            found.setdefault(accused[name], set()).update(said.get("stage", ()) or (ACCUSED_STAGES[-1],))
    return found


def _values_by_source(link: Link, claims: Mapping[str, Sequence[Claim]]) -> list[tuple[str, Values, tuple[str, ...]]]:
    """Each source with what it states of a link, and when; `claims` has those of links that several records state."""
    if said := claims.get(link.id):
        return [(claim.source, claim.properties, stated_days(claim.provenance)) for claim in said]
    days = tuple(day for _, provenance in link.provenances for day in stated_days(provenance))
    return [(", ".join(link.sources), link.properties, days)]


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1].rstrip() + "…"
